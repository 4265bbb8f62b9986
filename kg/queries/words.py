"""The keywords of a SPARQL text: what is left of it without IRIs, strings, comments, variables and names.

The pattern goes on from each token to the next and never tries a second way, so that its time is in proportion to the
text, whoever wrote it. A string that is not closed goes on to the end, and the text is no SPARQL.
"""

import re

# With the prefix of a name as its only group: pyoxigraph reads "SERVICE:x" as a keyword and a name.
_NO_KEYWORDS = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*+>"""
    r"""|'''(?:\\.|(?!''').)*+(?:'''|\Z)"""
    r'''|"""(?:\\.|(?!""").)*+(?:"""|\Z)'''
    r"""|'(?:[^'\\\r\n]|\\.)*+'?"""
    r"""|"(?:[^"\\\r\n]|\\.)*+"?"""
    r"""|\#[^\r\n]*+"""
    r"""|[?$]\w++"""
    r"""|([\w.-]++)(?::(?:[\w.:%-]|\\.)*+)?"""
    r"""|:(?:[\w.:%-]|\\.)*+""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE = re.compile("SERVICE", re.IGNORECASE)
_UPDATE = re.compile(r"\b(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b", re.IGNORECASE)


def keywords(text: str) -> tuple[str, str]:
    """Return the words of a query that may be keywords, and with them the prefixes of names.

    >>> keywords("ASK { ?add ex:load 'DROP', <x:CLEAR> } # LOAD")
    ('ASK {   ,   }  ', 'ASK {  ex ,   }  ')
    """
    alone = _NO_KEYWORDS.sub(lambda found: found[0] if found[1] == found[0] else " ", text)
    return alone, _NO_KEYWORDS.sub(lambda found: found[1] or " ", text)


def asks_others(text: str) -> bool:
    """Say whether a query may have SERVICE in it, which makes the store ask other machines.

    >>> asks_others("ASK { SERVICE <https://sparql.example/> {} }"), asks_others("ASK { ?service ?p 'SERVICE' }")
    (True, False)
    """
    # not as a word of its own: pyoxigraph reads "5SERVICE" and "SERVICESILENT" too
    return any(_SERVICE.search(keywords(form)[1]) for form in _forms(text))


def is_update(text: str) -> bool:
    """Say whether a text has a keyword of updates in it."""
    return any(_UPDATE.search(keywords(form)[0]) for form in _forms(text))


def _forms(text: str) -> set[str]:
    """Return the text as it is and with its code points written out, which may be done before or after it is read."""
    return {text, _ESCAPE.sub(lambda code: chr(int(code[1] or code[2], 16) % 0x110000), text)}
