"""The ledgers that travel with the page: that of all claims, those from an attestation or a tier of sources on, and what was known by every day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from partnergraph.core.views import ATTESTATIONS, TIERS
from partnergraph.ledger.entries import make_entries
from partnergraph.ledger.eras import Turns, clusters, day_eras, house_turns
from partnergraph.ledger.houses import Houses, make_houses
from partnergraph.ledger.inputs import Days, Inputs, read_inputs, rows
from partnergraph.ledger.restricted import Judged, Known, Preferred, Publication, known_eras, some, whole
from partnergraph.page.preference import held_right, preferences

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.ledger.entry import Entry
    from partnergraph.ledger.eras import Era


@dataclass(frozen=True)
class Book:
    """The entries without a day, and those of every day."""

    dayless: list[Entry]
    eras: list[Era]


@dataclass(frozen=True)
class Books:
    """The ledgers of one graph: of all claims, of those from a rank of attestation or tier on, and as they were known by every day.

    A graph that is itself the state of a day is known in one way only.
    """

    whole: Book
    attested: dict[int, Book]
    tiers: dict[int, Book]
    known: list[Era] | None
    turns: Turns
    lasting: Houses


def read_books(graph: GraphCore) -> Books:
    """The ledgers of a graph; none of an attestation or a tier that all of its claims reach."""
    if graph not in _READ:
        _READ[graph] = _read(graph)
    return _READ[graph]


# Making them takes seconds, and a server draws one graph around many entities.
_READ: WeakKeyDictionary[GraphCore, Books] = WeakKeyDictionary()


def _read(graph: GraphCore) -> Books:
    index = graph.local.index
    inputs = read_inputs(graph.local.store, graph.content)
    # By the parties of the contracts everybody is a house of its own.
    houses = [] if graph.view.as_stated else list(rows(graph.whole.local.store, graph.content, "ledger-houses"))
    turns, lasting = house_turns(houses), make_houses(houses)
    spans = {
        str(claim.value): Days(
            *(day or "" for day in (span.starts_earliest, span.starts_latest, span.ends_earliest, span.ends_latest))
        )
        for claim, span in index.spans.items()
    }

    def book(own: Inputs) -> Book:
        return Book(make_entries(own, lasting), day_eras(own, spans, turns))

    parts = [(part, book(part)) for part in clusters(inputs, turns)]

    right = held_right(graph)

    def restricted(kept: Callable[[str], bool], better: Mapping[str, set[str]]) -> Book | None:
        if all(map(kept, spans)):
            return None
        judged = Judged(better, right)
        return _bound(made if whole(part, kept, judged) else book(some(part, kept, judged)) for part, made in parts)

    attested = {str(claim.value): rank for claim, rank in index.attested.items()}
    better = inputs.links.get("preferredOver", {})
    tiers: dict[str, int] = defaultdict(int)
    for citation in index.citations:
        tiers[str(citation.claim.value)] = max(tiers[str(citation.claim.value)], citation.rank)
    levels = {rank: restricted(_reaching(attested, rank), better) for rank in range(1, len(ATTESTATIONS) + 1)}
    sourced = {rank: restricted(_reaching(tiers, rank), _better(graph, rank)) for rank in range(1, len(TIERS) + 1)}
    return Books(
        _bound(made for _, made in parts),
        {rank: made for rank, made in levels.items() if made},
        {rank: made for rank, made in sourced.items() if made},
        None
        if graph.view.dated
        else _in_order(known_eras([part for part, _ in parts], _known(graph), _preferred(graph), right, turns)),
        turns,
        lasting,
    )


def _bound(books: Iterable[Book]) -> Book:
    """The books of clusters as one, in the order of the names of entries."""
    each = list(books)
    return Book(
        sorted((entry for book in each for entry in book.dayless), key=lambda entry: entry.key),
        _in_order(era for book in each for era in book.eras),
    )


def _in_order(eras: Iterable[Era]) -> list[Era]:
    """The eras in an order that is the same in every process."""
    return sorted(eras, key=lambda era: (era.entry.key, era.since))


def _reaching(ranks: Mapping[str, int], least: int) -> Callable[[str], bool]:
    return lambda claim: ranks.get(claim, 0) >= least


def _better(graph: GraphCore, tier: int) -> dict[str, set[str]]:
    """Which claims are preferred over which by sources from a tier on."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in preferences(graph, tier):
        found[one.claim].add(one.other)
    return found


def _preferred(graph: GraphCore) -> Sequence[Preferred]:
    return [Preferred(one.claim, one.other, one.since, one.until) for one in preferences(graph) if not one.undated]


def _known(graph: GraphCore) -> dict[str, Known]:
    """When each claim was published, by sources that carry a date, and when its end was."""
    index = graph.local.index
    published: dict[str, list[Publication]] = defaultdict(list)
    for citation in index.citations:
        if citation.earliest is not None and citation.latest is not None:
            published[str(citation.claim.value)].append(Publication(citation.earliest, citation.latest, citation.rank))
    later = {str(claim.value): told for claim, told in index.later.items()}
    found = {}
    for claim, sources in published.items():
        told = later.get(claim)
        if told is None or told.end_known is None:
            found[claim] = Known(tuple(sources))
        else:
            first = None if told.lasting else told.agreed_earliest or ""
            last = "" if told.lasting else told.agreed_latest or ""
            found[claim] = Known(tuple(sources), told.end_known, (first, last))
    return found
