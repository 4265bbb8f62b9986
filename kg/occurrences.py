"""From the mentions of events in a document to its events: one entity an occurrence.

Two mentions tell of one occurrence if they use one name, or one kind of happening (the noun the trigger table gives)
and nothing in their sentences, neither who took part nor when, says otherwise. Participants, place and time are read
from the words near the mentions, and the label is made of them.
"""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import NamedTuple

from spacy.tokens import Doc, Span

from kg.gazetteers import table
from kg.model import Entity, Kind, Mention, slug
from kg.recognition.named_events import usual_name

# Of these types an article seldom has two, so that any two mentions are taken for one.
_ONE_PER_ARTICLE = frozenset({"agreement", "disaster", "meeting", "call", "talks", "visit", "sanction", "protest"})
# Of these, one with other people or countries is another one; of the latter, with other people.
_TOLD_BY_COMPANY = frozenset({"meeting", "call", "visit", "talks", "agreement", "personnel"})
_TOLD_BY_PEOPLE = frozenset({"meeting", "call", "visit", "personnel"})
# Whom a label names, by type: so many people or countries, the first that are to be had.
_ONE = (("person/", 1), ("country/", 1))
_PARTIES = {
    "meeting": (("person/", 2), ("person/", 1), ("country/", 2), ("country/", 1)),
    "call": (("person/", 2), ("person/", 1), ("country/", 2), ("country/", 1)),
    "talks": (("person/", 2), ("country/", 2), ("person/", 1), ("country/", 1)),
    "agreement": (("person/", 2), ("country/", 2), ("person/", 1), ("country/", 1)),
    "conflict": (("country/", 2), ("person/", 1), ("country/", 1)),
    "sport": (("country/", 2), ("person/", 1), ("country/", 1)),
    "sanction": (("country/", 2), ("country/", 1)),
    "conference": (("country/", 1),),
    "election": (("country/", 1),),
    "protest": (("country/", 1),),
    "disaster": (("country/", 1),),
    "culture": (("person/", 1),),
    "campaign": (("country/", 1),),
    "business": (("country/", 1),),
}
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
_TAKES_ARTICLE = re.compile(
    r"(?:Netherlands|United|Philippines|Maldives|Bahamas|Gambia|US|U\.S\.?|UK|U\.K\.?|UAE|EU|DRC|Democratic|Dominican|"
    r"Czech|Central African|Middle East|West Bank|Vatican|Congo|Solomon|Marshall|Hague)\b"
)
# Words of a name that tie it together, and those that make a noun take up what went before.
_LINKS = frozenset({"of", "the", "in", "on", "and", "for", "against", "between"})
_POINTING = frozenset({"the", "this", "that", "these"})
_DEFINITE = _POINTING | {"his", "her", "their", "'s", "’s"}
# After these, whoever the sentence names first is meant.
_HIS = frozenset({"his", "her"})
# How far from a mention somebody can stand, in characters: to take part, and to be named in the label.
_BEFORE, _AFTER, _NEAR = 200, 120, 60
# How much of a sentence is read on either side of a mention, in characters, and how many events back one is sought
# again; for texts that are no prose.
_SIGHT, _MEMORY = 600, 300
_LEADING = re.compile(r"(?:on|in|of|by|since|until|during)\s")


# Offset, end and id of somebody who can take part.
_Actor = tuple[int, int, str]


class _Name(NamedTuple):
    """What a participant is called in a label: alone, and joined with others."""

    full: str
    short: str
    forms: frozenset[str]


class _Scene(NamedTuple):
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


def events(doc: Doc, people: list[Entity], countries: list[Entity], article_id: str) -> list[Entity]:
    """Group the mentions of events in `doc` into events, in order of first mention.

    Participants are ids of `people` and `countries`, in order of mention. The id of a reported event holds a digest of
    the article and of where it is first mentioned, for it is that article's own.
    """
    names = _names([*people, *countries])
    groups = _group(list(_scenes(doc, people, countries)))
    return _unite(_entity(scenes, names, article_id) for scenes in groups)


def _scenes(doc: Doc, people: list[Entity], countries: list[Entity]) -> Iterator[_Scene]:
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
        yield _Scene(
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
    return _word_before(span) in _HIS


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


def _group(scenes: list[_Scene]) -> list[list[_Scene]]:
    """Put the mentions of one occurrence together, groups in order of first mention.

    Left out is what is mentioned once without a name and with nobody, no place and no time beside it.
    """
    groups: list[list[_Scene]] = []
    for scene in scenes:
        homes = [group for group in islice(reversed(groups), _MEMORY) if _same(group, scene)]
        if homes:
            next((group for group in homes if _numbers_agree(group, scene)), homes[0]).append(scene)
        else:
            groups.append([scene])
    return [group for group in _named_later(groups) if not _is_bare(group)]


def _numbers_agree(group: list[_Scene], scene: _Scene) -> bool:
    """Tell whether both are singular or both plural: "fires" are rather the "California fires" than "Eaton Fire"."""
    return _is_plural(group[0]) == _is_plural(scene)


def _is_plural(scene: _Scene) -> bool:
    return scene.span[-1].lower_.endswith("s")


def _named_later(groups: list[list[_Scene]]) -> list[list[_Scene]]:
    """Join "the crisis" to the "Ukraine crisis" that is named only later, where just one name can be meant."""
    named = [group for group in groups if any(scene.span.id_ == "named" for scene in group)]
    joined: list[list[_Scene]] = []
    for group in groups:
        first = group[0]
        alike = [other for other in named if other is not group and _of_a_kind(other, first)]
        if (
            len(first.span) == len(alike) == 1
            and first.span.id_ == "reported"
            and _word_before(first.span) in _POINTING
        ):
            alike[0].extend(group)
        else:
            joined.append(group)
    for group in joined:
        group.sort(key=lambda scene: scene.span.start)
    return sorted(joined, key=lambda group: group[0].span.start)


def _of_a_kind(named: list[_Scene], scene: _Scene) -> bool:
    return named[0].span.label_ == scene.span.label_ and any(
        other.span.id_ == "named" and _alike(other.noun, scene.noun) for other in named
    )


def _word_before(span: Span) -> str:
    return str(span.doc[span.start - 1].lower_) if span.start else ""


def _is_bare(group: list[_Scene]) -> bool:
    first = group[0]
    return len(group) == 1 and first.span.id_ != "named" and not (first.near or first.place or first.when)


def _same(group: list[_Scene], scene: _Scene) -> bool:
    """Tell whether `scene` is one more mention of what `group` tells of."""
    type_ = group[0].span.label_
    if scene.span.label_ != type_:
        return _resumes(scene, type_)
    names = [other for other in group if other.span.id_ == "named"]
    if scene.span.id_ == "named":
        return any(_names_agree(other, scene) for other in names)
    if any(_alike(other.noun, scene.noun) for other in names):
        return True
    if names or (type_ not in _ONE_PER_ARTICLE and not any(_alike(other.noun, scene.noun) for other in group)):
        return _resumes(scene, type_)
    if type_ in _TOLD_BY_COMPANY and scene.who:
        return _company_agrees([other.who for other in group], scene.who, type_)
    return True


def _company_agrees(known: list[tuple[str, ...]], who: tuple[str, ...], type_: str) -> bool:
    """Tell whether a mention with `who` around it can tell of what those with the `known` around them do.

    They have somebody in common; where people make the event and are named, a person.
    """
    people = {id_ for some in known for id_ in some if _is_person(id_)}
    if type_ in _TOLD_BY_PEOPLE and people and any(map(_is_person, who)):
        return not people.isdisjoint(who)
    return any(not some or not set(some).isdisjoint(who) for some in known)


def _is_person(id_: str) -> bool:
    return id_.startswith("person/")


def _resumes(scene: _Scene, type_: str) -> bool:
    """Tell whether `scene` takes up an event of `type_` in general words: "the incident" after "was shot"."""
    span = scene.span
    return span.id_ == "reported" and type_ in _resumed_by(scene.noun) and _word_before(span) in _DEFINITE


def _alike(one: str, other: str) -> bool:
    """Tell whether two nouns can tell of one event: "war" and "conflict"."""
    return _family(one) == _family(other)


def _names_agree(one: _Scene, other: _Scene) -> bool:
    """Tell whether two names can name one event: one says no more than the other, perhaps with another head noun."""
    words, others = one.words, other.words
    if words <= others or others <= words:
        return True
    words, others = words - _heads_and_links(), others - _heads_and_links()
    return _alike(one.noun, other.noun) and bool(words and others) and (words <= others or others <= words)


@cache
def _heads_and_links() -> frozenset[str]:
    return frozenset(row["head"] for row in table("event_heads")) | _LINKS


@cache
def _family(noun: str) -> str:
    """Return the noun that stands for all that can tell of the same event as `noun`."""
    singular = noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
    for row in table("event_nouns"):
        if row["noun"] in (noun, singular) and row["like"]:
            return row["like"]
    return singular


@cache
def _resumed_by(noun: str) -> frozenset[str]:
    return frozenset(" ".join(row["resumes"] or "" for row in table("event_nouns") if row["noun"] == noun).split())


def _words(span: Span) -> frozenset[str]:
    """Return the words of a name, of its usual form where that is known."""
    texts = [token.text for token in span]
    return frozenset(slug(usual_name(texts) or " ".join(texts)).split("-"))


def _entity(scenes: list[_Scene], names: dict[str, _Name], article_id: str) -> Entity:
    """Make the entity of the occurrence that `scenes` tell of."""
    first = scenes[0].span
    named = any(scene.span.id_ == "named" for scene in scenes)
    place = next((scene.place for scene in scenes if scene.place), None)
    when = next((scene.when for scene in scenes if scene.when), None)
    label = _full_name(scenes) or _label(scenes, names, place, when)
    label = " ".join(label.split())
    digest = hashlib.sha256(f"{article_id}:{first.start_char}".encode()).hexdigest()[:8]
    return Entity(
        id=f"event/{slug(label)}" if named else f"event/{slug(label)}-{digest}",
        kind=Kind.EVENT,
        label=label,
        mentions=tuple(Mention(s.span.start_char, s.span.end_char, s.span.text) for s in scenes),
        type=first.label_,
        named=named,
        participants=tuple(dict.fromkeys(id_ for scene in scenes for id_ in scene.who)),
        place=place,
        when=when,
    )


def _full_name(scenes: list[_Scene]) -> str | None:
    """Return the usual name of a well-known event, else the fullest form of the name used most, or None."""
    names = [scene for scene in scenes if scene.span.id_ == "named"]
    if not names:
        return None
    usual = (usual_name([token.text for token in scene.span]) for scene in names)
    if well_known := next(filter(None, usual), None):
        return well_known
    counts = Counter(" ".join(scene.span.text.split()) for scene in names)
    words = {" ".join(scene.span.text.split()): scene.words for scene in names}
    most = max(counts, key=lambda name: (counts[name], len(name), name))
    return max((name for name in counts if words[name] >= words[most]), key=lambda name: (len(name), name))


def _unite(entities: Iterable[Entity]) -> list[Entity]:
    """Make one of entities with one id, whose names differ but in capitals or the like; the order is kept."""
    united: dict[str, Entity] = {}
    for entity in entities:
        if other := united.get(entity.id):
            mentions = tuple(sorted({*other.mentions, *entity.mentions}))
            entity = replace(
                other, mentions=mentions, participants=tuple(dict.fromkeys(other.participants + entity.participants))
            )
        united[entity.id] = entity
    return list(united.values())


def _label(scenes: list[_Scene], names: dict[str, _Name], place: str | None, when: str | None) -> str:
    """Return what a reported event is called: who, what, and where or when if that says more.

    Two that do a thing together are joined by a dash; of a single one the full name is used.
    """
    noun, type_ = scenes[0].noun, scenes[0].span.label_
    parties = _parties(scenes)
    if len(parties) > 1:
        return "–".join(names[id_].short for id_ in parties) + f" {noun}"
    who = names[parties[0]].full if parties else ""
    somewhere = place and not (parties and place in names[parties[0]].forms)
    if type_ == "visit" and somewhere:
        return f"{who} {noun} to {_with_article(place or '')}".strip()
    if somewhere:
        return f"{who} {noun} in {_with_article(place or '')}".strip()
    if who:
        return f"{who} {noun}"
    what = scenes[0].span.text if len(scenes[0].span) > 1 else noun
    return f"{what} ({when})" if when else what


def _parties(scenes: list[_Scene]) -> list[str]:
    """Return the ids of those the label names, in order of mention: whom the type prefers, where they first occur."""
    for kind, number in _PARTIES.get(scenes[0].span.label_, _ONE):
        for scene in scenes:
            near = [(start, id_) for start, id_ in scene.near if id_.startswith(kind)]
            ids = list(dict.fromkeys(id_ for _, id_ in near))[:number]
            if len(ids) == number:
                return list(dict.fromkeys(id_ for _, id_ in sorted(near) if id_ in ids))
    return []


def _names(entities: list[Entity]) -> dict[str, _Name]:
    """Return by id what each of `entities` is called; short is the single word that a person goes by most often."""
    names = {}
    for entity in entities:
        single = Counter(m.text for m in entity.mentions if " " not in m.text)
        short = min(single, key=lambda word: (-single[word], word)) if single else entity.label.split()[-1]
        forms = frozenset(mention.text for mention in entity.mentions)
        names[entity.id] = _Name(entity.label, short if entity.kind is Kind.PERSON else entity.label, forms)
    return names


def _with_article(place: str) -> str:
    """Return `place` as it stands after "in": "the Netherlands".

    >>> _with_article("Netherlands"), _with_article("Munich")
    ('the Netherlands', 'Munich')
    """
    return f"the {place}" if _TAKES_ARTICLE.match(place) else place
