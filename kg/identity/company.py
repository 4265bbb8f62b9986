"""From profiles to what company is worth: how much speaks for two people being one by whom and what they are told with.

A feature counts more the fewer articles have it.
"""

import math
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from kg.gazetteers import table
from kg.identity.profiles import Person


def feature_label(feature: str) -> str:
    """Return what a reader is told of a feature.

    >>> feature_label("country/UA"), feature_label("vladimir putin"), feature_label("president")
    ('Ukraine', 'Vladimir Putin', 'president')
    """
    if feature.startswith("country/"):
        return next(row["label"] for row in table("countries") if row["iso"] == feature.removeprefix("country/"))
    return feature.title() if " " in feature else feature


class Rarity:
    """How much it says that two share a feature: 1 in a corpus of a few articles, more for what is rare in many."""

    def __init__(self, rows: Iterable[Person]) -> None:
        """Count the articles that have each feature; the rows of one article come together."""
        self.articles: Counter[str] = Counter()
        self.total = 0
        for _, of_article in groupby(rows, lambda row: row.key[0]):
            self.articles.update({feature for row in of_article for feature in (*row.countries, *row.people)})
            self.total += 1

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
        for counts, found in (
            (self.features, row.countries),
            (self.features, row.people),
            (self.titles, row.titles),
            (self.fields, row.fields),
        ):
            for feature in found:  # one by one: most rows have few
                counts[feature] = counts.get(feature, 0) + 1
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
