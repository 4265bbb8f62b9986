"""From the time expressions of a text to dates: full-day intervals, reckoned from the day the article appeared.

What cannot be reckoned stays unknown: without that day only expressions with a year are resolved, a length of time
("three-year-long") is no date, and what hangs on another event ("two days later", "the same week") is left alone.
Weeks run from Monday to Sunday, seasons are those of the north (spring is March to May; "winter 2024" ends in 2025).
dateparser reads single days well, but no intervals, seasons or lists of days, so that this is a grammar of our own.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from kg.gazetteers import table
from kg.times import find_times, latest_day

_DAY = timedelta(days=1)
_MONTHS = {row["word"]: int(row["number"]) for row in table("time_words") if row["kind"] == "month"}
_WEEKDAYS = {row["word"]: int(row["number"]) for row in table("time_words") if row["kind"] == "weekday"}
_SEASONS = {row["word"]: int(row["number"]) for row in table("time_words") if row["kind"] == "season"}
_NUMBERS = {row["word"]: int(row["number"]) for row in table("time_words") if row["kind"] == "number"}
_ORDINALS = {row["word"]: int(row["number"]) for row in table("time_words") if row["kind"] == "ordinal"}


class Interval(NamedTuple):
    """The days from `start` to `end`, both included, as ISO dates.

    >>> Interval("2024-02-01", "2024-02-29").iso, Interval("2025-01-29", "2025-02-03").iso
    ('2024-02', '2025-01-29/2025-02-03')
    """

    start: str
    end: str

    @property
    def iso(self) -> str:
        """The shortest form of ISO 8601: a year, a month or a day where that is what is meant, else start/end."""
        if self.start == self.end:
            return self.start
        first, last = date.fromisoformat(self.start), date.fromisoformat(self.end)
        if (first.year, first.month, first.day) == (last.year, 1, 1) and (last.month, last.day) == (12, 31):
            return self.start[:4]
        if self.start[:7] == self.end[:7] and first.day == 1 and (last + _DAY).day == 1:
            return self.start[:7]
        return f"{self.start}/{self.end}"


def bounds(iso: str) -> tuple[str, str]:
    """Return the first and the last day of what `Interval.iso` writes.

    >>> bounds("2024-02"), bounds("2024"), bounds("2025-01-29/2025-02-03")
    (('2024-02-01', '2024-02-29'), ('2024-01-01', '2024-12-31'), ('2025-01-29', '2025-02-03'))
    """
    start, _, end = iso.partition("/")
    first, last = date.fromisoformat(f"{start}-01-01"[:10]), f"{end or start}-12-31"[:10]
    if len(end or start) == 7:
        year, month = int(last[:4]), int(last[5:7])
        last = f"{last[:7]}-{monthrange(year, month)[1]}"
    return first.isoformat(), last


class Dates(NamedTuple):
    """A text and when it appeared, if known; `now` is that day, or else what `latest_day` makes of the text."""

    text: str
    published: date | None
    now: date | None


def read_dates(text: str, published: date | None = None) -> Dates:
    """Return what is needed to tell when the events of `text` are.

    >>> read_dates("It opened in 1993 and closed on May 3, 2004; by 2050 it will be gone.").now
    datetime.date(2004, 12, 31)
    """
    return Dates(text, published, published or latest_day(text))


# Each form is a pattern over the expression in lower case, and what makes days of its parts.

_Days = tuple[date, date]


class _Now(NamedTuple):
    """The day that the rest is reckoned from, if known, and whether what is told lies ahead of it."""

    day: date | None
    future: bool


def resolve(expression: str, published: date | None, *, future: bool = False) -> Interval | None:
    """Return the days that `expression` means in an article of the day `published`, None if that is not known.

    Other words around a single time do no harm ("the V4 meeting of July 13, 2022").

    A day or month without a year is the latest not after that day, if `future` the next one not before it; a date of
    the three months to come is taken for what it is, for last year's would be written with its year.

    >>> friday = date(2025, 2, 14)
    >>> resolve("on Wednesday", friday).iso, resolve("Wednesday", friday, future=True).iso
    ('2025-02-12', '2025-02-19')
    >>> resolve("last fall", friday).iso, resolve("since 2014", friday).iso
    ('2024-09-01/2024-11-30', '2014-01-01/2025-02-14')
    >>> resolve("Jan. 29 - Feb. 3", friday).iso, resolve("in 1993", None).iso, resolve("Friday", None)
    ('2025-01-29/2025-02-03', '1993', None)
    """
    days = _resolve(_plain(expression), _Now(published, future))
    if not days and len(found := find_times(expression, 0, len(expression))) == 1:
        days = _resolve(_plain(expression[slice(*found[0])]), _Now(published, future))
    return Interval(days[0].isoformat(), days[1].isoformat()) if days and days[0] <= days[1] else None


_LEADING = re.compile(
    r"(?:(?:on|in|of|by|until|till|during|around|about|over|within|at|for|from|more than|almost|nearly|some)\s+)+"
)
_DAYTIME = re.compile(r"(?<=[a-z])\s(?:morning|afternoon|evening|night)$")


def _plain(expression: str) -> str:
    """Return `expression` in lower case, with plain hyphens and spaces and without what changes nothing.

    >>> _plain("On  Friday morning"), _plain("by the 1990s"), _plain("Jan. 29 – Feb. 3, 2025"), _plain("next week’s")
    ('friday', '1990s', 'jan 29 - feb 3 2025', 'next week')
    """
    text = re.sub(r"[–—−]", "-", " ".join(expression.lower().replace("’", "'").split()))
    text = re.sub(r"'s$|'$|[.,]", "", text).replace("' time", "")
    led = _LEADING.match(text)
    if led and not re.match(
        r"from\s.*(?:\sto\s|-|\suntil\s)|(?:in|within)\s(?:\d{1,4}\s[a-z]|an?\s|[a-z]+\s[a-z]+s$)", text
    ):
        text = text[led.end() :]
    text = re.sub(r"^the\s(?!day\s(?:before|after)|same|following|previous)", "", text)
    if text.split()[:1] not in (["last"], ["this"], ["next"]) or re.search(r"day\s", text):
        text = _DAYTIME.sub("", text)
    return text


@lru_cache(maxsize=4096)
def _resolve(text: str, now: _Now) -> _Days | None:
    """Return the first and last day of an expression, by the first form that fits and makes sense of it."""
    for pattern, days_of in _FORMS:
        if found := pattern.fullmatch(text):
            try:
                days = days_of(found, now)
            except (ValueError, OverflowError):  # "Feb. 30", "20,000 years ago"
                return None
            if days:
                return days
    return None


def _month(year: int, month: int) -> _Days:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _year(year: int) -> _Days:
    return date(year, 1, 1), date(year, 12, 31)


def _season(year: int, first_month: int) -> _Days:
    end = first_month + 2
    return date(year, first_month, 1), _month(year + (end > 12), (end - 1) % 12 + 1)[1]


def _third(days: _Days, part: str | None) -> _Days:
    """Return the early, middle or late third of a stretch of days, all of it if no part is named."""
    if not part:
        return days
    length = ((days[1] - days[0]).days + 1) // 3
    first = {"early": days[0], "mid": days[0] + length * _DAY, "late": days[1] - (length - 1) * _DAY}[part]
    return first, first + (length - 1) * _DAY


def _pick(choices: list[_Days], now: _Now, ahead: int = 0) -> _Days | None:
    """Return that of `choices`, in order, which the tense means; in the past it may begin up to `ahead` days later."""
    if now.day is None or not choices:
        return None
    if now.future:
        return next((days for days in choices if days[1] >= now.day), None)
    past = [days for days in choices if days[0] <= now.day]
    soon = [days for days in choices if now.day < days[0] <= now.day + ahead * _DAY]
    if soon and (not past or (now.day - past[-1][1]).days > 365 - ahead - 31):
        return soon[0]
    return past[-1] if past else None


def _each_year(days_of: Callable[[int], _Days], now: _Now) -> list[_Days]:
    """Return what `days_of` makes of the years around now; years that lack the day (February 29) are left out."""
    choices = []
    for year in range(now.day.year - 8, now.day.year + 9) if now.day else ():
        try:
            choices.append(days_of(year))
        except ValueError:
            continue
    return choices


def _day_of_month(found: re.Match[str], now: _Now) -> _Days | None:
    """ "jan 29", "wednesday jan 29 2025", "29-31 january": one day or some of one month."""
    parts = found.groupdict()
    month = _MONTHS[parts["month"]]
    first, last = int(parts["first"]), int(parts["last"] or parts["first"])
    if parts["year"]:
        return date(int(parts["year"]), month, first), date(int(parts["year"]), month, last)
    return _pick(_each_year(lambda year: (date(year, month, first), date(year, month, last)), now), now, 90)


def _month_of_year(found: re.Match[str], now: _Now) -> _Days | None:
    """ "february 2024", "late may", "last june"."""
    which, part, name, year = found.group("which", "part", "month", "year")
    month = _MONTHS[name]
    if year:
        return _third(_month(int(year), month), part)
    if now.day is None:
        return None
    choices = _each_year(lambda year: _month(year, month), now)
    days = _named(which, choices, now.day) if which else _pick(choices, now, 90)
    return _third(days, part) if days else None


def _named(which: str, choices: list[_Days], day: date) -> _Days:
    """Return the last, this or next of `choices`: over by `day`, of its year, or yet to begin."""
    if which in ("last", "past"):
        return [days for days in choices if days[1] < day][-1]
    if which in ("next", "coming"):
        return next(days for days in choices if days[0] > day)
    return next(days for days in choices if days[1] >= day and days[1].year >= day.year)


def _weekday(found: re.Match[str], now: _Now) -> _Days | None:
    """ "friday", "last friday": a single day."""
    if now.day is None:
        return None
    which, number = found["which"], _WEEKDAYS[found["weekday"]]
    back = (now.day.weekday() - number) % 7
    if which == "last":
        day = now.day - (back or 7) * _DAY
    elif which == "next":
        day = now.day + (7 - back) * _DAY
    elif which == "this" or now.future:
        day = now.day + (-back % 7) * _DAY
    else:
        day = now.day - back * _DAY
    return day, day


def _season_of_year(found: re.Match[str], now: _Now) -> _Days | None:
    """ "spring 2024", "last fall", "this summer", "autumn"."""
    which, part, name, year = found.group("which", "part", "season", "year")
    if year:
        return _third(_season(int(year), _SEASONS[name]), part)
    if now.day is None:
        return None
    choices = _each_year(lambda year: _season(year, _SEASONS[name]), now)
    days = _named(which, choices, now.day) if which else _pick(choices, now)
    return _third(days, part) if days else None


_NEAR_DAYS = {
    "the day before yesterday": -2, "yesterday": -1, "last night": -1, "last evening": -1, "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0, "this day": 0, "tomorrow": 1, "next day": 1,
    "the day after tomorrow": 2,
}  # fmt: skip


def _near_day(found: re.Match[str], now: _Now) -> _Days | None:
    if now.day is None:
        return None
    day = now.day + _NEAR_DAYS[found.group()] * _DAY
    return day, day


def _around(unit: str, day: date) -> _Days:
    """Return the week, month, ... that `day` lies in."""
    monday = day - day.weekday() * _DAY
    stretches = {
        "day": (day, day), "hour": (day, day), "minute": (day, day),
        "week": (monday, monday + 6 * _DAY), "weekend": (monday + 5 * _DAY, monday + 6 * _DAY),
        "month": _month(day.year, day.month), "year": _year(day.year),
        "decade": (date(day.year // 10 * 10, 1, 1), date(day.year // 10 * 10 + 9, 12, 31)),
        "century": (date((day.year - 1) // 100 * 100 + 1, 1, 1), date((day.year - 1) // 100 * 100 + 100, 12, 31)),
    }  # fmt: skip
    return stretches[unit]


def _moved(day: date, number: int, unit: str) -> date:
    """Return `day` moved by so many units; where a month is too short, its last day."""
    months = number * {"month": 1, "year": 12, "decade": 120, "century": 1200}.get(unit, 0)
    if months:
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return day + number * {"week": 7, "weekend": 7}.get(unit, 0 if unit in ("hour", "minute") else 1) * _DAY


def _stretch(found: re.Match[str], now: _Now) -> _Days | None:
    """ "next week", "earlier this month", "late last year"."""
    if now.day is None:
        return None
    part, which, unit = found.group("part", "which", "unit")
    shift = {"last": -1, "past": -1, "next": 1, "coming": 1, "this": 0}[which]
    first, last = _around(unit, _moved(now.day.replace(day=1) if unit == "month" else now.day, shift, unit))
    if part == "earlier":
        return first, max(first, min(last, now.day))
    if part == "later":
        return max(first, min(last, now.day)), last
    return _third((first, last), part)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


_SINGULAR = {"centuries": "century"}


def _unit(word: str) -> str:
    return _SINGULAR.get(word, word.removesuffix("s"))


def _some_ago(found: re.Match[str], now: _Now) -> _Days | None:
    """ "10 years ago", "in two weeks": a stretch as long as the unit."""
    count, word = found.group("count", "unit")
    if now.day is None or not (count.isdigit() or count in _NUMBERS):
        return None
    unit, back = _unit(word), "ago" in found.re.groupindex
    number = _number(count)
    if unit == "hour":
        number, unit = round(number / 24), "day"
    if count == "half a":
        number, unit = {"decade": (5, "year"), "century": (5, "decade"), "year": (6, "month")}.get(unit, (0, "day"))
    return _around(unit, _moved(now.day, -number if back else number, unit))


def _past_some(found: re.Match[str], now: _Now) -> _Days | None:
    """ "past three days", "next two weeks": up to now, or from now."""
    which, count, word = found.group("which", "count", "unit")
    if now.day is None or not (count.isdigit() or count in _NUMBERS):
        return None
    if which in ("next", "coming"):
        return now.day, _moved(now.day, _number(count), _unit(word))
    return _moved(now.day, -_number(count), _unit(word)), now.day


def _century(found: re.Match[str], now: _Now) -> _Days | None:
    number = _ORDINALS.get(found["ordinal"]) or int(found["ordinal"][:2])
    return _third((date(number * 100 - 99, 1, 1), date(number * 100, 12, 31)), found["part"])


def _since(found: re.Match[str], now: _Now) -> _Days | None:
    days = _resolve(found[1], now._replace(future=False))
    return (days[0], max(days[0], now.day)) if days and now.day else None


def _years(found: re.Match[str], now: _Now) -> _Days | None:
    first = int(found["first"])
    return _year(first)[0], _year(int(found["first"][: -len(found["last"])] + found["last"]))[1]


def _several(found: re.Match[str], now: _Now) -> _Days | None:
    """ "wednesday and thursday", "dec 30 - jan 2 2025": the end first, then the latest start before it.

    What lies ahead is read from its start.
    """
    is_dated = _resolve(found["last"], _Now(None, False)) is not None
    if now.future and not is_dated and (first := _resolve(found["first"], now)):
        last = _resolve(found["last"], _Now(first[0], True))
        return (first[0], last[1]) if last else None
    if last := _resolve(found["last"], now):
        first = _resolve(found["first"], _Now(last[1], False))
        return (first[0], last[1]) if first else None
    return None


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_PLAIN_YEAR = r"(?P<year>(?:1\d|20)\d\d)"
_PARTS = r"(?:(?P<part>early|mid|late)[- ])?"
_WHICH = r"(?:(?P<which>last|next|this|past|coming) )?"
_UNITS = r"(?P<unit>(?:day|week|weekend|month|year|decade|hour|minute)s?|century|centuries)"
_COUNTS = rf"(?P<count>\d{{1,4}}|a|an|{_any(_NUMBERS)})"
_TH = r"(?:st|nd|rd|th)?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Now], _Days | None]], ...] = tuple(
    (re.compile(pattern), days_of)
    for pattern, days_of in (
        (_any(_NEAR_DAYS), _near_day),
        (rf"(?:(?:early|late|earlier) )?(?:(?P<which>last|next|this) )?(?P<weekday>{_any(_WEEKDAYS)})", _weekday),
        (
            rf"(?:(?:{_any(_WEEKDAYS)}) )?(?P<month>{_any(_MONTHS)}) (?P<first>\d\d?){_TH}"
            rf"(?: ?(?:-|to|and|through) ?(?P<last>\d\d?){_TH})?(?: {_PLAIN_YEAR})?",
            _day_of_month,
        ),
        (
            rf"(?:(?:{_any(_WEEKDAYS)}) )?(?P<first>\d\d?){_TH}(?: ?(?:-|to|and|through) ?(?P<last>\d\d?){_TH})?"
            rf" (?:of )?(?P<month>{_any(_MONTHS)})(?: {_PLAIN_YEAR})?",
            _day_of_month,
        ),
        (rf"{_WHICH}{_PARTS}(?P<month>{_any(_MONTHS)})(?:(?: of)? {_PLAIN_YEAR})?", _month_of_year),
        (rf"{_PARTS}{_PLAIN_YEAR}", lambda found, now: _third(_year(int(found["year"])), found["part"])),
        (
            rf"{_PLAIN_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)",
            lambda found, now: (date.fromisoformat(found[0]), date.fromisoformat(found[0])),
        ),
        (r"(?P<first>(?:1\d|20)\d\d)-(?P<last>\d\d(?:\d\d)?)", _years),
        (
            rf"{_PARTS}(?P<decade>(?:1\d|20)\d0)s",
            lambda found, now: _third(_around("decade", date(int(found["decade"]), 1, 1)), found["part"]),
        ),
        (rf"{_PARTS}(?P<ordinal>{_any(_ORDINALS)}|\d\d(?:st|nd|rd|th))[ -]century", _century),
        (rf"{_WHICH}{_PARTS}(?P<season>{_any(_SEASONS)})(?:(?: of)? {_PLAIN_YEAR})?", _season_of_year),
        (
            r"(?:(?P<part>earlier|later|early|mid|late)[ -])?(?P<which>last|next|this|past|coming) "
            r"(?P<unit>week|weekend|month|year|decade|century)",
            _stretch,
        ),
        (rf"{_COUNTS} {_UNITS} (?P<ago>ago)", _some_ago),
        (rf"(?:in|within) {_COUNTS} {_UNITS}", _some_ago),
        (rf"{_COUNTS} {_UNITS} from now", _some_ago),
        (rf"(?P<which>past|last|next|coming) {_COUNTS} {_UNITS}", _past_some),
        (r"since (.+)", _since),
        (r"(?:from |between )?(?P<first>.+?)(?: ?- ?| to | and | until | through | till )(?P<last>.+)", _several),
        (rf"(?P<first>{_any(_WEEKDAYS)}) (?P<last>(?:{_any(_WEEKDAYS)}).*)", _several),
    )
)  # fmt: skip
