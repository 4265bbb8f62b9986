"""From a mention of an event to its scene: who, where and when its sentence says, and what ties them to it.

The place is the nearest that "in", "at" or "to" introduces, the time the nearest expression of one.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from spacy.tokens import Doc, Span

from kg.dates import read_dates, resolve
from kg.event_ties import Name, Spot, is_passive, rows, ties
from kg.modality import modality
from kg.model import Entity, slug
from kg.places import country_of
from kg.recognition.named_events import usual_name
from kg.recognition.texts import sentences_of, text_of
from kg.times import time_of

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_EDGE = re.compile(r"[;:]|,? (?:but|while|whereas|although) ")

_PLACED = re.compile(
    r"\b(?:in|at|to|near|across|outside)\s(?:the\s)?(?:(?:village|town|city|port|province|state|district)\sof\s)?"
    r"(?:(?:\w+\s)?[A-Z]\w+['’]s\s)?\Z"
)
# What may follow a place; another word would make it a mere part of what is meant ("in US history").
_AFTER_PLACE = re.compile(
    r"(?:'s|’s)?(?:[,.;:?!)\]\"”’—–]|\s*\Z|\s*\n|\s(?:on|in|at|to|for|from|by|and|or|with|after|before|during|last|next"
    r"|this|where|when|who|which|that|as|will|was|is|has|have|had|would|were|are|yesterday|today|tomorrow|earlier|later"
    r"|between|over|against|amid|since|until|because|but|while|said)\b)"
)
# After these, whoever the sentence names first is meant; these stand for somebody named before, and so many words
# before one of them another can stand for the same.
_HIS = frozenset({"his", "her"})
_BACK = 50
_PRONOUNS = frozenset({"he", "she", "his", "her", "him"})
# How far from a mention somebody can stand, in characters: to take part, and to be named in the label.
_BEFORE, _AFTER, _NEAR = 200, 120, 60
# What parts from a mention those whom its noun, or that of another event, does not mean.
MEANT_ELSEWHERE = "others are meant"
# So many mentions on either side are looked at with one.
_BESIDE = 8
# What ties those to a noun whom it itself names.
_OWN = frozenset({"right between of a noun", "modifier of a noun", "inside of a noun"})
# How much of a sentence is read on either side of a mention, in characters; for texts that are no prose.
_SIGHT = 600
# How far back a quotation can open, in characters.
_PARAGRAPH = 2000
# By this somebody takes part in what follows, however long the name of its part is.
_HIS_SPEECH = re.compile(
    r"\b(?:his|her)\s(?:\w+\s){0,2}(?:speech|address|remarks|participation|attendance|appearance|presentation)\s"
    r"(?:at|to|in|during)\b[^.;]{0,60}\Z"
)
# What makes several events of one mention, and how far from it, in characters.
_SEPARATE = re.compile(r"\bseparate(?:ly)?\b")
_APART = 15
# Said to come, so that "on Friday" is the next one.
_AHEAD = frozenset({"planned", "hypothetical", "demanded"})
_LONG_AGO = re.compile(r"\d{4}|\d0s|\bago\b|centur")
_LEADING = re.compile(r"(?:on|in|of|by|since|until|during)\s", re.IGNORECASE)


_AFTER_HEAD = frozenset({"of", "on", "in", "for", "against", "between", "with", "to"})


class Scene(NamedTuple):
    """A mention of an event with what its sentence says of it.

    `words` are those of a name, `who` the ids of those named around it in order of mention, `near` the closest of
    them, the closest first, each with its offset; `ties` says by id what ties somebody to it, `number` is that of its
    sentence, `before` the word before it, `place_country` the ISO code of the country of `place`, if known. `days` is
    the ISO date or interval that `when` means, `modality` what is said of the event (that it happened, is planned, ...)
    with the `cue` that says so; `quoted` if somebody is quoted there, `certainty` how likely its type is.
    """

    span: Span
    noun: str
    head: str
    plural: bool
    words: frozenset[str]
    who: tuple[str, ...]
    near: tuple[tuple[int, str], ...]
    place: str | None
    place_country: str | None
    when: str | None
    days: str | None
    modality: str
    cue: str | None
    number: int
    before: str
    verb: bool
    probability: float
    ruled: bool
    certainty: float
    quoted: bool
    ties: dict[str, frozenset[str]]


def scenes_of(
    doc: Doc, people: list[Entity], countries: list[Entity], published: date | None = None
) -> Iterator[Scene]:
    """Yield the mentions of events in reading order, each with who, where and when its sentence says.

    `published` is the day of the article, from which "on Friday" is reckoned.
    """
    text = text_of(doc)
    dates = read_dates(text, published)
    names = sorted(
        Name(m.start, m.end, e.id, m.form) for e in [*people, *countries] for m in e.mentions if not m.within_name
    )
    places = sorted(_places(doc))
    sents = sentences_of(doc)
    starts = [sent.start_char for sent in sents]
    ends = [sent.end_char for sent in sents]
    firsts = [sent.start for sent in sents]
    group = doc.spans.get("events", ())
    spans = list(group)
    told = getattr(group, "attrs", {})
    verbs = told.get("verb") or [False] * len(spans)
    spots = [Spot(span.start_char, span.end_char, verb) for span, verb in zip(spans, verbs, strict=True)]
    settings = [_setting(k, span.start, spots, text, names, starts, ends) for k, span in enumerate(spans)]
    tied_to = [_ties_of(doc, setting, text, names, starts, firsts) for setting in settings]
    meant_by = [_meant(tied) for tied in tied_to]
    for k, (span, spot, tied, meant) in enumerate(zip(spans, spots, tied_to, meant_by, strict=True)):
        _, _, number, sentence, inside, others = settings[k]
        beside = range(max(0, k - _BESIDE), min(len(spots), k + _BESIDE + 1))
        elsewhere = set().union(*(meant_by[n] for n in beside if settings[n].number == number))
        others_meant = {id_ for id_ in tied if meant or (id_ in elsewhere and id_.startswith("person/"))} - meant
        for id_ in others_meant:
            tied[id_] |= {MEANT_ELSEWHERE}
        around = [n for n in inside if n.id in meant] if meant else _around(text, span, inside, sentence)
        when, expression = _when(text, span, sentence, spot.verb)
        told_as, cue = modality(text, (spot.start, spot.end), sentence, verb=spot.verb, dates=dates)
        if told_as == "historical" and span.kb_id_ == "anniversary" and cue not in (when, expression):
            told_as, cue = "happened", None  # what is commemorated was long ago, not the day
        if when and told_as == "historical" and not _LONG_AGO.search(when):
            when, expression = None, ""  # "this year" is the time of something else
        days = resolve(expression, published, future=told_as in _AHEAD) if expression else None
        scene = Scene(
            span,
            span.kb_id_ or ("" if spot.verb else span[-1].lower_),
            head := _head(span, spot.verb),
            head.endswith("s") and not head.endswith(("ss", "is", "us")),
            _words(span) if span.id_ == "named" else frozenset(),
            tuple(dict.fromkeys(name.id for name in around)),
            _near(span, around, most=_SIGHT if meant else _NEAR),
            place := text[slice(*at_place)] if (at_place := _place(text, span, places, sentence, others)) else None,
            (country_of(place) or _country_beside(text, *at_place, inside)) if at_place and place else None,
            when,
            days.iso if days else None,
            told_as,
            cue,
            number,
            word_before(span),
            spot.verb,
            told["probability"][k] if "probability" in told else 1.0,
            told["ruled"][k] if "ruled" in told else True,
            told["certainty"][k] if "certainty" in told else 1.0,
            _is_quoted(text, spot.start),
            tied,
        )
        apart = _each_apart(text, spot, inside)
        if not apart:
            yield scene
        for left_out in apart:
            yield scene._replace(
                who=tuple(id_ for id_ in scene.who if id_ not in left_out),
                near=tuple((start, id_) for start, id_ in scene.near if id_ not in left_out),
                ties={id_: why for id_, why in scene.ties.items() if id_ not in left_out},
            )


class _Setting(NamedTuple):
    """A mention in its sentence: its first token, the sentence's number and bounds, those named there, and the other
    mentions of events around."""

    token: int
    spot: Spot
    number: int
    sentence: tuple[int, int]
    names: list[Name]
    others: list[Spot]


def _setting(
    k: int, token: int, spots: list[Spot], text: str, names: list[Name], starts: list[int], ends: list[int]
) -> _Setting:
    spot = spots[k]
    number = bisect_right(starts, spot.start) - 1
    sentence = max(starts[number], spot.start - _SIGHT), min(ends[number], spot.end + _SIGHT)
    inside = names[bisect_left(names, (sentence[0],)) : bisect_left(names, (sentence[1],))]
    others = [other for other in spots[max(0, k - _BESIDE) : k + _BESIDE + 1] if other != spot]
    return _Setting(token, spot, number, sentence, inside, others)


def _ties_of(
    doc: Doc, setting: _Setting, text: str, names: list[Name], starts: list[int], firsts: list[int]
) -> dict[str, frozenset[str]]:
    """Return by id what ties somebody to a mention, those included for whom a pronoun before it stands."""
    token, spot, number, sentence, inside, others = setting
    tied = ties(text, spot, inside, others, sentence[0])
    first = firsts[number]
    if (at := _pronoun(doc, first, token)) is not None:
        for id_ in _person_before(names, starts, number, _first_pronoun(doc, first, at)):
            passive = {"subject of a passive"} if is_passive(text, spot, starts[number]) else set()
            tied[id_] = tied.get(id_, frozenset()) | {"pronoun"} | passive
    elif his := _HIS_SPEECH.search(text, max(sentence[0], spot.start - _BEFORE), spot.start):
        for id_ in _person_before(names, starts, number, his.start()):
            tied[id_] = frozenset({"owner", "owner of a noun", "close"})
    return tied


def _each_apart(text: str, spot: Spot, names: list[Name]) -> list[set[str]]:
    """Return for each event that a mention tells of who takes part in the others only; nothing if it tells of one.

    "Made separate calls to Putin and Ukrainian President Zelensky" tells of two calls, and so does "met separately".
    """
    if not _SEPARATE.search(text, max(0, spot.start - _APART), spot.end + _APART):
        return []
    for row in rows(text, spot, [name for name in names if name.start >= spot.end]):
        items: list[set[str]] = [set()]
        for name in row:
            items[-1].add(name.id)
            if name.id.startswith("person/"):
                items.append(set())
        people = [item for item in items if any(id_.startswith("person/") for id_ in item)]
        if len(people) > 1:
            return [set().union(*people) - own for own in people]
    return []


def named_in_sentences(doc: Doc, people: list[Entity], countries: list[Entity]) -> dict[int, frozenset[str]]:
    """Return by number of sentence the ids of those it names."""
    starts = [sent.start_char for sent in sentences_of(doc)]
    found: dict[int, set[str]] = defaultdict(set)
    for entity in [*people, *countries]:
        for mention in entity.mentions:
            if not mention.within_name:
                found[bisect_right(starts, mention.start) - 1].add(entity.id)
    return {number: frozenset(ids) for number, ids in found.items()}


def _is_quoted(text: str, start: int) -> bool:
    """Tell whether a quotation that opens before `start`, in the same paragraph, is not closed there.

    >>> text = 'He said: "We want talks."'
    >>> _is_quoted(text, text.index("talks")), _is_quoted(text, text.index("said"))
    (True, False)
    """
    before = text[max(text.rfind("\n", 0, start), start - _PARAGRAPH, 0) : start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _head(span: Span, verb: bool) -> str:
    """Return the word that heads a mention: its verb, or the noun before "of" and the like."""
    words = [token.lower_ for token in span]
    if verb:
        return words[0]
    cut = next((i for i, word in enumerate(words) if i and word in _AFTER_HEAD), len(words))
    return words[cut - 1]


def _pronoun(doc: Doc, first: int, last: int) -> int | None:
    """Return the last of the few words before a mention that stands for somebody named before."""
    return next((i for i in range(last - 1, max(first, last - 6) - 1, -1) if doc[i].lower_ in _PRONOUNS), None)


def _first_pronoun(doc: Doc, first: int, at: int) -> int:
    """Return the offset of the first pronoun before `at` or there: "he went there with Ann during his visit"."""
    return int(next(doc[i].idx for i in range(max(first, at - _BACK), at + 1) if doc[i].lower_ in _PRONOUNS))


def _person_before(names: list[Name], starts: list[int], number: int, offset: int) -> list[str]:
    """Return the id of the person named first before `offset` in its sentence, or in one of the three before."""
    own = names[bisect_left(names, (starts[number],)) : bisect_left(names, (offset,))]
    for name in own:
        if name.id.startswith("person/"):
            return [name.id]
    for back in range(1, min(4, number + 1)):
        low, high = starts[number - back], starts[number - back + 1]
        for name in names[bisect_left(names, (low,)) : bisect_left(names, (high,))]:
            if name.id.startswith("person/"):
                return [name.id]
    return []


def _around(text: str, span: Span, names: list[Name], sentence: tuple[int, int]) -> list[Name]:
    """Return those of `names` that stand in the same clause as `span` and not far from it."""
    start = sentence[0] if _is_his(span) else max(sentence[0], span.start_char - _BEFORE)
    end = min(sentence[1], span.end_char + _AFTER)
    for edge in _EDGE.finditer(text, start, end):
        if edge.end() <= span.start_char:
            start = edge.end()
        elif edge.start() >= span.end_char:
            end = edge.start()
            break
    return [name for name in names if start <= name.start < end]


def _meant(tied: dict[str, frozenset[str]]) -> set[str]:
    """Return those whom a noun itself names, if these are two at least: "Xi-Putin meeting", "Modi's talks with Xi"."""
    meant = {id_ for id_, ties in tied.items() if not _OWN.isdisjoint(ties)}
    owners = {id_ for id_, ties in tied.items() if "owner of a noun" in ties and id_.startswith("person/")}
    if owners:
        meant |= owners | {id_ for id_, ties in tied.items() if "right with of a noun" in ties}
    people = {id_ for id_ in meant if id_.startswith("person/")}
    return meant if len(people) > 1 or (not people and len(meant) > 1) else set()


def _near(span: Span, around: list[Name], most: int) -> tuple[tuple[int, str], ...]:
    """Return the offset and id of those that stand within `most` characters of `span`, the closest first."""
    gaps = sorted((max(n.start - span.end_char, span.start_char - n.end), n.start, n.id) for n in around)
    if _is_his(span):
        gaps = [(0, n.start, n.id) for n in around if n.id.startswith("person/")][:1] + gaps
    return tuple((start, id_) for gap, start, id_ in gaps if gap <= most)


def _is_his(span: Span) -> bool:
    return word_before(span) in _HIS


def _places(doc: Doc) -> Iterator[tuple[int, int]]:
    for ent in doc.ents:
        if ent.label_ in _PLACES:
            yield ent.start_char, ent.end_char
    for span in doc.spans.get("countries", ()):
        if span.id_ in ("name", "abbreviation", ""):
            yield span.start_char, span.end_char


def _place(
    text: str, span: Span, places: list[tuple[int, int]], sentence: tuple[int, int], others: list[Spot]
) -> tuple[int, int] | None:
    """Return where the nearest place stands after `span`, else before it, that "in", "at" or "to" introduces.

    What is the place of one of `others` that stand between is none: "talks aimed at ending the war in Ukraine".
    """
    inside = places[bisect_left(places, (sentence[0],)) : bisect_left(places, (sentence[1],))]
    led = [
        (start, end)
        for start, end in inside
        if _PLACED.search(text, max(0, start - 45), start) and _AFTER_PLACE.match(text, end)
    ]
    between = min(
        (other.start for other in others if other.start >= span.end_char and not other.verb), default=len(text)
    )
    after = [p for p in led if p[0] >= span.end_char and p[0] - span.end_char < 60 and p[0] < between]
    before = [place for place in led if place[1] <= span.start_char and span.start_char - place[1] < 40]
    return next(iter([*after[:1], *before[-1:]]), None)


def _country_beside(text: str, start: int, end: int, names: list[Name]) -> str | None:
    """Return the ISO code of the country named with a place: "Davos, Switzerland", "China's Liaoning Province"."""
    for name in names:
        follows = text[end : name.start] == ", "
        owns = text[name.end : start] in ("'s ", "’s ")
        if name.id.startswith("country/") and (follows or owns or start <= name.start < name.end <= end):
            return name.id.removeprefix("country/")
    return None


def _when(text: str, span: Span, sentence: tuple[int, int], verb: bool) -> tuple[str | None, str]:
    """Return the words that tell when the event is, without "on" or "in", and those words with what leads them in.

    A year in a name goes first.
    """
    if year := _YEAR.search(span.text):
        return year.group(), year.group()
    found = time_of(text, (span.start_char, span.end_char), sentence, finite=verb)
    told = text[slice(*found)] if found else ""
    return (_LEADING.sub("", told, count=1) or None), told


def _words(span: Span) -> frozenset[str]:
    """Return the words of a name, of its usual form where that is known."""
    texts = [token.text for token in span]
    return frozenset(slug(usual_name(texts) or " ".join(texts)).split("-"))


def word_before(span: Span) -> str:
    return str(span.doc[span.start - 1].lower_) if span.start else ""
