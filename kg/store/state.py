"""What a store says of itself: how it reads, whether a command was stopped midway, and what it holds."""

import json
from dataclasses import asdict
from typing import Any

from kg.documents import BEST
from kg.errors import BadStore
from kg.extractor import Settings, extractor
from kg.store.file import Store, single_value, transaction

DATED = "regexp_matches(published, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')"
_ARTICLES = "SELECT count(DISTINCT article) FROM versions"


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
    with transaction(store.tables):
        note(store, unfinished=None)


def note(store: Store, **values: str | None) -> None:
    """Note what the store is to know of itself, by name; None takes a note away."""
    for name, value in values.items():
        store.tables.execute("DELETE FROM meta WHERE name = ?", [name])
        if value is not None:
            store.tables.execute("INSERT INTO meta VALUES (?, ?)", [name, value])


def number_of_articles(store: Store) -> int:
    """Return how many articles the store holds, read or not."""
    number: int = single_value(store, _ARTICLES)
    return number


def status(store: Store) -> dict[str, Any]:
    """Return what the store holds, as plain values."""
    counts = {
        "articles": _ARTICLES,
        "waiting": 'SELECT count(*) FROM chosen ANTI JOIN "read" USING (article, digest)',
        "mentions": "SELECT count(*) FROM mentions",
        "sources": "SELECT count(DISTINCT source) FROM articles",
        "first": f"SELECT min(left(published, 10)) FROM articles WHERE {DATED}",
        "last": f"SELECT max(left(published, 10)) FROM articles WHERE {DATED}",
    }
    by = [row[0] for row in store.tables.execute('SELECT DISTINCT extractor FROM "read" ORDER BY ALL').fetchall()]
    return {
        "store": str(store),
        **{name: single_value(store, query) for name, query in counts.items()},
        "bytes": store.path.stat().st_size if store.path else 0,
        **asdict(settings(store)),
        "unfinished": unfinished(store),
        "up_to_date": by in ([], [extractor(settings(store))]),
        "read_by": [json.loads(one) for one in by],
    }
