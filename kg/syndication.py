"""From the texts of articles to which of them are copies: the same story of an agency on forty sites is one witness.

Two articles are copies if most of their runs of three words are the same. That is told from their MinHash signatures
(A. Broder, "On the resemblance and containment of documents", 1997): the share of places in which two signatures agree
is about the share of the runs that two texts have in common. Only articles that agree in a whole band are compared.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from kg.identity.components import components
from kg.model import Article

# Half of a copy may not be new, and a shorter text says too little to be known as one.
SAME, SHORTEST = 0.7, 25

# The length of a run of words and of a signature, how many places of the signature make a band, and where each begins.
_RUN, _LENGTH, BAND = 3, 128, 4
BANDS = range(0, _LENGTH, BAND)
_WORD = re.compile(r"\w+")

Signature = tuple[int, ...]


def copies(articles: Iterable[Article]) -> dict[str, str]:
    """Return the article that stands for each copy, by id: of all copies the one published first, then by id."""
    published = {}
    signatures = {}
    for article in articles:
        if signature := signature_of(article.text):
            signatures[article.id] = signature
            published[article.id] = article.published
    return grouped(pairs(signatures), published)


def signature_of(text: str) -> Signature | None:
    """Return the signature of a text, none if it is too short; case, punctuation and white space do not matter.

    >>> rain = "rain fell on the plain " * 10
    >>> signature_of(rain) == signature_of(rain.upper().replace(" ", ", ")), signature_of("Rain fell.")
    (True, None)
    """
    words = _WORD.findall(text.lower())
    if len(words) < SHORTEST:
        return None
    codes = np.fromiter((crc32(word.encode("utf-8", "replace")) for word in words), np.uint64, len(words))
    runs = np.zeros(len(words) - _RUN + 1, np.uint64)
    for i in range(_RUN):
        runs = runs * np.uint64(1_000_003) + codes[i : len(runs) + i]
    factors, offsets = _functions()
    mixed = runs * factors + offsets
    return tuple((mixed.min(axis=1) >> np.uint64(33)).tolist())


@cache
def _functions() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the factors and the offsets of the hash functions, always the same."""
    random = np.random.RandomState(1)
    factors, offsets = random.randint(0, 2**63 - 1, (2, _LENGTH, 1), np.int64).astype(np.uint64)
    return factors | np.uint64(1), offsets


def bands(signature: Signature) -> Iterator[tuple[int, ...]]:
    """Yield the bands of a signature, each with its number."""
    for i in BANDS:
        yield i, *signature[i : i + BAND]


def alike(one: Signature, other: Signature) -> bool:
    """Say whether the articles of two signatures are copies."""
    return sum(a == b for a, b in zip(one, other, strict=True)) >= SAME * _LENGTH


def pairs(signatures: Mapping[str, Signature]) -> Iterator[tuple[str, str]]:
    """Yield pairs of copies, enough to tell all groups of them; each article meets the first of each of its bands."""
    alike_in = defaultdict(list)
    for id_, signature in signatures.items():
        for band in bands(signature):
            alike_in[band].append(id_)
    met = {(min(ids), id_) for ids in alike_in.values() if len(ids) > 1 for id_ in ids}
    for first, id_ in met:
        if first != id_ and alike(signatures[first], signatures[id_]):
            yield first, id_


def grouped(pairs: Iterable[tuple[str, str]], published: Mapping[str, str | None]) -> dict[str, str]:
    """Return the article that stands for each copy, from pairs of copies."""
    pairs = list(pairs)
    found: dict[str, str] = {}
    for group in components({id_ for pair in pairs for id_ in pair}, pairs):
        first = min(group, key=lambda id_: (published[id_] or "9", id_))
        found |= {id_: first for id_ in group if id_ != first}
    return dict(sorted(found.items()))
