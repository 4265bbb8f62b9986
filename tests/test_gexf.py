"""GEXF that Gephi takes as it is, and whose timeline plays."""

import io
from datetime import date
from xml.etree import ElementTree

import networkx as nx
import pytest
from golden.graph import small_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.formats.gexf import write_gexf
from kg.formats.listing import listed
from kg.formats.settings import Settings
from kg.formats.text import clean
from kg.graph import Evidence

NS, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"
TYPES = {"integer": int, "double": float, "string": str, "boolean": {"true": True, "false": False}.__getitem__}
TEXT = st.text(st.characters(), max_size=20)


def gexf(graph):
    out = io.BytesIO()
    write_gexf(listed(graph), out, Settings())
    return out.getvalue()


def lint(written):
    """Return what Gephi's importer of GEXF would drop, refuse or warn of."""
    root = ElementTree.fromstring(written)
    graph = root.find(f"{NS}graph")
    found = [] if root.get("version") == "1.3" else ["another version"]
    dynamic = graph.get("mode") == "dynamic"
    found += ["no time format"] * (dynamic and graph.get("timeformat") != "date")
    found += ["timestamps"] * (dynamic and graph.get("timerepresentation", "interval") != "interval")
    declared = {}
    for block in graph.iter(f"{NS}attributes"):
        for attribute in block:
            key = block.get("class"), attribute.get("id")
            found += [f"declared twice: {key}"] * (key in declared)
            found += [f"unknown type {attribute.get('type')}"] * (attribute.get("type") not in TYPES)
            declared[key] = attribute.get("type"), block.get("mode")
    spans, pairs, ids = {}, set(), {"node": set(), "edge": set()}
    order = [element.tag for element in graph]
    found += ["nodes after edges"] * (order.index(f"{NS}nodes") > order.index(f"{NS}edges"))
    for kind in ("node", "edge"):
        for element in graph.iter(f"{NS}{kind}"):
            id = element.get("id")
            found += [f"{kind} without an id"] * (not id) + [f"two {kind}s {id}"] * (id in ids[kind])
            ids[kind].add(id)
            span = _span(element, found) if dynamic else None
            spans[id] = span
            if kind == "edge":
                ends = element.get("source"), element.get("target")
                found += [f"unknown end {end!r}" for end in ends if end not in ids["node"]]
                found += [f"two edges between {ends}"] * (frozenset(ends) in pairs)
                pairs.add(frozenset(ends))
                for end in ends:
                    whole = spans.get(end)
                    out = whole and (span is None or span[0] < whole[0] or span[1] > whole[1])
                    found += [f"{id} is outside the life of {end}"] * bool(out)
            seen = []
            for value in element.iter(f"{NS}attvalue"):
                type, mode = declared.get((kind, value.get("for")), (None, None))
                found += [f"{value.get('for')} is not declared"] * (type is None)
                try:
                    TYPES[type](value.get("value"))
                except (KeyError, ValueError):
                    found.append(f"{value.get('for')} is no {type}: {value.get('value')}")
                part = _span(value, found)
                found += [f"{value.get('for')} without a time"] * (mode == "dynamic" and part is None)
                found += [f"{value.get('for')} outside the life of {id}"] * bool(
                    part and span and (part[0] < span[0] or part[1] > span[1])
                )
                found += ["slices that overlap"] * bool(part and any(p and part[0] <= p[1] for p in seen))
                seen.append(part)
    return found


def _span(element, found):
    start, end = element.get("start"), element.get("end")
    if start is None and end is None:
        return None
    span = date.fromisoformat(start), date.fromisoformat(end)
    if span[0] > span[1]:
        found.append("ends before it starts")
    return span


def test_gephi_finds_nothing_to_complain_of():
    assert lint(gexf(small_graph())) == []


def test_a_graph_without_dates_is_static():
    graph = nx.Graph([("a", "b")])
    written = gexf(graph)
    assert lint(written) == []
    assert b'mode="static">' in written
    assert b"start=" not in written


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
    assert lint(written) == []
    values = [v for v in ElementTree.fromstring(written).iter(f"{NS}attvalue") if v.get("for") == "weight"]
    assert [(v.get("start"), v.get("end"), float(v.get("value"))) for v in values] == slices


def test_what_is_told_on_other_days_than_it_happened_counts_when_it_happened():
    graph = dated("2022-01-29", "2022-02-01", "2022-02-03", weight=3.0)
    graph.edges["a", "b"].update(first_seen="2022-01-30", last_seen="2022-02-01")
    assert lint(gexf(graph)) == []
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
    assert lint(gexf(graph)) == []


@given(name=TEXT, label=TEXT, quote=TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(name, label, quote):
    a, b = f"person/{name}", f"event/{name}"
    graph = nx.Graph()
    graph.add_node(a, kind="person", label=label, aliases=[quote])
    graph.add_node(b, kind="event", label=quote, place=label)
    graph.add_edge(a, b, weight=1.0, evidence=[Evidence(label, 0, 1, quote, ((a, 0, 1, name), (b, 1, 2, label)))])
    written = gexf(graph)
    assert lint(written) == []
    back = nx.read_gexf(io.BytesIO(written), version="1.3")
    assert back.nodes[clean(a)]["label"] == clean(label)
    assert back.nodes[clean(a)].get("aliases", "") == clean(quote)
    assert back.edges[clean(a), clean(b)].get("quote", "") == clean(quote)
