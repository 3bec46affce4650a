"""The ledger as triples, so that SPARQL, servers, the network, the page and Parquet read the same entries."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeAlias

import pyoxigraph as ox

from partnergraph.base.progress import doing
from partnergraph.content.folders import Content
from partnergraph.ledger.amounts import Interval
from partnergraph.ledger.entries import make_entries
from partnergraph.ledger.entry import Entry
from partnergraph.ledger.houses import Houses, make_houses
from partnergraph.ledger.inputs import read_inputs, rows
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, XSD

ENTRY = PREFIXES["entry"]
KINDS = ("paid", "committed", "conditional", "intended")


def add_ledger(
    store: ox.Store, content: Content, structure: ox.Store | None = None, day: str | None = None, *, stated: bool = False
) -> list[ox.Quad]:
    """Adds, and returns, the ledger of what is in a store: its entries, and the houses of all parties on the day.

    ``structure`` is the store that says who belongs to whom, where a view has less of that than the graph it is a view of.
    ``stated`` makes the entries by the parties of the contracts: everybody is a house of its own.
    """
    with doing("the ledger: what each sum of money is made of"):
        inputs = read_inputs(store, content)
        houses = Houses({}) if stated else make_houses(rows(structure or store, content, "ledger-houses"), day)
        entries = make_entries(inputs, houses)
        quads = [quad for entry in entries for quad in entry_quads(entry)]
        parties = {party for deal in inputs.deals.values() for party in (*deal.payers, *deal.payees)}
        quads += house_quads(parties | set(houses.heads), houses)
        store.extend(quads)
        return quads


# What only the ledger says. Stage, currency, capacity and days it shares with claims, which a query for those names as well.
_WORDS = (
    "Entry|Omission|house|payer|payee|spentBy|receivedBy|withinEntry|shareOf|restOf|restsOn|omits|omittedClaim|omittedBecause|purpose|"
    "weakestAttestation|bestAttestation|weakestTier|(?:joint|stated)Pay(?:er|ee)|(?:paid|committed|conditional|intended|preferred)(?:Min|Max)"
)
_OF_LEDGER = re.compile(rf"(?:pg:|ontology#|entry[:/])(?:{_WORDS})\b|entry[:/]")
# Lists of variables, which are no patterns of triples.
_LISTS = re.compile(
    r"\bSELECT\b[^{]*|\b(?:GROUP|ORDER)\s+BY\b[^{}]*|\bVALUES\s*(?:\([^)]*\)|[?$]\w+)\s*\{[^{}]*\}|(?:^|\n)\s*#[^\n]*",
    re.IGNORECASE,
)
# A variable in the place of a property or a class takes what the ledger says as well.
_ANY_PROPERTY = re.compile(r"[.{]\s*[^\s.{}();]+\s+[?$]\w+\s+\S|;\s*[?$]\w+\s|(?:\ba|rdf:type|#type>)\s+[?$]")


@cache
def speaks_of_ledger(query: str) -> bool:
    """Whether the answer to a query of the ontology may depend on the ledger: it names what only that says, or takes any property."""
    return _OF_LEDGER.search(query) is not None or any_property(query)


@cache
def any_property(query: str) -> bool:
    """Whether a query takes any property or class, and with it what is derived."""
    return _ANY_PROPERTY.search(_LISTS.sub(" ", query)) is not None


@cache
def _named(name: str) -> ox.NamedNode:
    return ox.NamedNode(PG + name)


HOUSE = _named("house")
TYPE = ox.NamedNode(RDF_TYPE)
DATE, DECIMAL = ox.NamedNode(f"{XSD}date"), ox.NamedNode(f"{XSD}decimal")
DAYS = ("startsEarliest", "startsLatest", "endsEarliest", "endsLatest")


def house_quads(parties: Iterable[str], houses: Houses) -> list[ox.Quad]:
    """To which house each of some parties belongs."""
    return [ox.Quad(ox.NamedNode(party), HOUSE, ox.NamedNode(houses.of(party))) for party in sorted(parties)]


def entry_quads(entry: Entry) -> Iterator[ox.Quad]:
    """An entry, with what it leaves out and why."""
    node = ox.NamedNode(ENTRY + entry.key)
    yield ox.Quad(node, TYPE, _named("Entry"))
    for name, value in (*_parties(entry), *_amounts(entry), *_rest(entry)):
        yield ox.Quad(node, _named(name), value)
    for claim, reason in entry.omits:
        omission = ox.NamedNode(f"{node.value}/without/{claim.rpartition('/')[2]}")
        yield ox.Quad(node, _named("omits"), omission)
        yield ox.Quad(omission, TYPE, _named("Omission"))
        yield ox.Quad(omission, _named("omittedClaim"), ox.NamedNode(claim))
        yield ox.Quad(omission, _named("omittedBecause"), _named(f"omitted-{reason}"))


Said: TypeAlias = Iterator[tuple[str, ox.NamedNode | ox.Literal]]


def _parties(entry: Entry) -> Said:
    lists = (
        ("jointPayer", entry.payers),
        ("jointPayee", entry.payees),
        ("statedPayer", entry.stated[0]),
        ("statedPayee", entry.stated[1]),
    )
    yield from ((name, ox.NamedNode(iri)) for name, iris in lists for iri in iris)
    # What counts within another entry, or not at all, is not found by its parties: sums would count it.
    if entry.within or not entry.counts:
        return
    if entry.payer and entry.payee:
        yield from (("payer", ox.NamedNode(entry.payer)), ("payee", ox.NamedNode(entry.payee)))
    if entry.spends and entry.payer:
        yield "spentBy", ox.NamedNode(entry.payer)
    if entry.receives and entry.payee:
        yield "receivedBy", ox.NamedNode(entry.payee)


def _amounts(entry: Entry) -> Said:
    for kind in KINDS:
        yield from _bounds(kind, getattr(entry.worth, kind))
    if entry.preferred.committed != entry.worth.committed:
        yield from _bounds("preferred", entry.preferred.committed)
    if entry.capacity.committed.known:
        yield from _bounds("capacity", entry.capacity.committed)
    if entry.currency:
        yield "currency", ox.Literal(entry.currency)


def _rest(entry: Entry) -> Said:
    yield "purpose", _named(entry.purpose)
    share = entry.joint if entry.joint != entry.key else ""
    links = (("withinEntry", entry.within), ("shareOf", share), ("restOf", entry.rest_of))
    yield from ((name, ox.NamedNode(ENTRY + key)) for name, key in links if key)
    if entry.market:
        yield "market", ox.NamedNode(entry.market)
    if entry.stage:
        yield "stage", _named(f"stage-{entry.stage}")
    span = entry.days
    yield from (
        (name, ox.Literal(day, datatype=DATE))
        for name, day in zip(DAYS, (span.starts_earliest, span.starts_latest, span.ends_earliest, span.ends_latest), strict=True)
        if day
    )
    rated = (("weakestAttestation", entry.weakest), ("bestAttestation", entry.best), ("weakestTier", entry.tier))
    yield from ((name, ox.NamedNode(level.concept)) for name, level in rated if level.concept)
    yield from (("restsOn", ox.NamedNode(claim)) for claim in entry.counts)


def _bounds(kind: str, interval: Interval) -> Iterator[tuple[str, ox.Literal]]:
    """The two ends of an amount; an end that nobody states is not there, and an amount of nothing is none."""
    if interval == Interval(0.0, 0.0):
        return
    yield f"{kind}Min", _decimal(interval.least)
    if math.isfinite(interval.greatest):
        yield f"{kind}Max", _decimal(interval.greatest)


def _decimal(value: float) -> ox.Literal:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return ox.Literal(text, datatype=DECIMAL)
