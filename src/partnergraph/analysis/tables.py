"""Findings as tables: rows of plain values, intervals, entities and the claims that each row rests on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from partnergraph.base.errors import UnknownName
from partnergraph.base.extras import needed
from partnergraph.base.spreadsheets import write_csv
from partnergraph.ledger.amounts import Interval
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, expand, may_name_entity
from partnergraph.reading.citations import footnotes_html
from partnergraph.reading.sheets import legend, unsure_marks
from partnergraph.show.markup import MAX_ROWS, Html, bold, joined, paragraph, remaining
from partnergraph.show.markup import table as html_table
from partnergraph.show.sheet import Sheet
from partnergraph.show.values import amount, decimal_or_none

if TYPE_CHECKING:
    import pandas as pd

    from partnergraph.core.graph import GraphCore
    from partnergraph.show.frames import Names
    from partnergraph.show.sheet import Sheet

__all__ = ["Findings", "Table", "to_csv", "to_json"]

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
    graph: GraphCore | None = field(default=None, compare=False)

    def of(self, graph: GraphCore) -> Findings:
        """The same findings, knowing in what they were found: labels and citations are then at hand."""
        return replace(self, graph=graph)

    def to_pandas(self, title: str = "", names: Names = "short") -> pd.DataFrame:
        """The table with the title, or the one that is the finding itself, as a pandas DataFrame.

        Of an interval both ends are columns, ``…_min`` and ``…_max``, without a value where there is no bound; claims stand
        as texts with blanks between. ``names`` as for an answer.
        """
        return table_to_pandas(self, title, names)

    def __repr__(self) -> str:
        return f"<Findings: {'; '.join(f'{table.title} ({len(table.rows)})' for table in self.tables)}>"

    def _repr_html_(self) -> str:
        graph = self.graph
        if graph is None:
            return Html(f"<pre>{escape(to_json(self).decode())}</pre>")
        made = sheets(graph, self)
        parts = []
        for found, content in zip(self.tables, made, strict=True):
            shown = content.cells[:MAX_ROWS]
            parts += [paragraph(bold(found.title)), html_table(content.headings, shown) if shown else paragraph("none")]
            parts.append(remaining(len(content.cells), len(shown), "rows"))
        parts += map(paragraph, self.notes)
        parts.append(footnotes_html(graph, made[-1].claims if made else []))
        parts.append(Html(f"<small>{joined([graph.scope, f'content {graph.version}', marks_of(made)])}</small>"))
        return Html("".join(parts))


def sheets(graph: GraphCore, findings: Findings) -> list[Sheet]:
    """The tables made readable; the numbers of claims run through all of them."""
    from partnergraph.show.sheet import Sheet

    cells = [cell for table in findings.tables for row in table.rows for cell in row if isinstance(cell, str | tuple)]
    words = {word for cell in cells for word in (cell.split(ARROW) if isinstance(cell, str) else cell)}
    labels = entity_labels(graph, words)
    numbers: dict[str, int] = {}
    unsure = unsure_marks(graph, {_iri(word) for word in words if word.startswith("claim:")})
    made = []
    for table in findings.tables:
        lines = []
        for row in table.rows:
            line = []
            for name, value in zip(table.columns, row, strict=True):
                if name == "claim" and isinstance(value, tuple):
                    cited = [_iri(claim) for claim in value[:MAX_CITED]]
                    shown = "".join(f"[{numbers.setdefault(iri, len(numbers) + 1)}]{unsure.get(iri, '')}" for iri in cited)
                    line.append(shown + (f" and {len(value) - MAX_CITED} more" if len(value) > MAX_CITED else ""))
                else:
                    line.append(text_of(value, table.units.get(name, ""), labels))
            lines.append(line)
        made.append(Sheet([name.replace("_", " ") for name in table.columns], lines))
    if made:
        made[-1].claims = list(numbers)
    return made


def marks_of(made: list[Sheet]) -> str:
    """What the marks in the tables mean, or nothing where there are none."""
    return "; ".join(dict.fromkeys(said for content in made for said in legend(content).split("; ") if said))


def entity_labels(graph: GraphCore | None, words: Iterable[str]) -> dict[str, str]:
    """The labels of the entities among short names, those of a user's own namespace as well."""
    iris = {word: iri for word in words if may_name_entity(word) and (iri := expand(word))}
    if graph is None or not iris:
        return {}
    # What is called by a prefix of a user's own may be a claim just as well.
    unsure = [iri for word, iri in iris.items() if not word.startswith("ent:")]
    kinds = graph.engine.objects(unsure, RDF_TYPE) if unsure else {}
    entity = ox.NamedNode(f"{PG}Entity")
    found = graph.labels(iri for iri in iris.values() if iri not in unsure or entity in kinds.get(iri, ()))
    return {word: found[iri] for word, iri in iris.items() if iri in found}


def _iri(word: str) -> str:
    prefix, _, local = word.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else word


def text_of(value: Value, unit: str, labels: Mapping[str, str]) -> str:
    """A value in words, short names of entities by their ``labels``."""
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


def share(value: Interval) -> str:
    """A share in per cent as a range.

    >>> share(Interval(0.25, 0.5))
    '25% to 50%'
    """
    low, high = (f"{end * 100:.3g}%" for end in (value.least, value.greatest))
    return low if low == high else f"{low} to {high}"


def to_csv(table: Table) -> bytes:
    """The table as CSV: short names, both ends of an interval (empty for none), claims with blanks between."""
    intervals = _interval_columns(table)
    header: list[str] = []
    for name in table.columns:
        header += [f"{name}_min", f"{name}_max"] if name in intervals else [name]
    return write_csv(header, (_flat(table.columns, row, intervals) for row in table.rows))


def _flat(columns: tuple[str, ...], row: tuple[Value, ...], intervals: set[str]) -> list[object]:
    line: list[object] = []
    for name, value in zip(columns, row, strict=True):
        if name in intervals:
            line += _ends(value) if isinstance(value, Interval) else ("", "")
        else:
            line.append(" ".join(value) if isinstance(value, tuple) else value)
    return line


def _interval_columns(table: Table) -> set[str]:
    return {name for number, name in enumerate(table.columns) if any(isinstance(row[number], Interval) for row in table.rows)}


def _ends(value: Interval) -> tuple[float, float | str]:
    return value.least, value.greatest if math.isfinite(value.greatest) else ""


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


def name_of(graph: GraphCore, entity: str) -> str:
    """The label of an entity that is given by its short name."""
    return graph.labels([_iri(entity)]).get(_iri(entity), entity)


def table_to_pandas(findings: Findings, title: str = "", names: Names = "short") -> pd.DataFrame:
    """A table of an analysis as a pandas DataFrame, as ``Findings.to_pandas`` documents it."""
    from partnergraph.show.frames import shortener

    pandas = needed("pandas")
    tables = {table.title: table for table in findings.tables}
    if title and title not in tables:
        raise UnknownName("table", title, nearest_names(title, tables), f"there are {', '.join(tables)}")
    table = tables[title] if title else findings.tables[findings.main]
    columns: dict[str, list[Value]] = {}
    for number, name in enumerate(table.columns):
        values = [row[number] for row in table.rows]
        if any(isinstance(value, Interval) for value in values):
            ends = [(value.least, value.greatest) if isinstance(value, Interval) else (None, None) for value in values]
            columns[f"{name}_min"] = [end[0] for end in ends]
            columns[f"{name}_max"] = [
                end[1] if end[1] is not None and decimal_or_none(end[1]) is not None else None for end in ends
            ]
        else:
            columns[name] = [" ".join(value) if isinstance(value, tuple) else value for value in values]
    shorten = shortener(names, findings.graph.labels if findings.graph else None)
    words = {word for values in columns.values() for value in values if isinstance(value, str) for word in value.split()}
    own = entity_labels(findings.graph, words)
    iris = {word: iri for word in words if (word.startswith("ent:") or word in own) and (iri := expand(word))}
    written = shorten(list(iris.values()))
    for name, values in columns.items():
        columns[name] = [
            " ".join(written.get(iris.get(word, ""), word) for word in value.split(" ")) if isinstance(value, str) else value
            for value in values
        ]
    return pandas.DataFrame({name: _column(values) for name, values in columns.items()})


def _column(values: list[Value]) -> pd.Series:
    import pandas as pd

    kinds = {type(value) for value in values if value is not None}
    if not kinds or kinds - {int, float, bool}:
        return pd.Series(values, dtype="str")
    return pd.Series(values, dtype="boolean" if kinds == {bool} else "Int64" if kinds == {int} else "Float64")
