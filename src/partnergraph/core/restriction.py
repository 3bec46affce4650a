"""A view made: a store with what of another one is in the view, from which the rules then derive the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyoxigraph as ox

from partnergraph.core.selection import Index, narrowed, select
from partnergraph.core.spans import Later
from partnergraph.core.views import View
from partnergraph.ledger.triples import is_of_ledger
from partnergraph.rdf.terms import PG, XSD, Term

TRUE = ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean"))
DEFAULT = ox.DefaultGraph()


def _named(*names: str) -> frozenset[ox.NamedNode]:
    return frozenset(ox.NamedNode(PG + name) for name in names)


ENDS = _named("end", "endedBy", "succeededBy", "endsEarliest", "endsLatest")
# What is known for one day may be over the day after, whoever succeeds.
SUCCESSION = _named("endedBy", "succeededBy", "endsLatest")
OUTCOMES = _named("outcome", "predictionOutcome", "outcomeClaim")
STAGE = ox.NamedNode(f"{PG}stage")
# How far a deal was that later ended or was called off: no further than is sure.
BEFORE = {
    ox.NamedNode(f"{PG}stage-ended"): ox.NamedNode(f"{PG}stage-underway"),
    ox.NamedNode(f"{PG}stage-cancelled"): ox.NamedNode(f"{PG}stage-intended"),
}


def restrict(
    store: ox.Store, index: Index, view: View, again: Collection[Term], shortcuts: Collection[Term]
) -> tuple[ox.Store, Index]:
    """A new store with what of another is in the view, without what the rules derive from that; and the index of it.

    ``again`` are the properties that rules derive anew for claims, ``shortcuts`` those that they derive from claims.
    A view of one day alone keeps which versions are preferred, also over those that do not hold on that day.
    """
    chosen = select(index, view)
    excluded = {*index.spans} - chosen.claims
    excluded |= {citation.node for citation in index.citations} - {citation.node for citation in chosen.citations}
    of_a_day = view == View(as_of=view.as_of)
    known = view.known_by.isoformat() if view.known_by else ""
    unknown: dict[object, frozenset[ox.NamedNode]] = {claim: _unknown(told, known) for claim, told in chosen.later.items()}
    spans, nothing = index.spans, frozenset[ox.NamedNode]()

    def kept(quad: ox.Quad) -> bool:
        if quad.predicate in shortcuts or quad.object in excluded or is_of_ledger(quad):
            return False
        if quad.predicate in again and quad.subject in spans:
            return of_a_day and (quad.subject not in excluded or quad.object in spans)
        return quad.subject not in excluded and quad.predicate not in unknown.get(quad.subject, nothing)

    made = ox.Store()
    made.bulk_extend(filter(kept, store))
    made.extend(ox.Quad(claim, mark, TRUE, DEFAULT) for claim, mark in chosen.marks if isinstance(claim, ox.NamedNode))
    for claim, told in chosen.later.items():
        if isinstance(claim, ox.NamedNode) and told.hides_end(known):
            made.extend(_as_agreed(store, claim, told))
    return made, narrowed(index, chosen)


def _unknown(told: Later, known: str) -> frozenset[ox.NamedNode]:
    """The properties of a claim that tell what is not known by the day yet."""
    ends = (SUCCESSION if told.lasting else ENDS) | {STAGE} if told.hides_end(known) else frozenset()
    return ends | OUTCOMES if told.hides_outcome(known) else ends


def _as_agreed(store: ox.Store, claim: ox.NamedNode, told: Later) -> Iterator[ox.Quad]:
    """The end that had been agreed in place of the real one, and how far the deal was before that."""
    for quad in store.quads_for_pattern(claim, STAGE, None, DEFAULT):
        before = BEFORE.get(quad.object, quad.object) if isinstance(quad.object, ox.NamedNode) else quad.object
        yield ox.Quad(claim, STAGE, before, DEFAULT)
    if isinstance(told.agreed, ox.Literal):
        yield ox.Quad(claim, ox.NamedNode(f"{PG}end"), told.agreed, DEFAULT)
        for name, day in (("endsEarliest", told.agreed_earliest), ("endsLatest", told.agreed_latest)):
            if day is not None:
                yield ox.Quad(claim, ox.NamedNode(PG + name), ox.Literal(day, datatype=ox.NamedNode(f"{XSD}date")), DEFAULT)
