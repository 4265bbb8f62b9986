import subprocess
import sys

import pytest

from kg.documents import load_pipeline
from kg.recognition.model import Name, coupled


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline()


def people(doc):
    return [ent.text for ent in doc.ents if ent.label_ == "PERSON"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Foreign Minister Sergey Lavrov met Marco Rubio in Riyadh.", ["Sergey Lavrov", "Marco Rubio"]),
        ("FOREIGN MINISTER SERGEY LAVROV MEETS MARCO RUBIO IN RIYADH", ["SERGEY LAVROV", "MARCO RUBIO"]),
        ("Jordan Henderson flew to Jordan.", ["Jordan Henderson"]),
        (
            "Vladimir Putin and Donald Trump spoke. The Putin-Trump call lasted two hours.",
            ["Vladimir Putin", "Donald Trump", "Putin", "Trump"],
        ),
        ("Mr Okoro's lawyer said Mrs Adaeze Obi would appeal.", ["Okoro", "Adaeze Obi"]),
        ("The talks ended on Friday.", []),
        ("Moon Jae-in met Kim Jong Un.", ["Moon Jae-in", "Kim Jong Un"]),  # of which the model alone sees parts
        ("Recep Tayyip Erdoğan was in Ankara.", ["Recep Tayyip Erdoğan"]),
    ],
)
def test_people_are_found_without_their_titles(text, found, nlp):
    assert people(nlp(text)) == found


def test_names_that_are_no_people_are_told_apart(nlp):
    doc = nlp("The United Nations opened the Munich Security Conference in Munich, a German city, on Friday.")
    found = {ent.text: ent.label_ for ent in doc.ents}
    assert found["United Nations"] == "ORG"
    assert found["Munich Security Conference"] == "EVENT"
    assert found["Munich"] == "LOC"


@pytest.mark.parametrize("end", [5, 6, 7])  # "ties between China", "... and", "... and the"
def test_an_event_between_two_is_named_after_both(end, nlp):
    doc = nlp.make_doc("Anniversary of ties between China and the European Union.")
    person, event, other = range(3)
    found = coupled(doc, [Name(0, end, event, 1.0), Name(7, 9, other, 1.0)], person, event)
    assert [doc[name.start : name.end].text for name in found] == [doc[:9].text]
    apart = [Name(0, end, event, 1.0), Name(7, 9, person, 1.0)]  # somebody is never lost in the name of an event
    assert coupled(doc, apart, person, event) == apart


def test_a_letter_alone_is_nobody(nlp):
    doc = nlp("He wrote on X on Friday that X, formerly Twitter, would pay. Malcolm X was born in Omaha.")
    assert [ent.text for ent in doc.ents if ent.label_ == "PERSON"] == ["Malcolm X"]


def test_words_that_tell_of_events_have_a_type_and_a_probability(nlp):
    doc = nlp("Vladimir Putin met Xi Jinping in Beijing on Tuesday. He was arrested in Peru.")
    group = doc.spans["triggers"]
    sure = [(s.text, s.label_, s.id_) for s, p in zip(group, group.attrs["probability"], strict=True) if p > 0.5]
    assert sure == [("met", "meeting", "reported"), ("arrested", "justice", "reported")]


def test_what_is_found_in_a_text_does_not_depend_on_its_neighbours(nlp):
    texts = ["Ana Silva of Peru met Omar Khan.", "Khan spoke. " * 200, "", "Riots broke out in Lagos on Monday."]

    def told(docs):
        return [([(e.text, e.label_) for e in doc.ents], doc.spans["triggers"].attrs) for doc in docs]

    alone = told(map(nlp, texts))
    assert told(nlp.pipe(texts, batch_size=1)) == alone
    assert told(nlp.pipe(reversed(texts), batch_size=4)) == alone[::-1]


HOSTILE = {
    "one long word": "x" * 1_000_000,
    "no spaces": "AnaSilvametOmarKhan" * 5_000,
    "emoji": "🙂🇵🇪👩‍👩‍👧 " * 2_000,
    "right to left": "التقى الرئيس بوتين نظيره " * 500,
    "no width": "Ana\u200b Sil\u200bva\ufeff \u200b" * 500,
    "small letters": "vladimir putin met xi jinping in beijing. " * 100,
    "noise of a scanner": "Vlad|mir Pu7in rnet X1 J¡nping, 'n Be|j|ng ~~ ;;, . " * 100,
    "nothing": " \n\n\t ",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_to_its_end(name, nlp):
    doc = nlp(HOSTILE[name])
    assert doc.text == HOSTILE[name]
    assert all(len(ent.text) < 200 for ent in doc.ents)


def test_importing_the_package_does_not_load_the_model():
    code = "import sys, kg; assert not {'onnxruntime', 'tokenizers', 'torch', 'spacy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
