"""Communities that are seen at first sight, in the same places always."""

from itertools import combinations, pairwise

import networkx as nx
import numpy as np
import pytest

from kg.formats.listing import listed
from kg.layout import looks


def cliques(number, size):
    """Return cliques in a ring, each linked to the next by one link."""
    graph = nx.Graph()
    groups = [[f"person/{group:03}-{i:03}" for i in range(size)] for group in range(number)]
    for group in groups:
        graph.add_edges_from(combinations(group, 2), weight=2.0)
    graph.add_edges_from((a[0], b[1]) for a, b in pairwise([*groups, groups[0]]))
    return graph, groups


@pytest.mark.parametrize(("number", "size"), [(4, 8), (40, 12)])
def test_communities_are_found_and_lie_apart(number, size):
    graph, groups = cliques(number, size)
    look = looks(listed(graph))
    assert sorted({look[node].community for group in groups for node in group}) == list(range(number))
    places = [np.array([(look[node].x, look[node].y) for node in group]) for group in groups]
    centres = np.array([place.mean(axis=0) for place in places])
    spread = np.mean([np.linalg.norm(place - place.mean(axis=0), axis=1).mean() for place in places])
    between = np.linalg.norm(centres[:, None] - centres[None], axis=-1)[~np.eye(number, dtype=bool)]
    assert between.min() > 1.2 * spread


def test_the_same_graph_has_the_same_looks():
    graph, _ = cliques(30, 10)
    assert looks(listed(graph)) == looks(listed(graph.copy()))


def test_no_two_nodes_lie_in_one_place():
    graph, _ = cliques(30, 10)
    graph.add_nodes_from(f"person/alone-{i}" for i in range(200))
    graph.add_edges_from((f"person/pair-{i}", f"person/pair-{i}b") for i in range(100))
    look = looks(listed(graph))
    assert len({(row.x, row.y) for row in look.values()}) == len(graph)


@pytest.mark.parametrize("graph", [nx.Graph(), nx.Graph([("a", "a")]), nx.Graph([("a", "b")]), nx.empty_graph(["a"])])
def test_small_graphs_have_looks(graph):
    look = looks(listed(graph))
    assert look.keys() == set(graph)
    assert all(np.isfinite((row.x, row.y, row.size)).all() for row in look.values())


def test_communities_are_numbered_by_size():
    graph = nx.Graph()
    for name, size in (("a", 3), ("b", 5), ("c", 4)):
        graph.add_edges_from(combinations([f"{name}{i}" for i in range(size)], 2))
    look = looks(listed(graph))
    assert [look[node].community for node in ("b0", "c0", "a0")] == [0, 1, 2]
