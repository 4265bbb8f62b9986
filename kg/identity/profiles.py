"""From a record to its profile: what identity is told from of one article, without the text.

The company of a person is what stands near: countries named in the same sentences, other people named in full in the
article, the titles beside the name. Each is a feature, a short string; two people who share rare ones are more likely
to be one.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from sys import intern
from typing import Any, NamedTuple

from kg.event_groups import stem
from kg.gazetteers import table, words
from kg.model import Entity, Kind, Record, plain
from kg.names import Name, is_full, name_words, number, spelled_name

Key = tuple[str, str]  # the id of an article, and that of an entity in it
Words = tuple[str, ...]

# Mentions whose surroundings are looked at, and how far.
_LOOKED_AT = 4
_REACH = 60
_WORD = re.compile(r"[\w’'-]+")
_CLAUSE = re.compile(r"[.;:!?\n(]")
_IS_A = re.compile(r" (?:is|was|became|,)? ?(?:a|an|the) ")
_OF_NAME = re.compile(r"\w[\w’'.&-]*")
# Words of a name of an event that say nothing.
LINKS = frozenset(("of", "the", "in", "on", "and", "for", "a", "an", "to", "at", "de", "la"))


class Person(NamedTuple):
    """A person of one article, by name and company. `year` is that of the article, 0 if it has no date."""

    key: Key
    label: str
    mentions: int
    name: Name
    number: str
    countries: Words
    people: Words
    titles: Words
    year: int

    @property
    def fields(self) -> frozenset[str]:
        """What somebody with these titles does."""
        return frozenset(_fields()[title] for title in self.titles if title in _fields())


class Country(NamedTuple):
    """A country of one article."""

    key: Key
    label: str
    mentions: int


class Told(NamedTuple):
    """An event of one article: `keys` are the nouns and verbs for it, `who` takes part, by id.

    `days` is when it was, first and last ISO day, "" where unknown.
    """

    key: Key
    label: str
    mentions: int
    named: bool
    type: str
    keys: Words
    who: Words
    place: str
    days: str


class Profile(NamedTuple):
    """What identity is told from of one article; `published` is its day, "" where unknown."""

    article: str
    published: str
    people: tuple[Person, ...]
    countries: tuple[Country, ...]
    events: tuple[Told, ...]

    @property
    def rows(self) -> Iterator[Person | Country | Told]:
        """All entities, by kind."""
        yield from self.people
        yield from self.countries
        yield from self.events


def profile_of(record: Record) -> Profile:
    """Return the profile of a record. Equal strings are one, so that the profiles of many records take little room."""
    article = intern(record.article.id)
    return Profile(
        article,
        intern((record.article.published or "")[:10]),
        tuple(_people(record, article)),
        tuple(
            Country((article, intern(entity.id)), intern(entity.label), len(entity.mentions))
            for entity in record.entities
            if entity.kind is Kind.COUNTRY
        ),
        tuple(_told(entity, article) for entity in record.entities if entity.kind is Kind.EVENT),
    )


def to_json(profile: Profile) -> str:
    """Return a profile as text, from which `from_json` makes it again."""
    return json.dumps(profile, ensure_ascii=False)


def from_json(text: str) -> Profile:
    """Return the profile that a text is of.

    >>> profile = Profile("a", "2025-01-02", (), (Country(("a", "country/PE"), "Peru", 2),), ())
    >>> from_json(to_json(profile)) == profile
    True
    """
    article, published, people, countries, events = json.loads(text)
    id = intern(article)
    return Profile(
        id,
        intern(published),
        tuple(Person((id, intern(key[1])), intern(label), *map(_frozen, row)) for key, label, *row in people),
        tuple(Country((id, intern(key[1])), intern(label), mentions) for key, label, mentions in countries),
        tuple(Told((id, intern(key[1])), label, *map(_frozen, row)) for key, label, *row in events),
    )


def _frozen(value: Any) -> Any:
    return _interned(value) if isinstance(value, list) else intern(value) if isinstance(value, str) else value


def _interned(values: Iterable[str]) -> Words:
    return tuple(map(intern, values))


# People


def _people(record: Record, article: str) -> Iterator[Person]:
    people = [entity for entity in record.entities if entity.kind is Kind.PERSON]
    if not people:
        return
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
    others = set(filter(None, full))
    year = (record.article.published or "")[:4]
    for entity, (name, number_), own in zip(people, names, full, strict=True):
        sentences = {bisect_right(starts, mention.start) for mention in entity.mentions}
        near = set().union(*(countries_in.get(sentence, ()) for sentence in sentences))
        yield Person(
            (article, intern(entity.id)),
            intern(entity.label),
            len(entity.mentions),
            _interned(name),
            number_,
            _interned(sorted(near or everywhere)),
            _interned(sorted(others - {own})),
            _interned(sorted(_titles(record.article.text, entity))),
            int(year) if year.isdecimal() else 0,
        )


def person_feature(name: Name, number_: str) -> str:
    """Return the feature of the company of one named so: the first and the last word in their usual spelling."""
    usual = spelled_name(name)
    return f"{usual[0]} {usual[-1]} {number_}".strip()


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
def _fields() -> dict[str, str]:
    return {row["word"]: row["field"] for row in table("fields")}


@cache
def _telling_titles() -> frozenset[str]:
    return (words("titles") | _fields().keys()) - _EMPTY


# Titles that say too little of who somebody is.
_EMPTY = frozenset(
    (
        *("former", "late", "deputy", "mr", "mrs", "ms", "miss", "dr", "sir", "his", "her", "general", "chief", "vice"),
        *("first", "fellow", "official", "member", "prime", "major", "son", "father", "wife", "brother", "sister"),
        *("star", "opponent", "rival", "successor", "predecessor", "daughter", "uncle", "cousin", "interim"),
        "presidential",
    )
)


# Events


def _told(entity: Entity, article: str) -> Told:
    return Told(
        (article, intern(entity.id)),
        entity.label,
        len(entity.mentions),
        bool(entity.named),
        intern(entity.type or "other"),
        _interned(sorted(set(_keys(entity)))),
        _interned(entity.participants),
        intern(plain(entity.place or "")),
        intern(entity.date or ""),
    )


def _keys(entity: Entity) -> Iterator[str]:
    for mention in entity.mentions:
        found = [word for word in _OF_NAME.findall(mention.text.lower()) if word not in LINKS]
        if found and found[-1] not in words("light_verbs"):
            yield stem(found[-1])
