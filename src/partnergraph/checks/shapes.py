"""Shapes compiled to SPARQL, which the store evaluates a hundred times faster than a walk over nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from partnergraph.rdf.terms import PREFIXES, RDF_TYPE, RDFS, XSD, compact
from partnergraph.rdf.turtle import read_triples
from partnergraph.stores.loading import add_triples

SH = PREFIXES["sh"]
Node: TypeAlias = ox.NamedNode | ox.BlankNode
Value: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
# What failed, the value that is at fault if one is, and what the shape says.
Fault: TypeAlias = tuple[Node, Value | None, str]

# What says nothing about nodes, or is read together with another word.
_SILENT = {"a", "message", "name", "description", "path", "flags", "severity", "order", "group"}
_TARGETS = {"targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf"}
# Literals that every engine can read; of others only the name of the datatype is compared.
_READABLE = {f"{XSD}{name}" for name in ("date", "gYear", "gYearMonth", "integer", "decimal", "double", "boolean", "dateTime")}


# A message that speaks of how many there may be.
ONE = re.compile(r"\b(?:one(?! plain number)|once|single)\b")


def several(path: str, values: Iterable[str]) -> str:
    """What is wrong where a property has several values and each may be right."""
    found = sorted(values)
    return f"{compact(path)} has {len(found)} values where one may be: {', '.join(found)}; keep one"


def _shown(value: Value) -> str:
    return compact(value.value) if isinstance(value, ox.NamedNode) else value.value if isinstance(value, ox.Literal) else str(value)


class Untranslatable(Exception):  # nothing went wrong
    """The shapes say something that is not compiled: another engine has to hold the nodes against them."""


@dataclass(frozen=True)
class _Test:
    """What is true of nodes that do not have the shape, whichever these are, and which of them are meant."""

    wrong: str
    target: str
    message: str
    # The property of which there are too many, where the message says only what one of them must be.
    path: ox.NamedNode | None = None

    @property
    def text(self) -> str:
        """The query whose rows they are."""
        return (
            f"SELECT ?focus ?value {{ {{ SELECT DISTINCT ?focus ?value {{ {self.wrong} }} }} FILTER EXISTS {{ {self.target} }} }}"
        )


class Shapes:
    """The shapes of one file; raises Untranslatable where they say more than this compiles."""

    def __init__(self, path: Path, turtle: bytes) -> None:
        self._store = ox.Store()
        add_triples(self._store, read_triples(path, turtle)[0])
        self._shapes = [node for node in self._subjects(f"{SH}NodeShape") if not self._is(node, "deactivated")]
        self.check()

    def check(self) -> None:
        """Compiles once without any graph, so that what cannot be compiled is known at once."""
        list(self._tests(ox.Store(), ""))

    def faults(self, store: ox.Store, subjects: Collection[str] | None = None) -> Iterator[Fault]:
        """Which nodes of the store do not have the shape that they must have; with ``subjects`` others may be passed over."""
        narrow = "" if subjects is None else f"VALUES ?focus {{ {written(subjects)} }} "
        for test in self._tests(store, narrow):
            rows = store.query(test.text)
            for row in rows if isinstance(rows, ox.QuerySolutions) else ():
                focus = row["focus"]
                message = test.message
                if test.path is not None and isinstance(focus, ox.NamedNode | ox.BlankNode):
                    message = several(test.path.value, [_shown(q.object) for q in store.quads_for_pattern(focus, test.path, None)])
                if isinstance(focus, ox.NamedNode | ox.BlankNode):
                    yield focus, row["value"], message
                elif isinstance(focus, ox.Literal):
                    for quad in store.quads_for_pattern(None, None, focus):
                        if isinstance(quad.subject, ox.NamedNode | ox.BlankNode):
                            yield quad.subject, row["value"], test.message

    def _tests(self, store: ox.Store, narrow: str) -> Iterator[_Test]:
        known = {node.value for node in self._shapes if isinstance(node, ox.NamedNode)}
        for shape in self._shapes:
            said = self._said(shape)
            unknown = said.keys() - _SILENT - _TARGETS - {"property", *_CONSTRAINTS}
            if unknown or any(isinstance(value, ox.NamedNode) and value.value in known for value in said.get("node", [])):
                raise Untranslatable(", ".join(sorted(unknown)))
            targets = list(self._targets(said, store, narrow))
            own = self._message(said) or f"it has not the shape {compact(str(shape.value))}"
            for name in said.keys() & _CONSTRAINTS.keys():
                for bad in _CONSTRAINTS[name](self, said, store, "?focus"):
                    for first, target in targets:
                        yield _Test(f"{first}{target} FILTER ({bad}) BIND (?focus AS ?value)", target, own)
            for inner in said.get("property", []):
                yield from self._property_tests(inner, targets, store)

    def _property_tests(self, shape: Value, targets: list[tuple[str, str]], store: ox.Store) -> Iterator[_Test]:
        said = self._said(shape)
        unknown = said.keys() - _SILENT - {"minCount", "maxCount", *_CONSTRAINTS}
        paths = said.get("path", [])
        if unknown or len(paths) != 1 or not isinstance(paths[0], ox.NamedNode):
            raise Untranslatable(", ".join(sorted(unknown)) or "a path of several steps")
        path = str(paths[0])
        message = self._message(said) or f"{compact(paths[0].value)} is not as the shape wants it"
        for first, target in targets:
            # What is wrong first, which is little, and whether it is meant at the end.
            for count in said.get("minCount", []):
                least = _number(count)
                if least == 1:
                    yield _Test(f"{first or target} FILTER NOT EXISTS {{ ?focus {path} ?any }}", target, message)
                elif least > 1:
                    yield _Test(_counted(f"{first or target} OPTIONAL {{ ?focus {path} ?v }}", f"< {least}"), target, message)
            for count in said.get("maxCount", []):
                wrong = _counted(f"{first}?focus {path} ?v", f"> {_number(count)}")
                yield _Test(wrong, target, message, None if ONE.search(message) else paths[0])
            for name in said.keys() & _CONSTRAINTS.keys():
                for bad in _CONSTRAINTS[name](self, said, store, "?value"):
                    yield _Test(f"{first}?focus {path} ?value FILTER ({bad})", target, message)

    def _targets(self, said: dict[str, list[Value]], store: ox.Store, narrow: str) -> Iterator[tuple[str, str]]:
        for name in said.keys() & _TARGETS:
            for value in said[name]:
                if not isinstance(value, ox.NamedNode):
                    raise Untranslatable(f"a target that is {value}")
                match name:
                    case "targetClass":
                        yield narrow, f"VALUES ?class {{ {_narrower(store, value)} }} ?focus a ?class ."
                    case "targetNode":
                        yield "", f"VALUES ?focus {{ {value} }}"
                    case "targetObjectsOf":
                        yield "", f"?other {value} ?focus ."
                    case _:
                        yield "", f"?focus {value} ?other ."

    def _said(self, node: Value) -> dict[str, list[Value]]:
        """What is said of a node of the shapes, by the name of the property; other vocabularies say nothing to us."""
        if not isinstance(node, ox.NamedNode | ox.BlankNode):
            raise Untranslatable(f"a shape that is {node}")
        found: dict[str, list[Value]] = {}
        for quad in self._store.quads_for_pattern(node, None, None):
            if quad.predicate.value.startswith(SH):
                found.setdefault(quad.predicate.value.removeprefix(SH), []).append(quad.object)
        return found

    def _subjects(self, kind: str) -> list[Node]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(kind))
        return [quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode | ox.BlankNode)]

    def _is(self, node: Node, name: str) -> bool:
        return any(isinstance(value, ox.Literal) and value.value == "true" for value in self._said(node).get(name, []))

    @staticmethod
    def _message(said: dict[str, list[Value]]) -> str:
        return next((value.value for value in said.get("message", []) if isinstance(value, ox.Literal)), "")

    def listed(self, head: Value) -> list[Value]:
        """The members of a list of RDF."""
        items: list[Value] = []
        nil = f"{PREFIXES['rdf']}nil"
        while isinstance(head, ox.BlankNode) and len(items) < 10_000:
            parts = {q.predicate.value.rpartition("#")[2]: q.object for q in self._store.quads_for_pattern(head, None, None)}
            items.append(parts["first"])
            head = parts["rest"]
        if not (isinstance(head, ox.NamedNode) and head.value == nil):
            raise Untranslatable("a list that has no end")
        return items

    def datatypes(self, head: Value) -> list[ox.NamedNode]:
        """The datatypes among which a value may choose; raises Untranslatable where the choice is of something else."""
        found = []
        for member in self.listed(head):
            said = self._said(member)
            if said.keys() != {"datatype"} or not isinstance(said["datatype"][0], ox.NamedNode):
                raise Untranslatable("a choice of other than datatypes")
            found.append(said["datatype"][0])
        return found


def written(names: Collection[str]) -> str:
    """The names as they stand in a query."""
    return " ".join(str(ox.NamedNode(name)) for name in names)


def _narrower(store: ox.Store, kind: ox.NamedNode) -> str:
    """The class and all narrower ones, as they are written in a query."""
    found = {kind.value: kind}
    waiting = [kind]
    while waiting:
        for quad in store.quads_for_pattern(None, ox.NamedNode(f"{RDFS}subClassOf"), waiting.pop()):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value not in found:
                found[quad.subject.value] = quad.subject
                waiting.append(quad.subject)
    return " ".join(str(node) for _, node in sorted(found.items()))


def _counted(pattern: str, few_or_many: str) -> str:
    """Of which nodes a pattern finds too few or too many values."""
    return f"{{ SELECT ?focus (COUNT(DISTINCT ?v) AS ?n) {{ {pattern} }} GROUP BY ?focus }} FILTER (?n {few_or_many})"


def _number(value: Value) -> int:
    if not isinstance(value, ox.Literal) or not value.value.isdecimal():
        raise Untranslatable(f"a number that is {value}")
    return int(value.value)


def _text(value: Value) -> str:
    if not isinstance(value, ox.Literal):
        raise Untranslatable(f"a text that is {value}")
    return str(ox.Literal(value.value))


def _of_type(types: Iterable[ox.NamedNode], it: str) -> str:
    """What is true of a value that has none of the datatypes, or is not what it says that it is."""
    # A literal that cannot be read gives no value when it is cast, and a blank node has no datatype at all.
    fits = [
        f"(DATATYPE({it}) = {kind}" + (f" && COALESCE(isLiteral({kind}(STR({it}))), false))" if kind.value in _READABLE else ")")
        for kind in types
    ]
    return f"!COALESCE({' || '.join(fits)}, false)"


def _datatype(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
    del shapes, store
    for kind in said["datatype"]:
        if not isinstance(kind, ox.NamedNode):
            raise Untranslatable("a datatype without a name")
        yield _of_type([kind], it)


def _or(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
    del store
    for head in said["or"]:
        yield _of_type(shapes.datatypes(head), it)


def _class(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
    del shapes
    for kind in said["class"]:
        if not isinstance(kind, ox.NamedNode):
            raise Untranslatable("a class without a name")
        yield f"NOT EXISTS {{ VALUES ?kind {{ {_narrower(store, kind)} }} {it} a ?kind }}"


def _in(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
    del store
    for head in said["in"]:
        members = " || ".join(f"sameTerm({it}, {member})" for member in shapes.listed(head))
        yield f"!({members or 'false'})"


def _pattern(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
    del shapes, store
    flags = f", {_text(said['flags'][0])}" if "flags" in said else ""
    for pattern in said["pattern"]:
        yield f"isBlank({it}) || !COALESCE(REGEX(STR({it}), {_text(pattern)}{flags}), false)"


def _length(name: str, sign: str) -> Callable[[Shapes, dict[str, list[Value]], ox.Store, str], Iterator[str]]:
    def made(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
        del shapes, store
        for count in said[name]:
            yield f"isBlank({it}) || STRLEN(STR({it})) {sign} {_number(count)}"

    return made


def _bound(name: str, sign: str) -> Callable[[Shapes, dict[str, list[Value]], ox.Store, str], Iterator[str]]:
    def made(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
        del shapes, store
        for bound in said[name]:
            yield f"!COALESCE({it} {sign} {bound}, false)"

    return made


def _node_kind(shapes: Shapes, said: dict[str, list[Value]], store: ox.Store, it: str) -> Iterator[str]:
    del shapes, store
    kinds = {
        "IRI": f"isIRI({it})",
        "BlankNode": f"isBlank({it})",
        "Literal": f"isLiteral({it})",
        "BlankNodeOrIRI": f"(isBlank({it}) || isIRI({it}))",
        "BlankNodeOrLiteral": f"(isBlank({it}) || isLiteral({it}))",
        "IRIOrLiteral": f"(isIRI({it}) || isLiteral({it}))",
    }
    for kind in said["nodeKind"]:
        name = kind.value.removeprefix(SH) if isinstance(kind, ox.NamedNode) else ""
        if name not in kinds:
            raise Untranslatable(f"a kind of node that is {kind}")
        yield f"!{kinds[name]}"


# Each gives what is true of a value that breaks it.
_CONSTRAINTS: dict[str, Callable[[Shapes, dict[str, list[Value]], ox.Store, str], Iterator[str]]] = {
    "class": _class,
    "datatype": _datatype,
    "or": _or,
    "in": _in,
    "pattern": _pattern,
    "minLength": _length("minLength", "<"),
    "maxLength": _length("maxLength", ">"),
    "minInclusive": _bound("minInclusive", ">="),
    "maxInclusive": _bound("maxInclusive", "<="),
    "minExclusive": _bound("minExclusive", ">"),
    "maxExclusive": _bound("maxExclusive", "<"),
    "nodeKind": _node_kind,
}
