"""When: what happened over time, and what sets two periods, or two graphs, apart.

Articles are counted: n1 and n2 in all, of which x1 and x2 show a node or a pair. Whether the shares differ is said by
the log-likelihood ratio of the table [[x1, n1 - x1], [x2, n2 - x2]],

    G2 = 2 * sum of O ln(O / E), E being what each cell would hold if the shares were equal

(T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19, 1993).
p is that of Fisher's exact test, which holds for few articles too: the chance of a table with the same sums that is no
likelier than this one (R. A. Fisher, "On the Interpretation of chi-squared from Contingency Tables, and the Calculation
of P", Journal of the Royal Statistical Society 85, 1922). Since many pairs are looked at, q says what share of those
with the same or a lesser q one may expect to be there by chance (Y. Benjamini and Y. Hochberg, "Controlling the False
Discovery Rate", Journal of the Royal Statistical Society B 57, 1995). Articles are taken to be independent, which
copies of one report are not.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from math import exp, fsum, lgamma, log
from typing import Any, NamedTuple

import networkx as nx

from kg.errors import BadQuestion
from kg.queries.answers import Answer
from kg.queries.links import two
from kg.queries.names import find
from kg.queries.times import LENGTH, count_nodes, count_pairs, days, is_within, period, shown_on


class Count(NamedTuple):
    """How many articles of a period mention a node, or show a pair."""

    period: str
    articles: int


class Change(NamedTuple):
    """What one of two periods or graphs has more of: articles of each, and whether the difference means something.

    `g2` is above 0 if the share rises and below if it falls; `id_b` and `b` are empty where nodes are compared.
    """

    id_a: str
    id_b: str
    a: str
    b: str
    first: int
    second: int
    share_first: float
    share_second: float
    g2: float
    p: float
    q: float


def timeline(graph: nx.Graph, a: str, b: str | None = None, *, by: str = "month") -> Answer[Count]:
    """Count the articles that mention a node, or that show the link of two, by day, month or year, in order.

    Periods without any and articles without a date are left out.

    >>> import kg
    >>> timeline(kg.open_graph("exports/"), "putin", by="year")
    []
    """
    if by not in LENGTH:
        raise BadQuestion(f"there is no timeline by {by!r}; choose one of {', '.join(LENGTH)}")
    day = days(graph)
    if b is None:
        node = find(graph, a)
        articles = graph.graph.get("articles", {})
        found = [day[id] for id in articles if id in day and node in articles[id].get("mentions", ())]
    else:
        one, other = two(graph, a, b)
        found = list(shown_on(graph.get_edge_data(one, other, {}).get("evidence", []), day).values())
    counts = Counter(date[: LENGTH[by]] for date in found)
    return Answer(Count, [Count(period, counts[period]) for period in sorted(counts)])


def trends(
    graph: nx.Graph, first: str, second: str, *, of: str = "pairs", least: int = 2, limit: int | None = None
) -> Answer[Change]:
    """List the pairs, or the nodes, that rise or fall from one period to another, the surest first.

    Periods are as in "2025", "2025-02" or "2024..2025-03". Only what at least `least` articles of the two periods show
    is looked at. Raises `BadQuestion` if no article is of one of them, or some are of both.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> trends(graph, "2021", "2022")
    Traceback (most recent call last):
    kg.errors.BadQuestion: no article is dated in 2021; ...
    """
    spans = period(first), period(second)
    day = days(graph)
    articles = [{id for id, date in day.items() if is_within(date, *span)} for span in spans]
    for name, inside in zip((first, second), articles, strict=True):
        if not inside:
            known = f"articles are dated from {min(day.values())} to {max(day.values())}" if day else "none has a date"
            raise BadQuestion(f"no article is dated in {name}; {known}")
    if articles[0] & articles[1]:
        raise BadQuestion(f"the periods {first} and {second} overlap; give two that do not")
    counts = [_counter(of)(graph, *span) for span in spans]
    return _changes({**_labels(graph)}, counts[0], counts[1], len(articles[0]), len(articles[1]), least, limit)


def compare(
    first: nx.Graph, second: nx.Graph, *, of: str = "nodes", least: int = 2, limit: int | None = None
) -> Answer[Change]:
    """List the nodes, or the pairs, that set two graphs apart by how many articles show them, the surest first.

    Nodes of the two are the same if their ids are, which holds for people as far as their full names tell.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> {change.g2 for change in compare(graph, graph)}
    {0.0}
    """
    sizes = [len(graph.graph.get("articles", {})) for graph in (first, second)]
    if not all(sizes):
        raise BadQuestion("one of the graphs has no articles; only counts of articles can be compared")
    counts = [_counter(of, all_of_it=True)(graph) for graph in (first, second)]
    labels = {**_labels(second), **_labels(first)}
    return _changes(labels, counts[0], counts[1], sizes[0], sizes[1], least, limit)


def _counter(of: str, *, all_of_it: bool = False) -> Any:
    counters = {"nodes": (count_nodes, _mentions), "pairs": (count_pairs, _shown)}
    if of not in counters:
        raise BadQuestion(f"there are no {of!r} to compare; choose nodes or pairs")
    return counters[of][all_of_it]


def _mentions(graph: nx.Graph) -> Counter[Any]:
    articles = graph.graph["articles"].values()
    return Counter(node for article in articles for node in set(article.get("mentions", ())) if node in graph)


def _shown(graph: nx.Graph) -> Counter[Any]:
    links = graph.edges(data="evidence", default=())
    return Counter({(min(a, b), max(a, b)): len({e.article for e in evidence}) for a, b, evidence in links if evidence})


def _labels(graph: nx.Graph) -> dict[str, str]:
    return {node: label or node for node, label in graph.nodes(data="label")}


def _changes(
    labels: Mapping[str, str],
    first: Counter[Any],
    second: Counter[Any],
    n1: int,
    n2: int,
    least: int,
    limit: int | None,
) -> Answer[Change]:
    found = sorted(key for key in first | second if first[key] + second[key] >= least)
    ratios = {key: log_likelihood_ratio(first[key], n1, second[key], n2) for key in found}
    chances = {key: chance(first[key], n1, second[key], n2) for key in found}
    rates = false_discovery_rates(chances)
    changes = []
    for key in sorted(found, key=lambda key: (-abs(ratios[key]), key)):
        a, b = key if isinstance(key, tuple) else (key, "")
        counts = first[key], second[key]
        shares = round(counts[0] / n1, 6), round(counts[1] / n2, 6)
        measures = ratios[key], chances[key], float(f"{rates[key]:.4g}")
        changes.append(Change(a, b, labels[a], labels[b] if b else "", *counts, *shares, *measures))
    return Answer(Change, changes[:limit])


def log_likelihood_ratio(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return G2 for x1 of n1 articles against x2 of n2, below 0 if the share falls; to four places.

    >>> log_likelihood_ratio(1, 10, 1, 10), log_likelihood_ratio(1, 10, 9, 10), log_likelihood_ratio(5, 10, 0, 10)
    (0.0, 14.7226, -8.6305)
    """
    found, all = x1 + x2, n1 + n2
    cells = ((x1, n1 * found), (x2, n2 * found), (n1 - x1, n1 * (all - found)), (n2 - x2, n2 * (all - found)))
    ratio = round(2 * sum(seen * log(seen * all / expected) for seen, expected in cells if seen), 4)
    return (ratio if x2 * n1 >= x1 * n2 else -ratio) + 0.0


@cache
def chance(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return p by Fisher's exact test for x1 of n1 articles against x2 of n2, to four digits.

    >>> chance(2, 2, 0, 2), chance(1, 10, 9, 10), chance(3, 10, 3, 10)
    (0.3333, 0.001093, 1.0)
    """
    found, rest = x1 + x2, n1 + n2 - x1 - x2
    least, most = max(0, n1 - rest), min(found, n1)
    logs = [_log_choose(found, x) + _log_choose(rest, n1 - x) for x in range(least, most + 1)]
    limit, scale = logs[x1 - least] + 1e-9, max(logs)
    chances = [exp(value - scale) for value in logs]
    likely = fsum(p for p, value in zip(chances, logs, strict=True) if value <= limit)
    return float(f"{likely / fsum(chances):.4g}")


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def false_discovery_rates(chances: Mapping[Any, float]) -> dict[Any, float]:
    """Return the q of each p by Benjamini and Hochberg.

    >>> false_discovery_rates({"a": 0.01, "b": 0.04, "c": 0.03})
    {'b': 0.04, 'c': 0.04, 'a': 0.03}
    """
    rates, least = {}, 1.0
    for rank, key in sorted(enumerate(sorted(chances, key=lambda key: (chances[key], key)), 1), reverse=True):
        least = min(least, chances[key] * len(chances) / rank)
        rates[key] = least
    return rates
