"""What a query gives back: rows, triples or a yes or no, in the forms that programs want."""

from __future__ import annotations

import copy
import csv
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import Self, TypeAlias

import pyoxigraph as ox

from partnergraph.base.errors import OutputError, QueryError
from partnergraph.rdf.cells import flat_cells, split_tsv, terms_of, text_of
from partnergraph.rdf.terms import PREFIXES, Bindings, Row, row_class

Evaluated: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]

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


class Results:
    """The results of a query, evaluated when they are first looked at.

    ``columns`` and ``rows`` for SELECT, ``triples`` for CONSTRUCT and DESCRIBE, ``bool(results)`` for ASK
    (and whether there is anything at all for the others).
    """

    def __init__(
        self,
        run: Callable[[], Evaluated],
        tsv: bytes | None = None,
        first: Evaluated | None = None,
        asked: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """``run`` evaluates the query, ``first`` holds what it gave already; ``tsv`` the rows where they were written elsewhere.

        Within ``asked`` the results are fetched, so that what goes wrong meanwhile is said as whoever gives them wants it.
        """
        self._run = run
        self._tsv = tsv
        self._fetching = asked
        # Asked once at the start, so that a query that is wrong says so where it is written.
        self._first: Evaluated | None = run() if first is None else first
        self._thread = threading.get_ident()
        self.form = (
            "boolean"
            if isinstance(self._first, ox.QueryBoolean)
            else "rows"
            if isinstance(self._first, ox.QuerySolutions)
            else "triples"
        )

    def parts(self) -> tuple[Callable[[], Evaluated], bytes | None, Evaluated | None, Callable[[], AbstractContextManager[None]]]:
        """What the same results can be made from again."""
        return self._run, self._tsv, self._held, self._fetching

    def __del__(self) -> None:
        first = self.__dict__.get("_first")
        if first is not None and self._thread != threading.get_ident():
            import ctypes

            # The engine lets go of it in its own thread only, and complains anywhere else: it is left where it is.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(first))

    def __repr__(self) -> str:
        size = {"rows": lambda: f"{len(self)} rows", "triples": lambda: f"{len(self)} triples"}
        return f"<{type(self).__name__}: {size.get(self.form, lambda: str(bool(self)).lower())()}>"

    def __bool__(self) -> bool:
        return self._boolean if self.form == "boolean" else len(self) > 0

    def __len__(self) -> int:
        return len(self.triples) if self.form == "triples" else len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def _held(self) -> Evaluated | None:
        """What the query gave already, in the thread that asked it: in another one the engine would end the whole process."""
        return self._first if self._thread == threading.get_ident() else None

    def _results(self) -> Evaluated:
        results = self._held
        if results is None:
            return self._run()
        self._first = None
        return results

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of a SELECT."""
        results = self._held
        results = self._run() if results is None else results
        if not isinstance(results, ox.QuerySolutions):
            raise QueryError("only a SELECT has columns and rows; this is an ASK, a CONSTRUCT or a DESCRIBE")
        return tuple(variable.value for variable in results.variables)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of a SELECT: a term, or None where a variable is not bound, by place or by name of the column."""
        make = row_class(self.columns)
        if self._tsv is not None and self.columns:
            # Rows have most terms in common: made of cells that are each read once they take half as long.
            cells = flat_cells(self._tsv)
            terms = map(terms_of(cells).__getitem__, cells)
            return list(map(make, zip(*[terms] * len(self.columns), strict=True)))
        with self._fetching():
            return list(map(make, self._results()))  # type: ignore[arg-type]  # columns says so where there are no rows

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, each once, in a stable order."""
        with self._fetching():
            return sorted(set(self._results()), key=str)  # type: ignore[arg-type]

    @cached_property
    def _boolean(self) -> bool:
        return bool(self._results())

    def mappings(self, limit: int | None = None) -> Iterator[Bindings]:
        """Each row, or each of the first ``limit``, as a dict of the columns that are bound."""
        for row in self.rows[:limit]:
            yield {name: term for name, term in zip(self.columns, row, strict=True) if term is not None}

    def part(self, start: int, stop: int) -> Self:
        """The same with some of its rows only."""
        made = copy.copy(self)
        made.__dict__ |= {"columns": self.columns, "rows": self.rows[start:stop]}
        return made

    def serialize(self, format: str) -> bytes:
        """The answer in a standard format: csv, tsv, json, xml for rows and yes/no; turtle, ntriples, jsonld for triples.

        Rows are as the W3C's SPARQL 1.1 results formats have them, also texts that a spreadsheet would take for formulas:
        what people will open is written by ``-f csv`` of the command line, which leaves none of them one.
        """
        if self.form == "triples":
            if format not in TRIPLE_FORMATS:
                raise OutputError(f"a graph cannot be written as {format}; take {', '.join(TRIPLE_FORMATS)}")
            try:
                return self._written(format)
            except (TypeError, OSError):
                if not any(isinstance(triple.object, ox.Triple) for triple in self.triples):
                    raise
                problem = f"the answer has triples about triples, which cannot be written as {format}; take ntriples"
                raise OutputError(problem) from None
        if format not in ROW_FORMATS or (self.form == "boolean" and format in {"csv", "tsv"}):
            kinds = "json, xml" if self.form == "boolean" else ", ".join([*ROW_FORMATS, "markdown", "table"])
            raise OutputError(f"{'yes or no' if self.form == 'boolean' else 'rows'} cannot be written as {format}; take {kinds}")
        if format == "tsv" and self._tsv is not None:
            return self._tsv
        if format == "csv":
            # The engine does not quote an IRI that holds a comma.
            return _csv(*split_tsv(self.serialize("tsv")))
        results = self._results()
        if not isinstance(results, ox.QuerySolutions | ox.QueryBoolean):
            raise TypeError("triples are written above")
        with self._fetching():
            data = results.serialize(format=ROW_FORMATS[format]) or b""
        return data if data.endswith(b"\n") else data + b"\n"

    def texts(self) -> Iterator[list[str]]:
        """The rows of a SELECT as texts: IRIs, literals without their datatypes, nothing where a variable is not bound."""
        _, lines = split_tsv(self.serialize("tsv"))
        return ([text_of(cell) for cell in line.split("\t")] for line in lines)

    def _written(self, format: str) -> bytes:
        if format == "turtle":
            from partnergraph.rdf.turtle import write_turtle

            return write_turtle(self.triples, PREFIXES).encode()
        if format == "jsonld":
            from partnergraph.rdf.jsonld import write_jsonld

            return write_jsonld(self.triples, PREFIXES)
        return ox.serialize(self.triples, format=TRIPLE_FORMATS[format], prefixes=PREFIXES) or b""


def _csv(columns: list[str], lines: list[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([text_of(cell) for cell in line.split("\t")] for line in lines)
    return out.getvalue().encode()
