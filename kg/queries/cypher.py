"""The questions as Cypher, for `kg query --cypher` and for Neo4j, and the property graph that they are asked of.

Entities are as in the tables for Neo4j (`kg.formats.neo4j`): `:Entity` and one of `:Person`, `:Country`, `:Event`,
linked by `CO_OCCURS_WITH` or `TAKES_PART_IN`. Besides there are the `:Article`s, each of which `MENTIONS` entities,
and of each link the `:Quote`s, which `QUOTES` its two ends; `nth` numbers those from one article, from 1. Both have
the `day`, `month` and `year` of the article.

The texts keep to what grand-cypher understands. It computes nothing in what it returns, so that the strengths of paths
and G2 are left to the reader; questions that take several statements are texts with a ";" between these.
"""

import json
from collections import Counter
from collections.abc import Collection
from typing import Any

import networkx as nx

from kg.evidence import best_evidence
from kg.formats.columns import FACTS_OF_NODES
from kg.formats.listing import listed
from kg.layout import community_of
from kg.queries.links import ACTORS
from kg.queries.paths import LONGEST
from kg.queries.times import LENGTH, days, last_moment, period

# "" sorts before all dates, where grand-cypher could not sort a null.
_UNDATED = {"date": "", "first_seen": "", "last_seen": ""}

_LINK = "CO_OCCURS_WITH|TAKES_PART_IN"


def neighbours(
    name: str,
    *,
    kinds: Collection[str] = (),
    min_weight: float = 0,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
) -> str:
    """Return the text for what is linked to a node.

    >>> print(neighbours("country/UA", limit=3))
    MATCH (x:Entity {id: "country/UA"})-[r:CO_OCCURS_WITH|TAKES_PART_IN]-(n:Entity)
    RETURN n.id, n.label, r.weight, r.quote
    ORDER BY r.weight DESC, n.id
    LIMIT 3
    """
    tests = _kinds("n", kinds) + ([f"r.weight >= {min_weight:g}"] if min_weight else [])
    match = [f"MATCH {_node('x', name)}-[r:{_LINK}]-(n:Entity)"]
    if since or until:
        match.append("MATCH (x)<-[:QUOTES]-(q:Quote)-[:QUOTES]->(n)")
        tests += _dated("q", since, until)
    found = "n.id, n.label, r.weight, r.quote"
    return _text(match, tests, found, "r.weight DESC, n.id", limit, distinct=bool(since or until))


def links(a: str, b: str, *, limit: int | None = None) -> str:
    """Return the text for the passages that link two nodes."""
    match = [f"MATCH {_node('x', a)}<-[:QUOTES]-(q:Quote)-[:QUOTES]->{_node('y', b)}"]
    found = "q.day, q.text, q.title, q.article, q.start, q.end, q.url"
    return _text(match, [], found, "q.day DESC, q.article, q.start, q.end", limit)


def only_with(name: str, *, kinds: Collection[str] = ACTORS, limit: int | None = None) -> str:
    """Return the text for who appears only with a node."""
    others = " AND ".join([f"t.id <> {json.dumps(name)}", *_kinds("t", kinds)])
    match = [f"MATCH {_node('x', name)}-[r:{_LINK}]-(n:Entity)"]
    tests = [*_kinds("n", kinds), f"NOT EXISTS {{ MATCH (n)-[:{_LINK}]-(t:Entity) WHERE {others} }}"]
    return _text(match, tests, "n.id, n.label, r.weight", "r.weight DESC, n.id", limit)


def brokers(a: str, b: str, *, kinds: Collection[str] = ACTORS, limit: int | None = None) -> str:
    """Return the text for who stands between two nodes, by id."""
    match = [f"MATCH {_node('x', a)}-[r:{_LINK}]-(n:Entity)-[s:{_LINK}]-{_node('y', b)}"]
    return _text(match, _kinds("n", kinds), "n.id, n.label, r.weight, s.weight", "n.id", None)


def path(a: str, b: str, *, longest: int | None = None, kinds: Collection[str] = ()) -> str:
    """Return a text for the paths of each length up to `longest`, 3 if None: the shortest is in the first with any."""
    return paths(a, b, longest=longest or LONGEST, kinds=kinds)


def paths(a: str, b: str, *, k: int = 3, longest: int = LONGEST, kinds: Collection[str] = ()) -> str:
    """Return a text for the paths of each length up to `longest`, all of them."""
    return ";\n".join(_way(a, b, length, kinds) for length in range(1, longest + 1))


def _way(a: str, b: str, length: int, kinds: Collection[str]) -> str:
    between = [f"n{i}" for i in range(1, length)]
    nodes = [_node("x", a), *(f"({name}:Entity)" for name in between), _node("y", b)]
    match = nodes[0] + "".join(f"-[r{i}:{_LINK}]-{node}" for i, node in enumerate(nodes[1:], 1))
    tests = [test for name in between for test in _kinds(name, kinds)]
    tests += [f"{x}.id <> {y}.id" for i, x in enumerate(between) for y in between[i + 1 :]]
    tests += [f"{x}.id <> {json.dumps(end)}" for x in between for end in (a, b)]
    found = [*(f"{name}.id" for name in between), *(f"r{i}.weight" for i in range(1, length + 1))]
    return _text([f"MATCH {match}"], tests, ", ".join(found), ", ".join(f"{name}.id" for name in between), None)


def communities() -> str:
    """Return the text for the members of each community, a row each."""
    return _text(["MATCH (n:Entity)--(m:Entity)"], [], "n.community, n.id, n.label", "n.community, n.id", None, True)


def timeline(a: str, b: str | None = None, *, by: str = "month") -> str:
    """Return the text for the number of articles in each period."""
    if b is None:
        match, name, tests = f"MATCH (q:Article)-[:MENTIONS]->{_node('x', a)}", "q", list[str]()
    else:
        match = f"MATCH {_node('x', a)}<-[:QUOTES]-(q:Quote)-[:QUOTES]->{_node('y', b)}"
        name, tests = "q", ["q.nth = 1"]
    return _text([match], [*tests, *_dated(name, "0", None)], f"{name}.{by}, COUNT({name})", f"{name}.{by}", None)


def trends(first: str, second: str, *, of: str = "pairs", least: int = 2) -> str:
    """Return a text for the articles of each pair or node in the one period, and one for the other."""
    return _NO_LOGARITHM + ";\n".join(_counts(of, _dated("q", *period(text))) for text in (first, second))


def compare(*, of: str = "nodes") -> str:
    """Return the text for the articles of each node or pair: to be asked of either graph."""
    return _NO_LOGARITHM + _counts(of, [])


_NO_LOGARITHM = "// the counts alone: `kg ask` adds the shares, and how sure the differences are\n"


def _counts(of: str, tests: list[str]) -> str:
    if of == "pairs":
        match = "MATCH (a:Entity)<-[:QUOTES]-(q:Quote)-[:QUOTES]->(b:Entity)"
        tests = ["a.id < b.id", "q.nth = 1", *tests]
        return _text([match], tests, "a.id, b.id, a.label, b.label, COUNT(q)", "a.id, b.id", None)
    return _text(["MATCH (q:Article)-[:MENTIONS]->(a:Entity)"], tests, "a.id, a.label, COUNT(q)", "a.id", None)


def events(a: str, b: str | None = None, *, type: str | None = None, limit: int | None = None) -> str:
    """Return the text for the events in which one or both take part."""
    match = f"MATCH {_node('x', a)}-[r:TAKES_PART_IN]-(e:Event)"
    found = "e.id, e.label, e.type, e.date, e.when, e.modality, r.role"
    if b is not None:
        match, found = f"{match}-[s:TAKES_PART_IN]-{_node('y', b)}", f"{found}, s.role"
    tests = [f"e.type = {json.dumps(type)}"] if type else []
    return _text([match], tests, found, "e.date DESC, e.id", limit)


def _text(match: list[str], tests: list[str], found: str, order: str, limit: int | None, distinct: bool = False) -> str:
    lines = [*match]
    lines += [f"WHERE {' AND '.join(tests)}"] if tests else []
    lines += [f"RETURN {'DISTINCT ' if distinct else ''}{found}"]
    lines += [f"ORDER BY {order}"] if order else []
    lines += [f"LIMIT {limit}"] if limit is not None else []
    return "\n".join(lines) + "\n"


def _node(name: str, id: str) -> str:
    return f"({name}:Entity {{id: {json.dumps(id, ensure_ascii=False)}}})"


def _kinds(name: str, kinds: Collection[str]) -> list[str]:
    return [f"{name}.kind IN {json.dumps(list(kinds))}"] if kinds else []


def _dated(name: str, since: str | None, until: str | None) -> list[str]:
    tests = [f'{name}.day >= "{since or 0}"']
    return tests + ([f'{name}.day <= "{last_moment(until)}"'] if until else [])


def property_graph(graph: nx.Graph) -> nx.DiGraph:
    """Return the graph that the texts are asked of. Every edge is there in both directions, for grand-cypher's sake."""
    made, day, community = nx.DiGraph(), days(graph), community_of(listed(graph))
    articles = graph.graph.get("articles", {})
    for node, about in sorted(graph.nodes(data=True)):
        facts = {c.name: c.value(about) for c in FACTS_OF_NODES if c.name not in ("community", "aliases")}
        labels = {"Entity", about.get("kind", "entity").title()}
        made.add_node(
            node,
            **{"label": node, **_UNDATED, **{name: value for name, value in facts.items() if value is not None}},
            **{"id": node, "aliases": list(about.get("aliases") or ()), "community": community[node]},
            __labels__=labels,
        )
    for a, b in sorted((min(link), max(link)) for link in graph.edges):
        _add_link(made, a, b, graph[a][b], articles, day)
    for id in sorted(articles):
        about = {name: articles[id].get(name) for name in ("title", "url", "source")}
        made.add_node(("article", id), id=id, **about, **_calendar(day.get(id)), __labels__={"Article"})
        for node in sorted(set(articles[id].get("mentions", ())) & graph.nodes):
            _add_edge(made, ("article", id), node, "MENTIONS", {})
    return made


def _add_link(
    made: nx.DiGraph, a: str, b: str, link: dict[str, Any], articles: dict[str, Any], day: dict[str, str]
) -> None:
    evidence = sorted(link.get("evidence") or ())
    best = best_evidence(evidence)
    facts = {name: value for name, value in link.items() if name != "evidence" and value is not None}
    facts = {"weight": 1.0, **facts, "quote": best.text if best else None}
    _add_edge(made, a, b, "TAKES_PART_IN" if link.get("relation") == "participant" else "CO_OCCURS_WITH", facts)
    nth = Counter[str]()
    for e in evidence:
        nth[e.article] += 1
        quote, about = ("quote", a, b, e), articles.get(e.article, {})
        made.add_node(
            quote,
            **{"text": e.text, "article": e.article, "start": e.start, "end": e.end, "nth": nth[e.article]},
            **{"title": about.get("title"), "url": about.get("url"), **_calendar(day.get(e.article))},
            __labels__={"Quote"},
        )
        for node in (a, b):
            _add_edge(made, quote, node, "QUOTES", {})


def _add_edge(made: nx.DiGraph, a: Any, b: Any, type: str, facts: dict[str, Any]) -> None:
    made.add_edge(a, b, **facts, __labels__={type})
    made.add_edge(b, a, **facts, __labels__={type})


def _calendar(day: str | None) -> dict[str, str]:
    """Return the day, month and year of an article, "" if it is not dated."""
    return {name: (day or "")[:length] for name, length in LENGTH.items()}
