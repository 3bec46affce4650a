"""Which contested points speak of what a person names: of entities by their claims, of other words by their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.reading.conflicts import Conflict


def about(graph: GraphCore, points: Sequence[Conflict], words: Sequence[str]) -> list[Conflict]:
    """The points that speak of all the words: an entity is party to one of the versions, another word stands in their text."""
    found = list(points)
    for word in words:
        claims: set[str] = set()
        if word in graph.names:
            entity = ox.NamedNode(graph.find_entity(word))
            claims = {str(row["claim"].value) for row in graph.project("card", entity=entity).mappings()}
        found = [
            point
            for point in found
            if any(version.claim in claims for version in point.versions) or (not claims and point.speaks_of(word))
        ]
    return found
