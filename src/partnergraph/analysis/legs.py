"""Legs: all that one party pays another, made of entries of the ledger, and what of them is counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from partnergraph.base.errors import UnknownName
from partnergraph.core.graph import GraphCore
from partnergraph.ledger.amounts import NOTHING, Interval, add
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.reading.ledger import FINANCING, PURCHASE, Entry, read_ledger

__all__ = ["USUAL", "Counting", "Leg", "read_legs"]


@dataclass(frozen=True)
class Counting:
    """What is counted: deals at which stages, amounts in one currency, by what weight.

    Without stages it is those that count by the ontology, with ``intended`` those, too, of deals that may still come.
    An amount in another currency is unknown. ``preferred``: of versions that differ only the preferred one. ``weight`` is
    money, or capacity in megawatts; markets can also count deals and customers. ``house``: units and products stand for
    the house that they belong to, else the parties of the contract stand for themselves.
    """

    stages: Collection[str] | None = None
    currency: str = "USD"
    preferred: bool = False
    weight: str = "money"
    house: bool = True
    intended: bool = False

    def at(self, graph: GraphCore) -> tuple[str, ...]:
        """The stages that count in the graph."""
        if self.stages is not None:
            return tuple(self.stages)
        return graph.stages.counted + (graph.stages.intended if self.intended else ())

    def told(self, graph: GraphCore) -> str:
        """Which stages count, and whose money it is, as a sentence."""
        whose = "" if self.house else " Parties as the contracts state them."
        return f"Stages counted: {', '.join(stage or 'none stated' for stage in self.at(graph))}.{whose}"

    def within(self, graph: GraphCore) -> Counted:
        """The same, knowing what the graph's ontology says of stages."""
        stages = self.at(graph)
        return Counted(self, stages, not set(graph.stages.intended).isdisjoint(stages))


@dataclass(frozen=True)
class Counted:
    """What is counted in one graph: at which ``stages``, and whether what is only ``meant`` counts, too."""

    counting: Counting
    stages: tuple[str, ...]
    meant: bool

    def of(self, entry: Entry) -> Interval:
        """What an entry comes to: all of it open where nobody states it, nothing where nothing is due."""
        if self.counting.weight == "capacity":
            return entry.capacity
        value = entry.preferred if self.counting.preferred else entry.committed
        value = add((value, entry.intended)) if self.meant else value
        # Nothing is nothing in every currency.
        other = value != NOTHING and value.known and entry.currency != self.counting.currency
        return Interval() if other else value

    def has(self, entry: Entry) -> bool:
        """Whether the entry is at a stage that is counted, and anything of it is due."""
        return entry.stage in self.stages and (self.counting.weight == "capacity" or self.of(entry) != NOTHING)


USUAL = Counting()


@dataclass(frozen=True)
class Leg:
    """All that one party pays another: its entries, the best founded first, and what they come to.

    ``amount`` covers every version that is still open, ``preferred`` only the preferred ones. ``stage`` is the least far one
    among the entries that state the amount, ``certainty`` its place among the stages.
    """

    payer: str
    payee: str
    entries: tuple[Entry, ...]
    amount: Interval
    preferred: Interval
    stage: str
    certainty: int

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
    def claims(self) -> tuple[str, ...]:
        """The claims that the leg rests on, those of the best founded entry first."""
        return tuple(dict.fromkeys(claim for entry in self.entries for claim in entry.claims))


def read_legs(graph: GraphCore, counting: Counting = USUAL, purposes: Collection[str] = (FINANCING, PURCHASE)) -> list[Leg]:
    """What each party pays each other one for some purposes."""
    counted, order = counting.within(graph), graph.stages.order
    pairs: dict[tuple[str, str], list[Entry]] = {}
    for entry in read_entries(graph, counted):
        if entry.purpose in purposes and entry.payer != entry.payee:
            pairs.setdefault((entry.payer, entry.payee), []).append(entry)
    return [_leg(payer, payee, entries, counted, order) for (payer, payee), entries in sorted(pairs.items())]


def read_entries(graph: GraphCore, counted: Counted) -> list[Entry]:
    """The entries between two parties that are counted."""
    return [entry for entry in read_ledger(graph, house=counted.counting.house).entries if counted.has(entry)]


def _leg(payer: str, payee: str, entries: list[Entry], counted: Counted, order: Sequence[str]) -> Leg:
    listed = sorted(
        entries,
        key=lambda entry: (not counted.of(entry).known, -entry.best_rank, -order.index(entry.stage), entry.begins, entry.name),
    )
    stating = [entry for entry in listed if counted.of(entry).known] or listed
    certainty = min(order.index(entry.stage) for entry in stating)
    preferred = replace(counted, counting=replace(counted.counting, preferred=True))
    amounts = add(map(counted.of, listed)), add(map(preferred.of, listed))
    return Leg(payer, payee, tuple(listed), *amounts, order[certainty], certainty)


def check_stages(graph: GraphCore, words: Collection[str]) -> tuple[str, ...]:
    """The stages that a person means; raises UnknownName for a word that is none."""
    by_fold = {fold(stage.label): stage.label for stage in graph.stages.known}
    for word in words:
        if fold(word) not in by_fold:
            raise UnknownName("stage", word, nearest_names(word, by_fold.values()), f"there are {', '.join(by_fold.values())}")
    return tuple(by_fold[fold(word)] for word in words)
