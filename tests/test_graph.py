from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Evidence, Window, best_evidence, count_records
from kg.model import Article, Entity, Kind, Mention, Record

TEXT = "Ann Lee met Bo in Peru. Bo left.\nAnn Lee stayed.\nPeru won."
SENTENCES = ((0, 23), (24, 32), (33, 48), (49, 58))
PARAGRAPHS = (0, 2, 3)


def mentions(text: str, surface: str, **more) -> tuple[Mention, ...]:
    starts = [i for i in range(len(text)) if text.startswith(surface, i)]
    return tuple(Mention(i, i + len(surface), surface, **more) for i in starts)


def person(label: str, *surfaces: str, text: str = TEXT) -> Entity:
    found = sorted(m for surface in surfaces or (label,) for m in mentions(text, surface))
    return Entity(f"person/{label.lower().replace(' ', '-')}", Kind.PERSON, label, tuple(found))


def peru(within_name: bool = False, text: str = TEXT) -> Entity:
    found = mentions(text, "Peru", form="name", within_name=within_name)
    return Entity("country/PE", Kind.COUNTRY, "Peru", found, iso="PE")


def meeting(*participants: str) -> Entity:
    found = mentions(TEXT, "met")
    told = {
        "type": "meeting",
        "named": False,
        "modality": "planned",
        "plover": ("CONSULT", "visit", "verbal cooperation"),
    }
    roles = tuple((id_, "source") for id_ in participants[:1])
    return Entity("event/met-1", Kind.EVENT, "meeting", found, participants=participants, roles=roles, **told)


def record(*entities: Entity, id: str = "a", published: str | None = None) -> Record:
    return Record(Article(id, TEXT, published=published), entities, SENTENCES, PARAGRAPHS)


def graph_of(*records: Record, window: Window = Window.SENTENCE, **options):
    return count_records(records, window, **options)


ANN, BO = person("Ann Lee"), person("Bo")


def test_an_event_has_names_for_aliases_and_no_common_nouns():
    text = "The Peru Crisis of 2024 began. The crisis, or Lima Crisis, went on."
    told = mentions(text, "Peru Crisis of 2024") + mentions(text, "crisis") + mentions(text, "Lima Crisis")
    crisis = Entity("event/peru-crisis", Kind.EVENT, "Peru Crisis of 2024", told, type="conflict", named=True)
    graph = graph_of(record(crisis, id="c"))
    assert graph.nodes["event/peru-crisis"]["aliases"] == ["Lima Crisis"]


def test_two_entities_in_one_sentence_are_linked_with_the_sentence_as_proof():
    graph = graph_of(record(ANN, BO, published="2025-02-15"))
    assert dict(graph.edges) == {
        ("person/ann-lee", "person/bo"): {
            "relation": "co-occurrence",
            "role": None,
            "sentences": 1,
            "paragraphs": 0,
            "articles": 1,
            "outlets": 0,
            "copies": 0,
            "weight": 1.0,
            "npmi": 0.0,
            "npmi_shrunk": 0.0,
            "llr": 0.0,
            "p": 0.6,
            "evidence": [
                Evidence("a", 0, 23, TEXT[:23], (("person/ann-lee", 0, 7, "Ann Lee"), ("person/bo", 12, 14, "Bo")))
            ],
            "first_seen": "2025-02-15",
            "last_seen": "2025-02-15",
            "days": {"2025-02-15": 1},
        }
    }


def test_a_node_knows_its_names_counts_and_facts():
    graph = graph_of(record(person("Ann Lee", "Ann Lee", "Bo"), peru(), meeting("country/PE")))
    unseen = {"outlets": 0, "copies": 0, "first_seen": None, "last_seen": None, "days": {}}
    assert dict(graph.nodes) == {
        "person/ann-lee": {"kind": "person", "label": "Ann Lee", "aliases": ["Bo"], "mentions": 4, "articles": 1}
        | unseen,
        "country/PE": {"kind": "country", "label": "Peru", "aliases": [], "mentions": 2, "articles": 1}
        | {"iso": "PE", "iso3": "PER", "numeric": "604", "wikidata": "Q419"}
        | unseen,
        "event/met-1": {"kind": "event", "label": "meeting", "aliases": [], "mentions": 1, "articles": 1}
        | {"type": "meeting", "named": False, "place": None, "place_country": None, "when": None}
        | {"date": None, "modality": "planned", "plover": "CONSULT"}
        | unseen,
    }


# A and B share a sentence, C their paragraph, D their article.
NEAR = "A met B. C came.\nD left."
WEIGHTS = {
    Window.SENTENCE: {("A", "B"): 1.0},
    Window.PARAGRAPH: {("A", "B"): 1.0, ("A", "C"): 0.5, ("B", "C"): 0.5},
    Window.ARTICLE: {("A", "B"): 1.0, ("A", "C"): 0.5, ("B", "C"): 0.5}
    | {("A", "D"): 0.25, ("B", "D"): 0.25, ("C", "D"): 0.25},
}


@pytest.mark.parametrize("window", Window)
def test_the_window_says_how_near_a_pair_must_be(window):
    entities = tuple(Entity(name, Kind.PERSON, name, mentions(NEAR, name)) for name in "ABCD")
    near = Record(Article("x", NEAR), entities, ((0, 8), (9, 16), (17, 24)), (0, 2))
    graph = graph_of(near, window=window)
    assert {(a, b): weight for a, b, weight in graph.edges(data="weight")} == WEIGHTS[window]


def test_the_proof_of_a_wider_window_is_the_stretch_between_or_a_sentence_each():
    entities = tuple(Entity(name, Kind.PERSON, name, mentions(NEAR, name)) for name in "ACD")
    near = Record(Article("x", NEAR), entities, ((0, 8), (9, 16), (17, 24)), (0, 2))
    graph = graph_of(near, window=Window.ARTICLE)
    assert graph.edges["A", "C"]["evidence"] == [Evidence("x", 0, 16, NEAR[:16], (("A", 0, 1, "A"), ("C", 9, 10, "C")))]
    assert graph.edges["C", "D"]["evidence"] == [
        Evidence("x", 9, 16, "C came.", (("C", 9, 10, "C"),)),
        Evidence("x", 17, 24, "D left.", (("D", 17, 18, "D"),)),
    ]


def test_participants_are_linked_to_their_event_even_from_afar():
    graph = graph_of(record(BO, peru(), meeting("person/bo", "country/PE")))
    assert {(a, b): (link["relation"], link["role"]) for a, b, link in graph.edges(data=True)} == {
        ("country/PE", "event/met-1"): ("participant", "participant"),
        ("event/met-1", "person/bo"): ("participant", "source"),
        ("country/PE", "person/bo"): ("co-occurrence", None),
    }
    text = "A met. C came."
    afar = Record(
        Article("x", text),
        (
            Entity("e", Kind.EVENT, "e", mentions(text, "met"), named=False, participants=("c",)),
            Entity("c", Kind.PERSON, "C", mentions(text, "C")),
        ),
        ((0, 6), (7, 14)),
        (0,),
    )
    link = graph_of(afar).edges["c", "e"]
    assert (link["relation"], link["sentences"], link["weight"], link["npmi"]) == ("participant", 0, 0.5, -1.0)


def test_a_country_only_within_names_is_left_out_until_it_is_mentioned_on_its_own():
    within = record(ANN, peru(within_name=True), id="a")
    assert sorted(graph_of(within)) == ["person/ann-lee"]
    assert sorted(graph_of(within, countries_in_names=True)) == ["country/PE", "person/ann-lee"]
    assert sorted(graph_of(within, record(peru(), id="b"))) == ["country/PE", "person/ann-lee"]


def test_the_graph_says_what_it_was_built_from():
    graph = graph_of(record(ANN, BO, published="2025-02-15"))
    assert graph.graph["window"] == "sentence"
    assert graph.graph["sentences"] == 4
    assert graph.graph["articles"] == {
        "a": {"title": None, "published": "2025-02-15", "url": None, "source": None, "found": [], "copy_of": None}
        | {"mentions": ["person/ann-lee", "person/bo"]}
    }


def contents(graph):
    return graph.graph, list(graph.nodes(data=True)), list(graph.edges(data=True))


def test_the_order_of_the_articles_leaves_no_trace():
    records = [
        record(ANN, BO, id="a"),
        record(BO, peru(), id="b"),
        record(peru(), ANN, meeting("person/ann-lee"), id="c"),
    ]
    expected = contents(graph_of(*records))
    assert all(contents(graph_of(*order)) == expected for order in permutations(records))


ENTITIES = [ANN, BO, peru(), peru(within_name=True), meeting("country/PE")]


@given(
    st.lists(st.lists(st.sampled_from(ENTITIES), unique_by=lambda e: e.id, max_size=4), min_size=1, max_size=6),
    st.sampled_from(Window),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_any_order_of_the_records_gives_the_same_graph(articles, window, data):
    records = [
        record(
            *(e for e in entities if e.kind is not Kind.EVENT or any(p.id == "country/PE" for p in entities)), id=str(i)
        )
        for i, entities in enumerate(articles)
    ]
    graph = graph_of(*records, window=window)
    assert contents(graph_of(*data.draw(st.permutations(records)), window=window)) == contents(graph)
    for a, b, link in graph.edges(data=True):
        assert link["weight"] > 0
        assert link["evidence"]
        assert all(proof.text == TEXT[proof.start : proof.end] for proof in link["evidence"])
        assert {node for proof in link["evidence"] for node, *_ in proof.mentions} == {a, b}


def test_outlets_and_days_are_counted_apart_from_articles():
    records = [
        replace(record(ANN, BO), article=Article(id, TEXT, published=day, source=source))
        for id, day, source in [("a", "2025-02-15", "S"), ("b", "2025-02-15T08:00:00", "S"), ("c", "Monday", None)]
    ]
    link = graph_of(*records).edges["person/ann-lee", "person/bo"]
    assert (link["articles"], link["outlets"], link["days"]) == (3, 1, {"2025-02-15": 2})


def test_a_copy_adds_to_copies_alone():
    original, other = record(ANN, BO, id="a"), record(BO, peru(), id="b")
    copied = [record(ANN, BO, peru(), id=id, published="2025-01-01") for id in "cd"]
    without = graph_of(original, other)
    graph = graph_of(original, other, *copied, copies={"c": "a", "d": "a"})
    assert [graph.graph["articles"][id]["copy_of"] for id in "abcd"] == [None, None, "a", "a"]
    assert graph.nodes["person/bo"]["copies"] == graph.edges["person/ann-lee", "person/bo"]["copies"] == 2
    assert graph.nodes["country/PE"]["copies"] == 0
    for attributes in [*dict(graph.nodes).values(), *dict(graph.edges).values()]:
        attributes["copies"] = 0
    assert contents(graph)[1:] == contents(without)[1:]


def test_the_best_evidence_has_the_mentions_nearest_to_each_other():
    def evidence(start, text, *mentions):
        return Evidence("a", start, start + len(text), text, tuple(("x", *at, "") for at in mentions))

    alone, far = evidence(0, "s", (0, 1)), evidence(10, "short", (11, 12), (14, 15))
    long, near = evidence(20, "longer text", (21, 22), (23, 24)), evidence(40, "near", (41, 42), (43, 44))
    assert best_evidence([alone, far, long, near]) == near
    assert best_evidence([alone]) == alone
    assert best_evidence([]) is None


LONG_LIST = "Ann Lee, Luis Paz, Eva Roth, Kim Ho, and Minister Jo Ek came to Peru. Ann Lee met Luis Paz."


@pytest.mark.parametrize("window", Window)
def test_two_who_only_share_a_long_list_are_not_linked(window):
    people = [person(name, text=LONG_LIST) for name in ("Ann Lee", "Luis Paz", "Eva Roth", "Kim Ho", "Jo Ek")]
    found = Record(Article("1", LONG_LIST), (*people, peru(text=LONG_LIST)), ((0, 69), (70, len(LONG_LIST))), (0, 1))
    graph = count_records([found], window)
    pairs = {(a, b) for a, b in graph.edges if a.startswith("person/") and b.startswith("person/")}
    assert pairs == {("person/ann-lee", "person/luis-paz")}
    assert graph.edges["person/ann-lee", "person/luis-paz"]["sentences"] == 1
    assert graph.degree["country/PE"] == 5


@pytest.mark.parametrize(
    ("day", "seen"), [("2024-02", ("2024-02-01", "2024-02-29")), (None, ("2025-05-05", "2025-05-05"))]
)
def test_the_link_of_a_participant_has_the_days_of_the_event_else_those_of_the_article(day, seen):
    event = replace(meeting("country/PE"), date=day)
    article = Article("1", TEXT, published="2025-05-05")
    graph = count_records([Record(article, (peru(), event), SENTENCES, PARAGRAPHS)])
    link = graph.edges["country/PE", "event/met-1"]
    assert (link["first_seen"], link["last_seen"]) == seen
