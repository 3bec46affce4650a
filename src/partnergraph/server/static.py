"""The same pages as files, for any web host: every page points to the others by relative addresses."""

from __future__ import annotations

import json
import os
import re
import selectors
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from partnergraph.base.errors import OutputError, PartnerGraphError
from partnergraph.base.files import replace
from partnergraph.base.progress import doing, tell
from partnergraph.base.texts import clean
from partnergraph.server.documents import sections
from partnergraph.server.pages.docs import docs_addresses
from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.frame import STATIC_FORMATS, assets
from partnergraph.server.pages.links import Links, as_file, folder_of, local_name, thing_path
from partnergraph.server.pages.render import render

if TYPE_CHECKING:
    from partnergraph.api import Graph

# What a folder must hold before it is written over.
MARK = "partnergraph-site.json"
FIXED = (
    "/",
    "/ask",
    "/conflicts",
    "/changes",
    "/changes.json",
    "/vocabulary",
    "/about",
    "/families.css",
    "/ontology.ttl",
    "/void.ttl",
    "/map",
    "/search",
    "/download/partnergraph.ttl",
)
# What a host without redirects can say instead.
MOVED = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Moved</title>'
    '<meta http-equiv="refresh" content="0; url={address}"><link rel="canonical" href="{address}"></head>'
    '<body><p>This is called otherwise now: <a href="{address}">{address}</a></p></body></html>\n'
)
MAX_LISTED = 100_000
# A process tells of so many pages at once, with one byte.
TOLD, TICK = 50, b"\0"
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
        count = _divided(lambda share, done: _written(graph, facts, folder, base_url, share, done), addresses)
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


def _written(  # noqa: PLR0913, PLR0917  # what a page depends on
    graph: Graph, facts: Facts, folder: Path, base_url: str, addresses: list[tuple[str, str]], done: Callable[[int], None]
) -> int:
    """Writes some of the pages, telling how many are done now and then; how many there are."""
    count = 0
    for number, (path, address) in enumerate(addresses, 1):
        if number % TOLD == 0:
            done(TOLD)
        page = render(graph, facts, address, {}, Links(static=True, here=path), base_url)
        if page.status in {301, 303}:
            _put(folder, as_file(path), MOVED.format(address=escape(page.headers["Location"])).encode())
        elif page.status in {200, 410}:
            _put(folder, as_file(path), page.body)
            count += 1
    return count


def _divided(work: Callable[[list[tuple[str, str]], Callable[[int], None]], int], addresses: list[tuple[str, str]]) -> int:
    """The sum of what the work gives for shares of the addresses, one in each of as many processes as there are cores."""
    cores = os.cpu_count() or 1
    tally = _Tally(len(addresses))
    if cores == 1 or not hasattr(os, "fork") or len(addresses) < FEW:
        return work(addresses, tally.add)
    # The forms of one thing stay together: what is read for one serves the others.
    things = [list(group) for _, group in groupby(addresses, lambda one: one[1].rpartition(".")[0] or one[1])]
    shares = [[one for thing in things[share::cores] for one in thing] for share in range(cores)]
    children = [_child(work, share) for share in shares]
    said = {outcome: b"" for _, outcome in children}
    with selectors.DefaultSelector() as selector:
        for outcome in said:
            selector.register(outcome, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                outcome = key.fd
                told = os.read(outcome, 65536)
                said[outcome] += told
                tally.add(TOLD * told.count(TICK))
                if not told:
                    selector.unregister(outcome)
                    os.close(outcome)
    for pid, _ in children:
        os.waitpid(pid, 0)
    results = [words.replace(TICK, b"").decode("utf-8", "replace") for words in said.values()]
    wrong = next((one for one in results if not one.isdigit()), None)
    if wrong is not None:
        raise OutputError(wrong.removeprefix("!") or "a process that wrote pages has died; try again")
    return sum(map(int, results))


def _child(work: Callable[[list[tuple[str, str]], Callable[[int], None]], int], share: list[tuple[str, str]]) -> tuple[int, int]:
    """A process that does a share of the work: its number, and where it tells how far it is, and at last how much there was."""
    outcome, told = os.pipe()
    pid = os.fork()
    if pid == 0:

        def tick(_: int) -> None:
            os.write(told, TICK)

        try:
            os.close(outcome)
            os.write(told, f"{work(share, tick)}".encode())
        except PartnerGraphError as error:
            os.write(told, f"!{error}".encode("utf-8", "replace")[:4000])
        finally:
            os._exit(0)
    os.close(told)
    return pid, outcome


class _Tally:
    """How many pages are done, told to whoever listens."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0

    def add(self, count: int) -> None:
        """Counts pages that are done."""
        if count:
            self.done += count
            tell(f"writing pages: {self.done:,} of {self.total:,}")


def _prepared(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None
    if names and MARK not in names:
        raise OutputError(f"{folder}: is not empty and holds no site of ours; name a new folder")
    if not names:
        # From the first moment on it is ours: what was stopped midway can be written again.
        _put(folder, f"/{MARK}", json.dumps({"pages": None}).encode() + b"\n")
    return folder


def _put(folder: Path, path: str, data: bytes) -> None:
    target = folder / path.lstrip("/")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{target.parent}: cannot be written: {error.strerror}") from None
    replace(target, data, mode=0o644, sync=False)


def _addresses(graph: Graph, facts: Facts) -> Iterator[tuple[str, str]]:
    """The path of each page among the files, and the address under which it is made."""
    for path in FIXED:
        yield path, path
    for path in docs_addresses():
        yield path, path
    for name in graph.questions:
        yield f"/ask/{name}", f"/ask/{name}"
    yield from _retired(graph)
    for folder, known in (("entity", graph.names.label), ("claim", facts.claims), ("source", facts.sources)):
        for iri in known:
            for suffix in ("html", *STATIC_FORMATS[folder]):
                yield thing_path(iri, folder, suffix, static=True), f"/{folder}/{local_name(iri, folder)}.{suffix}"


def _retired(graph: Graph) -> Iterator[tuple[str, str]]:
    """Where identifiers were that are no more: their files say what became of them."""
    for row in graph.engine.answer("SELECT ?retired { ?retired a pg:Retired } ORDER BY ?retired", {}).rows:
        iri = str(row[0].value) if row[0] is not None else ""
        folder = folder_of(iri)
        if folder in {"entity", "claim", "source"}:
            yield thing_path(iri, folder, static=True), f"/{folder}/{local_name(iri, folder)}.html"


def _names(graph: Graph, facts: Facts) -> bytes:
    """Names with their pages, for the search field of pages that no server answers."""
    kinds = graph.kinds(graph.names.label)
    ordered = sorted(graph.names.label, key=lambda iri: -sum(sum(c.values()) for c in facts.neighbours.get(iri, {}).values()))
    listed = [
        [clean(graph.names.label[iri]), kinds.get(iri, "entity"), thing_path(iri, "entity", static=True).lstrip("/")]
        for iri in ordered[:MAX_LISTED]
    ]
    # What the documentation is about stands after the names.
    listed += [
        [section.heading, "documentation", f"docs/{section.page.removesuffix('.md')}.html#{section.anchor}"]
        for section in sections()
        if section.level < 3
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
