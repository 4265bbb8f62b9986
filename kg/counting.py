"""From records to tables of nodes, links and evidence, counted by DuckDB in memory or, if they are large, on disk.

The records go into the database some at a time, and only what they add to the graph stays there: how much memory it
takes depends little on how many there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from kg.aggregate import Window, of_all, of_articles
from kg.dates import bounds
from kg.lists import listed
from kg.model import Kind, Record
from kg.tables import TABLES, Rows, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Found = TypeVar("Found")

# Records handed to the database at a time; those that are counted together; and rows taken from it at a time.
BATCH, GATHERED, FETCHED = 1000, 10_000, 2000

# What Python reads in the records for the queries: the first and the last day of dated events, and the people of each
# long list in a sentence.
FURTHER = {
    "event_days": {"article": "TEXT", "event": "TEXT", "first": "TEXT", "last": "TEXT"},
    "lists": {"article": "TEXT", "sentence": "INT", "list": "INT", "node": "TEXT"},
}
COPIES = {"article": "TEXT", "original": "TEXT"}

# What articles add, as the queries over all of them and the graph need it: tables and their columns.
ADDED = {
    "articles": "article, title, published, url, source",
    "places": "*",
    **dict.fromkeys(("sizes", "appearances", "told", "called", "cast_of", "contributions", "proofs"), "*"),
    "mentioned": "article, node",
}

# So much of the tables is kept in memory, in megabytes, before the rest goes to disk; more, if a query needs it.
MEMORY = 512


@contextmanager
def counted(
    records: Iterable[Record],
    window: Window = Window.SENTENCE,
    *,
    countries_in_names: bool = False,
    copies: Mapping[str, str],
) -> "Iterator[DuckDBPyConnection]":
    """Give a database with the tables of the graph of `records`, whose entities have the ids of nodes.

    A country that is named only inside the names of other things is left out, unless `countries_in_names`. `copies`
    names the article that stands for each one that is a copy.
    """
    with sparing() as database:
        add_copies(database, copies)
        remaining, held = iter(records), 0
        empty(database)
        while batch := list(islice(remaining, BATCH)):
            fill(database, batch)
            if (held := held + len(batch)) >= GATHERED:
                gather(database, window)
                empty(database)
                held = 0
        gather(database, window)
        del records, remaining
        add_up(database, countries_in_names=countries_in_names)
        yield database


@contextmanager
def sparing() -> "Iterator[DuckDBPyConnection]":
    """Give what `connect` returns, with a folder for what little memory does not hold."""
    from kg.store.file import explained, working_folder

    with working_folder() as folder, explained(folder), connect() as database:
        database.execute("set temp_directory = ?", [str(folder)])
        database.execute(f"set memory_limit = '{MEMORY}MB'")
        yield database


def connect() -> "DuckDBPyConnection":
    """Return an empty database in memory."""
    import duckdb

    database = duckdb.connect()
    database.execute("set pandas_analyze_sample = 0")  # the types are ours: no guess by the first rows
    return database


def add_copies(database: "DuckDBPyConnection", copies: Mapping[str, str]) -> None:
    """Make the table of which articles are copies of which other."""
    database.execute(f"create table copies ({_typed(COPIES)})")
    _insert(database, "copies", list(copies), list(copies.values()))


def empty(database: "DuckDBPyConnection") -> None:
    """Make the temporary tables of records, those of `kg.tables` and `FURTHER`, anew."""
    for name, columns in (TABLES | FURTHER).items():
        database.execute(f"create or replace temp table {name} ({_typed(columns)})")


def fill(database: "DuckDBPyConnection", records: Sequence[Record]) -> None:
    """Add records to the temporary tables."""
    for name, rows in tables_of(records).items():
        _insert(database, name, *zip(*rows, strict=True))


def _typed(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{column}" {kind}' for column, kind in columns.items())


def _insert(database: "DuckDBPyConnection", table: str, *columns: Sequence[Any]) -> None:
    """Insert rows that are given column by column."""
    if columns and columns[0]:
        arrays = {str(i): np.array(column, dtype=object) for i, column in enumerate(columns)}
        database.register("arrays", arrays)
        database.execute(f"insert into {table} select * from arrays")
        database.unregister("arrays")


def tables_of(records: Sequence[Record]) -> Rows:
    """Return the rows of all tables of records."""
    days = (
        (record.article.id, entity.id, *bounds(entity.date))
        for record in records
        for entity in record.entities
        if entity.kind is Kind.EVENT and entity.date
    )
    lists = ((record.article.id, *who) for record in records for who in listed(record))
    return rows_of(records) | {"event_days": list(days), "lists": list(lists)}


def gather(database: "DuckDBPyConnection", window: Window) -> None:
    """Keep in `database` what the articles in its temporary tables add."""
    make(database, of_articles(window))
    for name, columns in ADDED.items():
        database.execute(f"create table if not exists memory.{name} as select {columns} from {name} limit 0")
        added = f"insert into memory.{name} select {columns} from {name}"
        _with_room(database, partial(database.execute, added))


def add_up(database: "DuckDBPyConnection", *, countries_in_names: bool = False) -> None:
    """Make the tables of the graph of all that was gathered; the temporary tables go."""
    for (name,) in database.execute("select table_name from duckdb_tables() where temporary").fetchall():
        database.execute(f"drop table temp.{name}")
    make(database, of_all(countries_in_names=countries_in_names), temporary=False)


def make(database: "DuckDBPyConnection", queries: Iterable[tuple[str, str]], *, temporary: bool = True) -> None:
    """Make a table of each query, by its name."""
    kind = "temp table" if temporary else "table"
    for name, query in queries:
        _with_room(database, partial(database.execute, f"create or replace {kind} {name} as {query}"))


def fetched(database: "DuckDBPyConnection", query: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that a query gives, as they are taken; other queries may run meanwhile."""
    with database.cursor() as cursor:
        found = _with_room(database, lambda: cursor.execute(query).fetchmany(FETCHED))
        while found:
            yield from found
            found = cursor.fetchmany(FETCHED)


def _with_room(database: "DuckDBPyConnection", run: Callable[[], Found]) -> Found:
    """Return what `run` gives; if the memory is too little for it, once more with what DuckDB takes by itself."""
    import duckdb

    try:
        return run()
    except duckdb.OutOfMemoryException:
        database.execute("reset memory_limit")
        return run()
