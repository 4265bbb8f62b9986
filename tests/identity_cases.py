"""Cases of identity: pairs of mentions that mean one or not, and what the fast pipeline makes of them."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg.identity import profile_of, relabelled, resolve
from kg.model import Article
from kg.records import extract

TABLE = Path(__file__).with_name("cases") / "identity.tsv"
_MARKED = re.compile(r"\[\[(.*?)\]\]")


class Case(NamedTuple):
    same: bool
    kind: str
    articles: tuple[str, ...]  # with the two mentions in double brackets

    @property
    def text(self) -> str:
        return " || ".join(self.articles)


@cache
def cases() -> tuple[Case, ...]:
    """Return the cases of the table, in its order."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]
    rows = [line.split("\t") for line in lines]
    return tuple(Case(same == "yes", kind, _articles(text)) for same, kind, text in rows)


def _articles(text: str) -> tuple[str, ...]:
    return tuple(part.replace("\\n", "\n") for part in text.split(" || "))


def nodes(case: Case, accuracy: str = "fast") -> tuple[str | None, str | None]:
    """Return the nodes of the two mentions of `case`, None for one that was not found."""
    articles, marks = [], []
    for i, marked in enumerate(case.articles):
        text, passed, rest = "", 0, marked
        for match in _MARKED.finditer(marked):
            text += marked[passed : match.start()]
            marks.append((f"a{i}", len(text), len(text) + len(match[1])))
            text, passed = text + match[1], match.end()
        articles.append(Article(f"a{i}", text + rest[passed:]))
    records = list(extract(articles, accuracy=accuracy))
    identity = resolve(map(profile_of, records))
    record_of = {record.article.id: relabelled(record, identity) for record in records}
    found = [_node(record_of[article], start, end) for article, start, end in marks]
    assert len(found) == 2, case.text
    return found[0], found[1]


def _node(record, start, end):
    """Return the node whose mention covers most of the stretch, the shortest mention of several."""
    covering = [
        (mention.end - mention.start, entity.id)
        for entity in record.entities
        for mention in entity.mentions
        if mention.start < end and start < mention.end
    ]
    return min(covering)[1] if covering else None


def is_right(case: Case, accuracy: str = "fast") -> bool:
    """Tell whether the two mentions of `case` are one node, or not, as the case says."""
    one, other = nodes(case, accuracy)
    return (one is not None and one == other) == case.same
