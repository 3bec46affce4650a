"""Commitments over time: what falls into each year and what is left, and sums from confirmed alone to rumours."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from partnergraph.analysis.entries import chosen_entries
from partnergraph.analysis.tables import Findings, Table, Value
from partnergraph.core.graph import GraphCore
from partnergraph.core.views import ATTESTATIONS, make_view
from partnergraph.ledger.amounts import Interval, add, less
from partnergraph.ledger.schedule import ends_after, left_after, spread
from partnergraph.rdf.terms import PG, expand
from partnergraph.reading.ledger import KINDS, PURCHASE, Entry, Ledger

__all__ = ["by_attestation", "by_year"]

# What lasts longer than this is no term but a slip.
LONGEST = 200
# Amounts in different currencies are never added; nearly all commitments are in this one.
CURRENCY = "USD"


@dataclass(frozen=True)
class Term:
    """One deal with the first day of its term and the day after the last; without them where no source states a term."""

    entry: Entry
    years: float | None = None
    first: datetime.date | None = None
    end: datetime.date | None = None


def by_year(
    graph: GraphCore, payer: str | None = None, payee: str | None = None, *, purpose: str = PURCHASE, house: bool = True
) -> Findings:
    """What of the commitments falls into each year and what is left at its end, if each is spread evenly over its stated term.

    No source states payments by year; deals without a stated term or amount are listed and in no year.
    """
    ledger = chosen_entries(graph, payer, payee, purpose=purpose, house=house)
    entries = [entry for entry in ledger.all if not entry.within and entry.committed != Interval(0.0, 0.0)]
    terms = _terms(graph, [entry for entry in entries if entry.currency in ("", CURRENCY)])
    dated = [term for term in terms if term.first and term.end and term.entry.committed.known]
    years: dict[int, list[Interval]] = defaultdict(list)
    running: dict[int, list[Term]] = defaultdict(list)
    for term in dated:
        if term.first and term.end:
            for year, part in spread(term.entry.committed, term.first, term.end).items():
                years[year].append(part)
                running[year].append(term)
    day = graph.view.as_of or datetime.datetime.now(tz=datetime.UTC).date()
    rows: list[tuple[Value, ...]] = []
    past = [year for year in years if year < day.year]
    if past:
        earlier = [term for year in past for term in running[year]]
        last = datetime.date(day.year - 1, 12, 31)
        left = _left(dated, last)
        rows.append(
            (f"to {day.year - 1}", add(part for year in past for part in years[year]), left, len(set(earlier)), _claims(earlier))
        )
    for year in sorted(set(years) - set(past)):
        last = datetime.date(year, 12, 31)
        left = _left(dated, last)
        rows.append((str(year), add(years[year]), left, len(running[year]), _claims(running[year])))
    contracts = [_contract(term) for term in sorted(terms, key=_order)]
    columns = ("payer", "payee", "committed", "from", "until", "years", "a_year", "unpaid", "claim")
    money = dict.fromkeys(("of_these", "left", "evenly_spread", "left_at_its_end", "committed", "a_year", "unpaid"), CURRENCY)
    notes = [
        f"{len(dated)} of {len(terms)} deals state amount and term; these are spread by days, because no source states payments by year. What a year really takes may be far from it.",
        f"Left at its end counts these deals alone, those that begin later too; deals in another currency than {CURRENCY} ({len(entries) - len(terms)}) are left out. Unpaid is what was committed less what is known to be paid.",
    ]
    left = _left(dated, day)
    known = add(term.entry.committed for term in terms)
    whole = (len(terms), known, len(dated), add(term.entry.committed for term in dated), day.isoformat(), left)
    tables = [
        Table("in all", ("deals", "committed", "with_term", "of_these", "day", "left"), [whole], money),
        Table("by year", ("year", "evenly_spread", "left_at_its_end", "deals", "claim"), rows, money),
        Table("deals", columns, contracts, money),
    ]
    return Findings(tables, notes, main=1).of(graph)


def _order(term: Term) -> tuple[bool, bool, datetime.date]:
    """Those that are spread first, then those with an amount, by the day that they begin."""
    known = term.entry.committed.known
    return not (known and term.end), not known, term.first or datetime.date.max


def _left(terms: list[Term], day: datetime.date) -> Interval:
    return add(left_after(term.entry.committed, term.first, term.end, day) for term in terms if term.first and term.end)


def _terms(graph: GraphCore, entries: list[Entry]) -> list[Term]:
    """The deals with their terms: as many years as a claim states, from its own begin on, and no longer than the deal lasts."""
    claims = [str(expand(claim)) for entry in entries for claim in entry.claims]
    stated, begun = (graph.engine.objects(claims, f"{PG}{name}") for name in ("termYears", "begin"))
    found = []
    for entry in entries:
        own = [str(expand(claim)) for claim in entry.claims]
        years = {claim: float(stated[claim][0].value) for claim in own if claim in stated}
        lasting = max(years, key=lambda claim: (years[claim], claim), default="")
        begins = [begun[claim][0].value for claim in ([lasting] if lasting in begun else own) if claim in begun]
        first, end = _day(min(begins, default=entry.begins)), _day(entry.ends)
        length = years.get(lasting)
        if first and length and 0 < length <= LONGEST:
            end = min(filter(None, (ends_after(first, length), end)))
        found.append(Term(entry, length, first, end if first and end and end > first else None))
    return found


def _day(text: str) -> datetime.date | None:
    # Of a month or a year the first day.
    text += "-01-01" if len(text) == 4 else "-01" if len(text) == 7 else ""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _contract(term: Term) -> tuple[Value, ...]:
    entry, first, end = term.entry, term.first, term.end
    payer, payee = entry.payer or entry.joint[0] or entry.stated[0], entry.payee or entry.joint[1] or entry.stated[1]
    years = round((end - first).days / 365.25, 1) if first and end else term.years
    yearly = None
    if first and end and entry.committed.known:
        yearly = left_after(entry.committed, first, end, end - (end - first) / max(1.0, (end - first).days / 365.25))
    until = (end - datetime.timedelta(days=1)).isoformat() if end else ""
    unpaid = less(entry.committed, entry.paid) if entry.committed.known else Interval()
    return (payer, payee, entry.committed, entry.when, until, years, yearly, unpaid, entry.claims)


def _claims(terms: list[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim for term in terms for claim in term.entry.claims))


def by_attestation(
    graph: GraphCore, payer: str | None = None, payee: str | None = None, *, purpose: str = "", house: bool = True
) -> Findings:
    """The sums of the ledger by what is confirmed alone, and with what is announced, reported and rumoured, one after another."""
    rows: list[tuple[Value, ...]] = []
    before: set[str] = set()
    for level in reversed(ATTESTATIONS):
        within = graph.within(make_view(attested=level))
        if rows and within.view.attested != level:
            # The view asked for leaves out what is attested less well.
            break
        ledger = chosen_entries(within, payer, payee, purpose=purpose, house=house)
        kept = [entry for entry in ledger.all if not entry.within]
        new = tuple(claim for entry in kept for claim in entry.claims if claim not in before)
        before |= set(new)
        for sort in sorted({entry.purpose for entry in kept}):
            own = [entry for entry in kept if entry.purpose == sort]
            for currency in sorted({entry.currency for entry in own if entry.currency}):
                held = Ledger(within, [entry for entry in own if entry.currency in ("", currency)], ledger.houses)
                added = tuple(claim for entry in held.all for claim in entry.claims if claim in new)
                rows.append((level, sort, currency, len(held.all), *(held.total(kind, currency) for kind in KINDS), added))
    notes = [
        "Each row holds what is at least so well attested; its claims are those that the row before did not have. A version that is attested less well may lower a sum as well as raise it: the range then holds both."
    ]
    columns = ("at_least", "purpose", "currency", "deals", *KINDS, "claim")
    return Findings([Table("sums by attestation", columns, rows)], notes).of(graph)
