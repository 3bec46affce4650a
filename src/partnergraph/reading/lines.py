"""Sentences that an answer begins with: one a row, and one for each matter in which several stand beside each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partnergraph.base.texts import clean
from partnergraph.show.records import Day, Measure, Ref, Table
from partnergraph.show.values import amount

if TYPE_CHECKING:
    from partnergraph.show.records import Cell

# So many sentences are a gist.
MOST_LINES = 5
# In brackets stands what is left out where a row has nothing of it.
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{(\w+)\}")


def texts_of(cell: Cell) -> list[str]:
    """What a cell says, in words."""
    match cell:
        case None:
            return []
        case tuple():
            return [text for one in cell for text in texts_of(one)]
        case Ref():
            return [cell.label or cell.id]
        case Day():
            return [cell.text]
        case Measure():
            return [amount(cell.least, cell.greatest, cell.unit, about=cell.about)]
    return [str(cell)]


def a_line_each(template: str, table: Table) -> list[str]:
    """A sentence for each of the last rows, with its columns in the places of ``{names}``, without what stands in brackets around an empty one.

    >>> rows = [{"year": "2024", "paid": "1 USD"}, {"year": "2025"}]
    >>> a_line_each("{year}[: {paid}].", Table("", ["year", "paid"], rows))
    ['2024: 1 USD.', '2025.']
    >>> a_line_each("{year}:[ paid {paid}][; planned {year}].", Table("", ["year", "paid"], rows))
    ['2024: paid 1 USD; planned 2024.', '2025: planned 2025.']
    """
    return [_said(template, row) for row in table.rows[-MOST_LINES:]] if template else []


def _said(template: str, row: dict[str, Cell]) -> str:
    def optional(match: re.Match[str]) -> str:
        return match[1] if all(texts_of(row.get(name)) for name in _PLACE.findall(match[1])) else ""

    said = _OPTIONAL.sub(optional, template)
    # Where the first of several is left out, what parted it from the next goes with it.
    return clean(_PLACE.sub(lambda match: ", ".join(texts_of(row.get(match[1]))), re.sub(r":[;,]", ":", said)))


def standing(table: Table, column: str) -> list[str]:
    """For each matter, which stands in the first column, who has what, where several are said to have something; the most first.

    >>> rows = [{"aspect": "users", "firm": Ref("ent:a", "A"), "quantity": 5}, {"aspect": "users", "firm": Ref("ent:b", "B"), "quantity": 7}]
    >>> standing(Table("", ["aspect", "firm", "quantity"], rows), "firm")
    ['Users: A 5; B 7.']
    """
    matters: dict[str, dict[str, dict[str, Cell]]] = {}
    for row in table.rows:
        matter, who = (", ".join(texts_of(row.get(name))) for name in (table.columns[0], column))
        if matter and who and _worth(row) is not None:
            matters.setdefault(matter, {}).setdefault(who, row)
    found = []
    for matter, held in matters.items():
        if len(held) > 1:
            ranked = sorted(held.items(), key=lambda pair: -_least(pair[1]))
            told = [f"{who} {', '.join(texts_of(_worth(row)))}{_when(row)}" for who, row in ranked]
            found.append(clean(f"{matter[:1].upper()}{matter[1:]}: {'; '.join(told)}."))
    return found[:MOST_LINES]


def _worth(row: dict[str, Cell]) -> Cell:
    return next((row[name] for name in ("amount", "quantity", "capacity") if row.get(name) is not None), None)


def _least(row: dict[str, Cell]) -> float:
    worth = _worth(row)
    return float(worth.least or worth.greatest or 0) if isinstance(worth, Measure) else 0.0


def _when(row: dict[str, Cell]) -> str:
    told = texts_of(row.get("period")) or texts_of(row.get("since"))
    return f" ({told[0]})" if told else ""
