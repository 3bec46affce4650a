"""Work on what somebody else wrote, done in a copy of this process that can open nothing and may die."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable

from partnergraph.base.errors import QueryDied, QueryError, QueryTimeout
from partnergraph.stores.sandbox.limits import Limits, bound_processor_time, confine
from partnergraph.stores.sandbox.sockets import die_with_parent
from partnergraph.stores.sandbox.worker import receive, send


def apart(prepare: Callable[[], object], work: Callable[[], bytes], limits: Limits) -> bytes:
    """What ``work`` gives, done apart; ``prepare`` comes before it and may still open files, such as those of modules.

    Raises QueryTimeout, QueryDied, or QueryError with what the work itself raised.
    """
    if not hasattr(os, "fork"):
        raise QueryError("this system has no way to keep it from files and network")
    outcome, outlet = os.pipe()
    die = threading.current_thread() is threading.main_thread()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _be_apart(prepare, work, limits, outlet, die=die)
    os.close(outlet)
    overdue = threading.Event()

    def end() -> None:
        overdue.set()
        os.kill(pid, signal.SIGKILL)

    timer = threading.Timer(limits.seconds, end)
    timer.daemon = True
    timer.start()
    kind = data = b""
    try:
        kind, data = receive(outcome)
    finally:
        timer.cancel()
        timer.join()
        os.close(outcome)
        if not kind and not overdue.is_set():
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if kind == b"e" and len(data) <= limits.bytes:
        return data
    if kind == b"x":
        raise QueryError(data.decode("utf-8", "replace"))
    raise QueryTimeout("", limits.seconds) if overdue.is_set() else QueryDied("", limits.memory)


def _be_apart(prepare: Callable[[], object], work: Callable[[], bytes], limits: Limits, outlet: int, *, die: bool) -> None:
    try:
        if die:
            die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(outlet, 1)
        os.dup2(nothing, 0)
        os.dup2(nothing, 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        prepare()
        confine(limits.memory, files=False)
        bound_processor_time(limits.seconds)
        try:
            send(1, b"e", work())
        except MemoryError:
            os._exit(1)
        except Exception as error:  # noqa: BLE001  # what it raises is what it says
            send(1, b"x", (" ".join(f"{type(error).__name__}: {error}".split())[:300]).encode("utf-8", "replace"))
    finally:
        os._exit(0)
