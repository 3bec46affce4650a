"""How concentrated a market is: shares and the Herfindahl-Hirschman index as intervals, never as false points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnergraph.analysis.hhi import hhi, hhi_of_shares, shares
from partnergraph.analysis.legs import USUAL, Counted, Counting
from partnergraph.analysis.tables import Findings, Table, Value, name_of
from partnergraph.base.errors import OutputError, UnknownName
from partnergraph.core.rows import rows
from partnergraph.ledger.amounts import NOTHING, Interval, add, hull
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact
from partnergraph.reading.ledger import PURCHASE, Entry, read_ledger

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

__all__ = ["Market", "Seller", "concentration", "read_markets"]

# The markets of those who need computing; all three, each apart, are called COMPUTE.
CLOUDS = "clouds"
MARKETS = (CLOUDS, "chips", "sites")
COMPUTE = "compute"
WEIGHTS = ("money", "capacity", "deals", "customers")
# So many sellers without any figure are named.
MAX_SILENT = 8
POINTS = 10_000
# Where more of the deals than this state nothing, what the others state is no measure of the market.
MOST_UNKNOWN = 0.5


@dataclass(frozen=True)
class Seller:
    """One side of a market: what it holds of it as claims state it, and as it may be; in how many deals, how many of them silent."""

    name: str
    stated: Interval
    possible: Interval
    unknown: int
    deals: int
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Market:
    """Who sells in a market, by what weight; ``rest`` is the share that no claim ascribes to anyone.

    ``right`` names the claims of a right in force by which the one seller has all of it.
    """

    name: str
    weight: str
    unit: str
    sellers: tuple[Seller, ...]
    rest: Interval = NOTHING
    right: tuple[str, ...] = ()
    # When the times begin of which the stated shares are.
    when: str = ""

    @property
    def deals(self) -> int:
        """On how many deals the figures rest, or on how many claims where these state shares."""
        return sum(seller.deals for seller in self.sellers)

    @property
    def unknown(self) -> int:
        """How many of them state no weight."""
        return sum(seller.unknown for seller in self.sellers)


def read_markets(graph: GraphCore, name: str, *, customer: str | None = None, counting: Counting = USUAL) -> list[Market]:
    """The markets of a name: of what is bought, or a segment with the shares that claims state.

    ``clouds``, ``chips`` and ``sites`` are one each, ``compute`` is those of the three in which anything is bought. ``customer`` keeps what one customer buys. Raises UnknownName for a market of which nothing is stated.
    """
    if counting.weight not in WEIGHTS:
        raise UnknownName("weight", counting.weight, nearest_names(counting.weight, WEIGHTS), f"take one of {', '.join(WEIGHTS)}")
    chosen_markets = [market for market in MARKETS if fold(name) in {COMPUTE, market}]
    if chosen_markets:
        made = [_bought(graph, market, customer, counting) for market in chosen_markets]
        return [market for market in made if market.sellers] or made[:1]
    stated = list(rows(graph, "market-shares"))
    labels = {graph.names_of(iri)[0]: compact(iri) for iri in dict.fromkeys(row["segment"] for row in stated)}
    chosen = {
        segment for label, segment in labels.items() if fold(name) in {fold(label), fold(segment), fold(segment.partition(":")[2])}
    }
    if not chosen:
        hint = f"shares are stated for {', '.join(sorted(labels)) or 'no segment'}; purchases for {', '.join(MARKETS)} and compute"
        raise UnknownName("market", name, nearest_names(name, [COMPUTE, *MARKETS, *labels]), hint)
    (segment,) = chosen
    return [_stated_shares(graph, [row for row in stated if compact(row["segment"]) == segment])]


def _bought(graph: GraphCore, market: str, customer: str | None, counting: Counting) -> Market:
    """The market that purchases of one kind make, of everyone or of one customer."""
    if market == CLOUDS and customer is not None and (settled := _by_right(graph, customer)):
        return settled
    counted = counting.within(graph)
    bought = [
        entry
        for entry in read_ledger(graph, house=counting.house).all
        if entry.purpose == PURCHASE
        # What is of no market in the content is computing, as the kind of the deal says.
        and (entry.market or CLOUDS) == market
        and entry.payee
        and not entry.within
        and counted.has(entry)
        and (entry.receives if customer is None else entry.payer == customer)
    ]
    return purchases(bought, counted, market)


def _by_right(graph: GraphCore, customer: str) -> Market | None:
    """The market that a right in force on the day of the view settles: one seller has all of it, whatever is stated of sums."""
    if graph.view.as_of is None:
        return None
    ledger = read_ledger(graph)
    held: dict[str, list[str]] = {}
    for row in rows(graph, "exclusive-supply"):
        if ledger.houses.get(compact(row["customer"]), compact(row["customer"])) == customer:
            supplier = compact(row["supplier"])
            held.setdefault(ledger.houses.get(supplier, supplier), []).append(compact(row["claim"]))
    if len(held) != 1:
        return None
    ((supplier, claims),) = held.items()
    everything = Interval(100.0, 100.0)
    seller = Seller(supplier, everything, everything, 0, len(claims), tuple(claims))
    return Market(CLOUDS, "right of exclusivity", "%", (seller,), right=tuple(claims))


def purchases(bought: list[Entry], counted: Counted, name: str = COMPUTE) -> Market:
    """The market that some purchases make."""
    weight = counted.counting.weight
    by_seller: dict[str, list[Entry]] = {}
    for entry in bought:
        by_seller.setdefault(entry.payee, []).append(entry)
    sellers = []
    for seller, entries in sorted(by_seller.items()):
        claims = tuple(dict.fromkeys(claim for entry in entries for claim in entry.claims))
        if weight in {"deals", "customers"}:
            customers = {payer for entry in entries for payer in ([entry.payer] if entry.payer else entry.joint[0])}
            count = float(len(entries) if weight == "deals" else len(customers))
            sellers.append(Seller(seller, Interval(count, count), Interval(count, count), 0, len(entries), claims))
            continue
        amounts = [counted.of(entry) for entry in entries]
        # What is only said to be at least so much is counted as so much, where the figure is what claims state.
        stated = add(_as_stated(amount) for amount in amounts if amount.known)
        silent = sum(not amount.known for amount in amounts)
        sellers.append(Seller(seller, stated, add(amounts), silent, len(entries), claims))
    unit = {"money": counted.counting.currency, "capacity": "MW", "deals": "deals", "customers": "customers"}[weight]
    return Market(name, weight, unit, tuple(sellers))


def _as_stated(amount: Interval) -> Interval:
    return Interval(amount.least, amount.least) if math.isinf(amount.greatest) else amount


def _stated_shares(graph: GraphCore, stated: list[dict[str, str]]) -> Market:
    by_firm: dict[str, dict[str, Interval]] = {}
    times: dict[str, None] = {}
    for row in stated:
        times |= dict.fromkeys(filter(None, [row["startsEarliest"]]))
        least, greatest = (float(row[end]) if row[end] else bound for end, bound in (("quantityMin", 0.0), ("quantityMax", 100.0)))
        by_firm.setdefault(compact(row["entity"]), {})[compact(row["claim"])] = Interval(least, greatest)
    # Claims about one firm, at several times or contradicting each other, are versions of one share.
    sellers = tuple(
        Seller(firm, hull(of.values()), hull(of.values()), 0, len(of), tuple(of)) for firm, of in sorted(by_firm.items())
    )
    low = math.fsum(seller.stated.least for seller in sellers)
    high = math.fsum(seller.stated.greatest for seller in sellers)
    return Market(
        graph.names_of(stated[0]["segment"])[0],
        "stated share",
        "%",
        sellers,
        Interval(max(0.0, 100.0 - high), max(0.0, 100.0 - low)),
        when=" to ".join(dict.fromkeys((min(times), max(times)))) if times else "",
    )


def concentration(
    graph: GraphCore, name: str, *, customer: str | None = None, counting: Counting = USUAL, days: Sequence[str] = ()
) -> Findings:
    """HHI and shares of a market, on some days if any are given, with what is unknown printed beside every figure.

    ``customer`` is an entity by any of its names.
    """
    if days and graph.view.as_of:
        raise OutputError("give the days either as days of comparison or as the day of the view, not both")
    customer = read_ledger(graph, house=counting.house).house(customer) if customer is not None else None
    views = [(day, graph.at(as_of=day) if day else graph) for day in days or ("",)]
    markets = [(day, market) for day, view in views for market in read_markets(view, name, customer=customer, counting=counting)]
    figures: list[tuple[Value, ...]] = []
    detail: list[tuple[Value, ...]] = []
    for day, market in markets:
        unknown = market.unknown / market.deals if market.deals else 0.0
        held = {"as stated": [one.stated for one in market.sellers], "as may be": [one.possible for one in market.sellers]}
        if market.right:
            held = {"by right": held["as stated"]}
        parts = {}
        for basis, weights in held.items():
            parts[basis] = (
                [Interval(one.least / 100, one.greatest / 100) for one in weights] if market.unit == "%" else shares(weights)
            )
            index = hhi_of_shares(parts[basis]) if market.unit == "%" else hhi(weights)
            scaled: Value = Interval(math.floor(index.least * POINTS), math.ceil(index.greatest * POINTS))
            if basis == "as stated" and unknown > MOST_UNKNOWN:
                scaled = "not known"
            line = (day, market.name, market.weight, basis, scaled, len(market.sellers), market.deals, Interval(unknown, unknown))
            figures.append((*line, market.rest if market.unit == "%" else None))
        lines = list(
            zip(market.sellers, *(parts.get(basis, parts.get("by right", [])) for basis in ("as stated", "as may be")), strict=True)
        )
        lines.sort(key=lambda line: (-line[1].greatest, -line[1].least, line[0].name))
        detail += [
            (
                day,
                market.name,
                seller.name,
                "all, by right" if market.right else seller.possible,
                low,
                high,
                seller.unknown,
                seller.claims,
            )
            for seller, low, high in lines
        ]
    # Beside a day that a right settles the other days keep their unit.
    unit = next((market.unit for _, market in markets if not market.right), "%")
    tables = [
        Table(
            "concentration",
            ("day", "market", "weight", "basis", "hhi", "sellers", "claims" if unit == "%" else "deals", "unknown", "unascribed"),
            figures,
            {"unknown": "share", "unascribed": "%"},
        ),
        Table(
            "shares",
            ("day", "market", "seller", "holds", "share_as_stated", "share_as_may_be", "silent_deals", "claim"),
            detail,
            {"holds": unit, "share_as_stated": "share", "share_as_may_be": "share"},
        ),
    ]
    whose = name_of(graph, customer) if customer else None
    notes = [note for _, market in markets for note in _notes(market, counting.told(graph), whose)]
    notes += [note for day, market in markets if (note := _silent(graph, day, market))]
    if len({market.name for _, market in markets}) > 1:
        notes.insert(0, "Clouds, chips and sites are markets apart: who sells one does not stand in for who sells another.")
    return Findings(tables, list(dict.fromkeys(notes))).of(graph)


def _silent(graph: GraphCore, day: str, market: Market) -> str:
    """Who sells, as claims say, but counts nothing as stated; empty where that is nobody."""
    names = [name_of(graph, seller.name) for seller in market.sellers if seller.unknown and seller.stated.greatest == 0]
    if not names or market.unit == "%":
        return ""
    listed = ", ".join(names[:MAX_SILENT]) + (f" and {len(names) - MAX_SILENT} more" if len(names) > MAX_SILENT else "")
    return f"As stated{f' on {day}' if day else ''} leaves out sellers of {market.name} of which no claim states the {market.weight}: {listed}."


def _notes(market: Market, counted: str, customer: str | None) -> list[str]:
    if market.right:
        return ["By right: a right of exclusivity in force on the day leaves no share to anyone else, whatever sums are stated."]
    if market.unit == "%":
        when = f" for times that begin {market.when}" if market.when else ""
        versions = f"Shares are those that claims state{when}; several claims about one firm count as versions of one share."
        return [
            f"HHI from 0 to 10,000. {versions} What no claim ascribes to anyone may be one firm or very many: both are in the interval."
        ]
    whose = f" of {customer}" if customer else ""
    silent = f"As stated: deals of which no claim states the {market.weight} count nothing, and at least so much counts as so much."
    return [
        f"HHI from 0 to 10,000 over the sellers in the graph{whose}, not over a whole market.",
        f"{silent} As may be: they count anything from zero up. Unknown: part of the deals of which none is stated.",
        f"{counted} Both intervals cover every version that is still open.",
    ]
