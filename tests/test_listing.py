"""What is listed is written as what is held."""

import importlib.util
from pathlib import Path

import networkx as nx
import pytest

from kg.formats import FORMATS, write_all
from kg.formats.listing import candidates, listed

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def synthetic(nodes, links):
    spec = importlib.util.spec_from_file_location("synthetic", BENCHMARKS / "synthetic.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Synthetic(nodes, links)


def held(listing):
    """Return the networkx graph of a listing."""
    graph = nx.Graph(**{**listing.facts, "articles": dict(listing.facts["articles"])})
    graph.add_nodes_from(reversed(list(listing.nodes())))
    graph.add_edges_from((b, a, link) for a, b, link in listing.links())
    return graph


@pytest.mark.parametrize("name", FORMATS)
def test_a_listing_is_written_as_the_graph_is(name, tmp_path):
    graph = synthetic(60, 300)
    for folder, source in (("listed", graph), ("held", held(graph))):
        paths = write_all(source, tmp_path / folder, [name], profile="full")
    for path in paths:
        assert path.read_bytes() == (tmp_path / "listed" / path.relative_to(tmp_path / "held")).read_bytes()


def test_links_are_listed_once_and_in_order():
    links = [("b", "a"), ("c", "a"), ("b", "b"), ("c", "b")]
    assert [(a, b) for a, b, _ in listed(nx.Graph(links)).links()] == [("a", "b"), ("a", "c"), ("b", "b"), ("b", "c")]


def test_candidates_may_be_values_or_mappings():
    class Candidate:
        item, label, score = "Q1", "One", 0.5

    assert candidates({"candidates": (Candidate(), {"id": "Q2", "score": 1})}) == [
        {"id": "Q1", "label": "One", "score": 0.5},
        {"id": "Q2", "score": 1},
    ]
    assert candidates({"candidates": None}) == candidates({}) == []
