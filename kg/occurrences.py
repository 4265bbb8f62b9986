"""From the mentions of events in a document to its events: one entity an occurrence.

The scenes of the mentions are put together by `kg.event_groups`; who takes part and how is weighed by
`kg.event_roles`, and the label is made of that, the type, the place and the time by `kg.event_labels`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from spacy.tokens import Doc

from kg.event_groups import Group, grouped, won_there
from kg.event_labels import full_name, label_of, names_of
from kg.event_roles import cast_of, participants
from kg.event_worth import is_bare, listed
from kg.model import Entity, Kind, Mention, slug
from kg.plover import plover
from kg.recognition.texts import text_of
from kg.scenes import Scene, named_in_sentences, scenes_of


def events(
    doc: Doc, people: list[Entity], countries: list[Entity], article_id: str, published: date | None = None
) -> list[Entity]:
    """Group the mentions of events in `doc` into events, in order of first mention.

    Left out is what a reader would hardly list, what is only said, and what nobody takes part in at no place and no
    time.

    `published` is the day of the article, from which dates are reckoned. Participants are ids of `people` and
    `countries`, in order of mention. The id of a reported event holds a digest of the article and of where it is first
    mentioned, for it is that article's own.
    """
    cast = cast_of(text_of(doc), people, countries, named_in_sentences(doc, people, countries))
    names = names_of([*people, *countries], cast.nations)
    found = []
    groups = grouped(list(scenes_of(doc, people, countries, published)))
    for group in listed(groups):
        roles = participants([*group.scenes, *won_there(group, groups)], group.type, cast)
        if roles or not is_bare(group):
            found.append(_entity(group, roles, label_of(group, roles, names), article_id))
    return _unite(found)


def _entity(group: Group, roles: list[tuple[str, str]], label: str, article_id: str) -> Entity:
    """Make the entity of the occurrence that `group` tells of."""
    scenes = group.scenes
    told_as, cue = said_of(scenes)
    dated = next((scene for scene in scenes if scene.days), None) or next((s for s in scenes if s.when), scenes[0])
    placed = next((scene for scene in scenes if scene.place), scenes[0])
    digest = hashlib.sha256(f"{article_id}:{scenes[0].span.start_char}".encode()).hexdigest()[:8]
    key = slug(label.replace("’s ", " ").replace("'s ", " "))
    return Entity(
        id=f"event/{key}" if full_name(scenes) else f"event/{key}-{digest}",
        kind=Kind.EVENT,
        label=label if told_as in ("happened", "historical") or full_name(scenes) else f"{label} ({told_as})",
        mentions=tuple(
            Mention(s.span.start_char, s.span.end_char, s.span.text) for s in scenes if not (group.named and s.verb)
        ),
        type=group.type,
        named=group.named,
        participants=tuple(id_ for id_, _ in roles),
        place=placed.place,
        place_country=placed.place_country,
        when=dated.when,
        roles=tuple(roles),
        modality=told_as,
        cue=cue,
        date=dated.days,
        plover=plover(group.type, [scene.noun for scene in scenes]),
    )


def said_of(scenes: Sequence[Scene]) -> tuple[str, str | None]:
    """Return what most mentions of an event say of it, with a cue if one says so; a noun without a cue counts half."""
    votes: dict[str, float] = defaultdict(float)
    for scene in scenes:
        votes[scene.modality] += 1.0 if scene.cue or scene.verb else 0.5
    said = max(votes, key=lambda value: (votes[value], value != "happened"))
    return said, next((scene.cue for scene in scenes if scene.modality == said), None)


def _unite(entities: Iterable[Entity]) -> list[Entity]:
    """Make one of entities with one id, whose names differ but in capitals or the like; the order is kept."""
    united: dict[str, Entity] = {}
    for entity in entities:
        if other := united.get(entity.id):
            roles = {**dict(entity.roles), **dict(other.roles)}
            ids = tuple(dict.fromkeys(other.participants + entity.participants))
            entity = replace(
                other,
                mentions=tuple(sorted({*other.mentions, *entity.mentions})),
                participants=ids,
                roles=tuple((id_, roles[id_]) for id_ in ids),
            )
        united[entity.id] = entity
    return list(united.values())
