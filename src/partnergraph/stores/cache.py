"""What the command line has loaded once, kept in the user's cache: a cold start then costs a fraction of loading.

Nothing depends on it: an entry that cannot be read is thrown away and the content loaded as always.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from partnergraph.base.errors import StoreError
from partnergraph.content.folders import Content
from partnergraph.stores.disk import build, cache_folder, open_store, read_manifest, read_quads
from partnergraph.stores.engine import Embedded
from partnergraph.stores.loading import load_store

# Content smaller than this is loaded as fast as it is found.
LEAST_BYTES = 300_000
MOST_BYTES = 50_000_000
# Entries of other versions that are kept, for somebody who goes to and fro between two.
KEPT = 3


def load_cached(content: Content, *, whole: bool) -> Embedded:
    """The store of the content, from the cache if it is there.

    ``whole`` says that most of it will be read, which a store in memory does faster; what only looks up
    a few things is answered from disk before a store in memory would be filled.
    """
    base = cache_folder()
    size = sum(path.stat().st_size for path in content.data_files())
    if base is None or not LEAST_BYTES <= size <= MOST_BYTES:
        return Embedded(load_store(content))
    folder = base / content.version
    with contextlib.suppress(StoreError, OSError, SyntaxError, RuntimeError):
        # The name of the folder is the version of the content; what the package is called does not matter.
        manifest = read_manifest(folder, any_package=True)
        if whole:
            return Embedded(read_quads(folder, manifest))
        store, path = open_store(folder, manifest)
        return Embedded(store, path)
    # From Turtle, because whatever is wrong in it must be said now.
    engine = Embedded(load_store(content))
    with contextlib.suppress(StoreError, OSError):
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        build(content, folder, loaded=engine.store)
        _forget_old(base)
    return engine


def _forget_old(base: Path) -> None:
    entries = sorted((path for path in base.iterdir() if path.is_dir()), key=lambda path: -path.stat().st_mtime)
    for path in entries[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
