"""Findings as tables: rows of plain values, intervals, entities and the claims that each row rests on."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from partnergraph.analysis.amounts import Interval
from partnergraph.readable import amount
from partnergraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    import pandas as pd

    from partnergraph.frames import Names
    from partnergraph.graph import Graph
    from partnergraph.render import Sheet

Value: TypeAlias = str | int | float | bool | Interval | tuple[str, ...] | None
# A cell with more claims than this names the best founded ones; csv and json have all.
MAX_CITED = 3
MAX_NAMED = 3
# Between the stations of a route in a text.
ARROW = " → "


@dataclass(frozen=True)
class Table:
    """One table of an analysis.

    The column ``claim`` is a tuple of short names of claims; texts that are short names of entities are shown
    as labels; ``units`` names the unit of the columns that are intervals.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class Findings:
    """What an analysis found: its tables, which of them is the finding itself, and notes that say how to read them."""

    tables: list[Table]
    notes: list[str] = field(default_factory=list)
    main: int = -1
    graph: Graph | None = field(default=None, compare=False)

    def of(self, graph: Graph) -> Findings:
        """The same findings, knowing in what they were found: labels and citations are then at hand."""
        return replace(self, graph=graph)

    def to_pandas(self, title: str = "", names: Names = "short") -> pd.DataFrame:
        """The table with the title, or the one that is the finding itself, as a pandas DataFrame.

        Of an interval both ends are columns, ``…_min`` and ``…_max``, without a value where there is no bound; claims stand
        as texts with blanks between. ``names`` as for an answer.
        """
        from partnergraph.frames import table_to_pandas

        return table_to_pandas(self, title, names)

    def __repr__(self) -> str:
        return f"<Findings: {'; '.join(f'{table.title} ({len(table.rows)})' for table in self.tables)}>"

    def _repr_html_(self) -> str:
        from partnergraph.notebook import findings_html

        return findings_html(self)


def sheets(graph: Graph, findings: Findings) -> list[Sheet]:
    """The tables made readable; the numbers of claims run through all of them."""
    from partnergraph.render import Sheet

    cells = [cell for table in findings.tables for row in table.rows for cell in row if isinstance(cell, str | tuple)]
    words = {word for cell in cells for word in (cell.split(ARROW) if isinstance(cell, str) else cell)}
    iris = {word: _iri(word) for word in words if word.startswith("ent:")}
    found = graph.labels(iris.values())
    labels = {word: found.get(iri, word) for word, iri in iris.items()}
    numbers: dict[str, int] = {}
    made = []
    for table in findings.tables:
        lines = []
        for row in table.rows:
            line = []
            for name, value in zip(table.columns, row, strict=True):
                if name == "claim" and isinstance(value, tuple):
                    shown = "".join(f"[{numbers.setdefault(_iri(claim), len(numbers) + 1)}]" for claim in value[:MAX_CITED])
                    line.append(shown + (f" and {len(value) - MAX_CITED} more" if len(value) > MAX_CITED else ""))
                else:
                    line.append(_text(value, table.units.get(name, ""), labels))
            lines.append(line)
        made.append(Sheet([name.replace("_", " ") for name in table.columns], lines))
    if made:
        made[-1].claims = list(numbers)
    return made


def _iri(word: str) -> str:
    prefix, _, local = word.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else word


def _text(value: Value, unit: str, labels: Mapping[str, str]) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Interval():
            if unit == "share":
                return share(value)
            if not value.known:
                return "not stated"
            return amount(decimal_or_none(value.least), decimal_or_none(value.greatest), unit)
        case tuple():
            more = f" and {len(value) - MAX_NAMED} more" if len(value) > MAX_NAMED else ""
            return ", ".join(labels.get(word, word) for word in value[:MAX_NAMED]) + more
        case float():
            return f"{value:.3g}"
        case int():
            return f"{value:,}"
    return ARROW.join(labels.get(word, word) for word in value.split(ARROW))


def decimal_or_none(value: float) -> Decimal | None:
    """The number as a decimal, or None where there is no bound."""
    return Decimal(repr(value)) if math.isfinite(value) else None


def share(value: Interval) -> str:
    """A share in per cent as a range.

    >>> share(Interval(0.25, 0.5))
    '25% to 50%'
    """
    low, high = (f"{end * 100:.3g}%" for end in (value.least, value.greatest))
    return low if low == high else f"{low} to {high}"


def to_csv(table: Table) -> bytes:
    """The table as CSV: short names, both ends of an interval (empty for none), claims with blanks between."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    intervals = _interval_columns(table)
    header: list[str] = []
    for name in table.columns:
        header += [f"{name}_min", f"{name}_max"] if name in intervals else [name]
    writer.writerow(header)
    for row in table.rows:
        line: list[object] = []
        for name, value in zip(table.columns, row, strict=True):
            if name in intervals:
                line += [*_ends(value)] if isinstance(value, Interval) else ["", ""]
            else:
                line.append(" ".join(value) if isinstance(value, tuple) else defused(value))
        writer.writerow(line)
    return out.getvalue().encode()


def _interval_columns(table: Table) -> set[str]:
    return {name for number, name in enumerate(table.columns) if any(isinstance(row[number], Interval) for row in table.rows)}


def _ends(value: Interval) -> tuple[float, float | str]:
    return value.least, value.greatest if math.isfinite(value.greatest) else ""


def defused(value: object) -> object:
    """The value so that no spreadsheet takes a text for a formula: a quote goes before ``=``, ``+``, ``-`` and ``@``.

    >>> defused("=1+1")
    "'=1+1"
    """
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def to_json(findings: Findings) -> bytes:
    """The tables as JSON by title, with the notes; an interval is an object with ``min`` and ``max`` (null for none)."""

    def plain(value: Value) -> object:
        if isinstance(value, Interval):
            return {"min": value.least, "max": value.greatest if math.isfinite(value.greatest) else None}
        return list(value) if isinstance(value, tuple) else value

    tables = {
        table.title: [{name: plain(value) for name, value in zip(table.columns, row, strict=True)} for row in table.rows]
        for table in findings.tables
    }
    return (json.dumps({"tables": tables, "notes": findings.notes}, indent=1, ensure_ascii=False) + "\n").encode()


def name_of(graph: Graph, entity: str) -> str:
    """The label of an entity that is given by its short name."""
    return graph.labels([_iri(entity)]).get(_iri(entity), entity)
