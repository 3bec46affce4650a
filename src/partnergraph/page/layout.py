"""Where entities stand on the map: the heaviest in a core, by how they are related, the rest on a rim around it.

Plain Python floats and no chance: the same graph gives the same places on every machine, and an entity stays
where it is whichever part of the map is shown.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnergraph.page.stress import Point, arrange

if TYPE_CHECKING:
    from partnergraph.page.data import PageData

CORE = 60
# How far apart the shells of the rim and the places on one shell are.
SHELL = 96.0
SLOT = 92.0
# How far the core reaches by the root of its number, and how much of what is beyond its rim is kept.
SPREAD = 62.0
OUTSIDE = 0.3
ROUNDS = 250
# Thousands are drawn too small to be read all at once; their labels need not all have room.
MOVES = 150_000
# The direction from the heaviest entity to the next one: up and a little to the right (y grows downwards).
UPWARDS = -1.2
# Labels with more letters stand on two lines.
ONE_LINE = 17
# How much room a label takes where the map is as small as on a laptop: below the entity, and for each line.
GAP = 4.0
LINE = 20.0
# Half of a letter, for those before each rank; the heaviest have larger letters.
LETTERS = ((8, 5.8), (30, 4.7), (math.inf, 4.3))
STAR = 1.3


@dataclass(frozen=True)
class Body:
    """What the layout has to know of an entity: how long its label is, how large it is drawn and how heavy it is."""

    label: str
    size: float
    rank: int = 0

    def lines(self) -> tuple[int, int]:
        """How many lines the label stands on and how many letters the longest has; the page breaks it in the same way."""
        if len(self.label) <= ONE_LINE or " " not in self.label:
            return 1, len(self.label)
        blanks = [at for at, letter in enumerate(self.label) if letter == " "]
        middle = min(blanks, key=lambda at: abs(at - len(self.label) / 2))
        return 2, max(middle, len(self.label) - middle - 1)

    def half_width(self) -> float:
        """Half of the room that it takes with its label, as wide as that."""
        letter = next(half for most, half in LETTERS if self.rank < most)
        return max(self.size, min(110.0, letter * self.lines()[1] + 4)) + 3

    def half_height(self) -> float:
        """Half of the room that it takes with its label below it."""
        return self.size + self.drop()

    def drop(self) -> float:
        """How far below it the middle of that room lies."""
        return (GAP + LINE * self.lines()[0]) / 2


def size_of(weight: float, shape: str = "dot") -> float:
    """The radius at which an entity is drawn; a star is slim, so its points reach further."""
    radius: float = min(41.0, 7.5 + 2.7 * weight**0.43)
    return round(radius * (STAR if shape == "star" else 1.0), 1)


def places(data: PageData, before: Mapping[str, Point] | None = None) -> list[Point]:
    """A place for each of the entities of a page; whoever has one in ``before`` keeps it."""
    groups = data.lists["groups"]
    bodies = [
        Body(entity["label"], size_of(entity["weight"], groups[entity["group"]]["shape"]), rank)
        for rank, entity in enumerate(data.entities)
    ]
    return positions(bodies, [pair[:2] for pair in data.pairs], [entity["key"] for entity in data.entities], before)


def positions(
    bodies: Sequence[Body], pairs: Sequence[tuple[int, int]], keys: Sequence[str], before: Mapping[str, Point] | None = None
) -> list[Point]:
    """A place for each of the entities, which come with the heaviest first; ``pairs`` are those that are linked.

    Whoever has a place in ``before`` keeps it.
    """
    neighbours: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        neighbours[a].add(b)
        neighbours[b].add(a)
    places = {v: before[key] for v, key in enumerate(keys) if before and key in before}
    kept = set(places)
    if not kept:
        core = _largest_component(range(min(CORE, len(bodies))), neighbours)
        arranged = arrange([keys[v] for v in core], _lengths(core, neighbours))
        places = _scaled(_turned(dict(zip(core, arranged, strict=True)), core))
        separate(places, bodies, hubs=set(core[:7]))
        kept = set(core)
    radius = max((math.hypot(x, y) for x, y in places.values()), default=0.0)
    _place_rim([v for v in range(len(bodies)) if v not in places], places, neighbours, radius + SHELL)
    separate(places, bodies, fixed=kept)
    return [(round(places[v][0], 1), round(places[v][1], 1)) for v in range(len(bodies))]


def _turned(places: dict[int, Point], core: Sequence[int]) -> dict[int, Point]:
    """The places turned and mirrored so that the heaviest entities lie as readers know them.

    An arrangement by distances has no up and no left: without this a single new claim could turn the whole map round.
    """
    if len(core) < 3:
        return places
    (x0, y0), (x1, y1), (x2, y2) = (places[v] for v in sorted(core)[:3])
    turn = UPWARDS - math.atan2(y1 - y0, x1 - x0)
    # On which side of the line through the first two the third one lies.
    side = (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0)
    cosine, sine = math.cos(turn), math.sin(turn)
    flip = -1.0 if side < 0 else 1.0
    turned = {}
    for v, (x, y) in places.items():
        dx, dy = x - x0, y - y0
        along, across = dx * cosine - dy * sine, dx * sine + dy * cosine
        # Mirrored at the line from the first to the second, whose direction stays.
        if flip < 0:
            a, b = math.cos(UPWARDS), math.sin(UPWARDS)
            dot = along * a + across * b
            along, across = 2 * dot * a - along, 2 * dot * b - across
        turned[v] = (along, across)
    middle_x = sum(x for x, _ in turned.values()) / len(turned)
    middle_y = sum(y for _, y in turned.values()) / len(turned)
    return {v: (x - middle_x, y - middle_y) for v, (x, y) in turned.items()}


def _largest_component(members: Sequence[int], neighbours: dict[int, set[int]]) -> list[int]:
    inside, best = set(members), list[int]()
    while inside:
        waiting, found = [min(inside)], set[int]()
        while waiting:
            v = waiting.pop()
            if v in inside:
                inside.discard(v)
                found.add(v)
                waiting += neighbours[v] & inside
        if len(found) > len(best):
            best = sorted(found)
    return best


def _lengths(core: list[int], neighbours: dict[int, set[int]]) -> list[list[float]]:
    """How far apart each two of the core should be: hubs far from each other, those with few links near their hub."""
    inside = set(core)
    linked = {v: sorted(neighbours[v] & inside) for v in core}
    most = math.sqrt(max((len(others) for others in linked.values()), default=1) or 1)

    def length(a: int, b: int) -> float:
        between_hubs = len(linked[a]) > 8 and len(linked[b]) > 8
        crowd = (math.sqrt(len(linked[a])) + math.sqrt(len(linked[b]))) / (2 * most)
        return 1 + 1.5 * crowd * (1.9 if between_hubs else 0.72)

    table = []
    for start in core:
        distance, open_set = {start: 0.0}, {start}
        while open_set:
            v = min(open_set, key=lambda w: (distance[w], w))
            open_set.discard(v)
            for other in linked[v]:
                far = distance[v] + length(v, other)
                if far < distance.get(other, math.inf):
                    distance[other] = far
                    open_set.add(other)
        table.append([distance[v] for v in core])
    return table


def _scaled(places: dict[int, Point]) -> dict[int, Point]:
    """The places as far apart as labels need."""
    radii = sorted(math.hypot(x, y) for x, y in places.values())
    if not radii or not radii[-1]:
        return places
    reach = radii[min(len(radii) - 1, int(0.9 * len(radii)))] or radii[-1]

    def factor(x: float, y: float) -> float:
        # The few that lie far outside would make everything else small.
        far = math.hypot(x, y)
        drawn_in = 1.0 if far <= reach else (reach + OUTSIDE * (far - reach)) / far
        return drawn_in * SPREAD * math.sqrt(len(radii)) / reach

    return {v: (x * factor(x, y), y * factor(x, y)) for v, (x, y) in places.items()}


def _place_rim(rim: list[int], places: dict[int, Point], neighbours: dict[int, set[int]], radius: float) -> None:
    """Gives the rest places on shells, the heavier further inside, each near those that it is linked with."""
    start = 0
    while start < len(rim):
        capacity = max(6, int(2 * math.pi * radius / SLOT))
        shell = rim[start : start + capacity]
        start += capacity
        wanted = {v: _bearing(v, places, neighbours, place) for place, v in enumerate(shell)}
        ordered = sorted(shell, key=lambda v: (wanted[v], v))
        step = 2 * math.pi / len(ordered)
        # The turn of the shell with which all are nearest to where they want to be.
        turns = [wanted[v] - place * step for place, v in enumerate(ordered)]
        turn = math.atan2(math.fsum(map(math.sin, turns)), math.fsum(map(math.cos, turns)))
        for place, v in enumerate(ordered):
            angle = turn + place * step
            far = radius * (1.045 if place % 2 else 1.0)
            places[v] = (far * math.cos(angle), far * math.sin(angle))
        radius += SHELL


def _bearing(v: int, places: dict[int, Point], neighbours: dict[int, set[int]], place: int) -> float:
    near = [places[other] for other in sorted(neighbours[v]) if other in places]
    if not near:
        return place * 2.399963 % (2 * math.pi) - math.pi  # the golden angle spreads those without links
    return math.atan2(math.fsum(y for _, y in near), math.fsum(x for x, _ in near))


def separate(places: dict[int, Point], bodies: Sequence[Body], hubs: Collection[int] = (), fixed: Collection[int] = ()) -> None:
    """Pushes entities apart until no label is on another; those in ``fixed`` stay."""
    width = {v: max(bodies[v].half_width(), 80.0 if v in hubs else 0) for v in places}
    height = {v: max(bodies[v].half_height(), 62.0 if v in hubs else 0) for v in places}
    drop = {v: bodies[v].drop() for v in places}
    order, held = sorted(places), set(fixed)
    # Two of which neither has moved since they were looked at need not be looked at again.
    moving = set(places) - held
    for _ in range(min(ROUNDS, MOVES // max(1, len(order)))):
        moved: set[int] = set()
        for a, b in _close_pairs(order, places):
            if not (a in moving or b in moving or a in moved or b in moved):
                continue
            (ax, ay), (bx, by) = places[a], places[b]
            room_x, room_y = width[a] + width[b], height[a] + height[b]
            lower = by + drop[b] - ay - drop[a]
            over_x, over_y = room_x - abs(ax - bx), room_y - abs(lower)
            if over_x <= 0.05 or over_y <= 0.05:
                continue
            share_a = 0.0 if a in held else 1.0 if b in held else 0.5
            if over_x / room_x < over_y / room_y:
                push = over_x if bx >= ax else -over_x
                places[a], places[b] = (ax - push * share_a, ay), (bx + push * (1 - share_a), by)
            else:
                push = over_y if lower >= 0 else -over_y
                places[a], places[b] = (ax, ay - push * share_a), (bx, by + push * (1 - share_a))
            moved |= {a, b} - held
        if not moved:
            return
        moving = moved


def _close_pairs(order: list[int], places: dict[int, Point]) -> Iterator[tuple[int, int]]:
    """Each two that may overlap, found by a grid as coarse as the largest label; they may be moved while they are told."""
    side = 190.0
    at = [(v, math.floor(places[v][0] / side), math.floor(places[v][1] / side)) for v in order]
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for v, column, row in at:
        for i in (column - 1, column, column + 1):
            for j in (row - 1, row, row + 1):
                for other in cells.get((i, j), ()):
                    yield other, v
        cells[column, row].append(v)
