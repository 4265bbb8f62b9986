"""What `kg trace` says of a name: why it is in the graph, or what dropped it in each place."""

import json

import pytest
from click.testing import CliRunner

from kg.cli import main

STORIES = {
    "a1": "Ann Lee, the envoy of Chile, met President Juan Ruiz of Peru on Monday. Lee praised the Bank of Chad.",
    "a2": "Ann Lee of Chile flew from Moscow to Peru, where the Lima Trade Summit began. Tourists like Moscow.",
    "a3": "Juan Ruiz told Reuters that the Ruiz Foundation of Peru would close. Fires burned near Eaton Canyon.",
}


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    lines = (json.dumps({"id": id, "title": f"On {id}", "text": text}) for id, text in STORIES.items())
    (folder / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def kg(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["trace", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def trace(name: str, news, accuracy: str = "fast", code: int = 0):
    found = json.loads(kg(name, news, "--json", "--accuracy", accuracy, code=code))
    for place in [*found["elsewhere"], *(place for node in found["nodes"] for place in node["mentions"])]:
        assert STORIES[place["article"]][place["start"] : place["end"]] == place["text"]
    return found


def notes(name: str, news, accuracy: str = "fast") -> list[tuple[str, str]]:
    return [(place["article"], place["note"]) for place in trace(name, news, accuracy)["elsewhere"]]


@pytest.mark.parametrize("name", ["Ann Lee", "ann  lee", "person/ann-lee", "Lee"])
def test_what_is_there_is_shown_with_all_its_mentions(name, news):
    (node,) = trace(name, news)["nodes"]
    assert (node["id"], node["label"], node["kind"], node["missing"]) == ("person/ann-lee", "Ann Lee", "person", "")
    assert [(place["article"], place["text"]) for place in node["mentions"]] == [
        ("a1", "Ann Lee"),
        ("a1", "Lee"),
        ("a2", "Ann Lee"),
    ]
    assert node["mentions"][1]["quote"] == "Lee praised the Bank of Chad."
    (merged,) = node["merged"]
    assert (merged["a"], merged["b"]) == ("Ann Lee in On a1", "Ann Lee in On a2")
    assert merged["reason"]
    assert 0 < merged["score"] <= 1


def test_the_same_for_a_reader(news):
    shown = kg("Ann Lee", news, "--accuracy", "fast").splitlines()
    assert shown[:4] == [
        "Ann Lee  person/ann-lee",
        "  person, 3 mentions in 2 articles",
        "  On a1  a1",
        "    0: 'Ann Lee' in “Ann Lee, the envoy of Chile, met President Juan Ruiz of Peru on Monday.”",
    ]
    assert "  taken for one:" in shown


WHY_NOT = [
    ("Reuters", "fast", [("a3", "read as an organisation, 'Reuters'")]),
    ("Eaton", "fast", [("a3", "read as a place, 'Eaton Canyon'")]),
    ("Ruiz Foundation", "fast", [("a3", "read as an organisation, 'Ruiz Foundation of Peru'")]),
    ("Monday", "fast", [("a1", "no name to the rules")]),
]


@pytest.mark.parametrize(("name", "accuracy", "expected"), WHY_NOT)
def test_what_is_not_there_is_accounted_for_in_each_place(name, accuracy, expected, news):
    assert notes(name, news, accuracy) == expected


def test_a_capital_that_is_a_place(news):
    assert any("no more than a place" in note for _, note in notes("Moscow", news))


def test_the_recogniser_says_by_how_much(news):
    ((_, note),) = notes("Reuters", news, "best")
    assert note.startswith("read as an organisation, 'Reuters', which leads by ")
    ((_, note),) = notes("praised", news, "best")
    assert note.startswith("no name to the recogniser: ")


def test_a_country_named_within_other_names_alone(news):
    (node,) = trace("Chad", news)["nodes"]
    assert node["missing"].startswith("a country that is named only within other names")
    assert [place["note"] for place in node["mentions"]] == ["within the name of something else"]


def test_part_of_another_name(news):
    assert notes("Summit", news) == [
        ("a2", "part of 'Lima Trade Summit', a mention of Lima Trade Summit (event/lima-trade-summit)")
    ]


def test_the_corrections_that_touched_it(news):
    (news / "curation.csv").write_text("merge,Juan Ruiz,Ann Lee\nrename,Ann Lee,A. Lee\ndrop,Lima Trade Summit\n")
    (node,) = trace("A. Lee", news)["nodes"]
    file = news / "curation.csv"
    assert node["corrections"] == [f"{file}:1: merge, Juan Ruiz, Ann Lee", f"{file}:2: rename, Ann Lee, A. Lee"]
    assert f"{file}:1" in [merged["reason"] for merged in node["merged"]]
    (dropped,) = trace("Lima Trade Summit", news)["nodes"]
    assert (dropped["missing"], dropped["corrections"]) == (
        "dropped by a correction",
        [f"{file}:3: drop, Lima Trade Summit"],
    )


def test_what_occurs_nowhere_is_said_with_what_is_like_it(news):
    assert trace("Anna Lee", news, code=1)["similar"] == ["Ann Lee"]
    shown = kg("Anna Lee", news, "--accuracy", "fast", code=1)
    assert shown == "'Anna Lee' occurs in none of the articles\n  is it 'Ann Lee'?\n"


def test_no_article_is_said(tmp_path):
    kg("Ann Lee", tmp_path, code=1)
