"""Tables of values as programs and spreadsheets want them: names beside ids, both ends of ranges, units and dates apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from partnergraph.base.texts import clean

PRECISION = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True)
class Ref:
    """An entity, a claim, a source or a word of the ontology: its short name, and what it is called."""

    id: str
    label: str = ""


@dataclass(frozen=True)
class Measure:
    """A range with its unit; None is no bound, and neither bound is not stated."""

    least: Decimal | None
    greatest: Decimal | None
    unit: str = ""
    about: bool = False
    undisclosed: bool = False


@dataclass(frozen=True)
class Day:
    """A date as precise as it is known."""

    text: str


Cell: TypeAlias = "str | int | float | bool | Decimal | Ref | Measure | Day | tuple[Cell, ...] | None"


@dataclass(frozen=True)
class Table:
    """One table of an answer: its title, and rows of cells by the names of the columns; ``keys`` are the claims that rows are about."""

    title: str
    columns: Sequence[str]
    rows: list[dict[str, Cell]]
    keys: list[str] = field(default_factory=list)


def plain(cell: Cell) -> object:
    """The cell as JSON has it: numbers as numbers, a date with its precision, a range with both ends.

    >>> plain(Measure(Decimal(5), None, "USD")), plain(Day("2024-06"))
    ({'min': 5, 'max': None, 'unit': 'USD'}, {'date': '2024-06', 'precision': 'month'})
    """
    match cell:
        case Ref():
            return {"id": cell.id, "label": cell.label} if cell.label else {"id": cell.id}
        case Measure():
            flags = {name: True for name in ("about", "undisclosed") if getattr(cell, name)}
            return {"min": number(cell.least), "max": number(cell.greatest)} | ({"unit": cell.unit} if cell.unit else {}) | flags
        case Day():
            return {"date": cell.text, "precision": PRECISION.get(len(cell.text), "text")}
        case tuple():
            return [plain(one) for one in cell]
        case Decimal():
            return number(cell)
    return cell


def number(value: Decimal | None) -> int | float | None:
    """The number as JSON and spreadsheets have it: whole ones stay whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def to_json(table: Table) -> dict[str, object]:
    """The table as an object: its title, its columns, its rows."""
    rows = [{name: plain(row[name]) for name in table.columns if row.get(name) is not None} for row in table.rows]
    return ({"title": table.title} if table.title else {}) | {"columns": list(table.columns), "rows": rows}


def flat(table: Table, more: Mapping[str, Mapping[str, str]] | None = None) -> tuple[list[str], list[list[object]]]:
    """Headings and cells for a spreadsheet; ``more`` has further columns for the claim that a row is about, such as its source."""
    parts = {name: _parts(name, [row.get(name) for row in table.rows]) for name in table.columns}
    beyond = list(dict.fromkeys(name for extra in (more or {}).values() for name in extra))
    headings = [heading for name in table.columns for heading in parts[name]] + beyond
    lines: list[list[object]] = []
    for number_, row in enumerate(table.rows):
        own = (more or {}).get(table.keys[number_] if number_ < len(table.keys) else "", {})
        cells = [_piece(row.get(name), part) for name in table.columns for part in parts[name].values()]
        lines.append([*cells, *(own.get(name, "") for name in beyond)])
    return headings, lines


def _parts(name: str, cells: Iterable[Cell]) -> dict[str, str]:
    """The columns of a spreadsheet that one column becomes: heading to part."""
    values = [one for cell in cells for one in (cell if isinstance(cell, tuple) else (cell,))]
    if any(isinstance(one, Measure) for one in values):
        found = {f"{name} min": "least", f"{name} max": "greatest", f"{name} unit": "unit"}
        flags = {f"{name} {flag}": flag for flag in ("about", "undisclosed") if any(getattr(one, flag, False) for one in values)}
        return found | flags
    if any(isinstance(one, Ref) for one in values):
        labelled = any(isinstance(one, Ref) and one.label for one in values)
        if labelled and all(one.id.startswith("claim:") for one in values if isinstance(one, Ref)):
            # A claim is cited by its name; its label is a sentence.
            return {name: "id", "says": "label"}
        return ({name: "label"} if labelled else {}) | {f"{name} id" if labelled else name: "id"}
    return {name: ""}


def _piece(cell: Cell, part: str) -> object:
    if isinstance(cell, tuple):
        pieces = [_piece(one, part) for one in cell]
        told = [str(piece) for piece in pieces if piece not in (None, "")]
        return pieces[0] if len(pieces) == 1 else "; ".join(dict.fromkeys(told))
    if isinstance(cell, Day):
        return cell.text
    if isinstance(cell, Measure):
        value = getattr(cell, part or "least")
        return number(value) if isinstance(value, Decimal) else (value or None) if part in ("about", "undisclosed") else value
    if isinstance(cell, Ref):
        return clean(cell.id if part == "id" else cell.label or cell.id)
    return number(cell) if isinstance(cell, Decimal) else cell if part in ("", "label", "least", "id") else None
