"""Stores on disk: built once, opened read-only by any number of processes at once.

A folder holds one or two stores and a manifest that names the current one. The manifest is replaced last, in
one step: whenever a build ends, be it killed, the folder holds the old store or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from partnergraph.base.errors import ContentError, StoreError
from partnergraph.base.files import replace, tidy_interrupts
from partnergraph.base.progress import doing
from partnergraph.content.folders import Content
from partnergraph.stores.loading import construct_foreign, load_files, load_store, read_rules
from partnergraph.stores.sandbox.foreign import Allowance

MANIFEST = "partnergraph-store.json"
LOCK = "partnergraph-store.lock"
# Changes when a store is laid out or derived in another way, so that an older one must be built anew.
FORMAT = 1
# All triples once more as N-Quads, where they fit into memory: who reads most of them fills a store there, and asks that.
QUADS = "graph.nq"
# What a byte of Turtle takes in memory with all that is derived from it, what a triple, and what writing takes beside that (measured).
MEMORY_OF_A_BYTE = 40
MEMORY_OF_A_TRIPLE = 450
MEMORY_TO_WRITE = 2 * 2**30


@dataclass(frozen=True)
class Manifest:
    """What a store on disk was built by and from."""

    format: int
    package: str
    content: str
    triples: int
    store: str


def build(content: Content, folder: Path, *, loaded: ox.Store | None = None) -> Manifest:
    """Builds a store of the content in ``folder``, in place of the one that is there.

    ``loaded`` is the content in memory, where it is there already. Raises StoreError, and leaves what was there, where it cannot.
    """
    _prepare(folder)
    with _locked(folder), tidy_interrupts():
        _sweep(folder)
        target = folder / f"store-{os.urandom(4).hex()}"
        target.mkdir()
        try:
            triples = _fill(content, target, loaded)
            manifest = Manifest(FORMAT, package_version(), content.version, triples, target.name)
            replace(folder / MANIFEST, json.dumps(asdict(manifest), indent=2).encode() + b"\n")
        except (OSError, RuntimeError) as error:
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
        memory.dump(str(target / QUADS), format=ox.RdfFormat.N_QUADS)
        store = ox.Store(str(target / "oxigraph"))
        with doing("writing the store"):
            store.bulk_load(path=str(target / QUADS), format=ox.RdfFormat.N_QUADS, lenient=True)
    else:
        store = ox.Store(str(target / "oxigraph"))
        load_files(store, content, bulk=True)
        _derive_on_disk(store, content, target / "derived.nt")
    with doing("arranging the store"):
        store.optimize()
        store.flush()
    return len(store)


def _derive_on_disk(store: ox.Store, content: Content, passing: Path) -> None:
    allowance = None if content.trusted else Allowance()
    for rule in read_rules(content):
        with doing(rule.title):
            if allowance is not None:
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


def package_version() -> str:
    """The version of this package; asking for it imports more than opening a store does."""
    from importlib.metadata import version

    return version("partnergraph")


def read_manifest(folder: Path, *, any_package: bool = False) -> Manifest:
    """What the store in the folder is; raises StoreError where there is none, or one that this version cannot use.

    With ``any_package`` it is enough that the store is laid out as this version does it.
    """
    rebuild = f"build it with 'partnergraph build {folder}'"
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    except FileNotFoundError:
        raise StoreError(folder, f"holds no store; {rebuild}") from None
    except (OSError, ValueError, TypeError):
        raise StoreError(folder, f"the store cannot be read; {rebuild} again") from None
    if manifest.format != FORMAT or not (any_package or manifest.package == package_version()):
        problem = f"the store is of partnergraph {manifest.package}, this is {package_version()}; {rebuild} again"
        raise StoreError(folder, problem)
    return manifest


def open_store(folder: Path, manifest: Manifest) -> tuple[ox.Store, Path]:
    """The store in the folder, read-only, and where exactly it lies."""
    path = folder / manifest.store / "oxigraph"
    try:
        return ox.Store.read_only(str(path)), path
    except (OSError, RuntimeError):
        raise StoreError(folder, f"the store cannot be read; build it with 'partnergraph build {folder}' again") from None


def check_content(folder: Path, manifest: Manifest, content: Content) -> None:
    """Raises StoreError if the store was not built from the content as it is now."""
    if manifest.content != content.version:
        found = f"the store is of content {manifest.content}, but the content is now {content.version}"
        raise StoreError(folder, f"{found}; build it with 'partnergraph build {folder}' again")


def worth_memory(folder: Path, manifest: Manifest) -> bool:
    """Whether all of the store, and a view of it, fits into the memory that is free."""
    return (folder / manifest.store / QUADS).exists() and _free_memory() > 2 * manifest.triples * MEMORY_OF_A_TRIPLE


def read_quads(folder: Path, manifest: Manifest) -> ox.Store:
    """A memory store with what the store in the folder holds."""
    store = ox.Store()
    with doing("reading the store"):
        # Oxigraph wrote it: its names need not be checked once more.
        store.load(path=str(folder / manifest.store / QUADS), format=ox.RdfFormat.N_QUADS, lenient=True)
    if len(store) != manifest.triples:
        raise StoreError(folder, "the store cannot be read; build it again")
    return store


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = {path.name for path in folder.iterdir()} - {MANIFEST, LOCK}
    except OSError as error:
        raise StoreError(folder, f"cannot be used: {error.strerror}") from None
    if others and not (folder / LOCK).exists():
        raise StoreError(folder, "is not empty and holds no store; name a new folder")


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keeps other builds out; the system opens the lock when this process ends, however it does."""
    with (folder / LOCK).open("a") as file:
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreError(folder, "another build of this store is under way; wait for it") from None
        yield


def _sweep(folder: Path) -> None:
    """Removes what builds that were killed have left, and stores older than the current one."""
    # The current store itself stays beside the new one: processes that have it open go on reading from it.
    with contextlib.suppress(OSError, ValueError, TypeError):
        current = Manifest(**json.loads((folder / MANIFEST).read_bytes())).store
        for path in folder.glob("store-*"):
            if path.name != current:
                shutil.rmtree(path, ignore_errors=True)
        return
    for path in folder.glob("store-*"):
        shutil.rmtree(path, ignore_errors=True)


def cache_folder() -> Path | None:
    """Where the command line keeps what it has loaded; None where PARTNERGRAPH_CACHE is ``off``."""
    own = os.environ.get("PARTNERGRAPH_CACHE", "")
    if own.casefold() in {"off", "0", "no"}:
        return None
    if own:
        return Path(own)
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "partnergraph"
