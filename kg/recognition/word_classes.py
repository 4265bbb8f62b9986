"""From a document to a string of one letter a token, so that names can be found by regular expressions over it.

Upper-case letters stand for capitalised words by what our lists know of them, lower-case ones for what connects them:

    N  may be part of a person's name       B  an ordinary word with a capital     U  never part of a name ("The")
    H  ends or opens an organisation's name L  ends or opens a place's name        G  a country or its people
    T  a title or office                    A  an acronym                          I  an initial ("J.", "JD")
    P  a particle ("Al", "Bin")             R  a suffix ("Jr.", "III")             p  a particle ("van", "al")
    o  of, for     h  the     a  and, &     -  a hyphen between two words          s  's      q  a quotation mark
    l  a word in lower case                 0  a number     , ( ) . ; :  themselves           x  all else
    |  the start of a sentence (no token)   E  an entity that is known already (set by later steps)
"""

import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from spacy.tokens import Doc

from kg.gazetteers import table, words
from kg.model import plain
from kg.recognition.texts import words_of

_QUOTES = frozenset(("'", '"', "“", "”", "‘", "’", "«", "»", "`", "''", "``"))
_FIXED = dict(zip(",().;:", ",().;:", strict=True))
_FIXED |= {"&": "a", "and": "a", "of": "o", "for": "o", "the": "h", "'s": "s", "’s": "s", "'S": "s", "’S": "s"}
_HYPHENS = frozenset(("-", "‐", "‑"))
_SUFFIXES = frozenset(
    ("Jr.", "Jr", "JR", "Sr.", "Sr", "II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII", "XIV", "XVI")
)


class Letters(NamedTuple):
    """The string of a document, for each letter the index of its token (of the next one, for "|"), and the tokens."""

    string: str
    at: list[int]
    texts: list[str]

    def text(self, i: int) -> str:
        """Return the text of the token that letter `i` stands for; empty for "|" and beyond the ends."""
        return self.texts[self.at[i]] if 0 <= i < len(self.string) and self.string[i] != "|" else ""

    def folded(self, i: int) -> str:
        """Return the text of the token that letter `i` stands for, without case and accents."""
        return fold(self.text(i))

    def span(self, left: int, right: int) -> tuple[int, int]:
        """Return the tokens, end exclusive, of the letters from `left` up to `right`."""
        return self.at[left], self.at[right - 1] + 1


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return `text` without case and accents, as names are looked up.

    >>> fold("Lü"), fold("D’Souza"), fold("Kılıçdaroğlu")
    ('lu', "d'souza", 'kilicdaroglu')
    """
    return plain(text)


@cache
def folded(name: str) -> frozenset[str]:
    """Return the word list `name` as `fold` gives it."""
    return frozenset(map(fold, words(name)))


@cache
def seen() -> dict[str, tuple[int, int]]:
    """Return of each word of name_words.tsv how often it was seen in persons' names and elsewhere."""
    return {row["word"]: (int(row["person"]), int(row["elsewhere"])) for row in table("name_words")}


def is_name_word(word: str) -> bool:
    """Tell whether the folded `word` is known as a given name or surname, or was seen as one."""
    return word in folded("given_names") or word in folded("surnames") or seen().get(word, (0, 0))[0] > 0


@cache
def heads() -> dict[str, dict[str, str]]:
    """Return the rows of name_heads.tsv by their word."""
    return {row["word"]: row for row in table("name_heads")}


def head_of(text: str) -> dict[str, str] | None:
    """Return the row of the head noun `text`, with or without a full stop at its end."""
    return heads().get(text) or heads().get(text.removesuffix("."))


@cache
def country_words() -> frozenset[str]:
    """Return the single words that name a country or its people."""
    rows = table("country_names")
    return frozenset(row["form"] for row in rows if " " not in row["form"] and row["kind"] != "metonym")


@cache
def country_phrases() -> dict[str, list[tuple[str, ...]]]:
    """Return the names of countries of several capitalised words by the first of them, longest first."""
    phrases = {tuple(row["form"].split()) for row in table("country_names") if " " in row["form"]}
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        if all(word[0].isupper() for word in phrase):
            found.setdefault(phrase[0], []).append(phrase)
    return found


def letters(doc: Doc) -> Letters:
    """Return the letters of `doc`, the document that is being read."""
    return _letters(doc, len(doc))  # another number if tokens were merged since


@lru_cache(maxsize=1)
def _letters(doc: Doc, length: int) -> Letters:
    string: list[str] = []
    at: list[int] = []
    texts = words_of(doc)
    spaced = [bool(token.whitespace_) for token in doc]
    starts = {sentence.start for sentence in doc.sents} if doc.has_annotation("SENT_START") else {0}
    for i, text in enumerate(texts):
        if i in starts:
            string.append("|")
            at.append(i)
        letter = letter_of(text)
        if letter == "A":
            letter = _acronym_or_name(texts, i)
        elif text in _HYPHENS and 0 < i < len(texts) - 1 and not spaced[i - 1]:
            # "Al- Shammari" is a slip of the pen; elsewhere a space makes a dash.
            letter = "-" if not spaced[i] or string[-1] == "P" else "x"
        string.append(letter)
        at.append(i)
    _mark_countries(texts, string, at)
    return Letters("".join(string), at, texts)


def _acronym_or_name(texts: list[str], i: int) -> str:
    """Return the letter of a word in capitals: in a line of such words it is read as if it had one, before a name
    two of them are initials ("JD Vance").
    """
    shouted = [text for text in texts[max(0, i - 2) : i + 3] if len(text) > 1 and text.isupper() and text.isalpha()]
    if len(shouted) > 2 and len(texts[i]) > 1:
        return letter_of(texts[i].capitalize())
    if (
        len(texts[i]) == 2
        and texts[i] not in words("acronyms")
        and letter_of("".join(texts[i + 1 : i + 2])) in ("N", "P")
    ):
        return "I"
    return "A"


def _mark_countries(texts: list[str], string: list[str], at: list[int]) -> None:
    """Set the letters of countries of several words ("Sri Lankan") to G."""
    known = country_phrases()
    for k, i in enumerate(at):
        for phrase in known.get(texts[i], ()) if string[k] != "|" else ():
            if tuple(texts[i : i + len(phrase)]) == phrase and "|" not in string[k : k + len(phrase)]:
                string[k : k + len(phrase)] = "G" * len(phrase)
                break


@lru_cache(maxsize=1 << 16)
def letter_of(text: str) -> str:
    """Return the letter for one token's text, apart from its neighbours.

    >>> "".join(map(letter_of, "The Russian Foreign Minister Sergey Lavrov met J. van Houten of NATO".split()))
    'UGBTNNlIpNoA'
    """
    if letter := _FIXED.get(text):
        return letter
    if not text[:1].isalpha():
        return "0" if text[:1].isdigit() else "q" if text in _QUOTES else "x"
    if not text[0].isupper():
        return "p" if fold(text) in words("name_particles") else "l"
    if "LATIN" not in unicodedata.name(text[0], "") or any(c.isdigit() for c in text):
        return "x"
    if text in _SUFFIXES:
        return "R"
    return "I" if _is_initial(text) else _capitalised(text, fold(text))


def _is_initial(text: str) -> bool:
    if len(text.removesuffix(".")) == 1:
        return text != "I"
    plain = text.replace(".", "")
    known = text in country_words() or text in words("title_acronyms")
    return "." in text and plain.isupper() and len(plain) <= 3 and not known


def _capitalised(text: str, low: str) -> str:
    head = head_of(text)
    bare = low.removesuffix(".")
    if text in country_words() or text.removesuffix(".") in country_words():
        return "G"
    if text in words("title_acronyms"):
        return "T"
    if text.isupper() and len(text) > 1:
        known = len(text) > 3 and is_name_word(low) and low not in words("common_words") and not _mostly_elsewhere(low)
        return "N" if known else "H" if head and head["position"] == "last" else "A"
    if low in words("never_names"):
        return "U"
    if bare in words("titles") or bare.removesuffix("s") in words("titles"):
        return "T"
    if head:
        return "H" if head["label"] in ("ORG", "LAW", "WORK_OF_ART") else "L"
    if low in words("name_particles"):
        return "P"
    ordinary = low in words("common_words") and text.isascii()
    return "B" if ordinary and (_mostly_elsewhere(low) or not is_name_word(low)) else "N"


def _mostly_elsewhere(low: str) -> bool:
    person, elsewhere = seen().get(low, (0, 0))
    return elsewhere > 3 * person + 1
