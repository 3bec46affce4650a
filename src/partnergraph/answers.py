"""What a query gives back: rows, triples or a yes or no, in the forms that people and programs want."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from partnergraph.errors import OutputError, QueryError
from partnergraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from partnergraph.frames import Names
    from partnergraph.graph import Graph
    from partnergraph.queries import Query

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]

ROW_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
TRIPLE_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class Answer:
    """The answer to a query, evaluated when it is first looked at.

    ``columns`` and ``rows`` for SELECT, ``triples`` for CONSTRUCT and DESCRIBE, ``bool(answer)`` for ASK
    (and whether there is anything at all for the others). ``graph`` is what was asked, ``question`` and
    ``values`` the named question and its parameters, where there are such.
    """

    graph: Graph | None = None
    question: Query | None = None
    values: Mapping[str, str] = MappingProxyType({})

    def __init__(self, run: Callable[[], Results], tsv: bytes | None = None) -> None:
        """``run`` evaluates the query; ``tsv`` holds the rows where they were written elsewhere."""
        self._run = run
        self._tsv = tsv
        # Asked once at the start, so that a query that is wrong says so where it is written.
        self._first: Results | None = run()
        self.form = (
            "boolean"
            if isinstance(self._first, ox.QueryBoolean)
            else "rows"
            if isinstance(self._first, ox.QuerySolutions)
            else "triples"
        )

    def __repr__(self) -> str:
        size = {"rows": lambda: f"{len(self)} rows", "triples": lambda: f"{len(self)} triples"}
        return f"<Answer: {size.get(self.form, lambda: str(bool(self)).lower())()}>"

    def __bool__(self) -> bool:
        return self._boolean if self.form == "boolean" else len(self) > 0

    def __len__(self) -> int:
        return len(self.triples) if self.form == "triples" else len(self.rows)

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return iter(self.rows)

    def _results(self) -> Results:
        results, self._first = self._first, None
        return results if results is not None else self._run()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of a SELECT."""
        results = self._first if self._first is not None else self._run()
        if not isinstance(results, ox.QuerySolutions):
            raise QueryError("only a SELECT has columns and rows; this is an ASK, a CONSTRUCT or a DESCRIBE")
        return tuple(variable.value for variable in results.variables)

    @cached_property
    def rows(self) -> list[tuple[Term | None, ...]]:
        """The rows of a SELECT: a term, or None where a variable is not bound."""
        _ = self.columns  # says so where there are none
        solutions = self._results()
        return [tuple(solution) for solution in solutions]  # type: ignore[union-attr]

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, each once, in a stable order."""
        return sorted(set(self._results()), key=str)  # type: ignore[arg-type]

    @cached_property
    def _boolean(self) -> bool:
        return bool(self._results())

    def mappings(self) -> Iterator[dict[str, Term]]:
        """Each row as a dict of the columns that are bound."""
        for row in self.rows:
            yield {name: term for name, term in zip(self.columns, row, strict=True) if term is not None}

    def serialize(self, format: str) -> bytes:
        """The answer in a standard format: csv, tsv, json, xml for rows and yes/no; turtle, ntriples, jsonld for triples.

        Rows are as the W3C's SPARQL 1.1 results formats have them.
        """
        if self.form == "triples":
            if format not in TRIPLE_FORMATS:
                raise OutputError(f"a graph cannot be written as {format}; take {', '.join(TRIPLE_FORMATS)}")
            if format == "turtle":
                from partnergraph.turtle import write_turtle

                return write_turtle(self.triples, PREFIXES).encode()
            return ox.serialize(self.triples, format=TRIPLE_FORMATS[format], prefixes=PREFIXES) or b""
        if format not in ROW_FORMATS or (self.form == "boolean" and format in {"csv", "tsv"}):
            kinds = "json, xml" if self.form == "boolean" else ", ".join([*ROW_FORMATS, "markdown", "table"])
            raise OutputError(f"{'yes or no' if self.form == 'boolean' else 'rows'} cannot be written as {format}; take {kinds}")
        if format == "tsv" and self._tsv is not None:
            return self._tsv
        results = self._results()
        if not isinstance(results, ox.QuerySolutions | ox.QueryBoolean):
            raise TypeError("triples are written above")
        data = results.serialize(format=ROW_FORMATS[format]) or b""
        return data if data.endswith(b"\n") else data + b"\n"

    def of(self, graph: Graph, question: Query | None = None, values: Mapping[str, str] | None = None) -> Answer:
        """The same answer, knowing what was asked of whom: labels and citations are then at hand."""
        self.graph, self.question = graph, question
        self.values = (question.defaults() if question else {}) | dict(values or {})
        return self

    def _repr_html_(self) -> str:
        from partnergraph.notebook import answer_html

        return answer_html(self)

    def to_pandas(self, names: Names = "short") -> pd.DataFrame:
        """The rows, or the triples, as a pandas DataFrame whose columns have the types that the answer states.

        Integers become Int64, other numbers Float64, booleans boolean, full dates datetime64, anything else texts. A column
        in which some dates are partial (``2019``, ``2019-07``) is of texts, since a full date would say more than is known;
        ``partnergraph.frames.spans`` gives the first and last day of either. A column without values, or of values of
        different types, is of texts. ``names`` writes entities as ``short`` names, ``label`` or ``iri``; claims and
        sources keep their short names beside labels, since by these they are cited.
        """
        from partnergraph.frames import to_pandas

        return to_pandas(self, names)

    def to_polars(self, names: Names = "short") -> pl.DataFrame:
        """The rows, or the triples, as a polars DataFrame: types and ``names`` as in ``to_pandas``."""
        from partnergraph.frames import to_polars

        return to_polars(self, names)
