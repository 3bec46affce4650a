"""What depends on an entity, and where one failure would cut others off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from partnergraph.analysis.concentration import purchases
from partnergraph.analysis.cuts import find_cuts
from partnergraph.analysis.hhi import shares
from partnergraph.analysis.legs import Counting
from partnergraph.analysis.tables import Findings, Table, Value, name_of
from partnergraph.ledger.amounts import add
from partnergraph.network.projection import FAILURE, NOTHING, make_network
from partnergraph.rdf.terms import compact
from partnergraph.reading.ledger import PURCHASE, Entry, read_houses, read_ledger

if TYPE_CHECKING:
    import networkx as nx

    from partnergraph.core.graph import GraphCore

__all__ = ["Dependent", "exposure", "find_dependents", "only_of", "reliance"]

DEPENDING = "what depends on it"

LOST, KEPT = "lost", "kept"


@dataclass(frozen=True)
class Dependent:
    """An entity that depends on another, ``steps`` away: on whom it relies directly, how, and who else does the same for it.

    ``lost`` says whether it would lose everybody who does so, step after step from the first failure on.
    """

    entity: str
    kind: str
    steps: int
    on: str
    how: str
    others: tuple[str, ...]
    lost: bool
    claims: tuple[str, ...]


def reliance(graph: GraphCore, left_out: Collection[str] | None = None) -> nx.MultiDiGraph:
    """Who relies on whom: an edge from each entity to what it runs on, uses, is made by or is supplied by, by claim.

    Left out are what another version is preferred over and deals at some stages, or those that carry nothing, or nothing any more.
    """
    import networkx as nx

    left_out = graph.stages.not_in_force if left_out is None else left_out

    whole = make_network(graph)
    relying = nx.MultiDiGraph(**whole.graph)
    for start, finish, claim, data in whole.edges(keys=True, data=True):
        if "reliance" in data and not data["overruled"] and data.get("stage") not in left_out and start != finish:
            ends = (start, finish) if data["reliance"] > 0 else (finish, start)
            relying.add_edge(*ends, claim, **data)
    relying.add_nodes_from((node, whole.nodes[node]) for node in relying)
    return relying


def find_dependents(relying: nx.MultiDiGraph, entity: str, steps: int, houses: Mapping[str, str] | None = None) -> list[Dependent]:
    """Everything that depends on the entity within so many steps, what is lost with it first; empty if nothing does.

    ``houses`` names who stands behind an entity: another service of the same house is no replacement.
    """
    if entity not in relying:
        return []
    houses = houses or {}
    away = _steps_away(relying, entity, steps)
    failed = _failures(relying, entity, away, houses)
    found = []
    for dependent, distance in away.items():
        if not distance:
            continue
        ways = _ways(relying, dependent)
        for on in sorted(on for on in relying.successors(dependent) if away.get(on) == distance - 1):
            by_way: dict[str, list[str]] = {}
            for claim, data in relying.get_edge_data(dependent, on).items():
                by_way.setdefault(data["relies"], []).append(claim)
            for how, claims in sorted(by_way.items()):
                others = {other for other in ways[how] if other != on and not _same_house(other, on, houses)}
                found.append(
                    Dependent(
                        dependent,
                        relying.nodes[dependent].get("kind", ""),
                        distance,
                        on,
                        how,
                        tuple(sorted(others)),
                        on in failed and others <= failed,
                        tuple(sorted(claims, key=lambda claim: (-relying.edges[dependent, on, claim].get("attested", 0), claim))),
                    )
                )
    return sorted(found, key=lambda one: (not one.lost, one.steps, one.kind, one.entity, one.on, one.how))


def _steps_away(relying: nx.MultiDiGraph, entity: str, steps: int) -> dict[str, int]:
    """How far everything is that depends on the entity; what depends on an organization does not depend on all that this one buys."""
    away = {entity: 0}
    reached = [entity]
    for step in range(1, steps + 1):
        further: dict[str, bool] = {}
        for _, dependent, data in ((on, one, data) for on in reached for one, _, data in relying.in_edges(on, data=True)):
            if dependent not in away:
                further[dependent] = further.get(dependent, False) or data["carries"] != NOTHING
        away |= dict.fromkeys(further, step)
        reached = [dependent for dependent, carries in further.items() if carries]
    return away


def _ways(relying: nx.MultiDiGraph, dependent: str, *, failing: bool = False) -> dict[str, set[str]]:
    """Who does what for an entity: all of it, or only that without which it fails."""
    ways: dict[str, set[str]] = {}
    for _, other, data in relying.out_edges(dependent, data=True):
        if data["carries"] == FAILURE or not failing:
            ways.setdefault(data["relies"], set()).add(other)
    return ways


def _same_house(one: str, other: str, houses: Mapping[str, str]) -> bool:
    return houses.get(one, one) == houses.get(other, other)


def _failures(relying: nx.MultiDiGraph, entity: str, away: Mapping[str, int], houses: Mapping[str, str]) -> set[str]:
    """The entity and all that fail, one after the other, because they lose everyone who does one thing for them."""
    failed = {entity}
    open_ends = [entity]
    while open_ends:
        lost = open_ends.pop()
        for dependent in relying.predecessors(lost):
            if dependent in failed or dependent not in away:
                continue
            for providers in _ways(relying, dependent, failing=True).values():
                if lost in providers and all(other in failed or _same_house(other, entity, houses) for other in providers):
                    failed.add(dependent)
                    open_ends.append(dependent)
                    break
    return failed


def exposure(graph: GraphCore, entity: str | None = None, *, steps: int = 3, intended: bool = False, limit: int = 30) -> Findings:
    """What depends on an entity, by any of its names, within so many steps, and its single points of failure; without one those of all."""
    left_out = tuple(stage for stage in graph.stages.not_in_force if not (intended and stage in graph.stages.intended))
    relying = reliance(graph, left_out)
    tables = []
    notes = []
    if entity is not None:
        entity = compact(graph.find_entity(entity))
        found = find_dependents(relying, entity, steps, read_houses(graph))
        tables += _dependents(found)
        gone = {entity, *(one.entity for one in found if one.lost)}
        stages = [stage for stage in graph.stages.order if stage not in left_out]
        stated = read_ledger(graph, house=False).entries
        bought = [
            _purchases_lost(graph, stated, gone, Counting(stages, weight=weight, house=False)) for weight in ("money", "capacity")
        ]
        tables += [table for table in bought if table.rows]
        inside = {entity, *(one.entity for one in found)}
        relying = relying.subgraph(inside).copy()
        notes.append(
            f"Depends on {name_of(graph, entity)} within {steps} steps. Others: how many else do the same for it, without those of the same house. "
            "Left without: the graph names no other that would remain, step after step; what it does not name may exist all the same."
        )
        if any(table.rows for table in bought):
            notes.append(
                "Purchases lost are those from it and from who is lost with it, where a claim says how much. As stated: silent deals count "
                "nothing, at least so much counts as so much. As may be: they count anything. Chips and the sites they go into may both count."
            )
    cuts, bridges = find_cuts(relying)
    points: list[tuple[Value, ...]] = [(cut.entity, cut.pieces, cut.cut_off, cut.claims) for cut in cuts[:limit]]
    # The bridges that cut off most come first; those that cut off one entity are only its own relation to the rest.
    joined: list[tuple[Value, ...]] = [(*one.ends, one.cut_off, one.claims) for one in bridges[:limit] if one.cut_off > 1]
    tables += [
        Table("single relations that hold parts together", ("relying", "relied_on", "cut_off", "claim"), joined),
        Table("single points of failure", ("entity", "pieces", "cut_off", "claim"), points),
    ]
    if len(cuts) > limit:
        notes.append(f"{len(cuts) - limit} more points of failure cut off {cuts[limit].cut_off} entities or fewer.")
    notes.append(
        f"Left out: deals that are {', '.join(left_out)}. Cut off: entities that lose every way of relying to the greater part of the network if it falls out. "
        + ("" if graph.view.as_of else "All times at once: --as-of DAY keeps what is in force on a day.")
    )
    return Findings(tables, notes, main=1 if entity is not None else -1).of(graph)


def only_of(graph: GraphCore, findings: Findings, name: str) -> Findings:
    """What of the findings about an entity is about another: what depends on it and is that other or of its house."""
    houses = read_houses(graph)
    wanted = compact(graph.find_entity(name))
    table = next(one for one in findings.tables if one.title == DEPENDING)
    at = table.columns.index("entity")
    house = houses.get(wanted, wanted)
    rows = [row for row in table.rows if house in (row[at], houses.get(str(row[at]))) or row[at] == wanted]
    return replace(findings, tables=[replace(table, rows=rows)], notes=findings.notes if rows else [], main=0)


def _purchases_lost(graph: GraphCore, deals: Collection[Entry], gone: set[str], counting: Counting) -> Table:
    """How much of the computing that each customer buys comes from those who are gone, where claims say how much."""
    bought: dict[str, list[Entry]] = {}
    counted = counting.within(graph)
    for entry in deals:
        if entry.purpose == PURCHASE and counted.has(entry):
            bought.setdefault(entry.payer, []).append(entry)
    found: list[tuple[Value, ...]] = []
    unit = ""
    for customer, entries in sorted(bought.items()):
        if not any(entry.payee in gone for entry in entries):
            continue
        market = purchases([replace(entry, payee=LOST if entry.payee in gone else KEPT) for entry in entries], counted)
        unit = market.unit
        sides = sorted(market.sellers, key=lambda side: side.name != LOST)
        if sides[0].name == LOST and sides[0].stated.greatest > 0:
            stated, possible = [side.stated for side in sides], [side.possible for side in sides]
            silent = f"{market.unknown} of {market.deals}"
            found.append((customer, stated[0], add(stated), shares(stated)[0], shares(possible)[0], silent, sides[0].claims))
    title = "purchases of computing that would be lost, by " + ("power" if counting.weight == "capacity" else counting.weight)
    columns = ("customer", "lost", "of", "share_as_stated", "share_as_may_be", "silent_deals", "claim")
    return Table(title, columns, found, {"lost": unit, "of": unit, "share_as_stated": "share", "share_as_may_be": "share"})


def _dependents(found: list[Dependent]) -> list[Table]:
    entities = {one.entity: one.kind for one in found}
    lost = {one.entity for one in found if one.lost}
    kinds = Counter(entities.values())
    alone = Counter(entities[entity] for entity in lost)
    summary: list[tuple[Value, ...]] = [
        (kind, count, alone[kind]) for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    ]
    detail: list[tuple[Value, ...]] = [
        (one.steps, one.entity, one.kind, one.how, one.on, one.lost, len(one.others), one.others, one.claims) for one in found
    ]
    return [
        Table("who depends on it", ("kind", "entities", "left_without"), summary),
        Table(
            DEPENDING,
            ("steps", "entity", "kind", "relies", "on", "left_without", "others", "among_them", "claim"),
            detail,
        ),
    ]
