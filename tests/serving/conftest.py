"""Servers as an operator starts them, on loopback, and a plain client."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest

T = TypeVar("T")

TINY = Path(__file__).parents[1] / "tiny"
READY_SECONDS = 120.0


@dataclass
class Got:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Running:
    """A server that is up."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)

    def get(
        self, path: str, values: dict[str, str] | None = None, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            target = path + (f"?{urlencode(values)}" if values else "")
            connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Got(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def ask(self, query: str, **headers: str) -> Got:
        return self.get("/sparql", {"query": query}, **headers)

    def children(self) -> dict[int, float]:
        """The processes that the server has forked, with the seconds each has computed."""
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                parts = (folder / "stat").read_text().rpartition(")")[2].split()
            except (OSError, ValueError):
                continue
            if int(parts[1]) == self.process.pid and parts[0] != "Z":
                found[int(folder.name)] = (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
        return found


def start(*options: str) -> Running:
    """A server on a free port, once it says that it is ready."""
    words = [sys.executable, "-m", "partnergraph", "serve", "--port", "0", *options]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)
    made = Running(process, 0)
    came = threading.Event()

    def read() -> None:
        for line in process.stderr or ():
            made.lines.append(line.rstrip("\n"))
            if found := re.search(r"ready at http://[\w.:\[\]]+:(\d+)", line):
                made.port = int(found[1])
                came.set()
        came.set()

    threading.Thread(target=read, daemon=True).start()
    assert came.wait(READY_SECONDS), "the server did not become ready"
    assert made.port, "\n".join(made.lines)
    return made


def stop(server: Running) -> int:
    """Ends a server as an operator does, and says with which code it ended."""
    server.process.send_signal(signal.SIGTERM)
    try:
        return server.process.wait(30)
    finally:
        server.process.kill()


@pytest.fixture(scope="session")
def shipped() -> Iterator[Running]:
    """A server of the shipped content."""
    server = start("--rate", "0", "--workers", "2")
    yield server
    stop(server)


@pytest.fixture(scope="session")
def tiny() -> Iterator[Running]:
    """A server of the small content of the tests."""
    server = start("--rate", "0", "--workers", "2", "--content", str(TINY), "--base-url", "https://graph.example.org/ai")
    yield server
    stop(server)


@pytest.fixture
def serving() -> Iterator[Callable[..., Running]]:
    """Starts servers of the small content that a test may ruin."""
    started: list[Running] = []

    def make(*options: str) -> Running:
        server = start("--content", str(TINY), *options)
        started.append(server)
        return server

    yield make
    for server in started:
        server.process.kill()
        server.process.wait(30)


def until(what: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it comes true within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


def finish(work: Coroutine[Any, Any, T]) -> T:
    """What it comes to, on a thread of its own: Playwright keeps a loop running in this one, where pages were tested before."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
