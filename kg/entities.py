"""From the graph to a table of its nodes that a person can edit, and from an edited table to the lines of a curation.

Edited are the columns label, kind, wikidata, merge_into and drop; the column `was` keeps what the first three held, so
that a table tells by itself what was changed in it, whatever became of the graph meanwhile.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, NamedTuple

import networkx as nx

from kg.curation import BETWEEN, NO_ITEM, Line, Operation, cell
from kg.identity import Identity
from kg.model import Kind, Notice, Record
from kg.quotes import first_quotes

COLUMNS = (
    *("id", "label", "kind", "wikidata", "aliases", "mentions", "articles", "quote", "doubts"),
    *("merge_into", "drop", "was"),
)
# What is edited, and what that does; the kind last, for it changes the id.
_OPERATIONS = {"label": Operation.RENAME, "wikidata": Operation.WIKIDATA, "kind": Operation.KIND}
EDITED = tuple(_OPERATIONS)
# What may stand in the column `drop`; anything else but nothing, too.
_NO = frozenset(("", "0", "no", "false", "n"))


def entities(graph: nx.Graph, records: Iterable[Record], identity: Identity) -> list[dict[str, Any]]:
    """List what a person should know of each node of `graph`: the most mentioned first, ties by id.

    `records` are those that the graph was made of, with the ids of its nodes.
    """
    quotes = first_quotes(records)
    doubts = defaultdict(list)
    for doubt in identity.doubts:
        for one, other in {(doubt.a, doubt.b), (doubt.b, doubt.a)}:
            told = "joined, though" if doubt.joined else f"is it {other}?"
            doubts[one].append(f"{told} {doubt.reason} ({doubt.score:.2f})")
    for node, candidates in identity.wikidata.items():
        doubts[node] += [f"is it {c.item} {c.label}? ({c.score:.2f})" for c in candidates if not c.exact]
    rows = [
        {
            "id": node,
            "label": told["label"],
            "kind": told["kind"],
            "wikidata": told.get("wikidata") or "",
            "aliases": told["aliases"],
            "mentions": told["mentions"],
            "articles": told["articles"],
            "quote": quotes.get(node, ""),
            "doubts": sorted(doubts.get(node, ())),
        }
        for node, told in graph.nodes(data=True)
    ]
    return sorted(rows, key=lambda row: (-row["mentions"], row["id"]))


def to_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the table of `rows` as CSV, each with what its edited columns hold now."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = {name: _joined(value) for name, value in row.items()}
        cells["quote"] = f"“{cells['quote']}”" if cells.get("quote") else ""  # or a sheet might take it for a formula
        cells["was"] = json.dumps({name: cells[name] for name in EDITED})
        writer.writerow([cells.get(name, "") for name in COLUMNS])
    return out.getvalue()


def _joined(value: Any) -> str:
    return f" {BETWEEN} ".join(map(cell, value)) if isinstance(value, list) else cell(str(value))


def is_entities(header: Sequence[str]) -> bool:
    """Tell whether these are the columns of a table of entities."""
    return {"id", "was"} <= set(header)


class Edited(NamedTuple):
    """A row of a table of entities: what it holds now, and what it held."""

    where: str
    id: str
    now: Mapping[str, str]
    was: Mapping[str, str]
    into: str
    drop: bool


def edits(header: Sequence[str], rows: Iterable[tuple[int, list[str]] | Notice], file: str) -> Iterator[Line | Notice]:
    """Yield what was changed in a table of entities as lines of a curation, and a notice for each row that is none.

    A row that was given the label of another one of its kind is merged into it, as programs that cluster names do it.
    """
    table: list[Edited] = []
    for row in rows:
        if isinstance(row, Notice):
            yield row
        elif isinstance(edited := _edited(dict(zip(header, row[1], strict=False)), f"{file}:{row[0]}"), Notice):
            yield edited
        else:
            table.append(edited)
    by_label = _by_label(table)
    for edit in table:
        yield from _changes(edit, by_label)


def _edited(fields: Mapping[str, str], where: str) -> Edited | Notice:
    try:
        was = json.loads(fields.get("was", ""))
        told = {name: str(was[name]) for name in EDITED}
    except (ValueError, KeyError, TypeError):
        what = "the column `was` does not say what the row held when it was written"
        return Notice(where, what, "leave that column as it is; nothing of this row was taken")
    now = {name: fields.get(name, told[name]) for name in EDITED}
    drop = fields.get("drop", "").casefold() not in _NO
    return Edited(where, fields.get("id", ""), now, told, fields.get("merge_into", ""), drop)


def _by_label(table: Iterable[Edited]) -> Mapping[tuple[str, str], list[Edited]]:
    """Return the rows of each kind and label; those that had it already come first, else in the order of the table."""
    found = defaultdict(list)
    for row in table:
        if not row.drop and not row.into:
            found[row.now["kind"], row.now["label"]].append(row)
    return {key: sorted(rows, key=lambda row: row.now["label"] != row.was["label"]) for key, rows in found.items()}


def _changes(row: Edited, by_label: Mapping[tuple[str, str], list[Edited]]) -> Iterator[Line | Notice]:
    changed = {name for name in EDITED if row.now[name] != row.was[name]}
    if row.into and not row.drop:
        if row.into != row.id:
            yield _line(row, Operation.MERGE, row.into)
    elif row.drop:
        yield _line(row, Operation.NOT_EVENT if row.was["kind"] == Kind.EVENT else Operation.DROP)
    else:
        alike = by_label[row.now["kind"], row.now["label"]]
        if "label" in changed and alike[0] is not row:
            yield _line(row, Operation.MERGE, alike[0].id)
            return
        for name, operation in _OPERATIONS.items():
            if name in changed:
                yield _line(row, operation, row.now[name] or (NO_ITEM if name == "wikidata" else ""))


def _line(row: Edited, operation: Operation, value: str = "") -> Line | Notice:
    """Return the line, read as one that somebody wrote, so that a bad value is told in the same way."""
    from kg.curation import line_of

    fields = {"operation": str(operation), "entity": row.id, "value": value, "note": f"was {row.was['label']}"}
    return line_of(fields, (), row.where)
