"""A graph on a server: asked over the SPARQL 1.1 Protocol, in pages where the server gives no more at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from urllib.parse import urlencode

import pyoxigraph as ox

from partnergraph.base.errors import AnswerTooLarge, QueryError, StoreError
from partnergraph.rdf.terms import PREFIXES, Term
from partnergraph.stores.engine import BATCH, nodes
from partnergraph.stores.http import Server
from partnergraph.stores.results import Evaluated, Results
from partnergraph.stores.sandbox.guard import query_form
from partnergraph.stores.sandbox.limits import Limits

# Servers cut answers off without a word, Virtuoso after 10,000 rows: an answer of a round number of rows is looked at again.
ROUND = 1000
# More triples than this are not copied from a server for a view of them.
MAX_COPIED = 5_000_000
XSD_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Endpoint:
    """A SPARQL server at a URL; ``graph`` names the one of its graphs that is meant, if it is not the default one."""

    def __init__(self, url: str, graph: str | None = None, server: Server | None = None) -> None:
        self.url = url
        self.graph = graph
        self.server = server or Server()

    @cached_property
    def store(self) -> ox.Store:
        """A copy of the triples in memory, made when a view or rdflib needs all of them."""
        size = self.size()
        if size > MAX_COPIED:
            raise StoreError(self.url, f"holds {size:,} triples, more than are copied for a view; build a store on disk instead")
        store = ox.Store()
        # By property, so that most answers fit into one page and no server has to sort everything.
        for (property_,) in self.answer("SELECT DISTINCT ?p WHERE { ?s ?p ?o }", {}):
            rows = self.answer(f"SELECT ?s ?o WHERE {{ ?s {property_} ?o }} ORDER BY ?s ?o", {})
            store.extend(ox.Quad(subject, property_, value) for subject, value in rows)  # type: ignore[arg-type]
        if len(store) != size:
            raise StoreError(self.url, f"gave {len(store):,} of {size:,} triples; was it being changed? try again")
        return store

    def answer(self, sparql: str, bindings: Mapping[str, Term]) -> Results:
        """The answer of the server, with values in place of bound variables."""
        text = with_values(sparql, bindings)
        form = query_form(text)
        text = with_prefixes(text)
        if form in {"CONSTRUCT", "DESCRIBE"}:
            triples = list(self._triples(text, self.server))
            return Results(lambda: iter(triples))
        if form == "ASK":
            said = ox.parse_query_results(self._ask(text, "application/sparql-results+json"), format=ox.QueryResultsFormat.JSON)
            return Results(lambda: said)
        data = self._rows(text, self.server, None)
        return Results(lambda: ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON))

    def bounded(self, sparql: str, bindings: Mapping[str, Term], limits: Limits) -> Results:
        """The answer to a query from outside: the server computes it, so its limits hold as well."""
        server = replace(self.server, timeout=limits.seconds, retries=0)
        form = query_form(sparql)
        if form != "SELECT":
            return Endpoint(self.url, self.graph, server).answer(sparql, bindings)
        data = self._rows(with_prefixes(with_values(sparql, bindings)), server, limits)

        def run() -> Evaluated:
            return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)

        return Results(run)

    def size(self) -> int:
        """Counted by the server."""
        ((count,),) = self.answer("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", {})
        return int(str(count.value)) if count is not None else 0

    def objects(self, subjects: Iterable[str], predicate: str) -> dict[str, list[Term]]:
        """Asked for many subjects at once."""
        found: dict[str, list[Term]] = {}
        remaining = map(str, nodes(subjects))
        while batch := " ".join(islice(remaining, BATCH)):
            rows = self.answer(f"SELECT ?s ?o WHERE {{ VALUES ?s {{ {batch} }} ?s <{predicate}> ?o }}", {})
            for subject, value in rows:
                if subject is not None and value is not None:
                    found.setdefault(str(subject.value), []).append(value)
        return found

    def _ask(self, text: str, accept: str, server: Server | None = None) -> bytes:
        fields = {"query": text} | ({"default-graph-uri": self.graph} if self.graph else {})
        body = urlencode(fields).encode()
        data, _ = (server or self.server).request(
            "POST", self.url, body, Content_Type="application/x-www-form-urlencoded", Accept=accept
        )
        return data

    def _rows(self, text: str, server: Server, limits: Limits | None) -> bytes:
        """All rows of a SELECT as JSON, page after page if need be."""
        first = self._page(text, server)
        rows = first["results"]["bindings"]
        page = len(rows)
        while page and page % ROUND == 0:
            if limits is not None and len(rows) > limits.rows:
                break
            more = self._page(f"SELECT * WHERE {{ {{ {_inner(text)} }} }} LIMIT {page} OFFSET {len(rows)}", server, _prologue(text))
            rows += more["results"]["bindings"]
            if len(more["results"]["bindings"]) < page:
                break
        if limits is not None and len(rows) > limits.rows:
            raise AnswerTooLarge(text, "rows", limits.rows)
        return json.dumps(first).encode()

    def _page(self, text: str, server: Server, prologue: str = "") -> dict[str, dict[str, list[dict[str, dict[str, str]]]]]:
        data = self._ask(prologue + text, "application/sparql-results+json", server)
        try:
            said: dict[str, dict[str, list[dict[str, dict[str, str]]]]] = json.loads(data)
            bindings = said["results"]["bindings"]
        except (ValueError, KeyError, TypeError):
            raise StoreError(self.url, "did not answer with rows; is this the address of its SPARQL queries?") from None
        for row in bindings:
            for term in row.values():
                _mend(term)
        return said

    def _triples(self, text: str, server: Server) -> Iterator[ox.Triple]:
        data = self._ask(text, "application/n-triples, text/turtle;q=0.5", server)
        try:
            for quad in ox.parse(data, format=ox.RdfFormat.TURTLE):
                yield quad.triple
        except SyntaxError as error:
            raise StoreError(self.url, f"did not answer with triples: {error.msg}") from None


def _mend(term: dict[str, str]) -> None:
    """Puts a term of an older form of the format, which Virtuoso writes, into the standard's."""
    if term.get("type") == "typed-literal":
        term["type"] = "literal"
    if term.get("type") == "bnode":
        term["value"] = re.sub(r"[^A-Za-z0-9]", "", term["value"].removeprefix("nodeID://"))
    if term.get("datatype") == XSD_STRING:
        del term["datatype"]
    if term.get("datatype") == XSD_BOOLEAN:
        term["value"] = {"1": "true", "0": "false"}.get(term["value"], term["value"])


def with_values(sparql: str, bindings: Mapping[str, Term]) -> str:
    """The query with VALUES for bound variables, first in its pattern: the protocol knows no parameters."""
    if not bindings:
        return sparql
    values = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in bindings.items())
    text, count = re.subn(r"\bWHERE\s*\{", lambda match: f"{match[0]} {values}", sparql, count=1, flags=re.IGNORECASE)
    if not count:
        raise QueryError("to bind variables of a query on a server, write WHERE before its pattern")
    return text


def with_prefixes(sparql: str) -> str:
    """The query with the prefixes of this project that it uses and does not declare."""
    declared = {name.lower() for name in re.findall(r"\bPREFIX\s+([\w-]*):", sparql, re.IGNORECASE)}
    used = [name for name in PREFIXES if name not in declared and f"{name}:" in sparql]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used) + sparql


_PROLOGUE = re.compile(r"(?:\s+|#[^\n]*\n|(?:PREFIX\s+[\w.-]*:|BASE)\s*<[^>]*>)*", re.IGNORECASE)


def _prologue(text: str) -> str:
    match = _PROLOGUE.match(text)
    return match[0] if match else ""


def _inner(text: str) -> str:
    return text[len(_prologue(text)) :]
