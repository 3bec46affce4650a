"""Pages for one purpose: what they are called, which claims they hold, and in which state they open."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from partnergraph.analysis.loops import Loop, find_loops
from partnergraph.analysis.paths import LEAST_STEPS
from partnergraph.base.errors import QueryError, UnknownName
from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.core.rows import rows
from partnergraph.core.views import View, parse_day
from partnergraph.page.data import entity_key
from partnergraph.page.palette import short
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import expand

TITLE = "Partnership graph"
# As many pictures as can be told apart.
MOST_DAYS = 9
# What is meant as a day; a name of an entity is anything else.
DAY = re.compile(r"\d{4}-\d")


@dataclass(frozen=True)
class Purpose:
    """What a page is for; ``claims`` is None where it holds all of them, ``start`` the state that it opens in."""

    graph: GraphCore
    title: str
    start: str
    claims: frozenset[str] | None
    focus: str | None = None
    days: tuple[str, str] | None = None
    money: bool = False
    beside: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()


def purpose(  # noqa: PLR0913  # each is one way to open a page
    graph: GraphCore,
    *,
    focus: str | None = None,
    path: tuple[str, str] | None = None,
    loops: bool = False,
    money: bool = False,
    families: Collection[str] = (),
    compare: tuple[str | datetime.date, str | datetime.date] | None = None,
    beside: Collection[str | datetime.date] = (),
    title: str | None = None,
) -> Purpose:
    """The purpose that the options of a map mean; days of the view become the state in which the page opens.

    So the page of a view holds more than the view: its slider moves on from there.
    """
    houses = _several_houses(graph, beside)
    _check_scope(focus=focus is not None, others=bool(path or loops or families or compare), money=money, houses=bool(houses))
    money = money or bool(houses)
    if sum((focus is not None, path is not None, loops, bool(families) and loops)) > 1:
        raise QueryError("a map has one scope: take one of focus, path and loops; loops of money have no families")
    base = graph.whole.at(attested=graph.view.attested, tier=graph.view.tier)
    state = _days(graph.view)
    name = TITLE
    keep: set[str] | None = None
    around, days = None, None
    several = () if houses else _several_days(graph.view, beside, compare)
    if several:
        state["days"] = "~".join(several)
    if families:
        keep, labels = _of_families(base, families)
        state["look"] = "relations"
        name = f"{TITLE}: {', '.join(labels)}"
    if compare:
        first, second = _two_days(graph.view, compare)
        state["compare"] = f"{first}..{second}"
        days = first, second
        name = f"{TITLE}: {first} to {second}"
    if focus is not None:
        entity = base.find_entity(focus)
        keep = _among(base, keep, _neighbourhood(base, keep, entity), entity)
        around = entity_key(entity)
        state |= {"scope": "ego", "entity": around}
        name = f"Around {_label(base, entity)}"
    if path is not None:
        a, b = (base.find_entity(end) for end in path)
        keep, hidden = _between(base, keep, a, b)
        state |= {"scope": "path", "from": entity_key(a), "to": entity_key(b)} | hidden
        name = f"From {_label(base, a)} to {_label(base, b)}"
    if loops:
        found = _loops(base)
        keep = {str(expand(claim)) for loop in found for leg in loop.legs for claim in leg.claims}
        state |= {"scope": "loops", "look": "relations"}
        name = "Loops of money"
    if money:
        # Money flows between houses, also between those that no claim links.
        keep = None
        state["view"] = "money"
        name = _money_name(base, entity if focus is not None else "", houses)
        state |= {"houses": "~".join(map(entity_key, houses))} if houses else {}
    kept = None if keep is None else frozenset(keep)
    return Purpose(base, title or name, urlencode(state), kept, around, days, money, several, tuple(houses))


def _check_scope(*, focus: bool, others: bool, money: bool, houses: bool) -> None:
    if houses and (focus or others):
        raise QueryError("houses side by side show their money on one day; leave out focus, path, loops, families and compare")
    if money and others:
        raise QueryError("money is shown of all houses or around one: take focus with it, and not path, loops, families or compare")


def _money_name(graph: GraphCore, entity: str, houses: Collection[str]) -> str:
    if houses:
        return f"Money of {', '.join(_label(graph, house) for house in houses)}"
    return f"Money around {_label(graph, entity)}" if entity else "Who pays whom"


def _label(graph: GraphCore, entity: str) -> str:
    return clean(graph.names_of(entity)[0])


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


def _several_houses(graph: GraphCore, beside: Collection[str | datetime.date]) -> list[str]:
    """The houses that are shown side by side, in the order given; none where days are."""
    if not beside or any(isinstance(one, datetime.date) or DAY.match(one) for one in beside):
        return []
    houses = list(dict.fromkeys(graph.whole.find_entity(str(name)) for name in beside))
    if not 1 < len(houses) <= MOST_DAYS:
        raise QueryError(f"side by side are two to {MOST_DAYS} different houses; {len(houses)} were given")
    return houses


def _several_days(
    view: View, beside: Collection[str | datetime.date], compare: tuple[str | datetime.date, str | datetime.date] | None
) -> tuple[str, ...]:
    """The days that are shown side by side, in order."""
    if not beside:
        return ()
    days = sorted({day for day in map(parse_day, beside) if day is not None})
    if not 1 < len(days) <= MOST_DAYS:
        raise QueryError(f"side by side are two to {MOST_DAYS} different days; {len(days)} were given")
    if compare or view.as_of or view.known_by:
        raise QueryError("a map shows several days side by side, or one, or compares two; leave out the other ones")
    return tuple(day.isoformat() for day in days)


def _of_families(graph: GraphCore, wanted: Collection[str]) -> tuple[set[str], list[str]]:
    """The claims of the families that the words mean, and what these are called."""
    known = {row["family"]: row["label"] for row in rows(graph, "map-families")}
    chosen: dict[str, str] = {}
    for word in wanted:
        fitting = {iri: label for iri, label in known.items() if fold(word) in {fold(label), fold(short(iri))}}
        if not fitting:
            hint = f"there are {', '.join(known.values())}"
            raise UnknownName("family of relations", word, nearest_names(word, known.values()), hint)
        chosen |= fitting
    kinds = {row["kind"] for row in rows(graph, "map-kinds") if row["family"] in chosen}
    return {row["claim"] for row in rows(graph, "map-claims") if row["kind"] in kinds}, list(chosen.values())


def _edges(graph: GraphCore, keep: set[str] | None) -> list[dict[str, str]]:
    return [row for row in rows(graph, "edges") if (keep is None or row["claim"] in keep) and row["from"] != row["to"]]


def _neighbourhood(graph: GraphCore, keep: set[str] | None, entity: str) -> set[str]:
    found = {entity}
    for row in _edges(graph, keep):
        if entity in {row["from"], row["to"]}:
            found |= {row["from"], row["to"]}
    return found


def _among(graph: GraphCore, keep: set[str] | None, entities: set[str], centre: str | None = None) -> set[str]:
    """The claims that link two of the entities, and those that the entity in the centre is a party of."""
    found = {row["claim"] for row in _edges(graph, keep) if row["from"] in entities and row["to"] in entities}
    if centre is not None:
        parties = (row for row in rows(graph, "map-parties") if row["entity"] == centre)
        found |= {row["claim"] for row in parties if keep is None or row["claim"] in keep}
    return found


def _between(graph: GraphCore, keep: set[str] | None, a: str, b: str) -> tuple[set[str], dict[str, str]]:
    """The claims on ways between two entities, and the state that hides those families that join nothing.

    The same families as in the analysis of paths count, unless nothing else joins the two or families were asked for.
    """
    families = {row["family"]: row["label"] for row in rows(graph, "map-families")}
    aside = {iri for iri, label in families.items() if label not in graph.families.joining}
    kinds = {row["kind"] for row in rows(graph, "map-kinds") if row["family"] in aside}
    joining = {row["claim"] for row in rows(graph, "map-claims") if row["kind"] not in kinds}
    attempts = [(keep, set[str]())] if keep is not None else [(joining, aside), (None, set())]
    for allowed, hidden in attempts:
        entities = _on_ways(graph, allowed, a, b)
        if entities:
            state = {"hiderelation": ".".join(sorted(map(short, hidden)))} if hidden else {}
            return _among(graph, keep, entities), state
    raise QueryError(f"no claim links {_label(graph, a)} with {_label(graph, b)}, nor do any through others")


def _on_ways(graph: GraphCore, keep: set[str] | None, a: str, b: str) -> set[str]:
    """The entities on ways between two that are no longer than the shortest or than two steps; none if there is no way."""
    near: dict[str, set[str]] = defaultdict(set)
    for row in _edges(graph, keep):
        near[row["from"]].add(row["to"])
        near[row["to"]].add(row["from"])
    from_a, from_b = _distances(near, a), _distances(near, b)
    if b not in from_a:
        return set()
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


def _loops(graph: GraphCore) -> tuple[Loop, ...]:
    found = tuple(find_loops(graph))
    if not found:
        raise QueryError("no money runs in a loop in this view")
    return found
