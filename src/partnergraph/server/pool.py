"""The workers as the front has them: as many as were allowed, each asked one job at a time, ended when its time is up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from partnergraph.server.frames import ASKED, END, HEADING, PIECE, PROBLEM, READY, Unpacker, as_json, packed
from partnergraph.server.nursery import KILL, ORDER
from partnergraph.server.problems import Problem, busy, died, timed_out
from partnergraph.stores.sandbox.limits import Limits

# Up to here an answer is kept in memory; what is longer goes to a file, so that the worker is free whoever reads slowly.
IN_MEMORY = 2**20
START_SECONDS = 120.0
# A worker that could not be made is tried again after so long.
PAUSE = 1.0


@dataclass
class Delivery:
    """An answer that has arrived whole: what it is, and its bytes or the file they are in."""

    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""
    file: IO[bytes] | None = None
    size: int = 0


class Orders:
    """The way to the process that makes workers."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._lock = threading.Lock()

    def fork(self, kind: bytes) -> socket.socket:
        """Asks for a worker and gives our end of the socket to it."""
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            socket.send_fds(self._control, [ORDER.pack(kind, 0)], [theirs.fileno()])
        ours.setblocking(False)
        return ours

    def kill(self, pid: int) -> None:
        """Ends a worker at once."""
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(ORDER.pack(KILL, pid))


class Line(asyncio.Protocol):
    """The line to one worker."""

    def __init__(self) -> None:
        self.pid = 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.idle = False
        self._transport: asyncio.Transport | None = None
        self._unpack = Unpacker()
        self._delivery = Delivery()
        self._parts: list[bytes] = []
        self._answer: asyncio.Future[Delivery] | None = None
        self.logged: Callable[[str], None] = lambda _: None
        self.lost: Callable[[Line], None] = lambda _: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way to write."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Takes what the worker says."""
        for kind, part in self._unpack.feed(data):
            if kind == READY:
                self.pid = int(part)
                self.idle = True
                if not self.ready.done():
                    self.ready.set_result(None)
            elif kind == HEADING:
                self._delivery.head = json.loads(part)
            elif kind == PIECE:
                self._keep(part)
            elif kind == END:
                self._settle()
                self.idle = part != b"tired"
            elif kind == PROBLEM:
                record = json.loads(part)
                if "log" in record:
                    self.logged(str(record["log"]))
                self._fail(Problem(record["status"], record["detail"], record["headers"], record["more"]))
                self.idle = True

    def connection_lost(self, _exc: Exception | None) -> None:
        """The worker has ended: whoever waits is told so."""
        waited, self.idle = self.idle, False
        gone = ConnectionResetError("the worker has ended")
        if not self.ready.done():
            self.ready.set_exception(gone)
            # Nobody may be waiting any more.
            self.ready.exception()
        self._fail(gone)
        if waited:
            self.lost(self)

    def ask(self, job: dict[str, Any]) -> asyncio.Future[Delivery]:
        """Sends a job; what it gives comes later."""
        self.idle = False
        self._delivery, self._parts = Delivery(), []
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            self._fail(ConnectionResetError("the worker has ended"))
        else:
            self._transport.write(packed(ASKED, as_json(job)))
        return self._answer

    def close(self) -> None:
        """Lets go of it; a worker that is idle then ends by itself."""
        self.idle = False
        if self._transport is not None:
            self._transport.abort()

    def _keep(self, part: bytes) -> None:
        delivery = self._delivery
        delivery.size += len(part)
        if delivery.file is None and delivery.size > IN_MEMORY:
            delivery.file = tempfile.TemporaryFile(prefix="partnergraph-")  # noqa: SIM115  # several may read it, each at its own place
            weakref.finalize(delivery, delivery.file.close)
            delivery.file.writelines(self._parts)
            self._parts = []
        if delivery.file is None:
            self._parts.append(part)
        else:
            delivery.file.write(part)

    def _settle(self) -> None:
        delivery = self._delivery
        delivery.body = b"".join(self._parts)
        if delivery.file is not None:
            delivery.file.flush()
        # It is the asker's from now on: what becomes of the worker does not concern it.
        self._delivery, self._parts = Delivery(), []
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(delivery)

    def _fail(self, error: Exception) -> None:
        self._delivery, self._parts = Delivery(), []
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


class Pool:
    """So many workers of one kind, and a queue before them that is bounded."""

    def __init__(  # noqa: PLR0913, PLR0917  # set up in one place
        self, kind: bytes, size: int, queue: int, limits: Limits, orders: Orders, log: Callable[[str], None]
    ) -> None:
        self.kind, self.size, self.queue, self.limits = kind, size, queue, limits
        self._orders, self._log = orders, log
        self._lines: set[Line] = set()
        self._idle: deque[Line] = deque()
        self._waiting: deque[asyncio.Future[Line]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed = False
        self.counts = {"answered": 0, "timed out": 0, "died": 0, "refused": 0, "started": 0}

    async def start(self) -> None:
        """Makes the workers."""
        await asyncio.gather(*(self._make() for _ in range(self.size)))

    @property
    def alive(self) -> int:
        """How many workers there are."""
        return len(self._lines)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a worker."""
        return len(self._waiting)

    async def run(self, job: dict[str, Any], seconds: float | None = None) -> Delivery:
        """Has a job done; raises Problem where it takes too long, the worker dies, or too many wait already."""
        limits = self.limits
        allowed = min(limits.seconds, seconds or limits.seconds)
        line = await self._take(limits.seconds)
        try:
            async with asyncio.timeout(allowed):
                delivery = await line.ask(job | {"seconds": allowed})
        except TimeoutError:
            self.counts["timed out"] += 1
            raise timed_out(Limits(allowed, limits.rows, limits.bytes, limits.memory)) from None
        except ConnectionResetError:
            self.counts["died"] += 1
            raise died(limits) from None
        else:
            self.counts["answered"] += 1
            return delivery
        finally:
            self._give(line)

    async def close(self) -> None:
        """Ends all workers."""
        self.closed = True
        for task in self._tasks:
            task.cancel()
        for line in tuple(self._lines):
            self._drop(line)

    async def _take(self, seconds: float) -> Line:
        while self._idle:
            line = self._idle.popleft()
            if line.idle:
                return line
            self._replace(line)
        if len(self._waiting) >= self.queue:
            self.counts["refused"] += 1
            raise busy()
        place: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        taken = False
        try:
            async with asyncio.timeout(seconds):
                line = await place
            taken = True
        except TimeoutError:
            self.counts["refused"] += 1
            raise busy() from None
        finally:
            if place in self._waiting:
                self._waiting.remove(place)
            if not taken and place.done() and not place.cancelled():
                # It came at the moment in which nobody wanted it any more.
                self._give(place.result())
        return line

    def _give(self, line: Line) -> None:
        if not line.idle:
            self._replace(line)
            return
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                line.idle = True
                place.set_result(line)
                return
        self._idle.append(line)

    def _replace_idle(self, line: Line) -> None:
        if line in self._idle:
            self._idle.remove(line)
            self._replace(line)

    def _replace(self, line: Line) -> None:
        self._drop(line)
        if not self.closed:
            task = asyncio.get_running_loop().create_task(self._make())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _drop(self, line: Line) -> None:
        if line.pid:
            self._orders.kill(line.pid)
        line.close()
        self._lines.discard(line)

    async def _make(self) -> None:
        while not self.closed:
            try:
                ours = self._orders.fork(self.kind)
                _, line = await asyncio.get_running_loop().create_connection(Line, sock=ours)
                line.logged, line.lost = self._log, self._replace_idle
                async with asyncio.timeout(START_SECONDS):
                    await line.ready
            except (OSError, TimeoutError):
                self._log("a worker could not be started; it is tried again")
                await asyncio.sleep(PAUSE)
                continue
            self.counts["started"] += 1
            self._lines.add(line)
            self._give(line)
            return
