"""Charts of claims: ranges instead of points, days as precise as known, and the sources below the picture."""

from __future__ import annotations

import datetime
import math
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from partnergraph.base.extras import needed
from partnergraph.base.texts import clean
from partnergraph.core.views import parse_day
from partnergraph.rdf.terms import compact, expand
from partnergraph.reading.citations import footnotes_html, read_citations

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from partnergraph.core.graph import GraphCore
    from partnergraph.core.spans import Span

# Okabe and Ito's colours: told apart by everybody.
BLUE, ORANGE, GREEN, PINK, YELLOW, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#6B7280"
PALE = 0.3
WIDTH = 9.0
MAX_MARKS = 3
MAX_LINES = 12
TITLE_CHARACTERS = 84
LINE_CHARACTERS = 150


def figure(title: str, height: float, note: str = "") -> tuple[Figure, Axes]:
    """A figure of a width that fits a page, with one pair of axes; the title says what one sees, ``note`` how to read it."""
    plt = needed("matplotlib.pyplot")
    made, axes = plt.subplots(figsize=(WIDTH, height), dpi=110, facecolor="white", layout="none")
    head = textwrap.wrap(clean(title), TITLE_CHARACTERS)
    lines = textwrap.wrap(clean(note), 118)
    rise = 8.0
    for line in reversed(lines):
        axes.annotate(line, (0, 1), (0, rise), xycoords="axes fraction", textcoords="offset points", fontsize=8.5, color="#374151")
        rise += 12
    rise += 3 if lines else 0
    for line in reversed(head):
        axes.annotate(line, (0, 1), (0, rise), xycoords="axes fraction", textcoords="offset points", fontsize=12, weight="bold")
        rise += 16
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#e5e7eb", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9)
    return made, axes


def range_bars(  # noqa: PLR0913  # ends of ranges come in two columns
    axes: Axes,
    labels: Sequence[str],
    least: Iterable[Any],
    greatest: Iterable[Any],
    *,
    color: str | Sequence[str] = BLUE,
    limit: float | None = None,
) -> None:
    """A bar for each range, the first on top: full up to the least value, pale from there to the greatest one.

    ``color`` is that of all bars or one for each. A range without a greatest value ends in an arrow at ``limit``; one without any value is an arrow from zero.
    Missing values are None, NaN or pandas' NA.
    """
    ranges = [(_number(low) or 0.0, _number(high)) for low, high in zip(least, greatest, strict=True)]
    ends = [value for pair in ranges for value in pair if value is not None]
    end = limit or 1.08 * max(ends, default=1.0) or 1.0
    colors = [color] * len(ranges) if isinstance(color, str) else color
    for place, ((low, high), paint) in enumerate(zip(ranges, colors, strict=True)):
        axes.barh(place, low, color=paint, height=0.62)
        stop = end if high is None else min(high, end)
        axes.barh(place, max(0.0, stop - low), left=low, color=paint, alpha=PALE, height=0.62)
        if high is not None and high == low:
            axes.plot([low, low], [place - 0.31, place + 0.31], color=paint, linewidth=2)
        if high is None or high > end:
            axes.annotate(
                "",
                (end * 1.02, place),
                (end, place),
                arrowprops={"arrowstyle": "-|>", "color": paint, "alpha": 0.7},
                annotation_clip=False,
            )
    axes.set_yticks(range(len(labels)), [_short(label) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(0, end)


def span_bars(axes: Axes, labels: Sequence[str], spans: Sequence[Span], *, until: str, colors: Sequence[str] = ()) -> None:
    """A bar for each span of time, the first on top: full where it surely holds, pale where it possibly does.

    ``until`` is the last day shown, in ISO text; what has no end by then, or an end that lies beyond, ends in an arrow. A start
    that is not known at all is an arrow to the left.
    """
    dates = needed("matplotlib.dates")
    last = parse_day(until) or datetime.date.max
    known = [day for span in spans for day in (span.starts_earliest, span.ends_earliest) if day is not None]
    first = datetime.date.fromisoformat(min([*known, until])).replace(month=1, day=1)

    def place_of(day: str | None, missing: datetime.date) -> float:
        at = datetime.date.fromisoformat(day) if day is not None else missing
        return float(dates.date2num(min(max(at, first), last)))

    for row, span in enumerate(spans):
        color = colors[row] if colors else BLUE
        start, end = place_of(span.starts_earliest, first), place_of(span.ends_latest, last)
        sure, unsure = place_of(span.starts_latest, last), place_of(span.ends_earliest, last)
        axes.barh(row, end - start, left=start, color=color, alpha=PALE, height=0.6)
        axes.barh(row, max(0.0, unsure - sure), left=sure, color=color, height=0.6)
        if span.ends_latest is None or span.ends_latest > until:
            axes.plot([end], [row], marker=">", color=color, markersize=7, clip_on=False)
        if span.starts_earliest is None:
            axes.plot([start], [row], marker="<", color=color, alpha=0.6, markersize=7, clip_on=False)
    axes.set_yticks(range(len(labels)), [_short(label) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(dates.date2num(first), dates.date2num(last))
    axes.xaxis.set_major_locator(dates.YearLocator())
    axes.xaxis.set_major_formatter(dates.DateFormatter("%Y"))


def billions(axes: Axes, currency: str = "USD") -> None:
    """Writes the amounts on the horizontal axis in billions."""
    ticker = needed("matplotlib.ticker")
    axes.xaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value / 1e9:,.6g}"))
    axes.set_xlabel(f"billion {currency}", fontsize=9)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _short(label: str, width: int = 46) -> str:
    return "\n".join(textwrap.fill(clean(line), width, max_lines=2, placeholder=" …") for line in label.splitlines())


class Notes:
    """The claims that a picture rests on: numbered as they are mentioned, written below it, shown with links."""

    def __init__(self, graph: GraphCore) -> None:
        self.graph = graph
        self.claims: list[str] = []

    def mark(self, claims: str | Iterable[str]) -> str:
        """The numbers of the claims, such as ``[1][2]``; ``claims`` may be a text with blanks between, as frames have it."""
        names = claims.split() if isinstance(claims, str) else list(claims)
        iris = [iri for name in names if (iri := expand(name, default="claim"))]
        self.claims += [iri for iri in dict.fromkeys(iris) if iri not in self.claims]
        numbers = sorted(self.claims.index(iri) + 1 for iri in dict.fromkeys(iris[:MAX_MARKS]))
        more = len(set(iris[MAX_MARKS:]) - set(iris[:MAX_MARKS]))
        return "".join(f"[{number}]" for number in numbers) + (f" +{more}" if more else "")

    def caption(self, figure: Figure, note: str = "") -> None:
        """Writes below the axes what the picture rests on: the best source of each claim, the view, the content."""
        lines = textwrap.wrap(clean(note), LINE_CHARACTERS)
        # One line more costs no more than saying that it is missing.
        shown = self.claims[: MAX_LINES if len(self.claims) > MAX_LINES + 1 else None]
        cited = read_citations(self.graph, shown)
        for number, claim in enumerate(shown, 1):
            best = cited[claim][0].brief() if cited[claim] else "no citation"
            text = f"[{number}] {compact(claim).removeprefix('claim:')}: {best}"
            lines.append(textwrap.shorten(clean(text), LINE_CHARACTERS, placeholder=" …"))
        if len(self.claims) > len(shown):
            lines.append(f"[{len(shown) + 1}] to [{len(self.claims)}]: listed with their sources below the picture")
        lines.append(f"{len(self.claims)} claims · {self.graph.scope} · partnergraph, content {self.graph.version}")
        axes = figure.axes[0]
        figure.canvas.draw()
        # Measured, since the axis has a title only in some charts.
        low = min(box.y0 for one in figure.axes if (box := one.get_tightbbox()) is not None) - axes.bbox.y0
        drop = low * 72 / figure.dpi - 8
        for line in lines:
            axes.annotate(
                line.replace("$", r"\$"), (0, 0), (0, drop), xycoords="axes fraction", textcoords="offset points", va="top", fontsize=6.6,
                color="#4b5563", annotation_clip=False,
            )  # fmt: skip
            drop -= 9.4

    def __repr__(self) -> str:
        return f"<notes on {len(self.claims)} claims>"

    def _repr_html_(self) -> str:
        return footnotes_html(self.graph, self.claims)
