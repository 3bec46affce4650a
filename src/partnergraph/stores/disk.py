"""Stores on disk: built once, opened read-only by any number of processes at once.

A folder holds one or two stores and a manifest that names the current one. The manifest is replaced last, in
one step: whenever a build ends, be it killed, the folder holds the old store or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pyoxigraph as ox

from partnergraph.base.errors import ContentError, OutputError, StoreError
from partnergraph.base.files import read_file, replace, tidy_interrupts
from partnergraph.base.progress import doing
from partnergraph.content.folders import SHOWN_DIGITS, Content
from partnergraph.content.queries import Query
from partnergraph.ledger.triples import add_ledger
from partnergraph.stores.arranged import COMMENT, Arranged, arrange
from partnergraph.stores.arranged import read_arranged as arranged
from partnergraph.stores.columns import Columns, read_columns, write_columns
from partnergraph.stores.loading import construct_foreign, load_files, load_store, read_rules
from partnergraph.stores.manifest import (
    COLUMNS,
    ENGINE,
    FORMAT,
    LOCK,
    MANIFEST,
    MARK,
    MAX_MANIFEST,
    QUADS,
    STORE_NAME,
    Manifest,
    check_files,
    check_trust,
    is_ours,
    lines_checked,
    package_version,
    read_checked,
    rebuild,
    sum_files,
    unreadable,
)
from partnergraph.stores.sandbox.foreign import Allowance
from partnergraph.stores.topics import add_topics

DERIVED = "derived.nt"
# What a byte of Turtle takes in memory with all that is derived from it, what a triple, and what writing takes beside that (measured).
MEMORY_OF_A_BYTE = 40
MEMORY_OF_A_TRIPLE = 450
MEMORY_TO_WRITE = 2 * 2**30


def build(content: Content, folder: Path, *, loaded: ox.Store | None = None) -> Manifest:
    """Builds a store of the content in ``folder``, in place of the one that is there.

    ``loaded`` is the content in memory, where it is there already. Raises StoreError, and leaves what was there, where it
    cannot, and where the folder holds anything but a store of ours.
    """
    return _written(folder, content.identity, lambda target: _fill(content, target, loaded))


def keep(store: ox.Store, content: Content, folder: Path, identity: str) -> Manifest:
    """Writes a store that lies in memory to a folder, to be asked from there, without what further views would be made of."""

    def fill(target: Path) -> int:
        _keep_columns(store, content, target)
        written = ox.Store(str(target / ENGINE))
        written.bulk_load(store.dump(format=ox.RdfFormat.N_QUADS), format=ox.RdfFormat.N_QUADS, lenient=True)
        written.flush()
        return len(store)

    return _written(folder, identity, fill)


def _written(folder: Path, identity: str, fill: Callable[[Path], int]) -> Manifest:
    _prepare(folder)
    with _locked(folder), tidy_interrupts():
        _sweep(folder)
        target = folder / f"store-{os.urandom(4).hex()}"
        try:
            target.mkdir(mode=0o755)
            triples = fill(target)
            # What others of a group may write is not trusted later, whatever the umask says.
            for path in (target / ENGINE, *target.rglob("*")):
                path.chmod(path.stat().st_mode & ~0o022)
            manifest = Manifest(FORMAT, package_version(), identity, triples, target.name, sum_files(target))
            replace(folder / MANIFEST, json.dumps(asdict(manifest), indent=2).encode() + b"\n", mode=0o644)
        except (OSError, RuntimeError, OutputError) as error:
            shutil.rmtree(target, ignore_errors=True)
            reason = getattr(error, "strerror", None) or str(error)
            raise StoreError(folder, f"the store could not be built: {reason}; what was there before is as it was") from None
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
    return manifest


def _fill(content: Content, target: Path, loaded: ox.Store | None) -> int:
    if loaded is not None or _fits_memory(content):
        # Rules look things up to and fro, which a disk that has to seek makes slow.
        memory = load_store(content) if loaded is None else loaded
        (target / QUADS).write_bytes(arrange(memory, content).dump())
        _keep_columns(memory, content, target)
        store = ox.Store(str(target / ENGINE))
        with doing("writing the store"):
            store.bulk_load(path=str(target / QUADS), format=ox.RdfFormat.N_QUADS, lenient=True)
    else:
        store = ox.Store(str(target / ENGINE))
        load_files(store, content, bulk=True)
        _derive_on_disk(store, content, target / DERIVED)
        add_topics(store, content)
        add_ledger(store, content)
        _keep_columns(store, content, target)
    with doing("arranging the store"):
        store.optimize()
        store.flush()
    return len(store)


def _keep_columns(store: ox.Store, content: Content, target: Path) -> None:
    with doing("keeping what reads the whole graph"):
        write_columns(store, content, target / COLUMNS)


def _derive_on_disk(store: ox.Store, content: Content, passing: Path) -> None:
    allowance = Allowance()
    for rule in read_rules(content):
        with doing(rule.title):
            if not content.trusts(rule.path):
                store.flush()
                store.bulk_load(
                    construct_foreign(allowance, store, rule, passing.parent / "oxigraph"), format=ox.RdfFormat.N_TRIPLES
                )
                continue
            derived = store.query(rule.text)
            if not isinstance(derived, ox.QueryTriples):
                raise ContentError(rule.path, "a rule must be a CONSTRUCT")
            # Through a file, so that what a rule derives need not fit into memory.
            derived.serialize(str(passing), format=ox.RdfFormat.N_TRIPLES)
            store.bulk_load(path=str(passing), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    passing.unlink(missing_ok=True)


def _fits_memory(content: Content) -> bool:
    """Whether the graph, and what is needed to write it, fits into the memory that is free."""
    size = sum(path.stat().st_size for path in content.data_files())
    return _free_memory() > size * MEMORY_OF_A_BYTE + MEMORY_TO_WRITE


def _free_memory() -> int:
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0


def open_store(folder: Path, manifest: Manifest) -> tuple[ox.Store, Path]:
    """The store in the folder, read-only, and where exactly it lies; its files are what was built."""
    check_files(folder, manifest)
    path = folder / manifest.store / ENGINE
    try:
        return ox.Store.read_only(str(path)), path
    except (OSError, RuntimeError, ValueError):
        raise unreadable(folder) from None


def check_content(folder: Path, manifest: Manifest, content: Content) -> None:
    """Raises StoreError if the store was not built from the content as it is now."""
    if manifest.content != content.identity:
        found = f"the store is of content {manifest.content[:SHOWN_DIGITS]}, but the content is now {content.version}"
        raise StoreError(folder, f"{found}; {rebuild(folder)} again")


def worth_memory(manifest: Manifest) -> bool:
    """Whether all of the store, and a view of it, fits into the memory that is free."""
    return QUADS in manifest.files and _free_memory() > 2 * manifest.triples * MEMORY_OF_A_TRIPLE + 2 * manifest.files[QUADS][0]


def read_quads(folder: Path, manifest: Manifest) -> ox.Store:
    """A memory store with what the store in the folder holds."""
    if QUADS not in manifest.files:
        raise unreadable(folder)
    store = ox.Store()
    with doing("reading the store"):
        data = read_checked(folder, manifest, QUADS)
        try:
            # Oxigraph wrote it: its names need not be checked once more.
            store.load(data, format=ox.RdfFormat.N_QUADS, lenient=True)
        except (OSError, RuntimeError, SyntaxError):
            raise unreadable(folder) from None
    if len(store) != manifest.triples:
        raise unreadable(folder)
    return store


def read_arranged(folder: Path, manifest: Manifest) -> Arranged:
    """What the store in the folder holds, arranged by claims."""
    try:
        return arranged(read_checked(folder, manifest, QUADS))
    except (ValueError, TypeError, LookupError, RecursionError):
        raise unreadable(folder) from None


def read_lines(folder: Path, manifest: Manifest) -> Iterator[bytes]:
    """What the store in the folder holds as lines of N-Quads, a piece of the file at a time; raises StoreError at the end of another one."""
    return (line for line in lines_checked(folder, manifest, QUADS) if not line.startswith(COMMENT))


def read_kept(folder: Path, manifest: Manifest, query: Query) -> Columns | None:
    """The rows of a projection that are kept beside the store in the folder; None where those of this one are not."""
    name = f"{COLUMNS}/{query.name}"
    if name not in manifest.files:
        return None
    try:
        return read_columns(read_checked(folder, manifest, name), query)
    except (ValueError, TypeError, LookupError, RecursionError):
        raise unreadable(folder) from None


def discard(folder: Path) -> None:
    """Removes a store that we have built, and nothing else that may be in its folder."""
    with contextlib.suppress(StoreError, OSError):
        check_trust(folder, folder, only_us=True)
        if not is_ours(folder):
            return
        with _locked(folder):
            # From now on nobody opens it.
            (folder / MANIFEST).unlink(missing_ok=True)
            _remove_stores(folder, "")
            (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise StoreError(folder, f"cannot be used: {error.strerror}") from None
    check_trust(folder, folder, *(folder / name for name in (MANIFEST, LOCK) if name in names))
    # A lock without a mark is what a build leaves that was killed at once, or whose disk was full.
    begun = names == {LOCK} and not (folder / LOCK).lstat().st_size
    if names and not begun and not is_ours(folder):
        raise StoreError(folder, "is not empty and holds no store; name a new folder")


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keeps other builds out; the system opens the lock when this process ends, however it does."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise StoreError(folder, f"cannot be used: {error.strerror}") from None
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        with contextlib.suppress(ImportError):  # Windows
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StoreError(folder, "another build of this store is under way; wait for it") from None
        if not os.fstat(descriptor).st_size:
            with contextlib.suppress(OSError):
                file.write(MARK)
        yield


def _sweep(folder: Path) -> None:
    """Removes what builds that were killed have left, and stores older than the current one."""
    # The current store itself stays beside the new one: processes that have it open go on reading from it.
    current = ""
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError, RecursionError):
        current = json.loads(read_file(folder / MANIFEST, MAX_MANIFEST, links=False))["store"]
    _remove_stores(folder, current)


def _remove_stores(folder: Path, current: str) -> None:
    for path in folder.iterdir():
        if path.name != current and _is_store(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_store(path: Path) -> bool:
    """Whether it is one that we have filled: somebody's folder may be called so by chance, and then holds something else."""
    if not STORE_NAME.fullmatch(path.name) or path.is_symlink() or not path.is_dir():
        return False
    return {part.name for part in path.iterdir()} <= {QUADS, ENGINE, DERIVED, COLUMNS}
