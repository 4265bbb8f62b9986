"""The records of a store: read where they are wanting, kept as they come, given back."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from time import monotonic

from kg.extractor import extractor
from kg.model import Article, Record
from kg.records import extract
from kg.store.file import FACTS, OF_READ, Store, column_names, insert, transaction
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
    with transaction(store.tables):
        insert(store, "read", OF_READ, [(*row[:2], by) for row in rows["articles"]])
        for table in FACTS:
            insert(store, table, TABLES[table], rows[table])


def kept_records(store: Store) -> Iterator[Record]:
    """Yield the record of each article that counts and was read, with everywhere that it was found, in no set order."""
    numbers = store.tables.execute("SELECT number FROM articles ORDER BY number").fetchall()
    for run in _runs([number for (number,) in numbers]):
        these = f"FROM articles WHERE number BETWEEN {run[0]} AND {run[-1]}"
        rows: Rows = {"articles": store.tables.execute(f"SELECT {column_names(TABLES['articles'])} {these}").fetchall()}
        for table in ("places", *FACTS):
            query = f"SELECT {column_names(TABLES[table])} FROM {table} WHERE article IN (SELECT article {these})"
            rows[table] = store.tables.execute(query).fetchall()
        yield from records_of(rows)
