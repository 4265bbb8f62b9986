"""What each line of a curation does to who is who, on records of a few names."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.corpus import graph_of
from kg.corrections import corrected
from kg.curation import Curation, Line, Operation
from kg.graph import Window
from kg.identity import Identity, former_ids, profile_of, relabelled, resolve
from kg.model import Article, Entity, Kind, Mention, Place, Record, slug

SAID = {
    "a1": ["David Chong", "Bo Lee", "Storm Kay", "Bo Lee"],
    "a2": ["Chong", "Bo Lee"],
    "a3": ["Chong", "Bo Poe"],
}


def record(article: str, names: list[str]) -> Record:
    text, entities = ". ".join(names), {}
    for name in names:
        start = text.index(name)
        entities[name] = Entity(f"person/{slug(name)}", Kind.PERSON, name, (Mention(start, start + len(name), name),))
    netherlands = Entity("country/NL", Kind.COUNTRY, "Netherlands", (Mention(0, 1, "N", "name"),), iso="NL")
    party = Entity(
        f"event/party-0000000{article[1]}",
        Kind.EVENT,
        f"Party {article}",
        (Mention(0, 2, "it"),),
        type="other",
        named=False,
        participants=tuple(entity.id for entity in entities.values()),
        roles=tuple((entity.id, "source") for entity in entities.values()),
    )
    found = (Place("news.jsonl", int(article[1])),)
    return Record(
        Article(article, text, found=found), (*entities.values(), netherlands, party), ((0, len(text)),), (0,)
    )


RECORDS = [record(article, names) for article, names in SAID.items()]


def lines(*told: str) -> Curation:
    """Make a curation of lines such as "merge,A,B"."""
    made = []
    for number, line in enumerate(told, 1):
        operation, entity, value, articles, *_ = [*line.split(","), "", ""]
        split = tuple(filter(None, articles.split("|")))
        made.append(Line(Operation(operation), entity, value, split, where=f"c.csv:{number}"))
    return Curation(tuple(made))


def by_id(records: list[Record]) -> Identity:
    """Take entities of one id for one: who is who without any rule."""
    return Identity({(record.article.id, entity.id): entity.id for record in records for entity in record.entities})


def people(identity: Identity) -> dict[str, list[str]]:
    """Return what each node of a person holds: its entities as article:name."""
    found: dict[str, list[str]] = {}
    for (article, id), node in sorted(identity.node_of.items()):
        if not node.startswith("country/") and not id.startswith(("country/", "event/")):
            found.setdefault(node, []).append(f"{article}:{id.removeprefix('person/')}")
    return dict(sorted(found.items()))


BEFORE = {
    "person/bo-lee": ["a1:bo-lee", "a2:bo-lee"],
    "person/bo-poe": ["a3:bo-poe"],
    "person/chong": ["a2:chong", "a3:chong"],
    "person/david-chong": ["a1:david-chong"],
    "person/storm-kay": ["a1:storm-kay"],
}
ALL_CHONG = ["a1:david-chong", "a2:chong", "a3:chong"]
NOBODY: dict[str, list[str]] = {}

CASES = [
    (["merge,chong,David  Chong"], {"person/chong": None, "person/david-chong": ALL_CHONG}),
    (["merge,person/david-chong,person/chong"], {"person/david-chong": None, "person/chong": ALL_CHONG}),
    (
        ["merge,chong,david chong,a3"],
        {"person/chong": ["a2:chong"], "person/david-chong": ["a1:david-chong", "a3:chong"]},
    ),
    (["split,Bo Lee,Another Lee,a2"], {"person/bo-lee": ["a1:bo-lee"], "person/another-lee": ["a2:bo-lee"]}),
    (["split,Bo Lee,,news.jsonl:2"], {"person/bo-lee": ["a1:bo-lee"], "person/bo-lee-22cf9c45": ["a2:bo-lee"]}),
    (["merge,Chong,David Chong", "split,David Chong,Chong"], {}),
    (["merge,Chong,David Chong", "split,person/chong,David Chong"], {}),
    (["merge,Chong,David Chong", "split,David Chong,person/chong"], {}),
    (["split,David Chong,Chong", "merge,Chong,David Chong"], {"person/chong": None, "person/david-chong": ALL_CHONG}),
    (["split,David Chong,Chong"], {}),
    (
        ["merge,Chong,David Chong", "merge,David Chong,Bo Poe"],
        {"person/chong": None, "person/david-chong": None, "person/bo-poe": sorted([*ALL_CHONG, "a3:bo-poe"])},
    ),
    (
        ["merge,David Chong,Bo Poe", "merge,Chong,person/david-chong"],
        {"person/chong": None, "person/david-chong": None, "person/bo-poe": sorted([*ALL_CHONG, "a3:bo-poe"])},
    ),
    (["drop,Storm Kay"], {"person/storm-kay": None}),
    (["drop,Bo Lee,,a2"], {"person/bo-lee": ["a1:bo-lee"]}),
    (["drop,Bo Lee,,a2", "rename,Bo Lee,Bo"], {"person/bo-lee": ["a1:bo-lee"]}),
    (["drop,Storm Kay", "rename,Storm Kay,Kay"], {}),
    (["kind,Storm Kay,event"], {"person/storm-kay": None, "event/storm-kay": ["a1:storm-kay"]}),
    (["kind,Storm Kay,event", "kind,person/storm-kay,person"], {}),
    (["kind,Storm Kay,event", "not-event,Storm Kay"], {"person/storm-kay": None}),
    (
        ["rename,Chong,Maurice", "merge,Bo Poe,Maurice"],
        {"person/bo-poe": None, "person/chong": ["a2:chong", "a3:bo-poe", "a3:chong"]},
    ),
    (["merge,a,b", "skip,Chong,Bo Lee"], {}),
]


@pytest.mark.parametrize(("told", "changed"), CASES)
def test_what_a_line_does(told, changed):
    after = {**BEFORE, **changed}
    for seed in range(3):
        records = random.Random(seed).sample(RECORDS, 3)
        assert people(corrected(by_id(records), records, lines(*told))) == {k: v for k, v in after.items() if v}


UNMATCHED = {
    "drop,Zoe": ("no entity 'Zoe'", False),
    "not-event,Bo Lee": ("no event 'Bo Lee'", False),
    "merge,Bo Lee,Zoe": ("no entity 'Zoe'", False),
    "drop,it": ("no entity 'it'", False),
    "rename,Party a1,x": None,
    "drop,Bo Lee,,a3": ("not mentioned in a3", False),
    "split,Bo Lee,Bo Lee": ("column articles", False),
    "split,Netherlands,Holland,a1": ("a country", True),
    "merge,Bo,Zoe": ("no entity 'Bo'", False),
}


@pytest.mark.parametrize("told", UNMATCHED)
def test_a_line_that_meets_nothing_is_reported(told):
    identity = corrected(by_id(RECORDS), RECORDS, lines("rename,Bo Poe,B", told))
    assert people(identity) == BEFORE
    if expected := UNMATCHED[told]:
        (notice,) = identity.unmatched
        assert (notice.where, notice.skipped) == ("c.csv:2", expected[1])
        assert expected[0] in str(notice)
    else:
        assert identity.unmatched == ()


def test_a_name_of_several_is_reported_with_all_of_them():
    (notice,) = corrected(by_id(RECORDS), RECORDS, lines("rename,Chong,Bo Lee", "drop,Bo Lee")).unmatched
    assert "means several: person/bo-lee, person/chong" in str(notice)
    assert notice.skipped


def test_the_event_of_an_article_is_found_when_its_label_changes():
    identity = corrected(by_id(RECORDS), RECORDS, lines("not-event,event/feast-in-rome-00000002"))
    assert ("a2", "event/party-00000002") not in identity.node_of
    assert len(identity.node_of) == len(by_id(RECORDS).node_of) - 1


def test_labels_items_joins_and_lines_are_kept():
    told = lines("rename,Chong,D. Chong", "merge,Chong,David Chong", "wikidata,David Chong,Q1", "drop,Bo Poe")
    identity = corrected(by_id(RECORDS), RECORDS, told)
    assert identity.labels == {"person/david-chong": "David Chong"}
    assert [candidate.item for candidate in identity.wikidata["person/david-chong"]] == ["Q1"]
    (join,) = [join for join in identity.joins if join.reason.startswith("c.csv")]
    assert (join.a, join.b, join.reason) == (("a1", "person/david-chong"), ("a2", "person/chong"), "c.csv:2")
    assert {node: [line.where for line in found] for node, found in identity.lines.items()} == {
        "person/bo-poe": ["c.csv:4"],
        "person/david-chong": ["c.csv:1", "c.csv:2", "c.csv:3"],
    }


def test_records_follow():
    told = lines("merge,Storm Kay,country/NL", "merge,Chong,country/FR", "kind,Bo Poe,event", "drop,Bo Lee")
    identity = corrected(by_id(RECORDS), RECORDS, told)
    first, _, third = (relabelled(record, identity) for record in RECORDS)
    assert [(e.id, e.kind, e.iso, len(e.mentions)) for e in first.entities] == [
        ("person/david-chong", "person", None, 1),
        ("country/NL", "country", "NL", 2),
        ("event/party-00000001", "event", None, 1),
    ]
    assert "country/NL" not in identity.wikidata
    assert first.entities[-1].participants == ("person/david-chong", "country/NL")
    assert [(e.id, e.kind, e.iso, e.label, e.type) for e in third.entities[:2]] == [
        ("country/FR", "country", "FR", "France", None),
        ("event/bo-poe", "event", None, "Bo Poe", "other"),
    ]


def test_corrections_to_what_the_rules_joined_depend_on_no_order():
    told = lines("split,David Chong,Chong", "merge,Bo Poe,Bo Lee", "split,Bo Lee,Bo Poe", "not-event,Party a1")
    after = [corrected(resolve(map(profile_of, records)), records, told) for records in (RECORDS, RECORDS[::-1])]
    assert after[0] == after[1]
    assert after[0].unmatched == ()
    assert people(after[0])["person/david-chong"] == ["a1:david-chong"]
    assert {node for node in after[0].node_of.values() if node.startswith("event/")} == {"event/party-00000003"}


NAMES = [
    *("Chong", "David Chong", "Bo Lee", "Storm Kay", "person/bo-poe", "Party a1", "event/party-00000002", "Zoe"),
    *("country/NL", "country/FR", "Netherlands", "event/storm-kay", "person/david-chong"),
]
any_line = st.builds(
    Line,
    st.sampled_from(Operation),
    st.sampled_from(NAMES),
    st.sampled_from([*NAMES, ""]),
    st.lists(st.sampled_from(["a1", "a2", "a3", "a9"]), max_size=2, unique=True).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(told=st.lists(any_line, max_size=6), order=st.permutations(RECORDS))
def test_any_lines_leave_a_graph_the_same_in_any_order(told, order):
    kinds = [
        replace(line, value="event" if line.value else "person") if line.operation is Operation.KIND else line
        for line in told
    ]
    curation = Curation(tuple(replace(line, where=f"c.csv:{i}") for i, line in enumerate(kinds)))
    one, other = (corrected(resolve(map(profile_of, records)), records, curation) for records in (RECORDS, order))
    assert one == other
    assert {join.a for join in one.joins} | {join.b for join in one.joins} <= one.node_of.keys()
    assert all(one.node_of[join.a] == one.node_of[join.b] for join in one.joins)
    graph = graph_of([relabelled(record, one) for record in RECORDS], one, {}, Window.SENTENCE, countries_in_names=True)
    assert set(graph) == set(one.node_of.values())
    assert [node for node, kind in graph.nodes(data="kind") if kind != node.partition("/")[0]] == []


FORMER = [
    ([], {}),
    (["merge,chong,David Chong"], {"person/david-chong": ["person/chong"]}),
    (["merge,chong,David Chong,a3"], {}),
    (
        ["merge,Chong,David Chong", "merge,David Chong,Bo Poe"],
        {"person/bo-poe": ["person/chong", "person/david-chong"]},
    ),
    (["kind,Storm Kay,event"], {"event/storm-kay": ["person/storm-kay"]}),
    (["rename,Storm Kay,Kay"], {}),
    (["drop,Storm Kay"], {}),
]


@pytest.mark.parametrize(("told", "former"), FORMER)
def test_an_id_that_no_node_has_any_more_leads_on(told, former):
    assert former_ids(corrected(by_id(RECORDS), RECORDS, lines(*told))) == former


def test_an_id_that_meant_two_leads_on_to_both():
    named = {("a2", "person/chong"): "person/david-chong", ("a3", "person/chong"): "person/ma-chong"}
    identity = Identity(dict(by_id(RECORDS).node_of) | named)
    both = {"person/david-chong": ["person/chong"], "person/ma-chong": ["person/chong"]}
    assert former_ids(identity) == both
    graph = graph_of([relabelled(record, identity) for record in RECORDS], identity, {}, Window.SENTENCE)
    assert {node: ids for node, ids in graph.nodes(data="replaces") if ids} == both
