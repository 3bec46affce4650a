"""Writing files so that nobody ever sees half of one, and so that the path stays what it was."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from partnergraph.base.errors import OutputError
from partnergraph.base.turns import in_turn

# How the system calls what this process has open already: such a path is written to as it is open, at its place.
_OPEN = r"/dev/(?:fd/(?P<fd>\d+)|(?P<name>stdin|stdout|stderr))|/proc/(?:self|thread-self|(?P<pid>\d+))/fd/(?P<own>\d+)"
_STANDARD = {"stdin": 0, "stdout": 1, "stderr": 2}
_MAX_LINKS = 40
_CLOSED = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_STAY = getattr(os, "O_NOFOLLOW", 0)


# What is written one after the other, and need not be in memory at once; may be gone through again.
Pieces: TypeAlias = Iterable[bytes]


def replace(path: Path, data: bytes, *, mode: int = 0o666, sync: bool = True) -> None:
    """Writes a file so that either the old or the new content is there, never half of it.

    ``mode`` is the most that a new file may be opened for. Without ``sync`` nobody waits for the disk: for one of thousands
    of files that can be made again.
    """
    replace_together({path: data}, mode=mode, sync=sync)


def revise(path: Path, data: bytes, old: bytes | None) -> None:
    """Writes a file like ``replace`` if it still holds what it was made from, or, with None, if there is still no such file.

    Raises OutputError where somebody has saved it in between: nothing of theirs is lost.
    """
    replace_together({path: data}, {path: old})


def replace_together(
    files: Mapping[Path, bytes | Pieces], old: Mapping[Path, bytes | None] | None = None, mode: int = 0o666, *, sync: bool = True
) -> None:
    """Writes each file beside the real one, and puts them in place only when all are written.

    A link stays and what it leads to is written; mode and owner of a file stay, and so do its other names; a device
    or a pipe is written into. Raises OutputError, and leaves what was there before, where any cannot be written, or one
    holds something else than its ``old`` content (None: there was none).
    """
    old = old or {}
    with tidy_interrupts():
        outputs: list[_Stream | _File] = []
        try:
            for path, data in files.items():
                with _told(path):
                    outputs.append(_output(path, data))
                    outputs[-1].prepare(mode, sync=sync)
            with in_turn(path.resolve().parent for path in old):
                for path in old:
                    with _told(path):
                        if (path.read_bytes() if path.exists() else None) != old[path]:
                            raise OutputError(
                                f"{path}: was saved by somebody else meanwhile, and is as they left it; run this again"
                            )
                for path, output in zip(files, outputs, strict=True):
                    with _told(path):
                        output.finish()
        finally:
            for output in outputs:
                output.drop()


def read_file(path: Path, most: int, *, links: bool = True) -> bytes:
    """The first ``most`` bytes of a file; raises OSError for a pipe or device, which could keep us waiting, and for a link if told so."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _CLOSED | (0 if links else _STAY))
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        data = file.read(min(found.st_size + 1, most))
        # It may grow while it is read.
        return data if len(data) <= found.st_size else data + file.read(most - len(data))


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


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Whoever reads from a pipe has seen enough.
        raise
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


class _Stream:
    """What is open already, a device or a pipe: written into, and never replaced."""

    def __init__(self, place: str | int, data: bytes | Pieces) -> None:
        self.place = place
        self.data = data

    def prepare(self, _: int, *, sync: bool) -> None:
        """Does what can be undone."""

    def finish(self) -> None:
        """Does the rest."""
        for stream in (sys.stdout, sys.stderr):
            # What was printed before stands before.
            with suppress(AttributeError, ValueError):
                stream.flush()
        descriptor = os.dup(self.place) if isinstance(self.place, int) else os.open(self.place, os.O_WRONLY | os.O_TRUNC | _CLOSED)
        _write(descriptor, self.data)

    def drop(self) -> None:
        """Clears away what ``prepare`` has made and ``finish`` has not put in place."""


class _File:
    """A file that is there or is to be: written beside, under a name that nobody can foresee, and renamed."""

    def __init__(self, place: Path, data: bytes | Pieces, old: os.stat_result | None) -> None:
        self.path = place
        self.data = data
        self.old = old
        self.beside: Path | None = None
        # Another name of the file, or an owner that is not ours to give, would be lost with a new file.
        self.in_place = old is not None and old.st_nlink > 1

    def prepare(self, mode: int, *, sync: bool) -> None:
        """Writes the new content beside the old one, with ``sync`` down to the disk."""
        if self.old is not None and not os.access(self.path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        beside = self.path.with_name(f".partnergraph-{os.urandom(12).hex()}.new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOSED | _STAY, mode if self.old is None else 0o600)
        self.beside = beside
        _write(descriptor, self.data, sync=sync)
        if self.old is not None:
            self._take_over(beside, self.old)

    def _take_over(self, beside: Path, old: os.stat_result) -> None:
        new = beside.stat()
        if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            try:
                os.chown(beside, old.st_uid, old.st_gid)
            except OSError:
                self.in_place = True
        if hasattr(os, "listxattr"):
            # Access lists stand here, too; not every file system has any.
            with suppress(OSError):
                for name in os.listxattr(self.path):
                    os.setxattr(beside, name, os.getxattr(self.path, name))
        beside.chmod(stat.S_IMODE(old.st_mode))

    def finish(self) -> None:
        """Puts the new content in the place of the old one."""
        if self.beside is None:
            return
        if not self.in_place:
            self.beside.replace(self.path)
            self.beside = None
            return
        descriptor = os.open(self.path, os.O_WRONLY | _CLOSED | _STAY)
        try:
            _write(descriptor, self.data, sync=True, cut=True)
        except OSError as error:
            kept, self.beside = self.beside, None
            raise OutputError(f"{self.path}: only half could be written: {error.strerror}; all of it is in {kept}") from None

    def drop(self) -> None:
        """Removes what was written beside."""
        if self.beside is not None:
            self.beside.unlink(missing_ok=True)


def _output(path: Path, data: bytes | Pieces) -> _Stream | _File:
    place = path
    for _ in range(_MAX_LINKS):
        descriptor = _descriptor(place)
        if descriptor is not None:
            return _Stream(descriptor, data)
        if str(place).startswith("/proc/"):
            # What these links say is no path.
            return _Stream(str(place), data)
        if not place.is_symlink():
            break
        place = place.parent / place.readlink()
    else:
        raise OutputError(f"{path}: is a link that leads to itself")
    try:
        found = place.stat()
    except FileNotFoundError:
        return _File(place, data, None)
    if stat.S_ISDIR(found.st_mode):
        raise OutputError(f"{path}: is a folder; name a file in it")
    return _File(place, data, found) if stat.S_ISREG(found.st_mode) else _Stream(str(place), data)


def _descriptor(place: Path) -> int | None:
    match = re.fullmatch(_OPEN, os.path.normpath(place.absolute()))
    if not match or (match["pid"] and int(match["pid"]) != os.getpid()):
        return None
    return _STANDARD[match["name"]] if match["name"] else int(match["fd"] or match["own"])


def is_stream(path: Path) -> bool:
    """Whether the path is a device, a pipe or something open already, beside which no other file can stand."""
    with _told(path):
        return not isinstance(_output(path, b""), _File)


def _write(descriptor: int, data: bytes | Pieces, *, sync: bool = False, cut: bool = False) -> None:
    written = 0
    try:
        for piece in [data] if isinstance(data, bytes) else data:
            left = memoryview(piece)
            written += len(left)
            while left:
                left = left[os.write(descriptor, left) :]
        if cut:
            os.ftruncate(descriptor, written)
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
