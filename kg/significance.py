"""How much it means that two entities occur together so often: from four counts to the measures of a link.

The counts are of passages: those with both, those with one, those with the other, and all. Passages of one article are
not independent of each other, so that a chance of 0.01 from one article says less than the same from many: look at
`articles` and `outlets` as well.
"""

import math
from typing import NamedTuple


class Association(NamedTuple):
    """The measures of a link; ARCHITECTURE.md says what each is for."""

    npmi: float
    npmi_shrunk: float
    llr: float
    p: float


def association(both: int, a: int, b: int, passages: int) -> Association:
    """Return what it means that two entities in `a` and `b` of `passages` are in `both` together.

    >>> association(5, 10, 10, 1000)
    Association(npmi=0.738352, npmi_shrunk=0.559358, llr=35.2827, p=3.941e-08)
    >>> association(1, 1, 1, 1000)
    Association(npmi=1.0, npmi_shrunk=0.25, llr=15.8145, p=0.5)
    """
    npmi = _npmi(both, a, b, passages)
    shrunk = round(npmi * both / (both + 1) * min(a, b) / (min(a, b) + 1), 6) + 0.0
    return Association(npmi, shrunk, log_likelihood_ratio(both, a, b, passages), chance(both, a, b, passages))


def _npmi(both: int, a: int, b: int, passages: int) -> float:
    """Return the normalised pointwise mutual information, to six places, so that it is the same anywhere.

    >>> _npmi(1, 1, 1, 10), _npmi(1, 2, 5, 10), _npmi(0, 2, 5, 10), _npmi(10, 10, 10, 10)
    (1.0, 0.0, -1.0, 1.0)
    """
    if not both:
        return -1.0
    if both == passages:
        return 1.0
    return round(math.log(both * passages / (a * b)) / -math.log(both / passages), 6) + 0.0


def log_likelihood_ratio(both: int, a: int, b: int, passages: int) -> float:
    """Return the log-likelihood ratio of the table of both, either and neither; below 0 if they avoid each other.

    >>> log_likelihood_ratio(1, 10, 10, 100), log_likelihood_ratio(0, 10, 10, 100)
    (0.0, -2.2268)
    """
    # Passages with both that do not count, as those with long lists of people, would make the last one negative.
    observed = (both, a - both, b - both, max(0, passages - a - b + both))
    expected = (a * b, a * (passages - b), (passages - a) * b, (passages - a) * (passages - b))
    terms = (o * math.log(o * passages / e) for o, e in zip(observed, expected, strict=True) if o and e)
    ratio = round(abs(2 * math.fsum(terms)), 4)
    return (ratio if both * passages >= a * b else -ratio) + 0.0


def chance(both: int, a: int, b: int, passages: int) -> float:
    """Return how likely two that have nothing to do with each other, but are linked, are together as often or oftener.

    A link is only looked at because the two were seen together once; the chance is that of the hypergeometric
    distribution given so much, the outcome itself counting half, so that of links by chance a share of about 0.05 come
    out below 0.05. Being seen together once proves nothing. To four digits.

    >>> chance(1, 10, 10, 1000) > 0.4, chance(3, 10, 10, 1000), chance(0, 10, 10, 1000), chance(7, 7, 10, 10)
    (True, 0.0004402, 1.0, 0.5)
    """
    if not both:
        return 1.0
    here = _probability(both, a, b, passages)
    above = _above(both, a, b, passages)
    linked = _probability(1, a, b, passages) + _above(1, a, b, passages) if both > 1 else here + above
    return min(1.0, float(f"{(above + here / 2) / linked:.4g}")) if linked else 0.0


def _probability(both: int, a: int, b: int, passages: int) -> float:
    """Return the probability that of `a` passages drawn from all, `both` are among those `b`."""
    if both < max(0, a + b - passages) or both > min(a, b):
        return 0.0
    return math.exp(_log_choose(b, both) + _log_choose(passages - b, a - both) - _log_choose(passages, a))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _above(both: int, a: int, b: int, passages: int) -> float:
    """Return the probability of more than `both`."""
    most_likely = (a + 1) * (b + 1) // (passages + 2)
    if both < most_likely:  # the other side has fewer terms; each term follows from its neighbour
        return max(0.0, 1.0 - _sum_from(both, -1, a, b, passages))
    return _sum_from(both + 1, 1, a, b, passages)


def _sum_from(k: int, step: int, a: int, b: int, passages: int) -> float:
    term = total = _probability(k, a, b, passages)
    rest = passages - a - b
    while term > total * 1e-12:
        if step > 0:
            term *= (a - k) * (b - k) / ((k + 1) * (rest + k + 1))
        else:
            term *= k * (rest + k) / ((a - k + 1) * (b - k + 1))
        total += term
        k += step
    return total
