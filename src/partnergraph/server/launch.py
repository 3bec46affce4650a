"""Starting a server: the graph is loaded and looked through once, then everything is forked from here."""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnergraph.base.errors import OutputError, PartnerGraphError
from partnergraph.base.extras import needed
from partnergraph.base.progress import doing
from partnergraph.base.texts import clean
from partnergraph.server.nursery import PAGES, QUERIES, SLOW, Nursery
from partnergraph.server.settings import PAGE_MEMORY, PAGE_SECONDS, SLOW_KEPT, SLOW_SECONDS, Settings
from partnergraph.stores.engine import Embedded
from partnergraph.stores.sandbox.limits import Limits

if TYPE_CHECKING:
    from partnergraph.api import Graph
    from partnergraph.server.worker import Worker


# Whose modules answers are made by.
ROOMS = frozenset({"base", "rdf", "content", "show", "ledger", "stores", "core", "reading", "network", "analysis", "export"})
# Pages that are made once before the fork: what they read is then there for every worker.
WARMING = (
    "/",
    "/entity/openai.html",
    "/claim/microsoft-openai-2019-investment.html",
    "/ask/figures",
    "/conflicts",
    "/diff",
    "/vocabulary",
    "/feeds/known.atom",
    "/docs",
)


def listen(settings: Settings) -> socket.socket:
    """The socket that requests come in by; raises OutputError where it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((settings.host, settings.port))
        made.listen(1024)
    except (OSError, UnicodeError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or "is no address of this machine"
        hint = "; another program has it, take another --port" if getattr(error, "errno", 0) == 98 else ""
        raise OutputError(f"cannot listen at {clean(settings.host)} port {settings.port}: {reason}{hint}") from None
    made.setblocking(False)
    return made


def serve(graph: Graph, settings: Settings, open_again: Callable[[], Graph] | None = None) -> int:
    """Serves the graph until somebody stops it; the code to end with.

    ``open_again`` is how each worker opens a store on disk, which has threads and files that no fork takes along.
    """
    for module in ("starlette", "uvicorn", "httptools", "jinja2", "markdown_it"):
        needed(module, "serve")
    if not hasattr(os, "fork"):
        raise OutputError("this system cannot fork, which the server is made of; run it on Linux or macOS, or in WSL")
    from partnergraph.server.front import serve_front
    from partnergraph.server.tooling import mcp_routes
    from partnergraph.server.worker import Worker

    with listen(settings) as listening:
        settings = replace(settings, port=listening.getsockname()[1])
        with doing("getting ready"):
            warm(graph)
        limits = settings.limits
        page_limits = Limits(PAGE_SECONDS, limits.rows, limits.bytes, PAGE_MEMORY)

        def maker(bounds: Limits, *, pages: bool, most: int = 0) -> Callable[[], Worker]:
            return lambda: Worker(open_again() if open_again else graph, bounds, handlers(settings) if pages else {}, most)

        version = f"{graph.version} {settings.base_url} {_code_version()}"
        gc.collect()
        gc.freeze()
        nursery = Nursery(
            {
                QUERIES: maker(limits, pages=False),
                PAGES: maker(page_limits, pages=True),
                SLOW: maker(replace(page_limits, seconds=SLOW_SECONDS), pages=True, most=SLOW_KEPT),
            },
            lambda control: serve_front(control, listening, settings, version, mcp_routes),
            lambda text: print(f"partnergraph: {text}", file=sys.stderr, flush=True),  # noqa: T201
            free=not isinstance(graph.engine, Embedded),
        )
        return nursery.run()


def handlers(settings: Settings) -> Mapping[str, Any]:
    """Who does the jobs of pages and tools."""
    from partnergraph.server.paging import page_maker
    from partnergraph.server.tooling import do_tool

    return {"tool": do_tool, "page": page_maker(settings)}


def warm(graph: Graph) -> None:
    """Reads and imports all that workers need, since they may open nothing later and share what is there before the fork."""
    from partnergraph.server.documents import sections
    from partnergraph.server.pages.links import Links
    from partnergraph.server.pages.published import published
    from partnergraph.server.pages.render import render
    from partnergraph.server.paging import facts_of
    from partnergraph.server.writing import OWN, REPLIES, TRIPLES, answer_question, answer_sparql

    limits = Limits()
    for name in _modules():
        with suppress(PartnerGraphError):
            needed(name, "serve")
    for queries in (graph.questions, graph.projections):
        for query in queries.values():
            query.title  # noqa: B018  # reading it is what is wanted
    works: tuple[Callable[[], object], ...] = (
        lambda: graph.find_entity("Openn AI"),
        lambda: answer_sparql(graph, "SELECT * { ?s ?p ?o } LIMIT 1", "csv", limits),
        *(partial(answer_sparql, graph, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", name, limits) for name in TRIPLES),
        lambda: answer_sparql(graph, "SELECT * { ?s ?p", "json", limits),
        lambda: answer_sparql(graph, "SELECT * { SERVICE <http://localhost> { ?s ?p ?o } }", "json", limits),
        *(partial(answer_question, graph, "investments-in", {}, name, limits) for name in REPLIES | OWN),
        lambda: graph.index,
        sections,
        published(graph).standing,
        *(partial(render, graph, facts_of(graph), path, {}, Links(here=path)) for path in WARMING),
        lambda: render(graph, facts_of(graph), "/timeline", {"entity": "OpenAI"}, Links()),
    )
    for work in works:
        # Content of one's own need not have what is asked here.
        with suppress(PartnerGraphError):
            work()


def _modules() -> list[str]:
    """The names of all modules that work on a graph: a worker that may open nothing could not import one later."""
    import pkgutil

    above = Path(__file__).parents[1]
    found = [one.name for one in pkgutil.walk_packages([str(above)], "partnergraph.")]
    return [name for name in found if name.split(".")[1] in ROOMS]


def _code_version() -> str:
    from partnergraph.stores.manifest import package_version

    return package_version()
