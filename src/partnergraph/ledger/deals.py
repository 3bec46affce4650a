"""Deals: which claims are versions of one deal, which deals are parts of which, and what one comes to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from partnergraph.ledger.amounts import NOTHING, Interval, add, apart, below, hull, less, raised, within
from partnergraph.ledger.inputs import STAGES, Deal, Inputs, reached

# Why a claim is left out of a sum: the names of the concepts of the ontology behind ``pg:omitted-because-``.
REJECTED, SETTLED, CURRENCY, CANCELLED, REPLACED = "rejected", "settled", "currency", "cancelled", "replaced"
DONE = ("completed", "ended")


@dataclass(frozen=True)
class Worth:
    """What a deal comes to: paid, committed (paid, under way or signed), due on a condition, intended."""

    paid: Interval = NOTHING
    committed: Interval = NOTHING
    conditional: Interval = NOTHING
    intended: Interval = NOTHING

    def __add__(self, other: Worth) -> Worth:
        return Worth(
            add((self.paid, other.paid)),
            add((self.committed, other.committed)),
            add((self.conditional, other.conditional)),
            add((self.intended, other.intended)),
        )

    def less(self, part: Worth) -> Worth:
        """What is left of a sum without one of those that were added up, end by end."""
        return Worth(
            apart(self.paid, part.paid),
            apart(self.committed, part.committed),
            apart(self.conditional, part.conditional),
            apart(self.intended, part.intended),
        )

    def beside(self, other: Worth, most: float) -> Worth:
        """What of it may be there beside another worth, if both together are ``most`` at most."""
        return Worth(
            below(self.paid, most - other.paid.least),
            below(self.committed, most - other.committed.least),
            below(self.conditional, most - other.conditional.least),
            below(self.intended, most - other.intended.least),
        )


@dataclass(frozen=True)
class Asked:
    """What is asked of a deal: of one payer, of one payee or of all; of all open versions or the preferred ones; money or capacity."""

    payer: bool
    payee: bool
    preferred: bool = False
    capacity: bool = False

    def of(self, deal: Deal) -> Interval:
        """What one version states of it."""
        return deal.capacity if self.capacity else deal.amount

    def joint(self, deal: Deal) -> bool:
        """Whether a version is of more than what the one payer or payee that is asked of pays or gets."""
        return (self.payer and deal.several_payers) or (self.payee and deal.several_payees)


@dataclass
class Versions:
    """One deal: the claims that are versions of it, those of them that count, those left out and why, and its parts."""

    claims: list[Deal]
    counted: list[Deal]
    omitted: dict[str, str]
    preferred: list[Deal]
    parts: list[Versions] = field(default_factory=list)

    @property
    def lead(self) -> Deal:
        """The version that tells stage, currency and days of the deal."""
        return self.preferred[0]

    @property
    def currency(self) -> str:
        """The currency in which it is reckoned: its own, or that of its parts where only these state an amount."""
        return self.lead.currency or next((part.currency for part in self.parts if part.currency), "")

    @property
    def joint(self) -> bool:
        """Whether every version is of what a group pays or gets together."""
        return self.shared(Asked(payer=True, payee=True))

    def shared(self, asked: Asked) -> bool:
        """Whether every version is of more than what the one payer or payee that is asked of pays or gets."""
        return all(asked.joint(deal) for deal in self.counted or self.claims)

    def all(self) -> list[Versions]:
        """The deal and its parts at any depth."""
        return [self, *(deeper for part in self.parts for deeper in part.all())]

    def range(self, asked: Asked) -> Interval:
        """From the least to the greatest that any version states which is still open, or that is preferred."""
        stated = [deal for deal in (self.preferred if asked.preferred else self.counted) if asked.of(deal).known]
        # What one version says of a group is no least amount of one of its members, whoever else tells his own.
        ranges = [Interval(0.0, asked.of(deal).greatest) if asked.joint(deal) else asked.of(deal) for deal in stated]
        return hull(ranges) if ranges else self._ceiling(asked)

    def _ceiling(self, asked: Asked) -> Interval:
        """At most what is left of the joint deal: more is not known of an unstated share."""
        return Interval() if asked.capacity else Interval(0.0, max((deal.ceiling for deal in self.counted), default=math.inf))

    def worth(self, asked: Asked) -> Worth:
        """What the deal comes to with its parts."""
        if not self.counted:
            return self._parts(asked, Interval())
        if self.shared(asked):
            return self._member(asked, self._parts(asked, Interval()))
        own = self.range(asked)
        parts = self._parts(asked, own)
        if all(deal.possibly for deal in self.counted):
            own = Interval(0.0, own.greatest)
        return parts if self.parts and not own.known else _at_stage(own, self.lead, parts)

    def _parts(self, asked: Asked, own: Interval) -> Worth:
        """What the parts of a deal come to that comes to ``own`` itself.

        Parts of groups may overlap: a tranche, and what some investors put into all of them. No more of them counts than the whole
        leaves beside what single parties put in.
        """
        alone, joint = Worth(), Worth()
        for part in self.parts:
            if part.currency not in ("", self.currency):
                continue
            if part.overlaps(asked):
                joint += part.worth(asked)
            else:
                alone += part.worth(asked)
        return alone + joint.beside(alone, own.greatest)

    def overlaps(self, asked: Asked) -> bool:
        """Whether who is on the side that is summed up may stand in another part of the same deal, too."""
        return any((not asked.payer and deal.several_payers) or (not asked.payee and deal.several_payees) for deal in self.counted)

    def _member(self, asked: Asked, parts: Worth) -> Worth:
        """What it comes to for one of a group: of that the amount of the group says nothing but that it is no more."""
        most = self._ceiling(asked)
        if self.parts:
            # Of a payer: what single payers have left of the whole, and his own parts. Of a payee: up to the whole.
            whole = max(asked.of(deal).greatest for deal in self.counted)
            most = Interval(0.0, min(most.greatest + parts.committed.least, whole) if asked.payer else whole)
            if not most.known:
                return parts
        return _at_stage(most, self.lead, parts)


def _at_stage(own: Interval, lead: Deal, parts: Worth) -> Worth:
    """Where the amount of a deal belongs by its stage; what its parts say of themselves goes before."""
    if lead.stage == "intended":
        return Worth(
            parts.paid,
            parts.committed,
            parts.conditional,
            less(raised(own, add((parts.intended, parts.committed))), parts.committed),
        )
    if lead.conditional and lead.stage not in DONE:
        return Worth(
            parts.paid,
            parts.committed,
            less(raised(own, add((parts.conditional, parts.committed))), parts.committed),
            parts.intended,
        )
    if lead.stage in DONE:
        # What was a condition or a plan when a part was agreed has come true with the whole.
        firm = raised(own, parts.committed)
        return Worth(raised(firm, parts.paid), firm)
    firm = raised(less(less(own, parts.conditional), parts.intended), parts.committed)
    parts = Worth(parts.paid, parts.committed, within(parts.conditional, own), within(parts.intended, own))
    if lead.stage != "underway":
        return Worth(parts.paid, firm, parts.conditional, parts.intended)
    # As soon as the parts fill the whole, what of them is paid is all that is.
    filled = parts.committed.least >= firm.greatest
    paid = Interval(parts.paid.least, parts.paid.greatest if filled else max(firm.greatest, parts.paid.least))
    return Worth(paid, firm, parts.conditional, parts.intended)


def group(claims: Iterable[str], inputs: Inputs) -> list[Versions]:
    """The deals that some claims are about, those that are no part of another one among them, with their parts.

    Claims are versions of one deal if one says so (``pg:versionOf``), or if they contradict each other.
    """
    among = {claim: inputs.deals[claim] for claim in claims}
    name: dict[str, str] = {}
    for claim in sorted(among):
        if claim not in name:
            for member in _connected(claim, among, inputs):
                name[member] = claim
    deals: dict[str, Versions] = {}
    for claim, first in sorted(name.items()):
        deals.setdefault(first, Versions([], [], {}, [])).claims.append(among[claim])
    for deal in deals.values():
        _choose(deal, inputs)
    wholes = {first: _wholes(deal, name, inputs) - {first} for first, deal in deals.items()}
    roots = []
    for first, deal in deals.items():
        # The nearest whole is the one that all the others contain. By mistake deals may be parts of each other; then neither is.
        above = [whole for whole in wholes[first] if first not in wholes[whole]]
        if above:
            nearest = min(above, key=lambda whole: (-len(wholes[whole] & set(above)), whole))
            deals[nearest].parts.append(deal)
        else:
            roots.append(deal)
    for root in list(roots):
        roots += _in_other_currencies(root)
    return roots


def _in_other_currencies(deal: Versions) -> list[Versions]:
    """The parts of a deal that stand alone, being in another currency than the rest; an amount of the whole holds them already."""
    others = [part for part in deal.parts if part.currency not in ("", deal.currency)]
    if not deal.lead.currency:
        deal.parts = [part for part in deal.parts if part not in others]
        return others
    # Of a deal of a group each one's part is an entry of its own.
    for part in others if not deal.joint else ():
        for one in part.all():
            one.omitted |= {version.claim: CURRENCY for version in one.counted}
            one.counted = []
    return []


def _connected(start: str, among: dict[str, Deal], inputs: Inputs) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        claim = waiting.pop()
        for other in inputs.linked("twins", claim):
            if other in among and other not in found and among[other].purpose == among[claim].purpose:
                found.add(other)
                waiting.append(other)
    return found


def _choose(deal: Versions, inputs: Inputs) -> None:
    """Which of the versions count: none that the editors reject, and of a settled question only what they favour."""
    own = {version.claim for version in deal.claims}
    for version in deal.claims:
        if inputs.linked("rejectedIn", version.claim):
            deal.omitted[version.claim] = REJECTED
        elif inputs.settled.get(version.claim, set()) & own:
            deal.omitted[version.claim] = SETTLED
        elif version.stage == "cancelled":
            deal.omitted[version.claim] = CANCELLED
        elif _is_replaced(version, inputs):
            deal.omitted[version.claim] = REPLACED
    open_ = [version for version in deal.claims if version.claim not in deal.omitted]
    beaten = {other for version in open_ for other in inputs.linked("preferredOver", version.claim)}
    preferred = [version for version in open_ if version.claim not in beaten] or open_
    # The least far stage among those over which none is preferred; one that states an amount, before one that does not.
    preferred.sort(
        key=lambda version: (not version.amount.known, STAGES.index(version.stage), -version.attested.rank, version.claim)
    )
    deal.preferred = preferred or deal.claims
    for version in open_:
        if version.amount.known and version.currency != deal.lead.currency:
            deal.omitted[version.claim] = CURRENCY
    deal.counted = [version for version in open_ if version.claim not in deal.omitted]
    deal.preferred = [version for version in deal.preferred if version.claim not in deal.omitted] or deal.counted or deal.claims


def _is_replaced(version: Deal, inputs: Inputs) -> bool:
    """Whether another claim has taken its place; by mistake claims may take each other's, then none has."""
    newer = inputs.linked("replacedBy", version.claim)
    if not newer or version.claim in newer | reached(newer, inputs.links["replacedBy"]):
        return False
    # What was agreed stays where the newer claim does not name everybody who had a part in it.
    return version.stage == "intended" or any(
        {*version.payers} <= {*deal.payers} and {*version.payees} <= {*deal.payees} and deal.purpose == version.purpose
        for deal in (inputs.deals[claim] for claim in newer if claim in inputs.deals)
    )


def _wholes(deal: Versions, name: dict[str, str], inputs: Inputs) -> set[str]:
    """The deals that contain this one, by any of its versions, at any distance."""
    above = reached((version.claim for version in deal.claims), inputs.links.get("partOf", {}))
    return {name[claim] for claim in above if claim in name}
