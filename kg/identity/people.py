"""From rows of persons to the pairs that are one: full names first, then short names by the company they keep.

1. Full names are one that are spellings, orders or short forms of one name. A shorter name belongs to the fuller one
   that it shortens; if it shortens several, each of its bearers to the one whose company it shares.
2. Bearers of one full name whose company has nothing in common, and who do other things, are kept apart.
3. A single name belongs to the bearer of it whose company it shares, if nobody else's is nearly as like.

Candidates are found by keys, never by comparing all with all, and nothing depends on the order of the rows.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from kg.identity.company import Company, Rarity, feature_label
from kg.identity.components import Links
from kg.identity.profiles import Key, Person
from kg.names import (
    Name,
    formal,
    is_full,
    joined,
    nickname,
    one_letter_apart,
    short_forms,
    shortens,
    spelled,
    spelled_name,
)
from kg.recognition.word_classes import folded

Full = tuple[Name, str]  # the words of a full name, and the number after it
Pair = tuple[Key, Key, str, float]  # two rows, why they are one or may be, and how sure that is

# More names than this under one key say that the key tells nothing; they are not compared.
_CROWD = 300
# How much company must be shared, in the measure of `Company.support`: a country in a small corpus is 1.
_SOME, _MUCH, _VERY_MUCH = 0.5, 0.9, 1.7
# By how much the best must be better than the next.
_CLEARLY = 0.6
# A join less sure than this is a doubt as well.
_SURE = 0.7
# So many articles must speak for each of two bearers of one name.
_SEVERAL = 2
_SHORTENED = "a name and the same with more words"
# Who bears one of these needs no family name.
_UNIQUE_TITLES = frozenset(("pope", "patriarch"))


@dataclass
class Found:
    """Pairs of rows that are one, and pairs that were left apart and may be one."""

    joins: list[Pair] = field(default_factory=list)
    doubts: list[Pair] = field(default_factory=list)


def join_people(rows: Iterable[Person]) -> Found:
    """Return the pairs of rows that are one person, and those in doubt."""
    rows = sorted(rows, key=lambda row: row.key)
    rarity, found = Rarity(rows), Found()
    full = [row for row in rows if is_full(row.name, row.number)]
    bearers = [bearer for group in _Names(full, rarity, found).groups() for bearer in _namesakes(group, rarity, found)]
    for bearer in bearers:
        found.joins += _chain(bearer)
    _attach_singles([row for row in rows if not is_full(row.name, row.number)], bearers, rarity, found)
    return found


def _full(row: Person) -> Full:
    return row.name, row.number


class _Names:
    """The full names of a corpus, put together into those of one person each."""

    def __init__(self, rows: Iterable[Person], rarity: Rarity, found: Found) -> None:
        self.rows: dict[Full, list[Person]] = defaultdict(list)
        for row in rows:
            self.rows[_full(row)].append(row)
        self.rarity, self.found = rarity, found
        self.links = Links(self.rows)
        self.company = {name: Company(rows) for name, rows in self.rows.items()}

    def groups(self) -> list[list[Person]]:
        """Return the rows that by their names are one person, in groups."""
        first: dict[str, Full] = {}
        for name, rows in self.rows.items():
            for row in rows:
                self._join(first.setdefault(row.key[1], name), name)
        candidates = sorted(_candidates(self.rows))
        for a, b in candidates:
            if a[1] == b[1] and spelling(a[0], b[0]):
                self._join(a, b)
        for a, b in candidates:
            if told := relation(a, b):
                self._join_if_near(a, b, *told)
        owners = self._owners_of_shorter_names()
        groups: dict[Full, list[Person]] = defaultdict(list)
        for name, rows in self.rows.items():
            for row in rows:
                groups[owners.get(row.key) or self.links.root(name)].append(row)
        return [sorted(groups[name], key=lambda row: row.key) for name in sorted(groups)]

    def _join(self, a: Full, b: Full) -> None:
        a, b = self.links.root(a), self.links.root(b)
        if a != b:
            self.links.join(a, b)
            into, other = (a, b) if self.links.root(a) == a else (b, a)
            self.company[into].update(self.company.pop(other))

    def _join_if_near(self, a: Full, b: Full, reason: str, score: float, needed: float) -> None:
        """Make `a` and `b` one if no article has both and their company has so much in common."""
        one, other = (self.company[self.links.root(name)] for name in (a, b))
        if one is other:
            return
        if one.articles.isdisjoint(other.articles) and one.support(other, self.rarity)[0] >= needed:
            self._join(a, b)
        else:
            self.found.doubts.append((self.rows[a][0].key, self.rows[b][0].key, reason, round(score / 2, 2)))

    def _owners_of_shorter_names(self) -> dict[Key, Full]:
        """Join each name to the fuller one that it shortens; return whose each row is where there are several."""
        fuller_by_ends: dict[tuple[str, str], list[Full]] = defaultdict(list)
        for full in sorted(self.rows):
            if len(full[0]) > 2:
                for ends in _ends(full[0]):
                    fuller_by_ends[ends].append(full)
        owners: dict[Key, Full] = {}
        for short in sorted(self.rows, key=lambda full: (-len(full[0]), full)):
            usual = spelled_name(short[0])
            fuller = [
                full
                for full in fuller_by_ends.get((usual[0], usual[-1]), ())
                if full[1] == short[1] and len(full[0]) > len(usual) and shortens(usual, spelled_name(full[0]))
            ]
            roots = sorted({self.links.root(full) for full in fuller[:_CROWD]} - {self.links.root(short)})
            if len(roots) == 1:
                self._join_if_near(short, fuller[0], _SHORTENED, 0.9, _needed(short, fuller[0]))
            elif roots:
                for row in self.rows[short]:
                    if (i := self._choose(row, roots)) is not None:
                        owners[row.key] = roots[i]
        return owners

    def _choose(self, row: Person, roots: list[Full]) -> int | None:
        return choose(row, [self.company[root] for root in roots], self.rarity, _MUCH)


def choose(row: Person, companies: list[Company], rarity: Rarity, needed: float) -> int | None:
    """Return which of these companies `row` shares: so much as is needed, and clearly more than any other; or None."""
    own = Company([row])
    scores = [
        -9.0 if row.key[0] in company.articles else company.support(own, rarity)[0] + math.log10(company.rows) / 2
        for company in companies
    ]
    best = max(range(len(scores)), key=lambda i: scores[i])
    rest = max((score for i, score in enumerate(scores) if i != best), default=-9.0)
    enough = scores[best] - math.log10(companies[best].rows) / 2 >= needed
    return best if enough and scores[best] - rest >= _CLEARLY else None


def _candidates(names: Iterable[Full]) -> set[tuple[Full, Full]]:
    """Return the pairs of names that share a key."""
    by_key: dict[tuple[str, ...], list[Full]] = defaultdict(list)
    for full in sorted(names):
        for key in dict.fromkeys(_keys(full[0])):
            by_key[key].append(full)
    return {pair for block in by_key.values() if 1 < len(block) <= _CROWD for pair in combinations(block, 2)}


def _keys(name: Name) -> Iterator[tuple[str, ...]]:
    usual = spelled_name(name)
    yield ("one word", joined(usual))
    yield ("any order", *sorted(usual))
    yield ("given name", formal(name[0]), *usual[1:])
    for i, word in enumerate(name):
        if len(word) > 5:
            yield ("one unlike", *usual[:i], word[:2], *usual[i + 1 :])


def _ends(name: Name) -> Iterator[tuple[str, str]]:
    """Yield how a shorter form of `name` may begin and end."""
    usual = spelled_name(name)
    for first, last in combinations(usual, 2):
        yield first, last
        if len(first) > 1:
            yield first[0], last


def spelling(a: Name, b: Name) -> bool:
    """Tell whether two names are spellings of one, by hyphens, accents or the script that they come from."""
    return joined(spelled_name(a)) == joined(spelled_name(b))


def relation(a: Full, b: Full) -> tuple[str, float, float] | None:
    """Return why two names may be one, how sure that is, and how much company they must share; None if they are two."""
    (one, suffix), (other, suffix_b) = a, b
    usual, usual_b = spelled_name(one), spelled_name(other)
    if suffix != suffix_b:
        if spelling(one, other) and not (suffix and suffix_b):
            return f"the same name with and without {suffix or suffix_b}", 0.6, _MUCH
        return None
    if sorted(usual) == sorted(usual_b):
        ambiguous = all(word in folded("given_names") for word in one)
        return "the family name first in one of them", 0.9, _MUCH if ambiguous else -1.0
    if usual[1:] == usual_b[1:] and formal(one[0]) == formal(other[0]):
        return "forms of one given name", 0.85, _MUCH if _is_common(one[-1]) else -0.5
    unlike = [(x, y) for x, y in zip(one, other, strict=False) if spelled(x) != spelled(y)]
    if len(one) == len(other) and len(unlike) == 1 and one_letter_apart(*unlike[0]):
        listed = all(word in folded("given_names") or word in folded("surnames") for word in unlike[0])
        return None if listed else ("names one letter apart", 0.7, _MUCH)
    return None


def _needed(short: Full, full: Full) -> float:
    """Return how much company a name must share with a fuller one to be the same."""
    usual, fuller = spelled_name(short[0]), spelled_name(full[0])
    if usual[0] != fuller[0] or usual[-1] != fuller[-1]:
        return _MUCH
    return _SOME if _is_common(short[0][-1]) and not short[1] else -0.5


def _is_common(word: str) -> bool:
    return word in folded("common_surnames")


def _chain(rows: list[Person]) -> Iterator[Pair]:
    """Yield the pairs that join `rows`: those of one name one after the other, other names to the commonest."""
    by_name: dict[Full, list[Person]] = defaultdict(list)
    for row in rows:
        by_name[_full(row)].append(row)
    main = max(by_name, key=lambda name: (len(by_name[name]), name))
    for name, bearers in sorted(by_name.items()):
        for one, other in pairwise(bearers):
            yield one.key, other.key, "same full name", 1.0
        if name != main:
            reason, score = _told(name, main)
            yield by_name[main][0].key, bearers[0].key, reason, score


def _told(a: Full, b: Full) -> tuple[str, float]:
    """Say why two names are one, as a reader is told, and how sure that is."""
    if a[1] == b[1] and spelling(a[0], b[0]):
        return "spellings of one name", 0.97
    if told := relation(a, b):
        return told[0], told[1]
    short, full = sorted((a, b), key=lambda name: len(name[0]))
    if shortens(spelled_name(short[0]), spelled_name(full[0])):
        return _SHORTENED, 0.9
    return "both forms of a third name", 0.8


# Namesakes


def _namesakes(rows: list[Person], rarity: Rarity, found: Found) -> list[list[Person]]:
    """Return `rows`, all with the name of one, as one person; as several if their company says so."""
    if len(rows) < 2 * _SEVERAL:
        return [rows]
    links = Links(range(len(rows)))
    first: dict[str, int] = {}
    for i, row in enumerate(rows):
        for feature in (*row.countries, *row.people, *row.titles, *row.fields):
            links.join(i, first.setdefault(feature, i))
    sides = sorted(([rows[i] for i in group] for group in links.groups()), key=lambda side: (-len(side), side[0].key))
    main, others = sides[0], []
    for side in sides[1:]:
        if _another_person(Company(main), Company(side)):
            others.append(side)
            found.doubts.append((main[0].key, side[0].key, "one name in company that has nothing in common", 0.4))
        else:
            main = sorted(main + side, key=lambda row: row.key)
    return [main, *others]


def _another_person(one: Company, other: Company) -> bool:
    """Tell whether several articles on each side say that these are two, who do other things in other places."""
    several = len(one.articles) >= _SEVERAL and len(other.articles) >= _SEVERAL
    placed = all(any(f.startswith("country/") for f in company.features) for company in (one, other))
    return several and placed and bool(one.fields and other.fields)


# Single names


def _attach_singles(rows: list[Person], bearers: list[list[Person]], rarity: Rarity, found: Found) -> None:
    """Join rows of single names to bearers of them, and else to each other, as far as their company tells."""
    by_word: dict[str, dict[int, int]] = defaultdict(dict)  # word -> bearer -> rank
    for i, bearer in enumerate(bearers):
        for name, label in sorted({(row.name, row.label) for row in bearer}):
            forms = short_forms(name) | ({nick: 1} if (nick := nickname(label)) else {})
            for word, rank in ((word, rank) for word, rank in forms.items() if rank < 2):
                ranks = by_word[spelled(word)]
                ranks[i] = min(rank, ranks.get(i, rank))
    company: dict[int, Company] = {}
    alone: dict[str, list[Person]] = defaultdict(list)
    for row in rows:
        word = row.name[0]
        ranks = by_word.get(spelled(word), {})
        usual = sorted(i for i, rank in ranks.items() if rank == min(ranks.values()))
        if ranks and min(ranks.values()) > 0 and word in folded("given_names"):
            usual = []
        for i in usual[:_CROWD]:
            if i not in company:
                company[i] = Company(bearers[i])
        needed = _needed_by_single(word, [company[i] for i in usual[:_CROWD]])
        chosen = choose(row, [company[i] for i in usual[:_CROWD]], rarity, needed) if usual[:_CROWD] else None
        if chosen is None:
            alone[spelled(word)].append(row)
            if len(usual) == 1 and row.key[0] not in company[usual[0]].articles:
                told = f"{row.label} may be short for {bearers[usual[0]][0].label}, the only one in the corpus"
                found.doubts.append((bearers[usual[0]][0].key, row.key, told, 0.4))
        else:
            bearer = bearers[usual[chosen]]
            support, why = company[usual[chosen]].support(Company([row]), rarity)
            whose = "the only" if len(usual) == 1 else "a"
            told = f"short name of {whose} {row.label} in the corpus; shares {_names(why)}"
            found.joins.append((bearer[0].key, row.key, told, round(min(0.95, 0.5 + support / 5), 2)))
    for word, some in sorted(alone.items()):
        found.joins += _alike(some, word in by_word)


def _needed_by_single(word: str, companies: list[Company]) -> float:
    """Return how much company a single name must share with its bearer: less if he is the only one, and in the news."""
    if _is_common(word):
        return _VERY_MUCH
    if len(companies) > 1:
        return _MUCH
    return max(0.2, _MUCH - 0.15 * math.log(companies[0].rows)) if companies else _MUCH


def _alike(rows: list[Person], borne: bool) -> Iterator[Pair]:
    """Yield pairs of rows of one single name that are one person, whose full name no article tells."""
    word = rows[0].name[0]
    common = _is_common(word) or word in folded("given_names")
    first: dict[str, Person] = {}
    for row in rows:
        for feature, told in _telling(row, common, borne):
            if (other := first.setdefault(feature, row)) is not row:
                yield other.key, row.key, f"same single name{told}", 0.7


def _telling(row: Person, common: bool, borne: bool) -> Iterator[tuple[str, str]]:
    """Yield the features of which one is enough for two rows of a single name to be one, and how a reader is told."""
    for title in sorted(_UNIQUE_TITLES.intersection(row.titles)):
        yield title, f" and title {title}"
    for person in row.people:
        yield person, f"; shares {person.title()}"
    for country in row.countries:
        if not common:
            yield country, f"; shares {_names((country,))}"
        for title in row.titles:
            yield f"{country} {title}", f"; shares {_names((country, title))}"
    if not common and not borne and row.name[0] not in folded("surnames"):
        yield "", ", that nobody else bears"


def _names(features: Iterable[str]) -> str:
    return ", ".join(map(feature_label, features))
