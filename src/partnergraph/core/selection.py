"""What of a graph is in a view: when claims hold and were published decides, and what is possibly so is marked."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from partnergraph.core.views import ATTESTATIONS, TIERS, View
from partnergraph.ledger.triples import is_of_ledger
from partnergraph.rdf.terms import PG, XSD, Bindings, Term

TRUE = ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean"))
POSSIBLY_IN_FORCE = ox.NamedNode(f"{PG}possiblyInForce")
POSSIBLY_PUBLISHED = ox.NamedNode(f"{PG}possiblyPublished")
# What the rules from here on derive depends on which claims and citations there are.
RULES_OF_A_VIEW = 5
# From here on it depends on the claims alone: which version is preferred is the same on every day.
RULES_OF_A_DAY = 7


@dataclass(frozen=True)
class Span:
    """The days between which something begins and ends; None where it is not known, or has no end."""

    starts_earliest: str | None = None
    starts_latest: str | None = None
    ends_earliest: str | None = None
    ends_latest: str | None = None

    def in_force(self, day: str) -> bool | None:
        """Whether it holds on the day: True surely, None possibly, False surely not."""
        if self.starts_earliest is not None and day < self.starts_earliest:
            return False
        if self.ends_latest is not None and day >= self.ends_latest:
            return False
        surely_begun = self.starts_latest is not None and day >= self.starts_latest
        surely_not_over = self.ends_earliest is None or day < self.ends_earliest
        return True if surely_begun and surely_not_over else None


@dataclass(frozen=True)
class Citation:
    """One citation: of which claim, of which source, the source's tier (a rank, 0 if none) and when it was published."""

    claim: Term
    node: Term
    source: Term
    rank: int
    earliest: str | None
    latest: str | None


@dataclass(frozen=True)
class Index:
    """What decides whether a claim is in a view: read once for a graph, used by all its views."""

    spans: dict[Term, Span]
    attested: dict[Term, int]
    citations: list[Citation]


def make_index(claims: Iterable[Bindings], citing: Iterable[Bindings]) -> Index:
    """The index of the claims in rows of the projection ``spans`` and of the citations in rows of ``citation-dates``."""
    spans: dict[Term, Span] = {}
    attested: dict[Term, int] = {}
    for row in claims:
        spans[row["claim"]] = span_of(row)
        attested[row["claim"]] = int(str(row["attested"].value)) if "attested" in row else 0
    citations = [
        Citation(
            row["claim"],
            row["citation"],
            row["source"],
            int(str(row["rank"].value)) if "rank" in row else 0,
            _day(row.get("earliest")),
            _day(row.get("latest")),
        )
        for row in citing
    ]
    return Index(spans, attested, citations)


def span_of(row: Bindings) -> Span:
    """The span of a row of the projection ``spans``."""
    names = ("startsEarliest", "startsLatest", "endsEarliest", "endsLatest")
    return Span(*(_day(row.get(name)) for name in names))


def _day(term: Term | None) -> str | None:
    """The day in ISO text; None for what is no day, which content may state although rules derive it."""
    with contextlib.suppress(ValueError):
        return None if term is None else datetime.date.fromisoformat(str(term.value)).isoformat()
    return None


@dataclass(frozen=True)
class Selection:
    """What of a graph is in a view: claims, those that are so only possibly and in which way, admitted citations."""

    claims: set[Term]
    marks: list[tuple[Term, ox.NamedNode]]
    citations: list[Citation]


def select(index: Index, view: View) -> Selection:
    """The claims in the view, which of them only possibly and why, and their citations that the view admits."""
    cited: dict[Term, bool | None] = {}
    citations = []
    for citation in index.citations:
        admitted = _admits(view, citation)
        if admitted is not False:
            citations.append(citation)
            cited[citation.claim] = True if admitted or cited.get(citation.claim) else None
    kept: set[Term] = set()
    marks: list[tuple[Term, ox.NamedNode]] = []
    needs_citation = view.known_by is not None or view.tier is not None
    lowest = ATTESTATIONS.index(view.attested) + 1 if view.attested else 0
    day = view.as_of.isoformat() if view.as_of else None
    for claim, span in index.spans.items():
        if (needs_citation and claim not in cited) or index.attested[claim] < lowest:
            continue
        holds = span.in_force(day) if day else True
        if holds is False:
            continue
        kept.add(claim)
        if holds is None:
            marks.append((claim, POSSIBLY_IN_FORCE))
        if view.known_by is not None and cited.get(claim) is None:
            marks.append((claim, POSSIBLY_PUBLISHED))
    return Selection(kept, marks, [citation for citation in citations if citation.claim in kept])


def _admits(view: View, citation: Citation) -> bool | None:
    """Whether the view admits a citation: True surely, None possibly, False not."""
    if view.tier is not None and citation.rank <= TIERS.index(view.tier):
        return False
    if view.known_by is None:
        return True
    if citation.earliest is None or citation.latest is None:
        return None if view.undated else False
    day = view.known_by.isoformat()
    if citation.earliest > day:
        return False
    return True if citation.latest <= day else None


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

    def kept(quad: ox.Quad) -> bool:
        if quad.predicate in shortcuts or quad.object in excluded or is_of_ledger(quad):
            return False
        if quad.predicate in again and quad.subject in index.spans:
            return of_a_day and (quad.subject not in excluded or quad.object in index.spans)
        return quad.subject not in excluded

    made = ox.Store()
    made.bulk_extend(filter(kept, store))
    default = ox.DefaultGraph()
    made.extend(ox.Quad(claim, mark, TRUE, default) for claim, mark in chosen.marks if isinstance(claim, ox.NamedNode))
    spans = {claim: span for claim, span in index.spans.items() if claim in chosen.claims}
    return made, Index(spans, index.attested, chosen.citations)
