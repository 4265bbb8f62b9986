"""From the records of articles to the graph: who and what occurs together, how often, and the sentences that prove it.

`count` says what one record adds, `Tally.update` adds two of these up, in any order and grouping, and `to_graph` makes
the networkx graph of the sum. In each article the closest passages that two entities share count:

    weight = sentences + paragraphs / 2 + apart / 4

`sentences` are those in which both occur, `paragraphs` those in which both occur but in no one sentence, and `apart`
the articles in which both occur but in no one paragraph. With the default window, the sentence, only pairs that share
a sentence are linked and only the first term counts; the participants of an event are linked to it in any case.

A sentence that lists five people or more ("Ana Silva, Luis Paz, ... and Eva Roth": nothing but commas, "and", titles
and capitalised words from one to the next) does not count for two of them, and two who share nothing else are not
linked, whatever the window.

`first_seen` and `last_seen` of a participant's link are the days of the event where they are known, else those of the
articles.

The normalised pointwise mutual information of a link (G. Bouma, "Normalized (Pointwise) Mutual Information in
Collocation Extraction", GSCL 2009) is ln(p(a,b) / (p(a) p(b))) / -ln p(a,b), where p is the share of all passages of
the window's size in which a, b or both occur: -1 never together, 0 as by chance, 1 only together.
"""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import combinations
from typing import Any

import networkx as nx

import kg
from kg.dates import bounds
from kg.gazetteers import table
from kg.model import Article, Entity, Kind, Mention, Record


class Window(StrEnum):
    """How near to each other two entities must occur to be linked."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    ARTICLE = "article"


WEIGHT = {Window.SENTENCE: 1.0, Window.PARAGRAPH: 0.5, Window.ARTICLE: 0.25}

# What an event node tells of itself, besides its PLOVER class.
EVENT_FACTS = ("type", "named", "place", "place_country", "when", "date", "modality")

# How many people make a long list, and what stands between two of them; longer gaps are no list.
LONG_LIST = 5
_LISTED = re.compile(
    r"(?=.{1,120}\Z)(?:['’]s)?\s?(?:[,;&()\n–—-]|and\b)"
    r"(?:[\s,;&()./–—-]|\b(?:and|of|the|for|to|from|vice|deputy|prime|minister|president|former|as|well)\b|\b[A-Z0-9][\w.’'-]*)*",
    re.DOTALL,
)

# How a country is written that is no way of naming it: "Russian" is not an alias of Russia.
_NO_ALIAS = {"adjective", "demonym", "metonym"}


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A stretch of an article that shows a link: `text` is what the article says from `start` to `end`.

    `mentions` are (node id, start, end, text) in reading order, offsets into the article's text: one of each entity.
    Two entities that share no paragraph have an evidence each, with one mention.
    """

    article: str
    start: int
    end: int
    text: str
    mentions: tuple[tuple[str, int, int, str], ...]


def best_evidence(evidence: Iterable[Evidence]) -> Evidence | None:
    """Return the evidence whose two mentions are nearest to each other; of several, the shortest."""
    return next(iter(nearest_first(evidence)), None)


def nearest_first(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return the evidence sorted by how near its two mentions are to each other, then by length, the shortest first."""
    return sorted(evidence, key=lambda e: (_distance(e), len(e.text), e.article, e.start))


def _distance(evidence: Evidence) -> float:
    if len(evidence.mentions) < 2:
        return float("inf")
    (_, _, end, _), (_, start, _, _) = evidence.mentions[0], evidence.mentions[-1]
    return max(0, start - end)


@dataclass(slots=True)
class NodeTally:
    """What is known of a node: `own` counts its mentions outside other names, `passages` are of the window's size."""

    kind: Kind
    labels: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    mentions: int = 0
    own: int = 0
    passages: int = 0
    articles: set[str] = field(default_factory=set)
    facts: dict[str, Counter[Any]] = field(default_factory=dict)

    def update(self, other: "NodeTally") -> None:
        self.labels.update(other.labels)
        self.aliases |= other.aliases
        self.mentions += other.mentions
        self.own += other.own
        self.passages += other.passages
        self.articles |= other.articles
        for name, values in other.facts.items():
            self.facts.setdefault(name, Counter()).update(values)


@dataclass(slots=True)
class LinkTally:
    """What is known of a link: how often its ends share a passage, by how close they are there, and the proof.

    `roles` are those of one end in the event that is the other, `days` the first and last of that event, where known.
    """

    shared: Counter[Window] = field(default_factory=Counter)
    passages: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    days: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)

    def update(self, other: "LinkTally") -> None:
        self.shared.update(other.shared)
        self.passages += other.passages
        self.roles.update(other.roles)
        self.days |= other.days
        self.articles |= other.articles
        self.evidence += other.evidence


@dataclass(slots=True)
class Tally:
    """What some articles add to the graph; that of no article at all is `Tally()`."""

    sentences: int = 0
    passages: int = 0
    articles: dict[str, Article] = field(default_factory=dict)
    nodes: dict[str, NodeTally] = field(default_factory=dict)
    links: dict[tuple[str, str], LinkTally] = field(default_factory=dict)

    def update(self, other: "Tally") -> None:
        """Add `other`: what other articles add, counted with the same window."""
        self.sentences += other.sentences
        self.passages += other.passages
        self.articles |= other.articles
        for node, tally in other.nodes.items():
            self.nodes.setdefault(node, NodeTally(tally.kind)).update(tally)
        for pair, link in other.links.items():
            self.links.setdefault(pair, LinkTally()).update(link)


def count(record: Record, window: Window = Window.SENTENCE) -> Tally:
    """Return what one article adds to the graph: its nodes, and its links within `window`."""
    passages = _Passages(record)
    units = passages.of(window)
    tally = Tally(len(record.sentences), passages.number(window), {record.article.id: replace(record.article, text="")})
    for entity in record.entities:
        tally.nodes[entity.id] = _count_node(entity, record.article.id, len(units[entity.id]))
    roles = {
        _pair(event.id, other): dict(event.roles).get(other, "participant")
        for event in record.entities
        for other in event.participants
    }
    dates = {
        _pair(event.id, other): set(bounds(event.date))
        for event in record.entities
        if event.date
        for other in event.participants
    }
    for a, b in sorted(roles.keys() | {pair for pair in _pairs_in_one(units) if not passages.only_listed(*pair)}):
        link = LinkTally(roles=Counter([roles[a, b]] if (a, b) in roles else []), articles={record.article.id})
        link.days = dates.get((a, b), set())
        link.passages = len(units[a] & units[b]) - len(passages.listed(a, b) if window is Window.SENTENCE else ())
        for closeness, evidence in passages.shared(a, b, window):
            link.shared[closeness] += 1
            link.evidence.extend(evidence)
        tally.links[a, b] = link
    return tally


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _pairs_in_one(units: Mapping[str, set[int]]) -> set[tuple[str, str]]:
    """Return the pairs of nodes, each sorted, that have a passage in common."""
    nodes_in = defaultdict(list)
    for node in sorted(units):
        for unit in units[node]:
            nodes_in[unit].append(node)
    return {pair for nodes in nodes_in.values() for pair in combinations(nodes, 2)}


def _count_node(entity: Entity, article: str, passages: int) -> NodeTally:
    facts = {name: getattr(entity, name) for name in EVENT_FACTS} | {"plover": next(iter(entity.plover), None)}
    return NodeTally(
        entity.kind,
        labels=Counter([entity.label]),
        aliases={m.text for m in entity.mentions if m.form not in _NO_ALIAS} if entity.named is not False else set(),
        mentions=len(entity.mentions),
        own=sum(not mention.within_name for mention in entity.mentions),
        passages=passages,
        articles={article},
        facts={name: Counter([value]) for name, value in facts.items() if value is not None},
    )


def long_lists(text: str, named: Sequence[tuple[Mention, str]]) -> list[set[str]]:
    """Return the ids of `named`, people in reading order, that stand in lists of five or more.

    >>> names = ["Ana Silva", "Luis Paz", "Eva Roth", "Kim Lee", "Bo Ek"]
    >>> text = "Ana Silva, Luis Paz, Minister Eva Roth, Kim Lee and Bo Ek met."
    >>> named = [(Mention(text.index(name), text.index(name) + len(name), name), name) for name in names]
    >>> [len(names) for names in long_lists(text, named)], long_lists(text.replace(", Kim", " saw Kim"), named)
    ([5], [])
    """
    lists: list[set[str]] = []
    row: list[str] = []
    end = 0
    for mention, id_ in named:
        if row and not _LISTED.fullmatch(text, end, mention.start):
            lists.append(set(row))
            row = []
        row.append(id_)
        end = mention.end
    return [names for names in [*lists, set(row)] if len(names) >= LONG_LIST]


class _Passages:
    """The passages of one article in which its entities occur, by the first mention of each entity in each sentence."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.paragraph_of = [
            paragraph
            for paragraph, (start, end) in enumerate(_ranges(record.paragraphs, len(record.sentences)))
            for _ in range(start, end)
        ]
        self.mentions = {entity.id: self._by_sentence(entity.mentions) for entity in record.entities}

        self.lists = self._long_lists()

    def _long_lists(self) -> dict[int, list[set[str]]]:
        """Return by number of sentence the ids of the people of each long list in it."""
        people: dict[int, list[tuple[Mention, str]]] = defaultdict(list)
        for entity in self.record.entities:
            if entity.kind is Kind.PERSON:
                for sentence, mention in self.mentions[entity.id].items():
                    people[sentence].append((mention, entity.id))
        return {
            sentence: lists
            for sentence, named in people.items()
            if len(named) >= LONG_LIST and (lists := long_lists(self.record.article.text, sorted(named)))
        }

    def listed(self, a: str, b: str) -> set[int]:
        """Return the numbers of the sentences in which `a` and `b` stand in one long list."""
        return {n for n, lists in self.lists.items() if any(a in names and b in names for names in lists)}

    def only_listed(self, a: str, b: str) -> bool:
        """Tell whether `a` and `b` share sentences, but only such as list both among many."""
        listed = self.listed(a, b) if self.lists else set()
        return bool(listed) and listed == self.mentions[a].keys() & self.mentions[b].keys()

    def number(self, window: Window) -> int:
        sizes = {Window.SENTENCE: len(self.record.sentences), Window.PARAGRAPH: len(self.record.paragraphs)}
        return sizes.get(window, 1)

    def of(self, window: Window) -> dict[str, set[int]]:
        """Return the numbers of the passages of the window's size in which each entity occurs."""
        if window is Window.SENTENCE:
            return {node: set(mentions) for node, mentions in self.mentions.items()}
        if window is Window.PARAGRAPH:
            return {node: {self.paragraph_of[s] for s in mentions} for node, mentions in self.mentions.items()}
        return {node: {0} for node in self.mentions}

    def shared(self, a: str, b: str, window: Window) -> Iterator[tuple[Window, list[Evidence]]]:
        """Yield how close `a` and `b` are wherever they share a passage within `window`, with the proof.

        If they share none, the next larger passage that they do share, once.
        """
        sentences = sorted(self.mentions[a].keys() & self.mentions[b].keys() - self.listed(a, b))
        for sentence in sentences:
            yield Window.SENTENCE, [self._evidence({a: sentence, b: sentence})]
        if sentences and window is Window.SENTENCE:
            return
        done = {self.paragraph_of[sentence] for sentence in sentences}
        first = [{self.paragraph_of[s]: s for s in sorted(self.mentions[node], reverse=True)} for node in (a, b)]
        paragraphs = sorted((first[0].keys() & first[1].keys()) - done)
        for paragraph in paragraphs[: 1 if window is Window.SENTENCE else None]:
            yield Window.PARAGRAPH, [self._evidence({a: first[0][paragraph], b: first[1][paragraph]})]
        if not sentences and not paragraphs:
            yield Window.ARTICLE, [self._evidence({node: min(self.mentions[node])}) for node in (a, b)]

    def _evidence(self, sentence_of: Mapping[str, int]) -> Evidence:
        start = self.record.sentences[min(sentence_of.values())][0]
        end = self.record.sentences[max(sentence_of.values())][1]
        mentions = sorted(
            ((self.mentions[node][sentence], node) for node, sentence in sentence_of.items()),
            key=lambda found: (found[0].start, found[0].end, found[1]),
        )
        return Evidence(
            self.record.article.id,
            start,
            end,
            self.record.article.text[start:end],
            tuple((node, mention.start, mention.end, mention.text) for mention, node in mentions),
        )

    def _by_sentence(self, mentions: Sequence[Mention]) -> dict[int, Mention]:
        """Return the first mention in each sentence that has one, by the sentence's number."""
        found: dict[int, Mention] = {}
        starts = [start for start, _ in self.record.sentences]
        for mention in mentions:
            found.setdefault(bisect_right(starts, mention.start) - 1, mention)
        return found


def _ranges(starts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    return zip(starts, [*starts[1:], end], strict=True)


def to_graph(tally: Tally, window: Window = Window.SENTENCE, *, countries_in_names: bool = False) -> nx.Graph:
    """Return the graph of all that was counted, its nodes and links in sorted order.

    A country that is named only inside the names of other things is left out, unless `countries_in_names`.
    """
    kept = {
        node: counted
        for node, counted in sorted(tally.nodes.items())
        if counted.kind is not Kind.COUNTRY or counted.own or countries_in_names
    }
    graph = nx.Graph(version=kg.__version__, window=str(window), sentences=tally.sentences)
    graph.graph["articles"] = {id: _article_attributes(article) for id, article in sorted(tally.articles.items())}
    for node, counted in kept.items():
        graph.add_node(node, **_node_attributes(node, counted), **_seen(counted.articles, tally.articles))
        for article in counted.articles:
            graph.graph["articles"][article]["mentions"].append(node)
    for (a, b), link in sorted(tally.links.items()):
        if a in kept and b in kept:
            npmi = _npmi(link.passages, kept[a].passages, kept[b].passages, tally.passages)
            graph.add_edge(a, b, npmi=npmi, **_link_attributes(link), **_seen(link.articles, tally.articles, link.days))
    return graph


def _article_attributes(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "published": article.published,
        "url": article.url,
        "source": article.source,
        "found": [str(place) for place in sorted(article.found)],
        "mentions": [],
    }


def _node_attributes(node: str, counted: NodeTally) -> dict[str, Any]:
    label = _most_common(counted.labels)
    attributes: dict[str, Any] = {
        "kind": str(counted.kind),
        "label": label,
        "aliases": sorted(counted.aliases - {label}),
        "mentions": counted.mentions,
        "articles": len(counted.articles),
    }
    if counted.kind is Kind.COUNTRY:
        row = _countries()[node.removeprefix("country/")]
        attributes |= {name: row[name] for name in ("iso", "iso3", "numeric", "wikidata")}
    if counted.kind is Kind.EVENT:
        known = {name: _most_common(values) for name, values in counted.facts.items()}
        attributes |= {name: known.get(name) for name in (*EVENT_FACTS, "plover")}
    return attributes


@cache
def _countries() -> dict[str, dict[str, str]]:
    return {row["iso"]: row for row in table("countries")}


def _most_common(values: Counter[Any]) -> Any:
    """Return the value counted most often; of several, the last in sorted order, which prefers an accent to none."""
    return max(values, key=lambda value: (values[value], value))


def _seen(ids: Collection[str], articles: Mapping[str, Article], days: Collection[str] = ()) -> dict[str, str | None]:
    """Return the first and last of `days`, ISO dates, or else of these articles, as far as they are dated."""
    dates = sorted(days) or sorted(day for id in ids if (day := _iso_date(articles[id].published)))
    return {"first_seen": dates[0] if dates else None, "last_seen": dates[-1] if dates else None}


def _iso_date(published: str | None) -> str | None:
    try:
        return date.fromisoformat((published or "")[:10]).isoformat()
    except ValueError:
        return None


def _link_attributes(link: LinkTally) -> dict[str, Any]:
    return {
        "relation": "participant" if link.roles else "co-occurrence",
        "role": _most_common(link.roles) if link.roles else None,
        "sentences": link.shared[Window.SENTENCE],
        "paragraphs": link.shared[Window.PARAGRAPH],
        "articles": len(link.articles),
        "weight": sum(WEIGHT[closeness] * times for closeness, times in link.shared.items()),
        "evidence": sorted(link.evidence),
    }


def _npmi(together: int, a: int, b: int, passages: int) -> float:
    """Return the normalised pointwise mutual information of two nodes, to six places, so that it is the same anywhere.

    >>> _npmi(1, 1, 1, 10), _npmi(1, 2, 5, 10), _npmi(0, 2, 5, 10), _npmi(10, 10, 10, 10)
    (1.0, 0.0, -1.0, 1.0)
    """
    if not together:
        return -1.0
    if together == passages:
        return 1.0
    return round(math.log(together * passages / (a * b)) / -math.log(together / passages), 6) + 0.0
