"""The chart of a series: bands of what a range may be, or of how many rows there are, over the years."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from partnergraph.base.extras import needed
from partnergraph.base.texts import clean
from partnergraph.rdf.terms import Bindings
from partnergraph.reading.charts import BLUE, GREEN, ORANGE, PALE, PINK, YELLOW, Notes, figure
from partnergraph.reading.moments import Moments, bindings_of
from partnergraph.show.values import RANGES, Range, decimal, number, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 4.2
COLORS = (BLUE, ORANGE, GREEN, PINK, YELLOW)
Band = list[tuple[float, float | None] | None]


def draw(series: Moments) -> Figure:
    """The chart: full lines are the least that is known, pale bands reach to the greatest; an open end has none."""
    ranges = next((one for one in RANGES if {f"{one.stem}Min", f"{one.stem}Max"} <= set(series.columns)), None)
    note = "How many rows the answer has: full what surely holds, pale what possibly does." if ranges is None else (
        f"{ranges.stem.capitalize()}: the line is the least that is known, the pale band reaches to the greatest where there is one."
    )  # fmt: skip
    made, axes = figure(f"{series.question.title} {_asked(series)}".strip(), HEIGHT, note)
    left = _draw_counts(axes, series) if ranges is None else _draw_ranges(axes, series, ranges)
    notes = Notes(series.graph)
    if series.moments:
        notes.mark(_claims(series))
    notes.caption(made, left)
    return made


def _asked(series: Moments) -> str:
    return f"({', '.join(f'{name} {value}' for name, value in series.values.items())})" if series.values else ""


def _claims(series: Moments) -> list[str]:
    """The claims that the last answer rests on."""
    return series.moments[-1].sheet.claims


def _draw_counts(axes: Axes, series: Moments) -> str:
    days = _days(series)
    counts = [len(one.sheet.cells) for one in series.moments]
    surely = [one.surely for one in series.moments]
    axes.fill_between(days, [*counts, counts[-1]], step="post", color=BLUE, alpha=PALE, linewidth=0)
    axes.fill_between(days, [*surely, surely[-1]], step="post", color=BLUE, linewidth=0)
    axes.set_ylim(bottom=0)
    _years(axes)
    return ""


def _draw_ranges(axes: Axes, series: Moments, ranges: Range) -> str:
    bands = _bands(series, ranges)
    ranked = sorted(bands, key=lambda name: (-max((one[0] for one in bands[name] if one), default=0.0), name))
    days = _days(series)
    for name, color in zip(ranked, COLORS, strict=False):
        least = [one[0] if one else float("nan") for one in bands[name]]
        greatest = [(one[0] if one[1] is None else one[1]) if one else float("nan") for one in bands[name]]
        least, greatest = [*least, least[-1]], [*greatest, greatest[-1]]
        axes.fill_between(days, least, greatest, step="post", color=color, alpha=PALE, linewidth=0)
        axes.step(days, least, where="post", color=color, linewidth=1.8, label=name)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(needed("matplotlib.ticker").FuncFormatter(lambda value, _: number(Decimal(repr(float(value))))))
    axes.set_ylabel(_unit(series, ranges), fontsize=9)
    if ranked:
        axes.legend(fontsize=8, frameon=False, loc="upper left")
    _years(axes)
    hidden = len(ranked) - len(COLORS)
    return f"{hidden} more rows are not drawn" if hidden > 0 else ""


def _unit(series: Moments, ranges: Range) -> str:
    """The unit of the ranges; none where they differ in it, which the chart cannot tell apart."""
    units = {row[ranges.unit] for one in series.moments for row in bindings_of(one, series.columns) if ranges.unit in row}
    labels = series.graph.labels([unit.value for unit in units if "://" in unit.value])
    return ranges.fixed or (plain(units.pop(), labels) if len(units) == 1 else "")


def _bands(series: Moments, ranges: Range) -> dict[str, Band]:
    """The range of each row over the days, by what tells the row from others; where several are alike, the widest."""
    others = set(ranges.columns()) | {"claim", "claims"}
    seen = [bindings_of(one, series.columns) for one in series.moments]
    iris = {term.value for rows in seen for row in rows for name, term in row.items() if name not in others}
    labels = series.graph.labels([iri for iri in iris if "://" in iri])
    keys = _keys(seen, others)
    bands: dict[str, Band] = {}
    for place, rows in enumerate(seen):
        for row in rows:
            least, greatest = (decimal(row.get(f"{ranges.stem}{end}")) for end in ("Min", "Max"))
            if least is None and greatest is None:
                continue
            name = clean(", ".join(plain(row[key], labels) for key in keys if key in row)) or series.question.name
            band = bands.setdefault(name, [None] * len(seen))
            known = band[place]
            low, high = float(least or 0), None if greatest is None else float(greatest)
            if known is not None:
                low, high = min(low, known[0]), None if high is None or known[1] is None else max(high, known[1])
            band[place] = (low, high)
    return bands


def _keys(seen: list[list[Bindings]], others: set[str]) -> list[str]:
    """The columns that name entities and differ between rows: two suffice to tell them apart."""
    names = dict.fromkeys(name for rows in seen for row in rows for name, term in row.items() if "/entity/" in term.value)
    differing = [name for name in names if name not in others and len({row.get(name) for rows in seen for row in rows}) > 1]
    return differing[:2]


def _days(series: Moments) -> list[float]:
    """The days, and after the last one as much as lies between two: what holds on it is seen as well."""
    dates = needed("matplotlib.dates")
    days = [float(dates.date2num(one.day)) for one in series.moments]
    return [*days, 2 * days[-1] - days[-2] if len(days) > 1 else days[-1] + 1]


def _years(axes: Axes) -> None:
    dates = needed("matplotlib.dates")
    axes.xaxis.set_major_locator(dates.AutoDateLocator())
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(axes.xaxis.get_major_locator()))
    axes.grid(axis="y", color="#e5e7eb", linewidth=0.8)
