"""RDF: everything that is in the graph, what rules derive included, in an order that depends on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.files import Pieces
from partnergraph.rdf.jsonld import jsonld_parts
from partnergraph.rdf.sorted import BLANK, parts_of, triples_of, turtle_parts
from partnergraph.rdf.terms import PREFIXES
from partnergraph.rdf.turtle import write_turtle

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore


def canonical(graph: GraphCore) -> list[bytes]:
    """The triples as sorted lines of N-Quads, with blank nodes named by what they say (RDFC-1.0)."""
    lines: list[bytes] = []
    blank: list[bytes] = []
    for line in graph.local.engine.lines():
        # A text that holds the sign does no harm: it is looked at with them.
        (blank if BLANK in line else lines).append(line)
    # What blank nodes are called is decided by what speaks of them; the rest, most of the graph, need not be looked at.
    dataset = ox.Dataset(ox.parse(b"".join(blank), format=ox.RdfFormat.N_QUADS))
    del blank
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines += (ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    lines.sort()
    return lines


def write_turtle_file(graph: GraphCore) -> Pieces:
    """Turtle as the formatter writes it."""
    lines = canonical(graph)
    parts = turtle_parts(lines, PREFIXES)
    return parts if parts is not None else [write_turtle(triples_of(lines), PREFIXES).encode()]


def write_nquads(graph: GraphCore) -> Pieces:
    """N-Quads in canonical form, one line a triple."""
    return Joined(canonical(graph))


def write_jsonld(graph: GraphCore) -> Pieces:
    """JSON-LD with the prefixes of this project."""
    return jsonld_parts(map(triples_of, parts_of(canonical(graph))), PREFIXES)


class Joined:
    """Very many lines in fewer pieces, which are not all made at once."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines

    def __iter__(self) -> Iterator[bytes]:
        return (b"".join(part) for part in parts_of(self.lines))


WRITERS: dict[str, Callable[[GraphCore], Pieces]] = {
    "turtle": write_turtle_file,
    # All triples are in the default graph, so that the Turtle is TriG as it is.
    "trig": write_turtle_file,
    "nquads": write_nquads,
    "jsonld": write_jsonld,
}
