"""A store of articles and their records: one DuckDB file that grows, or the same in memory.

All that was read is kept as tables (`kg.tables`), so that an article is read once, however often the graph is built.
What is committed survives whatever stops the program, and a change that was stopped midway is known by a mark, without
which alone a graph is made.

The store holds every version of an article that it was given. Of several versions with one id that counts which was
found first, in the order of places; the others wait, should that one be removed. Thus the records depend on the set of
articles given, not on the order or the portions in which they came.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from shutil import copymode
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from kg.documents import BEST
from kg.errors import BadStore, CannotWrite
from kg.extractor import Settings, extractor
from kg.model import Article, Notice, Place, Record
from kg.records import extract
from kg.tables import TABLES, Row, Rows, article_row, digest_of, records_of, rows_of, wording_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DATED = "regexp_matches(published, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')"

LAYOUT = "1"  # to be raised when the tables change

# So much is lost at most when a run is killed: articles, or seconds of reading them.
BATCH, SECONDS = 256, 5.0
# Articles and characters taken in, or given back, at a time.
PORTION, PORTION_CHARACTERS = 1000, 8_000_000

# `number` counts the versions as they come, so that some of many texts are found quickly.
_OF_VERSIONS = TABLES["articles"] | {"wording": "TEXT", "number": "INT"}
_OF_FOUND = {"article": "TEXT", "digest": "TEXT", "file": "TEXT", "line": "INT"}
_OF_READ = {"article": "TEXT", "digest": "TEXT", "extractor": "TEXT"}
_FACTS = ("sentences", "entities", "mentions", "participants")  # the tables of a record, besides its article

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
    with _explained(where):
        connection = duckdb.connect(str(where or ":memory:"), read_only=read_only)
        try:
            connection.execute("SET pandas_analyze_sample = 0")  # text is text, whatever the first rows look like
            if where is None:
                _make_tables(connection)
            _check_layout(connection, where)
            yield Store(connection, where)
        finally:
            with suppress(duckdb.Error):  # what the last checkpoint could not write is in the log
                connection.close()


def _create(path: Path) -> None:
    """Make an empty store at `path`, which appears whole."""
    import duckdb

    new = path.with_name(f".{path.name}.{uuid4().hex[:12]}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _explained(path), duckdb.connect(str(new)) as connection:
            _make_tables(connection)
        _log_of(path).unlink(missing_ok=True)  # of a store that was deleted
        os.replace(new, path)
    except OSError as error:
        raise CannotWrite(f"{path}: cannot be made ({error.strerror or error}); choose another place") from error
    finally:
        new.unlink(missing_ok=True)
        _log_of(new).unlink(missing_ok=True)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _make_tables(connection: "DuckDBPyConnection") -> None:
    made = {"versions": _OF_VERSIONS, "found": _OF_FOUND, "read": _OF_READ} | {name: TABLES[name] for name in _FACTS}
    with _transaction(connection):
        connection.execute("CREATE TABLE meta (name TEXT, value TEXT)")
        connection.execute("INSERT INTO meta VALUES ('layout', ?)", [LAYOUT])
        for table, columns in made.items():
            connection.execute(f'CREATE TABLE "{table}" ({_typed(columns)})')
        connection.execute(_VIEWS)


def _typed(columns: dict[str, str]) -> str:
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
def _transaction(connection: "DuckDBPyConnection") -> Iterator[None]:
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


@contextmanager
def _explained(path: Path | None) -> Iterator[None]:
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


def settings(store: Store) -> Settings:
    """Return how the store's articles are read."""
    known = dict(store.tables.execute("SELECT name, value FROM meta").fetchall())
    return Settings(known.get("model"), known.get("accuracy", BEST))


def unfinished(store: Store) -> str | None:
    """Return the name of the command that was stopped midway, None if all were finished."""
    rows = store.tables.execute("SELECT value FROM meta WHERE name = 'unfinished'").fetchall()
    return rows[0][0] if rows else None


def check_finished(store: Store) -> None:
    """Raise `BadStore` if a command was stopped midway, so that the graph would be neither the old nor the new one."""
    if command := unfinished(store):
        raise BadStore(
            f"{store}: kg {command} was stopped midway; run it again, it goes on where it was, "
            f"or settle for the articles in the store with kg add --store {store}"
        )


def finish(store: Store) -> None:
    """Take the mark away: the store holds what it should."""
    with _transaction(store.tables):
        _set(store, unfinished=None)


def _set(store: Store, **values: str | None) -> None:
    for name, value in values.items():
        store.tables.execute("DELETE FROM meta WHERE name = ?", [name])
        if value is not None:
            store.tables.execute("INSERT INTO meta VALUES (?, ?)", [name, value])


def take_in(
    store: Store,
    articles: Iterable[Article | Notice],
    on_notice: Callable[[Notice], None],
    *,
    command: str,
    only: bool = False,
    settings: Settings | None = None,
) -> int:
    """Put `articles` into the store and return how many were given; with `only`, take out all others.

    From the first article on, the store is marked as left unfinished by `command`, and reads with `settings`.
    Notices, and a notice of each article that does not count beside another, go to `on_notice`.
    """
    given = 0
    store.tables.execute(f"CREATE OR REPLACE TEMP TABLE given ({_typed(_OF_FOUND)})")
    for portion in _portions(_told(articles, on_notice)):
        with _transaction(store.tables):
            if not given:
                _set(store, unfinished=command)
                if settings:
                    _set(store, model=settings.model, accuracy=settings.accuracy)
            _keep(store, portion)
        given += len(portion)
    if only and given:
        with _transaction(store.tables):
            store.tables.execute(
                "DELETE FROM found WHERE NOT EXISTS (FROM given WHERE given.article = found.article"
                " AND given.digest = found.digest AND given.file = found.file AND given.line = found.line)"
            )
            _drop_lost(store)
    for notice in _conflicts(store):
        on_notice(notice)
    return given


def _told(articles: Iterable[Article | Notice], on_notice: Callable[[Notice], None]) -> Iterator[Article]:
    for article in articles:
        if isinstance(article, Notice):
            on_notice(article)
        else:
            yield article


def _portions(articles: Iterable[Article]) -> Iterator[list[Article]]:
    portion: list[Article] = []
    characters = 0
    for article in articles:
        portion.append(article)
        characters += len(article.text)
        if len(portion) >= PORTION or characters >= PORTION_CHARACTERS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def _keep(store: Store, portion: Sequence[Article]) -> None:
    """Add the articles that are new, and where each was found."""
    next_number = _value(store, "SELECT coalesce(max(number), 0) + 1 FROM versions")
    versions = {digest_of(article): (*article_row(article), wording_of(article)) for article in portion}
    places = {
        (article.id, digest_of(article), place.file, place.line)
        for article in portion
        for place in article.found or (Place(""),)
    }
    numbered = [(*row, number) for number, row in enumerate(versions.values(), next_number)]
    _insert(store, "versions", _OF_VERSIONS, numbered, "ANTI JOIN versions USING (article, digest)")
    _insert(store, "given", _OF_FOUND, list(places))
    _insert(store, "found", _OF_FOUND, list(places), "ANTI JOIN found USING (article, digest, file, line)")


def _value(store: Store, query: str) -> Any:
    ((value,),) = store.tables.execute(query).fetchall()
    return value


def _insert(store: Store, table: str, columns: dict[str, str], rows: Sequence[Row], only: str = "") -> None:
    """Add `rows` to `table`, by columns: row by row is a thousand times slower."""
    import numpy

    if not rows:
        return
    values = zip(columns, columns.values(), zip(*rows, strict=True), strict=True)
    arrays = {
        name: numpy.array(column, dtype=numpy.int32 if type_ == "INT" else object) for name, type_, column in values
    }
    store.tables.register("arrays", arrays)
    names = _names(columns)
    store.tables.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM arrays {only}')
    store.tables.unregister("arrays")


def _drop_lost(store: Store) -> None:
    """Take out the versions that are found nowhere any more."""
    store.tables.execute(
        "DELETE FROM versions WHERE NOT EXISTS"
        " (FROM found WHERE found.article = versions.article AND found.digest = versions.digest)"
    )


def _conflicts(store: Store) -> list[Notice]:
    """Return a notice for each article with an id of those given that does not count, for another says otherwise."""
    rows = store.tables.execute("""
        WITH counting AS (
            SELECT article, any_value(wording) AS wording, min({'file': file, 'line': line}) AS first
            FROM chosen JOIN versions USING (article, digest) JOIN found USING (article, digest)
            GROUP BY article
        )
        SELECT DISTINCT found.file, found.line, found.article, first.file, first.line
        FROM found SEMI JOIN given USING (article) JOIN versions USING (article, digest) JOIN counting USING (article)
        WHERE versions.wording <> counting.wording
        ORDER BY ALL
    """).fetchall()
    return [
        Notice(
            str(Place(file, line)),
            f"another article has the same id, {_shortened(article)!r}, and another text ({Place(*there)})",
            "give each article an id of its own",
        )
        for file, line, article, *there in rows
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def unread(store: Store) -> int:
    """Return how many articles are to be read, after letting go of the records that no longer hold."""
    by = extractor(settings(store))
    with _transaction(store.tables):
        store.tables.execute(
            'DELETE FROM "read" WHERE extractor <> ? OR NOT EXISTS'
            ' (FROM chosen WHERE chosen.article = "read".article AND chosen.digest = "read".digest)',
            [by],
        )
        for table in _FACTS:
            store.tables.execute(f'DELETE FROM {table} WHERE article NOT IN (SELECT article FROM "read")')
    return len(_waiting(store))


def _waiting(store: Store) -> list[int]:
    """Return the numbers of the versions that count and have no record."""
    rows = store.tables.execute(
        'SELECT number FROM versions SEMI JOIN chosen USING (article, digest) ANTI JOIN "read" USING (article)'
    )
    return sorted(number for (number,) in rows.fetchall())


def read_waiting(store: Store, *, processes: int = 1) -> Iterator[Record]:
    """Read the articles that wait, keep their records, and yield them. To be called after `unread`."""
    if not (numbers := _waiting(store)):  # then no model is loaded
        return
    how = settings(store)
    articles, kept, since = _articles(store, numbers), list[Record](), monotonic()
    for record in extract(articles, model=how.model, accuracy=how.accuracy, processes=processes):
        kept.append(record)
        yield record
        if len(kept) >= BATCH or monotonic() - since >= SECONDS:
            _keep_records(store, kept, extractor(how))
            kept, since = [], monotonic()
    _keep_records(store, kept, extractor(how))


def _articles(store: Store, numbers: Sequence[int]) -> Iterator[Article]:
    for portion in _runs(numbers):
        rows = store.tables.execute(
            "SELECT article, text, title, published, url, source, number FROM versions WHERE number BETWEEN ? AND ?",
            [portion[0], portion[-1]],
        )
        wanted = set(portion)
        yield from (Article(*row[:-1]) for row in sorted(rows.fetchall(), key=itemgetter(-1)) if row[-1] in wanted)


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Cut sorted `numbers` into runs that span less than a portion, so that little is fetched in vain."""
    for _, run in groupby(numbers, key=lambda number: number // PORTION):
        yield list(run)


def _keep_records(store: Store, records: Sequence[Record], by: str) -> None:
    rows = rows_of(records)
    with _transaction(store.tables):
        _insert(store, "read", _OF_READ, [(*row[:2], by) for row in rows["articles"]])
        for table in _FACTS:
            _insert(store, table, TABLES[table], rows[table])


def kept_records(store: Store) -> Iterator[Record]:
    """Yield the record of each article that counts and was read, with everywhere that it was found, in no set order."""
    numbers = store.tables.execute("SELECT number FROM articles ORDER BY number").fetchall()
    for run in _runs([number for (number,) in numbers]):
        these = f"FROM articles WHERE number BETWEEN {run[0]} AND {run[-1]}"
        rows: Rows = {"articles": store.tables.execute(f"SELECT {_names(TABLES['articles'])} {these}").fetchall()}
        for table in ("places", *_FACTS):
            query = f"SELECT {_names(TABLES[table])} FROM {table} WHERE article IN (SELECT article {these})"
            rows[table] = store.tables.execute(query).fetchall()
        yield from records_of(rows)


def take_out(
    store: Store, *, articles: Sequence[str] = (), source: str | None = None, before: str | None = None
) -> set[str]:
    """Take out the versions of articles with one of these ids, of a source, or published before a day, YYYY-MM-DD.

    Returns their ids. What has no ISO date is before no day. Another version that now counts instead is to be read.
    """
    conditions = {
        "list_contains(?, article)": list(articles) or None,
        "source = ?": source,
        f"{_DATED} AND left(published, 10) < ?": before,
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    which = " OR ".join(given) or "false"
    with _transaction(store.tables):
        _set(store, unfinished="remove")
        gone = store.tables.execute(f"SELECT article, digest FROM versions WHERE {which}", [*given.values()]).fetchall()
        store.tables.execute(f"DELETE FROM versions WHERE {which}", [*given.values()])
        store.tables.execute(
            "DELETE FROM found WHERE NOT EXISTS"
            " (FROM versions WHERE versions.article = found.article AND versions.digest = found.digest)"
        )
    return {article for article, _ in gone}


def compact(path: Path) -> None:
    """Write the store at `path` anew, whole or not at all: nothing of what was taken out is left in the file."""
    import duckdb

    path = path.resolve()
    new = path.with_name(f".{path.name}.{uuid4().hex[:12]}.new")
    try:
        with _explained(path), duckdb.connect() as connection:
            # Open for reading until the new file is in its place, so that nobody writes to the old one.
            connection.execute(f"ATTACH {_quoted(path)} AS old (READ_ONLY)")
            connection.execute(f"ATTACH {_quoted(new)} AS new")
            connection.execute("COPY FROM DATABASE old TO new")
            connection.execute("DETACH new")
            copymode(path, new)
            os.replace(new, path)
    except OSError as error:
        raise CannotWrite(f"{path}: cannot be written anew ({error.strerror or error})") from error
    finally:
        new.unlink(missing_ok=True)
        _log_of(new).unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def status(store: Store) -> dict[str, Any]:
    """Return what the store holds, as plain values."""
    counts = {
        "articles": "SELECT count(*) FROM (SELECT DISTINCT article FROM versions)",
        "waiting": 'SELECT count(*) FROM chosen ANTI JOIN "read" USING (article, digest)',
        "mentions": "SELECT count(*) FROM mentions",
        "sources": "SELECT count(DISTINCT source) FROM articles",
        "first": f"SELECT min(left(published, 10)) FROM articles WHERE {_DATED}",
        "last": f"SELECT max(left(published, 10)) FROM articles WHERE {_DATED}",
    }
    by = [row[0] for row in store.tables.execute('SELECT DISTINCT extractor FROM "read" ORDER BY ALL').fetchall()]
    return {
        "store": str(store),
        **{name: _value(store, query) for name, query in counts.items()},
        "bytes": store.path.stat().st_size if store.path else 0,
        **asdict(settings(store)),
        "unfinished": unfinished(store),
        "up_to_date": by in ([], [extractor(settings(store))]),
        "read_by": [json.loads(one) for one in by],
    }


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
