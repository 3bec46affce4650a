"""Charts of claims: ranges instead of points, days as precise as known, and the sources below the picture."""

from partnergraph.reading.charts import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PINK,
    YELLOW,
    Notes,
    billions,
    figure,
    range_bars,
    span_bars,
)

__all__ = ["BLUE", "GREEN", "GREY", "ORANGE", "PALE", "PINK", "YELLOW", "Notes", "billions", "figure", "range_bars", "span_bars"]
