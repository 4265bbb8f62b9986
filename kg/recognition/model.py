"""From a document to its names and to the words that tell of events, by the trained model.

One pass of the encoder over each window gives every word a score for each name tag and for each type of event. Names
become `doc.ents`; words that may head the mention of an event become `doc.spans["triggers"]`. A window is computed by
itself, so what is found in an article depends on that article alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from kg.gazetteers import table, words
from kg.recognition.chain import Scores, decode, margin
from kg.recognition.windows import CAPITAL, INITIAL, LETTER, MIXED, UPPER, Pieces, Window, shape, windows
from kg.recognition.word_classes import fold, folded

HERE = Path(__file__).parent / "weights"

# Our labels in the words of OntoNotes, which spaCy's own pipelines use too.
ENTS = {
    "person": "PERSON",
    "organization": "ORG",
    "location": "LOC",
    "country": "GPE",
    "norp": "NORP",
    "facility": "FAC",
    "event": "EVENT",
    "misc": "MISC",
    "date": "DATE",
    "money": "MONEY",
}
# Words less likely than this to head the mention of an event are left out of the triggers.
FLOOR = 0.1
# How many of the likeliest types of an event are told.
CHOICES = 4
# How far the score of "person" may lie behind at a bare surname whose full name the article has.
LAG = 5.0
# Nothing that is longer, in characters, is a name.
LONGEST = 150
_DASHES = frozenset(("-", "–", "—"))
# Marks that end no name.
_LOOSE_ENDS = frozenset((",", ":", ";", "-", "–", "—", "--", "(", "[", "“", "‘", "/"))
# An event that the rules did not see must lead by more than this.
DOUBT = 2.0
# What may stand between titles: "Lt. Col.".
_TITLE_MARKS = frozenset((".", "-"))
_NAMELIKE = frozenset((CAPITAL, UPPER, MIXED))


class Name(NamedTuple):
    """A name: its tokens from `start` up to `end`, its label, and how sure that is."""

    start: int
    end: int
    label: int
    margin: float


class Recognizer:
    """The spaCy component; the weights are loaded when the first document comes."""

    def __init__(self, folder: Path = HERE) -> None:
        self.folder = folder

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of `doc`, and `doc.spans["triggers"]`.

        Entities that are there already are hints: they are weighed with what the text says, then replaced.
        """
        model = load(self.folder)
        read = [(window, *model.scores(window)) for window in windows(doc, model.pieces, model.size)]
        found = names(doc, read, model)
        doc.ents = [Span(doc, name.start, name.end, label=ENTS[model.labels[name.label]]) for name in found]
        doc.spans["triggers"] = triggers(doc, read, model)
        return doc


@Language.factory("kg_recognizer", default_config={"folder": None})
def make_recognizer(nlp: Language, name: str, folder: str | None) -> Recognizer:
    """Return the component with the weights in `folder`, by default those of the package."""
    return Recognizer(Path(folder) if folder else HERE)


class Model:
    """The weights in a folder with what is needed to read their answers."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime  # not for those who read by rules alone

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # processes are what runs side by side
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(folder / "recogniser.onnx", options, ["CPUExecutionProvider"])
        told = self.session.get_modelmeta().custom_metadata_map
        self.labels: list[str] = json.loads(told["labels"])
        self.types: list[str] = json.loads(told["types"])
        self.size: int = json.loads(told["size"])
        self.moves = np.array(json.loads(told["moves"]), np.float32)
        self.pieces = Pieces(folder / "tokenizer.json")

    def scores(self, window: Window) -> tuple[Scores, Scores]:
        """Return the tag scores and the event scores of the words of `window`."""
        tags, events = self.session.run(
            None,
            {
                "pieces": np.array([window.pieces]),
                "shapes": np.array([window.shapes]),
                "hints": np.array([window.hints]),
                "first": np.array(window.first),
                "last": np.array(window.last),
            },
        )
        return tags, events


@cache
def load(folder: Path) -> Model:
    """Return the model in `folder`; it is read once in a process."""
    return Model(folder)


Read = list[tuple[Window, Scores, Scores]]


def names(doc: Doc, read: Read, model: Model) -> list[Name]:
    """List the names in `doc` in reading order, one label a name throughout the article, people without titles."""
    *_, (_, found) = steps(doc, read, model)
    return sorted(found)


def steps(doc: Doc, read: Read, model: Model) -> Iterator[tuple[str, list[Name]]]:
    """Yield the names in `doc` after each step towards them, and why a step leaves out or changes some."""
    found: list[Name] = []
    rows: dict[int, Scores] = {}
    for window, tags, _ in read:
        at = window.words
        rows.update(zip(at, tags, strict=True))
        for first, last, label, lead in decode(tags, model.moves):
            while last > first and _is_loose(doc, at[first], at[last]):
                last -= 1
            name = Name(at[first], at[last] + 1, label, lead)
            if len(doc[name.start : name.end].text) <= LONGEST:
                found.append(name)
    person, event = model.labels.index("person"), model.labels.index("event")
    found = list(completed(doc, found, person))
    yield "the recogniser sees no name", found
    found = [kept for name in found if (kept := untitled(doc, name) if name.label == person else name)]
    yield "there is nothing but a title or a letter", found
    found = list(parted(doc, found, person))
    yield "it joins two people with a dash", found
    found = agreed(doc, coupled(doc, joined(found, event), person, event))
    yield "other mentions in the article that are written alike are surer", found
    found = list(sure_events(doc, found, event))
    yield f"an event that the rules do not see must lead by more than {DOUBT:g}", found
    found = list(whole_names(doc, found, person))
    yield "it is a word of a longer name in the article that is no person", found
    yield "", [*found, *bare_surnames(doc, found, rows, person)]


def completed(doc: Doc, found: list[Name], person: int) -> Iterator[Name]:
    """Yield the names, that of a person whole if it is part of one that the rules saw and the rest of no other name.

    "Moon Jae" becomes "Moon Jae-in".
    """
    owner = {i: name for name in found for i in range(name.start, name.end)}
    whole = {i: ent for ent in doc.ents if ent.label_ == "PERSON" for i in range(ent.start, ent.end)}
    for name in found:
        ent = whole.get(name.start)
        if name.label == person and ent and all(owner.get(i, name) is name for i in range(ent.start, ent.end)):
            name = name._replace(start=min(name.start, ent.start), end=max(name.end, ent.end))
        yield name


def _is_loose(doc: Doc, first: int, last: int) -> bool:
    """Tell whether the mark at `last` ends no name: a comma, or a bracket that the name does not open."""
    text = doc[last].text
    return text in _LOOSE_ENDS or (text in ")]" and not any(token.text in "([" for token in doc[first:last]))


def untitled(doc: Doc, name: Name) -> Name | None:
    """Return the name of a person without titles and peoples before it; None if nothing or a lone letter is left."""
    start = name.start
    while start < name.end and (doc[start].lower_.rstrip(".") in titles() or doc[start].text in _TITLE_MARKS):
        start += 1
    if start + 1 < name.end and doc[start].text in peoples():
        start += 1
    rest = [shape(token.text) for token in doc[start : name.end]]
    return name._replace(start=start) if rest and rest != [LETTER] else None


@cache
def titles() -> frozenset[str]:
    """Return the titles and offices that stand before a name, without case."""
    return words("titles") | {word.lower() for word in words("title_acronyms")}


@cache
def peoples() -> frozenset[str]:
    """Return the words for people of a country ("Uzbek", "Kuwaitis") that are no given names."""
    kinds = ("adjective", "demonym")
    found = {row["form"] for row in table("country_names") if row["kind"] in kinds and " " not in row["form"]}
    return frozenset(word for word in found if fold(word) not in folded("given_names"))


def joined(found: list[Name], event: int) -> list[Name]:
    """Make one name of two events that stand side by side: "2002 Winter Olympics"."""
    out: list[Name] = []
    for name in found:
        if out and name.label == out[-1].label == event and name.start == out[-1].end:
            name = Name(out[-1].start, name.end, event, max(out.pop().margin, name.margin))
        out.append(name)
    return out


def coupled(doc: Doc, found: list[Name], person: int, event: int) -> list[Name]:
    """Lead the names of events that say "between" one and stop on to the other: "ties between China [and Peru]"."""
    out: list[Name] = []
    after = {name.start: name for name in found}
    for name in found:
        if out and name.start < out[-1].end:
            continue
        if name.label == event and "between" in (doc[i].lower_ for i in range(name.start, name.end)):
            last = max(i for i in range(name.start, name.end) if doc[i].lower_ not in ("and", "the"))
            rest = [token.lower_ for token in doc[last + 1 : last + 3]]
            other = after.get(last + (3 if rest == ["and", "the"] else 2)) if rest[:1] == ["and"] else None
            if other and other.label not in (person, event):
                name = name._replace(end=other.end)
        out.append(name)
    return out


def parted(doc: Doc, found: list[Name], person: int) -> Iterator[Name]:
    """Yield the names, "Putin-Trump" as two where the article has two people of these surnames."""
    full = [doc[name.start : name.end] for name in found if name.label == person and name.end - name.start > 1]
    surnames = {span[-1].text for span in full if not any(token.text in _DASHES for token in span)}
    for name in found:
        words = [token.text for token in doc[name.start : name.end]]
        if name.label == person and len(words) == 3 and words[1] in _DASHES and {words[0], words[2]} <= surnames:
            yield name._replace(end=name.start + 1)
            yield name._replace(start=name.start + 2)
        else:
            yield name


def sure_events(doc: Doc, found: list[Name], event: int) -> Iterator[Name]:
    """Yield the names without doubtful events: where the rules saw none, the model must be surer of so varied names."""
    seen = {i for ent in doc.ents if ent.label_ == "EVENT" for i in range(ent.start, ent.end)}
    for name in found:
        if name.label != event or name.margin > (0 if not seen.isdisjoint(range(name.start, name.end)) else DOUBT):
            yield name


def agreed(doc: Doc, found: list[Name]) -> list[Name]:
    """Give all mentions that are written alike the label that is surest, summed over the article."""
    votes: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    texts = [doc[name.start : name.end].text.casefold() for name in found]
    for name, text in zip(found, texts, strict=True):
        votes[text][name.label] += max(name.margin, 0.1)
    best = {text: min(own, key=lambda label: (-own[label], label)) for text, own in votes.items()}
    return [name._replace(label=best[text]) for name, text in zip(found, texts, strict=True)]


def whole_names(doc: Doc, found: list[Name], person: int) -> Iterator[Name]:
    """Yield the names without bare words that are no person but cut from another name: "Eaton" beside "Eaton Fire".

    Where somebody has the word in his full name, or the rules saw a person too, it stays.
    """
    longer = [name for name in found if name.end - name.start > 1]
    own = {token.text for name in longer if name.label == person for token in doc[name.start : name.end]}
    others = {token.text for name in longer if name.label != person for token in doc[name.start : name.end]} - own
    ruled = {i for ent in doc.ents if ent.label_ == "PERSON" for i in range(ent.start, ent.end)}
    for name in found:
        bare = name.label == person and name.end - name.start == 1
        if not (bare and doc[name.start].text in others and name.start not in ruled):
            yield name


def bare_surnames(doc: Doc, found: list[Name], rows: dict[int, Scores], person: int) -> Iterator[Name]:
    """Yield the words outside all names that are the last word of a full name, where the model nearly saw a person."""
    surnames = {doc[name.end - 1].text for name in found if name.label == person and name.end - name.start > 1}
    taken = {i for name in found for i in range(name.start, name.end)}
    for i, row in sorted(rows.items()):
        text = doc[i].text
        if i in taken or text not in surnames or shape(text) not in _NAMELIKE or _is_part(doc, i):
            continue
        if (lead := margin(row[None], person)) > -LAG:
            yield Name(i, i + 1, person, lead)


def _is_part(doc: Doc, i: int) -> bool:
    """Tell whether the token `i` stands in a row of capitalised words: part of a name that the model did not see."""
    beside = [doc[k] for k in (i - 1, i + 1) if 0 <= k < len(doc)]
    return any(shape(token.text) in (*_NAMELIKE, INITIAL, LETTER) and not token.is_sent_start for token in beside)


def triggers(doc: Doc, read: Read, model: Model) -> SpanGroup:
    """Return the words that may head the mention of an event: label = type, id = named or reported.

    The group's `attrs` hold, in the same order, the `probability` that the word heads a mention, that of its `type`
    given that, whether it is `named`, and the likeliest `types` with that of each.
    """
    spans: list[Span] = []
    attrs: dict[str, list[float]] = {"probability": [], "type": [], "named": []}
    types: list[dict[str, float]] = []
    count = len(model.types)
    for window, _, events in read:
        kinds = np.exp(events[:, : count + 1] - events[:, : count + 1].max(axis=1, keepdims=True))
        kinds /= kinds.sum(axis=1, keepdims=True)
        for k in np.flatnonzero(kinds[:, 0] < 1 - FLOOR).tolist():
            happens = 1 - float(kinds[k, 0])
            best = int(kinds[k, 1:].argmax())
            named = 1 / (1 + float(np.exp(-events[k, count + 1])))
            i = window.words[k]
            spans.append(Span(doc, i, i + 1, model.types[best], span_id="named" if named > 0.5 else "reported"))
            values = happens, float(kinds[k, 1 + best]) / happens, named
            for key, value in zip(attrs, values, strict=True):
                attrs[key].append(round(value, 4))
            likeliest = (-kinds[k, 1:]).argsort(kind="stable")[:CHOICES].tolist()
            types.append({model.types[n]: round(float(kinds[k, 1 + n]) / happens, 4) for n in likeliest})
    return SpanGroup(doc, name="triggers", attrs={**attrs, "types": types}, spans=spans)
