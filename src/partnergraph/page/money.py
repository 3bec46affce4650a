"""The ledger as it travels with the page: every entry with the days on which it stands so, and who belongs to whose house.

An entry is ``n`` name, ``p`` payer and ``q`` payee (-1 for a group), ``u`` purpose, ``s`` rank of stage, ``c`` currency,
``m`` least and greatest paid, committed, conditional and intended (null for no limit), ``a`` ranks of the weakest and the
best attestation, ``b`` and ``e`` the days between which it may be in force, ``k`` the claims that it rests on, ``x`` whether
payer and payee count it among their sums, ``o`` payer and payee that the contract names, where they are not the houses, ``g`` the members of a group, ``r`` 1 for what
of a stated total is no share of a group's deal, and 2 for the total.
Beside the ledger of all claims there are those ``attested`` from a rank on, of sources of ``tiers`` from a rank on, and what was
``known`` by every day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.ledger.eras import house_eras
from partnergraph.page.books import read_books
from partnergraph.page.records import Record, day_number
from partnergraph.rdf.terms import PG

if TYPE_CHECKING:
    from partnergraph.ledger.amounts import Interval
    from partnergraph.ledger.entry import Entry
    from partnergraph.ledger.eras import Era
    from partnergraph.page.books import Book, Books

KINDS = ("paid", "committed", "conditional", "intended")
# Money that is put in, money that buys, then whatever else the ontology knows.
FIRST = ("purpose-financing", "purpose-purchase")
COLOURS = (
    ("#B4568F", "#E39CC8"),
    ("#C8500A", "#F0874A"),
    ("#0072B2", "#4DA8E0"),
    ("#00805F", "#3CC79D"),
    ("#4A4F57", "#C3CAD3"),
    ("#B07A00", "#F0B73A"),
    ("#7A5CC0", "#B7A1F0"),
)


def ledger_record(graph: GraphCore, at: Mapping[str, int], order: Mapping[str, int]) -> Record:
    """The entries between entities of the page, and the houses of these, on every day and without a day.

    The sums are those of the whole graph: an entry rests on its claims also where the page does not hold them.
    """
    books = read_books(graph)
    each = [books.whole, *books.attested.values(), *books.tiers.values()]
    entries = [entry for book in each for entry in (*book.dayless, *(era.entry for era in book.eras))]
    entries += [era.entry for era in books.known or ()]
    entries = [entry for entry in dict.fromkeys(entries) if _counts(entry, at)]
    purposes = sorted({entry.purpose for entry in entries}, key=lambda name: (name not in FIRST, name))
    labels = graph.labels([f"{PG}{name}" for name in purposes])
    ranks = {stage.label: stage.rank for stage in graph.stages.known}
    stages = graph.labels({f"{PG}stage-{entry.stage}" for entry in entries if entry.stage})

    totals = {entry.rest_of for entry in entries}

    def record(entry: Entry) -> Record:
        made = _record(entry, at, order)
        if entry.rest_of or entry.key in totals:
            made["r"] = 1 if entry.rest_of else 2
        made["u"] = purposes.index(entry.purpose)
        rank = ranks.get(stages.get(f"{PG}stage-{entry.stage}", ""))
        return made if rank is None else {**made, "s": rank}

    # What differs only in what the page does not say is one entry there.
    numbers: dict[str, int] = {}
    made = {entry: record(entry) for entry in entries}
    known = {entry: numbers.setdefault(repr(one), len(numbers)) for entry, one in made.items()}
    return {
        "purposes": [
            {"id": name.removeprefix("purpose-"), "label": clean(labels.get(f"{PG}{name}", name)), "light": light, "dark": dark}
            for name, (light, dark) in zip(purposes, _colours(len(purposes)), strict=True)
        ],
        "counted": sorted(ranks.get(label, 0) for label in graph.stages.counted),
        "entries": list({repr(one): one for one in made.values()}.values()),
        **_book(books.whole, known),
        "attested": {str(rank): _book(book, known) for rank, book in books.attested.items()},
        "tiers": {str(rank): _book(book, known) for rank, book in books.tiers.items()},
        **({"known": _spans(books.known, known)} if books.known is not None else {}),
        "houses": _houses(books, at),
    }


def _book(book: Book, known: Mapping[Entry, int]) -> dict[str, list[Any]]:
    return {"dayless": [known[entry] for entry in book.dayless if entry in known], "eras": _spans(book.eras, known)}


def _spans(eras: Sequence[Era], known: Mapping[Entry, int]) -> list[list[int]]:
    return [[known[era.entry], day_number(era.since), day_number(era.until)] for era in eras if era.entry in known]


def _colours(count: int) -> list[tuple[str, str]]:
    return [COLOURS[number % len(COLOURS)] for number in range(count)]


def _counts(entry: Entry, at: Mapping[str, int]) -> bool:
    """Whether an entry counts in sums by its parties, and these are on the page."""
    return bool(entry.counts) and not entry.within and all(end in at for end in (entry.payer, entry.payee) if end)


def _record(entry: Entry, at: Mapping[str, int], order: Mapping[str, int]) -> Record:
    ends = [at[end] if end else -1 for end in (entry.payer, entry.payee)]
    stated = [
        at[parties[0]] if len(parties) == 1 and parties[0] in at else end for parties, end in zip(entry.stated, ends, strict=True)
    ]
    made: Record = {
        "n": entry.key,
        "p": ends[0],
        "q": ends[1],
        "m": [bound for kind in KINDS for bound in _bounds(getattr(entry.worth, kind))],
        "a": [entry.weakest.rank, entry.best.rank],
        "k": [order[claim] for claim in entry.counts if claim in order],
        "x": [int(entry.spends), int(entry.receives)],
    }
    if entry.currency:
        made["c"] = clean(entry.currency)
    if stated != ends:
        made["o"] = stated
    members = [at[one] for one in (*entry.payers, *entry.payees) if one in at]
    if members:
        made["g"] = members
    days = {"b": day_number(entry.days.starts_earliest), "e": day_number(entry.days.ends_latest)}
    return made | {name: day for name, day in days.items() if day}


def _bounds(value: Interval) -> tuple[float, float | None]:
    return _number(value.least), _number(value.greatest) if math.isfinite(value.greatest) else None


def _number(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)


def _houses(books: Books, at: Mapping[str, int]) -> dict[str, list[Any]]:
    """Members with the heads of their houses, as they are last known and between which days."""
    return {
        "dayless": [
            [at[member], at[head]] for member, (head, _) in sorted(books.lasting.heads.items()) if member in at and head in at
        ],
        "eras": [
            [at[era.member], at[era.head], day_number(era.since), day_number(era.until)]
            for era in house_eras(books.turns)
            if era.member in at and era.head in at
        ],
    }
