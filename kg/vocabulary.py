"""From ids to IRIs, and the classes and properties the triples are made of. Nothing else builds an IRI.

Schema.org comes first, then SKOS, SEM (the Simple Event Model), Dublin Core, Web Annotation, PROV, VoID and DCAT; what
they lack is in our own few terms, `kg:`, which are described in `kg/ontology.ttl`. `kg/shapes.ttl` says in SHACL what
holds of every file.
"""

import re
from hashlib import sha256
from importlib.resources import files

from kg.errors import InvalidBase

# example names under a reserved top-level domain (RFC 2606) are nobody else's
BASE = "https://kg.example/"

PREFIXES = {
    "kg": "https://kg.example/vocabulary#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "prov": "http://www.w3.org/ns/prov#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "wd": "http://www.wikidata.org/entity/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# What stands between the base and an id's own part; each becomes a prefix in Turtle.
SPACES = (*("article", "country", "event", "input", "link", "match", "mention", "outlet", "part", "person", "quote"),)

# What both an IRI (RFC 3987) and a prefixed name in Turtle may hold as it is, less the byte order mark and the ogham
# space, which some readers take for what it looks like. Such a name may begin with a letter, not with a mark.
LETTERS = (
    r"A-Za-z0-9_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u167F\u1681-\u1FFF\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFEF\U00010000-\U0001FFFD\U00020000-\U0002FFFD"
)
MARKS = r"\-\u00B7\u0300-\u036F"
# A segment of one or two dots would be taken for a step in a path.
_ENCODED = re.compile(rf"[^{LETTERS}{MARKS}./]|(?<![^/])\.{{1,2}}(?![^/])")

_PATH = rf"(?:[{LETTERS}{MARKS}./~!$&'()*+,;=:@]|%[0-9A-Fa-f]{{2}})*"
_BASE = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://[{LETTERS}][{LETTERS}.\-]*(?::[0-9]{{1,5}})?/|(?!//)){_PATH}")
_HOST = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.\-]*(?::[0-9]{1,5})?(?=[/?#]|$)", re.IGNORECASE)
_NOT_IN_ADDRESS = re.compile(rf"%(?![0-9A-Fa-f]{{2}})|[^{LETTERS}{MARKS}./~!$&'()*+,;=:@?%]")


def check_base(base: str) -> str:
    """Return `base` if every IRI can begin with it: an absolute IRI that ends in "/" or "#".

    >>> check_base("https://news.example.org/graph")
    Traceback (most recent call last):
    kg.errors.InvalidBase: cannot begin IRIs with 'https://news.example.org/graph'; give an absolute IRI that ends
    in / or #, such as https://kg.example/
    """
    if not base.endswith(("/", "#")) or not _BASE.fullmatch(base.removesuffix("#")):
        raise InvalidBase(f"cannot begin IRIs with {base!r}; give an absolute IRI that ends in / or #, such as {BASE}")
    return base


def iri(base: str, node_id: str) -> str:
    """Return the IRI of an id; two ids never share one. What an IRI may not hold is percent-encoded, and "%" is too.

    >>> iri(BASE, "country/UA"), iri(BASE, "person/søren-kierkegaard"), iri(BASE, "article/100% <new>")
    ('https://kg.example/country/UA', 'https://kg.example/person/søren-kierkegaard',
     'https://kg.example/article/100%25%20%3Cnew%3E')
    """
    return base + _ENCODED.sub(_percent_encode, node_id)


def _percent_encode(match: re.Match[str]) -> str:
    # lone surrogates, which UTF-8 lacks, still get an IRI of their own
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def article_id(article: str) -> str:
    return f"article/{article}"


def outlet_id(name: str) -> str:
    return f"outlet/{name}"


def link_id(a: str, b: str) -> str:
    """Return the id of the link between two nodes, the same whichever comes first.

    >>> link_id("country/UA", "person/wang-yi") == link_id("person/wang-yi", "country/UA")
    True
    """
    return f"link/{link_digest(a, b)}"


def link_digest(a: str, b: str) -> str:
    if b < a:
        a, b = b, a
    return sha256(f"{len(a)} {a}{b}".encode("utf-8", "surrogatepass")).hexdigest()[:20]


def quote_id(article: str, start: int, end: int) -> str:
    return f"quote/{article}_{start}-{end}"


def mention_id(article: str, start: int, end: int) -> str:
    return f"mention/{article}_{start}-{end}"


def match_id(node_id: str, item: str) -> str:
    """Return the id of the guess that a node is a Wikidata item."""
    return f"match/{node_id}_{item}"


def web_address(url: str) -> str | None:
    """Return `url` as an IRI, with what an IRI may not hold percent-encoded; None if it is no http(s) address.

    >>> web_address("https://news.example.org/a b?q=100%&r=%C3%A9"), web_address("see page 4")
    ('https://news.example.org/a%20b?q=100%25&r=%C3%A9', None)
    """
    if not _HOST.match(url):
        return None
    address, hash, fragment = url.partition("#")
    return _NOT_IN_ADDRESS.sub(_percent_encode, address) + hash + _NOT_IN_ADDRESS.sub(_percent_encode, fragment)


def wikidata_iri(item: str) -> str | None:
    """Return the IRI of a Wikidata item such as "Q159"; None if it is no item."""
    return PREFIXES["wd"] + item if re.fullmatch("Q[1-9][0-9]*", item) else None


def prefixes(base: str) -> dict[str, str]:
    """Return the namespaces by prefix: those of the vocabularies, then those of the ids under `base`."""
    return PREFIXES | {space: f"{base}{space}/" for space in SPACES}


def ontology() -> str:
    """Return the description of our own terms, in Turtle."""
    return files("kg").joinpath("ontology.ttl").read_text(encoding="utf-8")


def shapes() -> str:
    """Return what holds of every file, as SHACL shapes in Turtle."""
    return files("kg").joinpath("shapes.ttl").read_text(encoding="utf-8")


# The prefixed name of each term below, in their order.
TERMS: dict[str, str] = {}


def _term(name: str) -> str:
    prefix, local = name.split(":")
    iri = PREFIXES[prefix] + local
    TERMS[iri] = name
    return iri


TYPE = _term("rdf:type")

# Classes
ARTICLE = _term("schema:NewsArticle")
COUNTRY = _term("schema:Country")
DATASET = _term("schema:Dataset")
EVENT = _term("schema:Event")
ORGANIZATION = _term("schema:Organization")
PERSON = _term("schema:Person")
THING = _term("schema:Thing")
ACTOR = _term("sem:Actor")
SEM_EVENT = _term("sem:Event")
SEM_PLACE = _term("sem:Place")
SEM_ROLE = _term("sem:Role")
CO_OCCURRENCE = _term("kg:CoOccurrence")
CANDIDATE = _term("kg:Candidate")
MENTION = _term("kg:Mention")
QUOTE = _term("kg:Quote")
POSITION_SELECTOR = _term("oa:TextPositionSelector")
QUOTE_SELECTOR = _term("oa:TextQuoteSelector")

# Names of things. A name in schema.org is plain text, a SKOS label has a language.
NAME = _term("schema:name")
ALTERNATE_NAME = _term("schema:alternateName")
PREF_LABEL = _term("skos:prefLabel")
ALT_LABEL = _term("skos:altLabel")
EXACT_MATCH = _term("skos:exactMatch")
CLOSE_MATCH = _term("skos:closeMatch")
HAS_CANDIDATE = _term("kg:candidate")
SCORE = _term("kg:score")
IS_REPLACED_BY = _term("dcterms:isReplacedBy")
ISO2 = _term("kg:iso2")
ISO3 = _term("kg:iso3")
M49 = _term("kg:m49")

# Events
EVENT_TYPE = _term("kg:eventType")
NAMED = _term("kg:named")
LOCATION = _term("schema:location")
WHEN = _term("kg:when")
DATE_OF_EVENT = _term("kg:date")
MODALITY = _term("kg:modality")
PLOVER = _term("kg:plover")
PARTICIPANT = _term("kg:participant")
START_DATE = _term("schema:startDate")
END_DATE = _term("schema:endDate")
HAS_ACTOR = _term("sem:hasActor")
HAS_PLACE = _term("sem:hasPlace")
BEGIN_STAMP = _term("sem:hasBeginTimeStamp")
END_STAMP = _term("sem:hasEndTimeStamp")
ROLE_TYPE = _term("sem:roleType")
VALUE = _term("rdf:value")
SOURCE_ROLE = _term("kg:Source")
TARGET_ROLE = _term("kg:Target")
PARTICIPANT_ROLE = _term("kg:Participant")

# Articles
HEADLINE = _term("schema:headline")
DATE_PUBLISHED = _term("schema:datePublished")
URL = _term("schema:url")
PUBLISHER = _term("schema:publisher")
MENTIONS = _term("schema:mentions")
FOUND = _term("kg:found")

# Links and what shows them
CO_OCCURS_WITH = _term("kg:coOccursWith")
MEMBER = _term("kg:member")
RELATION = _term("kg:relation")
ROLE = _term("kg:role")
WEIGHT = _term("kg:weight")
NPMI = _term("kg:npmi")
NPMI_SHRUNK = _term("kg:npmiShrunk")
LOG_LIKELIHOOD_RATIO = _term("kg:logLikelihoodRatio")
P_VALUE = _term("kg:pValue")
EVIDENCE = _term("kg:evidence")
BEST_EVIDENCE = _term("kg:bestEvidence")
REFERS_TO = _term("kg:refersTo")
EXACT = _term("oa:exact")
START = _term("oa:start")
END = _term("oa:end")
IS_PART_OF = _term("dcterms:isPartOf")

# Counts and dates
MENTION_COUNT = _term("kg:mentionCount")
SENTENCE_COUNT = _term("kg:sentenceCount")
PARAGRAPH_COUNT = _term("kg:paragraphCount")
ARTICLE_COUNT = _term("kg:articleCount")
OUTLET_COUNT = _term("kg:outletCount")
COPY_COUNT = _term("kg:copyCount")
COPY_OF = _term("kg:copyOf")
FIRST_SEEN = _term("kg:firstSeen")
LAST_SEEN = _term("kg:lastSeen")

# How the graph was made
VERSION = _term("kg:version")
WINDOW = _term("kg:window")

ACTIVITY = _term("prov:Activity")
ENTITY = _term("prov:Entity")
SOFTWARE_AGENT = _term("prov:SoftwareAgent")
GENERATED_BY = _term("prov:wasGeneratedBy")
ASSOCIATED_WITH = _term("prov:wasAssociatedWith")
USED = _term("prov:used")
SOFTWARE_VERSION = _term("schema:softwareVersion")
SHA256 = _term("schema:sha256")
SETTING = _term("kg:setting")

# What is in the graph, for catalogues and query planners
VOID_DATASET = _term("void:Dataset")
DCAT_DATASET = _term("dcat:Dataset")
TITLE = _term("dcterms:title")
DESCRIPTION = _term("dcterms:description")
URI_SPACE = _term("void:uriSpace")
USES_VOCABULARY = _term("void:vocabulary")
CLASS_PARTITION = _term("void:classPartition")
OF_CLASS = _term("void:class")
ENTITIES = _term("void:entities")

# Datatypes
STRING = _term("xsd:string")
INTEGER = _term("xsd:integer")
DECIMAL = _term("xsd:decimal")
BOOLEAN = _term("xsd:boolean")
DATE = _term("xsd:date")
YEAR_MONTH = _term("xsd:gYearMonth")
YEAR = _term("xsd:gYear")
DATE_TIME = _term("xsd:dateTime")

# The properties that lead to something with an IRI of its own, or mostly do.
TO_THINGS = (
    *(EXACT_MATCH, CLOSE_MATCH, HAS_CANDIDATE, IS_REPLACED_BY, CO_OCCURS_WITH, MEMBER, PARTICIPANT, EVIDENCE),
    *(BEST_EVIDENCE, REFERS_TO, IS_PART_OF, MENTIONS, PUBLISHER, URL, HAS_ACTOR, HAS_PLACE, ROLE_TYPE, VALUE),
    *(GENERATED_BY, ASSOCIATED_WITH, USED, USES_VOCABULARY, CLASS_PARTITION, OF_CLASS),
)
