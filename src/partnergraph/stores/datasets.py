"""A store as a dataset of rdflib, without a copy, and without a way to write into what the graph answers from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pyoxigraph as ox

from partnergraph.base.errors import QueryError
from partnergraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    import rdflib

_WHY = (
    "graph.rdflib cannot be written to, since answers already given would not know of it; "
    "graph.with_claims(turtle) gives a graph with more"
)


def as_dataset(store: ox.Store) -> rdflib.Dataset:
    """The triples of a store as rdflib reads them; whoever writes to it gets a QueryError."""
    from oxrdflib import OxigraphStore
    from rdflib import Dataset

    class ReadOnly(OxigraphStore):
        """The store as rdflib may see it."""

        def _refuse(self, *_: Any, **__: Any) -> NoReturn:
            raise QueryError(_WHY)

        add = addN = remove = update = remove_graph = open = destroy = commit = rollback = _refuse  # noqa: N815  # as rdflib calls them

        def add_graph(self, graph: Any) -> None:
            """Datasets name their default graph when they begin; nothing is added by that."""

        def close(self, commit_pending_transaction: bool = False) -> None:  # noqa: FBT001, FBT002  # as rdflib calls it
            """The store stays open: it is the graph's."""

    dataset = Dataset(store=ReadOnly(store=store), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, replace=True)
    return dataset
