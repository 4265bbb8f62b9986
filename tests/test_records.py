import json

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Article, Kind
from kg.records import BATCH, extract, pipeline, to_json

TEXT = """Envoys meet in Lima

President Ann Lee of Peru met Chile's Bo Poe in Lima on Monday.
“Talks went well,” Lee said."""


def record_of(text: str, id: str = "a"):
    (record,) = extract([Article(id, text)])
    return record


def test_a_record_holds_the_entities_sentences_and_paragraphs_of_an_article():
    record = record_of(TEXT)
    people = {e.label: [m.text for m in e.mentions] for e in record.entities if e.kind is Kind.PERSON}
    assert people == {"Ann Lee": ["Ann Lee", "Lee"], "Bo Poe": ["Bo Poe"]}
    assert [TEXT[start:end] for start, end in record.sentences] == TEXT.replace("\n\n", "\n").split("\n")
    assert record.paragraphs == (0, 1, 2)


def test_the_json_of_a_record_says_the_same():
    record = record_of(TEXT)
    read = json.loads(to_json(record))
    assert {name: read[name] for name in ("id", "title", "text", "published", "url", "source")} == {
        "id": "a",
        "title": None,
        "text": TEXT,
        "published": None,
        "url": None,
        "source": None,
    }
    assert [entity["id"] for entity in read["entities"]] == [entity.id for entity in record.entities]
    meeting = next(entity for entity in read["entities"] if entity["kind"] == "event")
    assert meeting.keys() == {
        "id",
        "kind",
        "label",
        "type",
        "named",
        "participants",
        "place",
        "place_country",
        "when",
        "mentions",
        *("roles", "modality", "cue", "date", "plover"),
    }
    assert (meeting["type"], meeting["place"], meeting["when"]) == ("meeting", "Lima", "Monday")
    assert {"person/ann-lee", "person/bo-poe"} <= set(meeting["participants"])


def test_a_record_depends_on_its_own_article_alone():
    texts = [TEXT, "Lee said no.", TEXT.replace("Lee", "Roe"), "Poe met Lee in Chad."] * BATCH
    together = [record.entities for record in extract(Article(str(i), text) for i, text in enumerate(texts))]
    assert together == [record_of(text, str(i)).entities for i, text in enumerate(texts[:8])] + together[8:]


PIECES = ["Ann ", "Lee", "-", "’s", "'", '"', "(", "met ", "Peru", "U.S.", ".", " ", "\n", "\u200b", "é", "中"]
HOSTILE = st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"]), max_size=60).map("".join)


@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_record_whose_offsets_hold(text):
    record = record_of(text)
    ids = [entity.id for entity in record.entities]
    assert len(ids) == len(set(ids))
    for entity in record.entities:
        assert entity.mentions
        assert set(entity.participants) <= set(ids)
        for mention in entity.mentions:
            assert text[mention.start : mention.end] == mention.text != ""
            assert any(start <= mention.start and mention.end <= end for start, end in record.sentences)
    assert all(text[start:end].strip() == text[start:end] for start, end in record.sentences)


def test_a_pipeline_that_has_learnt_many_words_gives_way_to_a_new_one(monkeypatch):
    articles = [Article(str(i), f"Angela Merkel met word{i} in Paris.") for i in range(3)]
    expected = list(extract(articles, accuracy="fast"))
    used = pipeline(None, "fast")
    monkeypatch.setattr("kg.records.MOST_WORDS", 1)
    assert list(extract(articles, accuracy="fast")) == expected
    assert pipeline(None, "fast") is not used
