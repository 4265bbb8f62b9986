"""The evidence of a link: the stretches of articles that show it, and which of them shows it best."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A stretch of an article that shows a link: `text` is what the article says from `start` to `end`.

    `mentions` are (node id, start, end, text) in reading order, offsets into the article's text: one of each entity.
    Two entities that share no paragraph have an evidence each, with one mention.
    """

    article: str
    start: int
    end: int
    text: str
    mentions: tuple[tuple[str, int, int, str], ...]


def best_evidence(evidence: Iterable[Evidence]) -> Evidence | None:
    """Return the evidence whose two mentions are nearest to each other; of several, the shortest."""
    found = list(evidence)
    return next(iter(nearest_first(found) if len(found) > 1 else found), None)


def nearest_first(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return the evidence sorted by how near its two mentions are to each other, then by length, the shortest first."""
    return sorted(evidence, key=lambda e: (_distance(e), len(e.text), e.article, e.start))


def _distance(evidence: Evidence) -> float:
    if len(evidence.mentions) < 2:
        return float("inf")
    (_, _, end, _), (_, start, _, _) = evidence.mentions[0], evidence.mentions[-1]
    return max(0, start - end)
