"""Flows of money between parties: which claims make up what one party pays another, and how much that is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from partnergraph.base.errors import UnknownName
from partnergraph.core.attributes import claim_attributes
from partnergraph.core.rows import rows
from partnergraph.ledger.amounts import Interval, Links, total
from partnergraph.ledger.houses import makers_of
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    from partnergraph.core.attributes import Attributes
    from partnergraph.core.graph import GraphCore

__all__ = ["COUNTED", "STAGES", "USUAL", "Counting", "Flow", "Ledger", "Leg", "read_ledger"]

# From the least to the most certain that money or goods move; "" is a claim that has no stage, such as a right.
STAGES = ("cancelled", "intended", "", "agreed", "under way", "completed", "ended")
COUNTED = ("", "agreed", "under way", "completed", "ended")
FINANCING = "financing"
PURCHASE = "purchase"


@dataclass(frozen=True)
class Flow:
    """Money that a claim says one party pays another; ``via`` are claims that name the maker of a product that is paid.

    The amount is ``joint`` if others pay or get a part of it, ``split`` if others get a part of it.
    """

    claim: str
    payer: str
    payee: str
    purpose: str
    amount: Interval
    joint: bool
    split: bool
    attestation: str
    attested: int
    stage: str
    begins: str
    ends: str
    overruled: bool = False
    via: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leg:
    """All that one party pays another: its flows, the best founded first, and what they come to.

    ``amount`` covers every choice among rival versions, ``preferred`` leaves out those over which another is preferred.
    """

    payer: str
    payee: str
    flows: tuple[Flow, ...]
    amount: Interval
    preferred: Interval

    @property
    def founded(self) -> tuple[Flow, ...]:
        """The flows over which no rival version is preferred; all of them where there are no such."""
        return tuple(flow for flow in self.flows if not flow.overruled) or self.flows

    @property
    def overruled(self) -> bool:
        """Whether another version is preferred over every one of the flows."""
        return all(flow.overruled for flow in self.flows)

    @property
    def purposes(self) -> tuple[str, ...]:
        """What the money is for."""
        return tuple(sorted({flow.purpose for flow in self.flows}))

    @property
    def attested(self) -> int:
        """The rank of the best attestation among the flows."""
        return max(flow.attested for flow in self.founded)

    @property
    def attestation(self) -> str:
        """The best attestation among the flows."""
        return max(self.founded, key=lambda flow: flow.attested).attestation

    @property
    def stage(self) -> str:
        """How far all of the amount is: the least far stage among the flows that state one; the furthest if none does."""
        stated = [flow.stage for flow in self.founded if flow.amount.known]
        return min(stated, key=STAGES.index) if stated else max((flow.stage for flow in self.founded), key=STAGES.index)

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that the leg rests on, the best founded first."""
        return tuple(dict.fromkeys([*(flow.claim for flow in self.flows), *(claim for flow in self.flows for claim in flow.via)]))


@dataclass(frozen=True)
class Ledger:
    """The flows of a graph, how their claims relate, and over which claims of the graph another version is preferred."""

    flows: tuple[Flow, ...]
    links: Links
    overruled: frozenset[str] = frozenset()

    @cached_property
    def settled(self) -> Links:
        """How the claims relate if of rival versions only the preferred ones are left."""
        return _without(self.links, self.overruled)

    def legs(self, purposes: Collection[str] = (FINANCING, PURCHASE)) -> list[Leg]:
        """The flows for some purposes, joined by payer and payee."""
        pairs: dict[tuple[str, str], dict[str, Flow]] = {}
        for flow in self.flows:
            if flow.purpose in purposes:
                pairs.setdefault((flow.payer, flow.payee), {}).setdefault(flow.claim, flow)
        return [self.leg(payer, payee, list(flows.values())) for (payer, payee), flows in sorted(pairs.items())]

    def given(self, version: str) -> Ledger:
        """The ledger if this version is the true one: the claims that contradict it fall away."""
        fallen = set(self.links.rivals.get(version, ()))
        settled = fallen | {version}
        rivals = {claim: set(others) - settled for claim, others in self.links.rivals.items() if claim not in settled}
        flows = tuple(flow for flow in self.flows if flow.claim not in fallen)
        return Ledger(flows, Links(self.links.wholes, rivals), self.overruled)

    def leg(self, payer: str, payee: str, flows: list[Flow]) -> Leg:
        """The leg that some flows between two parties make."""
        best = sorted(
            flows,
            key=lambda flow: (
                flow.overruled,
                not flow.amount.known or flow.joint,
                -flow.attested,
                -STAGES.index(flow.stage),
                flow.begins,
                flow.claim,
            ),
        )
        founded = [flow for flow in flows if not flow.overruled] or flows
        preferred = total(
            {flow.claim: flow.amount for flow in founded}, {flow.claim for flow in founded if flow.joint}, self.settled
        )
        return Leg(payer, payee, tuple(best), self.sum(flows), preferred)

    def sum(self, flows: Collection[Flow]) -> Interval:
        """What flows from one party to another come to."""
        stated = {flow.claim: flow.amount for flow in flows}
        return total(stated, {flow.claim for flow in flows if flow.joint}, self.links)

    def received(self, flows: Collection[Flow]) -> Interval:
        """What flows to one party come to, from whomever: who pays jointly pays all of it."""
        stated = {flow.claim: flow.amount for flow in flows}
        return total(stated, {flow.claim for flow in flows if flow.split}, self.links)


def check_stages(stages: Collection[str]) -> tuple[str, ...]:
    """The stages that a person means; raises UnknownName for a word that is none."""
    by_fold = {fold(stage): stage for stage in STAGES if stage}
    for word in stages:
        if fold(word) not in by_fold:
            raise UnknownName("stage", word, nearest_names(word, by_fold.values()), f"there are {', '.join(by_fold.values())}")
    return tuple(by_fold[fold(word)] for word in stages)


@dataclass(frozen=True)
class Counting:
    """What is counted: deals at which stages, amounts in one currency, by what weight.

    An amount in another currency is unknown. ``preferred``: of rival versions only those over which no other is
    preferred. ``weight`` is money, or capacity in megawatts; markets can also count claims and customers.
    ``makers``: who pays for a service pays the one organization that makes it.
    """

    stages: Collection[str] = COUNTED
    currency: str = "USD"
    preferred: bool = False
    weight: str = "money"
    makers: bool = True

    def __str__(self) -> str:
        return f"Stages counted: {', '.join(stage or 'none stated' for stage in self.stages)}."

    def of(self, said: Attributes) -> Interval:
        """What a claim states of what is counted, as an interval; all of it open where it states nothing."""
        stem = "capacity" if self.weight == "capacity" else "amount"
        if stem == "amount" and said.get("currency") != self.currency:
            return Interval()
        least, greatest = said.get(f"{stem}Min"), said.get(f"{stem}Max")
        return Interval(float(least) if least is not None else 0.0, float(greatest) if greatest is not None else Interval.greatest)


USUAL = Counting()


def read_ledger(graph: GraphCore, counting: Counting = USUAL) -> Ledger:
    """The flows that count."""
    found = list(rows(graph, "flows"))
    claims = claim_attributes(graph, {row["claim"] for row in found})
    links, overruled = _links(graph)
    if counting.preferred:
        links = _without(links, overruled)
    behind = makers_of(graph) if counting.makers else {}
    payers: dict[str, set[str]] = {}
    payees: dict[str, set[str]] = {}
    folded = []
    for row in found:
        claim = compact(row["claim"])
        if counting.preferred and claim in overruled:
            continue
        ends: list[str] = []
        via: list[str] = []
        for end in (compact(row["payer"]), compact(row["payee"])):
            maker, reasons = behind.get(end, (end, ()))
            ends.append(maker)
            via += reasons
        payers.setdefault(claim, set()).add(ends[0])
        payees.setdefault(claim, set()).add(ends[1])
        folded.append((row, claim, ends, via))
    flows = []
    for row, claim, (payer, payee), via in folded:
        said = claims.get(row["claim"], {})
        stage = str(said.get("stage", ""))
        if stage not in counting.stages or payer == payee:
            continue
        joint = row["joint"] == "true" or len(payers[claim]) > 1 or len(payees[claim]) > 1
        flows.append(
            Flow(
                claim,
                payer,
                payee,
                row["purpose"],
                counting.of(said),
                joint,
                len(payees[claim]) > 1,
                str(said.get("attestation", "")),
                int(said.get("attested", 0)),
                stage,
                str(said.get("startsEarliest", "")),
                str(said.get("endsLatest", "")),
                claim in overruled,
                tuple(via),
            )
        )
    return Ledger(tuple(sorted(flows, key=lambda flow: (flow.claim, flow.payer, flow.payee))), links, frozenset(overruled))


def _without(links: Links, overruled: Collection[str]) -> Links:
    rivals = {claim: set(others).difference(overruled) for claim, others in links.rivals.items() if claim not in overruled}
    return Links(links.wholes, rivals)


def _links(graph: GraphCore) -> tuple[Links, set[str]]:
    wholes: dict[str, set[str]] = {}
    for row in rows(graph, "parts"):
        wholes.setdefault(compact(row["claim"]), set()).add(compact(row["whole"]))
    rivals: dict[str, set[str]] = {}
    overruled = set()
    for row in rows(graph, "rivals"):
        one, other = compact(row["claim"]), compact(row["other"])
        rivals.setdefault(one, set()).add(other)
        if row["preferred"] == "true":
            overruled.add(other)
    return Links(wholes, rivals), overruled
