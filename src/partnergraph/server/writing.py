"""Answers written where they are made: a query or a question goes in, bytes in the asked format come out, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from partnergraph.base.errors import AnswerTooLarge
from partnergraph.base.spreadsheets import write_csv
from partnergraph.rdf.terms import PREFIXES
from partnergraph.reading.replying import reply_to
from partnergraph.server.problems import Problem
from partnergraph.stores.engine import Embedded
from partnergraph.stores.results import Results
from partnergraph.stores.sandbox.guard import check_query, refuse_outside, syntax_problem
from partnergraph.stores.sandbox.limits import Limits
from partnergraph.stores.sandbox.worker import parses

if TYPE_CHECKING:
    from partnergraph.api import Graph

# Formats of rows, and of yes or no, by name: the type they are sent as, and others by which they are asked for.
ROWS = {
    "json": ("application/sparql-results+json", ("application/json",)),
    "xml": ("application/sparql-results+xml", ("application/xml", "text/xml")),
    "csv": ("text/csv; charset=utf-8", ()),
    "tsv": ("text/tab-separated-values; charset=utf-8", ()),
}
TRIPLES = {
    "turtle": ("text/turtle; charset=utf-8", ("application/x-turtle",)),
    "ntriples": ("application/n-triples", ("text/plain",)),
    "jsonld": ("application/ld+json", ("application/json",)),
    "rdfxml": ("application/rdf+xml", ("application/xml", "text/xml")),
}
MEDIA = {name: media for name, (media, _) in (ROWS | TRIPLES).items()}
# A named question is answered as a reply, or in one of SPARQL's own formats by the names that tell them apart.
REPLIES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OWN = {"srj": "json", "tsv": "tsv", "xml": "xml"}
ENGINE_ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
}
# What stands between two rows in the bytes of each format, so that rows are counted as they are written.
BETWEEN = {"json": b'"}},{"', "xml": b"<result>", "tsv": b"\n"}


@dataclass
class Reply:
    """What a worker gives back: what it is, and its bytes."""

    body: bytes
    head: dict[str, Any] = field(default_factory=dict)


class Sheet:
    """Where the engine writes rows: stops it where the answer grows too large."""

    def __init__(self, format: str, limits: Limits) -> None:
        self.parts: list[bytes] = []
        self._between = BETWEEN[format]
        self._limits = limits
        # The line of the columns is none of the rows.
        self._rows = -1 if format == "tsv" else 0
        self._bytes = 0
        self._tail = b""

    def write(self, data: bytes) -> int:
        """Takes a piece."""
        piece = bytes(data)
        self.parts.append(piece)
        self._bytes += len(piece)
        # What stands between two rows may be cut in two.
        joined = self._tail + piece
        self._rows += joined.count(self._between)
        self._tail = joined[len(joined) - len(self._between) + 1 :] if len(self._between) > 1 else b""
        if self._bytes > self._limits.bytes:
            raise AnswerTooLarge("", "bytes", self._limits.bytes)
        if self._rows > self._limits.rows:
            raise AnswerTooLarge("", "rows", self._limits.rows)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""


def answer_sparql(graph: Graph, query: str, format: Mapping[str, str] | str, limits: Limits) -> Reply:
    """The answer to a query from outside; ``format`` is one name, or one for rows and one for triples."""
    text = check_query(query)
    if isinstance(graph.engine, Embedded):
        refuse_outside(text, parses)
        try:
            results = graph.engine.store.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise syntax_problem(text, error) from None
        return _written(results, format, limits)
    graph.limits = limits
    return _from_results(graph.query(query), format, limits)


def answer_question(graph: Graph, question: str, values: Mapping[str, str], format: str, limits: Limits) -> Reply:
    """The answer to a named question, in the bytes that the command writes: as a reply, or as SPARQL's own formats have it."""
    query = graph.question(question)
    bindings = graph.bind(query, values)
    own = OWN.get(format)
    if own is not None and isinstance(graph.engine, Embedded) and graph.content.trusted:
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
        substitutions = {ox.Variable(name): term for name, term in bindings.items()}
        results = graph.engine.store.query(query.text, prefixes=PREFIXES, substitutions=substitutions)
        if isinstance(results, ox.QuerySolutions):
            return _rows(results, own, limits)
    answer = graph.ask(question, **values)
    if own is not None or answer.form != "rows":
        return _from_results(answer, own or {"rows": "json", "triples": "turtle"}, limits)
    if len(answer.rows) > limits.rows:
        raise AnswerTooLarge("", "rows", limits.rows)
    reply = reply_to(answer)
    data = {"json": reply.to_json, "csv": reply.to_csv, "xlsx": reply.to_xlsx}[format]()
    if len(data) > limits.bytes:
        raise AnswerTooLarge("", "bytes", limits.bytes)
    return Reply(data, {"media": REPLIES[format]})


def chosen(format: Mapping[str, str] | str, form: str) -> str:
    """The format for rows, triples or a yes or no; raises Problem where what was asked for cannot be had."""
    known = TRIPLES if form == "triples" else {"json": ROWS["json"], "xml": ROWS["xml"]} if form == "boolean" else ROWS
    name = format if isinstance(format, str) else format.get("triples" if form == "triples" else "rows", "")
    if name not in known:
        raise not_acceptable(known, {"rows": "rows", "triples": "triples", "boolean": "yes or no"}[form])
    return name


def not_acceptable(known: Mapping[str, tuple[str, tuple[str, ...]]], what: str) -> Problem:
    """The problem that says in which formats something can be had."""
    types = [media.partition(";")[0] for media, _ in known.values()]
    told = f"{what} can be had as {', '.join(types)}; ask for one of these in Accept, or with format={'|'.join(known)}"
    return Problem(406, told, {}, {"available": types})


def _written(results: Any, format: Mapping[str, str] | str, limits: Limits) -> Reply:
    if isinstance(results, ox.QueryBoolean):
        name = chosen(format, "boolean")
        return Reply(_ended(results.serialize(format=ENGINE_ROWS[name]) or b""), {"media": MEDIA[name]})
    if isinstance(results, ox.QuerySolutions):
        return _rows(results, chosen(format, "rows"), limits)
    return _triples(list(islice(results, limits.rows + 1)), chosen(format, "triples"), limits)


def _rows(results: ox.QuerySolutions, name: str, limits: Limits) -> Reply:
    sink = Sheet("tsv" if name == "csv" else name, limits)
    results.serialize(sink, format=ENGINE_ROWS["tsv" if name == "csv" else name])  # type: ignore[arg-type]
    data = b"".join(sink.parts)
    if name == "csv":
        held = Results(lambda: ox.parse_query_results(data, format=ox.QueryResultsFormat.TSV), data)
        data = write_csv(held.columns, held.texts())
    return Reply(_ended(data), {"media": MEDIA[name]})


def _triples(triples: list[ox.Triple], name: str, limits: Limits) -> Reply:
    if len(triples) > limits.rows:
        raise AnswerTooLarge("", "triples", limits.rows)
    return Reply(write_triples(triples, name, limits), {"media": MEDIA[name]})


def write_triples(triples: list[ox.Triple], name: str, limits: Limits) -> bytes:
    """The triples in one of the formats, each once and in a stable order."""
    held = Results(lambda: iter(triples))
    data = (
        ox.serialize(sorted(set(triples), key=str), format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
        if name == "rdfxml"
        else held.serialize(name)
    )
    if len(data) > limits.bytes:
        raise AnswerTooLarge("", "bytes", limits.bytes)
    return data


def _from_results(answer: Results, format: Mapping[str, str] | str, limits: Limits) -> Reply:
    name = chosen(format, answer.form)
    if answer.form == "triples":
        return _triples(answer.triples, name, limits)
    if answer.form == "rows" and len(answer.rows) > limits.rows:
        raise AnswerTooLarge("", "rows", limits.rows)
    data = write_csv(answer.columns, answer.texts()) if name == "csv" else answer.serialize(name)
    if len(data) > limits.bytes:
        raise AnswerTooLarge("", "bytes", limits.bytes)
    return Reply(data, {"media": MEDIA[name]})


def _ended(data: bytes) -> bytes:
    return data if data.endswith(b"\n") else data + b"\n"
