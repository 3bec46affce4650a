"""The application: which address is answered by whom."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
import os
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import suppress
from dataclasses import fields as fields_of
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from partnergraph.base.texts import clean
from partnergraph.core.views import View
from partnergraph.server.desk import Desk
from partnergraph.server.gate import content_policy
from partnergraph.server.negotiation import best, wants_page
from partnergraph.server.pages.frame import assets
from partnergraph.server.pool import Delivery, Pool
from partnergraph.server.problems import Problem
from partnergraph.server.settings import Settings
from partnergraph.server.sparql import fields, read_body, read_query
from partnergraph.server.writing import OWN, REPLIES

log = logging.getLogger("partnergraph.server")
PIECE = 1 << 16
YES, NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
# A visitor's page is at hand for a while, then asked for again with its tag.
FRESH = "public, max-age=60, stale-while-revalidate=600"
# The formats in which a named question is answered for programs, by suffix.
SUFFIXES = tuple(REPLIES | OWN)
# On a page of an entity the kind is what is shown of it, whatever the view.
VIEW_FIELDS = {field.name for field in fields_of(View)} - {"kind"}
SWITCHES = {field.name for field in fields_of(View) if isinstance(field.default, bool)}
# What an IRI of ours can be had as: the suffix of its address for each type.
LINKED = {
    "html": ("text/html", "application/xhtml+xml"),
    "ttl": ("text/turtle",),
    "jsonld": ("application/ld+json",),
    "nt": ("application/n-triples",),
    "json": ("application/json",),
}
# What takes longer than readers of other pages may be kept waiting.
SLOW_PATHS = ("/map", "/download/", "/changes", "/feeds/changes")
PREPARED = ("/map", "/changes", "/feeds/changes.atom")
OPENS_MAP = frozenset({"focus", "as_of", "known_by"})
THINGS = ("entity", "claim", "source", "dispute", "entry")


class Site:
    """What the front knows: the pools, what was answered before, and how it was set up."""

    def __init__(self, settings: Settings, desk: Desk, queries: Pool, pages: Pool, slow: Pool) -> None:
        self.settings, self.desk, self.queries, self.pages, self.slow = settings, desk, queries, pages, slow
        self.stopping = False

    @property
    def pools(self) -> dict[str, Pool]:
        """The pools by name."""
        return {"queries": self.queries, "pages": self.pages, "slow": self.slow}

    async def prepare(self) -> None:
        """Makes what takes long before anybody asks for it."""
        for path in PREPARED:
            with suppress(Problem):
                await self.desk.answer(self.slow, self._page_job(path, []))

    async def sparql(self, request: Request) -> Response:
        """The endpoint: an answer, or where nothing is asked the editor for people and the description for programs."""
        asked = await read_query(request)
        accept = request.headers.get("accept", "")
        if asked is None:
            if request.method == "POST":
                raise Problem(400, "nothing is asked: send a query as the parameter query, or as the body")
            return await self._page(
                request, "/sparql.html" if wants_page(accept) else f"/sparql.{self._described(accept)}", vary=True
            )
        if wants_page(accept) and request.method != "POST" and not {"format", "output"} & set(request.query_params):
            return await self._page(request, "/sparql.html", vary=True)
        tag = self.desk.tag(asked.job()) if asked.keep else ""
        if tag and self._unchanged(request, tag):
            return Response(status_code=304, headers=self._cached(tag) | {"Vary": "Accept"})
        work = self.desk.answer(self.queries, asked.job(), asked.seconds, keep=asked.keep)
        delivery = await self._attended(request, work)
        headers = (self._cached(tag) if tag else {"Cache-Control": "no-store"}) | {"Vary": "Accept"}
        return self._delivered(delivery, headers)

    async def ask(self, request: Request) -> Response:
        """The answer to a named question for programs: in the bytes of the command."""
        name, _, suffix = request.path_params["question"].rpartition(".")
        pairs = fields(request.scope["query_string"])
        empty = next((key for key, value in pairs if not value and key not in VIEW_FIELDS), None)
        if empty is not None:
            raise Problem(400, f"{clean(empty)}: give a value, or leave the parameter out")
        job = self._with_view({"do": "ask", "question": name, "format": suffix}, pairs, "values")
        tag = self.desk.tag(job)
        if self._unchanged(request, tag):
            return Response(status_code=304, headers=self._cached(tag))
        # A view is a copy of the graph that is made first, with rules read from files: that is work of pages.
        pool = self.pages if job.get("view") else self.queries
        delivery = await self._attended(request, self.desk.answer(pool, job))
        name = f"{name}.{suffix}".encode("ascii", "replace").decode().replace('"', "")
        return self._delivered(delivery, self._cached(tag) | {"Content-Disposition": f'inline; filename="{name}"'})

    async def page(self, request: Request) -> Response:
        """Any other address."""
        return await self._page(request, request.scope["path"])

    async def thing(self, request: Request) -> Response:
        """An IRI of ours: sends on to what suits the client, as Linked Data wants it."""
        path = request.scope["path"]
        if path.rpartition(".")[2] in LINKED:
            return await self._page(request, path)
        suffix = best(request.headers.get("accept", ""), LINKED)
        if suffix is None:
            types = [types[0] for types in LINKED.values()]
            raise Problem(406, f"this can be had as {', '.join(types)}", {"Vary": "Accept"}, {"available": types})
        asked = f"?{request.scope['query_string'].decode('ascii', 'replace')}" if request.scope["query_string"] else ""
        place = f"{self.settings.prefix}{quote(path)}.{suffix}{asked}"
        # Whether there is such a thing is said before anybody is sent on.
        found = await self._render(request, f"{path}.{suffix}", [])
        if found.head.get("status", 200) >= 300:
            return self._rendered(found, {"Vary": "Accept"})
        links = ", ".join(
            f'<{self.settings.prefix}{quote(path)}.{name}>; rel="alternate"; type="{types[0]}"' for name, types in LINKED.items()
        )
        return Response(status_code=303, headers={"Location": place, "Vary": "Accept", "Link": links})

    async def ontology(self, request: Request) -> Response:
        """The IRI of the ontology, whose terms are all in one document: the vocabulary for people, RDF for programs."""
        suffix = best(request.headers.get("accept", ""), {name: LINKED[name] for name in ("html", "ttl", "jsonld", "nt")})
        if suffix is None:
            raise Problem(
                406,
                "the ontology can be had as text/html, text/turtle, application/ld+json, application/n-triples",
                {"Vary": "Accept"},
            )
        place = "/vocabulary" if suffix == "html" else f"/ontology.{suffix}"
        return Response(status_code=303, headers={"Location": self.settings.prefix + place, "Vary": "Accept"})

    async def posted(self, request: Request) -> Response:
        """A form that is sent by POST to something that pages answer, such as the service for OpenRefine."""
        pairs = fields(request.scope["query_string"]) + fields(await read_body(request))
        return self._rendered(await self._render(request, request.scope["path"], pairs), {})

    async def static(self, request: Request) -> Response:
        """Style sheets and scripts, which are kept for ever under an address that changes as they do."""
        name = request.path_params["name"]
        if name not in assets():
            raise Problem(404, "there is no such file")
        media = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(assets()[name], headers={"Cache-Control": "public, max-age=31536000, immutable"}, media_type=media)

    async def health(self, _request: Request) -> Response:
        """Whether the front is alive."""
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def ready(self, _request: Request) -> Response:
        """Whether requests are answered now."""
        good = self.queries.alive > 0 and self.pages.alive > 0 and not self.stopping
        return PlainTextResponse("ready\n" if good else "not ready\n", 200 if good else 503, {"Cache-Control": "no-store"})

    def _described(self, accept: str) -> str:
        suffix = best(accept, {name: LINKED[name] for name in ("ttl", "jsonld", "nt")} | {"rdf": ("application/rdf+xml",)})
        return suffix or "ttl"

    async def _page(self, request: Request, path: str, *, vary: bool = False) -> Response:
        pairs = fields(request.scope["query_string"])
        headers = {"Vary": "Accept"} if vary else {}
        tag = self.desk.tag({"page": path, "pairs": pairs})
        if self._unchanged(request, tag):
            return Response(status_code=304, headers=self._cached(tag) | headers)
        delivery = await self._render(request, path, pairs)
        if delivery.head.get("detail") and not wants_page(request.headers.get("accept", "")):
            # A program reads no page about what it has got wrong.
            raise Problem(delivery.head["status"], delivery.head["detail"], headers)
        if delivery.head.get("status", 200) == 200:
            headers |= self._cached(tag)
        return self._rendered(delivery, headers)

    async def _render(self, request: Request, path: str, pairs: list[tuple[str, str]]) -> Delivery:
        # A map of a day or around somebody is the same page, opened elsewhere: saying where takes no time.
        slow = path.startswith(SLOW_PATHS) and not any(value.strip() for name, value in pairs if name in OPENS_MAP)
        return await self._attended(request, self.desk.answer(self.slow if slow else self.pages, self._page_job(path, pairs)))

    def _page_job(self, path: str, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        return self._with_view({"do": "page", "path": path}, pairs, "params")

    def _with_view(self, job: dict[str, Any], pairs: list[tuple[str, str]], rest: str) -> dict[str, Any]:
        """The job with the parameters that name a view apart from the others."""
        view: dict[str, Any] = {name: value for name, value in pairs if name in VIEW_FIELDS and value}
        for name in SWITCHES & view.keys():
            if view[name].lower() not in YES | NO:
                raise Problem(400, f"{name}: give true or false")
            view[name] = view[name].lower() in YES
        others = {name: value for name, value in pairs if name not in VIEW_FIELDS}
        return job | {rest: others} | ({"view": view} if view else {})

    def _rendered(self, delivery: Delivery, headers: Mapping[str, str]) -> Response:
        head = delivery.head
        made = dict(head.get("headers", {}))
        if head["media"].startswith("text/html"):
            made.setdefault(
                "Content-Security-Policy", content_policy(framed=head.get("framed", False), inline=head.get("inline", False))
            )
        return self._delivered(delivery, made | dict(headers))

    def _delivered(self, delivery: Delivery, headers: Mapping[str, str]) -> Response:
        status, media = delivery.head.get("status", 200), delivery.head["media"]
        if delivery.file is None:
            return Response(delivery.body, status, dict(headers), media)
        return StreamingResponse(_streamed(delivery), status, {**headers, "Content-Length": str(delivery.size)}, media)

    @staticmethod
    def _cached(tag: str) -> dict[str, str]:
        return {"ETag": f'"{tag}"', "Cache-Control": FRESH}

    @staticmethod
    def _unchanged(request: Request, tag: str) -> bool:
        known = request.headers.get("if-none-match", "")
        return any(part.strip().removeprefix("W/").strip('"') == tag for part in known.split(",")) if known else False

    async def _attended(self, request: Request, work: Coroutine[Any, Any, Delivery]) -> Delivery:
        """Waits for an answer as long as the client does: a client that has gone needs none."""
        task = asyncio.ensure_future(work)
        gone = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Problem(400, "the client has gone")
            return await task
        finally:
            for one in (task, gone):
                if not one.done():
                    one.cancel()


async def _left(request: Request) -> None:
    """Ends when the client has gone."""
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            return


async def _streamed(delivery: Delivery) -> AsyncIterator[bytes]:
    # Others may be sent the same file at the same time.
    place = 0
    while delivery.file is not None and (piece := os.pread(delivery.file.fileno(), PIECE, place)):
        place += len(piece)
        yield piece


def routes(site: Site) -> list[Route]:
    """The addresses that the front itself knows; all others are pages."""
    reading = ["GET", "HEAD"]
    return [
        Route("/sparql", site.sparql, methods=["GET", "HEAD", "POST"]),
        Route("/static/{name}", site.static, methods=reading),
        Route("/healthz", site.health, methods=reading),
        Route("/readyz", site.ready, methods=reading),
        *(Route(f"/ask/{{question:path}}.{suffix}", _suffixed(site, suffix), methods=reading) for suffix in SUFFIXES),
        *(Route(f"/{thing}/{{name:path}}", site.thing, methods=reading) for thing in THINGS),
        Route("/ontology", site.ontology, methods=reading),
        Route("/reconcile", site.posted, methods=["POST"]),
        Route("/{path:path}", site.page, methods=reading),
    ]


def _suffixed(site: Site, suffix: str) -> Any:
    async def ask(request: Request) -> Response:
        request.path_params["question"] += f".{suffix}"
        return await site.ask(request)

    return ask


def make_app(site: Site, extra: list[Any]) -> Starlette:
    """The application, with routes that come before the pages."""

    async def refused(_request: Request, error: Exception) -> Response:
        problem = error if isinstance(error, Problem) else Problem(405, "this address is only read: GET or HEAD")
        return Response(
            problem.body(), problem.status, {**problem.headers, "Cache-Control": "no-store"}, "application/problem+json"
        )

    found = routes(site)
    return Starlette(routes=[*found[:-1], *extra, found[-1]], exception_handlers={Problem: refused, 405: _not_allowed})


async def _not_allowed(request: Request, error: Exception) -> Response:
    allowed = getattr(error, "headers", None) or {}
    methods = ", ".join(sorted({*allowed.get("Allow", "GET, HEAD").split(", "), "OPTIONS"}))
    problem = Problem(405, f"{request.method} is not what this address takes; it takes {methods}", {"Allow": methods})
    return Response(problem.body(), 405, problem.headers, "application/problem+json")
