"""From the texts of articles to which of them are copies: the same story of an agency on forty sites is one witness.

Two articles are copies if most of their runs of three words are the same. That is told from their MinHash signatures
(A. Broder, "On the resemblance and containment of documents", 1997): the share of places in which two signatures agree
is about the share of the runs that two texts have in common. Only articles that agree in a whole band are compared.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
# Pairs of signatures compared at a time.
_COMPARED = 10_000
_WORD = re.compile(r"\w+")

Signature = npt.NDArray[np.int32]


class Signatures:
    """The signatures of articles, half a kilobyte each, and what copies of each other they are."""

    def __init__(self) -> None:
        self.published: dict[str, str | None] = {}  # of each article that has a signature, in the order of these
        self._codes = array("i")

    def add(self, article: Article) -> None:
        """Add an article; one that is too short to be known as a copy has no signature."""
        if (signature := signature_of(article.text)) is not None:
            self.published[article.id] = article.published
            self._codes.frombytes(signature.tobytes())

    def copies(self) -> dict[str, str]:
        """Return the article that stands for each copy, by id: of all copies the one published first, then by id."""
        ids = list(self.published)
        order = sorted(range(len(ids)), key=ids.__getitem__)
        codes = np.frombuffer(self._codes, np.int32).reshape(-1, _LENGTH)[order]
        return grouped(((ids[order[a]], ids[order[b]]) for a, b in _pairs(codes)), self.published)


def copies(articles: Iterable[Article]) -> dict[str, str]:
    """Return the article that stands for each copy, by id: of all copies the one published first, then by id."""
    signatures = Signatures()
    for article in articles:
        signatures.add(article)
    return signatures.copies()


def signature_of(text: str) -> Signature | None:
    """Return the signature of a text, none if it is too short; case, punctuation and white space do not matter.

    >>> rain = "rain fell on the plain " * 10
    >>> same = signature_of(rain) == signature_of(rain.upper().replace(" ", ", "))
    >>> same.all(), same.shape, signature_of("Rain fell.")
    (np.True_, (128,), None)
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
    signature: Signature = (mixed.min(axis=1) >> np.uint64(33)).astype(np.int32)
    return signature


@cache
def _functions() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the factors and the offsets of the hash functions, always the same."""
    random = np.random.RandomState(1)
    factors, offsets = random.randint(0, 2**63 - 1, (2, _LENGTH, 1), np.int64).astype(np.uint64)
    return factors | np.uint64(1), offsets


def alike(one: Sequence[int], other: Sequence[int]) -> bool:
    """Say whether the articles of two signatures are copies."""
    return sum(a == b for a, b in zip(one, other, strict=True)) >= SAME * _LENGTH


def _pairs(codes: npt.NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows of `codes` that are copies, enough to tell all groups; each meets the first of its bands."""
    met = [np.empty((0, 2), np.int64)]
    for band in BANDS:
        keys = np.ascontiguousarray(codes[:, band : band + BAND]).view(np.int64).T  # two codes a key sort faster
        order = np.lexsort(keys)
        new = np.ones(len(order), bool)
        new[1:] = (keys[:, order[1:]] != keys[:, order[:-1]]).any(axis=0)
        first = order[np.flatnonzero(new)[np.cumsum(new) - 1]] if len(order) else order
        met.append(np.stack([first, order], axis=1)[~new])
    candidates = np.unique(np.concatenate(met), axis=0)
    for some in np.array_split(candidates, len(candidates) // _COMPARED + 1):
        agree = (codes[some[:, 0]] == codes[some[:, 1]]).sum(axis=1) >= SAME * _LENGTH
        yield from some[agree].tolist()


def grouped(pairs: Iterable[tuple[str, str]], published: Mapping[str, str | None]) -> dict[str, str]:
    """Return the article that stands for each copy, from pairs of copies."""
    pairs = list(pairs)
    found: dict[str, str] = {}
    for group in components({id_ for pair in pairs for id_ in pair}, pairs):
        first = min(group, key=lambda id_: (published[id_] or "9", id_))
        found |= {id_: first for id_ in group if id_ != first}
    return dict(sorted(found.items()))
