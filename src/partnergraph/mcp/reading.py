"""Tools that read: names, entities, claims, where claims differ."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from partnergraph.base.errors import AmbiguousName, QueryError, UnknownName
from partnergraph.content.finding import find_nearest
from partnergraph.mcp.paper import Pages, Told, line, row, table
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import compact
from partnergraph.reading.cards import read_entity
from partnergraph.reading.citations import read_citations
from partnergraph.reading.claims import claim_figures, claim_marks, read_claim
from partnergraph.reading.conflicts import conflicts as find_conflicts
from partnergraph.show.values import interval

if TYPE_CHECKING:
    from partnergraph.api import Graph
    from partnergraph.rdf.terms import Bindings

WHAT = ("entities", "questions", "claims", "sources")
NEWEST = 6
MAX_CLAIMS = 5


def search(graph: Graph, text: str, what: str = "", limit: int = 10) -> Told:
    """Names of entities, questions, claims and sources that the text speaks of."""
    if what and what not in WHAT:
        raise QueryError(f"what={what!r}: take one of {', '.join(WHAT)}, or leave it out")
    wanted = [what] if what else ["entities", "questions"]
    parts = []
    if "entities" in wanted:
        hits = graph.names.search(text) or _named_in(graph, text)
        kinds = graph.kinds(iri for iri, _ in hits[:limit])
        lines = [
            f"- {line(compact(iri))}: {line(graph.names.label[iri])}"
            + (f" (also {line(name)})" if name != graph.names.label[iri] else "")
            + f", {kinds.get(iri, 'entity')}"
            for iri, name in hits[:limit]
        ]
        parts.append(_listed("entities", lines, len(hits)))
    if "questions" in wanted:
        near = find_nearest(text, text, graph.questions.values(), graph.names, limit=limit)
        lines = []
        for name, title in near:
            if name in graph.questions:
                usage = ", ".join(parameter.usage() for parameter in graph.questions[name].parameters)
                lines.append(f"- {name}: {line(title)}" + (f" [{line(usage)}]" if usage else ""))
        parts.append(_listed("questions for the tool ask", lines, len(lines)))
    for name, column in (("claims", "label"), ("sources", "title")):
        if name in wanted:
            words = [fold(word) for word in text.split() if fold(word)]
            found = {str(r[name[:-1]].value): str(r[column].value) for r in graph.project(name).mappings()}
            hits_ = [iri for iri, said in found.items() if words and all(word in fold(said) for word in words)]
            parts.append(_listed(name, [f"- {line(compact(iri))}: {line(found[iri])}" for iri in hits_[:limit]], len(hits_)))
    return Told("\n\n".join(parts))


def _named_in(graph: Graph, text: str) -> list[tuple[str, str]]:
    """The entities that runs of the words name, the longest runs first."""
    words = text.split()[:30]
    found: dict[str, str] = {}
    for length in range(min(5, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            if name in graph.names:
                with suppress(AmbiguousName, UnknownName):
                    found.setdefault(graph.names.resolve(name), name)
    return list(found.items())


def _listed(what: str, lines: list[str], total: int) -> str:
    if not lines:
        return f"No {what} fit."
    more = f" ({len(lines)} of {total})" if total > len(lines) else ""
    return f"{what}{more}:\n" + "\n".join(lines)


def entity(graph: Graph, name: str, kind: str = "", cursor: str = "") -> Told:
    """What an entity is, how many claims of which kinds there are, and the newest of them with a source each."""
    iri = graph.find_entity(name)
    card = read_entity(graph, iri, kind=kind or None, limit=0)
    names = card.names
    head = [f"# {line(names[0])}, {card.what} ({line(compact(iri))})"]
    if names[1:]:
        head.append("Also called: " + "; ".join(line(one, 80) for one in names[1:12]))
    head.append(f"Claims: {card.summary}. View: {graph.scope}.")
    head.append("By kind: " + ", ".join(f"{label} {len(claims)}" for label, claims in card.kinds.items()))
    rows = {str(claim["claim"].value): claim for claims in card.kinds.values() for claim in claims}
    ordered = sorted(rows, key=lambda claim: str(rows[claim]["day"].value) if "day" in rows[claim] else "", reverse=True)
    pages = Pages(["entity", iri, kind, str(graph.view)], graph.version, cursor)
    shown = ordered if kind or cursor else ordered[:NEWEST]
    items = [_claim_row(rows[claim], card.sources.get(claim, "no citation")) for claim in shown]
    foot = ""
    if len(shown) < len(ordered):
        foot = f"These are the newest {len(shown)} of {len(ordered)}; name a kind for all claims of it, or use the tool ask."
    text, _ = pages.fill("\n".join(head) + "\n\n" + table(("when", "claim", "says", "how", "source")), items, foot)
    return Told(text)


def _claim_row(found: Bindings, source: str) -> str:
    how = " · ".join([*claim_figures(found), *claim_marks(found)])
    return row((interval(found), compact(str(found["claim"].value)), str(found["label"].value), how, source))


def claim(graph: Graph, ids: list[str]) -> Told:
    """Claims in full: what each states, every citation with its place and address, rivals and which is preferred."""
    if not 1 <= len(ids) <= MAX_CLAIMS:
        raise QueryError(f"name 1 to {MAX_CLAIMS} claims at once")
    parts = []
    for name in ids:
        card = read_claim(graph, graph.find_claim(name))
        lines = [f"# {line(compact(card.iri))}", line(card.label, 600)]
        lines += [f"- {line(field)}: {line(value)}" for field, value in card.fields]
        lines.append("Sources, the best first:")
        cited = read_citations(graph, [card.iri], addresses=True)[card.iri]
        lines += [f"{number}. {line(one.proof(), 400)} {line(one.address, 300)}".rstrip() for number, one in enumerate(cited, 1)]
        if not cited:
            lines.append("none")
        for other, label, preferred in card.disputes:
            lines.append(f"Contested by {line(compact(other))}: {line(label)}" + (f" ({line(preferred)})" if preferred else ""))
        parts.append("\n".join(lines))
    return Told("\n\n".join(parts)[:11_800] + f"\n\nView: {graph.scope}. Content {graph.version}.")


def conflicts(graph: Graph, entity: str = "", limit: int = 5, cursor: str = "") -> Told:
    """Where claims differ: versions side by side, and what the editors rule."""
    found = find_conflicts(graph)
    if entity:
        iri = graph.find_entity(entity)
        about = {str(r["claim"].value) for r in _claims_of(graph, iri)}
        found = [one for one in found if any(version.claim in about for version in one.versions)]
    items = []
    for one in found:
        lines = [f"- {line(one.question)}" + (f" ({one.nature})" if one.nature else "")]
        for version in one.versions:
            mark = "preferred" if version.preferred else "not preferred"
            lines.append(
                f"  - {mark}: {line(version.money() or 'no figure')} · {version.attestation} · source {version.tier} · "
                f"{line(compact(version.claim))}: {line(version.label, 200)}"
            )
        if one.verdict:
            lines.append(f"  {line(one.verdict, 400)}")
        items.append("\n".join(lines))
    pages = Pages(["conflicts", entity, limit, str(graph.view)], graph.version, cursor)
    items = items[: pages.start + limit] if len(items) > pages.start + limit and not cursor else items
    head = f"{len(found)} contested points" + (f" about {line(entity)}" if entity else "") + ", the most material first:"
    foot = f"{len(found) - len(items)} more; ask for more with limit." if len(items) < len(found) else ""
    return Told(pages.fill(head, items, foot)[0])


def _claims_of(graph: Graph, iri: str) -> list[Bindings]:
    import pyoxigraph as ox

    return list(graph.project("card", entity=ox.NamedNode(iri)).mappings())
