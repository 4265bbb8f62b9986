"""Whatever names and quotes hold survives every format, or is cleaned by the rule that docs/formats.md states.

Each format is written, read by a program that is not ours, and compared as a whole: ids, names, aliases, places, the
ends of links, weights, quotes.
"""

import csv
import html.parser
import json
from typing import NamedTuple

import duckdb
import networkx as nx
import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.formats import FORMATS, write_all
from kg.formats.text import clean
from kg.graph import Evidence
from kg.vocabulary import BASE, PREFIXES, iri

AWKWARD = (
    *("O’Neil \"Bo\" 'Jr' \\ `x`", "Tom & Jerry <b>&amp;</b> ]]> <!-- --> </script>", "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽"),
    *("\u202bمحمد בן־סלמאן\u202c", "two\nlines\r\nand\ta tab\rand more", "bell\x07 null\x00 next\x85 end"),
    *("a, b; c | d ¦ e", "  two  before and after  ", "=1+1", "-", "'", '"', "\ud83d torn", "\ufffe", "", "x" * 10_000),
    *("\u2028 and \u2029", "%41 + %", "$1 {0} %s", "\\n \\u0041", "e\u0301 é", "@en", "<https://kg.example/>"),
)
TEXT = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(), max_size=20))


class Said(NamedTuple):
    """What a file says: of nodes (label, aliases, place) by id, and of links (weight, quote) by their two ends."""

    nodes: dict[str, tuple[str, list[str], str]]
    links: dict[frozenset[str], tuple[float, str]]


def graph_of(name, label, alias, place, quote):
    """Return a person and an event with awkward ids and texts, and two whose ids differ by what is cleaned alone."""
    a, b, odd, other = f"person/{name}", f"event/{name}", f"person/{name}\x01", f"person/{name}\x02"
    graph = nx.Graph(articles={alias: {"title": label, "source": place, "mentions": [a, b], "found": [quote]}})
    for node in (a, odd, other):
        graph.add_node(node, kind="person", label=label, aliases=sorted({alias, quote}), place="")
    graph.add_node(b, kind="event", label=alias, aliases=[], place=place)
    for i, ends in enumerate([(a, b), (odd, other)]):
        mentions = tuple((end, 0, 1, label) for end in ends)
        graph.add_edge(*ends, weight=i + 0.5, evidence=[Evidence(alias, i, i + 9, quote, mentions)])
    return graph


def said(graph, text=clean, id=None):
    """Return what a file should say: texts as `text` makes them, ids as `id` does."""
    id = id or (lambda node: node)
    nodes = {
        id(node): (text(row["label"]), sorted(map(text, row["aliases"])), text(row["place"]))
        for node, row in graph.nodes(data=True)
    }
    ends = {
        frozenset(map(id, (a, b))): (link["weight"], text(link["evidence"][0].text))
        for a, b, link in graph.edges(data=True)
    }
    return Said(nodes, ends)


def of_rdf(path):
    store = pyoxigraph.Store()
    for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.from_extension(path.suffix[1:])):
        store.add(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object))

    def ask(query):
        head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
        return [[cell and cell.value for cell in row] for row in store.query(head + query)]

    nodes = {}
    for node, label, place in ask(
        "SELECT ?x ?n ?p { ?x a ?k ; schema:name ?n . OPTIONAL { ?x schema:location ?p } "
        "FILTER(?k IN (schema:Person, schema:Event)) }"
    ):
        nodes[node] = (label, [], place or "")
    for node, alias in ask("SELECT ?x ?n { ?x schema:alternateName ?n }"):
        nodes[node][1].append(alias)
    links = ask(
        "SELECT ?a ?b ?w ?q { ?l kg:member ?a, ?b ; kg:weight ?w ; kg:bestEvidence/oa:exact ?q "
        "FILTER(STR(?a) < STR(?b)) }"
    )
    return Said(
        {node: (label, sorted(aliases), place) for node, (label, aliases, place) in nodes.items()},
        {frozenset((a, b)): (float(weight), quote) for a, b, weight, quote in links},
    )


def of_networkx(read):
    def of(path):
        graph = read(path)
        return Said(
            {node: (d.get("label", ""), _split(d), d.get("place", "")) for node, d in graph.nodes(data=True)},
            {frozenset((a, b)): (d["weight"], _quote(d)) for a, b, d in graph.edges(data=True)},
        )

    return of


def _split(row):
    aliases = row.get("aliases", "")
    return aliases if isinstance(aliases, list) else [aliases]


def _quote(link):
    return link["evidence"][0]["text"] if "evidence" in link else link.get("quote", "")


def _node_link(path):
    return nx.node_link_graph(json.loads(path.read_text("utf-8")), edges="links")


class _Data(html.parser.HTMLParser):
    """Finds the JSON in a page."""

    def handle_starttag(self, tag, attributes):
        self.inside = tag == "script" and ("type", "application/json") in attributes

    def handle_data(self, data):
        if self.inside:
            self.found, self.inside = data, False


def of_page(path):
    reader = _Data()
    reader.inside = False
    reader.feed(path.read_text("utf-8"))
    data = json.loads(reader.found)
    ids = [node["id"] for node in data["nodes"]]
    return Said(
        {d["id"]: (d["label"], sorted(d.get("aliases", [])), d.get("place", "")) for d in data["nodes"]},
        {
            frozenset((ids[link["a"]], ids[link["b"]])): (link["weight"], "".join(link["quotes"][0][1:]))
            for link in data["links"]
        },
    )


def of_tables(nodes, edges):
    """Read the tables for spreadsheets, and those for Neo4j."""
    rows = [list(csv.DictReader(path.open(encoding="utf-8", newline=""))) for path in (nodes, edges)]
    names = ("id:ID", "label", ":START_ID", ":END_ID") if "id:ID" in rows[0][0] else ("Id", "Label", "Source", "Target")
    id, label, source, target = names
    aliases = "aliases:string[]" if id == "id:ID" else "aliases"
    weight = "weight:double" if id == "id:ID" else "Weight"
    return Said(
        {row[id]: (row[label], [row[aliases]], row["place"]) for row in rows[0]},
        {frozenset((row[source], row[target])): (float(row[weight]), row["quote"]) for row in rows[1]},
    )


def of_parquet(nodes, links, evidence):
    found = {row[0]: row[1:] for row in duckdb.sql(f"SELECT id, label, aliases, place FROM '{nodes}'").fetchall()}
    quotes = dict(duckdb.sql(f"SELECT link, text FROM '{evidence}'").fetchall())
    rows = duckdb.sql(f"SELECT id, source, target, weight, quote FROM '{links}'").fetchall()
    assert quotes == {id: quote for id, _, _, _, quote in rows}
    return Said(
        {id: (label, sorted(aliases), place or "") for id, (label, aliases, place) in found.items()},
        {frozenset((a, b)): (weight, quote) for _, a, b, weight, quote in rows},
    )


READERS = {
    **dict.fromkeys(("ttl", "nt", "nq", "trig", "jsonld"), of_rdf),
    "graphml": of_networkx(nx.read_graphml),
    "gexf": of_networkx(lambda path: nx.read_gexf(path, version="1.3")),
    "json": of_networkx(_node_link),
    "html": of_page,
    "csv": of_tables,
    "neo4j": lambda nodes, links, command: of_tables(nodes, links),
    "parquet": of_parquet,
}


def whole(text):
    """Text as JSON holds it: only torn surrogates are replaced."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def no_formula(text):
    """Text as a spreadsheet may have it."""
    return f"'{clean(text)}" if clean(text).startswith(("=", "+", "-", "@", "\t", "\r")) else clean(text)


def joined(expected, text, separator, change=clean):
    """Return the same with the aliases in one cell."""
    nodes = {
        id: (label, [text(separator.join(sorted(map(change, aliases))))], place)
        for id, (label, aliases, place) in expected.nodes.items()
    }
    return Said(nodes, expected.links)


def expected(name, graph, ids):
    if name in ("ttl", "nt", "nq", "trig", "jsonld"):
        return said(graph, clean, lambda node: iri(BASE, node))
    if name in ("json", "html"):
        return said(graph, whole, whole)
    plain = said(graph, clean, ids.__getitem__)
    if name == "parquet":
        return plain
    raw = {ids[node]: sorted(row["aliases"]) for node, row in graph.nodes(data=True)}
    as_text = Said({id: (label, raw[id], place) for id, (label, _, place) in plain.nodes.items()}, plain.links)
    if name == "neo4j":
        return joined(as_text, clean, "|", lambda alias: alias.replace("|", "¦"))
    if name == "csv":
        text = said(graph, no_formula, ids.__getitem__)
        as_text = Said({id: (label, raw[id], place) for id, (label, _, place) in text.nodes.items()}, text.links)
        return joined(as_text, no_formula, " | ", str)
    return joined(as_text, clean, " | ", str)


def clean_ids(graph):
    """Return each id as it is written: cleaned, and with more of U+FFFD at its end where another has that already."""
    ids = {node: node for node in graph if clean(node) == node}
    for node in sorted(set(graph) - ids.keys()):
        name = clean(node)
        while name in ids.values():
            name += "\ufffd"
        ids[node] = name
    return ids


@pytest.mark.parametrize("name", FORMATS)
@given(texts=st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT))
@example(("quotes", *AWKWARD[:4]))
@example(("more", *AWKWARD[4:8]))
@example(("formulas", *AWKWARD[8:12]))
@example(("odd", *AWKWARD[12:16]))
@example(("last", *AWKWARD[16:20]))
@settings(max_examples=20, deadline=None)
def test_any_text_survives_or_is_cleaned_by_rule(name, tmp_path_factory, texts):
    graph = graph_of(*texts)
    paths = write_all(graph, tmp_path_factory.mktemp("awkward"), [name])
    found = READERS[name](paths[0]) if len(paths) == 1 else READERS[name](*paths)
    assert found == expected(name, graph, clean_ids(graph))
