"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from partnergraph.base.errors import OutputError


def replace(path: Path, data: bytes) -> None:
    """Writes a file so that either the old or the new content is there, never half of it."""
    replace_together({path: lambda beside: beside.write_bytes(data)})


def replace_together(writers: dict[Path, Callable[[Path], object]]) -> None:
    """Lets each writer write its file beside the real one, and puts them in place only when all are written.

    Raises OutputError, and leaves what was there before, where any of them cannot be written.
    """
    with tidy_interrupts():
        _replace_together(writers)


@contextmanager
def tidy_interrupts() -> Iterator[None]:
    """Makes Ctrl-C an exception while files are being written, so that nothing is left beside them."""
    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _replace_together(writers: dict[Path, Callable[[Path], object]]) -> None:
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}.new") for path in writers}
    try:
        for path, write in writers.items():
            if path.is_dir():
                raise OutputError(f"{path}: is a folder; name a file in it")
            try:
                write(beside[path])
                with beside[path].open("rb") as file:
                    os.fsync(file.fileno())
            except OSError as error:
                raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
        for path, new in beside.items():
            try:
                new.replace(path)
            except OSError as error:
                raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)
