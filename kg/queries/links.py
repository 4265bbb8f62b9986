"""Who is linked to whom, and what shows it."""

from collections.abc import Collection
from math import fsum
from typing import Any, NamedTuple

import networkx as nx

from kg.errors import BadQuestion
from kg.evidence import Evidence, best_evidence
from kg.queries.answers import Answer
from kg.queries.names import find
from kg.queries.times import days, is_within

# Those who can be somewhere: of events it means little that they are told of together.
ACTORS = ("person", "country")


class Neighbour(NamedTuple):
    """A node linked to another: the weight of the link, the articles that show it, and the best of its evidence."""

    id: str
    label: str
    kind: str
    weight: float
    articles: int
    first_seen: str | None
    last_seen: str | None
    evidence: Evidence | None


class Quote(NamedTuple):
    """A passage that shows a link, `text` from `start` to `end` of the article."""

    date: str | None
    text: str
    title: str | None
    article: str
    start: int
    end: int
    url: str | None


class Broker(NamedTuple):
    """A node between two others: how strong the way through it is, and its links to the one and the other."""

    id: str
    label: str
    kind: str
    strength: float
    weight_a: float
    weight_b: float
    evidence_a: Evidence | None
    evidence_b: Evidence | None


def neighbours(
    graph: nx.Graph,
    name: str,
    *,
    kinds: Collection[str] = (),
    min_weight: float = 0,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
) -> Answer[Neighbour]:
    """List what is linked to `name`, strongest link first, ties by id.

    `kinds` are those wanted, all if there are none. With `since` or `until`, ISO dates, only links that an article of
    that time shows; the weight stays that of all articles. Raises `UnknownEntity`.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> neighbours(graph, "the Netherlands", kinds=["country"])[0].label
    'China'
    """
    node = find(graph, name)
    day = days(graph) if since or until else {}
    found = [
        _neighbour(graph, other, link)
        for other, link in graph[node].items()
        if (not kinds or graph.nodes[other].get("kind") in kinds)
        and link.get("weight", 1.0) >= min_weight
        and (not (since or until) or any(is_within(day.get(e.article), since, until) for e in link["evidence"]))
    ]
    return Answer(Neighbour, sorted(found, key=lambda other: (-other.weight, other.id))[:limit])


def _neighbour(graph: nx.Graph, node: str, link: dict[str, Any]) -> Neighbour:
    label, kind = label_and_kind(graph, node)
    seen = link.get("first_seen"), link.get("last_seen")
    evidence = best_evidence(link.get("evidence") or ())
    return Neighbour(node, label, kind, link.get("weight", 1.0), link.get("articles", 0), *seen, evidence)


def label_and_kind(graph: nx.Graph, node: str) -> tuple[str, str]:
    """Return what a node is called, and its kind."""
    return graph.nodes[node].get("label", node), graph.nodes[node].get("kind", "")


def links(graph: nx.Graph, a: str, b: str, *, limit: int | None = None) -> Answer[Quote]:
    """List the passages that link two nodes, the latest first, then the undated; none if they are not linked.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> [quote.text for quote in links(graph, "putin", "Brian Suy")]
    []
    >>> "Russia" in links(graph, "putin", "russia")[0].text
    True
    """
    one, other = two(graph, a, b)
    day, articles = days(graph), graph.graph.get("articles", {})
    found = []
    for e in graph.get_edge_data(one, other, {}).get("evidence", ()):
        article = articles.get(e.article, {})
        found.append(
            Quote(day.get(e.article), e.text, article.get("title"), e.article, e.start, e.end, article.get("url"))
        )
    found.sort(key=lambda quote: (quote.article, quote.start, quote.end))
    return Answer(Quote, sorted(found, key=lambda quote: quote.date or "", reverse=True)[:limit])


def two(graph: nx.Graph, a: str, b: str) -> tuple[str, str]:
    """Return the nodes that two names mean. Raises `BadQuestion` if that is one and the same."""
    one, other = find(graph, a), find(graph, b)
    if one == other:
        raise BadQuestion(f"{a!r} and {b!r} are both {graph.nodes[one].get('label', one)}; name two that differ")
    return one, other


def only_with(
    graph: nx.Graph, name: str, *, kinds: Collection[str] = ACTORS, limit: int | None = None
) -> Answer[Neighbour]:
    """List the people and countries that appear with `name` and with no other person or country, strongest first.

    Events do not count as company. `kinds` says otherwise who is looked for, and who counts.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> all(len(neighbours(graph, found.id, kinds=("person", "country"))) == 1 for found in only_with(graph, "china"))
    True
    """
    node = find(graph, name)
    counts = {other for other, kind in graph.nodes(data="kind") if kind in kinds} - {node}
    found = [
        _neighbour(graph, other, link)
        for other, link in graph[node].items()
        if other in counts and not any(third in counts for third in graph[other])
    ]
    return Answer(Neighbour, sorted(found, key=lambda other: (-other.weight, other.id))[:limit])


def brokers(
    graph: nx.Graph, a: str, b: str, *, kinds: Collection[str] = ACTORS, limit: int | None = None
) -> Answer[Broker]:
    """List who stands between two nodes, linked to both, the strongest way through first.

    Its strength is that of a path of these two links, see `kg.queries.paths`: at most the weight of the weaker one.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> brokers(graph, "putin", "zelensky")[0].kind in ("person", "country")
    True
    """
    one, other = two(graph, a, b)
    found = []
    for node in set(graph[one]) & set(graph[other]):
        label, kind = label_and_kind(graph, node)
        if not kinds or kind in kinds:
            ends = graph[one][node], graph[node][other]
            weights = [link.get("weight", 1.0) for link in ends]
            proofs = [best_evidence(link.get("evidence") or ()) for link in ends]
            found.append(Broker(node, label, kind, strength(weights), weights[0], weights[1], proofs[0], proofs[1]))
    return Answer(Broker, sorted(found, key=lambda broker: (-broker.strength, broker.id))[:limit])


def strength(weights: Collection[float]) -> float:
    """Return the strength of a path with links of these weights, 1 / (1 / w1 + 1 / w2 + ...), to six places.

    >>> strength([3.0]), strength([3.0, 3.0]), strength([1.0, 1.0, 1.0])
    (3.0, 1.5, 0.333333)
    """
    return round(1 / fsum(1 / weight for weight in weights), 6)
