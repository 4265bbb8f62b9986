from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from kg.recognition.sentences import is_wrapped, sentence_starts


def sentences(text: str) -> list[str]:
    starts = [0, *sentence_starts(text), len(text)]
    return [text[start:end].strip() for start, end in pairwise(starts)]


ONE_SENTENCE = [
    "The U.S. Senate met on Jan. 29 in Washington, D.C., to hear Gen. Mark Li.",
    "J. K. Rowling and George W. Bush met Dr. Ana Ruiz at 9 a.m. on Monday.",
    "He works for Acme Inc. of Boston, Mass., and St. John's Univ. in N.Y.",
    "Growth was 3.5 per cent in No. 10 Downing Street, i.e. next door.",
    "“Why now?” she asked the U.N. envoy.",
    "Prices rose ... and then fell.",
    "Lt. Gov. Ann Lee, Sens. Roe and Poe, and Rev. Al Fox came.",
]


@pytest.mark.parametrize("text", ONE_SENTENCE)
def test_a_dot_that_ends_nothing_splits_nothing(text):
    assert sentences(text) == [text]


SEVERAL_SENTENCES = [
    ["He left.", "She stayed."],
    ["“It went well.”", "He left for the U.S.", "The talks go on."],
    ["Did they sign?", "They did!", "“Good.”", "(The text is secret.)", "Nobody knows…", "“And now?”"],
    ["It began in 1999.", "2,000 people came.", "$3 was the price."],
    ["They met at 9 a.m.", "The envoy was late.", "It rained in Jan.", "It rained in May."],
    ["北京 was quiet.", "Élodie agreed.", "Ärzte came."],
]


@pytest.mark.parametrize("expected", SEVERAL_SENTENCES)
def test_a_stop_before_a_capital_ends_a_sentence(expected):
    assert sentences(" ".join(expected)) == expected


def test_a_paragraph_ends_a_sentence_with_or_without_a_stop():
    assert sentences("Talks resume\nEnvoys met on Monday\n\nThey left") == [
        "Talks resume",
        "Envoys met on Monday",
        "They left",
    ]


def test_lines_broken_at_a_fixed_width_end_nothing():
    text = (
        "The foreign ministers of the two countries met on Monday in the capital\n"
        "to speak about the border, the river and the price of grain, which has\n"
        "risen since the summer. Nobody expected them to agree on all of it, and\n"
        "they did not.\n\nThey will meet again."
    )
    assert is_wrapped(text)
    assert [sentence.split()[0] for sentence in sentences(text)] == ["The", "Nobody", "They"]


def test_the_component_sets_sentences_unless_another_has():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("kg_sentences")
    assert [s.text for s in nlp("Insp. Li came. He left.").sents] == ["Insp.", "Li came.", "He left."]


@given(st.text(alphabet=st.sampled_from('Aa1.?! \n"”U.S. é中'), max_size=60))
def test_every_start_lies_inside_the_text_and_begins_no_space(text):
    starts = list(sentence_starts(text))
    assert starts == sorted(set(starts))
    assert all(0 < start < len(text) and not text[start].isspace() for start in starts)
