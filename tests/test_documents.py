import pytest
import spacy

from kg.documents import load_pipeline
from kg.errors import UnknownModel
from kg.model import Article
from kg.records import extract


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    """A pipeline of somebody else's: two names, an event and a title that it takes for part of a name."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "PERSON", "pattern": "President Zork Quux"},
            {"label": "PERSON", "pattern": "Quux"},
            {"label": "GPE", "pattern": "Peru"},
            {"label": "EVENT", "pattern": "Great Blorp"},
        ]
    )
    folder = tmp_path_factory.mktemp("models") / "toy"
    nlp.to_disk(folder)
    return str(folder)


def test_an_installed_pipeline_supplies_the_entities_and_ours_do_the_rest(model):
    text = (
        "President Zork Quux left Peru for the Great Blorp. Ann Lee stayed. Quux said US-Peruvian talks would resume."
    )
    (record,) = extract([Article("a", text)], model=model)
    found = {entity.id: [mention.text for mention in entity.mentions] for entity in record.entities}
    assert {id: texts for id, texts in found.items() if not id.startswith("event/")} == {
        "person/zork-quux": ["Zork Quux", "Quux"],
        "country/PE": ["Peru", "Peruvian"],
        "country/US": ["US"],
    }
    assert found["event/great-blorp"] == ["Great Blorp"]
    assert [text[start:end] for start, end in record.sentences] == [
        "President Zork Quux left Peru for the Great Blorp.",
        "Ann Lee stayed.",
        "Quux said US-Peruvian talks would resume.",
    ]


def test_a_pipeline_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UnknownModel, match=r"'no_such_model' \(installed: .*\); install it, or leave --model out"):
        load_pipeline("no_such_model")


WORDS = [
    ("U.S.-China ties", ["U.S.", "-", "China", "ties"]),
    ("US/China ties", ["US", "/", "China", "ties"]),
    ("Russia–Ukraine war", ["Russia", "–", "Ukraine", "war"]),
    ("the Russians- and", ["the", "Russians", "-", "and"]),
    ("Trump-Putin call", ["Trump", "-", "Putin", "call"]),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_both_halves_of_a_compound_are_words(text, expected):
    assert [token.text for token in load_pipeline().make_doc(text)] == expected


def test_the_components_work_in_a_pipeline_of_ones_own():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("kg_countries")
    doc = nlp("The Dutch left Peru.")
    assert [(span.text, span.kb_id_, span.id_) for span in doc.spans["countries"]] == [
        ("Dutch", "NL", "adjective"),
        ("Peru", "PE", "name"),
    ]


LONG_RUNS = ["a" * 5_000, "😀" * 5_000, "(" * 5_000, "Ann Lee " + "x" * 600 + " of\n\nPeru" + "😀" * 700 + " met."]


@pytest.mark.parametrize("text", LONG_RUNS)
def test_a_long_run_without_a_space_is_cut_and_loses_nothing(text):
    doc = load_pipeline().make_doc(text)
    assert doc.text == text
    assert max(map(len, doc)) <= 50
