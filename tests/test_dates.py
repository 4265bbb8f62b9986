"""Where a text speaks of times, which of them is an event's, and what days they mean."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import read_dates, resolve
from kg.times import find_times, latest_day, time_of

FRIDAY = date(2025, 2, 14)
ARTICLES = st.dates(date(1900, 1, 1), date(2100, 12, 31))

# What is meant in an article of Friday, 14 February 2025: of what has been, and of what lies ahead.
RELATIVE = """
Friday                          2025-02-14              2025-02-14
on Wednesday                    2025-02-12              2025-02-19
Monday night                    2025-02-10              2025-02-17
last Friday                     2025-02-07              2025-02-07
next Tuesday                    2025-02-18              2025-02-18
this Sunday                     2025-02-16              2025-02-16
Friday’s                        2025-02-14              2025-02-14
Wednesday and Thursday          2025-02-12/2025-02-13   2025-02-19/2025-02-20
Tuesday, Wednesday and Thursday 2025-02-11/2025-02-13   2025-02-18/2025-02-20
Saturday to Monday              2025-02-08/2025-02-10   2025-02-15/2025-02-17
Wednesday, Jan. 29              2025-01-29              2026-01-29
Jan. 29                         2025-01-29              2026-01-29
Jan. 29 - Feb. 3                2025-01-29/2025-02-03   2026-01-29/2026-02-03
Jan. 29-31                      2025-01-29/2025-01-31   2026-01-29/2026-01-31
30 June                         2024-06-30              2025-06-30
March 3                         2025-03-03              2025-03-03
Feb. 29                         2024-02-29              2028-02-29
Dec. 30 – Jan. 2                2024-12-30/2025-01-02   2025-12-30/2026-01-02
in January                      2025-01                 2026-01
in May                          2025-05                 2025-05
in late October                 2024-10-22/2024-10-31   2025-10-22/2025-10-31
mid-January                     2025-01-11/2025-01-20   2026-01-11/2026-01-20
last March                      2024-03                 2024-03
next January                    2026-01                 2026-01
yesterday                       2025-02-13              2025-02-13
last night                      2025-02-13              2025-02-13
this morning                    2025-02-14              2025-02-14
tomorrow                        2025-02-15              2025-02-15
last week                       2025-02-03/2025-02-09   2025-02-03/2025-02-09
next week’s                     2025-02-17/2025-02-23   2025-02-17/2025-02-23
this weekend                    2025-02-15/2025-02-16   2025-02-15/2025-02-16
last month                      2025-01                 2025-01
earlier this month              2025-02-01/2025-02-14   2025-02-01/2025-02-14
later this year                 2025-02-14/2025-12-31   2025-02-14/2025-12-31
this year                       2025                    2025
last year                       2024                    2024
last century                    1901-01-01/2000-12-31   1901-01-01/2000-12-31
last fall                       2024-09-01/2024-11-30   2024-09-01/2024-11-30
this winter                     2024-12-01/2025-02-28   2024-12-01/2025-02-28
last winter                     2023-12-01/2024-02-29   2023-12-01/2024-02-29
this summer                     2025-06-01/2025-08-31   2025-06-01/2025-08-31
in the autumn                   2024-09-01/2024-11-30   2025-09-01/2025-11-30
10 years ago                    2015                    2015
two decades ago                 2000-01-01/2009-12-31   2000-01-01/2009-12-31
half a century ago              1970-01-01/1979-12-31   1970-01-01/1979-12-31
three weeks ago                 2025-01-20/2025-01-26   2025-01-20/2025-01-26
a month ago                     2025-01                 2025-01
48 hours ago                    2025-02-12              2025-02-12
in two weeks                    2025-02-24/2025-03-02   2025-02-24/2025-03-02
over the past three years       2022-02-14/2025-02-14   2022-02-14/2025-02-14
since 2014                      2014-01-01/2025-02-14   2014-01-01/2025-02-14
since Monday                    2025-02-10/2025-02-14   2025-02-10/2025-02-14
"""

# What needs no article: it means the same whenever it was written.
ABSOLUTE = """
2002                            2002
in 1993                         1993
by the 1990s                    1990-01-01/1999-12-31
the nineteenth century          1801-01-01/1900-12-31
19th century                    1801-01-01/1900-12-31
late 2023                       2023-09-02/2023-12-31
in February 2024                2024-02
February of 2024                2024-02
July 13, 2022                   2022-07-13
13 July 2022                    2022-07-13
the 13th of July 2022           2022-07-13
Wednesday, July 13, 2022        2022-07-13
2025-02-14                      2025-02-14
between 2022 and 2024           2022-01-01/2024-12-31
from May 3 to June 5, 2023      2023-05-03/2023-06-05
Dec. 30 - Jan. 2, 2025          2024-12-30/2025-01-02
2022-24                         2022-01-01/2024-12-31
spring 2024                     2024-03-01/2024-05-31
winter of 2023                  2023-12-01/2024-02-29
the V4 meeting of July 13, 2022 2022-07-13
"""

UNKNOWN = [
    "three-year-long",
    "five years",
    "several years ago",
    "two days later",
    "the following week",
    "Feb. 30, 2024",
]


def rows(table: str) -> list[tuple[str, ...]]:
    """Return the cells of each row; the first is 32 characters wide."""
    return [(line[:32].strip(), *line[32:].split()) for line in table.strip().splitlines()]


def iso(expression: str, published: date | None, *, future: bool = False) -> str | None:
    days = resolve(expression, published, future=future)
    return days.iso if days else None


@pytest.mark.parametrize(("expression", "past", "ahead"), rows(RELATIVE))
def test_an_expression_is_reckoned_from_the_day_of_the_article(expression, past, ahead):
    assert (iso(expression, FRIDAY), iso(expression, FRIDAY, future=True)) == (past, ahead)


@pytest.mark.parametrize("expression", [row[0] for row in rows(RELATIVE)])
def test_without_that_day_it_stays_unknown(expression):
    assert resolve(expression, None) is None


@pytest.mark.parametrize(("expression", "days"), rows(ABSOLUTE))
def test_a_full_date_needs_no_article(expression, days):
    assert (iso(expression, None), iso(expression, FRIDAY), iso(expression, FRIDAY, future=True)) == (days,) * 3


@pytest.mark.parametrize("expression", UNKNOWN)
def test_what_is_no_date_stays_unknown(expression):
    assert resolve(expression, FRIDAY) is None


EXPRESSIONS = st.sampled_from([row[0] for row in rows(RELATIVE) + rows(ABSOLUTE)])


@given(EXPRESSIONS, ARTICLES, st.booleans())
def test_no_interval_ends_before_it_starts(expression, published, future):
    days = resolve(expression, published, future=future)
    assert days is not None
    assert date.fromisoformat(days.start) <= date.fromisoformat(days.end)


@given(st.sampled_from(["Monday", "on Friday", "Jan. 29", "in May", "the summer"]), ARTICLES)
def test_what_lies_ahead_has_not_ended(expression, published):
    days = resolve(expression, published, future=True)
    assert days is not None
    assert date.fromisoformat(days.end) >= published


@given(st.sampled_from(["Monday", "Tuesday", "Sunday"]), ARTICLES)
def test_a_weekday_of_the_past_is_within_a_week(expression, published):
    days = resolve(expression, published)
    assert days is not None
    assert published - timedelta(days=7) < date.fromisoformat(days.start) <= published


@given(st.text(max_size=40), st.none() | ARTICLES)
def test_any_text_is_resolved_or_unknown(expression, published):
    days = resolve(expression, published)
    assert days is None or days.start <= days.end


TEXTS = [
    ("He left on Friday and came back in February 2024.", ["on Friday", "in February 2024"]),
    ("Last week’s vote and next month's talks", ["Last week", "next month"]),
    (
        "Two decades ago, in the 1990s, between 2001 and 2003",
        ["Two decades ago", "in the 1990s", "between 2001 and 2003"],
    ),
    (
        "The games run Jan. 29 - Feb. 3, the trial from May 3 to June 5, 2023.",
        ["Jan. 29 - Feb. 3", "from May 3 to June 5, 2023"],
    ),
    ("March with us, May said, and 2,000 people and 2020 soldiers did.", []),
    ("It cost $2000 or 1,990 euros.", []),
    ("Since 2014 and during the nineteenth century", ["Since 2014", "the nineteenth century"]),
    ("the 1986 disaster, the 2022-24 strikes", ["1986", "2022-24"]),
]


@pytest.mark.parametrize(("text", "times"), TEXTS)
def test_times_are_found_where_the_text_speaks_of_them(text, times):
    assert [text[start:end] for start, end in find_times(text, 0, len(text))] == times


def test_times_of_a_part_of_a_text_have_their_place_in_the_whole():
    text = "On Monday he left. On Friday he returned."
    assert find_times(text, 19, len(text)) == [(19, 28)]


TIMES = [
    ("They [met] on Tuesday, the ministry said on Wednesday.", "on Tuesday"),
    ("She said on Wednesday that they had [met].", None),
    ("She [met] survivors of the 1986 disaster.", None),
    ("She met survivors of the 1986 [disaster].", "1986"),
    ("In 2019, the two [signed] a treaty.", "In 2019"),
    ("Since 2014, the two have [met] twice.", None),
    ("The [summit], which follows talks last week, was long.", None),
    ("the [2024 summit] on Friday", "2024"),
]


@pytest.mark.parametrize(("marked", "time"), TIMES)
def test_the_time_of_an_event_stands_in_its_clause(marked, time):
    text, start, end = marked.replace("[", "").replace("]", ""), marked.index("["), marked.index("]") - 1
    span = time_of(text, (start, end), (0, len(text)), finite=text[start:end] in ("met", "signed"))
    assert (text[slice(*span)] if span else None) == time


def test_the_latest_year_stands_in_for_an_unknown_day_unless_it_is_still_to_come():
    text = "It began in 1993, was changed on May 3, 2004 and should end by 2050."
    assert (latest_day(text), latest_day("No year at all."), read_dates(text, FRIDAY).now) == (
        date(2004, 12, 31),
        None,
        FRIDAY,
    )
