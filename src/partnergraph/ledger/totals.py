"""Stated totals: which of them settles what the deals of a pair come to, and which are left out."""

from __future__ import annotations

from dataclasses import replace

from partnergraph.ledger.amounts import NOTHING, Interval, add, raised, without
from partnergraph.ledger.deals import REJECTED, Worth
from partnergraph.ledger.entry import FINANCING, Entry, entry_name, local
from partnergraph.ledger.inputs import ANNOUNCED, CONFIRMED, Days, Inputs, Total

# Of what a total is stated; of the rest it is the sum of its deals.
STATED = ("paid", "committed")
UNTIED, EARLIER, OUTDONE = "total-of-unnamed-deals", "earlier-total", "outdone-total"


def settled_by_totals(entries: list[Entry], totals: list[Total], inputs: Inputs) -> list[Entry]:
    """The entries of a pair, with those up to the day of a confirmed total standing within one entry of what it states."""
    for purpose in sorted({_purpose(total, inputs) for total in totals} & {entry.purpose for entry in entries}):
        stated = [total for total in totals if _purpose(total, inputs) == purpose]
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
    return local(named.pop()).partition("#")[2] if len(named) == 1 else FINANCING


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
        if begun(entry, max(until_paid, until_committed))
        and entry.currency in {"", lead.currency}
        and (not of or of.intersection(entry.counts))
    ]
    key = entry_name(lead.claim)
    sums, capacity = Worth(), Worth()
    for entry in covered:
        own = entry.worth
        capacity += entry.capacity
        # Between the days of the two totals a deal still adds to the one that does not reach so far.
        sums += Worth(
            NOTHING if paid and begun(entry, until_paid) else own.paid,
            NOTHING if committed and begun(entry, until_committed) else own.committed,
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
        settles=(until_paid, until_committed),
    )
    inside = {entry.key for entry in covered}
    return [*(replace(entry, within=key) if entry.key in inside else entry for entry in entries), total_entry]


def begun(entry: Entry, day: str) -> bool:
    """Whether a deal may have begun by a day, so that a total of that day holds it."""
    return not entry.days.starts_earliest or entry.days.starts_earliest <= day


def rest(total: Entry, shares: list[Entry], others: list[Entry]) -> tuple[Worth, Worth]:
    """What a stated total comes to without some shares of joint deals that it holds, in money and in megawatts; no less than the others for sure."""
    paid, committed = total.settles
    worth, capacity = total.worth, total.capacity
    inside = Worth()
    for share in shares:
        # What came after the day of the total was added to it as it is.
        before = [bool(day) and begun(share, day) for day in (paid, committed)]
        worth = worth.less(replace(share.worth, **{kind: NOTHING for kind, held in zip(STATED, before, strict=True) if held}))
        capacity = capacity.less(share.capacity)
        # A share that is agreed may be paid with the joint deal, which has its own claims.
        most = max(share.worth.paid.greatest, share.worth.committed.greatest)
        inside += Worth(
            Interval(share.worth.paid.least, most) if before[0] else NOTHING, share.worth.committed if before[1] else NOTHING
        )
    kept = sum((one.worth for one in others), Worth())
    parted = {kind: without(getattr(worth, kind), getattr(inside, kind), getattr(kept, kind)) for kind in STATED}
    return replace(worth, **parted), capacity
