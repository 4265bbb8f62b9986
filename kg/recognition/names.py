"""From a document to the names in it that are neither persons nor countries: organisations, places, laws, works.

They are found so that they are not taken for persons: by head nouns ("Peking University", "Ministry of Climate and
Green Growth", "Eaton Canyon"), by lists (cities, outlets) and by shape (acronyms). A nationality before a body of
government is left out of its name, since there it names the country: "Chinese [Foreign Ministry]".
"""

import re
from collections.abc import Iterator
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.gazetteers import table, words
from kg.recognition.word_classes import Letters, folded, head_of, is_name_word, letters, seen

# A capitalised word within a name, with what it is hyphenated to; titles and function words are none.
_CAP = r"(?:[NBHLGAIPR](?:-[NBHLGAIPRTl0]){0,3})"
# "of China", "for the Protection of Journalists", "of Climate and Green Growth"
_OF = (
    rf"(?:oh?(?:G|[NBHLAIPU](?:-[NBHLGAIPRTl])?(?:{_CAP}|p(?=[NBHLG])){{0,6}})"
    rf"(?:(?:,[BH]+)?,?a[BH]{_CAP}{{0,4}})?)"
)
# Up to twelve words before the head noun, which may be a list ("Youth and Student Exchange Association").
_BEFORE = rf"(?:[HGBLAU]s(?=[BNHL])|{_CAP}(?:p{{1,2}}(?=N))?|B(?:,?a|,)(?=B)){{0,12}}"
_HEADED = re.compile(rf"{_BEFORE}[HL]{_OF}{{0,3}}(?:[BH]{{0,4}}[HL])?")
_OPENED = re.compile(rf"[HL]{_CAP}{{1,4}}")
_ACRONYM = re.compile(r"A(?:-0)?")

_BEFORE_PLACES = frozenset(("in", "at", "from", "near", "to"))
# Titles that open the name of a thing: "King Hussein Bridge", "Queen Elizabeth Central Hospital".
_TITLES_IN_NAMES = frozenset(("King", "Queen", "Prince", "Princess", "Sultan", "Saint", "St.", "St", "Imam", "Mother"))
# Head nouns that are common surnames as well.
_SURNAMES = frozenset(
    (
        *("Banks", "Beach", "Bridges", "Camp", "Castle", "Chambers", "Church", "Cross", "Falls", "Fields", "Forest"),
        *("Hall", "Hill", "House", "Lake", "Lane", "Law", "Mills", "Mount", "Park", "Parks", "Post", "Power", "Rivers"),
        *("Sun", "Temple", "Town", "Wall", "Ward", "Wells", "Woods"),
    )
)


@Language.component("kg_names")
def make_names(doc: Doc) -> Doc:
    """Add the names of organisations, places, laws and works to the entities of `doc`; those there are kept."""
    taken = {i for entity in doc.ents for i in range(entity.start, entity.end)}
    found = []
    for start, end, label in _proposals(letters(doc)):
        if start < end and taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            found.append(Span(doc, start, end, label=label))
    doc.ents = (*doc.ents, *found)
    return doc


def _proposals(text: Letters) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, label) in tokens, in the order in which they may claim these."""
    for match in _HEADED.finditer(text.string):
        if found := _headed(text, *match.span()):
            left, right, label = found
            yield *text.span(left, right), label
    yield from _listed(text)
    for match in _OPENED.finditer(text.string):
        row = head_of(text.text(match.start()))
        if row and row["position"] in ("first", "both") and row["label"] in ("LOC", "FAC"):
            yield *text.span(*match.span()), row["label"]
    for match in _ACRONYM.finditer(text.string):
        yield *text.span(match.start(), match.start() + 1), "ORG"


def _headed(text: Letters, left: int, right: int) -> tuple[int, int, str] | None:
    """Return the bounds and label of the name in these letters, which hold a head noun, without what is not of it."""
    string = text.string
    last = max(i for i in range(left, right) if string[i] in "HL" and (i + 1 == right or string[i + 1] != "-"))
    opens = string.find("o", left, right)
    head = opens - 1 if opens > left else last
    row = head_of(text.text(head))
    if row is None or (row["position"] == "first" and opens < 0):
        return None
    if opens == head + 1 and _names_a_ruler(text, opens + 1):
        opens, right = -1, opens
    if row["kind"] == "government":
        while left < head and string[left] == "G":
            left += 1
    if opens < 0 and (left == head or (head - left == 1 and _is_surname(text, head))):
        return None
    if string[left - 1] == "T" and string[left] == "N" and text.text(left - 1) in _TITLES_IN_NAMES:
        left -= 1
    return left, right, row["label"]


def _names_a_ruler(text: Letters, i: int) -> bool:
    """Tell whether a person stands at `i`, after "of": "the Government of Daniel Ortega"."""
    given = text.folded(i) in folded("given_names") and text.text(i) not in words("cities")
    return given and text.string[i : i + 2] == "NN"


def _is_surname(text: Letters, i: int) -> bool:
    """Tell whether the head noun at `i`, after a given name, is a surname ("Chief Daisy House", "Rosa Parks said")."""
    if text.folded(i - 1) not in folded("given_names") or text.folded(i) not in folded("surnames"):
        return False
    before, after = text.string[i - 2], text.string[i + 1 : i + 2]
    if before == "T" and text.text(i - 2) in _TITLES_IN_NAMES:
        return False
    if text.text(i) in _SURNAMES and before != "h" and text.text(i - 2) not in (*_BEFORE_PLACES, "on"):
        return text.text(i - 1) not in words("cities") or before == "T"
    titled = before == "T" or text.text(i - 2) in words("titles")
    return titled or text.text(i + 1) in words("speech_verbs") or (before == "," and after == ",")


@cache
def phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return the names of the lists by their first word, longest first, each as its words and its label."""
    entries = {_tokens(name): "LOC" for name in words("cities")}
    entries |= {_tokens(row["name"]): row["label"] for row in table("known_names")}
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, label in sorted(entries.items(), key=lambda entry: (-len(entry[0]), entry)):
        by_first.setdefault(name[0], []).append((name, label))
    return by_first


def _tokens(name: str) -> tuple[str, ...]:
    """Return the tokens that the tokenizer makes of a listed name.

    >>> _tokens("Port-au-Prince"), _tokens("St. John's")
    (('Port', '-', 'au', '-', 'Prince'), ('St.', 'John', "'s"))
    """
    return tuple(re.findall(r"-|['’]s\b|(?:(?!['’]s\b)[^\s-])+", name))


def _listed(text: Letters) -> Iterator[tuple[int, int, str]]:
    known = phrases()
    for i, letter in enumerate(text.string):
        for name, label in known.get(text.text(i), ()) if letter.isupper() else ():
            start = text.at[i]
            whole = tuple(text.texts[start : start + len(name)]) == name
            if whole and (len(name) > 1 or label != "LOC" or _is_place(text, i)):
                yield start, start + len(name), label
                break


def _is_place(text: Letters, i: int) -> bool:
    """Tell whether the word at `i`, a place of the list, is sure to mean it and not a part of some person's name."""
    person, elsewhere = seen().get(text.folded(i), (0, 0))
    before, after = text.string[i - 1], text.string[i + 1 : i + 2]
    placed = text.text(i - 1) in _BEFORE_PLACES
    if before == "N" and text.folded(i - 1) in folded("given_names"):
        return False
    if placed and person == 0:
        return True
    if before in "NIPp-" or (after and after in "NIPpR"):
        return elsewhere > 3 and person == 0
    if elsewhere > 2 * person:
        return True
    return ((placed or before == ",") and elsewhere >= person) or not is_name_word(text.folded(i))
