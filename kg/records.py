"""From articles to records: whom and what each article names. A record depends on its own article alone."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import pairwise
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from kg.coreference import people
from kg.documents import BEST, load_pipeline
from kg.model import EVENT_TYPES, Article, Entity, Kind, Mention, Record
from kg.occurrences import events
from kg.recognition.countries import countries
from kg.recognition.sentences import is_wrapped
from kg.recognition.texts import sentences_of
from kg.workers import in_processes

# Articles read at a time, and their characters: enough to keep a process busy, few enough that all end together.
BATCH, CHARACTERS = 32, 8_000
# The words that the built-in pipeline may learn, in 40 MB of memory, before it begins anew.
MOST_WORDS = 100_000

# Has something of each kind.
_SAMPLE = "President Ann Lee of Peru met the Russian envoy in Paris on 5 May 2020, before the talks at the G20 summit."


def extract(
    articles: Iterable[Article], *, model: str | None = None, accuracy: str = BEST, processes: int = 1
) -> Iterator[Record]:
    """Yield the record of each article, in the order given, whatever the number of processes.

    `model` names an installed spaCy pipeline that supplies the entities instead of the built-in one; `accuracy` is that
    of the built-in one, "best" or "fast".
    Raises `UnknownModel` if it cannot be loaded.
    """
    pipeline(model, accuracy)  # fails here, and once, rather than in each process
    read = partial(_extract_batch, model=model, accuracy=accuracy)
    batches = in_batches(articles, BATCH, CHARACTERS)
    if processes == 1:
        read_batches: Iterable[list[Record]] = map(read, batches)
    else:  # a pipeline of others may have threads at work that do not survive in a copy of this process
        load = partial(_load, model, accuracy)
        read_batches = in_processes(read, batches, processes, prepare=load, fork=model is None)
    for records in read_batches:
        yield from records


def in_batches(articles: Iterable[Article], most: int, characters: int) -> Iterator[list[Article]]:
    """Yield `articles` so many at a time, or fewer as soon as they have that many characters."""
    batch: list[Article] = []
    length = 0
    for article in articles:
        batch.append(article)
        length += len(article.text)
        if len(batch) == most or length >= characters:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _load(model: str | None, accuracy: str) -> None:
    """Load what is loaded at first use, but for the recogniser: it is not to be shared with a forked process."""
    nlp = pipeline(model, accuracy)
    record_of(nlp(_SAMPLE, disable=["kg_recognizer"]), Article("", _SAMPLE))


@cache
def pipeline(model: str | None, accuracy: str = BEST) -> Language:
    """Return the spaCy pipeline for `model` or of `accuracy`, loaded once in each process."""
    return load_pipeline(model, accuracy)


def _extract_batch(articles: list[Article], model: str | None, accuracy: str) -> list[Record]:
    if not model:
        return [record_of(_with_room(accuracy)(article.text), article) for article in articles]
    nlp = pipeline(model)
    with nlp.memory_zone():  # what spaCy learns of the words of these articles is let go of after them
        return [
            record_of(doc, article) for doc, article in zip(nlp.pipe(a.text for a in articles), articles, strict=True)
        ]


def _with_room(accuracy: str) -> Language:
    """Return the built-in pipeline, a new one if it has learnt too many words.

    In a memory zone spaCy would forget them in time, but also look each one up anew, which takes half of the time.
    """
    if len(pipeline(None, accuracy).vocab) > MOST_WORDS:
        pipeline.cache_clear()
    return pipeline(None, accuracy)


def record_of(doc: Doc, article: Article) -> Record:
    """Return what `doc`, the document of `article`, says of people, countries and events."""
    persons, lands = people(doc), countries(doc)
    sentences = tuple(_sentences(doc))
    return Record(
        article,
        (*persons, *lands, *events(doc, persons, lands, article.id, day_of(article.published))),
        sentences,
        tuple(_paragraphs(article.text, sentences)),
    )


def day_of(published: str | None) -> date | None:
    """Return the day of an ISO date or date-time; None if there is none, or it is written otherwise."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _sentences(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence without the space around it; one that is nothing but space is passed over."""
    for sentence in sentences_of(doc):
        text = sentence.text
        if stripped := text.strip():
            start = sentence.start_char + text.index(stripped)
            yield start, start + len(stripped)


def _paragraphs(text: str, sentences: tuple[tuple[int, int], ...]) -> Iterator[int]:
    """Yield the number of each sentence that begins a paragraph: the first, and those after a new line."""
    gap = "\n\n" if is_wrapped(text) else "\n"
    if sentences:
        yield 0
    for i, ((_, end), (start, _)) in enumerate(pairwise(sentences), 1):
        if gap in text[end:start].replace(" ", ""):
            yield i


def select_events(record: Record, which: str = "all", types: Collection[str] = EVENT_TYPES) -> Record:
    """Return `record` with only those of its events that are of `types` and, if `which` is "named", have a name.

    With "none", without events.
    """
    kept = tuple(
        entity
        for entity in record.entities
        if entity.kind is not Kind.EVENT
        or (which != "none" and entity.type in types and (which == "all" or bool(entity.named)))
    )
    return replace(record, entities=kept)


def to_json(record: Record) -> str:
    """Return the record as one line of JSON, the form that `kg extract` prints."""
    article = record.article
    return json.dumps(
        {
            "id": article.id,
            "title": article.title,
            "text": article.text,
            "published": article.published,
            "url": article.url,
            "source": article.source,
            "entities": [_entity(entity) for entity in record.entities],
            "sentences": record.sentences,
            "paragraphs": record.paragraphs,
        },
        ensure_ascii=False,
    )


def _entity(entity: Entity) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": entity.id, "kind": str(entity.kind), "label": entity.label}
    if entity.kind is Kind.COUNTRY:
        fields["iso"] = entity.iso
    if entity.kind is Kind.EVENT:
        fields |= {name: getattr(entity, name) for name in ("type", "named", "participants", "place", "when")}
        fields["place_country"] = entity.place_country
        fields |= {"roles": dict(entity.roles), "modality": entity.modality, "cue": entity.cue, "date": entity.date}
        fields["plover"] = dict(zip(("class", "mode", "quad"), entity.plover, strict=False)) or None
    return fields | {"mentions": [_mention(mention) for mention in entity.mentions]}


def _mention(mention: Mention) -> dict[str, Any]:
    fields: dict[str, Any] = {"start": mention.start, "end": mention.end, "text": mention.text}
    return fields | ({"form": mention.form, "within_name": mention.within_name} if mention.form else {})
