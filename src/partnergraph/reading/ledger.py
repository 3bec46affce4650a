"""The ledger as people hold it: entries between houses, sums of them, and what any sum is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from partnergraph.base.extras import needed
from partnergraph.core.graph import GraphCore
from partnergraph.core.rows import finite, records, rows
from partnergraph.core.views import View
from partnergraph.ledger.amounts import NOTHING, Interval, add
from partnergraph.rdf.terms import compact, expand
from partnergraph.reading.ledgerchart import Line, draw
from partnergraph.show.values import amount, decimal_or_none, span_words, until_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

KINDS = ("paid", "committed", "conditional", "intended")
FINANCING, PURCHASE = "financing", "purchase"
OTHERS = "others"
# Somebody buys a bond, whoever that may be.
UNNAMED = "not named"
# So many beside the first are counted.
MANY = 2
# More deals than these are drawn pair by pair.
MOST_DEALS = 12
# What leaves a payer or a payee open.
ANYBODY = {"any", "*"}


@dataclass(frozen=True)
class Entry:
    """One deal: who pays whom, what of it is paid, committed, conditional and intended, and the claims it rests on.

    ``payer`` and ``payee`` are short names, of houses or of the parties of the contract, as the ledger was asked for.
    ``claims`` count, ``omits`` are left out, each with the reason. ``within`` names the entry of the stated total in which
    this one counts, ``when`` is the day it holds from, as precise as it is known, ``begins`` the first day that may be, ``until`` when it ends. ``share_of`` that of the group's deal of which it is one member's share. ``rest_of``
    that of the stated total of which this is what is in no deal of a group. ``preferred`` is what is
    committed by the preferred version alone, ``capacity`` what is committed in megawatts,
    ``market`` that in which what is bought is sold: clouds, chips or sites.
    """

    name: str
    purpose: str
    payer: str
    payee: str
    paid: Interval
    committed: Interval
    conditional: Interval
    intended: Interval
    preferred: Interval
    capacity: Interval
    currency: str
    stage: str
    weakest: str
    weakest_rank: int
    best: str
    best_rank: int
    tier: str
    begins: str
    ends: str
    when: str
    claims: tuple[str, ...]
    omits: tuple[tuple[str, str], ...]
    stated: tuple[tuple[str, ...], tuple[str, ...]]
    joint: tuple[tuple[str, ...], tuple[str, ...]]
    spends: bool
    receives: bool
    within: str = ""
    share_of: str = ""
    rest_of: str = ""
    until: str = ""
    market: str = ""

    def group(self, end: int) -> tuple[str, ...]:
        """Who stands together at an end, 0 for those who pay and 1 for those who are paid; with *others* where one alone is named."""
        members, stated = self.joint[end], self.stated[end]
        if self.rest_of and members:
            return members
        return (*members, OTHERS) if len(members) == len(stated) == 1 else members or stated or (UNNAMED,)


class Ledger:
    """The entries of a graph under its view; every sum that this package prints is made of them."""

    def __init__(self, graph: GraphCore, entries: Iterable[Entry], houses: Mapping[str, str]) -> None:
        self.graph = graph
        self.all = tuple(entries)
        self.houses = houses

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries between two parties that count in sums."""
        return tuple(entry for entry in self.all if entry.payer and entry.payee and not entry.within)

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        return f"<ledger of {len(self)} entries, {self.graph.view}>"

    def house(self, entity: str) -> str:
        """The house of an entity, by any of its names, as a short name."""
        name = compact(self.graph.whole.find_entity(entity))
        return self.houses.get(name, name)

    def between(self, payer: str, payee: str, purpose: str = "") -> Ledger:
        """The entries from one party to another, each by any of its names; of one purpose, such as financing."""
        ends = self.ends(payer, payee)
        return self._of(lambda entry: (entry.payer, entry.payee) == ends and purpose in ("", entry.purpose))

    def ends(self, payer: str, payee: str) -> tuple[str, str]:
        """The houses of two parties; whom the payer bought stands for its former owners."""
        ends = self.house(payer), self.house(payee)
        return ends if ends[0] != ends[1] else (ends[0], compact(self.graph.whole.find_entity(payee)))

    def pay(self, payer: str = "", payee: str = "", purpose: str = "") -> Ledger:
        """The entries in which a party pays, or is paid, a group's deal once."""
        pays, paid = (self.house(name) if name else "" for name in (payer, payee))
        return self._of(
            lambda entry: (
                (not pays or (entry.spends and entry.payer == pays))
                and (not paid or (entry.receives and entry.payee == paid))
                and purpose in ("", entry.purpose)
            )
        )

    def _of(self, chosen: Callable[[Entry], bool]) -> Ledger:
        kept = [entry for entry in self.all if not entry.within and chosen(entry)]
        names = {entry.name for entry in kept}
        return Ledger(self.graph, [*kept, *(entry for entry in self.all if entry.within in names)], self.houses)

    def total(self, kind: str, currency: str = "USD") -> Interval:
        """What the entries come to of one of ``KINDS``, in one currency; an entry in another one adds nothing."""
        counted = [entry for entry in self.all if not entry.within]
        return add(getattr(entry, kind) for entry in counted if entry.currency == currency or not entry.currency)

    def find(self, name: str) -> Entry | None:
        """The entry of that name, or that rests on or leaves out a claim of that name."""
        short = name.removeprefix("entry:").removeprefix("claim:")
        claim = short if ":" in short else f"claim:{short}"
        named = [entry for entry in self.all if entry.name == short]
        resting = [entry for entry in self.all if claim in entry.claims]
        leaving = [entry for entry in self.all if claim in {omitted for omitted, _ in entry.omits}]
        return next(iter([*named, *resting, *leaving]), None)

    def inside(self, entry: Entry) -> tuple[Entry, ...]:
        """The entries that a stated total is made of."""
        return tuple(one for one in self.all if one.within == entry.name)

    def to_pandas(self) -> pd.DataFrame:
        """One row an entry: both ends of each amount as columns, parties by label, claims with blanks between.

        A round stands there as a whole and as what its members put in. So sum by ``payee`` the rows with ``receives``, by
        ``payer`` those with ``spends``; rows of one pair, and those of ``between`` and ``pay``, can be summed as they are.
        """
        pandas = needed("pandas")
        counted = [entry for entry in self.all if not entry.within]
        columns: dict[str, list[object]] = {
            "entry": [entry.name for entry in counted],
            "payer": [self._named(entry, 0) for entry in counted],
            "payee": [self._named(entry, 1) for entry in counted],
            "purpose": [entry.purpose for entry in counted],
            "stage": [entry.stage for entry in counted],
        }
        for kind in KINDS:
            values: list[Interval] = [getattr(entry, kind) for entry in counted]
            columns[f"{kind}_min"] = [value.least for value in values]
            columns[f"{kind}_max"] = [value.greatest if math.isfinite(value.greatest) else None for value in values]
        columns |= {
            "currency": [entry.currency for entry in counted],
            "from": [entry.when for entry in counted],
            "weakest_attestation": [entry.weakest for entry in counted],
            "best_attestation": [entry.best for entry in counted],
            "weakest_tier": [entry.tier for entry in counted],
            "spends": [entry.spends for entry in counted],
            "receives": [entry.receives for entry in counted],
            "claims": [" ".join(entry.claims) for entry in counted],
        }
        frame = pandas.DataFrame(columns)
        amounts = [f"{kind}_{end}" for kind in KINDS for end in ("min", "max")]
        return frame.astype(dict.fromkeys(amounts, "Float64"))

    def chart(self, currency: str = "") -> Figure:
        """What is paid, committed, conditional and intended as ranges, deal by deal, or pair by pair where there are many; with the claims below.

        Without a currency it is the one of most deals; deals in others are counted below.
        """
        counted = [entry for entry in self.all if not entry.within]
        one_sided = len({(e.payee, e.receives) for e in counted}) == 1 or len({(e.payer, e.spends) for e in counted}) == 1
        drawn = counted if one_sided else list(self.entries)
        codes = [entry.currency for entry in drawn if entry.currency]
        chosen = currency or max(sorted(set(codes)), key=codes.count, default="USD")
        kept = [entry for entry in drawn if entry.currency in ("", chosen)]
        by: dict[str, list[Entry]] = {}
        for entry in kept:
            ends = [_in_short(self._named(entry, end)) for end in (0, 1)]
            by.setdefault(" → ".join(ends) + ("" if len(kept) > MOST_DEALS else f", {entry.when or 'undated'}"), []).append(entry)
        lines = [
            Line(
                name,
                {kind: add(getattr(entry, kind) for entry in own) for kind in KINDS},
                tuple(dict.fromkeys(claim for entry in own for claim in entry.claims)),
            )
            for name, own in by.items()
        ]
        lines.sort(key=lambda line: (-line.amounts["committed"].least, -line.amounts["intended"].least, line.name))
        parties = [{self._named(entry, end) for entry in drawn} for end in (0, 1)]
        who = " → ".join(next(iter(names)) if len(names) == 1 else "anybody" for names in parties)
        others = len(drawn) - len(kept)
        return draw(
            self.graph, f"Who pays whom how much? {who}", lines, chosen, f"{others} deals in other currencies" * bool(others)
        )

    def _named(self, entry: Entry, end: int) -> str:
        name = (entry.payer, entry.payee)[end]
        return self._labels.get(name, name) or self._group(entry.group(end))

    def _group(self, members: Collection[str]) -> str:
        return ", ".join(self._labels.get(member, member) for member in members)

    @cached_property
    def _labels(self) -> dict[str, str]:
        names = {name for entry in self.all for name in (entry.payer, entry.payee, *entry.joint[0], *entry.joint[1]) if name}
        iris = {str(expand(name)): name for name in names}
        return {iris[iri]: label for iri, label in self.graph.labels(iris).items()}

    def label(self, name: str) -> str:
        """What a party is called, by its short name."""
        return self._labels.get(name, name)


def _in_short(group: str) -> str:
    """The first of a group, and how many there are beside."""
    first, *others = group.split(", ")
    return group if len(others) < MANY else f"{first} and {len(others)} others"


def words(value: Interval, currency: str) -> str:
    """An amount in words; nothing for nothing."""
    if value == NOTHING:
        return ""
    if not value.known:
        return "not stated"
    return amount(decimal_or_none(value.least), decimal_or_none(value.greatest), currency)


def read_ledger(graph: GraphCore, *, house: bool = True, of: Collection[str] = ()) -> Ledger:
    """The ledger of a graph, by houses, or by the parties that the contracts name.

    ``of`` keeps the deals to which all of these are party, each by any of its names, and what stands within those.
    """
    graph = graph if house else graph.within(View(as_stated=True))
    houses = read_houses(graph)
    listed = list(rows(graph, "entries"))
    if of:
        listed = _between(listed, {compact(graph.whole.find_entity(name)) for name in of}, houses)
    kept = {row["entry"] for row in listed}
    claims: dict[str, list[str]] = {}
    omits: dict[str, list[tuple[str, str]]] = {}
    for entry, claim, reason in records(graph, "entry-claims", ("entry", "claim", "reason")):
        if entry in kept and reason:
            omits.setdefault(entry, []).append((compact(claim), reason))
        elif entry in kept:
            claims.setdefault(entry, []).append(compact(claim))
    parties: dict[tuple[str, str], list[str]] = {}
    for entry, end, party in records(graph, "entry-parties", ("entry", "end", "party")):
        if entry in kept:
            parties.setdefault((entry, end.rpartition("#")[2]), []).append(compact(party))
    entries = []
    for row in listed:
        iri = row["entry"]
        ends = {end: tuple(parties.get((iri, end), ())) for end in ("statedPayer", "statedPayee", "jointPayer", "jointPayee")}
        entries.append(_entry(row, ends, tuple(claims.get(iri, ())), tuple(omits.get(iri, ()))))
    return Ledger(graph, entries, houses)


def _between(listed: list[dict[str, str]], parties: Collection[str], houses: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of entries to which the houses of all parties, or these themselves, are party, and of those within them."""
    wanted = [{str(expand(name)), str(expand(houses.get(name, name)))} for name in parties]
    ends = ("payer", "spentBy", "payee", "receivedBy")
    chosen = {row["entry"] for row in listed if all(not names.isdisjoint(row[end] for end in ends) for names in wanted)}
    return [row for row in listed if row["entry"] in chosen or row["within"] in chosen]


def read_houses(graph: GraphCore) -> dict[str, str]:
    """The house of each party of money that is not its own, by short names."""
    return {compact(row["entity"]): compact(row["house"]) for row in rows(graph, "houses")}


def _entry(
    row: Mapping[str, str], ends: Mapping[str, tuple[str, ...]], claims: tuple[str, ...], omits: tuple[tuple[str, str], ...]
) -> Entry:
    def interval(stem: str) -> Interval:
        least, greatest = (finite(row[f"{stem}{end}"]) if row[f"{stem}{end}"] else None for end in ("Min", "Max"))
        return NOTHING if least is None else Interval(least, math.inf if greatest is None else greatest)

    committed = interval("committed")
    return Entry(
        compact(row["entry"]).removeprefix("entry:"),
        row["purpose"],
        compact(row["payer"] or row["spentBy"]),
        compact(row["payee"] or row["receivedBy"]),
        interval("paid"),
        committed,
        interval("conditional"),
        interval("intended"),
        interval("preferred") if row["preferredMin"] else committed,
        interval("capacity") if row["capacityMin"] else Interval(),
        row["currency"],
        row["stage"],
        row["weakest"],
        int(row["weakestRank"] or 0),
        row["best"],
        int(row["bestRank"] or 0),
        row["tier"],
        row["startsEarliest"],
        row["endsLatest"],
        span_words(row["startsEarliest"], row["startsLatest"]),
        claims,
        omits,
        (ends["statedPayer"], ends["statedPayee"]),
        (ends["jointPayer"], ends["jointPayee"]),
        bool(row["spentBy"]),
        bool(row["receivedBy"]),
        compact(row["within"]).removeprefix("entry:"),
        compact(row["shareOf"]).removeprefix("entry:"),
        compact(row["restOf"]).removeprefix("entry:"),
        until_words(span_words(row["endsEarliest"], row["endsLatest"])) if row["endsLatest"] else "",
        row.get("market", ""),
    )
