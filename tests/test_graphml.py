"""GraphML that Gephi takes as it is, and that networkx reads back."""

import io
import math

import networkx as nx
import pytest
from gephi_rules import findings_in_graphml
from golden.graph import TALKS, small_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.formats.graphml import write_graphml
from kg.formats.listing import listed
from kg.formats.settings import Settings
from kg.formats.text import clean
from kg.graph import Evidence
from kg.vocabulary import link_id

NS = "{http://graphml.graphdrawing.org/xmlns}"
TEXT = st.text(st.characters(), max_size=20)


def graphml(graph):
    out = io.BytesIO()
    write_graphml(listed(graph), out, Settings())
    return out.getvalue()


def read(written):
    return nx.read_graphml(io.BytesIO(written))


def test_gephi_finds_nothing_to_complain_of():
    assert findings_in_graphml(graphml(small_graph())) == []


def test_networkx_gives_the_graph_back_with_its_columns():
    graph = small_graph()
    back = read(graphml(graph))
    looks = ("r", "g", "b", "size", "x", "y", "community")
    kept = {node: {name: value for name, value in row.items() if name not in looks} for node, row in back.nodes.items()}
    assert kept == {node: columns(graph.nodes[node]) for node in graph}
    assert {node: tuple(row[name] for name in looks[:4]) for node, row in back.nodes.items()} == {
        "person/anna-o’neil": (0, 114, 178, 50.0),
        "person/владимир": (0, 114, 178, 19.23),
        "country/UA": (230, 159, 0, 39.86),
        "event/peace-talks": (0, 158, 115, 33.46),
        "event/visit-1.": (0, 158, 115, 19.23),
    }
    assert {node: row["community"] for node, row in back.nodes.items()} == {
        **dict.fromkeys(("person/anna-o’neil", "country/UA", "event/peace-talks"), 0),
        **dict.fromkeys(("person/владимир", "event/visit-1."), 1),
    }
    quotes = {
        ("country/UA", "person/anna-o’neil"): (clean(TALKS), "plain-1"),
        ("event/peace-talks", "person/anna-o’neil"): (clean(TALKS), "plain-1"),
        ("event/visit-1.", "person/владимир"): ("Visit.", 'wire/100% "new" <a>\n'),
    }
    assert {(a, b): values for a, b, values in back.edges(data=True)} == {
        (a, b): columns(graph.edges[a, b]) | {"id": link_id(a, b), "quote": quote, "quote_article": article}
        for (a, b), (quote, article) in quotes.items()
    }
    assert type(back) is nx.Graph


def columns(attributes):
    """Return the attributes as GraphML can hold them: no lists, nothing empty, no control characters."""
    flat = {**attributes, "aliases": " | ".join(attributes.get("aliases", ()))}
    for name in ("evidence", "candidates", "replaces", "npmi_shrunk", "outlets", "copies"):
        flat.pop(name, None)
    flat["country"] = flat.get("iso") or flat.pop("place_country", None)
    for name in ("first", "last"):
        flat[f"{name}_year"] = int(flat[f"{name}_seen"][:4]) if flat.get(f"{name}_seen") else None
    kept = {name: value for name, value in flat.items() if value is not None and value != ""}
    return {name: clean(value) if isinstance(value, str) else value for name, value in kept.items()}


def test_types_come_back_as_they_were():
    back = read(graphml(small_graph()))
    node, edge = back.nodes["event/peace-talks"], back.edges["event/peace-talks", "person/anna-o’neil"]
    assert {name: type(value).__name__ for name, value in (node | edge).items()} == {
        **dict.fromkeys(["label", "kind", "type", "place", "when", "first_seen", "last_seen"], "str"),
        **dict.fromkeys(["date", "modality", "plover", "role", "country"], "str"),
        **dict.fromkeys(["id", "relation", "quote", "quote_article"], "str"),
        **dict.fromkeys(["mentions", "articles", "sentences", "paragraphs", "r", "g", "b"], "int"),
        **dict.fromkeys(["first_year", "last_year", "community"], "int"),
        **dict.fromkeys(["size", "x", "y", "weight", "npmi"], "float"),
        "named": "bool",
    }


@given(name=TEXT, label=TEXT, alias=TEXT, quote=TEXT)
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back(name, label, alias, quote):
    a, b = f"person/{name}", f"event/{name}"
    graph = nx.Graph()
    graph.add_node(a, kind="person", label=label, aliases=[alias])
    graph.add_node(b, kind="event", label=quote, place=alias)
    graph.add_edge(a, b, weight=1.0, evidence=[Evidence(label, 0, 1, quote, ((a, 0, 1, name), (b, 1, 2, alias)))])
    written = graphml(graph)
    assert findings_in_graphml(written) == []
    back = read(written)
    assert back.nodes[clean(a)].get("label", "") == clean(label)
    assert back.nodes[clean(a)].get("aliases", "") == clean(alias)
    assert back.nodes[clean(b)].get("place", "") == clean(alias)
    edge = back.edges[clean(a), clean(b)]
    assert (edge.get("quote", ""), edge.get("quote_article", "")) == (clean(quote), clean(label))


def test_nodes_whose_ids_differ_by_a_control_character_stay_apart():
    graph = nx.Graph([("a\x01", "a\x02"), ("a\x02", "a\ufffd")])
    back = read(graphml(graph))
    assert sorted(back) == ["a\ufffd", "a\ufffd\ufffd", "a\ufffd\ufffd\ufffd"]
    assert back.number_of_edges() == 2


@pytest.mark.parametrize("nothing", [None, "", math.nan, math.inf])
def test_what_is_empty_or_no_number_is_left_out(nothing):
    graph = nx.Graph()
    graph.add_node("a", label="A", aliases=[], place=None if isinstance(nothing, float) else nothing)
    graph.add_edge("a", "b", weight=2.0, npmi=nothing if isinstance(nothing, float) else None)
    back = read(graphml(graph))
    look = {name: back.nodes["a"].pop(name) for name in ("x", "y", "community")}
    assert look.keys() == {"x", "y", "community"}
    assert back.nodes["a"] == {"label": "A", "r": 153, "g": 153, "b": 153, "size": 50.0}
    assert back.edges["a", "b"] == {"id": link_id("a", "b"), "weight": 2.0}
    assert findings_in_graphml(graphml(graph)) == []
