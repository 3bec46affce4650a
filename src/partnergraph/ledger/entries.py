"""The entries of the ledger: one a deal, with what of it is paid, committed, conditional and intended, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import TypeVar

from partnergraph.ledger.ceilings import LOOSE, with_ceilings
from partnergraph.ledger.deals import Asked, Versions, group
from partnergraph.ledger.entry import Entry, entry_name, local
from partnergraph.ledger.houses import Houses
from partnergraph.ledger.inputs import Days, Deal, Inputs, Total, reached
from partnergraph.ledger.totals import rest, settled_by_totals

T = TypeVar("T")


@dataclass(frozen=True)
class _Parties:
    """The houses between which an entry is; an empty one is a group."""

    payer: str
    payee: str

    @property
    def single(self) -> bool:
        return bool(self.payer and self.payee)


# The houses of those who pay and of those who are paid, by claim.
_Ends = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
_Joint = list[tuple[Entry, set[str]]]


@dataclass
class Reckoned:
    """What was last made of each pair and each group, and of what: who makes the entries of day after day makes only what changed."""

    pairs: dict[_Parties, tuple[object, list[Entry]]] = field(default_factory=dict)
    groups: dict[_Parties, tuple[object, _Joint]] = field(default_factory=dict)


def make_entries(inputs: Inputs, houses: Houses, reckoned: Reckoned | None = None) -> list[Entry]:
    """The entries of a ledger, by name; with ``reckoned``, what of an earlier one is the same is taken from there."""
    inputs = with_ceilings(inputs)
    before = Reckoned() if reckoned is None else reckoned
    ends = {claim: _ends(deal, houses) for claim, deal in inputs.deals.items()}
    totals: dict[_Parties, list[Total]] = defaultdict(list)
    for total in inputs.totals.values():
        totals[_Parties(houses.of(total.payer), houses.of(total.payee))].append(total)
    found: dict[str, Entry] = {}
    for parties, claims in _pairs(ends):
        made = partial(_pair, parties, claims, inputs, houses)
        own = _last(before.pairs, parties, _state(claims, inputs, ends), made)
        found |= {entry.key: entry for entry in settled_by_totals(own, totals[parties], inputs)}
    _add_groups(found, inputs, ends, houses, before)
    return [found[key] for key in sorted(found)]


def _add_groups(found: dict[str, Entry], inputs: Inputs, ends: _Ends, houses: Houses, before: Reckoned) -> None:
    """Adds the entries of the deals of groups, and parts from stated totals the shares that count in these."""
    settled: dict[str, list[Entry]] = defaultdict(list)
    for entry in found.values():
        if entry.within:
            settled[entry.within].append(entry)
    shared: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for parties, claims in _groups(inputs, ends):
        joint = partial(_joint, parties, claims, inputs, houses)
        for entry, members in _last(before.groups, parties, _state(claims, inputs, ends), joint):
            _add_group(found, entry, members)
            for name, inside in settled.items():
                if _same_side(found[name], entry):
                    shared[name, entry.receives] |= {one.key for one in inside if members.intersection(one.counts)}
    for (name, receiving), keys in shared.items():
        if keys:
            _part(found, name, settled[name], keys, receiving=receiving)


def _last(made: dict[_Parties, tuple[object, T]], parties: _Parties, state: object, make: Callable[[], T]) -> T:
    """What was made for the parties if it was made of the same, else what is made now."""
    before = made.get(parties)
    if before is None or before[0] != state:
        before = made[parties] = state, make()
    return before[1]


def _state(claims: list[str], inputs: Inputs, ends: _Ends) -> object:
    """All that the deals of these claims and their entries are made of."""
    further = [inputs.links.get(name, {}) for name in ("partOf", "replacedBy")]
    above = [{claim: link[claim] for claim in reached(claims, link) if claim in link} for link in further]
    links = [inputs.links.get(name, {}) for name in ("twins", "partOf", "preferredOver", "rejectedIn", "replacedBy")]
    told = [(inputs.deals[claim], ends[claim], [link.get(claim) for link in links], inputs.settled.get(claim)) for claim in claims]
    return told, above


def _pairs(ends: _Ends) -> list[tuple[_Parties, list[str]]]:
    """Each two houses with the claims of money between them."""
    found: dict[_Parties, list[str]] = defaultdict(list)
    for claim, (payers, payees) in ends.items():
        for payer, payee in product(payers, payees):
            if payer != payee:
                found[_Parties(payer, payee)].append(claim)
    return sorted(found.items(), key=_by_name)


def _groups(inputs: Inputs, ends: _Ends) -> list[tuple[_Parties, list[str]]]:
    """Each house that stands alone before a group in some claim, with all its claims on that side."""
    found: dict[_Parties, list[str]] = defaultdict(list)
    grouped: set[_Parties] = set()
    for claim, (payers, payees) in ends.items():
        receiving, spending = [_Parties("", payee) for payee in payees], [_Parties(payer, "") for payer in payers]
        for parties in (*receiving, *spending):
            found[parties].append(claim)
        grouped |= set(receiving) if len(payers) > 1 or inputs.deals[claim].group else set()
        grouped |= set(spending) if len(payees) > 1 else set()
    return sorted(((parties, found[parties]) for parties in grouped), key=_by_name)


def _by_name(item: tuple[_Parties, list[str]]) -> tuple[str, str]:
    return item[0].payer, item[0].payee


def _ends(deal: Deal, houses: Houses) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Between which houses a deal is; whoever was bought stands for its former owners, to whom the price went."""
    payers, payees = _houses(deal.payers, houses), _houses(deal.payees, houses)
    if deal.takeover and not set(payers).isdisjoint(payees):
        payees = tuple(party if houses.of(party) in payers else houses.of(party) for party in deal.payees)
    return payers, payees


def _houses(parties: Iterable[str], houses: Houses) -> tuple[str, ...]:
    return tuple(dict.fromkeys(houses.of(party) for party in parties))


def _pair(parties: _Parties, claims: list[str], inputs: Inputs, houses: Houses) -> list[Entry]:
    """The entries between two houses: joint deals give way to what is known of this payer's share."""
    made = []
    for root in group(claims, inputs):
        for deal, joint in _shares(root, ""):
            name = entry_name(deal.lead.claim)
            several = len(_houses(deal.lead.payers, houses)) > 1 or len(_houses(deal.lead.payees, houses)) > 1
            key = f"{name}--{entry_name(parties.payer)}--{entry_name(parties.payee)}" if several or joint == name else name
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
    name = entry_name(deal.lead.claim)
    return [leaf for part in deal.parts for leaf in _leaves(part, name)] or [(deal, name)]


def _entry(key: str, deal: Versions, parties: _Parties, houses: Houses, joint: str = "") -> Entry:
    everyone = deal.all()
    counted = [version for one in everyone for version in one.counted]
    rated = counted or deal.claims
    stated = [version for version in rated if version.amount.known] or rated
    asked = Asked(payer=bool(parties.payer), payee=bool(parties.payee))
    worth = deal.worth(asked)
    settled = all(len(one.preferred) == len(one.counted) for one in everyone)
    return Entry(
        key,
        local(deal.lead.purpose).partition("#")[2],
        parties.payer,
        parties.payee,
        _houses(deal.lead.payers, houses) if not parties.payer else (),
        _houses(deal.lead.payees, houses) if not parties.payee else (),
        (tuple(deal.lead.payers), tuple(deal.lead.payees)),
        worth,
        # Reckoned again only where it may differ: this is most of the work of a large graph.
        worth if settled else deal.worth(replace(asked, preferred=True)),
        deal.worth(replace(asked, capacity=True)),
        deal.currency,
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
    """From when until when, as surely and possibly as the claims that count; what was sought for it first is no part of a deal that was made."""
    made = [deal for deal in counted if lead.stage in LOOSE or deal.stage not in LOOSE]
    days = [deal.days for deal in made] or [lead.days]
    ends = [one.ends_latest for one in days]
    return Days(
        min((one.starts_earliest for one in days if one.starts_earliest), default=""),
        lead.days.starts_latest,
        lead.days.ends_earliest,
        "" if "" in ends else max(ends),
    )


def _joint(parties: _Parties, claims: list[str], inputs: Inputs, houses: Houses) -> list[tuple[Entry, set[str]]]:
    """An entry for each deal of a group with one house, and the claims of what single members put in, too."""
    receiving = not parties.payer
    made = []
    for root in group(claims, inputs):
        # A round is a group's for whoever gets it; for one of those who pay it is not, unless several get something.
        # Who names one of the group and no amount says nothing of what the others pay.
        telling = [deal for deal in root.counted if deal.amount.known] or root.counted
        if telling and all(deal.several_payers if receiving else deal.several_payees for deal in telling):
            name, one = entry_name(root.lead.claim), parties.payee or parties.payer
            # Where several stand on both sides there is one entry for each of them, and of none of them is the whole.
            several = any(deal.several_payees if receiving else deal.several_payers for deal in root.counted)
            entry = _entry(f"{name}--{entry_name(one)}" if several else name, root, parties, houses)
            members = {version.claim for one in root.all() for version in one.claims}
            made.append((replace(entry, spends=not receiving, receives=receiving), members))
    return made


def _add_group(found: dict[str, Entry], entry: Entry, members: set[str]) -> None:
    """Adds the entry of a group's deal; what single members put in then counts in it where the one house sums up."""
    for name, other in list(found.items()):
        if _same_side(other, entry) and members.intersection(other.counts):
            found[name] = replace(other, receives=False) if entry.receives else replace(other, spends=False)
    found[entry.key] = entry


def _same_side(other: Entry, group: Entry) -> bool:
    """Whether the one house of a group's deal stands in another entry, too."""
    return other.payee == group.payee if group.receives else other.payer == group.payer


def _part(found: dict[str, Entry], name: str, inside: list[Entry], keys: set[str], *, receiving: bool) -> None:
    """Parts a stated total from what it counts that is a share of deals of groups, which count already where the one house sums up."""
    total = found[name]
    found[name] = replace(total, receives=False) if receiving else replace(total, spends=False)
    others = [one for one in inside if one.key not in keys]
    if not others:
        return
    shares = [one for one in inside if one.key in keys]
    worth, capacity = rest(total, shares, others)
    left = replace(total, worth=worth, preferred=worth, capacity=capacity, spends=not receiving, receives=receiving, rest_of=name)
    if receiving:
        left = replace(left, key=f"{name}--rest--{entry_name(total.payer)}", payer="", payers=(total.payer,))
    else:
        left = replace(left, key=f"{name}--rest--{entry_name(total.payee)}", payee="", payees=(total.payee,))
    found[left.key] = left
