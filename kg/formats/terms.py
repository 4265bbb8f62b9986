"""What triples are made of, as a syntax writes it: the IRIs of ids, texts, numbers, days."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from kg import vocabulary as v
from kg.formats.text import clean
from kg.vocabulary import check_base, iri

# The language of the articles.
LANGUAGE = "en"

# How many IRIs and values are remembered as they are written.
IRIS, VALUES = 250_000, 50_000


class Literal(NamedTuple):
    """A value, in the lexical form of its datatype. One with a language is a string."""

    text: str
    datatype: str = v.STRING
    language: str = ""


# What a term may be: text that is written as it is, or an IRI or a value that is not written yet.
T = TypeVar("T", str, "str | Literal")


class Terms(Generic[T]):
    """The terms of one syntax. In every one of them an IRI is a `str`; what a value is, is up to the syntax.

    `address` writes an IRI, `literal` a `Literal`, `string` any text, and `integer` a whole number.
    """

    def __init__(
        self,
        base: str,
        address: Callable[[str], str],
        literal: Callable[[Literal], T],
        string: Callable[[str], T],
        integer: Callable[[int], T],
    ) -> None:
        self.base = check_base(base)
        self.address: Callable[[str], str] = lru_cache(IRIS)(address)
        self.string: Callable[[str], T] = string
        self.integer: Callable[[int], T] = integer
        self.id: Callable[[str], str] = lru_cache(IRIS)(lambda id: address(iri(base, id)))
        self.value: Callable[[Callable[[Any], Literal], Any], T] = lru_cache(VALUES)(
            lambda make, value: literal(make(value))
        )
        self.passages: Callable[[Callable[[str, int, int], str], str], tuple[str, str]] = lru_cache(VALUES)(
            self._passages
        )
        self._link, _, self._after_link = self.id("link/0").rpartition("0")

    def link(self, a: str, b: str) -> str:
        """Return the IRI of the link between two nodes."""
        return f"{self._link}{v.link_digest(a, b)}{self._after_link}"

    def _passages(self, id_of: Callable[[str, int, int], str], article: str) -> tuple[str, str]:
        """Return what stands before and after "START-END" in the IRIs of an article's quotes, or of its mentions."""
        before, _, after = self.id(id_of(article, 0, 0)).rpartition("0-0")
        return before, after


def plain_terms(base: str) -> Terms["str | Literal"]:
    """Return terms that are not written yet: a `str` is an IRI, all else a `Literal`."""
    return Terms(base, str, lambda literal: literal, string, integer)


def string(value: str) -> Literal:
    return Literal(clean(value))


def in_english(value: str) -> Literal:
    return Literal(clean(value), language=LANGUAGE)


def integer(value: int) -> Literal:
    return Literal(str(int(value)), v.INTEGER)


def boolean(value: bool) -> Literal:
    return Literal("true" if value else "false", v.BOOLEAN)


def decimal(value: float) -> Literal:
    """Return `value` to six places: stores refuse decimals of more than eighteen, and exponents read badly.

    Whole numbers have no point, which is the canonical form, so that every store gives them back alike.

    >>> decimal(12.5).text, decimal(3).text, decimal(-1 / 3).text
    ('12.5', '3', '-0.333333')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return Literal("0" if text == "-0" else text, v.DECIMAL)


def probability(value: float) -> Literal:
    """Return `value` to twelve places: what is less likely is 0.

    >>> probability(0.5).text, probability(3e-7).text, probability(3e-120).text
    ('0.5', '0.0000003', '0')
    """
    return Literal(f"{value:.12f}".rstrip("0").rstrip("."), v.DECIMAL)


def moment(text: str) -> Literal:
    """Return a date or date-time in the form XML Schema gives it; a plain string if it is neither.

    >>> [moment(text).text for text in ("2022-01-29", "2022-01-29T10:00Z", "last Friday")]
    ['2022-01-29', '2022-01-29T10:00:00+00:00', 'last Friday']
    """
    with suppress(ValueError):
        return Literal(date.fromisoformat(text).isoformat(), v.DATE)
    with suppress(ValueError):
        value = datetime.fromisoformat(text)
        if _is_xsd_offset(value.utcoffset() or timedelta()):
            return Literal(value.isoformat(), v.DATE_TIME)
    return string(text)


def _is_xsd_offset(offset: timedelta) -> bool:
    return abs(offset) <= timedelta(hours=14) and not offset % timedelta(minutes=1)


def event_days(text: str | None) -> tuple[str, str] | None:
    """Return the first and the last day, month or year of an event's `date`; None if it is in no such form.

    >>> event_days("2025-02/2025-03-14"), event_days("in spring")
    (('2025-02', '2025-03-14'), None)
    """
    first, _, last = (text or "").partition("/")
    return (first, last or first) if _period(first) and _period(last or first) else None


def day(text: str) -> Literal:
    """Return a day, month or year.

    >>> day("2025-02")
    Literal(text='2025-02', datatype='http://www.w3.org/2001/XMLSchema#gYearMonth', language='')
    """
    return Literal(text, _period(text) or v.STRING)


@lru_cache(VALUES)
def _period(text: str) -> str | None:
    """Return the datatype of a day, month or year; None if it is none."""
    for form, datatype in (("%Y-%m-%d", v.DATE), ("%Y-%m", v.YEAR_MONTH), ("%Y", v.YEAR)):
        with suppress(ValueError):
            if datetime.strptime(text, form).strftime(form) == text:
                return datatype
    return None
