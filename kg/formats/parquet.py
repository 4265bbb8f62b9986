"""From a graph to Parquet files of nodes, links and evidence, for pandas, DuckDB and Spark; needs `kg[parquet]`."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

from kg.errors import MissingExtra
from kg.formats.columns import EDGE_COLUMNS, NODE_COLUMNS, Column, edge_rows, node_rows
from kg.formats.listing import Listing
from kg.formats.settings import Settings
from kg.formats.text import clean, clean_ids
from kg.vocabulary import link_id, quote_id

try:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter
except ImportError as error:
    raise MissingExtra('Parquet files need more than kg does: pip install "kg[parquet]"') from error

_TYPES = {"string": pa.string(), "int": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
ROWS = 50_000  # a row group


def write_nodes(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the nodes of `listing` to `out`."""
    columns = [column for column in NODE_COLUMNS if column.name != "aliases"]
    ids = clean_ids(listing)
    rows = (
        {
            "id": ids.get(node, node),
            "aliases": [clean(alias) for alias in row.get("aliases") or ()],
            **_values(columns, row),
        }
        for node, row in node_rows(listing)
    )
    _write(out, [("id", pa.string()), ("aliases", pa.list_(pa.string())), *_fields(columns)], rows)


def write_links(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the links of `listing` to `out`."""
    ids = clean_ids(listing)
    rows = (
        {"id": link_id(a, b), "source": ids.get(a, a), "target": ids.get(b, b), **_values(EDGE_COLUMNS, row)}
        for a, b, row in edge_rows(listing)
    )
    _write(out, [(name, pa.string()) for name in ("id", "source", "target")] + _fields(EDGE_COLUMNS), rows)


def write_evidence(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write the evidence of the links of `listing` to `out`, a row for each quote of each link."""
    mention = pa.struct([("node", pa.string()), ("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())])
    fields = [
        *((name, pa.string()) for name in ("link", "quote", "article")),
        *(("start", pa.int64()), ("end", pa.int64()), ("text", pa.string()), ("mentions", pa.list_(mention))),
    ]
    ids = clean_ids(listing)
    rows = (
        {
            "link": link_id(a, b),
            "quote": clean(quote_id(e.article, e.start, e.end)),
            "article": clean(e.article),
            "start": e.start,
            "end": e.end,
            "text": clean(e.text),
            "mentions": [
                {"node": ids.get(node, node), "start": start, "end": end, "text": clean(text)}
                for node, start, end, text in e.mentions
            ],
        }
        for a, b, link in listing.links()
        for e in sorted(link.get("evidence", ()))
    )
    _write(out, fields, rows)


def _fields(columns: Iterable[Column]) -> list[tuple[str, Any]]:
    return [(column.name, _TYPES[column.type]) for column in columns]


def _values(columns: Iterable[Column], row: dict[str, Any]) -> dict[str, Any]:
    values = ((column.name, column.value(row)) for column in columns)
    return {name: clean(value) if isinstance(value, str) else value for name, value in values}


def _write(out: BinaryIO, fields: list[tuple[str, Any]], rows: Iterable[dict[str, Any]]) -> None:
    schema, rows = pa.schema(fields), iter(rows)
    with ParquetWriter(out, schema, compression="zstd") as writer:
        while batch := list(islice(rows, ROWS)):
            writer.write_table(pa.Table.from_pylist(batch, schema))
