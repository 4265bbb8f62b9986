"""From a name as somebody types it to the node that is meant: "putin", "the US", "Zelensky".

Exact names come first (a node id, a label, an alias, and for countries every way of writing them that the recogniser
knows), then beginnings of a name or of a word in it, then names spelt much like it. Of several, the node mentioned most
is taken. Upper and lower case, accents and a leading "the" make no difference.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import networkx as nx
import numpy as np

from kg.errors import UnknownEntity
from kg.gazetteers import table
from kg.model import plain

# How alike two spellings must be, of 100, for one to be taken for the other, and for it to be worth a hint.
ALIKE, SIMILAR = 84, 65

# Sorts after all that goes on from a text.
LAST = "\U0010ffff"


class Suggestion(NamedTuple):
    """A node that a name may mean, and which of its names it was found by."""

    id: str
    label: str
    kind: str
    mentions: int
    name: str


class _Names:
    """The names of a graph's nodes, in the form in which they are compared.

    There is a row for each node, each of its names, and each word of that, with the name from that word on. By this
    (`parts`) the rows are sorted, so that those which a text begins lie together. A number for each row says how likely
    its node is meant (`ranks`), another how good a completion it is (`places`), so that few need be looked at.
    """

    def __init__(self, graph: nx.Graph) -> None:
        self.size = len(graph)
        self.nodes_of: dict[str, list[str]] = {}
        self.written: dict[str, str] = {}
        for node, attributes in graph.nodes(data=True):
            for name in (attributes.get("label", node), *(attributes.get("aliases") or ())):
                folded = _folded(name)
                self.written.setdefault(folded, name)
                nodes = self.nodes_of.setdefault(folded, [])
                if node not in nodes:
                    nodes.append(node)
        self.likeliest = sorted(graph, key=lambda node: _order(graph, node))
        self.rank = {node: i for i, node in enumerate(self.likeliest)}
        for nodes in self.nodes_of.values():
            nodes.sort(key=self.rank.__getitem__)
        ends = sorted({(part, name) for name in self.nodes_of for part in _ends_of(name)})
        rows = [(part, name, self.rank[node]) for part, name in ends for node in self.nodes_of[name]]
        self.parts = [part for part, _, _ in rows]
        self.names = [name for _, name, _ in rows]
        self.ranks = np.array([rank for _, _, rank in rows], dtype=np.int64)
        within = np.array([part != name for part, name, _ in rows], dtype=np.bool_)
        order = np.lexsort((self.ranks, within))  # equal ones stay in the order of names
        self.places = np.empty(len(rows), dtype=np.int64)
        self.places[order] = np.arange(len(rows))
        self.words = sorted({part.partition(" ")[0] for part in self.parts})
        self.whole = list(self.nodes_of)

    def beginning_with(self, text: str) -> tuple[int, int]:
        """Return the first of the rows that `text` begins, and the one after the last."""
        return bisect_left(self.parts, text), bisect_left(self.parts, text + LAST)

    def likeliest_with(self, text: str) -> list[str]:
        """Return the node likeliest meant of those with a name in which `text` begins a word, if there is any."""
        first, end = self.beginning_with(text)
        return [self.likeliest[self.ranks[first:end].min()]] if first < end else []

    def completions(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the nodes with a name in which `text` begins a word, with that name; a node may come again.

        Names that it begins come before those in which it begins a later word, of these the likeliest first.
        """
        first, end = self.beginning_with(text)
        for row in _least_first(self.places, first, end):
            yield self.likeliest[self.ranks[row]], self.names[row]

    def like(self, text: str, score: int, limit: int) -> list[str]:
        """Return the names spelt most like `text`, or holding a word that is, of at least this score.

        Of those that are equally like it, the likeliest to be meant come first.
        """
        from rapidfuzz import fuzz, process

        found: dict[str, float] = {}
        for name, points, _ in process.extract(text, self.whole, scorer=fuzz.ratio, score_cutoff=score, limit=limit):
            found[name] = points
        if " " not in text:
            for word, points, _ in process.extract(
                text, self.words, scorer=fuzz.ratio, score_cutoff=score, limit=limit
            ):
                first, end = self.beginning_with(word)
                rows = (self.names[row] for row in _least_first(self.ranks, first, end))
                for name in islice(dict.fromkeys(rows), limit):
                    found[name] = max(points, found.get(name, 0))
        return sorted(found, key=lambda name: (-found[name], self.rank[self.nodes_of[name][0]], name))[:limit]


def _least_first(numbers: "np.ndarray[Any, np.dtype[np.int64]]", first: int, end: int) -> Iterator[int]:
    """Yield the rows from `first` to `end` by their numbers; to have the first few, not all need be sorted."""
    part, few = numbers[first:end], 256
    if few < len(part):
        least = np.argpartition(part, few)[:few]
        yield from first + least[np.argsort(part[least])]
    else:
        few = 0
    yield from first + np.argsort(part)[few:]


_NAMES: "WeakKeyDictionary[nx.Graph, _Names]" = WeakKeyDictionary()


def _names(graph: nx.Graph) -> _Names:
    known = _NAMES.get(graph)
    if known is None or known.size != len(graph):
        known = _NAMES[graph] = _Names(graph)
    return known


def find(graph: nx.Graph, name: str) -> str:
    """Return the id of the node that `name` means. Raises `UnknownEntity`, which lists names near to it.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> [find(graph, name) for name in ("the US", "putin", "Ukrain", "Zelensky")]
    ['country/US', 'person/vladimir-putin', 'country/UA', 'person/vladimir-zelensky']
    >>> find(graph, "Fiji")
    Traceback (most recent call last):
    kg.errors.UnknownEntity: nobody and nothing in the graph goes by 'Fiji'; it is a country, FJ, that no article names
    """
    if name in graph:
        return name
    names, text = _names(graph), _folded(name)
    for look in (_exact, _Names.likeliest_with, _alike):
        if text and (nodes := look(names, text)):
            return min(nodes, key=lambda node: _order(graph, node))
    near = [names.written[known] for known in names.like(text, SIMILAR, 5)]
    hint = f"near to it are {', '.join(near)}" if near else "give a label, an alias, or an id such as country/UA"
    if text in _countries():
        hint = f"it is a country, {_countries()[text]}, that no article names"
    raise UnknownEntity(f"nobody and nothing in the graph goes by {name!r}; {hint}")


def suggestions(graph: nx.Graph, text: str, limit: int = 10) -> list[Suggestion]:
    """List the nodes that `text`, typed so far, may mean, likeliest first; each node once.

    >>> import kg
    >>> [found.label for found in suggestions(kg.open_graph("exports/"), "zelensk", 1)]
    ['Vladimir Zelensky']
    """
    names, folded = _names(graph), _folded(text)
    if not folded:
        return []
    found = {node: names.written.get(folded, text) for node in _exact(names, folded)}
    for node, name in names.completions(folded):
        if len(found) >= limit:
            break
        found.setdefault(node, names.written[name])
    if len(found) < limit:
        for name in names.like(folded, ALIKE, limit):
            for node in names.nodes_of[name]:
                found.setdefault(node, names.written[name])
    return [Suggestion(node, *_about(graph, node), name) for node, name in list(found.items())[:limit]]


def _about(graph: nx.Graph, node: str) -> tuple[str, str, int]:
    attributes = graph.nodes[node]
    return attributes.get("label", node), attributes.get("kind", ""), attributes.get("mentions", 0)


def _exact(names: _Names, text: str) -> list[str]:
    """Return the nodes that go by just this name, and the country that it is a form of."""
    country = f"country/{_countries().get(text, '')}"
    return [*names.nodes_of.get(text, ()), *([country] if country in names.rank else ())]


def _alike(names: _Names, text: str) -> list[str]:
    """Return the nodes that go by the name spelt most like this."""
    return [node for name in names.like(text, ALIKE, 1) for node in names.nodes_of[name]]


@cache
def _countries() -> dict[str, str]:
    """Return the code of each country by what it may be called, where that means one country alone."""
    meant = defaultdict(set)
    for row in table("country_names"):
        meant[_folded(row["form"])].add(row["iso"])
    for row in table("countries"):
        for column in ("label", "iso", "iso3"):
            meant[_folded(row[column])].add(row["iso"])
    return {name: min(codes) for name, codes in meant.items() if len(codes) == 1}


def _folded(name: str) -> str:
    folded = " ".join(plain(name).replace(".", "").replace("’", "'").split())
    return folded.removeprefix("the ") or folded


def _ends_of(name: str) -> Iterator[str]:
    """Yield the name from each of its words on: "xi jinping", "jinping"."""
    words = name.replace("-", " ").split()
    yield name
    for i in range(1, len(words)):
        yield " ".join(words[i:])


def _order(graph: nx.Graph, node: str) -> tuple[bool, int, str]:
    """Return what sorts the node that is likelier meant before another: no event, mentioned often."""
    attributes = graph.nodes[node]
    return attributes.get("kind") == "event", -attributes.get("mentions", 0), node
