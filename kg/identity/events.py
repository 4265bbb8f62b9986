"""From rows of events to the pairs that are one.

A name is its words without links, its head noun as any of its kind, and the year and the ordinal, which must agree or
be left out of one. "Munich conference" is the Munich Security Conference if its company says so and no other name
would do; "MSC" is so by its initials.

A reported event is told again where another article has the same noun or verb for it, in like company: the same people
and countries take part, and neither the dates nor the places speak against it. Rows that share a key are put together
while they are alike on average, so that a chain of likenesses is not enough.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations, pairwise

from kg.event_groups import family
from kg.gazetteers import table
from kg.identity.people import Found, Pair
from kg.identity.profiles import LINKS, Key, Profile, Told
from kg.model import plain
from kg.recognition.named_events import usual_name

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\Z")
_WORD = re.compile(r"\w[\w’'.&-]*")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\Z")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
# Types of events that are held again and again: a year more or less is another one.
_RECURRING = frozenset(("conference", "sport", "culture", "election"))
_ORDINALS = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5},
    **{"sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10},
}
# Words that many names share, and that tell a name from another one: the International Booker Prize is another prize.
_GENERIC = frozenset(
    (
        *("world", "international", "national", "global", "european", "asian", "african", "american", "women", "men"),
        *("junior", "senior", "youth", "general", "annual", "regional", "east", "west", "north", "south", "new"),
    )
)
# Reported events of two articles are alike enough from here on, on average of all that are put together.
ALIKE = 0.05
_STRICT = 0.3
# A key of more rows than this is no key.
_CROWD = 120
# So many days apart, articles without dates for it hardly report one event.
_DAYS = 7
# So many who take part must be the same.
_TOGETHER = 2


@dataclass(frozen=True, slots=True)
class Event:
    """An event of one article. `who` takes part, `company` is all that the article names; both are nodes.

    `keys` are what it is told as, `days` is when it was, first and last ISO day, and `published` the day of the
    article, "" where unknown.
    """

    key: Key
    label: str
    named: bool
    type: str
    keys: Iterable[str]
    who: frozenset[str]
    company: frozenset[str]
    place: str
    days: str
    published: str


def event_rows(profiles: Iterable[Profile], node_of: Mapping[Key, str]) -> Iterator[Event]:
    """Yield a row for each event that other articles may tell of; `node_of` says who the people and countries are."""
    for profile in profiles:
        company = frozenset(node_of[row.key] for row in profile.rows if not isinstance(row, Told))
        for told in profile.events:
            if told.named or len(told.who) >= _TOGETHER:
                who = frozenset(node_of[key] for id_ in told.who if (key := (profile.article, id_)) in node_of)
                yield Event(
                    told.key,
                    told.label,
                    told.named,
                    told.type,
                    told.keys,
                    who,
                    company,
                    told.place,
                    told.days,
                    profile.published,
                )


def join_events(rows: Iterable[Event]) -> Found:
    """Return the pairs of rows that are one event, and those in doubt."""
    rows = sorted(rows, key=lambda row: row.key)
    found = Found()
    _join_named([row for row in rows if row.named], found)
    found.joins += join_reported([row for row in rows if not row.named], _can_be_one, _STRICT, _told_keys)
    return found


# Named events


@dataclass(frozen=True, order=True)
class Title:
    """What the name of an event says: its words, sorted, the year and the ordinal, 0 where it has none."""

    words: tuple[str, ...]
    year: int
    ordinal: int
    initials: str = ""


@cache
def title(name: str) -> Title:
    """Return what the name of an event says, the same for all spellings of it.

    >>> title("Second World War") == title("WWII") == title("World War Two")
    True
    >>> title("61st Munich Security Conference").words, title("2025 Munich Security Conference").year
    (('conference', 'munich', 'security'), 2025)
    """
    tokens = [token.removesuffix("'s").removesuffix("’s") for token in _WORD.findall(name)]
    if tokens and tokens[0].lower() in ("the", "a"):
        tokens = tokens[1:]
    if tokens and (usual := usual_name(tokens)):
        tokens = _WORD.findall(usual)
    year = ordinal = 0
    kept: list[str] = []
    for i, token in enumerate(tokens):
        low = plain(token)
        if _YEAR.match(low) and not year:
            year = int(low)
        elif match := _ORDINAL.match(low):
            ordinal = int(match[1])
        elif low in _ORDINALS:
            ordinal = _ORDINALS[low]
        elif i and (token.isupper() and low in _ROMAN):
            ordinal = _ROMAN[low]
        elif low not in LINKS:
            kept.append(low)
    initials = "".join(token[0] for token in tokens if token[0].isupper() and not _YEAR.match(token))
    return Title(tuple(sorted(kept)), year, ordinal, initials if len(initials) > 2 else "")


@cache
def _head_nouns() -> frozenset[str]:
    return frozenset(row["head"] for row in table("event_heads"))


def _kind(words_: tuple[str, ...]) -> frozenset[str]:
    """Return the head nouns among the words of a name, each as the one that stands for its kind."""
    return frozenset(family(word) for word in words_ if word in _head_nouns())


def _join_named(rows: list[Event], found: Found) -> None:
    by_words: dict[tuple[str, ...], list[tuple[Event, Title]]] = defaultdict(list)
    for row in rows:
        said = title(row.label)
        by_words[said.words].append((row, said))
    by_singular: dict[tuple[str, ...], list[tuple[Event, Title]]] = defaultdict(list)
    for words_, some in sorted(by_words.items()):
        by_singular[tuple(sorted(map(_singular, words_)))] += some
    for words_, some in sorted(by_singular.items()):
        found.joins += _editions(some, words_)
    _join_shorter(by_words, found)


def _singular(word: str) -> str:
    """Return a word without the ending of a plural: the anniversary of the victories is that of the victory.

    >>> _singular("victories"), _singular("games"), _singular("congress")
    ('victory', 'game', 'congress')
    """
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _editions(some: list[tuple[Event, Title]], words_: tuple[str, ...]) -> Iterator[Pair]:
    """Yield the pairs of rows with one name, but for year and ordinal, that name one edition.

    A row without either belongs to the edition of the year in which its article appeared, or to the only one there is.
    """
    ordinals = {said.ordinal for _, said in some if said.ordinal}
    years_of: dict[int, set[int]] = defaultdict(set)
    for row, said in some:
        if said.ordinal:
            years_of[said.ordinal].update(filter(None, [said.year or _year(row)]))
    ordinal_of = {next(iter(years)): ordinal for ordinal, years in sorted(years_of.items()) if len(years) == 1}
    year_of = {ordinal: year for year, ordinal in ordinal_of.items()}
    editions: dict[tuple[int, int], list[Event]] = defaultdict(list)
    years = {said.year for _, said in some if said.year}
    for row, said in some:
        year = said.year or year_of.get(said.ordinal, 0)
        ordinal = said.ordinal or ordinal_of.get(said.year, 0)
        if not year and not ordinal:
            if _year(row) in years or _year(row) in ordinal_of:
                year = _year(row)
                ordinal = ordinal_of.get(year, 0)
            elif not row.published or row.type not in _RECURRING:
                only = years | {year_of.get(number, -number) for number in ordinals}
                like = any(other.company & row.company for other, edition in some if edition.year or edition.ordinal)
                if like and len(only) == 1 and (not ordinals or row.type in _RECURRING):
                    year, ordinal = max(years, default=0), max(ordinals, default=0)
        editions[(0, ordinal) if ordinal else (year, 0)].append(row)
    for _, bearers in sorted(editions.items()):
        for one, other in pairwise(sorted(bearers, key=lambda row: row.key)):
            same = plain(one.label) == plain(other.label)
            yield one.key, other.key, "same name" if same else "names of one event", 1.0 if same else 0.95


def _year(row: Event) -> int:
    """Return the year in which the article of a recurring event appeared, 0 for what happened once."""
    return int(row.published[:4]) if row.type in _RECURRING and row.published[:4].isdecimal() else 0


def _join_shorter(by_words: dict[tuple[str, ...], list[tuple[Event, Title]]], found: Found) -> None:
    """Join names with a word left out, and initials, to the only fuller name whose company they share."""
    fuller: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    by_initials: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words_, some in sorted(by_words.items()):
        for word in words_:
            fuller[word].append(words_)
        for initials in {said.initials for _, said in some if said.initials}:
            by_initials[initials.lower()].append(words_)
    for words_, some in sorted(by_words.items()):
        names: set[tuple[str, ...]] = set()
        if len(words_) == 1:
            names = set(by_initials.get(words_[0], ()))
        elif (own := set(words_) - _head_nouns()) and not own <= _GENERIC:
            least = min(sorted(own), key=lambda word: len(fuller[word]))
            names = {
                other
                for other in fuller[least][:_CROWD]
                if set(words_) < set(other)
                and _kind(words_) == _kind(other)
                and not set(other) - set(words_) <= _GENERIC
            }
        if len(names) == 1:
            targets = by_words[names.pop()]
            for row, said in some:
                found.joins += _join_to_fuller(row, said, targets)


def _join_to_fuller(row: Event, said: Title, targets: list[tuple[Event, Title]]) -> Iterator[Pair]:
    fitting = [
        (len(row.company & other.company), other)
        for other, fuller in targets
        if other.key[0] != row.key[0]
        and said.ordinal in (0, fuller.ordinal)
        and _agree(said.year or _year(row), fuller.year or _year(other))
    ]
    if fitting:
        shared, other = max(fitting, key=lambda pair: (pair[0], pair[1].key))
        if shared or (said.year and said.year == _year(other)):
            yield other.key, row.key, f"short for {other.label}, the only such name in the corpus", 0.75


def _agree(one: int, other: int) -> bool:
    return not (one and other) or one == other


# Reported events


def _told_keys(row: Event) -> Iterator[str]:
    """Yield what a row is compared by: what it is told as, with each who takes part."""
    for told in row.keys:
        for who in sorted(row.who):
            yield f"{told} {who}"


def join_reported(
    rows: list[Event],
    can_be_one: Callable[[Event, Event], bool],
    alike: float,
    keys: Callable[[Event], Iterable[str]],
) -> Iterator[Pair]:
    """Yield the pairs of rows that report one event: those of one key that are alike on average."""
    likeness = _Likeness(rows)
    blocks: dict[str, list[Event]] = defaultdict(list)
    for row in rows:
        for key in keys(row):
            blocks[key].append(row)
    told: set[tuple[Key, Key]] = set()
    for _, block in sorted(blocks.items()):
        if 1 < len(block) <= _CROWD:
            for group in _average_linkage(block, lambda a, b: likeness(a, b) if can_be_one(a, b) else -1.0, alike):
                for one, other in pairwise(group):
                    if (one.key, other.key) not in told:
                        told.add((one.key, other.key))
                        score = round(min(0.95, 0.6 + likeness(one, other) / 2), 2)
                        yield one.key, other.key, _why(one, other), score


def _why(one: Event, other: Event) -> str:
    parts = ["told with the same word" if not set(one.keys).isdisjoint(other.keys) else "told alike"]
    if one.who & other.who:
        parts.append("the same take part")
    if one.days and one.days == other.days:
        parts.append(f"both on {one.days}")
    if one.place and one.place == other.place:
        parts.append(f"both in {one.place.title()}")
    return ", ".join(parts)


class _Likeness:
    """How much of their company two rows share: a cosine, in which what few articles have counts more."""

    def __init__(self, rows: Iterable[Event]) -> None:
        company = {row.key[0]: row.company for row in rows}
        articles = Counter(feature for features in company.values() for feature in features)
        self.weight = {f: math.log((len(company) + 5) / (n + 1)) ** 2 for f, n in articles.items()}
        self.norm = {id_: math.sqrt(sum(self.weight[f] for f in features)) for id_, features in company.items()}

    def __call__(self, a: Event, b: Event) -> float:
        norm = self.norm[a.key[0]] * self.norm[b.key[0]]
        return sum(sorted(self.weight[f] for f in a.company & b.company)) / norm if norm else 0.0


def _can_be_one(a: Event, b: Event) -> bool:
    """Tell whether nothing speaks against two rows being one event, and enough of who, when and where for it."""
    if a.key[0] == b.key[0] or a.type != b.type or (a.place and b.place and a.place != b.place):
        return False
    apart = _days_apart(a, b)
    if apart is None or apart > _DAYS:
        return False
    known = bool(a.days and b.days) or bool(a.published and b.published)
    people = {id_ for id_ in a.who & b.who if id_.startswith("person/")}
    one, other = ({id_ for id_ in row.who if id_.startswith("person/")} for row in (a, b))
    if one and other and not (one <= other or other <= one):
        return False
    enough = len(a.who & b.who) >= _TOGETHER and bool(people or (a.place and a.place == b.place) or a.days)
    return enough and (known or len(people) >= 2 or bool(a.place and a.place == b.place))


def _days_apart(a: Event, b: Event) -> int | None:
    """Return how many days lie between two events as far as is known, None if their dates cannot both be true."""
    one, other = _span(a.days), _span(b.days)
    if one and other:
        return 0 if one[0] <= other[1] and other[0] <= one[1] else None
    first, second = _span(a.published), _span(b.published)
    return abs((first[0] - second[0]).days) if first and second else 0


@cache
def _span(days: str) -> tuple[date, date] | None:
    try:
        first, _, last = days.partition("/")
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None


def _average_linkage(rows: list[Event], like: Callable[[Event, Event], float], least: float) -> list[list[Event]]:
    """Put rows together, the most alike first, while groups are alike on average; each group in order of its keys."""
    rows = sorted(rows, key=lambda row: row.key)
    groups = {i: [row] for i, row in enumerate(rows)}
    between = {(i, j): like(rows[i], rows[j]) for i, j in combinations(range(len(rows)), 2)}
    while between:
        (i, j), most = max(between.items(), key=lambda pair: (pair[1], -pair[0][0], -pair[0][1]))
        if most < least:
            break
        size, other = len(groups[i]), len(groups[j])
        groups[i] += groups.pop(j)
        del between[i, j]
        for k in groups:
            if k != i:
                a, b = (min(i, k), max(i, k)), (min(j, k), max(j, k))
                between[a] = (size * between[a] + other * between.pop(b)) / (size + other)
    return [sorted(group, key=lambda row: row.key) for group in groups.values()]
