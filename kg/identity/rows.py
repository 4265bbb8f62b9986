"""From records to the table that identity is told from: one row for each entity of each article, with its company.

The company of a person is what stands near: countries named in the same sentences, other people named in full in the
article, the titles beside the name, the year. Each is a feature, a short string; two rows that share rare ones are more
likely to be one.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from kg.gazetteers import table, words
from kg.model import Entity, Kind, Record
from kg.names import Name, is_full, name_words, number, spelled_name

Key = tuple[str, str]

# Mentions whose surroundings are looked at, and how far.
_LOOKED_AT = 4
_REACH = 60
_WORD = re.compile(r"[\w’'-]+")
_CLAUSE = re.compile(r"[.;:!?\n(]")


@dataclass(frozen=True, slots=True)
class Person:
    """A person of one article, by name and company. `year` is that of the article, 0 if it has no date."""

    key: Key
    label: str
    name: Name
    number: str
    mentions: int
    countries: frozenset[str]
    people: frozenset[str]
    titles: frozenset[str]
    year: int

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(_fields()[title] for title in self.titles if title in _fields())


@cache
def _fields() -> dict[str, str]:
    return {row["word"]: row["field"] for row in table("fields")}


def persons(records: Iterable[Record]) -> Iterator[Person]:
    """Yield a row for each person of each record."""
    for record in records:
        people = [entity for entity in record.entities if entity.kind is Kind.PERSON]
        if people:
            yield from _persons(record, people)


def _persons(record: Record, people: list[Entity]) -> Iterator[Person]:
    starts = [start for start, _ in record.sentences]
    countries_in: dict[int, set[str]] = {}
    everywhere = set()
    for entity in record.entities:
        if entity.kind is Kind.COUNTRY:
            for mention in entity.mentions:
                if not mention.within_name:
                    countries_in.setdefault(bisect_right(starts, mention.start), set()).add(entity.id)
                    everywhere.add(entity.id)
    names = [(name_words(entity.label), number(entity.label)) for entity in people]
    full = [person_feature(*name) if is_full(*name) else "" for name in names]
    others = frozenset(filter(None, full))
    year = (record.article.published or "")[:4]
    for entity, (name, number_), own in zip(people, names, full, strict=True):
        sentences = {bisect_right(starts, mention.start) for mention in entity.mentions}
        near = frozenset().union(*(countries_in.get(sentence, ()) for sentence in sentences))
        yield Person(
            (record.article.id, entity.id),
            entity.label,
            name,
            number_,
            len(entity.mentions),
            near or frozenset(everywhere),
            others - {own},
            frozenset(_titles(record.article.text, entity)),
            int(year) if year.isdecimal() else 0,
        )


def person_feature(name: Name, number_: str) -> str:
    """Return the feature of the company of one named so: the first and the last word in their usual spelling."""
    usual = spelled_name(name)
    return f"{usual[0]} {usual[-1]} {number_}".strip()


def feature_label(feature: str) -> str:
    """Return what a reader is told of a feature.

    >>> feature_label("country/UA"), feature_label("vladimir putin"), feature_label("president")
    ('Ukraine', 'Vladimir Putin', 'president')
    """
    if feature.startswith("country/"):
        return next(row["label"] for row in table("countries") if row["iso"] == feature.removeprefix("country/"))
    return feature.title() if " " in feature else feature


def _titles(text: str, entity: Entity) -> set[str]:
    """Return the titles right before and after the first mentions of a person."""
    found: set[str] = set()
    for mention in entity.mentions[:_LOOKED_AT]:
        before = _CLAUSE.split(text[max(0, mention.start - _REACH) : mention.start])[-1].lower()
        found.update(_WORD.findall(before.rpartition(",")[2] if not before.rstrip().endswith(",") else before)[-4:])
        after = text[mention.end : mention.end + _REACH]
        if after.startswith(", "):
            found.update(_WORD.findall(after[2:].split(",")[0].lower())[:6])
        elif match := _IS_A.match(after):
            found.update(_WORD.findall(_CLAUSE.split(after[match.end() :])[0].lower())[:4])
    return found & _telling_titles()


@cache
def _telling_titles() -> frozenset[str]:
    return (words("titles") | _fields().keys()) - _EMPTY


_IS_A = re.compile(r" (?:is|was|became|,)? ?(?:a|an|the) ")
# Titles that say too little of who somebody is.
_EMPTY = frozenset(
    (
        *("former", "late", "deputy", "mr", "mrs", "ms", "miss", "dr", "sir", "his", "her", "general", "chief", "vice"),
        *("first", "fellow", "official", "member", "prime", "major", "son", "father", "wife", "brother", "sister"),
        *(
            "star",
            "opponent",
            "rival",
            "successor",
            "predecessor",
            "daughter",
            "uncle",
            "cousin",
            "interim",
            "presidential",
        ),
    )
)


class Rarity:
    """How much it says that two share a feature: 1 in a corpus of a few articles, more for what is rare in many."""

    def __init__(self, rows: Iterable[Person]) -> None:
        self.articles: Counter[str] = Counter()
        seen: dict[str, set[str]] = {}
        for row in rows:
            seen.setdefault(row.key[0], set()).update(row.countries, row.people)
        for features in seen.values():
            self.articles.update(features)
        self.total = len(seen)

    def __call__(self, feature: str) -> float:
        return min(2.0, math.log((self.total + 10) / (self.articles[feature] + 1)) / math.log(4))


class Company:
    """The company of several rows together: how many of them have each feature."""

    def __init__(self, rows: Iterable[Person] = ()) -> None:
        self.rows = 0
        self.articles: set[str] = set()
        self.features: Counter[str] = Counter()
        self.titles: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.years: set[int] = set()
        for row in rows:
            self.add(row)

    def add(self, row: Person) -> None:
        self.rows += 1
        self.articles.add(row.key[0])
        self.features.update(row.countries)
        self.features.update(row.people)
        self.titles.update(row.titles)
        self.fields.update(row.fields)
        if row.year:
            self.years.add(row.year)

    def update(self, other: "Company") -> None:
        """Add the company of other rows."""
        self.rows += other.rows
        self.articles |= other.articles
        self.features.update(other.features)
        self.titles.update(other.titles)
        self.fields.update(other.fields)
        self.years |= other.years

    def support(self, other: "Company", rarity: Rarity) -> tuple[float, tuple[str, ...]]:
        """Return how much speaks for `other` being the same by its company, and what does."""
        shared = sorted((-self._weight(f, other, rarity), f) for f in other.features if f in self.features)[:3]
        score, why = -sum(weight for weight, _ in shared), [feature for _, feature in shared]
        if titles := sorted(title for title in other.titles if title in self.titles):
            score += 0.8
            why += titles[:1]
        elif other.fields and self.fields and other.fields.keys().isdisjoint(self.fields):
            score -= 1.0
        if other.years and self.years and _apart(other.years, self.years) > _LONG_AGO:
            score -= 1.0
        return score, tuple(why)

    def _weight(self, feature: str, other: "Company", rarity: Rarity) -> float:
        shares = self.features[feature] / self.rows * other.features[feature] / other.rows
        return rarity(feature) * math.sqrt(shares)


# So many years apart, bearers of one name are hardly one.
_LONG_AGO = 25


def _apart(one: set[int], other: set[int]) -> int:
    return max(min(one) - max(other), min(other) - max(one), 0)
