"""Money as intervals between a least and a greatest amount, and how they add up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["NOTHING", "Interval", "add", "hull", "less", "raised"]


@dataclass(frozen=True, order=True)
class Interval:
    """Between ``least`` and ``greatest``; the default says nothing at all."""

    least: float = 0.0
    greatest: float = math.inf

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return self.least > 0 or math.isfinite(self.greatest)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.least <= value <= self.greatest


NOTHING = Interval(0.0, 0.0)


def add(intervals: Iterable[Interval]) -> Interval:
    """The sum; exactly rounded, so that its ends do not depend on the order."""
    listed = list(intervals)
    return Interval(math.fsum(one.least for one in listed), math.fsum(one.greatest for one in listed))


def hull(intervals: Iterable[Interval]) -> Interval:
    """The least interval that contains all of them; nothing for none."""
    listed = list(intervals)
    if not listed:
        return NOTHING
    return Interval(min(one.least for one in listed), max(one.greatest for one in listed))


def raised(whole: Interval, parts: Interval) -> Interval:
    """What a whole comes to whose parts are known as well: they bound it from below, it bounds them from above.

    A whole of which nothing is known comes to what its parts come to.

    >>> raised(Interval(0, 2), Interval(0.5, 2))
    Interval(least=0.5, greatest=2)
    """
    if not whole.known:
        return Interval(parts.least, math.inf)
    least = max(whole.least, parts.least)
    return Interval(least, max(whole.greatest, least))


def below(amount: Interval, most: float) -> Interval:
    """What is left of an amount where no more than ``most`` of it counts.

    >>> below(Interval(2, 5), 3)
    Interval(least=2, greatest=3)
    """
    most = max(0.0, most)
    return Interval(min(amount.least, most), min(amount.greatest, most))


def less(whole: Interval, part: Interval) -> Interval:
    """What is left of a whole without a part of it; of a part of up to so much all of that is set aside.

    >>> less(Interval(50, 50), Interval(0, 35))
    Interval(least=15, greatest=15)
    """
    if math.isinf(part.greatest):
        return Interval(0.0, max(0.0, whole.greatest - part.least))
    return Interval(max(0.0, whole.least - part.greatest), max(0.0, whole.greatest - part.greatest))


def without(whole: Interval, part: Interval, others: Interval) -> Interval:
    """What may be left of a whole without a part of it, beside which there are others in it.

    >>> without(Interval(13, 13), Interval(1, 4), Interval(3, 5))
    Interval(least=9, greatest=12)
    """
    least = max(whole.least - part.greatest, others.least)
    return Interval(least, max(least, whole.greatest - part.least))


def apart(total: Interval, part: Interval) -> Interval:
    """What was added up without one part of it, end by end; of what has no limit no more is known than that.

    >>> apart(Interval(13, 60), Interval(0, 47))
    Interval(least=13, greatest=13)
    """
    greatest = total.greatest - part.greatest if math.isfinite(total.greatest) else math.inf
    return Interval(max(0.0, total.least - part.least), max(0.0, greatest))


def within(part: Interval, whole: Interval) -> Interval:
    """A part of which no more is known than that the whole bounds it.

    >>> within(Interval(0, math.inf), Interval(9, 9))
    Interval(least=0, greatest=9)
    """
    return Interval(part.least, max(part.least, min(part.greatest, whole.greatest)))
