"""From a graph to its lists: nodes, links and evidence in the order in which every file holds them.

Writers read a `Listing`, not the graph itself, so that what lies elsewhere than in memory can be written too: any class
with these methods will do. Each method may be called again, and gives the same each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

import networkx as nx

from kg.evidence import Evidence, best_evidence

Attributes = Mapping[str, Any]
Link = tuple[str, str, Attributes]


class Listing(Protocol):
    """A graph in order. Order is that of ids, compared as Python compares text."""

    @property
    def facts(self) -> Attributes:
        """What is said of the graph as a whole: `version`, `window`, `sentences`, and `articles` by id."""

    def nodes(self) -> Iterable[tuple[str, Attributes]]:
        """List the nodes by id."""

    def links(self) -> Iterable[Link]:
        """List the links, each once, the lesser id first."""

    def outlines(self) -> Iterable[Link]:
        """List the links, in the same order, with `weight`, `first_seen` and `last_seen` at least."""

    def around(self, node: str) -> Iterable[tuple[str, Attributes]]:
        """List the neighbours of a node by id, with the `relation` at least."""

    def proofs(self, article: str) -> Iterable[tuple[str, str, list[Evidence]]]:
        """List the links that have evidence in an article, in the same order, with that evidence alone."""

    def best_article(self, a: str, b: str) -> str:
        """Return the article that has the best evidence of a link."""


class InMemory:
    """The listing of a networkx graph."""

    def __init__(self, graph: nx.Graph) -> None:
        self.graph = graph

    @property
    def facts(self) -> Attributes:
        facts: Attributes = self.graph.graph
        return facts

    def nodes(self) -> Iterator[tuple[str, Attributes]]:
        for node in sorted(self.graph):
            yield node, self.graph.nodes[node]

    def links(self) -> Iterator[Link]:
        # node by node, so that what is sorted at a time is small
        for a in sorted(self.graph):
            links = self.graph[a]
            for b in sorted(other for other in links if other >= a):
                yield a, b, links[b]

    def outlines(self) -> Iterator[Link]:
        return self.links()

    def around(self, node: str) -> Iterator[tuple[str, Attributes]]:
        links = self.graph[node]
        for other in sorted(links):
            yield other, links[other]

    def proofs(self, article: str) -> Iterator[tuple[str, str, list[Evidence]]]:
        for a, b in self._shown_by.get(article, ()):
            yield a, b, [e for e in self.graph[a][b]["evidence"] if e.article == article]

    def best_article(self, a: str, b: str) -> str:
        return self._best[a, b]

    @cached_property
    def _best(self) -> dict[tuple[str, str], str]:
        shown = ((a, b, best_evidence(link.get("evidence", ()))) for a, b, link in self.links())
        return {(a, b): best.article for a, b, best in shown if best}

    @cached_property
    def _shown_by(self) -> dict[str, list[tuple[str, str]]]:
        shown_by = defaultdict(list)
        for a, b, link in self.links():
            for article in {e.article for e in link.get("evidence", ())}:
                shown_by[article].append((a, b))
        return dict(shown_by)


def listed(graph: "nx.Graph | Listing") -> Listing:
    """Return the listing of a graph; what is one already stays as it is."""
    return InMemory(graph) if isinstance(graph, nx.Graph) else graph


def candidates(attributes: Attributes) -> list[dict[str, Any]]:
    """Return the Wikidata items that a node may be, each with `id`, `score` and perhaps a `label`."""
    return [
        dict(known) if isinstance(known, Mapping) else {"id": known.item, "label": known.label, "score": known.score}
        for known in attributes.get("candidates") or ()
    ]
