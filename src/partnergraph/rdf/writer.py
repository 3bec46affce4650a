"""Turtle in canonical form: what is said, in the order in which people read it, and always in the same bytes.

Writing is ours because no library keeps that order (what it is, what it says, who, how much and when, where it
stands) and gives the same bytes for blank nodes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import cast

import pyoxigraph as ox

from partnergraph.rdf.blanks import Blanks, Predicates, Subject, Term
from partnergraph.rdf.terms import RDF_TYPE, RDFS, XSD

FIRST = (
    RDF_TYPE,
    f"{RDFS}label",
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#definition",
)
LAST = "http://www.w3.org/2004/02/skos/core#editorialNote"
LINE_WIDTH = 120
# As the grammar of Turtle has it, without what it lets stand after a backslash.
_LETTER = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME_SIGN = rf"{_LETTER}0-9_\-\u00B7\u0300-\u036F\u203F-\u2040"
LOCAL_NAME = re.compile(rf"(?:[{_LETTER}0-9_](?:[{_NAME_SIGN}.]*[{_NAME_SIGN}])?)?")
# What follows the last slash of a base, or a fragment of it.
_RELATIVE = re.compile(r"[A-Za-z0-9_-]*(?:#[A-Za-z0-9_-]*)?")
# Digits of other scripts are digits to Python and none to Turtle, and not every reader keeps a sign or a nought too many.
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")


class Writer:
    """The canonical form of some triples; ``tags`` says how language tags are written, ``base`` what IRIs may be short for."""

    def __init__(
        self,
        triples: Iterable[ox.Triple],
        prefixes: Mapping[str, str],
        base: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self.namespaces = sorted(prefixes.items(), key=lambda item: -len(item[1]))
        self.base = base
        self.tags = tags or {}
        self.used: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self.base_used = False
        subjects: dict[Subject, Predicates] = defaultdict(lambda: defaultdict(list))
        for triple in dict.fromkeys(triples):
            # The engine's types have triples as subjects, too, which RDF no longer has.
            subjects[cast("Subject", triple.subject)][triple.predicate.value].append(triple.object)
        self.subjects = dict(subjects)
        self.blanks = Blanks(self.subjects)

    def document(self) -> str:
        """All of it."""
        known = sorted((subject for subject in self.subjects if not isinstance(subject, ox.BlankNode)), key=str)
        named = [(self.term(subject), self.predicates(self.subjects[subject], 1)) for subject in known]
        names = self.blanks.names
        named += [(name, self.predicates(self.subjects[node], 1)) for node, name in names.items() if node in self.subjects]
        alone = [
            self.predicates(predicates, 1)
            for node, predicates in self.subjects.items()
            if isinstance(node, ox.BlankNode) and node not in names and node not in self.blanks.inline
        ]
        blocks = [f"{name}\n{said} .\n" for name, said in [*named, *(("[]", said) for said in sorted(alone))]]
        head = f"@base <{self.base}> .\n" if self.base_used else ""
        head += "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(self.used.items()))
        return "\n".join([head, *blocks])

    def predicates(self, predicates: Predicates, depth: int) -> str:
        """Properties and what they say, a line each."""
        indent = "    " * depth
        return " ;\n".join(f"{indent}{self.statement(name, values, depth)}" for name, values in self.ordered(predicates))

    def ordered(self, predicates: Predicates) -> list[tuple[str, list[Term]]]:
        """Properties in reading order."""
        return sorted(predicates.items(), key=lambda item: self.rank(*item))

    @staticmethod
    def rank(name: str, objects: list[Term]) -> tuple[int, str]:
        """Type, names and definition; then who; then how much and when; then citations and notes."""
        if name in FIRST:
            return FIRST.index(name), name
        if name == LAST:
            return 30, name
        kinds = {type(value) for value in objects}
        return (20 if ox.BlankNode in kinds else 10 if ox.NamedNode in kinds else 15), name

    def statement(self, name: str, objects: list[Term], depth: int) -> str:
        """A property and its values."""
        predicate = "a" if name == RDF_TYPE else self.iri(name)
        texts = sorted(self.term(value, depth) for value in objects)
        joined = ", ".join(texts)
        if len(texts) == 1 or (len(joined) + 4 * depth < LINE_WIDTH - 30 and "\n" not in joined):
            return f"{predicate} {joined}"
        indent = "    " * (depth + 1)
        return f"{predicate}\n{indent}" + f",\n{indent}".join(texts)

    def term(self, term: Term, depth: int = 0, *, quoted: bool = False) -> str:
        """A term where it is spoken of; within a triple term the engine reads no text of several lines."""
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.BlankNode):
            return self.block(term, depth) if term in self.blanks.inline else self.blanks.names[term]
        if isinstance(term, ox.Literal):
            return self.literal(term, quoted=quoted)
        return f"<<( {self.term(term.subject)} {self.iri(term.predicate.value)} {self.term(term.object, quoted=True)} )>>"

    def block(self, node: ox.BlankNode, depth: int = 0) -> str:
        """A blank node where it is spoken of."""
        items = self.blanks.list_items(node)
        if items is not None:
            return "( " + " ".join(self.term(item, depth) for item in items) + " )"
        predicates = self.subjects.get(node)
        if predicates is None:
            return "[]"
        inner = " ; ".join(self.statement(name, values, depth + 1) for name, values in self.ordered(predicates))
        if "\n" not in inner and len(inner) + 4 * depth < LINE_WIDTH - 20:
            return f"[ {inner} ]"
        return f"[\n{self.predicates(predicates, depth + 2)}\n{'    ' * (depth + 1)}]"

    def iri(self, value: str) -> str:
        """The short name of an IRI, or all of it."""
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = self._iri(value)
        return known

    def _iri(self, value: str) -> str:
        for prefix, namespace in self.namespaces:
            if value.startswith(namespace) and LOCAL_NAME.fullmatch(value, len(namespace)):
                self.used[prefix] = namespace
                return f"{prefix}:{value[len(namespace) :]}"
        short = None if self.base is None else relative(value, self.base)
        if short is not None:
            self.base_used = True
            return f"<{short}>"
        return f"<{value}>"

    def literal(self, literal: ox.Literal, *, quoted: bool = False) -> str:
        """A text, a number or a word."""
        value, datatype = literal.value, literal.datatype.value
        if datatype == f"{XSD}integer" and _INTEGER.fullmatch(value):
            return value
        if datatype == f"{XSD}decimal" and _DECIMAL.fullmatch(value):
            return value
        if datatype == f"{XSD}boolean" and value in {"true", "false"}:
            return value
        text = str(ox.Literal(value)) if quoted else text_of(value)
        if literal.language:
            direction = f"--{literal.direction}" if literal.direction else ""
            return f"{text}@{self.tags.get(literal.language, literal.language)}{direction}"
        return text if datatype == f"{XSD}string" else f"{text}^^{self.iri(datatype)}"


def text_of(value: str) -> str:
    """A text in quotes; one of several lines as people read it."""
    escaped = str(ox.Literal(value))
    if "\n" not in value:
        return escaped

    def plain(match: re.Match[str]) -> str:
        return "\n" if match[1] == "n" else '"' if match[1] == '"' else match[0]

    # A quote before another, or before the end, stays escaped: three would end the text.
    return '"""' + re.sub(r'\\("(?!\\"|$)|[^"])', plain, escaped[1:-1]) + '"""'


def relative(value: str, base: str) -> str | None:
    """What an IRI is called within a base; None where only the whole will do, or where it could be read in two ways."""
    document = base.partition("#")[0]
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/?#]+/[^?#]*", document):
        return None
    rest = value.removeprefix(document) if value.startswith(document) else None
    if rest is not None and (not rest or rest.startswith("#")):
        return rest if _RELATIVE.fullmatch(rest) else None
    folder = document[: document.rindex("/") + 1]
    rest = value.removeprefix(folder) if value.startswith(folder) else ""
    return rest if rest and not rest.startswith("#") and _RELATIVE.fullmatch(rest) else None
