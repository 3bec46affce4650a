"""Pairs that stand to each other in more than one way: partner and rival, investor and supplier, one firm for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnergraph.analysis.legs import USUAL, Counting, Leg, read_legs
from partnergraph.analysis.loops import in_words, overlap
from partnergraph.analysis.tables import Findings, Table, Value
from partnergraph.core.rows import rows
from partnergraph.network.projection import make_network
from partnergraph.rdf.terms import compact
from partnergraph.reading.ledger import FINANCING, PURCHASE
from partnergraph.show.values import span_words

if TYPE_CHECKING:
    from partnergraph.core.attributes import Attributes
    from partnergraph.core.graph import GraphCore

__all__ = ["investor_and_supplier", "one_firm", "partner_and_rival"]

STRANDS = ("money", "cloud", "chips")
# What one forbids the other makes no partners of them.
NO_PARTNERSHIP = "restriction"


def partner_and_rival(graph: GraphCore) -> Findings:
    """Pairs of which some claims say that they work together and others that they compete; ``both_since`` is when both may first hold."""
    sides: dict[str, dict[tuple[str, str], dict[str, Attributes]]] = {}
    for side, families in (("partner", graph.families.partners), ("rival", graph.families.rivals)):
        for start, finish, claim, data in make_network(graph, families).edges(keys=True, data=True):
            if start != finish and data.get("stage") not in graph.stages.not_done and data["kind"] != NO_PARTNERSHIP:
                pair = (start, finish) if start < finish else (finish, start)
                sides.setdefault(side, {}).setdefault(pair, {})[claim] = data
    partners, rivals = sides.get("partner", {}), sides.get("rival", {})
    found: list[tuple[Value, ...]] = []
    for pair in sorted(partners.keys() & rivals.keys(), key=lambda pair: (-len(partners[pair]), pair)):
        together, against = partners[pair], rivals[pair]
        since = [_first_day(together), _first_day(against)]
        kinds = [tuple(sorted({str(data["kind"]) for data in side.values()})) for side in (together, against)]
        # Two of each side first, so that a cut list still shows both.
        ordered = [_best_first(together), _best_first(against)]
        claims = (*ordered[0][:2], *ordered[1][:2], *ordered[0][2:], *ordered[1][2:])
        words = [span_words(*days) for days in since]
        found.append((*pair, *kinds, *words, span_words(*max(since)) if all(words) else "", claims))
    columns = ("one", "other", "partner_by", "rival_by", "partner_since", "rival_since", "both_since", "claim")
    notes = [
        f"Partners by {', '.join(graph.families.partners)}; deals that are only intended or were cancelled do not count, nor does what one forbids the other."
    ]
    return Findings([Table("partners and rivals", columns, found)], notes).of(graph)


def _first_day(claims: dict[str, Attributes]) -> tuple[str, str]:
    """The first and the last day on which the first of them may have begun."""
    days = (
        (str(data["startsEarliest"]), str(data.get("startsLatest", ""))) for data in claims.values() if "startsEarliest" in data
    )
    return min(days, default=("", ""))


def _best_first(claims: dict[str, Attributes]) -> list[str]:
    return sorted(claims, key=lambda claim: (-int(claims[claim].get("attested", 0)), bool(claims[claim]["contested"]), claim))


def investor_and_supplier(graph: GraphCore, counting: Counting = USUAL) -> Findings:
    """Who finances a firm that buys from it: what goes out, what comes back, and since when both may have held."""
    given = {(leg.payer, leg.payee): leg for leg in read_legs(graph, counting, [FINANCING])}
    bought = {(leg.payee, leg.payer): leg for leg in read_legs(graph, counting, [PURCHASE])}
    found: list[tuple[Value, ...]] = []
    for pair in sorted(given.keys() & bought.keys()):
        legs: list[Leg] = [given[pair], bought[pair]]
        days = overlap(legs)
        since, until = in_words(legs, *days) if days is not None else ("never", "")
        claims = (*legs[0].claims[:3], *legs[1].claims[:3], *legs[0].claims[3:], *legs[1].claims[3:])
        found.append(
            (*pair, legs[0].amount, legs[1].amount, legs[0].stage or "no stage", legs[1].stage or "no stage", since, until, claims)
        )
    columns = (
        "investor",
        "investee",
        "financing",
        "purchases",
        "financing_stage",
        "purchase_stage",
        "both_since",
        "until",
        "claim",
    )
    found.sort(key=lambda row: (-_least(row[2]), -_least(row[3]), str(row[0]), str(row[1])))
    notes = ["Financing is equity or credit, warrants included; purchases are what the investee pays the investor for computing."]
    return Findings(
        [
            Table(
                "investors who supply their investee",
                columns,
                found,
                {"financing": counting.currency, "purchases": counting.currency},
            )
        ],
        notes,
    ).of(graph)


def _least(value: Value) -> float:
    from partnergraph.ledger.amounts import Interval

    return value.least if isinstance(value, Interval) else 0.0


def one_firm(graph: GraphCore, *, strands: int = len(STRANDS)) -> Findings:
    """Research labs that depend on one firm for at least so many of money, cloud and chips at once."""
    ties: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows(graph, "strands"):
        pair = (compact(row["lab"]), compact(row["firm"]))
        ties.setdefault(pair, {}).setdefault(row["strand"], []).append(compact(row["claim"]))
    found: list[tuple[Value, ...]] = []
    for pair, by_strand in sorted(ties.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(by_strand) < strands:
            continue
        counts = [len(by_strand.get(strand, ())) for strand in STRANDS]
        claims = [claim for strand in STRANDS for claim in by_strand.get(strand, ())[:2]]
        claims += [claim for strand in STRANDS for claim in by_strand.get(strand, ())[2:]]
        found.append((*pair, len(by_strand), *counts, tuple(dict.fromkeys(claims))))
    columns = ("lab", "firm", "strands", *STRANDS, "claim")
    notes = [
        "Claims for each strand: money in, computing run on, chips used that the firm makes, each by the house that stands behind it; nothing that is only intended or was cancelled."
    ]
    return Findings([Table("labs that depend on one firm", columns, found)], notes).of(graph)
