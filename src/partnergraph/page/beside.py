"""Small multiples without a browser: one view on several days, or money of several houses, side by side; amounts by one scale."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from partnergraph.base.errors import QueryError
from partnergraph.page.data import PageData, opening_links
from partnergraph.page.marks import (
    LETTER,
    MARGIN,
    MOST,
    MUTED,
    WIDTH,
    Line,
    Mark,
    Picture,
    Polygon,
    Telling,
    Words,
    label_marks,
    legend_marks,
    link_marks,
    placed,
    shape_mark,
    shape_sizes,
)
from partnergraph.page.streams import (
    LETTER_BOLD,
    Flow,
    Look,
    bars,
    height,
    kind_marks,
    looks,
    reading,
    scale_of,
    seats,
    stream_marks,
)
from partnergraph.page.stress import Point

# How far from each other pictures are, and how high the title of one is.
APART, TITLE, TOP = 16.0, 40.0, 84.0
FRAME = "#d8dadd"
# How high a map of one day is by its width.
SHAPE = 0.72
# So many flows are drawn in all: half as many as on a picture of one day, as on the page.
FLOWS = 12
# Amounts and how they are attested have room in pictures as wide as these.
MONEY_COLUMNS = 2
# How high the largest flow is, and how wide names are.
LARGEST, NAMES = 84.0, 150.0
# How far below each other the lines are that say what a house pays and gets.
LINE = 17.0


@dataclass(frozen=True)
class Day:
    """What is drawn of one day or house: its title and how much there is, and the marks with the corner of its picture as origin."""

    title: str
    told: str
    marks: Sequence[Mark]
    lines: Sequence[str] = ()


def _width(columns: int) -> float:
    return (WIDTH - 2 * MARGIN - (columns - 1) * APART) / columns


def map_days(
    whole: PageData,
    at: Sequence[Point],
    days: Mapping[str, PageData],
    telling: Telling,
    among: Collection[int] | None = None,
) -> Picture:
    """The heaviest entities of a page, or those ``among``, as they are linked on each of the days."""
    columns = 2 if len(days) in {2, 4} else 3
    wide = _width(columns)
    high = wide * SHAPE
    numbers = {entity["key"]: number for number, entity in enumerate(whole.entities)}
    chosen = set(range(min(MOST, len(whole.entities))) if among is None else among)
    links = {day: _links(data, numbers, chosen) for day, data in days.items()}
    there = {day: {end for link in found for end in link[:2]} for day, found in links.items()}
    shown = sorted(set().union(*there.values()))
    if not shown:
        raise QueryError("no claim of these days links two of the entities that are shown; there is nothing to draw")
    box = (wide - 110, high - TITLE - 60)
    place, (across, down) = placed({number: at[number] for number in shown}, box, 1.0)
    shift = (wide - across) / 2, TITLE + (high - TITLE - 18 - down) / 2
    place = {number: (x + shift[0], y + shift[1]) for number, (x, y) in place.items()}
    radius = {number: size * 0.55 for number, size in shape_sizes(whole, shown).items()}
    names = label_marks(whole, shown, place, radius, sizes=(12.0, 10.5), always=3)
    drawn = []
    for day, found in links.items():
        marks: list[Mark] = []
        for link in sorted(found, key=lambda link: link[2]):
            marks += link_marks(whole, link, place, radius, thin=0.6)
        for number in sorted(there[day], reverse=True):
            marks.append(shape_mark(whole, number, place[number], radius[number]))
        marks += [mark for number in shown if number in there[day] for mark in names.get(number, ())]
        drawn.append(Day(day, f"{_plural(len(there[day]), 'entity', 'entities')}, {_plural(len(found), 'link')}", marks))
    groups = {int(whole.entities[number]["group"]) for number in shown}
    note = "Each entity stands in the same place on all days. Size follows the claims about an entity, width those on a link of that day."
    count = f"{len(shown)} of {len(whole.entities):,} entities, on {len(days)} days"
    return _sheet(
        drawn, columns, (wide, high), telling, count=count, notes=[note], legend=lambda top: legend_marks(whole, groups, top)
    )


def _links(data: PageData, numbers: Mapping[str, int], chosen: Collection[int]) -> list[list[int]]:
    """The links of a day among the chosen, with the numbers that the entities have on the whole page."""
    own = [numbers.get(entity["key"], -1) for entity in data.entities]
    links = [[own[link[0]], own[link[1]], *link[2:]] for link in opening_links(data, len(data.entities))]
    return [link for link in links if link[0] in chosen and link[1] in chosen]


def money_days(days: Mapping[str, Sequence[Flow]], purposes: Sequence[str], telling: Telling) -> Picture:
    """The largest flows of each day in turn as streams, each in the same place on all of them."""
    wide = _width(MONEY_COLUMNS)
    keys = _largest(list(days.values()))
    largest = {key: max((flow for flows in days.values() for flow in flows if flow.key == key), key=_rank) for key in keys}
    union = sorted(largest.values(), key=lambda flow: (-flow.weight, -flow.limit, flow.key))
    scale = scale_of(union, LARGEST)
    letters = int((NAMES - 24) / (11 * LETTER_BOLD))
    look = Look(NAMES, wide - NAMES, TITLE + 10, scale, size=10.5, bar=8.0, name=11.0, letters=letters)
    starts, ends = seats(union, look)
    colours = looks(purposes)
    bottom = max(y + height(flow, scale) / 2 for slots in (starts, ends) for flow, y in slots.items())
    drawn = []
    for day, flows in days.items():
        # The flows of the day, in the places of those that are the largest of any day.
        own = [(flow, largest[flow.key]) for flow in flows if flow.key in largest]
        at_payer, at_payee = ({flow: slots[seat] for flow, seat in own} for slots in (starts, ends))
        marks = stream_marks(at_payer, at_payee, look, colours)
        for slots, end in ((at_payer, "payer"), (at_payee, "payee")):
            marks += bars(slots, end, look, lambda flow: height(flow, scale))
        drawn.append(Day(day, f"{len(own)} of {_plural(len(flows), 'flow')}", marks))
    shown = [name for name in purposes if name in {flow.purpose for flow in union}]
    count = f"The {len(union)} largest flows of money committed of which an amount is stated, on {len(days)} days"
    notes = [*reading(union), "Heights have one scale on all days."]
    return _sheet(
        drawn,
        MONEY_COLUMNS,
        (wide, bottom + 16),
        telling,
        count=count,
        notes=notes,
        legend=lambda top: (kind_marks(shown, colours, top), top + 34),
    )


def money_houses(
    houses: Mapping[str, Sequence[Flow]], lines: Mapping[str, Sequence[str]], purposes: Sequence[str], telling: Telling
) -> Picture:
    """The largest flows of each of several houses as streams, with ``lines`` of what it pays and gets in all above them."""
    wide = _width(MONEY_COLUMNS)
    each = max(4, 2 * FLOWS // len(houses))
    shown = {house: list(flows[:each]) for house, flows in houses.items()}
    union = [flow for flows in shown.values() for flow in flows]
    scale = scale_of(union, LARGEST)
    letters = int((NAMES - 24) / (11 * LETTER_BOLD))
    top = TITLE + 10 + LINE * max(map(len, lines.values()), default=0)
    look = Look(NAMES, wide - NAMES, top, scale, size=10.5, bar=8.0, name=11.0, letters=letters)
    colours = looks(purposes)
    drawn = []
    bottom = top
    for house, flows in shown.items():
        starts, ends = seats(flows, look)
        marks = stream_marks(starts, ends, look, colours)
        for slots, end in ((starts, "payer"), (ends, "payee")):
            marks += bars(slots, end, look, lambda flow: height(flow, scale))
        bottom = max([bottom, *(y + height(flow, scale) / 2 for slots in (starts, ends) for flow, y in slots.items())])
        drawn.append(Day(house, f"{len(flows)} of {_plural(len(houses[house]), 'flow')}", marks, lines[house]))
    kept = [name for name in purposes if name in {flow.purpose for flow in union}]
    return _sheet(
        drawn,
        MONEY_COLUMNS,
        (wide, bottom + 16),
        telling,
        count=f"The largest flows of money committed of {_plural(len(houses), 'house')}",
        notes=[*reading(union), "Heights have one scale for all houses; what a house pays and gets counts a joint deal once."],
        legend=lambda top: (kind_marks(kept, colours, top), top + 34),
    )


def _plural(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def _rank(flow: Flow) -> tuple[float, float]:
    return flow.weight, flow.limit


def _largest(days: Sequence[Sequence[Flow]]) -> list[tuple[str, str, str]]:
    """Which flows are drawn: the largest of each day, then the second of each, so that the last days do not push out the first."""
    chosen: dict[tuple[str, str, str], None] = {}
    for rank in range(max(map(len, days))):
        for flows in days:
            if rank < len(flows) and len(chosen) < FLOWS:
                chosen[flows[rank].key] = None
    return list(chosen)


def _sheet(  # noqa: PLR0913  # each is a part of the sheet
    days: Sequence[Day],
    columns: int,
    size: Point,
    telling: Telling,
    *,
    count: str,
    notes: Sequence[str],
    legend: Callable[[float], tuple[list[Mark], float]],
) -> Picture:
    """The pictures in their rows with title, count, legend, notes and source."""
    wide, high = size
    about = f"{count}, {telling.view}"
    head = textwrap.wrap(about, 190)
    top = TOP + 18 * (len(head) - 1)
    marks: list[Mark] = [Words((MARGIN, 34), telling.title, 20, bold=True, anchor="start")]
    marks += [Words((MARGIN, 60 + 18 * line), text, 12.5, MUTED, anchor="start") for line, text in enumerate(head)]
    for number, day in enumerate(days):
        left, upper = MARGIN + number % columns * (wide + APART), top + number // columns * (high + APART)
        marks += _frame(left, upper, wide, high)
        marks.append(Words((left + 12, upper + 20), day.title, 14, bold=True, anchor="start"))
        after = max(110.0, 24 + len(day.title) * 14 * LETTER_BOLD)
        marks.append(Words((left + after, upper + 20), day.told, 11.5, MUTED, anchor="start"))
        fits = int((wide - 24) / (11.5 * LETTER))
        for line, text in enumerate(day.lines):
            told_line = textwrap.shorten(text, fits, placeholder=" …")
            marks.append(Words((left + 12, upper + 24 + LINE * (line + 1)), told_line, 11.5, anchor="start"))
        marks += [moved(mark, left, upper) for mark in day.marks]
    end = top + math.ceil(len(days) / columns) * (high + APART) - APART
    rows, bottom = legend(end + 28)
    foot = [*notes, *textwrap.wrap(telling.source, 190)]
    marks += rows
    marks += [Words((MARGIN, bottom + 18 * line), text, 12.5, MUTED, anchor="start") for line, text in enumerate(foot)]
    told = "; ".join(": ".join([day.title, "; ".join([day.told, *day.lines])]) for day in days)
    height = round(bottom + 18 * len(foot) + 14)
    return Picture(WIDTH, height, telling.title, f"{about}. {told}. {telling.source}", tuple(marks))


def _frame(left: float, top: float, wide: float, high: float) -> list[Mark]:
    corners = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
    return [Line(corner, corners[(at + 1) % 4], FRAME, 1.0) for at, corner in enumerate(corners)]


def moved(mark: Mark, right: float, down: float) -> Mark:
    """The mark further to the right and further down."""

    def there(point: Point) -> Point:
        return point[0] + right, point[1] + down

    match mark:
        case Line():
            return replace(mark, start=there(mark.start), finish=there(mark.finish))
        case Words():
            return replace(mark, at=there(mark.at))
        case Polygon():
            return replace(mark, corners=tuple(map(there, mark.corners)))
        case _:
            return replace(mark, middle=there(mark.middle))
