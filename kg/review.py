"""From who is who to the questions that a person should decide, the weightiest first, and from answers to corrections.

Asked is whether two are one: of what was joined with a doubt, of what was left apart with a doubt, and of nodes whose
names are alike. What a correction decided already is not asked.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from kg.corrections import are_apart
from kg.curation import Line, Operation
from kg.identity import UNSURE, Identity, Join, Key
from kg.identity.components import components
from kg.model import Entity, Kind, Record, plain
from kg.names import name_words, same_name
from kg.quotes import quote

# Names less alike than this are not.
ALIKE = 0.8
# A word that more names share says nothing of who they are.
CROWD = 60
QUOTES = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One of two: what it is called in a correction, its label, how often it is mentioned, where, and quotes."""

    ref: str
    label: str
    mentions: int
    articles: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Are these two one? They are taken for one now, for `node`, if they are `joined`.

    In `articles`, if any, is all that tells the second from the first.
    """

    a: Side
    b: Side
    reason: str
    score: float
    joined: bool
    node: str
    articles: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """How many mentions the answer may move."""
        return min(self.a.mentions, self.b.mentions)

    def line(self, operation: Operation) -> Line:
        """Return the correction that answers: MERGE for the same, SPLIT for different ones, SKIP for neither."""
        other = self.node if self.articles else self.b.ref
        entity, value = (other, self.node) if operation is Operation.MERGE else (self.node, other)
        if self.articles and operation is Operation.SPLIT:
            value = ""
        return Line(operation, entity, value, self.articles, f"{self.a.label} / {self.b.label}")


# The entities of articles, each with its record.
Told = Mapping[Key, tuple[Record, Entity]]


def questions(records: Iterable[Record], identity: Identity) -> list[Question]:
    """List what is to be decided of `records`, whose entities have the ids of their own articles.

    Those come first whose answer moves most mentions, then those that are least sure.
    """
    told: Told = {
        (record.article.id, entity.id): (record, entity)
        for record in records
        for entity in record.entities
        if (record.article.id, entity.id) in identity.node_of
    }
    keys_of: dict[str, list[Key]] = defaultdict(list)
    for key in sorted(told):
        keys_of[identity.node_of[key]].append(key)
    nodes = {node: _side(node, keys, told, identity.labels.get(node)) for node, keys in keys_of.items()}
    apart: dict[tuple[str, str], Question] = {}
    for a, b, reason, score in (*_left_apart(identity), *_alike(nodes, keys_of, told)):
        if a in nodes and b in nodes and not are_apart(identity.lines, a, b):
            less, more = sorted((nodes[a], nodes[b]), key=lambda side: (side.mentions, side.ref))
            apart.setdefault((a, b), Question(more, less, reason, score, False, more.ref))
    asked = [*apart.values(), *_joined(keys_of, told, identity)]
    return sorted(asked, key=lambda q: (-q.weight, abs(q.score - 0.5), q.a.ref, q.b.ref, q.b.articles))


def _left_apart(identity: Identity) -> Iterator[tuple[str, str, str, float]]:
    for doubt in identity.doubts:
        if not doubt.joined and doubt.a != doubt.b:
            yield min(doubt.a, doubt.b), max(doubt.a, doubt.b), doubt.reason, doubt.score


def _joined(keys_of: Mapping[str, list[Key]], told: Told, identity: Identity) -> Iterator[Question]:
    """Yield a question for each two parts of a node that nothing but doubtful joins hold together."""
    weak: dict[str, list[Join]] = defaultdict(list)
    sure: dict[str, list[Join]] = defaultdict(list)
    for join in identity.joins:
        if join.a in told and join.b in told:
            (weak if join.score < UNSURE else sure)[identity.node_of[join.a]].append(join)
    for node in sorted(weak):
        parts = _parts(components(keys_of[node], ((join.a, join.b) for join in sure[node])))
        part_of = {key: i for i, part in enumerate(parts) for key in part}
        between = {}
        for join in sorted(weak[node], key=lambda join: join.score):
            pair = part_of[join.a], part_of[join.b]
            between[min(pair), max(pair)] = join
        skipped = {line.correction for line in identity.lines.get(node, ()) if line.operation is Operation.SKIP}
        for (one, other), join in sorted(between.items()):
            if one == other:
                continue
            both = [(_side(_own_id(parts[i]), parts[i], told), parts[i]) for i in (one, other)]
            (less, keys), (more, _) = sorted(both, key=lambda s: (s[0].ref == node, s[0].mentions, s[0].articles))
            alike = [key for key in keys_of[node] if key[1] == less.ref]
            articles = () if less.ref not in keys_of and alike == keys else less.articles
            question = Question(more, less, join.reason, join.score, True, node, articles)
            if question.line(Operation.SKIP).correction not in skipped:
                yield question


def _parts(parts: list[list[Key]]) -> list[list[Key]]:
    """Put together the parts that have one id in their articles, such as a surname, which the largest part has not."""
    own = [_own_id(part) for part in parts]
    largest = own[max(range(len(parts)), key=lambda i: (len(parts[i]), -i))]
    groups: dict[tuple[str, int], list[Key]] = defaultdict(list)
    for i, part in enumerate(parts):
        groups[own[i], i if own[i] == largest else -1] += part
    return [sorted(group) for group in groups.values()]


def _own_id(keys: Iterable[Key]) -> str:
    """Return the id that most of these have in their own articles."""
    counts = Counter(id for _, id in keys)
    return max(counts, key=lambda id: (counts[id], id))


def _side(ref: str, keys: Sequence[Key], told: Told, label: str | None = None) -> Side:
    counts = Counter(told[key][1].label for key in keys)
    quotes = []
    for record, entity in (told[key] for key in keys[:QUOTES]):
        first = entity.mentions[0]
        article = record.article
        where = article.title or next(map(str, article.found), article.id)
        quotes.append((where, quote(record, first.start, first.end)))
    return Side(
        ref,
        label or max(counts, key=lambda label: (counts[label], label)),
        sum(len(told[key][1].mentions) for key in keys),
        tuple(sorted({article for article, _ in keys})),
        tuple(quotes),
    )


def _alike(
    nodes: Mapping[str, Side], keys_of: Mapping[str, list[Key]], told: Told
) -> Iterator[tuple[str, str, str, float]]:
    """Yield the pairs of persons, and of named events, whose names are alike, found by words or their beginnings."""
    words: dict[str, tuple[str, ...]] = {}
    sharing = defaultdict(list)
    for node, side in sorted(nodes.items()):
        kind = told[keys_of[node][0]][1].kind
        if kind is Kind.PERSON:
            words[node] = name_words(side.label)
        elif kind is Kind.EVENT and any(told[key][1].named for key in keys_of[node]):
            words[node] = tuple(plain(side.label).split())
        for part in {part for word in words.get(node, ()) for part in (word, word[:4])}:
            sharing[kind, part].append(node)
    for a, b in sorted({pair for nodes in sharing.values() if len(nodes) <= CROWD for pair in combinations(nodes, 2)}):
        person = a.startswith(Kind.PERSON)
        if person and len(words[a]) > 1 and len(words[b]) > 1 and same_name(*sorted((words[a], words[b]), key=len)):
            yield a, b, "one name is a form of the other", 0.7
        elif 1 in (len(words[a]), len(words[b])) and (set(words[a]) <= set(words[b]) or set(words[b]) <= set(words[a])):
            yield a, b, "one name is part of the other", 0.4
        else:
            likeness = _likeness(" ".join(words[a]), " ".join(words[b]))
            if likeness >= ALIKE:
                yield a, b, "the names are alike", round(likeness / 2, 2)


def _likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1; those with other numbers in them are not, as those of two elections."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    matcher = SequenceMatcher(None, one, other)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < ALIKE:  # which are never less, and soon known
        return 0.0
    return matcher.ratio()


ANSWERS = {"y": Operation.MERGE, "n": Operation.SPLIT, "s": Operation.SKIP}


def decide(asked: Sequence[Question], answer: Callable[[Question, int], str]) -> Iterator[Line]:
    """Yield a correction for each answer to the questions `asked`, until there are no more or the answer is "q".

    `answer` gets a question and how many are left with it, and gives one of y, n, s and q. What follows from earlier
    answers is not asked.
    """
    group: dict[str, str] = {}
    apart: set[frozenset[str]] = set()

    def root(ref: str) -> str:
        while ref in group:
            ref = group[ref]
        return ref

    for number, question in enumerate(asked):
        a, b = root(question.a.ref), root(question.b.ref)
        if not question.joined and (a == b or frozenset((a, b)) in apart):
            continue
        given = answer(question, len(asked) - number)
        if given not in ANSWERS:
            return
        if ANSWERS[given] is Operation.MERGE and not question.joined:
            group[b] = a
            apart = {frozenset(a if ref == b else ref for ref in pair) for pair in apart}
        elif ANSWERS[given] is Operation.SPLIT and not question.joined:
            apart.add(frozenset((a, b)))
        yield question.line(ANSWERS[given])
