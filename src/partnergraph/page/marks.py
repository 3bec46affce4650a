"""A picture of a map as marks: lines, shapes and texts with their places, for whatever draws them without a browser."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from partnergraph.page.data import PageData, opening_links
from partnergraph.page.layout import size_of
from partnergraph.page.records import Record
from partnergraph.page.stress import Point

INK, MUTED, EDGE, GROUND = "#1b2026", "#565e68", "#7d858f", "#fbfbf9"
# So many entities are shown; more names have no room.
MOST = 60
WIDTH, MARGIN = 1280.0, 28.0
DASHES: dict[int, tuple[float, ...]] = {0: (2, 5), 1: (2, 5), 2: (7, 5)}
# The mean width of a letter by the size of the letters.
LETTER = 0.56
STAR = ((1.1, 0.5), 10)


@dataclass(frozen=True)
class Line:
    """A line between two points, with the words that explain it."""

    start: Point
    finish: Point
    colour: str
    width: float
    dash: tuple[float, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Polygon:
    """A filled or hollow shape with corners."""

    corners: tuple[Point, ...]
    fill: str
    stroke: str = ""
    width: float = 0.0
    title: str = ""


@dataclass(frozen=True)
class Circle:
    """A filled or hollow circle."""

    middle: Point
    radius: float
    fill: str
    stroke: str = ""
    width: float = 0.0
    title: str = ""


@dataclass(frozen=True)
class Words:
    """One line of text: ``anchor`` is start, middle or end, ``halo`` a colour around the letters."""

    at: Point
    text: str
    size: float
    colour: str = INK
    bold: bool = False
    anchor: str = "middle"
    halo: str = ""


Mark = Line | Polygon | Circle | Words


@dataclass(frozen=True)
class Picture:
    """Marks on a ground of a width and a height."""

    width: float
    height: float
    title: str
    about: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Telling:
    """What stands above and below a picture: title, what it shows, where it comes from."""

    title: str
    view: str
    source: str


def map_marks(data: PageData, at: Sequence[Point], telling: Telling, among: Collection[int] | None = None) -> Picture:
    """The heaviest entities of the data where the map has them, or those ``among``, with caption and legend."""
    links = [link for link in opening_links(data, len(data.entities)) if _is_shown(link, among)]
    shown = sorted({end for link in links for end in link[:2]} | set(among or ()))
    shown = shown or list(range(min(MOST, len(data.entities))))
    place, (wide, _) = placed({number: at[number] for number in shown}, (WIDTH - 2 * MARGIN - 160, 860.0), 1.6)
    place = {number: (x + (WIDTH - wide) / 2, y + 120) for number, (x, y) in place.items()}
    radius = {number: size * 0.9 for number, size in shape_sizes(data, shown).items()}
    lowest = max((y for _, y in place.values()), default=0.0) + 70
    marks: list[Mark] = []
    for link in sorted(links, key=lambda link: link[2]):
        marks += link_marks(data, link, place, radius)
    for number in reversed(shown):
        marks.append(shape_mark(data, number, place[number], radius[number]))
    marks += [mark for name in label_marks(data, shown, place, radius).values() for mark in name]
    counts = f"{len(shown)} of {len(data.entities):,} entities, {len(links)} links"
    head: list[Mark] = [
        Words((MARGIN, 34), telling.title, 20, bold=True, anchor="start"),
        Words((MARGIN, 60), f"{counts}, {telling.view}", 12.5, MUTED, anchor="start"),
    ]
    legend, bottom = legend_marks(data, {int(data.entities[number]["group"]) for number in shown}, lowest)
    foot = textwrap.wrap(telling.source, 190)
    notes: list[Mark] = [
        Words((MARGIN, bottom + 18 * line), text, 12.5, MUTED, anchor="start")
        for line, text in enumerate(["Size follows the claims about an entity, width those on a link.", *foot])
    ]
    height = round(bottom + 18 * len(notes) + 14)
    return Picture(WIDTH, height, telling.title, f"{counts}, {telling.view}. {telling.source}", (*head, *marks, *legend, *notes))


def _is_shown(link: Sequence[int], among: Collection[int] | None) -> bool:
    start, finish = link[:2]
    return (start in among and finish in among) if among is not None else max(start, finish) < MOST


def _group(data: PageData, number: int) -> Record:
    group: Record = data.lists["groups"][data.entities[number]["group"]]
    return group


def placed(places: dict[int, Point], box: Point, most: float) -> tuple[dict[int, Point], Point]:
    """The places so large that they fill the width or the height of a box, from its left top on, and how wide and high they are."""
    left, right = min(x for x, _ in places.values()), max(x for x, _ in places.values())
    top, bottom = min(y for _, y in places.values()), max(y for _, y in places.values())
    scale = min(box[0] / max(right - left, 1.0), box[1] / max(bottom - top, 1.0), most)
    found = {number: ((x - left) * scale, (y - top) * scale) for number, (x, y) in places.items()}
    return found, ((right - left) * scale, (bottom - top) * scale)


def shape_sizes(data: PageData, shown: Collection[int]) -> dict[int, float]:
    """How large each of the entities is drawn on the page."""
    return {number: size_of(data.entities[number]["weight"], _group(data, number)["shape"]) for number in shown}


def link_marks(
    data: PageData, link: Sequence[int], place: dict[int, Point], radius: dict[int, float], thin: float = 1.0
) -> list[Mark]:
    """A line between two entities, with a head where its claims have a direction; ``thin`` is how much finer it is than on its own."""
    start, finish, count, family, attested, along, against = link
    (ax, ay), (bx, by) = place[start], place[finish]
    far = math.hypot(bx - ax, by - ay) or 1.0
    ux, uy = (bx - ax) / far, (by - ay) / far
    one = (ax + ux * (radius[start] + 2), ay + uy * (radius[start] + 2))
    other = (bx - ux * (radius[finish] + 2), by - uy * (radius[finish] + 2))
    width = min(5.0, 0.8 + 0.8 * math.log2(count)) * thin
    names = f"{data.entities[start]['label']} – {data.entities[finish]['label']}"
    title = f"{names}: {count} claim{'' if count == 1 else 's'}, most of {data.lists['families'][family]['label']}"
    marks: list[Mark] = [Line(one, other, EDGE, width, DASHES.get(attested, ()), title)]
    if along != against:
        tip, back = (other, 1.0) if along else (one, -1.0)
        length = 8 * thin + 1.5 * width
        bearing = math.atan2(uy * back, ux * back)
        corners = [(tip[0] - length * math.cos(bearing + turn), tip[1] - length * math.sin(bearing + turn)) for turn in (0.4, -0.4)]
        marks.append(Polygon((tip, *corners), EDGE))
    return marks


CORNERS: dict[str, tuple[Point, ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": ((1, 0), (0, 1), (-1, 0), (0, -1)),
    "hexagon": tuple((math.cos(math.pi * step / 3), math.sin(math.pi * step / 3)) for step in range(6)),
    "triangle": ((0, -1), (1, 0.8), (-1, 0.8)),
    "triangleDown": ((0, 1), (1, -0.8), (-1, -0.8)),
    "star": tuple(
        (far * math.cos(math.pi * step / 5 - math.pi / 2), far * math.sin(math.pi * step / 5 - math.pi / 2))
        for step in range(STAR[1])
        for far in [STAR[0][step % 2]]
    ),
}


def shape_mark(data: PageData, number: int, at: Point, radius: float) -> Mark:
    """The shape of an entity, with its name."""
    return _shape(_group(data, number), at, radius, str(data.entities[number]["label"]))


def _shape(group: Record, at: Point, radius: float, title: str = "") -> Mark:
    hollow = bool(group.get("hollow"))
    look = (GROUND if hollow else str(group["light"]), str(group["light"]) if hollow else GROUND, 2.0 if hollow else 1.2, title)
    corners = CORNERS.get(str(group["shape"]))
    if corners is None:
        return Circle(at, radius, *look)
    return Polygon(tuple((at[0] + x * radius, at[1] + y * radius) for x, y in corners), *look)


def label_marks(  # noqa: PLR0913  # each is a part of the picture
    data: PageData,
    shown: list[int],
    place: dict[int, Point],
    radius: dict[int, float],
    *,
    sizes: tuple[float, float] = (15.0, 12.5),
    always: int = 10,
) -> dict[int, list[Mark]]:
    """Names on the first of four sides that is free, the heaviest entities first; without any they are left out, but ``always`` so many not."""
    taken = [
        (x - r * 0.8, y - r * 0.8, x + r * 0.8, y + r * 0.8, number)
        for number in shown
        for x, y in [place[number]]
        for r in [radius[number]]
    ]
    names: dict[int, list[Mark]] = {}
    for rank, number in enumerate(shown):
        size = sizes[0] if rank < 8 else sizes[1]
        lines = textwrap.wrap(str(data.entities[number]["label"]), 18, max_lines=3, placeholder=" …")
        wide, high = max(len(line) for line in lines) * size * LETTER, size * 1.15 * len(lines)
        (x, y), r = place[number], radius[number]
        sides = [(x, y + r + high / 2 + 3), (x + r + wide / 2 + 5, y), (x - r - wide / 2 - 5, y), (x, y - r - high / 2 - 3)]
        boxes = [(cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2) for cx, cy in sides]
        free = [at for at, box in enumerate(boxes) if not any(other[4] != number and _overlap(box, other) for other in taken)]
        if not free and rank >= always:
            continue
        side = free[0] if free else 0
        taken.append((*boxes[side], -1))
        middle, top = sides[side][0], boxes[side][1] + size * 0.58
        names[number] = [
            Words((middle, top + line * size * 1.15), text, size, bold=rank < 8, halo=GROUND) for line, text in enumerate(lines)
        ]
    return names


def _overlap(a: Sequence[float], b: Sequence[float]) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def legend_marks(data: PageData, groups: Collection[int], top: float) -> tuple[list[Mark], float]:
    """What shapes and dashes mean, and how far down that reaches."""
    marks: list[Mark] = []
    x, y = MARGIN + 12, top
    rows: list[tuple[str, Record | tuple[float, ...]]] = [
        (str(group["label"]), group) for number, group in enumerate(data.lists["groups"]) if number in groups
    ]
    rows += [("announced or confirmed", ()), ("reported", DASHES[2]), ("rumoured", DASHES[1])]
    for label, look in rows:
        wide = 44 + len(label) * 12.5 * LETTER + 16
        if x + wide > WIDTH - MARGIN:
            x, y = MARGIN + 12, y + 24
        marks.append(_shape(look, (x, y), 6.5) if isinstance(look, dict) else Line((x - 12, y), (x + 12, y), INK, 2.4, look))
        marks.append(Words((x + 22, y), label[:1].upper() + label[1:], 12.5, anchor="start"))
        x += wide
    return marks, y + 34
