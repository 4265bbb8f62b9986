"""From the mentions of an entity to quotes: the sentences that hold them, each on one line."""

from bisect import bisect_right
from collections.abc import Iterable

from kg.model import Record

# A longer sentence is cut to so many characters around the mention.
LONGEST = 240


def quote(record: Record, start: int, end: int) -> str:
    """Return the sentence of `record` that holds what stands from `start` to `end`, cut where it is long."""
    text, number = record.article.text, bisect_right(record.sentences, (start, len(record.article.text))) - 1
    first, last = record.sentences[number] if number >= 0 else (start, end)
    return around(text, first, max(last, end), start, end)


def around(text: str, first: int, last: int, start: int, end: int) -> str:
    """Return `text[first:last]` on one line, cut to what stands around `text[start:end]` where it is long.

    >>> around("It rained. Ann Lee\\nspoke.", 11, 25, 11, 18)
    'Ann Lee spoke.'
    """
    room = max(0, LONGEST - (end - start)) // 2
    low, high = max(first, start - room), min(last, end + room)
    low += len(text[low:start].partition(" ")[0]) if low > first and " " in text[low:start] else 0  # whole words
    high -= len(text[end:high].rpartition(" ")[2]) if high < last and " " in text[end:high] else 0
    whole = " ".join(text[low:high].split())
    return f"{'… ' if low > first else ''}{whole}{' …' if high < last else ''}"


def first_quotes(records: Iterable[Record]) -> dict[str, str]:
    """Return a quote for each entity of `records`, by id: one with its longest name, in whatever order they come."""
    best: dict[str, tuple[int, str, int, str]] = {}
    for record in records:
        for entity in record.entities:
            mention = min(entity.mentions, key=lambda mention: (-len(mention.text), mention.start))
            rank = (-len(mention.text), record.article.id, mention.start)
            if entity.id not in best or rank < best[entity.id][:3]:
                best[entity.id] = (*rank, quote(record, mention.start, mention.end))
    return {node: told for node, (*_, told) in best.items()}
