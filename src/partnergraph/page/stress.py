"""Points in the plane whose distances are as near as can be to given ones, by majorizing the stress.

The start is a ring on which each point has a place that follows from its name alone, so that adding one more
does not turn or mirror the rest.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
ROUNDS = 220


def arrange(keys: Sequence[str], lengths: Sequence[Sequence[float]]) -> list[Point]:
    """A point for each of the keys; ``lengths`` says how far apart each two should be."""
    count = len(keys)
    if count < 2:
        return [(0.0, 0.0)] * count
    mean = math.fsum(map(math.fsum, lengths)) / (count * (count - 1))
    points = [(mean * x, mean * y) for x, y in map(anchor, keys)]
    for _ in range(ROUNDS):
        points = _majorized(points, lengths)
    middle_x, middle_y = math.fsum(x for x, _ in points) / count, math.fsum(y for _, y in points) / count
    return [(x - middle_x, y - middle_y) for x, y in points]


def anchor(key: str) -> Point:
    """A place on the unit circle that only depends on the key."""
    digest = hashlib.sha256(key.encode()).digest()
    angle = 2 * math.pi * int.from_bytes(digest[:4], "big") / 2**32
    return math.cos(angle), math.sin(angle)


def _majorized(points: list[Point], lengths: Sequence[Sequence[float]]) -> list[Point]:
    """One round of majorization, each point to the weighted mean of where the others want it."""
    moved = list(points)
    for i, (x, y) in enumerate(points):
        sum_x = sum_y = total = 0.0
        row = lengths[i]
        for j, (other_x, other_y) in enumerate(moved):
            if i == j:
                continue
            wanted = row[j]
            weight = 1.0 / (wanted * wanted)
            dx, dy = x - other_x, y - other_y
            far = math.sqrt(dx * dx + dy * dy) or 1e-9
            sum_x += weight * (other_x + wanted * dx / far)
            sum_y += weight * (other_y + wanted * dy / far)
            total += weight
        moved[i] = (sum_x / total, sum_y / total)
    return moved
