from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Span

from kg.gazetteers import table
from kg.recognition.events import make_events

TYPES = {
    *("meeting", "call", "visit", "talks", "agreement", "conference", "conflict", "protest", "election"),
    *("sanction", "disaster", "justice", "sport", "culture", "personnel", "business", "campaign", "other"),
}

# "_" stands before each word of a participant: a stand-in for the components that recognise people and countries.
REPORTED = [
    ("_Lavrov met with _Rubio on Friday.", [("met with", "meeting", "meeting")]),
    ("_Lavrov will meet with _Rubio.", [("meet with", "meeting", "meeting")]),
    ("_Ding paid a two-day visit to _Netherlands.", [("two-day visit", "visit", "visit")]),
    ("_Xi visited the school.", [("visited", "visit", "visit")]),
    ("_Trump made a phone call to _Putin.", [("phone call", "call", "call")]),
    ("During peace talks _Fu left.", [("peace talks", "talks", "talks")]),
    ("_Fu welcomed the cease-fire.", [("cease-fire", "agreement", "truce")]),
    ("_Iran signed the deal.", [("signed", "agreement", "agreement"), ("deal", "agreement", "agreement")]),
    ("The attack on _Kyiv came at night.", [("attack", "conflict", "attack")]),
    ("Protests broke out in _France.", [("Protests", "protest", "protest")]),
    ("The energy sanctions against _Russia hurt.", [("energy sanctions", "sanction", "sanctions")]),
    ("Floods hit _Chad.", [("Floods", "disaster", "flood")]),
    ("_Kim was arrested.", [("arrested", "justice", "arrest")]),
    ("_Kim resigned after the opening of the Padma Bridge.",
     [("resigned", "personnel", "resignation"), ("opening of the Padma Bridge", "culture", "opening")]),
]  # fmt: skip

NO_EVENTS = [
    "Meetings are useful, he said.",
    "_Wang said that _China believes in peace.",
    "_Li did not resign. _Li never met him. _Li was not arrested.",
    "The fire brigade of _Rome and its fire-affected areas",
    "_Ann works for Trial Chamber Two.",
    "In March _Ann slept.",
    "The anti-war mood of _Rome",
    "",
]


def read(nlp, text):
    """Read `text`; its words that begin with an underscore are people."""
    doc = nlp(text.replace("_", ""))
    people, offset = set(), 0
    for word in text.split("_")[:-1]:
        offset += len(word)
        people.add(offset)
    taken = [Span(doc, t.i, t.i + 1, label="PERSON") for t in doc if t.idx in people and not t.ent_type_]
    doc.ents = [*doc.ents, *taken]
    return make_events(doc)


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sentences")
    return nlp


@pytest.mark.parametrize(("text", "found"), REPORTED)
def test_a_trigger_with_a_participant_tells_of_an_event(nlp, text, found):
    doc = read(nlp, text)
    assert [(span.text, span.label_, span.kb_id_) for span in doc.spans["events"]] == found
    assert {span.id_ for span in doc.spans["events"]} == {"reported"}


@pytest.mark.parametrize("text", NO_EVENTS)
def test_speech_generic_words_negation_and_compounds_tell_of_none(nlp, text):
    doc = read(nlp, text)
    assert [span.text for span in doc.spans["events"]] == []


def test_without_anybody_or_any_place_in_the_sentence_nothing_is_reported(nlp):
    doc = read(nlp, "The talks failed. _Lavrov left.")
    assert [span.text for span in doc.spans["events"]] == []


def test_a_country_will_do_as_participant(nlp):
    doc = nlp("The talks in Oman failed.")
    doc.spans["countries"] = [Span(doc, 3, 4, label="COUNTRY", kb_id="OM", span_id="name")]
    assert [(span.text, span.label_) for span in make_events(doc).spans["events"]] == [("talks", "talks")]


def test_event_entities_of_any_pipeline_are_named_events(nlp):
    doc = nlp("Talks on the Paris Agreement and the Burning Man.")
    doc.ents = [Span(doc, 2, 5, label="EVENT"), Span(doc, 6, 9, label="EVENT")]
    make_events(doc)
    assert [(span.text, span.label_, span.kb_id_, span.id_) for span in doc.spans["events"]] == [
        ("Paris Agreement", "agreement", "agreement", "named"),
        ("Burning Man", "culture", "man", "named"),
    ]


def test_a_trigger_inside_an_entity_is_part_of_a_name(nlp):
    doc = nlp("The Festival Hall and Ann.")
    doc.ents = [Span(doc, 1, 3, label="FAC"), Span(doc, 4, 5, label="PERSON")]
    assert [span.text for span in make_events(doc).spans["events"]] == []


@pytest.mark.parametrize("name", ["event_triggers", "event_heads", "events"])
def test_the_tables_know_no_types_but_the_eighteen(name):
    assert {row["type"] for row in table(name)} - TYPES == set()


def test_every_trigger_has_one_of_two_parts_and_a_noun():
    rows = table("event_triggers")
    assert {row["part"] for row in rows} == {"noun", "verb"}
    assert [row["word"] for row in rows if not row["noun"]] == []


WORDS = st.sampled_from(
    [
        "_Xi",
        "met",
        "with",
        "the",
        "visit",
        "of",
        "War",
        "-",
        "cease",
        "fire",
        "not",
        "to",
        "talks",
        "March",
        ".",
        "Summit",
    ]
)
_NLP = spacy.blank("en")
_NLP.add_pipe("kg_sentences")
_NLP.add_pipe("kg_named_events")


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_any_text_is_read_and_mentions_neither_overlap_nor_leave_their_sentence(text):
    doc = read(_NLP, text)
    spans = list(doc.spans["events"])
    assert all(span.sent.start <= span.start < span.end <= span.sent.end for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert {span.label_ for span in spans} <= TYPES


# Each row: a text, its EVENT entity, and the mention with whether it is one of a name.
BOUNDS = [
    ('At the "World" session of the Munich Security Conference he spoke.',
     '"World" session of the Munich Security Conference', [("Munich Security Conference", "named")]),
    ("The 2006 Toronto municipal election municipal elections came.",
     "2006 Toronto municipal election municipal elections", [("2006 Toronto municipal election", "named")]),
    ("The 1932 Irish general election campaign began.",
     "1932 Irish general election campaign", [("1932 Irish general election", "named")]),
    ("The nationalist vote came.", "nationalist vote", [("nationalist vote", "reported")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "found"), BOUNDS)
def test_a_name_ends_with_its_head_and_has_a_capital_letter_or_a_digit(nlp, text, name, found):
    doc = nlp(text)
    start = text.index(name)
    doc.ents = [doc.char_span(start, start + len(name), label="EVENT")]
    assert [(span.text, span.id_) for span in make_events(doc).spans["events"]] == found


@pytest.mark.parametrize("label", ["NORP", "ORG"])
def test_a_well_known_event_is_one_whatever_its_name_is_taken_for(nlp, label):
    doc = nlp("The Allies of World War II won.")
    doc.ents = [Span(doc, 1, 6, label=label)]
    doc.spans["triggers"] = []
    doc.spans["triggers"].attrs.update({"probability": [], "type": [], "named": []})
    assert [span.text for span in make_events(doc).spans["events"]] == ["World War II"]
