"""The entries of a ledger on every day at once: each with the days between which it stands as it is.

An entry depends on few claims, and these on few days. So the deals are cut into clusters that have nothing to do with
each other, and each cluster is worked out once between any two days on which something in it changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from partnergraph.ledger.entries import Reckoned, make_entries
from partnergraph.ledger.entry import Entry
from partnergraph.ledger.houses import Houses, make_houses
from partnergraph.ledger.inputs import Days, Inputs, both_ways

FIRST = "0001-01-01"
TWIN_LINKS = ("versionOf", "contradicts")


@dataclass(frozen=True)
class Era:
    """An entry, and the days from which and until which it is so; empty where it has been since ever, or has no end."""

    entry: Entry
    since: str
    until: str


@dataclass(frozen=True)
class HouseEra:
    """Who is the head of whose house between two days."""

    member: str
    head: str
    since: str
    until: str


def day_eras(inputs: Inputs, spans: Mapping[str, Days], turns: Turns) -> list[Era]:
    """The entries of one cluster as of every day; ``spans`` says of each claim between which days it begins and ends."""

    def days_of(claim: str) -> set[str]:
        span = spans.get(claim, Days())
        return {span.starts_earliest, span.starts_latest, span.ends_earliest, span.ends_latest}

    return cluster_eras(inputs, turns, days_of, lambda own, day: on_day(own, spans, day))


def house_eras(turns: Turns) -> list[HouseEra]:
    """Who belongs to whose house on every day."""
    found: list[HouseEra] = []
    open_: dict[str, tuple[str, str]] = {}
    for day, made in zip(turns.days, turns.made, strict=True):
        heads = {member: head for member, (head, _) in made.heads.items()}
        for member, (head, since) in list(open_.items()):
            if heads.get(member) != head:
                found.append(HouseEra(member, head, since, day))
                del open_[member]
        for member, head in heads.items():
            open_.setdefault(member, (head, "" if day == FIRST else day))
    found += [HouseEra(member, head, since, "") for member, (head, since) in open_.items()]
    return sorted(found, key=lambda era: (era.member, era.since))


@dataclass(frozen=True)
class Turns:
    """The houses from each day on which any changes; ``moves`` are the days on which somebody comes into another one."""

    days: list[str]
    made: list[Houses]
    moves: Mapping[str, set[str]]

    def on(self, day: str) -> Houses:
        """The houses on a day."""
        return self.made[bisect_right(self.days, day) - 1]


def house_turns(rows: Sequence[Mapping[str, str]]) -> Turns:
    """The houses on every day."""
    days = sorted({FIRST, *(row[name] for row in rows for name in ("startsEarliest", "endsLatest") if row[name])})
    ordered = sorted(rows, key=lambda row: row["claim"])
    made = [make_houses(ordered, day) for day in days]
    moves: dict[str, set[str]] = defaultdict(set)
    for before, after, day in zip(made, made[1:], days[1:], strict=False):
        for member in before.heads.keys() | after.heads.keys():
            if before.of(member) != after.of(member):
                moves[member].add(day)
    return Turns(days, made, moves)


def clusters(inputs: Inputs, turns: Turns) -> list[Inputs]:
    """The inputs of those deals and totals together that may matter for each other on some day."""
    above: dict[str, str] = {}

    def root(name: str) -> str:
        while above.setdefault(name, name) != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    claims = sorted({*inputs.deals, *inputs.totals})
    heads: dict[str, set[str]] = defaultdict(set)
    for houses in turns.made:
        for member, (head, _) in houses.heads.items():
            heads[member].add(head)

    def ends(parties: Iterable[str]) -> set[str]:
        return {house for party in parties for house in {party, *heads.get(party, ())}}

    for claim in claims:
        deal, total = inputs.deals.get(claim), inputs.totals.get(claim)
        sides = (deal.payers, deal.payees) if deal else ([total.payer], [total.payee]) if total else ([], [])
        for payer, payee in product(*map(ends, sides)):
            above[root(claim)] = root(f"{payer} {payee}")
        linked = {other for link in ("twins", "partOf", "preferredOver", "replacedBy") for other in inputs.linked(link, claim)}
        for other in sorted(linked | (total.sums | total.about if total else set())):
            above[root(claim)] = root(other)
    members: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        members[root(claim)].append(claim)
    better = _better(inputs)
    return [_among(inputs, members[name], better) for name in sorted(members)]


def _better(inputs: Inputs) -> dict[str, set[str]]:
    """What is preferred over each claim."""
    found: dict[str, set[str]] = defaultdict(set)
    for claim, others in inputs.links.get("preferredOver", {}).items():
        for other in others:
            found[other].add(claim)
    return found


def _among(inputs: Inputs, claims: Sequence[str], better: Mapping[str, set[str]]) -> Inputs:
    """The inputs of some claims alone; ``better`` says what is preferred over a claim."""
    named = dict.fromkeys([*claims, *sorted(set().union(*(better[claim] for claim in claims if claim in better)))])
    return Inputs(
        {claim: inputs.deals[claim] for claim in claims if claim in inputs.deals},
        {claim: inputs.totals[claim] for claim in claims if claim in inputs.totals},
        {name: {claim: link[claim] for claim in named if claim in link} for name, link in inputs.links.items()},
        {claim: inputs.settled[claim] for claim in claims if claim in inputs.settled},
    )


def cluster_eras(
    inputs: Inputs,
    turns: Turns,
    days_of: Callable[[str], Collection[str]],
    restricted: Callable[[Inputs, str], Inputs],
) -> list[Era]:
    """The entries of every day's inputs of one cluster.

    ``days_of`` says on which days a claim changes, ``restricted`` what of the inputs a day has.
    """
    own = [*inputs.deals, *inputs.totals]
    linked = {other for claim in own for link in inputs.links.values() for other in link.get(claim, ())}
    days = {FIRST}.union(*map(days_of, {*own, *linked})) - {""}
    parties = {party for deal in inputs.deals.values() for party in (*deal.payers, *deal.payees)}
    parties |= {party for total in inputs.totals.values() for party in (total.payer, total.payee)}
    days = days.union(*(turns.moves.get(party, ()) for party in parties))
    found: list[Era] = []
    open_: dict[str, Era] = {}
    reckoned = Reckoned()
    for day in sorted(days):
        entries = {entry.key: entry for entry in make_entries(restricted(inputs, day), turns.on(day), reckoned)}
        for key, era in list(open_.items()):
            if entries.get(key) != era.entry:
                found.append(replace(open_.pop(key), until=day))
        for key, entry in entries.items():
            if key not in open_:
                open_[key] = Era(entry, "" if day == FIRST else day, "")
    return [*found, *open_.values()]


def on_day(inputs: Inputs, spans: Mapping[str, Days], day: str) -> Inputs:
    """What of the inputs is in the view as of a day: the same as in a view of the graph."""
    held = {claim: holds(spans.get(claim, Days()), day) for claim in (*inputs.deals, *inputs.totals)}

    def kept(claim: str) -> bool:
        return held[claim] is not False if claim in held else holds(spans.get(claim, Days()), day) is not False

    deals = {
        claim: deal if deal.possibly or held[claim] else replace(deal, possibly=True)
        for claim, deal in inputs.deals.items()
        if held[claim] is not False
    }
    totals = {
        claim: replace(total, sums=set(filter(kept, total.sums)), about=set(filter(kept, total.about)))
        for claim, total in inputs.totals.items()
        if held[claim] is not False
    }
    claims = {*deals, *totals}
    links: dict[str, dict[str, set[str]]] = {}
    for name, link in inputs.links.items():
        if name == "rejectedIn":
            links[name] = link
        elif name == "preferredOver":
            # Who was better stays so after his own end: a view of a day keeps that.
            links[name] = {claim: others & claims for claim, others in link.items() if others & claims}
        else:
            links[name] = {claim: set(filter(kept, link[claim])) for claim in claims if claim in link}
    links["twins"] = both_ways(*(links.get(name, {}) for name in TWIN_LINKS))
    settled = {claim: set(filter(kept, favoured)) for claim, favoured in inputs.settled.items() if claim in claims}
    return Inputs(deals, totals, links, settled)


def holds(span: Days, day: str) -> bool | None:
    """Whether a claim holds on the day: surely, possibly (None), or not."""
    if (span.starts_earliest and day < span.starts_earliest) or (span.ends_latest and day >= span.ends_latest):
        return False
    begun = bool(span.starts_latest) and day >= span.starts_latest
    return True if begun and not (span.ends_earliest and day >= span.ends_earliest) else None
