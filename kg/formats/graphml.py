"""From a graph to GraphML that Gephi opens with names, places, colours, sizes and weights, written as it is made.

Gephi takes a key's XML id for a property before it looks at its name ("d3" is a label to it, "d7" an edge's), wants
each key declared once and with one type, nodes before edges, and one edge a pair. It knows no lists and no dates:
aliases are joined by " | ", dates are ISO text, and years are numbers besides. What is empty is left out.

Written as text, since GraphML has but four elements to fill: networkx names the keys d0, d1, ... and holds the whole
document in memory, lxml gains nothing where every value is escaped by one function.
"""

from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from typing import Any, BinaryIO

from kg.formats.columns import EDGE_COLUMNS, NODE_COLUMNS, Column, edge_rows, node_rows
from kg.formats.listing import Attributes, Listing
from kg.formats.settings import Settings
from kg.formats.text import clean_ids, xml_text, xml_value
from kg.vocabulary import link_id

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns
                             http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write_graphml(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out`."""
    for element in _elements(listing):
        out.write(element.encode())


def _elements(listing: Listing) -> Iterator[str]:
    names = clean_ids(listing)
    of_node, of_edge = (_writer(prefix, columns) for prefix, columns in (("n", NODE_COLUMNS), ("e", EDGE_COLUMNS)))
    yield _HEAD
    yield from _keys("node", NODE_COLUMNS)
    yield from _keys("edge", EDGE_COLUMNS)
    yield '  <graph id="kg" edgedefault="undirected">\n'
    for node, row in node_rows(listing):
        yield f"    <node id={xml_value(names.get(node, node))}>\n{of_node(row)}    </node>\n"
    for a, b, row in edge_rows(listing):
        ends = f"source={xml_value(names.get(a, a))} target={xml_value(names.get(b, b))}"
        yield f'    <edge id="{link_id(a, b)}" {ends}>\n{of_edge(row)}    </edge>\n'
    yield "  </graph>\n</graphml>\n"


def _keys(element: str, columns: Iterable[Column]) -> Iterator[str]:
    for name, type, _ in columns:
        yield f'  <key id="{element[0]}_{name}" for="{element}" attr.name="{name}" attr.type="{type}"/>\n'


def _writer(prefix: str, columns: Iterable[Column]) -> Callable[[Attributes], str]:
    """Return the function from a row to its values, a line each."""
    ways = [(f'      <data key="{prefix}_{name}">', value, TEXT_OF_TYPE[type]) for name, type, value in columns]

    def values(row: Attributes) -> str:
        lines = []
        for key, value_of, text_of in ways:
            value = value_of(row)
            if value is not None and (text := text_of(value)):
                lines.append(f"{key}{text}</data>\n")
        return "".join(lines)

    return values


def _double(value: float) -> str:
    return repr(float(value)) if isfinite(value) else ""


# From a value to its text in a column of a type; "" is left out.
TEXT_OF_TYPE: dict[str, Callable[[Any], str]] = {
    "string": xml_text,
    "boolean": lambda value: "true" if value else "false",
    "int": lambda value: str(int(value)),
    "double": _double,
}
