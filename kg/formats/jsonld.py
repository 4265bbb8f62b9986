"""From a graph to JSON-LD: an object a line, with the keys that a context at the top explains.

JSON-LD's own numbers are integers and doubles only, so decimals such as weights are text, typed by the context.
"""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO

from kg import vocabulary as v
from kg.formats.listing import Listing
from kg.formats.rdf import descriptions
from kg.formats.settings import Settings
from kg.formats.terms import LANGUAGE, Literal, plain_terms

# What the values of a property are taken for where the file does not say otherwise.
TYPE_OF = {
    **dict.fromkeys(v.TO_THINGS, "@id"),
    **dict.fromkeys((v.WEIGHT, v.NPMI, v.NPMI_SHRUNK, v.LOG_LIKELIHOOD_RATIO, v.P_VALUE, v.SCORE), v.DECIMAL),
    **dict.fromkeys((v.FIRST_SEEN, v.LAST_SEEN, v.DATE_PUBLISHED, v.START_DATE, v.END_DATE), v.DATE),
    **dict.fromkeys((v.BEGIN_STAMP, v.END_STAMP), v.DATE),
    **dict.fromkeys((v.PREF_LABEL, v.ALT_LABEL), LANGUAGE),
}
NATIVE: dict[str, Callable[[str], Any]] = {v.INTEGER: int, v.BOOLEAN: "true".__eq__, v.STRING: str}


def write_jsonld(listing: Listing, out: BinaryIO, settings: Settings) -> None:
    """Write `listing` to `out` as JSON-LD."""
    namespaces = v.prefixes(v.check_base(settings.base))
    names = _names()
    head = json.dumps({"@context": namespaces | _context(names), "@graph": []}, ensure_ascii=False, indent=1)
    out.write(head.removesuffix("]\n}").encode())
    short, end = _shortener(namespaces), "\n"
    for subject, about in descriptions(listing, plain_terms(settings.base), settings.profile):
        described = {"@id": short(subject), **_properties(about, names, short)}
        out.write(f"{end}{json.dumps(described, ensure_ascii=False)}".encode())
        end = ",\n"
    out.write(b"\n]}\n")


def _names() -> dict[str, str]:
    """Return the key of each class and property: its local name, unless an earlier one has that."""
    names: dict[str, str] = {v.TYPE: "@type"}
    for term, prefixed in v.TERMS.items():
        local = prefixed.partition(":")[2]
        names.setdefault(term, prefixed if local in names.values() else local)
    return names


def _context(names: dict[str, str]) -> dict[str, Any]:
    """Return what each key means."""
    context: dict[str, Any] = {}
    for term, name in names.items():
        kind = TYPE_OF.get(term)
        if kind == LANGUAGE:
            context[name] = {"@id": v.TERMS[term], "@language": kind}
        elif kind:
            context[name] = {"@id": v.TERMS[term], "@type": v.TERMS.get(kind, kind)}
        elif term != v.TYPE and name != v.TERMS[term]:
            context[name] = v.TERMS[term]
    return context


def _shortener(namespaces: dict[str, str]) -> Callable[[str], str]:
    """Return the function from an IRI to how it is written: a prefixed name where one is allowed."""
    longest_first = sorted(namespaces.items(), key=lambda item: (-len(item[1]), item))

    @lru_cache(maxsize=100_000)
    def short(iri: str) -> str:
        for prefix, namespace in longest_first:
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    return short


def _properties(
    about: Iterable[tuple[str, str | Literal]], names: dict[str, str], short: Callable[[str], str]
) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for predicate, values in groupby(about, key=itemgetter(0)):
        if predicate == v.TYPE:
            written = [names[value] for _, value in values if isinstance(value, str)]
        else:
            written = [_value(predicate, value, short) for _, value in values]
        properties[names[predicate]] = written if len(written) > 1 else written[0]
    return properties


def _value(predicate: str, value: str | Literal, short: Callable[[str], str]) -> Any:
    expected = TYPE_OF.get(predicate)
    if isinstance(value, str):
        return short(value) if expected == "@id" else {"@id": short(value)}
    text, datatype, language = value
    if (language or datatype) == expected:
        return text
    if language:
        return {"@value": text, "@language": language}
    if datatype in NATIVE:
        return NATIVE[datatype](text) if expected is None else {"@value": NATIVE[datatype](text)}
    return {"@value": text, "@type": v.TERMS[datatype]}
