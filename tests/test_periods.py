from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.periods import PERIODS, by_period

DAYS = {"2020-12-31": 1, "2021-01-01": 2, "2021-01-04": 4, "2021-02-01": 8}


@pytest.mark.parametrize(
    ("period", "counts"),
    [
        ("day", DAYS),
        ("week", {"2020-W53": 3, "2021-W01": 4, "2021-W05": 8}),  # the first of January belongs to the old year
        ("month", {"2020-12": 1, "2021-01": 6, "2021-02": 8}),
        ("year", {"2020": 1, "2021": 14}),
    ],
)
def test_days_are_counted_by_period(period, counts):
    assert by_period(DAYS, period) == counts


@given(st.dictionaries(st.dates(min_value=date(1000, 1, 1)).map(date.isoformat), st.integers(1, 99)))
def test_nothing_is_lost_and_periods_come_in_order(days):
    for period in PERIODS:
        counts = by_period(days, period)
        assert sum(counts.values()) == sum(days.values())
        assert list(counts) == sorted(counts)
