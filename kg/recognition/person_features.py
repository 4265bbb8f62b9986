"""From a name and its surroundings in an article to what speaks for its being a person's, as weighed features.

The weights are the table person_weights.tsv; each feature's name there says what it means.
"""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache

from kg.gazetteers import table, words
from kg.recognition.word_classes import Letters, fold, folded, seen

Features = dict[str, float]

_NUMBER = re.compile(r"[,(]0[,).]")
_ROLE = re.compile(r",?[hl]?[lUBTHGAN-]{0,5}")
_ARABIC = frozenset(("al", "el", "bin", "ibn", "bint", "ben", "abu", "abou", "abdel", "abdul"))
_ARTICLE = re.compile(r"^(?:al|el|ul|ad|as|an|ar|at|az|ash|bin|ben)-")
_VOWEL = re.compile("[aeiouy]")
# One syllable of a Chinese or Korean name in Latin letters.
_SYLLABLE = (
    r"(?:zh|ch|sh|ts|tz|hs|kk|tt|pp|ss|jj|[bpmfdtnlgkhjqxrzcsyw])?'?"
    r"(?:i?a(?:ng|n|o|i|k|p|m|l|e)?|u?ai|y?eo(?:ng|n|l|m|k|p)?|eu(?:ng|n|l|m|k)?|ae(?:ng|k)?|i?e(?:ng|n|i|h|r|k|e)?"
    r"|ui|ue[nhk]?|ua(?:ng|n|i|k)?|u(?:ng|n|o|i|k|l|m|e)?|oo(?:ng|n|k)?|i?o(?:ng|n|u|k|m|h|l|on)?"
    r"|i(?:ng|n|u|h|k|m|l|p)?|w?on|jih|tzu|szu)"
)
SYLLABLES = re.compile(rf"{_SYLLABLE}(?:[- ]?{_SYLLABLE}){{0,2}}")
_IN = frozenset(("in", "at", "from", "near", "across"))
_WITH = frozenset(("to", "with", "by", "between", "against", "like", "than", "alongside", "under"))


@cache
def _weights() -> dict[str, Features]:
    rows = table("person_weights")
    return {kind: {row["feature"]: float(row[kind]) for row in rows} for kind in ("full", "single")}


def score(features: Features, kind: str) -> float:
    """Add up the weights of `features` for a name of several words ("full") or one ("single"); a person is above 0."""
    known = _weights()[kind]
    return known["always"] + sum(known.get(feature, 0.0) * value for feature, value in features.items())


def against(features: Features, kind: str) -> list[str]:
    """List what speaks most against a person among `features`, at most two of them, the most telling first."""
    known = _weights()[kind]
    values = sorted((known.get(feature, 0.0) * value, feature) for feature, value in features.items())
    return [feature for value, feature in values[:2] if value < -0.05]


@lru_cache(maxsize=1 << 14)
def odds(word: str) -> float:
    """Return how much more often `word` was seen in persons' names than elsewhere, as a logarithm of base 2."""
    counts = [seen().get(part, (0, 0)) for part in {word, *word.split("-")}]
    return max(max(-4.0, min(4.0, math.log2((person + 0.3) / (elsewhere + 0.3)))) for person, elsewhere in counts)


def shape(name: Sequence[str], run: str) -> Features:
    """Return the features of a name, given as its words, in itself; `run` is its letters."""
    cores = _cores(name)
    common, first, last = words("common_words"), cores[0], cores[-1]
    arabic = any(word.split("-")[0] in _ARABIC for word in name)
    values = [odds(word) for word in cores]
    return {
        "first word is a given name": _listed(first, "given_names"),
        "first word is a surname": _listed(first, "surnames"),
        "last word is a surname": _listed(last, "surnames"),
        "last word is a given name": _listed(last, "given_names"),
        "no word is in the lists": not any(_listed(w, "given_names") or _listed(w, "surnames") for w in cores),
        "first word is an ordinary word": first in common,
        "last word is an ordinary word": last in common,
        "a word is a city": any(word.capitalize() in words("cities") for word in cores),
        "family name first": _is_family_first(cores),
        "initial": "I" in run,
        "Arabic particle": arabic,
        "other particle": not arabic and ("P" in run or "p" in run),
        "nickname in quotes": "q" in run,
        "hyphen": "-" in run,
        "three words": len(cores) == 3,
        "four words or more": len(cores) > 3,
        "seen as a person, mean": sum(values) / len(values),
        "seen as a person, least": min(values),
    }


def _cores(name: Sequence[str]) -> list[str]:
    """Return the words of `name` as lists have them: without particles, initials, quotes and suffixes."""
    cores = []
    for word in name:
        bare = _ARTICLE.sub("", word.strip("\"'“”‘’.,").rsplit(".", 1)[-1])
        initials = len(bare) < 3 and not _VOWEL.search(bare)
        if len(bare) > 1 and not initials and bare not in words("name_particles"):
            cores.append(bare)
    return cores or [name[-1]]


def _listed(word: str, names: str) -> bool:
    known = folded(names)
    return word in known or any(part in known for part in word.split("-") if len(part) > 1)


def _is_family_first(cores: list[str]) -> bool:
    """Tell whether the words are a Chinese, Korean or Vietnamese family name and a given name of some syllables."""
    family = len(cores) in (2, 3) and cores[0] in folded("family_first_surnames")
    return family and SYLLABLES.fullmatch(" ".join(cores[1:])) is not None


def context(text: Letters, places: Sequence[tuple[int, int]]) -> Features:
    """Return the features of what stands around a name, which is at these letters: 1 if any does, or the share."""
    anywhere: Features = {"more than once": len(places) > 1}
    shares: Features = defaultdict(float)
    for left, right in places:
        for feature in _before(text, left):
            shares[feature] += 1
        for feature in _after(text, left, right):
            shares[feature] += 1
    for feature, count in shares.items():
        anywhere[feature] = 1 if feature in _DECISIVE else count / len(places)
    return anywhere


# Features that count in full if they hold of one place.
_DECISIVE = frozenset(
    (
        *("title before", "role before", "role and comma before", "role after", "verb before", "verb after"),
        *("age after", "year after", "Chinese characters after"),
    )
)


@cache
def _roles() -> frozenset[str]:
    return words("titles") | words("roles")


def _before(text: Letters, left: int) -> list[str]:
    letter, word = text.string[left - 1], text.text(left - 1)
    if letter == "T":
        return ["title before"]
    if letter == "|":
        return ["starts the sentence"]
    if letter == "q":
        return ["starts the sentence"] if text.string[left - 2] == "|" else []
    if letter == ",":
        return ["role and comma before"] if text.text(left - 2).lower() in _roles() else []
    if letter == "o":
        return ["of or for before"]
    if letter in "BUHLGAEN":
        return ["capital before"]
    if letter != "l":
        return []
    if word in _roles():
        return ["role before"]
    kinds = {"verb before": words("speech_verbs"), "in, at or from before": _IN, "to, with or by before": _WITH}
    kinds["a kind of thing before"] = words("kinds_of_things")
    return [feature for feature, known in kinds.items() if word in known]


def _after(text: Letters, left: int, right: int) -> list[str]:
    before, letter, word = text.string[left - 1], text.string[right : right + 1] or "|", text.text(right)
    found = []
    ruling = letter == "l" and word in words("kinds_of_rule")
    if before == "h":
        found.append("administration after" if ruling else "the before")
    if before in ",a" and letter in ",a.)":
        found.append("between commas")
    if before == letter == "q":
        found.append("between quotes")
    if before == "|" and letter in ":,(-x" and text.text(left).isupper():
        found.append("dateline")
    if letter in "BHLGATE":
        found.append("capital after")
    elif letter == "0":
        found.append("number after")
    elif letter == "s":
        found.append("'s after")
    elif letter == "l":
        found.append("ordinary word after")
        found += ["verb after"] * (word in words("speech_verbs"))
        found += ["a kind of thing after"] * (word in words("kinds_of_things"))
    elif letter in ",(":
        found += _after_comma(text, right)
    return found


def _after_comma(text: Letters, right: int) -> list[str]:
    found = []
    if _NUMBER.match(text.string, right):
        found.append("age after" if len(text.text(right + 1)) < 3 else "year after")
    if is_chinese(text, right + 1):
        found.append("Chinese characters after")
    role = _ROLE.match(text.string, right)
    if role and any(fold(text.text(i)) in _roles() for i in range(right + 1, role.end())):
        found.append("role after")
    return found


def is_chinese(text: Letters, i: int) -> bool:
    """Tell whether letter `i` stands for a name in Chinese characters, in brackets: "Lin Chih-chien (林智堅)"."""
    word = text.text(i)
    enclosed = text.text(i - 1) == "(" and text.text(i + 1) == ")"
    return enclosed and 0 < len(word) < 5 and all("\u4e00" <= c <= "\u9fff" for c in word)
