"""From the records of articles to the graph: who and what occurs together, how often, and the sentences that prove it.

`kg.aggregate` counts, and `to_graph` makes the networkx graph of the counts. In each article the closest passages that
two entities share count:

    weight = sentences + paragraphs / 2 + apart / 4

`sentences` are those in which both occur, `paragraphs` those in which both occur but in no one sentence, and `apart`
the articles in which both occur but in no one paragraph. With the default window, the sentence, only pairs that share
a sentence are linked and only the first term counts; the participants of an event are linked to it in any case.

A sentence that lists five people or more ("Ana Silva, Luis Paz, ... and Eva Roth": nothing but commas, "and", titles
and capitalised words from one to the next) does not count for two of them, and two who share nothing else are not
linked, whatever the window.

`first_seen` and `last_seen` of a participant's link are the days of the event where they are known, else those of the
articles.

How much that means is told by four measures of the passages of the window's size in which either, both or none occur
(`kg.significance`):

    npmi         normalised pointwise mutual information (G. Bouma, "Normalized (Pointwise) Mutual Information in
                 Collocation Extraction", GSCL 2009), ln(p(a,b) / (p(a) p(b))) / -ln p(a,b): -1 never together, 0 as by
                 chance, 1 only together
    npmi_shrunk  the same times n/(n+1) of the passages with both and of those with the rarer one, as few passages prove
                 little (P. Pantel and D. Lin, "Discovering Word Senses from Text", KDD 2002)
    llr          the log-likelihood ratio G2 (T. Dunning, "Accurate Methods for the Statistics of Surprise and
                 Coincidence", Computational Linguistics 19, 1993), below 0 if they are together less than by chance
    p            how likely two that have nothing to do with each other, but are linked, are together as often

An article that is a copy of another one (`kg.syndication`) is no further witness: `copies` counts such, and nothing
else does. `days` counts articles by the day of publication (`kg.periods` makes weeks and months of them).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import networkx as nx

import kg
from kg.aggregate import EVENT_FACTS, Window, aggregate, connect
from kg.gazetteers import table
from kg.model import Kind, Record
from kg.significance import association

__all__ = ["Evidence", "Window", "best_evidence", "count_records", "to_graph"]

# Runs a query and returns its rows: on DuckDB, or on Spark.
Run = Callable[[str], list[tuple[Any, ...]]]


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


def count_records(
    records: Iterable[Record],
    window: Window = Window.SENTENCE,
    *,
    countries_in_names: bool = False,
    copies: Mapping[str, str] | None = None,
) -> nx.Graph:
    """Return the graph of `records`, whose entities have the ids of nodes, counted by DuckDB in memory.

    A country that is named only inside the names of other things is left out, unless `countries_in_names`. `copies`
    names the article that stands for each one that is a copy.
    """
    with connect(records, copies or {}) as database:
        aggregate(database, window, countries_in_names=countries_in_names)
        return to_graph(lambda query: database.execute(query).fetchall(), window)


def to_graph(run: Run, window: Window = Window.SENTENCE) -> nx.Graph:
    """Return the graph of the tables that `kg.aggregate` made, its nodes and links in sorted order."""
    ((sentences, passages),) = run("select sentences, passages from totals")
    graph = nx.Graph(version=kg.__version__, window=str(window), sentences=int(sentences))
    graph.graph["articles"] = _articles(run)
    _add_nodes(graph, run)
    _add_links(graph, run, int(passages))
    for article, node in run("select distinct article, node from mentioned order by article, node"):
        if node in graph:
            graph.graph["articles"][article]["mentions"].append(node)
    return graph


def _articles(run: Run) -> dict[str, dict[str, Any]]:
    found = defaultdict(list)
    for article, file, line in run("select article, file, line from places order by article, file, line"):
        found[article].append(f"{file}:{line}")
    original: dict[str, str] = dict(run("select article, original from copies"))
    return {
        id: {
            "title": title,
            "published": published,
            "url": url,
            "source": source,
            "found": found[id],
            "copy_of": original.get(id),
            "mentions": [],
        }
        for id, title, published, url, source in run(
            "select article, title, published, url, source from articles order by article"
        )
    }


def _add_nodes(graph: nx.Graph, run: Run) -> None:
    aliases: dict[str, list[str]] = defaultdict(list)
    facts: dict[str, dict[str, str | bool]] = defaultdict(dict)
    for node, alias in run("select node, alias from aliases order by node, alias"):
        aliases[node].append(alias)
    for node, fact, value in run("select node, fact, value from facts"):
        facts[node][fact] = value == "true" if fact == "named" else value
    days = _days(run("select node, day, articles from node_days order by node, day"))
    columns = "node, kind, label, mentions, articles, outlets, copies, first_seen, last_seen"
    for node, kind, label, *counts, first, last in run(f"select {columns} from nodes order by node"):
        mentions, articles, outlets, copies = map(int, counts)
        told = {name: facts[node].get(name) for name in EVENT_FACTS} if kind == Kind.EVENT else {}
        graph.add_node(
            node,
            kind=kind,
            label=label,
            aliases=[alias for alias in aliases[node] if alias != label],
            mentions=mentions,
            articles=articles,
            outlets=outlets,
            copies=copies,
            **(_country(node) if kind == Kind.COUNTRY else told),
            first_seen=first,
            last_seen=last,
            days=days[(node,)],
        )


def _days(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, ...], dict[str, int]]:
    """Return the counts by day of each node or pair; those come first in `rows`, then the day and the count."""
    days: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for *key, day, count in rows:
        days[tuple(key)][day] = count
    return days


def _country(node: str) -> dict[str, str]:
    row = _countries()[node.removeprefix("country/")]
    return {name: row[name] for name in ("iso", "iso3", "numeric", "wikidata")}


@cache
def _countries() -> dict[str, dict[str, str]]:
    return {row["iso"]: row for row in table("countries")}


def _add_links(graph: nx.Graph, run: Run, passages: int) -> None:
    proof = _evidence(run)
    days = _days(run("select a, b, day, articles from link_days order by a, b, day"))
    of_passages, closeness = "passages, a_passages, b_passages", "sentences, paragraphs, apart"
    columns = f"a, b, role, {closeness}, articles, outlets, copies, {of_passages}, first_seen, last_seen"
    for a, b, role, *counts, first, last in run(f"select {columns} from links order by a, b"):
        sentences, paragraphs, apart, articles, outlets, copies, both, of_a, of_b = map(int, counts)
        graph.add_edge(
            a,
            b,
            **association(both, of_a, of_b, passages)._asdict(),
            relation="participant" if role else "co-occurrence",
            role=role,
            sentences=sentences,
            paragraphs=paragraphs,
            articles=articles,
            outlets=outlets,
            copies=copies,
            weight=sentences + paragraphs / 2 + apart / 4,
            evidence=proof[a, b],
            first_seen=first,
            last_seen=last,
            days=days[a, b],
        )


def _evidence(run: Run) -> dict[tuple[str, str], list[Evidence]]:
    proof = defaultdict(list)
    columns = "article, a, b, start, stop, text, a_start, a_stop, a_text, b_start, b_stop, b_text"
    for article, a, b, start, stop, text, *ends in run(f"select {columns} from evidence"):
        mentions = sorted(
            (start, stop, node, text)
            for node, start, stop, text in ((a, *ends[:3]), (b, *ends[3:]))
            if start is not None
        )
        told = tuple((node, start, stop, text) for start, stop, node, text in mentions)
        proof[a, b].append(Evidence(article, start, stop, text, told))
    for found in proof.values():
        found.sort()
    return proof
