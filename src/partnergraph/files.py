"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from partnergraph.errors import OutputError


def replace(path: Path, data: bytes) -> None:
    """Writes a file so that either the old or the new content is there, never half of it."""
    replace_together({path: lambda beside: beside.write_bytes(data)})


def replace_together(writers: dict[Path, Callable[[Path], object]]) -> None:
    """Lets each writer write its file beside the real one, and puts them in place only when all are written.

    Raises OutputError, and leaves what was there before, where any of them cannot be written.
    """
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
