"""The file of corrections: how it may be written, what is said of a bad line, and that adding to it loses nothing."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.curation import COLUMNS, Line, Operation, append, cell, news, read_curation, read_lines
from kg.errors import BadCuration, CannotWrite

HEADER = "operation,entity,value,articles,note\n"
MERGE = Line(Operation.MERGE, "Xi", "Xi Jinping")
SPLIT = Line(Operation.SPLIT, "Bo Lee", "", ("a1", "a2"))


def written(tmp_path, text: str | bytes):
    path = tmp_path / "curation.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def bare(line: Line) -> Line:
    return Line(line.operation, line.entity, line.value, line.articles, line.note)


WAYS = {
    "commas": HEADER + "merge,Xi,Xi Jinping,,\nsplit,Bo Lee,,a1|a2,\n",
    "semicolons": HEADER.replace(",", ";") + "merge;Xi;Xi Jinping;;\nsplit;Bo Lee;;a1 | a2;\n",
    "tabs": HEADER.replace(",", "\t") + "merge\tXi\tXi Jinping\nsplit\tBo Lee\t\ta1|a2\n",
    "a byte order mark": "\ufeff" + HEADER + "merge,Xi,Xi Jinping\nsplit,Bo Lee,,a1|a2\n",
    "UTF-16": (HEADER + "merge,Xi,Xi Jinping\nsplit,Bo Lee,,a1|a2\n").encode("utf-16"),
    "carriage returns": (HEADER + "merge,Xi,Xi Jinping\nsplit,Bo Lee,,a1|a2\n").replace("\n", "\r\n"),
    "quotes": '"operation","entity","value","articles"\n"merge","Xi","Xi Jinping",""\n"split","Bo Lee","","a1|a2"\n',
    "other columns": "who,articles,Operation,entity,value\nme,,Merge,Xi, Xi  Jinping\nme,a1|a2,SPLIT,Bo Lee,\n",
    "no header": "merge,Xi,Xi Jinping\nsplit,Bo Lee,,a1|a2",
    "comments and blanks": "# ours\n\n" + HEADER + "\nmerge,Xi,Xi Jinping\n# so far\n,,,,\nsplit,Bo Lee,,a1|a2\n",
    "a named delimiter": "sep=;\noperation;entity;value;articles\nmerge;Xi;Xi Jinping\nsplit;Bo Lee;;a1|a2\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_file_can_be_written_in_many_ways(way, tmp_path):
    found = read_curation(written(tmp_path, WAYS[way]))
    assert [bare(line) for line in found.lines] == [MERGE, SPLIT]
    assert found.notices == ()


def test_an_empty_file_corrects_nothing(tmp_path):
    assert read_curation(written(tmp_path, "")).lines == ()


BAD = {
    "fuse,Xi,Xi Jinping": "'fuse'",
    ",Xi,Xi Jinping": "no operation",
    "merge,,Xi Jinping": "without an entity",
    "merge,Xi,": "merge,Xi,Xi Jinping",
    "split,Xi,": "split,David Chong,Chong",
    "drop,Xi,Monday": "takes no value",
    "rename,Xi,Xi Jinping,a1": "all articles",
    "kind,Xi,robot": "'robot'",
    "kind,Holland,country": "merge,Holland,country/NL",
    "wikidata,Xi,15031": "Q15031",
    "merge,Xi,Xi Jinping,,note,more": "more cells",
    'merge,"Xi" Jinping,Xi': '""',
    'merge,"Xi,Xi Jinping': '""',
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_named_and_the_others_count(line, tmp_path):
    path = written(tmp_path, f"{HEADER}merge,Xi,Xi Jinping\n{line}\nsplit,Bo Lee,,a1|a2\n")
    found = read_curation(path)
    assert [bare(line) for line in found.lines] == [MERGE, SPLIT]
    (notice,) = found.notices
    assert (notice.where, notice.skipped) == (f"{path}:3", True)
    assert BAD[line] in str(notice)


def test_a_file_of_something_else_is_refused(tmp_path):
    for text in ("name,age\nAnn,7\n", b"%PDF-1.7\n", b"\x00\x01\x02"):
        with pytest.raises(BadCuration):
            read_curation(written(tmp_path, text))
    with pytest.raises(BadCuration, match=r"nowhere\.csv"):
        read_curation(tmp_path / "nowhere.csv")


def test_an_item_of_wikidata_may_be_given_by_its_address(tmp_path):
    path = written(tmp_path, "wikidata,Xi,https://www.wikidata.org/wiki/Q15031\nwikidata,Bo,none\n")
    assert [line.value for line in read_curation(path).lines] == ["Q15031", "none"]


KEPT = {
    "what is there": HEADER + "# by hand\nmerge,A,B,,\n",
    "no end of line": HEADER + "merge,A,B,,",
    "semicolons": HEADER.replace(",", ";") + 'rename;A;"B; C";;\n',
    "carriage returns": (HEADER + "merge,A,B,,\n").replace("\n", "\r\n"),
    "a mark": "\ufeff" + HEADER + "merge,A,B,,\n",
    "a bad line": HEADER + 'merge,"A" B,C\nfuse,A,B\nmerge,A,B\n',
}


@pytest.mark.parametrize("kept", KEPT)
def test_what_is_in_the_file_stays_as_it_is(kept, tmp_path):
    path = written(tmp_path, KEPT[kept])
    before = [bare(line) for line in read_curation(path).lines]
    append(path, [MERGE, SPLIT])
    assert path.read_bytes().startswith(KEPT[kept].encode())
    assert [bare(line) for line in read_curation(path).lines] == [*before, MERGE, SPLIT]
    assert (b"\r\n" in path.read_bytes()) == (kept == "carriage returns")
    assert [file.name for file in tmp_path.iterdir()] == ["curation.csv"]


def test_lines_are_not_added_to_something_else(tmp_path):
    path = written(tmp_path, "id,label,was\n")
    with pytest.raises(BadCuration, match="no column entity nor operation"):
        append(path, [MERGE])
    with pytest.raises(CannotWrite):
        append(tmp_path / "nowhere" / "curation.csv", [MERGE])


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).map(cell).filter(bool)
articles = st.lists(names.map(lambda name: name.replace("|", "").strip()).filter(bool), max_size=3).map(tuple)
any_line = st.one_of(
    st.builds(Line, st.sampled_from([Operation.MERGE, Operation.SPLIT]), names, names, articles, names),
    st.builds(Line, st.sampled_from([Operation.DROP, Operation.NOT_EVENT]), names, articles=articles),
    st.builds(Line, st.just(Operation.RENAME), names, names),
)


@settings(max_examples=40, deadline=None)
@given(lines=st.lists(any_line, max_size=5), more=st.lists(any_line, max_size=3))
def test_what_is_written_is_what_is_read(lines, more, tmp_path_factory):
    path = tmp_path_factory.mktemp("curation") / "curation.csv"
    append(path, lines)
    append(path, more)
    found = list(read_lines(path))
    assert [bare(line) for line in found] == lines + more
    assert [line.where for line in found] == [f"{path}:{i + 2}" for i in range(len(found))]


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200))
def test_no_file_breaks_the_reader(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("curation") / "curation.csv"
    path.write_bytes(data)
    with suppress(BadCuration):
        read_curation(path)


def test_what_was_said_last_is_not_said_again():
    rename = [Line(Operation.RENAME, "a", name) for name in "xy"]
    assert news([rename[0], MERGE], rename) == [rename[0], MERGE]
    assert news([rename[1], MERGE], [*rename, MERGE]) == []
    assert news([MERGE], [MERGE, Line(Operation.SPLIT, "Xi", "Xi Jinping")]) == [MERGE]


def test_the_columns_are_those_of_the_document():
    assert ",".join(COLUMNS) + "\n" == HEADER
