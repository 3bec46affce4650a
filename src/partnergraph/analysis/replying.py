"""Findings as replies: what an analysis says in the one shape that all commands have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from partnergraph.analysis.tables import ARROW, Findings, Table, Value, sheets, text_of
from partnergraph.ledger.amounts import Interval
from partnergraph.rdf.terms import expand
from partnergraph.reading.notes import notes_of
from partnergraph.reading.replying import footer
from partnergraph.reading.topics import beyond
from partnergraph.show import records
from partnergraph.show.records import Cell, Measure, Ref
from partnergraph.show.reply import Drawn, Part, Reply
from partnergraph.show.sheet import markdown, table
from partnergraph.show.values import decimal_or_none

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore


def reply_of(  # noqa: PLR0913  # each is a part of the reply
    graph: GraphCore,
    findings: Findings,
    heading: Sequence[str],
    finding: Sequence[str] = (),
    following: Sequence[str] = (),
    *,
    asked: Mapping[str, object] | None = None,
    main: int | None = None,
) -> Reply:
    """The findings under a heading, with the sentences that say what was found and what one would do next.

    ``main`` is the table that gets most room, if not that which is the finding itself.
    """
    main = (findings.main if main is None else main) % len(findings.tables)

    def draw(limits: Sequence[int], width: int, as_markdown: bool) -> Drawn:  # noqa: FBT001  # one of two forms
        cut = [replace(one, rows=one.rows[:limit]) for one, limit in zip(findings.tables, limits, strict=True)]
        drawn = sheets(graph, replace(findings, tables=cut))
        claims = drawn[-1].claims if drawn else []
        texts = [markdown(one) if as_markdown else table(one, width) if one.cells else "none\n" for one in drawn]
        return Drawn(texts, claims)

    late = beyond(graph, sheets(graph, findings)[-1].claims) if findings.tables and graph.view.dated else ""
    parts = [Part(one.title, len(one.rows), cache(lambda one=one: as_records(graph, one))) for one in findings.tables]
    return Reply(
        heading,
        finding,
        parts,
        draw,
        notes_of(graph),
        remarks=findings.notes,
        following=following,
        footer=footer(graph, late=late),
        asked=asked or {},
        main=main,
    )


def as_records(graph: GraphCore, found: Table) -> records.Table:
    """A table of an analysis as a table of values."""
    words = {word for row in found.rows for cell in row for word in _words(cell)}
    iris = {word: iri for word in words if word.startswith("ent:") and (iri := expand(word))}
    labels = graph.labels(iris.values())
    named = {word: labels.get(iri, "") for word, iri in iris.items()}
    titles = [name.replace("_", " ") for name in found.columns]
    rows = [
        {title: _cell(cell, found.units.get(name, ""), named) for title, name, cell in zip(titles, found.columns, row, strict=True)}
        for row in found.rows
    ]
    keys = [next((str(expand(one)) for one in row.get("claim") or () if isinstance(one, str)), "") for row in _raw(found)]
    return records.Table(found.title, titles, rows, keys)


def _raw(found: Table) -> list[dict[str, tuple[str, ...]]]:
    return [{name: cell for name, cell in zip(found.columns, row, strict=True) if isinstance(cell, tuple)} for row in found.rows]


def _words(cell: Value) -> tuple[str, ...]:
    return cell if isinstance(cell, tuple) else tuple(cell.split(ARROW)) if isinstance(cell, str) else ()


def _cell(cell: Value, unit: str, labels: Mapping[str, str]) -> Cell:
    match cell:
        case Interval():
            known = cell.known
            unit = "" if unit == "share" else unit
            return Measure(decimal_or_none(cell.least) if known else None, decimal_or_none(cell.greatest) if known else None, unit)
        case tuple():
            return tuple(Ref(word, labels.get(word, "")) for word in cell)
        case str():
            if cell in labels:
                return Ref(cell, labels[cell])
            return ARROW.join(labels.get(word) or word for word in cell.split(ARROW))
    return cell


def first_row(findings: Findings, title: str = "") -> dict[str, str]:
    """The first row of a table in words, by its columns; empty where there is none."""
    return next(iter(rows_in_words(findings, title, first=1)), {})


def rows_in_words(findings: Findings, title: str = "", first: int | None = None) -> list[dict[str, str]]:
    """The rows of a table in words, by its columns, or the first so many of them."""
    graph = findings.graph
    found = next((one for one in findings.tables if one.title.startswith(title)), None) if title else findings.tables[findings.main]
    if graph is None or found is None:
        return []
    rows = found.rows[:first]
    words = {word for row in rows for cell in row for word in _words(cell) if word.startswith("ent:")}
    iris = {word: str(expand(word)) for word in words}
    labels = graph.labels(iris.values())
    named = {word: labels.get(iri, word) for word, iri in iris.items()}
    return [
        {name: text_of(cell, found.units.get(name, ""), named) for name, cell in zip(found.columns, row, strict=True)}
        for row in rows
    ]
