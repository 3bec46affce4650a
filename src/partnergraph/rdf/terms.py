"""Terms: prefixes and short names, and the rows that queries give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import pyoxigraph as ox

PG = "https://w3id.org/partnergraph/ontology#"
PREFIXES = {
    "pg": PG,
    "ent": "https://w3id.org/partnergraph/entity/",
    "claim": "https://w3id.org/partnergraph/claim/",
    "src": "https://w3id.org/partnergraph/source/",
    "dispute": "https://w3id.org/partnergraph/dispute/",
    "topic": "https://w3id.org/partnergraph/topic/",
    "entry": "https://w3id.org/partnergraph/entry/",
    "release": "https://w3id.org/partnergraph/release/",
    "correction": "https://w3id.org/partnergraph/correction/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
}
# What is declared later is a namespace of a user's own.
_SHIPPED = frozenset(PREFIXES)
XSD = PREFIXES["xsd"]
RDFS = PREFIXES["rdfs"]
RDF_TYPE = f"{PREFIXES['rdf']}type"
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
# The columns of a row that are bound.
Bindings: TypeAlias = dict[str, Term]
_BY_LENGTH = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
# By all of a name up to its last sign that parts names; empty as soon as a namespace ends otherwise, which could be the longer one.
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def declare(prefixes: Mapping[str, str]) -> None:
    """Makes short names of prefixes of a user's own, for all that this process reads and writes from now on.

    Raises ValueError where a prefix or a namespace means something else already.
    """
    for prefix, namespace in prefixes.items():
        if PREFIXES.get(prefix) == namespace:
            continue
        if prefix in PREFIXES:
            raise ValueError(f"the prefix {prefix!r} already means <{PREFIXES[prefix]}>; take another one for <{namespace}>")
        other = next((known for known, taken in PREFIXES.items() if taken == namespace), None)
        if other is not None:
            raise ValueError(f"<{namespace}> already has the prefix {other!r}; take that one, or a namespace of your own")
        PREFIXES[prefix] = namespace
        _BY_LENGTH[:] = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
    _BY_NAMESPACE.clear()
    if all(namespace.endswith(("/", "#")) for namespace in PREFIXES.values()):
        _BY_NAMESPACE.update((namespace, prefix) for prefix, namespace in PREFIXES.items())


def compact(iri: str) -> str:
    """The short name of an IRI, or the IRI itself where no prefix fits.

    >>> compact("https://w3id.org/partnergraph/entity/openai")
    'ent:openai'
    >>> compact("ent:openai")
    '<ent:openai>'
    """
    space = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    known = _BY_NAMESPACE.get(space)
    if known is not None:
        return f"{known}:{iri[len(space) :]}"
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    # An IRI may itself begin as short names do; in brackets it is told apart from them.
    return f"<{iri}>" if iri.partition(":")[0] in PREFIXES else iri


def may_name_entity(name: str) -> bool:
    """Whether a short name is one of our entities, or of anything in a namespace of a user's own.

    >>> may_name_entity("ent:openai"), may_name_entity("claim:openai"), may_name_entity("agreed")
    (True, False, False)
    """
    prefix, colon, _ = name.partition(":")
    return bool(colon) and (prefix == "ent" or (prefix in PREFIXES and prefix not in _SHIPPED))


def expand(name: str, default: str = "ent") -> str | None:
    """The IRI of a short name, of ``<an IRI>`` or of a bare local name; None if it can be none of these.

    >>> expand("pg:Investment")
    'https://w3id.org/partnergraph/ontology#Investment'
    >>> expand("openai")
    'https://w3id.org/partnergraph/entity/openai'
    """
    if re.search(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]', name.removeprefix("<").removesuffix(">")):
        # No IRI may hold any of these.
        return None
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1] if ":" in name else None
    if "://" in name:
        return name
    prefix, colon, local = name.partition(":")
    if colon:
        return PREFIXES[prefix] + local if prefix in PREFIXES else None
    return PREFIXES[default] + name if re.fullmatch(r"[\w.-]+", name) else None


class Row(tuple[Term | None, ...]):
    """One row of an answer: its terms in order, None where nothing is bound, and each by the name of its column.

    >>> row = row_class(("who", "what"))([ox.Literal("Microsoft"), None])
    >>> row["who"].value, row[0] is row["who"], row["what"]
    ('Microsoft', True, None)
    """

    __slots__ = ()
    columns: tuple[str, ...] = ()

    if TYPE_CHECKING:

        @overload  # type: ignore[override]
        def __getitem__(self, key: int | str) -> Term | None: ...
        @overload
        def __getitem__(self, key: slice) -> tuple[Term | None, ...]: ...

    def __getitem__(self, key: Any) -> Any:
        """The term at a place, or in the column of a name; KeyError names the columns where there is no such."""
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key not in self.columns:
            raise KeyError(f"no column named {key!r}; there are {', '.join(self.columns)}")
        return super().__getitem__(self.columns.index(key))


def row_class(columns: Sequence[str]) -> type[Row]:
    """The class of the rows that have these columns."""
    return type("Row", (Row,), {"__slots__": (), "columns": tuple(columns)})
