"""The questions as SPARQL 1.1, for any store that holds the RDF that `kg` writes.

A function here takes what the function of the same name in `kg.queries` takes, but ids for names and no graph, and
returns the text. The columns are named as the fields of its rows, nodes and articles as IRIs. What SPARQL cannot do is
said in a comment in the text: it has no logarithm, so `trends` and `compare` count and leave G2 to the reader.
"""

from collections.abc import Collection, Iterable
from itertools import pairwise

from kg import vocabulary as v
from kg.formats.dataset import CLASS_OF_KIND
from kg.queries.links import ACTORS
from kg.queries.paths import LONGEST
from kg.queries.times import LENGTH, last_moment, period
from kg.vocabulary import BASE, PREFIXES, check_base, iri

_USED = ("kg", "schema", "dcterms", "oa", "xsd")


def neighbours(
    name: str,
    *,
    kinds: Collection[str] = (),
    min_weight: float = 0,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    base: str = BASE,
) -> str:
    """Return the text for what is linked to a node.

    >>> print(neighbours("country/UA", limit=3))
    PREFIX kg: <https://kg.example/vocabulary#>
    ...
    LIMIT 3
    """
    node = _node(name, base)
    lines = [
        f"?link kg:member {node}, ?id ; kg:weight ?weight .",
        f"FILTER (?id != {node})",
        *_named("?id", "?label", kinds),
        "OPTIONAL { ?link kg:bestEvidence/oa:exact ?quote }",
    ]
    if min_weight:
        lines.append(f"FILTER (?weight >= {min_weight:g})")
    if since or until:
        dated = " ".join(_dated("?article", since, until))
        lines.append(f"FILTER EXISTS {{ ?link kg:evidence/dcterms:isPartOf ?article . {dated} }}")
    return _select("?id ?label ?weight ?quote", lines, "ORDER BY DESC(?weight) STR(?id)", limit)


def links(a: str, b: str, *, limit: int | None = None, base: str = BASE) -> str:
    """Return the text for the passages that link two nodes."""
    lines = [
        f"?link kg:member {_node(a, base)}, {_node(b, base)} ; kg:evidence ?quote .",
        "?quote oa:exact ?text ; oa:start ?start ; oa:end ?end ; dcterms:isPartOf ?article .",
        "OPTIONAL { ?article schema:headline ?title }",
        "OPTIONAL { ?article schema:url ?url }",
        f"OPTIONAL {{ {' '.join(_dated('?article'))} BIND (SUBSTR(STR(?published), 1, 10) AS ?date) }}",
    ]
    order = "ORDER BY DESC(?date) STR(?article) ?start ?end"
    return _select("?date ?text ?title ?article ?start ?end ?url", lines, order, limit)


def only_with(name: str, *, kinds: Collection[str] = ACTORS, limit: int | None = None, base: str = BASE) -> str:
    """Return the text for who appears only with a node."""
    node = _node(name, base)
    others = f"?id kg:coOccursWith ?third . {_of_kinds('?third', kinds)} FILTER (?third != {node})"
    lines = [
        f"?link kg:member {node}, ?id ; kg:weight ?weight .",
        f"FILTER (?id != {node})",
        *_named("?id", "?label", kinds),
        f"FILTER NOT EXISTS {{ {others} }}",
    ]
    return _select("?id ?label ?weight", lines, "ORDER BY DESC(?weight) STR(?id)", limit)


def brokers(a: str, b: str, *, kinds: Collection[str] = ACTORS, limit: int | None = None, base: str = BASE) -> str:
    """Return the text for who stands between two nodes."""
    one, other = _node(a, base), _node(b, base)
    lines = [
        f"?link_a kg:member {one}, ?id ; kg:weight ?weight_a .",
        f"?link_b kg:member {other}, ?id ; kg:weight ?weight_b .",
        f"FILTER (?id NOT IN ({one}, {other}))",
        *_named("?id", "?label", kinds),
        f"BIND ({_strength(['?weight_a', '?weight_b'])} AS ?strength)",
    ]
    return _select("?id ?label ?strength ?weight_a ?weight_b", lines, "ORDER BY DESC(?strength) STR(?id)", limit)


def path(a: str, b: str, *, longest: int | None = None, kinds: Collection[str] = (), base: str = BASE) -> str:
    """Return the text for the shortest path of at most `longest` links, 3 if None: SPARQL cannot look any distance."""
    return _paths(a, b, longest or LONGEST, kinds, base, "?links DESC(?strength)", 1)


def paths(a: str, b: str, *, k: int = 3, longest: int = LONGEST, kinds: Collection[str] = (), base: str = BASE) -> str:
    """Return the text for the strongest paths. The nodes on the way are `?node_1`, `?node_2` and so on."""
    return _paths(a, b, longest, kinds, base, "DESC(?strength) ?links", k)


def _paths(a: str, b: str, longest: int, kinds: Collection[str], base: str, first: str, limit: int) -> str:
    ways = (_way(_node(a, base), _node(b, base), length, kinds) for length in range(1, longest + 1))
    nodes = [f"?node_{i}" for i in range(1, longest)]
    order = " ".join([f"ORDER BY {first}", *(f'(COALESCE(STR({node}), ""))' for node in nodes)])
    comment = f"# paths of at most {longest} links: for longer ones, ask for a greater longest"
    return _select(" ".join(["?strength", "?links", *nodes]), ["UNION ".join(ways)], order, limit, comment)


def _way(a: str, b: str, length: int, kinds: Collection[str]) -> str:
    nodes = [a, *(f"?node_{i}" for i in range(1, length)), b]
    between = nodes[1:-1]
    lines = [f"?link_{i} kg:member {x}, {y} ; kg:weight ?weight_{i} ." for i, (x, y) in enumerate(pairwise(nodes), 1)]
    lines += [f"FILTER ({x} != {y})" for i, x in enumerate(nodes) for y in nodes[i + 1 :] if {x, y} & set(between)]
    lines += [_of_kinds(node, kinds) for node in between if kinds]
    lines += [f"BIND ({length} AS ?links)"]
    lines += [f"BIND ({_strength([f'?weight_{i}' for i in range(1, length + 1)])} AS ?strength)"]
    return "{\n" + "".join(f"    {line}\n" for line in lines) + "  } "


def communities(*, base: str = BASE) -> str:
    """Return the text for the members of each community, a row each.

    No query finds communities: `kg query` adds `kg:community` to the nodes, which no file holds.
    """
    lines = ["?id kg:community ?community ; schema:name ?label .", "FILTER EXISTS { ?id kg:coOccursWith ?other }"]
    comment = "# kg:community is there in `kg query` alone: no query could find it"
    return _select("?community ?id ?label", lines, "ORDER BY ?community STR(?id)", None, comment)


def timeline(a: str, b: str | None = None, *, by: str = "month", base: str = BASE) -> str:
    """Return the text for the number of articles in each period."""
    where = f"?article schema:mentions {_node(a, base)} ."
    if b is not None:
        where = f"?link kg:member {_node(a, base)}, {_node(b, base)} ; kg:evidence/dcterms:isPartOf ?article ."
    cut = f"BIND (SUBSTR(STR(?published), 1, {LENGTH[by]}) AS ?period)"
    chosen = "?period (COUNT(DISTINCT ?article) AS ?articles)"
    return _select(chosen, [where, *_dated("?article"), cut], "GROUP BY ?period\nORDER BY ?period")


def trends(first: str, second: str, *, of: str = "pairs", least: int = 2, base: str = BASE) -> str:
    """Return the text for the articles of each pair or node in two periods; `first` and `second` are the counts."""
    parts = []
    for name, text in (("?early", first), ("?late", second)):
        parts.append(f"{{ {_occurs(of, name)} {' '.join(_dated(name, *period(text)))} }}")
    lines = [*_subjects(of), " UNION ".join(parts)]
    counts = "COUNT(DISTINCT ?early)", "COUNT(DISTINCT ?late)"
    keys = "?id_a ?id_b ?a ?b" if of == "pairs" else "?id_a ?a"
    end = f"GROUP BY {keys}\nHAVING ({counts[0]} + {counts[1]} >= {least})\nORDER BY STR(?id_a)"
    chosen = f"{keys} ({counts[0]} AS ?first) ({counts[1]} AS ?second)"
    return _select(chosen, lines, end + (" STR(?id_b)" if of == "pairs" else ""), None, _NO_LOGARITHM)


def compare(*, of: str = "nodes", base: str = BASE) -> str:
    """Return the text for the articles of each node or pair: to be asked of either graph."""
    keys = "?id_a ?id_b ?a ?b" if of == "pairs" else "?id_a ?a"
    end = f"GROUP BY {keys}\nORDER BY STR(?id_a)" + (" STR(?id_b)" if of == "pairs" else "")
    comment = "# ask it of either graph, and compare the counts\n" + _NO_LOGARITHM
    lines = [*_subjects(of), _occurs(of, "?article")]
    return _select(f"{keys} (COUNT(DISTINCT ?article) AS ?articles)", lines, end, None, comment)


_NO_LOGARITHM = (
    "# the counts alone, since SPARQL has no logarithm: `kg ask` adds the shares, and how sure the differences are"
)


def _subjects(of: str) -> list[str]:
    if of == "pairs":
        pair = "?link kg:member ?id_a, ?id_b . FILTER (STR(?id_a) < STR(?id_b))"
        return [pair, "?id_a schema:name ?a .", "?id_b schema:name ?b ."]
    return [*_named("?id_a", "?a", ())]


def _occurs(of: str, article: str) -> str:
    return f"?link kg:evidence/dcterms:isPartOf {article} ." if of == "pairs" else f"{article} schema:mentions ?id_a ."


def events(a: str, b: str | None = None, *, type: str | None = None, limit: int | None = None, base: str = BASE) -> str:
    """Return the text for the events in which one or both take part."""
    lines = ["?id a schema:Event ; schema:name ?label ."]
    ends = {"a": a} if b is None else {"a": a, "b": b}
    for name, node in ends.items():
        lines.append(f'?link_{name} kg:member ?id, {_node(node, base)} ; kg:relation "participant" .')
        lines.append(f"OPTIONAL {{ ?link_{name} kg:role ?role_{name} }}")
    lines.append(
        f'?id kg:eventType ?type . FILTER (?type = "{type}")' if type else "OPTIONAL { ?id kg:eventType ?type }"
    )
    lines += [f"OPTIONAL {{ ?id kg:{name} ?{name} }}" for name in ("date", "when", "modality")]
    chosen = "?id ?label ?type ?date ?when ?modality " + " ".join(f"?role_{name}" for name in ends)
    return _select(chosen, lines, "ORDER BY DESC(?date) STR(?id)", limit)


def _select(columns: str, lines: Iterable[str], end: str, limit: int | None = None, comment: str | None = None) -> str:
    prefixes = [f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in _USED]
    where = [f"SELECT {columns} WHERE {{", *(f"  {line}" for line in lines), "}"]
    ends = [end] + ([f"LIMIT {limit}"] if limit is not None else [])
    return "\n".join([*([comment] if comment else []), *prefixes, "", *where, *ends]) + "\n"


def _node(id: str, base: str) -> str:
    return f"<{iri(check_base(base), id)}>"


def _named(node: str, label: str, kinds: Collection[str]) -> list[str]:
    return [f"{node} schema:name {label} .", _of_kinds(node, kinds or tuple(CLASS_OF_KIND))]


def _of_kinds(node: str, kinds: Collection[str]) -> str:
    classes = " ".join(f"schema:{CLASS_OF_KIND[kind].removeprefix(v.PREFIXES['schema'])}" for kind in kinds)
    name = node.removeprefix("?")
    return f"VALUES ?class_of_{name} {{ {classes} }} {node} a ?class_of_{name} ."


def _dated(article: str, since: str | None = None, until: str | None = None) -> list[str]:
    """Return the lines that say that an article is dated, and when."""
    published = f"?published_{article.removeprefix('?')}" if article != "?article" else "?published"
    tests = [f'REGEX(STR({published}), "^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}")']
    tests += [f'STR({published}) >= "{since}"'] if since else []
    tests += [f'STR({published}) <= "{last_moment(until)}"'] if until else []
    return [f"{article} schema:datePublished {published} . FILTER ({' && '.join(tests)})"]


def _strength(weights: Collection[str]) -> str:
    # doubles: decimals of eighteen places overflow in some stores
    return f"ROUND(1e6 / ({' + '.join(f'1 / xsd:double({weight})' for weight in weights)})) / 1e6"
