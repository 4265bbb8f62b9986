"""The nouns: what flows from the files to the graph. Frozen values, nothing here computes anything of interest.

Offsets are code points into an article's text, the end exclusive.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    COUNTRY = "country"
    EVENT = "event"


# What an event can be.
EVENT_TYPES = (
    *("meeting", "call", "visit", "talks", "agreement", "conference", "conflict", "protest", "election", "sanction"),
    *("disaster", "justice", "sport", "culture", "personnel", "business", "campaign", "other"),
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an article was found: a file, named relative to the folder given, and the line it begins on, from 1."""

    file: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. `text` is kept as it was found; `published` is an ISO date or date-time, if known."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    found: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a user should know of an input: `skipped` if it could not be read, else it was read with a doubt.

    >>> print(Notice("news.jsonl:7", "not valid JSON (a comma is missing at column 12)", "mend the line and run again"))
    news.jsonl:7: not valid JSON (a comma is missing at column 12); skipped; mend the line and run again
    """

    where: str
    what: str
    remedy: str
    skipped: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {'skipped; ' if self.skipped else ''}{self.remedy}"


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A stretch of text that names an entity.

    `form` is set for countries (name, abbreviation, adjective, demonym, metonym or historical); `within_name` is True
    for a country named only inside the name of something else ("Bank of China").
    """

    start: int
    end: int
    text: str
    form: str | None = None
    within_name: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """Whom or what some mentions of one article mean. Fields below `mentions` belong to one kind each."""

    id: str
    kind: Kind
    label: str
    mentions: tuple[Mention, ...]
    iso: str | None = None
    type: str | None = None
    named: bool | None = None
    participants: tuple[str, ...] = ()
    place: str | None = None
    place_country: str | None = None
    when: str | None = None
    roles: tuple[tuple[str, str], ...] = ()
    modality: str | None = None
    cue: str | None = None
    date: str | None = None
    plover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What was extracted from one article.

    `sentences` are spans (start, end) of the text; `paragraphs` are the numbers of the sentences that begin one.
    """

    article: Article
    entities: tuple[Entity, ...]
    sentences: tuple[tuple[int, int], ...]
    paragraphs: tuple[int, ...]


# Accents of Latin, Greek and Cyrillic letters; the vowel signs of other scripts lie elsewhere and are kept.
_ACCENT = re.compile("[\u0300-\u036f]")
# Latin letters that Unicode does not decompose into a base letter and an accent, and other apostrophes.
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "’": "'", "ʼ": "'"})
_OTHER_THAN_WORD = re.compile(r"[^\w\u0900-\u0fff]+|_+")


def plain(text: str) -> str:
    """Return `text` in the form in which names are compared: lower case, accents dropped.

    >>> plain("Lü Xiang"), plain("ŁÓDŹ"), plain("Strauß"), plain("D’Souza")
    ('lu xiang', 'lodz', 'strauss', "d'souza")
    """
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFC", _ACCENT.sub("", letters))


def slug(text: str) -> str:
    """Return the part of an id that `text` gives: its letters and digits, compared as names are, joined by hyphens.

    >>> slug("Robert F. Kennedy, Jr."), slug("N’Golo Kanté"), slug("林智堅")
    ('robert-f-kennedy-jr', 'n-golo-kante', '林智堅')
    """
    return _OTHER_THAN_WORD.sub("-", plain(text)).strip("-") or "unnamed"
