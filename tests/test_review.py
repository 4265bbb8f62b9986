"""The questions of `kg review`: which are asked, in what order, what an answer writes, and that none is asked twice."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import kg as package
from kg.cli import main
from kg.corrections import corrected
from kg.curation import Curation, Line, Operation, append, read_curation
from kg.identity import Doubt, Identity, Join
from kg.model import Article, Entity, Kind, Mention, Record, slug
from kg.review import decide, questions

NAMES = {
    "a1": ["David Chong", "Bo Lee", "Bo Lee"],
    "a2": ["Chong", "Bo Lee"],
    "a3": ["Chong", "Ann Lee", "Anne Lee"],
    "a4": ["David Chong", "Anne Lee"],
}


def record(article: str, names: list[str]) -> Record:
    text = ". ".join(names)
    entities = []
    for name in dict.fromkeys(names):
        start = text.index(name)
        mention = Mention(start, start + len(name), name)
        entities.append(Entity(f"person/{slug(name)}", Kind.PERSON, name, (mention,) * names.count(name)))
    return Record(Article(article, text, title=f"On {article}"), tuple(entities), ((0, len(text)),), (0,))


RECORDS = [record(article, names) for article, names in NAMES.items()]
CHONG, DAVID = "person/chong", "person/david-chong"
OWN = {(record.article.id, entity.id): entity.id for record in RECORDS for entity in record.entities}
FULL = Join(("a1", DAVID), ("a4", DAVID), "same full name", 1.0)
WEAK = (
    Join(("a1", DAVID), ("a2", CHONG), "short name of the only Chong", 0.6),
    Join(("a1", DAVID), ("a3", CHONG), "short name of the only Chong", 0.7),
)


def identity(*joins: Join, doubts: tuple[Doubt, ...] = ()) -> Identity:
    joined = {key: DAVID for join in joins for key in (join.a, join.b)}
    return Identity(OWN | joined, tuple(sorted(joins)), doubts)


def asked(found: Identity) -> list[tuple[str, str, str, bool]]:
    return [(q.a.ref, q.b.ref, q.reason, q.joined) for q in questions(RECORDS, found)]


ALIKE = ("person/anne-lee", "person/ann-lee", "the names are alike", False)


def test_names_that_are_alike_are_asked_about_the_weightiest_first():
    assert asked(identity(FULL)) == [(DAVID, CHONG, "one name is part of the other", False), ALIKE]


def test_what_was_left_apart_with_a_doubt_is_asked_with_its_reason():
    doubt = Doubt(CHONG, "person/bo-lee", "both of Peru", 0.5, False)
    assert asked(identity(FULL, doubts=(doubt,)))[0] == ("person/bo-lee", CHONG, "both of Peru", False)


def test_what_hangs_together_by_doubtful_joins_alone_is_asked_once_a_part():
    joined = [question for question in questions(RECORDS, identity(FULL, *WEAK)) if question.joined]
    assert [(q.a.ref, q.b.ref, q.b.articles, q.articles, q.score) for q in joined] == [
        (DAVID, CHONG, ("a2", "a3"), (), 0.7),
    ]


def test_two_of_one_name_are_told_apart_by_their_articles():
    weak = Join(FULL.a, FULL.b, "same full name, but nothing else", 0.5)
    (question,) = [question for question in questions(RECORDS, identity(weak)) if question.joined]
    assert (question.a.articles, question.articles) == (("a4",), ("a1",))
    after = corrected(identity(weak), RECORDS, Curation((question.line(Operation.SPLIT),)))
    assert after.node_of["a4", DAVID] == DAVID
    assert after.node_of["a1", DAVID].startswith(f"{DAVID}-")
    after = corrected(identity(weak), RECORDS, Curation((question.line(Operation.MERGE),)))
    assert [question for question in questions(RECORDS, after) if question.joined] == []


def answered(found: Identity, *answers: str) -> list[Line]:
    given = iter(answers)
    return list(decide(questions(RECORDS, found), lambda question, left: next(given, "q")))


@pytest.mark.parametrize("answer", "yns")
@pytest.mark.parametrize("joins", [(FULL,), (FULL, *WEAK[:1]), (FULL, *WEAK)])
def test_nothing_is_asked_twice(answer, joins, tmp_path):
    before = after = identity(*joins)
    path = tmp_path / "curation.csv"
    done = set()
    while left := asked(after):
        assert done.isdisjoint(left)
        done.add(left[0])
        append(path, answered(after, answer))
        after = corrected(before, RECORDS, read_curation(path))
        assert after.unmatched == ()
    assert len(done) < 6


def test_an_answer_does_what_it_says():
    before = identity(FULL, *WEAK)
    different, _ = answered(before, "n", "s")
    after = corrected(before, RECORDS, Curation((different,)))
    assert {key: after.node_of[key] for key in OWN if "chong" in key[1]} == {
        ("a1", DAVID): DAVID,
        ("a2", CHONG): CHONG,
        ("a3", CHONG): CHONG,
        ("a4", DAVID): DAVID,
    }
    (same,) = answered(identity(FULL), "y")
    assert same == Line(Operation.MERGE, CHONG, DAVID, note="David Chong / Chong")
    assert corrected(identity(FULL), RECORDS, Curation((same,))).node_of["a3", CHONG] == DAVID


def test_what_follows_from_the_answers_is_not_asked():
    doubts = tuple(Doubt(CHONG, other, "why not", 0.5, False) for other in ("person/ann-lee", "person/anne-lee"))
    lines = answered(identity(FULL, doubts=doubts), "y", "s", "n", "y", "y")
    assert [(str(line.operation), line.entity, line.value) for line in lines] == [
        ("merge", "person/anne-lee", CHONG),
        ("skip", DAVID, CHONG),
        ("split", CHONG, "person/ann-lee"),
    ]


STORIES = {
    "one.txt": "Ann Lee, the envoy of Chile, met President Juan Ruiz of Peru on Monday.\n",
    "two.txt": "President Juan Ruis of Peru spoke with Anne Lee, the envoy of Chile, in Lima.\n",
}


@pytest.fixture
def corpus(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in STORIES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def kg(*arguments: object, stdin: str = "", code: int = 0):
    given = ["review", *map(str, arguments), "--accuracy", "fast"]
    result = CliRunner().invoke(main, given, input=stdin, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_a_review_is_written_at_once_and_taken_up_again(corpus):
    shown = kg(corpus, stdin="what\nn\n").stdout
    assert "they are two now: [y] same  [n] different  [s] skip  [q] quit" in shown
    assert "President Juan Ruiz of Peru" in shown
    first = read_curation(corpus / "curation.csv").lines
    assert [str(line.operation) for line in first] == ["split"]
    kg(corpus, stdin="y\n")
    both = read_curation(corpus / "curation.csv").lines
    assert [str(line.operation) for line in both] == ["split", "merge"]
    assert kg(corpus, stdin="y\n").stdout == "nothing is left to decide\n"
    people = [label for _, label in package.build(corpus, accuracy="fast").nodes(data="label")]
    assert len([label for label in people if label.split()[-1] in ("Lee", "Ruiz", "Ruis")]) == 3


def test_quitting_writes_nothing(corpus):
    assert kg(corpus, stdin="q\n").stdout.endswith("0 of 2 decided\n")
    assert not (corpus / "curation.csv").exists()


def test_answers_need_a_file_to_go_to(corpus):
    assert "--curation FILE" in kg(corpus / "one.txt", code=2).stderr
    file = corpus.parent / "mine.csv"
    kg(corpus / "one.txt", corpus / "two.txt", "--curation", file, "--limit", "1", stdin="s\ny\n")
    assert [line.operation for line in read_curation(file).lines] == ["skip"]
