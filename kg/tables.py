"""Records as tables, a row a fact, and back: the form in which a store keeps them and SQL counts them.

Nothing is lost: `records_of(rows_of(records))` gives the same records. The order of what has one is a column, `number`,
so that the order of rows means nothing.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any

from kg.model import Article, Entity, Kind, Mention, Place, Record

# The columns of each table, with their types. `article` is the id of an article and `entity` that of an entity within
# its record, which is not yet that of a node. Sentences and paragraphs are numbered from 0, offsets are code points.
TABLES: dict[str, dict[str, str]] = {
    "articles": {
        "article": "TEXT",
        "digest": "TEXT",  # of all that a record can depend on
        "title": "TEXT",
        "published": "TEXT",
        "url": "TEXT",
        "source": "TEXT",
        "text": "TEXT",
    },
    "places": {"article": "TEXT", "file": "TEXT", "line": "INT"},
    "sentences": {"article": "TEXT", "sentence": "INT", "start": "INT", "end": "INT", "paragraph": "INT"},
    "entities": {
        "article": "TEXT",
        "entity": "TEXT",
        "number": "INT",
        "kind": "TEXT",
        "label": "TEXT",
        "iso": "TEXT",
        "type": "TEXT",
        "named": "BOOLEAN",
        "place": "TEXT",
        "place_country": "TEXT",
        "when": "TEXT",
        "date": "TEXT",
        "modality": "TEXT",
        "cue": "TEXT",
        "plover": "TEXT",
        "plover_mode": "TEXT",
        "plover_quad": "TEXT",
    },
    "mentions": {
        "article": "TEXT",
        "entity": "TEXT",
        "number": "INT",
        "start": "INT",
        "end": "INT",
        "text": "TEXT",
        "form": "TEXT",
        "within_name": "BOOLEAN",
        "sentence": "INT",  # in which it begins
    },
    "participants": {"article": "TEXT", "event": "TEXT", "number": "INT", "entity": "TEXT", "role": "TEXT"},
}

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

# The attributes of an entity that are a column each.
_FACTS = ("iso", "type", "named", "place", "place_country", "when", "date", "modality", "cue")


def digest_of(article: Article) -> str:
    """Return a digest of all that the record of `article` can depend on: everything but where it was found.

    >>> here, there = (Article("1", "Rain.", found=(Place(file),)) for file in "ab")
    >>> digest_of(here) == digest_of(there) != digest_of(Article("1", "Rain.", title="Rain"))
    True
    """
    fields = (article.id, article.text, article.title, article.published, article.url, article.source)
    return sha256(repr(fields).encode()).hexdigest()[:32]


def wording_of(article: Article) -> str:
    """Return a digest of the words of `article`: the same for texts that differ in white space alone."""
    return sha256(" ".join(article.text.split()).encode("utf-8", "replace")).hexdigest()[:32]


def rows_of(records: Iterable[Record]) -> Rows:
    """Return the rows of each of `TABLES`, in the order of its columns."""
    rows: Rows = {table: [] for table in TABLES}
    for record in records:
        article, id = record.article, record.article.id
        rows["articles"].append(article_row(article))
        rows["places"] += ((id, place.file, place.line) for place in article.found)
        rows["sentences"] += (
            (id, number, start, end, bisect_right(record.paragraphs, number) - 1)
            for number, (start, end) in enumerate(record.sentences)
        )
        starts = [start for start, _ in record.sentences]
        for number, entity in enumerate(record.entities):
            facts = (getattr(entity, fact) for fact in _FACTS)
            plover = entity.plover or (None, None, None)
            rows["entities"].append((id, entity.id, number, str(entity.kind), entity.label, *facts, *plover))
            rows["mentions"] += (
                (id, entity.id, i, m.start, m.end, m.text, m.form, m.within_name, bisect_right(starts, m.start) - 1)
                for i, m in enumerate(entity.mentions)
            )
            roles = dict(entity.roles)
            rows["participants"] += (
                (id, entity.id, i, other, roles.get(other)) for i, other in enumerate(entity.participants)
            )
    return rows


def article_row(article: Article) -> Row:
    """Return the row of `article` in the table of that name."""
    return article.id, digest_of(article), article.title, article.published, article.url, article.source, article.text


def records_of(rows: Rows) -> Iterator[Record]:
    """Yield the records that `rows` hold, in the order of the rows of articles; the other rows may be in any order."""
    places = _grouped(rows["places"], lambda row: row[0])
    sentences = _grouped(rows["sentences"], lambda row: row[0])
    entities = _grouped(rows["entities"], lambda row: row[0])
    mentions = _grouped(rows["mentions"], lambda row: row[:2])
    participants = _grouped(rows["participants"], lambda row: row[:2])
    for id, _, title, published, url, source, text in rows["articles"]:
        found = tuple(sorted(Place(file, line) for _, file, line in places[id]))
        spans = sorted(row[1:] for row in sentences[id])
        first_of = {paragraph: number for number, _, _, paragraph in reversed(spans)}
        yield Record(
            Article(id, text, title, published, url, source, found),
            tuple(
                _entity(row, mentions[id, row[1]], participants[id, row[1]])
                for row in sorted(entities[id], key=lambda row: row[2])
            ),
            tuple((start, end) for _, start, end, _ in spans),
            tuple(sorted(first_of.values())),
        )


def _grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> defaultdict[Any, list[Row]]:
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _entity(row: Row, mentions: list[Row], participants: list[Row]) -> Entity:
    _, id, _, kind, label, *facts, plover, mode, quad = row
    cast = sorted((number, other, role) for _, _, number, other, role in participants)
    return Entity(
        id,
        Kind(kind),
        label,
        tuple(Mention(*mention[3:8]) for mention in sorted(mentions, key=lambda mention: mention[2])),
        participants=tuple(other for _, other, _ in cast),
        roles=tuple((other, role) for _, other, role in cast if role is not None),
        plover=() if plover is None else (plover, mode, quad),
        **dict(zip(_FACTS, facts, strict=True)),
    )
