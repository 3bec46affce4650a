"""Feeds in Atom and JSON: what was learned when, as publications tell, whole or of one entity or kind."""

from __future__ import annotations

import json
from html import escape

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PREFIXES, compact
from partnergraph.reading.citations import read_citations
from partnergraph.server.pages.changes import find_groups, words_of
from partnergraph.server.pages.frame import FEED_SIZE, Frame, Page
from partnergraph.server.pages.links import thing_path


def known(frame: Frame, suffix: str) -> Page:
    """What became known, the latest first."""
    graph = frame.graph
    entity, kind = frame.params.get("entity", "").strip(), frame.params.get("kind", "").strip()
    among: set[str] | None = None
    title = "partnergraph: what became known"
    if entity:
        iri = graph.find_entity(entity)
        rows = list(graph.project("card", entity=ox.NamedNode(iri)).mappings())
        among = {str(row["claim"].value) for row in rows}
        title += f" about {clean(graph.names_of(iri)[0])}"
    found = [(day, claim) for day, claim in frame.facts.published if among is None or claim in among]
    if kind:
        kinds = graph.kinds(claim for _, claim in found)
        found = [(day, claim) for day, claim in found if fold(kinds.get(claim, "")) == fold(kind)]
        title += f": {clean(kind)}"
    found = found[:FEED_SIZE]
    labels, cited = graph.labels(claim for _, claim in found), read_citations(graph, [claim for _, claim in found], addresses=True)
    items = []
    for day, claim in found:
        best = cited[claim][0] if cited[claim] else None
        address = frame.address(thing_path(claim, "claim")) if frame.base_url else claim
        items.append((claim, address, clean(labels.get(claim, compact(claim))), day, clean(str(best)) if best else "no citation"))
    return _feed(frame, "known", suffix, title, items)


def changed(frame: Frame, suffix: str) -> Page:
    """What was changed in the data from release to release and why, the latest first: one entry a reason."""
    title = "partnergraph: changes between releases"
    items = []
    for group in find_groups(frame)[:FEED_SIZE]:
        address = frame.address("/changes") + f"#{group.release.version}" if frame.base_url else group.iri
        items.append((group.iri, address, f"{group.release.version}: {group.title}", group.release.day, words_of(group)))
    return _feed(frame, "changes", suffix, title, items)


FEEDS = {"known": known, "changes": changed}


def _feed(frame: Frame, name: str, suffix: str, title: str, items: list[tuple[str, str, str, str, str]]) -> Page:
    return _atom(frame, name, title, items) if suffix == "atom" else _json(frame, name, title, items)


def _atom(frame: Frame, name: str, title: str, items: list[tuple[str, str, str, str, str]]) -> Page:
    updated = items[0][3] if items else "1970-01-01"
    own = frame.address(f"/feeds/{name}.atom") if frame.base_url else f"{PREFIXES['claim']}feed-{name}"
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{escape(own)}</id><title>{escape(title)}</title><updated>{updated}T00:00:00Z</updated>",
        f'<link rel="self" href="{escape(own)}"/><author><name>partnergraph</name></author>',
        "<rights>CC BY 4.0</rights>",
    ]
    for iri, address, label, day, source in items:
        parts.append(
            f'<entry><id>{escape(iri)}</id><title>{escape(label)}</title><link href="{escape(address)}"/>'
            f"<updated>{day}T00:00:00Z</updated><summary>{escape(source)}</summary></entry>"
        )
    return Page("\n".join([*parts, "</feed>\n"]).encode("utf-8", "replace"), "application/atom+xml; charset=utf-8")


def _json(frame: Frame, name: str, title: str, items: list[tuple[str, str, str, str, str]]) -> Page:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "items": [
            {"id": iri, "url": address, "title": label, "content_text": source, "date_published": f"{day}T00:00:00Z"}
            for iri, address, label, day, source in items
        ],
    }
    if frame.base_url:
        told |= {"home_page_url": frame.address("/"), "feed_url": frame.address(f"/feeds/{name}.json")}
    return Page(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n", "application/feed+json")
