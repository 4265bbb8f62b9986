import re

import pytest

from kg.event_ties import Name, Spot, ties

# Each row: a sentence with a verb in <> or a noun in [] that tells of an event, and a name in {}; what ties the name.
TIES = [
    ("{Xi} <met> Putin.", {"left", "left of a verb", "touching"}),
    ("Putin <met> with {Xi}.", {"right with", "right with of a verb", "close"}),
    ("A [meeting] between the Chinese leader {Xi} and Putin.", {"right between", "right between of a noun", "near"}),
    ("{Xi}'s short [visit].", {"owner", "owner of a noun", "close"}),
    ("The {Xi} [visit].", {"modifier", "modifier of a noun", "touching"}),
    ("The [Xi–{Putin} meeting].", {"inside", "inside of a noun", "touching"}),
    ("{Xi} was <arrested>.", {"left", "left of a verb", "subject of a passive", "close"}),
    ("He was <arrested> by {Xi}.", {"right by", "right by of a verb", "close", "agent"}),
    ("Ann, who left {Xi}, <met> Putin.", {"left", "left of a verb", "close", "said besides"}),
    ("{Xi} invited students from Lima to <visit>.", {"left", "left of a verb", "near", "a clause between"}),
    (
        "{Xi} said that Putin <left>.",
        {"left", "left of a verb", "near", "a clause between", "speech between", "speaks"},
    ),
    ("The [talks] failed, according to {Xi}.", {"right", "right of a noun", "near", "speech between", "speaks"}),
]


def mark(text, brackets):
    """Return the bounds of what stands in `brackets`, reckoned without any brackets."""
    found = re.search(rf"\{brackets[0]}(.*?)\{brackets[1]}", text)
    if not found:
        return None
    start = len(re.sub(r"[<>{}\[\]]", "", text[: found.start()]))
    return start, start + len(re.sub(r"[<>{}\[\]]", "", found[1]))


@pytest.mark.parametrize(("text", "tied"), TIES)
def test_a_name_is_tied_by_side_preposition_distance_and_clause(text, tied):
    verb = mark(text, "<>")
    spot = Spot(*(verb or mark(text, "[]")), verb is not None)
    plain = re.sub(r"[<>{}\[\]]", "", text)
    assert ties(plain, spot, [Name(*mark(text, "{}"), "xi", None)], [], 0) == {"xi": tied}


def test_the_names_of_a_list_share_their_ties():
    text = "Xi met with Putin, Modi and Prime Minister Abe."
    names = [Name(m.start(), m.end(), m[0], None) for m in re.finditer("Putin|Modi|Abe", text)]
    found = ties(text, Spot(3, 6, True), names, [], 0)
    assert {name: "right with" in tied for name, tied in found.items()} == {"Putin": True, "Modi": True, "Abe": True}


def test_another_event_between_is_noted():
    text = "Xi visited Rome and met Modi."
    found = ties(text, Spot(3, 10, True), [Name(24, 28, "modi", None)], [Spot(20, 23, True)], 0)
    assert "an event between" in found["modi"]


def test_the_form_of_a_country_is_a_tie():
    assert (
        "form adjective" in ties("The Dutch visit.", Spot(10, 15, False), [Name(4, 9, "NL", "adjective")], [], 0)["NL"]
    )
