"""From a mention of an event to its scene: who, where and when its sentence says.

Whoever stands in the clause of the mention, and not far from it, is taken to take part; the place is the nearest that
"in", "at" or "to" introduces, the time the nearest expression of one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Span

from kg.model import Entity, slug
from kg.recognition.named_events import usual_name

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_EDGE = re.compile(r"[;:]|,? (?:but|while|whereas|although) ")

_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d|,\d)"
_WHEN = re.compile(
    rf"""\b(?:
      (?:(?:last|next|this|on|early|late|earlier)\s)?{_WEEKDAY}(?:\s(?:morning|afternoon|evening|night))?
          (?:(?:,\s|\sand\s|\sto\s){_WEEKDAY})*(?:,?\s(?:{_MONTH}\s{_DAY}|{_DAY}\s{_MONTH})(?:,?\s\d{{4}})?)?
    | {_MONTH}\s{_DAY}(?:\s?[-–]\s?\d{{1,2}})?(?:,?\s\d{{4}}\b)?
    | {_DAY}\s{_MONTH}(?:,?\s\d{{4}}\b)?
    | (?:(?:early|mid|late)[-\s])?{_MONTH}(?:\sof)?,?\s\d{{4}}\b
    | (?:(?:in|since|until|by|last|next|this|early|late)\s)(?:early\s|mid-|late\s)?{_MONTH}(?=[\s,.;:)]|$)(?!,?\s\d)
    | (?:(?:in|since|until|by|during|of)\s)(?:early\s|mid-|late\s)?(?:1[0-9]|20)\d\d\b(?!\s?[a-z]*(?:people|%))
    | (?:yesterday|today|tomorrow|tonight)(?:\s(?:morning|afternoon|evening|night))?
    | (?:last|next|this|earlier\sthis|later\sthis|the\sfollowing|the\sprevious|the\ssame)
          \s(?:week|weekend|month|year|day|night|morning|afternoon|evening|spring|summer|autumn|fall|winter|century|decade)
    | (?:\d+|a|an|two|three|four|five|six|seven|eight|nine|ten|several|a\sfew)\s
          (?:days?|weeks?|months?|years?|decades?|hours?|minutes?)\s(?:ago|earlier|later)
    )""",
    re.VERBOSE,
)
_SAID = tuple(f"{verb} " for verb in ("said", "says", "told reporters", "reported", "announced", "added", "told AFP"))
_PLACED = re.compile(r"\b(?:in|at|to|near|across|outside)\s(?:the\s)?\Z")
# What may follow a place; another word would make it a mere part of what is meant ("in US history").
_AFTER_PLACE = re.compile(
    r"(?:'s|’s)?(?:[,.;:?!)\]\"”’—–]|\s*\Z|\s*\n|\s(?:on|in|at|to|for|from|by|and|or|with|after|before|during|last|next"
    r"|this|where|when|who|which|that|as|will|was|is|has|have|had|would|were|are|yesterday|today|tomorrow|earlier|later"
    r"|between|over|against|amid|since|until|because|but|while|said)\b)"
)
# After these, whoever the sentence names first is meant.
_HIS = frozenset({"his", "her"})
# How far from a mention somebody can stand, in characters: to take part, and to be named in the label.
_BEFORE, _AFTER, _NEAR = 200, 120, 60
# How much of a sentence is read on either side of a mention, in characters; for texts that are no prose.
_SIGHT = 600
_LEADING = re.compile(r"(?:on|in|of|by|since|until|during)\s")


# Offset, end and id of somebody who can take part.
_Actor = tuple[int, int, str]


class Scene(NamedTuple):
    """A mention of an event with what its sentence says of it.

    `words` are those of a name, `who` the ids of those named around it in order of mention, `near` the closest of
    them, the closest first, each with its offset.
    """

    span: Span
    noun: str
    words: frozenset[str]
    who: tuple[str, ...]
    near: tuple[tuple[int, str], ...]
    place: str | None
    when: str | None


def scenes_of(doc: Doc, people: list[Entity], countries: list[Entity]) -> Iterator[Scene]:
    """Yield the mentions of events in reading order, each with who, where and when its sentence says."""
    text = doc.text
    actors = sorted((m.start, m.end, e.id) for e in [*people, *countries] for m in e.mentions if not m.within_name)
    places = sorted(_places(doc))
    starts = [sent.start_char for sent in doc.sents]
    ends = [sent.end_char for sent in doc.sents]
    for span in doc.spans.get("events", ()):
        number = bisect_right(starts, span.start_char) - 1
        sentence = max(starts[number], span.start_char - _SIGHT), min(ends[number], span.end_char + _SIGHT)
        around = _around(text, span, actors, sentence)
        yield Scene(
            span,
            span.kb_id_ or span[-1].lower_,
            _words(span) if span.id_ == "named" else frozenset(),
            tuple(dict.fromkeys(id_ for _, _, id_ in around)),
            _near(span, around),
            _place(text, span, places, sentence),
            _when(text, span, sentence),
        )


def _around(text: str, span: Span, actors: list[_Actor], sentence: tuple[int, int]) -> list[_Actor]:
    """Return those of `actors` that the sentence names in the same clause as `span` and not far from it."""
    start = sentence[0] if _is_his(span) else max(sentence[0], span.start_char - _BEFORE)
    end = min(sentence[1], span.end_char + _AFTER)
    for edge in _EDGE.finditer(text, start, end):
        if edge.end() <= span.start_char:
            start = edge.end()
        elif edge.start() >= span.end_char:
            end = edge.start()
            break
    return actors[bisect_left(actors, (start,)) : bisect_left(actors, (end,))]


def _near(span: Span, around: list[_Actor]) -> tuple[tuple[int, str], ...]:
    """Return the offset and id of those that stand within a few words of `span`, the closest first."""
    gaps = sorted((max(start - span.end_char, span.start_char - end), start, id_) for start, end, id_ in around)
    if _is_his(span):
        gaps = [(0, start, id_) for start, _, id_ in around if id_.startswith("person/")][:1] + gaps
    return tuple((start, id_) for gap, start, id_ in gaps if gap <= _NEAR)


def _is_his(span: Span) -> bool:
    return word_before(span) in _HIS


def _places(doc: Doc) -> Iterator[tuple[int, int]]:
    for ent in doc.ents:
        if ent.label_ in _PLACES:
            yield ent.start_char, ent.end_char
    for span in doc.spans.get("countries", ()):
        if span.id_ in ("name", "abbreviation", ""):
            yield span.start_char, span.end_char


def _place(text: str, span: Span, places: list[tuple[int, int]], sentence: tuple[int, int]) -> str | None:
    """Return the nearest place after `span`, else before it, that "in", "at" or "to" introduces."""
    inside = places[bisect_left(places, (sentence[0],)) : bisect_left(places, (sentence[1],))]
    led = [
        (start, end)
        for start, end in inside
        if _PLACED.search(text, max(0, start - 12), start) and _AFTER_PLACE.match(text, end)
    ]
    after = [place for place in led if place[0] >= span.end_char and place[0] - span.end_char < 60]
    before = [place for place in led if place[1] <= span.start_char and span.start_char - place[1] < 40]
    nearest = after[:1] or before[-1:]
    return text[nearest[0][0] : nearest[0][1]] if nearest else None


def _when(text: str, span: Span, sentence: tuple[int, int]) -> str | None:
    """Return the time expression of the sentence that stands nearest to `span`, without "on" or "in".

    A year in a name goes first; when somebody said something is not when it happened.
    """
    if year := _YEAR.search(span.text):
        return year.group()
    found = [m for m in _WHEN.finditer(text, *sentence) if not text.endswith(_SAID, 0, m.start())]
    if not found:
        return None
    nearest = min(found, key=lambda m: (max(m.start() - span.end_char, span.start_char - m.end()), m.start()))
    return _LEADING.sub("", nearest.group(), count=1)


def _words(span: Span) -> frozenset[str]:
    """Return the words of a name, of its usual form where that is known."""
    texts = [token.text for token in span]
    return frozenset(slug(usual_name(texts) or " ".join(texts)).split("-"))


def word_before(span: Span) -> str:
    return str(span.doc[span.start - 1].lower_) if span.start else ""
