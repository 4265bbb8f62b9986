"""The mentions of one article are grouped into the persons they mean."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kg.coreference import people, same_name
from kg.model import Entity, Kind, Mention

NLP = spacy.blank("en")


def read(marked: str) -> Doc:
    """Return the document of a text in which "[Joe Biden]" is a PERSON entity."""
    doc = NLP(marked.replace("[", "").replace("]", ""))
    spans: list[Span | None] = []
    start, passed = 0, 0
    for i, c in enumerate(marked):
        if c == "[":
            start = i - passed
        elif c == "]":
            spans.append(doc.char_span(start, i - passed, label="PERSON", alignment_mode="expand"))
        passed += c in "[]"
    doc.ents = filter_spans(span for span in spans if span)
    return doc


def grouped(marked: str) -> list[tuple[str, list[str]]]:
    return [(entity.label, [mention.text for mention in entity.mentions]) for entity in people(read(marked))]


CASES = [
    (
        "[Sergey Lavrov] met [Marco Rubio]. [Lavrov] smiled.",
        [("Sergey Lavrov", ["Sergey Lavrov", "Lavrov"]), ("Marco Rubio", ["Marco Rubio"])],
    ),
    (
        "[Xi] met [Wang Yi]; [Wang] told [Xi Jinping].",
        [("Xi Jinping", ["Xi", "Xi Jinping"]), ("Wang Yi", ["Wang Yi", "Wang"])],
    ),
    ("[Brian Suy] said. [Suy] said.", [("Brian Suy", ["Brian Suy", "Suy"])]),
    (
        "[Surachate Hakparn] said. [Surachate] and [Hakparn]",
        [("Surachate Hakparn", ["Surachate Hakparn", "Surachate", "Hakparn"])],
    ),
    (
        "[Maurice Chong] sang. [Chong] bowed. [David Chong] spoke. [Chong] sat.",
        [("Maurice Chong", ["Maurice Chong", "Chong"]), ("David Chong", ["David Chong", "Chong"])],
    ),
    (
        "President [Joe Biden] called. His son [Hunter Biden] came. President [Biden] left.",
        [("Joe Biden", ["Joe Biden", "Biden"]), ("Hunter Biden", ["Hunter Biden"])],
    ),
    ("[George Bush], or [George W. Bush], is [BUSH].", [("George W. Bush", ["George Bush", "George W. Bush", "BUSH"])]),
    ("[J. Biden] is [Joe Biden].", [("Joe Biden", ["J. Biden", "Joe Biden"])]),
    ("[Félix Peña] and [Pena]", [("Félix Peña", ["Félix Peña", "Pena"])]),
    ("[José “Pepe” Mujica] and [José Mujica]", [("José “Pepe” Mujica", ["José “Pepe” Mujica", "José Mujica"])]),
    ("[Yoon Suk-yeol] or [Suk-yeol Yoon]", [("Yoon Suk-yeol", ["Yoon Suk-yeol", "Suk-yeol Yoon"])]),
    (
        "[Volodymyr Zelensky], [Volodymyr Zelenskyy]",
        [("Volodymyr Zelenskyy", ["Volodymyr Zelensky", "Volodymyr Zelenskyy"])],
    ),
    (
        "[Abdel Fattah El-Sisi] and [Al-Sisi], [Sisi]",
        [("Abdel Fattah El-Sisi", ["Abdel Fattah El-Sisi", "Al-Sisi", "Sisi"])],
    ),
    (
        "King [Salman] received [Mohammed bin Salman].",
        [("Salman", ["Salman"]), ("Mohammed bin Salman", ["Mohammed bin Salman"])],
    ),
    ("[Lin Chih-chien] ([林智堅]) left. [林智堅]", [("Lin Chih-chien", ["Lin Chih-chien", "林智堅", "林智堅"])]),
    ("[Hasina] and [Modi]; [Hasina]", [("Hasina", ["Hasina", "Hasina"]), ("Modi", ["Modi"])]),
    (
        "[William “Bill” Hill] died. [Bill Hill] was loved. [Bill] ran.",
        [("William “Bill” Hill", ["William “Bill” Hill", "Bill Hill", "Bill"])],
    ),
    (
        "[Joe Biden] spoke. His son [Hunter Biden] came. [Biden] left.",
        [("Joe Biden", ["Joe Biden", "Biden"]), ("Hunter Biden", ["Hunter Biden"])],
    ),
    (
        "[Bo Gray Jr.] spoke of his father, [Bo Gray].",
        [("Bo Gray Jr.", ["Bo Gray Jr."]), ("Bo Gray", ["Bo Gray"])],
    ),
    ("[Bo Gray Jr.] sang. [Bo Gray] bowed.", [("Bo Gray Jr.", ["Bo Gray Jr.", "Bo Gray"])]),
    ("[James III] and [James IV]", [("James III", ["James III"]), ("James IV", ["James IV"])]),
    (
        "[George H. W. Bush] and [George W. Bush]; [George Bush] left.",
        [("George H. W. Bush", ["George H. W. Bush"]), ("George W. Bush", ["George W. Bush", "George Bush"])],
    ),
    (
        "[Mohammed bin Zayed], [Muhammad bin Zayed]",
        [("Mohammed bin Zayed", ["Mohammed bin Zayed", "Muhammad bin Zayed"])],
    ),
    (
        "[Daniel Ortega] and [Daniela Ortega]",
        [("Daniel Ortega", ["Daniel Ortega"]), ("Daniela Ortega", ["Daniela Ortega"])],
    ),
    ("Nobody is here.", []),
]


@pytest.mark.parametrize(("marked", "expected"), CASES)
def test_short_forms_belong_to_the_full_name(marked, expected):
    assert grouped(marked) == expected


TRIMMED = [
    ("[President Joe Biden's] aide", "Joe Biden"),
    ("“[Dr. Ana Silva”],", "Ana Silva"),
    ("\n[\nAna Silva\n]\n", "Ana Silva"),
    ("[Robert Kennedy Jr.] spoke", "Robert Kennedy Jr."),
]


@pytest.mark.parametrize(("marked", "name"), TRIMMED)
def test_spans_of_other_models_are_trimmed_to_the_name(marked, name):
    assert grouped(marked) == [(name, [name])]


def test_an_entity_holds_its_mentions_with_their_offsets():
    first, second = Mention(3, 10, "Fu Cong"), Mention(16, 18, "Fu")
    assert people(read("So [Fu Cong] said. [Fu] left.")) == [
        Entity("person/fu-cong", Kind.PERSON, "Fu Cong", (first, Mention(17, 19, "Fu")))
    ], second


def test_two_persons_of_one_name_are_one_entity():
    assert grouped("[ANA SILVA], [Ana Silva], [Ána Sílva]") == [("Ana Silva", ["ANA SILVA", "Ana Silva", "Ána Sílva"])]


@pytest.mark.parametrize(
    ("short", "full", "same"),
    [
        (("li", "wei"), ("li", "na"), False),
        (("maria", "silva"), ("mario", "silva"), False),
        (("mahmoud", "abbas"), ("mahmud", "abbas"), True),
        (("ke", "wenje"), ("ke", "wen-je"), True),
    ],
)
def test_spellings_of_one_name(short, full, same):
    assert same_name(short, full) is same


PIECES = ["Xi", "Jinping", "President", "'s", "-", "“", ".", "Al-", "J.", " ", "\n", "林智堅", "(", ")"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join), st.booleans()), max_size=12))
def test_any_spans_give_unique_persons_whose_mentions_are_in_the_text(pieces):
    doc = read(" ".join(f"[{text}]" if marked else text for text, marked in pieces))
    entities = people(doc)
    assert len({entity.id for entity in entities}) == len(entities)
    for entity in entities:
        assert list(entity.mentions) == sorted(entity.mentions)
        assert [doc.text[m.start : m.end] for m in entity.mentions] == [m.text for m in entity.mentions]
        assert entity.label
