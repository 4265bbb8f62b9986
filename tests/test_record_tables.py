from dataclasses import fields
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.articles import distinct, read_articles
from kg.model import Article, Entity, Kind, Mention, Place, Record
from kg.records import extract
from kg.tables import TABLES, digest_of, records_of, rows_of

SEEDS = Path(__file__).parent.parent / "seeds"

words = st.text("aé𝄞\0\n'", max_size=3)
maybe = st.none() | words
numbers = st.integers(0, 9)
mentions = st.builds(Mention, numbers, numbers, words, maybe, st.booleans())


@st.composite
def entities(draw, id: str) -> Entity:
    cast = draw(st.dictionaries(words, maybe, max_size=3))
    return Entity(
        id,
        draw(st.sampled_from(Kind)),
        draw(words),
        tuple(draw(st.lists(mentions, max_size=3))),
        participants=tuple(cast),
        roles=tuple((other, role) for other, role in cast.items() if role is not None),
        plover=draw(st.just(()) | st.tuples(words, words, words)),
        named=draw(st.none() | st.booleans()),
        **{name: draw(maybe) for name in ("iso", "type", "place", "place_country", "when", "modality", "cue", "date")},
    )


@st.composite
def records(draw, id: str) -> Record:
    found = tuple(sorted(draw(st.sets(st.builds(Place, words, st.integers(1, 9)), max_size=2))))
    sentences = draw(st.lists(st.tuples(numbers, numbers), max_size=5))
    later = draw(st.sets(st.integers(1, 4), max_size=3))
    return Record(
        Article(id, draw(words), draw(maybe), draw(maybe), draw(maybe), draw(maybe), found),
        tuple(draw(entities(entity)) for entity in draw(st.lists(words, max_size=3, unique=True))),
        tuple(sentences),
        tuple(number for number in (0, *sorted(later)) if number < len(sentences)),
    )


corpora = st.lists(words, max_size=3, unique=True).flatmap(lambda ids: st.tuples(*map(records, ids)))


@given(corpora, st.randoms())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_records_become_tables_and_records_again_whatever_the_order_of_rows(corpus, random):
    rows = rows_of(corpus)
    for table in rows.keys() - {"articles"}:
        random.shuffle(rows[table])
    assert tuple(records_of(rows)) == corpus


def test_the_records_of_the_seeds_are_kept_whole():
    corpus = list(extract((a for a in distinct(read_articles([SEEDS])) if isinstance(a, Article)), accuracy="fast"))
    assert list(records_of(rows_of(corpus))) == corpus


def test_each_row_has_the_columns_of_its_table():
    event = Entity("e", Kind.EVENT, "E", (Mention(0, 1, "E"),), participants=("p",))
    rows = rows_of([Record(Article("a", "E.", found=(Place("f"),)), (event,), ((0, 2),), (0,))])
    assert {table: {len(row) for row in rows[table]} for table in rows} == {
        table: {len(columns)} for table, columns in TABLES.items()
    }


def test_every_field_of_an_entity_and_a_mention_has_a_place_in_the_tables():
    elsewhere = {"id": "entity", "mentions": "entity", "participants": "entity", "roles": "entity"}
    assert {elsewhere.get(field.name, field.name) for field in fields(Entity)} <= TABLES["entities"].keys()
    assert {field.name for field in fields(Mention)} <= TABLES["mentions"].keys()


def test_a_mention_knows_its_sentence_and_a_sentence_its_paragraph():
    entity = Entity("e", Kind.PERSON, "E", (Mention(0, 1, "E"), Mention(9, 10, "E")))
    rows = rows_of([Record(Article("a", "E. E. D.\nE."), (entity,), ((0, 2), (3, 5), (9, 11)), (0, 2))])
    assert [row[-1] for row in rows["mentions"]] == [0, 2]
    assert [row[-1] for row in rows["sentences"]] == [0, 0, 1]


def test_the_digest_changes_with_all_but_the_place():
    article = Article("a", "Text.", "Title", "2025-01-01", "u", "s")
    changed = [
        Article(*("x" if other == i else value for other, value in enumerate(values)))
        for values in [("a", "Text.", "Title", "2025-01-01", "u", "s")]
        for i in range(6)
    ]
    assert {field.name for field in fields(Article)} == {"id", "text", "title", "published", "url", "source", "found"}
    assert len({digest_of(article), *map(digest_of, changed)}) == 7
