"""From a graph to two tables, nodes and edges, that Gephi's spreadsheet import, Excel and R read.

The columns are those of GraphML; Gephi knows those it needs by their names: Id, Label, Source, Target, Type, Weight.
A table program may take a text that begins with =, +, - or @ for a formula: such a text gets an apostrophe before it.
"""

import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from kg.formats.columns import EDGE_COLUMNS, NODE_COLUMNS, edge_rows, node_rows
from kg.formats.listing import Listing
from kg.formats.settings import Settings
from kg.formats.text import clean, clean_ids
from kg.vocabulary import link_id

_NAMES = {"label": "Label", "weight": "Weight"}
_QUOTED = re.compile('[",\r\n]|^ | $')
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_nodes_csv(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the table of the nodes of `listing` to `out`."""
    ids = clean_ids(listing)
    rows = ([ids.get(node, node), *(column.value(row) for column in NODE_COLUMNS)] for node, row in node_rows(listing))
    write_csv(out, ["Id", *(_NAMES.get(column.name, column.name) for column in NODE_COLUMNS)], rows)


def write_edges_csv(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the table of the links of `listing` to `out`."""
    ids = clean_ids(listing)
    rows = (
        [ids.get(a, a), ids.get(b, b), "Undirected", link_id(a, b), *(column.value(row) for column in EDGE_COLUMNS)]
        for a, b, row in edge_rows(listing)
    )
    names = [_NAMES.get(column.name, column.name) for column in EDGE_COLUMNS]
    write_csv(out, ["Source", "Target", "Type", "Id", *names], rows)


def write_csv(out: BinaryIO, names: list[str], rows: Iterable[list[Any]], *, formulas: bool = False) -> None:
    """Write a table as RFC 4180 has it, but for line feeds alone at the ends of lines. What is missing is empty."""
    out.write((",".join(names) + "\n").encode())
    for row in rows:
        out.write((",".join(_cell(value, formulas) for value in row) + "\n").encode())


def _cell(value: Any, formulas: bool) -> str:
    """Return a value as a cell, between quotes where readers need them: csv.writer forgets lone carriage returns."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    if not formulas and text.startswith(_FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
