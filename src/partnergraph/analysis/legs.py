"""Legs: all that one party pays another, made of entries of the ledger, and what of them is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from partnergraph.base.errors import UnknownName
from partnergraph.core.graph import GraphCore
from partnergraph.ledger.amounts import NOTHING, Interval, add
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.reading.ledger import FINANCING, PURCHASE, Entry, read_ledger

# From the least to the most certain that money or goods move; "" is a deal that has no stage, such as a right.
STAGES = ("cancelled", "intended", "", "agreed", "under way", "completed", "ended")
COUNTED = ("", "agreed", "under way", "completed", "ended")


@dataclass(frozen=True)
class Counting:
    """What is counted: deals at which stages, amounts in one currency, by what weight.

    An amount in another currency is unknown. ``preferred``: of versions that differ only the preferred one. ``weight`` is
    money, or capacity in megawatts; markets can also count deals and customers. ``house``: units and products stand for
    the house that they belong to, else the parties of the contract stand for themselves.
    """

    stages: Collection[str] = COUNTED
    currency: str = "USD"
    preferred: bool = False
    weight: str = "money"
    house: bool = True

    def __str__(self) -> str:
        whose = "" if self.house else " Parties as the contracts state them."
        return f"Stages counted: {', '.join(stage or 'none stated' for stage in self.stages)}.{whose}"

    def of(self, entry: Entry) -> Interval:
        """What an entry comes to by what is counted: all of it open where it states nothing, nothing where nothing is due."""
        if self.weight == "capacity":
            return entry.capacity
        parts = [entry.preferred if self.preferred else entry.committed]
        if "intended" in self.stages:
            parts.append(entry.intended)
        value = add(part for part in parts)
        return Interval() if value.known and entry.currency != self.currency else value

    def has(self, entry: Entry) -> bool:
        """Whether the entry is at a stage that is counted, and anything of it is due."""
        return entry.stage in self.stages and (self.weight == "capacity" or self.of(entry) != NOTHING)


USUAL = Counting()


@dataclass(frozen=True)
class Leg:
    """All that one party pays another: its entries, the best founded first, and what they come to.

    ``amount`` covers every version that is still open, ``preferred`` only the preferred ones.
    """

    payer: str
    payee: str
    entries: tuple[Entry, ...]
    amount: Interval
    preferred: Interval

    @property
    def purposes(self) -> tuple[str, ...]:
        """What the money is for."""
        return tuple(sorted({entry.purpose for entry in self.entries}))

    @property
    def stated(self) -> tuple[Entry, ...]:
        """The entries that state an amount, or all where none does."""
        return tuple(entry for entry in self.entries if entry.committed.known or entry.intended.known) or self.entries

    @property
    def attested(self) -> int:
        """The rank of the weakest attestation among the entries that state the amount."""
        return min(entry.weakest_rank for entry in self.stated)

    @property
    def attestation(self) -> str:
        """The weakest attestation among the entries that state the amount."""
        return min(self.stated, key=lambda entry: entry.weakest_rank).weakest

    @property
    def best_attestation(self) -> str:
        """The best attestation among the entries."""
        return max(self.entries, key=lambda entry: entry.best_rank).best

    @property
    def stage(self) -> str:
        """How far all of the amount is: the least far stage among the entries that state it."""
        return min((entry.stage for entry in self.stated), key=STAGES.index)

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that the leg rests on, those of the best founded entry first."""
        return tuple(dict.fromkeys(claim for entry in self.entries for claim in entry.claims))


def read_legs(graph: GraphCore, counting: Counting = USUAL, purposes: Collection[str] = (FINANCING, PURCHASE)) -> list[Leg]:
    """What each party pays each other one for some purposes."""
    pairs: dict[tuple[str, str], list[Entry]] = {}
    for entry in counted(graph, counting):
        if entry.purpose in purposes and entry.payer != entry.payee:
            pairs.setdefault((entry.payer, entry.payee), []).append(entry)
    return [make_leg(payer, payee, entries, counting) for (payer, payee), entries in sorted(pairs.items())]


def counted(graph: GraphCore, counting: Counting) -> list[Entry]:
    """The entries between two parties that are counted."""
    return [entry for entry in read_ledger(graph, house=counting.house).entries if counting.has(entry)]


def make_leg(payer: str, payee: str, entries: Iterable[Entry], counting: Counting) -> Leg:
    """The leg that some entries between two parties make."""
    listed = sorted(
        entries,
        key=lambda entry: (not counting.of(entry).known, -entry.best_rank, -STAGES.index(entry.stage), entry.begins, entry.name),
    )
    preferred = Counting(counting.stages, counting.currency, True, counting.weight, counting.house)
    return Leg(payer, payee, tuple(listed), add(map(counting.of, listed)), add(map(preferred.of, listed)))


def check_stages(stages: Collection[str]) -> tuple[str, ...]:
    """The stages that a person means; raises UnknownName for a word that is none."""
    by_fold = {fold(stage): stage for stage in STAGES if stage}
    for word in stages:
        if fold(word) not in by_fold:
            raise UnknownName("stage", word, nearest_names(word, by_fold.values()), f"there are {', '.join(by_fold.values())}")
    return tuple(by_fold[fold(word)] for word in stages)
