"""The rules by which Gephi's importers of GraphML and GEXF accept, mistake or drop what a file holds.

They are those of ImporterGraphML.java and ImporterGEXF.java of Gephi 0.10, and of graphology, which Gephi Lite reads
with, where it knows less. Each function returns what it finds: nothing, for a file that opens as it was meant.
"""

import math
from datetime import date
from xml.etree import ElementTree

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
GEXF, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"

# Gephi takes a key for a property by its id first, whatever it is named, then by its name. These nobody means.
MISTAKEN = {"node": {"d3", "xpos", "ypos"}, "edge": {"d7", "edgelabel", "edgeid", "id"}}
# Columns that Gephi keeps for itself, as Java's toLowerCase has them.
RESERVED = {"timeset", "interval", "timestamp"}


def _boolean(text):
    if text not in ("true", "false"):
        raise ValueError(text)


def _finite(text):
    if not math.isfinite(float(text)):
        raise ValueError(text)


# Gephi knows more types (char, bigdecimal, lists), but graphology does not.
TYPES = {
    "boolean": _boolean,
    **dict.fromkeys(("int", "integer", "long"), int),
    **dict.fromkeys(("float", "double"), _finite),
    "string": str,
}


def findings_in_graphml(written):
    """Return what Gephi would mistake, drop or warn of in a GraphML file."""
    found, root = [], ElementTree.fromstring(written)
    order = [element.tag.removeprefix(GRAPHML) for element in root if isinstance(element.tag, str)]
    if order.count("graph") != 1:
        return ["not one graph"]
    found += ["a key after the graph"] * (order[-1] != "graph")
    graph = root.find(f"{GRAPHML}graph")
    found += ["no edgedefault"] * (graph.get("edgedefault") not in ("directed", "undirected"))
    keys = _keys(root, found)
    nodes, edges, pairs = set(), set(), set()
    for element in graph:
        tag = element.tag.removeprefix(GRAPHML)
        if tag == "node":
            _check_id("node", element.get("id"), nodes, found)
            found += ["a node after the edges"] * bool(edges)
        elif tag == "edge":
            _check_edge(element, edges, nodes, pairs, found)
        else:
            found.append(f"{tag} is unknown")
            continue
        _check_columns(tag, element, keys, found)
    return found


def _keys(root, found):
    keys, names = {}, set()
    for key in root.iter(f"{GRAPHML}key"):
        id, target, name, type = (key.get(a) for a in ("id", "for", "attr.name", "attr.type"))
        found += [f"two keys {id}"] * (id in keys) + [f"two columns {name}"] * ((target, name) in names)
        found += [f"key {id} is taken for a property"] * (id in MISTAKEN.get(target, ()))
        found += [f"column {name} is taken for a property"] * (name in MISTAKEN.get(target, ()))
        found += [f"column {name} is Gephi's own"] * (str(name).lower() in RESERVED)
        found += [f"key {id} is for {target}"] * (target not in ("node", "edge"))
        found += [f"key {id} has no name"] * (not name)
        found += [f"unknown type {type}"] * (type not in TYPES)
        keys[id] = target, name, type
        names.add((target, name))
    return keys


def _check_id(tag, id, ids, found):
    found += [f"a {tag} without an id"] * (not id) + [f"two {tag}s {id!r}"] * (id in ids)
    ids.add(id)


def _check_edge(element, edges, nodes, pairs, found):
    ends = element.get("source"), element.get("target")
    _check_id("edge", element.get("id"), edges, found)
    found += [f"unknown end {end!r}" for end in ends if end not in nodes]
    found += [f"two edges between {ends[0]} and {ends[1]}"] * (frozenset(ends) in pairs)
    pairs.add(frozenset(ends))


def _check_columns(tag, element, keys, found):
    """Check the values of a node or an edge in GraphML."""
    seen = set()
    for data in element:
        if data.tag != f"{GRAPHML}data":
            found.append(f"{data.tag.removeprefix(GRAPHML)} in a {tag} is flattened or dropped")
            continue
        target, name, type = keys.get(data.get("key"), (None, None, "string"))
        found += [f"{name} of a {tag} is for {target}"] * (target != tag)
        found += [f"{name} twice in {element.get('id')}"] * (name in seen)
        found += [f"empty {name}"] * (not data.text)
        seen.add(name)
        _check_value(name, type, data.text or "", found)
        _check_colour(name, data.text or "", found)


def _check_value(name, type, text, found):
    try:
        TYPES.get(type, str)(text)
    except ValueError:
        found.append(f"{name} is no {type}: {text!r}")


def _check_colour(name, text, found):
    found += [f"{name} is not a colour"] * (name in ("r", "g", "b") and not (text.isdigit() and int(text) < 256))


def findings_in_gexf(written):
    """Return what Gephi would refuse, drop or warn of in a GEXF file."""
    root = ElementTree.fromstring(written)
    graph = root.find(f"{GEXF}graph")
    found = ["another version"] * (root.get("version") != "1.3")
    found += ["mutual edges"] * (graph.get("defaultedgetype", "undirected") not in ("directed", "undirected"))
    found += ["unknown type of id"] * (graph.get("idtype", "string") not in ("string", "integer", "long"))
    dynamic = graph.get("mode") == "dynamic"
    found += ["no time format"] * (dynamic and graph.get("timeformat") != "date")
    found += ["timestamps"] * (graph.get("timerepresentation", "interval") != "interval")
    order = [element.tag.removeprefix(GEXF) for element in graph]
    found += ["nodes after edges"] * ("edges" in order and order.index("nodes") > order.index("edges"))
    found += ["columns after nodes"] * ("attributes" in order[order.index("nodes") :])
    declared = _declared(graph, dynamic, found)
    spans, ids, edges, pairs = {}, set(), set(), set()
    for element in (*graph.iter(f"{GEXF}node"), *graph.iter(f"{GEXF}edge")):
        tag, id = element.tag.removeprefix(GEXF), element.get("id")
        if tag == "node":
            _check_id(tag, id, ids, found)
            nested = element.get("pid") or element.find(f"{GEXF}nodes") is not None
            found += [f"{id} has a parent or is one"] * bool(nested)
            _check_looks(element, found)
        else:
            _check_edge(element, edges, ids, pairs, found)
            _check_value("weight", "double", element.get("weight", "1"), found)
        span = _span(element, found)
        found += [f"{id} has a time in a static graph"] * (span is not None and not dynamic)
        if tag == "node":
            spans[id] = span
        for end in (element.get("source"), element.get("target")) if tag == "edge" else ():
            whole = spans.get(end)
            out = whole and (span is None or span[0] < whole[0] or span[1] > whole[1])
            found += [f"{id} is outside the life of {end}"] * bool(out)
        _check_attributes(tag, element, span, declared, found)
    return found


def _declared(graph, dynamic, found):
    declared = {}
    for block in graph.iter(f"{GEXF}attributes"):
        of, mode = block.get("class"), block.get("mode", "static")
        found += [f"columns of {of}"] * (of not in ("node", "edge"))
        found += ["a column with times in a static graph"] * (mode == "dynamic" and not dynamic)
        for attribute in block:
            key, type = (of, attribute.get("id")), attribute.get("type")
            title = attribute.get("title") or attribute.get("id")
            found += [f"declared twice: {key}"] * (key in declared)
            found += [f"unknown type {type}"] * (type not in TYPES or type == "int")
            found += [f"column {title} is Gephi's own"] * (title.lower() in RESERVED)
            declared[key] = type, mode
    return declared


def _check_looks(node, found):
    for part in node:
        if part.tag == f"{VIZ}color":
            for channel in "rgb":
                _check_colour(channel, part.get(channel, ""), found)
        elif part.tag == f"{VIZ}size":
            _check_value("size", "double", part.get("value", ""), found)
        elif part.tag == f"{VIZ}position":
            for axis in "xyz":
                _check_value(axis, "double", part.get(axis, ""), found)
        elif part.tag.startswith(VIZ):
            found.append(f"{part.tag.removeprefix(VIZ)} is ignored")


def _check_attributes(tag, element, span, declared, found):
    seen = {}
    for value in element.iter(f"{GEXF}attvalue"):
        name, part = value.get("for"), _span(value, found)
        type, mode = declared.get((tag, name), (None, None))
        found += [f"{name} is not declared"] * (type is None)
        _check_value(name, type, value.get("value", ""), found)
        found += [f"{name} without a time"] * (mode == "dynamic" and part is None)
        found += [f"{name} has a time but its column has none"] * (mode == "static" and part is not None)
        outside = part and span and (part[0] < span[0] or part[1] > span[1])
        found += [f"{name} outside the life of {element.get('id')}"] * bool(outside)
        others = seen.setdefault(name, [])
        overlap = others and (part is None or any(p is None or (part[0] <= p[1] and p[0] <= part[1]) for p in others))
        found += [f"{name} has two values at one time"] * bool(overlap)
        others.append(part)


def _span(element, found):
    """Return the first and the last day of an element, None if it has no time."""
    times = {"timestamp", "timestamps", "intervals", "startopen", "endopen"} & element.attrib.keys()
    found += [f"{time} is no closed interval" for time in sorted(times)]
    found += ["spells"] * (element.find(f"{GEXF}spells") is not None)
    start, end = element.get("start"), element.get("end")
    if start is None and end is None:
        return None
    try:
        span = date.fromisoformat(start or "0001-01-01"), date.fromisoformat(end or "9999-12-31")
    except ValueError:
        found.append(f"no date: {start} {end}")
        return None
    found += ["ends before it starts"] * (span[0] > span[1])
    return span
