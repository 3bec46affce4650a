"""Adding a block of Turtle to a file, in canonical form, without losing anything of it."""

from __future__ import annotations

from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import revise
from partnergraph.content.folders import read_bytes
from partnergraph.rdf.turtle import format_turtle, refuse_restated, with_prefixes


def append_block(path: Path, text: str) -> None:
    """Adds a block to a file, which is made if it is not there; raises ContentError where the file would say something twice."""
    if path.suffix == ".rq" and text.startswith("#+"):
        if path.exists():
            raise ContentError(path, "is there already; a question is a file of its own, so name another")
        path.parent.mkdir(parents=True, exist_ok=True)
        revise(path, text.encode(), None)
        return
    if path.suffix != ".ttl":
        raise ContentError(path, "is no Turtle file by its name; its ending is .ttl")
    held = read_bytes(path) if path.exists() else None
    old = held or b""
    # Prefixes that are declared again mean what they meant: ours are those that everybody has.
    data = old + (b"" if not old or old.endswith(b"\n") else b"\n") + with_prefixes(text)
    refuse_restated(path, data)
    canonical = format_turtle(path, data).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    revise(path, canonical, held)
