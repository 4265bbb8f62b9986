"""The page as it is shipped: built from the sources beside it, as large as it should be, and with its licences."""

import hashlib
import json
import re
from pathlib import Path

import networkx as nx
from click.testing import CliRunner

import kg
from kg.cli import main

SERVER = Path(__file__).parent.parent / "kg" / "server"


def test_the_page_was_built_from_the_sources_as_they_are():
    names = ["build.mjs", "explorer.css", "explorer.html", "package-lock.json"]
    names += [f"src/{path.name}" for path in (SERVER / "page" / "src").iterdir()]
    digests = {name: hashlib.sha256((SERVER / "page" / name).read_bytes()).hexdigest() for name in names}
    built = dict(reversed(line.split()) for line in (SERVER / "static" / "SOURCES.sha256").read_text().splitlines())
    assert built == digests, "the page's sources changed: npm ci && npm run build in kg/server/page"


def test_what_is_bundled_has_its_licence():
    licences = (SERVER / "static" / "LICENSES.txt").read_text(encoding="utf-8")
    assert all(f"{name} " in licences for name in ("graphology", "sigma"))
    assert (SERVER / "static" / "explorer.js").stat().st_size < 300_000


def test_a_page_of_too_many_names_holds_the_heaviest_and_says_what_it_leaves_out(tmp_path):
    links = [(f"person/n{i:04}", "country/PE", {"weight": float(1 + i % 7)}) for i in range(5_004)]
    graph = nx.Graph(links, articles={})
    kg.write(graph, tmp_path / "kg.json")
    result = CliRunner().invoke(main, ["view", str(tmp_path / "kg.json"), "-o", str(tmp_path / "page.html")])
    assert (result.exit_code, "at most 5,000 of the 5,005 names" in result.stderr) == (0, True)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text)[1])
    assert (len(data["nodes"]), data["total"]) == (5_000, {"nodes": 5_005, "links": 5_004})
    left = {a for a, _, _ in links} - {node["id"] for node in data["nodes"]}
    assert {graph[node]["country/PE"]["weight"] for node in left} == {1.0}
