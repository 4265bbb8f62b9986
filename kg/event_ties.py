"""From the mention of an event and the names in its sentence to what ties them: a few words for each name.

There is no parser to ask. The side on which a name stands, the preposition before it, how far it is, and whether a
clause or another event lies between say most of what a parser would; a list ("Xi, Putin and Modi") shares its ties.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.times import OF_ANOTHER

# A preposition, what may stand between it and the name that it governs, and the name.
_GOVERNED = re.compile(
    r"\b(with|by|to|between|against|of|from|in|at|for|on|into|alongside|through|about|after|over|near|under|than|as|before)"
    r"\s(?:the\s|an?\s|both\s|his\s|her\s|their\s)?(?:[^\W\d][\w’'.-]*\s){0,4}\Z",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?:’s?|'s?)?(?:\s?[–—/-]\s?|,?\s(?:and|or|&)\s|,\s(?:and\s)?)(?:(?:[\w.’'-]+\s){0,4}|(?:(?:[A-Z][\w.’'-]*|of|and|for|the)\s){5,14})\Z"
    r"|(?:['’]s)?\s(?:[A-Z][\w.’'-]*\s|(?:of|and|for|the|former|then|counterpart|president|leader|prime|foreign|minister)\s){1,8}\Z"
)
_CLAUSE = re.compile(
    r"[;:]|\s(?:who|which|that|but|while|whereas|although|after|before|when|where|because|since|if|as|until)\s|,\s(?:and|or)\s"
)
# What is said of the one who takes part in the event begins after this: "Modi, who met Xi, said that Japan ...".
_SPEECH = re.compile(r"\b(?:said|says|saying|told|added|noted|stressed|stated|according\sto|claimed|warned|reported)\b")
_POSSESSIVE = re.compile(r"(?:[’']s|s[’'])\s(?:[\w-]+\s){0,3}\Z")
_SAID = re.compile(
    r"(?:,\s[^,.;:\n]{3,80},)?\s(?:has\s|had\s|also\s|later\s)?(?:said|says|told|tells|added|noted|stressed|stated|explained|explains|commented"
    r"|claimed|warned|insisted|believes|thinks|argued|remarked|wrote|tweeted|recalled|pointed)\b"
)
_SAYS = re.compile(r"(?:said|says|added|according\sto|told|noted|explained|commented)\s(?:[\w.’'-]+\s){0,3}\Z")
_PASSIVE = re.compile(
    r"\b(?:was|were|been|be|being|is|are|gets?|got)\s(?:(?:\w+ly|also|soon|later|again|already|then)\s)?\Z"
)
# Whoever does this has somebody else do what follows: "Xi invited students to visit China".
_CAUSES = re.compile(
    r"\b(?:invit|urg|ask|encourag|allow|help|order|persuad|convinc|permit|advis|forc|press|oblig|instruct)\w*\s"
    r"(?:[\w'’-]+\s){1,6}to\s\Z"
)
_NEAR = ((1, "touching"), (15, "close"), (50, "near"), (110, "far"))

_BESIDE = frozenset({"touching", "close"})
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
    until = max([spot.end, *(name.end for name in names)])
    besides = [own.span() for own in OF_ANOTHER.finditer(text, start, until)]
    for row in rows(text, spot, names):
        last = row[-1].end <= spot.start
        place = _place(text, spot, row[-1], start) if last else ""
        place = place if place in ("owner", "modifier") else _place(text, spot, row[0], start)
        distance = _distance(text, spot, row[-1 if last else 0], others)
        if "speech between" in distance and place.startswith("right"):
            place = "right"  # "with Russia" is said of something else
        said = _SAID.match(text, row[-1].end)
        speaks = (said and not row[-1].end <= spot.start < said.end()) or _SAYS.search(
            text, max(start, row[0].start - 40), row[0].start
        )
        for name in row:
            tied = {place, f"{place} of a {'verb' if spot.verb else 'noun'}", *distance}
            if passive and place == "left" and "a clause between" not in tied:
                tied.add("subject of a passive")
            if place == "right by" and not _BESIDE.isdisjoint(distance):
                tied.add("agent")
            if any(low < name.start < high and not low < spot.start < high for low, high in besides):
                tied.add("said besides")
            if speaks:
                tied.add("speaks")
            if name.form:
                tied.add(f"form {name.form}")
            found[name.id] = found.get(name.id, frozenset()) | tied
    return found


def rows(text: str, spot: Spot, names: Sequence[Name]) -> Iterator[list[Name]]:
    """Yield `names` in rows: those on one side of the mention that a list or an office joins to each other."""
    row: list[Name] = []
    for name in names:
        beyond = row and row[-1].start < spot.end and spot.start < name.end  # the mention is inside or between
        if row and (beyond or not _LIST.fullmatch(text, row[-1].end, name.start)):
            yield row
            row = []
        row.append(name)
    if row:
        yield row


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
        if _CLAUSE.search(text, low, high) or (spot.verb and low == name.end and _CAUSES.search(text, low, high)):
            found.append("a clause between")
        if _SPEECH.search(text, low, high):
            found.append("speech between")
        if any(max(other.start - name.end, name.start - other.end) < gap for other in others):
            found.append("closer to another event")
    return found
