"""Where content lies: the checkout, the installed package, or a folder of the user's own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import read_file
from partnergraph.content.layers import LAYER_FILE, Layer, read_layer
from partnergraph.rdf.terms import declare

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1]
# A content file larger than this is a mistake or an attack; the largest we ship is under 1 MB.
MAX_FILE_BYTES = 64 * 1024 * 1024


# The word for what comes with the package, where a folder is named.
SHIPPED = "shipped"
MAX_LAYERS = 8
# So many hexadecimal digits of an identity are shown; compared is always the whole.
SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Content:
    """The folders that a graph is made from: ``ontology`` says what things mean, ``data`` what is claimed.

    Which files there are is found out once, and each is the same at every reading: a graph is made from one state of them.
    The queries of an ontology that is not ``trusted`` run within limits and without network. What stands on other content,
    ``below``, adds to it: all files of both, and of queries with one name its own. ``texts`` are Turtle that lies in no file.
    """

    ontology: Path
    data: Path
    trusted: bool = False
    below: Content | None = None
    layer: Layer = field(default_factory=Layer)
    texts: tuple[tuple[Path, bytes], ...] = ()

    def vocabulary_files(self) -> list[Path]:
        """The Turtle files of the ontology that belong to the graph; the shapes only serve ``check``."""
        return [*(self.below.vocabulary_files() if self.below else []), *self._files["vocabulary"]]

    def data_files(self) -> list[Path]:
        """The Turtle files of the data, at any depth, by name; those that others stand on first."""
        return [*(self.below.data_files() if self.below else []), *self._files["data"], *(path for path, _ in self.texts)]

    def own_files(self) -> list[Path]:
        """The Turtle files, shapes left out, of the uppermost folder alone."""
        return [*self._files["vocabulary"], *self._files["data"], *(path for path, _ in self.texts)]

    def shapes_files(self) -> list[Path]:
        """The files of shapes, one an ontology at most."""
        return [*(self.below.shapes_files() if self.below else []), *self.own_shapes()]

    def own_shapes(self) -> list[Path]:
        """The file of shapes of the uppermost folder, if it has one."""
        own = self.ontology / "shapes.ttl"
        return [own] if self._has_ontology and own.is_file() else []

    def queries(self, folder: str) -> list[Path]:
        """The ``.rq`` files of one folder of the ontology by name: rules, checks, questions or projections."""
        found = {path.name: path for path in (self.below.queries(folder) if self.below else [])}
        own = self._files["rules"] if folder == "rules" else query_files(self.ontology / folder) if self._has_ontology else []
        found.update((path.name, path) for path in own)
        return [found[name] for name in sorted(found)]

    def trusts(self, path: Path) -> bool:
        """Whether a file of the ontology may run as ours do."""
        if self._has_ontology and path.is_relative_to(self.ontology):
            return self.trusted
        return self.below.trusts(path) if self.below else self.trusted

    @property
    def trusted_whole(self) -> bool:
        """Whether all of it is trusted."""
        return self.trusted and (self.below is None or self.below.trusted_whole)

    @property
    def is_shipped(self) -> bool:
        """Whether it is what comes with the package and nothing else."""
        return self.below is None and not self.texts and self.data == shipped_content().data

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the folders declare for names of their own."""
        return (self.below.prefixes if self.below else {}) | self.layer.prefixes

    def default(self, question: str, parameter: str) -> str | None:
        """What holds for a parameter of a question where nothing is given, if a folder says so: of the uppermost that does."""
        for name in (f"{question}.{parameter}", parameter):
            if name in self.layer.defaults:
                return self.layer.defaults[name]
        return self.below.default(question, parameter) if self.below else None

    def with_text(self, data: bytes) -> Content:
        """The same content and some Turtle on top of it."""
        path = Path(f"<claims {len(self.texts) + 1}>")
        return replace(self, texts=(*self.texts, (path, data)))

    @property
    def _has_ontology(self) -> bool:
        return self.below is None or self.ontology != self.below.ontology

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        own = self._has_ontology
        return {
            "vocabulary": [path for path in turtle_files(self.ontology) if path.name != "shapes.ttl"] if own else [],
            "rules": query_files(self.ontology / "rules") if own else [],
            # The entries of the ledger lie in the graph, too, and these say what they are made from.
            "ledger": [path for path in query_files(self.ontology / "projections") if path.stem.startswith("ledger-")]
            if own
            else [],
            "data": turtle_files(self.data) if self.data != self.ontology else [],
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
        data = next((data for name, data in self.texts if name == path), None)
        if data is None:
            data = read_bytes(path)
        digest = hashlib.sha256(data).digest()
        if self._digests.setdefault(path, digest) != digest:
            raise ContentError(path, "was saved while the content was being read; run this again")
        if path.suffix == ".rq":
            # Rules are few and short, and are asked again for every view, perhaps days later.
            self._rules[path] = data
        return data

    @cached_property
    def identity(self) -> str:
        """A SHA-256 of all that the graph is made from, exactly as it was read: other bytes or names, other identity."""
        digest = hashlib.sha256()
        parts: list[Content] = [self]
        while parts[-1].below:
            parts.append(parts[-1].below)
        for part in reversed(parts):
            for kind, paths in part._files.items():  # noqa: SLF001  # of this class
                base = part.data if kind == "data" else part.ontology
                # Each part with its length before it, so that no two folders run into the same bytes.
                digest.update(f"{kind} {len(paths)}\n".encode())
                for path in paths:
                    name = path.relative_to(base).as_posix().encode("utf-8", "surrogateescape")
                    digest.update(f"{len(name)}:".encode() + name + self._digest(path))
        for path, _ in self.texts:
            digest.update(b"text" + self._digest(path))
        return digest.hexdigest()

    def _digest(self, path: Path) -> bytes:
        if path not in self._digests:
            self.read(path)
        return self._digests[path]

    @property
    def version(self) -> str:
        """The first digits of the identity, for people."""
        return self.identity[:SHOWN_DIGITS]


def find_content(folder: Path | Sequence[Path] | None = None, *, trust: bool = False) -> Content:
    """The shipped content, or that of ``folder``: its ``graph_data/``, and its ``ontology/`` if it has one.

    A ``partnergraph.toml`` in the folder says on what it stands; of several folders each stands on those before it, and
    the word *shipped* is the shipped content. An ontology of a folder's own is trusted only with ``trust``. Raises
    ContentError if a folder is missing, cannot be read or holds no Turtle file.
    """
    if folder is None:
        return shipped_content()
    folders = [folder] if isinstance(folder, Path) else list(folder)
    if not folders:
        return shipped_content()
    content: Content | None = None
    for one in folders:
        content = _find(one, content, (), trust=trust)
    if content is None:
        raise ContentError(Path(), "no folder was given")
    try:
        declare(content.prefixes)
    except ValueError as error:
        raise ContentError(folders[-1] / LAYER_FILE, str(error)) from None
    return content


def shipped_content() -> Content:
    """What comes with the package, or lies in the checkout."""
    shipped = CHECKOUT if (CHECKOUT / "ontology" / "partnergraph.ttl").is_file() else PACKAGE
    return Content(shipped / "ontology", shipped / "graph_data", trusted=True)


def shipped_ontology() -> Content:
    """What the words mean, without any claim."""
    shipped = shipped_content()
    return Content(shipped.ontology, shipped.ontology, trusted=True)


def _find(folder: Path, below: Content | None, above: tuple[Path, ...], *, trust: bool) -> Content:
    """The content of a folder; ``below`` is what was named before it, ``above`` the folders that stand on it."""
    if str(folder) == SHIPPED and not folder.exists():
        return shipped_content()
    if not folder.exists():
        raise ContentError(folder, "no such folder; --content takes a folder with graph_data/ in it")
    if not folder.is_dir():
        raise ContentError(folder, "is a file; --content takes a folder with graph_data/ in it")
    data = folder / "graph_data"
    ontology = folder / "ontology"
    settings = folder / LAYER_FILE
    layer = read_layer(settings, read_bytes(settings)) if settings.exists() else Layer()
    if folder.resolve() in above or len(above) > MAX_LAYERS:
        raise ContentError(settings, "stands on itself; mend 'uses'")
    if below is None:
        for use in layer.uses:
            below = _used(folder, use, below, (*above, folder.resolve()), trust=trust)
    shipped = shipped_content()
    own = ontology.is_dir() and not ontology.samefile(shipped.ontology)
    if not data.is_dir() and not (settings.exists() and own):
        raise ContentError(folder, "has no graph_data/ folder; put the Turtle files of your claims there")
    if below is not None:
        found = ontology if own else below.ontology
        content = Content(found, data if data.is_dir() else found, trust if own else below.trusted, below, layer)
    else:
        content = Content(ontology if own else shipped.ontology, data, trust or not own, layer=layer)
    # A layer may be new, with nothing in it yet; what stands alone would be an empty graph.
    if not content.data_files() and not settings.exists():
        raise ContentError(data, "holds no .ttl file, so there is nothing to load")
    return content


def _used(folder: Path, use: str, below: Content | None, above: tuple[Path, ...], *, trust: bool) -> Content:
    if use == "shipped content":
        return shipped_content()
    if use == "shipped ontology":
        return shipped_ontology()
    return _find(folder / use, below, above, trust=trust)


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
