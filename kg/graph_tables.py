"""From the tables of nodes, links and evidence to the graph, listed in the order in which files hold it.

What is listed is read from the tables as it is taken, so that a graph can be written that memory does not hold.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import Any

import numpy as np

import kg
from kg.aggregate import EVENT_FACTS, Window
from kg.evidence import Evidence, best_evidence
from kg.gazetteers import table
from kg.model import Kind
from kg.significance import association

# Runs a query and gives its rows: on DuckDB, or on Spark. The rows of several queries may be taken in turns.
Run = Callable[[str], Iterable[tuple[Any, ...]]]
Attributes = Mapping[str, Any]
_EVIDENCE = "article, start, stop, text, a_start, a_stop, a_text, b_start, b_stop, b_text"


class Tables:
    """The graph in the tables that `kg.counting` made, listed row by row: a `kg.formats.listing.Listing`.

    `more` holds attributes of nodes that are not in the tables.
    """

    def __init__(self, run: Run, window: Window, more: Mapping[str, Attributes] | None = None) -> None:
        self.run, self.window, self.more = run, window, more or {}
        self._proofs = _InOrder(self._by_article)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What is said of the graph as a whole."""
        ((sentences, _),) = self._totals
        facts = {"version": kg.__version__, "window": str(self.window), "sentences": int(sentences)}
        return facts | {"articles": _Articles(self)}

    @cached_property
    def _totals(self) -> list[tuple[Any, ...]]:
        return list(self.run("select sentences, passages from totals"))

    def nodes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """List the nodes by id."""
        aliases = self._in_order("select node, alias from aliases order by node, alias")
        facts = self._in_order("select node, fact, value from facts order by node")
        days = self._in_order("select node, day, articles from node_days order by node, day")
        columns = "node, kind, label, mentions, articles, outlets, copies, first_seen, last_seen"
        for node, kind, label, *counts, first, last in self.run(f"select {columns} from nodes order by node"):
            mentions, articles, outlets, copies = map(int, counts)
            told = dict(facts.get(node))
            if "named" in told:
                told["named"] = told["named"] == "true"
            of_event = {name: told.get(name) for name in EVENT_FACTS}
            yield (
                node,
                {
                    "kind": kind,
                    "label": label,
                    "aliases": [alias for (alias,) in aliases.get(node) if alias != label],
                    "mentions": mentions,
                    "articles": articles,
                    "outlets": outlets,
                    "copies": copies,
                    **(_country(node) if kind == Kind.COUNTRY else of_event if kind == Kind.EVENT else {}),
                    "first_seen": first,
                    "last_seen": last,
                    "days": dict(days.get(node)),
                    **self.more.get(node, {}),
                },
            )

    def links(self, same: dict[str, str] | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """List the links, each once, the lesser id first.

        To be held all together, they take much less memory if equal texts are made one, in `same`.
        """
        ((_, passages),) = self._totals
        days = self._in_order("select a, b, day, articles from link_days order by a, b, day", 2)
        proof = self._in_order(f"select a, b, {_EVIDENCE} from evidence order by a, b", 2)
        of_passages, closeness = "passages, a_passages, b_passages", "sentences, paragraphs, apart"
        columns = f"a, b, role, {closeness}, articles, outlets, copies, {of_passages}, first_seen, last_seen"
        for a, b, role, *counts, first, last in self.run(f"select {columns} from links order by a, b"):
            sentences, paragraphs, apart, articles, outlets, copies, both, of_a, of_b = map(int, counts)
            yield (
                a,
                b,
                {
                    **association(both, of_a, of_b, int(passages))._asdict(),
                    "relation": "participant" if role else "co-occurrence",
                    "role": role,
                    "sentences": sentences,
                    "paragraphs": paragraphs,
                    "articles": articles,
                    "outlets": outlets,
                    "copies": copies,
                    "weight": sentences + paragraphs / 2 + apart / 4,
                    "evidence": sorted(_evidence(a, b, row, same) for row in proof.get((a, b))),
                    "first_seen": first,
                    "last_seen": last,
                    "days": dict(days.get((a, b))),
                },
            )

    def outlines(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """List the links, each with its weight and when it was seen."""
        weight = "sentences + paragraphs / 2e0 + apart / 4e0"
        for a, b, *facts in self.run(f"select a, b, {weight}, first_seen, last_seen from links order by a, b"):
            yield a, b, dict(zip(("weight", "first_seen", "last_seen"), facts, strict=True))

    def around(self, node: str) -> Iterator[tuple[str, Attributes]]:
        """List the neighbours of a node by id, with the relation."""
        ids, starts, others, takes_part = self._neighbours
        i = bisect_left(ids, node)
        for k in range(starts[i], starts[i + 1]):
            yield ids[others[k]], {"relation": "participant" if takes_part[k] else "co-occurrence"}

    @cached_property
    def _neighbours(self) -> "tuple[list[str], np.ndarray, np.ndarray, np.ndarray]":
        """The ids of nodes; by the number of each, where its neighbours begin; their numbers; and who takes part."""
        ids = [node for (node,) in self.run("select node from nodes order by node")]
        number = {node: i for i, node in enumerate(ids)}
        kind = np.dtype([("a", np.int32), ("b", np.int32), ("takes_part", np.bool_)])
        found = self.run("select a, b, role is not null from links")
        links = np.fromiter(((number[a], number[b], role) for a, b, role in found), kind)
        a, b = (np.concatenate([links[one], links[other]]) for one, other in ("ab", "ba"))
        order = np.lexsort((b, a))
        starts = np.concatenate([[0], np.cumsum(np.bincount(a, minlength=len(ids)))])
        return ids, starts, b[order], np.concatenate([links["takes_part"]] * 2)[order]

    def proofs(self, article: str) -> Iterable[tuple[str, str, list[Evidence]]]:
        """List the links that have evidence in an article, with that; quick if articles are asked for in order."""
        return self._proofs.get(article)

    def _by_article(self) -> Iterator[tuple[str, list[tuple[str, str, list[Evidence]]]]]:
        found = self.run(f"select article, a, b, {_EVIDENCE} from evidence order by article, a, b")
        for article, of_article in groupby(found, lambda row: row[0]):
            by_link = groupby(of_article, lambda row: row[1:3])
            yield article, [(a, b, sorted(_evidence(a, b, row[3:]) for row in of_link)) for (a, b), of_link in by_link]

    def best_article(self, a: str, b: str) -> str:
        """Return the article with the best evidence of a link."""
        return self._best[a, b]

    @cached_property
    def _best(self) -> dict[tuple[str, str], str]:
        shown = ((a, b, best_evidence(link["evidence"])) for a, b, link in self.links())
        return {(a, b): intern(best.article) for a, b, best in shown if best}

    def articles(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """List what is known of each article, by id."""
        found = self._in_order("select article, file, line from places order by article, file, line")
        original = self._in_order("select article, original from copies order by article")
        mentions = self._in_order(
            "select distinct article, node from mentioned semi join nodes using (node) order by article, node"
        )
        same: dict[str, str] = {}
        for id, title, published, url, source in self.run(
            "select article, title, published, url, source from articles order by article"
        ):
            yield (
                id,
                {
                    "title": title,
                    "published": published,
                    "url": url,
                    "source": source,
                    "found": [f"{file}:{line}" for file, line in found.get(id)],
                    "copy_of": next((first for (first,) in original.get(id)), None),
                    "mentions": [same.setdefault(node, node) for (node,) in mentions.get(id)],
                },
            )

    def _in_order(self, query: str, key: int = 1) -> "_InOrder":
        """Return the rows of a query by their first column, or first columns."""

        def begin() -> Iterator[tuple[Any, list[tuple[Any, ...]]]]:
            for of, found in groupby(self.run(query), itemgetter(*range(key))):
                yield of, [row[key:] for row in found]

        return _InOrder(begin)


class _InOrder:
    """Lists by key, from an iterator that has them in the order of keys: quick if they are asked for in that order.

    `begin` gives the iterator, once more if something is asked for that has been passed by.
    """

    def __init__(self, begin: Callable[[], Iterator[tuple[Any, list[Any]]]]) -> None:
        self._begin = begin
        self._left: Iterator[tuple[Any, list[Any]]] = iter(())
        self._at: tuple[Any, list[Any]] | None = None
        self._passed: Any = None

    def get(self, key: Any) -> list[Any]:
        """Return the list of `key`, an empty one if there is none."""
        if self._passed is None or key < self._passed:
            self._left = self._begin()
            self._at = next(self._left, None)
        self._passed = key
        while self._at is not None and self._at[0] < key:
            self._at = next(self._left, None)
        return self._at[1] if self._at is not None and self._at[0] == key else []


class _Articles(Mapping[str, dict[str, Any]]):
    """What is known of each article, by id; quick if they are asked for in order."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known = _InOrder(lambda: ((id, [known]) for id, known in tables.articles()))

    def __len__(self) -> int:
        ((number,),) = self._tables.run("select count(*) from articles")
        return int(number)

    def __iter__(self) -> Iterator[str]:
        return (id for (id,) in self._tables.run("select article from articles order by article"))

    def __getitem__(self, id: str) -> dict[str, Any]:
        if not (found := self._known.get(id)):
            raise KeyError(id)
        known: dict[str, Any] = found[0]
        return known


def _country(node: str) -> dict[str, str]:
    row = _countries()[node.removeprefix("country/")]
    return {name: row[name] for name in ("iso", "iso3", "numeric", "wikidata")}


@cache
def _countries() -> dict[str, dict[str, str]]:
    return {row["iso"]: row for row in table("countries")}


def _evidence(a: str, b: str, row: tuple[Any, ...], same: dict[str, str] | None = None) -> Evidence:
    """Return the evidence of a link in a row with the columns `_EVIDENCE`."""
    if same is not None:
        row = tuple(same.setdefault(value, value) if isinstance(value, str) else value for value in row)
    article, start, stop, text, a_start, a_stop, a_text, b_start, b_stop, b_text = row
    one, other = (a, a_start, a_stop, a_text), (b, b_start, b_stop, b_text)
    if b_start is None:
        return Evidence(article, start, stop, text, (one,))
    if a_start is None:
        return Evidence(article, start, stop, text, (other,))
    both = (one, other) if (a_start, a_stop, a) <= (b_start, b_stop, b) else (other, one)
    return Evidence(article, start, stop, text, both)
