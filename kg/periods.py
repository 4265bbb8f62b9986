"""From counts by day to counts by week, month or year."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

PERIODS = ("day", "week", "month", "year")


def by_period(days: Mapping[str, int], period: str = "month") -> dict[str, int]:
    """Return the counts of `days`, the `days` of a node or a link, by `period` in order; weeks are those of ISO 8601.

    >>> days = {"2024-12-30": 1, "2025-01-02": 2, "2025-02-03": 4}
    >>> by_period(days, "week"), by_period(days, "month")
    ({'2025-W01': 3, '2025-W06': 4}, {'2024-12': 1, '2025-01': 2, '2025-02': 4})
    """
    counts: Counter[str] = Counter()
    for day, count in days.items():
        counts[_period_of(day, period)] += count
    return dict(sorted(counts.items()))


def _period_of(day: str, period: str) -> str:
    if period == "week":
        year, week, _ = date.fromisoformat(day).isocalendar()
        return f"{year}-W{week:02}"
    return day[: {"day": 10, "month": 7, "year": 4}[period]]
