"""The canonical form of Turtle that content is kept in.

Reading is pyoxigraph's. Writing is ours because no library keeps the order that people read a claim in
(what it is, what it says, who, how much and when, where it stands) and gives the same bytes for blank nodes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from partnergraph.errors import ContentError

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
FIRST = (
    RDF_TYPE.value,
    f"{RDFS}label",
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#definition",
)
LAST = "http://www.w3.org/2004/02/skos/core#editorialNote"
RDF_FIRST = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
RDF_REST = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
RDF_NIL = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")
LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_-])?")
LINE_WIDTH = 120

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Predicates = dict[str, list[Term]]


def read_triples(path: Path, data: bytes) -> tuple[list[ox.Triple], dict[str, str]]:
    """Triples and prefixes of one Turtle file; a syntax error names file, line and what was wrong."""
    # Editors on Windows put a byte-order mark first, which pyoxigraph refuses.
    parser = ox.parse(data.removeprefix(b"\xef\xbb\xbf"), format=ox.RdfFormat.TURTLE)
    try:
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        problem = re.sub(r"^Parser error at .*?: ", "", error.msg)
        raise ContentError(path, f"not valid Turtle: {problem}", error.lineno) from None
    return triples, parser.prefixes


def write_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """The triples as canonical Turtle: subjects by name, then properties in reading order, citations last."""
    return _Writer(triples, prefixes).document()


def format_turtle(path: Path, data: bytes) -> str:
    """The canonical form of a file's text; refuses a file with comments, which it would lose."""
    triples, prefixes = read_triples(path, data)
    line = comment_line(data.decode("utf-8"))
    if line is not None:
        raise ContentError(path, "a comment would be lost; move it into skos:editorialNote", line)
    return write_turtle(triples, prefixes)


# Strings and IRIs may hold '#', so they are skipped whole before a comment is looked for.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|(?P<comment>#)|\s+|[^\s"\'<#]+|.',
    re.DOTALL,
)


def comment_line(text: str) -> int | None:
    """The line of the first comment, or None if the text has none."""
    for match in _TOKEN.finditer(text):
        if match["comment"]:
            return text.count("\n", 0, match.start()) + 1
    return None


class _Writer:
    def __init__(self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> None:
        self.namespaces = sorted(prefixes.items(), key=lambda item: -len(item[1]))
        self.used: dict[str, str] = {}
        self.subjects: dict[ox.NamedNode | ox.BlankNode, Predicates] = defaultdict(lambda: defaultdict(list))
        references: dict[ox.BlankNode, int] = defaultdict(int)
        for triple in dict.fromkeys(triples):
            subject = triple.subject
            if isinstance(subject, ox.Triple):
                raise TypeError("triple terms have no canonical form here")
            self.subjects[subject][triple.predicate.value].append(triple.object)
            if isinstance(triple.object, ox.BlankNode):
                references[triple.object] += 1
        self.inline = {node for node, count in references.items() if count == 1}
        shared = [node for node, count in references.items() if count > 1]
        self.names = {node: f"_:b{number}" for number, node in enumerate(sorted(shared, key=self.block), 1)}

    def document(self) -> str:
        blocks = []
        for subject in sorted(
            (s for s in self.subjects if s not in self.inline), key=lambda s: (isinstance(s, ox.BlankNode), str(s))
        ):
            name = "[]" if subject not in self.names and isinstance(subject, ox.BlankNode) else self.term(subject)
            blocks.append(f"{name}\n{self.predicates(self.subjects[subject], 1)} .\n")
        head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(self.used.items()))
        return "\n".join([head, *blocks])

    def predicates(self, predicates: Predicates, depth: int) -> str:
        indent = "    " * depth
        ordered = sorted(predicates.items(), key=lambda item: self.rank(*item))
        lines = (f"{indent}{self.predicate(name)} {self.objects(objects, depth)}" for name, objects in ordered)
        return " ;\n".join(line.replace(" \n", "\n", 1) for line in lines)

    @staticmethod
    def rank(name: str, objects: list[Term]) -> tuple[int, str]:
        """Type, names and definition; then who; then how much and when; then citations and notes."""
        if name in FIRST:
            return FIRST.index(name), name
        if name == LAST:
            return 30, name
        kinds = {type(value) for value in objects}
        return (20 if ox.BlankNode in kinds else 10 if ox.NamedNode in kinds else 15), name

    def predicate(self, name: str) -> str:
        return "a" if name == RDF_TYPE.value else self.term(ox.NamedNode(name))

    def objects(self, objects: list[Term], depth: int) -> str:
        texts = sorted(self.term(value, depth) for value in objects)
        joined = ", ".join(texts)
        if len(texts) == 1 or (len(joined) + 4 * depth < LINE_WIDTH - 30 and "\n" not in joined):
            return joined
        indent = "    " * (depth + 1)
        return f"\n{indent}" + f",\n{indent}".join(texts)

    def term(self, term: Term, depth: int = 0) -> str:
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.BlankNode):
            return self.names.get(term) or self.block(term, depth)
        if isinstance(term, ox.Literal):
            return self.literal(term)
        raise TypeError(f"no Turtle form for {term!r}")

    def block(self, node: ox.BlankNode, depth: int = 0) -> str:
        items = self.list_items(node)
        if items is not None:
            return "( " + " ".join(self.term(item, depth) for item in items) + " )"
        predicates = self.subjects[node]
        inner = " ; ".join(
            f"{self.predicate(name)} {self.objects(objects, depth + 1)}"
            for name, objects in sorted(predicates.items(), key=lambda item: self.rank(*item))
        )
        if "\n" not in inner and len(inner) + 4 * depth < LINE_WIDTH - 20:
            return f"[ {inner} ]"
        return f"[\n{self.predicates(predicates, depth + 2)}\n{'    ' * (depth + 1)}]"

    def list_items(self, node: ox.BlankNode) -> list[Term] | None:
        items: list[Term] = []
        current: Term = node
        while current != RDF_NIL:
            predicates = self.subjects.get(current) if isinstance(current, ox.BlankNode) else None
            if predicates is None or set(predicates) != {RDF_FIRST.value, RDF_REST.value}:
                return None
            items += predicates[RDF_FIRST.value]
            (current,) = predicates[RDF_REST.value]
        return items

    def iri(self, value: str) -> str:
        for prefix, namespace in self.namespaces:
            if value.startswith(namespace) and LOCAL_NAME.fullmatch(value[len(namespace) :]):
                self.used[prefix] = namespace
                return f"{prefix}:{value[len(namespace) :]}"
        return str(ox.NamedNode(value))

    def literal(self, literal: ox.Literal) -> str:
        value, datatype = literal.value, literal.datatype.value
        if datatype == f"{XSD}integer" and re.fullmatch(r"[+-]?\d+", value):
            return value
        if datatype == f"{XSD}decimal" and re.fullmatch(r"[+-]?\d*\.\d+", value):
            return value
        if datatype == f"{XSD}boolean" and value in {"true", "false"}:
            return value
        text = str(ox.Literal(value))
        if literal.language:
            return f"{text}@{literal.language}"
        return text if datatype == f"{XSD}string" else f"{text}^^{self.iri(datatype)}"
