"""Pictures in SVG that need no script: figures over time as ranges, the neighbourhood of an entity, counts by year."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from partnergraph.base.texts import clean
from partnergraph.show.values import number

W, H = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 30
MAX_POINTS = 200
MAX_AROUND = 16


@dataclass(frozen=True)
class Point:
    """A figure on a day: between which days, from least to greatest (None is open), what it says, its page."""

    first: str
    last: str
    least: float
    greatest: float | None
    says: str
    address: str
    contested: bool = False


def text(value: str) -> str:
    """A text within a picture."""
    return escape(clean(value))


def time_chart(points: Sequence[Point], title: str) -> str:
    """Figures over time: a bar from the least to the greatest value, pale where a value is open, wide where a day is partial."""
    from decimal import Decimal

    points = sorted(points, key=lambda point: point.first)[-MAX_POINTS:]
    if not points:
        return ""
    start, end = _day(points[0].first), max(_day(point.last) for point in points)
    start, end = datetime.date(start.year, 1, 1), datetime.date(min(end.year + 1, 9999), 1, 1)
    top = _nice(max(max(point.greatest if point.greatest is not None else point.least, point.least) for point in points))
    days = max((end - start).days, 1)

    def x(day: str) -> float:
        return LEFT + (W - LEFT - RIGHT) * (_day(day) - start).days / days

    def y(value: float) -> float:
        return H - BOTTOM - (H - TOP - BOTTOM) * min(max(value, 0), top) / top

    parts = [f'<svg class="chart" viewBox="0 0 {W} {H}" role="group" aria-label="{text(title)}">', f"<title>{text(title)}</title>"]
    for step in range(5):
        value = top * step / 4
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{W - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        said = number(Decimal(repr(value))) if value else "0"
        said = said.replace(" billion", " bn").replace(" million", " m").replace(" trillion", " tn")
        parts.append(f'<text class="tick" x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{said}</text>')
    years = range(start.year, end.year)
    every = max(1, math.ceil(len(years) / 9))
    for year in years:
        if (year - start.year) % every == 0:
            at = x(f"{year:04d}-01-01")
            parts.append(f'<text class="tick" x="{at:.1f}" y="{H - 10}">{year}</text>')
            parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{H - BOTTOM}"/>')
    for point in points:
        low, high = x(point.first), x(point.last)
        middle = (low + high) / 2
        least, greatest = point.least, point.greatest if point.greatest is not None else top
        mark = "mark contested" if point.contested else "mark"
        shown = f'<a href="{escape(point.address)}"><g class="{mark}"><title>{text(point.says)}</title>'
        if high - low > 3:
            shown += f'<line class="span" x1="{low:.1f}" x2="{high:.1f}" y1="{y(least):.1f}" y2="{y(least):.1f}"/>'
        if point.greatest is None or point.greatest > least:
            open_end = " open" if point.greatest is None else ""
            shown += (
                f'<line class="range{open_end}" x1="{middle:.1f}" x2="{middle:.1f}" y1="{y(least):.1f}" y2="{y(greatest):.1f}"/>'
            )
        at = y(greatest if point.greatest is not None and not least else least)
        parts.append(f'{shown}<circle cx="{middle:.1f}" cy="{at:.1f}" r="4.5"/></g></a>')
    return "".join([*parts, "</svg>"])


def _day(text_: str) -> datetime.date:
    return datetime.date.fromisoformat(text_)


def _nice(value: float) -> float:
    if value <= 0 or not math.isfinite(value):
        return 1.0
    size = 10 ** math.floor(math.log10(value))
    return float(next(step * size for step in (1, 2, 2.5, 4, 5, 8, 10) if step * size >= value * 0.999))


@dataclass(frozen=True)
class Neighbour:
    """Somebody beside an entity: the name, the page, the place of the family that binds them most, how many claims."""

    name: str
    address: str
    family: int
    claims: int
    group: int = 0


def around(name: str, neighbours: Sequence[Neighbour], labels: Mapping[int, str]) -> str:
    """An entity in the middle of those it shares most claims with; the lines have the colours of families."""
    shown = sorted(neighbours, key=lambda one: -one.claims)[:MAX_AROUND]
    shown.sort(key=lambda one: (one.family, -one.claims))
    width, height, cx, cy, radius_x, radius_y = 740, 420, 370, 206, 178, 150
    told = f"Around {name}: " + ", ".join(f"{one.name} ({one.claims})" for one in shown)
    parts = [f'<svg class="around" viewBox="0 0 {width} {height}" role="group" aria-label="{text(told)}">']
    most = max((one.claims for one in shown), default=1)
    nodes = []
    for place, one in enumerate(shown):
        angle = 2 * math.pi * place / len(shown) - math.pi / 2
        x, y = cx + radius_x * math.cos(angle), cy + radius_y * math.sin(angle)
        wide = 1.2 + 4.8 * math.sqrt(one.claims / most)
        binding = f"{one.claims} claims, most of {labels.get(one.family, 'other kinds')}"
        parts.append(
            f'<line class="link f{one.family}" x1="{cx}" y1="{cy}" x2="{x:.1f}" y2="{y:.1f}" stroke-width="{wide:.1f}">'
            f"<title>{text(binding)}</title></line>"
        )
        side = math.cos(angle)
        anchor, shift = ("start", 11) if side > 0.25 else ("end", -11) if side < -0.25 else ("middle", 0)
        down = 4 if shift else (20 if math.sin(angle) > 0 else -12)
        label = one.name if len(one.name) <= 23 else f"{one.name[:22]}…"
        size = 4.5 + 4 * math.sqrt(one.claims / most)
        nodes.append(
            f'<a href="{escape(one.address)}"><title>{text(one.name)}: {one.claims} claims</title>'
            f'<circle class="node f{one.family}" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
            f'<text class="name" x="{x + shift:.1f}" y="{y + down:.1f}" text-anchor="{anchor}">{text(label)}</text></a>'
        )
    centre = name if len(name) <= 30 else f"{name[:29]}…"
    parts += nodes
    parts.append(f'<circle class="centre" cx="{cx}" cy="{cy}" r="13"/>')
    parts.append(f'<text class="name main" x="{cx}" y="{cy + 31}" text-anchor="middle">{text(centre)}</text></svg>')
    return "".join(parts)


def year_bars(counts: Mapping[str, int], title: str) -> str:
    """How many of something there are in each year."""
    if not counts:
        return ""
    first, last = int(min(counts)), int(max(counts))
    years = range(first, min(last, first + 60) + 1)
    width, height, base = 640, 92, 72
    step = width / len(years)
    most = max(counts.values())
    parts = [f'<svg class="bars" viewBox="0 0 {width} {height}" role="img" aria-label="{text(title)}"><title>{text(title)}</title>']
    every = max(1, math.ceil(len(years) / 12))
    for place, year in enumerate(years):
        count = counts.get(f"{year:04d}", 0)
        tall = (base - 6) * count / most
        parts.append(
            f'<rect x="{place * step + 1:.1f}" y="{base - tall:.1f}" width="{max(step - 2, 1):.1f}" height="{tall:.1f}" rx="2">'
            f"<title>{year}: {count:,}</title></rect>"
        )
        if place % every == 0:
            parts.append(
                f'<text class="tick" x="{place * step + step / 2:.1f}" y="{height - 4}" text-anchor="middle">{year}</text>'
            )
    return "".join([*parts, "</svg>"])
