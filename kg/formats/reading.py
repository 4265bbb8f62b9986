"""From RDF that `kg` has written, in any syntax, back to the graph: what the profile `evidence` holds.

The graph comes back as it was, but for what RDF does not say: numbers are rounded to six places, articles are not
counted by day, and whatever links two nodes at no quote has none. The base of the IRIs is that of the IRI of the graph
itself.
"""

from collections import defaultdict
from collections.abc import Callable
from gzip import open as unzipped
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import unquote

import networkx as nx

from kg import vocabulary as v
from kg.errors import UnreadableGraph
from kg.evidence import Evidence
from kg.formats.dataset import CLASS_OF_KIND

if TYPE_CHECKING:
    import pyoxigraph

SUFFIXES = (".ttl", ".nt", ".nq", ".trig", ".jsonld")

Properties = dict[str, list[Any]]

_NODES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "iso": (v.ISO2, str),
    "iso3": (v.ISO3, str),
    "numeric": (v.M49, str),
    "type": (v.EVENT_TYPE, str),
    "named": (v.NAMED, lambda text: text == "true"),
    "when": (v.WHEN, str),
    "date": (v.DATE_OF_EVENT, str),
    "modality": (v.MODALITY, str),
    "plover": (v.PLOVER, str),
    "mentions": (v.MENTION_COUNT, int),
    "articles": (v.ARTICLE_COUNT, int),
    "outlets": (v.OUTLET_COUNT, int),
    "copies": (v.COPY_COUNT, int),
    "first_seen": (v.FIRST_SEEN, str),
    "last_seen": (v.LAST_SEEN, str),
}
_LINKS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "relation": (v.RELATION, str),
    "role": (v.ROLE, str),
    "weight": (v.WEIGHT, float),
    "npmi": (v.NPMI, float),
    "npmi_shrunk": (v.NPMI_SHRUNK, float),
    "llr": (v.LOG_LIKELIHOOD_RATIO, float),
    "p": (v.P_VALUE, float),
    "sentences": (v.SENTENCE_COUNT, int),
    "paragraphs": (v.PARAGRAPH_COUNT, int),
    "articles": (v.ARTICLE_COUNT, int),
    "outlets": (v.OUTLET_COUNT, int),
    "copies": (v.COPY_COUNT, int),
    "first_seen": (v.FIRST_SEEN, str),
    "last_seen": (v.LAST_SEEN, str),
}
_KIND_OF_CLASS = {cls: kind for kind, cls in CLASS_OF_KIND.items()}
# what an attribute is where RDF, which leaves out what is not known, says nothing
_UNKNOWN = {
    "country": ("iso", "iso3", "numeric", "wikidata"),
    "event": ("type", "named", "place", "when", "date", "modality", "plover"),
}


def read_rdf(path: str | Path) -> nx.Graph:
    """Return the graph that an RDF file of ours holds, compressed or not. Raises `UnreadableGraph`."""
    try:
        graph = _Reader(_subjects(load(path))).graph()
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UnreadableGraph(f"{path}: no graph can be read ({error!r}); give RDF that kg has written") from error
    return graph


def load(path: str | Path) -> "pyoxigraph.Store":
    """Return a store of all triples in an RDF file, in one graph, whatever they say. Raises `UnreadableGraph`."""
    import pyoxigraph

    path, store = Path(path), pyoxigraph.Store()
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    format = pyoxigraph.RdfFormat.from_extension(suffix.removeprefix("."))
    try:
        with unzipped(path) if path.suffix == ".gz" else path.open("rb") as file:
            for quad in pyoxigraph.parse(cast("BinaryIO", file), format):
                store.add(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object))
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        raise UnreadableGraph(f"{path}: cannot be read as RDF ({error})") from error
    return store


def _subjects(store: "pyoxigraph.Store") -> dict[str, Properties]:
    """Return the values of each property of each subject, in order."""
    subjects: dict[str, Properties] = defaultdict(lambda: defaultdict(list))
    for quad in store:
        subjects[quad.subject.value][quad.predicate.value].append(quad.object.value)
    return {
        subject: {predicate: sorted(values) for predicate, values in subjects[subject].items()}
        for subject in sorted(subjects)
    }


class _Reader:
    """Puts the graph together from what is said of each subject."""

    def __init__(self, subjects: dict[str, Properties]) -> None:
        self.subjects = subjects
        datasets = [subject for subject in self._of(v.DATASET) if subject.endswith("graph")]
        if not datasets:
            raise ValueError("it says nothing of a graph")
        self.dataset = datasets[0]
        self.base = self.dataset.removesuffix("graph")

    def graph(self) -> nx.Graph:
        about = self.subjects[self.dataset]
        facts = {"version": v.VERSION, "window": v.WINDOW}
        graph = nx.Graph(**{name: about[term][0] for name, term in facts.items() if term in about})
        if v.SENTENCE_COUNT in about:
            graph.graph["sentences"] = int(about[v.SENTENCE_COUNT][0])
        graph.graph["articles"] = {
            self._id(article).removeprefix("article/"): self._article(article) for article in self._of(v.ARTICLE)
        }
        for cls, kind in _KIND_OF_CLASS.items():
            for node in self._of(cls):
                graph.add_node(self._id(node), kind=kind, **self._node(kind, self.subjects[node]))
        for old, about in self.subjects.items():
            for node in {*map(self._id, about.get(v.IS_REPLACED_BY, ()))} & set(graph):
                graph.nodes[node].setdefault("replaces", []).append(self._id(old))
        nodes = nx.Graph()
        nodes.add_nodes_from(sorted(graph.nodes(data=True)))
        nodes.graph = graph.graph
        mentions = self._mentions()
        for a, b, link in sorted(self._ends(link) for link in self._of(v.CO_OCCURRENCE)):
            attributes = self._columns(self.subjects[link], _LINKS)
            nodes.add_edge(a, b, **{**dict.fromkeys(_LINKS), **attributes})
            nodes[a][b]["evidence"] = self._evidence(self.subjects[link].get(v.EVIDENCE, []), {a, b}, mentions)
        return nodes

    def _of(self, cls: str) -> list[str]:
        return [subject for subject, properties in self.subjects.items() if cls in properties.get(v.TYPE, ())]

    def _id(self, iri: str) -> str:
        return unquote(iri.removeprefix(self.base))

    def _columns(self, about: Properties, columns: dict[str, tuple[str, Callable[[str], Any]]]) -> dict[str, Any]:
        return {name: read(about[term][0]) for name, (term, read) in columns.items() if term in about}

    def _node(self, kind: str, about: Properties) -> dict[str, Any]:
        node: dict[str, Any] = {"label": about[v.NAME][0], "aliases": about.get(v.ALTERNATE_NAME, [])}
        node |= dict.fromkeys(_UNKNOWN.get(kind, ()))
        node |= {"first_seen": None, "last_seen": None} | self._columns(about, _NODES)
        if v.EXACT_MATCH in about:
            node["wikidata"] = about[v.EXACT_MATCH][0].removeprefix(v.PREFIXES["wd"])
        countries = f"{self.base}country/"
        for place in about.get(v.LOCATION, ()):
            if place.startswith(countries):
                node["place_country"] = self._id(place).removeprefix("country/")
            else:
                node["place"] = place
        return node

    def _article(self, article: str) -> dict[str, Any]:
        about = self.subjects[article]
        publisher = about.get(v.PUBLISHER)
        return {
            **{
                name: about[term][0] if term in about else None
                for name, term in (("title", v.HEADLINE), ("published", v.DATE_PUBLISHED), ("url", v.URL))
            },
            "source": self.subjects[publisher[0]][v.NAME][0] if publisher else None,
            "found": about.get(v.FOUND, []),
            "copy_of": self._id(about[v.COPY_OF][0]).removeprefix("article/") if v.COPY_OF in about else None,
            "mentions": sorted(self._id(node) for node in about.get(v.MENTIONS, ())),
        }

    def _ends(self, link: str) -> tuple[str, str, str]:
        members = sorted(self._id(member) for member in self.subjects[link][v.MEMBER])
        return members[0], members[-1], link

    def _mentions(self) -> dict[str, list[tuple[str, int, int, str]]]:
        """Return the mentions in each quote, in reading order."""
        found = defaultdict(list)
        for mention in self._of(v.MENTION):
            about = self.subjects[mention]
            for node in about[v.REFERS_TO]:
                where = int(about[v.START][0]), int(about[v.END][0]), about[v.EXACT][0]
                for quote in about[v.IS_PART_OF]:
                    found[quote].append((self._id(node), *where))
        return {quote: sorted(mentions, key=lambda m: (m[1], m[2], m[0])) for quote, mentions in found.items()}

    def _evidence(
        self, quotes: list[str], ends: set[str], mentions: dict[str, list[tuple[str, int, int, str]]]
    ) -> list[Evidence]:
        evidence = []
        for quote in quotes:
            about = self.subjects[quote]
            article = self._id(about[v.IS_PART_OF][0]).removeprefix("article/")
            seen: dict[str, tuple[str, int, int, str]] = {}
            for mention in mentions.get(quote, ()):
                if mention[0] in ends:
                    seen.setdefault(mention[0], mention)
            start, end = int(about[v.START][0]), int(about[v.END][0])
            evidence.append(Evidence(article, start, end, about[v.EXACT][0], tuple(seen.values())))
        return sorted(evidence)
