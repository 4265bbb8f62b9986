"""From a document to its mentions of events: `doc.spans["events"]`, named and reported ones.

Where the trained model has read the document, its triggers are the heads of the mentions and its EVENT entities the
named events, as far as they hold a trigger; what the rules find supports them. Without it, the named events are the
EVENT entities of the document, and the reported ones those that the rules find.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from kg.gazetteers import words
from kg.recognition.event_rules import extended, lowered, readings, reported
from kg.recognition.named_events import head_of, named_events, usual_name, well_known
from kg.recognition.texts import sentences_of, words_of

_ARTICLES = frozenset({"the", "a", "an", "this", "that", "its", "their", "his", "her"})
# A trigger in the name of one of these is part of that name; in that of another thing ("Peace March") of an event's.
_NO_EVENTS = frozenset({"PERSON", "GPE", "NORP", "LOC", "FAC", "ORG", "DATE", "MONEY"})
# A trigger less likely than this is passed over; the events decide by all of theirs together.
FLOOR = 0.35
# How likely an EVENT entity is to name an event that holds no trigger, if the rules find that name as well.
_RULED = 0.3
# How likely it must be otherwise.
_UNRULED = 0.5
# How likely at least a well-known name ("World War II") tells of the event.
_KNOWN = 0.6
# How much likelier a type is than the model says if the rules, or else the trigger table, give it, and how likely one
# of the rules at least is that the model did not think of.
_BY_RULE, _BY_TABLE, _UNTHOUGHT = 4.0, 1.5, 0.15
# How certain the type is of a word that has several, where its company tells which ("air strike").
_CHOSEN = 0.9
# How many words say at most what an anniversary is of.
_OCCASION = 10
# What ranks an event among others, and how many words before the noun for them it can begin.
_AMONG = re.compile(r"\b(?:among|amongst|one of)\b[^,;:.]*\b(?:\w+est|most|worst|least|greatest|first)\b")
_RANKED = 7
# What is striven for or lasts, and has not happened: "a political settlement", "strategic rivalry".
_AIMS = frozenset(("settlement", "solution", "resolution", "confrontation", "competition", "rivalry", "partnership"))
_AIMED = frozenset(("political", "peaceful", "negotiated", "diplomatic", "ultimate", "lasting", "strategic"))
# Means to an end in general.
_MEANS = frozenset(("talks", "dialogue", "negotiation", "negotiations", "consultation", "consultations", "diplomacy"))
_BY_MEANS = re.compile(r"\b(?:through|via|by means of)(?: (?!the\b|this\b|these\b|their\b|its\b)[\w,-]+){0,5}\Z")
# What comes before a verb; before a noun that can be a verb too, other words do.
_BEFORE_VERBS = frozenset(
    (
        *("to", "will", "would", "can", "could", "may", "might", "shall", "should", "must", "he", "she", "it", "they"),
        *("we", "who", "which", "was", "were", "been", "being", "be", "is", "are", "has", "have", "had", "not", "also"),
    )
)
# What may stand between a step towards an event and the event, besides names, and how many words it can be.
_BETWEEN_STEPS = frozenset(("to", "on", "for", "a", "an", "the", "their", "its", "his", "her", "of", "new", "further"))
_STEPS = 8
# Quotation marks.
_MARKS = frozenset('"“”')
# Endings of verbs among the words that are in no table, and of the nouns that end like them.
_VERBAL, _NOMINAL = ("ed", "es"), ("need", "speed", "deed", "feed", "ses", "ces")


class Found(NamedTuple):
    """A mention: its bounds, its type, the noun it goes by ("" if unknown), and what speaks for it."""

    start: int
    end: int
    type: str
    noun: str
    named: bool
    probability: float
    ruled: bool
    verb: bool
    certainty: float = 1.0


@Language.component("kg_events")
def make_events(doc: Doc) -> Doc:
    """Set `doc.spans["events"]`: a span a mention in reading order, without overlap.

    Its label is the type of the event, its kb_id the noun that the event goes by ("arrest" for "was detained"), its
    span_id "named" or "reported". The group's attrs hold in the same order the `probability` that it tells of an event,
    whether the rules agree (`ruled`), whether its head is a `verb`, and the `certainty` of its type.
    """
    found = find_events(doc)
    spans = [
        Span(doc, f.start, f.end, label=f.type, kb_id=f.noun, span_id="named" if f.named else "reported") for f in found
    ]
    attrs = {
        "probability": [f.probability for f in found],
        "ruled": [f.ruled for f in found],
        "verb": [f.verb for f in found],
        "certainty": [f.certainty for f in found],
    }
    doc.spans["events"] = SpanGroup(doc, name="events", attrs=attrs, spans=spans)
    return doc


def find_events(doc: Doc) -> list[Found]:
    """List the mentions of events in `doc` in reading order, without overlap."""
    taken = {i for ent in doc.ents for i in range(ent.start, ent.end)}
    by_rules = [_ruled(span) for span in reported(doc, taken)]
    if "triggers" in doc.spans:
        return _apart(_recognised(doc, by_rules))
    return _apart([*(_name(doc, ent.start, ent.end) for ent in doc.ents if ent.label_ == "EVENT"), *by_rules])


def _apart(found: list[Found]) -> list[Found]:
    """Leave out what overlaps a name, a more likely or a longer mention."""
    kept: list[Found] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda f: (not f.named, f.start - f.end if f.named else -f.probability, f.start)):
        tokens = range(one.start, one.end)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append(one)
    return sorted(kept)


def _ruled(span: Span) -> Found:
    certainty = _CHOSEN if span.id_ == "company" else 0.5
    return Found(span.start, span.end, span.label_, span.kb_id_, False, 1.0, True, _verb_of(span.text), certainty)


def _verb_of(text: str) -> bool:
    """Tell whether a mention that the rules found is one of a verb."""
    known = readings().get(text.split()[0].lower(), ())
    return bool(known) and all(reading.part == "verb" for reading in known)


def _name(doc: Doc, start: int, end: int, type_: str = "", probability: float = 1.0, ruled: bool = True) -> Found:
    """Return the mention whose name stands from `start` to `end`, without what is loose at its edges.

    A name has a capital letter or a digit; without one it is what is reported.
    """
    while end - start > 1 and (doc[start].lower_ in _ARTICLES or _is_loose(doc[start].lower_)):
        start += 1
    start = _without_quotation(doc, start, end)
    while end - start > 1 and _is_loose(doc[end - 1].lower_) and doc[end - 1].text != ")":
        end -= 1
    if end - start > 1 and doc[end - 1].text == ")" and not any(doc[i].text == "(" for i in range(start, end)):
        end -= 1
    texts = [token.text for token in doc[start:end]]
    if len(texts) > 3 and texts[0].isdigit() and texts[1] in ("-", "–", "—") and doc[start].whitespace_:
        start, texts = start + 2, texts[2:]
    if (
        texts[0].isalpha() and texts[0].islower() and "of" in texts[1:3]
    ):  # "outbreak of the Ukraine crisis" is one more mention of the crisis
        cut = texts.index("of") + 1
        cut += texts[cut : cut + 1] == ["the"]
        if head_of(texts[cut:])[1] != "other" if texts[cut:] else False:
            start, texts = start + cut, texts[cut:]
    end = start + _without_rest(texts)
    texts = texts[: end - start]
    noun, usual = head_of(texts)
    if noun == "anniversary":
        end = _with_occasion(doc, end)
    known = type_ if usual == "other" or (type_ and noun in words("event_loose_heads")) else usual
    named = any(char.isupper() or char.isdigit() for text in texts for char in text)
    verb = not named and _verb_of(texts[-1])
    return Found(start, end, known or usual, noun, named, probability, ruled, verb)


def _without_rest(texts: list[str]) -> int:
    """Return how many of the words of a name are left without what follows it: its head once more, or when it was.

    >>> _without_rest("2006 Toronto municipal election municipal elections".split())
    4
    >>> _without_rest("2016 Galician regional election in September 2016".split())
    4
    """
    heads = [i for i, text in enumerate(texts) if text.islower() and head_of([text])[1] != "other"]
    for i in heads:
        rest = [text.lower() for text in texts[i + 1 :]]
        if rest[:1] in (["s"], ["ad"]) or (rest == ["campaign"] and texts[i].startswith("election")):
            return i + 1
        if rest and all(map(str.islower, texts[i + 1 :])) and rest[-1].rstrip("s") == texts[i].rstrip("s"):
            return i + 1
        if rest[:1] == ["in"] and texts[-1] in texts[:i] and texts[-1].isdigit():
            return i + 1
    return len(texts)


def _without_quotation(doc: Doc, start: int, end: int) -> int:
    """Return where a name begins that a closing quotation mark would cut: right after the mark."""
    marks = [i for i in range(start, end) if doc[i].text in _MARKS]
    if marks and marks[-1] < end - 1 and (len(marks) % 2 or doc[marks[-1]].text == "”") and doc[marks[0]].text != "“":
        return marks[-1] + 1
    return start


def _with_occasion(doc: Doc, end: int) -> int:
    """Return where the name of an anniversary ends that goes on at `end` with what it is of, or before an event."""
    last = end
    while last < min(end + _OCCASION, len(doc)):
        word = doc[last]
        if word.ent_type_ == "EVENT" or not (word.text[0].isalpha() or word.text in ("'s", "’s")):
            break
        if word.lower_ != "of" and last == end:
            break
        if word.lower_ in words("function_words") and word.lower_ not in ("of", "the"):
            break
        last += 1
    while last > end and doc[last - 1].lower_ in ("of", "the"):
        last -= 1
    return last


def _is_loose(word: str) -> bool:
    """Tell whether a word at the edge of a name is no part of it: a preposition or a mark."""
    return word in words("before_noun_phrases") or not any(map(str.isalnum, word))


def _recognised(doc: Doc, by_rules: list[Found]) -> list[Found]:
    """List the mentions whose heads are the triggers of `doc`; they may overlap."""
    group = doc.spans["triggers"]
    heads = {span.start: (span.label_, group.attrs["probability"][k]) for k, span in enumerate(group)}
    types = {span.start: types_of(group, k) for k, span in enumerate(group)}
    names = [_Bounds(span.start, span.end) for span in named_events(doc)]
    found = [*_known_names(doc, heads), *_names(doc, heads, names)]
    ruled = {i: rule for rule in by_rules for i in range(rule.start, rule.end)}
    blocked = {i for ent in doc.ents if ent.label_ in _NO_EVENTS for i in range(ent.start, ent.end)}
    blocked |= (inside := {i for name in found for i in range(name.start, name.end)})
    texts = words_of(doc)
    lower = lowered(doc, texts)
    for sentence in sentences_of(doc):
        for i in range(sentence.start, sentence.end):
            if i in heads and i not in blocked and heads[i][1] >= FLOOR and _can_tell(lower, i):
                if lower[i] in words("event_phases") and _is_phase(doc, lower, i, inside):
                    continue
                if lower[i] in words("event_steps") and _is_step(texts, lower, i, sentence.end, heads):
                    continue
                probability = heads[i][1]
                rule = ruled.get(i)
                type_, certainty = likeliest_type(types[i], lower[i], rule)
                if lower[i].startswith("agree") and type_ == "meeting":
                    type_ = "agreement"  # no meeting follows, or it would be a step
                part = "verb" if _is_verb(texts, i, sentence.start) else "noun"
                start, end = extended(part, texts, lower, i, i, sentence.start, sentence.end)
                start = max([start, *(k + 1 for k in range(start, i) if k in blocked)])
                end = min([end, *(k for k in range(i + 1, end) if k in blocked)])
                while end > i + 1 and lower[end - 1] in ("of", "the"):
                    end -= 1
                noun = _noun(lower[i], type_, part)
                verb = part == "verb"
                found.append(Found(start, end, type_, noun, False, probability, rule is not None, verb, certainty))
    return found


def _is_phase(doc: Doc, lower: list[str], i: int, named: set[int]) -> bool:
    """Tell whether the noun at `i` is but a part of an event that is named right after "of", or right before."""
    before = next((k for k in range(i - 1, max(-1, i - 3), -1) if lower[k] not in ("'s", "’s", ")")), i)
    if before in named:
        return True
    if lower[i + 1 : i + 2] not in (["of"], ["in"]):
        return False
    after = i + 2 + (lower[i + 2 : i + 3] == ["the"])
    texts = [token.text for token in doc[after : after + 3]]
    return after in named or any(usual_name(texts[:length]) for length in range(1, len(texts) + 1))


def _is_step(texts: list[str], lower: list[str], i: int, end: int, heads: dict[int, tuple[str, float]]) -> bool:
    """Tell whether the word at `i` only leads to the event that is named next: "agree to prepare for the summit"."""
    for k in range(i + 1, min(i + 1 + _STEPS, end)):
        if lower[k] in words("event_steps"):
            continue
        if k in heads and heads[k][1] >= FLOOR:
            return True
        if not (lower[k] in _BETWEEN_STEPS or lower[k] == "-" or texts[k][:1].isupper()):
            return False
    return False


def types_of(group: SpanGroup, k: int) -> dict[str, float]:
    """Return the likeliest types of the trigger `k`, each with how likely it is."""
    told = group.attrs.get("types")
    return dict(told[k]) if told else {group[k].label_: group.attrs["type"][k]}


def likeliest_type(types: dict[str, float], word: str, rule: Found | None) -> tuple[str, float]:
    """Return the type of the event that `word` tells of, and how certain it is: what the model and the rules think."""
    types = dict(types)
    known = {reading.type for reading in readings().get(word, ())}
    if rule and rule.certainty == _CHOSEN and len(known) > 1:
        return rule.type, _CHOSEN
    if rule:
        types[rule.type] = max(types.get(rule.type, 0.0), _UNTHOUGHT) * _BY_RULE
    elif len(known) == 1:
        type_ = next(iter(known))
        types[type_] = types.get(type_, 0.0) * _BY_TABLE
    best = max(types, key=lambda type_: (types[type_], type_))
    return best, round(types[best] / max(1.0, sum(types.values())), 2)


class _Bounds(NamedTuple):
    start: int
    end: int


def _known_names(doc: Doc, heads: dict[int, tuple[str, float]]) -> Iterator[Found]:
    """Yield the well-known names, wherever they stand but in the midst of another thing's name.

    At the end of one they are themselves: "Allies of World War II".
    """
    for start, end in well_known(doc):
        around = [ent for ent in doc.ents if ent.start < end and start < ent.end]
        if all(ent.label_ != "PERSON" and not any(t.text.isalnum() for t in doc[end : ent.end]) for ent in around):
            longer = any(ent.label_ == "EVENT" and ent.start < start and ent.end >= end for ent in around)
            if not longer:
                likely = max((heads[i][1] for i in range(start, end) if i in heads), default=0.0)
                yield _name(doc, start, end, "", max(likely, _KNOWN), True)


def _names(doc: Doc, heads: dict[int, tuple[str, float]], ruled: list[_Bounds]) -> Iterator[Found]:
    """Yield the names of events: EVENT entities, and what the rules name, as likely as the triggers in them."""
    entities = [_Bounds(ent.start, ent.end) for ent in doc.ents if ent.label_ == "EVENT"]
    others = [_Bounds(ent.start, ent.end) for ent in doc.ents if ent.label_ != "EVENT"]
    for bounds in entities:
        agreed = any(rule.start < bounds.end and bounds.start < rule.end for rule in ruled)
        inside = [heads[i] for i in range(bounds.start, bounds.end) if i in heads]
        type_, probability = max(inside, key=lambda head: head[1], default=("", 0.0))
        probability = max(probability, _RULED * agreed)
        if probability >= (FLOOR if agreed else _UNRULED):
            yield _name(doc, *bounds, type_, probability, agreed)
    for bounds in ruled:
        marked = doc[bounds.start + 1].lower_ == "anniversary" if bounds.end - bounds.start > 2 else False
        beside = [other for other in others if not (marked and bounds.start + 1 < other.start)]  # may be what it is of
        if not any(bounds.start < other.end and other.start < bounds.end for other in [*entities, *beside]):
            inside = [heads[i] for i in range(bounds.start, bounds.end) if i in heads]
            type_, probability = max(inside, key=lambda head: head[1], default=("", 0.0))
            if probability >= FLOOR:
                yield _name(doc, *bounds, type_, probability, True)


def _can_tell(lower: list[str], i: int) -> bool:
    """Tell whether the word at `i` can tell of an event at all: no small word, and no part of "flood-affected"."""
    word = lower[i]
    if lower[i + 1 : i + 2] == ["-"] and "".join(lower[i + 2 : i + 3]).endswith("ed"):
        return False
    if i and lower[i - 1] == "-" and word.endswith("ed"):
        return False
    before = " ".join(lower[max(0, i - _RANKED) : i])
    if word.endswith("s") and _AMONG.search(before):
        return False  # "among the costliest disasters" says what an event is like, not which
    if word in words("before_noun_phrases") or word in words("event_not_nouns"):
        return False
    if i and word in _AIMS and lower[i - 1] in _AIMED:
        return False
    if word in _MEANS and _BY_MEANS.search(before):
        return False  # "through dialogue" says how, not that there was one
    return len(word) > 2 and any(map(str.isalpha, word))


def _is_verb(texts: list[str], i: int, start: int) -> bool:
    """Tell whether the word at `i` of a sentence that begins at `start` is rather a verb than a noun."""
    word, before = texts[i].lower(), texts[i - 1].lower() if i > start else ""
    if before in _BEFORE_VERBS:
        return True
    known = readings().get(word, ())
    if known and len({reading.part for reading in known}) == 1:
        return known[0].part == "verb"
    if before in _ARTICLES or before in ("'s", "’s", "of", "in", "on"):
        return False
    return word.endswith(_VERBAL) and not word.endswith(_NOMINAL)


def _noun(word: str, type_: str, part: str) -> str:
    """Return the noun by which an event goes that `word` tells of: its own, or the one that the table gives a verb."""
    known = readings().get(word, ())
    alike = [reading.noun for reading in known if reading.type == type_ and reading.part == part]
    return alike[0] if alike else word if part == "noun" else ""
