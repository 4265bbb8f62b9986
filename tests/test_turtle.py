"""RDF that two libraries read alike in every syntax, and that says what the graph says."""

import io
import json
import logging
from itertools import pairwise

import networkx as nx
import pyoxigraph
import pytest
import rdflib
from golden.graph import ODD_ID, TALKS, small_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.formats.jsonld import write_jsonld
from kg.formats.listing import listed
from kg.formats.ntriples import write_nquads, write_ntriples
from kg.formats.rdf import to_rdflib, triples
from kg.formats.settings import Settings
from kg.formats.terms import Literal, decimal, moment
from kg.formats.text import clean
from kg.formats.turtle import write_trig, write_turtle
from kg.graph import Evidence
from kg.vocabulary import BASE, DATE, DATE_TIME, PREFIXES, STRING, iri, prefixes

TEXT = st.text(st.characters(), max_size=20)
XSD = "http://www.w3.org/2001/XMLSchema#"


# The writer of each syntax, the name that rdflib has for it, and pyoxigraph's.
SYNTAXES = {
    "ttl": (write_turtle, "turtle", pyoxigraph.RdfFormat.TURTLE),
    "nt": (write_ntriples, "nt", pyoxigraph.RdfFormat.N_TRIPLES),
    "jsonld": (write_jsonld, "json-ld", pyoxigraph.RdfFormat.JSON_LD),
}
QUADS = {
    "nq": (write_nquads, "nquads", pyoxigraph.RdfFormat.N_QUADS),
    "trig": (write_trig, "trig", pyoxigraph.RdfFormat.TRIG),
}
PROFILES = ("core", "evidence", "full")


def written_by(writer, graph, base=BASE, profile="evidence"):
    out = io.BytesIO()
    writer(listed(graph), out, Settings(base, profile))
    return out.getvalue()


def turtle(graph, base=BASE):
    return written_by(write_turtle, graph, base)


def ours(graph, base=BASE, profile="evidence"):
    return [(s, p, o if isinstance(o, str) else tuple(o)) for s, p, o in triples(graph, base, profile)]


def read_by_pyoxigraph(written, format=pyoxigraph.RdfFormat.TURTLE):
    def term(o):
        return (o.value, o.datatype.value, o.language or "") if isinstance(o, pyoxigraph.Literal) else o.value

    read = pyoxigraph.parse(written, format=format)
    return {(t.subject.value, t.predicate.value, term(t.object)) for t in read}


def of_rdflib(graph):
    def term(o):
        if isinstance(o, rdflib.Literal):
            return (str(o), str(o.datatype or STRING), o.language or "")
        return str(o)

    return {(str(s), str(p), term(o)) for s, p, o in graph}


def with_language(triple):
    """pyoxigraph and rdflib know the datatype of a literal with a language by other names than we do."""
    s, p, o = triple
    return (s, p, (o[0], "", o[2]) if isinstance(o, tuple) and o[2] else o)


def same(*readings):
    return [{with_language(triple) for triple in reading} for reading in readings]


@pytest.mark.parametrize("base", [BASE, "http://localhost:8000/news#", "urn:kg:x/"])
def test_both_libraries_read_the_triples_that_were_written(base, caplog):
    graph = small_graph()
    written = turtle(graph, base)
    with caplog.at_level(logging.DEBUG):
        by_rdflib = rdflib.Graph().parse(data=written, format="turtle")
        by_rdflib.serialize(format="nt")
        to_rdflib(graph, base).serialize(format="turtle")
    mine, rdf, direct, oxi = same(
        ours(graph, base), of_rdflib(by_rdflib), of_rdflib(to_rdflib(graph, base)), read_by_pyoxigraph(written)
    )
    assert mine == rdf == direct == oxi
    assert caplog.records == []


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("base", [BASE, "http://localhost:8000/news#", "urn:kg:x/"])
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_syntax_holds_the_same_triples(syntax, base, profile):
    writer, name, format = SYNTAXES[syntax]
    written = written_by(writer, small_graph(), base, profile)
    mine, rdf, oxi = same(
        ours(small_graph(), base, profile),
        of_rdflib(rdflib.Graph().parse(data=written, format=name)),
        read_by_pyoxigraph(written, format),
    )
    assert mine == rdf == oxi


@pytest.mark.parametrize("syntax", QUADS)
def test_the_named_graphs_hold_the_same_triples_and_no_other(syntax):
    writer, name, format = QUADS[syntax]
    written = written_by(writer, small_graph(), profile="full")
    quads = list(pyoxigraph.parse(written, format=format))
    assert len(set(map(str, quads))) == len(quads)
    assert {str(quad.triple) for quad in quads} == {
        str(quad.triple)
        for quad in pyoxigraph.parse(
            written_by(write_ntriples, small_graph(), profile="full"), format=pyoxigraph.RdfFormat.N_TRIPLES
        )
    }
    by_rdflib = rdflib.Dataset()
    by_rdflib.parse(data=written, format=name)
    assert len(list(by_rdflib.quads())) == len(quads)
    names = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, pyoxigraph.NamedNode)}
    assert names == {iri(BASE, f"article/{article}") for article in small_graph().graph["articles"]}


def test_without_its_graph_an_article_has_left_no_quote_behind():
    store = pyoxigraph.Store()
    store.load(written_by(write_trig, small_graph()), format=pyoxigraph.RdfFormat.TRIG)
    store.update(f"DROP GRAPH <{BASE}article/plain-1>")
    assert "plain-1" not in store.dump(format=pyoxigraph.RdfFormat.N_QUADS).decode()
    assert len(list(store.quads_for_pattern(None, None, pyoxigraph.NamedNode(f"{PREFIXES['kg']}CoOccurrence")))) == 3


def test_each_profile_holds_what_the_smaller_one_does():
    core, evidence, full = (set(ours(small_graph(), profile=profile)) for profile in PROFILES)
    assert core < evidence < full


def test_json_ld_reads_like_json():
    rows = json.loads(written_by(write_jsonld, small_graph()))["@graph"]
    ukraine = next(row for row in rows if row["@id"] == "country:UA")
    assert {name: ukraine[name] for name in ("@type", "name", "prefLabel", "mentionCount", "firstSeen")} == {
        "@type": "Country",
        "name": "Ukraine",
        "prefLabel": "Ukraine",
        "mentionCount": 12,
        "firstSeen": "2022-01-29",
    }
    assert ukraine["coOccursWith"] == "person:anna-o%E2%80%99neil"


@pytest.mark.parametrize("profile", PROFILES)
def test_no_triple_comes_twice_and_all_of_a_subject_come_together(profile):
    made = ours(small_graph(), profile=profile)
    assert len(set(made)) == len(made)
    for position in (1, 2):  # the subjects; the predicates of each subject
        runs = [made[0][:position]]
        runs += [there[:position] for here, there in pairwise(made) if here[:position] != there[:position]]
        assert len(set(runs)) == len(runs)


@given(label=TEXT, alias=TEXT, name=TEXT, article=TEXT, quote=TEXT, fact=TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(label, alias, name, article, quote, fact):
    a, b = f"person/{name}", f"event/{name}"
    graph = nx.Graph(window=fact, version=fact, sentences=1)
    facts = {"title": fact, "url": fact, "source": fact, "published": fact, "found": [fact], "mentions": [a, b]}
    graph.graph["articles"] = {article: facts}
    graph.add_node(a, kind="person", label=label, aliases=sorted({alias, quote}))
    graph.add_node(b, kind="event", label=alias, aliases=[label], place=fact, when=fact, type=fact, wikidata=fact)
    evidence = Evidence(article, 0, 9, quote, ((a, 0, 1, label), (b, 1, 2, alias)))
    graph.add_edge(a, b, relation="participant", evidence=[evidence])
    for writer, name, format in SYNTAXES.values():
        written = written_by(writer, graph)
        mine, rdf, oxi = same(
            ours(graph),
            of_rdflib(rdflib.Graph().parse(data=written, format=name)),
            read_by_pyoxigraph(written, format),
        )
        assert mine == rdf == oxi
    assert (iri(BASE, a), "https://schema.org/name", (clean(label), STRING, "")) in oxi


def ask(query, profile="evidence"):
    """Return the rows that a SPARQL query finds in the small graph, as text; both libraries must agree on them."""
    written = written_by(write_turtle, small_graph(), profile=profile)
    query = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes(BASE).items()) + query
    by_rdflib = rdflib.Graph().parse(data=written, format="turtle").query(query)
    store = pyoxigraph.Store()
    store.load(written, format=pyoxigraph.RdfFormat.TURTLE)
    rows = [[cell.value for cell in row] for row in store.query(query)]
    assert [[str(cell) for cell in row] for row in by_rdflib] == rows
    return rows


def test_neighbours_are_one_step_away_in_either_direction():
    query = "SELECT ?name { country:UA kg:coOccursWith/schema:name ?name }"
    assert ask(query) == [['Anna "Bo" O’Neil <jr>']]
    query = "SELECT ?name { ?other schema:name 'peace talks' ; kg:coOccursWith/schema:name ?name }"
    assert ask(query) == [['Anna "Bo" O’Neil <jr>']]


def test_a_link_leads_to_its_weight_and_best_quote():
    query = """SELECT ?other ?weight ?quote ?article {
        ?link kg:member country:UA, ?other ; kg:weight ?weight ; kg:bestEvidence ?evidence .
        ?evidence oa:exact ?quote ; dcterms:isPartOf ?article . FILTER(?other != country:UA) }"""
    assert ask(query) == [[f"{BASE}person/anna-o%E2%80%99neil", "1.5", clean(TALKS), f"{BASE}article/plain-1"]]


def test_a_quote_leads_to_the_two_mentions_in_it():
    query = """SELECT DISTINCT ?text ?start ?end ?who {
        ?link kg:member country:UA ; kg:bestEvidence ?quote ; kg:member ?who .
        ?mention dcterms:isPartOf ?quote ; kg:refersTo ?who ; oa:exact ?text ; oa:start ?start ; oa:end ?end
        } ORDER BY ?start"""
    assert ask(query) == [
        ['Anna "Bo" O’Neil', "0", "16", f"{BASE}person/anna-o%E2%80%99neil"],
        ["Ukraine", "24", "31", f"{BASE}country/UA"],
    ]


def test_links_are_ranked_alike_with_the_same_numbers():
    query = "SELECT ?weight ?npmi { ?link kg:weight ?weight ; kg:npmi ?npmi } ORDER BY DESC(?weight)"
    assert ask(query) == [["1.5", "0.333333"], ["1", "-1"], ["0.25", "0"]]


def test_an_event_leads_to_its_participants_but_they_do_not_lead_back():
    query = "SELECT ?event ?who { ?event kg:participant ?who } ORDER BY ?event"
    assert ask(query) == [
        [f"{BASE}event/peace-talks", f"{BASE}person/anna-o%E2%80%99neil"],
        [f"{BASE}event/visit-1.", f"{BASE}person/владимир"],
    ]


def test_an_article_is_described_as_far_as_it_is_known():
    query = f"SELECT ?p ?o {{ <{iri(BASE, f'article/{ODD_ID}')}> ?p ?o }} ORDER BY ?p ?o"
    assert [row[1] for row in ask(query)] == [
        "https://schema.org/NewsArticle",
        "last week",
        f"{BASE}country/UA",
        f"{BASE}event/visit-1.",
        f"{BASE}person/владимир",
        "see page 4",
    ]


def test_who_a_node_may_be_is_told_with_a_score():
    query = """SELECT ?item ?score { ?who skos:closeMatch ?item ; kg:candidate ?c .
        ?c skos:closeMatch ?item ; kg:score ?score } ORDER BY ?score"""
    assert ask(query) == [[f"{PREFIXES['wd']}Q9", "0.333333"], [f"{PREFIXES['wd']}Q11", "0.75"]]
    assert ask("SELECT ?item { ?who skos:exactMatch ?item }") == [[f"{PREFIXES['wd']}Q212"]]


def test_an_old_iri_leads_on():
    query = "SELECT ?name { person:anna dcterms:isReplacedBy/schema:name ?name }"
    assert ask(query) == [['Anna "Bo" O’Neil <jr>']]


def test_the_full_profile_tells_who_played_which_role_where_and_when():
    query = """SELECT ?who ?role ?place ?begin { ?event a sem:Event ; sem:hasActor ?r ; sem:hasPlace ?place ;
        sem:hasBeginTimeStamp ?begin ; schema:endDate ?begin . ?r a sem:Role ; rdf:value ?who ; sem:roleType ?role }"""
    who = f"{BASE}person/anna-o%E2%80%99neil"
    assert ask(query, "full") == [[who, f"{PREFIXES['kg']}Source", f"{BASE}country/DE", "2025-02-14"]]


def test_the_full_profile_tells_what_made_the_graph_and_of_what():
    query = """SELECT ?name ?digest { ?set a dcat:Dataset ; prov:wasGeneratedBy/prov:used ?used .
        ?used schema:name ?name . OPTIONAL { ?used schema:sha256 ?digest } FILTER(BOUND(?digest)) } ORDER BY ?name"""
    assert ask(query, "full") == [["best", "0" * 64], ["news/first.txt", "1" * 64]]
    query = "SELECT ?v { ?set prov:wasGeneratedBy/prov:wasAssociatedWith/schema:softwareVersion ?v }"
    assert ask(query, "full") == [["0.1.0"]]


def test_the_full_profile_counts_what_is_in_it():
    query = "SELECT ?class ?n { ?set void:classPartition ?p . ?p void:class ?class ; void:entities ?n } ORDER BY ?class"
    counted = dict(ask(query, "full"))
    by_class = "SELECT ?class (STR(COUNT(?x)) AS ?n) { ?x a ?class } GROUP BY ?class ORDER BY ?class"
    found = {cls: n for cls, n in ask(by_class, "full") if cls in counted}
    assert counted == found
    assert len(counted) == 5


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("2022-01-29", Literal("2022-01-29", DATE)),
        ("20220129", Literal("2022-01-29", DATE)),
        ("2022-01-29T10:00:00", Literal("2022-01-29T10:00:00", DATE_TIME)),
        ("2022-01-29 10:00Z", Literal("2022-01-29T10:00:00+00:00", DATE_TIME)),
        ("2022-01-29T10:00:00+05:30", Literal("2022-01-29T10:00:00+05:30", DATE_TIME)),
        ("2022-01-29T10:00:00+15:00", Literal("2022-01-29T10:00:00+15:00")),
        ("2022-02-30", Literal("2022-02-30")),
        ("Friday", Literal("Friday")),
    ],
)
def test_a_date_has_a_datatype_only_if_it_is_one(text, literal):
    assert moment(text) == literal


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1"), (0.5, "0.5"), (1 / 3, "0.333333"), (-0.0, "0"), (-1e-9, "0"), (100, "100"), (-20.0, "-20")],
)
def test_numbers_are_decimals_of_six_places(number, text):
    assert decimal(number) == Literal(text, f"{XSD}decimal")


def test_a_reader_sees_prefixed_names_and_a_paragraph_a_subject():
    graph = nx.Graph()
    graph.add_node("country/UA", kind="country", label="Ukraine", iso="UA")
    graph.add_node("person/a-b", kind="person", label="A B")
    graph.add_edge("country/UA", "person/a-b", weight=2)
    _, _, ukraine, person, _ = turtle(graph).decode().split("\n\n")
    assert ukraine == (
        "country:UA a schema:Country ;\n"
        '    schema:name "Ukraine" ;\n'
        '    skos:prefLabel "Ukraine"@en ;\n'
        '    kg:iso2 "UA" ;\n'
        "    kg:coOccursWith person:a-b ."
    )
    assert person.startswith("person:a-b a schema:Person ;\n")
