"""The Herfindahl-Hirschman index and shares where each firm's weight is only known to lie in an interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, product

from partnergraph.ledger.amounts import Interval

__all__ = ["hhi", "hhi_of_shares", "index", "shares"]

# Corners are tried one by one up to so many firms of unknown weight; beyond, the greatest index is bounded from above.
MAX_FREE = 14
NOTHING_KNOWN = Interval(0.0, 1.0)


def shares(weights: Sequence[Interval]) -> list[Interval]:
    """The share of each firm of all of them, over every choice of weights."""
    # What stands before and after each, rather than all without it: infinite weights cannot be taken away again.
    before = [(0.0, 0.0), *accumulate(((one.least, one.greatest) for one in weights), _plus)]
    after = [(0.0, 0.0), *accumulate(((one.least, one.greatest) for one in reversed(weights)), _plus)][::-1]
    found = []
    for number, own in enumerate(weights):
        least, greatest = _plus(before[number], after[number + 1])
        found.append(Interval(_part(own.least, greatest), _part(own.greatest, least)))
    return found


def _plus(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] + other[0], one[1] + other[1]


def _part(own: float, others: float) -> float:
    if math.isinf(own):
        return 1.0
    return own / (own + others) if own > 0 else 0.0


def hhi(weights: Sequence[Interval]) -> Interval:
    """The index from 0 to 1 of firms whose weights lie in intervals, over every choice of weights."""
    held = [weight for weight in weights if weight.greatest > 0]
    return Interval(_least(held), _greatest(held)) if held else NOTHING_KNOWN


def hhi_of_shares(stated: Sequence[Interval]) -> Interval:
    """The index from 0 to 1 of firms whose shares are stated; what they leave belongs to very many, to one, or to anything between."""
    least = math.fsum(share.least**2 for share in stated)

    def with_one_more(corner: Sequence[float]) -> float:
        return math.fsum(share**2 for share in corner) + max(0.0, 1.0 - math.fsum(corner)) ** 2

    free = [share for share in stated if share.least < share.greatest]
    fixed = [share.least for share in stated if share.least == share.greatest]
    if len(free) <= MAX_FREE:
        greatest = max(with_one_more([*fixed, *corner]) for corner in product(*((one.least, one.greatest) for one in free)))
    else:
        greatest = (
            math.fsum(share.greatest**2 for share in stated) + max(0.0, 1.0 - math.fsum(share.least for share in stated)) ** 2
        )
    # Shares that come to more than the whole are of several times or contradict each other; no index is above 1.
    return Interval(min(least, 1.0), min(greatest, 1.0))


def index(weights: Iterable[float]) -> float:
    """The index of known weights; 0 where there are none."""
    listed = list(weights)
    whole = math.fsum(listed)
    return math.fsum((weight / whole) ** 2 for weight in listed) if whole > 0 else 0.0


def _least(weights: list[Interval]) -> float:
    """The least index: every weight as near as its interval allows to one level, the best of all levels.

    The index is quasi-convex in the weights (a norm over a sum), so its least value has that form, and between
    two neighbouring ends of intervals the best level has a closed form.
    """
    levels = sorted({end for weight in weights for end in (weight.least, weight.greatest) if 0 < end < math.inf})
    begins, ends = (Counter(getattr(weight, end) for weight in weights) for end in ("least", "greatest"))
    # Weights whose interval holds the level are at it; of all others the sum and the sum of squares, exactly, as ends pass by.
    free = begins[0.0]
    fixed = sum((Fraction(weight.least) for weight in weights), Fraction(0))
    squares = sum((Fraction(weight.least) ** 2 for weight in weights), Fraction(0))
    best, best_level = math.inf, 1.0
    for low, high in zip([0.0, *levels], [*levels, math.inf], strict=True):
        if low:
            end, moved = Fraction(low), ends[low] - begins[low]
            fixed, squares, free = fixed + moved * end, squares + moved * end**2, free - moved
        for level in (low, min(max(float(squares / fixed) if fixed else 1.0, low), high)):
            whole = float(fixed) + free * level
            if whole > 0 and (value := (float(squares) + free * level**2) / whole**2) < best:
                best, best_level = value, level
    return index(_clip(best_level, weight) for weight in weights)


def _clip(level: float, weight: Interval) -> float:
    return min(max(level, weight.least), weight.greatest)


def _greatest(weights: list[Interval]) -> float:
    """The greatest index: it lies at a corner, each weight at one of its ends."""
    if any(math.isinf(weight.greatest) for weight in weights):
        return 1.0
    free = [weight for weight in weights if weight.least < weight.greatest]
    fixed = [weight.least for weight in weights if weight.least == weight.greatest]
    if not math.fsum(weight.least for weight in weights) > 0:
        return 1.0
    if len(free) <= MAX_FREE:
        return max(index([*fixed, *corner]) for corner in product(*((one.least, one.greatest) for one in free)))
    # One over the index is the greatest of 2ts - ttq over all t, with the sum s and the sum of squares q: any t bounds it.
    # Of the two ends of an interval the one farther from 1/t adds less.
    ordered = sorted((one for one in weights if one.greatest > 0), key=lambda one: one.least + one.greatest)
    low_sums = [(0.0, 0.0), *accumulate(((one.least, one.least**2) for one in ordered), _plus)]
    high_sums = [(0.0, 0.0), *accumulate(((one.greatest, one.greatest**2) for one in reversed(ordered)), _plus)][::-1]
    best = 0.0
    for number, one in enumerate(ordered):
        t = 2 / (one.least + one.greatest)
        s, q = _plus(low_sums[number], high_sums[number])
        best = max(best, 2 * t * s - t * t * q)
    return min(1.0, 1 / best) if best > 1 else 1.0
