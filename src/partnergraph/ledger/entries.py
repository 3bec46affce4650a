"""The entries of the ledger: one a deal, with what of it is paid, committed, conditional and intended, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from partnergraph.ledger.amounts import NOTHING, Interval, add, raised
from partnergraph.ledger.deals import REJECTED, Asked, Versions, Worth, group
from partnergraph.ledger.houses import Houses
from partnergraph.ledger.inputs import ANNOUNCED, CONFIRMED, Days, Deal, Inputs, Rated, Total

UNTIED, EARLIER, OUTDONE = "total-of-unnamed-deals", "earlier-total", "outdone-total"
FINANCING = "purpose-financing"


@dataclass(frozen=True)
class Entry:
    """One deal between two houses, or of a group with one of them.

    ``payer`` and ``payee`` are houses, empty where a group stands there, whose members are in ``payers`` and ``payees``;
    ``stated`` are the parties that the contract names. ``counts`` are the claims that it rests on, ``omits`` those left out,
    with the reason. ``within`` is the entry that counts instead of this one where sums are made, ``joint`` that of the group
    of whose deal this is one member's share. ``market`` is that in which what is bought is sold.
    """

    key: str
    purpose: str
    payer: str
    payee: str
    payers: tuple[str, ...]
    payees: tuple[str, ...]
    stated: tuple[tuple[str, ...], tuple[str, ...]]
    worth: Worth
    preferred: Worth
    capacity: Worth
    currency: str
    stage: str
    days: Days
    counts: tuple[str, ...]
    omits: tuple[tuple[str, str], ...]
    weakest: Rated
    best: Rated
    tier: Rated
    spends: bool = True
    receives: bool = True
    within: str = ""
    joint: str = ""
    market: str = ""


@dataclass(frozen=True)
class _Parties:
    """The houses between which an entry is; an empty one is a group."""

    payer: str
    payee: str

    @property
    def single(self) -> bool:
        return bool(self.payer and self.payee)


def make_entries(inputs: Inputs, houses: Houses) -> list[Entry]:
    """The entries of a ledger, by name."""
    ends = {claim: (_houses(deal.payers, houses), _houses(deal.payees, houses)) for claim, deal in inputs.deals.items()}
    by_pair: dict[_Parties, list[str]] = defaultdict(list)
    by_house: dict[_Parties, list[str]] = defaultdict(list)
    grouped: set[_Parties] = set()
    for claim, (payers, payees) in ends.items():
        for payer, payee in product(payers, payees):
            if payer != payee:
                by_pair[_Parties(payer, payee)].append(claim)
        receiving, spending = [_Parties("", payee) for payee in payees], [_Parties(payer, "") for payer in payers]
        for parties in (*receiving, *spending):
            by_house[parties].append(claim)
        grouped |= set(receiving) if len(payers) > 1 or inputs.deals[claim].group else set()
        grouped |= set(spending) if len(payees) > 1 else set()
    found: dict[str, Entry] = {}
    for parties in sorted(by_pair, key=_parties_key):
        own = _pair(parties, by_pair[parties], inputs, houses)
        found |= {entry.key: entry for entry in _settled_by_totals(parties, own, inputs, houses)}
    for parties in sorted(grouped, key=_parties_key):
        _add_groups(found, parties, by_house[parties], inputs, houses)
    return [found[key] for key in sorted(found)]


def _parties_key(parties: _Parties) -> tuple[str, str]:
    return parties.payer, parties.payee


def _houses(parties: Iterable[str], houses: Houses) -> tuple[str, ...]:
    return tuple(dict.fromkeys(houses.of(party) for party in parties))


def _local(iri: str) -> str:
    return iri.rpartition("/")[2] or iri


def _pair(parties: _Parties, claims: list[str], inputs: Inputs, houses: Houses) -> list[Entry]:
    """The entries between two houses: joint deals give way to what is known of this payer's share."""
    made = []
    for root in group(claims, inputs):
        for deal, joint in _shares(root, ""):
            name = _local(deal.lead.claim)
            several = len(_houses(deal.lead.payers, houses)) > 1 or len(_houses(deal.lead.payees, houses)) > 1
            key = f"{name}--{_local(parties.payer)}--{_local(parties.payee)}" if several or joint == name else name
            made.append(_entry(key, deal, parties, houses, joint))
    return made


def _shares(root: Versions, joint: str) -> list[tuple[Versions, str]]:
    """The deals of one payer with one payee that make up a deal, each with the name of the group's deal that it is a share of.

    Where some of them are stated, a joint deal of which none is stated adds nothing to them: it is paid out of these.
    """
    leaves = _leaves(root, joint)
    return [(deal, name) for deal, name in leaves if not deal.joint or not deal.counted] or leaves


def _leaves(deal: Versions, joint: str) -> list[tuple[Versions, str]]:
    if not (deal.joint and deal.counted):
        return [(deal, joint)]
    name = _local(deal.lead.claim)
    return [leaf for part in deal.parts for leaf in _leaves(part, name)] or [(deal, name)]


def _entry(key: str, deal: Versions, parties: _Parties, houses: Houses, joint: str = "") -> Entry:
    everyone = deal.all()
    counted = [version for one in everyone for version in one.counted]
    rated = counted or deal.claims
    stated = [version for version in rated if version.amount.known] or rated
    return Entry(
        key,
        _local(deal.lead.purpose).partition("#")[2],
        parties.payer,
        parties.payee,
        _houses(deal.lead.payers, houses) if not parties.payer else (),
        _houses(deal.lead.payees, houses) if not parties.payee else (),
        (tuple(deal.lead.payers), tuple(deal.lead.payees)),
        deal.worth(Asked(parties.single)),
        deal.worth(Asked(parties.single, preferred=True)),
        deal.worth(Asked(parties.single, capacity=True)),
        deal.lead.currency,
        deal.lead.stage,
        _days(counted, deal.lead),
        tuple(dict.fromkeys([deal.lead.claim, *(version.claim for version in counted)])) if counted else (),
        tuple(sorted((claim, reason) for one in everyone for claim, reason in one.omitted.items())),
        min((version.attested for version in stated), key=lambda rated: rated.rank),
        max((version.attested for version in stated), key=lambda rated: rated.rank),
        min((version.tier for version in stated), key=lambda rated: rated.rank),
        joint=joint,
        market=_market(deal.lead, parties, houses),
    )


def _market(lead: Deal, parties: _Parties, houses: Houses) -> str:
    """The market in which the payee sells what is bought; none where several payees sell in different ones."""
    found = {market for seller, market in lead.markets.items() if parties.payee in ("", houses.of(seller))}
    return found.pop() if len(found) == 1 else ""


def _days(counted: list[Deal], lead: Deal) -> Days:
    """From when until when, as surely and possibly as the claims that count."""
    days = [deal.days for deal in counted] or [lead.days]
    ends = [one.ends_latest for one in days]
    return Days(
        min((one.starts_earliest for one in days if one.starts_earliest), default=""),
        lead.days.starts_latest,
        lead.days.ends_earliest,
        "" if "" in ends else max(ends),
    )


def _settled_by_totals(parties: _Parties, entries: list[Entry], inputs: Inputs, houses: Houses) -> list[Entry]:
    """The entries of a pair, with those up to the day of a confirmed total standing within one entry of what it states."""
    for purpose in sorted({entry.purpose for entry in entries}):
        stated = [
            total
            for total in inputs.totals.values()
            if _Parties(houses.of(total.payer), houses.of(total.payee)) == parties and _purpose(total, inputs) == purpose
        ]
        binding = {
            paid: _latest([total for total in stated if total.paid == paid and _binds(total, inputs)]) for paid in (True, False)
        }
        chosen = [total for total in binding.values() if total is not None]
        if chosen:
            own = [entry for entry in entries if entry.purpose == purpose]
            rest = [entry for entry in entries if entry.purpose != purpose]
            reasons = {total.claim: _unused(total, inputs) for total in stated}
            entries = [*rest, *_bounded(own, binding[True], binding[False], reasons)]
    return entries


def _purpose(total: Total, inputs: Inputs) -> str:
    named = {inputs.deals[claim].purpose for claim in _named(total, inputs) if claim in inputs.deals}
    return _local(named.pop()).partition("#")[2] if len(named) == 1 else FINANCING


def _named(total: Total, inputs: Inputs) -> set[str]:
    """The deals that a total says it sums up, itself or through the total that it is about."""
    about = [inputs.totals[claim] for claim in total.about if claim in inputs.totals]
    return total.sums.union(*(other.sums for other in about))


def _binds(total: Total, inputs: Inputs) -> bool:
    """Whether a total settles what its deals come to: of money paid in, as a party says, or confirmed and of deals that it names."""
    firm = total.attested.concept in ((ANNOUNCED, CONFIRMED) if total.paid else (CONFIRMED,))
    return firm and bool(total.day) and not _outdone(total, inputs) and (total.paid or bool(_named(total, inputs)))


def _outdone(total: Total, inputs: Inputs) -> bool:
    """Whether the editors reject a total, or another one is preferred over it."""
    better = (claim for claim, others in inputs.links.get("preferredOver", {}).items() if total.claim in others)
    return bool(inputs.linked("rejectedIn", total.claim)) or any(claim in inputs.totals for claim in better)


def _unused(total: Total, inputs: Inputs) -> str:
    """Why a total that does not settle anything is left out."""
    if inputs.linked("rejectedIn", total.claim):
        return REJECTED
    return OUTDONE if _outdone(total, inputs) else EARLIER if _binds(total, inputs) else UNTIED


def _latest(totals: list[Total]) -> Total | None:
    return max(totals, key=lambda total: (total.day, total.tier.rank, total.claim), default=None)


def _bounded(entries: list[Entry], paid: Total | None, committed: Total | None, reasons: dict[str, str]) -> list[Entry]:
    lead = committed or paid
    if lead is None:
        return entries
    until_paid, until_committed = (total.day if total else "" for total in (paid, committed))
    # Money that is said to be paid for deals that are named is not for others; a commitment covers them, whichever it names.
    of = lead.sums if lead.paid else set()
    covered = [
        entry
        for entry in entries
        if _begun(entry, max(until_paid, until_committed))
        and entry.currency in {"", lead.currency}
        and (not of or of.intersection(entry.counts))
    ]
    key = _local(lead.claim)
    sums, capacity = Worth(), Worth()
    for entry in covered:
        own = entry.worth
        capacity += entry.capacity
        # Between the days of the two totals a deal still adds to the one that does not reach so far.
        sums += Worth(
            NOTHING if paid and _begun(entry, until_paid) else own.paid,
            NOTHING if committed and _begun(entry, until_committed) else own.committed,
            own.conditional,
            own.intended,
        )
    worth = sums
    if paid:
        worth = replace(worth, paid=add((paid.amount, worth.paid)))
    if committed:
        worth = replace(worth, committed=add((committed.amount, worth.committed)))
    worth = replace(worth, committed=raised(worth.committed, Interval(worth.paid.least, worth.paid.least)))
    used = [total for total in (lead, paid, committed) if total is not None]
    counts = tuple(dict.fromkeys(total.claim for total in used))
    omits = {claim: reason for claim, reason in reasons.items() if claim not in counts}
    first = covered[0] if covered else None
    total_entry = Entry(
        key,
        first.purpose if first else FINANCING,
        first.payer if first else lead.payer,
        first.payee if first else lead.payee,
        (),
        (),
        ((lead.payer,), (lead.payee,)),
        worth,
        worth,
        capacity,
        lead.currency,
        max((entry.stage for entry in covered), key=lambda stage: stage == "underway", default="underway"),
        Days(min((entry.days.starts_earliest for entry in covered if entry.days.starts_earliest), default=lead.day), lead.day),
        counts,
        tuple(sorted(omits.items())),
        min((total.attested for total in used), key=lambda rated: rated.rank),
        max((total.attested for total in used), key=lambda rated: rated.rank),
        min((total.tier for total in used), key=lambda rated: rated.rank),
    )
    inside = {entry.key for entry in covered}
    return [*(replace(entry, within=key) if entry.key in inside else entry for entry in entries), total_entry]


def _begun(entry: Entry, day: str) -> bool:
    return not entry.days.starts_earliest or entry.days.starts_earliest <= day


def _add_groups(found: dict[str, Entry], parties: _Parties, claims: list[str], inputs: Inputs, houses: Houses) -> None:
    """Adds an entry for each deal of a group with one house; what single members put in then counts in it where that house sums up."""
    receiving = not parties.payer
    for root in group(claims, inputs):
        # A round is a group's for whoever gets it; for one of those who pay it is not, unless several get something.
        if not root.counted or not all(_has_group(deal, receiving) for deal in root.counted):
            continue
        key = _local(root.lead.claim)
        members = {version.claim for one in root.all() for version in one.claims}
        settled: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for one in found.values():
            if one.within:
                settled[one.within].append(one.counts)
        for name, other in list(found.items()):
            same = other.payee == parties.payee if receiving else other.payer == parties.payer
            # A total is of the group's deal where all that it settles is.
            if same and all(members.intersection(counts) for counts in settled.get(name) or [other.counts]):
                found[name] = replace(other, receives=False) if receiving else replace(other, spends=False)
        found[key] = replace(_entry(key, root, parties, houses), spends=not receiving, receives=receiving)


def _has_group(deal: Deal, receiving: bool) -> bool:  # noqa: FBT001  # on which side one house stands alone
    """Whether a group stands on the other side of the one house that gets the money, or that pays it."""
    return deal.group or len(deal.payers) > 1 if receiving else len(deal.payees) > 1
