"""From a graph to the tables of Neo4j's bulk import, and the command that loads them.

Every node is an `:Entity` and a `:Person`, `:Country` or `:Event`; links are `CO_OCCURS_WITH`, or `TAKES_PART_IN`
from the participant to the event. In lists, such as aliases, "|" separates; a "|" in a name is written as "¦".
"""

import shlex
from collections.abc import Iterable
from typing import Any, BinaryIO

from kg.formats.columns import EDGE_COLUMNS, FACTS_OF_NODES, Column, edge_rows, node_rows
from kg.formats.listing import Listing
from kg.formats.settings import Settings
from kg.formats.tables import write_csv
from kg.formats.text import clean_ids
from kg.vocabulary import link_id

DELIMITER = "|"
_TYPES = {"string": "", "int": ":int", "double": ":double", "boolean": ":boolean"}
_DATES = {"first_seen", "last_seen"}

_COMMAND = f"""#!/bin/sh
# Load this graph into a new Neo4j database (version 5 or newer; stop the database first):
#     sh load.sh [DATABASE]
cd "$(dirname "$0")" && neo4j-admin database import full "${{1:-kg}}" \\
    --nodes=nodes.csv --relationships=relationships.csv \\
    --array-delimiter={shlex.quote(DELIMITER)} --multiline-fields=true --overwrite-destination
"""


def write_nodes(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the table of the nodes of `listing` to `out`."""
    columns = [column for column in FACTS_OF_NODES if column.name != "aliases"]
    ids = clean_ids(listing)
    rows = (
        [
            ids.get(node, node),
            _labels(row.get("kind")),
            _list(row),
            *(c.value(row) for c in columns),
        ]
        for node, row in node_rows(listing)
    )
    write_csv(out, ["id:ID", ":LABEL", "aliases:string[]", *_header(columns)], rows, formulas=True)


def write_relationships(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the table of the links of `listing` to `out`."""
    ids = clean_ids(listing)
    rows = (
        [*_ends(ids.get(a, a), ids.get(b, b), row), link_id(a, b), *(column.value(row) for column in EDGE_COLUMNS)]
        for a, b, row in edge_rows(listing)
    )
    write_csv(out, [":START_ID", ":END_ID", ":TYPE", "id", *_header(EDGE_COLUMNS)], rows, formulas=True)


def write_command(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the command that loads the tables to `out`."""
    out.write(_COMMAND.encode())


def _header(columns: Iterable[Column]) -> list[str]:
    return [name + (":date" if name in _DATES else _TYPES[type]) for name, type, _ in columns]


def _labels(kind: str | None) -> str:
    return f"Entity{DELIMITER}{kind.title()}" if kind else "Entity"


def _list(row: dict[str, Any]) -> str:
    return DELIMITER.join(sorted({alias.replace(DELIMITER, "¦") for alias in row.get("aliases") or ()}))


def _ends(a: str, b: str, row: dict[str, Any]) -> tuple[str, str, str]:
    if row.get("relation") != "participant":
        return a, b, "CO_OCCURS_WITH"
    return (b, a, "TAKES_PART_IN") if a.startswith("event/") and not b.startswith("event/") else (a, b, "TAKES_PART_IN")
