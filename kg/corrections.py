"""From who is who, as the articles tell, to who is who as somebody corrected it: the lines of a curation, applied.

The lines are applied one after the other, so that of two that contradict each other the later one counts. A line names
an entity by the id of its node, or one that was merged away, else by the id that it has in some article, else by its
label, else by an alias, case and accents aside. What the lines do depends on neither the order nor the batching of the
records.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from kg.curation import NO_ITEM, Curation, Line, Operation
from kg.identity import Candidate, Identity, Join, Key
from kg.model import Kind, Notice, Record, plain, slug
from kg.recognition.countries import labels as country_labels

_DIGEST = re.compile(r"-[0-9a-f]{8}\Z")
IS_ID = re.compile(rf"(?:{'|'.join(Kind)})/.")
# So many nodes are named where a name means several.
_SHOWN = 5


class Row(NamedTuple):
    """An entity of one article, with what it can be named by, and where its article was found."""

    label: str
    texts: frozenset[str]
    places: frozenset[str]


class Refused(Exception):
    """A line that cannot be applied: what is wrong, what to do, and whether it is somebody's mistake."""

    def __init__(self, what: str, remedy: str, mistake: bool = False) -> None:
        super().__init__(what)
        self.what, self.remedy, self.mistake = what, remedy, mistake


def corrected(identity: Identity, records: Iterable[Record], curation: Curation) -> Identity:
    """Return `identity` with the lines of `curation` applied; those that could not be are among its `unmatched`."""
    if not curation.lines:
        return identity
    nodes = Nodes(identity, records)
    for line in curation.lines:
        nodes.apply(line)
    return nodes.identity()


def are_apart(lines: Mapping[str, Sequence[Line]], a: str, b: str) -> bool:
    """Tell whether one of the lines that touched the nodes `a` and `b` says that they are not one, or not known."""
    deciding = (Operation.SPLIT, Operation.SKIP)
    return a != b and any(line.operation in deciding and line in lines.get(b, ()) for line in lines.get(a, ()))


class Nodes:
    """The nodes of a corpus while lines are applied to them: which entities of articles each one holds."""

    def __init__(self, identity: Identity, records: Iterable[Record]) -> None:
        self.before = identity
        self.rows: dict[Key, Row] = {}
        for record in records:
            article = record.article
            places = frozenset((article.id, *(p.file for p in article.found), *map(str, article.found)))
            for entity in record.entities:
                texts = {mention.text for mention in entity.mentions} if entity.named is not False else set()
                names = frozenset(plain(" ".join(text.split())) for text in {entity.label, *texts})
                self.rows[article.id, entity.id] = Row(entity.label, names, places)
        self.node_of: dict[Key, str] = {key: node for key, node in identity.node_of.items() if key in self.rows}
        self.keys_of: dict[str, set[Key]] = defaultdict(set)
        for key, node in self.node_of.items():
            self.keys_of[node].add(key)
        self.gone: set[Key] = set()
        self.moved: dict[str, str] = {}  # from the ids of nodes that were merged away to where
        self.labels = dict(identity.labels)
        self.wikidata = dict(identity.wikidata)
        self.joins: list[Join] = []
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self.unmatched = list(identity.unmatched)

    def apply(self, line: Line) -> None:
        """Apply `line`, or note why it cannot be: it means nothing, or several nodes."""
        try:
            self._apply(line)
        except Refused as refused:
            self.unmatched.append(Notice(line.where, refused.what, refused.remedy, skipped=refused.mistake))

    def _apply(self, line: Line) -> None:
        match line.operation:
            case Operation.MERGE:
                self._merge(line)
            case Operation.SPLIT:
                self._split(line)
            case Operation.RENAME:
                node = self._touched(self.find(line.entity), line)
                self.labels[node] = line.value
            case Operation.DROP:
                self._drop(line, self.find(line.entity))
            case Operation.NOT_EVENT:
                self._drop(line, self.find(line.entity, Kind.EVENT))
            case Operation.KIND:
                self._set_kind(line)
            case Operation.WIKIDATA:
                node = self._touched(self.find(line.entity), line)
                item = Candidate(line.value, self.label(node), 1.0, True)
                self.wikidata[node] = () if line.value == NO_ITEM else (item,)
            case Operation.SKIP:
                for node in sorted({self.find(line.entity), self.find(line.value)}):
                    self.lines[node].append(line)

    def _merge(self, line: Line) -> None:
        node, into = self.find(line.entity), self._country(line.value) or self.find(line.value)
        keys = self._revived(self._in_articles(line, node))
        if node == into:
            self._confirm(line, node, keys)
        else:
            if self.keys_of.get(into):
                self.labels[into] = self.label(into)
                self._join(keys, self.keys_of[into], line)
            if keys == self.keys_of[node]:
                self._move_away(node, into)
            self._move(keys, into)
        self._touched(into, line)

    def _confirm(self, line: Line, node: str, keys: set[Key]) -> None:
        """Make sure of what is one already, whatever joined it."""
        if not line.articles:
            keys = {key for key in keys if line.entity in (key[1], self.before.node_of[key])}
        others = self.keys_of[node] - keys
        for key in sorted(keys) if others else ():
            self._join({key}, others, line)

    def _join(self, keys: set[Key], others: set[Key], line: Line) -> None:
        a, b = sorted((min(keys), min(others)))
        self.joins.append(Join(a, b, line.where, 1.0))

    def _split(self, line: Line) -> None:
        node = self.find(line.entity)
        name = line.value
        if line.articles:
            taken = self._in_articles(line, node)
            taken = {key for key in taken if key[1] == name} or taken
        else:
            taken, name = self._part(line, node)
        if taken:
            new = self._new_id(node, name, taken, line)
            if name and not IS_ID.match(name):
                self.labels[new] = name
            self._move(taken, new)
            self._touched(new, line)
        self._touched(node, line)

    def _part(self, line: Line, node: str) -> tuple[set[Key], str]:
        """Return what of `node` goes by the value of `line`, and the name of that; nothing if that is another node."""
        keys, wanted = self.keys_of[node], plain(line.value)
        own = {key for key in keys if line.value in (key[1], self.before.node_of[key])}
        own = own or {key for key in keys if plain(self.rows[key].label) == wanted}
        if not own or own == keys:
            if others := self._search(line.value) - {node}:
                for other in sorted(others):  # they are apart already
                    self.lines[other].append(line)
                return set(), ""
            own = {key for key in keys if wanted in self.rows[key].texts}
        rest = keys - own
        if not own or not rest:
            what = f"nothing in {node} can be told from the rest by {line.value!r}"
            raise Refused(what, "name the articles in question in the column articles")
        if node in {key[1] for key in own} - {key[1] for key in rest}:
            return rest, line.entity if line.entity != node else ""  # the two are named the other way round
        return own, line.value

    def _new_id(self, node: str, name: str, keys: set[Key], line: Line) -> str:
        kind = node.partition("/")[0]
        wanted = name if name.startswith(f"{kind}/") else f"{kind}/{slug(name or self._usual_label(keys))}"
        if kind == Kind.COUNTRY:
            what = "a country has a code of its own, and is not split"
            raise Refused(what, f"drop {node} in these articles, or merge it there into another", mistake=True)
        if not self.keys_of.get(wanted):
            return wanted
        told = "|".join((line.entity, line.value, *sorted(line.articles)))
        return f"{wanted}-{sha256(told.encode()).hexdigest()[:8]}"

    def _drop(self, line: Line, node: str) -> None:
        self._touched(node, line)
        self.gone |= self._in_articles(line, node)

    def _set_kind(self, line: Line) -> None:
        node = self.find(line.entity)
        kind, _, rest = node.partition("/")
        if kind == line.value:
            self._touched(node, line)
            return
        keys = self._in_articles(line, node)
        label = self.label(node)
        new = f"{line.value}/{slug(label) if kind == Kind.COUNTRY else rest}"
        self.labels.setdefault(new, label)
        if keys == self.keys_of[node]:
            self._move_away(node, new)
        self._move(keys, new)
        self._touched(new, line)

    def _touched(self, node: str, line: Line) -> str:
        """Note that `line` touched `node`, which is there again if it was dropped as a whole."""
        self.lines[node].append(line)
        self._revived(self.keys_of[node])
        return node

    def _revived(self, keys: set[Key]) -> set[Key]:
        if keys <= self.gone:
            self.gone -= keys
        return keys

    def _move(self, keys: set[Key], node: str) -> None:
        for key in list(keys):
            self.keys_of[self.node_of[key]].discard(key)
            self.keys_of[node].add(key)
            self.node_of[key] = node

    def _move_away(self, node: str, into: str) -> None:
        """Note that all of `node` is in `into` from now on, with what was known of it."""
        self.moved[node] = into
        self.moved.pop(into, None)
        self.lines[into] += self.lines.pop(node, [])
        self.labels.pop(node, None)
        if items := self.wikidata.pop(node, ()):
            self.wikidata.setdefault(into, items)

    def _in_articles(self, line: Line, node: str) -> set[Key]:
        """Return what of `node` the articles of `line` hold; all of it if the line names none."""
        keys = set(self.keys_of[node])
        if line.articles:
            wanted = set(line.articles)
            keys = {key for key in keys if not self.rows[key].places.isdisjoint(wanted)}
            if not keys:
                what = f"{node} is not mentioned in {' or '.join(line.articles)}"
                raise Refused(what, "give ids of articles, or their files as in story.txt or news.jsonl:7")
        return keys

    def _country(self, value: str) -> str | None:
        """Return the id of a country that is given as such, whether or not an article mentions it."""
        known = value.startswith("country/") and value.removeprefix("country/") in country_labels()
        if known and not self.keys_of.get(value):
            self.labels[value] = country_labels()[value.removeprefix("country/")]
        return value if known else None

    def find(self, name: str, kind: Kind | None = None) -> str:
        """Return the node that `name` means. Raises `Refused` if none or several do."""
        found = self._search(name, kind)
        found = {node for node in found if not self.keys_of[node] <= self.gone} or found
        if not found:
            what = f"no {kind or 'entity'} {name!r} in these articles"
            raise Refused(what, "see kg entities for ids and labels, or delete the line")
        if len(found) > 1:
            nodes = sorted(found, key=lambda node: (-len(self.keys_of[node]), node))
            several = ", ".join(nodes[:_SHOWN]) + (", ..." if len(nodes) > _SHOWN else "")
            raise Refused(f"{name!r} means several: {several}", "name one by its id", mistake=True)
        return found.pop()

    def named(self, name: str) -> set[str]:
        """Return the nodes, dropped ones too, that `name` is the id, a label or an alias of."""
        wanted = plain(" ".join(name.split()))
        renamed = {node for node, label in self.labels.items() if plain(label) == wanted and self.keys_of.get(node)}
        texts = {self.node_of[key] for key in self._by_text.get(wanted, ())}
        return self._search(name) if IS_ID.match(name) else renamed | texts

    def _search(self, name: str, kind: Kind | None = None) -> set[str]:
        """Return the nodes that `name` means, by the first way of naming that gives any."""
        if self.keys_of.get(name):
            return {name}
        if name in self.moved:
            return self._search(self.moved[name], kind)
        by_id = self._by_id.get(name) or self._by_digest.get(self._digest(name))
        if by_id:
            return {self.node_of[key] for key in by_id}
        wanted = plain(" ".join(name.split()))
        renamed = {node for node, label in self.labels.items() if plain(label) == wanted and self.keys_of.get(node)}
        aliased = {self.node_of[key] for key in self._by_text.get(wanted, ())}
        if kind:
            renamed, aliased = ({node for node in nodes if node.startswith(kind)} for nodes in (renamed, aliased))
        return renamed | {node for node in aliased if plain(self.label(node)) == wanted} or aliased

    @staticmethod
    def _digest(id: str) -> str:
        """Return what the id of a reported event ends with, which outlives a change of its label."""
        found = _DIGEST.search(id) if id.startswith("event/") else None
        return found[0] if found else ""

    @cached_property
    def _by_id(self) -> Mapping[str, set[Key]]:
        """What has an id as a node of the corpus or, if no node has it, in its own article."""
        whole, own = defaultdict(set), defaultdict(set)
        for key in self.rows:
            own[key[1]].add(key)
        for key, node in self.before.node_of.items():
            if key in self.rows:
                whole[node].add(key)
        return own | whole

    @cached_property
    def _by_digest(self) -> Mapping[str, set[Key]]:
        found = defaultdict(set)
        for key in self.rows:
            if digest := self._digest(key[1]):
                found[digest].add(key)
        return found

    @cached_property
    def _by_text(self) -> Mapping[str, set[Key]]:
        found = defaultdict(set)
        for key, row in self.rows.items():
            for text in row.texts:
                found[text].add(key)
        return found

    def label(self, node: str) -> str:
        """Return what `node` is called, as the graph will have it."""
        return self.labels.get(node) or self._usual_label(self.keys_of[node])

    def _usual_label(self, keys: Iterable[Key]) -> str:
        counts = Counter(self.rows[key].label for key in keys)
        return max(counts, key=lambda label: (counts[label], label), default="")

    def identity(self) -> Identity:
        """Return who is who now."""
        node_of = {key: node for key, node in self.node_of.items() if key not in self.gone}
        there = set(node_of.values())
        joins = {join for join in (*self.before.joins, *self.joins) if self._holds(join)}
        doubts = []
        for doubt in self.before.doubts:
            a, b = (min(self._search(id), default="") for id in (doubt.a, doubt.b))
            if {a, b} <= there and (doubt.joined if a == b else not are_apart(self.lines, a, b)):
                doubts.append(replace(doubt, a=a, b=b))
        return replace(
            self.before,
            node_of=node_of,
            joins=tuple(sorted(joins)),
            doubts=tuple(doubts),
            labels={node: label for node, label in sorted(self.labels.items()) if node in there},
            wikidata={node: items for node, items in sorted(self.wikidata.items()) if node in there},
            unmatched=tuple(self.unmatched),
            lines={node: tuple(lines) for node, lines in sorted(self.lines.items())},
            uncorrected=self.before.node_of,
        )

    def _holds(self, join: Join) -> bool:
        """Tell whether a join still holds: its two ends are there and one node."""
        a, b = (None if key in self.gone else self.node_of.get(key) for key in (join.a, join.b))
        return a is not None and a == b
