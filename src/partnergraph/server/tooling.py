"""The tools for assistants within a server: called by the front over HTTP, done by the workers of pages."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from partnergraph.base.errors import PartnerGraphError
from partnergraph.mcp.paper import Told
from partnergraph.mcp.tools import call, plain
from partnergraph.reading.answers import Answer
from partnergraph.server.frames import as_json
from partnergraph.server.problems import Problem
from partnergraph.server.settings import MAX_BODY
from partnergraph.server.writing import Reply
from partnergraph.stores.engine import Embedded
from partnergraph.stores.sandbox.guard import check_query, refuse_outside
from partnergraph.stores.sandbox.worker import parses

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from partnergraph.api import Graph
    from partnergraph.server.app import Site
    from partnergraph.server.worker import Worker

# An assistant waits no longer; queries of its own have as long as everybody's.
SECONDS = 30.0


def do_tool(worker: Worker, job: Mapping[str, Any]) -> Reply:
    """The work of one call of a tool."""
    try:
        told = call(worker.graph, job["name"], job["arguments"], worker.viewed_as, _query)
    except PartnerGraphError as error:
        raise Problem(400, plain(error)) from None
    return Reply(as_json({"text": told.text, "data": told.data}), {"media": "application/json"})


def _query(graph: Graph, sparql: str) -> Answer:
    """The answer to a query of an assistant's own, in this process, which is ended at the limit."""
    if not isinstance(graph.engine, Embedded):
        return graph.query(sparql)
    text = check_query(sparql)
    refuse_outside(text, parses)
    return Answer(graph.engine.answer(text, {}), graph)


@asynccontextmanager
async def mcp_routes(site: Site) -> AsyncIterator[list[BaseRoute]]:
    """The route of the protocol, where its package is installed; open as long as the server runs."""
    from starlette.routing import Route

    try:
        from mcp.server.transport_security import TransportSecuritySettings

        from partnergraph.mcp.server import make_server
    except ModuleNotFoundError:
        yield []
        return
    from partnergraph.stores.manifest import package_version

    async def run(name: str, arguments: Mapping[str, Any]) -> Told:
        job = {"do": "tool", "name": name, "arguments": dict(arguments)}
        seconds = site.settings.limits.seconds if name == "sparql" else SECONDS
        try:
            found = json.loads((await site.desk.answer(site.pages, job, seconds)).body)
        except Problem as problem:
            raise ValueError(problem.detail) from None
        return Told(found["text"], found["data"])

    server = make_server(run, package_version())
    # Whoever may ask this site may ask its tools: there is nothing here that a page of somebody else's could steal.
    anywhere = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(
        streamable_http_path="/mcp",
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_BODY,
        transport_security=anywhere,
    )
    async with server.session_manager.run():
        # Nothing is ever sent that was not asked for: a stream to wait on would only hold a connection.
        yield [Route("/mcp", _not_read, methods=["GET", "HEAD", "DELETE", "PUT", "PATCH"]), *app.routes]


async def _not_read(request: Request) -> Response:
    raise Problem(405, f"{request.method} is not what this address takes; send messages of the protocol by POST", {"Allow": "POST"})
