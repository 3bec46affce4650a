"""A view made: a store with what of another one is in the view, from which the rules then derive the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyoxigraph as ox

from partnergraph.core.selection import Index, Selection, narrowed, select
from partnergraph.core.spans import Later
from partnergraph.core.views import View
from partnergraph.ledger.inputs import BEFORE
from partnergraph.rdf.terms import PG, XSD, Term
from partnergraph.stores.arranged import Arranged


def _named(*names: str) -> frozenset[str]:
    return frozenset(PG + name for name in names)


ENDS = _named("end", "endedBy", "succeededBy", "endsEarliest", "endsLatest")
# What is known for one day may be over the day after, whoever succeeds.
SUCCESSION = _named("endedBy", "succeededBy", "endsLatest")
OUTCOMES = _named("outcome", "predictionOutcome", "outcomeClaim")
STAGE = _named("stage")
EARLIER = {f"<{PG}stage-{stage}>": f"<{PG}stage-{before}>" for stage, before in BEFORE.items()}
TRUE = ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean"))
TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def restrict(arranged: Arranged, index: Index, view: View, claims: set[Term] | None = None) -> tuple[ox.Store, Index]:
    """A new store with what of a graph, or of some of its claims, is in the view, without what the rules derive from that; and the index of it.

    A view of one day alone keeps which versions are preferred, also over those that do not hold on that day.
    """
    chosen = select(index, view, claims)
    made = ox.Store()
    made.load(b"".join(_lines(arranged, chosen, view)), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return made, narrowed(index, chosen)


def _lines(arranged: Arranged, chosen: Selection, view: View) -> Iterator[bytes]:
    known = view.known_by.isoformat() if view.known_by else ""
    unknown: dict[str, Collection[str]] = {name_of(claim): _unknown(told, known) for claim, told in chosen.later.items()}
    # In the order in which they lie, whatever order a set has.
    claims = dict.fromkeys(name_of(claim) for claim in chosen.spans)
    citations = (name_of(citation.node) for citation in chosen.citations)
    yield from arranged.parts(claims, citations, unknown, same_rivals=view == View(as_of=view.as_of))
    for claim, mark in chosen.marks:
        yield f"{_written(claim)} {mark} {TRUE} .\n".encode()
    for claim, told in chosen.later.items():
        if told.hides_end(known):
            yield from _as_agreed(arranged, claim, told)


def _unknown(told: Later, known: str) -> frozenset[str]:
    """The properties of a claim that tell what is not known by the day yet."""
    ends = (SUCCESSION if told.lasting else ENDS) | STAGE if told.hides_end(known) else frozenset[str]()
    return ends | OUTCOMES if told.hides_outcome(known) else ends


def _as_agreed(arranged: Arranged, claim: Term, told: Later) -> Iterator[bytes]:
    """The end that had been agreed in place of the real one, and how far the deal was before that."""
    subject = _written(claim)
    for line in arranged.of_claim(name_of(claim)).decode().splitlines():
        _, predicate, value = line[:-2].split(" ", 2)
        if predicate[1:-1] in STAGE:
            yield f"{subject} {predicate} {EARLIER.get(value, value)} .\n".encode()
    days = (("end", told.agreed), ("endsEarliest", told.agreed_earliest), ("endsLatest", told.agreed_latest))
    for name, day in days:
        if day is not None and len(day) in TYPES:
            yield f'{subject} <{PG}{name}> "{day}"^^<{XSD}{TYPES[len(day)]}> .\n'.encode()


def name_of(term: Term) -> str:
    """The term as columns name it."""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


def _written(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else f"<{term.value}>"
