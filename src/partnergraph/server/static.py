"""The same pages as files, for any web host: every page points to the others by relative addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from partnergraph.base.errors import OutputError
from partnergraph.base.files import replace
from partnergraph.base.progress import doing
from partnergraph.base.texts import clean
from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.frame import assets
from partnergraph.server.pages.links import Links, as_file, local_name, thing_path
from partnergraph.server.pages.render import render

if TYPE_CHECKING:
    from partnergraph.api import Graph

# What a folder must hold before it is written over.
MARK = "partnergraph-site.json"
RDF = ("ttl", "json")
FIXED = ("/", "/ask", "/conflicts", "/vocabulary", "/about", "/families.css", "/ontology.ttl", "/void.ttl", "/map", "/search")
MAX_LISTED = 100_000
_HTML = re.compile(r"(?:href|src)=\"([^\"#]*)")


def write_site(graph: Graph, folder: Path, base_url: str = "") -> int:
    """Writes all pages into the folder; how many there are. Raises OutputError where the folder holds something else."""
    folder = _prepared(folder)
    facts = Facts(graph)
    count = 0
    for path, address in _addresses(graph, facts):
        with doing(f"page {count:,}: {clean(path)}"):
            page = render(graph, facts, address, {}, Links(static=True, here=path), base_url)
        if page.status != 200:
            continue
        _put(folder, as_file(path), page.body)
        count += 1
    for name, data in assets().items():
        if name != "editor.js":
            _put(folder, f"/static/{name}", data)
    _put(folder, "/static/names.json", _names(graph, facts))
    missing = render(graph, facts, "/no-such-page", {}, Links(static=True, here="/404.html"), base_url)
    _put(folder, "/404.html", missing.body)
    if base_url:
        _put(folder, "/sitemap.xml", render(graph, facts, "/sitemap.xml", {}, Links(static=True), base_url).body)
    _put(folder, f"/{MARK}", json.dumps({"content": graph.version, "view": str(graph.view), "pages": count}).encode() + b"\n")
    return count


def _prepared(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None
    if names and MARK not in names:
        raise OutputError(f"{folder}: is not empty and holds no site of ours; name a new folder")
    return folder


def _put(folder: Path, path: str, data: bytes) -> None:
    target = folder / path.lstrip("/")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{target.parent}: cannot be written: {error.strerror}") from None
    replace(target, data, mode=0o644)


def _addresses(graph: Graph, facts: Facts) -> Iterator[tuple[str, str]]:
    """The path of each page among the files, and the address under which it is made."""
    for path in FIXED:
        yield path, path
    for name in graph.questions:
        yield f"/ask/{name}", f"/ask/{name}"
    for folder, known in (("entity", graph.names.label), ("claim", facts.claims), ("source", facts.sources)):
        for iri in known:
            for suffix in ("html", *RDF):
                yield thing_path(iri, folder, suffix, static=True), f"/{folder}/{local_name(iri, folder)}.{suffix}"


def _names(graph: Graph, facts: Facts) -> bytes:
    """Names with their pages, for the search field of pages that no server answers."""
    kinds = graph.kinds(graph.names.label)
    ordered = sorted(graph.names.label, key=lambda iri: -sum(sum(c.values()) for c in facts.neighbours.get(iri, {}).values()))
    listed = [
        [clean(graph.names.label[iri]), kinds.get(iri, "entity"), thing_path(iri, "entity", static=True).lstrip("/")]
        for iri in ordered[:MAX_LISTED]
    ]
    return json.dumps({"names": listed}, ensure_ascii=False).encode("utf-8", "replace")


def dead_links(folder: Path) -> list[str]:
    """The links of the pages in a folder that lead to no file of it."""
    found = []
    for page in sorted(folder.rglob("*.html")):
        for link in _HTML.findall(page.read_text(encoding="utf-8")):
            address = unquote(link.partition("?")[0])
            if "://" in address or not address or address.startswith("data:"):
                continue
            if not (page.parent / address).resolve().is_file():
                found.append(f"{page.relative_to(folder)}: {link}")
    return found


