"""Answers as tables of values: one row a claim, ranges as ranges, entities with ids and labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import PREFIXES, XSD, Bindings, Term, compact
from partnergraph.reading.sheets import POSSIBLY, STALE, labels_in, listed, unsure_marks
from partnergraph.show.records import PRECISION, Cell, Day, Measure, Ref, Table
from partnergraph.show.sheet import heading
from partnergraph.show.values import RANGES, Range, decimal, is_true, plain
from partnergraph.stores.results import Results

# How sure it is that a row is in the view at all.
IN_VIEW = "in this view"
SURELY = "surely"
WORDS = {"": SURELY, POSSIBLY: "possibly", STALE: "stale"}
MARK_OF = {word: mark for mark, word in WORDS.items()}
DATES = frozenset(f"{XSD}{name}" for name in ("date", "gYearMonth", "gYear", "dateTime"))
NUMBERS = frozenset(f"{XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))


def groups(answer: Results, *, whole: bool = False) -> list[int]:
    """How many rows of the answer follow each other for one claim, which a table shows as one; ``whole`` leaves each for itself."""
    if whole or "claim" not in answer.columns:
        return [1] * len(answer)
    column = answer.columns.index("claim")
    keys = (row[column] if row[column] is not None else number for number, row in enumerate(answer.rows))
    return [len(list(rows)) for _, rows in groupby(keys)]


def table_of(graph: GraphCore, answer: Results, sizes: Sequence[int], hidden: Iterable[str] = ()) -> Table:
    """The answer as a table, so many of its rows in each row, without the ``hidden`` columns and those without a value."""
    rows = list(answer.mappings())
    labels = labels_in(graph, rows)
    ranges = {f"{r.stem}Min": r for r in RANGES if f"{r.stem}Min" in answer.columns and f"{r.stem}Max" in answer.columns}
    merged = {name for r in ranges.values() for name in r.columns()} - set(ranges) | set(hidden)
    columns = [name for name in answer.columns if name not in merged]
    # What a row rests on is a reference, not a finding: it stands last.
    columns.sort(key=lambda name: name in ("claim", "claims"))
    found: list[dict[str, Cell]] = []
    keys: list[str] = []
    for members in _split(rows, sizes):
        cells: dict[str, Cell] = {}
        for name in columns:
            values = dict.fromkeys(v for row in members for v in _cells(row, name, ranges, labels) if v is not None)
            if values:
                cells[_title(name, ranges)] = next(iter(values)) if len(values) == 1 else tuple(values)
        found.append(cells)
        own = members[0].get("claim")
        keys.append(str(own.value) if own is not None else next(iter(_claims(members[0].get("claims"))), ""))
    titles = [_title(name, ranges) for name in columns]
    unsure = unsure_marks(graph, filter(None, keys))
    if unsure:
        # Programs read no marks.
        for key, cells in zip(keys, found, strict=True):
            if key:
                cells[IN_VIEW] = WORDS[unsure.get(key, "")]
        titles.insert(next((n for n, title in enumerate(titles) if title in {"claim", "claims"}), len(titles)), IN_VIEW)
    return Table("", [title for title in titles if any(title in row for row in found)], found, keys)


def in_order_of_time(table: Table) -> bool:
    """Whether the rows that have a day follow each other in time, so that the last ones are the newest."""
    days = [
        one.text
        for row in table.rows
        for one in (next((row[name] for name in ("date", "begin", "end") if isinstance(row.get(name), Day)), None),)
        if isinstance(one, Day)
    ]
    firsts = [day + "-01-01"[len(day) - 4 :] if len(day) in PRECISION else day for day in days]
    return len(set(days)) > 1 and 2 * len(days) > len(table.rows) and firsts == sorted(firsts)


def _split(rows: Sequence[Bindings], sizes: Iterable[int]) -> Iterator[Sequence[Bindings]]:
    at = 0
    for size in sizes:
        yield rows[at : at + size]
        at += size


def _title(name: str, ranges: dict[str, Range]) -> str:
    return ranges[name].stem if name in ranges else heading(name)


def _claims(term: Term | None) -> list[str]:
    return sorted(word for word in str(term.value).split() if word.startswith(PREFIXES["claim"])) if term is not None else []


def _cells(row: Bindings, name: str, ranges: dict[str, Range], labels: dict[str, str]) -> list[Cell]:
    if name in ranges:
        return [measure(ranges[name], row, labels)]
    term = row.get(name)
    if name == "claims" and isinstance(term, ox.Literal):
        return [Ref(compact(claim)) for claim in sorted(set(_claims(term)))]
    if several := listed(term, labels):
        return [Ref(compact(iri), clean(labels[iri])) for iri in several]
    return [cell_of(term, labels)]


def measure(ranges: Range, row: Bindings, labels: dict[str, str]) -> Measure | None:
    """A range of a row, or None where the row says nothing of it."""
    least, greatest = decimal(row.get(f"{ranges.stem}Min")), decimal(row.get(f"{ranges.stem}Max"))
    undisclosed = is_true(row.get(f"{ranges.stem}Undisclosed"))
    if least is None and greatest is None and not undisclosed:
        return None
    unit = row.get(ranges.unit) if ranges.unit else None
    about = is_true(row.get(f"{ranges.stem}Approximate"))
    return Measure(least, greatest, plain(unit, labels) if unit is not None else ranges.fixed, about, undisclosed)


def cell_of(term: Term | None, labels: dict[str, str]) -> Cell:
    """A term as a value."""
    if isinstance(term, ox.NamedNode):
        return Ref(compact(term.value), clean(labels.get(term.value, "")))
    if not isinstance(term, ox.Literal):
        return None
    datatype = term.datatype.value
    if datatype == f"{XSD}boolean":
        return is_true(term)
    if datatype in DATES:
        return Day(clean(term.value))
    value = decimal(term) if datatype in NUMBERS else None
    return value if value is not None else clean(term.value)
