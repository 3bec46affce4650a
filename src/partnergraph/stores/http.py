"""Requests to a SPARQL server: within limits on all of it together, with retries, authentication from the environment and progress."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from partnergraph.base.errors import StoreError
from partnergraph.base.progress import doing, tell
from partnergraph.stores.addresses import check_address

if TYPE_CHECKING:
    import http.client
    import urllib.request

# What a server says when it may well answer the next time.
PASSING = frozenset({429, 502, 503, 504})
PIECE = 1 << 16
MAX_ANSWER = 2**29
# A server that asks for more patience than this is asked another day.
MAX_WAIT = 60.0


class Budget:
    """What all requests that belong together may take: time until it is over, and bytes of answers."""

    def __init__(self, seconds: float, size: int = MAX_ANSWER) -> None:
        self.seconds = seconds
        self.size = size
        self.spent = 0
        # Whether a request was ended because the time was over.
        self.over = False
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left."""
        return self._until - time.monotonic()

    def spend(self, url: str, size: int) -> None:
        """Counts so many bytes of an answer; raises StoreError where they are too many."""
        self.spent += size
        if self.spent > self.size:
            raise StoreError(url, f"the answer has more than {self.size:,} bytes; ask for less")


@dataclass
class Server:
    """How a server is spoken to.

    ``timeout`` is how long it may be silent, ``total`` how long an answer may take with all its pages and retries.
    Credentials are PARTNERGRAPH_TOKEN (bearer) or PARTNERGRAPH_USER and PARTNERGRAPH_PASSWORD (basic) in the
    environment.
    """

    timeout: float = 60.0
    retries: int = 4
    backoff: float = 0.5
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    total: float = 900.0

    def request(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        budget: Budget | None = None,
        *,
        again: bool = True,
        **headers: str,
    ) -> tuple[bytes, Mapping[str, str]]:
        """The body and headers of the answer to a request; raises StoreError in one sentence where there is none.

        What is not to be done twice is asked with ``again=False``, and then sent once only: whether a server that has
        not answered has done it, nobody knows.
        """
        import urllib.request

        check_address(url)
        budget = budget or self.budget()
        named = {name.replace("_", "-"): value for name, value in headers.items()} | self.credentials(url)
        request = urllib.request.Request(url, data=body, method=method, headers=named)  # noqa: S310  # checked above
        tries = self.retries + 1 if again else 1
        for attempt in range(tries):
            try:
                return self._once(request, url, budget)
            except _Failed as failed:
                last = failed
            wait = min(max(self.backoff * 2**attempt, last.after), MAX_WAIT)
            if not last.passing:
                raise StoreError(url, last.problem) from None
            if budget.left() <= wait:
                raise StoreError(url, f"{last.problem}; the {budget.seconds:g} seconds that it may take are over") from None
            if attempt + 1 < tries:
                time.sleep(wait)
        times = f"; tried {tries} times" if again else ""
        raise StoreError(url, f"{last.problem}{times}")

    def budget(self) -> Budget:
        """What an answer may take, if nobody says otherwise."""
        return Budget(self.total)

    def _once(self, request: urllib.request.Request, url: str, budget: Budget) -> tuple[bytes, Mapping[str, str]]:
        import http.client
        import urllib.error

        left = budget.left()
        if left <= 0:
            budget.over = True
            raise _Failed(f"did not end within {budget.seconds:g} seconds", passing=False)
        with _Watch(left) as watch:
            try:
                with _opener(watch).open(request, timeout=min(self.timeout, left)) as response:
                    data = self._read(response, url, budget)
                    # A connection that was ended here looks like one that the server has ended in good order.
                    if not watch.over:
                        return data, dict(response.headers.items())
                    raise TimeoutError
            except urllib.error.HTTPError as error:
                said = ""
                with contextlib.suppress(OSError, http.client.HTTPException):
                    said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
                problem = f"the server answered {error.code} {error.reason}" + (f": {said}" if said else "")
                after = error.headers.get("Retry-After", "")
                raise _Failed(problem, passing=error.code in PASSING, after=float(after) if after.isdecimal() else 0.0) from None
            except (OSError, http.client.HTTPException) as error:
                problem = self._problem(error, watch, budget)
                raise _Failed(problem, passing=not budget.over) from None
            except ValueError:
                raise StoreError(url, "is no address of a server, or did not answer by the rules of HTTP") from None

    def _problem(self, error: Exception, watch: _Watch, budget: Budget) -> str:
        import http.client
        import urllib.error

        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        # At the end of the time the connection's own clock and the watch ring together: whichever is first, it is the end.
        if watch.over or (isinstance(reason, TimeoutError) and budget.left() <= 0):
            budget.over = True
            return f"did not end within {budget.seconds:g} seconds"
        if isinstance(reason, TimeoutError):
            return f"the server did not answer within {min(self.timeout, budget.seconds):g} seconds"
        if isinstance(error, http.client.HTTPException | ConnectionError):
            return f"the server stopped in the middle of its answer ({type(error).__name__})"
        return f"cannot be reached: {getattr(reason, 'strerror', None) or reason}"

    def credentials(self, url: str) -> dict[str, str]:
        """The header that says who asks; nothing where the environment names nobody."""
        token, user = self.environment.get("PARTNERGRAPH_TOKEN"), self.environment.get("PARTNERGRAPH_USER")
        if not token and not user:
            return {}
        if any(ord(sign) < 32 for sign in f"{token}{user}"):
            raise StoreError(url, "the credentials in the environment hold a line break; mend them")
        if token:
            return {"Authorization": f"Bearer {token}"}
        pair = f"{user}:{self.environment.get('PARTNERGRAPH_PASSWORD', '')}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def _read(self, response: http.client.HTTPResponse, url: str, budget: Budget) -> bytes:
        import http.client

        if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            # Nobody asked for it, and what a few bytes unfold to has no bound.
            raise StoreError(url, "the server sent a compressed answer, which was not asked for")
        # What the server says of the length is only good for finding out that something is missing.
        expected = response.length
        parts: list[bytes] = []
        size = 0
        with doing("reading from the server"):
            # As much as is there, never as much as is wanted: a server that drips would hold a longer read for ever.
            while size != expected and (part := response.read1(PIECE)):
                parts.append(part)
                size += len(part)
                budget.spend(url, len(part))
                tell(f"reading from the server, {size / 2**20:,.1f} MiB")
        if expected is not None and size != expected:
            raise http.client.IncompleteRead(b"", expected - size)
        return b"".join(parts)


class _Failed(Exception):
    """A request had no answer: what to say, whether it may have one the next time, and after how long."""

    def __init__(self, problem: str, *, passing: bool, after: float = 0.0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.passing = passing
        self.after = after


class _Watch:
    """Ends a connection when its time is over, whatever it is doing: a server may drip its answer as slowly as it likes."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._lock = threading.Lock()
        self._copies: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        for copy in self._copies:
            copy.close()

    def connect(self, *words: Any, **options: Any) -> socket.socket:
        """A new connection that is watched."""
        made = socket.create_connection(*words, **options)
        with self._lock:
            # A copy, because the connection itself is handed over when it is encrypted, and closed by others.
            self._copies.append(made.dup())
        return made

    def _end(self) -> None:
        self.over = True
        with self._lock:
            for copy in self._copies:
                with contextlib.suppress(OSError):
                    copy.shutdown(socket.SHUT_RDWR)


def _watched(kind: type[http.client.HTTPConnection], watch: _Watch) -> Callable[..., http.client.HTTPConnection]:
    def connection(*words: Any, **options: Any) -> http.client.HTTPConnection:
        made = kind(*words, **options)
        # Where the library makes its connections, be they to a proxy or encrypted later.
        made._create_connection = watch.connect  # type: ignore[attr-defined]  # noqa: SLF001
        return made

    return connection


def _opener(watch: _Watch) -> urllib.request.OpenerDirector:
    import http.client
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        """Credentials must not follow a redirect to somebody else."""

        def redirect_request(self, *_: object) -> None:
            return None

    class Plain(urllib.request.HTTPHandler):
        """Watches what is not encrypted."""

        def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(_watched(http.client.HTTPConnection, watch), request)

    class Encrypted(urllib.request.HTTPSHandler):
        """Watches what is."""

        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(_watched(http.client.HTTPSConnection, watch), request)

    return urllib.request.build_opener(Stay, Plain, Encrypted)
