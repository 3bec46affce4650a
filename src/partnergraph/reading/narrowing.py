"""Answers narrowed to what a sentence names beside the parameters: rows that name somebody, rows of a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.rdf.terms import Bindings

if TYPE_CHECKING:
    from partnergraph.reading.answers import Answer

DATES = ("date", "begin", "end", "issued")


def narrowed(answer: Answer, naming: Sequence[str], span: tuple[str, str] | None) -> tuple[Answer, list[str]]:
    """The rows that name one of the entities and are of the time, and what to say of that; all rows where none is so."""
    told: list[str] = []
    if naming:
        wanted = {ox.NamedNode(answer.graph.find_entity(name)) for name in naming}
        answer, kept = _only(answer, lambda row: not wanted.isdisjoint(row.values()))
        who = " or ".join(naming)
        told.append(f"{kept} of {{}} rows name {who}: these are shown." if kept else f"No row names {who}; all are shown.")
    if span:
        answer, kept = _only(answer, lambda row: within(row, *span))
        told.append(f"{kept} of {{}} rows are of that time." if kept else "No row has a date of that time; all are shown.")
    return answer, told


def _only(answer: Answer, chosen: Callable[[Bindings], bool]) -> tuple[Answer, int]:
    rows = answer.rows
    kept = [row for row, said in zip(rows, answer.mappings(), strict=True) if chosen(said)]
    if not kept or len(kept) == len(rows):
        return answer, len(kept)
    made = answer.part(0, 0)
    made.__dict__["rows"] = kept
    return made, len(kept)


def within(row: Bindings, first: str, last: str) -> bool:
    """Whether a date of the row may be of that time; a partial one stands for its whole span."""
    days = [str(row[name].value) for name in DATES if name in row]
    return any(
        day + "-01-01"[len(day) - 4 :] <= last and day + "-12-31"[len(day) - 4 :] >= first
        if len(day) < 10
        else first <= day <= last
        for day in days
    )
