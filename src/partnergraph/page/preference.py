"""Which version of a contested point is preferred by which day of publication, as the ontology's own rule has it.

The slider of the page moves the day by which sources were published, and with it who is better sourced. So each
claim is put before the rule once for every day on which something about its point was published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from partnergraph.core.rows import is_so, rows
from partnergraph.core.selection import RULES_OF_A_VIEW
from partnergraph.core.spans import Citation
from partnergraph.rdf.terms import PG, PREFIXES, XSD
from partnergraph.reading.disagreement import reached
from partnergraph.stores.loading import derive

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

# From this day on everything is published; no view by day at all is as of this one.
AT_LAST = "9999-99-99"
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Preference:
    """That a claim is preferred over another one, why, and for which days of publication; none for ``until`` is no end.

    ``undated`` says whether that is so where sources without a date are admitted, or where they are not; None is both.
    """

    claim: str
    other: str
    reason: str
    since: str
    until: str
    undated: bool | None


@dataclass(frozen=True)
class _Era:
    """What is published of one contested point from a day on."""

    since: str
    undated: bool
    cited: dict[str, list[Citation]]


def preferences(graph: GraphCore, tier: int = 0) -> list[Preference]:
    """Which claims are preferred over which, by the day of publication; with a rank of tier, on any day by sources from that on."""
    against: dict[str, set[str]] = defaultdict(set)
    known = {str(claim.value) for claim in graph.index.spans}
    for row in rows(graph, "contradictions"):
        if {row["claim"], row["other"]} <= known:
            against[row["claim"]].add(row["other"])
    cited: dict[str, list[Citation]] = defaultdict(list)
    for citation in (citation for citation in graph.index.citations if citation.rank >= tier):
        cited[str(citation.claim.value)].append(citation)
    points: list[tuple[Collection[str], list[_Era]]] = []
    told: set[str] = set()
    for claim in sorted(against):
        if claim not in told:
            point = reached(claim, lambda claims: {other for one in claims for other in against[one]})
            told |= point
            sources = {one: cited.get(one, []) for one in point}
            points.append((point, [_Era(AT_LAST, True, sources)] if tier else _eras(sources)))
    right = held_right(graph)
    rejected: dict[str, list[set[str]]] = defaultdict(list)
    for row in rows(graph, "rejected"):
        rejected[row["claim"]].append(right.get(row["dispute"], set()))
    ruled = iter(_ruled(graph, [era for _, eras in points for era in eras], against, rejected))
    return [found for point, eras in points for found in _joined([(era, next(ruled)) for era in eras], against, point)]


def held_right(graph: GraphCore) -> dict[str, set[str]]:
    """The versions that disputes hold right, of those disputes that name none that they reject."""
    naming = {quad.subject for quad in graph.local.store.quads_for_pattern(None, ox.NamedNode(f"{PG}rejects"), None)}
    named = {str(dispute.value) for dispute in naming if isinstance(dispute, ox.NamedNode)}
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(graph, "dispute-versions"):
        if is_so(row["favoured"]) and row["dispute"] not in named:
            found[row["dispute"]].add(row["version"])
    return dict(found)


def _eras(cited: dict[str, list[Citation]]) -> list[_Era]:
    """The eras of a point, without sources that carry no date and with them; only once where that is the same."""
    days = sorted({citation.earliest for citations in cited.values() for citation in citations if citation.earliest is not None})
    vague = any(citation.earliest is None or citation.latest is None for citations in cited.values() for citation in citations)

    def published(day: str, *, undated: bool) -> dict[str, list[Citation]]:
        if day == AT_LAST and undated:
            return cited
        admitted = {
            claim: [c for c in citations if (undated if c.earliest is None or c.latest is None else c.earliest <= day)]
            for claim, citations in cited.items()
        }
        return {claim: citations for claim, citations in admitted.items() if citations}

    found = [_Era(day, True, published(day, undated=True)) for day in ("", *days, AT_LAST)]
    if vague or not all(cited.values()):
        found += [_Era(day, False, published(day, undated=False)) for day in days]
    return found


def _ruled(
    graph: GraphCore, eras: list[_Era], against: dict[str, set[str]], rejected: Mapping[str, list[set[str]]]
) -> list[dict[Pair, str]]:
    """What the rule says of each era: for two claims why the first is preferred.

    The editors' ruling holds in all of them, but for what is rejected by what they hold right: not before that is published.
    """
    store = ox.Store()
    meant: dict[object, tuple[int, str]] = {}
    for number, era in enumerate(eras):
        nodes = {claim: ox.NamedNode(f"urn:era:{number}:{place}") for place, claim in enumerate(sorted(era.cited))}
        for claim, node in nodes.items():
            meant[node] = number, claim
            store.extend(_described(node, graph.index.attested.get(ox.NamedNode(claim), 0), era.cited[claim]))
            if any(not held & against[claim] or held & set(era.cited) for held in rejected.get(claim, ())):
                store.add(_quad(node, f"{PG}rejectedIn", ox.NamedNode("urn:dispute")))
            store.extend(_quad(node, f"{PG}contradicts", nodes[other]) for other in against[claim] if other in nodes)
    derive(store, graph.content, RULES_OF_A_VIEW)
    ruled: list[dict[Pair, str]] = [{} for _ in eras]
    for row in rows(graph, "map-reasons"):
        for quad in store.quads_for_pattern(None, ox.NamedNode(row["property"]), None):
            number, claim = meant[quad.subject]
            ruled[number][claim, meant[quad.object][1]] = row["property"].removeprefix(PG)
    return ruled


def _described(claim: ox.NamedNode, attested: int, citations: list[Citation]) -> Iterator[ox.Quad]:
    """What the rule looks at: how well the claim is attested, and tier and day of each of its sources."""
    if attested:
        level = ox.NamedNode(f"urn:level:{attested}")
        yield _quad(claim, f"{PG}attestation", level)
        yield _quad(level, f"{PG}rank", _integer(attested))
    for citation in citations:
        source = ox.NamedNode(str(citation.source.value)) if isinstance(citation.source, ox.NamedNode) else ox.BlankNode()
        cites = ox.BlankNode()
        yield _quad(claim, f"{PG}cites", cites)
        yield _quad(cites, f"{PG}source", source)
        if citation.rank:
            tier = ox.NamedNode(f"urn:tier:{citation.rank}")
            yield _quad(source, f"{PG}tier", tier)
            yield _quad(tier, f"{PG}rank", _integer(citation.rank))
            yield _quad(tier, f"{PREFIXES['skos']}inScheme", ox.NamedNode(f"{PG}TierScheme"))
        if citation.latest is not None:
            yield _quad(source, f"{PG}publishedLatest", ox.Literal(citation.latest, datatype=ox.NamedNode(f"{XSD}date")))


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(f"{XSD}integer"))


def _quad(subject: ox.NamedNode | ox.BlankNode, property_: str, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(property_), value, ox.DefaultGraph())


def _joined(
    ruled: list[tuple[_Era, dict[Pair, str]]], against: dict[str, set[str]], point: Collection[str]
) -> Iterator[Preference]:
    """What was ruled, with eras in a row that say the same as one."""
    both = all(era.undated for era, _ in ruled)
    for undated in (True,) if both else (True, False):
        eras = [(era.since, said) for era, said in ruled if era.undated is undated]
        for claim in sorted(point):
            for other in sorted(against[claim]):
                turns = [(since, said.get((claim, other), "")) for since, said in eras]
                turns = [turn for place, turn in enumerate(turns) if not place or turn[1] != turns[place - 1][1]]
                for (since, reason), (until, _) in zip(turns, [*turns[1:], ("", "")], strict=True):
                    if reason:
                        yield Preference(claim, other, reason, since, until, None if both else undated)
