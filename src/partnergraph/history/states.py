"""States of the content: what each identifier says, in canonical text, now or as a release had it."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from partnergraph.base.errors import ContentError, UnknownName
from partnergraph.content.folders import MAX_FILE_BYTES, Content, read_bytes
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, compact
from partnergraph.rdf.turtle import read_triples, write_turtle
from partnergraph.rdf.writer import Writer

# A version by calendar: year, month, and how many there were before it in the month.
VERSION = re.compile(r"\d{4}\.(?:0[1-9]|1[0-2])\.(?:0|[1-9]\d*)")
FOLDER = "releases"
SUFFIX = ".ttl.gz"
# What speaks of the content and is not itself content that is published.
_ASIDE = (PG, PREFIXES["release"], PREFIXES["correction"])
_RETIRED = ox.NamedNode(f"{PG}Retired")


@dataclass(frozen=True)
class State:
    """What a content says: for each identifier, by its short name, its statements as Turtle, in order."""

    version: str
    says: Mapping[str, tuple[str, ...]]

    def label(self, name: str) -> str:
        """What the identifier is called there, or nothing."""
        return next((_text(line) for line in self.says.get(name, ()) if line.startswith(("rdfs:label ", "dcterms:title "))), "")


def _text(statement: str) -> str:
    triple = next(iter(ox.parse(f"<x:x> <x:x> {statement.partition(' ')[2]} .".encode(), format=ox.RdfFormat.TURTLE)))
    return triple.object.value if isinstance(triple.object, ox.Literal) else ""


def make_state(triples: Iterable[ox.Triple], version: str = "") -> State:
    """The state that the triples of a content are, without what is retired and what speaks of releases."""
    known = list(triples)
    retired = {triple.subject for triple in known if triple.predicate.value == RDF_TYPE and triple.object == _RETIRED}
    writer = Writer(known, PREFIXES)
    says = {}
    for subject, predicates in writer.subjects.items():
        if isinstance(subject, ox.NamedNode) and subject not in retired and not subject.value.startswith(_ASIDE):
            lines = (f"{_verb(writer, name)} {writer.term(value)}" for name, values in predicates.items() for value in values)
            says[compact(subject.value)] = tuple(sorted(lines, key=_rank))
    return State(version, dict(sorted(says.items())))


def differing(
    earlier: Iterable[ox.Triple], later: Iterable[ox.Triple], reasoned: Collection[str] = ()
) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Of both contents the triples of those earlier identifiers of which they do not say the same, and of those ``reasoned`` of which they do.

    Held against each other as terms: to write every statement as text takes ten times as long.
    """
    trees = _Trees(earlier), _Trees(later)
    new = {subject for subject in trees[1].named - trees[0].named if subject.value not in reasoned}
    settled = set()
    for subject in trees[0].named & trees[1].named:
        said, says = trees[0].says(subject), trees[1].says(subject)
        # What changed with a reason owes nothing, nor does what neither changed nor says why it did.
        if said and says and (said == says) != (subject.value in reasoned):
            settled.add(subject)
    return trees[0].without(settled), trees[1].without(settled | new)


class _Trees:
    """Triples by subject; what is said of a blank node belongs to the subject that names it."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._of: dict[Any, list[tuple[Any, Any, ox.Triple]]] = {}
        for triple in triples:
            subject, predicate, value = triple
            self._of.setdefault(subject, []).append((predicate, value, triple))
        self.named = {subject for subject in self._of if isinstance(subject, ox.NamedNode)}

    def says(self, subject: Any, depth: int = 8) -> frozenset[Any]:
        """What is said of a subject, whatever its blank nodes are called; nothing where that cannot be told so simply."""
        found = []
        for predicate, value, _ in self._of.get(subject, ()):
            if isinstance(value, ox.BlankNode):
                inner = self.says(value, depth - 1) if depth else frozenset()
                if not inner:
                    return frozenset()
                found.append((predicate, inner))
            else:
                found.append((predicate, value))
        told = frozenset(found)
        # Two blank nodes that say the same would be one in a set.
        return told if len(told) == len(found) else frozenset()

    def without(self, names: Collection[Any]) -> list[ox.Triple]:
        """The triples without those of some names and of the blank nodes within them."""
        gone, open_ = set(names), list(names)
        while open_:
            for _, value, _ in self._of.get(open_.pop(), ()):
                if isinstance(value, ox.BlankNode) and value not in gone:
                    gone.add(value)
                    open_.append(value)
        return [triple for subject, said in self._of.items() if subject not in gone for _, _, triple in said]


def _verb(writer: Writer, predicate: str) -> str:
    return "a" if predicate == RDF_TYPE else writer.iri(predicate)


def _rank(statement: str) -> tuple[int, str]:
    first = ("a ", "rdfs:label ", "dcterms:title ")
    return next((place for place, start in enumerate(first) if statement.startswith(start)), len(first)), statement


def data_triples(content: Content) -> list[ox.Triple]:
    """The triples of the data of a content, as its files have them."""
    return joined_triples((path, content.read(path)) for path in content.data_files())


def joined_triples(files: Iterable[tuple[Path, bytes]]) -> list[ox.Triple]:
    """The triples of several files."""
    found: list[ox.Triple] = []
    for number, (path, data) in enumerate(files):
        for triple in read_triples(path, data)[0]:
            # Two files may call different blank nodes alike.
            subject, value = (_apart(term, number) for term in (triple.subject, triple.object))
            found.append(ox.Triple(subject, triple.predicate, value))
    return found


def _apart(term: Any, number: int) -> Any:
    return ox.BlankNode(f"f{number}x{term.value}") if isinstance(term, ox.BlankNode) else term


def kept_versions(content: Content) -> list[str]:
    """The releases whose states the content keeps, oldest first."""
    found = [path.name.removesuffix(SUFFIX) for path in (content.data / FOLDER).glob(f"*{SUFFIX}") if path.is_file()]
    return sorted((name for name in found if VERSION.fullmatch(name)), key=version_order)


def version_order(version: str) -> tuple[int, ...]:
    """What versions are sorted by."""
    return tuple(int(part) for part in version.split("."))


def read_kept(content: Content, version: str) -> State:
    """The state of a release as it was published; raises UnknownName where the content does not keep it."""
    return make_state(read_kept_triples(content, version), version)


def read_kept_triples(content: Content, version: str) -> list[ox.Triple]:
    """The data of a release as it was published."""
    return read_triples(*read_kept_text(content, version))[0]


def read_kept_text(content: Content, version: str) -> tuple[Path, bytes]:
    """The file that keeps the data of a release, and its Turtle."""
    kept = kept_versions(content)
    if version not in kept:
        raise UnknownName("release", version, nearest_names(version, kept), f"there are {', '.join(kept) or 'none'}")
    path = content.data / FOLDER / f"{version}{SUFFIX}"
    return path, _unpacked(path, read_bytes(path))


def _unpacked(path: Path, data: bytes) -> bytes:
    broken = ContentError(path, "is no whole gzip file; take it from the release again")
    if not data:
        # To gzip an empty file is a whole one.
        raise broken
    try:
        with gzip.open(io.BytesIO(data)) as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise broken from None
    if len(text) > MAX_FILE_BYTES:
        raise ContentError(path, f"holds more than {MAX_FILE_BYTES // 2**20} MiB; no release is that large")
    return text


def pack(triples: Iterable[ox.Triple]) -> bytes:
    """The bytes that keep a state: canonical Turtle, packed, the same for the same triples."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        file.write(write_turtle(triples, PREFIXES).encode())
    return out.getvalue()


def read_says(triples: Iterable[ox.Triple], iri: str) -> tuple[str, ...]:
    """What the triples say of one identifier, as a state has it; nothing where they do not speak of it."""
    by_subject: dict[object, list[ox.Triple]] = {}
    for triple in triples:
        by_subject.setdefault(triple.subject, []).append(triple)
    chosen: list[ox.Triple] = []
    open_: list[object] = [ox.NamedNode(iri)]
    while open_:
        found = by_subject.pop(open_.pop(), [])
        chosen += found
        open_ += [triple.object for triple in found if isinstance(triple.object, ox.BlankNode)]
    return make_state(chosen).says.get(compact(iri), ())
