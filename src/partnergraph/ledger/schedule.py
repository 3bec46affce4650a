"""Amounts over time: what of a deal falls into which year if it is spread evenly over its term, and what is left after a day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from partnergraph.ledger.amounts import Interval


def spread(amount: Interval, first: datetime.date, end: datetime.date) -> Mapping[int, Interval]:
    """What falls into each year, by days, from the first day until the end, which is no day of the term.

    >>> spread(Interval(10, 10), datetime.date(2026, 7, 2), datetime.date(2027, 7, 2))[2026]
    Interval(least=5.01, greatest=5.01)
    """
    whole = (end - first).days
    found = {}
    for year in range(first.year, (end - datetime.timedelta(days=1)).year + 1) if whole > 0 else ():
        days = (min(end, datetime.date(year + 1, 1, 1)) - max(first, datetime.date(year, 1, 1))).days
        found[year] = _part(amount, days / whole)
    return found


def left_after(amount: Interval, first: datetime.date, end: datetime.date, day: datetime.date) -> Interval:
    """What falls after the day.

    >>> left_after(Interval(0, 10), datetime.date(2026, 1, 1), datetime.date(2028, 1, 1), datetime.date(2026, 12, 31))
    Interval(least=0.0, greatest=5.0)
    """
    whole = (end - first).days
    rest = (end - max(first, day + datetime.timedelta(days=1))).days
    return _part(amount, max(0, rest) / whole if whole > 0 else 0.0)


def ends_after(first: datetime.date, years: float) -> datetime.date:
    """The day after a term of so many years.

    >>> ends_after(datetime.date(2025, 11, 3), 7)
    datetime.date(2032, 11, 3)
    """
    months = first.month - 1 + round(12 * years)
    year, month = first.year + months // 12, months % 12 + 1
    next_month = datetime.date(year + month // 12, month % 12 + 1, 1)
    return min(datetime.date(year, month, 1) + datetime.timedelta(days=first.day - 1), next_month)


def _part(amount: Interval, share: float) -> Interval:
    # Of what has no limit no part has one, but for nothing.
    return Interval(round(amount.least * share, 2), round(amount.greatest * share, 2)) if share else Interval(0.0, 0.0)
