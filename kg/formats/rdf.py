"""From a graph to its triples: the one definition of what every RDF format says.

A triple is (subject, predicate, object). A plain `str` is an IRI, anything else a `Literal`. All triples of a subject
come together, and all objects of a predicate: first the graph itself, then nodes, links and outlets, then article by
article what is said of it, the quotes in it that show links, and the mentions in these, all in the order of their ids.

A link makes three things of one edge: `kg:coOccursWith` in both directions, so that a node's neighbours are one step
away; a `kg:CoOccurrence` that holds the weight, the counts and the evidence; and, for the participants of an event,
`kg:participant`. A quote that shows several links is written once.

There are three profiles: `core` leaves out articles and evidence; `evidence` has them; `full` adds how the graph was
made (PROV), what is in it (VoID, DCAT), and the events once more in the terms of SEM, where a link is a role.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from kg import vocabulary as v
from kg.formats.listing import Listing, candidates, listed
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
Section = tuple[str | None, Iterator[Triple]]
Property = tuple[str, str | Literal]
Column = tuple[str, Callable[[Any], Literal]]
Passage = tuple[str, int, int]

# The language of the articles.
LANGUAGE = "en"

CLASS_OF_KIND = {"person": v.PERSON, "country": v.COUNTRY, "event": v.EVENT}
PARTS = (*CLASS_OF_KIND.items(), ("link", v.CO_OCCURRENCE), ("article", v.ARTICLE))
ROLES = {"source": v.SOURCE_ROLE, "target": v.TARGET_ROLE, "participant": v.PARTICIPANT_ROLE}
_DAYS = ((v.START_DATE, v.BEGIN_STAMP), (v.END_DATE, v.END_STAMP))


def sections(listing: Listing, base: str = BASE, profile: str = "evidence") -> Iterator[Section]:
    """Yield the triples by the named graph they belong to: first those of no article, then article by article.

    Without an article's section the rest still says what is true, but for the counts.
    """
    check_base(base)
    yield None, _without_articles(listing, base, profile, evidence=False)
    if profile != "core":
        articles = listing.facts.get("articles", {})
        for article in sorted(articles):
            about = _article(listing, article, articles[article], base)
            yield iri(base, v.article_id(article)), chain(_shown(listing, article, base), about)


def triples(listing: "Listing | nx.Graph", base: str = BASE, profile: str = "evidence") -> Iterator[Triple]:
    """Yield each triple of a graph once, in an order that depends on nothing but the triples themselves."""
    check_base(base)
    listing = listed(listing)
    yield from _without_articles(listing, base, profile, evidence=profile != "core")
    if profile != "core":
        articles = listing.facts.get("articles", {})
        for article in sorted(articles):
            yield from _article(listing, article, articles[article], base)


def _without_articles(listing: Listing, base: str, profile: str, *, evidence: bool) -> Iterator[Triple]:
    full = profile == "full"
    replaced: dict[str, list[str]] = defaultdict(list)
    yield from _about(iri(base, "graph"), _graph_properties(listing, base, profile))
    if full:
        yield from _run(listing.facts, base)
        yield from _parts(listing, base)
    for node, attributes in listing.nodes():
        yield from _about(iri(base, node), _node_properties(listing, node, attributes, base, full))
        for candidate in _candidates(attributes):
            yield from _about(iri(base, v.match_id(node, candidate[0])), _candidate_properties(*candidate))
        for old in attributes.get("replaces") or ():
            replaced[old].append(node)
    for old in sorted(replaced):
        yield from _about(iri(base, old), ((v.IS_REPLACED_BY, iri(base, node)) for node in sorted(set(replaced[old]))))
    for a, b, attributes in listing.links():
        subject = iri(base, v.link_id(a, b))
        if full and (participant := _participant(a, b, attributes)):
            yield subject, v.TYPE, v.SEM_ROLE
            yield from _about(subject, _link_properties(a, b, attributes, base))
            yield from _about(subject, _role_properties(participant, attributes, base))
        else:
            yield from _about(subject, _link_properties(a, b, attributes, base))
        if evidence:
            yield from _about(subject, _evidence_properties(attributes.get("evidence", ()), base))
    if profile != "core":
        articles = listing.facts.get("articles", {}).values()
        for outlet in sorted({article["source"] for article in articles if article.get("source")}):
            yield from _about(iri(base, v.outlet_id(outlet)), [(v.TYPE, v.ORGANIZATION), (v.NAME, string(outlet))])


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


def _about(subject: str, properties: Iterable[Property]) -> Iterator[Triple]:
    for predicate, value in properties:
        yield subject, predicate, value


def _graph_properties(listing: Listing, base: str, profile: str) -> Iterator[Property]:
    facts = listing.facts
    yield v.TYPE, v.DATASET
    if profile == "full":
        yield v.TYPE, v.VOID_DATASET
        yield v.TYPE, v.DCAT_DATASET
        yield v.TITLE, Literal("People, countries and events in news articles", language=LANGUAGE)
        yield v.URI_SPACE, string(base)
        for prefix in ("kg", "schema", "skos", "sem", "oa", "prov"):
            yield v.USES_VOCABULARY, v.PREFIXES[prefix]
        yield v.GENERATED_BY, iri(base, "run")
        for name, _ in PARTS:
            yield v.CLASS_PARTITION, iri(base, f"part/{name}")
    for name, predicate in (("version", v.VERSION), ("window", v.WINDOW)):
        if value := facts.get(name):
            yield predicate, string(value)
    yield v.ARTICLE_COUNT, integer(facts.get("article_count", len(facts.get("articles", ()))))
    if (sentences := facts.get("sentences")) is not None:
        yield v.SENTENCE_COUNT, integer(sentences)


def _run(facts: Mapping[str, Any], base: str) -> Iterator[Triple]:
    """Yield what made the graph: the run, the program, the model, and the files that were read, with their digests."""
    record = facts.get("run") or {}
    files = {file: (iri(base, f"input/{file}"), digest) for file, digest in sorted(record.get("inputs", {}).items())}
    settings = sorted(f"{name}={value}" for name, value in record.get("settings", {}).items())
    model = record.get("model")
    yield from _about(
        iri(base, "run"),
        [
            (v.TYPE, v.ACTIVITY),
            (v.ASSOCIATED_WITH, iri(base, "software")),
            *((v.SETTING, string(setting)) for setting in settings),
            *([(v.USED, iri(base, "model"))] if model else []),
            *((v.USED, file) for file, _ in files.values()),
        ],
    )
    version = facts.get("version")
    about: list[Property] = [(v.TYPE, v.SOFTWARE_AGENT), (v.NAME, string("kg"))]
    yield from _about(iri(base, "software"), about + ([(v.SOFTWARE_VERSION, string(version))] if version else []))
    if model:
        yield from _about(iri(base, "model"), _entity(model, record.get("model_digest")))
    for name, (file, digest) in files.items():
        yield from _about(file, _entity(name, digest))


def _entity(name: str, digest: str | None) -> Iterator[Property]:
    yield v.TYPE, v.ENTITY
    yield v.NAME, string(name)
    if digest:
        yield v.SHA256, string(digest)


def _parts(listing: Listing, base: str) -> Iterator[Triple]:
    """Yield how many of each class there are."""
    counts = Counter(attributes.get("kind") for _, attributes in listing.nodes())
    counts["link"] = sum(1 for _ in listing.links())
    counts["article"] = len(listing.facts.get("articles", ()))
    for name, cls in PARTS:
        yield from _about(iri(base, f"part/{name}"), [(v.OF_CLASS, cls), (v.ENTITIES, integer(counts[name]))])


def _node_properties(
    listing: Listing, node: str, attributes: Mapping[str, Any], base: str, full: bool
) -> Iterator[Property]:
    kind = attributes.get("kind", "")
    yield v.TYPE, CLASS_OF_KIND.get(kind, v.THING)
    if full and kind in CLASS_OF_KIND:
        yield v.TYPE, v.SEM_EVENT if kind == "event" else v.ACTOR
    yield from _names(attributes.get("label", node), attributes.get("aliases") or ())
    if match := v.wikidata_iri(attributes.get("wikidata") or ""):
        yield v.EXACT_MATCH, match
    items = [item for item, _ in _candidates(attributes)]
    for item in items:
        yield v.CLOSE_MATCH, v.PREFIXES["wd"] + item
    for item in items:
        yield v.HAS_CANDIDATE, iri(base, v.match_id(node, item))
    yield from _columns(attributes, NODE_COLUMNS)
    if kind == "event":
        yield from _where_and_when(attributes, base, full)
    neighbours = list(listing.around(node))
    for other, _ in neighbours:
        yield v.CO_OCCURS_WITH, iri(base, other)
    if kind == "event":
        participants = [other for other, link in neighbours if _takes_part(other, link)]
        for other in participants:
            yield v.PARTICIPANT, iri(base, other)
        if full:
            for role in sorted(iri(base, v.link_id(node, other)) for other in participants):
                yield v.HAS_ACTOR, role


def _where_and_when(event: Mapping[str, Any], base: str, full: bool) -> Iterator[Property]:
    country = iri(base, f"country/{event['place_country']}") if event.get("place_country") else None
    if place := event.get("place"):
        yield v.LOCATION, string(place)
    if country:
        yield v.LOCATION, country
    days = event_days(event.get("date"))
    for (of_schema, of_sem), day in zip(_DAYS, days or (), strict=False):
        yield of_schema, day
        if full:
            yield of_sem, day
    if full and country:
        yield v.HAS_PLACE, country


def _takes_part(other: str, link: Mapping[str, Any]) -> bool:
    return link.get("relation") == "participant" and not other.startswith("event/")


def _candidates(attributes: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Return the Wikidata items that a node may be, each with how sure that is, without the one that it is."""
    found = {candidate["id"]: float(candidate["score"]) for candidate in candidates(attributes)}
    certain = attributes.get("wikidata")
    return sorted((item, score) for item, score in found.items() if v.wikidata_iri(item) and item != certain)


def _candidate_properties(item: str, score: float) -> Iterator[Property]:
    yield v.TYPE, v.CANDIDATE
    yield v.CLOSE_MATCH, v.PREFIXES["wd"] + item
    yield v.SCORE, decimal(score)


def _names(label: str, aliases: Iterable[str]) -> Iterator[Property]:
    others = sorted({clean(alias) for alias in aliases})
    yield v.NAME, string(label)
    for alias in others:
        yield v.ALTERNATE_NAME, string(alias)
    yield v.PREF_LABEL, Literal(clean(label), language=LANGUAGE)
    for alias in others:
        yield v.ALT_LABEL, Literal(alias, language=LANGUAGE)


def _link_properties(a: str, b: str, attributes: Mapping[str, Any], base: str) -> Iterator[Property]:
    yield v.TYPE, v.CO_OCCURRENCE
    yield v.MEMBER, iri(base, a)
    if b != a:
        yield v.MEMBER, iri(base, b)
    yield from _columns(attributes, LINK_COLUMNS)


def _participant(a: str, b: str, attributes: Mapping[str, Any]) -> str | None:
    """Return the one of the two who takes part in the other, if the link says so."""
    for event, other in ((a, b), (b, a)):
        if event.startswith("event/") and _takes_part(other, attributes):
            return other
    return None


def _role_properties(participant: str, attributes: Mapping[str, Any], base: str) -> Iterator[Property]:
    yield v.VALUE, iri(base, participant)
    yield v.ROLE_TYPE, ROLES.get(attributes.get("role") or "", v.PARTICIPANT_ROLE)


def _evidence_properties(evidence: Iterable[Evidence], base: str, article: str | None = None) -> Iterator[Property]:
    """Yield the quotes that show a link; with `article` those alone that are in it."""
    best = best_evidence(evidence)
    if best and article in (None, best.article):
        yield v.BEST_EVIDENCE, iri(base, v.quote_id(best.article, best.start, best.end))
    for quote in sorted({(e.article, e.start, e.end) for e in evidence if article in (None, e.article)}):
        yield v.EVIDENCE, iri(base, v.quote_id(*quote))


def _article_properties(article: Mapping[str, Any], base: str) -> Iterator[Property]:
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
    if original := article.get("copy_of"):
        yield v.COPY_OF, iri(base, v.article_id(original))
    for node in sorted(set(article.get("mentions", ()))):
        yield v.MENTIONS, iri(base, node)


def _article(listing: Listing, article: str, attributes: Mapping[str, Any], base: str) -> Iterator[Triple]:
    """Yield the article, then the quotes in it that show links, each once and by place, then the mentions likewise."""
    yield from _about(iri(base, v.article_id(article)), _article_properties(attributes, base))
    texts: dict[Passage, str] = {}
    mentions: dict[Passage, set[tuple[str, str, Passage]]] = defaultdict(set)
    shown = (e for _, _, link in listing.proofs(article) for e in link.get("evidence", ()) if e.article == article)
    for e in shown:
        quote = article, e.start, e.end
        texts.setdefault(quote, e.text)
        for node, start, end, text in e.mentions:
            mentions[article, start, end].add((node, text, quote))
    for quote in sorted(texts):
        yield from _about(iri(base, v.quote_id(*quote)), _quote_properties(quote, texts[quote], base))
    for mention in sorted(mentions):
        yield from _about(iri(base, v.mention_id(*mention)), _mention_properties(mention, mentions[mention], base))


def _shown(listing: Listing, article: str, base: str) -> Iterator[Triple]:
    """Yield which quotes of an article show which links."""
    for a, b, link in listing.proofs(article):
        quotes = _evidence_properties(link.get("evidence", ()), base, article)
        yield from _about(iri(base, v.link_id(a, b)), quotes)


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


def _columns(attributes: Mapping[str, Any], columns: dict[str, Column]) -> Iterator[Property]:
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


def probability(value: float) -> Literal:
    """Return `value` to twelve places: what is less likely is 0.

    >>> probability(0.5).text, probability(3e-7).text, probability(3e-120).text
    ('0.5', '0.0000003', '0')
    """
    return Literal(f"{value:.12f}".rstrip("0").rstrip("."), v.DECIMAL)


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


def event_days(text: str | None) -> tuple[Literal, Literal] | None:
    """Return the first and the last day, month or year of an event's `date`; None if it is in no such form.

    >>> [day.text for day in event_days("2025-02/2025-03-14")], event_days("in spring")
    (['2025-02', '2025-03-14'], None)
    """
    first, _, last = (text or "").partition("/")
    days = [_day(part) for part in (first, last or first)]
    return (days[0], days[1]) if days[0] and days[1] else None


def _day(text: str) -> Literal | None:
    for form, datatype in (("%Y-%m-%d", v.DATE), ("%Y-%m", v.YEAR_MONTH), ("%Y", v.YEAR)):
        with suppress(ValueError):
            if datetime.strptime(text, form).strftime(form) == text:
                return Literal(text, datatype)
    return None


def _is_xsd_offset(offset: timedelta) -> bool:
    return abs(offset) <= timedelta(hours=14) and not offset % timedelta(minutes=1)


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
