"""What RDF says of the graph itself: what it was made of and how (PROV), and what is in it (VoID, DCAT)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kg import vocabulary as v
from kg.formats.listing import Listing
from kg.formats.terms import T, Terms, in_english, integer

Properties = list[tuple[str, T]]
Description = tuple[str, Properties[T]]

CLASS_OF_KIND = {"person": v.PERSON, "country": v.COUNTRY, "event": v.EVENT}
PARTS = (*CLASS_OF_KIND.items(), ("link", v.CO_OCCURRENCE), ("article", v.ARTICLE))

DESCRIPTION = (
    "Who and what news articles name, linked where they occur together, with how often, what that means, and the "
    "sentences that show it."
)


def about_graph(listing: Listing, terms: Terms[T], *, full: bool) -> Description[T]:
    """Return what is said of the graph as a whole."""
    facts = listing.facts
    about: Properties[T] = [(v.TYPE, terms.address(v.DATASET))]
    if full:
        about += [(v.TYPE, terms.address(kind)) for kind in (v.VOID_DATASET, v.DCAT_DATASET)]
        about.append((v.TITLE, terms.value(in_english, "People, countries and events in news articles")))
        about.append((v.DESCRIPTION, terms.value(in_english, DESCRIPTION)))
        about.append((v.URI_SPACE, terms.string(terms.base)))
        vocabularies = (v.PREFIXES[prefix] for prefix in ("kg", "schema", "skos", "sem", "oa", "prov"))
        about += [(v.USES_VOCABULARY, terms.address(vocabulary)) for vocabulary in vocabularies]
        about.append((v.GENERATED_BY, terms.id("run")))
        about += [(v.CLASS_PARTITION, terms.id(f"part/{name}")) for name, _ in PARTS]
    for name, predicate in (("version", v.VERSION), ("window", v.WINDOW)):
        if value := facts.get(name):
            about.append((predicate, terms.string(value)))
    articles = facts.get("article_count", len(facts.get("articles", ())))
    about.append((v.ARTICLE_COUNT, terms.value(integer, articles)))
    if (sentences := facts.get("sentences")) is not None:
        about.append((v.SENTENCE_COUNT, terms.value(integer, sentences)))
    return terms.id("graph"), about


def about_run(facts: Mapping[str, Any], terms: Terms[T]) -> Iterator[Description[T]]:
    """Yield what made the graph: the run, the program, the model, and the files that were read, with their digests."""
    record = facts.get("run") or {}
    files = {file: (terms.id(f"input/{file}"), digest) for file, digest in sorted(record.get("inputs", {}).items())}
    settings = sorted(f"{name}={value}" for name, value in record.get("settings", {}).items())
    model, version = record.get("model"), facts.get("version")
    run: Properties[T] = [(v.TYPE, terms.address(v.ACTIVITY)), (v.ASSOCIATED_WITH, terms.id("software"))]
    run += [(v.SETTING, terms.string(setting)) for setting in settings]
    run += [(v.USED, terms.id("model"))] if model else []
    run += [(v.USED, file) for file, _ in files.values()]
    yield terms.id("run"), run
    software: Properties[T] = [(v.TYPE, terms.address(v.SOFTWARE_AGENT)), (v.NAME, terms.string("kg"))]
    software += [(v.SOFTWARE_VERSION, terms.string(version))] if version else []
    yield terms.id("software"), software
    if model:
        yield terms.id("model"), _entity(model, record.get("model_digest"), terms)
    for name, (file, digest) in files.items():
        yield file, _entity(name, digest, terms)


def _entity(name: str, digest: str | None, terms: Terms[T]) -> Properties[T]:
    about: Properties[T] = [(v.TYPE, terms.address(v.ENTITY)), (v.NAME, terms.string(name))]
    return about + ([(v.SHA256, terms.string(digest))] if digest else [])


def about_parts(listing: Listing, terms: Terms[T]) -> Iterator[Description[T]]:
    """Yield how many of each class there are."""
    counts = Counter(attributes.get("kind") for _, attributes in listing.nodes())
    counts["link"] = sum(1 for _ in listing.outlines())
    counts["article"] = len(listing.facts.get("articles", ()))
    for name, cls in PARTS:
        number = terms.value(integer, counts[name])
        yield terms.id(f"part/{name}"), [(v.OF_CLASS, terms.address(cls)), (v.ENTITIES, number)]
