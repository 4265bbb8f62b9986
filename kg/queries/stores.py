"""A graph asked in SPARQL or in Cypher: from the text of a query to its rows."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg import vocabulary as v
from kg.errors import BadQuestion, MissingExtra
from kg.queries.words import asks_others
from kg.vocabulary import BASE, iri

if TYPE_CHECKING:
    import pyoxigraph

# A term for the time of a query: communities are looked for only if it is in the text, and no file holds it.
COMMUNITY = v.PREFIXES["kg"] + "community"
_DOUBLE = v.PREFIXES["xsd"] + "double"

# Columns and rows.
Table = tuple[list[str], list[list[Any]]]

_QUOTED = re.compile(r"""//[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|;""")


def triple_store(source: "nx.Graph | Path", *, with_communities: bool = False) -> "pyoxigraph.Store":
    """Return a store of the triples of a graph, or of those in an RDF file as it is."""
    import pyoxigraph

    from kg.formats.listing import listed
    from kg.formats.ntriples import write_ntriples
    from kg.formats.reading import load, read_rdf
    from kg.formats.settings import Settings
    from kg.layout import community_of

    if isinstance(source, Path):
        store, graph = load(source), None
    else:
        store, graph, triples = pyoxigraph.Store(), source, BytesIO()
        write_ntriples(listed(source), triples, Settings())
        store.bulk_load(triples.getvalue(), pyoxigraph.RdfFormat.N_TRIPLES)
    if with_communities:
        integer, term = pyoxigraph.NamedNode(v.INTEGER), pyoxigraph.NamedNode(COMMUNITY)
        for node, community in community_of(listed(graph or read_rdf(source))).items():
            value = pyoxigraph.Literal(str(community), datatype=integer)
            store.add(pyoxigraph.Quad(pyoxigraph.NamedNode(iri(BASE, node)), term, value))
    return store


def ask_sparql(source: "nx.Graph | Path", text: str) -> Table | bool | str:
    """Return the answer to a SPARQL query: a table, true or false, or Turtle. Raises `BadQuestion`.

    Our prefixes need not be declared. Values are text and numbers, IRIs are text.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> ask_sparql(graph, 'ASK { ?country a schema:Country ; schema:name "Ukraine" }')
    True
    """
    import pyoxigraph

    if asks_others(text):
        raise BadQuestion("SERVICE asks other machines, which kg does not; leave it out")
    store = triple_store(source, with_communities="kg:community" in text)
    try:
        found = store.query(text, prefixes=v.prefixes(BASE))
    except SyntaxError as error:
        raise BadQuestion(f"the query is no SPARQL: {_first_line(error)}") from error
    if isinstance(found, pyoxigraph.QueryBoolean):
        return bool(found)
    if isinstance(found, pyoxigraph.QueryTriples):
        return _turtle(list(found))
    columns = [variable.value for variable in found.variables]
    return columns, [[_value(term) for term in solution] for solution in found]


def _turtle(triples: "list[pyoxigraph.Triple]") -> str:
    """Return triples as Turtle, with those prefixes alone that are of use."""
    import pyoxigraph

    plain = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
    used = {prefix: iri for prefix, iri in v.prefixes(BASE).items() if f"<{iri}".encode() in plain}
    return (pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE, prefixes=used) or b"").decode()


def _value(term: Any) -> Any:
    if term is None:
        return None
    datatype = getattr(getattr(term, "datatype", None), "value", None)
    if datatype == v.INTEGER:
        return int(term.value)
    if datatype in (v.DECIMAL, _DOUBLE):
        return float(term.value)
    if datatype == v.BOOLEAN:
        return term.value == "true"
    return getattr(term, "value", str(term))


def ask_cypher(graph: nx.Graph, text: str) -> list[Table]:
    """Return the tables that answer each statement of a Cypher text. Raises `BadQuestion`, `MissingExtra`.

    >>> import kg
    >>> graph = kg.open_graph("exports/")
    >>> ask_cypher(graph, "MATCH (n:Country {label: 'Ukraine'}) RETURN n.iso")
    [(['n.iso'], [['UA']])]
    """
    try:
        from grandcypher import GrandCypher
    except ImportError as error:
        raise MissingExtra('Cypher needs grand-cypher: pip install "kg[cypher]"') from error
    from lark.exceptions import LarkError

    from kg.queries.cypher import property_graph

    host, tables = property_graph(graph), list[Table]()
    for statement in _statements(text):
        try:
            found = GrandCypher(host).run(statement)
        except (LarkError, KeyError, TypeError, ValueError, IndexError, AttributeError, NotImplementedError) as error:
            raise BadQuestion(f"the query is no Cypher that grand-cypher understands: {_first_line(error)}") from error
        columns = [str(name) for name in found]
        tables.append((columns, [list(row) for row in zip(*found.values(), strict=True)]))
    return tables


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a text, without comments, quoted as grand-cypher wants it.

    >>> list(_statements("MATCH (n {a: 'it; \\"is\\"'}) RETURN n; // done"))
    ['MATCH (n {a: "it; \\\\"is\\\\""}) RETURN n']
    """
    parts, end = [""], 0
    for match in _QUOTED.finditer(text):
        parts[-1] += text[end : match.start()]
        end, found = match.end(), match[0]
        if found == ";":
            parts.append("")
        elif found.startswith("'"):
            parts[-1] += '"' + found[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        elif found.startswith('"'):
            parts[-1] += found
    parts[-1] += text[end:]
    yield from filter(None, map(str.strip, parts))


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
