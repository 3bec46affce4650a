"""What the command line has loaded once, kept in the user's cache: a cold start then costs a fraction of loading.

Nothing depends on it: an entry that cannot be read is thrown away and the content loaded as always.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from functools import partial
from pathlib import Path

from partnergraph.base.errors import PartnerGraphError, StoreError
from partnergraph.base.files import read_file, replace
from partnergraph.base.progress import doing
from partnergraph.content.folders import Content
from partnergraph.content.queries import Query
from partnergraph.stores.arranged import Arranged
from partnergraph.stores.columns import Columns
from partnergraph.stores.disk import build, discard, keep, open_store, read_arranged, read_kept, read_quads
from partnergraph.stores.engine import Embedded
from partnergraph.stores.loading import load_store
from partnergraph.stores.manifest import Manifest, check_trust, read_manifest

# Content smaller than this is loaded as fast as it is found.
LEAST_BYTES = 300_000
MOST_BYTES = 50_000_000
# Entries of other versions that are kept, for somebody who goes to and fro between two.
KEPT = 3
# Views lie in a folder beside them: so many of the last ones, a few megabytes each.
VIEWS = "views"
VIEWS_KEPT = 8
# Which were asked in once.
ASKED = "asked"
MOST_ASKED = 200
MAX_ASKED = 2**16
# The folder that the user names may hold what is theirs, and other programs': ours stands in this one.
OURS = "partnergraph-graphs"


def load_cached(content: Content, *, whole: bool) -> Embedded:
    """The store of the content, from the cache if it is there.

    ``whole`` says that most of it will be read, which a store in memory does faster; what only looks up
    a few things is answered from disk before a store in memory would be filled.
    """
    base = cache_folder()
    if base is None or not _is_cached(content):
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
        _forget_old(base, KEPT)
    return engine


def load_view(content: Content, view: str) -> Embedded | None:
    """The store of a view of the content, of which ``view`` says everything, if the cache has it."""
    place = _place_of_view(content, view)
    if place is None:
        return None
    base, folder, identity = place
    with contextlib.suppress(StoreError, OSError):
        check_trust(base.parent.parent, base.parent, base, folder, only_us=True)
        manifest = read_manifest(folder, any_package=True)
        if manifest.content == identity:
            store, path = open_store(folder, manifest)
            # Those that are used longest ago are forgotten first.
            os.utime(folder)
            return Embedded(store, path, columns=partial(_columns, folder, manifest))
    return None


def keep_view(content: Content, view: str, engine: Embedded) -> None:
    """Keeps the store of a view that somebody asks in for the second time; nothing where that cannot be done."""
    place = _place_of_view(content, view)
    if place is None:
        return
    base, folder, identity = place
    with contextlib.suppress(PartnerGraphError, OSError), doing("keeping the view for the next time"):
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_trust(base.parent.parent, base.parent, base, *([folder] if os.path.lexists(folder) else []), only_us=True)
        asked = (
            read_file(base / ASKED, MAX_ASKED, links=False).decode(errors="replace").split()
            if os.path.lexists(base / ASKED)
            else []
        )
        if identity not in asked:
            # Whoever goes through many days asks in each of them once.
            replace(base / ASKED, " ".join([*asked[1 - MOST_ASKED :], identity]).encode(), mode=0o600, sync=False)
            return
        # Only now: a view may not have made all that is in it.
        keep(engine.store, content, folder, identity)
        _forget_old(base, VIEWS_KEPT)


def _place_of_view(content: Content, view: str) -> tuple[Path, Path, str] | None:
    """Where views are kept and where this one is, and what it is known by; None where nothing is kept of the content."""
    base = cache_folder()
    if base is None or not _is_cached(content):
        return None
    identity = hashlib.sha256(f"{content.identity} {view}".encode()).hexdigest()
    return base / VIEWS, base / VIEWS / identity, identity


def _is_cached(content: Content) -> bool:
    return LEAST_BYTES <= sum(path.stat().st_size for path in content.data_files()) <= MOST_BYTES


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


def _forget_old(base: Path, kept: int) -> None:
    entries = [
        path for path in base.iterdir() if re.fullmatch(r"[0-9a-f]{64}", path.name) and path.is_dir() and not path.is_symlink()
    ]
    for path in sorted(entries, key=lambda path: -path.stat().st_mtime)[kept:]:
        discard(path)
