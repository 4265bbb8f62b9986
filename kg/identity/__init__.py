"""From the records of articles to who is who in the corpus: which entities of several articles are one node, and why.

`resolve` makes a table of the entities, finds pairs that are one by keys and scores, and takes the connected
components of these pairs for the nodes. It depends on neither the order nor the batching of the records. `relabelled`
then puts the ids of the nodes into a record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from kg.identity.components import components
from kg.model import Entity, Notice, Record

# The id of an article, and that of one of its entities.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Join:
    """Two entities of articles taken for one, and why; `score` says how sure that is, from 0 to 1."""

    a: Key
    b: Key
    reason: str
    score: float


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """Two names of which it is not sure whether they are one: joined all the same, or left apart.

    `a` and `b` are ids of nodes, which are one and the same where a weak join made them so.
    """

    a: str
    b: str
    reason: str
    score: float
    joined: bool


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """An item of Wikidata that a node may be; `exact` says that it is taken for the same."""

    item: str
    label: str
    score: float
    exact: bool


@dataclass(frozen=True)
class Identity:
    """Who is who in a corpus.

    `labels` holds what a node is called where the corpus overrules the articles; `wikidata` the candidates of nodes,
    best first; `doubts` come with those first that concern most mentions; `unmatched` says what of a curation met
    nothing.
    """

    node_of: Mapping[Key, str] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    wikidata: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    unmatched: tuple[Notice, ...] = ()


def resolve(records: Iterable[Record], *, curation: Any = None, knowledge: Any = None) -> Identity:
    """Return who is who in `records`, in whatever order they come."""
    keys = sorted((entity.id, record.article.id) for record in records for entity in record.entities)
    joins = [
        Join((article, id), (other, same), "same name", 1.0)
        for (id, article), (same, other) in pairwise(keys)
        if id == same
    ]
    groups = components(((article, id) for id, article in keys), ((join.a, join.b) for join in joins))
    return Identity({key: min(id for _, id in group) for group in groups for key in group}, tuple(sorted(joins)))


def relabelled(record: Record, identity: Identity) -> Record:
    """Return `record` with the ids of nodes for those of its own entities; what is no node is left out.

    Entities of the article that are one node are made one.
    """
    node_of = {
        entity.id: node
        for entity in record.entities
        if (node := identity.node_of.get((record.article.id, entity.id))) is not None
    }
    entities: dict[str, Entity] = {}
    for entity in record.entities:
        if (node := node_of.get(entity.id)) is not None:
            entity = _renamed(entity, node, node_of, identity.labels.get(node))
            entities[node] = _united(entities[node], entity) if node in entities else entity
    return replace(record, entities=tuple(entities.values()))


def _renamed(entity: Entity, node: str, node_of: Mapping[str, str], label: str | None) -> Entity:
    """Return `entity` as the node it is, its participants as theirs."""
    if node == entity.id and label is None and all(node_of.get(id_) == id_ for id_ in entity.participants):
        return entity
    roles = {node_of[id_]: role for id_, role in reversed(entity.roles) if id_ in node_of}
    participants = tuple(dict.fromkeys(node_of[id_] for id_ in entity.participants if id_ in node_of))
    return replace(
        entity,
        id=node,
        label=label or entity.label,
        participants=participants,
        roles=tuple((id_, roles[id_]) for id_ in participants if id_ in roles),
    )


def _united(one: Entity, other: Entity) -> Entity:
    """Make one entity of two of one article; `one`, which comes first, decides what both say."""
    roles = dict(other.roles) | dict(one.roles)
    participants = tuple(dict.fromkeys(one.participants + other.participants))
    return replace(
        one,
        mentions=tuple(sorted({*one.mentions, *other.mentions}, key=lambda mention: (mention.start, mention.end))),
        named=one.named or other.named,
        participants=participants,
        roles=tuple((id_, roles[id_]) for id_ in participants if id_ in roles),
        place=one.place or other.place,
        when=one.when or other.when,
        date=one.date or other.date,
    )
