"""Shapes held against a graph by pySHACL: slow, and right about whatever SHACL can say."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.checks.shapes import ONE, several
from partnergraph.rdf.terms import PREFIXES, XSD, compact

if TYPE_CHECKING:
    import rdflib

SH = PREFIXES["sh"]
# Whether it has no name, its name, the value at fault as text if one is, and what the shape says.
Held = tuple[bool, str, str | None, str]


def warm_up() -> None:
    """Imports whatever is only imported when something is found, while files can still be opened."""
    from oxrdflib._converter import to_ox  # noqa: F401

    hold(
        ox.Store(),
        b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <x:s> a sh:NodeShape ; sh:targetNode <x:a> ; sh:property [ sh:path <x:p> ; sh:minCount 1 ] ;
            sh:sparql [ sh:message "m" ; sh:select "SELECT $this WHERE { $this a ?x }" ] .""",
    )


def hold(store: ox.Store, shapes_turtle: bytes) -> list[Held]:
    """Which nodes do not have the shape they must have."""
    import rdflib
    from pyshacl import validate

    shapes = rdflib.Graph().parse(data=shapes_turtle, format="turtle")
    sh = rdflib.Namespace(SH)
    looked_at = {*shapes.objects(None, sh.path), *shapes.objects(None, sh.targetObjectsOf), rdflib.RDF.type, rdflib.RDFS.subClassOf}
    data = _rdflib_copy(store, sorted(str(predicate) for predicate in looked_at))
    conforms, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if conforms:
        return []
    found: list[Held] = []
    for result in report.objects(predicate=sh.result):
        node = report.value(result, sh.focusNode)
        value = report.value(result, sh.value)
        message = str(report.value(result, sh.resultMessage))
        if report.value(result, sh.sourceConstraintComponent) == sh.MaxCountConstraintComponent and not ONE.search(message):
            # The message of the property says what one value must be; here each may be right.
            path = report.value(result, sh.resultPath)
            message = several(
                str(path),
                [str(each) if isinstance(each, rdflib.Literal) else compact(str(each)) for each in data.objects(node, path)],
            )
        shown = None if value is None or isinstance(value, rdflib.BNode) else str(value)
        for blank, name in _subjects(store, node):
            found.append((blank, name, shown, message))
    return found


def _subjects(store: ox.Store, node: object) -> list[tuple[bool, str]]:
    """What a shape found fault with, whether without a name, and its name: a node, or where it is a text those that have the text."""
    import rdflib
    from oxrdflib._converter import to_ox

    if isinstance(node, rdflib.Literal):
        text: ox.Literal = to_ox(node)  # type: ignore[assignment]  # a Literal becomes a Literal
        found = {quad.subject for quad in store.quads_for_pattern(None, None, text)}
        return [
            (isinstance(subject, ox.BlankNode), subject.value)
            for subject in found
            if isinstance(subject, ox.NamedNode | ox.BlankNode)
        ]
    return [(isinstance(node, rdflib.BNode), str(node))]


def _rdflib_copy(store: ox.Store, predicates: Iterable[str]) -> rdflib.Graph:
    """The triples of some predicates in rdflib's own memory: pySHACL asks many tiny things, which a store behind an adapter answers slower."""
    import rdflib
    from oxrdflib._converter import from_ox

    def convert(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
        if isinstance(term, ox.Literal) and not term.language:
            # Kept as written: rdflib would write 1e300000000 out in digits. A text is one thing with its datatype and without.
            kind = None if term.datatype.value == f"{XSD}string" else rdflib.URIRef(term.datatype.value)
            return rdflib.Literal(term.value, datatype=kind, normalize=False)
        return from_ox(term)  # type: ignore[return-value]

    # A literal that is not what its datatype says becomes a violation below; rdflib would also print a traceback.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    graph = rdflib.Graph()
    for predicate in map(ox.NamedNode, predicates):
        link = convert(predicate)
        graph.addN((convert(s), link, convert(o), graph) for s, _, o, _ in store.quads_for_pattern(None, predicate, None))
    return graph
