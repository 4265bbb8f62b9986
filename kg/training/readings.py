"""From careful readings of articles to what is known of their words: people, countries, events.

A reading lists the people, countries and events of an article with the forms in which the text mentions them. It tells
more than spans of names do: which words head the mention of an event, of which type, and whether that has a name.
"""

import re
from collections.abc import Iterable

from spacy.tokens import Doc, Span

from kg.training.labels import ANY, EVENT, FIRST, OUTSIDE, PERSON, TYPES, bits
from kg.training.recipe import Source
from kg.training.spans import Annotated, Known, expanded, head_of, tags_of, write

# An event that a reader could leave out, and words around the head of a mention, count less.
OPTIONAL, AROUND = 0.3, 0.2
_HOLDS_NAMES = ("organization", "facility", "location", "misc", "product")


def spans_of(forms: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Return where `forms` stand in `text`: whole words, longer forms first, without overlap.

    >>> spans_of(["Xi", "Xi Jinping"], "Xi Jinping spoke. Xi left.")
    [(0, 10), (18, 20)]
    """
    taken: list[tuple[int, int]] = []
    for form in sorted(set(forms), key=lambda form: (-len(form), form)):
        for match in re.finditer(r"(?<!\w)" + re.escape(form) + r"(?!\w)", text):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                taken.append(match.span())
    return sorted(taken)


def known_of(doc: Doc, record: Annotated, reading: Annotated, source: Source) -> Known:
    """Return what the spans of `record` and the careful `reading` of the same text tell together."""
    types, weights, named = triggers(doc, reading)
    return Known(read_tags(doc, record, reading, source), types, weights, named, [-1] * len(doc))


def read_tags(doc: Doc, record: Annotated, reading: Annotated, source: Source) -> list[int]:
    """Return the tags that each token may have: people, countries, named events by the reading, the rest by spans."""
    tags = [may_be & ~EVENT or may_be for may_be in tags_of(doc, record, source)]
    countries = set(spans_of((form for c in reading["countries"] for form in c["mentions"]), doc.text))
    others: list[tuple[Span, str]] = []
    for e in record["entities"]:
        if (span := doc.char_span(e["start"], e["end"])) is None:
            continue
        if e["label"] == "person":  # unless the reading confirms it, anything but a person
            write(tags, span, ANY & ~PERSON & ~EVENT, ANY & ~PERSON & ~EVENT)
            continue
        others.append((span, e["label"]))
        if e["label"] == "location":
            label = "country" if (e["start"], e["end"]) in countries else "location"
            write(tags, span, bits([label], "B"), bits([label], "I"))
    people = {bounds for person in reading["people"] for bounds in spans_of(person["mentions"], doc.text)}
    named = [b for e in reading["events"] if e["kind"] == "named" for b in spans_of(e["mentions"], doc.text)]
    for start, end in sorted(named, key=lambda bounds: (bounds[1] - bounds[0], bounds)):
        span = expanded(doc, start, end)
        if any(start < right and left < end for left, right in people):
            continue  # "the Trump-Putin meeting": the people count
        if not any(map(str.isupper, span.text)):
            for token in span:
                tags[token.i] |= EVENT
        elif len(span) > 1 or not _inside(span, others):
            _replace(tags, doc, span, "event")
    for start, end in sorted(people):
        span = doc.char_span(start, end)
        if span is not None and not _inside(span, [other for other in others if other[1] in _HOLDS_NAMES]):
            _replace(tags, doc, span, "person")
    return tags


def _inside(span: Span, others: list[tuple[Span, str]]) -> bool:
    """Tell whether `span` is a part of a longer name."""
    return any(o.start <= span.start and span.end <= o.end and len(o) > len(span) for o, _ in others)


def _replace(tags: list[int], doc: Doc, span: Span, label: str) -> None:
    """Write `label` over whatever was there; of a name that this takes the start from, nothing is known."""
    write(tags, span, bits([label], "B"), bits([label], "I"))
    if span.end < len(doc) and not tags[span.end] & (OUTSIDE | FIRST):
        tags[span.end] = ANY


def triggers(doc: Doc, reading: Annotated) -> tuple[list[int], list[float], list[int]]:
    """Return for each token the type of the event that it heads (0 none), its weight, and whether it is named."""
    types, weights, named = [0] * len(doc), [1.0] * len(doc), [-1] * len(doc)
    found = [
        (event, expanded(doc, start, end))
        for event in sorted(reading["events"], key=lambda event: not event["optional"])  # the others have the last word
        for start, end in spans_of(event["mentions"], doc.text)
    ]
    for _, span in found:
        weights[span.start : span.end] = [AROUND] * len(span)
    for event, span in found:
        head = head_of(span)
        types[head] = 1 + TYPES.index(event["type"])
        weights[head] = OPTIONAL if event["optional"] else 1.0
        named[head] = int(event["kind"] == "named")
    return types, weights, named
