"""Articles into a store, and out of it.

Of several versions with one id that counts which was found first; the others wait, should that one be removed. Thus
what is read depends on the set of articles given, not on the order or the portions in which they came.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kg.extractor import Settings
from kg.model import Article, Notice, Place
from kg.records import in_batches
from kg.store.file import OF_FOUND, OF_VERSIONS, Store, insert, let_go, single_value, transaction, typed
from kg.store.state import DATED, note
from kg.tables import article_row, digest_of, wording_of

# Articles and characters taken in at a time.
PORTION, PORTION_CHARACTERS = 1000, 8_000_000


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
    store.tables.execute(f"CREATE OR REPLACE TEMP TABLE given ({typed(OF_FOUND)})")
    store.tables.execute("CREATE OR REPLACE TEMP TABLE several (article TEXT)")
    for portion in in_batches(_told(articles, on_notice), PORTION, PORTION_CHARACTERS):
        with transaction(store.tables):
            if not given:
                note(store, unfinished=command)
                if settings:
                    note(store, model=settings.model, accuracy=settings.accuracy)
            _keep(store, portion)
        let_go(store)
        given += len(portion)
    if only and given and single_value(store, "SELECT (SELECT count(*) FROM found) > (SELECT count(*) FROM given)"):
        with transaction(store.tables):
            store.tables.execute(
                "DELETE FROM found WHERE NOT EXISTS (FROM given WHERE given.article = found.article"
                " AND given.digest = found.digest AND given.file = found.file AND given.line = found.line)"
            )
            _drop_lost(store)
    for notice in _conflicts(store):
        on_notice(notice)
    store.tables.execute("DROP TABLE given; DROP TABLE several")  # they lie in memory
    return given


def _told(articles: Iterable[Article | Notice], on_notice: Callable[[Notice], None]) -> Iterator[Article]:
    for article in articles:
        if isinstance(article, Notice):
            on_notice(article)
        else:
            yield article


def _keep(store: Store, portion: Sequence[Article]) -> None:
    """Add the articles that are new, and where each was found."""
    next_number = single_value(store, "SELECT coalesce(max(number), 0) + 1 FROM versions")
    versions = {digest_of(article): (*article_row(article), wording_of(article)) for article in portion}
    places = {
        (article.id, digest_of(article), place.file, place.line)
        for article in portion
        for place in article.found or (Place(""),)
    }
    numbered = [(*row, number) for number, row in enumerate(versions.values(), next_number)]
    insert(store, "versions", OF_VERSIONS, numbered, _new_in("versions", "article, digest"))
    for table in ("given", "found"):
        insert(store, table, OF_FOUND, list(places), _new_in(table, "article, digest, file, line"))
    insert(
        store,
        "several",
        {"article": "TEXT"},
        [row[:1] for row in numbered],
        """
        WHERE article IN (
            SELECT article FROM versions WHERE article IN (SELECT article FROM arrays)
            GROUP BY article HAVING min(wording) <> max(wording)
        )""",
    )


def _new_in(table: str, columns: str) -> str:
    """Return SQL that leaves out what the table has already; only its rows of the same articles are looked at."""
    return f"ANTI JOIN (FROM {table} WHERE article IN (SELECT article FROM arrays)) USING ({columns})"


def _drop_lost(store: Store) -> None:
    """Take out the versions that are found nowhere any more."""
    store.tables.execute(
        "DELETE FROM versions WHERE NOT EXISTS"
        " (FROM found WHERE found.article = versions.article AND found.digest = versions.digest)"
    )


def _conflicts(store: Store) -> list[Notice]:
    """Return a notice for each article with an id of those given that does not count, for another says otherwise."""
    rows = store.tables.execute("""
        WITH there AS (
            SELECT article, digest, file, line, wording
            FROM found SEMI JOIN several USING (article) JOIN versions USING (article, digest)
        ),
        counting AS (
            SELECT article, min({'file': file, 'line': line, 'digest': digest, 'wording': wording}) AS first
            FROM there GROUP BY article
        )
        SELECT DISTINCT file, line, article, first.file, first.line
        FROM there JOIN counting USING (article)
        WHERE wording <> first.wording
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


def take_out(
    store: Store, *, articles: Sequence[str] = (), source: str | None = None, before: str | None = None
) -> set[str]:
    """Take out the versions of articles with one of these ids, of a source, or published before a day, YYYY-MM-DD.

    Returns their ids. What has no ISO date is before no day. Another version that now counts instead is to be read.
    """
    conditions = {
        "list_contains(?, article)": list(articles) or None,
        "source = ?": source,
        f"{DATED} AND left(published, 10) < ?": before,
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    which = " OR ".join(given) or "false"
    with transaction(store.tables):
        note(store, unfinished="remove")
        gone = store.tables.execute(f"SELECT article, digest FROM versions WHERE {which}", [*given.values()]).fetchall()
        store.tables.execute(f"DELETE FROM versions WHERE {which}", [*given.values()])
        store.tables.execute(
            "DELETE FROM found WHERE NOT EXISTS"
            " (FROM versions WHERE versions.article = found.article AND versions.digest = found.digest)"
        )
    return {article for article, _ in gone}
