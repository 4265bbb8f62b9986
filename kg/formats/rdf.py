"""From a graph to its triples: the one definition of what every RDF format says.

What is said of a subject comes as a whole: the subject, and a list of (predicate, object). Predicates are IRIs;
subjects and objects are terms as a syntax writes them (`kg.formats.terms`), each written once, where it is made. All
objects of a predicate come together. First comes the graph itself, then nodes, links and outlets, then article by
article what is said of it, the quotes in it that show links, and the mentions in these, all in the order of their ids.

A link makes three things of one edge: `kg:coOccursWith` in both directions, so that a node's neighbours are one step
away; a `kg:CoOccurrence` that holds the weight, the counts and the evidence; and, for the participants of an event,
`kg:participant`. A quote that shows several links is written once.

There are three profiles: `core` leaves out articles and evidence; `evidence` has them; `full` adds how the graph was
made and what is in it (`kg.formats.dataset`), and the events once more in the terms of SEM, where a link is a role.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg import vocabulary as v
from kg.evidence import Evidence, best_evidence
from kg.formats.dataset import CLASS_OF_KIND, about_graph, about_parts, about_run
from kg.formats.listing import Listing, candidates, listed
from kg.formats.terms import (
    Literal,
    T,
    Terms,
    boolean,
    day,
    decimal,
    event_days,
    in_english,
    integer,
    moment,
    plain_terms,
    probability,
    string,
)
from kg.formats.text import clean
from kg.vocabulary import BASE

if TYPE_CHECKING:
    import rdflib

Property = tuple[str, T]
Description = tuple[str, list[Property[T]]]
Section = tuple[str | None, Iterator[Description[T]]]
Triple = tuple[str, str, "str | Literal"]
Column = tuple[str, Callable[[Any], Literal]]
Place = tuple[int, int]

ROLES = {"source": v.SOURCE_ROLE, "target": v.TARGET_ROLE, "participant": v.PARTICIPANT_ROLE}
_DAYS = ((v.START_DATE, v.BEGIN_STAMP), (v.END_DATE, v.END_STAMP))


def sections(listing: Listing, terms: Terms[T], profile: str) -> Iterator[Section[T]]:
    """Yield what is said by the named graph it belongs to: first what is in no article, then article by article.

    Without an article's section the rest still says what is true, but for the counts.
    """
    yield None, _without_articles(listing, terms, profile, evidence=False)
    if profile != "core":
        articles = listing.facts.get("articles", {})
        for article in sorted(articles):
            about = _article(listing, article, articles[article], terms)
            yield terms.id(v.article_id(article)), chain(_shown(listing, article, terms), about)


def descriptions(listing: Listing, terms: Terms[T], profile: str) -> Iterator[Description[T]]:
    """Yield what is said of each subject, in an order that depends on nothing but what is said."""
    yield from _without_articles(listing, terms, profile, evidence=profile != "core")
    if profile != "core":
        articles = listing.facts.get("articles", {})
        for article in sorted(articles):
            yield from _article(listing, article, articles[article], terms)


def triples(graph: "nx.Graph | Listing", base: str = BASE, profile: str = "evidence") -> Iterator[Triple]:
    """Yield each triple of a graph once, in the order of `descriptions`. A `str` is an IRI, all else a `Literal`."""
    for subject, properties in descriptions(listed(graph), plain_terms(base), profile):
        for predicate, value in properties:
            yield subject, predicate, value


def to_rdflib(graph: "nx.Graph | Listing", base: str = BASE, profile: str = "evidence") -> "rdflib.Graph":
    """Return `graph` as an rdflib Graph: the same triples that the RDF formats hold."""
    import rdflib

    made = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in v.prefixes(base).items():
        made.bind(prefix, namespace)
    for subject, predicate, value in triples(graph, base, profile):
        if isinstance(value, str):
            made.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), rdflib.URIRef(value)))
        else:
            datatype = rdflib.URIRef(value.datatype) if value.datatype != v.STRING else None
            literal = rdflib.Literal(value.text, lang=value.language or None, datatype=datatype)
            made.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), literal))
    return made


def _without_articles(listing: Listing, terms: Terms[T], profile: str, *, evidence: bool) -> Iterator[Description[T]]:
    full = profile == "full"
    yield about_graph(listing, terms, full=full)
    if full:
        yield from about_run(listing.facts, terms)
        yield from about_parts(listing, terms)
    yield from _nodes(listing, terms, full)
    yield from _links(listing, terms, full, evidence)
    if profile != "core":
        articles = listing.facts.get("articles", {}).values()
        for outlet in sorted({article["source"] for article in articles if article.get("source")}):
            kind = terms.address(v.ORGANIZATION)
            yield terms.id(v.outlet_id(outlet)), [(v.TYPE, kind), (v.NAME, terms.string(outlet))]


def _nodes(listing: Listing, terms: Terms[T], full: bool) -> Iterator[Description[T]]:
    """Yield each node and who it may be, then those that others have replaced."""
    replaced: dict[str, set[str]] = defaultdict(set)
    for node, attributes in listing.nodes():
        yield terms.id(node), list(_node_properties(listing, node, attributes, terms, full))
        for item, score in _candidates(attributes):
            about: list[Property[T]] = [
                (v.TYPE, terms.address(v.CANDIDATE)),
                (v.CLOSE_MATCH, terms.address(v.PREFIXES["wd"] + item)),
                (v.SCORE, terms.value(decimal, score)),
            ]
            yield terms.id(v.match_id(node, item)), about
        for old in attributes.get("replaces") or ():
            replaced[old].add(node)
    for old in sorted(replaced):
        yield terms.id(old), [(v.IS_REPLACED_BY, terms.id(node)) for node in sorted(replaced[old])]


def _node_properties(
    listing: Listing, node: str, attributes: Mapping[str, Any], terms: Terms[T], full: bool
) -> Iterator[Property[T]]:
    kind = attributes.get("kind", "")
    yield v.TYPE, terms.address(CLASS_OF_KIND.get(kind, v.THING))
    if full and kind in CLASS_OF_KIND:
        yield v.TYPE, terms.address(v.SEM_EVENT if kind == "event" else v.ACTOR)
        if kind == "country":
            yield v.TYPE, terms.address(v.SEM_PLACE)
    yield from _names(attributes.get("label", node), attributes.get("aliases") or (), terms)
    if match := v.wikidata_iri(attributes.get("wikidata") or ""):
        yield v.EXACT_MATCH, terms.address(match)
    items = [item for item, _ in _candidates(attributes)]
    for item in items:
        yield v.CLOSE_MATCH, terms.address(v.PREFIXES["wd"] + item)
    for item in items:
        yield v.HAS_CANDIDATE, terms.id(v.match_id(node, item))
    yield from _columns(attributes, NODE_COLUMNS, terms)
    if kind == "event":
        yield from _where_and_when(attributes, terms, full)
    neighbours = list(listing.around(node))
    for other, _ in neighbours:
        yield v.CO_OCCURS_WITH, terms.id(other)
    if kind == "event":
        participants = [other for other, link in neighbours if _takes_part(other, link)]
        for other in participants:
            yield v.PARTICIPANT, terms.id(other)
        if full:
            for role in sorted(terms.link(node, other) for other in participants):
                yield v.HAS_ACTOR, role


def _names(label: str, aliases: Iterable[str], terms: Terms[T]) -> Iterator[Property[T]]:
    others = sorted({clean(alias) for alias in aliases})
    yield v.NAME, terms.string(label)
    for alias in others:
        yield v.ALTERNATE_NAME, terms.string(alias)
    yield v.PREF_LABEL, terms.value(in_english, label)
    for alias in others:
        yield v.ALT_LABEL, terms.value(in_english, alias)


def _candidates(attributes: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Return the Wikidata items that a node may be, each with how sure that is, without the one that it is."""
    found = {candidate["id"]: float(candidate["score"]) for candidate in candidates(attributes)}
    certain = attributes.get("wikidata")
    return sorted((item, score) for item, score in found.items() if v.wikidata_iri(item) and item != certain)


def _where_and_when(event: Mapping[str, Any], terms: Terms[T], full: bool) -> Iterator[Property[T]]:
    country = terms.id(f"country/{event['place_country']}") if event.get("place_country") else None
    if place := event.get("place"):
        yield v.LOCATION, terms.string(place)
    if country:
        yield v.LOCATION, country
    for (of_schema, of_sem), text in zip(_DAYS, event_days(event.get("date")) or (), strict=False):
        yield of_schema, terms.value(day, text)
        if full:
            yield of_sem, terms.value(day, text)
    if full and country:
        yield v.HAS_PLACE, country


def _takes_part(other: str, link: Mapping[str, Any]) -> bool:
    return link.get("relation") == "participant" and not other.startswith("event/")


def _links(listing: Listing, terms: Terms[T], full: bool, evidence: bool) -> Iterator[Description[T]]:
    kind, role_kind = terms.address(v.CO_OCCURRENCE), terms.address(v.SEM_ROLE)
    for a, b, attributes in listing.links():
        participant = _participant(a, b, attributes) if full else None
        about: list[Property[T]] = [(v.TYPE, role_kind)] if participant else []
        about += [(v.TYPE, kind), (v.MEMBER, terms.id(a))]
        if b != a:
            about.append((v.MEMBER, terms.id(b)))
        about += _columns(attributes, LINK_COLUMNS, terms)
        if participant:
            role = ROLES.get(attributes.get("role") or "", v.PARTICIPANT_ROLE)
            about += [(v.VALUE, terms.id(participant)), (v.ROLE_TYPE, terms.address(role))]
        if evidence:
            about += _shown_by(attributes.get("evidence", ()), terms)
        yield terms.link(a, b), about


def _participant(a: str, b: str, attributes: Mapping[str, Any]) -> str | None:
    """Return the one of the two who takes part in the other, if the link says so."""
    for event, other in ((a, b), (b, a)):
        if event.startswith("event/") and _takes_part(other, attributes):
            return other
    return None


def _shown_by(evidence: Iterable[Evidence], terms: Terms[T], *, best: bool = True) -> list[Property[T]]:
    """Return the quotes that show a link; `best` says whether the best of all is among them."""
    nearest = best_evidence(evidence) if best else None
    about: list[Property[T]] = []
    if nearest:
        about.append((v.BEST_EVIDENCE, _quote(nearest.article, nearest.start, nearest.end, terms)))
    for of, start, end in _each([(e.article, e.start, e.end) for e in evidence]):
        about.append((v.EVIDENCE, _quote(of, start, end, terms)))
    return about


def _each(values: Sequence[Any]) -> Sequence[Any]:
    """Return the values in order, each once; most often there is but one."""
    return values if len(values) == 1 else sorted(set(values))


def _quote(article: str, start: int, end: int, terms: Terms[T]) -> str:
    before, after = terms.passages(v.quote_id, article)
    return f"{before}{start}-{end}{after}"


def _shown(listing: Listing, article: str, terms: Terms[T]) -> Iterator[Description[T]]:
    """Yield which quotes of an article show which links."""
    for a, b, evidence in listing.proofs(article):
        yield terms.link(a, b), _shown_by(evidence, terms, best=listing.best_article(a, b) == article)


def _article(
    listing: Listing, article: str, attributes: Mapping[str, Any], terms: Terms[T]
) -> Iterator[Description[T]]:
    """Yield the article, then the quotes in it that show links, each once and by place, then the mentions likewise."""
    whole = terms.id(v.article_id(article))
    yield whole, list(_article_properties(attributes, terms))
    texts, mentions = _seen(listing, article)
    before, after = terms.passages(v.quote_id, article)
    quotes = {(start, end): f"{before}{start}-{end}{after}" for start, end in sorted(texts)}
    kinds: list[Property[T]] = [
        (v.TYPE, terms.address(kind)) for kind in (v.QUOTE, v.POSITION_SELECTOR, v.QUOTE_SELECTOR)
    ]
    for (start, end), quote in quotes.items():
        about = _passage(kinds, start, end, texts[start, end], terms)
        about.append((v.IS_PART_OF, whole))
        yield quote, about
    before, after = terms.passages(v.mention_id, article)
    kinds = [(v.TYPE, terms.address(v.MENTION))]
    for (start, end), seen in sorted(mentions.items()):
        nodes, names, places = zip(*seen, strict=True)
        about = _passage(kinds, start, end, min(names), terms)
        about += [(v.REFERS_TO, terms.id(node)) for node in _each(nodes)]
        about += [(v.IS_PART_OF, quotes[place]) for place in _each(places)]
        yield f"{before}{start}-{end}{after}", about


def _seen(listing: Listing, article: str) -> tuple[dict[Place, str], dict[Place, list[tuple[str, str, Place]]]]:
    """Return the text of each quote in an article, and who is named by what in which quotes, by their places."""
    texts: dict[Place, str] = {}
    mentions: dict[Place, list[tuple[str, str, Place]]] = defaultdict(list)
    for _, _, evidence in listing.proofs(article):
        for e in evidence:
            quote = e.start, e.end
            texts.setdefault(quote, e.text)
            for node, start, end, text in e.mentions:
                mentions[start, end].append((node, text, quote))
    return texts, mentions


def _article_properties(article: Mapping[str, Any], terms: Terms[T]) -> Iterator[Property[T]]:
    yield v.TYPE, terms.address(v.ARTICLE)
    if title := article.get("title"):
        yield v.HEADLINE, terms.string(title)
    if published := article.get("published"):
        yield v.DATE_PUBLISHED, terms.value(moment, published)
    if url := article.get("url"):
        address = v.web_address(url)
        yield v.URL, terms.address(address) if address else terms.string(url)
    if source := article.get("source"):
        yield v.PUBLISHER, terms.id(v.outlet_id(source))
    for place in sorted({clean(place) for place in article.get("found", ())}):
        yield v.FOUND, terms.string(place)
    if original := article.get("copy_of"):
        yield v.COPY_OF, terms.id(v.article_id(original))
    for node in sorted(set(article.get("mentions", ()))):
        yield v.MENTIONS, terms.id(node)


def _passage(kinds: list[Property[T]], start: int, end: int, text: str, terms: Terms[T]) -> list[Property[T]]:
    about = kinds.copy()
    about += [(v.EXACT, terms.string(text)), (v.START, terms.integer(start)), (v.END, terms.integer(end))]
    return about


def _columns(attributes: Mapping[str, Any], columns: dict[str, Column], terms: Terms[T]) -> list[Property[T]]:
    get, value_of = attributes.get, terms.value
    return [
        (predicate, value_of(literal, value))
        for name, (predicate, literal) in columns.items()
        if (value := get(name)) is not None and value != ""
    ]


# What becomes of a node's or a link's attributes, in the order they are written; those that are missing are left out.
NODE_COLUMNS: dict[str, Column] = {
    "iso": (v.ISO2, string),
    "iso3": (v.ISO3, string),
    "numeric": (v.M49, string),
    "type": (v.EVENT_TYPE, string),
    "named": (v.NAMED, boolean),
    "when": (v.WHEN, string),
    "date": (v.DATE_OF_EVENT, string),
    "modality": (v.MODALITY, string),
    "plover": (v.PLOVER, string),
    "mentions": (v.MENTION_COUNT, integer),
    "articles": (v.ARTICLE_COUNT, integer),
    "outlets": (v.OUTLET_COUNT, integer),
    "copies": (v.COPY_COUNT, integer),
    "first_seen": (v.FIRST_SEEN, moment),
    "last_seen": (v.LAST_SEEN, moment),
}
LINK_COLUMNS: dict[str, Column] = {
    "relation": (v.RELATION, string),
    "role": (v.ROLE, string),
    "weight": (v.WEIGHT, decimal),
    "npmi": (v.NPMI, decimal),
    "npmi_shrunk": (v.NPMI_SHRUNK, decimal),
    "llr": (v.LOG_LIKELIHOOD_RATIO, decimal),
    "p": (v.P_VALUE, probability),
    "sentences": (v.SENTENCE_COUNT, integer),
    "paragraphs": (v.PARAGRAPH_COUNT, integer),
    "articles": (v.ARTICLE_COUNT, integer),
    "outlets": (v.OUTLET_COUNT, integer),
    "copies": (v.COPY_COUNT, integer),
    "first_seen": (v.FIRST_SEEN, moment),
    "last_seen": (v.LAST_SEEN, moment),
}
