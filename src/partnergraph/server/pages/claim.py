"""The pages of a claim and of a source: what stands where, the versions side by side, how to cite it."""

from __future__ import annotations

from dataclasses import dataclass

from partnergraph.base.texts import clean
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PREFIXES, compact, expand
from partnergraph.reading.citations import read_citations
from partnergraph.server.pages.frame import Frame, NotFound, Page
from partnergraph.server.pages.links import folder_of, iri_of, thing_path

MOST_LINKS = 40


@dataclass
class Field:
    """One line of a claim: what it is, its words, and the pages that these name."""

    name: str
    value: str
    links: list[tuple[str, str]]


def find(frame: Frame, name: str, folder: str) -> str:
    """The claim or source that an address names; raises NotFound with near ones."""
    iri = iri_of(name, folder)
    try:
        if frame.graph.is_a(iri, folder.capitalize()):
            return iri
    except ValueError:
        pass
    if frame.viewed and frame.graph.whole.is_a(iri, folder.capitalize()):
        raise NotFound(
            f"{compact(iri)} is not in this view: {frame.graph.view}",
            [("the same without a view", frame.links.plain(thing_path(iri, folder)))],
        )
    frame.follow(iri, folder)
    known = frame.facts.claims if folder == "claim" else frame.facts.sources
    shorts = {compact(one).partition(":")[2]: one for one in known}
    near = [(one, frame.links.thing(shorts[one], folder)) for one in nearest_names(name, shorts)]
    raise NotFound(f"no {folder} named {clean(name)!r}", near)


def claim_page(frame: Frame, iri: str) -> Page:
    """The page of a claim."""
    graph = frame.graph
    card = frame.facts.claim(iri)
    objects = _objects(frame, iri)
    fields = [Field(name, value, _named(frame, objects.get(name, []))) for name, value in card.fields]
    points = [frame.facts.contested[number] for number in frame.facts.contested_claims.get(iri, ())]
    parties = [
        (label, address) for field in fields for label, address in field.links if "/entity/" in address or "entity/" in address
    ]
    return frame.html(
        "claim.html.j2",
        title=clean(card.label),
        iri=iri,
        short=compact(iri),
        card=card,
        fields=fields,
        cited=read_citations(graph, [iri], addresses=True)[iri],
        points=points,
        parties=list(dict.fromkeys(parties)),
        sparql=f"SELECT ?property ?value WHERE {{ {compact(iri) if expand(compact(iri)) == iri else f'<{iri}>'} ?property ?value }}",
        path=thing_path(iri, "claim", static=frame.links.static),
    )


def _named(frame: Frame, objects: list[str]) -> list[tuple[str, str]]:
    """The pages of what a field of a claim names."""
    found = objects[:MOST_LINKS]
    labels = frame.graph.labels([one for one in found if folder_of(one) != "claim"])
    made = []
    for one in found:
        folder = folder_of(one)
        if folder is not None and frame.links.has(folder):
            made.append((clean(labels.get(one) or compact(one)), frame.links.thing(one, folder)))
    return made


def _objects(frame: Frame, iri: str) -> dict[str, list[str]]:
    """The IRIs that each field of a claim names, by the heading under which a card shows it."""
    import pyoxigraph as ox

    found: dict[str, list[str]] = {}
    for row in frame.graph.project("claim", claim=ox.NamedNode(iri)).mappings():
        if isinstance(row["value"], ox.NamedNode):
            found.setdefault(clean(str(row["heading"].value)), []).append(row["value"].value)
    return found


def source_page(frame: Frame, iri: str) -> Page:
    """The page of a source: what it is, and the claims that rest on it."""
    graph = frame.graph
    claims = list(dict.fromkeys(frame.facts.claims_of_source.get(iri, ())))
    labels, whens, cited = graph.labels(claims), graph.intervals(claims), read_citations(graph, claims)
    lines = [
        (whens.get(claim, ""), clean(labels.get(claim, "")), frame.links.thing(claim, "claim"), clean(citation.locator))
        for claim in claims
        for citation in cited[claim][:50]
        if citation.source == iri
    ]
    lines.sort(key=lambda line: line[3])
    told = {
        name: clean(str(terms[0].value))
        for name, property_ in (("address", "schema:url"), ("issued", "dcterms:issued"), ("title", "dcterms:title"))
        if (terms := graph.engine.objects([iri], _expanded(property_)).get(iri))
    }
    tier = graph.labels([str(term.value) for term in graph.engine.objects([iri], _expanded("pg:tier")).get(iri, [])])
    publisher = graph.engine.objects([iri], _expanded("dcterms:publisher")).get(iri, [])
    names = graph.labels(str(term.value) for term in publisher)
    return frame.html(
        "source.html.j2",
        title=told.get("title") or compact(iri),
        iri=iri,
        short=compact(iri),
        told=told,
        tier=next(iter(tier.values()), "tier unknown"),
        publishers=[(clean(names.get(str(one.value), "")), frame.links.thing(str(one.value), "entity")) for one in publisher],
        lines=lines,
        path=thing_path(iri, "source", static=frame.links.static),
        sparql=f"SELECT ?claim ?label WHERE {{ ?claim pg:cites/pg:source <{iri}> ; rdfs:label ?label }}",
    )


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
