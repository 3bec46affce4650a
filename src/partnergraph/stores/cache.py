"""What the command line has loaded once, kept in the user's cache: a cold start then costs a fraction of loading.

Nothing depends on it: an entry that cannot be read is thrown away and the content loaded as always.
"""

from __future__ import annotations

import contextlib
import os
import re
from functools import partial
from pathlib import Path

from partnergraph.base.errors import StoreError
from partnergraph.content.folders import Content
from partnergraph.content.queries import Query
from partnergraph.stores.arranged import Arranged
from partnergraph.stores.columns import Columns
from partnergraph.stores.disk import build, discard, open_store, read_arranged, read_kept, read_quads
from partnergraph.stores.engine import Embedded
from partnergraph.stores.loading import load_store
from partnergraph.stores.manifest import Manifest, check_trust, read_manifest

# Content smaller than this is loaded as fast as it is found.
LEAST_BYTES = 300_000
MOST_BYTES = 50_000_000
# Entries of other versions that are kept, for somebody who goes to and fro between two.
KEPT = 3
# The folder that the user names may hold what is theirs, and other programs': ours stands in this one.
OURS = "partnergraph-graphs"


def load_cached(content: Content, *, whole: bool) -> Embedded:
    """The store of the content, from the cache if it is there.

    ``whole`` says that most of it will be read, which a store in memory does faster; what only looks up
    a few things is answered from disk before a store in memory would be filled.
    """
    base = cache_folder()
    size = sum(path.stat().st_size for path in content.data_files())
    if base is None or not LEAST_BYTES <= size <= MOST_BYTES:
        return Embedded(load_store(content))
    folder = base / content.identity
    with contextlib.suppress(StoreError, OSError):
        check_trust(base.parent, base, folder, only_us=True)
        # The name of the folder is the identity of the content; what the package is called does not matter.
        manifest = read_manifest(folder, any_package=True)
        if manifest.content == content.identity:
            kept, columns = partial(_arranged, folder, manifest), partial(_columns, folder, manifest)
            if whole:
                return Embedded(read_quads(folder, manifest), arranged=kept, columns=columns)
            store, path = open_store(folder, manifest)
            return Embedded(store, path, kept, columns)
    # From Turtle, because whatever is wrong in it must be said now.
    engine = Embedded(load_store(content))
    with contextlib.suppress(StoreError, OSError):
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_trust(base.parent, base, *([folder] if os.path.lexists(folder) else []), only_us=True)
        build(content, folder, loaded=engine.store)
        _forget_old(base)
    return engine


def _arranged(folder: Path, manifest: Manifest) -> Arranged | None:
    """What the cache keeps for views; None where that cannot be read, and is made anew."""
    try:
        return read_arranged(folder, manifest)
    except StoreError:
        return None


def _columns(folder: Path, manifest: Manifest, query: Query) -> Columns | None:
    """The rows that the cache keeps of a projection; None where they cannot be read, and are asked for anew."""
    try:
        return read_kept(folder, manifest, query)
    except StoreError:
        return None


def cache_folder() -> Path | None:
    """Where the command line keeps what it has loaded; None where PARTNERGRAPH_CACHE is ``off``."""
    own = os.environ.get("PARTNERGRAPH_CACHE", "")
    if own.casefold() in {"off", "0", "no"}:
        return None
    if own:
        return Path(own) / OURS
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "partnergraph" / OURS


def _forget_old(base: Path) -> None:
    entries = [
        path for path in base.iterdir() if re.fullmatch(r"[0-9a-f]{64}", path.name) and path.is_dir() and not path.is_symlink()
    ]
    for path in sorted(entries, key=lambda path: -path.stat().st_mtime)[KEPT:]:
        discard(path)
