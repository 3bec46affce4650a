"""The same pages as files, for any web host: every page points to the others by relative addresses."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from partnergraph.base.errors import OutputError, PartnerGraphError
from partnergraph.base.files import replace
from partnergraph.base.progress import doing
from partnergraph.base.texts import clean
from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.frame import STATIC_FORMATS, assets
from partnergraph.server.pages.links import Links, as_file, local_name, thing_path
from partnergraph.server.pages.render import render

if TYPE_CHECKING:
    from partnergraph.api import Graph

# What a folder must hold before it is written over.
MARK = "partnergraph-site.json"
FIXED = (
    "/",
    "/ask",
    "/conflicts",
    "/vocabulary",
    "/about",
    "/families.css",
    "/ontology.ttl",
    "/void.ttl",
    "/map",
    "/search",
    "/download/partnergraph.ttl",
)
MAX_LISTED = 100_000
# Fewer pages than this are written as fast by one process.
FEW = 200
_HTML = re.compile(r"(?:href|src)=\"([^\"#]*)")


def write_site(graph: Graph, folder: Path, base_url: str = "") -> int:
    """Writes all pages into the folder; how many there are. Raises OutputError where the folder holds something else."""
    folder = _prepared(folder)
    facts = Facts(graph)
    addresses = list(_addresses(graph, facts))
    # What all pages need is read before the work is divided.
    render(graph, facts, "/", {}, Links(static=True), base_url)
    with doing(f"writing {len(addresses):,} pages"):
        count = _divided(lambda share: _written(graph, facts, folder, base_url, share), addresses)
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


def _written(graph: Graph, facts: Facts, folder: Path, base_url: str, addresses: list[tuple[str, str]]) -> int:
    """Writes some of the pages; how many there are."""
    count = 0
    for path, address in addresses:
        page = render(graph, facts, address, {}, Links(static=True, here=path), base_url)
        if page.status == 200:
            _put(folder, as_file(path), page.body)
            count += 1
    return count


def _divided(work: Callable[[list[tuple[str, str]]], int], addresses: list[tuple[str, str]]) -> int:
    """The sum of what the work gives for shares of the addresses, one in each of as many processes as there are cores."""
    cores = os.cpu_count() or 1
    if cores == 1 or not hasattr(os, "fork") or len(addresses) < FEW:
        return work(addresses)
    children: list[tuple[int, int]] = []
    for share in range(cores):
        outcome, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.write(told, f"{work(addresses[share::cores])}".encode())
            except PartnerGraphError as error:
                os.write(told, f"!{error}".encode("utf-8", "replace")[:4000])
            finally:
                os._exit(0)
        os.close(told)
        children.append((pid, outcome))
    said = []
    for pid, outcome in children:
        with os.fdopen(outcome, "rb") as file:
            said.append(file.read().decode())
        os.waitpid(pid, 0)
    wrong = next((one for one in said if not one.isdigit()), None)
    if wrong is not None:
        raise OutputError(wrong.removeprefix("!") or "a process that wrote pages has died; try again")
    return sum(map(int, said))


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
            for suffix in ("html", *STATIC_FORMATS[folder]):
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
