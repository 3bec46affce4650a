"""The chart of a ledger: what of each deal, or between each two parties, is paid, committed, conditional and intended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnergraph.ledger.amounts import NOTHING, Interval
from partnergraph.reading.charts import BLUE, GREEN, GREY, ORANGE, Notes, billions, figure, range_bars

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from partnergraph.core.graph import GraphCore

COLORS = {"paid": GREEN, "committed": BLUE, "conditional": ORANGE, "intended": GREY}
MOST_BARS = 30
ROOM, LINE = 1.0, 0.33
NOTE = "Full to the least that is known, pale to the greatest, an arrow where there is no limit. Committed holds what is paid, under way or signed."


@dataclass(frozen=True)
class Line:
    """What is drawn of one deal or pair: its name, its amounts by kind, the claims it rests on."""

    name: str
    amounts: dict[str, Interval]
    claims: tuple[str, ...]

    def drawn(self) -> list[tuple[str, Interval]]:
        """Each kind of which there is something; where there is nothing at all, that nothing is committed."""
        return [one for one in self.amounts.items() if one[1] != NOTHING] or [("committed", NOTHING)]


def draw(graph: GraphCore, title: str, lines: Sequence[Line], currency: str, left: str = "") -> Figure:
    """The chart; the first lines as far as there is room, ``left`` says what else is not drawn."""
    bars = [(line, kind, value) for line in lines for kind, value in line.drawn()]
    drawn = bars[:MOST_BARS]
    hidden = len(lines) - len({line.name for line, _, _ in drawn})
    made, axes = figure(title, ROOM + LINE * max(len(drawn), 3), NOTE)
    notes = Notes(graph)
    marks = {line.name: notes.mark(line.claims) for line, _, _ in drawn}
    range_bars(
        axes,
        [f"{line.name}\n{kind} {marks[line.name]}" for line, kind, _ in drawn],
        [value.least for _, _, value in drawn],
        [value.greatest if math.isfinite(value.greatest) else None for _, _, value in drawn],
        color=[COLORS[kind] for _, kind, _ in drawn],
    )
    billions(axes, currency)
    told = [f"{hidden} more {'lines are' if hidden > 1 else 'line is'} not drawn" if hidden > 0 else "", left]
    notes.caption(made, "; ".join(filter(None, told)))
    return made
