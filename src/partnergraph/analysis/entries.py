"""The entries of the ledger as a table: every deal once, and what all of them come to."""

from __future__ import annotations

from partnergraph.analysis.tables import Findings, Table, Value
from partnergraph.base.errors import UnknownName
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.names import nearest_names
from partnergraph.reading.ledger import ANYBODY, KINDS, Entry, Ledger, read_ledger

__all__ = ["entries"]


def entries(
    graph: GraphCore, payer: str | None = None, payee: str | None = None, *, purpose: str = "", house: bool = True
) -> Findings:
    """The entries in which a party pays, or is paid, each by any of its names, and their sums by purpose and currency.

    Amounts in different currencies are never added. Raises UnknownName for a purpose that there is not.
    """
    chosen = chosen_entries(graph, payer, payee, purpose=purpose, house=house)
    shown = sorted((entry for entry in chosen.all if not entry.within), key=lambda entry: (entry.purpose, entry.begins, entry.name))
    tables = [
        Table("sums", ("purpose", "currency", "deals", *KINDS), _sums(chosen, shown)),
        Table(
            "entries",
            ("payer", "payee", "purpose", *KINDS, "currency", "stage", "weakest_attestation", "from", "claim"),
            [_row(entry) for entry in shown],
        ),
    ]
    once = "Each deal stands once; a joint deal is one entry of its group, and of one member an amount only where it is stated."
    notes = [
        f"{once} Committed holds what is paid, under way or signed. An amount without a limit may be more. partnergraph why unfolds a sum."
    ]
    return Findings(tables, notes, main=1).of(graph)


def chosen_entries(
    graph: GraphCore, payer: str | None = None, payee: str | None = None, *, purpose: str = "", house: bool = True
) -> Ledger:
    """The entries in which a party pays, or is paid; raises UnknownName for a purpose that there is not."""
    ledger = read_ledger(graph, house=house)
    known = sorted({entry.purpose for entry in ledger.all})
    if purpose and purpose not in known:
        raise UnknownName("purpose", purpose, nearest_names(purpose, known), f"there are {', '.join(known)}")
    pays, paid = (name if name is not None and name.casefold() not in ANYBODY else "" for name in (payer, payee))
    return ledger.between(pays, paid, purpose) if pays and paid else ledger.pay(pays, paid, purpose)


def _sums(chosen: Ledger, shown: list[Entry]) -> list[tuple[Value, ...]]:
    found: list[tuple[Value, ...]] = []
    for purpose in dict.fromkeys(entry.purpose for entry in shown):
        own = [entry for entry in shown if entry.purpose == purpose]
        for currency in sorted({entry.currency for entry in own if entry.currency}) or [""]:
            held = Ledger(chosen.graph, [entry for entry in own if entry.currency in ("", currency)], chosen.houses)
            found.append((purpose, currency, len(held.all), *(held.total(kind, currency) for kind in KINDS)))
    return found


def _row(entry: Entry) -> tuple[Value, ...]:
    payer = entry.payer or entry.group(0)
    payee = entry.payee or entry.group(1)
    amounts = [getattr(entry, kind) for kind in KINDS]
    return (
        payer,
        payee,
        entry.purpose,
        *amounts,
        entry.currency,
        entry.stage or "no stage",
        entry.weakest,
        entry.when,
        entry.claims,
    )
