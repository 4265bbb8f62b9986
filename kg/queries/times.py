"""Days and periods: from the dates of articles to those of a period that a user names."""

import re
from collections import Counter
from typing import Any

import networkx as nx

from kg.errors import BadQuestion
from kg.evidence import Evidence

# How much of an ISO date names the period.
LENGTH = {"day": 10, "month": 7, "year": 4}

_DATE = r"\d{4}(?:-\d\d(?:-\d\d)?)?"
_PERIOD = re.compile(rf"({_DATE})?(?:(?:\.\.|/)({_DATE})?)?")


def period(text: str) -> tuple[str | None, str | None]:
    """Return the first and the last day, month or year of a period. Raises `BadQuestion`.

    >>> period("2025-02"), period("2024..2025-03"), period("2025-03-10/")
    (('2025-02', '2025-02'), ('2024', '2025-03'), ('2025-03-10', None))
    """
    match = _PERIOD.fullmatch(text.strip())
    if not match or not (match[1] or match[2]):
        raise BadQuestion(f"{text!r} is no period; write 2025, 2025-02, 2025-02-14 or 2024..2025-03")
    return match[1], match[2] if re.search(r"\.\.|/", text) else match[1]


def is_within(day: str | None, since: str | None, until: str | None) -> bool:
    """Say whether a day is in a period, whose last month or year is in it as a whole.

    >>> is_within("2025-02-28", None, "2025-02"), is_within("2025-03-01", None, "2025-02"), is_within(None, None, None)
    (True, False, False)
    """
    return day is not None and (since or "") <= day and (until is None or day <= last_moment(until))


def last_moment(date: str) -> str:
    """Return what comes after every date that begins with `date`, and before all later ones: "~" sorts after them."""
    return f"{date}~"


def days(graph: nx.Graph) -> dict[str, str]:
    """Return the day of each article that is dated."""
    found = ((id, (article.get("published") or "")[:10]) for id, article in graph.graph.get("articles", {}).items())
    return {id: day for id, day in found if re.fullmatch(r"\d{4}-\d\d-\d\d", day)}


def shown_on(evidence: list[Evidence], days: dict[str, str]) -> dict[str, str]:
    """Return the dated articles that show a link, with their days."""
    return {e.article: days[e.article] for e in evidence if e.article in days}


def count_nodes(graph: nx.Graph, since: str | None = None, until: str | None = None) -> Counter[Any]:
    """Return how many articles of a period mention each node."""
    inside = {article for article, day in days(graph).items() if is_within(day, since, until)}
    articles = graph.graph.get("articles", {})
    return Counter(node for id in sorted(inside) for node in set(articles[id].get("mentions", ())) if node in graph)


def count_pairs(graph: nx.Graph, since: str | None = None, until: str | None = None) -> Counter[Any]:
    """Return how many articles of a period show each link."""
    inside = {article for article, day in days(graph).items() if is_within(day, since, until)}
    counts = Counter[Any]()
    for a, b, evidence in graph.edges(data="evidence", default=()):
        if number := len({e.article for e in evidence} & inside):
            counts[min(a, b), max(a, b)] = number
    return counts
