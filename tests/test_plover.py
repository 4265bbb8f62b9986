from pathlib import Path

import pytest

from kg.gazetteers import table
from kg.plover import plover

TYPES = {
    *("meeting", "call", "visit", "talks", "agreement", "conference", "conflict", "protest", "election"),
    *("sanction", "disaster", "justice", "sport", "culture", "personnel", "business", "campaign", "other"),
}
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), "verbal cooperation"),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), "material cooperation"),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), "verbal conflict"),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), "material conflict"),
}

CODED = [
    ("visit", ["trip"], ("CONSULT", "visit", "verbal cooperation")),
    ("agreement", ["signing"], ("SUPPORT", "", "verbal cooperation")),
    ("agreement", ["truces"], ("CONCEDE", "", "verbal cooperation")),
    ("protest", ["riots"], ("PROTEST", "riot", "material conflict")),
    ("sanction", ["ban"], ("COERCE", "ban", "material conflict")),
    ("conflict", ["", "kidnapping"], ("ASSAULT", "abduct", "material conflict")),
    ("personnel", ["resignation"], ("RETREAT", "resign", "material cooperation")),
    ("personnel", ["appointment"], ()),
    ("sport", ["match"], ()),
]


@pytest.mark.parametrize(("type_", "nouns", "coded"), CODED)
def test_type_and_noun_give_class_mode_and_quad_class(type_, nouns, coded):
    assert plover(type_, nouns) == coded


def test_the_table_knows_our_types_and_the_classes_of_plover_with_their_quad_class():
    rows = table("plover")
    assert {row["type"] for row in rows} <= TYPES
    assert [row for row in rows if row["quad"] != QUADS.get(row["class"])] == []
    assert len({(row["type"], row["noun"]) for row in rows}) == len(rows)


def published_rows() -> list[str]:
    """Return the rows of the table in docs/events.md: nouns of one type, class and mode in one row."""
    nouns: dict[tuple[str, str, str, str], list[str]] = {}
    for row in table("plover"):
        key = row["type"], row["class"], row["mode"] or "", row["quad"]
        nouns.setdefault(key, []).append(row["noun"] or "*any other*")
    return [f"| {key[0]} | {', '.join(own)} | {' | '.join(key[1:])} |" for key, own in nouns.items()]


def test_the_table_is_published_as_it_is():
    page = (Path(__file__).parent.parent / "docs/events.md").read_text(encoding="utf-8").splitlines()
    start = page.index("| type | nouns | class | mode | quad class |") + 2
    assert page[start : page.index("", start)] == published_rows()
