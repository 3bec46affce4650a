"""One entity of a graph as an object: its names, its claims, its card."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import compact
from partnergraph.reading.answers import Answer
from partnergraph.reading.cards import EntityCard, read_entity


@dataclass(frozen=True)
class Entity:
    """A company, product, site or person of a graph; in a notebook it shows itself as its card."""

    graph: GraphCore
    iri: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.names[0]

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, the usual one first."""
        return self.graph.names_of(self.iri)

    @property
    def short(self) -> str:
        """Its short name, as SPARQL and the network have it: ``ent:openai``."""
        return compact(self.iri)

    @property
    def kind(self) -> str:
        """What it is, such as a company, a model or a data centre."""
        return self.graph.kinds([self.iri]).get(self.iri, "entity")

    def claims(self) -> Answer:
        """Its claims with what a card shows of each, as an answer: ``.to_pandas()`` makes a frame of them."""
        return Answer(self.graph.project("card", entity=ox.NamedNode(self.iri)), self.graph)

    def card(self, kind: str | None = None, limit: int | None = None) -> EntityCard:
        """Its card: claims of one ``kind`` only, by the kind's label; at most ``limit`` of each, 0 for all."""
        return read_entity(self.graph, self.iri, kind=kind, limit=limit)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} · {self.short}>"

    def __str__(self) -> str:
        return self.card().text()

    def _repr_html_(self) -> str:
        return self.card()._repr_html_()
