"""Chains of claims between two entities, the best attested first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from partnergraph.analysis.tables import ARROW, Findings, Table, Value, name_of
from partnergraph.base.errors import UnknownName
from partnergraph.core.views import ATTESTATIONS
from partnergraph.network.projection import make_network
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    import networkx as nx

    from partnergraph.core.attributes import Attributes
    from partnergraph.core.graph import GraphCore

__all__ = ["Chain", "Step", "find_chains", "paths"]

# What a leg costs by the rank of its attestation: one rumoured leg is worse than two confirmed ones, and better than three.
COSTS = (2.5, 2.5, 1.5, 1.2, 1.0)
CONTESTED = 0.4
# What was only intended, or called off, is no way while there is another one.
NOT_DONE = 2.0
# A way through one entity in between says more than the direct link alone.
LEAST_STEPS = 2


@dataclass(frozen=True)
class Step:
    """One leg of a chain: the claims that join two entities, the best attested first, and whether the first reads backwards."""

    start: str
    finish: str
    claims: tuple[str, ...]
    best: Attributes
    backwards: bool


@dataclass(frozen=True)
class Chain:
    """A way from one entity to another, leg by leg."""

    steps: tuple[Step, ...]
    cost: float

    @property
    def weakest(self) -> str:
        """The attestation of the leg that is attested worst."""
        return str(min(self.steps, key=lambda step: int(step.best.get("attested", 0))).best.get("attestation", "unknown"))


def cost(said: Attributes, not_done: Collection[str]) -> float:
    """What a leg costs that rests on a claim: 1 if it is confirmed, done and not contested, more for everything less.

    ``not_done`` are the stages of deals that were only intended, or called off.
    """
    return (
        COSTS[int(said.get("attested", 0))] + CONTESTED * bool(said.get("contested")) + NOT_DONE * (said.get("stage") in not_done)
    )


def find_chains(network: nx.MultiDiGraph, start: str, finish: str, *, not_done: Collection[str], limit: int = 5) -> list[Chain]:
    """The cheapest chains from one entity to another in a network, read along or against its edges; none from one to itself.

    ``start`` and ``finish`` are short names such as ent:openai; legs of deals at the stages ``not_done`` cost more.
    """
    import networkx as nx

    for end in (start, finish):
        if end not in network:
            hint = "no claim of these kinds joins it to another one; allow more kinds or take another view"
            raise UnknownName("entity in this network", end, (), hint)
    if start == finish:
        return []
    ways = _best_of_parallel(network, not_done)
    try:
        found = list(islice(nx.shortest_simple_paths(ways, start, finish, weight="cost"), limit))
    except nx.NetworkXNoPath:
        return []
    chains = []
    for stations in found:
        steps = tuple(ways.edges[pair]["steps"][pair] for pair in pairwise(stations))
        chains.append(Chain(steps, round(sum(cost(step.best, not_done) for step in steps), 3)))
    return sorted(chains, key=lambda chain: (chain.cost, [step.finish for step in chain.steps]))


def _best_of_parallel(network: nx.MultiDiGraph, not_done: Collection[str]) -> nx.Graph:
    import networkx as nx

    between: dict[tuple[str, str], list[tuple[float, str, bool, Attributes]]] = {}
    for start, finish, claim, data in network.edges(keys=True, data=True):
        if start != finish:
            pair = (start, finish) if start < finish else (finish, start)
            between.setdefault(pair, []).append((cost(data, not_done), claim, pair[0] != start, data))
    ways = nx.Graph()
    for (one, other), legs in sorted(between.items()):
        legs.sort(key=lambda leg: leg[:2])
        price, _, turned, best = legs[0]
        claims = tuple(dict.fromkeys(leg[1] for leg in legs))
        along = Step(one, other, claims, best, turned)
        steps = {(one, other): along, (other, one): Step(other, one, claims, best, not turned)}
        ways.add_edge(one, other, cost=price, steps=steps)
    return ways


def paths(graph: GraphCore, start: str, finish: str, network: nx.MultiDiGraph | None = None, *, limit: int = 5) -> Findings:
    """The chains between two entities, by any of their names, as tables: each chain, then each leg with its claims.

    They lead through the network of the families that join entities, or through another one of the graph.
    """
    start, finish = (compact(graph.find_entity(name)) for name in (start, finish))
    if network is None:
        network = make_network(graph, graph.families.joining)
    found = find_chains(network, start, finish, not_done=graph.stages.not_done, limit=limit)
    summary: list[tuple[Value, ...]] = []
    detail: list[tuple[Value, ...]] = []
    for number, chain in enumerate(found, 1):
        route = ARROW.join([chain.steps[0].start, *(step.finish for step in chain.steps)])
        summary.append((number, route, len(chain.steps), chain.weakest, chain.cost))
        for step in chain.steps:
            read = (step.finish, step.start) if step.backwards and not step.best["mutual"] else (step.start, step.finish)
            when = str(step.best.get("begins") or step.best.get("date") or "")
            detail.append(
                (
                    number,
                    read[0],
                    step.best["caption"],
                    read[1],
                    when,
                    step.best.get("attestation", ""),
                    step.best.get("stage", ""),
                    len(step.claims),
                    step.claims,
                )
            )
    tables = [
        Table("chains", ("chain", "route", "legs", "weakest_attestation", "cost"), summary),
        Table("legs", ("chain", "from", "relation", "to", "date", "attestation", "stage", "claims_between", "claim"), detail),
    ]
    less = ", ".join(f"{price:g} {level}" for level, price in zip(ATTESTATIONS[-2::-1], COSTS[-2:0:-1], strict=True))
    notes = [
        f"A leg is its best attested claim; it costs {COSTS[-1]:g} if {ATTESTATIONS[-1]}, {less}, {CONTESTED:g} more if contested, and {NOT_DONE:g} more if only {' or '.join(graph.stages.not_done)}.",
    ]
    return Findings(
        tables, notes if found else [f"No chain of claims joins {name_of(graph, start)} and {name_of(graph, finish)}."]
    ).of(graph)
