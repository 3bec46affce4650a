"""Whether what a folder says of itself in ``partnergraph.toml`` is so of its questions and entities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from partnergraph.content.folders import Content, read_bytes
from partnergraph.content.layers import LAYER_FILE
from partnergraph.content.queries import read_query
from partnergraph.rdf.names import Names, nearest_names
from partnergraph.rdf.terms import PG, PREFIXES, RDFS

_NAMED = "entity", "house"
_ANY = "*"


def unmeant_defaults(store: ox.Store, content: Content) -> Iterator[tuple[Path, int, str, str]]:
    """The defaults of questions that no question takes, or that name nobody: file, line, which, and what to do."""
    defaults = content.layer.defaults
    if not defaults:
        return
    path = content.data.parent / LAYER_FILE
    questions = {one.name: one for one in map(read_query, content.queries("questions"))}
    kinds = {f"{name}.{parameter.name}": parameter.kind for name, one in questions.items() for parameter in one.parameters}
    kinds |= {parameter.name: parameter.kind for one in questions.values() for parameter in one.parameters}
    names: Names | None = None
    for key, value in defaults.items():
        if key not in kinds:
            near = nearest_names(key, kinds)
            meant = f"; did you mean {near[0]!r}?" if near else "; 'partnergraph ask --long' lists what questions take"
            yield path, _line(path, key), key, f"no question takes it{meant}"
        elif kinds[key] in _NAMED and value != _ANY:
            names = names or _names(store)
            if value not in names:
                yield path, _line(path, key), key, f"no entity is called {value!r}; 'partnergraph find' searches the names"


def _names(store: ox.Store) -> Names:
    """The names of all that has one: labels first."""
    return Names(
        _texts(store, (f"{RDFS}label", f"{PREFIXES['skos']}altLabel")),
        lambda: _texts(store, [f"{PG}{name}" for name in ("ticker", "lei", "wikidata")]),
    )


def _texts(store: ox.Store, properties: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in properties:
        for quad in store.quads_for_pattern(None, ox.NamedNode(name), None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                yield quad.subject.value, quad.object.value


def _line(path: Path, key: str) -> int:
    """The line in which a default is given."""
    lines = read_bytes(path).decode("utf-8", "replace").splitlines()
    # Written in one, or in a table of the question's own.
    for said in (key, key.rpartition(".")[2]):
        pattern = re.compile(rf"\s*[\"']?{re.escape(said)}[\"']?\s*=")
        found = next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 0)
        if found:
            return found
    return 1
