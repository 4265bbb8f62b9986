"""From an event's type and nouns to its place in PLOVER, the event ontology of conflict research.

The table `kg/gazetteers/plover.tsv` says which class, mode and quad class (verbal or material, cooperation or conflict)
our types and nouns are; an event that PLOVER does not cover has none.
"""

from collections.abc import Iterable
from functools import cache

from kg.gazetteers import table


def plover(type_: str, nouns: Iterable[str]) -> tuple[str, ...]:
    """Return class, mode and quad class of an event of `type_` that goes by `nouns`; an unknown mode is "".

    The first noun that the table knows decides. Nothing comes back for what PLOVER does not cover.

    >>> plover("call", ["conversation"]), plover("justice", ["charges", "arrests"]), plover("sport", ["match"])
    (('CONSULT', 'phone', 'verbal cooperation'), ('COERCE', 'arrest', 'material conflict'), ())
    """
    known = _table()
    forms = [form for noun in nouns if noun for form in (noun, noun.removesuffix("s"))]
    return next((known[type_, form] for form in [*forms, ""] if (type_, form) in known), ())


@cache
def _table() -> dict[tuple[str, str], tuple[str, str, str]]:
    return {(row["type"], row["noun"] or ""): (row["class"], row["mode"] or "", row["quad"]) for row in table("plover")}
