"""Is the content right? Shapes say what one node must carry, checks what must hold between nodes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from partnergraph.base.errors import ContentError, QueryError
from partnergraph.base.progress import doing
from partnergraph.base.texts import clean
from partnergraph.checks.manifest import unmeant_defaults
from partnergraph.checks.names import taken_names
from partnergraph.checks.oracle import hold, warm_up
from partnergraph.checks.places import Places
from partnergraph.checks.shapes import Shapes, Untranslatable, written
from partnergraph.content.folders import Content, read_bytes
from partnergraph.content.queries import Query, read_query
from partnergraph.history.faults import faults
from partnergraph.history.states import FOLDER, SUFFIX, kept_versions
from partnergraph.rdf.terms import compact, expand
from partnergraph.rdf.turtle import check_depth, read_triples, speaks_of_triples
from partnergraph.stores.loading import derive, read_files
from partnergraph.stores.sandbox.apart import apart
from partnergraph.stores.sandbox.foreign import TRUST, Allowance
from partnergraph.stores.sandbox.limits import FOREIGN

MAX_SHOWN = 400
# Where more stands in a folder on top of others than this, naming each to every check takes longer than looking at all.
MAX_NAMED = 2000


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


def violations(content: Content, only: Collection[Path] = ()) -> list[Violation]:
    """Everything that is wrong in the content, and what checks of the level *warning* find, by file and line; an empty list where nothing is.

    What the content stands on was checked by those who made it. With ``only`` some of the files are looked at, for which
    the others need not be gone through. Files that are not valid Turtle come first and alone: what they would have said
    cannot be checked.
    """
    wanted = {path.resolve() for path in only}
    store, places, found = _read(content, wanted)
    if found:
        return sorted(found)
    derive(store, content)
    subjects = places.within(wanted) if wanted else places.own() if content.below else None
    if subjects is not None and len(subjects) > MAX_NAMED and not wanted:
        subjects = None
    found = [Violation(path, line, subject, problem) for path, line, subject, problem in places.twice]
    found += [] if wanted else _unread(content)
    found += [] if wanted else [Violation(*said) for said in unmeant_defaults(store, content)]
    for subject, problem, warning in _failures(store, content, subjects):
        owner = _owner(store, subject)
        if places.is_below(owner) or (subjects is not None and owner not in subjects):
            continue
        path, line = places.of.get(owner, (content.data, 1))
        found.append(Violation(path, line, compact(owner), problem, warning))
    with doing("comparing with the last release"):
        for name, problem, waits in [] if wanted else faults(content, places.claimed):
            path, line = places.of.get(expand(name) or "", (content.data, 1))
            found.append(Violation(path, line, name, problem, waits))
    return sorted(set(found))


def _read(content: Content, wanted: set[Path]) -> tuple[ox.Store, Places, list[Violation]]:
    """The store of all files, where their subjects stand, and which files are not valid Turtle."""
    store, places = ox.Store(), Places()
    wrong: list[Violation] = []
    own = set(content.own_files())
    claims = own - set(content.vocabulary_files())
    if not wanted <= {path.resolve() for path in own}:
        missing = min(wanted - {path.resolve() for path in own})
        raise ContentError(missing, f"is no Turtle file of {content.data} or {content.ontology}; name one that is, or --content")
    for path, data in read_files(content):
        looked_at = not wanted or path.resolve() in wanted
        try:
            with doing(f"reading {path.name}"):
                check_depth(path, data)
                if looked_at or speaks_of_triples(data):
                    triples, prefixes = read_triples(path, data)
                    if looked_at:
                        places.add(path, data, triples, prefixes, below=path not in own)
                        places.claimed += triples if path in claims else ()
                store.load(data, format=ox.RdfFormat.TURTLE)
        except ContentError as error:
            wrong.append(Violation(path, error.line or 1, "file", error.problem))
        except (SyntaxError, UnicodeDecodeError):
            try:
                read_triples(path, data)
            except ContentError as error:
                wrong.append(Violation(path, error.line or 1, "file", error.problem))
    return store, places, wrong


# Forms of RDF that are not read, and tables that somebody may have put where they are not looked for.
UNREAD = frozenset(
    {".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".xml", ".jsonld", ".json", ".turtle", ".csv", ".tsv", ".xlsx", ".gz", ".zip"}
)


def _unread(content: Content) -> Iterator[Violation]:
    """Files that a person would take for content and that no graph is made from."""
    if content.data == content.ontology:
        return
    # Releases are kept packed, and are no content of this one.
    kept = {content.data / FOLDER / f"{version}{SUFFIX}" for version in kept_versions(content)}
    for path in sorted(content.data.rglob("*")):
        if path not in kept and path.suffix.lower() in UNREAD | {".ttl"} and path.is_file() and path not in content.data_files():
            yield Violation(
                path, 1, "file", "is not read: only .ttl files are; write it as Turtle, or move it elsewhere", warning=True
            )


# What failed, what is wrong with it, and whether that is only a warning.
Failure = tuple[ox.NamedNode | ox.BlankNode, str, bool]


def _failures(store: ox.Store, content: Content, subjects: Collection[str] | None) -> Iterator[Failure]:
    yield from _failed_checks(store, content, subjects)
    for path in content.shapes_files():
        yield from _failed_shapes(store, content, path, subjects)
    yield from taken_names(store)


def _failed_checks(store: ox.Store, content: Content, subjects: Collection[str] | None) -> Iterator[Failure]:
    allowance = Allowance()
    for path in content.queries("checks"):
        check = read_query(path)
        warning = check.header.get("level") == "warning"
        if not {"problem", "solution"} <= check.header.keys():
            raise ContentError(path, "a check has the lines '#+ problem: …' and '#+ solution: …'", 1)
        with doing(check.title):
            failed = list(_failed(check, store, None if content.trusts(path) else allowance, subjects))
        for subject, detail in failed:
            if isinstance(subject, ox.NamedNode | ox.BlankNode) and isinstance(detail, ox.Literal):
                words = re.sub(r"https?://[^\s]+", lambda match: compact(match[0]), _short(detail.value))
                yield subject, f"{check.header['problem']}: {words}; {check.header['solution']}", warning


def _failed(
    check: Query, store: ox.Store, allowance: Allowance | None, subjects: Collection[str] | None
) -> Iterator[tuple[object, object]]:
    if allowance is None:
        rows = store.query(_narrowed(check.text, subjects))
    else:
        reply = allowance.evaluate(check, store)
        rows = ox.parse_query_results(reply.data, format=ox.QueryResultsFormat.TSV) if reply.form == "rows" else None  # type: ignore[assignment]
    if not isinstance(rows, ox.QuerySolutions) or not {"subject", "detail"} <= {variable.value for variable in rows.variables}:
        raise ContentError(check.path, "a check must be a SELECT of ?subject and ?detail")
    for row in rows:
        yield row["subject"], row["detail"]


def _narrowed(text: str, subjects: Collection[str] | None) -> str:
    """The check of some subjects only: they stand first, so that the plan begins with them."""
    if subjects is None or "AS ?subject" in text:
        return text
    values = f" VALUES ?subject {{ {written(subjects)} }}"
    return re.sub(r"SELECT[^{}]*\?subject\b[^{}]*WHERE \{", lambda match: match[0] + values, text)


def _failed_shapes(store: ox.Store, content: Content, path: Path, subjects: Collection[str] | None) -> Iterator[Failure]:
    turtle = read_bytes(path)
    with doing("holding each node against its shape"):
        try:
            for node, value, message in Shapes(path, turtle).faults(store, subjects):
                shown = f" (it has {_short(_said(value))})" if value is not None and not isinstance(value, ox.BlankNode) else ""
                yield node, f"{message}{shown}", False
        except Untranslatable:
            yield from _held(store, content, path, turtle)


def _held(store: ox.Store, content: Content, path: Path, turtle: bytes) -> Iterator[Failure]:
    """What pySHACL finds, for shapes that are not compiled."""
    if content.trusts(path):
        found = hold(store, turtle)
    else:
        # Shapes may hold queries and patterns of their own, which are rdflib's and Python's to evaluate.
        try:
            found = json.loads(apart(warm_up, lambda: json.dumps(hold(store, turtle)).encode(), FOREIGN))
        except QueryError as error:
            raise ContentError(path, f"{error}; {TRUST}") from None
    for is_blank, name, value, message in found:
        shown = "" if value is None else f" (it has {_short(compact(value))})"
        yield ox.BlankNode(name) if is_blank else ox.NamedNode(name), f"{message}{shown}", False


def _said(value: ox.NamedNode | ox.Literal | ox.Triple) -> str:
    return compact(value.value) if isinstance(value, ox.NamedNode) else value.value if isinstance(value, ox.Literal) else str(value)


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
