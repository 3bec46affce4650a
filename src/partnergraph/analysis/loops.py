"""Closed loops of money and computing: equity or credit goes out, purchases come back."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from partnergraph.analysis.legs import USUAL, Counting, Leg, read_legs
from partnergraph.analysis.nullmodel import Significance, more_than_chance
from partnergraph.analysis.tables import ARROW, Findings, Table, Value
from partnergraph.base.errors import OutputError
from partnergraph.ledger.amounts import Interval
from partnergraph.rdf.terms import compact
from partnergraph.reading.ledger import FINANCING, PURCHASE, read_houses

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

__all__ = ["Loop", "find_loops", "loops", "significance"]

MAX_PARTIES = 5
MAX_LOOPS = 50_000
NEVER = "9999-12-31"
CONFIRMED = "confirmed"
UNSTATED, UNCONFIRMED = "open amounts", "unconfirmed legs"
# From a day on, and until another one, as texts that sort.
Spans: TypeAlias = list[tuple[str, str]]


@dataclass(frozen=True)
class Loop:
    """Legs that lead back to where they start, the first of them financing; ``since`` is when they may first all be in force."""

    legs: tuple[Leg, ...]
    since: str
    until: str

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties in order, each once."""
        return tuple(leg.payer for leg in self.legs)

    @property
    def amount(self) -> Interval:
        """How much can have gone all the way round: no more than the smallest leg."""
        return _smallest([leg.amount for leg in self.legs])

    @property
    def preferred(self) -> Interval:
        """The same by the preferred versions alone."""
        return _smallest([leg.preferred for leg in self.legs])

    @property
    def weakest_attestation(self) -> str:
        """The attestation of the leg that is attested worst."""
        return min(self.legs, key=lambda leg: leg.attested).attestation

    @property
    def needs(self) -> tuple[str, ...]:
        """Which of its legs a stricter reader would not count: without them the loop is gone."""
        unsure = [UNSTATED] if self.amount.least <= 0 else []
        return (*unsure, *([UNCONFIRMED] if self.weakest_attestation != CONFIRMED else []))

    @property
    def weakest_stage(self) -> str:
        """The stage of the leg that is least far."""
        return min(self.legs, key=lambda leg: leg.certainty).stage


def _smallest(amounts: list[Interval]) -> Interval:
    """The smallest of the legs; without a limit as soon as one of them has none, whose amount the limit of others would not be."""
    limits = [amount.greatest for amount in amounts]
    return Interval(min(amount.least for amount in amounts), math.inf if math.inf in limits else min(limits))


def find_loops(
    graph: GraphCore, *, parties: int = MAX_PARTIES, counting: Counting = USUAL, least: bool = False, through: str | None = None
) -> list[Loop]:
    """The loops of up to so many parties in which at least one leg finances and at least one buys.

    The legs may all be in force on one day: what is dated by a day alone holds from then on. ``least`` keeps
    loops round which money is sure to go: every leg has a least amount above zero. ``through`` keeps the loops of one party. The largest least amount comes first.
    """
    legs = [leg for leg in read_legs(graph, counting) if not least or leg.amount.least > 0]
    found = []
    for around in rings(legs, parties, through):
        days = overlap(around) if closes(around) else None
        if days is None:
            continue
        found.append(Loop(tuple(_from_financier(around)), *days))
        if len(found) > MAX_LOOPS:
            raise OutputError(f"there are more than {MAX_LOOPS:,} loops; take fewer parties, a view, or loops through one entity")
    return sorted(
        found,
        key=lambda loop: (
            -loop.amount.least,
            -min(leg.certainty for leg in loop.legs),
            -min(leg.attested for leg in loop.legs),
            len(loop.legs),
            loop.parties,
        ),
    )


def rings(legs: Iterable[Leg], parties: int, through: str | None = None) -> Iterator[list[Leg]]:
    """Legs that lead back to where they start, each ring once, as long as all of them may be in force on one day.

    By hand, because networkx's ``simple_cycles`` knows no days: at a million triples it had not ended after ten minutes.
    """
    onward: dict[str, list[tuple[Leg, Spans]]] = defaultdict(list)
    for leg in legs:
        onward[leg.payer].append((leg, [(entry.begins, entry.ends or NEVER) for entry in leg.entries]))

    def follow(path: list[Leg], open_days: Spans) -> Iterator[list[Leg]]:
        start, visited = path[0].payer, {leg.payer for leg in path}
        for leg, spans in onward[path[-1].payee]:
            # Without a party of its own each ring is followed from its least name on.
            if leg.payee != start and (leg.payee in visited or len(path) + 2 > parties or (through is None and leg.payee < start)):
                continue
            days = _both(open_days, spans)
            if days and leg.payee == start:
                yield [*path, leg]
            elif days:
                yield from follow([*path, leg], days)

    for start in [through] if through is not None else sorted(onward):
        for leg, spans in list(onward[start]):
            if through is not None or leg.payee > start:
                yield from follow([leg], spans)


def _both(some: Spans, others: Spans) -> Spans:
    crossed = {(max(a, c), min(b, d)) for a, b in some for c, d in others}
    return [(begins, ends) for begins, ends in crossed if begins < ends]


def closes(legs: list[Leg]) -> bool:
    """Whether one leg finances and another one buys."""
    out = [number for number, leg in enumerate(legs) if FINANCING in leg.purposes]
    back = [number for number, leg in enumerate(legs) if PURCHASE in leg.purposes]
    return bool(out and back) and (len(set(out) | set(back)) > 1)


def _from_financier(legs: list[Leg]) -> list[Leg]:
    starts = [number for number, leg in enumerate(legs) if FINANCING in leg.purposes]
    start = min(starts, key=lambda number: (PURCHASE in legs[number].purposes, legs[number].payer))
    return legs[start:] + legs[:start]


def overlap(legs: list[Leg]) -> tuple[str, str] | None:
    """The first day on which every leg may be in force, and the day from which one surely is no longer; None for no such day.

    An empty text stands for a day that is not known, or that has not come.
    """
    days = sorted({entry.begins for leg in legs for entry in leg.entries})
    closed = [day for day in days if all(any(entry.begins <= day < (entry.ends or NEVER) for entry in leg.entries) for leg in legs)]
    if not closed:
        return None
    last = min(max(entry.ends or NEVER for entry in leg.entries if entry.begins <= closed[-1]) for leg in legs)
    return closed[0], "" if last == NEVER else last


def in_words(legs: Iterable[Leg], since: str, until: str) -> tuple[str, str]:
    """The two days as the entries that they come from state them: never more precise than that."""
    entries = [entry for leg in legs for entry in leg.entries]
    return (
        next((entry.when for entry in entries if entry.begins == since), since),
        next((entry.until for entry in entries if until and entry.ends == until), until),
    )


def loops(
    graph: GraphCore,
    *,
    parties: int = MAX_PARTIES,
    counting: Counting = USUAL,
    least: bool = False,
    through: str | Sequence[str] | None = None,
) -> Findings:
    """The loops as tables: each loop, then each leg with its claims; ``through`` is an entity by any of its names, or several for loops through all."""
    names = [through] if isinstance(through, str) else through or []
    through_all = [_party(graph, name, counting) for name in names]
    found = find_loops(graph, parties=parties, counting=counting, least=least, through=through_all[0] if through_all else None)
    found = [loop for loop in found if set(through_all) <= set(loop.parties)]
    summary: list[tuple[Value, ...]] = []
    detail: list[tuple[Value, ...]] = []
    for number, loop in enumerate(found, 1):
        route = ARROW.join([*loop.parties, loop.parties[0]])
        summary.append(
            (
                number,
                route,
                loop.amount,
                loop.preferred if loop.preferred != loop.amount else None,
                loop.weakest_attestation,
                loop.weakest_stage or "no stage",
                *in_words(loop.legs, loop.since, loop.until),
                " and ".join(loop.needs),
            )
        )
        detail += [
            (
                number,
                leg.payer,
                leg.payee,
                " and ".join(leg.purposes),
                leg.amount,
                leg.preferred if leg.preferred != leg.amount else None,
                leg.attestation,
                leg.best_attestation if leg.best_attestation != leg.attestation else None,
                leg.stage or "no stage",
                min(((entry.begins, entry.when) for entry in leg.entries if entry.begins), default=("", ""))[1],
                leg.claims,
            )
            for leg in loop.legs
        ]
    tables = [
        Table(
            "loops",
            ("loop", "route", "goes_round", "preferred", "weakest_attestation", "weakest_stage", "since", "until", "rests_on"),
            summary,
            {"goes_round": counting.currency, "preferred": counting.currency},
        ),
        Table(
            "legs",
            (
                "loop",
                "payer",
                "payee",
                "purpose",
                "amount",
                "preferred",
                "weakest_attestation",
                "best_attestation",
                "stage",
                "from",
                "claim",
            ),
            detail,
            {"amount": counting.currency, "preferred": counting.currency},
        ),
    ]
    amounts = "Amounts are those of the ledger: each deal once, from the least to the greatest that any version states which is still open."
    round_about = "Not stated is anything from zero up. No more goes round than through the smallest leg."
    weakest = "Attestation and stage are the weakest among the deals that state the amount."
    gone = "Rests on: open amounts are undisclosed or up to so much; without what it rests on a loop is gone."
    preferred = "Preferred: by the preferred versions alone, where that differs. partnergraph why PAYER PAYEE unfolds a leg."
    notes = [f"{counting.told(graph)} {amounts} {round_about} {weakest} {gone} {preferred}"]
    return Findings(tables, notes).of(graph)


def _party(graph: GraphCore, name: str, counting: Counting) -> str:
    party = compact(graph.whole.find_entity(name))
    return read_houses(graph).get(party, party) if counting.house else party


def significance(
    graph: GraphCore, *, parties: int = MAX_PARTIES, counting: Counting = USUAL, samples: int = 199, seed: int = 1
) -> Significance:
    """Whether the graph has more loops than networks in which everyone finances and buys as much, but from others."""
    layers = [[(leg.payer, leg.payee) for leg in read_legs(graph, counting, [purpose])] for purpose in (FINANCING, PURCHASE)]
    return more_than_chance(layers[0], layers[1], parties, samples, seed)
