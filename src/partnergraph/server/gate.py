"""What every request passes: its size, how often its address asks, what browsers are told, what is counted and logged."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from partnergraph.base.faults import sentence
from partnergraph.base.texts import clean
from partnergraph.server.problems import MEDIA, Problem
from partnergraph.server.settings import MAX_TARGET, Settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("partnergraph.server")
# So many addresses are remembered; whoever has more of them than that has other means, too.
ADDRESSES = 10_000
# How many requests an address may make at once after it has been quiet, in seconds of its rate.
BURST_SECONDS = 8.0
FREE = ("/healthz", "/readyz", "/static/")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After, Content-Disposition, Location"),
)
# No script stands in a page; styles and scripts come from here only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{inline}; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)


class Rate:
    """How often each address has asked: a bucket that fills by ``rate`` a second."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """How many seconds the address has to wait; 0 where it may ask now."""
        if not self._rate:
            return 0.0
        now, full = self._clock(), max(1.0, self._rate * BURST_SECONDS)
        level, then = self._buckets.pop(address, (full, now))
        level = min(full, level + (now - then) * self._rate)
        allowed = level >= 1
        self._buckets[address] = (level - 1 if allowed else level, now)
        while len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - level) / self._rate


# Addresses that are also sent to.
POSTED = frozenset({"/sparql", "/reconcile"})


@dataclass
class Counts:
    """How many requests were answered with which status, and how long that took in all."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0


class Gate:
    """The application with all this around it."""

    def __init__(self, app: App, settings: Settings, counts: Counts) -> None:
        self._app = app
        self._settings = settings
        self._rate = Rate(settings.rate)
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        status = 0

        async def sent(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in HEADERS if pair[0] not in named)]
            await send(message)

        try:
            await self._let(scope, receive, sent)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  # the one boundary: nothing ends the server
            problem = error if isinstance(error, Problem) else Problem(500, "something went wrong here that nobody foresaw")
            if problem is not error:
                log.error("%s", sentence(error))  # noqa: TRY400  # the report has the trace
            if not status:
                await respond(sent, problem)
        self._counts.statuses[status] += 1
        self._counts.seconds += time.monotonic() - started
        if self._settings.log == "requests":
            address = scope["client"][0] if scope.get("client") else "-"
            took = (time.monotonic() - started) * 1000
            log.info("%s %s %s %d %.0f ms", address, scope["method"], clean(scope["path"])[:200], status, took)

    async def _let(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if target > MAX_TARGET:
            raise Problem(414, f"an address may have {MAX_TARGET:,} bytes; send a long query by POST")
        if scope["method"] == "OPTIONS":
            await preflight(
                send, "GET, HEAD, POST, OPTIONS" if path in POSTED else "POST, OPTIONS" if path == "/mcp" else "GET, HEAD, OPTIONS"
            )
            return
        if not path.startswith(FREE):
            address = scope["client"][0] if scope.get("client") else ""
            wait = self._rate.wait(address)
            if wait:
                told = f"one address may make {self._settings.rate:g} requests a second here; ask again in a moment"
                raise Problem(429, told, {"Retry-After": str(int(wait) + 1)})
        await self._app(scope, receive, send)


async def preflight(send: Send, methods: str) -> None:
    """Tells a browser that it may ask from anywhere, and what an address takes."""
    headers = [
        (b"allow", methods.encode()),
        (b"access-control-allow-methods", methods.encode()),
        (
            b"access-control-allow-headers",
            b"Accept, Content-Type, If-None-Match, Mcp-Protocol-Version, Mcp-Session-Id, Authorization",
        ),
        (b"access-control-max-age", b"86400"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": int(HTTPStatus.NO_CONTENT), "headers": headers[:-1]})
    await send({"type": "http.response.body", "body": b""})


async def respond(send: Send, problem: Problem) -> None:
    """Sends a problem as such."""
    body = problem.body()
    headers = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    headers += [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in problem.headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def content_policy(*, framed: bool = False, inline: bool = False) -> str:
    """The Content-Security-Policy of a page; ``framed`` where others may show it within theirs."""
    return POLICY.format(ancestors="*" if framed else "'none'", inline=" 'unsafe-inline'" if inline else "")
