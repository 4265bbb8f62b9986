"""Organisations, places, laws and works are found by head nouns, lists and shape."""

import pytest
import spacy
from spacy.language import Language


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sentences")
    nlp.add_pipe("kg_names")
    return nlp


CASES = [
    ("She studies at Peking University.", [("Peking University", "ORG")]),
    ("the University of California in Utah", [("University of California", "ORG"), ("Utah", "LOC")]),
    ("the Bank of China", [("Bank of China", "ORG")]),
    ("the China Foreign Affairs University", [("China Foreign Affairs University", "ORG")]),
    ("the Ministry of Climate and Green Growth said", [("Ministry of Climate and Green Growth", "ORG")]),
    ("the Chinese Foreign Ministry said", [("Foreign Ministry", "ORG")]),
    (
        "the Central Committee of the Communist Party of China",
        [("Central Committee of the Communist Party of China", "ORG")],
    ),
    ("the Global Times and Reuters", [("Global Times", "ORG"), ("Reuters", "ORG")]),
    ("the Los Angeles County Museum in Los Angeles", [("Los Angeles County Museum", "ORG"), ("Los Angeles", "LOC")]),
    ("hills near Eaton Canyon and Lake Baikal", [("Eaton Canyon", "LOC"), ("Lake Baikal", "LOC")]),
    ("a Youth and Student Exchange Association", [("Youth and Student Exchange Association", "ORG")]),
    ("Lockheed Martin Corp. and the Kuhn Foundation", [("Lockheed Martin Corp.", "ORG"), ("Kuhn Foundation", "ORG")]),
    ("NATO and TASS", [("NATO", "ORG"), ("TASS", "ORG")]),
    ("the King Hussein Bridge", [("King Hussein Bridge", "FAC")]),
    ("the Clean Air Act", [("Clean Air Act", "LAW")]),
    ("in Paris, Austin and Moscow", [("Paris", "LOC"), ("Moscow", "LOC")]),
    # Countries are found elsewhere, and persons are left alone.
    ("France, the US and the Dutch", []),
    ("Paris Hilton and Chief Daisy House met Bill Clinton", []),
    ("the Government of Daniel Ortega", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_names_of_things_are_found(nlp, text, expected):
    assert [(entity.text, entity.label_) for entity in nlp(text).ents] == expected


def test_earlier_entities_are_kept():
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "EVENT", "pattern": "Munich Security Conference"}])
    nlp.add_pipe("kg_names")
    entities = [(entity.text, entity.label_) for entity in nlp("The Munich Security Conference Council met.").ents]
    assert entities == [("Munich Security Conference", "EVENT")]
