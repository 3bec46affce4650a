"""Pages for one purpose: what they are called, which claims they hold, and in which state they open."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from partnergraph.errors import QueryError, UnknownName
from partnergraph.explorer.data import entity_key
from partnergraph.explorer.palette import short
from partnergraph.network import edge_kinds, rows
from partnergraph.readable import clean
from partnergraph.views import View, parse_day
from partnergraph.vocabulary import fold, nearest_names

if TYPE_CHECKING:
    from partnergraph.graph import Graph

TITLE = "Partnership graph"
# A way through one entity in between says more than the direct link alone.
LEAST_STEPS = 2
# Loops of money with more members are no loops that anybody speaks of.
LONGEST_LOOP = 4


@dataclass(frozen=True)
class Purpose:
    """What a page is for; ``claims`` is None where it holds all of them."""

    graph: Graph
    title: str
    start: str
    claims: frozenset[str] | None


def purpose(  # noqa: PLR0913  # each is one way to open a page
    graph: Graph,
    *,
    focus: str | None = None,
    path: tuple[str, str] | None = None,
    loops: bool = False,
    families: Collection[str] = (),
    compare: tuple[str | datetime.date, str | datetime.date] | None = None,
    title: str | None = None,
) -> Purpose:
    """The purpose that the options of a map mean; days of the view become the state in which the page opens.

    So the page of a view holds more than the view: its slider moves on from there.
    """
    if sum((focus is not None, path is not None, loops)) > 1:
        raise QueryError("a map has one scope: take one of focus, path and loops")
    base = graph.whole.at(attested=graph.view.attested, sources=graph.view.sources)
    state = _days(graph.view)
    name = TITLE
    keep: set[str] | None = None
    if families:
        keep, labels = _of_families(base, families)
        state["look"] = "relations"
        name = f"{TITLE}: {', '.join(labels)}"
    if compare:
        state["compare"] = "..".join(_two_days(graph.view, compare))
        name = f"{TITLE}: {state['compare'].replace('..', ' to ')}"
    if focus is not None:
        entity = base.names.resolve(focus)
        keep = _among(base, keep, _neighbourhood(base, keep, entity), entity)
        state |= {"scope": "ego", "entity": entity_key(entity)}
        name = f"Around {_label(base, entity)}"
    if path is not None:
        a, b = (base.names.resolve(end) for end in path)
        keep = _among(base, keep, _between(base, keep, a, b))
        state |= {"scope": "path", "from": entity_key(a), "to": entity_key(b)}
        name = f"From {_label(base, a)} to {_label(base, b)}"
    if loops:
        keep = _loop_claims(base, keep)
        state |= {"scope": "loops", "look": "relations"}
        name = "Loops of money"
    return Purpose(base, title or name, urlencode(state), None if keep is None else frozenset(keep))


def _label(graph: Graph, entity: str) -> str:
    return clean(graph.names.label[entity])


def _days(view: View) -> dict[str, str]:
    """The days of a view as the state of a page."""
    state = {}
    if view.as_of:
        state["asof"] = view.as_of.isoformat()
    if view.known_by:
        state["known"] = view.known_by.isoformat()
        if view.undated:
            state["undated"] = "1"
        if not view.as_of:
            state["axis"] = "known"
    return state


def _two_days(view: View, compare: tuple[str | datetime.date, str | datetime.date]) -> tuple[str, str]:
    first, second = (parse_day(day) for day in compare)
    if first is None or second is None or first >= second:
        raise QueryError("two days are compared from the earlier to the later one; write 2023-01-01 2024-01-01")
    if view.as_of:
        raise QueryError("a map compares two days or shows one; leave out the day that it is as of")
    return first.isoformat(), second.isoformat()


def _edges(graph: Graph, keep: set[str] | None) -> list[dict[str, str]]:
    return [row for row in rows(graph, "edges") if (keep is None or row["claim"] in keep) and row["from"] != row["to"]]


def _of_families(graph: Graph, wanted: Collection[str]) -> tuple[set[str], list[str]]:
    known = {row["family"]: row["label"] for row in rows(graph, "map-families")}
    chosen: dict[str, str] = {}
    for word in wanted:
        fitting = {iri: label for iri, label in known.items() if fold(word) in {fold(label), fold(short(iri))}}
        if not fitting:
            raise UnknownName(
                "family of relations", word, nearest_names(word, known.values()), f"there are {', '.join(known.values())}"
            )
        chosen |= fitting
    kinds = {row["kind"] for row in rows(graph, "map-kinds") if row["family"] in chosen}
    return {row["claim"] for row in rows(graph, "map-claims") if row["kind"] in kinds}, list(chosen.values())


def _neighbourhood(graph: Graph, keep: set[str] | None, entity: str) -> set[str]:
    found = {entity}
    for row in _edges(graph, keep):
        if entity in {row["from"], row["to"]}:
            found |= {row["from"], row["to"]}
    return found


def _among(graph: Graph, keep: set[str] | None, entities: set[str], centre: str | None = None) -> set[str]:
    """The claims that link two of the entities, and those that the entity in the centre is a party of."""
    found = {row["claim"] for row in _edges(graph, keep) if row["from"] in entities and row["to"] in entities}
    if centre is not None:
        found |= {
            row["claim"] for row in rows(graph, "map-parties") if row["entity"] == centre and (keep is None or row["claim"] in keep)
        }
    return found


def _between(graph: Graph, keep: set[str] | None, a: str, b: str) -> set[str]:
    """The entities on ways between two that are no longer than the shortest or than two steps."""
    near: dict[str, set[str]] = defaultdict(set)
    for row in _edges(graph, keep):
        near[row["from"]].add(row["to"])
        near[row["to"]].add(row["from"])
    from_a, from_b = _distances(near, a), _distances(near, b)
    if b not in from_a:
        raise QueryError(f"no claim links {_label(graph, a)} with {_label(graph, b)}, nor do any through others")
    most = max(from_a[b], LEAST_STEPS)
    return {entity for entity, far in from_a.items() if entity in from_b and far + from_b[entity] <= most}


def _distances(near: dict[str, set[str]], start: str) -> dict[str, int]:
    far, queue = {start: 0}, [start]
    for entity in queue:
        for other in near[entity]:
            if other not in far:
                far[other] = far[entity] + 1
                queue.append(other)
    return far


def _loop_claims(graph: Graph, keep: set[str] | None) -> set[str]:
    """The claims along which money runs back to where it came from, within a few steps."""
    along = {kind: declared["money"] for kind, declared in edge_kinds(graph).items() if "money" in declared}
    flows: dict[str, set[str]] = defaultdict(set)
    steps = []
    for row in _edges(graph, keep):
        if row["kind"] in along:
            ends = (row["from"], row["to"]) if along[row["kind"]] == 1 else (row["to"], row["from"])
            flows[ends[0]].add(ends[1])
            steps.append((*ends, row["claim"]))
    back = {(giver, taker): _reaches(flows, taker, giver, LONGEST_LOOP - 1) for giver, taker, _ in steps}
    found = {claim for giver, taker, claim in steps if back[giver, taker]}
    if not found:
        raise QueryError("no money runs in a loop in this view")
    return found


def _reaches(flows: dict[str, set[str]], start: str, goal: str, steps: int) -> bool:
    reached = {start}
    for _ in range(steps):
        reached |= {other for entity in reached for other in flows[entity]}
        if goal in reached:
            return True
    return False
