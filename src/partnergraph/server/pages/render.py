"""Which function makes the page of an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from partnergraph.base.errors import PartnerGraphError
from partnergraph.base.texts import clean
from partnergraph.rdf.terms import PREFIXES
from partnergraph.server.openapi import openapi
from partnergraph.server.pages import changes, claim, docs, entity, feeds, linked, lists, querying, reconcile
from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.frame import HTML, Frame, Moved, NotFound, Page
from partnergraph.server.pages.links import Links, iri_of, local_name
from partnergraph.server.problems import MEDIA, Problem, problem_of
from partnergraph.server.settings import PUBLIC

if TYPE_CHECKING:
    from partnergraph.api import Graph

RDF_SUFFIX = "|".join(linked.FORMATS)
_THING = re.compile(r"/(entity|claim|source|dispute|entry)/(.+)\.(html|json|" + RDF_SUFFIX + ")", re.DOTALL)
_ASK = re.compile(r"/ask/([^/]+?)(?:\.html)?")
_FEED = re.compile(r"/feeds/(known|changes)\.(atom|json)")
_RDF = re.compile(r"/(sparql|void|dcat|\.well-known/void|ontology|download/partnergraph)(?:\.(" + RDF_SUFFIX + "))?")
_DOCS = re.compile(r"/docs(?:/(.*))?", re.DOTALL)
_SUGGEST = re.compile(r"/reconcile/suggest/(entity|type|property)")
_EXAMPLE = re.compile(r"/sparql/examples/([^/]+)")


def render(  # noqa: PLR0913, PLR0917  # what a page depends on
    graph: Graph, facts: Facts, path: str, params: Mapping[str, str], links: Links, base_url: str = ""
) -> Page:
    """The page at a path; also what is not found, or asked for wrongly, is one."""
    frame = Frame(graph, facts, links, params, base_url)
    plain = path.removesuffix(".html") or "/"
    try:
        return _made(frame, path, plain)
    except Moved as moved:
        return Page(b"", "text/plain", 301, {"Location": links.to(moved.address)})
    except NotFound as missing:
        return _missing(frame, path, missing)
    except Problem as problem:
        return Page(problem.body(), MEDIA, problem.status, problem.headers)
    except PartnerGraphError as error:
        told = problem_of(error, PUBLIC)
        if path.endswith((".json", ".atom", *(f".{one}" for one in linked.FORMATS))):
            return Page(told.body(), MEDIA, told.status, told.headers)
        return frame.html("problem.html.j2", status=told.status, title=told.title, detail=told.detail, near=[], path=path)


def _made(frame: Frame, path: str, plain: str) -> Page:  # noqa: C901  # one case a pattern
    if plain in PAGES:
        return PAGES[plain](frame)
    if match := _THING.fullmatch(path):
        return thing(frame, *match.groups())
    if match := _ASK.fullmatch(path):
        return lists.ask_page(frame, match[1])
    if match := _FEED.fullmatch(path):
        return feeds.FEEDS[match[1]](frame, match[2])
    if match := _DOCS.fullmatch(path):
        return docs.docs_page(frame, match[1] or "")
    if match := _SUGGEST.fullmatch(path):
        return reconcile.suggest(frame, match[1])
    if match := _EXAMPLE.fullmatch(path):
        return querying.example_json(frame, match[1])
    if match := _RDF.fullmatch(path):
        suffix = match[2] or "ttl"
        if match[1] == "sparql":
            return linked.rdf(linked.description(frame), suffix)
        if match[1] == "ontology":
            return linked.ontology_rdf(frame, suffix)
        if match[1] == "download/partnergraph":
            store = frame.graph.local.store
            return linked.rdf([quad.triple for quad in store.quads_for_pattern(None, None, None)], suffix)
        return linked.rdf(linked.void(frame), suffix)
    raise NotFound("there is no such page", entity.near_names(frame, plain.rpartition("/")[2]))


def thing(frame: Frame, folder: str, name: str, suffix: str) -> Page:
    """An entity, claim or source in one of its forms."""
    frame.extras = {"suffix": suffix}
    if folder in {"dispute", "entry"}:
        return other(frame, iri_of(name, folder), folder, suffix)
    iri = entity.find(frame, name) if folder == "entity" else claim.find(frame, name, folder)
    if suffix in linked.FORMATS:
        return linked.thing_rdf(frame, iri, folder, suffix)
    if suffix == "json":
        return {"entity": linked.entity_json, "claim": linked.claim_json, "source": linked.source_json}[folder](frame, iri)
    return {"entity": entity.entity_page, "claim": claim.claim_page, "source": claim.source_page}[folder](frame, iri)


def other(frame: Frame, iri: str, folder: str, suffix: str) -> Page:
    """A contested point or an entry of the ledger: what the graph says of it, term by term."""
    try:
        triples = linked.described(frame.graph, [iri])
    except ValueError:
        triples = []
    deal = PREFIXES["claim"] + local_name(iri, folder)
    if not triples and folder == "entry" and deal in frame.facts.claims:
        # A deal of several payers has an entry for the share of each, and none of its own: its claim says what it is.
        return Page(b"", "text/plain", 303, {"Location": frame.links.thing(deal, "claim", suffix)})
    if not triples:
        raise NotFound(f"there is no {folder} of this name", [("where claims differ", frame.links.to("/conflicts"))])
    if suffix in linked.FORMATS:
        return linked.rdf(triples, suffix)
    return linked.node_page(frame, iri, folder, triples) if suffix == "html" else linked.node_json(frame, iri, triples)


def map_page(frame: Frame) -> Page:
    """The interactive map: one page, which opens around an entity or on a day by what its address says."""
    focus = frame.params.get("focus", "").strip()
    made = frame.graph.map(focus=focus or None)
    if start := made.purpose.start:
        kept = {name: value for name, value in frame.links.view if name in {"attested", "tier"}}
        if "embed" in frame.params:
            kept["embed"] = frame.params["embed"]
        plain = Links(frame.links.prefix, frame.links.static, frame.links.here).to("/map", kept)
        return Page(b"", "text/plain", 303, {"Location": f"{plain}#{start}"})
    return Page(made.html.encode("utf-8", "replace"), HTML, framed=frame.params.get("embed") == "1", inline=True)


def family_styles(frame: Frame) -> Page:
    """The colours of the families of relations, which the ontology states, as a style sheet."""
    pairs = list(enumerate(frame.facts.families.values()))
    light = "".join(f".f{number} {{ --family: {colour}; }}\n" for number, (_, colour, _) in pairs)
    dark = "".join(f":root[data-theme=dark] .f{number} {{ --family: {colour}; }}\n" for number, (_, _, colour) in pairs)
    system = "".join(f":root:not([data-theme=light]) .f{number} {{ --family: {colour}; }}\n" for number, (_, _, colour) in pairs)
    text = f"{light}{dark}@media (prefers-color-scheme: dark) {{\n{system}}}\n"
    return Page(text.encode(), "text/css; charset=utf-8")


def _missing(frame: Frame, path: str, missing: NotFound) -> Page:
    suffix = path.rpartition(".")[2]
    if suffix in linked.FORMATS or suffix in {"json", "atom", "xml", "txt"}:
        problem = Problem(missing.status, missing.what, {}, {"nearest": [clean(name) for name, _ in missing.near]})
        return Page(problem.body(), MEDIA, missing.status)
    return frame.html(
        "problem.html.j2", status=missing.status, title=missing.title, detail=missing.what, near=missing.near, path=path
    )


PAGES: dict[str, Callable[[Frame], Page]] = {
    "/": lists.home_page,
    "/search": lists.search_page,
    "/search.json": lists.search_json,
    "/ask": lists.questions_page,
    "/ask.json": lists.questions_json,
    "/conflicts": lists.conflicts_page,
    "/timeline": lists.timeline_page,
    "/diff": lists.diff_page,
    "/changes": changes.changes_page,
    "/changes.json": changes.changes_json,
    "/vocabulary": lists.vocabulary_page,
    "/about": lists.about_page,
    "/sparql": querying.sparql_page,
    "/sparql/words.json": querying.words_json,
    "/reconcile": reconcile.service,
    "/reconcile/properties": reconcile.proposed,
    "/reconcile/preview": reconcile.preview,
    "/sitemap.xml": linked.sitemap,
    "/robots.txt": linked.robots,
    "/openapi.json": lambda frame: frame.json(openapi(frame.graph.questions, frame.base_url, frame.graph.version)),
    "/map": map_page,
    "/families.css": family_styles,
}
