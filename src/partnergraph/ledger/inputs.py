"""What the ledger reads from a store: claims of deals and of totals, how they belong together, who belongs to whom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from partnergraph.content.folders import Content, shipped_content
from partnergraph.content.queries import Query, read_query
from partnergraph.ledger.amounts import Interval
from partnergraph.rdf.cells import split_tsv, text_of
from partnergraph.rdf.terms import PG

# A literal may say 1e300000000; the money of the world is far below this.
LARGEST = 1e30
# From the least to the most certain that money moves; "" is a deal that has no stage.
STAGES = ("cancelled", "intended", "", "agreed", "underway", "completed", "ended")
# How far a deal was that later ended or was called off: no further than is sure.
BEFORE = {"ended": "underway", "cancelled": "intended"}
ANNOUNCED = f"{PG}announced"
CONFIRMED = f"{PG}confirmed"
PAID_IN = f"{PG}measure-amount-paid-in"


@dataclass(frozen=True)
class Rated:
    """How well something is attested or sourced: the concept, and its rank, 0 where nothing is known."""

    concept: str = ""
    rank: int = 0


@dataclass(frozen=True)
class Days:
    """The first and last days on which something may begin and end, as ISO texts; empty where it is not known."""

    starts_earliest: str = ""
    starts_latest: str = ""
    ends_earliest: str = ""
    ends_latest: str = ""


@dataclass
class Deal:
    """A claim by which money goes from payers to payees; ``group`` where others than those named may pay as well.

    ``amount`` is in ``currency``, ``capacity`` in megawatts; ``markets`` says in which market each payee sells what is bought.
    ``ceiling`` is the most that one member's share of a joint deal can come to. By a ``takeover`` the payee comes to belong to the payer.
    """

    claim: str
    purpose: str
    stage: str
    conditional: bool
    amount: Interval
    capacity: Interval
    currency: str
    attested: Rated
    tier: Rated
    days: Days
    possibly: bool
    group: bool
    payers: list[str] = field(default_factory=list)
    payees: list[str] = field(default_factory=list)
    markets: dict[str, str] = field(default_factory=dict)
    ceiling: float = math.inf
    takeover: bool = False

    @property
    def several_payers(self) -> bool:
        """Whether none of those who pay it is known to pay all of it."""
        return self.group or len(self.payers) > 1

    @property
    def several_payees(self) -> bool:
        """Whether none of those who get it gets all of it."""
        return len(self.payees) > 1

    @property
    def several(self) -> bool:
        """Whether a group stands on one side of it, at least."""
        return self.several_payers or self.several_payees


@dataclass
class Total:
    """A claim of what one party has paid or promised another in all; ``sums`` are the deals that it says it sums up."""

    claim: str
    payer: str
    payee: str
    measure: str
    amount: Interval
    currency: str
    attested: Rated
    tier: Rated
    day: str
    sums: set[str] = field(default_factory=set)
    about: set[str] = field(default_factory=set)

    @property
    def paid(self) -> bool:
        """Whether it is of what was paid in, not of what was promised."""
        return self.measure == PAID_IN


@dataclass
class Inputs:
    """Everything that the entries of a ledger are made from."""

    deals: dict[str, Deal]
    totals: dict[str, Total]
    links: dict[str, dict[str, set[str]]]
    settled: dict[str, set[str]]

    def linked(self, link: str, claim: str) -> set[str]:
        """The claims to which a link such as ``partOf`` leads from a claim."""
        return self.links.get(link, {}).get(claim, set())


def read_inputs(store: ox.Store, content: Content) -> Inputs:
    """The inputs of the ledger of what is in a store."""
    deals: dict[str, Deal] = {}
    for row in rows(store, content, "ledger-deals"):
        deal = deals.get(row["claim"]) or deals.setdefault(row["claim"], _deal(row))
        for names, name in ((deal.payers, row["payer"]), (deal.payees, row["payee"])):
            if name and name not in names:
                names.append(name)
        if market := row.get("market", ""):
            deal.markets[row["payee"]] = market
    totals: dict[str, Total] = {}
    for row in rows(store, content, "ledger-totals"):
        total = totals.get(row["claim"]) or totals.setdefault(row["claim"], _total(row))
        total.sums |= {row["totalled"]} - {""}
        total.about |= {row["about"]} - {""}
    links: dict[str, dict[str, set[str]]] = {}
    for row in rows(store, content, "ledger-links"):
        links.setdefault(row["link"].removeprefix(PG), {}).setdefault(row["claim"], set()).add(row["other"])
    links["twins"] = both_ways(links.get("versionOf", {}), links.get("contradicts", {}))
    links["replacedBy"] = {}
    for claim, others in links.pop("replaces", {}).items():
        for other in others:
            links["replacedBy"].setdefault(other, set()).add(claim)
    settled: dict[str, set[str]] = {}
    for row in rows(store, content, "ledger-settled"):
        settled.setdefault(row["version"], set()).add(row["favoured"])
    return Inputs(deals, totals, links, settled)


def both_ways(*links: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The links in both directions: what is a version of one deal is a version of it from either side."""
    found: dict[str, set[str]] = {}
    for claim, other in ((claim, other) for link in links for claim, others in link.items() for other in others):
        found.setdefault(claim, set()).add(other)
        found.setdefault(other, set()).add(claim)
    return found


def rows(store: ox.Store, content: Content, projection: str) -> Iterator[dict[str, str]]:
    """The rows of a projection as text, empty where nothing is bound."""
    results = store.query(own_projection(content, projection).text)
    if not isinstance(results, ox.QuerySolutions):
        raise TypeError(f"{projection} is no SELECT")
    header, lines = split_tsv(results.serialize(format=ox.QueryResultsFormat.TSV) or b"")
    return ({name: text_of(cell) for name, cell in zip(header, line.split("\t"), strict=True)} for line in lines)


def own_projection(content: Content, name: str) -> Query:
    """The projection of the content's ontology, or ours where it has none or is not trusted: it runs in this process."""
    found = [path for path in content.queries("projections") if path.stem == name and content.trusts(path)]
    return read_query(found[0] if found else shipped_content().ontology / "projections" / f"{name}.rq")


def _deal(row: Mapping[str, str]) -> Deal:
    days = Days(*(row[name] for name in ("startsEarliest", "startsLatest", "endsEarliest", "endsLatest")))
    return Deal(
        row["claim"],
        row["purpose"],
        _stage(row),
        row["condition"] == "true",
        _interval(row),
        _interval(row, "capacity"),
        row["currency"],
        _rated(row, "attested"),
        _rated(row, "tier"),
        days,
        row["possibly"] == "true",
        row["group"] == "true",
        takeover=row["takeover"] == "true",
    )


def _stage(row: Mapping[str, str]) -> str:
    """The stage by its short name; one that a content adds is reckoned as that of ours which counts, and is over, as it does."""
    known = row["stage"].removeprefix(f"{PG}stage-")
    if known in STAGES or not row["stageRank"]:
        return known if known in STAGES else ""
    counts, over = row["stageCounts"] == "true", row["stageOver"] == "true"
    return ("ended" if over else "agreed") if counts else ("cancelled" if over else "intended")


def _total(row: Mapping[str, str]) -> Total:
    return Total(
        row["claim"],
        row["payer"],
        row["payee"],
        row["measure"],
        _interval(row),
        row["currency"],
        _rated(row, "attested"),
        _rated(row, "tier"),
        row["startsEarliest"],
    )


def _rated(row: Mapping[str, str], name: str) -> Rated:
    rank = row[f"{name}Rank"]
    return Rated(row[name], int(rank)) if rank.isdecimal() else Rated()


def _interval(row: Mapping[str, str], stem: str = "amount") -> Interval:
    least, greatest = (_number(row[f"{stem}{end}"]) for end in ("Min", "Max"))
    return Interval(least or 0.0, math.inf if greatest is None else greatest)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < LARGEST else None


def reached(start: Iterable[str], step: Mapping[str, set[str]]) -> set[str]:
    """What can be reached from some claims by following a link as often as it leads on, without where it starts."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        for other in step.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
