"""From a document to its text and the texts of its tokens, each made once for all that ask while it is read.

spaCy makes them anew each time, a token at a time.
"""

from functools import lru_cache

from spacy.tokens import Doc


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
