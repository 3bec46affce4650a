"""What goes into the page, in the short form in which it goes there.

Entities and claims are numbers on the page: an entity by its weight, the heaviest first, a claim by its name.
A claim is ``i`` name, ``l`` label, ``k`` kind, ``a`` rank of attestation, ``s`` rank of stage, ``w`` when in words,
``t`` first and last day of its start and of its end, ``q`` the day from which it is stale, ``h`` the first on which it can have
happened, where a source is older than that and another one is not, ``z`` from when its end is known, and until then first and last day and words of the agreed one,
``o`` from when its outcome is known, ``y`` what states that, ``m`` ranges in words, ``v`` amount for sorting, ``e`` edges,
``p`` roles and who plays them, ``c`` citations, ``x`` claims that contradict it, ``d`` what else it states, ``g`` topics,
``u`` what is preferred over it: claim (-1 if it is not on the page), reason, the days of publication from which and
until which (0 for no end), and where that depends on it whether sources without a date are admitted.
An entity has ``folded`` names, words apart, to be found by what people type, ``from`` the day of its founding, launch or first
dated mention, and on a page of some claims ``whole`` numbers of links and claims. What the ledger holds, money.py says.
A source is ``t`` title, ``p`` publisher, ``u`` address, ``d`` date, ``r`` rank of tier, ``e`` and ``l`` first and last day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnergraph.analysis.paths import CONTESTED, COSTS, LEAST_STEPS, NOT_DONE
from partnergraph.base.texts import clean
from partnergraph.core.rows import rows
from partnergraph.network.projection import edge_kinds
from partnergraph.page import palette, records
from partnergraph.page.money import ledger_record
from partnergraph.page.records import Numbering, Record, day_number
from partnergraph.rdf.names import fold_words
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

Rows = list[dict[str, str]]
# How much a claim weighs for the size and the place of an entity, by how well it is attested.
WEIGHTS = {1: 0.35, 2: 0.6, 3: 0.85, 4: 1.0}
UNATTESTED = 0.25
# How much less it weighs for whoever is only named in it.
ASIDE = 0.34
# What a link costs on a way where two are only named together: more than any that a claim makes.
NAMED_ONLY = 5.0


@dataclass(frozen=True)
class PageData:
    """Everything that the page knows, except where entities stand."""

    entities: list[Record]
    pairs: list[tuple[int, int, list[int]]]
    claims: list[Record]
    sources: list[Record]
    disputes: list[Record]
    ledger: Record
    lists: Record


def entity_key(iri: str) -> str:
    """The name of an entity in links to the page."""
    name = compact(iri)
    local = name.removeprefix("ent:")
    return name if ":" in local else local


def page_data(graph: GraphCore, keep: Collection[str] | None = None) -> PageData:
    """The claims of the graph, or those of ``keep``, with all that the page shows of them, and what of the ledger is between them."""
    claims = records.claim_records(graph, keep)
    order = {iri: index for index, iri in enumerate(claims)}
    parties = [row for row in rows(graph, "map-parties") if row["claim"] in claims]
    edges = [row for row in rows(graph, "edges") if row["claim"] in claims]
    entities = _entities(graph, _weights(claims, parties, edges))
    at = {iri: index for index, iri in enumerate(entities)}
    roles = Numbering()
    for row in parties:
        if row["entity"] in at:
            claims[row["claim"]].setdefault("p", []).append([roles.number(clean(row["heading"])), at[row["entity"]]])
    pairs = _pairs(claims, order, edges, at)
    _date(graph, entities)
    if keep is not None:
        _count(graph, entities)
    records.contradict(graph, claims, order)
    records.overrule(graph, claims, order)
    lists = {
        "headings": records.detail(graph, claims, order),
        **_kinds(graph, claims),
        "groups": [look.record() for look in palette.groups(graph)],
        **palette.levels(graph),
        "roles": roles.texts(),
        "topics": records.topics(graph, claims),
        "ways": ways(graph),
        "reasons": {compact(row["property"]).removeprefix("pg:"): clean(row["label"]) for row in rows(graph, "map-reasons")},
    }
    return PageData(
        entities=list(entities.values()),
        pairs=pairs,
        claims=list(claims.values()),
        sources=records.cite(graph, claims),
        disputes=records.disputes(graph, order),
        ledger=ledger_record(graph, at, order),
        lists=lists,
    )


def ways(graph: GraphCore) -> Record:
    """What a way between two entities costs on the page, and how long it may be: the same as in the analysis of paths."""
    stages = {stage.rank: NOT_DONE for stage in graph.stages.known if stage.label in graph.stages.not_done}
    return {"attested": COSTS, "stage": stages, "contested": CONTESTED, "aside": NAMED_ONLY, "steps": LEAST_STEPS}


def opening_links(data: PageData, most: int) -> list[list[int]]:
    """How the links among the heaviest entities look before anything is filtered, so that they can be drawn without claims.

    Each is its two ends, number of claims, main family, highest attestation, whether claims run from the first end
    and whether they run from the second.
    """
    return [_opening_link(data, a, b, [data.claims[claim] for claim in members]) for a, b, members in data.pairs if b < most]


def _opening_link(data: PageData, a: int, b: int, claims: list[Record]) -> list[int]:
    kinds = [data.lists["kinds"][claim["k"]] for claim in claims]
    families = Counter(kind["family"] for kind in kinds)
    mutual = any("mutual" in kind for kind in kinds)
    ways = [edge for claim in claims for edge in claim["e"]]
    return [
        a,
        b,
        len(claims),
        min(families, key=lambda family: (-families[family], family)),
        max(claim.get("a", 0) for claim in claims),
        int(mutual or [a, b] in ways),
        int(mutual or [b, a] in ways),
    ]


def _date(graph: GraphCore, entities: dict[str, Record]) -> None:
    """Gives each entity the first day on which there can have been anything of it: nothing of it is shown before."""
    begins = {row["claim"]: day_number(row["startsEarliest"]) for row in rows(graph, "spans") if row["startsEarliest"]}
    for row in rows(graph, "map-parties"):
        day, entity = begins.get(row["claim"]), entities.get(row["entity"])
        if day and entity is not None:
            entity["from"] = min(day, entity.get("from", day))


def _count(graph: GraphCore, entities: dict[str, Record]) -> None:
    """Gives each entity of a page of some claims the numbers of links and claims that it has in all."""
    links: dict[str, set[str]] = defaultdict(set)
    for row in rows(graph, "edges"):
        if row["from"] != row["to"]:
            links[row["from"]].add(row["to"])
            links[row["to"]].add(row["from"])
    claims: dict[str, set[str]] = defaultdict(set)
    for row in rows(graph, "map-parties"):
        claims[row["entity"]].add(row["claim"])
    for iri, entity in entities.items():
        entity["whole"] = [len(links[iri]), len(claims[iri])]


def _weights(claims: dict[str, Record], parties: Rows, edges: Rows) -> dict[str, float]:
    """How much the parties of the claims weigh."""
    ends = {(row["claim"], row[end]) for row in edges for end in ("from", "to")}
    weights: dict[str, float] = defaultdict(float)
    for claim, entity in sorted({(row["claim"], row["entity"]) for row in parties} | ends):
        share = 1.0 if (claim, entity) in ends else ASIDE
        weights[entity] += WEIGHTS.get(claims[claim].get("a", 0), UNATTESTED) * share
    return weights


def _entities(graph: GraphCore, weights: dict[str, float]) -> dict[str, Record]:
    """The entities by their IRIs, the heaviest first."""
    looks = {look.iri: index for index, look in enumerate(palette.groups(graph))}
    of_class = palette.group_of_class(graph)
    found: dict[str, Record] = {}
    for row in rows(graph, "map-entities"):
        if row["entity"] in weights and row["entity"] not in found:
            key = entity_key(row["entity"])
            found[row["entity"]] = {
                "key": key,
                "label": clean(row["label"]) or key,
                "kind": clean(row["kindLabel"]),
                "group": looks.get(of_class.get(row["kind"], ""), len(looks) - 1),
                "weight": round(weights[row["entity"]], 2),
            }
    for row in rows(graph, "names"):
        entity, name = found.get(row["entity"]), clean(row["name"])
        if entity is not None and name != entity["label"]:
            entity.setdefault("also", []).append(name)
    for entity in found.values():
        entity["folded"] = [" ".join(fold_words(name)) for name in (entity["label"], *entity.get("also", ()))]
    return dict(sorted(found.items(), key=lambda item: (-item[1]["weight"], item[1]["key"])))


def _pairs(claims: dict[str, Record], order: dict[str, int], edges: Rows, at: dict[str, int]) -> list[tuple[int, int, list[int]]]:
    """Gives each claim its edges; returns each two entities that are linked, with the claims that do so."""
    pairs: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in sorted(edges, key=lambda row: (row["claim"], row["from"], row["to"])):
        if row["from"] not in at or row["to"] not in at:
            continue
        start, finish = at[row["from"]], at[row["to"]]
        claims[row["claim"]].setdefault("e", []).append([start, finish])
        if start != finish:
            pairs[min(start, finish), max(start, finish)].add(order[row["claim"]])
    return [(a, b, sorted(members)) for (a, b), members in sorted(pairs.items())]


def _kinds(graph: GraphCore, claims: dict[str, Record]) -> Record:
    """Gives each claim the number of its kind; returns kinds and families."""
    families = palette.families(graph)
    at = {look.iri: index for index, look in enumerate(families)}
    flows = edge_kinds(graph)
    used = {record["k"] for record in claims.values()}
    kinds: dict[str, Record] = {}
    for row in rows(graph, "map-kinds"):
        if row["kind"] not in used or row["kind"] in kinds:
            continue
        declared = flows.get(row["kind"], {})
        family = at.get(row["family"], len(at) - 1)
        label = clean(row["label"]) or compact(row["kind"])
        kind: Record = {"id": palette.short(row["kind"]), "label": label, "family": family, "caption": clean(row["caption"])}
        if declared.get("mutual"):
            kind["mutual"] = True
        if "money" in declared:
            kind["money"] = declared["money"]
        kinds[row["kind"]] = kind
    numbers = {iri: index for index, iri in enumerate(kinds)}
    for record in claims.values():
        record["k"] = numbers[record["k"]]
    return {"kinds": list(kinds.values()), "families": [look.record() for look in families]}
