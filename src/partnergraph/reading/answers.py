"""Answers: the results of a query that know what was asked of whom, and show themselves with their sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.errors import OutputError
from partnergraph.content.queries import Query
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import compact
from partnergraph.reading.citations import footnotes_html
from partnergraph.reading.sheets import sheet
from partnergraph.reading.topics import beyond
from partnergraph.show.markup import MAX_ROWS, Cell, Html, bold, joined, paragraph, remaining, table
from partnergraph.show.sheet import condensed
from partnergraph.stores.results import Results

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from partnergraph.show.frames import Names


class Answer(Results):
    """The answer to a query, evaluated when it is first looked at.

    ``columns`` and ``rows`` for SELECT, ``triples`` for CONSTRUCT and DESCRIBE, ``bool(answer)`` for ASK
    (and whether there is anything at all for the others). ``graph`` is what was asked, ``question`` and
    ``values`` the named question and its parameters, where there are such.
    """

    # Whether rows were left out that do not speak of what was asked: sums are of all of them.
    narrowed = False
    # Whether it has been told already what was asked of the rows, such as which is the newest.
    spoken = False

    def __init__(
        self, results: Results, graph: GraphCore, question: Query | None = None, values: Mapping[str, str] | None = None
    ) -> None:
        """The results, knowing what was asked: labels and citations are then at hand."""
        super().__init__(*results.parts())
        self.graph = graph
        self.question = question
        self.values = (question.defaults() if question else {}) | dict(values or {})

    def _repr_html_(self) -> str:
        if self.form == "boolean":
            return bold("yes" if self else "no")
        if self.form == "triples":
            rows = [[_short(term) for term in (t.subject, t.predicate, t.object)] for t in self.triples[:MAX_ROWS]]
            return table(("subject", "predicate", "object"), rows) + remaining(len(self), len(rows), "triples")
        return self._asked() + self._head()

    def to_pandas(self, names: Names = "short") -> pd.DataFrame:
        """The rows, or the triples, as a pandas DataFrame whose columns have the types that the answer states.

        Integers become Int64, other numbers Float64, booleans boolean, full dates datetime64, anything else texts. A column
        in which some dates are partial (``2019``, ``2019-07``) is of texts, since a full date would say more than is known;
        ``partnergraph.frames.spans`` gives the first and last day of either. A column without values, or of values of
        different types, is of texts. ``names`` writes entities as ``short`` names, ``label`` or ``iri``; claims and
        sources keep their short names beside labels, since by these they are cited.
        """
        from partnergraph.show.frames import to_pandas

        return to_pandas(self.to_arrow(names), len(self) if not self._tabled else 0)

    def to_polars(self, names: Names = "short") -> pl.DataFrame:
        """The rows, or the triples, as a polars DataFrame: types and ``names`` as in ``to_pandas``."""
        from partnergraph.show.frames import to_polars

        return to_polars(self.to_arrow(names))

    def to_arrow(self, names: Names = "short") -> pa.Table:
        """The rows, or the triples, as a table of Apache Arrow: types and ``names`` as in ``to_pandas``."""
        from partnergraph.show.frames import shortener, to_arrow, triples_tsv

        if self.form == "boolean":
            raise OutputError("yes or no is no table; take bool(answer)")

        def tsv() -> bytes:
            return self.serialize("tsv") if self.form == "rows" else triples_tsv(self.triples)

        return to_arrow(self._tabled, tsv, shortener(names, self.graph.labels))

    @property
    def _tabled(self) -> tuple[str, ...]:
        """The columns of the frame."""
        return self.columns if self.form == "rows" else ("subject", "predicate", "object")

    def _asked(self) -> Html:
        if self.question is None:
            return Html("")
        values = ", ".join(f"{name} = {'any' if value == '*' else value}" for name, value in self.values.items())
        return paragraph(joined([bold(self.question.title), values])) + paragraph(self.question.description)

    def _head(self) -> Html:
        """The first rows as a table, with the claims that they rest on, and until when sources were looked through for these."""
        content = sheet(self.graph, self, MAX_ROWS)
        if self.question is not None:
            content = condensed(content, self.graph.bound(self.question, self.values))
        if not content.cells:
            return paragraph("no rows") + self._foot([])
        hint = {number: compact(claim) for number, claim in enumerate(content.claims, 1)}

        def cell(text: str) -> Cell:
            # The number of a claim says on pointing which claim it is.
            if not re.fullmatch(r"(\[\d+\][*†✗?~]*[ ,]*)+", text):
                return text
            return Html(re.sub(r"\[(\d+)\]", lambda m: f'<span title="{escape(hint[int(m[1])])}">{m[0]}</span>', escape(text)))

        headings = [name.replace("_", " ") for name in content.headings]
        shown = table(headings, [[cell(text) for text in row] for row in content.cells])
        noted = footnotes_html(self.graph, content.claims) + self._foot(content.claims)
        return shown + remaining(len(self), min(len(self), MAX_ROWS), "rows") + noted

    def _foot(self, claims: list[str]) -> Html:
        count = len(self)
        late = beyond(self.graph, claims) if claims or self.question else ""
        scope = self.graph.scope_with(late)
        parts = [f"{count:,} row{'' if count == 1 else 's'}", scope, f"content {self.graph.version}"]
        return Html(f"<small>{joined(parts)}</small>")


def _short(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A term of a triple in short: short name, or text."""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)
