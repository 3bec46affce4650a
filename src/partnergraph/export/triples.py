"""RDF: everything that is in the graph, what rules derive included, in an order that depends on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.rdf.terms import PREFIXES
from partnergraph.rdf.turtle import write_turtle

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore


def canonical(graph: GraphCore) -> list[ox.Quad]:
    """The triples with blank nodes named by what they say (RDFC-1.0), in the order of their N-Quads."""
    dataset = ox.Dataset(graph.store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def write_turtle_file(graph: GraphCore) -> bytes:
    """Turtle as the formatter writes it."""
    return write_turtle([quad.triple for quad in canonical(graph)], PREFIXES).encode()


def write_nquads(graph: GraphCore) -> bytes:
    """N-Quads in canonical form, one line a triple."""
    return ox.serialize(canonical(graph), format=ox.RdfFormat.N_QUADS) or b""


def write_jsonld(graph: GraphCore) -> bytes:
    """JSON-LD with the prefixes of this project."""
    from partnergraph.rdf.jsonld import write_jsonld as write

    return write((quad.triple for quad in canonical(graph)), PREFIXES)


WRITERS: dict[str, Callable[[GraphCore], bytes]] = {
    "turtle": write_turtle_file,
    # All triples are in the default graph, so that the Turtle is TriG as it is.
    "trig": write_turtle_file,
    "nquads": write_nquads,
    "jsonld": write_jsonld,
}
