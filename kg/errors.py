"""What can go wrong that a user can mend: each message says what was wrong and what would have been right.

The command line shows these messages; any other exception is a bug and surfaces as itself.
"""


class KGError(Exception):
    """The base of every error that `kg` raises on purpose."""


class UnknownFormat(KGError):
    """A file format that `kg` cannot write."""


class InvalidBase(KGError):
    """A base for IRIs that is none."""


class UnknownModel(KGError):
    """A spaCy pipeline that is not installed or cannot be loaded."""


class UnknownEntity(KGError):
    """A node that is not in the graph."""


class BadQuestion(KGError):
    """A question that cannot be asked as it is: a period that is none, one name twice, a query with a mistake."""


class NoArticles(KGError):
    """None of the inputs holds an article that could be read."""


class LostWorker(KGError):
    """A process that worked for this one and was ended from outside."""


class CannotWrite(KGError):
    """A file or folder that cannot be written."""


class BadRecipe(KGError):
    """A recipe for training that cannot be read or names what does not exist."""


class BadStore(KGError):
    """A store that is damaged, in use, unfinished or none at all."""


class UnreadableGraph(KGError):
    """A file that should hold a graph and does not."""


class MissingExtra(KGError):
    """A package that one format or command needs and that is not installed."""


class BadCuration(KGError):
    """A file of corrections that cannot be read, or is none."""


class BadKnowledge(KGError):
    """A table of known items or a reconciliation service that cannot be read."""
