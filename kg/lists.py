"""From a record to the long lists of people in it: those who stand in one have little to do with each other."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kg.model import Kind, Mention, Record

# How many people make a long list, and what stands between two of them; longer gaps are no list.
LONG_LIST = 5
_LISTED = re.compile(
    r"(?=.{1,120}\Z)(?:['’]s)?\s?(?:[,;&()\n–—-]|and\b)"
    r"(?:[\s,;&()./–—-]|\b(?:and|of|the|for|to|from|vice|deputy|prime|minister|president|former|as|well)\b|\b[A-Z0-9][\w.’'-]*)*",
    re.DOTALL,
)


def listed(record: Record) -> Iterator[tuple[int, int, str]]:
    """Yield who stands in a long list: the number of the sentence, that of the list in it, and the id."""
    starts = [start for start, _ in record.sentences]
    people: dict[int, dict[str, Mention]] = defaultdict(dict)
    for entity in record.entities:
        if entity.kind is Kind.PERSON:
            for mention in entity.mentions:
                people[bisect_right(starts, mention.start) - 1].setdefault(entity.id, mention)
    for sentence, found in sorted(people.items()):
        if len(found) >= LONG_LIST:
            named = sorted((mention, id_) for id_, mention in found.items())
            for number, ids in enumerate(long_lists(record.article.text, named)):
                yield from ((sentence, number, id_) for id_ in sorted(ids))


def long_lists(text: str, named: Sequence[tuple[Mention, str]]) -> list[set[str]]:
    """Return the ids of `named`, people in reading order, that stand in lists of five or more.

    >>> names = ["Ana Silva", "Luis Paz", "Eva Roth", "Kim Lee", "Bo Ek"]
    >>> text = "Ana Silva, Luis Paz, Minister Eva Roth, Kim Lee and Bo Ek met."
    >>> named = [(Mention(text.index(name), text.index(name) + len(name), name), name) for name in names]
    >>> [len(names) for names in long_lists(text, named)], long_lists(text.replace(", Kim", " saw Kim"), named)
    ([5], [])
    """
    lists: list[set[str]] = []
    row: list[str] = []
    end = 0
    for mention, id_ in named:
        if row and not _LISTED.fullmatch(text, end, mention.start):
            lists.append(set(row))
            row = []
        row.append(id_)
        end = mention.end
    return [names for names in [*lists, set(row)] if len(names) >= LONG_LIST]
