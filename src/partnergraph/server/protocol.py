"""HTTP as it comes in: a request that does not arrive in time, or whose head is too long, is cut; so is an answer nobody takes."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from partnergraph.server.problems import Problem
from partnergraph.server.settings import EXCHANGE_SECONDS, MAX_HEADERS, REQUEST_SECONDS


class Guarded(HttpToolsProtocol):
    """One connection, with a clock for each request and a measure for its head."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clock: asyncio.TimerHandle | None = None
        # Bytes of a head that is not whole yet, and whether the request last begun has arrived to its end.
        self._head = 0
        self._in_head = True
        self._whole = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A new connection has to send something soon."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._start(REQUEST_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """The clock stops."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Measures a head before it is read."""
        if self._in_head:
            end = data.find(b"\r\n\r\n")
            self._head += len(data) if end < 0 else end
            if self._head > MAX_HEADERS:
                self._refuse(Problem(431, f"the head of a request may have {MAX_HEADERS:,} bytes; send a long query by POST"))
                return
        if self._clock is None:
            self._start(REQUEST_SECONDS)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._whole = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """From now on the body is what is waited for."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: now it is our turn, and then the client's to take the answer."""
        self._whole, self._in_head, self._head = True, True, 0
        super().on_message_complete()
        self._start(EXCHANGE_SECONDS)

    def on_response_complete(self) -> None:
        """An answer was taken; what of the next request is there already has a clock of its own."""
        self._stop()
        if not self._whole:
            self._start(REQUEST_SECONDS)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # the sentence is ours
        """Answers what is no HTTP with a problem."""
        self._refuse(Problem(400, "this is no request of HTTP/1.1 that can be read"))

    def _refuse(self, problem: Problem) -> None:
        self._stop()
        if self.transport.is_closing():
            return
        body = problem.body()
        head = (
            f"HTTP/1.1 {problem.status} {problem.title}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\naccess-control-allow-origin: *\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _start(self, seconds: float) -> None:
        self._stop()
        self._clock = self.loop.call_later(seconds, self._late)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _late(self) -> None:
        self._clock = None
        under_way = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if not self._whole and not under_way:
            self._refuse(Problem(408, f"the request did not arrive within {REQUEST_SECONDS:g} seconds"))
        # Where an answer is under way there is nothing that could be said; who does not even read a refusal is not waited for.
        self.loop.call_later(1.0, self.transport.abort)
