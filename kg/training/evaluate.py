"""From exported weights to figures: strict spans by label and region, and triggers by word."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from spacy.tokens import Doc

from kg.recognition.model import ENTS, Recognizer
from kg.training.labels import TYPES
from kg.training.readings import triggers
from kg.training.recipe import Measure
from kg.training.spans import Annotated, read_jsonl, reader

Figures = dict[str, dict[str, float]]

# At which probability a word is taken for the head of a mention of an event.
THRESHOLDS = (0.2, 0.35, 0.5, 0.65, 0.8)


def evaluate(weights: Path, measures: Iterable[Measure], data: Path) -> dict[str, Figures]:
    """Return the figures of the weights in the folder `weights`, by measure and label."""
    nlp, recognise = reader(), Recognizer(weights)
    found: dict[str, Figures] = {}
    for measure in measures:
        records = read_jsonl(data / measure.file)
        docs = [recognise(doc) for doc in nlp.pipe(record["text"] for record in records)]
        found[measure.name] = span_figures(records, docs, measure)
        if measure.readings:
            readings = {reading["id"]: reading for reading in read_jsonl(data / measure.readings)}
            pairs = [(doc, readings[r["id"]]) for r, doc in zip(records, docs, strict=True) if r["id"] in readings]
            found[measure.name] |= trigger_figures(pairs)
    return found


def span_figures(records: list[Annotated], docs: list[Doc], measure: Measure) -> Figures:
    """Return precision, recall and F1 of each label, and of people in each region: a span is right if all of it is."""
    count: Counter[tuple[str, str]] = Counter()
    for record, doc in zip(records, docs, strict=True):
        for label, ours in measure.labels.items():
            names = {ENTS[own] for own in ours}
            want = {(e["start"], e["end"]) for e in record["entities"] if e["label"] == label}
            have = {(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ in names}
            places = [label]
            if label == "person" and measure.regions:
                places.append(f"person: {region(record['id'], measure.regions)}")
            for place in places:
                count.update(
                    {(place, "right"): len(want & have), (place, "have"): len(have), (place, "want"): len(want)}
                )
    places = sorted({place for place, _ in count})
    return {place: prf(*(count[place, part] for part in ("right", "have", "want"))) for place in places}


def region(key: str, regions: dict[str, list[str]]) -> str:
    """Return the first region one of whose beginnings begins `key`.

    >>> region("jp_1", {"Asia": ["cn_", "jp_"], "elsewhere": [""]})
    'Asia'
    """
    return next((name for name, starts in regions.items() if key.startswith(tuple(starts))), "elsewhere")


def prf(right: float, have: float, want: float) -> dict[str, float]:
    """Return precision, recall, their harmonic mean, and the number of those wanted.

    >>> prf(1, 2, 1)
    {'p': 0.5, 'r': 1.0, 'f1': 0.6667, 'gold': 1}
    """
    p, r = right / max(1, have), right / max(1, want)
    return {"p": round(p, 4), "r": round(r, 4), "f1": round(2 * p * r / max(1e-9, p + r), 4), "gold": want}


def trigger_figures(pairs: list[tuple[Doc, Annotated]]) -> Figures:
    """Return, by threshold, how many heads of required events are found, how many found ones are right, and of which
    share of these the type is right. What lies in mentions of optional events counts neither way."""
    found: Figures = {}
    for threshold in THRESHOLDS:
        right = have = want = typed = 0
        for doc, reading in pairs:
            types, weights, _ = triggers(doc, reading)
            group = doc.spans["triggers"]
            sure = {s.start: s.label_ for s, p in zip(group, group.attrs["probability"], strict=True) if p > threshold}
            heads = {i for i, kind in enumerate(types) if kind and weights[i] == 1}
            want += len(heads)
            right += len(heads & sure.keys())
            have += sum(weights[i] == 1 for i in sure)
            typed += sum(sure.get(i) == TYPES[types[i] - 1] for i in heads)
        found[f"triggers at {threshold}"] = prf(right, have, want) | {"type": round(typed / max(1, right), 4)}
    return found
