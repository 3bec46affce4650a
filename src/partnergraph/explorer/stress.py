"""Points in the plane whose distances are as near as can be to given ones, by majorizing the stress.

The start is the classical scaling of the same distances, so that a small change of the graph is a small change
of the picture. It is turned to fit places that follow from the names alone, so that it does not flip.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
ROUNDS = 220
POWER_ROUNDS = 120


def arrange(keys: Sequence[str], lengths: Sequence[Sequence[float]]) -> list[Point]:
    """A point for each of the keys; ``lengths`` says how far apart each two should be."""
    count = len(keys)
    anchors = [_anchor(key) for key in keys]
    if count < 3:
        return [(float(index), 0.0) for index in range(count)]
    points = _turned(_classical(lengths, anchors), anchors)
    for _ in range(ROUNDS):
        points = _majorized(points, lengths)
    return _turned(points, anchors)


def _anchor(key: str) -> Point:
    """A place on the unit circle that only depends on the key."""
    digest = hashlib.sha256(key.encode()).digest()
    angle = 2 * math.pi * int.from_bytes(digest[:4], "big") / 2**32
    return math.cos(angle), math.sin(angle)


def _majorized(points: list[Point], lengths: Sequence[Sequence[float]]) -> list[Point]:
    """One round of stress majorization, each point to the weighted mean of where the others want it."""
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


def _classical(lengths: Sequence[Sequence[float]], anchors: list[Point]) -> list[Point]:
    """The two main axes of the doubly centred squares of the distances."""
    count = len(lengths)
    squares = [[far * far for far in row] for row in lengths]
    means = [math.fsum(row) / count for row in squares]
    mean = math.fsum(means) / count
    matrix = [[-(squares[i][j] - means[i] - means[j] + mean) / 2 for j in range(count)] for i in range(count)]
    axes: list[list[float]] = []
    for axis in range(2):
        vector = [anchor[axis] + 0.01 for anchor in anchors]
        for _ in range(POWER_ROUNDS):
            vector = [math.fsum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]
            for other in axes:
                along = math.fsum(a * b for a, b in zip(vector, other, strict=True))
                vector = [a - along * b for a, b in zip(vector, other, strict=True)]
            length = math.sqrt(math.fsum(a * a for a in vector)) or 1.0
            vector = [a / length for a in vector]
        axes.append(vector)
    return [(axes[0][i] * count, axes[1][i] * count) for i in range(count)]


def _turned(points: list[Point], anchors: list[Point]) -> list[Point]:
    """The points centred, turned and if need be mirrored to lie nearest to the anchors."""
    count = len(points)
    mean_x, mean_y = math.fsum(x for x, _ in points) / count, math.fsum(y for _, y in points) / count
    best: tuple[float, list[Point]] | None = None
    for mirror in (1.0, -1.0):
        centred = [((x - mean_x) * mirror, y - mean_y) for x, y in points]
        dot = math.fsum(x * ax + y * ay for (x, y), (ax, ay) in zip(centred, anchors, strict=True))
        cross = math.fsum(x * ay - y * ax for (x, y), (ax, ay) in zip(centred, anchors, strict=True))
        angle = math.atan2(cross, dot)
        cos, sin = math.cos(angle), math.sin(angle)
        fit = math.hypot(dot, cross)
        if best is None or fit > best[0]:
            best = fit, [(x * cos - y * sin, x * sin + y * cos) for x, y in centred]
    return best[1] if best else points
