"""The file of a store: opened, made and written anew, with what DuckDB says turned into words that help.

All that was read is kept as tables (`kg.tables`). The store holds every version of an article that it was given; of
several versions with one id that counts which was found first, in the order of places.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copymode
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from kg.errors import BadStore, CannotWrite
from kg.tables import TABLES, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# So much of a store stays in memory while articles are taken in and read, in megabytes: of one with a file, and of one
# without, the rest of which goes to a temporary folder.
MEMORY_OF_FILE, MEMORY = 16, 128

LAYOUT = "1"  # to be raised when the tables change

# `number` counts the versions as they come, so that some of many texts are found quickly.
OF_VERSIONS = TABLES["articles"] | {"wording": "TEXT", "number": "INT"}
OF_FOUND = {"article": "TEXT", "digest": "TEXT", "file": "TEXT", "line": "INT"}
OF_READ = {"article": "TEXT", "digest": "TEXT", "extractor": "TEXT"}
FACTS = ("sentences", "entities", "mentions", "participants")  # the tables of a record, besides its article

# An article that counts: `chosen` is the version of it, `articles` and `places` are as in `kg.tables`.
_VIEWS = """
    CREATE VIEW chosen AS
    SELECT article, min({'file': file, 'line': line, 'digest': digest}).digest AS digest FROM found GROUP BY article;

    CREATE VIEW articles AS
    SELECT article, digest, title, published, url, source, text, number
    FROM versions SEMI JOIN "read" USING (article, digest);

    CREATE VIEW places AS
    SELECT DISTINCT found.article, file, line
    FROM found
    JOIN versions USING (article, digest)
    JOIN "read" ON "read".article = found.article
    JOIN versions AS counting ON counting.article = "read".article AND counting.digest = "read".digest
    WHERE versions.wording = counting.wording;
"""


@dataclass(slots=True)
class Store:
    """An open store. `path` is None if it is in memory."""

    tables: "DuckDBPyConnection"
    path: Path | None = None

    def __str__(self) -> str:
        return str(self.path or "the store")


@contextmanager
def opened(path: str | Path | None = None, *, create: bool = False, read_only: bool = False) -> Iterator[Store]:
    """Open the store at `path`, or one in memory; with `create`, make it if there is none.

    Raises `BadStore` if it is none, is damaged or in use by another run, and `CannotWrite`.
    """
    import duckdb

    where = None if path is None else Path(path)
    if where is not None and not where.exists():
        if not create:
            raise BadStore(f"{where}: there is no such store; make it with kg build INPUT... --store {where} -o DIR")
        _create(where)
    with ExitStack() as working, explained(where):
        folder = None if where else working.enter_context(working_folder())
        connection = duckdb.connect(str(where or ":memory:"), read_only=read_only)
        try:
            connection.execute("SET pandas_analyze_sample = 0")  # text is text, whatever the first rows look like
            if folder:
                connection.execute("SET temp_directory = ?", [str(folder)])
                _make_tables(connection)
            _check_layout(connection, where)
            yield Store(connection, where)
        finally:
            with suppress(duckdb.Error):  # what the last checkpoint could not write is in the log
                connection.close()


@contextmanager
def working_folder() -> Iterator[Path]:
    """Give a folder for what memory does not hold, which goes in the end. Raises `CannotWrite`."""
    try:
        folder = TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(f"no temporary folder can be made ({reason}); name one in the variable TMPDIR") from error
    with folder as path:
        yield Path(path)


def _create(path: Path) -> None:
    """Make an empty store at `path`, which appears whole."""
    import duckdb

    with _beside(path, "cannot be made ({}); choose another place") as new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with explained(path), duckdb.connect(str(new)) as connection:
            _make_tables(connection)
        log_of(path).unlink(missing_ok=True)  # of a store that was deleted
        os.replace(new, path)


@contextmanager
def _beside(path: Path, failed: str) -> Iterator[Path]:
    """Yield where a new file is to be made beside `path`; what is left there in the end is taken away.

    Raises `CannotWrite`, with what `failed` and why, for an error of the operating system.
    """
    new = path.with_name(f".{path.name}.{uuid4().hex[:12]}.new")
    try:
        yield new
    except OSError as error:
        raise CannotWrite(f"{path}: {failed.format(error.strerror or error)}") from error
    finally:
        new.unlink(missing_ok=True)
        log_of(new).unlink(missing_ok=True)


def log_of(path: Path) -> Path:
    """Return where DuckDB keeps what is committed and not yet in the file at `path`."""
    return path.with_name(f"{path.name}.wal")


def _make_tables(connection: "DuckDBPyConnection") -> None:
    made = {"versions": OF_VERSIONS, "found": OF_FOUND, "read": OF_READ} | {name: TABLES[name] for name in FACTS}
    with transaction(connection):
        connection.execute("CREATE TABLE meta (name TEXT, value TEXT)")
        connection.execute("INSERT INTO meta VALUES ('layout', ?)", [LAYOUT])
        for table, columns in made.items():
            connection.execute(f'CREATE TABLE "{table}" ({typed(columns)})')
        connection.execute(_VIEWS)


def typed(columns: dict[str, str]) -> str:
    """Return columns with their types as SQL has it."""
    return ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())


def _check_layout(connection: "DuckDBPyConnection", path: Path | None) -> None:
    import duckdb

    try:
        layout = dict(connection.execute("SELECT name, value FROM meta").fetchall())["layout"]
    except (duckdb.CatalogException, KeyError) as error:
        raise BadStore(f"{path}: a DuckDB file, but no store of kg; choose another name") from error
    if layout != LAYOUT:
        raise BadStore(f"{path}: written by another version of kg; build a new store from the articles")


@contextmanager
def transaction(connection: "DuckDBPyConnection") -> Iterator[None]:
    """Make what is done within one step: all of it is kept, or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        import duckdb

        with suppress(duckdb.Error):  # after a full disk there may be nothing left to roll back
            connection.rollback()
        raise
    connection.commit()


def let_go(store: Store) -> None:
    """Let go of what lies in memory of a store beyond what it may keep there: little of it is looked at again soon."""
    import duckdb

    limit = MEMORY_OF_FILE if store.path else MEMORY
    with suppress(duckdb.OutOfMemoryException):  # what is in use stays
        store.tables.execute(f"SET memory_limit = '{limit}MB'")
    store.tables.execute("RESET memory_limit")  # for what is done next, as much as it takes


@contextmanager
def explained(path: Path | None) -> Iterator[None]:
    """Turn what DuckDB and the operating system say into one line with what would help."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = " ".join(str(error).split())
        for signs, kind, what in _MEANINGS:
            if any(sign in said for sign in signs):
                raise kind(f"{path or 'the store'}: {what}") from error
        if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.InternalException | duckdb.DataError):
            raise BadStore(f"{path or 'the store'}: cannot be used ({said[:200]})") from error
        raise


# What is in a message of DuckDB, and what it means to a user; the first that fits.
_MEANINGS: tuple[tuple[tuple[str, ...], Callable[[str], Exception], str], ...] = (
    (("Conflicting lock", "Could not set lock"), BadStore, "in use by another run of kg; wait until it has ended"),
    (
        ("No space left", "Disk quota", "File too large", "out of disk space", "failed to offload"),
        CannotWrite,
        "the disk is full; free some space and run the command again, what was committed is kept",
    ),
    (
        ("Permission denied", "Read-only file system", "read-only mode", "Operation not permitted"),
        CannotWrite,
        "cannot be written; choose a folder and a file that you may write to",
    ),
    (
        ("not a valid DuckDB", "hecksum", "orrupt", "read enough bytes", "deserialize", "could not read", "truncated"),
        BadStore,
        "damaged, or no store of kg; put back a copy, or delete it and build it again",
    ),
)


def compact(path: Path) -> None:
    """Write the store at `path` anew, whole or not at all: nothing of what was taken out is left in the file."""
    import duckdb

    path = path.resolve()
    with _beside(path, "cannot be written anew ({})") as new, explained(path), duckdb.connect() as connection:
        # Open for reading until the new file is in its place, so that nobody writes to the old one.
        connection.execute(f"ATTACH {_quoted(path)} AS old (READ_ONLY)")
        connection.execute(f"ATTACH {_quoted(new)} AS new")
        connection.execute("COPY FROM DATABASE old TO new")
        connection.execute("DETACH new")
        copymode(path, new)
        os.replace(new, path)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def single_value(store: Store, query: str) -> Any:
    """Return the one value of the one row that `query` gives."""
    ((value,),) = store.tables.execute(query).fetchall()
    return value


def insert(store: Store, table: str, columns: dict[str, str], rows: Sequence[Row], only: str = "") -> None:
    """Add `rows` to `table`, by columns: row by row is a thousand times slower."""
    import numpy

    if not rows:
        return
    values = zip(columns, columns.values(), zip(*rows, strict=True), strict=True)
    arrays = {
        name: numpy.array(column, dtype=numpy.int32 if type_ == "INT" else object) for name, type_, column in values
    }
    store.tables.register("arrays", arrays)
    names = column_names(columns)
    store.tables.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM arrays {only}')
    store.tables.unregister("arrays")


def column_names(columns: Iterable[str]) -> str:
    """Return a list of columns as SQL has it."""
    return ", ".join(f'"{name}"' for name in columns)
