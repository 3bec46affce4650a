"""What a query from outside may use: time, rows, bytes and memory."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """The bounds of a query that a user wrote; those of the project itself have none.

    ``seconds`` of time, ``rows`` and ``bytes`` of the answer, and bytes of ``memory`` beyond what the graph
    itself takes (held where the system can: Linux and other Unixes, not Windows).
    """

    seconds: float = 30.0
    rows: int = 1_000_000
    bytes: int = 256 * MIB
    memory: int = 1024 * MIB


# What the queries of a folder of somebody else's may use, all rules or all checks together, or one question.
FOREIGN = Limits(seconds=120.0, rows=10_000_000, bytes=512 * MIB, memory=2048 * MIB)


# What a whole command may take that asks such a folder, with everything that is made of the answers.
FOREIGN_COMMAND = 600.0
# A table that is longer than this, or of more text, is read by programs: they take CSV.
READABLE = Limits(rows=100_000, bytes=64 * MIB)


@contextmanager
def at_most(seconds: float, error: Exception) -> Iterator[None]:
    """Raises the error in the middle of the block if that takes longer, whatever of this package it is doing.

    In the main thread of a program a signal ends it; elsewhere, and on Windows, which has none, the next line of Python does.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        with _at_most_by_timer(seconds, error):
            yield
        return

    def end(*_: object) -> None:
        raise error

    before = signal.signal(signal.SIGALRM, end)
    started = time.monotonic()
    earlier, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if earlier:
            # The block around this one has its own time, of which some has gone.
            signal.setitimer(signal.ITIMER_REAL, max(earlier - (time.monotonic() - started), 0.001))


@contextmanager
def _at_most_by_timer(seconds: float, error: Exception) -> Iterator[None]:
    import ctypes

    # A thread can be sent a class only; one that is the error already, wherever it arrives.
    kind: type[Exception] = type(type(error).__name__, (type(error),), {"__init__": lambda self: self.__dict__.update(vars(error))})
    thread = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    lock = threading.Lock()
    over = done = False

    def end() -> None:
        nonlocal over
        with lock:
            if not done:
                over = True
                raise_in(thread, ctypes.py_object(kind))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    try:
        timer.start()
        yield
    except kind:
        raise error from None
    finally:
        with lock:
            done = True
        timer.cancel()
        # What was on its way when the block ended must not arrive later.
        raise_in(thread, None)
    if over:
        raise error


def confine(memory: int, *, files: bool) -> None:
    """Takes from this process what a query does not need; there is no way back.

    Memory beyond what it has now is bounded. Without ``files`` it can open nothing more, neither a file nor a
    socket; with them (a store on disk reads its own as it goes) it can at least make no socket, where Linux allows that.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    used = _address_space()
    if used is not None:
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if files:
        from partnergraph.stores.sandbox.sockets import forbid_sockets

        forbid_sockets()
    else:
        # Standard input, output and error are all that is open and all that may be.
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def bound_processor_time(seconds: float) -> None:
    """Ends this process when it has computed so long from now on, even if nobody is left to kill it."""
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def watch_memory() -> Callable[[], int]:
    """What tells the most memory that this process has held so far, in bytes, also when it may open nothing more; 0 where unknown."""
    try:
        status = os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return _greatest_resident
    # The system's other count starts with what the parent held, however little a started process has itself.
    return lambda: int(re.findall(rb"VmHWM:\s+(\d+)", os.pread(status, 10_000, 0))[0]) * 1024


def _greatest_resident() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _address_space() -> int | None:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # pathlib is not needed here
            pages = int(file.read().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    import resource

    return pages * resource.getpagesize()
