import networkx as nx
import pytest

from kg.errors import UnknownEntity
from kg.graph import Evidence
from kg.queries import Neighbour, neighbours


def proof(text: str) -> list[Evidence]:
    return [Evidence("a", 0, len(text), text, ())]


def test_neighbours_come_strongest_first_ties_by_id():
    graph = nx.Graph()
    for node, label in (("uk", "Britain"), ("eu", "Union"), ("un", "Nations"), ("au", "African Union")):
        graph.add_node(node, label=label)
    graph.add_edge("uk", "un", weight=1.0, evidence=proof("One."))
    graph.add_edge("uk", "eu", weight=2.0, evidence=proof("Two."))
    graph.add_edge("au", "uk", weight=1.0, evidence=proof("Three."))
    graph.add_edge("un", "eu", weight=9.0, evidence=proof("Four."))
    assert neighbours(graph, "uk") == [
        Neighbour("eu", "Union", 2.0, *proof("Two.")),
        Neighbour("au", "African Union", 1.0, *proof("Three.")),
        Neighbour("un", "Nations", 1.0, *proof("One.")),
    ]


def test_an_unknown_entity_is_named():
    with pytest.raises(UnknownEntity, match="'atlantis'"):
        neighbours(nx.Graph(), "atlantis")
