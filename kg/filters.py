"""From a graph to the part of it that one wants to see. The graph itself stays as it was.

The backbone keeps the links that stand out among those of either end: M. Á. Serrano, M. Boguñá and A. Vespignani,
"Extracting the multiscale backbone of complex weighted networks", PNAS 2009. A link that has the share p of the weight
of a node with k links stands out there at the level α if (1 - p)^(k - 1) < α.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from math import fsum

import networkx as nx

from kg.queries.names import find


def select(
    graph: nx.Graph,
    *,
    kinds: Collection[str] = (),
    since: str | None = None,
    until: str | None = None,
    min_weight: float = 0,
    min_articles: int = 0,
    backbone: float | None = None,
    around: str | None = None,
    depth: int = 1,
    top: int | None = None,
) -> nx.Graph:
    """Return the part of `graph` that passes each filter given, in this order.

    `kinds` keeps nodes; `since` and `until` (ISO dates) keep what was seen then, and drop what is undated;
    `min_weight` and `min_articles` keep links; `backbone` is the level α of the disparity filter; nodes that lose their
    last link by one of these go too. `around` keeps what is within `depth` links of the node with this id or name, and
    `top` the nodes with the greatest sum of weights. The counts on what is left stay those of the whole graph.

    Raises `UnknownEntity` if nobody goes by the name in `around`.
    """
    part = graph.copy()
    if kinds:
        part.remove_nodes_from([node for node, kind in graph.nodes(data="kind") if kind not in kinds])
    if since or until:
        part.remove_nodes_from([node for node, seen in part.nodes(data=True) if not _within(seen, since, until)])
        _keep_links(part, [(a, b) for a, b, seen in part.edges(data=True) if _within(seen, since, until)])
    if min_weight or min_articles:
        strong = [
            (a, b)
            for a, b, link in part.edges(data=True)
            if link.get("weight", 1) >= min_weight and link.get("articles", 1) >= min_articles
        ]
        _keep_links(part, strong)
    if backbone is not None:
        strengths = _strengths(part)
        _keep_links(part, [(a, b) for a, b in part.edges if _level(part, a, b, strengths) < backbone])
    if around is not None:
        near = nx.single_source_shortest_path_length(part, find(part, around), cutoff=depth)
        part.remove_nodes_from([node for node in graph if node not in near])
    if top is not None:
        strengths = _strengths(part)
        part.remove_nodes_from(sorted(strengths, key=lambda node: (-strengths[node], node))[top:])
    _keep_articles(part, graph)
    return part


def left_out(before: nx.Graph, after: nx.Graph) -> dict[str, int]:
    """Return how many nodes of each kind, and how many links, were filtered out."""
    kinds = Counter(before.nodes[node].get("kind", "other") for node in before if node not in after)
    return dict(sorted(kinds.items())) | {"links": before.number_of_edges() - after.number_of_edges()}


def _within(seen: dict[str, str | None], since: str | None, until: str | None) -> bool:
    first, last = seen.get("first_seen"), seen.get("last_seen")
    return bool(first and last and (not since or last >= since) and (not until or first[: len(until)] <= until))


def _keep_links(part: nx.Graph, kept: Iterable[tuple[str, str]]) -> None:
    """Remove all other links, and the nodes that lose their last one."""
    alone = set(nx.isolates(part))
    links = set(kept)
    part.remove_edges_from([link for link in part.edges if link not in links])
    part.remove_nodes_from([node for node in nx.isolates(part) if node not in alone])


def _strengths(graph: nx.Graph) -> dict[str, float]:
    """Return the sum of the weights of each node's links."""
    return {node: fsum(link.get("weight", 1) for link in graph[node].values()) for node in graph}


def _level(graph: nx.Graph, a: str, b: str, strengths: Mapping[str, float]) -> float:
    """Return the least level at which the link stands out at one of its ends, 1 if at neither."""
    weight = graph[a][b].get("weight", 1)
    shares = [(weight / strengths[node], len(graph[node]) - 1) for node in (a, b) if len(graph[node]) > 1]
    return min(((1 - share) ** others for share, others in shares), default=1.0)


def _keep_articles(part: nx.Graph, graph: nx.Graph) -> None:
    """Let the articles mention only the nodes that are left."""
    articles = graph.graph.get("articles", {})
    part.graph["articles"] = {
        id: {**article, "mentions": [node for node in article.get("mentions", ()) if node in part]}
        for id, article in articles.items()
    }
