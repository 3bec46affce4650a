"""A graph on a server: asked over the SPARQL 1.1 Protocol, in pages where the server gives no more at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pyoxigraph as ox

from partnergraph.base.errors import AnswerTooLarge, ContentError, QueryError, QueryTimeout, RefusedQuery, StoreError
from partnergraph.rdf.terms import PREFIXES, Term
from partnergraph.rdf.turtle import check_depth
from partnergraph.stores.answers import form_of, joined, mended, solutions
from partnergraph.stores.engine import BATCH, Embedded, nodes
from partnergraph.stores.http import MAX_ANSWER, Budget, Server
from partnergraph.stores.results import Results
from partnergraph.stores.sandbox.guard import CODE_POINT, query_form
from partnergraph.stores.sandbox.limits import Limits

if TYPE_CHECKING:
    from partnergraph.content.queries import Query
    from partnergraph.stores.sandbox.workers import Workers

# Servers cut answers off without a word, Virtuoso after 10,000 rows: an answer of a round number of rows is looked at again.
ROUND = 1000
# More triples than this are not copied from a server for a view of them.
MAX_COPIED = 5_000_000
NO_ROWS = "did not answer with rows; is this the address of its SPARQL queries?"
# What a worker calls the forms of queries, and who asks them.
FORMS = {"rows": "SELECT", "boolean": "ASK", "triples": "CONSTRUCT"}


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
        budget = self.server.budget()
        # By property, so that most answers fit into one page and no server has to sort everything.
        for (property_,) in self._asked("SELECT DISTINCT ?p WHERE { ?s ?p ?o }", "SELECT", self.server, budget):
            rows = self._asked(f"SELECT ?s ?o WHERE {{ ?s {property_} ?o }} ORDER BY ?s ?o", "SELECT", self.server, budget)
            store.extend(ox.Quad(subject, property_, value) for subject, value in rows)  # type: ignore[arg-type]
            if len(store) > size:
                break
        if len(store) != size:
            raise StoreError(self.url, f"gave {len(store):,} of {size:,} triples; was it being changed? try again")
        return store

    def answer(self, sparql: str, bindings: Mapping[str, Term]) -> Results:
        """The answer of the server, with values in place of bound variables."""
        text = with_prefixes(with_values(sparql, bindings))
        return self._asked(text, query_form(text), self.server, self.server.budget())

    def kept(self, query: Query) -> None:
        """Nothing: a server is asked."""

    def bounded(self, sparql: str, bindings: Mapping[str, Term], limits: Limits) -> Results:
        """The answer to a query from outside, read by our own parser first; the server computes it, so its limits hold as well."""
        budget = Budget(limits.seconds, min(limits.bytes, MAX_ANSWER))
        text = with_prefixes(with_values(sparql, bindings))
        found = CODE_POINT.search(text)
        if found:
            # Engines differ in whether they read it before or after they look for texts; what is sent means one thing only.
            raise RefusedQuery(f"servers read {found[0]} in two ways; write the character itself", sparql)
        # Asked of nothing, which says whether it is SPARQL, of which form, and that it asks no other server.
        form = self._reader.ask(text, {}, limits).form
        server = replace(self.server, timeout=min(self.server.timeout, limits.seconds), retries=0)
        try:
            return self._asked(text, FORMS[form], server, budget, limits)
        except StoreError:
            if budget.over:
                raise QueryTimeout(sparql, limits.seconds) from None
            raise

    @cached_property
    def _reader(self) -> Workers:
        from partnergraph.stores.sandbox.workers import Workers

        return Workers(ox.Store())

    def size(self) -> int:
        """Counted by the server."""
        ((count,),) = self.answer("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", {})
        return int(str(count.value)) if count is not None else 0

    def lines(self) -> Iterator[bytes]:
        """Those of a copy."""
        return Embedded(self.store).lines()

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

    def _asked(self, text: str, form: str, server: Server, budget: Budget, limits: Limits | None = None) -> Results:
        """The answer of the server to a text of which the form is known, all of it within the budget."""
        if form in {"CONSTRUCT", "DESCRIBE"}:
            triples = self._triples(self._ask(text, "application/n-triples, text/turtle;q=0.5", server, budget))
            if limits is not None and len(triples) > limits.rows:
                raise AnswerTooLarge(text, "rows", limits.rows)
            return Results(lambda: iter(triples))
        if form == "ASK":
            data = self._ask(text, "application/sparql-results+json", server, budget)
            if form_of(data)[0] != "ASK":
                raise StoreError(self.url, NO_ROWS)
        else:
            data = self._rows(text, server, budget, limits)
        return Results(lambda: solutions(data))

    def _ask(self, text: str, accept: str, server: Server, budget: Budget) -> bytes:
        fields = {"query": text} | ({"default-graph-uri": self.graph} if self.graph else {})
        body = urlencode(fields).encode()
        data, _ = server.request("POST", self.url, body, budget, Content_Type="application/x-www-form-urlencoded", Accept=accept)
        return data

    def _rows(self, text: str, server: Server, budget: Budget, limits: Limits | None) -> bytes:
        """All rows of a SELECT as JSON, page after page if need be."""
        first, page = self._page(text, server, budget)
        pages, count = [first], page
        while page and page % ROUND == 0:
            if limits is not None and count > limits.rows:
                break
            inner = f"SELECT * WHERE {{ {{ {_inner(text)}\n}} }} LIMIT {page} OFFSET {count}"
            data, more = self._page(_prologue(text) + inner, server, budget)
            pages.append(data)
            count += more
            if more < page:
                break
        if limits is not None and count > limits.rows:
            raise AnswerTooLarge(text, "rows", limits.rows)
        return joined(pages)

    def _page(self, text: str, server: Server, budget: Budget) -> tuple[bytes, int]:
        """One answer, and how many rows it has: what is wrong in it must be said here, not where somebody looks at row 7,000."""
        data = mended(self._ask(text, "application/sparql-results+json", server, budget))
        form, count = form_of(data)
        if form != "SELECT":
            raise StoreError(self.url, NO_ROWS)
        return data, count

    def _triples(self, data: bytes) -> list[ox.Triple]:
        try:
            check_depth(Path(self.url), data)
            return [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)]
        except ContentError as error:
            raise StoreError(self.url, f"did not answer with triples: {error.problem}") from None
        except SyntaxError as error:
            raise StoreError(self.url, f"did not answer with triples: {error.msg}") from None


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
