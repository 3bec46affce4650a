"""Runs the W3C's SPARQL 1.1 query evaluation tests through our own query path, and says which do not pass.

Usage: python -m benchmarks.conformance DIR, where DIR is sparql/sparql11 of a checkout of github.com/w3c/rdf-tests
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.compare import isomorphic as isomorphic_graphs

from partnergraph.base.errors import QueryError
from partnergraph.rdf.terms import Term
from partnergraph.reading.answers import Answer
from partnergraph.stores.engine import replied
from partnergraph.stores.sandbox.guard import check_query
from partnergraph.stores.sandbox.limits import Limits
from partnergraph.stores.sandbox.workers import Workers

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#ResultSet"
# Not offered: entailment regimes, and SERVICE.
OUT_OF_SCOPE = {"entailment", "service"}
GRAPHS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES, ".trig": ox.RdfFormat.TRIG}
ROWS = {".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON, ".tsv": ox.QueryResultsFormat.TSV}


def objects(manifest: ox.Store, subject: object, name: str) -> list[ox.NamedNode]:
    """What stands at the end of a property in the manifest."""
    return [quad.object for quad in manifest.quads_for_pattern(subject, ox.NamedNode(name), None)]


def place(node: ox.NamedNode) -> Path:
    """The file that a name in the manifest stands for."""
    return Path(node.value.removeprefix("file://"))


def evaluate(manifest: ox.Store, test: object) -> bool | None:
    """Whether a test passes; None where its result is in a form that is not read here."""
    (action,) = objects(manifest, test, MF + "action")
    (expected,) = objects(manifest, test, MF + "result")
    (query,) = objects(manifest, action, QT + "query")
    store = ox.Store()
    for data in objects(manifest, action, QT + "data"):
        store.load(place(data).read_bytes(), format=GRAPHS[place(data).suffix], base_iri=data.value)
    for data in objects(manifest, action, QT + "graphData"):
        store.load(place(data).read_bytes(), format=GRAPHS[place(data).suffix], base_iri=data.value, to_graph=data)
    text = f"BASE <{query.value}>\n{place(query).read_text(encoding='utf-8')}"
    text = check_query(text)
    workers = Workers(store)
    try:
        answer = replied(workers.ask(text, {}, Limits(seconds=10)))
    finally:
        workers.close()
    return agrees(answer, place(expected), expected.value)


def agrees(answer: Answer, path: Path, base: str) -> bool | None:
    """Whether the answer is what the file says, blank nodes under any name and numbers by value."""
    data = path.read_bytes()
    if path.suffix == ".csv":
        return sorted(answer.serialize("csv").split()) == sorted(data.split())
    if path.suffix in ROWS:
        results = ox.parse_query_results(data, format=ROWS[path.suffix])
        if isinstance(results, ox.QueryBoolean):
            return bool(results) == bool(answer)
        columns = [variable.value for variable in results.variables]
        return set(columns) == set(answer.columns) and isomorphic(
            as_triples(columns, [tuple(row) for row in results]), as_triples(answer.columns, answer.rows)
        )
    triples = [quad.triple for quad in ox.parse(data, format=GRAPHS[path.suffix], base_iri=base)]
    if any(triple.object == ox.NamedNode(RESULT_SET) for triple in triples):
        return None
    return isomorphic(triples, answer.triples)


def as_triples(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> Iterator[ox.Triple]:
    """Rows as a graph, so that blank nodes are compared as in one."""
    for number, row in enumerate(rows):
        node = ox.BlankNode(f"row{number}")
        yield ox.Triple(node, ox.NamedNode("x:row"), ox.Literal("one"))
        for column, term in zip(columns, row, strict=True):
            if term is not None:
                yield ox.Triple(node, ox.NamedNode(f"x:{column}"), by_value(term))


def by_value(term: Term) -> Term:
    """A number without what only its spelling says."""
    if isinstance(term, ox.Literal) and term.datatype.value.endswith(("#decimal", "#double", "#float", "#integer")):
        try:
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        except ValueError:
            return term
    return term


def isomorphic(first: Iterable[ox.Triple], second: Iterable[ox.Triple]) -> bool:
    """Whether two graphs are the same but for the names of blank nodes."""
    graphs = []
    for triples in (first, second):
        text = "".join(f"{t.subject} {t.predicate} {t.object} .\n" for t in triples)
        graphs.append(rdflib.Graph().parse(data=text, format="nt"))
    # Oxigraph's canonical form takes rows that are the same for different ones.
    return isomorphic_graphs(*graphs)


def main(folder: Path) -> None:
    """Runs all tests below the folder."""
    # Values that are not what their datatype says are part of the tests; rdflib would print a traceback for each.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    counts: Counter[str] = Counter()
    for path in sorted(folder.resolve().glob("*/manifest.ttl")):
        manifest = ox.Store()
        manifest.load(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=f"file://{path}")
        for quad in manifest.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(MF + "QueryEvaluationTest")):
            name = f"{path.parent.name}: {objects(manifest, quad.subject, MF + 'name')[0].value}"
            if path.parent.name in OUT_OF_SCOPE:
                counts["not offered"] += 1
                continue
            why = "differs"
            try:
                passed = evaluate(manifest, quad.subject)
            except QueryError as error:
                passed, why = False, str(error).partition("\n")[0]
            counts["pass" if passed else "not read" if passed is None else "fail"] += 1
            if passed is False:
                print(f"{name}: {why}")
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
