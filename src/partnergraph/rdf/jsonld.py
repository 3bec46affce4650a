"""JSON-LD as the web takes it: short names, with what they are short for at the top."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.rdf.terms import RDF_TYPE, XSD

if TYPE_CHECKING:
    from partnergraph.rdf.blanks import Term

_NATIVE = {f"{XSD}boolean": {"true": True, "false": False}}


def write_jsonld(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    """The triples as one JSON-LD document with ``@context`` and ``@graph``, a node a subject, in the order given.

    Numbers stay texts with their datatypes, since JSON has no decimals. Raises TypeError for triples about triples, for which JSON-LD has no words.
    """
    return b"".join(jsonld_parts([triples], prefixes))


def jsonld_parts(parts: Iterable[Iterable[ox.Triple]], prefixes: Mapping[str, str]) -> list[bytes]:
    """The same in pieces, from triples in parts, each of which has all of its subjects."""
    short = _Shortener(prefixes)
    nodes = [node for part in parts if (node := _nodes(part, short))]
    context = json.dumps(dict(sorted(short.used.items())), ensure_ascii=False, indent=1).replace("\n", "\n ")
    head = f'{{\n "@context": {context},\n "@graph": '.encode()
    if not nodes:
        return [head, b"[]\n}\n"]
    return [head, b"[\n  ", *(b",\n  " + node if number else node for number, node in enumerate(nodes)), b"\n ]\n}\n"]


def _nodes(triples: Iterable[ox.Triple], short: _Shortener) -> bytes:
    """The nodes of some triples as they stand in a list."""
    nodes: dict[str, dict[str, list[object]]] = {}
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            raise TypeError(triple)
        # The engine's types have triples as subjects, which RDF no longer has.
        node = nodes.setdefault(short.name(triple.subject), {})  # type: ignore[arg-type]
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode):
            node.setdefault("@type", []).append(short.iri(triple.object.value))
        else:
            node.setdefault(short.iri(triple.predicate.value), []).append(short.value(triple.object))
    graph = [
        {"@id": name, **{key: values[0] if len(values) == 1 else values for key, values in said.items()}}
        for name, said in nodes.items()
    ]
    texts = (json.dumps(node, ensure_ascii=False, indent=1).replace("\n", "\n  ") for node in graph)
    return ",\n  ".join(texts).encode()


class _Shortener:
    """Short names by prefixes, of which those used are kept."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # JSON-LD lets a prefix end in a sign that parts names only, unless it is said to be one.
        self.namespaces = sorted(((p, n) for p, n in prefixes.items() if p and n[-1] in "/#?:"), key=lambda item: -len(item[1]))
        self.used: dict[str, str] = {}

    def iri(self, value: str) -> str:
        for prefix, namespace in self.namespaces:
            # What begins with two slashes would be read as an address.
            if value.startswith(namespace) and not value.startswith("//", len(namespace)):
                self.used[prefix] = namespace
                return f"{prefix}:{value[len(namespace) :]}"
        return value

    def name(self, term: ox.NamedNode | ox.BlankNode) -> str:
        return self.iri(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def value(self, term: Term) -> object:
        if isinstance(term, ox.NamedNode | ox.BlankNode):
            return {"@id": self.name(term)}
        if not isinstance(term, ox.Literal):
            raise TypeError(term)
        datatype = term.datatype.value
        if term.language:
            direction = {"@direction": str(term.direction)} if term.direction else {}
            return {"@value": term.value, "@language": term.language, **direction}
        if datatype == f"{XSD}string":
            return term.value
        native = _NATIVE.get(datatype, {}).get(term.value)
        return native if native is not None else {"@value": term.value, "@type": self.iri(datatype)}
