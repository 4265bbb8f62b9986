"""Files that kg writes conform to its shapes, and what does not is told in a line that can be read."""

import os
import re

import pytest
from golden.graph import small_graph

from kg.errors import MissingExtra, UnreadableGraph
from kg.formats import write
from kg.validation import findings

if os.environ.get("CI") != "true":
    pytest.importorskip("pyshacl", reason='checking shapes needs pip install "kg[validate]"')


@pytest.mark.parametrize("profile", ["core", "evidence", "full"])
@pytest.mark.parametrize("suffix", [".ttl", ".nt.gz", ".nq", ".trig", ".jsonld"])
def test_what_kg_writes_conforms(suffix, profile, tmp_path):
    assert list(findings(write(small_graph(), tmp_path / f"kg{suffix}", profile=profile))) == []


BROKEN = [
    (r'kg:iso2 "UA"', 'kg:iso2 "Ukraine"', "an alpha-2 code is two capital letters (is 'Ukraine')"),
    (r'schema:name "Ukraine" ;', "", "has one name, a plain text"),
    (r"kg:weight 1.5 ;", 'kg:weight "much" ;', "has one weight, a decimal that is not negative (is 'much')"),
    (r"(?s)\nquote:plain-1_0-(?!200)\d+ .*?\.\n\n", "\n", "has one best quote at most, and it is in the file"),
    (r"oa:start 0 ;", "oa:start 900 ;", "says where it begins, not after where it ends"),
    (r'kg:relation "participant"', 'kg:relation "friend"', "is a co-occurrence or tells of a participant"),
    (r'kg:firstSeen "2022-01-29"', 'kg:firstSeen "2023-01-29"', "is first seen on a day, not after it is last seen"),
]


@pytest.mark.parametrize(("pattern", "broken", "message"), BROKEN)
def test_what_is_broken_is_told(pattern, broken, message, tmp_path):
    path = write(small_graph(), tmp_path / "kg.ttl")
    text = path.read_text(encoding="utf-8")
    changed = re.sub(pattern, broken, text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    assert any(message in finding for finding in findings(path)), list(findings(path))


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("kg.ttl", "this is no Turtle", r"kg\.ttl: cannot be read as RDF"),
        ("kg.xlsx", "", r"kg\.xlsx: not known to be RDF; give one of \.ttl \.nt"),
        ("kg.nt.gz", "not compressed", r"kg\.nt\.gz: cannot be read as RDF"),
    ],
)
def test_what_is_no_rdf_is_refused_in_one_line(name, text, error, tmp_path):
    (tmp_path / name).write_text(text)
    with pytest.raises(UnreadableGraph, match=error):
        list(findings(tmp_path / name))


def test_without_pyshacl_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyshacl", None)
    with pytest.raises(MissingExtra, match=r'pip install "kg\[validate\]"'):
        list(findings("kg.ttl"))
