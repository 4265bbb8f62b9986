"""From groups of entities that are one to nodes: the id and the label of each.

A node goes by the name that most articles give it, a full one if there is one. Where two nodes would go by one id, each
gets what tells it apart: its country, its title, or a digest of its first article.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.identity.company import Company, feature_label
from kg.identity.profiles import Country, Key, Person, Told
from kg.model import slug
from kg.names import is_full


@dataclass
class Nodes:
    """The node of each entity, how often each node is mentioned, and the labels that are not the articles' own."""

    node_of: dict[Key, str] = field(default_factory=dict)
    mentions: Counter[str] = field(default_factory=Counter)
    labels: dict[str, str] = field(default_factory=dict)


Rows = Mapping[Key, Person | Country | Told]


def name_nodes(groups: Iterable[Sequence[Key]], entities: Rows) -> Nodes:
    """Return the nodes that `groups` of entities are."""
    nodes = Nodes()
    by_id: dict[str, list[Sequence[Key]]] = defaultdict(list)
    for group in groups:
        by_id[_main_id(group, entities)].append(group)
    for id_, namesakes in by_id.items():
        marks = [""] if len(namesakes) == 1 else _marks(namesakes, entities)
        for group, mark in zip(namesakes, marks, strict=True):
            node = f"{id_}-{slug(mark)}" if mark else id_
            label = _label(group, id_, entities)
            if mark or any(entities[key].label != label for key in group):
                nodes.labels[node] = f"{label} ({mark})" if mark else label
            for key in group:
                nodes.node_of[key] = node
                nodes.mentions[node] += entities[key].mentions
    return nodes


def _main_id(group: Sequence[Key], entities: Rows) -> str:
    """Return the id of most articles in `group`, those of full names before others."""
    if len(group) == 1:
        return group[0][1]
    articles, mentions = Counter(id_ for _, id_ in group), Counter[str]()
    for key in group:
        mentions[key[1]] += entities[key].mentions
    full = {id_: _is_full(entities[key]) for key in group for id_ in key[1:]}
    return max(articles, key=lambda id_: (full[id_], articles[id_], mentions[id_], len(id_), id_))


def _is_full(entity: Person | Country | Told) -> bool:
    return not isinstance(entity, Person) or is_full(entity.name, entity.number)


def _label(group: Sequence[Key], id_: str, entities: Rows) -> str:
    """Return the label that most articles give the node, not one in capitals; of several, the last in sorted order."""
    if len(group) == 1:
        return entities[group[0]].label
    labels = Counter(entities[key].label for key in group if key[1] == id_)
    return max(labels, key=lambda label: (not label.isupper(), labels[label], label))


def _marks(groups: Sequence[Sequence[Key]], entities: Rows) -> list[str]:
    """Return what tells each of `groups` apart: a country or title that no other has, else a digest."""
    companies = [Company(row for key in group if isinstance(row := entities[key], Person)) for group in groups]
    return [
        _mark(company, [other for other in companies if other is not company])
        or hashlib.sha256("\n".join(min(group)).encode()).hexdigest()[:8]
        for group, company in zip(groups, companies, strict=True)
    ]


def _mark(company: Company, others: Iterable[Company]) -> str:
    elsewhere = {feature for other in others for feature in (*other.features, *other.titles)}
    own = [
        (-count, kind, feature)
        for kind, counts in enumerate((company.features, company.titles))
        for feature, count in counts.items()
        if feature not in elsewhere and (kind or feature.startswith("country/"))
    ]
    return feature_label(min(own)[2]) if own else ""
