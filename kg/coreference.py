"""From the PERSON entities of one article to the persons they mean.

Full names come first: forms of one name ("George W. Bush", "George Bush") are one person. Each shorter form ("Lavrov",
"Xi", "Hakparn") then belongs to the full name it shortens; where several would do, to one that shares its title, else
to the one named last before it. A short form without a full name stays a person of its own.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy.tokens import Doc

from kg.gazetteers import words
from kg.model import Entity, Kind, Mention, slug
from kg.recognition.texts import text_of
from kg.recognition.word_classes import fold, folded

Name = tuple[str, ...]

_EDGE = ' \t\n\r\u00a0"“”«»,.;:()[]*-–—'
_POSSESSIVE = re.compile(r"['’]s?$")
_ABBREVIATED = re.compile(r"(?:\b\w|\b[JS]r)$")
_FIRST_WORD = re.compile(r"([\w’'.-]+)\s+(?=\S)")
_NICKNAME = re.compile(r"[\"“‘'][^\"”’']+[\"”’'](?=\s)")
_BETWEEN_WORDS = re.compile(r"\s+|(?<=\w\.)(?=\w{2})")
_ARTICLE = re.compile(r"^(?:al|el|ul|ad|as|an|ar|at|az|ash)-(?=\w{2})")
_SON_OF = frozenset(("bin", "ibn", "bint", "ben"))
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
# Titles that two people in one article may well share.
_COMMON_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "sir", "former", "deputy"))


# A word that more full names of one article share says nothing of who they are: a list of thousands is read in time.
_CROWD = 300


class Named(NamedTuple):
    """A mention of a person, with the words of the name as they are compared, and the titles before it."""

    start: int
    end: int
    text: str
    name: Name
    titles: frozenset[str]


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
            if name := name_words(text[start:end]):
                yield Named(start, end, text[start:end], name, titles)


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


def name_words(text: str) -> Name:
    """Return the words of a name as they are compared: no case, accents, nicknames, particles or suffixes.

    "bin Salman" is one word: Mohammed bin Salman is not called Salman.

    >>> name_words("José “Pepe” Mujica"), name_words("Fattah El-Sisi"), name_words("Mohammed bin Salman")
    (('jose', 'mujica'), ('fattah', 'sisi'), ('mohammed', 'bin salman'))
    """
    plain = fold(_NICKNAME.sub("", text).replace("’", "'"))
    found = [word.strip("\"'“‘,.") for word in _BETWEEN_WORDS.split(plain)]
    kept: list[str] = []
    for word in found:
        bare = _ARTICLE.sub("", word)
        if kept and kept[-1] in _SON_OF and bare:
            kept[-1] += f" {bare}"
        elif bare and (bare in _SON_OF or bare not in words("name_particles")) and bare not in _SUFFIXES:
            kept.append(bare)
    return tuple(kept) or tuple(word for word in found if word)


def _owners(mentions: list[Named], text: str) -> list[str]:
    """Return for each mention the key of the person it means."""
    key_of = _full_names({mention.name for mention in mentions if len(mention.name) > 1})
    full = _FullNames([mention for mention in mentions if mention.name in key_of], key_of)
    owners: list[str] = []
    for i, mention in enumerate(mentions):
        if mention.name in key_of:
            owners.append(key_of[mention.name])
        elif i and _is_rendering(text[mentions[i - 1].end : mention.start], mention.text):
            owners.append(owners[-1])
        else:
            owners.append(full.owner(mention) or mention.name[0])
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

    def __init__(self, mentions: Iterable[Named], key_of: dict[Name, str]) -> None:
        self.key_of = key_of
        self.by_word: dict[str, dict[int, list[Named]]] = defaultdict(lambda: defaultdict(list))
        self.titles: dict[str, frozenset[str]] = defaultdict(frozenset)
        for mention in mentions:
            self.titles[key_of[mention.name]] |= mention.titles
            for word, rank in short_forms(mention.name).items():
                self.by_word[word][rank].append(mention)

    def owner(self, short: Named) -> str | None:
        """Return the key of the person whom `short` means, None if it shortens no full name."""
        ranked = self.by_word.get(short.name[0])
        if not ranked:
            return None
        rivals = ranked[min(ranked)]
        if short.titles:
            rivals = [full for full in rivals if short.titles & self.titles[self.key_of[full.name]]] or rivals
        before = bisect_left(rivals, short.start, key=lambda full: full.start)
        return self.key_of[rivals[max(0, before - 1)].name]


def short_forms(name: Name) -> dict[str, int]:
    """Return the words that may stand alone for `name`, each with its rank: 0 the usual ones, 2 the least likely.

    >>> short_forms(("sergey", "lavrov")), short_forms(("xi", "jinping"))
    ({'lavrov': 0, 'sergey': 1}, {'jinping': 0, 'xi': 0})
    """
    ranks = {name[-1]: 0}
    ranks.setdefault(name[0], 0 if name[0] in folded("family_first_surnames") else 1)
    for word in name[1:-1]:
        ranks.setdefault(word, 1)
    for word in name:
        for part in word.split("-") if "-" in word else ():
            if len(part) > 2:
                ranks.setdefault(part, 2)
    return ranks


def _full_names(names: set[Name]) -> dict[Name, str]:
    """Return for each full name the key of its person: the longest name of which it is a form."""
    key_of: dict[Name, str] = {}
    by_word: dict[str, list[Name]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), -sum(map(len, name)), name)):
        others = (other for word in name for other in by_word[word] if len(by_word[word]) <= _CROWD)
        fuller = next((other for other in others if same_name(name, other)), None)
        key_of[name] = key_of[fuller] if fuller else " ".join(name)
        for word in name:
            by_word[word].append(name)
    return key_of


def same_name(short: Name, full: Name) -> bool:
    """Tell whether `short` is a form of `full`: in order with words left out or as initials, or turned round.

    >>> same_name(("george", "bush"), ("george", "w", "bush")), same_name(("yi", "wang"), ("wang", "yi"))
    (True, True)
    >>> same_name(("david", "chong"), ("maurice", "chong"))
    False
    """
    if sorted(short) == sorted(full) or "".join(short).replace("-", "") == "".join(full).replace("-", ""):
        return True
    rest = iter(full)
    if all(any(word == other or (len(word) == 1 and other.startswith(word)) for other in rest) for word in short):
        return True
    unlike = [(a, b) for a, b in zip(short, full, strict=False) if a != b]
    return len(short) == len(full) and len(unlike) == 1 and _one_letter_apart(*unlike[0])


def _one_letter_apart(a: str, b: str) -> bool:
    """Tell whether two long words are spellings of one: a letter after the first changed or left out."""
    a, b = sorted((a, b), key=len)
    if len(a) < 6 or a[0] != b[0] or len(b) - len(a) > 1:
        return False
    i = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return a[i + (len(a) == len(b)) :] == b[i + 1 :]
