"""From a graph to its triples: the one definition of what every RDF format says.

A triple is (subject, predicate, object). A plain `str` is an IRI, anything else a `Literal`. All triples of a subject
come together, and all objects of a predicate: first the graph itself, then nodes, links, articles, outlets,
the quotes that show the links, and the mentions in these, each part in the order of its ids.

A link makes three things of one edge: `kg:coOccursWith` in both directions, so that a node's neighbours are one step
away; a `kg:CoOccurrence` that holds the weight, the counts and the evidence; and, for the participants of an event,
`kg:participant`. A quote that shows several links is written once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from kg import vocabulary as v
from kg.formats.text import clean
from kg.graph import Evidence, best_evidence
from kg.vocabulary import BASE, check_base, iri

if TYPE_CHECKING:
    import rdflib


class Literal(NamedTuple):
    """A value, in the lexical form of its datatype. One with a language is a string."""

    text: str
    datatype: str = v.STRING
    language: str = ""


Triple = tuple[str, str, "str | Literal"]
Property = tuple[str, str | Literal]
Column = tuple[str, Callable[[Any], Literal]]
Passage = tuple[str, int, int]

# The language of the articles.
LANGUAGE = "en"

CLASS_OF_KIND = {"person": v.PERSON, "country": v.COUNTRY, "event": v.EVENT}


def triples(graph: nx.Graph, base: str = BASE) -> Iterator[Triple]:
    """Yield each triple of `graph` once, in an order that depends on nothing but the triples themselves."""
    check_base(base)
    articles = graph.graph.get("articles", {})
    links = sorted((min(edge), max(edge)) for edge in graph.edges)
    yield from _about(iri(base, "graph"), _graph_properties(graph))
    for node in sorted(graph):
        yield from _about(iri(base, node), _node_properties(graph, node, base))
    for a, b in links:
        yield from _about(iri(base, v.link_id(a, b)), _link_properties(a, b, graph.edges[a, b], base))
    for article in sorted(articles):
        yield from _about(iri(base, v.article_id(article)), _article_properties(articles[article], base))
    for outlet in sorted({article["source"] for article in articles.values() if article.get("source")}):
        yield from _about(iri(base, v.outlet_id(outlet)), [(v.TYPE, v.ORGANIZATION), (v.NAME, string(outlet))])
    yield from _quotes((graph.edges[link].get("evidence", ()) for link in links), base)


def to_rdflib(graph: nx.Graph, base: str = BASE) -> "rdflib.Graph":
    """Return `graph` as an rdflib Graph: the same triples that the RDF formats hold."""
    import rdflib

    made = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in v.prefixes(base).items():
        made.bind(prefix, namespace)
    for subject, predicate, value in triples(graph, base):
        if isinstance(value, str):
            made.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), rdflib.URIRef(value)))
        else:
            datatype = rdflib.URIRef(value.datatype) if value.datatype != v.STRING else None
            literal = rdflib.Literal(value.text, lang=value.language or None, datatype=datatype)
            made.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), literal))
    return made


def _about(subject: str, properties: Iterable[Property]) -> Iterator[Triple]:
    for predicate, value in properties:
        yield subject, predicate, value


def _graph_properties(graph: nx.Graph) -> Iterator[Property]:
    yield v.TYPE, v.DATASET
    for name, predicate in (("version", v.VERSION), ("window", v.WINDOW)):
        if value := graph.graph.get(name):
            yield predicate, string(value)
    yield v.ARTICLE_COUNT, integer(len(graph.graph.get("articles", ())))
    if (sentences := graph.graph.get("sentences")) is not None:
        yield v.SENTENCE_COUNT, integer(sentences)


def _node_properties(graph: nx.Graph, node: str, base: str) -> Iterator[Property]:
    attributes = graph.nodes[node]
    yield v.TYPE, CLASS_OF_KIND.get(attributes.get("kind", ""), v.THING)
    yield from _names(attributes.get("label", node), attributes.get("aliases", ()))
    if match := v.wikidata_iri(attributes.get("wikidata") or ""):
        yield v.EXACT_MATCH, match
    yield from _columns(attributes, NODE_COLUMNS)
    for neighbour in sorted(graph[node]):
        yield v.CO_OCCURS_WITH, iri(base, neighbour)
    for participant in sorted(_participants(graph, node)):
        yield v.PARTICIPANT, iri(base, participant)


def _participants(graph: nx.Graph, node: str) -> Iterator[str]:
    """Yield those who take part in `node`, if it is an event."""
    kinds = graph.nodes(data="kind")
    if kinds[node] == "event":
        for other, link in graph[node].items():
            if link.get("relation") == "participant" and kinds[other] != "event":
                yield other


def _names(label: str, aliases: Iterable[str]) -> Iterator[Property]:
    others = sorted({clean(alias) for alias in aliases})
    yield v.NAME, string(label)
    for alias in others:
        yield v.ALTERNATE_NAME, string(alias)
    yield v.PREF_LABEL, Literal(clean(label), language=LANGUAGE)
    for alias in others:
        yield v.ALT_LABEL, Literal(alias, language=LANGUAGE)


def _link_properties(a: str, b: str, attributes: dict[str, Any], base: str) -> Iterator[Property]:
    yield v.TYPE, v.CO_OCCURRENCE
    yield v.MEMBER, iri(base, a)
    if b != a:
        yield v.MEMBER, iri(base, b)
    yield from _columns(attributes, LINK_COLUMNS)
    evidence = attributes.get("evidence", ())
    if best := best_evidence(evidence):
        yield v.BEST_EVIDENCE, iri(base, v.quote_id(best.article, best.start, best.end))
    for quote in sorted({(e.article, e.start, e.end) for e in evidence}):
        yield v.EVIDENCE, iri(base, v.quote_id(*quote))


def _article_properties(article: dict[str, Any], base: str) -> Iterator[Property]:
    yield v.TYPE, v.ARTICLE
    if title := article.get("title"):
        yield v.HEADLINE, string(title)
    if published := article.get("published"):
        yield v.DATE_PUBLISHED, moment(published)
    if url := article.get("url"):
        yield v.URL, v.web_address(url) or string(url)
    if source := article.get("source"):
        yield v.PUBLISHER, iri(base, v.outlet_id(source))
    for place in sorted({clean(place) for place in article.get("found", ())}):
        yield v.FOUND, string(place)
    for node in sorted(set(article.get("mentions", ()))):
        yield v.MENTIONS, iri(base, node)


def _quotes(evidence_of_links: Iterable[Iterable[Evidence]], base: str) -> Iterator[Triple]:
    """Yield the quotes, each once, by article and place in it, then the mentions in them likewise."""
    texts: dict[Passage, str] = {}
    mentions: dict[Passage, set[tuple[str, str, Passage]]] = defaultdict(set)
    for evidence in evidence_of_links:
        for e in evidence:
            quote = e.article, e.start, e.end
            texts.setdefault(quote, e.text)
            for node, start, end, text in e.mentions:
                mentions[e.article, start, end].add((node, text, quote))
    for quote in sorted(texts):
        yield from _about(iri(base, v.quote_id(*quote)), _quote_properties(quote, texts[quote], base))
    for mention in sorted(mentions):
        yield from _about(iri(base, v.mention_id(*mention)), _mention_properties(mention, mentions[mention], base))


def _quote_properties(quote: Passage, text: str, base: str) -> Iterator[Property]:
    yield v.TYPE, v.QUOTE
    yield v.TYPE, v.POSITION_SELECTOR
    yield v.TYPE, v.QUOTE_SELECTOR
    yield from _passage(quote, text)
    yield v.IS_PART_OF, iri(base, v.article_id(quote[0]))


def _mention_properties(mention: Passage, seen: set[tuple[str, str, Passage]], base: str) -> Iterator[Property]:
    nodes, texts, quotes = zip(*seen, strict=True)
    yield v.TYPE, v.MENTION
    yield from _passage(mention, min(texts))
    for node in sorted(set(nodes)):
        yield v.REFERS_TO, iri(base, node)
    for quote in sorted(set(quotes)):
        yield v.IS_PART_OF, iri(base, v.quote_id(*quote))


def _passage(passage: Passage, text: str) -> Iterator[Property]:
    yield v.EXACT, string(text)
    yield v.START, integer(passage[1])
    yield v.END, integer(passage[2])


def _columns(attributes: dict[str, Any], columns: dict[str, Column]) -> Iterator[Property]:
    for name, (predicate, literal) in columns.items():
        value = attributes.get(name)
        if value is not None and value != "":
            yield predicate, literal(value)


def string(value: str) -> Literal:
    return Literal(clean(value))


def integer(value: int) -> Literal:
    return Literal(str(int(value)), v.INTEGER)


def boolean(value: bool) -> Literal:
    return Literal("true" if value else "false", v.BOOLEAN)


def decimal(value: float) -> Literal:
    """Return `value` to six places: stores refuse decimals of more than eighteen, and exponents read badly.

    Whole numbers have no point, which is the canonical form, so that every store gives them back alike.

    >>> decimal(12.5).text, decimal(3).text, decimal(-1 / 3).text
    ('12.5', '3', '-0.333333')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return Literal("0" if text == "-0" else text, v.DECIMAL)


def moment(text: str) -> Literal:
    """Return a date or date-time in the form XML Schema gives it; a plain string if it is neither.

    >>> [moment(text).text for text in ("2022-01-29", "2022-01-29T10:00Z", "last Friday")]
    ['2022-01-29', '2022-01-29T10:00:00+00:00', 'last Friday']
    """
    with suppress(ValueError):
        return Literal(date.fromisoformat(text).isoformat(), v.DATE)
    with suppress(ValueError):
        value = datetime.fromisoformat(text)
        if _is_xsd_offset(value.utcoffset() or timedelta()):
            return Literal(value.isoformat(), v.DATE_TIME)
    return string(text)


def _is_xsd_offset(offset: timedelta) -> bool:
    return abs(offset) <= timedelta(hours=14) and not offset % timedelta(minutes=1)


# What becomes of a node's or a link's attributes, in the order they are written; those that are missing are left out.
NODE_COLUMNS: dict[str, Column] = {
    "iso": (v.ISO2, string),
    "iso3": (v.ISO3, string),
    "numeric": (v.M49, string),
    "type": (v.EVENT_TYPE, string),
    "named": (v.NAMED, boolean),
    "place": (v.LOCATION, string),
    "when": (v.WHEN, string),
    "date": (v.DATE_OF_EVENT, string),
    "modality": (v.MODALITY, string),
    "plover": (v.PLOVER, string),
    "mentions": (v.MENTION_COUNT, integer),
    "articles": (v.ARTICLE_COUNT, integer),
    "first_seen": (v.FIRST_SEEN, moment),
    "last_seen": (v.LAST_SEEN, moment),
}
LINK_COLUMNS: dict[str, Column] = {
    "relation": (v.RELATION, string),
    "role": (v.ROLE, string),
    "weight": (v.WEIGHT, decimal),
    "npmi": (v.NPMI, decimal),
    "sentences": (v.SENTENCE_COUNT, integer),
    "paragraphs": (v.PARAGRAPH_COUNT, integer),
    "articles": (v.ARTICLE_COUNT, integer),
    "first_seen": (v.FIRST_SEEN, moment),
    "last_seen": (v.LAST_SEEN, moment),
}
