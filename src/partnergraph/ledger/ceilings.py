"""Ceilings: what one member of a group may at most have put into a deal of which his share is not stated."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from partnergraph.ledger.inputs import Deal, Inputs, reached

# What has not come about, or not yet, takes nothing of a deal away from the others.
LOOSE = ("cancelled", "intended")


def with_ceilings(inputs: Inputs) -> Inputs:
    """The inputs, with the most that each unstated share can come to: the joint deal without what others are known to have put in."""
    wholes = inputs.links.get("partOf", {})
    joint = {claim for claim, deal in inputs.deals.items() if deal.several}
    if not joint:
        return inputs
    parts: dict[str, set[str]] = defaultdict(set)
    for claim, above in wholes.items():
        for whole in above:
            parts[whole].add(claim)
    made: dict[str, Deal] = {}
    for claim, deal in inputs.deals.items():
        above = (reached([claim], wholes) & joint) if not deal.amount.known else set()
        found = [(_left(inputs, whole, deal, parts), whole) for whole in sorted(above | ({claim} & joint))]
        ceiling, whole = min(found, default=(math.inf, ""))
        if math.isfinite(ceiling):
            made[claim] = replace(deal, ceiling=ceiling, currency=deal.currency or inputs.deals[whole].currency)
    return replace(inputs, deals={**inputs.deals, **made}) if made else inputs


def _versions(inputs: Inputs, claim: str) -> list[Deal]:
    """The open claims of the same deal."""
    purpose = inputs.deals[claim].purpose
    twins = inputs.links.get("twins", {})
    told = [inputs.deals[one] for one in {claim, *reached([claim], twins)} if one in inputs.deals]
    return [deal for deal in told if deal.purpose == purpose and not inputs.linked("rejectedIn", deal.claim)]


def _left(inputs: Inputs, whole: str, share: Deal, parts: Mapping[str, Collection[str]]) -> float:
    """What of a joint deal is left for a share of it."""
    open_ = [deal for deal in _versions(inputs, whole) if deal.stage not in (LOOSE if share.stage not in LOOSE else LOOSE[:1])]
    stated = [deal for deal in open_ if deal.amount.known]
    if not stated or share.purpose != stated[0].purpose or len({deal.currency for deal in stated}) > 1:
        return math.inf
    # Of whoever has a stated part of a joint deal this is the share, and not what is left for him of the deal.
    other = replace(share, currency=stated[0].currency, payers=[] if share.claim == whole else share.payers)
    taken = _taken(inputs, [deal.claim for deal in open_], other, parts, set())
    return max(0.0, max(deal.amount.greatest for deal in stated) - taken)


def _taken(inputs: Inputs, claims: Collection[str], share: Deal, parts: Mapping[str, Collection[str]], seen: set[str]) -> float:
    """The least that single others are known to have put into the parts of some versions of a deal, each part once."""
    sums = []
    for claim in sorted({part for one in claims for part in parts.get(one, ())}):
        if claim in seen or claim not in inputs.deals:
            continue
        versions = _versions(inputs, claim)
        seen |= {claim, *(deal.claim for deal in versions)}
        within = _taken(inputs, [deal.claim for deal in versions], share, parts, seen)
        sums.append(max([within, min((_own(deal, share) for deal in versions), default=0.0)]))
    return math.fsum(sums)


def _own(deal: Deal, share: Deal) -> float:
    """What a single other party has put in by a claim; nothing by one of a group, to which the share may belong."""
    sure = not (deal.possibly or deal.conditional or deal.several_payers or deal.stage in LOOSE)
    return deal.amount.least if sure and deal.currency == share.currency and not {*deal.payers} & {*share.payers} else 0.0
