"""From a document to the words that the trigger table takes for reports of events: the mentions that rules find.

A reported event is given away by a trigger, a noun or verb such as "visit" or "met with" that the table lists with its
type, in a sentence that has somebody or some place to take part. There is no tagger to ask, so the words beside a
trigger tell a noun from a verb and an event from a set phrase.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc, Span

from kg.gazetteers import table, words
from kg.recognition.texts import sentences_of, words_of

# Entities that can take part in an event or be its place.
_PARTICIPANTS = frozenset({"PERSON", "ORG", "LOC", "GPE", "FAC", "NORP"})
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "without", "cannot"})
_FOLLOWED_BY_WITH = frozenset({"met", "meet", "meets", "meeting", "talked", "spoke", "clashed"})
# Words that with the noun after them name one thing, whatever stands before.
_COMPOUNDS = frozenset({"press", "news", "phone", "telephone", "video", "peace", "trade", "state", "working", "summit"})
# The longest run of words before a noun that is taken for its adjectives.
_MODIFIERS = 3
# Forms in -ing that are adjectives; others before a noun mostly govern it ("promoting peace talks").
_PARTICIPLES = frozenset({"ongoing", "upcoming", "forthcoming", "closing", "opening", "working", "meeting", "signing"})
# With these before it and a hyphen, a trigger is no event of its own ("anti-riot police").
_PREFIX = re.compile(r"(?:anti|post|pre|pro|non|counter|cease|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\Z")
# How many words after a trigger may hold the one it needs.
_REACH = 4


class Trigger(NamedTuple):
    """A reading of a word: the event it tells of, as a noun or a verb, and the company it needs or cannot bear."""

    type: str
    part: str
    noun: str
    needs: frozenset[str]
    unless: frozenset[str]


def reported(doc: Doc, taken: set[int]) -> Iterator[Span]:
    """Yield the mentions outside `taken`; the span_id says whether the word alone or its company tells the type."""
    triggers = readings()
    texts = words_of(doc)
    lower = lowered(doc, texts)
    sents = [(sent.start, sent.end) for sent in sentences_of(doc)]
    starts = [start for start, _ in sents]
    peopled = _peopled(doc, starts)
    for i, word in enumerate(lower):
        if i + 2 < len(lower) and lower[i + 1] == "-":
            continue  # "fire-affected" tells of no fire; "cease-fire" is looked up at its end
        first = i
        if i > 1 and lower[i - 1] == "-":
            whole = f"{lower[i - 2]}-{word}"
            if whole in triggers:
                first, word = i - 2, whole
            elif _PREFIX.match(lower[i - 2]):
                continue
        if word not in triggers or i in taken:
            continue
        number = bisect_right(starts, i) - 1
        if number not in peopled:
            continue
        start, end = sents[number]
        if texts[i] == "March" or (texts[first][0].isupper() and first > start and _in_name(texts, first, i, end)):
            continue
        for trigger in triggers[word]:
            if holds(trigger, lower, first, i, start, end):
                low, high = extended(trigger.part, texts, lower, first, i, start, end)
                low = max([low, *(k + 1 for k in taken.intersection(range(low, first)))])
                high = high if taken.isdisjoint(range(i, high)) else i + 1
                told_by = "company" if any(other.needs for other in triggers[word]) else "word"
                yield Span(doc, low, high, label=trigger.type, kb_id=trigger.noun, span_id=told_by)
                break


def lowered(doc: Doc, texts: list[str]) -> list[str]:
    """Return `texts`, those of the tokens of `doc`, in lower case, a hyphen between spaces as the dash that it is."""
    lower = [text.lower() for text in texts]
    for i, word in enumerate(lower):
        if word == "-" and doc[i].whitespace_:
            lower[i] = "–"
    return lower


def extended(
    part: str, texts: list[str], lower: list[str], first: int, last: int, start: int, end: int
) -> tuple[int, int]:
    """Return the bounds of a mention: those of its noun with the adjectives, or of its verb with "with"."""
    if part == "verb":
        return first, last + 1 + (lower[last] in _FOLLOWED_BY_WITH and last + 1 < end and lower[last + 1] == "with")
    low = first
    while low > start and first - low <= _MODIFIERS and _is_modifier(lower, low - 1):
        low -= 1
    if low == start or lower[low - 1] not in words("before_noun_phrases"):
        low = first - (first > start and lower[first - 1] in _COMPOUNDS)
    return low, _with_name(texts, last + 1, end)


def _is_modifier(lower: list[str], i: int) -> bool:
    """Tell whether the word at `i` can be an adjective or noun before a noun ("two-day", "official", "peace")."""
    word = lower[i]
    if lower[i + 1] == "-":
        return word.isalnum()
    if word == "-":
        return True
    if not word.isalpha() or word in words("not_in_noun_phrases") or word in words("before_noun_phrases"):
        return False
    if word.endswith("ly") or (word.endswith("ing") and word not in _PARTICIPLES):
        return False
    return all(trigger.part == "noun" for trigger in readings().get(word, ()))


def _with_name(texts: list[str], stop: int, end: int) -> int:
    """Return where a noun phrase ends that may go on at `stop` with "of" and a name."""
    if stop >= end or texts[stop] != "of":
        return stop
    last = stop + 1
    last += last < end and texts[last] == "the"
    name = last
    while last < end and texts[last][:1].isupper():
        last += 1
    return last if last > name else stop


def _peopled(doc: Doc, starts: list[int]) -> set[int]:
    """Return the numbers of the sentences that have somebody or some place to take part."""
    firsts = [ent.start for ent in doc.ents if ent.label_ in _PARTICIPANTS]
    firsts += [span.start for span in doc.spans.get("countries", ())]
    return {bisect_right(starts, first) - 1 for first in firsts}


def _in_name(texts: list[str], first: int, last: int, end: int) -> bool:
    """Tell whether a capitalised word stands beside another one, as in "Trial Chamber"."""
    return texts[first - 1][:1].isupper() or (last + 1 < end and texts[last + 1][:1].isupper())


def holds(trigger: Trigger, lower: list[str], first: int, last: int, start: int, end: int) -> bool:
    """Tell whether the word from `first` to `last` of the sentence from `start` to `end` can be read as `trigger`."""
    before = lower[first - 1] if first > start else ""
    after = lower[last + 1] if last + 1 < end else ""
    if before == "-" and first > start + 1:
        before = lower[first - 2]
    if trigger.unless and (after in trigger.unless or before in trigger.unless):
        return False
    if trigger.needs and trigger.needs.isdisjoint(lower[max(start, first - 1) : min(end, last + 1 + _REACH)]):
        return False
    return before not in words("before_verbs") if trigger.part == "noun" else before not in _NEGATIONS


@cache
def readings() -> dict[str, tuple[Trigger, ...]]:
    """The readings of each trigger word, in the order of the table: the first that holds counts."""
    found: dict[str, list[Trigger]] = {}
    for row in table("event_triggers"):
        company = (frozenset((row[column] or "").split()) for column in ("needs", "unless"))
        found.setdefault(row["word"], []).append(Trigger(row["type"], row["part"], row["noun"], *company))
    return {word: tuple(triggers) for word, triggers in found.items()}
