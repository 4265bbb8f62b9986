"""Names of people as they are compared: without case, accents, titles or particles, in one spelling.

What makes two names one is told here; which mentions and which nodes are thereby one is settled by `kg.coreference`
in one article and by `kg.identity` across articles.
"""

import re
from functools import cache, lru_cache

from kg.gazetteers import table, words
from kg.recognition.word_classes import fold, folded

Name = tuple[str, ...]

_NICKNAME = re.compile(r"[\"“‘'(]([^\"”’'()]+)[\"”’')](?=\s)")
_BETWEEN_WORDS = re.compile(r"\s+|(?<=\w\.)(?=\w{2})")
_ARTICLE = re.compile(r"^(?:al|el|ul|ad|as|an|ar|at|az|ash)-(?=\w{2})")
_SON_OF = frozenset(("bin", "ibn", "bint", "ben"))
_NUMBER = re.compile(r"\s(?:(?i:jr|sr|junior|senior)\.?|I{1,3}|IV|VI{0,3}|IX|X[IVX]*)\Z")
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_REGNAL = re.compile(r"(?:i{1,3}|iv|vi{0,3}|ix|x[ivx]*)\Z")

# Spellings of one sound, in names from other scripts and other orthographies.
_SPELLINGS = tuple(
    (re.compile(pattern), usual)
    for pattern, usual in (
        (r"[-'’]", ""),
        (r"(?:[eiy]y|yy|i[jy]|ii|ei|y)\Z", "i"),
        (r"ou|oo", "u"),
        (r"ee", "i"),
        (r"[eao]y", "ai"),
        (r"ei", "ai"),
        (r"y", "i"),
        (r"ph", "f"),
        (r"tsch|tch|cz", "ch"),
        (r"sch", "sh"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"ue", "u"),
        (r"oe", "o"),
        (r"(.)\1", r"\1"),
    )
)


@lru_cache(maxsize=1 << 16)
def name_words(text: str) -> Name:
    """Return the words of a name as they are compared: no case, accents, nicknames, particles or suffixes.

    "bin Salman" is one word: Mohammed bin Salman is not called Salman.

    >>> name_words("José “Pepe” Mujica"), name_words("Fattah El-Sisi"), name_words("Mohammed bin Salman")
    (('jose', 'mujica'), ('fattah', 'sisi'), ('mohammed', 'bin salman'))
    """
    plain = fold(_NICKNAME.sub("", text).replace("’", "'"))
    found = [word.strip("\"'“‘,.()") for word in _BETWEEN_WORDS.split(plain)]
    kept: list[str] = []
    for word in found:
        bare = _ARTICLE.sub("", word)
        if kept and kept[-1] in _SON_OF and bare:
            kept[-1] += f" {bare}"
        elif bare and (bare in _SON_OF or bare not in words("name_particles")) and bare not in _SUFFIXES:
            kept.append(bare)
    return tuple(kept) or tuple(word for word in found if word)


@lru_cache(maxsize=1 << 16)
def number(text: str) -> str:
    """Return what tells the bearers of one name apart: "jr", "sr", or a number in Roman figures; "" if nothing does.

    >>> number("Robert F. Kennedy Jr."), number("Elizabeth II"), number("Malcolm X"), number("Xi")
    ('jr', 'ii', 'x', '')
    """
    found = _NUMBER.search(text.rstrip(" ,"))
    if not found:
        return ""
    word = found[0].strip(" .").lower()
    return {"junior": "jr", "senior": "sr"}.get(word, word)


def nickname(text: str) -> str:
    """Return the single word in quotes or brackets within a name, as it is compared.

    >>> nickname("José “Pepe” Mujica"), nickname("Fu Cong")
    ('pepe', '')
    """
    found = _NICKNAME.search(text)
    return fold(found[1].strip()) if found and " " not in found[1].strip() else ""


def is_full(name: Name, number_: str) -> bool:
    """Tell whether a name says who is meant by itself: two words, or one with the number of a ruler or a pope."""
    return len(name) > 1 or bool(_REGNAL.match(number_))


@lru_cache(maxsize=1 << 16)
def spelled(word: str) -> str:
    """Return the usual spelling of a word of a name, to be compared with others alone.

    >>> spelled("zelenskyy") == spelled("zelensky") == spelled("zelenskiy")
    True
    >>> spelled("mohamed"), spelled("lee"), spelled("li")
    ('muhamad', 'lee', 'li')
    """
    if " " in word:
        return " ".join(map(spelled, word.split()))
    word = _forms("spelling").get(word, word)
    if len(word) < 4:
        return word.replace("-", "")
    for pattern, usual in _SPELLINGS:
        word = pattern.sub(usual, word)
    return word


@lru_cache(maxsize=1 << 16)
def formal(word: str) -> str:
    """Return the given name in full for which `word` is short, in its usual spelling.

    >>> formal("bill"), formal("vladimir")
    ('wiliam', 'vladimir')
    """
    return spelled(_forms("short").get(word, word))


@cache
def _forms(relation: str) -> dict[str, str]:
    return {row["form"]: row["usual"] for row in table("name_spellings") if row["relation"] == relation}


@lru_cache(maxsize=1 << 16)
def spelled_name(name: Name) -> Name:
    return tuple(map(spelled, name))


def same_name(short: Name, full: Name) -> bool:
    """Tell whether `short` is a form of `full`: in order with words left out or as initials, or turned round.

    >>> same_name(("george", "bush"), ("george", "w", "bush")), same_name(("yi", "wang"), ("wang", "yi"))
    (True, True)
    >>> same_name(("david", "chong"), ("maurice", "chong")), same_name(("g", "w", "bush"), ("g", "h", "w", "bush"))
    (False, False)
    """
    if sorted(short) == sorted(full) or joined(short) == joined(full):
        return True
    if shortens(spelled_name(short), spelled_name(full)):
        return True
    if len(short) != len(full):
        return False
    if formal(short[0]) == formal(full[0]) and spelled_name(short[1:]) == spelled_name(full[1:]):
        return True
    unlike = [(a, b) for a, b in zip(short, full, strict=True) if a != b]
    return len(unlike) == 1 and one_letter_apart(*unlike[0])


def joined(name: Name) -> str:
    """Return the name as one word, in which "Jong Un", "Jong-un" and "Jongun" do not differ."""
    return "".join(name).replace("-", "")


def shortens(short: Name, full: Name) -> bool:
    """Tell whether the words of `short` stand in `full` in this order, as they are or as their initials.

    Initials after the first word must be the first ones there: "George W. Bush" is not George H. W. Bush.
    """
    rest = iter(full)
    if not all(any(word == other or (len(word) == 1 and other.startswith(word)) for other in rest) for word in short):
        return False
    middle = list(zip(short[1:-1], full[1:-1], strict=False))
    return all(len(a) > 1 or b.startswith(a) for a, b in middle)


def one_letter_apart(a: str, b: str) -> bool:
    """Tell whether two long words are spellings of one: a letter after the first changed or left out.

    A last letter that tells a man's name from a woman's does not count: "Daniel" is not Daniela.
    """
    a, b = sorted((a, b), key=lambda word: (len(word), word))
    if len(a) < 6 or a[0] != b[0] or len(b) - len(a) > 1:
        return False
    i = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if i >= len(b) - 1 and b[-1] in "aoe":
        return False
    return a[i + (len(a) == len(b)) :] == b[i + 1 :]


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
