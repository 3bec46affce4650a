"""A newer version of what a folder stands on: which of the folder's claims it touches, and the renamings that can be written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import replace_together
from partnergraph.content.folders import Content, read_bytes
from partnergraph.core.graph import GraphCore
from partnergraph.intake.likeness import Likeness
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, compact, expand
from partnergraph.rdf.turtle import read_triples

_NAME = re.compile(r"\b(ent|claim|src|pg):([A-Za-z0-9_][\w.-]*[\w-]|[A-Za-z0-9_])")


@dataclass(frozen=True)
class Touched:
    """Something in a folder that a newer version touches: the file and line, what it is, and what to do; ``renamed`` can be written."""

    path: Path
    line: int
    what: str
    renamed: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def touched(graph: GraphCore) -> list[Touched]:
    """What of the uppermost folder the content below it touches: names that are gone or renamed, claims that are now there too."""
    content = graph.content
    if content.below is None:
        raise ContentError(content.data, "stands on nothing; an upgrade concerns folders whose partnergraph.toml says 'uses'")
    redirects = _redirects(graph)
    found: list[Touched] = []
    for path in content.own_files():
        text = read_bytes(path).decode("utf-8", "replace")
        found += _names(graph, path, text, redirects)
    return sorted([*found, *_shipped_too(graph, content)], key=lambda one: (one.path, one.line))


def _redirects(graph: GraphCore) -> dict[str, str]:
    """Names that mean something else now, by what the content says."""
    rows = graph.engine.answer(f"SELECT ?old ?new WHERE {{ ?old <{PG}redirectsTo> ?new }}", {}).rows
    return {str(old.value): str(new.value) for old, new in rows if old is not None and new is not None}


def _names(graph: GraphCore, path: Path, text: str, redirects: dict[str, str]) -> list[Touched]:
    triples, _ = read_triples(path, text.encode())
    own = {t.subject.value for t in triples if hasattr(t.subject, "value") and t.predicate.value == RDF_TYPE}
    found = []
    seen: set[str] = set()
    for match in _NAME.finditer(text):
        iri = PREFIXES[match[1]] + match[2]
        if iri in seen or iri in own:
            continue
        seen.add(iri)
        line = text.count("\n", 0, match.start()) + 1
        if iri in redirects:
            new = compact(redirects[iri])
            found.append(Touched(path, line, f"{match[0]} is renamed to {new}", (match[0], new)))
        elif match[1] != "pg" and not graph.engine.objects([iri], RDF_TYPE):
            near = _renamed(graph, match[2]) if match[1] == "ent" else ""
            hint = f"it may be {near} now" if near else "it was taken out, or is misspelt"
            found.append(Touched(path, line, f"{match[0]} is not in the content below; {hint}", (match[0], near) if near else None))
    return found


def _renamed(graph: GraphCore, local: str) -> str:
    """The entity that bears the words of a short name as another name; empty where there is none, or several."""
    words = local.replace("-", " ")
    iris = {iri for iri, name in graph.names.names if fold(name) == fold(words)}
    return compact(iris.pop()) if len(iris) == 1 else ""


def _shipped_too(graph: GraphCore, content: Content) -> list[Touched]:
    """Claims of the folder that the content below has as well, or contradicts."""
    own = {path: read_triples(path, read_bytes(path))[0] for path in content.own_files()}
    places: dict[str, Path] = {}
    linked: set[tuple[str, str]] = set()
    for path, triples in own.items():
        for triple in triples:
            if hasattr(triple.subject, "value"):
                if triple.predicate.value == RDF_TYPE:
                    places.setdefault(triple.subject.value, path)
                if hasattr(triple.object, "value"):
                    linked.add((triple.subject.value, triple.object.value))
    likeness = Likeness(graph)
    claims = likeness.said()
    found = []
    for name, path in places.items():
        if name not in claims:
            continue
        other = likeness.alike(claims[name], without=set(places))
        if other is not None and (name, other.claim) not in linked and (other.claim, name) not in linked:
            line = _line(path, name)
            what, do = (
                ("states a sum, unlike", "add pg:versionOf, or mend yours")
                if other.silent
                else ("says what", "cite it there and drop yours")
                if other.same
                else ("states another sum than", "add pg:contradicts, or mend yours")
            )
            found.append(Touched(path, line, f"{compact(name)} {what} {compact(other.claim)} of the content below: {do}"))
    return found


def _line(path: Path, iri: str) -> int:
    short = compact(iri)
    for number, line in enumerate(read_bytes(path).decode("utf-8", "replace").split("\n"), 1):
        if line.strip().split(" ")[:1] in ([short], [f"<{iri}>"]):
            return number
    return 1


def rewrite(found: list[Touched]) -> list[Path]:
    """Writes the renamings into the files, all or none; returns the files that changed."""
    by_file: dict[Path, list[tuple[str, str]]] = {}
    for one in found:
        if one.renamed and expand(one.renamed[1]):
            by_file.setdefault(one.path, []).append(one.renamed)
    files, expected = {}, {}
    for path, pairs in by_file.items():
        data = read_bytes(path)
        text = data.decode("utf-8")
        for old, new in pairs:
            text = re.sub(rf"(?<![\w:-]){re.escape(old)}(?![\w-])(?!\.\w)", new, text)
        files[path], expected[path] = text.encode(), data
    replace_together(files, expected)
    return list(files)
