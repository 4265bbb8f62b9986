"""From the mention of an event and the names in its sentence to what ties them: a few words for each name.

There is no parser to ask. The side on which a name stands, the preposition before it, how far it is, and whether a
clause or another event lies between say most of what a parser would; a list ("Xi, Putin and Modi") shares its ties.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

# A preposition, what may stand between it and the name that it governs, and the name.
_GOVERNED = re.compile(
    r"\b(with|by|to|between|against|of|from|in|at|for|on|into|alongside|through|about|after|over|near|under|than|as|before)"
    r"\s(?:the\s|an?\s|both\s|his\s|her\s|their\s)?(?:[^\W\d][\w’'.-]*\s){0,4}\Z",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:’s?|'s?)?(?:\s?[–—/-]\s?|,?\s(?:and|or|&)\s|,\s(?:and\s)?)(?:[\w.’'-]+\s){0,4}\Z")
_CLAUSE = re.compile(
    r"[;:]|\s(?:who|which|that|but|while|whereas|although|after|before|when|where|because|since|if|as|until)\s|,\s(?:and|or)\s"
)
_POSSESSIVE = re.compile(r"(?:[’']s|s[’'])\s(?:[\w-]+\s){0,3}\Z")
_SAID = re.compile(
    r"\s(?:has\s|had\s|also\s|later\s)?(?:said|says|told|tells|added|noted|stressed|stated|explained|explains|commented"
    r"|claimed|warned|insisted|believes|thinks|argued|remarked|wrote|tweeted|recalled|pointed)\b"
)
_SAYS = re.compile(r"(?:said|says|added|according\sto|told|noted|explained|commented)\s(?:[\w.’'-]+\s){0,3}\Z")
_PASSIVE = re.compile(
    r"\b(?:was|were|been|be|being|is|are|gets?|got)\s(?:(?:\w+ly|also|soon|later|again|already|then)\s)?\Z"
)
_NEAR = ((1, "touching"), (15, "close"), (50, "near"), (110, "far"))

# So many names on either side may take part; more stand only in lists and in what is no prose.
_CROWD = 20


class Name(NamedTuple):
    """Where somebody who can take part is named: offsets, id, and the form (of countries)."""

    start: int
    end: int
    id: str
    form: str | None


class Spot(NamedTuple):
    """Where an event is mentioned: its offsets, and whether by a verb."""

    start: int
    end: int
    verb: bool


def ties(text: str, spot: Spot, names: Sequence[Name], others: Sequence[Spot], start: int) -> dict[str, frozenset[str]]:
    """Return by id what ties `names`, all those of a sentence, to the event at `spot`.

    `others` are the mentions of events in that sentence, which begins at `start`.
    """
    found: dict[str, frozenset[str]] = {}
    at = bisect_left(names, spot.start, key=lambda name: name.start)
    names = names[max(0, at - _CROWD) : at + _CROWD]
    passive = is_passive(text, spot, start)
    before: tuple[Name, str] | None = None
    for name in names:
        place = _place(text, spot, name, start)
        side = place.split()[0]
        if before and side in ("left", "right") and before[1].split()[0] == side:
            place = before[1] if _LIST.fullmatch(text, before[0].end, name.start) else place
        before = name, place
        tied = {place, f"{place} of a {'verb' if spot.verb else 'noun'}"}
        tied.update(_distance(text, spot, name, others))
        if passive and place == "left" and "a clause between" not in tied:
            tied.add("subject of a passive")
        if _SAID.match(text, name.end) or _SAYS.search(text, max(start, name.start - 40), name.start):
            tied.add("speaks")
        if name.form:
            tied.add(f"form {name.form}")
        found[name.id] = found.get(name.id, frozenset()) | tied
    return found


def is_passive(text: str, spot: Spot, start: int) -> bool:
    """Tell whether the verb at `spot` of a sentence that begins at `start` says what is done to its subject.

    >>> text = "He was soon arrested."
    >>> is_passive(text, Spot(12, 20, True), 0)
    True
    """
    return spot.verb and bool(_PASSIVE.search(text, max(start, spot.start - 20), spot.start))


def _place(text: str, spot: Spot, name: Name, start: int) -> str:
    """Return where `name` stands: inside the mention, its owner, or on the left or right with a preposition or none."""
    if name.start < spot.end and spot.start < name.end:
        return "inside"
    if name.end <= spot.start:
        if _POSSESSIVE.fullmatch(text, name.end, spot.start):
            return "owner"
        if not spot.verb and not text[name.end : spot.start].strip(" -–—"):
            return "modifier"
        governed = _GOVERNED.search(text, max(start, name.start - 60), name.start)
        return f"left {governed[1].lower()}" if governed else "left"
    governed = _GOVERNED.search(text, max(spot.start, name.start - 60), name.start)
    return f"right {governed[1].lower()}" if governed else "right"


def _distance(text: str, spot: Spot, name: Name, others: Sequence[Spot]) -> list[str]:
    """Say how far `name` is from the mention, and whether another event or a clause lies between."""
    low, high = (name.end, spot.start) if name.end <= spot.start else (spot.end, name.start)
    gap = high - low
    found = [next((word for most, word in _NEAR if gap <= most), "farthest")]
    if gap > 0:
        if any(low <= other.start < high for other in others):
            found.append("an event between")
        if _CLAUSE.search(text, low, high):
            found.append("a clause between")
    return found
