"""From the mentions of events in a document to its events: one entity an occurrence.

Two mentions tell of one occurrence if they use one name, or one kind of happening (the noun the trigger table gives)
and those who take part do not say otherwise. Participants, place and time are those of the mentions' scenes, and the
label is made of them.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import NamedTuple

from spacy.tokens import Doc

from kg.gazetteers import table
from kg.model import Entity, Kind, Mention, slug
from kg.recognition.named_events import usual_name
from kg.scenes import Scene, scenes_of, word_before

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
_TAKES_ARTICLE = re.compile(
    r"(?:Netherlands|United|Philippines|Maldives|Bahamas|Gambia|US|U\.S\.?|UK|U\.K\.?|UAE|EU|DRC|Democratic|Dominican|"
    r"Czech|Central African|Middle East|West Bank|Vatican|Congo|Solomon|Marshall|Hague)\b"
)
# Words of a name that tie it together, and those that make a noun take up what went before.
_LINKS = frozenset({"of", "the", "in", "on", "and", "for", "against", "between"})
_POINTING = frozenset({"the", "this", "that", "these"})
_DEFINITE = _POINTING | {"his", "her", "their", "'s", "’s"}
# How many events back one is sought again; for texts that are no prose.
_MEMORY = 300


class _Name(NamedTuple):
    """What a participant is called in a label: alone, and joined with others."""

    full: str
    short: str
    forms: frozenset[str]


def events(doc: Doc, people: list[Entity], countries: list[Entity], article_id: str) -> list[Entity]:
    """Group the mentions of events in `doc` into events, in order of first mention.

    Participants are ids of `people` and `countries`, in order of mention. The id of a reported event holds a digest of
    the article and of where it is first mentioned, for it is that article's own.
    """
    names = _names([*people, *countries])
    groups = _group(list(scenes_of(doc, people, countries)))
    return _unite(_entity(scenes, names, article_id) for scenes in groups)


def _group(scenes: list[Scene]) -> list[list[Scene]]:
    """Put the mentions of one occurrence together, groups in order of first mention.

    Left out is what is mentioned once without a name and with nobody, no place and no time beside it.
    """
    groups: list[list[Scene]] = []
    for scene in scenes:
        homes = [group for group in islice(reversed(groups), _MEMORY) if _same(group, scene)]
        if homes:
            next((group for group in homes if _numbers_agree(group, scene)), homes[0]).append(scene)
        else:
            groups.append([scene])
    return [group for group in _named_later(groups) if not _is_bare(group)]


def _numbers_agree(group: list[Scene], scene: Scene) -> bool:
    """Tell whether both are singular or both plural: "fires" are rather the "California fires" than "Eaton Fire"."""
    return _is_plural(group[0]) == _is_plural(scene)


def _is_plural(scene: Scene) -> bool:
    return scene.span[-1].lower_.endswith("s")


def _named_later(groups: list[list[Scene]]) -> list[list[Scene]]:
    """Join "the crisis" to the "Ukraine crisis" that is named only later, where just one name can be meant."""
    named = [group for group in groups if any(scene.span.id_ == "named" for scene in group)]
    joined: list[list[Scene]] = []
    for group in groups:
        first = group[0]
        alike = [other for other in named if other is not group and _of_a_kind(other, first)]
        if len(first.span) == len(alike) == 1 and first.span.id_ == "reported" and word_before(first.span) in _POINTING:
            alike[0].extend(group)
        else:
            joined.append(group)
    for group in joined:
        group.sort(key=lambda scene: scene.span.start)
    return sorted(joined, key=lambda group: group[0].span.start)


def _of_a_kind(named: list[Scene], scene: Scene) -> bool:
    return named[0].span.label_ == scene.span.label_ and any(
        other.span.id_ == "named" and _alike(other.noun, scene.noun) for other in named
    )


def _is_bare(group: list[Scene]) -> bool:
    first = group[0]
    return len(group) == 1 and first.span.id_ != "named" and not (first.near or first.place or first.when)


def _same(group: list[Scene], scene: Scene) -> bool:
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


def _resumes(scene: Scene, type_: str) -> bool:
    """Tell whether `scene` takes up an event of `type_` in general words: "the incident" after "was shot"."""
    span = scene.span
    return span.id_ == "reported" and type_ in _resumed_by(scene.noun) and word_before(span) in _DEFINITE


def _alike(one: str, other: str) -> bool:
    """Tell whether two nouns can tell of one event: "war" and "conflict"."""
    return _family(one) == _family(other)


def _names_agree(one: Scene, other: Scene) -> bool:
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


def _entity(scenes: list[Scene], names: dict[str, _Name], article_id: str) -> Entity:
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


def _full_name(scenes: list[Scene]) -> str | None:
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


def _label(scenes: list[Scene], names: dict[str, _Name], place: str | None, when: str | None) -> str:
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


def _parties(scenes: list[Scene]) -> list[str]:
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
