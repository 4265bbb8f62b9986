"""From the PERSON entities of one article to the persons they mean.

Full names come first: forms of one name ("George W. Bush", "George Bush") are one person. Each shorter form ("Lavrov",
"Xi", "Hakparn") then belongs to the full name it shortens; where several would do, to one that shares its title, else
to one that is not brought in as a relative ("his son Hunter Biden"), else to the one named last before it. A short form
without a full name stays a person of its own.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from kg.gazetteers import words
from kg.model import Entity, Kind, Mention, slug
from kg.names import Name, is_full, joined, name_words, nickname, number, same_name, short_forms
from kg.recognition.texts import text_of

_EDGE = ' \t\n\r\u00a0"“”«»,.;:()[]*-–—'
_POSSESSIVE = re.compile(r"['’]s?$")
_ABBREVIATED = re.compile(r"(?:\b\w|\b[JS]r)$")
_FIRST_WORD = re.compile(r"([\w’'.-]+)\s+(?=\S)")
# Titles that two people in one article may well share.
_COMMON_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "sir", "former", "deputy"))


# A word that more full names of one article share says nothing of who they are: a list of thousands is read in time.
_CROWD = 300


# What a person is called who comes in beside another one of the family.
_KIN = frozenset(
    (
        *("son", "daughter", "wife", "husband", "brother", "sister", "father", "mother", "widow", "widower", "twin"),
        *("grandson", "granddaughter", "grandfather", "grandmother", "nephew", "niece", "uncle", "aunt", "cousin"),
        *("stepson", "stepdaughter", "sons", "daughters", "brothers", "sisters", "parents"),
    )
)
# In an article that says one of these, a name with "Jr." and the name without it are two people.
_GENERATIONS = re.compile(r"\b(?:father|son|dad|elder|grandfather|grandson|namesake|dynasty|late dictator)\b")

Full = tuple[Name, str]  # the words of a full name, and the number after it


class Named(NamedTuple):
    """A mention of a person: the words of the name as they are compared, the number after it, the titles before it.

    `kin` tells whether it is brought in as a relative of someone.
    """

    start: int
    end: int
    text: str
    name: Name
    number: str
    titles: frozenset[str]
    kin: bool

    @property
    def full(self) -> Full:
        return self.name, self.number


def people(doc: Doc) -> list[Entity]:
    """Return the persons of `doc` in the order of their first mentions, the mentions of each in reading order.

    A person's label is the fullest form of the name, without title. Two persons of one name are one entity.
    """
    text = text_of(doc)
    mentions = sorted(_named(doc, text), key=lambda mention: mention.start)
    groups: dict[str, list[Named]] = defaultdict(list)
    for mention, owner in zip(mentions, _owners(mentions, text), strict=True):
        groups[owner].append(mention)
    entities: dict[str, list[Named]] = defaultdict(list)
    for group in groups.values():
        entities[slug(_label(group))].extend(group)
    return [_entity(key, sorted(group, key=lambda mention: mention.start)) for key, group in entities.items()]


def _entity(key: str, group: list[Named]) -> Entity:
    mentions = tuple(Mention(mention.start, mention.end, mention.text) for mention in group)
    return Entity(f"person/{key}", Kind.PERSON, _label(group), mentions)


def _label(group: list[Named]) -> str:
    """Return the fullest form: most words, then not in capitals, then longest, then first."""
    best = min(group, key=lambda m: (-len(m.text.split()), m.text.isupper(), -len(m.text), m.start))
    return " ".join(best.text.split())


def _named(doc: Doc, text: str) -> Iterator[Named]:
    """Yield the PERSON entities of `doc`, trimmed to the bare name."""
    for entity in doc.ents:
        if entity.label_ == "PERSON":
            start, end = trim(text, entity.start_char, entity.end_char)
            before = [token.lower_ for token in doc[max(0, entity.start - 4) : entity.start]]
            before += text[entity.start_char : start].lower().split()
            titles = frozenset(word.rstrip(".") for word in before) & words("titles") - _COMMON_TITLES
            named = text[start:end]
            if name := name_words(named):
                beside = next((word for word in reversed(before) if word not in ',“"'), "")
                yield Named(start, end, named, name, number(named), titles, beside in _KIN)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the name in `text[start:end]`, without titles before it and "'s" or punctuation after it.

    >>> text = "met President Joe Biden's aides"
    >>> text[slice(*trim(text, 4, 25))]
    'Joe Biden'
    """
    while True:
        piece = text[start:end]
        bare = piece.strip(_EDGE)
        start += len(piece) - len(piece.lstrip(_EDGE)) if bare else len(piece)
        if _ABBREVIATED.search(bare) and text.startswith(".", start + len(bare)) and start + len(bare) < end:
            bare += "."
        bare = _POSSESSIVE.sub("", bare)
        first = _FIRST_WORD.match(bare)
        if first and first[1].rstrip(".").lower() in words("titles"):
            bare = bare[first.end() :]
            start += first.end()
        end = start + len(bare)
        if bare == piece or not bare:
            return start, end


def _owners(mentions: list[Named], text: str) -> list[str]:
    """Return for each mention the key of the person it means."""
    keys_of = _full_names(mentions, text)
    full = _FullNames([mention for mention in mentions if len(keys_of.get(mention.full, ())) == 1], keys_of)
    owners: list[str] = []
    for i, mention in enumerate(mentions):
        keys = keys_of.get(mention.full, ())
        if len(keys) == 1:
            owners.append(keys[0])
        elif i and _is_rendering(text[mentions[i - 1].end : mention.start], mention.text):
            owners.append(owners[-1])
        else:
            owners.append(full.owner(mention, keys) or mention.name[0])
    rendered = {m.text: owner for m, owner in zip(mentions, owners, strict=True) if not _is_latin(m.text)}
    for mention, owner in zip(reversed(mentions), reversed(owners), strict=True):
        if not _is_latin(mention.text) and owner != mention.name[0]:
            rendered[mention.text] = owner
    return [rendered.get(mention.text, owner) for mention, owner in zip(mentions, owners, strict=True)]


def _is_rendering(between: str, text: str) -> bool:
    """Tell whether `text` is the name before it in another script, in brackets: "Lin Chih-chien (林智堅)"."""
    return between.strip() in ("(", "（") and not _is_latin(text)


def _is_latin(text: str) -> bool:
    return text[:1] < "\u2e80"


class _FullNames:
    """The mentions of full names of one article, by their words, to find whom a short form means."""

    def __init__(self, mentions: Iterable[Named], keys_of: Mapping[Full, Sequence[str]]) -> None:
        self.keys_of = keys_of
        self.by_word: dict[str, dict[int, list[Named]]] = defaultdict(lambda: defaultdict(list))
        self.by_key: dict[str, list[Named]] = defaultdict(list)
        self.titles: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.kin: dict[str, bool] = {}
        for mention in mentions:
            key = self._key(mention)
            self.titles[key] |= mention.titles
            self.kin.setdefault(key, mention.kin)
            self.by_key[key].append(mention)
            for word, rank in (short_forms(mention.name) | _nickname_forms(mention)).items():
                self.by_word[word][rank].append(mention)

    def _key(self, full: Named) -> str:
        return self.keys_of[full.full][0]

    def owner(self, short: Named, keys: Sequence[str] = ()) -> str | None:
        """Return the key of the person whom `short` means, one of `keys` if it is a form of these names, else None."""
        if keys:
            rivals = sorted((full for key in keys for full in self.by_key[key]), key=lambda full: full.start)
        else:
            ranked = self.by_word.get(short.name[0]) or self.by_word.get(joined(short.name))
            if not ranked:
                return None
            rivals = ranked[min(ranked)]
        same_title = [full for full in rivals if short.titles & self.titles[self._key(full)]]
        rivals = same_title or [full for full in rivals if not self.kin[self._key(full)]] or rivals
        before = bisect_left(rivals, short.start, key=lambda full: full.start)
        return self._key(rivals[max(0, before - 1)])


def _nickname_forms(mention: Named) -> dict[str, int]:
    return {word: 1} if (word := nickname(mention.text)) else {}


def _full_names(mentions: Iterable[Named], text: str) -> dict[Full, tuple[str, ...]]:
    """Return for each full name the key of its person: the longest name of which it is a form.

    Several keys where it is a form of the names of several people.
    """
    texts = {mention.full: mention.text for mention in mentions if is_full(mention.name, mention.number)}
    nicknamed: dict[Name, Full] = {
        (nick, full[0][-1]): full for full, text in texts.items() if (nick := nickname(text))
    }
    generations = any(suffix in ("jr", "sr") for _, suffix in texts) and _GENERATIONS.search(text) is not None
    keys_of: dict[Full, tuple[str, ...]] = {}
    by_word: dict[str, list[Full]] = defaultdict(list)
    for full in sorted(texts, key=lambda full: (-len(full[0]), -sum(map(len, full[0])), -len(full[1]), full)):
        name, suffix = full
        others = dict.fromkeys(other for word in name for other in by_word[word] if len(by_word[word]) <= _CROWD)
        fuller = [
            other
            for other in others
            if _numbers_agree(suffix, other[1], generations)
            and (same_name(name, other[0]) or nicknamed.get(name) == other)
        ]
        keys = sorted({key for other in fuller for key in keys_of[other]})
        keys_of[full] = tuple(keys) or (" ".join((*name, suffix)).strip(),)
        for word in name:
            by_word[word].append(full)
    return keys_of


def _numbers_agree(one: str, other: str, generations: bool) -> bool:
    """Tell whether bearers of one name with these numbers can be one; with `generations`, "Jr." counts if left out."""
    return one == other or (not generations and not (one and other))
