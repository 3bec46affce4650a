"""Where content lies: the checkout, the installed package, or a folder of the user's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from partnergraph.base.errors import ContentError

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1]
# A content file larger than this is a mistake or an attack; the largest we ship is under 1 MB.
MAX_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Content:
    """The folders that a graph is made from: ``ontology`` says what things mean, ``data`` what is claimed.

    The queries of an ontology that is not ``trusted`` run within limits and without network.
    """

    ontology: Path
    data: Path
    trusted: bool = False

    def vocabulary_files(self) -> list[Path]:
        """The Turtle files of the ontology that belong to the graph; the shapes only serve ``check``."""
        return [path for path in turtle_files(self.ontology) if path.name != "shapes.ttl"]

    def data_files(self) -> list[Path]:
        """The Turtle files of the data, at any depth, by name."""
        return turtle_files(self.data)

    def queries(self, folder: str) -> list[Path]:
        """The ``.rq`` files of one folder of the ontology: rules, checks, questions or projections."""
        return sorted(path for path in (self.ontology / folder).glob("*.rq") if path.is_file())

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any byte of ontology or data, as these were when first asked for."""
        digest = hashlib.sha256()
        for path in [*self.vocabulary_files(), *self.queries("rules"), *self.data_files()]:
            digest.update(path.name.encode() + b"\0" + read_bytes(path) + b"\0")
        return digest.hexdigest()[:12]


def find_content(folder: Path | None = None, *, trust: bool = False) -> Content:
    """The shipped content, or that of ``folder``: its ``graph_data/``, and its ``ontology/`` if it has one.

    An ontology of the folder's own is trusted only with ``trust``. Raises ContentError if the folder is missing, cannot be read or holds no Turtle file.
    """
    shipped = CHECKOUT if (CHECKOUT / "ontology" / "partnergraph.ttl").is_file() else PACKAGE
    if folder is None:
        return Content(shipped / "ontology", shipped / "graph_data", trusted=True)
    if not folder.exists():
        raise ContentError(folder, "no such folder; --content takes a folder with graph_data/ in it")
    if not folder.is_dir():
        raise ContentError(folder, "is a file; --content takes a folder with graph_data/ in it")
    data = folder / "graph_data"
    ontology = folder / "ontology"
    if not data.is_dir():
        raise ContentError(folder, "has no graph_data/ folder; put the Turtle files of your claims there")
    own = ontology.is_dir() and not ontology.samefile(shipped / "ontology")
    content = Content(ontology if own else shipped / "ontology", data, trusted=trust or not own)
    if not content.data_files():
        raise ContentError(data, "holds no .ttl file, so there is nothing to load")
    return content


def turtle_files(folder: Path) -> list[Path]:
    """All Turtle files below a folder, in a stable order."""
    try:
        return sorted(path for path in folder.rglob("*.ttl") if path.is_file())
    except OSError as error:
        raise ContentError(folder, f"cannot be read: {error.strerror}") from None


def read_bytes(path: Path) -> bytes:
    """The bytes of a content file; refuses what cannot be read or is far too large."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ContentError(path, f"is larger than {MAX_FILE_BYTES // 2**20} MiB; split it by topic")
        return path.read_bytes()
    except OSError as error:
        raise ContentError(path, f"cannot be read: {error.strerror}") from None
