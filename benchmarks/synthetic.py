"""A made-up graph of any size that is listed, not held: nodes in communities, links with quotes, articles with dates.

The same numbers give the same graph. It is what a large store would hand to the writers.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from kg.evidence import Evidence
from kg.formats.listing import Attributes, Link

KINDS = ("country", "event", "person")
DAYS = [(date(2015, 1, 1) + timedelta(days=i)).isoformat() for i in range(3600)]
GIVEN = ("Ann", "Bo", "Cem", "Dua", "Eva", "Femi", "Gül", "Hans", "Ines", "Jörg")
LINKS_PER_ARTICLE = 20
PORTION = 10_000  # links that are made at a time


class Synthetic:
    """`n` nodes in communities of some hundreds, and about `m` links, each shown by one quote."""

    def __init__(self, n: int, m: int, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        kind = random.choice(3, n, p=(0.05, 0.35, 0.6))
        self.ids = sorted(f"{KINDS[k]}/{'abcdefghij'[i % 10]}{i:07d}-name" for i, k in enumerate(kind.tolist()))
        share = random.pareto(1.5, n) + 1
        a = np.searchsorted(np.cumsum(share / share.sum()), random.random(int(m * 1.15)))
        community = random.integers(0, max(2, n // 400), n)
        order = np.argsort(community, kind="stable")
        first = np.searchsorted(community[order], np.arange(community.max() + 2))
        near = first[community[a % n]], np.diff(first)[community[a % n]]
        inside = order[near[0] + (random.random(len(a)) ** 2 * near[1]).astype(np.int64)]
        b = np.where(random.random(len(a)) < 0.8, inside, random.integers(0, n, len(a)))
        ends = np.stack([np.minimum(a, b), np.maximum(a, b)], axis=1)
        ends = np.unique(ends[(ends[:, 0] != ends[:, 1]) & (ends[:, 1] < n)], axis=0)
        self.ends = ends[np.sort(random.permutation(len(ends))[:m])].astype(np.int32)
        self.weight = random.geometric(0.4, len(self.ends)).astype(np.int16)
        both = np.concatenate([self.ends, self.ends[:, ::-1]])
        self.from_, self.link = both[:, 0], np.tile(np.arange(len(self.ends), dtype=np.int32), 2)
        self.to = both[:, 1]
        order = np.lexsort((self.to, self.from_))
        self.to, self.link = self.to[order], self.link[order]
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(self.from_, minlength=n))])
        self.facts = {
            "version": "0",
            "window": "sentence",
            "sentences": 3 * len(self.ends),
            "articles": _Articles(self),
        }

    def nodes(self) -> Iterator[tuple[str, Attributes]]:
        for i, node in enumerate(self.ids):
            yield node, self._node(i, node)

    def _node(self, i: int, node: str) -> Attributes:
        kind = node.partition("/")[0]
        label = f"{GIVEN[i % 10]} {node[-12:-5].title()}"
        of_kind = {"type": "meeting", "named": False, "date": "2020-05-17"} if kind == "event" else {}
        return {
            "kind": kind,
            "label": label,
            "aliases": [label[4:]],
            "mentions": i % 97 + 1,
            "articles": i % 31 + 1,
            "first_seen": "2015-03-01",
            "last_seen": "2024-11-30",
            **of_kind,
        }

    def links(self) -> Iterator[Link]:
        for first in range(0, len(self.ends), PORTION):
            yield from self._links(first, first + PORTION)

    def outlines(self) -> Iterator[Link]:
        return self.links()

    def _links(self, first: int, last: int) -> Iterator[Link]:
        ends, weights = self.ends[first:last].tolist(), self.weight[first:last].tolist()
        for i, (a, b), weight in zip(range(first, last), ends, weights, strict=False):
            one, other = self.ids[a], self.ids[b]
            event, day = one.startswith("event/") != other.startswith("event/"), _day(i // LINKS_PER_ARTICLE)
            yield (
                one,
                other,
                {
                    "relation": "participant" if event else "co-occurrence",
                    "role": "source" if event else None,
                    "weight": float(weight),
                    "npmi": i % 2000 / 2000,
                    "sentences": weight,
                    "paragraphs": 0,
                    "articles": 1,
                    "first_seen": day,
                    "last_seen": day,
                    "evidence": [self._evidence(i, one, other)],
                },
            )

    def _evidence(self, i: int, a: str, b: str) -> Evidence:
        start = 100 * (i % LINKS_PER_ARTICLE)
        text = f"In sentence {i} one may read that {a[-12:]} met with {b[-12:]} to talk about “trade & more”."
        mentions = ((a, start + 31, start + 43, a[-12:]), (b, start + 53, start + 65, b[-12:]))
        return Evidence(f"article-{i // LINKS_PER_ARTICLE:07d}", start, start + len(text), text, mentions)

    def around(self, node: str) -> Iterator[tuple[str, Attributes]]:
        i = self._number(node)
        for k in range(self.starts[i], self.starts[i + 1]):
            other = self.ids[self.to[k]]
            event = node.startswith("event/") != other.startswith("event/")
            yield other, {"relation": "participant" if event else "co-occurrence"}

    def _number(self, node: str) -> int:
        from bisect import bisect_left

        return bisect_left(self.ids, node)

    def proofs(self, article: str) -> Iterator[tuple[str, str, list[Evidence]]]:
        first = int(article[8:]) * LINKS_PER_ARTICLE
        for a, b, link in self._links(first, first + LINKS_PER_ARTICLE):
            yield a, b, link["evidence"]

    def best_article(self, a: str, b: str) -> str:
        ends = [self._number(a), self._number(b)]
        link = self.link[
            self.starts[ends[0]] + np.searchsorted(self.to[slice(*self.starts[ends[0] : ends[0] + 2])], ends[1])
        ]
        return f"article-{link // LINKS_PER_ARTICLE:07d}"


class _Articles(Mapping[str, Any]):
    """The articles, made when they are asked for."""

    def __init__(self, graph: Synthetic) -> None:
        self.graph = graph

    def __len__(self) -> int:
        return -(-len(self.graph.ends) // LINKS_PER_ARTICLE)

    def __iter__(self) -> Iterator[str]:
        return (f"article-{i:07d}" for i in range(len(self)))

    def __getitem__(self, article: str) -> dict[str, Any]:
        i = int(article[8:])
        ends = self.graph.ends[i * LINKS_PER_ARTICLE : (i + 1) * LINKS_PER_ARTICLE].ravel().tolist()
        nodes = {self.graph.ids[end] for end in ends}
        return {
            "title": f"Story {i}",
            "published": _day(i),
            "url": f"https://news.example.org/{i}",
            "source": f"Outlet {i % 50}",
            "found": [f"news.jsonl:{i + 1}"],
            "mentions": sorted(nodes),
        }


def _day(article: int) -> str:
    return DAYS[article * 7919 % len(DAYS)]
