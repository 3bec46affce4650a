"""The Herfindahl-Hirschman index and shares where each firm's weight is only known to lie in an interval."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import product

from partnergraph.analysis.amounts import Interval

# Corners are tried one by one up to so many firms of unknown weight; beyond, the greatest index is bounded from above.
MAX_FREE = 14
NOTHING_KNOWN = Interval(0.0, 1.0)


def shares(weights: Sequence[Interval]) -> list[Interval]:
    """The share of each firm of all of them, over every choice of weights."""
    found = []
    for number, own in enumerate(weights):
        others = [*weights[:number], *weights[number + 1 :]]
        least = math.fsum(one.least for one in others)
        greatest = math.fsum(one.greatest for one in others)
        found.append(Interval(_part(own.least, greatest), _part(own.greatest, least)))
    return found


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
    candidates = [*levels]
    for low, high in zip([0.0, *levels], [*levels, math.inf], strict=True):
        fixed = [_clip(low, weight) for weight in weights if not weight.least <= low < high <= weight.greatest]
        whole = math.fsum(fixed)
        level = math.fsum(weight**2 for weight in fixed) / whole if whole > 0 else 1.0
        candidates.append(min(max(level, low), high))
    return min(value for value in (index(_clip(level, weight) for weight in weights) for level in candidates) if value > 0)


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
    levels = [2 / (one.least + one.greatest) for one in weights if one.greatest > 0]

    def bound(t: float) -> float:
        return math.fsum(min(2 * t * end - (t * end) ** 2 for end in (one.least, one.greatest)) for one in weights)

    best = max(bound(t) for t in levels)
    return min(1.0, 1 / best) if best > 1 else 1.0
