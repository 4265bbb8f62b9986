"""From the profiles of articles to who is who in the corpus: which entities of several articles are one node, and why.

`resolve` finds pairs of entities that are one by keys and scores, and takes the connected components of these pairs for
the nodes. It depends on neither the order nor the batching of the profiles, which are made of one record each
(`profile_of`). `relabelled` then puts the ids of the nodes into a record.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kg.collector import collector_paused
from kg.curation import Line
from kg.identity.components import components
from kg.identity.events import event_rows, join_events
from kg.identity.knowledge import Candidate as Candidate
from kg.identity.knowledge import Knowledge, Query
from kg.identity.nodes import Nodes, Rows, name_nodes
from kg.identity.people import Pair, join_people
from kg.identity.profiles import Key as Key
from kg.identity.profiles import Person, Profile, Told
from kg.identity.profiles import profile_of as profile_of
from kg.model import Entity, Kind, Notice, Record
from kg.names import is_full


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


@dataclass(frozen=True)
class Identity:
    """Who is who in a corpus.

    `labels` holds what a node is called where the corpus overrules the articles; `wikidata` the candidates of nodes,
    best first; `doubts` come with those first that concern most mentions; `unmatched` says what of a curation met
    nothing, and `lines` which of its lines touched a node, that of a dropped one too; `uncorrected` is what `node_of`
    was before a curation was applied.
    """

    node_of: Mapping[Key, str] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    wikidata: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    unmatched: tuple[Notice, ...] = ()
    lines: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    uncorrected: Mapping[Key, str] = field(default_factory=dict)


def resolve(profiles: Iterable[Profile], *, knowledge: Knowledge | None = None) -> Identity:
    """Return who is who in `profiles`, in whatever order they come; with `knowledge`, which known items they are."""
    with collector_paused():
        return _resolve(list(profiles), knowledge)


def _resolve(profiles: list[Profile], knowledge: Knowledge | None) -> Identity:
    entities: Rows = {row.key: row for profile in profiles for row in profile.rows}
    people = join_people(row for profile in profiles for row in profile.people)
    joins = [*_by_id(row.key for profile in profiles for row in profile.countries), *people.joins]
    groups = components(entities, ((a, b) for a, b, _, _ in joins))
    events = join_events(event_rows(profiles, {key: group[0][1] for group in groups for key in group}))
    joins += events.joins
    groups = components(entities, ((a, b) for a, b, _, _ in joins))
    nodes = name_nodes(groups, entities)
    doubts = [*people.doubts, *events.doubts, *(pair for pair in joins if pair[3] < UNSURE)]
    return Identity(
        nodes.node_of,
        tuple(sorted(Join(min(a, b), max(a, b), reason, score) for a, b, reason, score in joins)),
        _doubts(doubts, nodes),
        nodes.labels,
        knowledge.candidates(list(_queries(groups, nodes, entities))) if knowledge else {},
    )


def _queries(groups: Iterable[list[Key]], nodes: Nodes, entities: Rows) -> Iterator[Query]:
    """Yield what is asked of each person with a full name and each event with a name, in order of their nodes."""
    countries: dict[str, set[str]] = {}
    for article, id_ in entities:
        countries.setdefault(article, set()).update([id_] if id_.startswith("country/") else [])
    asked = {}
    for group in groups:
        rows, node = [entities[key] for key in group], nodes.node_of[group[0]]
        people = [row for row in rows if isinstance(row, Person)]
        if people:
            labels = [row.label for row in people if is_full(row.name, row.number)]
            near = frozenset().union(*(row.countries for row in people))
        else:
            labels = [row.label for row in rows]
            near = frozenset().union(*(countries[article] for article, _ in group))
        first = rows[0]
        if labels and (isinstance(first, Person) or (isinstance(first, Told) and first.named)):
            names = Counter(labels)
            label = max(names, key=lambda name: (names[name], name))
            kind = Kind.PERSON if isinstance(first, Person) else Kind.EVENT
            asked[node] = Query(node, kind, label, tuple(sorted(names)), near)
    yield from (asked[node] for node in sorted(asked))


# A join less sure than this is a doubt as well.
UNSURE = 0.75


def _by_id(keys: Iterable[Key]) -> Iterator[Pair]:
    """Yield pairs of the entities with these keys that have one id."""
    for (id_, article), (same, other) in pairwise(sorted((id_, article) for article, id_ in keys)):
        if id_ == same:
            yield (article, id_), (other, same), "same name", 1.0


def _doubts(pairs: Iterable[Pair], nodes: Nodes) -> tuple[Doubt, ...]:
    """Return what is in doubt, that of most mentions first, each once."""
    doubts: dict[tuple[str, str, str], Doubt] = {}
    for a, b, reason, score in sorted(pairs):
        one, other = sorted((nodes.node_of[a], nodes.node_of[b]))
        doubt = Doubt(one, other, reason, score, joined=one == other)
        doubts.setdefault((one, other, reason if doubt.joined else ""), doubt)
    return tuple(sorted(doubts.values(), key=lambda doubt: (-nodes.mentions[doubt.a] - nodes.mentions[doubt.b], doubt)))


def former_ids(identity: Identity) -> dict[str, list[str]]:
    """Return, by node, the ids that no node has any more but entities of it had: in an article, or before corrections.

    A graph of some of the articles, or without the corrections, may have nodes with these ids. Several nodes share one
    that meant all of them.
    """
    there, former = set(identity.node_of.values()), defaultdict(set)
    for key, node in identity.node_of.items():
        former[node].update({key[1], identity.uncorrected.get(key, node)} - there)
    return {node: sorted(former[node]) for node in sorted(former) if former[node]}


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
    entity = _as_kind(entity, Kind(node.partition("/")[0]), node)
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


def _as_kind(entity: Entity, kind: Kind, node: str) -> Entity:
    """Return `entity` as one of the kind of its node: a correction may make an event of what was read as a person."""
    if entity.kind is kind:
        return entity
    iso = node.partition("/")[2] if kind is Kind.COUNTRY else None
    other = Entity(entity.id, kind, entity.label, entity.mentions, iso=iso)
    return replace(other, type="other", named=True) if kind is Kind.EVENT else other


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
