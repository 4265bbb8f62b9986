"""From a name to why it is in the graph, with all that was taken for the same, or why it is not, place by place."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby

from spacy.language import Language

from kg.corrections import IS_ID, Nodes
from kg.curation import Curation
from kg.explain import Reading, read, why_not
from kg.identity import Doubt, Identity, Key
from kg.model import Entity, Kind, Mention, Record, plain
from kg.quotes import quote
from kg.recognition.countries import labels as country_labels

# So many names that are like one that is not there are shown.
SIMILAR = 5
# So many places in one article are shown to a reader, and so many joins.
SHOWN, SHOWN_JOINS = 5, 20


@dataclass(frozen=True, slots=True)
class Quoted:
    """A place in an article, with the sentence around it; `note` says what is to be known of it."""

    article: str
    title: str | None
    start: int
    end: int
    text: str
    quote: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """Two names in articles that were taken for one, and why."""

    a: str
    b: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Node:
    """What goes by the name: `missing` says why it is not in the graph, if it is not."""

    id: str
    label: str
    kind: str
    missing: str
    mentions: tuple[Quoted, ...]
    merged: tuple[Merged, ...]
    doubts: tuple[str, ...]
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """All that is known of a name; `elsewhere` are the places where it occurs but means none of the nodes."""

    name: str
    nodes: tuple[Node, ...]
    elsewhere: tuple[Quoted, ...]
    similar: tuple[str, ...]


def trace(name: str, records: Sequence[Record], before: Identity, curation: Curation, nlp: Language) -> Trace:
    """Return what became of `name`, an id, a label or an alias, in `records`.

    `before` is who is who before the corrections of `curation`, `nlp` the pipeline that the records were read with.
    """
    nodes = Nodes(before, records)
    for line in curation.lines:
        nodes.apply(line)
    identity = nodes.identity()
    told: dict[Key, tuple[Record, Entity]] = {
        (record.article.id, entity.id): (record, entity) for record in records for entity in record.entities
    }
    found = sorted(nodes.named(name))
    shown = tuple(_node(node, nodes, identity, told) for node in found)
    covered = {(q.article, q.start, q.end) for node in shown for q in node.mentions}
    names = [nodes.label(node) for node in found] if found and IS_ID.match(name) else [_written(name)]
    elsewhere = tuple(q for record in records for text in names for q in _elsewhere(text, record, covered, nodes, nlp))
    similar = () if shown or elsewhere else tuple(_similar(names[0], (entity for _, entity in told.values())))
    return Trace(name, shown, elsewhere, similar)


def _written(name: str) -> str:
    """Return how a text would write `name`, which may be the id of a node.

    >>> _written("person/xi-jinping"), _written("country/GE"), _written("Xi")
    ('xi jinping', 'Georgia', 'Xi')
    """
    kind, _, rest = name.partition("/") if IS_ID.match(name) else ("", "", name)
    return country_labels().get(rest, rest) if kind == Kind.COUNTRY else rest.replace("-", " ") if kind else name


def _node(node: str, nodes: Nodes, identity: Identity, told: dict[Key, tuple[Record, Entity]]) -> Node:
    keys = [key for key in told if key in nodes.keys_of[node]]
    mentions = [(told[key][0], mention) for key in keys for mention in told[key][1].mentions]
    missing = ""
    if not any(identity.node_of.get(key) for key in keys):
        missing = "dropped by a correction"
    elif node.startswith(Kind.COUNTRY) and all(mention.within_name for _, mention in mentions):
        missing = "a country that is named only within other names (see --countries-in-names of kg build)"
    return Node(
        node,
        nodes.label(node),
        node.partition("/")[0],
        missing,
        tuple(_quoted(record, mention, _note(mention)) for record, mention in mentions),
        tuple(
            Merged(_named(join.a, told), _named(join.b, told), join.reason, join.score)
            for join in identity.joins
            if identity.node_of[join.a] == node and join.a in told and join.b in told
        ),
        tuple(_told(doubt, node) for doubt in identity.doubts if node in (doubt.a, doubt.b)),
        tuple(map(str, nodes.lines.get(node, ()))),
    )


def _told(doubt: Doubt, node: str) -> str:
    other = doubt.b if node == doubt.a else doubt.a
    is_it = "joined, though with a doubt" if doubt.joined else f"left apart from {other}, though it may be the same"
    return f"{is_it}: {doubt.reason} ({doubt.score:.2f})"


def _named(key: Key, told: dict[Key, tuple[Record, Entity]]) -> str:
    record, entity = told[key]
    return f"{entity.label} in {record.article.title or record.article.id}"


def _note(mention: Mention) -> str:
    return "within the name of something else" if mention.within_name else ""


def _quoted(record: Record, mention: Mention, note: str) -> Quoted:
    article = record.article
    told = quote(record, mention.start, mention.end)
    return Quoted(article.id, article.title, mention.start, mention.end, mention.text, told, note)


def _elsewhere(
    name: str, record: Record, covered: set[tuple[str, int, int]], nodes: Nodes, nlp: Language
) -> Iterator[Quoted]:
    """Yield where `name` occurs in the article of `record` outside what is `covered`, with what was made of it."""
    article = record.article
    wanted = [plain(token.text) for token in nlp.make_doc(name) if not token.is_space]
    if not wanted or wanted[0] not in plain(article.text):
        return
    doc = nlp.make_doc(article.text)
    words = [plain(token.text) for token in doc]
    taken = [(start, end) for id, start, end in covered if id == article.id]
    reading: Reading | None = None
    for i, word in enumerate(words):
        if word != wanted[0] or words[i : i + len(wanted)] != wanted:
            continue
        span = doc[i : i + len(wanted)]
        if any(start < span.end_char and span.start_char < end for start, end in taken):
            continue
        notes = list(_made_of(record, span.start_char, span.end_char, nodes))
        if not notes:
            reading = reading or read(nlp, article.text)
            notes = why_not(reading, span.start, span.end, article)
        yield _quoted(record, Mention(span.start_char, span.end_char, span.text), "; ".join(notes))


def _made_of(record: Record, start: int, end: int, nodes: Nodes) -> Iterator[str]:
    """Yield which other nodes are mentioned there."""
    for entity in record.entities:
        for mention in entity.mentions:
            node = nodes.node_of.get((record.article.id, entity.id))
            if mention.start < end and start < mention.end and node:
                part = "" if (mention.start, mention.end) == (start, end) else f"part of {mention.text!r}, "
                yield f"{part}a mention of {nodes.label(node)} ({node})"


def _similar(name: str, entities: Iterable[Entity]) -> list[str]:
    labels = {plain(entity.label): entity.label for entity in sorted(entities, key=lambda entity: entity.label)}
    return [labels[found] for found in get_close_matches(plain(name), sorted(labels), SIMILAR, 0.6)]


def to_text(found: Trace) -> str:
    """Return `found` for a reader."""
    lines: list[str] = []
    for node in found.nodes:
        articles = {place.article for place in node.mentions}
        number = f"{_number(node.mentions, 'mention')} in {_number(articles, 'article')}"
        lines += [f"{node.label}  {node.id}", f"  {node.kind}, {number}"]
        lines += [f"  not in the graph: {node.missing}"] if node.missing else []
        lines += _places(node.mentions)
        lines += ["  taken for one:"] if node.merged else []
        joins = [f"    {merged.a} = {merged.b}: {merged.reason} ({merged.score:.2f})" for merged in node.merged]
        lines += [*joins[:SHOWN_JOINS], *_more(len(joins) - SHOWN_JOINS)]
        lines += ["  in doubt:"] if node.doubts else []
        lines += [f"    {doubt}" for doubt in node.doubts]
        lines += ["  corrections:"] if node.corrections else []
        lines += [f"    {line}" for line in node.corrections]
        lines.append("")
    if found.elsewhere:
        lines += [f"{found.name!r} where it is {'none of these' if found.nodes else 'no node of that name'}:"]
        lines += [*_places(found.elsewhere), ""]
    if not found.nodes and not found.elsewhere:
        lines.append(f"{found.name!r} occurs in none of the articles")
        lines += [f"  is it {' or '.join(map(repr, found.similar))}?"] if found.similar else []
    return "\n".join(lines).rstrip()


def _places(places: Iterable[Quoted]) -> Iterator[str]:
    for (article, title), those in groupby(places, key=lambda place: (place.article, place.title)):
        here = list(those)
        yield f"  {title or 'without a title'}  {article}"
        for place in here[:SHOWN]:
            yield f"    {place.start}: {place.text!r} in “{place.quote}”"
            if place.note:
                yield f"      {place.note}"
        yield from _more(len(here) - SHOWN)


def _more(number: int) -> list[str]:
    return [f"    … and {number} more (all with --json)"] if number > 0 else []


def _number(things: Collection[object], name: str) -> str:
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"
