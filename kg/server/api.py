"""What the page asks a server for, as plain JSON: the graph or its core, names, neighbours, quotes, paths."""

from typing import Any

import networkx as nx

from kg.errors import UnknownEntity
from kg.formats.listing import listed
from kg.queries import path, suggestions
from kg.server.drawing import WHOLE, article_row, core, drawing, link_row, node_row, quote_rows

# How many nodes are shown at first of a graph of more than `WHOLE`, and how many neighbours are added at once; of more
# articles only the dates are told at first.
CORE, NEIGHBOURS, ARTICLES = 1_500, 60, 20_000


class Api:
    """Answers about one graph."""

    def __init__(self, graph: nx.Graph) -> None:
        self._graph = graph
        known = graph.graph.get("articles", {})
        self._articles = {id: number for number, id in enumerate(sorted(known))}
        self.search("a")  # the names are put in order at the first search

    def graph(self) -> dict[str, Any]:
        """Return all that is drawn of the graph, without quotes, and how large it is; of a large one, the core."""
        shown = self._graph
        if len(shown) > WHOLE:
            shown = core(listed(shown), CORE)
        drawn = drawing(listed(shown), quotes=False)
        if len(drawn["articles"]) > ARTICLES:
            drawn["articles"] = [_dated(article) for article in drawn["articles"]]
        sizes = {"nodes": self._graph.number_of_nodes(), "links": self._graph.number_of_edges()}
        return drawn | {"total": sizes}

    def search(self, text: str) -> dict[str, Any]:
        """Return the nodes that a typed text may mean, the likeliest first."""
        return {"nodes": [self._node(found.id) for found in suggestions(self._graph, text, 12)]}

    def neighbours(self, id: str) -> dict[str, Any]:
        """Return a node, those it is linked to most strongly, and the links among all of these."""
        links = self._around(id)
        nearest = sorted(links, key=lambda other: (-links[other].get("weight", 1), other))[:NEIGHBOURS]
        return self._part([id, *(other for other in nearest if other != id)])

    def link(self, a: str, b: str) -> dict[str, Any]:
        """Return the quotes of a link, and the articles that they are from, by number."""
        if b not in self._around(a):
            raise UnknownEntity(f"{a!r} and {b!r} are not linked")
        evidence = self._graph[a][b].get("evidence", ())
        known = self._graph.graph["articles"]
        articles = {self._articles[id]: article_row(id, known[id]) for id in sorted({e.article for e in evidence})}
        return {"articles": articles, "quotes": quote_rows(evidence, self._articles)}

    def path(self, start: str, end: str) -> dict[str, Any]:
        """Return the shortest path between two nodes, of several the strongest, with its nodes and links."""
        self._around(start), self._around(end)
        found = path(self._graph, start, end)
        nodes = list(found[0].nodes) if found else []
        return self._part(nodes) | {"path": nodes or None}

    def _around(self, id: str) -> Any:
        if id not in self._graph:
            raise UnknownEntity(f"no node has the id {id!r}")
        return self._graph[id]

    def _node(self, id: str) -> dict[str, Any]:
        return node_row(id, self._graph.nodes[id])

    def _part(self, nodes: list[str]) -> dict[str, Any]:
        """Return these nodes and the links among them."""
        among = self._graph.subgraph(nodes)
        links = [link_row(a, b, link, self._articles) for a, b, link in among.edges(data=True) if a != b]
        return {
            "nodes": [self._node(id) for id in nodes],
            "links": sorted(links, key=lambda link: (link["a"], link["b"])),
        }


def _dated(article: dict[str, Any]) -> dict[str, Any]:
    return {name: article[name] for name in ("id", "published") if name in article}
