"""The process that speaks to the network: an event loop before the pools of workers."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import uvicorn
from starlette.routing import Route

from partnergraph.base.texts import clean
from partnergraph.server.app import Site, make_app
from partnergraph.server.desk import Desk
from partnergraph.server.gate import Counts, Gate
from partnergraph.server.metrics import metrics_route
from partnergraph.server.nursery import GRACE_SECONDS, PAGES, QUERIES, SLOW
from partnergraph.server.pool import Orders, Pool
from partnergraph.server.protocol import Guarded
from partnergraph.server.settings import MAX_CONNECTIONS, PAGE_MEMORY, PAGE_SECONDS, QUEUE, SLOW_SECONDS, Settings
from partnergraph.stores.sandbox.limits import Limits

KEEP_ALIVE_SECONDS = 15


def serve_front(
    control: socket.socket, listening: socket.socket, settings: Settings, version: str, extras: Callable[[Site], Any]
) -> int:
    """Answers requests until it is told to stop; the code to end with."""
    start_log(settings.log)
    return asyncio.run(_serve(control, listening, settings, version, extras))


async def _serve(
    control: socket.socket, listening: socket.socket, settings: Settings, version: str, extras: Callable[[Site], Any]
) -> int:
    log = logging.getLogger("partnergraph.server")
    orders = Orders(control)
    page_limits = Limits(PAGE_SECONDS, settings.limits.rows, settings.limits.bytes, PAGE_MEMORY)
    queries = Pool(QUERIES, settings.workers, QUEUE, settings.limits, orders, log.error)
    pages = Pool(PAGES, settings.pages, QUEUE, page_limits, orders, log.error)
    # One more for what takes long, so that no page waits for a map.
    slow = Pool(SLOW, 1, QUEUE, replace(page_limits, seconds=SLOW_SECONDS), orders, log.error)
    site = Site(settings, Desk(version), queries, pages, slow)
    async with AsyncExitStack() as stack:
        more = await stack.enter_async_context(extras(site))
        counts = Counts()
        more += [Route("/metrics", metrics_route(site, counts))]
        gate = Gate(make_app(site, more), settings, counts)
        config = uvicorn.Config(
            gate,
            http=Guarded,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=int(GRACE_SECONDS) - 5,
            backlog=1024,
        )
        server = _Server(config, site)
        await asyncio.gather(*(pool.start() for pool in site.pools.values()))
        log.warning("ready at http://%s:%d%s", *listening.getsockname()[:2], settings.prefix)
        preparing = asyncio.create_task(site.prepare())
        await server.serve(sockets=[listening])
        preparing.cancel()
    for pool in site.pools.values():
        await pool.close()
    return 0


class _Server(uvicorn.Server):
    """Says that it is not ready any more as soon as it is told to stop."""

    def __init__(self, config: uvicorn.Config, site: Site) -> None:
        super().__init__(config)
        self._site = site

    def handle_exit(self, sig: int, frame: Any) -> None:
        self._site.stopping = True
        super().handle_exit(sig, frame)


class _Line(logging.Formatter):
    """One line a record, whatever is in it."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')} {clean(record.getMessage())}"


def start_log(level: str) -> None:
    """Lets the log go to standard error, one line a record."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    root = logging.getLogger("partnergraph.server")
    root.handlers[:] = [handler]
    root.propagate = False
    root.setLevel({"quiet": logging.CRITICAL, "errors": logging.WARNING, "requests": logging.INFO}[level])
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
