import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from kg.gazetteers import table
from kg.recognition.named_events import head_of, make_named_events, usual_name

NAMED = [
    ("He spoke at the Munich Security Conference on Friday.", ["Munich Security Conference"]),
    ("They met at the 2002 Salt Lake City Winter Olympics.", ["2002 Salt Lake City Winter Olympics"]),
    ("Since the Ukraine crisis began, prices rose.", ["Ukraine crisis"]),
    ("The Russia-Ukraine conflict goes on.", ["Russia-Ukraine conflict"]),
    ("The war in Ukraine goes on.", ["war in Ukraine"]),
    ("The war between Russia and Ukraine goes on.", ["war between Russia and Ukraine"]),
    ("the Greens joined it for the 2001 Italian general election.", ["2001 Italian general election"]),
    ("the 2009 European Parliament election in Italy was close.", ["2009 European Parliament election in Italy"]),
    ("She ran in the Taipei mayoral election.", ["Taipei mayoral election"]),
    ("in the November 2021 elections he lost.", ["November 2021 elections"]),
    ("He fell in the Battle of Puebla.", ["Battle of Puebla"]),
    ("under the Treaty of Versailles", ["Treaty of Versailles"]),
    ("They mark the national Day of the Sea.", ["Day of the Sea"]),
    ("the Paris Summit on Libya opens.", ["Paris Summit on Libya"]),
    ("Hurricane Helene tore across six states.", ["Hurricane Helene"]),
    ("after tropical storm Bonnie came rain.", ["storm Bonnie"]),
    ("a report on the Eaton Fire near Pasadena", ["Eaton Fire"]),
    ("Operation Guardian of the Walls ended.", ["Operation Guardian of the Walls"]),
    ("during the COVID-19 pandemic schools closed", ["COVID-19 pandemic"]),
    ("Dubai hosts COP28 this year.", ["COP28"]),
    ("the 18th National Congress of the party", ["18th National Congress"]),
    ("The outcome of World War Two (WWII) lasts.", ["World War Two", "WWII"]),
    ("ahead of China's Spring Festival", ["Spring Festival"]),
    ("the Women’s World Cup and the U.S.-Africa Leaders’ Summit", ["Women’s World Cup", "U.S.-Africa Leaders’ Summit"]),
    ("The Minsk Agreements and the Paris Agreement", ["Minsk Agreements", "Paris Agreement"]),
    (
        "the 80th anniversary of the founding of the United Nations",
        ["80th anniversary of the founding of the United Nations"],
    ),
    (
        "the 80th anniversary of the victory of the Chinese People's War of Resistance against Japanese Aggression",
        ["80th anniversary of the victory", "Chinese People's War of Resistance against Japanese Aggression"],
    ),
]

NO_EVENTS = [
    "The Election Commission and the World Cup Organising Committee met.",
    "The UN Security Council and the Fire Department met.",
    "He works at the War Office, then at Festival Hall.",
    "She chairs the Department of War.",
    "Games Workshop sells figures.",
    "The Conference begins. The war goes on. An election was held.",
    "Recent elections and political crises were on his mind.",
    "",
]


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sentences")
    nlp.add_pipe("kg_named_events")
    return nlp


@pytest.mark.parametrize(("text", "names"), NAMED)
def test_the_name_of_an_event_is_found_whole_and_without_its_article(nlp, text, names):
    assert [(ent.text, ent.label_) for ent in nlp(text).ents] == [(name, "EVENT") for name in names]


@pytest.mark.parametrize("text", NO_EVENTS)
def test_bodies_and_bare_nouns_are_no_named_events(nlp, text):
    assert [ent.text for ent in nlp(text).ents] == []


def test_entities_found_before_are_kept(nlp):
    doc = nlp.make_doc("The Paris Agreement holds.")
    nlp.get_pipe("kg_sentences")(doc)
    doc.ents = [Span(doc, 1, 3, label="LAW")]
    assert [(ent.text, ent.label_) for ent in make_named_events(doc).ents] == [("Paris Agreement", "LAW")]


@pytest.mark.parametrize(
    ("name", "noun", "type_"),
    [
        ("Munich Security Conference", "conference", "conference"),
        ("War of Resistance against Japanese Aggression", "war", "conflict"),
        ("Paris Summit on Libya", "summit", "conference"),
        ("80th anniversary of the founding of the United Nations", "anniversary", "culture"),
        ("Brexit", "brexit", "election"),
        ("Tomorrowland", "tomorrowland", "other"),
    ],
)
def test_the_head_noun_gives_the_type(name, noun, type_):
    assert head_of(name.split()) == (noun, type_)


@pytest.mark.parametrize(
    ("name", "usual"), [("WWII", "World War II"), ("World War Two", "World War II"), ("Eaton Fire", None)]
)
def test_other_names_of_a_well_known_event_lead_to_the_usual_one(name, usual):
    assert usual_name(name.split()) == usual


def test_the_usual_name_of_every_alias_has_the_same_type():
    types = {row["name"]: row["type"] for row in table("events")}
    assert [
        r["name"] for r in table("events") if r["alias_of"] and types.get(r["alias_of"], r["type"]) != r["type"]
    ] == []


_NLP = spacy.blank("en")
_NLP.add_pipe("kg_sentences")
_NLP.add_pipe("kg_named_events")
WORDS = st.sampled_from(
    ["The", "the", "Paris", "2024", "21st", "World", "War", "of", "in", "on", "and", "Games", "'s", "-"]
)


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_any_text_is_read_and_names_stay_in_their_sentence(text):
    doc = _NLP(text)
    assert all(ent.sent.start <= ent.start < ent.end <= ent.sent.end for ent in doc.ents)
    assert all(token.ent_type_ in ("", "EVENT") for token in doc)


@pytest.mark.parametrize("word", ["Paris", "Games", "2024", "21st", "War", "de", "-"])
def test_a_sentence_of_nothing_but_one_word_is_read_in_time(word):
    doc = Doc(_NLP.vocab, words=[word] * 20_000, sent_starts=[True] + [False] * 19_999)
    assert all(ent.label_ == "EVENT" for ent in make_named_events(doc).ents)
