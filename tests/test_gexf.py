"""GEXF that Gephi takes as it is, and whose timeline plays."""

import io
from xml.etree import ElementTree

import networkx as nx
import pytest
from gephi_rules import findings_in_gexf
from golden.graph import small_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.formats.gexf import write_gexf
from kg.formats.listing import listed
from kg.formats.settings import Settings
from kg.formats.text import clean
from kg.graph import Evidence
from kg.vocabulary import link_id

NS = "{http://gexf.net/1.3}"
TEXT = st.text(st.characters(), max_size=20)


def gexf(graph):
    out = io.BytesIO()
    write_gexf(listed(graph), out, Settings())
    return out.getvalue()


def test_gephi_finds_nothing_to_complain_of():
    assert findings_in_gexf(gexf(small_graph())) == []


def test_a_graph_without_dates_is_static():
    graph = nx.Graph([("a", "b")])
    written = gexf(graph)
    assert findings_in_gexf(written) == []
    assert b'mode="static">' in written
    assert b"start=" not in written


def test_a_graph_whose_links_alone_have_dates_is_dynamic_and_its_nodes_are_always_there():
    graph = nx.Graph([("a", "b"), ("b", "c")])
    graph.edges["a", "b"].update(first_seen="1945-05-08", last_seen="2025-09-03")
    written = gexf(graph)
    assert findings_in_gexf(written) == []
    assert b'mode="dynamic"' in written
    timed = {
        e.get("id"): (e.get("start"), e.get("end")) for e in ElementTree.fromstring(written).iter() if e.get("start")
    }
    assert timed == {link_id("a", "b"): ("1945-05-08", "2025-09-03")}


def dated(*days, weight=1.0):
    """Return a graph of one link, with one quote a day."""
    evidence = [Evidence(f"on-{day}", 0, 1, "a", (("a", 0, 1, "a"), ("b", 0, 1, "a"))) for day in days]
    seen = {"first_seen": min(days), "last_seen": max(days)}
    graph = nx.Graph(articles={f"on-{day}": {"published": day} for day in days})
    graph.add_node("a", **seen)
    graph.add_node("b", **seen)
    graph.add_edge("a", "b", weight=weight, evidence=evidence, **seen)
    return graph


@pytest.mark.parametrize(
    ("days", "slices"),
    [
        (["2022-01-29"], [("2022-01-29", "2022-01-29", 6.0)]),
        (
            ["2022-01-29", "2022-03-01", "2022-03-01T10:00Z"],
            [("2022-01-29", "2022-01-29", 2.0), ("2022-03-01", "2022-03-01", 4.0)],
        ),
        (["2022-01-29", "2022-12-02"], [("2022-01-29", "2022-01-31", 3.0), ("2022-12-01", "2022-12-02", 3.0)]),
        (["2002-01-29", "2022-12-02"], [("2002-01-29", "2002-12-31", 3.0), ("2022-01-01", "2022-12-02", 3.0)]),
    ],
)
def test_the_weight_is_shared_out_over_time_and_sums_to_the_whole(days, slices):
    graph = dated(*days, weight=6.0)
    for attributes in (*graph.nodes.values(), graph.edges["a", "b"]):
        attributes |= {name: attributes[name][:10] for name in ("first_seen", "last_seen")}
    written = gexf(graph)
    assert findings_in_gexf(written) == []
    values = [v for v in ElementTree.fromstring(written).iter(f"{NS}attvalue") if v.get("for") == "weight"]
    assert [(v.get("start"), v.get("end"), float(v.get("value"))) for v in values] == slices


def test_what_is_told_on_other_days_than_it_happened_counts_when_it_happened():
    graph = dated("2022-01-29", "2022-02-01", "2022-02-03", weight=3.0)
    graph.edges["a", "b"].update(first_seen="2022-01-30", last_seen="2022-02-01")
    assert findings_in_gexf(gexf(graph)) == []
    values = [v for v in ElementTree.fromstring(gexf(graph)).iter(f"{NS}attvalue") if v.get("for") == "weight"]
    assert [(v.get("start"), float(v.get("value"))) for v in values] == [("2022-01-30", 1.0), ("2022-02-01", 2.0)]


def test_a_node_lives_as_long_as_its_links():
    graph = dated("2022-01-29", "2022-02-01")
    graph.nodes["a"]["first_seen"] = graph.nodes["a"]["last_seen"] = "2022-01-30"
    graph.nodes["b"]["first_seen"] = None
    graph.add_node("c", first_seen="2022-01-01", last_seen="2022-01-01")
    graph.add_edge("b", "c")
    nodes = {node.get("id"): node for node in ElementTree.fromstring(gexf(graph)).iter(f"{NS}node")}
    assert {id: (node.get("start"), node.get("end")) for id, node in nodes.items()} == {
        "a": ("2022-01-29", "2022-02-01"),
        "b": (None, None),
        "c": (None, None),
    }
    assert findings_in_gexf(gexf(graph)) == []


@given(name=TEXT, label=TEXT, quote=TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(name, label, quote):
    a, b = f"person/{name}", f"event/{name}"
    graph = nx.Graph()
    graph.add_node(a, kind="person", label=label, aliases=[quote])
    graph.add_node(b, kind="event", label=quote, place=label)
    graph.add_edge(a, b, weight=1.0, evidence=[Evidence(label, 0, 1, quote, ((a, 0, 1, name), (b, 1, 2, label)))])
    written = gexf(graph)
    assert findings_in_gexf(written) == []
    back = nx.read_gexf(io.BytesIO(written), version="1.3")
    assert back.nodes[clean(a)]["label"] == clean(label)
    assert back.nodes[clean(a)].get("aliases", "") == clean(quote)
    assert back.edges[clean(a), clean(b)].get("quote", "") == clean(quote)
