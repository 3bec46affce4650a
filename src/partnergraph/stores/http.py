"""Requests to a SPARQL server: with a time limit, retries, authentication from the environment and progress."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from partnergraph.base.errors import StoreError
from partnergraph.base.progress import doing, tell
from partnergraph.stores.addresses import check_address

if TYPE_CHECKING:
    import http.client

# What a server says when it may well answer the next time.
PASSING = frozenset({429, 502, 503, 504})
PIECE = 1 << 16
MAX_ANSWER = 2**31


@dataclass
class Server:
    """How a server is spoken to.

    Credentials are PARTNERGRAPH_TOKEN (bearer) or PARTNERGRAPH_USER and PARTNERGRAPH_PASSWORD (basic) in the
    environment.
    """

    timeout: float = 60.0
    retries: int = 4
    backoff: float = 0.5
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def request(self, method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[bytes, Mapping[str, str]]:
        """The body and headers of the answer to a request; raises StoreError in one sentence where there is none."""
        import http.client
        import urllib.error
        import urllib.request

        check_address(url)
        named = {name.replace("_", "-"): value for name, value in headers.items()} | self.credentials(url)
        request = urllib.request.Request(url, data=body, method=method, headers=named)  # noqa: S310  # checked above
        problem = ""
        for attempt in range(self.retries + 1):
            wait = self.backoff * 2**attempt
            try:
                with _opener().open(request, timeout=self.timeout) as response:
                    return self._read(response), dict(response.headers.items())
            except urllib.error.HTTPError as error:
                said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
                problem = f"the server answered {error.code} {error.reason}" + (f": {said}" if said else "")
                if error.code not in PASSING:
                    raise StoreError(url, problem) from None
                after = error.headers.get("Retry-After", "")
                wait = min(float(after), 60.0) if after.isdecimal() else wait
            except TimeoutError:
                problem = f"the server did not answer within {self.timeout:g} seconds"
            except urllib.error.URLError as error:
                problem = f"cannot be reached: {getattr(error.reason, 'strerror', None) or error.reason}"
            except (http.client.HTTPException, ConnectionError) as error:
                problem = f"the server stopped in the middle of its answer ({type(error).__name__})"
            if attempt < self.retries:
                time.sleep(wait)
        raise StoreError(url, f"{problem}; tried {self.retries + 1} times")

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

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        import http.client

        parts: list[bytes] = []
        size = 0
        # The limit is on the silence between two pieces: what keeps coming may take as long as it needs.
        with doing("reading from the server"):
            while part := response.read(PIECE):
                parts.append(part)
                size += len(part)
                if size > MAX_ANSWER:
                    raise StoreError(response.url, f"the answer has more than {MAX_ANSWER:,} bytes; ask for less")
                tell(f"reading from the server, {size / 2**20:,.1f} MiB")
        if response.length:
            # Reading piece by piece, Python does not say that the rest never came.
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)


def _opener() -> urllib.request.OpenerDirector:
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        """Credentials must not follow a redirect to somebody else."""

        def redirect_request(self, *_: object) -> None:
            return None

    return urllib.request.build_opener(Stay)


if TYPE_CHECKING:
    import urllib.request
