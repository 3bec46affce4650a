"""Queries from outside, within limits: each runs in a worker process that is killed at the limit and replaced when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partnergraph.base.errors import AnswerTooLarge, QueryDied, QueryError, QueryTimeout, RefusedQuery
from partnergraph.rdf.terms import PREFIXES
from partnergraph.stores.sandbox.guard import syntax_problem
from partnergraph.stores.sandbox.limits import Limits
from partnergraph.stores.sandbox.worker import receive, send, serve_forked

if TYPE_CHECKING:
    import pyoxigraph as ox

    from partnergraph.rdf.terms import Term

# How long a worker may take to be ready: forking is instant, starting one means loading its graph.
FORK_SECONDS = 10.0
START_SECONDS = 600.0
# More workers than this are not kept for the next query.
MAX_IDLE = 4
PIECE = 2**28


@dataclass(frozen=True)
class Reply:
    """What a worker answered: ``form`` rows (as TSV), triples (as N-Triples) or boolean (as JSON)."""

    form: str
    data: bytes


class Workers:
    """The workers of one store; any number of threads may ask at once.

    A worker sees the store as it was when the worker was made. ``path`` is where the store lies on disk, if it does.
    """

    def __init__(self, store: ox.Store, path: Path | None = None, *, fork: bool = hasattr(os, "fork")) -> None:
        self._store = store
        self._path = path
        # A store on disk has threads and files of its own, which do not survive a fork.
        self._fork = fork and path is None
        self._idle: list[Worker] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()
        weakref.finalize(self, _stop_all, self._idle, self._owner)

    def ask(self, sparql: str, bindings: Mapping[str, Term], limits: Limits) -> Reply:
        """The answer to a query; raises QueryTimeout, AnswerTooLarge, QueryDied, or QueryError for what is not SPARQL."""
        worker = self._take(limits)
        try:
            reply = worker.ask(sparql, bindings, limits)
        finally:
            # Whatever ended the wait, be it Ctrl-C: a worker that is still busy is of no more use.
            if worker.ready:
                self._give(worker)
            else:
                worker.stop()
        return reply

    def close(self) -> None:
        """Ends all workers that wait; they would also end with this object."""
        with self._lock:
            _stop_all(self._idle, self._owner)

    def _take(self, limits: Limits) -> Worker:
        with self._lock:
            if self._owner != os.getpid():
                # This is a forked copy of the process: the workers and their pipes belong to the other one.
                self._idle.clear()
                self._owner = os.getpid()
            while self._idle:
                worker = self._idle.pop()
                if worker.memory == limits.memory and worker.alive():
                    return worker
                worker.stop()
        if self._fork:
            try:
                return fork_worker(self._store, limits.memory)
            except QueryError:
                # Another thread may have held a lock at the moment of the fork; a fresh process has no such past.
                self._fork = False
        return start_worker(self._store, self._path, limits.memory)

    def _give(self, worker: Worker) -> None:
        with self._lock:
            if len(self._idle) < MAX_IDLE and self._owner == os.getpid():
                self._idle.append(worker)
                return
        worker.stop()


def _stop_all(idle: list[Worker], owner: int) -> None:
    while idle and owner == os.getpid():
        idle.pop().stop()


class Worker:
    """One worker process, from this side: its number and the two pipes to it."""

    def __init__(self, pid: int, inlet: int, outlet: int, memory: int, process: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self.memory = memory
        self.ready = False
        self._inlet = inlet
        self._outlet = outlet
        self._process = process
        self._status: int | None = None
        self._overdue = False

    def wait_ready(self, seconds: float) -> None:
        """Waits until the worker can be asked; raises QueryError where it cannot within the time."""
        try:
            with _Alarm(seconds, self):
                self.ready = receive(self._outlet)[0] == b"r"
        finally:
            if not self.ready:
                self.stop()
        if not self.ready:
            raise QueryError(f"no process to run the query in could be had within {seconds:g} seconds")

    def ask(self, sparql: str, bindings: Mapping[str, Term], limits: Limits) -> Reply:
        """Asks one query and waits for the answer, at most as long as the limits say."""
        request = {
            "prefixes": PREFIXES,
            "sparql": sparql,
            "bindings": {name: str(term) for name, term in bindings.items()},
            "seconds": limits.seconds,
            "rows": limits.rows,
            "bytes": limits.bytes,
        }
        self.ready = False
        with _Alarm(limits.seconds, self):
            try:
                send(self._inlet, b"a", json.dumps(request).encode())
                form, data, end, note = self._collect(limits)
            except BrokenPipeError:
                form, data, end, note = "", b"", b"", b""
        if end == b"e":
            self.ready = note != b"tired" and not self._overdue
            return Reply(form, data)
        if end == b"x":
            kind, words = json.loads(note)
            self.ready = kind in {"refused", "syntax", "other"} and not self._overdue
            raise _problem(kind, words, sparql, limits)
        self.stop()
        if self._overdue or self._status == -getattr(signal, "SIGXCPU", 0):
            raise QueryTimeout(sparql, limits.seconds)
        raise QueryDied(sparql, limits.memory)

    def _collect(self, limits: Limits) -> tuple[str, bytes, bytes, bytes]:
        form = ""
        parts: list[bytes] = []
        size = 0
        while True:
            kind, data = receive(self._outlet)
            if kind == b"h":
                form = data.decode()
            elif kind == b"d" and size <= limits.bytes:
                parts.append(data)
                size += len(data)
            else:
                return form, b"".join(parts), kind, data

    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._reap(os.WNOHANG if hasattr(os, "WNOHANG") else 0) is None

    def kill(self) -> None:
        """Ends the process at once; the pipes then say so to whoever reads from them."""
        self._overdue = True
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def stop(self) -> None:
        """Ends the process and lets go of everything that belongs to it."""
        self.ready = False
        if self._inlet >= 0:
            overdue = self._overdue
            self.kill() if self._process is None else self._process.kill()
            self._overdue = overdue
            self._reap(0)
            os.close(self._inlet)
            os.close(self._outlet)
            self._inlet = self._outlet = -1

    def _reap(self, options: int) -> int | None:
        if self._process is not None:
            self._status = self._process.poll() if options else self._process.wait()
        elif self._status is None:
            try:
                pid, status = os.waitpid(self.pid, options)
            except ChildProcessError:
                # Somebody else in this process waits for all children.
                pid, status = self.pid, 0
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status


class _Alarm:
    """Kills a worker after so many seconds, unless the block it guards has ended by then."""

    def __init__(self, seconds: float, worker: Worker) -> None:
        self._timer = threading.Timer(seconds, worker.kill)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()


def _problem(kind: str, words: str, sparql: str, limits: Limits) -> QueryError:
    if kind == "refused":
        problem, line, column = json.loads(words)
        return RefusedQuery(problem, sparql, line, column)
    if kind == "syntax":
        return syntax_problem(sparql, SyntaxError(words))
    if kind == "large":
        return AnswerTooLarge(sparql, words, limits.rows if words == "rows" else limits.bytes)
    if kind == "memory":
        return QueryDied(sparql, limits.memory)
    return QueryError(f"the query could not be answered: {words}", sparql)


def fork_worker(store: ox.Store, memory: int) -> Worker:
    """A worker on a copy of this process, which costs milliseconds: the triples are shared until somebody changes them."""
    inlet, to_worker = os.pipe()
    from_worker, outlet = os.pipe()
    die = threading.current_thread() is threading.main_thread()
    with warnings.catch_warnings():
        # Other threads do not go along; what could hang then is found out by waiting for the worker to be ready.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        serve_forked(store, inlet, outlet, memory, die=die)
    os.close(inlet)
    os.close(outlet)
    worker = Worker(pid, to_worker, from_worker, memory)
    worker.wait_ready(FORK_SECONDS)
    return worker


def start_worker(store: ox.Store, path: Path | None, memory: int) -> Worker:
    """A worker in a fresh process, which opens the store on disk or is given a copy of the one in memory."""
    process = subprocess.Popen(
        [sys.executable, "-m", "partnergraph.stores.sandbox.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    if process.stdin is None or process.stdout is None:
        raise QueryError("no process to run the query in could be had")
    worker = Worker(process.pid, os.dup(process.stdin.fileno()), os.dup(process.stdout.fileno()), memory, process)
    process.stdin.close()
    process.stdout.close()
    started = time.monotonic()
    try:
        send(worker._inlet, b"m", str(memory).encode())  # noqa: SLF001  # made here
        if path is not None:
            send(worker._inlet, b"p", str(path).encode())  # noqa: SLF001
        else:
            _send_store(worker._inlet, store)  # noqa: SLF001
        worker.wait_ready(START_SECONDS - (time.monotonic() - started))
    except BrokenPipeError:
        worker.stop()
        raise QueryError("the process to run the query in ended before it was ready") from None
    except BaseException:
        worker.stop()
        raise
    return worker


def _send_store(inlet: int, store: ox.Store) -> None:
    from pyoxigraph import RdfFormat

    data = store.dump(format=RdfFormat.N_QUADS) or b""
    start = 0
    while start < len(data):
        end = len(data) if start + PIECE >= len(data) else data.rindex(b"\n", start, start + PIECE) + 1
        send(inlet, b"q", data[start:end])
        start = end
    send(inlet, b"g")
