"""Of which sort a thing is, roughly: by this a name fits the place of a question or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.rdf.terms import PG, RDF_TYPE

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

# The classes by which the sort of a thing is known, the first that it is of.
SORTS = {
    "Country": "Country",
    **dict.fromkeys(("Regulator", "PublicBody", "AttorneyGeneral", "Court"), "Authority"),
    **{name: name for name in ("Organization", "Product", "Infrastructure", "Person", "MarketSegment")},
}


def sort_of(graph: GraphCore, iri: str) -> str:
    """What sort of thing an entity is, roughly; empty for what is none of the usual ones."""
    types = {
        term.value.removeprefix(PG) for term in graph.engine.objects([iri], RDF_TYPE).get(iri, ()) if isinstance(term, ox.NamedNode)
    }
    return next((sort for name, sort in SORTS.items() if name in types), "")
