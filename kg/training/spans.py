"""From annotated texts to examples: windows that say, for every word, which tags may stand there.

A source annotates some labels and leaves others out; what it leaves out is unknown, not absent. So a word does not
have one tag but a set of tags that agree with its source, and training asks only that the tag is one of them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.documents import RULES, split_words
from kg.errors import BadRecipe
from kg.recognition.windows import Pieces, Window, windows
from kg.training.labels import ANY, FIRST, INSIDE, LABELS, OUTSIDE, bits
from kg.training.recipe import Source

_ARTICLE, _POSSESSIVE = re.compile(r"[Tt]he\s+"), re.compile(r"\s*['’]s?$")

Annotated = dict[str, Any]
"""A line of a span file: {"id", "text", "labels", "entities": [{"start", "end", "label"}]}."""


@dataclass(slots=True)
class Example:
    """A window, and what is known of each of its words.

    `tags`: the tags it may have, as bits. `types`: which type of event it heads (0 none, -1 unknown), with `weights`.
    `named`: whether that event has a name (-1 unknown). `happens`: 0 nothing, 1 an occurrence, 2 a state or report
    (-1 unknown).
    """

    window: Window
    tags: list[int]
    types: list[int]
    weights: list[float]
    named: list[int]
    happens: list[int]


@dataclass(slots=True)
class Known:
    """What is known of each token of a document; the fields are those of `Example`."""

    tags: list[int]
    types: list[int]
    weights: list[float]
    named: list[int]
    happens: list[int]

    @classmethod
    def nothing(cls, n: int) -> "Known":
        return cls([ANY] * n, [-1] * n, [0.0] * n, [-1] * n, [-1] * n)


def read_jsonl(path: Path) -> list[Annotated]:
    """Return the objects in the file at `path`, one a line."""
    try:
        with path.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        raise BadRecipe(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise BadRecipe(f"{path} is not JSON Lines: {error}") from error


def reader() -> Language:
    """Return the pipeline that splits text into words and sentences and finds names by rules, as at run time."""
    nlp = spacy.blank("en")
    split_words(nlp)
    for name in ("kg_sentences", *RULES):
        nlp.add_pipe(name)
    nlp.max_length = 10_000_000
    return nlp


def tags_of(doc: Doc, record: Annotated, source: Source) -> list[int]:
    """Return the tags that each token of `doc` may have by the spans of `record`, as bits."""
    spans = record["entities"]
    unlabelled = [x for x in LABELS if x not in record["labels"]] if source.outside is None else source.outside
    outside = OUTSIDE | bits(unlabelled)
    tags = [outside] * len(doc)
    if source.partial:
        tags = [outside if token.is_lower or not token.is_alpha else ANY for token in doc]
        spans = [e for e in map(_trimmed, _outermost(spans)) if not record["text"][e["start"]].islower()]
    for e in sorted(spans, key=lambda e: (e["start"], -e["end"])):
        label = e["label"]
        may_be = source.reads.get(label, [label])
        if (span := doc.char_span(e["start"], e["end"])) is None:  # it ends inside a word: nothing is known there
            write(tags, expanded(doc, e["start"], e["end"]), ANY, ANY)
        elif label in ("event", "misc") or "event" not in may_be:
            write(tags, span, bits(may_be, "B"), bits(may_be, "I"))
        else:  # it may be a part of the name of an event
            rest = [x for x in may_be if x != "event"]
            write(tags, span, bits(rest, "B") | bits(["event"]), bits(rest, "I") | bits(["event"]))
    return tags


def write(tags: list[int], span: Iterable[Any], first: int, inside: int) -> None:
    """Set the tags of the first and of the other tokens of `span`."""
    for n, token in enumerate(span):
        tags[token.i] = inside if n else first


def expanded(doc: Doc, start: int, end: int) -> Span:
    """Return the tokens that the characters touch."""
    span = doc.char_span(start, end, alignment_mode="expand")
    return doc[0:0] if span is None else span


def _outermost(spans: list[Annotated]) -> Iterator[Annotated]:
    end = -1
    for e in sorted(spans, key=lambda e: (e["start"], -e["end"])):
        if e["start"] >= end:
            end = e["end"]
            yield e


def _trimmed(e: Annotated) -> Annotated:
    """Return the span without a leading article and a closing 's."""
    before, after = _ARTICLE.match(e["text"]), _POSSESSIVE.search(e["text"])
    start = e["start"] + (before.end() if before else 0)
    return {**e, "start": start, "end": max(start + 1, e["end"] - (len(after.group()) if after else 0))}


def happenings(doc: Doc, record: Annotated, source: Source) -> list[int]:
    """Return for each token whether it heads an occurrence (1) or a state or report (2)."""
    happens = [0] * len(doc)
    for e in record["entities"]:
        if e["label"] in source.happens:
            head = head_of(expanded(doc, e["start"], e["end"]))
            happens[head] = 1 if source.happens[e["label"]] else 2
        elif e["label"] == "negated":
            happens[head_of(expanded(doc, e["start"], e["end"]))] = -1
    return happens


# Words that end the part of a mention that holds its head.
_AFTER_HEAD = frozenset(
    (
        *("of", "in", "with", "to", "for", "on", "at", "by", "from", "against", "between", "over", "into", "after"),
        *("about", "as", "that", "the", "a", "an", "his", "her", "their", "its", "who", "which", "when", "during"),
        *("before", "under", "within", "among", "amid", "around", "through", "towards", "toward", "near", "upon"),
        *("and", "or", "up", "out", "off", "down"),
    )
)
_OBJECTS = frozenset(("themselves", "himself", "herself", "itself", "him", "them", "it"))


def head_of(span: Span) -> int:
    """Return the token that heads the mention of an event: the noun before "of", the verb of "visited Paris".

    >>> nlp = spacy.blank("en")
    >>> mentions = "general election", "visited Paris", "Siege of Kut", "declined to go", "met with"
    >>> [doc[head_of(doc[:])].text for doc in map(nlp, mentions)]
    ['election', 'visited', 'Siege', 'declined', 'met']
    """
    words = [token.text for token in span]
    cut = next((i for i, word in enumerate(words) if i and word.lower() in _AFTER_HEAD), len(words))
    full = [i for i in range(cut) if any(map(str.isalpha, words[i])) and words[i] not in ("'s", "’s")]
    full = full if full[:1] != [0] or words[0].lower() not in _AFTER_HEAD else full[1:]
    if not full:
        return span.start
    verb_first = words[full[0]].islower() and not words[full[-1]].islower()
    return span.start + (full[0] if verb_first or words[full[-1]].lower() in _OBJECTS else full[-1])


def examples(doc: Doc, known: Known, pieces: Pieces, size: int) -> Iterator[Example]:
    """Yield the windows of `doc` with what is known of their words."""
    for window in windows(doc, pieces, size):
        words = window.words
        yield Example(
            window,
            _opened([known.tags[i] for i in words]),
            [known.types[i] for i in words],
            [known.weights[i] for i in words],
            [known.named[i] for i in words],
            [known.happens[i] for i in words],
        )


def _opened(tags: list[int]) -> list[int]:
    """Let a name that is cut by the window's edge, or by a line break, start where it goes on."""
    for k, may_be in enumerate(tags):
        if not may_be & ~INSIDE and not (k and tags[k - 1] & (may_be | may_be >> 1)):
            tags[k] = may_be >> 1 & FIRST
    return tags


def joined(records: list[Annotated]) -> Iterator[Annotated]:
    """Yield the sentences of each document as one record; the ids are those of the document and "-s" with a number."""
    for key, sentences in groupby(records, key=lambda r: r["id"].rsplit("-s", 1)[0]):
        text, entities = "", []
        for record in sentences:
            text += " " if text else ""
            shift = len(text)
            entities += [{**e, "start": e["start"] + shift, "end": e["end"] + shift} for e in record["entities"]]
            text += record["text"]
        yield {"id": key, "text": text, "labels": record["labels"], "entities": entities}
