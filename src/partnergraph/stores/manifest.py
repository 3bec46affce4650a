"""What a store on disk says of itself, whether that is so, and whether it may be trusted."""

from __future__ import annotations

import json
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from partnergraph.base.errors import StoreError
from partnergraph.base.files import read_file

MANIFEST = "partnergraph-store.json"
LOCK = "partnergraph-store.lock"
# What the lock holds, so that a folder is known as ours also where a build was killed before there was a manifest.
MARK = b"a store of partnergraph\n"
# Changes when a store is laid out or derived in another way, so that an older one must be built anew.
FORMAT = 8
STORE_NAME = re.compile(r"store-[0-9a-f]{8}")
ENGINE = "oxigraph"
# All triples once more as N-Quads, arranged by claims, where they fit into memory: who reads most of them, or a view, fills a store there.
QUADS = "graph.nq"
# The rows of those projections that read most of the graph, each in a file.
COLUMNS = "columns"
# A manifest of a hundred thousand files would be shorter.
MAX_MANIFEST = 16 * 2**20
# Of a file larger than this both ends are summed, which hold what says how large everything else is; the engine sums the rest itself.
MAX_SUMMED = 8 * 2**20
END = 2**18
_FILE_NAME = re.compile(rf"(?:(?:{ENGINE}|{COLUMNS})/)?[A-Za-z0-9][A-Za-z0-9._-]*")
# These the engine writes while it reads.
_UNSUMMED = re.compile(r"LOCK|LOG(?:\..*)?")


@dataclass(frozen=True)
class Manifest:
    """What a store on disk was built by and from, and its files, each with its size and a check sum."""

    format: int
    package: str
    content: str
    triples: int
    store: str
    files: dict[str, tuple[int, int]]


def package_version() -> str:
    """The version of this package; asking for it imports more than opening a store does."""
    from importlib.metadata import version

    return version("partnergraph")


def rebuild(folder: Path) -> str:
    """What to do where a store cannot be used."""
    return f"build it with 'partnergraph build {folder}'"


def read_manifest(folder: Path, *, any_package: bool = False) -> Manifest:
    """What the store in the folder is; raises StoreError where there is none, or one that this version cannot use or trust.

    With ``any_package`` it is enough that the store is laid out as this version does it.
    """
    try:
        data = read_file(folder / MANIFEST, MAX_MANIFEST, links=False)
    except FileNotFoundError:
        raise StoreError(folder, f"holds no store; {rebuild(folder)}") from None
    except (OSError, ValueError):
        raise unreadable(folder) from None
    check_trust(folder, folder, folder / MANIFEST)
    try:
        found = json.loads(data)
        known = found["format"], found["package"]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise unreadable(folder) from None
    if not isinstance(known[0], int) or not isinstance(known[1], str) or not re.fullmatch(r"[0-9A-Za-z.+!-]{1,40}", known[1]):
        raise unreadable(folder)
    if known[0] != FORMAT or not (any_package or known[1] == package_version()):
        problem = f"the store is of partnergraph {known[1]}, this is {package_version()}; {rebuild(folder)} again"
        raise StoreError(folder, problem)
    try:
        return _made(found)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise unreadable(folder) from None


def _made(found: dict[str, object]) -> Manifest:
    files = found["files"]
    content, store, triples = found["content"], found["store"], found["triples"]
    if not (isinstance(content, str) and isinstance(store, str) and type(triples) is int and isinstance(files, dict)):
        raise TypeError
    sums = {name: (_count(size), _count(summed)) for name, (size, summed) in files.items()}
    if not (re.fullmatch(r"[0-9a-f]{64}", content) and STORE_NAME.fullmatch(store) and all(map(_FILE_NAME.fullmatch, sums))):
        raise ValueError
    return Manifest(FORMAT, str(found["package"]), content, _count(triples), store, sums)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return value


def unreadable(folder: Path) -> StoreError:
    """What is said of a store that is broken."""
    return StoreError(folder, f"the store cannot be read; {rebuild(folder)} again")


def is_ours(folder: Path) -> bool:
    """Whether the folder holds a store that we have built, or have begun to build."""
    try:
        found = json.loads(read_file(folder / MANIFEST, MAX_MANIFEST, links=False))
        if isinstance(found["format"], int) and STORE_NAME.fullmatch(found["store"]):
            return True
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        pass
    try:
        return read_file(folder / LOCK, len(MARK) + 1, links=False) == MARK
    except OSError:
        return False


def check_trust(folder: Path, *paths: Path, only_us: bool = False) -> None:
    """Raises StoreError where one of the paths belongs to somebody else, can be written by others or leads out of the folder.

    What belongs to the system's administrator is trusted like our own, unless ``only_us``.
    """
    if not hasattr(os, "geteuid"):  # Windows has other means
        return
    trusted = {os.geteuid()} if only_us else {os.geteuid(), 0}
    for path in paths:
        try:
            # The folder itself may be reached by a link of the user's; nothing in it may be one.
            found = path.stat() if path == folder else path.lstat()
        except OSError:
            raise unreadable(folder) from None
        if stat.S_ISLNK(found.st_mode):
            raise StoreError(folder, f"is not trusted: {path.name} is a link; {rebuild(folder)} again")
        if found.st_uid not in trusted:
            raise StoreError(
                folder, "is not trusted: it belongs to another user; build one of your own with 'partnergraph build DIR'"
            )
        if found.st_mode & 0o022:
            repair = f"take that from them with 'chmod -R go-w {folder}' and {rebuild(folder)} again"
            raise StoreError(folder, f"is not trusted: others can write {path.name}; {repair}")


def sum_files(store: Path) -> dict[str, tuple[int, int]]:
    """Size and check sum of each file of a store."""
    return {name: _summed(store / name) for name in _names(store)}


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raises StoreError where the files that the engine opens are not those that were built, before it opens them."""
    store = folder / manifest.store
    names = [name for name in manifest.files if name.startswith(f"{ENGINE}/")]
    check_trust(folder, store, store / ENGINE, *(store / name for name in names))
    try:
        if set(names) != set(_names(store / ENGINE, f"{ENGINE}/")) or any(_summed(store / n) != manifest.files[n] for n in names):
            raise unreadable(folder)
    except OSError:
        raise unreadable(folder) from None


def read_checked(folder: Path, manifest: Manifest, name: str) -> bytes:
    """All of one file of the store; raises StoreError where it is not what was built."""
    path = folder / manifest.store / name
    check_trust(
        folder, *([folder / manifest.store, path.parent] if path.parent.name == COLUMNS else [folder / manifest.store]), path
    )
    size, summed = manifest.files[name]
    try:
        data = read_file(path, size + 1, links=False) if path.lstat().st_size == size else b""
    except OSError:
        raise unreadable(folder) from None
    if len(data) != size or zlib.crc32(data) != summed:
        raise unreadable(folder)
    return data


def lines_checked(folder: Path, manifest: Manifest, name: str) -> Iterator[bytes]:
    """One file of the store line by line; raises StoreError, at the end, where it is not what was built."""
    path = folder / manifest.store / name
    check_trust(folder, folder / manifest.store, path)
    size, summed = manifest.files[name]
    found = 0
    try:
        if path.lstat().st_size != size:
            raise unreadable(folder)
        with path.open("rb") as file:
            while lines := file.readlines(2**22):
                found = zlib.crc32(b"".join(lines), found)
                yield from lines
    except OSError:
        raise unreadable(folder) from None
    if found != summed:
        raise unreadable(folder)


def _names(store: Path, before: str = "") -> list[str]:
    names = []
    for path in sorted(store.iterdir()):
        if path.is_dir() and not path.is_symlink():
            names += _names(path, f"{before}{path.name}/")
        elif path.is_symlink() or not _UNSUMMED.fullmatch(path.name):
            names.append(f"{before}{path.name}")
    return names


def _summed(path: Path) -> tuple[int, int]:
    size = path.lstat().st_size
    if path.name == QUADS or path.parent.name == COLUMNS or size <= MAX_SUMMED:
        return size, _sum(path)
    with path.open("rb") as file:
        first = zlib.crc32(file.read(END))
        file.seek(-END, os.SEEK_END)
        return size, zlib.crc32(file.read(END), first)


def _sum(path: Path) -> int:
    summed = 0
    with path.open("rb") as file:
        while part := file.read(2**22):
            summed = zlib.crc32(part, summed)
    return summed
