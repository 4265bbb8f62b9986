"""From a graph to GraphML that Gephi opens with names, colours, sizes and weights in place, written as it is made.

Gephi takes a key's XML id for a property before it looks at its name ("d3" is a label to it, "d7" an edge's), wants
each key declared once and with one type, nodes before edges, and one edge a pair. It knows no lists and no dates:
aliases are joined by " | ", dates are ISO text. What is empty is left out. A file without IRIs needs no base.

Written as text, since GraphML has but four elements to fill: networkx names the keys d0, d1, ... and holds the whole
document in memory, lxml gains nothing where every value is escaped by one function.
"""

from collections.abc import Callable, Iterable, Iterator
from math import fsum, isfinite, sqrt
from typing import Any, BinaryIO, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from kg.formats.text import clean
from kg.graph import best_evidence
from kg.vocabulary import BASE, link_id


class Column(NamedTuple):
    """A column of nodes or edges: its name, its GraphML type, and how a value is made from the attributes."""

    name: str
    type: str
    value: Callable[[dict[str, Any]], Any]


def _column(name: str, type: str) -> Column:
    return Column(name, type, lambda attributes: attributes.get(name))


# Okabe and Ito's palette, which the colour-blind can tell apart: blue, orange, bluish green; grey for what is new.
COLOUR_OF_KIND = {"person": (0, 114, 178), "country": (230, 159, 0), "event": (0, 158, 115)}
OTHER_COLOUR = (153, 153, 153)


def _colour_column(channel: str) -> Column:
    i = "rgb".index(channel)
    return Column(channel, "int", lambda node: COLOUR_OF_KIND.get(node.get("kind", ""), OTHER_COLOUR)[i])


NODE_COLUMNS = (
    _column("label", "string"),
    _column("kind", "string"),
    _column("mentions", "int"),
    _column("articles", "int"),
    Column("aliases", "string", lambda node: " | ".join(sorted(node.get("aliases") or ()))),
    _column("iso", "string"),
    _column("iso3", "string"),
    _column("numeric", "string"),
    _column("wikidata", "string"),
    _column("type", "string"),
    _column("named", "boolean"),
    _column("place", "string"),
    _column("when", "string"),
    _column("date", "string"),
    _column("modality", "string"),
    _column("plover", "string"),
    _column("first_seen", "string"),
    _column("last_seen", "string"),
    *(_colour_column(channel) for channel in "rgb"),
    _column("size", "double"),
)
EDGE_COLUMNS = (
    _column("weight", "double"),
    _column("relation", "string"),
    _column("role", "string"),
    _column("sentences", "int"),
    _column("paragraphs", "int"),
    _column("articles", "int"),
    _column("npmi", "double"),
    _column("first_seen", "string"),
    _column("last_seen", "string"),
    _column("quote", "string"),
    _column("quote_article", "string"),
)

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns
                             http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write_graphml(graph: nx.Graph, out: BinaryIO, base: str = BASE) -> None:
    """Write `graph` to `out`. `base`, which other formats need, is passed over."""
    for element in _elements(graph):
        out.write(element.encode())


def _elements(graph: nx.Graph) -> Iterator[str]:
    names, sizes = _xml_ids(graph), _sizes(graph)
    yield _HEAD
    yield from _keys("node", NODE_COLUMNS)
    yield from _keys("edge", EDGE_COLUMNS)
    yield '  <graph id="kg" edgedefault="undirected">\n'
    for node in sorted(graph):
        columns = _values("n", NODE_COLUMNS, {"label": node, **graph.nodes[node], "size": sizes[node]})
        yield f"    <node id={quoteattr(names.get(node, node))}>\n{columns}    </node>\n"
    for a, b in sorted((min(edge), max(edge)) for edge in graph.edges):
        ends = f"source={quoteattr(names.get(a, a))} target={quoteattr(names.get(b, b))}"
        columns = _values("e", EDGE_COLUMNS, _with_quote(graph.edges[a, b]))
        yield f'    <edge id="{link_id(a, b)}" {ends}>\n{columns}    </edge>\n'
    yield "  </graph>\n</graphml>\n"


def _keys(element: str, columns: Iterable[Column]) -> Iterator[str]:
    for name, type, _ in columns:
        yield f'  <key id="{element[0]}_{name}" for="{element}" attr.name="{name}" attr.type="{type}"/>\n'


def _values(prefix: str, columns: Iterable[Column], attributes: dict[str, Any]) -> str:
    values = ((name, _text(type, value(attributes))) for name, type, value in columns)
    return "".join(f'      <data key="{prefix}_{name}">{text}</data>\n' for name, text in values if text)


def _text(type: str, value: Any) -> str:
    """Return the text of a value in a column of this type, "" if there is none."""
    if value is None:
        return ""
    if type == "string":
        return escape(clean(value), {"\r": "&#13;"})
    if type == "boolean":
        return "true" if value else "false"
    if type == "int":
        return str(int(value))
    return repr(float(value)) if isfinite(value) else ""


def _with_quote(edge: dict[str, Any]) -> dict[str, Any]:
    best = best_evidence(edge.get("evidence", ()))
    return {**edge, "quote": best.text, "quote_article": best.article} if best else edge


def _sizes(graph: nx.Graph) -> dict[str, float]:
    """Return a size between 5 and 50 for each node, its area growing with the weights of its links."""
    strengths = {node: fsum(edge.get("weight", 1) for edge in graph[node].values()) for node in sorted(graph)}
    most = max(strengths.values(), default=0) or 1
    return {node: round(5 + 45 * sqrt(max(0, strength) / most), 2) for node, strength in strengths.items()}


def _xml_ids(graph: nx.Graph) -> dict[str, str]:
    """Return the ids to write for those nodes whose own holds what XML may not; no two nodes share one."""
    ids: dict[str, str] = {}
    taken = set(graph)
    for node in sorted(graph):
        if (name := clean(node)) != node:
            while name in taken:
                name += "\ufffd"
            ids[node] = name
            taken.add(name)
    return ids
