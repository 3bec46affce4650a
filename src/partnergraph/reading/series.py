"""A question asked as of one day after another: what holds, month by month."""

from __future__ import annotations

import calendar
import datetime
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.errors import QueryError
from partnergraph.content.queries import Query
from partnergraph.core.graph import GraphCore
from partnergraph.core.moving import Moving
from partnergraph.core.views import parse_day
from partnergraph.rdf.cells import text_of
from partnergraph.rdf.terms import XSD, compact
from partnergraph.reading.moments import Moment, Moments
from partnergraph.reading.sheets import sheet, unsure_marks
from partnergraph.show.sheet import Sheet, condensed
from partnergraph.stores.results import Results

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from partnergraph.show.frames import Names

# Months from one day of a series to the next.
STEPS = {"month": 1, "quarter": 3, "year": 12}
YEARS = 10
# A mistyped year would make a series without end.
MOST_DAYS = 1_200


@dataclass(frozen=True)
class Series(Moments):
    """The answers to one question as of one day after another."""

    @property
    def changes(self) -> list[Moment]:
        """The days on which the answer is not that of the day before."""
        pairs = zip((None, *self.moments), self.moments, strict=False)
        return [now for before, now in pairs if before is None or now.sheet.cells != before.sheet.cells]

    def rows(self) -> list[list[str]]:
        """One row a day and row of its answer: the day, then short names and values; an answer without rows has none."""
        return [[str(one.day), *(_short(cell) for cell in line.split("\t"))] for one in self.moments for line in one.lines]

    def to_pandas(self, names: Names = "short") -> pd.DataFrame:
        """The rows of all days as a pandas DataFrame with the day in the column ``day``; types and ``names`` as for an answer."""
        from partnergraph.show.frames import shortener, to_arrow, to_pandas

        columns = ("day", *self.columns)

        def tsv() -> bytes:
            lines = [f'"{one.day}"^^<{XSD}date>\t{line}' for one in self.moments for line in one.lines]
            return "\n".join(["\t".join(f"?{name}" for name in columns), *lines, ""]).encode()

        return to_pandas(to_arrow(columns, tsv, shortener(names, self.graph.labels)), 0)

    def sheet(self) -> Sheet:
        """The days on which the answer changed, one row each: how many rows, how many of them surely, what came and what went."""
        cells = []
        before: set[str] = set()
        for one in self.changes:
            now = set(_told(one.sheet))
            come, gone = sorted(now - before), sorted(before - now)
            cells.append([str(one.day), str(len(one.sheet.cells)), str(one.surely), "; ".join(come), "; ".join(gone)])
            before = now
        return Sheet(["day", "rows", "surely", "new", "gone"], cells)

    def chart(self) -> Figure:
        """What holds over the years: the range of each row where the answer has one, else how many rows surely and possibly are."""
        from partnergraph.reading.serieschart import draw

        return draw(self)

    def __repr__(self) -> str:
        days = f"{self.moments[0].day} to {self.moments[-1].day}" if self.moments else "no day"
        return f"<series of {self.question.name}: {len(self.moments)} days, {days}>"


def series(  # noqa: PLR0913  # each is one thing to ask
    graph: GraphCore,
    question: str,
    values: Mapping[str, str],
    *,
    every: str = "month",
    first: str | datetime.date | None = None,
    last: str | datetime.date | None = None,
) -> Series:
    """The answers to a question as of the first day of every month, quarter or year, from the first day to the last.

    Without ``last`` it is the last day through which sources were looked through, or today; without ``first`` ten years before.
    """
    if every not in STEPS:
        raise QueryError(f"no step named {every!r}; take one of {', '.join(STEPS)}")
    if graph.view.as_of is not None:
        raise QueryError("a series goes from day to day: leave out the day of the view (as of)")
    query = graph.question(question)
    end = parse_day(last) or _end(graph)
    start = parse_day(first) or _later(end, -12 * YEARS)
    days = list(itertools.islice(_days(start, end, STEPS[every]), MOST_DAYS + 1))
    if not days:
        raise QueryError(f"{end} lies before {start}: write the earlier day first")
    if len(days) > MOST_DAYS:
        raise QueryError(f"a series has at most {MOST_DAYS:,} days; take a later first day, or every quarter or year")
    moving = Moving(graph)
    columns: tuple[str, ...] = ()
    moments = []
    for day in days:
        seen = moving.to(day)
        answer = seen.evaluate(query, query.text, seen.bind(query, values))
        columns = answer.columns
        moments.append(_moment(seen, query, values, answer, day))
    return Series(graph, query, dict(values), columns, tuple(moments))


def _moment(seen: GraphCore, query: Query, values: Mapping[str, str], answer: Results, day: datetime.date) -> Moment:
    data = answer.serialize("tsv")
    # Evaluated once: the rows are read from what was written.
    rows = Results(partial(ox.parse_query_results, data, format=ox.QueryResultsFormat.TSV), data)
    told = condensed(sheet(seen, rows), seen.bound(query, values))
    unsure = unsure_marks(seen, told.claims)
    keys = told.keys or []
    surely = sum(not key or key not in unsure for key in keys) if any(keys) else len(told.cells)
    return Moment(day, data, told, surely)


def _told(content: Sheet) -> Iterator[str]:
    """Each row in a few words: what it says beside the numbers of its claims."""
    kept = [n for n, name in enumerate(content.headings) if name not in {"claim", "claims"}]
    for key, row in zip(content.keys, content.cells, strict=True):
        words = ", ".join(row[n] for n in kept if row[n])
        yield f"{words} ({compact(key)})" if key else words


def _end(graph: GraphCore) -> datetime.date:
    looked = graph.looked_through
    return datetime.date.fromisoformat(looked[-1]) if looked else datetime.datetime.now(tz=datetime.UTC).date()


def _days(start: datetime.date, end: datetime.date, months: int) -> Iterator[datetime.date]:
    """The first day, and the same day of the months after it."""
    number = 0
    while (day := _later(start, number * months)) <= end:
        yield day
        number += 1
        if day.year >= datetime.MAXYEAR - 1:
            return


def _later(day: datetime.date, months: int) -> datetime.date:
    """So many months later, on the last day of a month that has no such day."""
    month = day.year * 12 + day.month - 1 + months
    year, place = max(datetime.MINYEAR, month // 12), month % 12 + 1
    return datetime.date(year, place, min(day.day, calendar.monthrange(year, place)[1]))


def _short(cell: str) -> str:
    return compact(text_of(cell)) if cell.startswith("<") else text_of(cell)
