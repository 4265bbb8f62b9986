"""From a document to the countries it mentions: spans in `doc.spans["countries"]`, then one entity a country.

A span's `kb_id_` is the ISO code, its `id_` the form: name, abbreviation, adjective, demonym, metonym or historical.
What is known of countries lies in tables, `kg/gazetteers/country*.tsv`: how they are written (`country_names`), names
that hold a country's but mean another thing (`country_not`: the longer name wins), which words near a form that may
mean several countries tell them apart (`country_clues`), and what may stand beside it (`country_context`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.gazetteers import table
from kg.model import Entity, Kind, Mention
from kg.recognition.texts import text_of
from kg.recognition.word_classes import fold, folded, heads

# One character for each way of writing an apostrophe, a hyphen or a space, so that offsets stay as they are.
_ONE_WAY = tuple(zip("’‘ʼ–—‐‑−\u00a0\n\t", "'''-----   ", strict=True))
_WORD = re.compile(r"(?<!\w)e?[^\W\d_a-z]\w*")  # "eSwatini"
_REACHES = (40, 150)  # characters on each side of a form: a clue that is closer counts before all that are farther
_BESIDE = 80  # characters before a form that its context is looked for in

# What a form of a kind is not, if its context says so; a form with the context "actor" must be one.
_UNLESS = {
    "name": ("person", "town"),
    "abbreviation": ("money",),
    "adjective": ("person", "language"),
    "demonym": ("person",),
}
_NAMES_OF_THINGS = frozenset(("ORG", "FAC", "LAW", "WORK_OF_ART", "PRODUCT", "EVENT"))


class Form(NamedTuple):
    """A way to write a country, or several at once ("Koreas"); or, without `isos`, what only looks like one."""

    text: str
    isos: tuple[str, ...] = ()
    kind: str = ""
    context: str = ""


@Language.component("kg_countries")
def make_countries(doc: Doc) -> Doc:
    """Set `doc.spans["countries"]`, in reading order.

    Nothing within a PERSON entity is a country, and nothing that runs over the end of a sentence.
    """
    people = {token.i for ent in doc.ents if ent.label_ == "PERSON" for token in ent}
    text, spans = _in_one_way(text_of(doc)), []
    for start, end, form in find_forms(text):
        for iso in meant(form, text, start, end):
            span = doc.char_span(start, end, label="COUNTRY", kb_id=iso, span_id=form.kind)
            if span is not None and span.start not in people and not any(token.is_sent_start for token in span[1:]):
                spans.append(span)
    doc.spans["countries"] = spans
    return doc


@lru_cache(maxsize=1)
def _in_one_way(text: str) -> str:
    for character, usual in _ONE_WAY:
        text = text.replace(character, usual)
    return text


def countries(doc: Doc) -> list[Entity]:
    """Return one entity a country that `doc` mentions, by ISO code, its mentions in reading order."""
    entity_at = {token.i: ent for ent in doc.ents if ent.label_ in _NAMES_OF_THINGS for token in ent}
    text = _in_one_way(text_of(doc))
    found: dict[str, list[Mention]] = defaultdict(list)
    for span in doc.spans.get("countries", ()):
        inside = is_within(span, entity_at.get(span.start), text)
        found[span.kb_id_].append(Mention(span.start_char, span.end_char, span.text, span.id_, inside))
    return [Entity(f"country/{iso}", Kind.COUNTRY, labels()[iso], tuple(found[iso]), iso=iso) for iso in sorted(found)]


@cache
def labels() -> dict[str, str]:
    """Return the label of each country by its ISO code."""
    return {row["iso"]: row["label"] for row in table("countries")}


@cache
def forms() -> dict[str, list[Form]]:
    """Return all forms by their first word, the longest first; those of four letters and more in capitals as well."""
    known = [
        Form(row["form"], tuple(row["iso"].split()), row["kind"], row["context"]) for row in table("country_names")
    ]
    known += [Form(row["name"]) for row in table("country_not")]
    by_word: dict[str, dict[str, Form]] = defaultdict(dict)
    for form in known:
        for text in (form.text, form.text.upper()) if len(form.text) > 3 else (form.text,):
            if word := _WORD.match(text):
                by_word[word.group()].setdefault(text, form._replace(text=text))
    return {word: sorted(found.values(), key=lambda form: -len(form.text)) for word, found in by_word.items()}


def find_forms(text: str) -> Iterator[tuple[int, int, Form]]:
    """Yield the forms in `text` with their offsets, from left to right and without overlap, the longest one at a place.

    >>> [form.text for _, _, form in find_forms("Trade of Guinea-Bissau and the US across the Indian Ocean")]
    ['Guinea-Bissau', 'US', 'Indian Ocean']
    """
    known, after = forms(), 0
    for word in _WORD.finditer(text):
        start = word.start()
        if start < after:
            continue
        for form in known.get(word.group(), ()):
            end = start + len(form.text)
            if text.startswith(form.text, start) and not text[end : end + 1].isalnum():
                yield start, end, form
                after = end
                break


def meant(form: Form, text: str, start: int, end: int) -> tuple[str, ...]:
    """Return the codes of the countries that `form` means at its place in `text`: none, one, or both ("Koreas").

    >>> text = "Moscow hopes for calm in Moscow"
    >>> [meant(form, text, start, end) for start, end, form in find_forms(text)]
    [('RU',), ()]
    """
    if refusal(form, text, start, end):
        return ()
    if readings := _readings().get(form.text):
        return _likeliest(readings, text, start, end)
    return form.isos


def refusal(form: Form, text: str, start: int, end: int) -> str:
    """Say why `form` means no country at its place in `text`, whatever it means elsewhere; "" if nothing says so."""
    for name in _UNLESS.get(form.kind, ()):
        if in_context(name, text, start, end):
            return f"beside these words it is part of the name of a {name}"
    match form.context:
        case "actor" if not stands_for_government(text, start, end):
            return "the capital is no more than a place here, it does not stand for its government"
        case "prefix" if text[end : end + 1] != "-" or not text[end + 1 : end + 2].isalpha():
            return "it means the country only before a hyphen"
        case "given" if beside_name(form, text, start, end):
            return "it is part of a person's name"
        case "pronoun" if is_shouted(text, start, end):
            return "among words in capitals it may be a pronoun"
    return ""


def stands_for_government(text: str, start: int, end: int) -> bool:
    """Tell whether the capital at `text[start:end]` means a government rather than a place."""
    if in_context("place", text, start, end):
        return False
    if in_context("actor", text, start, end):
        return True
    return in_context("acts", text, start, end) and not in_context("located", text, start, end)


@cache
def _contexts() -> dict[str, list[tuple[re.Pattern[str] | None, re.Pattern[str] | None]]]:
    """Return the (left, right) patterns of each context."""
    by_context = defaultdict(list)
    for row in table("country_context"):
        left = re.compile(f"(?:{row['left']})$") if row["left"] else None
        by_context[row["context"]].append((left, re.compile(row["right"]) if row["right"] else None))
    return by_context


def in_context(context: str, text: str, start: int, end: int) -> bool:
    """Tell whether what stands beside `text[start:end]` is as the rows of `context` in country_context have it."""
    before = text[max(0, start - _BESIDE) : start]
    return any(
        (left is None or left.search(before)) and (right is None or right.match(text, end))
        for left, right in _contexts()[context]
    )


@cache
def _readings() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return what a form may mean, each reading (an ISO code or "-") with its clues."""
    by_form = defaultdict(list)
    for row in table("country_clues"):
        for form in row["forms"].split("|"):
            by_form[form].append((row["iso"], tuple(row["clues"].split("|"))))
            by_form[form.upper()] = by_form[form]
    return by_form


def _likeliest(readings: list[tuple[str, tuple[str, ...]]], text: str, start: int, end: int) -> tuple[str, ...]:
    """Return the reading with most clues close by, then near, then in all of `text`; the first one in a tie."""
    around = [text[max(0, start - reach) : start] + "|" + text[end : end + reach] for reach in _REACHES]
    best = max(readings, key=lambda reading: [_hits(reading[1], part) for part in (*around, text)])
    return () if best[0] == "-" else (best[0],)


@lru_cache(maxsize=256)
def _hits(clues: tuple[str, ...], text: str) -> int:
    """Count the clues that `text` holds as words."""
    return sum(_holds(text, clue) for clue in clues)


def _holds(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            return True
        at = text.find(word, end)
    return False


_BEFORE = re.compile(r"(?<!\w)([A-Z][^\W\d_]+) $")
_AFTER = re.compile(r" ([A-Z][^\W\d_]+)(?![\w-])")


def beside_name(form: Form, text: str, start: int, end: int) -> bool:
    """Tell whether a given name stands before the form ("Tom Holland") or, after a name, a surname ("Chad Kowalski").

    This is for documents in which nobody has looked for people yet.
    """
    before = _BEFORE.search(text[max(0, start - 30) : start])
    if before and _is_only_name(before.group(1), "given_names"):
        return True
    after = _AFTER.match(text, end) if form.kind == "name" else None
    return bool(after and after.group(1) not in heads() and _is_only_name(after.group(1), "surnames"))


def _is_only_name(word: str, names: str) -> bool:
    return word not in forms() and fold(word) in folded(names) and fold(word) not in folded("common_words")


def is_shouted(text: str, start: int, end: int) -> bool:
    """Tell whether `text[start:end]` is a word in capitals among others, so that "US" may be "us": "GIVE US MONEY"."""
    before = re.search(r"(\w+)[^\w.!?]*$", text[max(0, start - 30) : start])
    return bool(before and len(before.group(1)) > 1 and before.group(1).isupper() and before.group(1) != "THE")


# "Communist Party of [China]"; "[China] Foreign Affairs University", "[U.S.]-China Youth Exchange Association".
_OPENED_BY = re.compile(r"(?<!\w)([A-Z][\w'-]*) (?:of|for) (?:the )?$")
_CLOSED_BY = re.compile(r"[ -][A-Z][\w'.]*(?:[ -](?:(?:of|for|the|and|&) )*[A-Z][\w'.]*)*")
_YEAR = re.compile("(?:1[0-9]|20)[0-9]{2}")
_SMALL_WORDS = frozenset(["of", "for", "the", "and", "in", "on", "at", "to", "by", "from", "with", "against"])


def is_within(span: Span, entity: Span | None, text: str) -> bool:
    """Tell whether a country is mentioned only in the name of something else: in `entity`, if one was recognised there.

    A body of its government speaks for the country ("Supreme Court of India"), and an event that is described by plain
    words names it ("war in Ukraine"): there it is mentioned on its own. With a year such words are a fixed name
    ("2001 Italian general election").
    """
    if entity is None:
        return _is_in_headed_name(text, span.start_char, span.end_char)
    if span.start <= entity.start and entity.end <= span.end:
        return False
    words = [token.text for token in entity]
    if entity.label_ == "EVENT" and any(word.islower() and word not in _SMALL_WORDS for word in words):
        return any(_YEAR.fullmatch(word) for word in words)
    owns = span.end < entity.end and span.doc[span.end].text in ("'s", "’s")
    return not owns and not _is_headed(words, by_government=True)


def _is_in_headed_name(text: str, start: int, end: int) -> bool:
    """Tell whether a head noun other than of government makes a name of the capitalised words around a country."""
    opened = _OPENED_BY.search(text[max(0, start - _BESIDE) : start])
    if opened and _is_headed([opened.group(1)]):
        return True
    closed = _CLOSED_BY.match(text, end)
    return bool(closed and _is_headed(re.findall(r"[\w'.]+", closed.group())))


def _is_headed(words: list[str], by_government: bool = False) -> bool:
    """Tell whether a name's head, its last word or the one before "of", is one of government, or else another one."""
    head = next((word for word, after in pairwise(words) if after == "of"), words[-1])
    row = heads().get(head)
    return bool(row and row["label"] != "LOC" and (row["kind"] == "government") == by_government)
