"""Filters leave what was asked for, and the graph itself as it was."""

import networkx as nx
import pytest
from golden.graph import small_graph

from kg.filters import left_out, select

ANNA, UKRAINE, TALKS = "person/anna-o’neil", "country/UA", "event/peace-talks"
CASES = [
    ({}, set(small_graph())),
    ({"kinds": ["person", "country"]}, {ANNA, "person/владимир", UKRAINE}),
    ({"min_weight": 1}, {ANNA, UKRAINE, TALKS}),
    ({"min_weight": 1.5}, {ANNA, UKRAINE}),
    ({"min_articles": 2}, set()),
    ({"since": "2022-02"}, {UKRAINE, TALKS}),
    ({"until": "2021"}, set()),
    ({"around": "ukrayina"}, {UKRAINE, ANNA}),
    ({"around": "Ukraine", "depth": 2}, {UKRAINE, ANNA, TALKS}),
    ({"top": 2}, {ANNA, UKRAINE}),
    ({"kinds": ["person", "event"], "around": ANNA}, {ANNA, TALKS}),
]


@pytest.mark.parametrize(("filters", "kept"), CASES)
def test_what_is_kept(filters, kept):
    graph = small_graph()
    part = select(graph, **filters)
    assert set(part) == kept
    assert set(part.edges) <= set(graph.edges)
    assert nx.utils.graphs_equal(graph, small_graph())
    assert graph.graph == small_graph().graph
    assert {node for article in part.graph["articles"].values() for node in article["mentions"]} <= kept


def test_the_backbone_keeps_the_link_that_stands_out():
    graph = nx.star_graph(["hub", "friend", *"abcdefgh"])
    nx.set_edge_attributes(graph, 1, "weight")
    graph["hub"]["friend"]["weight"] = 50
    graph.add_edge("far", "away", weight=1)
    part = select(graph, backbone=0.05)
    assert set(part.edges) == {("hub", "friend")}


def test_what_was_left_out_is_counted():
    graph = small_graph()
    assert left_out(graph, select(graph, min_weight=1)) == {"event": 1, "person": 1, "links": 1}
    assert left_out(graph, graph) == {"links": 0}
