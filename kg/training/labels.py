"""The labels of the recogniser and their tags.

A word's tag is "O", or a label with B (the first word of a name) or I (a later one). Which tags a word may have is kept
as bits of one integer: bit 0 is "O", bit 1 the first tag, and so on.
"""

from collections.abc import Iterable

from kg.model import EVENT_TYPES

LABELS = ("person", "organization", "location", "country", "norp", "facility", "event", "misc", "date", "money")
TAGS = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
TYPES = EVENT_TYPES
OUTSIDE = 1
ANY = (1 << len(TAGS)) - 1


def bits(labels: Iterable[str], prefixes: str = "BI") -> int:
    """Return the tags of `labels` with these prefixes, as bits.

    >>> bin(bits(["person"])), bin(bits(["person", "organization"], "B"))
    ('0b110', '0b1010')
    """
    return sum(1 << TAGS.index(f"{prefix}-{label}") for label in labels for prefix in prefixes)


FIRST, INSIDE = bits(LABELS, "B"), bits(LABELS, "I")
EVENT, PERSON = bits(["event"]), bits(["person"])
