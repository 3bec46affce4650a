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

from partnergraph.base.errors import ContentError
from partnergraph.rdf.terms import RDF_TYPE, RDFS, XSD

FIRST = (
    RDF_TYPE,
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
# Deeper than this a blank node is written under a name of its own; deeper than that a file is not read at all.
MAX_NESTING = 6
MAX_DEPTH = 200
# pyoxigraph's own bound for a single name or text.
MAX_TERM_MIB = 16

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Predicates = dict[str, list[Term]]


def read_triples(path: Path, data: bytes) -> tuple[list[ox.Triple], dict[str, str]]:
    """Triples and prefixes of one Turtle file; a syntax error names file, line and what was wrong."""
    check_depth(path, data)
    # Editors on Windows put a byte-order mark first, which pyoxigraph refuses.
    parser = ox.parse(data.removeprefix(b"\xef\xbb\xbf"), format=ox.RdfFormat.TURTLE)
    try:
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        problem = re.sub(r"^Parser error at .*?: ", "", error.msg)
        raise ContentError(path, f"not valid Turtle: {problem}", error.lineno) from None
    except MemoryError:
        raise ContentError(path, f"holds a name or text larger than {MAX_TERM_MIB} MiB; nothing we claim needs that") from None
    for triple in triples:
        if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
            raise ContentError(path, "holds a triple about a triple; write a claim with properties instead")
    return triples, parser.prefixes


_NO_BRACKETS = bytes(set(range(256)) - set(b"[]()"))
_WORDS = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*',
    re.DOTALL,
)


def check_depth(path: Path, data: bytes) -> None:
    """Refuses a file whose brackets are nested so deep that reading it would take for ever."""
    # Counting all brackets is quick; only if that looks deep is it worth leaving out those in texts.
    if _depth(data) > MAX_DEPTH and _depth(_WORDS.sub(b"", data)) > MAX_DEPTH:
        raise ContentError(path, f"brackets are nested more than {MAX_DEPTH} deep; give the inner ones names")


def _depth(data: bytes) -> int:
    level = deepest = 0
    for bracket in data.translate(None, _NO_BRACKETS):
        level += 1 if bracket in b"[(" else -1
        deepest = max(deepest, level)
    return deepest


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
        self.cut_nesting()
        self.names: dict[ox.BlankNode, str] = {}
        shared = [node for node in references if node not in self.inline]
        self.names = {node: f"_:b{number}" for number, node in enumerate(sorted(shared, key=self.block), 1)}

    def cut_nesting(self) -> None:
        """Gives a name of its own to a blank node that would stand too deep inside others, or in itself."""
        parents = {
            value: subject
            for subject, predicates in self.subjects.items()
            for values in predicates.values()
            for value in values
            if isinstance(value, ox.BlankNode)
        }
        members = self.list_members(parents)
        levels: dict[Term, int] = {}
        for node in list(self.inline):
            path: dict[ox.BlankNode, None] = {}
            current: Term = node
            while isinstance(current, ox.BlankNode) and current in self.inline and current not in levels:
                if current in path:
                    self.inline.discard(current)
                    break
                path[current] = None
                current = parents[current]
            level = levels.get(current, 0)
            for step in reversed(path):
                level += step not in members
                if level > MAX_NESTING or step not in self.inline:
                    self.inline.discard(step)
                    level = 0
                levels[step] = level

    def list_members(self, parents: Mapping[ox.BlankNode, ox.NamedNode | ox.BlankNode]) -> set[ox.BlankNode]:
        """The nodes of well-formed lists except their heads: these stand beside each other, not in each other."""
        members: set[ox.BlankNode] = set()
        for node, predicates in self.subjects.items():
            current: Term = node
            if RDF_NIL not in predicates.get(RDF_REST.value, ()):
                continue
            while isinstance(current, ox.BlankNode) and current in self.inline and self.is_list_node(current):
                parent = parents[current]
                if not self.is_list_node(parent) or self.subjects[parent][RDF_REST.value] != [current] or parent not in self.inline:
                    break
                members.add(current)
                current = parent
        return members

    def is_list_node(self, node: Term) -> bool:
        """Whether the node has one first and one rest, and nothing else."""
        predicates = self.subjects.get(node) if isinstance(node, ox.BlankNode) else None
        return (
            predicates is not None
            and set(predicates) == {RDF_FIRST.value, RDF_REST.value}
            and all(len(values) == 1 for values in predicates.values())
        )

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
        return "a" if name == RDF_TYPE else self.term(ox.NamedNode(name))

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
            return self.block(term, depth) if term in self.inline else self.names.get(term, "_:")
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
            if not isinstance(current, ox.BlankNode) or not self.is_list_node(current) or (items and current not in self.inline):
                return None
            predicates = self.subjects[current]
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
