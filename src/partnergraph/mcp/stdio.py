"""The tools for one assistant on this machine: over standard input and output, the graph in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from partnergraph.base.errors import PartnerGraphError
from partnergraph.base.faults import sentence
from partnergraph.mcp.paper import Told
from partnergraph.mcp.server import make_server
from partnergraph.mcp.tools import call, plain
from partnergraph.stores.manifest import package_version

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from partnergraph.api import Graph

KEPT_VIEWS = 4
SECONDS = 15.0


def local_server(graph: Graph) -> MCPServer[Any]:
    """The tools on a graph in this process; one call at a time, beside the loop that speaks to the client."""
    graph.limits = replace(graph.limits, seconds=SECONDS, rows=10_000)
    within = lru_cache(KEPT_VIEWS)(graph.within)
    turn = anyio.CapacityLimiter(1)

    def work(name: str, arguments: Mapping[str, Any]) -> Told:
        try:
            return call(graph, name, arguments, within)
        except PartnerGraphError as error:
            raise ValueError(plain(error)) from None
        except Exception as error:  # noqa: BLE001  # the assistant gets a sentence, the user a report
            raise ValueError(sentence(error)) from None

    async def run(name: str, arguments: Mapping[str, Any]) -> Told:
        return await anyio.to_thread.run_sync(work, name, arguments, limiter=turn)

    return make_server(run, package_version())


def serve_stdio(graph: Graph) -> None:
    """Serves one client until it closes the pipe."""
    local_server(graph).run("stdio")
