"""Between rows in Python, tables of DuckDB and columns that Spark takes: batches of Arrow."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import duckdb
    import pyarrow

Batches = Iterator["pyarrow.RecordBatch"]

# Columns with their types; a table for a type is an array of its rows.
Columns = dict[str, Any]

# Rows of a table in a row of `nested`.
PIECE = 100

_OF_DUCKDB = {"VARCHAR": "string", "INTEGER": "int", "BIGINT": "bigint", "HUGEINT": "bigint", "BOOLEAN": "boolean"}


def tuples(batch: "pyarrow.RecordBatch") -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a batch."""
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def batch_of(rows: list[tuple[Any, ...]], columns: Columns) -> "pyarrow.RecordBatch":
    """Return rows as Arrow."""
    import pyarrow

    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    schema = pyarrow.schema([(name, _arrow(kind)) for name, kind in columns.items()])
    return pyarrow.RecordBatch.from_arrays(
        [pyarrow.array(column, field.type) for column, field in zip(values, schema, strict=True)], schema=schema
    )


def nested(database: "duckdb.DuckDBPyConnection", tables: Mapping[str, str], columns: Columns) -> "pyarrow.RecordBatch":
    """Return some columns of tables of `database` as one batch: a column for each table, lists of a few of its rows.

    Which rows of two tables stand beside each other means nothing. `columns` are those of `columns_of`.
    """
    import pyarrow

    found = {name: database.sql(f"select {which} from {name}").to_arrow_table() for name, which in tables.items()}
    rows = np.arange(-(-max(map(len, found.values())) // PIECE) + 1, dtype=np.int32)
    lists = []
    for name, table in found.items():
        kind = _arrow(columns[name])
        table = table.cast(pyarrow.schema(list(kind.value_type)))
        values = pyarrow.StructArray.from_arrays(
            [column.combine_chunks() for column in table.columns], fields=list(kind.value_type)
        )
        ends = pyarrow.array(np.minimum(rows * PIECE, len(table)))
        lists.append(pyarrow.ListArray.from_arrays(ends, values, type=kind))
    return pyarrow.RecordBatch.from_arrays(lists, names=list(found))


def columns_of(database: "duckdb.DuckDBPyConnection", tables: Mapping[str, str]) -> Columns:
    """Return the columns of what `nested` makes of these tables."""
    return {
        name: {
            column: _OF_DUCKDB[kind]
            for column, kind, *_ in database.execute(f"describe select {which} from {name}").fetchall()
        }
        for name, which in tables.items()
    }


def _arrow(kind: str | Columns) -> "pyarrow.DataType":
    import pyarrow

    if isinstance(kind, dict):
        return pyarrow.list_(pyarrow.struct([(name, _arrow(of)) for name, of in kind.items()]))
    if kind.startswith("array"):
        return pyarrow.list_(pyarrow.int32())
    return {
        "string": pyarrow.string(),
        "int": pyarrow.int32(),
        "bigint": pyarrow.int64(),
        "boolean": pyarrow.bool_(),
        "double": pyarrow.float64(),
    }[kind]


def ddl(columns: Columns) -> str:
    """Return columns as Spark writes them.

    >>> ddl({"id": "string", "rows": {"end": "int"}})
    '`id` string, `rows` array<struct<`end`: int>>'
    """
    inner = {
        name: f"array<struct<{ddl(kind).replace('` ', '`: ')}>>"
        for name, kind in columns.items()
        if isinstance(kind, dict)
    }
    return ", ".join(f"`{name}` {inner.get(name, kind)}" for name, kind in columns.items())
