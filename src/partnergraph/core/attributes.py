"""What claims say in words and numbers, for very many of them at once."""

from __future__ import annotations

from collections.abc import Collection

from partnergraph.core.graph import GraphCore
from partnergraph.core.rows import exact, records
from partnergraph.rdf.terms import compact

NUMBERS = ("amountMin", "amountMax", "stakeMin", "stakeMax", "capacityMin", "capacityMax")
WORDS = (
    "label",
    "attestation",
    "stage",
    "date",
    "begin",
    "end",
    "startsEarliest",
    "startsLatest",
    "endsEarliest",
    "endsLatest",
    "currency",
)
# networkx's GEXF writer takes an attribute called end for the end of an animation.
RENAMED = {"begin": "begins", "end": "ends"}
Attributes = dict[str, str | int | float | bool]


class Shortened(dict[str, str]):
    """Short names of IRIs, each made once."""

    def __missing__(self, iri: str) -> str:
        self[iri] = compact(iri)
        return self[iri]


def claim_attributes(graph: GraphCore, wanted: Collection[str]) -> dict[str, Attributes]:
    """What each of the claims says: words and numbers, ``contested``, ``overruled``, ``sources``."""
    sources: dict[str, set[str]] = {}
    short = Shortened()
    for claim, source in records(graph, "edge-sources", ("claim", "source")):
        if claim in wanted:
            sources.setdefault(claim, set()).add(short[source])
    contested = {claim for (claim,) in records(graph, "rivals", ("claim",))}
    overruled = {claim for (claim,) in records(graph, "overruled", ("claim",))}
    names = [RENAMED.get(name, name) for name in WORDS]
    claims: dict[str, Attributes] = {}
    for claim, attested, *values in records(graph, "edge-claims", ("claim", "attested", *WORDS, *NUMBERS)):
        if claim not in wanted:
            continue
        said: Attributes = {name: value for name, value in zip(names, values, strict=False) if value}
        if attested:
            said["attested"] = int(attested)
        for name, value in zip(NUMBERS, values[len(WORDS) :], strict=True):
            number = exact(value) if value else None
            if number is not None:
                said[name] = number
        said["contested"] = claim in contested
        said["overruled"] = claim in overruled
        said["sources"] = " ".join(sorted(sources.get(claim, ())))
        claims[claim] = said
    return claims
