"""From which day on the end and the outcome of claims are known: what was learnt later is gone in a view of what was known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from partnergraph.core.spans import NEVER, Citation, Later, Span, day_of, node_of

if TYPE_CHECKING:
    from partnergraph.rdf.terms import Term


def read_later(
    rows: Iterable[Mapping[str, str]], spans: Mapping[Term, Span], cited: Mapping[Term, list[Citation]]
) -> dict[Term, Later]:
    """What is told later of each claim in rows of the projection ``later``."""
    told: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        told.setdefault(row["claim"], []).append(row)
    found: dict[Term, Later] = {}
    for name, said in told.items():
        claim = node_of(name)
        if claim not in spans:
            continue
        later = Later(
            _end_known(said, spans[claim], cited.get(claim, []), cited),
            _outcome_known(said, cited.get(claim, []), cited),
            said[0]["agreedEnd"] or None,
            day_of(said[0]["agreedEarliest"]),
            day_of(said[0]["agreedLatest"]),
            lasting=bool(said[0]["successor"]),
        )
        if later.end_known or later.outcome_known:
            found[claim] = later
    return found


def _first(citations: Iterable[Citation]) -> str | None:
    """The first day on which any of the sources may have been published."""
    return min((citation.earliest for citation in citations if citation.earliest is not None), default=None)


def _end_known(said: list[Mapping[str, str]], span: Span, own: list[Citation], cited: Mapping[Term, list[Citation]]) -> str | None:
    """The day from which on the end is known; None where it is known with the claim.

    What another claim brought about is known with that. Otherwise the claim's own sources tell of the end: those that
    were published before it can only tell of an agreed one, which they do not where later ones had to be added.
    """
    enders = {node_of(row[name]) for row in said for name in ("endedBy", "successor") if row[name]}
    if enders:
        days = [day for ender in enders if (day := _first(cited.get(ender, ()))) is not None]
        # A claim whose sources carry no date was not made before what it tells happened.
        return min(days) if days else span.ends_earliest
    over = span.ends_earliest
    if over is None or span.ends_latest is None:
        return None
    after = [citation for citation in own if citation.latest is not None and citation.latest >= over]
    before = any(citation.latest is not None and citation.latest < over for citation in own)
    return max(over, _first(after) or over) if after and before else None


def _outcome_known(said: list[Mapping[str, str]], own: list[Citation], cited: Mapping[Term, list[Citation]]) -> str | None:
    """The day from which on the outcome is known: that of the claim that shows it, else of the last source of the claim itself.

    A prediction does not tell its own outcome: without such a claim it is known from a source of its own that was published
    when it was due, or in hindsight only.
    """
    if not any(row["outcome"] or row["predictionOutcome"] or row["outcomeClaim"] for row in said):
        return None
    shown = [
        day for row in said if row["outcomeClaim"] and (day := _first(cited.get(node_of(row["outcomeClaim"]), ()))) is not None
    ]
    if shown:
        return min(shown)
    last = max((citation.earliest for citation in own if citation.earliest is not None), default=None)
    if not said[0]["predictionOutcome"]:
        return last
    due = day_of(said[0]["dueEarliest"])
    return last if last is not None and due is not None and last >= due else NEVER
