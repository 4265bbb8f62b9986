"""Persons are found as spans without titles, and nothing else is taken for a person."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    for component in ("kg_sentences", "kg_names", "kg_people"):
        nlp.add_pipe(component)
    return nlp


def people(nlp: Language, text: str) -> list[str]:
    return [entity.text for entity in nlp(text).ents if entity.label_ == "PERSON"]


TITLES = [
    ("Russian Foreign Minister Sergey Lavrov called.", ["Sergey Lavrov"]),
    ("US Secretary of State Marco Rubio called.", ["Marco Rubio"]),
    (
        "National Security Adviser Mike Waltz and White House Middle East Envoy Steve Witkoff will travel.",
        ["Mike Waltz", "Steve Witkoff"],
    ),
    ("Deputy Prime Minister and Minister of Climate and Green Growth Sophie Hermans met him.", ["Sophie Hermans"]),
    ("Pol Lt-General Surachate Hakparn said so.", ["Surachate Hakparn"]),
    ("He met Dutch King Willem-Alexander.", ["Willem-Alexander"]),
    ("Stadium High School Principal Shannon Marshall said so.", ["Shannon Marshall"]),
    ("The then-President Olusegun Obasanjo and ex-Senator Amina Bello spoke.", ["Olusegun Obasanjo", "Amina Bello"]),
    ("Presidents Ivan Petrov and Maria Silva met.", ["Ivan Petrov", "Maria Silva"]),
    ("Google CEO Sundar Pichai resigned.", ["Sundar Pichai"]),
    ("Mr Kato and Dr. Mwangi agreed.", ["Kato", "Mwangi"]),
    ("His wife, Peng Liyuan, replied.", ["Peng Liyuan"]),
]

SHAPES = [
    ("Lü Xiang, an expert on US studies, agreed.", ["Lü Xiang"]),
    ("JD Vance, J.K. Rowling and George W. Bush spoke.", ["JD Vance", "J.K. Rowling", "George W. Bush"]),
    ("Robert F. Kennedy Jr. spoke to Martin Luther King III.", ["Robert F. Kennedy Jr.", "Martin Luther King III"]),
    (
        "President Alexander van der Bellen met Prince Mohammed bin Salman.",
        ["Alexander van der Bellen", "Mohammed bin Salman"],
    ),
    ("President Bashar al-Assad and Minister Sultan A. Al-Marshad met.", ["Bashar al-Assad", "Sultan A. Al-Marshad"]),
    ("Michelle O’Neill told Conor O'Brien.", ["Michelle O’Neill", "Conor O'Brien"]),
    ("N’Golo Kanté scored against Kylian Mbappé.", ["N’Golo Kanté", "Kylian Mbappé"]),
    ("President Moon Jae-in met Ban Ki-moon, a diplomat.", ["Moon Jae-in", "Ban Ki-moon"]),
    ("Jean-Claude Juncker visited Ana dos Santos.", ["Jean-Claude Juncker", "Ana dos Santos"]),
    ("The fans cheered José “Pepe” Mujica, who waved.", ["José “Pepe” Mujica"]),
    ("Mayor Lin Chih-chien (林智堅) denied it.", ["Lin Chih-chien", "林智堅"]),
    ("PRESIDENT VLADIMIR PUTIN MEETS DONALD TRUMP", ["VLADIMIR PUTIN", "DONALD TRUMP"]),
    ("Prime Minister Hasina, footballer Pelé said. President Suharto spoke.", ["Hasina", "Pelé", "Suharto"]),
    ("Stephen King wrote it. King said so.", ["Stephen King", "King"]),
    ("Chief Daisy House said it. House said more.", ["Daisy House", "House"]),
    ("Jordan Henderson played in Jordan.", ["Jordan Henderson"]),
    ("Meanwhile Putin agreed. However, Putin said no. On Monday Putin left.", ["Putin", "Putin", "Putin"]),
]

COMPOUNDS = [
    (
        "Donald Trump called. Vladimir Putin said yes. Trump said a Trump-Putin meeting is due. Putin said so too.",
        ["Donald Trump", "Vladimir Putin", "Trump", "Trump", "Putin", "Putin"],
    ),
    ("Joe Biden spoke. The Biden administration agreed.", ["Joe Biden", "Biden"]),
]

NOBODY = [
    "The Global Times, Fox 11 and the Hollywood Reporter said so.",
    "A student from Lincoln High School joined the Kuhn Foundation.",
    "Grey's Anatomy stopped filming in Los Angeles County, near Eaton Canyon.",
    "Southern California Edison filed a report on Friday, May 3.",
    "They sang at the Temple of Heaven before the Spring Festival.",
    "The One Voice Children's Choir honoured the Flying Tigers.",
    "The King Hussein Bridge and Queen Elizabeth Central Hospital are closed.",
    "Sri Lankan bowlers in Costa Rica met New Zealand fans.",
    "The Government of Peru and the Bank of China signed the Paris Agreement.",
    "",
    "\n \n",
]


@pytest.mark.parametrize(("text", "expected"), TITLES)
def test_titles_and_offices_are_no_part_of_the_name(nlp, text, expected):
    assert people(nlp, text) == expected


@pytest.mark.parametrize(("text", "expected"), SHAPES)
def test_names_of_many_shapes_are_whole(nlp, text, expected):
    assert people(nlp, text) == expected


@pytest.mark.parametrize(("text", "expected"), COMPOUNDS)
def test_a_name_within_a_compound_is_a_mention(nlp, text, expected):
    assert people(nlp, text) == expected


@pytest.mark.parametrize("text", NOBODY)
def test_organisations_places_and_works_are_nobody(nlp, text):
    assert people(nlp, text) == []


def test_a_bare_surname_is_known_by_the_full_name_elsewhere(nlp):
    text = "Sasha Veltrop won. Nobody expected it of Veltrop in spring."
    assert people(nlp, text) == ["Sasha Veltrop", "Veltrop"]


def test_earlier_entities_are_kept(nlp):
    blank = spacy.blank("en")
    ruler = blank.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "EVENT", "pattern": "Joe Biden Classic"}])
    blank.add_pipe("kg_people")
    entities = [(entity.text, entity.label_) for entity in blank("The Joe Biden Classic was won by Joe Biden.").ents]
    assert entities == [("Joe Biden Classic", "EVENT"), ("Joe Biden", "PERSON")]


WORDS = [
    "President",
    "Xi",
    "Jinping",
    "Stephen",
    "King",
    "Al",
    "-",
    "bin",
    "“",
    "(",
    ")",
    "林",
    "J.",
    "II",
    "'s",
    "of",
    "The",
    ".",
    "\n\n",
    "US",
    "I",
]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join), st.lists(st.sampled_from(WORDS)).map("".join))
)
def test_any_text_gives_people_within_its_sentences(nlp, text):
    doc = nlp(text)
    for entity in doc.ents:
        assert text[entity.start_char : entity.end_char] == entity.text
        assert not any(token.is_sent_start for token in entity[1:])
