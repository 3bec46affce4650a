"""Rows of an answer: how many people see, those that are chosen, those of a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.reading.tabled import groups

if TYPE_CHECKING:
    from partnergraph.rdf.terms import Bindings
    from partnergraph.reading.answers import Answer

# A day, month or year in any column; what a query puts together is text, and no longer a date.
DAY = re.compile(r"(?:19|20|99)[0-9]{2}(?:-[0-9]{2}){0,2}")


def size(answer: Answer) -> int:
    """How many rows people see: what is said of one claim stands in one."""
    return len(groups(answer))


def only(answer: Answer, chosen: Callable[[Bindings], bool]) -> tuple[Answer, int]:
    """The rows that are chosen and how many people see; all, and 0, where none is."""
    kept = [row for row, said in zip(answer.rows, answer.mappings(), strict=True) if chosen(said)]
    if not kept or len(kept) == len(answer.rows):
        return answer, size(answer) if kept else 0
    made = none_of(answer)
    made.__dict__["rows"] = kept
    return made, size(made)


def none_of(answer: Answer) -> Answer:
    """The answer without its rows."""
    made = answer.part(0, 0)
    made.__dict__["rows"] = []
    made.narrowed = True
    return made


def within(row: Bindings, first: str, last: str) -> bool:
    """Whether a date of the row may be of that time; a partial one stands for its whole span."""
    days = [term.value for term in row.values() if isinstance(term, ox.Literal) and DAY.fullmatch(term.value)]
    return any(
        day + "-01-01"[len(day) - 4 :] <= last and day + "-12-31"[len(day) - 4 :] >= first
        if len(day) < 10
        else first <= day <= last
        for day in days
    )
