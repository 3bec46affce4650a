"""Who stands behind an entity: the one organization that makes, operates or contains it."""

from __future__ import annotations

from partnergraph.core.graph import GraphCore
from partnergraph.core.rows import rows
from partnergraph.rdf.terms import compact

__all__ = ["makers_of"]


def makers_of(graph: GraphCore) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Who stands in the end behind each entity that one other alone makes, operates or contains, with the claims that say so."""
    found: dict[str, dict[str, str]] = {}
    for row in rows(graph, "makers"):
        found.setdefault(compact(row["entity"]), {}).setdefault(compact(row["maker"]), compact(row["claim"]))
    behind: dict[str, tuple[str, tuple[str, ...]]] = {}
    for entity in found:
        maker, claims, seen = entity, [], {entity}
        while len(found.get(maker, ())) == 1:
            ((above, claim),) = found[maker].items()
            if above in seen:
                break
            maker = above
            claims.append(claim)
            seen.add(above)
        if claims:
            behind[entity] = (maker, tuple(claims))
    return behind
