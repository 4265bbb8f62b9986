"""How two nodes are connected: paths of links, each with its proof.

A path is as strong as resistors in a row let current through: 1 / (1 / w1 + 1 / w2 + ...), w being the weights of its
links. So a path is at most as strong as its weakest link, and weaker the longer it is. That is the distance of
M. E. J. Newman, "Scientific collaboration networks. II. Shortest paths, weighted networks, and centrality", Physical
Review E 64, 016132 (2001), turned round.
"""

from bisect import insort
from collections.abc import Collection, Mapping
from heapq import nsmallest
from itertools import pairwise
from typing import Any, NamedTuple

import networkx as nx

from kg.errors import BadQuestion
from kg.evidence import Evidence, best_evidence
from kg.queries.answers import Answer
from kg.queries.links import label_and_kind, strength, two

LONGEST = 3


class Path(NamedTuple):
    """A path, end to end: its strength, its nodes, what they are called, and the weight and proof of each link."""

    strength: float
    links: int
    nodes: tuple[str, ...]
    labels: tuple[str, ...]
    weights: tuple[float, ...]
    evidence: tuple[Evidence | None, ...]


# What a path costs, the inverse of its strength, and its nodes.
Way = tuple[float, tuple[str, ...]]


def path(graph: nx.Graph, a: str, b: str, *, longest: int | None = None, kinds: Collection[str] = ()) -> Answer[Path]:
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


def _meet(graph: nx.Graph, a: str, b: str, longest: int | None, kinds: Collection[str]) -> list[set[str]]:
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
    """Return the `k` strongest paths of at most `longest` links between two nodes; of equals the shorter first.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> found = paths(graph, "putin", "Ukraine", k=2)
    >>> found[0].strength >= found[1].strength
    True
    """
    one, other = two(graph, a, b)
    _check(longest)
    search = _Search(graph, other, kinds, k)
    for length in range(1, longest + 1):
        search.go_on((one,), 0.0, length)
    return Answer(Path, [_path(graph, nodes) for _, nodes in nsmallest(k, search.found, key=_order)])


def _check(longest: int | None) -> None:
    if longest is not None and longest < 1:
        raise BadQuestion(f"no path has {longest} links; allow for one or more")


def _order(way: Way) -> tuple[float, int, tuple[str, ...]]:
    return -round(1 / way[0], 6), len(way[1]), way[1]


class _Search:
    """A search for the cheapest ways to `goal`: `found` holds all of the `k` cheapest, and some more."""

    def __init__(self, graph: nx.Graph, goal: str, kinds: Collection[str], k: int) -> None:
        self.graph, self.goal, self.kinds, self.k = graph, goal, kinds, k
        self.found: list[Way] = []
        self.costs: list[float] = []  # the least ones, in order
        self.last = 1 / max((link.get("weight", 1.0) for link in graph[goal].values()), default=1.0)

    def is_worth(self, cost: float) -> bool:
        return len(self.costs) < self.k or cost <= self.costs[-1] * (1 + 1e-6)

    def go_on(self, nodes: tuple[str, ...], cost: float, left: int) -> None:
        """Go on from `nodes` to the goal by just so many links, the heaviest first.

        The last two are found by what the neighbourhoods of both ends have in common.
        """
        around = self.graph[nodes[-1]]
        if left == 1:
            if self.goal in around:
                self.arrive((*nodes, self.goal), cost + _cost(around, self.goal))
            return
        common = around.keys() & self.graph[self.goal].keys() if left == 2 else around.keys()
        for there, other in sorted((cost + _cost(around, other), other) for other in common):
            if not self.is_worth(there + self.last):
                return
            if other not in nodes and other != self.goal and self.is_of_kind(other):
                self.go_on((*nodes, other), there, left - 1)

    def arrive(self, nodes: tuple[str, ...], cost: float) -> None:
        if self.is_worth(cost):
            self.found.append((cost, nodes))
            insort(self.costs, cost)
            del self.costs[self.k :]

    def is_of_kind(self, node: str) -> bool:
        return not self.kinds or self.graph.nodes[node].get("kind") in self.kinds


def _cost(around: Mapping[str, Any], node: str) -> float:
    return float(1 / around[node].get("weight", 1.0))


def _path(graph: nx.Graph, nodes: tuple[str, ...]) -> Path:
    links = [graph[x][y] for x, y in pairwise(nodes)]
    weights = tuple(link.get("weight", 1.0) for link in links)
    labels = tuple(label_and_kind(graph, node)[0] for node in nodes)
    proofs = tuple(best_evidence(link.get("evidence") or ()) for link in links)
    return Path(strength(weights), len(links), nodes, labels, weights, proofs)
