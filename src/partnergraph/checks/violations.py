"""Is the content right? Shapes say what one node must carry, checks what must hold between nodes."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.errors import ContentError
from partnergraph.base.progress import doing
from partnergraph.base.texts import clean
from partnergraph.content.folders import Content, read_bytes
from partnergraph.content.queries import read_query
from partnergraph.rdf.terms import PG, PREFIXES, compact
from partnergraph.rdf.turtle import read_triples
from partnergraph.stores.loading import add_triples, derive

if TYPE_CHECKING:
    import rdflib

SH = PREFIXES["sh"]
MAX_SHOWN = 400


@dataclass(frozen=True, order=True)
class Violation:
    """Something wrong in the content: where, in which subject, what, and what to do about it."""

    path: Path
    line: int
    subject: str
    problem: str

    def __str__(self) -> str:
        return clean(f"{self.path}:{self.line}: {self.subject}: {self.problem}")


class _Places:
    """In which file and line each subject of the content stands."""

    def __init__(self) -> None:
        self.of: dict[str, tuple[Path, int]] = {}
        self.twice: list[Violation] = []

    def add(self, path: Path, data: bytes, triples: list[ox.Triple], prefixes: dict[str, str]) -> None:
        """Notes the subjects of one file."""
        text = data.decode("utf-8")
        lines: dict[str, int] = {}
        line, counted = 1, 0
        for match in re.finditer(r"^(?:<([^<>\s]+)>|([A-Za-z][\w-]*):([\w.-]*[\w-]))", text, re.MULTILINE):
            iri = match[1] or prefixes.get(match[2], match[2] + ":") + match[3]
            line, counted = line + text.count("\n", counted, match.start()), match.start()
            lines.setdefault(iri, line)
        for subject in dict.fromkeys(t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)):
            line = lines.get(subject, 1)
            if subject in self.of:
                if subject.startswith(PG):
                    # The ontology may say in one file what a term means and in another how it is drawn.
                    continue
                first, at = self.of[subject]
                problem = f"also stands in {first}:{at}; keep it in one place"
                self.twice.append(Violation(path, line, compact(subject), problem))
            else:
                self.of[subject] = (path, line)


def violations(content: Content) -> list[Violation]:
    """Everything that is wrong in the content, by file and line; an empty list where nothing is.

    Files that are not valid Turtle come first and alone: what they would have said cannot be checked.
    """
    store = ox.Store()
    places = _Places()
    found: list[Violation] = []
    for path in [*content.vocabulary_files(), *content.data_files()]:
        data = read_bytes(path)
        try:
            with doing(f"reading {path.name}"):
                triples, prefixes = read_triples(path, data)
        except ContentError as error:
            found.append(Violation(path, error.line or 1, "file", error.problem))
            continue
        places.add(path, data, triples, prefixes)
        add_triples(store, triples)
    if found:
        return sorted(found)
    derive(store, content)
    found = [*places.twice]
    for subject, problem in [*_failed_checks(store, content), *_failed_shapes(store, content)]:
        owner = _owner(store, subject)
        path, line = places.of.get(owner, (content.data, 1))
        found.append(Violation(path, line, compact(owner), problem))
    return sorted(set(found))


def _failed_checks(store: ox.Store, content: Content) -> Iterator[tuple[ox.NamedNode | ox.BlankNode, str]]:
    for path in content.queries("checks"):
        check = read_query(path)
        with doing(check.title):
            rows = store.query(check.text)
            if not isinstance(rows, ox.QuerySolutions):
                raise ContentError(path, "a check must be a SELECT of ?subject and ?detail")
            failed = list(rows)
        for row in failed:
            subject, detail = row["subject"], row["detail"]
            if isinstance(subject, ox.NamedNode | ox.BlankNode) and isinstance(detail, ox.Literal):
                words = re.sub(r"https?://[^\s]+", lambda match: compact(match[0]), _short(detail.value))
                yield subject, f"{check.header['problem']}: {words}; {check.header['solution']}"


def _failed_shapes(store: ox.Store, content: Content) -> Iterator[tuple[ox.NamedNode | ox.BlankNode, str]]:
    import rdflib
    from pyshacl import validate

    path = content.ontology / "shapes.ttl"
    if not path.exists():
        # Who brings an ontology of their own need not bring shapes.
        return
    read_triples(path, read_bytes(path))
    shapes = rdflib.Graph().parse(path, format="turtle")
    sh = rdflib.Namespace(SH)
    looked_at = {*shapes.objects(None, sh.path), *shapes.objects(None, sh.targetObjectsOf), rdflib.RDF.type, rdflib.RDFS.subClassOf}
    data = _rdflib_copy(store, sorted(str(predicate) for predicate in looked_at))
    with doing("holding each node against its shape"):
        conforms, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if conforms:
        return
    for result in report.objects(predicate=sh.result):
        node = report.value(result, sh.focusNode)
        value = report.value(result, sh.value)
        shown = f" (it has {_short(compact(str(value)))})" if value is not None and not isinstance(value, rdflib.BNode) else ""
        for focus in _subjects(store, node):
            yield focus, f"{report.value(result, sh.resultMessage)}{shown}"


def _subjects(store: ox.Store, node: object) -> list[ox.NamedNode | ox.BlankNode]:
    """What a shape found fault with: a node, or where it is a text those that have the text."""
    import rdflib
    from oxrdflib._converter import to_ox

    if isinstance(node, rdflib.Literal):
        text: ox.Literal = to_ox(node)  # type: ignore[assignment]  # a Literal becomes a Literal
        found = {quad.subject for quad in store.quads_for_pattern(None, None, text)}
        return [subject for subject in found if isinstance(subject, ox.NamedNode | ox.BlankNode)]
    return [ox.BlankNode(str(node)) if isinstance(node, rdflib.BNode) else ox.NamedNode(str(node))]


def _rdflib_copy(store: ox.Store, predicates: Iterable[str]) -> rdflib.Graph:
    """The triples of some predicates in rdflib's own memory: pySHACL asks many tiny things, which a store behind an adapter answers slower."""
    import rdflib
    from oxrdflib._converter import from_ox

    def convert(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
        if isinstance(term, ox.Literal) and not term.language:
            # Kept as written: rdflib would write 1e300000000 out in digits.
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
        return from_ox(term)  # type: ignore[return-value]

    # A literal that is not what its datatype says becomes a violation below; rdflib would also print a traceback.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    graph = rdflib.Graph()
    for predicate in map(ox.NamedNode, predicates):
        link = convert(predicate)
        graph.addN((convert(s), link, convert(o), graph) for s, _, o, _ in store.quads_for_pattern(None, predicate, None))
    return graph


def _short(text: str) -> str:
    """The text, without the middle if it is longer than anybody reads."""
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN // 2]} … {text[-MAX_SHOWN // 4 :]}"


def _owner(store: ox.Store, subject: ox.NamedNode | ox.BlankNode) -> str:
    """The named subject that a blank node, such as a citation, belongs to."""
    while isinstance(subject, ox.BlankNode):
        quad = next(store.quads_for_pattern(None, None, subject), None)
        if quad is None or isinstance(quad.subject, ox.Triple):
            return subject.value
        subject = quad.subject
    return subject.value
