"""Who belongs together: groups of nodes with more links among them than to others."""

from math import fsum
from typing import NamedTuple

import networkx as nx

from kg.formats.listing import listed
from kg.queries.answers import Answer


class Community(NamedTuple):
    """A community: its number, as in the files for Gephi, how many there are of each kind, and who, strongest first."""

    community: int
    size: int
    people: int
    countries: int
    events: int
    members: tuple[str, ...]
    nodes: tuple[str, ...]


def communities(graph: nx.Graph, *, limit: int | None = None) -> Answer[Community]:
    """List the communities, the largest first; who has no link is one alone and is left out.

    They are found by the Leiden algorithm, see `kg.layout`. `members` are what the nodes are called whose links weigh
    most, five at most; `nodes` holds the ids of all.

    >>> import kg
    >>> communities(kg.open_graph("exports/"))[0].community
    0
    """
    from kg.layout import community_of

    members: dict[int, list[str]] = {}
    for node, number in sorted(community_of(listed(graph)).items()):
        if graph.degree(node):
            members.setdefault(number, []).append(node)
    return Answer(Community, [_community(graph, number, members[number]) for number in sorted(members)][:limit])


def _community(graph: nx.Graph, number: int, nodes: list[str]) -> Community:
    kinds = [graph.nodes[node].get("kind") for node in nodes]
    people, countries, events = (kinds.count(kind) for kind in ("person", "country", "event"))
    weights = {node: fsum(link.get("weight", 1.0) for link in graph[node].values()) for node in nodes}
    first = sorted(nodes, key=lambda node: (-weights[node], node))[:5]
    members = tuple(graph.nodes[node].get("label", node) for node in first)
    return Community(number, len(nodes), people, countries, events, members, tuple(nodes))
