"""Taking turns: of several processes that put files into the same folders one does at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

# Whoever has the turn holds it for milliseconds; a process that is stopped, or somebody else's lock, keeps nobody for longer.
PATIENCE = 5.0
_PAUSE = 0.01


@contextmanager
def in_turn(folders: Iterable[Path]) -> Iterator[None]:
    """Keeps other processes that ask for a turn in one of the folders out of it, where the system knows locks.

    It is a courtesy among ourselves: after ``PATIENCE`` seconds, and where a folder cannot be locked, it goes on without.
    """
    with ExitStack() as held:
        # In one order, so that no two wait for each other.
        for folder in sorted(set(folders)):
            held.enter_context(_turn(folder))
        yield


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        until = time.monotonic() + PATIENCE
        # Another error than that somebody has it: this file system knows no locks.
        with suppress(OSError):
            while time.monotonic() < until:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)
