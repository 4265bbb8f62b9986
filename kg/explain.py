"""From a place in an article to the reasons why nobody and nothing is recognised there: what each step made of it.

The article is read once more, step by step. The steps are those of the pipeline themselves, asked what they saw.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.coreference import people
from kg.event_groups import grouped
from kg.event_worth import is_bare, is_kind, is_speech, worth, worth_features, worth_weights
from kg.model import Article
from kg.recognition import events as event_mentions
from kg.recognition import model as recogniser
from kg.recognition.chain import Scores, margin
from kg.recognition.countries import countries, find_forms, labels, meant, refusal
from kg.recognition.people import weighed_names
from kg.recognition.windows import windows
from kg.records import day_of
from kg.scenes import scenes_of

# What an entity is called to a reader.
KINDS = {
    "PERSON": "a person",
    "ORG": "an organisation",
    "LOC": "a place",
    "FAC": "a building",
    "GPE": "a country or town",
    "NORP": "a people or group",
    "EVENT": "an event",
    "WORK_OF_ART": "a work",
    "LAW": "a law",
    "PRODUCT": "a product",
    "MISC": "a name of another kind",
    "DATE": "a date",
    "MONEY": "money",
}


@dataclass
class Reading:
    """What the pipeline saw in an article; `steps`, `rows` and `labels` are the recogniser's, if it is part of it."""

    doc: Doc
    weighed: list[tuple[int, int, float, list[str]]] = field(default_factory=list)
    by_rules: list[tuple[int, int, str]] = field(default_factory=list)
    steps: list[tuple[str, list[recogniser.Name]]] = field(default_factory=list)
    rows: dict[int, Scores] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)


def read(nlp: Language, text: str) -> Reading:
    """Return what the components of `nlp` see in `text`, one after the other."""
    reading = Reading(nlp.make_doc(text))
    doc = reading.doc
    for name, component in nlp.pipeline:
        if name == "kg_people":
            reading.weighed = list(weighed_names(doc))
            reading.by_rules = [(ent.start, ent.end, ent.label_) for ent in doc.ents]
        if isinstance(component, recogniser.Recognizer):
            model = recogniser.load(component.folder)
            seen = [(window, *model.scores(window)) for window in windows(doc, model.pieces, model.size)]
            reading.steps, reading.labels = list(recogniser.steps(doc, seen, model)), model.labels
            reading.rows = {i: row for window, tags, _ in seen for i, row in zip(window.words, tags, strict=True)}
        doc = component(doc)
    reading.doc = doc
    return reading


def why_not(reading: Reading, start: int, end: int, article: Article) -> list[str]:
    """List why the tokens from `start` up to `end` make no node: a reason for each that they might have made."""
    told = [*_as_name(reading, start, end), *_as_country(reading.doc, start, end)]
    told += _as_event(reading.doc, start, end, article)
    return list(dict.fromkeys(told)) or ["nothing in it was taken for a person, a country or an event"]


def _as_name(reading: Reading, start: int, end: int) -> Iterator[str]:
    """Yield what the words were read as, or why as no name at all."""
    read_as = next((ent for ent in reading.doc.ents if ent.start < end and start < ent.end), None)
    if reading.steps:
        yield from _recognised(reading, start, end, read_as)
    elif read_as is not None:
        yield _read_as(read_as)
    else:
        yield from _by_rules(reading, start, end)


def _read_as(ent: Span, lead: str = "") -> str:
    told = f"read as {KINDS.get(ent.label_, ent.label_)}, {' '.join(ent.text.split())!r}{lead}"
    return f"{told}, but nothing of it is left without titles" if ent.label_ == "PERSON" else told


def _recognised(reading: Reading, start: int, end: int, read_as: Span | None) -> Iterator[str]:
    before: list[recogniser.Name] = []
    for reason, names in reading.steps:
        here = [name for name in names if name.start < end and start < name.end]
        told = before[0] if before else None
        if told and not here:
            yield f"read as {_kind(reading, told)}, which leads by {told.margin:.1f}, and left out: {reason}"
        elif told and told.label != here[0].label:
            yield f"first read as {_kind(reading, told)}, but {reason}"
        before = here
    if read_as is not None:
        yield _read_as(read_as, f", which leads by {before[0].margin:.1f}" if before else "")
    elif not any(names for _, step in reading.steps for names in step if names.start < end and start < names.end):
        yield from _nearest(reading, start, end)


def _kind(reading: Reading, name: recogniser.Name) -> str:
    return KINDS[recogniser.ENTS[reading.labels[name.label]]]


def _nearest(reading: Reading, start: int, end: int) -> Iterator[str]:
    """Yield what the recogniser would have taken the words for, had it seen a name, and by how much it did not."""
    rows = [reading.rows[i] for i in range(start, end) if i in reading.rows]
    if rows:
        import numpy as np

        leads = [margin(np.array(rows), label) for label in range(len(reading.labels))]
        best = max(range(len(leads)), key=lambda label: leads[label])
        kind = KINDS[recogniser.ENTS[reading.labels[best]]]
        yield f"no name to the recogniser: {kind} would come next, {-leads[best]:.1f} behind"


def _by_rules(reading: Reading, start: int, end: int) -> Iterator[str]:
    """Yield how far the rules were from taking the words for a person."""
    for first, last, value, against in reading.weighed:
        if first < end and start < last:
            text = reading.doc[first:last].text
            most = f"; most against it: {', '.join(against)}" if against else ""
            yield f"no person to the rules: {text!r} scores {value:.1f}, a person is above 0{most}"
            return
    yield "no name to the rules"


def _as_country(doc: Doc, start: int, end: int) -> Iterator[str]:
    """Yield why a form of a country means none here."""
    low, high = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    text = doc.text
    for first, last, form in find_forms(text):
        if first >= high:
            return
        if last > low:
            if not form.isos and not meant(form, text, first, last):
                yield f"no country: {form.text!r} is the name of something else"
            elif reason := refusal(form, text, first, last):
                yield f"no country: {reason}"
            elif not (codes := meant(form, text, first, last)):
                yield "no country: the words around speak for something else of this name"
            elif not any(s.start_char < high and low < s.end_char for s in doc.spans.get("countries", ())):
                names = " and ".join(labels()[code] for code in codes)
                yield f"not {names}: within the name of a person, or of part of a word"


def _as_event(doc: Doc, start: int, end: int, article: Article) -> Iterator[str]:
    """Yield why what tells of an event here makes none."""
    triggers = doc.spans.get("triggers", ())
    mentions = [span for span in doc.spans.get("events", ()) if span.start < end and start < span.end]
    if not mentions:
        for span, probability in zip(triggers, getattr(triggers, "attrs", {}).get("probability", ()), strict=False):
            if start <= span.start < end:
                if probability < event_mentions.FLOOR:
                    need = f"{event_mentions.FLOOR:g} is needed"
                    yield f"no event: {span.text!r} heads the mention of one with {probability:.2f}, {need}"
                else:
                    yield f"no event: {span.text!r} is part of another name or mention, or only leads to one"
        return
    told = people(doc), countries(doc)
    for group in grouped(list(scenes_of(doc, *told, day_of(article.published)))):
        if any(scene.span.start < end and start < scene.span.end for scene in group.scenes):
            value, weights = worth(group), worth_weights()
            least = sorted((weights.get(feature, 0.0), feature) for feature in worth_features(group))
            most = ", ".join(feature for weight, feature in least[:2] if weight < 0)
            if value <= 0:
                yield f"an event not worth listing: it scores {value:.1f}, one is above 0; most against it: {most}"
            elif is_speech(group):
                yield "no event: it is only said"
            elif is_kind(group):
                yield "no event: a kind of deed, not one of them"
            elif is_bare(group):
                yield "an event that is mentioned once, with nobody, no place and no time beside it"
