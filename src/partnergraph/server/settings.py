"""How a server is set up: where it listens, how much it does at once, what a request may take."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from partnergraph.base.errors import OutputError
from partnergraph.stores.sandbox.limits import MIB, Limits

# What a query of the public may take.
PUBLIC = Limits(seconds=10.0, rows=100_000, bytes=32 * MIB, memory=512 * MIB)
# A page of ours may take longer, and the map, which is placed once for each content, longest.
PAGE_SECONDS = 60.0
SLOW_SECONDS = 180.0
# What the map takes is not kept for the next one, which comes seldom.
SLOW_KEPT = 64 * MIB
PAGE_MEMORY = 2048 * MIB
# No answer takes less: to wait less can only be a mistake.
LEAST_SECONDS = 0.001
MAX_BODY = 128 * 1024
MAX_TARGET = 8_000
MAX_HEADERS = 32 * 1024
# Header and body together must have arrived by then, and the answer must have been taken by then.
REQUEST_SECONDS = 10.0
EXCHANGE_SECONDS = 300.0
MAX_CONNECTIONS = 512
# So many wait for a worker; the next ones are told to come again.
QUEUE = 64
LOGS = ("quiet", "errors", "requests")


@dataclass(frozen=True)
class Settings:
    """What the operator has chosen."""

    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    rate: float = 20.0
    log: str = "errors"
    limits: Limits = PUBLIC

    def __post_init__(self) -> None:
        """Raises OutputError for what no server can be set up with."""
        if not 0 <= self.port <= 65535:
            raise OutputError(f"--port {self.port} is no port; take one from 1 to 65535")
        if not 1 <= self.workers <= 256:
            raise OutputError(f"--workers {self.workers}: take 1 to 256; as many as the machine has cores is best")
        if not 0 <= self.rate < 1e6:
            raise OutputError(f"--rate {self.rate:g}: take the requests a second that one address may make, or 0 for any number")
        if self.log not in LOGS:
            raise OutputError(f"--log {self.log!r}: take one of {', '.join(LOGS)}")
        base = urlsplit(self.base_url)
        whole = (
            base.scheme in {"http", "https"} and base.hostname and not base.query and not base.fragment and "@" not in base.netloc
        )
        if self.base_url and not whole:
            raise OutputError(f"--base-url {self.base_url!r} is no address; write it as https://graph.example.org")

    @property
    def prefix(self) -> str:
        """The path under which readers find the site: empty, or such as ``/graph``."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def local(self) -> str:
        """The address at which a program on this machine finds the site."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  # what it means, not where to listen
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def pages(self) -> int:
        """How many workers make pages: half as many again, so that queries never keep pages waiting."""
        return max(1, self.workers // 2)
