"""From a document to its text, the texts of its tokens and its sentences, made once for all that ask while it is read.

spaCy makes them anew each time, a token at a time.
"""

from functools import lru_cache

from spacy.tokens import Doc, Span


@lru_cache(maxsize=1)
def text_of(doc: Doc) -> str:
    """Return the text of `doc`, the document that is being read."""
    return str(doc.text)


def words_of(doc: Doc) -> list[str]:
    """Return the texts of the tokens of `doc`, the document that is being read; the list is not to be changed."""
    return _words(doc, len(doc))  # another number if tokens were merged since


@lru_cache(maxsize=1)
def _words(doc: Doc, length: int) -> list[str]:
    return [token.text for token in doc]


def sentences_of(doc: Doc) -> list[Span]:
    """Return the sentences of `doc`, the document that is being read and is cut into them; not to be changed."""
    return _sentences(doc, len(doc))


@lru_cache(maxsize=1)
def _sentences(doc: Doc, length: int) -> list[Span]:
    return list(doc.sents)
