"""Ids become IRIs that every parser takes, and none is shared."""

import pyoxigraph
import pytest
import rdflib
from golden.graph import small_graph
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import OWL, RDF, RDFS

from kg import vocabulary as v
from kg.errors import InvalidBase
from kg.formats.rdf import triples
from kg.vocabulary import BASE, check_base, iri, link_id, mention_id, ontology, quote_id, web_address

TEXT = st.text(st.characters())
KG = v.PREFIXES["kg"]
ROLE_TYPE = rdflib.URIRef(f"{v.PREFIXES['sem']}RoleType")


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("country/UA", "country/UA"),
        ("person/søren-kierkegaard", "person/søren-kierkegaard"),
        ("person/毛泽东", "person/毛泽东"),
        ("article/a b", "article/a%20b"),
        ("article/a%20b", "article/a%2520b"),
        ('article/"<{|}>"\\^`', "article/%22%3C%7B%7C%7D%3E%22%5C%5E%60"),
        ("article/x?y#z", "article/x%3Fy%23z"),
        ("article/\n\x00\u2028\u1680", "article/%0A%00%E2%80%A8%E1%9A%80"),
        ("article/\ud83d", "article/%ED%A0%BD"),
        ("article/../.", "article/%2E%2E/%2E"),
        ("article/a.b...", "article/a.b..."),
        ("article/", "article/"),
    ],
)
def test_an_id_becomes_an_iri(id, expected):
    assert iri(BASE, id) == BASE + expected


@given(TEXT)
def test_any_id_becomes_an_iri_that_both_libraries_take(id):
    for base in (BASE, "urn:news:kg#"):
        made = iri(base, f"article/{id}")
        assert pyoxigraph.NamedNode(made).value == made
        assert rdflib.URIRef(made).n3() == f"<{made}>"


def test_every_character_is_kept_or_encoded_so_that_both_libraries_take_it():
    for start in range(0, 0x110000, 0x1000):
        made = iri(BASE, "".join(map(chr, range(start, start + 0x1000))))
        assert pyoxigraph.NamedNode(made).value == made
        assert rdflib.URIRef(made).n3() == f"<{made}>"


@given(TEXT, TEXT)
def test_two_ids_never_share_an_iri(a, b):
    assert (iri(BASE, a) == iri(BASE, b)) == (a == b)


@given(st.lists(st.sampled_from("/.%2Ea "), max_size=6), st.lists(st.sampled_from("/.%2Ea "), max_size=6))
def test_nor_do_ids_that_look_encoded(a, b):
    assert (iri(BASE, "".join(a)) == iri(BASE, "".join(b))) == (a == b)


def test_quotes_and_mentions_of_awkward_articles_stay_apart():
    ids = [quote_id("a", 1, 2), quote_id("a_1-2", 1, 2), quote_id("a", 12, 2), mention_id("a", 1, 2)]
    assert len(set(ids)) == len(ids)


def test_a_link_has_one_id_in_both_directions_and_no_other_pair_has_it():
    assert link_id("a", "b") == link_id("b", "a")
    assert len({link_id("a", "bc"), link_id("ab", "c"), link_id("a b", "c"), link_id("a", "b c")}) == 4


@pytest.mark.parametrize(
    "base", [BASE, "http://localhost:8000/kg/", "https://münchen.example/#", "urn:x:y/", "https://x.org/a%20b/"]
)
def test_a_base_is_taken(base):
    assert check_base(base) == base
    assert pyoxigraph.NamedNode(iri(base, "person/a")).value == f"{base}person/a"


@pytest.mark.parametrize(
    "base",
    [
        *("", "/", "#", "kg/", "//x.org/", "a b:/", "urn:kg:"),
        *("https://", "https:///", "https://x.org", "https://x.org/a", "https://x.org:port/"),
        *("https://x.org/a b/", "https://x.org/<a>/", "https://x.org/%/", "https://x.org/a#b#", "https://x.org/\n"),
    ],
)
def test_a_base_is_refused(base):
    with pytest.raises(InvalidBase, match="give an absolute IRI that ends in / or #"):
        check_base(base)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example.org", "https://news.example.org"),
        ("HTTP://news.example.org:80/a?b=c#d", "HTTP://news.example.org:80/a?b=c#d"),
        ("https://news.example.org/a b/ü/%C3%A9", "https://news.example.org/a%20b/ü/%C3%A9"),
        ("https://news.example.org/50%", "https://news.example.org/50%25"),
        ("https://news.example.org/a#b#c", "https://news.example.org/a#b%23c"),
        ('https://news.example.org/"<x>"[1]', "https://news.example.org/%22%3Cx%3E%22%5B1%5D"),
        ("https://[::1]/", None),
        ("https://exa mple.org/", None),
        ("news.example.org/a", None),
        ("file:///etc/hosts", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_url_is_mended_or_is_none(url, expected):
    assert web_address(url) == expected


@given(TEXT)
def test_any_web_address_is_an_iri(rest):
    address = web_address(f"https://news.example.org/{rest}")
    assert pyoxigraph.NamedNode(address).value == address
    assert rdflib.URIRef(address).n3() == f"<{address}>"


def own_terms(terms):
    return {str(term) for term in terms if str(term).startswith(KG)}


def test_the_ontology_defines_the_terms_that_the_writers_use_and_no_others():
    defined = own_terms(rdflib.Graph().parse(data=ontology()).subjects(RDF.type))
    made = triples(small_graph(), profile="full")
    used = own_terms(term for triple in made for term in triple if isinstance(term, str) and term != KG)
    constants = own_terms(term for term in vars(v).values() if isinstance(term, str) and term != KG)
    assert defined == constants == own_terms(v.TERMS) == used | {v.TARGET_ROLE}


def test_the_shapes_speak_of_terms_that_there_are():
    shapes = rdflib.Graph().parse(data=v.shapes(), format="turtle")
    named = {term for term in own_terms(shapes.all_nodes()) if not term.endswith("Shape")}
    assert named < own_terms(v.TERMS)


def test_each_term_of_the_ontology_is_described():
    described = rdflib.Graph().parse(data=ontology())
    for term in described.subjects(RDF.type, unique=True):
        assert [label.language for label in described.objects(term, RDFS.label)] == ["en"]
        assert [comment.language for comment in described.objects(term, RDFS.comment)] == ["en"]
        if not {OWL.Class, OWL.Ontology, ROLE_TYPE} & set(described.objects(term, RDF.type)):
            assert len(list(described.objects(term, RDFS.range))) == 1


def test_the_ontology_says_the_same_to_both_libraries():
    theirs = {str(t) for t in pyoxigraph.parse(ontology().encode(), format=pyoxigraph.RdfFormat.TURTLE)}
    ours = rdflib.Graph().parse(data=ontology())
    assert len(theirs) == len(ours)
    assert {
        str(t) for t in pyoxigraph.parse(ours.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    } == (theirs)
