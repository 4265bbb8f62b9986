"""From a name as somebody types it to the node that is meant: "putin", "the US", "Zelensky".

Exact names come first (a node id, a label, an alias, and for countries every way of writing them that the recogniser
knows), then beginnings of a name or of a word in it, then names spelt much like it. Of several, the node mentioned most
is taken. Upper and lower case, accents and a leading "the" make no difference.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import NamedTuple
from weakref import WeakKeyDictionary

import networkx as nx

from kg.errors import UnknownEntity
from kg.gazetteers import table
from kg.model import plain

# How alike two spellings must be, of 100, for one to be taken for the other, and for it to be worth a hint.
ALIKE, SIMILAR = 84, 65


class Suggestion(NamedTuple):
    """A node that a name may mean, and which of its names it was found by."""

    id: str
    label: str
    kind: str
    mentions: int
    name: str


class _Names:
    """The names of a graph's nodes, in the form in which they are compared."""

    def __init__(self, graph: nx.Graph) -> None:
        self.size = len(graph)
        self.nodes_of: dict[str, list[str]] = defaultdict(list)
        self.written: dict[str, str] = {}
        for node, attributes in graph.nodes(data=True):
            for name in (attributes.get("label", node), *(attributes.get("aliases") or ())):
                folded = _folded(name)
                self.written.setdefault(folded, name)
                if node not in self.nodes_of[folded]:
                    self.nodes_of[folded].append(node)
        for nodes in self.nodes_of.values():
            nodes.sort(key=lambda node: _order(graph, node))
        self.starts = sorted({(part, name) for name in self.nodes_of for part in _ends_of(name)})
        self.words = sorted({part.partition(" ")[0] for part, _ in self.starts})

    def beginning_with(self, text: str) -> Iterator[str]:
        """Yield the names in which `text` begins the name or a word."""
        for i in range(bisect_left(self.starts, (text,)), len(self.starts)):
            part, name = self.starts[i]
            if not part.startswith(text):
                return
            yield name

    def like(self, text: str, score: int, limit: int) -> list[str]:
        """Return the names spelt most like `text`, or holding a word that is, of at least this score."""
        from rapidfuzz import fuzz, process

        found: dict[str, float] = {}
        for name, points, _ in process.extract(text, list(self.nodes_of), scorer=fuzz.ratio, score_cutoff=score):
            found[name] = points
        if " " not in text:
            for word, points, _ in process.extract(text, self.words, scorer=fuzz.ratio, score_cutoff=score):
                for name in self.beginning_with(word):
                    found[name] = max(points, found.get(name, 0))
        return sorted(found, key=lambda name: (-found[name], name))[:limit]


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
    for look in (partial(_exact, graph), names.beginning_with, partial(names.like, score=ALIKE, limit=1)):
        nodes = {node for node, _ in _nodes(names, look(text))}
        if nodes and text:
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
    beginning = sorted(
        _nodes(names, names.beginning_with(folded)),
        key=lambda hit: (not hit[1].startswith(folded), *_order(graph, hit[0]), hit[1]),
    )
    found: dict[str, str] = {}
    for node, name in (*_nodes(names, _exact(graph, folded)), *beginning):
        found.setdefault(node, names.written.get(name, name))
    if len(found) < limit:
        for node, name in _nodes(names, names.like(folded, ALIKE, limit)):
            found.setdefault(node, names.written.get(name, name))
    return [Suggestion(node, *_about(graph, node), name) for node, name in list(found.items())[:limit]]


def _about(graph: nx.Graph, node: str) -> tuple[str, str, int]:
    attributes = graph.nodes[node]
    return attributes.get("label", node), attributes.get("kind", ""), attributes.get("mentions", 0)


def _exact(graph: nx.Graph, text: str) -> list[str]:
    """Return the names that are just this, and the country that it is a form of."""
    country = f"country/{_countries().get(text, '')}"
    return [name for name in (text, country) if name in _names(graph).nodes_of or name in graph]


def _nodes(names: _Names, hits: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the nodes that go by each name, with the name."""
    for name in hits:
        for node in names.nodes_of.get(name, [name] if name.startswith("country/") else []):
            yield node, name


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
