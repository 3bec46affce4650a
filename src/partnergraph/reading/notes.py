"""Notes: what the marks of an answer lead to, each claim with its sources and where these are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import compact
from partnergraph.reading.citations import Citation, contested_by, read_citations
from partnergraph.show.reply import Note


def notes_of(graph: GraphCore) -> Callable[[Sequence[str]], list[Note]]:
    """What gives the notes of claims, and reads each once: a reply is composed several times until it fits a screen."""
    known: dict[str, Note] = {}

    def notes(claims: Sequence[str]) -> list[Note]:
        missing = [claim for claim in claims if claim not in known]
        known.update(zip(missing, _read(graph, missing), strict=True))
        return [known[claim] for claim in claims]

    return notes


def _read(graph: GraphCore, claims: Sequence[str]) -> list[Note]:
    """The notes of the claims, in their order."""
    cited = read_citations(graph, claims, addresses=True)
    contested = contested_by(graph, claims)
    labels = graph.labels(claims)
    return [_note(claim, clean(labels.get(claim, "")), cited[claim], contested[claim]) for claim in claims]


def _note(claim: str, label: str, cited: Sequence[Citation], contested: Sequence[str]) -> Note:
    best = cited[0] if cited else None
    more = f" +{len(cited) - 1}" if len(cited) > 1 else ""
    brief = f"{best.where()}{more}" if best else "no citation"
    full = f"{best}{f', and {len(cited) - 1} more' if len(cited) > 1 else ''}" if best else brief
    if contested:
        full += ". Contested by " + ", ".join(contested)
    data = {
        "claim": compact(claim),
        "label": label,
        "citations": [one.plain() for one in cited],
        "contested by": [other.removesuffix(" (preferred)") for other in contested],
    }
    columns = {
        "source": best.publisher or best.title if best else "",
        "title": best.title if best else "",
        "published": best.issued if best else "",
        "tier": best.tier if best else "",
        "place": best.locator if best else "",
        "address": best.address if best else "",
        "source id": compact(best.source) if best else "",
        "more sources": str(len(cited) - 1) if len(cited) > 1 else "",
        "contested by": ", ".join(contested),
    }
    return Note(compact(claim), brief, full, best.address if best else "", data, columns)
