"""Linked data: what is known of an IRI as RDF or JSON, the ontology as one document, and how the data set describes itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import PG, PREFIXES, compact
from partnergraph.reading.citations import read_citations
from partnergraph.reading.claims import claim_figures, claim_marks
from partnergraph.server.pages.docs import docs_addresses
from partnergraph.server.pages.frame import Frame, Page
from partnergraph.server.pages.links import as_file, folder_of, thing_path
from partnergraph.server.settings import PUBLIC
from partnergraph.server.writing import MEDIA, write_triples
from partnergraph.show.values import interval
from partnergraph.stores.sandbox.limits import Limits

if TYPE_CHECKING:
    from partnergraph.api import Graph

FORMATS = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
BASE = "https://w3id.org/partnergraph/"
WITHOUT = Limits(seconds=PUBLIC.seconds, rows=10_000_000, bytes=256 * 2**20, memory=PUBLIC.memory)


def thing_rdf(frame: Frame, iri: str, folder: str, suffix: str) -> Page:
    """An entity with its claims, a claim, or a source with what cites it, as RDF."""
    graph = frame.graph
    claims: list[str] = [iri] if folder == "claim" else []
    if folder == "entity":
        claims = [str(row["claim"].value) for row in graph.project("card", entity=ox.NamedNode(iri)).mappings()]
    elif folder == "source":
        claims = frame.facts.claims_of_source.get(iri, [])
    return rdf(described(graph, [iri, *claims]), suffix)


def described(graph: Graph, iris: Iterable[str]) -> list[ox.Triple]:
    """All triples about the IRIs, with those about the nodes without a name that they hold."""
    store = graph.local.store
    found: dict[ox.Triple, None] = {}
    open_: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]
    seen = set(open_)
    while open_:
        for quad in store.quads_for_pattern(open_.pop(), None, None):
            found[quad.triple] = None
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                open_.append(quad.object)
    return list(found)


def rdf(triples: list[ox.Triple], suffix: str) -> Page:
    """The triples in the format of a suffix."""
    name = FORMATS[suffix]
    return Page(write_triples(triples, name, WITHOUT), MEDIA[name])


def ontology_rdf(frame: Frame, suffix: str) -> Page:
    """The ontology: one document with all its terms."""
    store = frame.graph.local.store
    terms = {
        str(quad.subject.value)
        for quad in store.quads_for_pattern(None, None, None)
        if isinstance(quad.subject, ox.NamedNode) and _is_term(quad.subject)
    }
    return rdf(described(frame.graph, sorted(terms)), suffix)


def _is_term(subject: ox.NamedNode) -> bool:
    return subject.value.startswith(PG) or subject.value == PG.rstrip("#")


def entity_json(frame: Frame, iri: str) -> Page:
    """An entity with all its claims as JSON, or those of one kind."""
    card = frame.facts.card(iri, frame.params.get("kind", ""))
    claims = [
        {
            "id": compact(str(row["claim"].value)),
            "kind": label,
            "when": interval(row),
            "label": clean(str(row["label"].value)),
            "figures": claim_figures(row),
            "marks": claim_marks(row),
            "source": card.sources.get(str(row["claim"].value)),
        }
        for label, rows in card.kinds.items()
        for row in rows
    ]
    told = {"iri": iri, "id": compact(iri), "names": list(card.names), "kind": card.what, "view": str(frame.graph.view)}
    return frame.json(told | {"content": frame.graph.version, "claims": claims})


def claim_json(frame: Frame, iri: str) -> Page:
    """A claim in full as JSON."""
    card = frame.facts.claim(iri)
    cited = read_citations(frame.graph, [iri], addresses=True)[iri]
    return frame.json(
        {
            "iri": iri,
            "id": compact(iri),
            "label": card.label,
            "fields": dict(card.fields),
            "sources": [vars(citation) for citation in cited],
            "contested by": [{"id": compact(other), "label": label, "preferred": why} for other, label, why in card.disputes],
            "view": str(frame.graph.view),
            "content": frame.graph.version,
        }
    )


def source_json(frame: Frame, iri: str) -> Page:
    """A source with the claims that rest on it as JSON."""
    claims = list(dict.fromkeys(frame.facts.claims_of_source.get(iri, ())))
    labels = frame.graph.labels(claims)
    told = [{"id": compact(claim), "label": labels.get(claim, "")} for claim in claims]
    return frame.json({"iri": iri, "id": compact(iri), "title": frame.facts.sources.get(iri, ""), "claims": told})


def _values(frame: Frame, iri: str, triples: list[ox.Triple]) -> list[tuple[str, str, str]]:
    """Heading, words and page of each value that is stated of an IRI."""
    own = sorted((t for t in triples if isinstance(t.subject, ox.NamedNode) and t.subject.value == iri), key=str)
    named = {node.value for t in own for node in (t.predicate, t.object) if isinstance(node, ox.NamedNode)}
    labels = frame.graph.labels(named)
    made = []
    for triple in own:
        value = triple.object
        told = value.value if isinstance(value, ox.Literal) else str(value)
        folder = folder_of(value.value) if isinstance(value, ox.NamedNode) else None
        if isinstance(value, ox.NamedNode):
            told = labels.get(value.value) or compact(value.value)
        heading = labels.get(triple.predicate.value) or compact(triple.predicate.value)
        made.append(
            (
                clean(heading),
                clean(told),
                frame.links.thing(value.value, folder) if folder and isinstance(value, ox.NamedNode) else "",
            )
        )
    return made


def node_page(frame: Frame, iri: str, folder: str, triples: list[ox.Triple]) -> Page:
    """What the graph says of an IRI as a page."""
    values = _values(frame, iri, triples)
    title = next((told for heading, told, _ in values if heading == "label"), compact(iri))
    path = thing_path(iri, folder, static=frame.links.static)
    return frame.html("node.html.j2", title=title, iri=iri, short=compact(iri), folder=folder, values=values, path=path)


def node_json(frame: Frame, iri: str, triples: list[ox.Triple]) -> Page:
    """What the graph says of an IRI as JSON."""
    told: dict[str, list[str]] = {}
    for heading, value, _ in _values(frame, iri, triples):
        told.setdefault(heading, []).append(value)
    return frame.json({"iri": iri, "id": compact(iri), "says": told})


def void(frame: Frame) -> list[ox.Triple]:
    """The data set in VoID: licence, size, where to ask and how names are looked up."""
    data = ox.NamedNode(BASE + "dataset")
    facts = frame.facts.overview

    def term(name: str) -> ox.NamedNode:
        prefix, _, local = name.partition(":")
        return ox.NamedNode({**PREFIXES, "void": "http://rdfs.org/ns/void#", "dcat": "http://www.w3.org/ns/dcat#"}[prefix] + local)

    def whole(number: object) -> ox.Literal:
        return ox.Literal(str(number), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))

    pairs: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        ("rdf:type", term("void:Dataset")),
        ("rdf:type", term("dcat:Dataset")),
        ("dcterms:title", ox.Literal("partnergraph", language="en")),
        (
            "dcterms:description",
            ox.Literal("Sourced claims about who funds, powers, licenses, supplies and competes with whom in AI.", language="en"),
        ),
        ("dcterms:license", ox.NamedNode(LICENCE)),
        ("owl:versionInfo", ox.Literal(frame.graph.version)),
        ("void:triples", whole(frame.graph.engine.size())),
        ("void:entities", whole(facts.get("entities", 0))),
        ("void:uriSpace", ox.Literal(BASE)),
        ("void:vocabulary", ox.NamedNode(PG)),
        ("void:exampleResource", ox.NamedNode(PREFIXES["ent"] + "openai")),
    ]
    if frame.base_url:
        pairs += [
            ("void:sparqlEndpoint", ox.NamedNode(frame.address("/sparql"))),
            ("void:dataDump", ox.NamedNode(frame.address("/download/partnergraph.ttl"))),
            ("dcat:landingPage", ox.NamedNode(frame.address("/"))),
        ]
    return [ox.Triple(data, term(name), value) for name, value in pairs]


def description(frame: Frame) -> list[ox.Triple]:
    """The service in the words of SPARQL 1.1 Service Description."""
    sd = "http://www.w3.org/ns/sparql-service-description#"
    formats = "http://www.w3.org/ns/formats/"
    service, dataset, graph = ox.BlankNode(), ox.BlankNode(), ox.BlankNode()

    def node(text: str) -> ox.NamedNode:
        return ox.NamedNode(text)

    a = node(PREFIXES["rdf"] + "type")
    triples = [
        ox.Triple(service, a, node(f"{sd}Service")),
        ox.Triple(
            service,
            node(f"{sd}endpoint"),
            node(frame.address("/sparql") if frame.base_url else "/sparql") if frame.base_url else ox.Literal("/sparql"),
        ),
        ox.Triple(service, node(f"{sd}supportedLanguage"), node(f"{sd}SPARQL11Query")),
        ox.Triple(service, node(f"{sd}feature"), node(f"{sd}EmptyGraphs")),
        ox.Triple(service, node(f"{sd}defaultDataset"), dataset),
        ox.Triple(dataset, a, node(f"{sd}Dataset")),
        ox.Triple(dataset, node(f"{sd}defaultGraph"), graph),
        ox.Triple(graph, a, node(f"{sd}Graph")),
        ox.Triple(graph, a, node("http://rdfs.org/ns/void#Dataset")),
    ]
    triples += [ox.Triple(graph, triple.predicate, triple.object) for triple in void(frame) if triple.predicate != a]
    names = (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "JSON-LD",
        "RDF_XML",
    )
    return triples + [ox.Triple(service, node(f"{sd}resultFormat"), node(formats + name)) for name in names]


def sitemap(frame: Frame) -> Page:
    """The addresses of all pages of things, for crawlers."""
    base = frame.base_url
    static = frame.links.static
    paths = ["/", "/ask", "/conflicts", "/map", "/vocabulary", "/about", *([] if static else ["/timeline", "/changes"])]
    paths += [path for path in docs_addresses() if path.endswith(".html")]
    paths += [f"/ask/{name}" for name in frame.graph.questions]
    paths += [thing_path(iri, "entity", static=static) for iri in frame.graph.names.label]
    paths += [thing_path(iri, "claim", static=static) for iri in frame.facts.claims]
    if static:
        paths = [as_file(path).removesuffix("index.html") if path in {"/", "/ask"} else as_file(path) for path in paths]
    from html import escape
    from urllib.parse import quote

    lines = "".join(f"<url><loc>{escape(base + quote(path))}</loc></url>\n" for path in paths[:50_000])
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )
    return Page(text.encode(), "application/xml")


def robots(frame: Frame) -> Page:
    """What crawlers may read: pages, not the endpoint nor every day's view of them."""
    lines = [
        "User-agent: *",
        "Disallow: /sparql",
        "Disallow: /mcp",
        "Disallow: /reconcile",
        "Disallow: /*?as_of=",
        "Disallow: /*&as_of=",
    ]
    lines += ["Disallow: /*?known_by=", "Disallow: /*&known_by="]
    if frame.base_url:
        lines.append(f"Sitemap: {frame.address('/sitemap.xml')}")
    return Page(("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")
