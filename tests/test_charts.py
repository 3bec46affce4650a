"""Charts show ranges and spans as what they are, and name their sources."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
import pytest

mpl.use("Agg")
from matplotlib.dates import date2num  # the backend comes first
from matplotlib.patches import Rectangle
from matplotlib.pyplot import close

from partnergraph import Graph
from partnergraph.core.spans import Span
from partnergraph.page.marks import Telling
from partnergraph.page.picture import map_picture
from partnergraph.reading.charts import PALE, Notes, billions, figure, range_bars, span_bars


def bars(axes: mpl.axes.Axes) -> list[tuple[int, str, float, float]]:
    """Row, full or pale, start and end of each bar that one can see."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_width()]
    return [
        (
            round(bar.get_y() + bar.get_height() / 2),
            "pale" if bar.get_alpha() == PALE else "full",
            bar.get_x(),
            bar.get_x() + bar.get_width(),
        )
        for bar in found
    ]


def test_a_range_is_full_to_its_least_and_pale_to_its_greatest_value():
    drawn, axes = figure("Ranges", 2)
    frame = pd.DataFrame({"low": pd.array([1, 0, 2, None], "Int64"), "high": pd.array([1.0, 4.0, None, None], "Float64")})
    range_bars(axes, ["exact", "up to", "at least", "nothing"], frame["low"], frame["high"], limit=5)
    assert bars(axes) == [
        (0, "full", 0, 1),
        (1, "pale", 0, 4),
        (2, "full", 0, 2),
        (2, "pale", 2, 5),
        (3, "pale", 0, 5),
    ]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["exact", "up to", "at least", "nothing"]
    assert sum(getattr(text, "arrow_patch", None) is not None for text in axes.texts) == 2
    close(drawn)


def test_a_span_is_full_where_it_surely_holds():
    drawn, axes = figure("Spans", 2)
    spans = [
        Span("2020-01-01", "2020-01-01", "2021-01-01", "2021-01-01"),
        Span("2020-01-01", "2020-12-31", None, None),
        Span(None, None, "2021-01-01", "2021-12-31"),
    ]
    span_bars(axes, ["known", "from some day of 2020", "until 2021"], spans, until="2022-01-01")
    day = {name: date2num(pd.Timestamp(name)) for name in ("2020-01-01", "2020-12-31", "2021-01-01", "2021-12-31", "2022-01-01")}
    assert bars(axes) == [
        (0, "pale", day["2020-01-01"], day["2021-01-01"]),
        (0, "full", day["2020-01-01"], day["2021-01-01"]),
        (1, "pale", day["2020-01-01"], day["2022-01-01"]),
        (1, "full", day["2020-12-31"], day["2022-01-01"]),
        (2, "pale", day["2020-01-01"], day["2021-12-31"]),
    ]
    close(drawn)


def test_notes_number_claims_as_they_are_mentioned(graph: Graph):
    notes = Notes(graph)
    assert notes.mark("claim:microsoft-openai-2019-investment claim:openai-oracle-300b") == "[1][2]"
    assert notes.mark(["openai-oracle-300b", "claim:microsoft-openai-2021-investment"]) == "[2][3]"
    drawn, axes = figure("Money", 2, "how to read it")
    range_bars(axes, ["one"], [1e9], [2e9])
    billions(axes)
    notes.caption(drawn, "A remark.")
    texts = [text.get_text() for text in axes.texts]
    assert "A remark." in texts
    assert any(text.startswith("[1] microsoft-openai-2019-investment: ") for text in texts)
    assert f"3 claims · all claims · partnergraph, content {graph.version}" in texts
    assert "claim:openai-oracle-300b" in notes._repr_html_()
    close(drawn)


@pytest.mark.slow
def test_a_map_has_a_static_picture(graph: Graph):
    shown = graph.map(focus="Mistral AI")
    picture = map_picture(shown.data, shown.places, Telling("Mistral AI", "any day", "tests"))
    assert picture.startswith(b"\x89PNG")
    assert picture == map_picture(shown.data, shown.places, Telling("Mistral AI", "any day", "tests"))
    assert set(shown._repr_mimebundle_()) == {"text/plain", "text/html", "image/png"}
