"""What of a graph is in a view: when claims hold and were published decides, and what is possibly so is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from partnergraph.core.later import read_later
from partnergraph.core.spans import Citation, Later, Span, day_of, node_of, span_of
from partnergraph.core.views import ATTESTATIONS, TIERS, View
from partnergraph.rdf.terms import PG, Term

POSSIBLY_IN_FORCE = ox.NamedNode(f"{PG}possiblyInForce")
POSSIBLY_PUBLISHED = ox.NamedNode(f"{PG}possiblyPublished")
STALE = ox.NamedNode(f"{PG}stale")
# What the rules from here on derive depends on which claims and citations there are.
RULES_OF_A_VIEW = 5
# From here on it depends on the claims alone: which version is preferred is the same on every day.
RULES_OF_A_DAY = 7


@dataclass(frozen=True)
class Index:
    """What decides whether a claim is in a view: read once for a graph, used by all its views."""

    spans: dict[Term, Span]
    attested: dict[Term, int]
    citations: list[Citation]
    later: dict[Term, Later] = field(default_factory=dict)


def make_index(columns: Mapping[str, Iterable[Mapping[str, str]]]) -> Index:
    """The index of the rows of the projections ``spans``, ``citation-dates`` and ``later``."""
    spans: dict[Term, Span] = {}
    attested: dict[Term, int] = {}
    happened: dict[str, str | None] = {}
    nodes: dict[str, Term] = {}
    for row in columns["spans"]:
        claim = nodes[row["claim"]] = node_of(row["claim"])
        spans[claim] = span_of(row)
        attested[claim] = int(row["attested"] or 0)
        happened[row["claim"]] = day_of(row["happenedEarliest"])
    # Gone through twice, which rows that are read from a store do not bear.
    dates = list(columns["citation-dates"])
    newest: dict[str, str] = {}
    for row in dates:
        newest[row["claim"]] = max(newest.get(row["claim"], ""), day_of(row["latest"]) or "")
    citations = [
        Citation(
            nodes.get(row["claim"]) or node_of(row["claim"]),
            node_of(row["citation"]),
            node_of(row["source"]),
            int(row["rank"] or 0),
            _told(day_of(row["earliest"]), day_of(row["latest"]), happened.get(row["claim"]), newest[row["claim"]]),
            day_of(row["latest"]),
        )
        for row in dates
    ]
    cited: dict[Term, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.claim, []).append(citation)
    return Index(spans, attested, citations, read_later(columns["later"], spans, cited))


def _told(earliest: str | None, latest: str | None, happened: str | None, newest: str) -> str | None:
    """The first day on which a source can have told of what happened.

    A claim all of whose sources are older tells of what is to come. Where one is not, an older one carries parts of it only.
    """
    if earliest is None or latest is None or happened is None or newest < happened:
        return earliest
    return max(earliest, happened)


@dataclass(frozen=True)
class Selection:
    """What of a graph is in a view: claims, those that are so only possibly and in which way, admitted citations.

    ``later`` holds of what the view does not know the end or outcome yet.
    """

    claims: set[Term]
    marks: list[tuple[Term, ox.NamedNode]]
    citations: list[Citation]
    spans: dict[Term, Span]
    later: dict[Term, Later] = field(default_factory=dict)


def select(index: Index, view: View, chosen: set[Term] | None = None) -> Selection:
    """The claims in the view, which of them only possibly and why, and their citations that the view admits; of some claims."""
    needs_citation = view.known_by is not None or view.tier is not None
    # A view of a day alone admits every citation.
    cited, citations = _cited(index, view) if needs_citation else ({}, index.citations)
    known = view.known_by.isoformat() if view.known_by else ""
    later = {} if not known or view.hindsight else index.later
    hidden = {claim: told for claim, told in later.items() if told.hides_end(known) or told.hides_outcome(known)}
    kept: dict[Term, Span] = {}
    marks: list[tuple[Term, ox.NamedNode]] = []
    lowest = ATTESTATIONS.index(view.attested) + 1 if view.attested else 0
    day = view.as_of.isoformat() if view.as_of else None
    for claim, own in index.spans.items():
        if chosen is not None and claim not in chosen:
            continue
        if (needs_citation and claim not in cited) or index.attested[claim] < lowest:
            continue
        span = hidden[claim].then(own) if claim in hidden and hidden[claim].hides_end(known) else own
        holds = span.in_force(day) if day else True
        if holds is False:
            continue
        kept[claim] = span
        if holds is None:
            marks.append((claim, POSSIBLY_IN_FORCE))
        if day and span.stale(day):
            marks.append((claim, STALE))
        if known and cited.get(claim) is None:
            marks.append((claim, POSSIBLY_PUBLISHED))
    return Selection(
        set(kept),
        marks,
        [citation for citation in citations if citation.claim in kept],
        kept,
        {claim: told for claim, told in hidden.items() if claim in kept},
    )


def _cited(index: Index, view: View) -> tuple[dict[Term, bool | None], list[Citation]]:
    """The citations that the view admits, and for each claim that has one whether any of them surely is."""
    cited: dict[Term, bool | None] = {}
    citations = []
    for citation in index.citations:
        admitted = _admits(view, citation)
        if admitted is not False:
            citations.append(citation)
            cited[citation.claim] = True if admitted or cited.get(citation.claim) else None
    return cited, citations


def count_undated(index: Index, view: View, chosen: set[Term] | None = None) -> int:
    """How many claims a view by publication leaves out for no other reason than that none of their sources carries a date."""
    if view.known_by is None or view.undated:
        return 0
    dated = {citation.claim for citation in index.citations if citation.latest is not None}
    return len(select(index, replace(view, known_by=None), chosen).claims - dated)


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


def narrowed(index: Index, chosen: Selection) -> Index:
    """The index of a view: what of the index is in it, with the ends that it knows."""
    unknown = {claim: told for claim, told in index.later.items() if claim in chosen.claims and claim not in chosen.later}
    partly = {claim: replace(told, end_known=None) for claim, told in chosen.later.items()}
    return Index(chosen.spans, index.attested, chosen.citations, unknown | partly)
