"""The process that everything is forked from: it has the graph, runs no thread, and outlives whatever dies.

It makes the front, which speaks to the network, and a worker whenever the front asks for one over a socket; it ends a worker
whose time is up, and makes a new front where that died. What is asked of it is a letter and a number, with a socket for a worker.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from partnergraph.server.worker import be_worker
from partnergraph.stores.sandbox.sockets import die_with_parent

if TYPE_CHECKING:
    from partnergraph.server.worker import Worker

ORDER = struct.Struct(">cI")
QUERIES, PAGES, SLOW, KILL = b"q", b"p", b"s", b"k"
# A front that dies so often within a minute will die again.
MOST_DEATHS = 5
# So long may requests that were begun go on when the server is told to stop.
GRACE_SECONDS = 20.0


class Nursery:
    """Makes and ends processes; ``makers`` say what a worker of each kind is made of, ``front`` what the front does."""

    def __init__(
        self,
        makers: dict[bytes, Callable[[], Worker]],
        front: Callable[[socket.socket], int],
        tell: Callable[[str], None],
        *,
        free: bool,
    ) -> None:
        self._makers = makers
        self._front = front
        self._tell = tell
        self._free = free
        self._workers: set[int] = set()
        self._pid = 0
        self._status: int | None = None
        self._stopping = 0.0
        self._deaths: list[float] = []

    def run(self) -> int:
        """Runs until it is told to stop; the code to end with."""
        waking, woken = socket.socketpair()
        for one in (waking, woken):
            one.setblocking(False)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while True:
                code = self._one_front(waking)
                if code is not None:
                    return code
        finally:
            self._end(*self._workers, *([self._pid] if self._pid else []))
            signal.set_wakeup_fd(-1)

    def _stop(self, *_: object) -> None:
        # The second time nobody waits.
        self._stopping = time.monotonic() + GRACE_SECONDS if not self._stopping else time.monotonic()

    def _one_front(self, waking: socket.socket) -> int | None:
        """Serves one front until it ends; the code to end with, or None where another one is to be made."""
        ours, theirs = socket.socketpair()
        self._status = None
        self._pid = os.fork()
        if self._pid == 0:
            self._become_front(ours, theirs, waking)
        theirs.close()
        told = False
        with selectors.DefaultSelector() as selector, ours:
            selector.register(ours, selectors.EVENT_READ)
            selector.register(waking, selectors.EVENT_READ)
            while self._status is None:
                wait = max(0.01, self._stopping - time.monotonic()) if self._stopping else None
                for key, _ in selector.select(wait):
                    if key.fileobj is waking:
                        with contextlib.suppress(BlockingIOError):
                            waking.recv(4096)
                    elif not self._obey(ours):
                        selector.unregister(ours)
                self._reap()
                if self._stopping and not told and self._status is None:
                    told = True
                    os.kill(self._pid, signal.SIGTERM)
                if self._stopping and time.monotonic() >= self._stopping and self._status is None:
                    self._end(self._pid)
        self._pid = 0
        self._end(*self._workers)
        if self._stopping or self._status in {0, 3}:
            return 0 if self._stopping else self._status
        self._deaths = [*(death for death in self._deaths if death > time.monotonic() - 60), time.monotonic()]
        if len(self._deaths) >= MOST_DEATHS:
            self._tell("the process that speaks to the network has died too often; giving up")
            return 1
        self._tell("the process that speaks to the network has died; a new one takes its place")
        return None

    def _become_front(self, ours: socket.socket, theirs: socket.socket, waking: socket.socket) -> None:
        status = 1
        try:
            die_with_parent()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            ours.close()
            waking.close()
            status = self._front(theirs)
        except KeyboardInterrupt:
            status = 0
        finally:
            with contextlib.suppress(OSError, ValueError, AttributeError):
                sys.stderr.flush()
            os._exit(status)

    def _obey(self, ours: socket.socket) -> bool:
        """Does what the front asks for; False where it has gone."""
        try:
            data, given, _, _ = socket.recv_fds(ours, ORDER.size, 1)
        except OSError:
            return False
        while data and len(data) < ORDER.size:
            more = ours.recv(ORDER.size - len(data))
            data = data + more if more else b""
        if not data:
            return False
        order, number = ORDER.unpack(data)
        if order == KILL and number in self._workers:
            # It is ours and not yet waited for: no other process can have its number.
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        elif order in self._makers and given:
            pid = os.fork()
            if pid == 0:
                be_worker(self._makers[order], given[0], strict=order == QUERIES, free=self._free)
            self._workers.add(pid)
        for descriptor in given:
            os.close(descriptor)
        return True

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._workers.discard(pid)
                if pid == self._pid:
                    self._status = os.waitstatus_to_exitcode(status)

    def _end(self, *pids: int) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in pids:
            with contextlib.suppress(ChildProcessError):
                _, status = os.waitpid(pid, 0)
                if pid == self._pid:
                    self._status = os.waitstatus_to_exitcode(status)
            self._workers.discard(pid)
