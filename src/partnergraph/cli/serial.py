"""How a series is printed: what changed and when, all rows for programs; how charts are written into files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from partnergraph.base.errors import OutputError
from partnergraph.base.extras import needed
from partnergraph.base.spreadsheets import write_csv
from partnergraph.base.texts import clean
from partnergraph.cli.output import echo, tell, width, write_bytes
from partnergraph.content.queries import ANY
from partnergraph.show.sheet import markdown, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from partnergraph.reading.series import Series

FORMATS = ("table", "markdown", "csv", "json")
PICTURES = (".png", ".svg", ".pdf")


def print_series(series: Series, format: str, chart: Path | None) -> None:
    """The series in the format asked for; with ``chart`` also as a picture in that file."""
    if format not in FORMATS:
        raise OutputError(f"a series is written as {', '.join(FORMATS)}, not as {format}")
    check_chart(chart)
    if format == "csv":
        write_bytes(write_csv(["day", *series.columns], series.rows()), "csv")
    elif format == "json":
        rows = [dict(zip(("day", *series.columns), row, strict=True)) for row in series.rows()]
        write_bytes((json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode(), "json")
    else:
        content = series.sheet()
        if format == "table":
            asked = ", ".join(f"{name} = {'any' if value == ANY else clean(value)}" for name, value in series.values.items())
            echo("\n".join(filter(None, [clean(series.question.title), asked])) + "\n")
        echo(markdown(content) if format == "markdown" else table(content, width()))
        days = f"{series.moments[0].day} to {series.moments[-1].day}"
        counts = f"{len(content.cells)} of {len(series.moments)} days differ from the day before"
        echo(f"{days}: {counts} · {series.graph.scope} · content {series.graph.version}")
    if chart is not None:
        write_chart(series.chart, chart)


def check_chart(chart: Path | None) -> None:
    """Raises OutputError for a file that is no picture."""
    if chart is not None and chart.suffix.lower() not in PICTURES:
        raise OutputError(f"{chart}: a chart is a file that ends in {', '.join(PICTURES)}")


def write_chart(draw: Callable[[], Figure], chart: Path) -> None:
    """Draws a chart into a file."""
    needed("matplotlib").use("agg")
    try:
        draw().savefig(chart, bbox_inches="tight")
    except OSError as error:
        raise OutputError(f"{chart}: the chart cannot be written: {error.strerror or error}") from None
    tell(f"{chart}: written")
