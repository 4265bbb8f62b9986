"""The records of a store: read where they are wanting, kept as they come, given back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from kg.extractor import extractor
from kg.model import Article, Record
from kg.records import extract
from kg.store.file import FACTS, OF_READ, Store, column_names, explained, insert, let_go, single_value, transaction
from kg.store.state import settings
from kg.tables import TABLES, Rows, records_of, rows_of

# So much is lost at most when a run is killed: articles, or seconds of reading them.
BATCH, SECONDS = 256, 5.0
PORTION = 1000  # articles given back at a time


def unread(store: Store) -> int:
    """Return how many articles are to be read, after letting go of the records that no longer hold."""
    by = extractor(settings(store))
    with transaction(store.tables):
        gone = store.tables.execute(
            'DELETE FROM "read" WHERE extractor <> ? OR NOT EXISTS'
            ' (FROM chosen WHERE chosen.article = "read".article AND chosen.digest = "read".digest) RETURNING article',
            [by],
        ).fetchall()
        for table in FACTS if gone else ():  # most often nothing is, and the tables are long
            store.tables.execute(f'DELETE FROM {table} WHERE article NOT IN (SELECT article FROM "read")')
    number: int = single_value(store, f"SELECT count(*) FROM ({_WAITING})")
    return number


# The numbers of the versions that count and have no record.
_WAITING = 'SELECT number FROM versions SEMI JOIN chosen USING (article, digest) ANTI JOIN "read" USING (article)'


def read_waiting(store: Store, *, processes: int = 1) -> Iterator[Record]:
    """Read the articles that wait, keep their records, and yield them. To be called after `unread`."""
    store.tables.execute(f"CREATE OR REPLACE TEMP TABLE waiting AS {_WAITING}")
    if not single_value(store, "SELECT count(*) FROM waiting"):  # then no model is loaded
        return
    how = settings(store)
    articles, kept, since = _waiting(store), list[Record](), monotonic()
    for record in extract(articles, model=how.model, accuracy=how.accuracy, processes=processes):
        kept.append(record)
        yield record
        if len(kept) >= BATCH or monotonic() - since >= SECONDS:
            _keep_records(store, kept, extractor(how))
            kept, since = [], monotonic()
    _keep_records(store, kept, extractor(how))


def _waiting(store: Store) -> Iterator[Article]:
    for first, last in _portions(store, "waiting"):
        rows = store.tables.execute(
            "SELECT article, text, title, published, url, source FROM versions SEMI JOIN waiting USING (number)"
            " WHERE number BETWEEN ? AND ? ORDER BY number",
            [first, last],
        )
        yield from (Article(*row) for row in rows.fetchall())


def _portions(store: Store, table: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last number of each portion of a table, in order."""
    ((least, most),) = store.tables.execute(f"SELECT min(number), max(number) FROM {table}").fetchall()
    if least is not None:
        for first in range(least, most + 1, PORTION):
            yield first, first + PORTION - 1


def _keep_records(store: Store, records: Sequence[Record], by: str) -> None:
    rows = rows_of(records)
    with transaction(store.tables):
        insert(store, "read", OF_READ, [(*row[:2], by) for row in rows["articles"]])
        for table in FACTS:
            insert(store, table, TABLES[table], rows[table])
    let_go(store)


# The view of places, as far as it is wanted.
_PLACES_OF_THESE = """
    FROM (
        SELECT DISTINCT found.article, file, line
        FROM found
        JOIN these ON these.article = found.article
        JOIN versions ON versions.article = found.article AND versions.digest = found.digest
        WHERE versions.wording = these.wording
    )"""


@dataclass(frozen=True)
class Kept:
    """The record of each article that counts and was read, with everywhere that it was found, in no set order."""

    store: Store

    def __iter__(self) -> Iterator[Record]:
        with explained(self.store.path):  # wherever they are read for
            for first, last in _portions(self.store, "articles"):
                yield from records_of(self._rows(first, last))

    def __len__(self) -> int:
        number: int = single_value(self.store, "SELECT count(*) FROM articles")
        return number

    def _rows(self, first: int, last: int) -> Rows:
        self.store.tables.execute(
            'CREATE OR REPLACE TEMP TABLE these AS FROM versions SEMI JOIN "read" USING (article, digest)'
            f" WHERE number BETWEEN {first} AND {last}"
        )
        asked = {"articles": "FROM these", "places": _PLACES_OF_THESE}
        asked |= {table: f"FROM {table} SEMI JOIN these USING (article)" for table in FACTS}
        queries = {table: f"SELECT {column_names(TABLES[table])} {rows}" for table, rows in asked.items()}
        return {table: self.store.tables.execute(query).fetchall() for table, query in queries.items()}


def kept_records(store: Store) -> Kept:
    """Return the records that `store` holds, which may be gone through again and again."""
    return Kept(store)
