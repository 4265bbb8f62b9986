"""How two nodes are connected: paths of links, each with its proof.

A path is as strong as resistors in a row let current through: 1 / (1 / w1 + 1 / w2 + ...), w being the weights of its
links. So a path is at most as strong as its weakest link, and weaker the longer it is. That is the distance of
M. E. J. Newman, "Scientific collaboration networks. II. Shortest paths, weighted networks, and centrality", Physical
Review E 64, 016132 (2001), turned round.
"""

from collections.abc import Collection, Iterator
from heapq import nsmallest
from math import inf
from typing import NamedTuple

import networkx as nx

from kg.errors import BadQuestion
from kg.graph import Evidence, best_evidence
from kg.queries.answers import Answer
from kg.queries.links import label_and_kind, strength, two

LONGEST = 3


class Path(NamedTuple):
    """A path, end to end: how strong it is, its nodes, what they are called, its weights, and the proof of each link."""

    strength: float
    links: int
    nodes: tuple[str, ...]
    labels: tuple[str, ...]
    weights: tuple[float, ...]
    evidence: tuple[Evidence | None, ...]


# What a path costs, the inverse of its strength, and its nodes.
Way = tuple[float, tuple[str, ...]]


def path(
    graph: nx.Graph, a: str, b: str, *, longest: int | None = None, kinds: Collection[str] = ()
) -> Answer[Path]:
    """Return the shortest path between two nodes, of equally short ones the strongest; none if there is none.

    `longest` is how many links it may have, any number if None; `kinds` those of the nodes that it may pass through,
    all if there are none.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> path(graph, "putin", "Russia")[0].labels
    ('Vladimir Putin', 'Russia')
    """
    one, other = two(graph, a, b)
    _check(longest)
    layers = _meet(graph, one, other, longest, kinds)
    return Answer(Path, [_path(graph, _strongest_through(graph, layers))] if layers else [])


def _meet(
    graph: nx.Graph, a: str, b: str, longest: int | None, kinds: Collection[str]
) -> list[set[str]]:
    """Return the nodes that the shortest paths may pass through, by how many links they are from `a`; none if too far.

    The search goes out from both ends, each time from the one with fewer nodes to go on from.
    """
    ahead, behind, seen = [{a}], [{b}], {a: {a}, b: {b}}
    while not ahead[-1] & behind[-1]:
        if not ahead[-1] or not behind[-1] or len(ahead) + len(behind) - 2 == longest:
            return []
        side, end, goal = (ahead, a, b) if len(ahead[-1]) <= len(behind[-1]) else (behind, b, a)
        near = {other for node in side[-1] for other in graph[node]} - seen[end]
        side.append({node for node in near if node == goal or not kinds or graph.nodes[node].get("kind") in kinds})
        seen[end] |= near
    return [*ahead[:-1], ahead[-1] & behind[-1], *reversed(behind[:-1])]


def _strongest_through(graph: nx.Graph, layers: list[set[str]]) -> tuple[str, ...]:
    """Return the strongest path with one node of each layer, of equals the first by its nodes."""
    best: dict[str, Way] = {node: (0.0, (node,)) for node in layers[0]}
    for layer in layers[1:]:
        found: dict[str, Way] = {}
        for node, (cost, nodes) in best.items():
            for other in layer & graph[node].keys() if len(layer) < len(graph[node]) else graph[node].keys() & layer:
                way = (round(cost + 1 / graph[node][other].get("weight", 1.0), 12), (*nodes, other))
                found[other] = min(way, found.get(other, way))
        best = found
    return min(best.values())[1]


def paths(
    graph: nx.Graph, a: str, b: str, *, k: int = 3, longest: int = LONGEST, kinds: Collection[str] = ()
) -> Answer[Path]:
    """Return the `k` strongest paths of at most `longest` links between two nodes; of equals the shorter, then by nodes.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> found = paths(graph, "putin", "Ukraine", k=2)
    >>> found[0].strength >= found[1].strength
    True
    """
    one, other = two(graph, a, b)
    _check(longest)
    chosen: list[Way] = []
    for length in range(1, longest + 1):
        ways = _ways(graph, (one,), 0.0, other, length, kinds, chosen, k)
        chosen = nsmallest(k, {*chosen, *ways}, key=_order)
    return Answer(Path, [_path(graph, nodes) for _, nodes in chosen])


def _check(longest: int | None) -> None:
    if longest is not None and longest < 1:
        raise BadQuestion(f"no path has {longest} links; allow for one or more")


def _order(way: Way) -> tuple[float, int, tuple[str, ...]]:
    return -round(1 / way[0], 6), len(way[1]), way[1]


def _ways(
    graph: nx.Graph, nodes: tuple[str, ...], cost: float, goal: str, left: int, kinds: Collection[str],
    chosen: list[Way], k: int,
) -> Iterator[Way]:
    """Yield the ways that go on from `nodes` to `goal` by just so many links, but for some that cannot be among the best.

    The last two links are found by what the neighbourhoods of both ends have in common.
    """
    around, ends = graph[nodes[-1]], graph[goal]
    if left == 1:
        if goal in around:
            yield cost + 1 / around[goal].get("weight", 1.0), (*nodes, goal)
        return
    enough = chosen[-1][0] + 1e-6 * chosen[-1][0] if len(chosen) == k else inf
    at_least = 1 / max((link.get("weight", 1.0) for link in ends.values()), default=1.0)
    for other in ends.keys() & around.keys() if left == 2 else list(around):
        if other in nodes or other == goal or (kinds and graph.nodes[other].get("kind") not in kinds):
            continue
        there = cost + 1 / around[other].get("weight", 1.0)
        if there + at_least <= enough:
            yield from _ways(graph, (*nodes, other), there, goal, left - 1, kinds, chosen, k)


def _path(graph: nx.Graph, nodes: tuple[str, ...]) -> Path:
    links = [graph[x][y] for x, y in zip(nodes, nodes[1:], strict=False)]
    weights = tuple(link.get("weight", 1.0) for link in links)
    labels = tuple(label_and_kind(graph, node)[0] for node in nodes)
    proofs = tuple(best_evidence(link.get("evidence") or ()) for link in links)
    return Path(strength(weights), len(links), nodes, labels, weights, proofs)
