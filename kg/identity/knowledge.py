"""From nodes to the items of a knowledge base, mostly Wikidata, that they are or may be.

The knowledge is a table that a user supplies, or a reconciliation service as OpenRefine uses it, asked only when it is
given. An item is taken for the node's own if it is the only one of the name, or the only one whose country agrees; any
other is a candidate, with a score.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from kg.errors import BadKnowledge
from kg.gazetteers import table
from kg.identity.events import title
from kg.model import Kind, plain
from kg.names import name_words, number, spelled_name

COLUMNS = ("id", "label", "aliases", "kind", "country")
_BETWEEN = re.compile(r"\s*[|;]\s*")
_URL = re.compile(r"https?://\S+\Z")
# What a name that is spelled otherwise, an alias, or another country cost of a score of 1.
_OTHER_SPELLING, _ALIAS, _OTHER_COUNTRY = 0.05, 0.05, 0.4
# So many nodes are asked for in one request, and so long, in seconds, an answer may take.
_BATCH, _PATIENCE = 20, 60
# So many candidates of a node are kept.
_KEPT = 5


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """An item that a node may be; `exact` says that it is taken for the same."""

    item: str
    label: str
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: a node with its label and other full names, and the countries that it is told of with."""

    node: str
    kind: Kind
    label: str
    names: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()


class Knowledge(Protocol):
    """Something that knows items."""

    def candidates(self, queries: Sequence[Query]) -> Mapping[str, tuple[Candidate, ...]]:
        """Return the items that each node may be, the best first; nodes without any are left out."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a table of items."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    countries: frozenset[str] = frozenset()


def read_knowledge(source: str | Path) -> Knowledge:
    """Return the knowledge in a table, a file, or behind the address of a service.

    A table has the columns id, label, aliases, kind and country, of which the first two must be there; aliases and
    countries, by name or ISO code, are parted by "|". Raises `BadKnowledge`.
    """
    if _URL.match(str(source)):
        return Service(str(source))
    return Items(_rows(Path(source)))


def _rows(path: Path) -> Iterator[Item]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadKnowledge(
            f"{path}: cannot be read ({error}); give a table in UTF-8, or the URL of a service"
        ) from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    delimiter = max("\t,;", key=lines[0].count) if lines else "\t"
    reader = csv.DictReader(lines, delimiter=delimiter)
    if not {"id", "label"} <= set(reader.fieldnames or ()):
        raise BadKnowledge(f"{path}: has no columns id and label; the first line names them: {', '.join(COLUMNS)}")
    for row in reader:
        cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        if cells["id"] and cells["label"]:
            aliases = tuple(filter(None, _BETWEEN.split(cells.get("aliases", ""))))
            countries = frozenset(filter(None, map(_iso, _BETWEEN.split(cells.get("country", "")))))
            yield Item(cells["id"], cells["label"], aliases, cells.get("kind", "").casefold(), countries)


def _iso(country: str) -> str:
    """Return the node of a country by name, ISO code or Wikidata item, "" if there is none."""
    return f"country/{iso}" if (iso := _countries().get(plain(country))) else ""


@cache
def _countries() -> dict[str, str]:
    rows = table("countries")
    return {plain(row[column]): row["iso"] for column in ("label", "iso3", "wikidata", "iso") for row in rows}


@dataclass
class Items:
    """A table of items, by their names."""

    items: Iterable[Item]
    _by_name: dict[tuple[str, ...], list[tuple[Item, str]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for item in self.items:
            for name in dict.fromkeys((item.label, *item.aliases)):
                for kind in [item.kind] if item.kind in tuple(Kind) else (Kind.PERSON, Kind.EVENT):
                    self._by_name[_key(name, Kind(kind))].append((item, name))

    def candidates(self, queries: Sequence[Query]) -> Mapping[str, tuple[Candidate, ...]]:
        """Return the items that bear a name of each node, the best first."""
        return {query.node: found for query in queries if (found := self._candidates(query))}

    def _candidates(self, query: Query) -> tuple[Candidate, ...]:
        scores: dict[str, tuple[float, Item]] = {}
        for asked in dict.fromkeys((query.label, *query.names)):
            for item, name in self._by_name.get(_key(asked, query.kind), ()):
                score = 1.0
                score -= _OTHER_SPELLING * (plain(name) != plain(asked))
                score -= _ALIAS * (name != item.label or asked != query.label)
                told = bool(item.countries and query.countries)
                score -= _OTHER_COUNTRY * (told and item.countries.isdisjoint(query.countries))
                scores[item.id] = max((score, item), scores.get(item.id, (0.0, item)), key=lambda pair: pair[0])
        ranked = sorted(scores.values(), key=lambda pair: (-pair[0], pair[1].id))[:_KEPT]
        near = [item for score, item in ranked if score > 1 - _OTHER_COUNTRY]
        agreeing = [item for item in near if item.countries]
        sure = near[0].id if len(near) == 1 else agreeing[0].id if len(agreeing) == 1 else None
        return tuple(Candidate(item.id, item.label, round(score, 2), item.id == sure) for score, item in ranked)


def _key(name: str, kind: Kind) -> tuple[str, ...]:
    """Return what names of `kind` are looked up by."""
    if kind is Kind.EVENT:
        said = title(name)
        return "event", *said.words, str(said.year), str(said.ordinal)
    return kind, *spelled_name(name_words(name)), number(name)


@dataclass(frozen=True)
class Service:
    """A service that speaks the Reconciliation API, version 0.2 (https://reconciliation-api.github.io/specs/0.2/)."""

    url: str

    def candidates(self, queries: Sequence[Query]) -> Mapping[str, tuple[Candidate, ...]]:
        """Return what the service says of each node. Raises `BadKnowledge` if it does not answer as it should."""
        found: dict[str, tuple[Candidate, ...]] = {}
        for start in range(0, len(queries), _BATCH):
            batch = queries[start : start + _BATCH]
            answers = self._ask({f"q{i}": {"query": query.label, "limit": _KEPT} for i, query in enumerate(batch)})
            for i, query in enumerate(batch):
                if candidates := _from_answer(query, answers.get(f"q{i}", {}).get("result", [])):
                    found[query.node] = candidates
        return found

    def _ask(self, queries: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, list[dict[str, object]]]]:
        body = urlencode({"queries": json.dumps(queries, ensure_ascii=False)}).encode()
        request = Request(self.url, body, {"Accept": "application/json"})
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:
                answers = json.load(answer)
        except (URLError, OSError, ValueError) as error:
            raise BadKnowledge(
                f"{self.url}: no answer ({error}); check the address, or give a table instead"
            ) from error
        if not isinstance(answers, dict) or not all(isinstance(answer, dict) for answer in answers.values()):
            raise BadKnowledge(
                f"{self.url}: does not speak the Reconciliation API 0.2; give the address of one that does"
            )
        return answers


def _from_answer(query: Query, results: Iterable[Mapping[str, object]]) -> tuple[Candidate, ...]:
    """Return the candidates in an answer; one is sure if the service says so of it alone, and the name agrees."""
    known = [
        (float(str(result.get("score", 0))), str(result["id"]), str(result.get("name", "")), bool(result.get("match")))
        for result in results
        if "id" in result
    ]
    ranked = sorted(known, key=lambda found: (-found[0], found[1]))[:_KEPT]
    names = {_key(name, query.kind) for name in (query.label, *query.names)}
    matches = [id_ for _, id_, name, match in ranked if match and _key(name, query.kind) in names]
    namesakes = [id_ for _, id_, name, _ in ranked if _key(name, query.kind) in names]
    sure = matches[0] if len(matches) == 1 and len(namesakes) == 1 else None
    return tuple(
        Candidate(id_, name, round(min(1.0, score / 100 if score > 1 else score), 2), id_ == sure)
        for score, id_, name, _ in ranked
    )
