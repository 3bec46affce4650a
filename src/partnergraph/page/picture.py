"""The heart of a map as a picture, for where no script runs and for print."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from partnergraph.page.drawing import draw
from partnergraph.page.marks import Telling, map_marks

if TYPE_CHECKING:
    from partnergraph.page.data import PageData
    from partnergraph.page.stress import Point


def map_picture(
    data: PageData,
    at: Sequence[Point],
    telling: Telling,
    ending: str = "png",
    among: Collection[int] | None = None,
) -> bytes:
    """The heaviest entities of the data where the map has them, or those ``among``, with caption, legend and source."""
    return draw(map_marks(data, at, telling, among), ending)
