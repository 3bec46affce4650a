"""What an answer was as of one day after another, as it was read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from partnergraph.content.queries import Query
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.cells import split_tsv
from partnergraph.rdf.terms import Bindings, Term
from partnergraph.show.sheet import Sheet


@dataclass(frozen=True)
class Moment:
    """The answer as of one day: the rows as SPARQL's TSV, the same made readable, and how many rows rest on what surely holds."""

    day: datetime.date
    data: bytes
    sheet: Sheet
    surely: int

    @property
    def lines(self) -> list[str]:
        """The rows, whose cells have tabs between them."""
        return split_tsv(self.data)[1]


@dataclass(frozen=True)
class Moments:
    """The answers to one question on several days."""

    graph: GraphCore
    question: Query
    values: Mapping[str, str]
    columns: tuple[str, ...]
    moments: tuple[Moment, ...]


def bindings_of(moment: Moment, columns: tuple[str, ...]) -> list[Bindings]:
    """The rows of one day as terms."""
    found: Any = ox.parse_query_results(moment.data, format=ox.QueryResultsFormat.TSV)
    rows: list[tuple[Term | None, ...]] = [tuple(row) for row in found]
    return [{name: term for name, term in zip(columns, row, strict=True) if term is not None} for row in rows]
