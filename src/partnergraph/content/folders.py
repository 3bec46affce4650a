"""Where content lies: the checkout, the installed package, or a folder of the user's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import read_file

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1]
# A content file larger than this is a mistake or an attack; the largest we ship is under 1 MB.
MAX_FILE_BYTES = 64 * 1024 * 1024


# So many hexadecimal digits of an identity are shown; compared is always the whole.
SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Content:
    """The folders that a graph is made from: ``ontology`` says what things mean, ``data`` what is claimed.

    Which files there are is found out once, and each is the same at every reading: a graph is made from one state of them.
    The queries of an ontology that is not ``trusted`` run within limits and without network.
    """

    ontology: Path
    data: Path
    trusted: bool = False

    def vocabulary_files(self) -> list[Path]:
        """The Turtle files of the ontology that belong to the graph; the shapes only serve ``check``."""
        return self._files["vocabulary"]

    def data_files(self) -> list[Path]:
        """The Turtle files of the data, at any depth, by name."""
        return self._files["data"]

    def queries(self, folder: str) -> list[Path]:
        """The ``.rq`` files of one folder of the ontology: rules, checks, questions or projections."""
        return self._files["rules"] if folder == "rules" else query_files(self.ontology / folder)

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        return {
            "vocabulary": [path for path in turtle_files(self.ontology) if path.name != "shapes.ttl"],
            "rules": query_files(self.ontology / "rules"),
            "data": turtle_files(self.data),
        }

    @cached_property
    def _digests(self) -> dict[Path, bytes]:
        return {}

    @cached_property
    def _rules(self) -> dict[Path, bytes]:
        return {}

    def read(self, path: Path) -> bytes:
        """The bytes of one of the files that the graph is made from; raises ContentError where they are others than before."""
        if path in self._rules:
            return self._rules[path]
        data = read_bytes(path)
        digest = hashlib.sha256(data).digest()
        if self._digests.setdefault(path, digest) != digest:
            raise ContentError(path, "was saved while the content was being read; run this again")
        if path in self._files["rules"]:
            # Rules are few and short, and are asked again for every view, perhaps days later.
            self._rules[path] = data
        return data

    @cached_property
    def identity(self) -> str:
        """A SHA-256 of all that the graph is made from, exactly as it was read: other bytes or names, other identity."""
        digest = hashlib.sha256()
        for kind, paths in self._files.items():
            base = self.data if kind == "data" else self.ontology
            # Each part with its length before it, so that no two folders run into the same bytes.
            digest.update(f"{kind} {len(paths)}\n".encode())
            for path in paths:
                if path not in self._digests:
                    self.read(path)
                name = path.relative_to(base).as_posix().encode("utf-8", "surrogateescape")
                digest.update(f"{len(name)}:".encode() + name + self._digests[path])
        return digest.hexdigest()

    @property
    def version(self) -> str:
        """The first digits of the identity, for people."""
        return self.identity[:SHOWN_DIGITS]


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


def query_files(folder: Path) -> list[Path]:
    """The ``.rq`` files of a folder, by name."""
    return sorted(path for path in folder.glob("*.rq") if path.is_file())


def read_bytes(path: Path) -> bytes:
    """The bytes of a content file; refuses what cannot be read, is no file or is far too large."""
    try:
        data = read_file(path, MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ContentError(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MAX_FILE_BYTES:
        raise ContentError(path, f"is larger than {MAX_FILE_BYTES // 2**20} MiB; split it by topic")
    return data
