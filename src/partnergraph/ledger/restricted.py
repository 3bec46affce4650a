"""The inputs of a ledger in views that are not of a day on which things hold: of what was known by a day, of some claims alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from partnergraph.ledger.eras import TWIN_LINKS, Era, Turns, cluster_eras
from partnergraph.ledger.inputs import BEFORE, Days, Inputs, Rated, both_ways


@dataclass(frozen=True)
class Publication:
    """Between which days one source of a claim was published, and the rank of its tier."""

    earliest: str
    latest: str
    rank: int


@dataclass(frozen=True)
class Known:
    """When a claim was published, and from which day on its end is known, with the first and last day of the one known before.

    Without such a first day that of the claim itself stays.
    """

    published: tuple[Publication, ...]
    end_known: str = ""
    ends: tuple[str | None, str] = (None, "")

    def before(self, days: Days) -> Days:
        """The days of the claim as they were known before its end was."""
        first, last = self.ends
        return replace(days, ends_earliest=days.ends_earliest if first is None else first, ends_latest=last)


@dataclass(frozen=True)
class Preferred:
    """That a claim is preferred over another one, and between which days of publication."""

    claim: str
    other: str
    since: str
    until: str


@dataclass(frozen=True)
class Judged:
    """Which claims are preferred over which, and for disputes the versions held right without one of which no other is rejected."""

    better: Mapping[str, set[str]]
    right: Mapping[str, set[str]]


def known_eras(
    parts: Sequence[Inputs],
    known: Mapping[str, Known],
    preferred: Sequence[Preferred],
    right: Mapping[str, set[str]],
    turns: Turns,
) -> list[Era]:
    """The entries of clusters as they were known by every day, by the houses of that day."""
    over: dict[str, list[Preferred]] = {}
    for one in preferred:
        over.setdefault(one.claim, []).append(one)

    def days_of(claim: str) -> set[str]:
        told = known.get(claim, Known(()))
        days = {day for source in told.published for day in (source.earliest, source.latest)}
        return days | {told.end_known} | {day for one in over.get(claim, ()) for day in (one.since, one.until)}

    def then(own: Inputs, day: str) -> Inputs:
        better = {
            claim: {one.other for one in over[claim] if one.since <= day and (not one.until or day < one.until)}
            for claim in (*own.deals, *own.totals)
            if claim in over
        }
        return known_by(own, known, Judged(better, right), day)

    # What is held right need be no deal itself.
    judges = {claim: set().union(*map(days_of, ones)) for claim, ones in _judges(parts, right).items()}
    found = (cluster_eras(part, turns, lambda claim: days_of(claim) | judges.get(claim, set()), then) for part in parts)
    return [era for eras in found for era in eras]


def _judges(parts: Sequence[Inputs], right: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The versions held right, by the claim that is rejected for them."""
    return {
        claim: set().union(*(right.get(dispute, ()) for dispute in disputes))
        for part in parts
        for claim, disputes in part.links.get("rejectedIn", {}).items()
    }


def known_by(inputs: Inputs, known: Mapping[str, Known], judged: Judged, day: str) -> Inputs:
    """What of the inputs was known by a day: the same as in a view of the graph."""

    def admitted(claim: str) -> list[Publication]:
        return [source for source in known.get(claim, Known(())).published if source.earliest <= day]

    kept = some(inputs, lambda claim: bool(admitted(claim)), judged)
    for claim, deal in kept.deals.items():
        sources, told = admitted(claim), known[claim]
        hidden = bool(told.end_known) and day < told.end_known
        kept.deals[claim] = replace(
            deal,
            tier=_tier(deal.tier, sources),
            possibly=deal.possibly or all(source.latest > day for source in sources),
            stage=BEFORE.get(deal.stage, deal.stage) if hidden else deal.stage,
            days=told.before(deal.days) if hidden else deal.days,
        )
    for claim, total in kept.totals.items():
        kept.totals[claim] = replace(total, tier=_tier(total.tier, admitted(claim)))
    return kept


def _tier(best: Rated, sources: Sequence[Publication]) -> Rated:
    rank = max(source.rank for source in sources)
    return best if rank == best.rank else Rated("", rank)


def whole(inputs: Inputs, kept: Callable[[str], bool], judged: Judged) -> bool:
    """Whether all claims that the inputs name are kept, and the same ones are preferred."""
    rejected = inputs.links.get("rejectedIn", {})
    links = [link for name, link in inputs.links.items() if name != "rejectedIn"]
    named = {*inputs.deals, *inputs.totals, *(claim for link in links for one, others in link.items() for claim in (one, *others))}
    named |= {claim for disputes in rejected.values() for dispute in disputes for claim in judged.right.get(dispute, ())}
    before = inputs.links.get("preferredOver", {})
    return all(map(kept, named)) and all(before.get(claim, set()) == judged.better.get(claim, set()) for claim in named)


def some(inputs: Inputs, kept: Callable[[str], bool], judged: Judged) -> Inputs:
    """What of the inputs is of claims that are kept."""
    deals = {claim: deal for claim, deal in inputs.deals.items() if kept(claim)}
    totals = {
        claim: replace(total, sums=set(filter(kept, total.sums)), about=set(filter(kept, total.about)))
        for claim, total in inputs.totals.items()
        if kept(claim)
    }
    claims = {*deals, *totals}
    links = {
        name: {claim: set(filter(kept, link[claim])) for claim in claims if claim in link}
        for name, link in {**inputs.links, "preferredOver": judged.better}.items()
    }
    links["rejectedIn"] = {
        claim: {one for one in disputes if one not in judged.right or any(map(kept, judged.right[one]))}
        for claim, disputes in inputs.links.get("rejectedIn", {}).items()
    }
    links["twins"] = both_ways(*(links.get(name, {}) for name in TWIN_LINKS))
    settled = {claim: set(filter(kept, favoured)) for claim, favoured in inputs.settled.items() if claim in claims}
    return Inputs(deals, totals, links, settled)
