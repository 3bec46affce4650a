"""Is the content right? Shapes say what one node must carry, checks what must hold between nodes."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pyoxigraph as ox

from partnergraph.base.errors import ContentError, QueryError
from partnergraph.base.progress import doing
from partnergraph.base.texts import clean
from partnergraph.content.folders import Content, read_bytes
from partnergraph.content.queries import Query, read_query
from partnergraph.history.faults import faults
from partnergraph.history.states import FOLDER, SUFFIX, kept_versions
from partnergraph.rdf.terms import PG, PREFIXES, compact, expand
from partnergraph.rdf.turtle import read_triples
from partnergraph.stores.loading import add_triples, derive, read_files
from partnergraph.stores.sandbox.apart import apart
from partnergraph.stores.sandbox.foreign import TRUST, Allowance
from partnergraph.stores.sandbox.limits import FOREIGN

if TYPE_CHECKING:
    import rdflib

SH = PREFIXES["sh"]
MAX_SHOWN = 400
# A message that speaks of how many there may be.
ONE = re.compile(r"\b(?:one|once|single)\b")


@dataclass(frozen=True, order=True)
class Violation:
    """Something wrong in the content: where, in which subject, what, and what to do about it."""

    path: Path
    line: int
    subject: str
    problem: str
    warning: bool = False

    def __str__(self) -> str:
        return clean(f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.subject}: {self.problem}")


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
        base = re.search(r"^\s*@?base\s+<([^<>\s]*)>", text, re.MULTILINE | re.IGNORECASE)
        for match in re.finditer(r"^[ \t]*(?:<([^<>\s]*)>|((?:[^\W\d_][\w.-]*)?):((?:[\w.:%-]|\\.)*))(?=\s)", text, re.MULTILINE):
            local = re.sub(r"\\(.)", r"\1", match[3] or "")
            iri = urljoin(base[1], match[1]) if match[1] is not None and base else match[1]
            iri = iri if iri is not None else prefixes.get(match[2], match[2] + ":") + local
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
    """Everything that is wrong in the content, and what checks of the level *warning* find, by file and line; an empty list where nothing is.

    Files that are not valid Turtle come first and alone: what they would have said cannot be checked.
    """
    store = ox.Store()
    places = _Places()
    found: list[Violation] = []
    claimed: list[ox.Triple] = []
    data_files = set(content.data_files())
    for path, data in read_files(content):
        try:
            with doing(f"reading {path.name}"):
                triples, prefixes = read_triples(path, data)
        except ContentError as error:
            found.append(Violation(path, error.line or 1, "file", error.problem))
            continue
        places.add(path, data, triples, prefixes)
        add_triples(store, triples)
        claimed += triples if path in data_files else ()
    if found:
        return sorted(found)
    derive(store, content)
    found = [*places.twice, *_unread(content)]
    for subject, problem, warning in [*_failed_checks(store, content), *_failed_shapes(store, content)]:
        owner = _owner(store, subject)
        path, line = places.of.get(owner, (content.data, 1))
        found.append(Violation(path, line, compact(owner), problem, warning))
    with doing("comparing with the last release"):
        for name, problem, waits in faults(content, claimed):
            path, line = places.of.get(expand(name) or "", (content.data, 1))
            found.append(Violation(path, line, name, problem, waits))
    return sorted(set(found))


# Forms of RDF that are not read, and tables that somebody may have put where they are not looked for.
UNREAD = frozenset(
    {".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".xml", ".jsonld", ".json", ".turtle", ".csv", ".tsv", ".xlsx", ".gz", ".zip"}
)


def _unread(content: Content) -> Iterator[Violation]:
    """Files that a person would take for content and that no graph is made from."""
    # Releases are kept packed, and are no content of this one.
    kept = {content.data / FOLDER / f"{version}{SUFFIX}" for version in kept_versions(content)}
    for path in sorted(content.data.rglob("*")):
        if path not in kept and path.suffix.lower() in UNREAD | {".ttl"} and path.is_file() and path not in content.data_files():
            yield Violation(
                path, 1, "file", "is not read: only .ttl files are; write it as Turtle, or move it elsewhere", warning=True
            )


# What failed, what is wrong with it, and whether that is only a warning.
Failure = tuple[ox.NamedNode | ox.BlankNode, str, bool]


def _failed_checks(store: ox.Store, content: Content) -> Iterator[Failure]:
    allowance = None if content.trusted else Allowance()
    for path in content.queries("checks"):
        check = read_query(path)
        warning = check.header.get("level") == "warning"
        if not {"problem", "solution"} <= check.header.keys():
            raise ContentError(path, "a check has the lines '#+ problem: …' and '#+ solution: …'", 1)
        with doing(check.title):
            failed = list(_failed(check, store, allowance))
        for subject, detail in failed:
            if isinstance(subject, ox.NamedNode | ox.BlankNode) and isinstance(detail, ox.Literal):
                words = re.sub(r"https?://[^\s]+", lambda match: compact(match[0]), _short(detail.value))
                yield subject, f"{check.header['problem']}: {words}; {check.header['solution']}", warning


def _failed(check: Query, store: ox.Store, allowance: Allowance | None) -> Iterator[tuple[object, object]]:
    if allowance is None:
        rows = store.query(check.text)
    else:
        reply = allowance.evaluate(check, store)
        rows = ox.parse_query_results(reply.data, format=ox.QueryResultsFormat.TSV) if reply.form == "rows" else None  # type: ignore[assignment]
    if not isinstance(rows, ox.QuerySolutions) or not {"subject", "detail"} <= {variable.value for variable in rows.variables}:
        raise ContentError(check.path, "a check must be a SELECT of ?subject and ?detail")
    for row in rows:
        yield row["subject"], row["detail"]


def _failed_shapes(store: ox.Store, content: Content) -> Iterator[Failure]:
    path = content.ontology / "shapes.ttl"
    if not path.is_file():
        return
    shapes = read_bytes(path)
    read_triples(path, shapes)  # a syntax error gets file and line
    with doing("holding each node against its shape"):
        if content.trusted:
            found = _hold(store, shapes)
        else:
            # Shapes may hold queries and patterns of their own, which are rdflib's and Python's to evaluate.
            try:
                found = json.loads(apart(_warm_up, lambda: json.dumps(_hold(store, shapes)).encode(), FOREIGN))
            except QueryError as error:
                raise ContentError(path, f"{error}; {TRUST}") from None
    for is_blank, name, message in found:
        yield ox.BlankNode(name) if is_blank else ox.NamedNode(name), message, False


def _warm_up() -> None:
    """Imports whatever is only imported when something is found, while files can still be opened."""
    from oxrdflib._converter import to_ox  # noqa: F401

    _hold(
        ox.Store(),
        b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <x:s> a sh:NodeShape ; sh:targetNode <x:a> ; sh:property [ sh:path <x:p> ; sh:minCount 1 ] ;
            sh:sparql [ sh:message "m" ; sh:select "SELECT $this WHERE { $this a ?x }" ] .""",
    )


def _hold(store: ox.Store, shapes_turtle: bytes) -> list[tuple[bool, str, str]]:
    """Which nodes do not have the shape they must have: whether they are blank, their names, and what is wrong."""
    import rdflib
    from pyshacl import validate

    shapes = rdflib.Graph().parse(data=shapes_turtle, format="turtle")
    sh = rdflib.Namespace(SH)
    looked_at = {*shapes.objects(None, sh.path), *shapes.objects(None, sh.targetObjectsOf), rdflib.RDF.type, rdflib.RDFS.subClassOf}
    data = _rdflib_copy(store, sorted(str(predicate) for predicate in looked_at))
    conforms, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if conforms:
        return []
    found = []
    for result in report.objects(predicate=sh.result):
        node = report.value(result, sh.focusNode)
        value = report.value(result, sh.value)
        shown = f" (it has {_short(compact(str(value)))})" if value is not None and not isinstance(value, rdflib.BNode) else ""
        message = str(report.value(result, sh.resultMessage))
        if report.value(result, sh.sourceConstraintComponent) == sh.MaxCountConstraintComponent and not ONE.search(message):
            # The message of the property says what one value must be; here each may be right.
            path = report.value(result, sh.resultPath)
            several = sorted(_short(compact(str(each))) for each in data.objects(node, path))
            message = f"{compact(str(path))} has {len(several)} values where one may be: {', '.join(several)}; keep one"
        for blank, name in _subjects(store, node):
            found.append((blank, name, f"{message}{shown}"))
    return found


def _subjects(store: ox.Store, node: object) -> list[tuple[bool, str]]:
    """What a shape found fault with, whether without a name, and its name: a node, or where it is a text those that have the text."""
    import rdflib
    from oxrdflib._converter import to_ox

    if isinstance(node, rdflib.Literal):
        text: ox.Literal = to_ox(node)  # type: ignore[assignment]  # a Literal becomes a Literal
        found = {quad.subject for quad in store.quads_for_pattern(None, None, text)}
        return [
            (isinstance(subject, ox.BlankNode), subject.value)
            for subject in found
            if isinstance(subject, ox.NamedNode | ox.BlankNode)
        ]
    return [(isinstance(node, rdflib.BNode), str(node))]


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
