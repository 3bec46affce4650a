"""Accepting a draft: it is checked with the content it goes into, and only then put there, all of it or nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from partnergraph.base.errors import ContentError
from partnergraph.base.files import replace_together
from partnergraph.checks.violations import Violation, violations
from partnergraph.content.folders import Content, read_bytes
from partnergraph.core.graph import GraphCore
from partnergraph.intake.candidates import ACCEPTED, CITED, read_drafted
from partnergraph.intake.drafting import decided
from partnergraph.intake.rows import file_stem
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, compact
from partnergraph.rdf.turtle import read_triples, refuse_restated, write_turtle
from partnergraph.stores.loading import load_files

Subject = ox.NamedNode | ox.BlankNode | ox.Triple


@dataclass
class Accepted:
    """What was put where, what was there already, and what the check says of it; where it was ``refused``, nothing was written."""

    added: int = 0
    cited: int = 0
    known: int = 0
    files: list[Path] = field(default_factory=list)
    warnings: list[Violation] = field(default_factory=list)
    refused: list[Violation] = field(default_factory=list)


def accept_draft(content: Content, path: Path) -> Accepted:
    """Puts the draft of a Turtle file into the uppermost folder of the content; what is there already is left out.

    Writes nothing where the content with the draft has a violation that it has not without: ``refused`` says which.
    """
    _refuse_shipped(content, path)
    data = read_bytes(path)
    refuse_restated(path, data)
    triples, _ = read_triples(path, data)
    return accept_triples(content, path, triples)


def accept_decided(graph: GraphCore, path: Path) -> Accepted:
    """Puts what was accepted of the candidates of an article into the uppermost folder of the content of a graph."""
    drafted = read_drafted(path)
    turtle = decided(graph, path, drafted).turtle()
    if not turtle:
        return Accepted(known=sum(one.state in {ACCEPTED, CITED} for one in drafted.candidates))
    triples, _ = read_triples(path, turtle.encode())
    _refuse_shipped(graph.content, path)
    return accept_triples(graph.content, path, triples)


def _refuse_shipped(content: Content, path: Path) -> None:
    if content.is_shipped and not _is_checkout(content):
        raise ContentError(path, "where is it to go? Name a folder of your own with --content; 'partnergraph init' makes one")


def _is_checkout(content: Content) -> bool:
    return (content.data.parent / "pyproject.toml").is_file()


def accept_triples(content: Content, path: Path, triples: list[ox.Triple]) -> Accepted:
    """Puts what a draft says into the uppermost folder of the content; ``path`` gives the name of its files."""
    store = ox.Store()
    load_files(store, content)
    result = Accepted()
    fresh = _fresh(store, path, triples, result)
    if not fresh:
        return result
    _check(content, path, fresh, result)
    if result.refused:
        return result
    files: dict[Path, bytes] = {}
    held: dict[Path, bytes | None] = {}
    for folder, part in _sorted(fresh).items():
        target = content.data / folder / f"{_file_name(path)}.ttl" if folder else content.data / f"{_file_name(path)}-sources.ttl"
        held[target] = old = read_bytes(target) if target.exists() else None
        before = read_triples(target, old)[0] if old else []
        files[target] = write_turtle([*before, *part], PREFIXES).encode()
    for target in files:
        target.parent.mkdir(parents=True, exist_ok=True)
    replace_together(files, held)
    result.files = list(files)
    return result


def _file_name(path: Path) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", file_stem(path)).strip("-").casefold() or "draft"


def _fresh(store: ox.Store, path: Path, triples: list[ox.Triple], result: Accepted) -> list[ox.Triple]:
    """What the content has not got yet; raises ContentError where it has something else under the same name."""
    by_subject: dict[Subject, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[triple.subject].append(triple)
    kind = ox.NamedNode(RDF_TYPE)
    fresh: list[ox.Triple] = []
    for subject, said in by_subject.items():
        if not isinstance(subject, ox.NamedNode):
            continue
        is_new = any(triple.predicate == kind for triple in said)
        has = next(store.quads_for_pattern(subject, kind, None), None) is not None
        if is_new and has:
            other = next((t for t in said if not isinstance(t.object, ox.BlankNode) and not _holds(store, t)), None)
            if other is not None:
                there = [quad.object for quad in store.quads_for_pattern(subject, other.predicate, None)]
                shown = f", where it is {there[0]}" if there else ""
                raise ContentError(
                    path,
                    f"{compact(subject.value)} is in the content already{shown}; make the draft again, rename yours, or take it out of the draft",
                )
            result.known += 1
        elif not is_new and not has:
            raise ContentError(path, f"{compact(subject.value)} is not in the content, and the draft does not say what it is")
        kept = [
            triple
            for triple in said
            if not (
                has and (_cited(store, by_subject, triple) if isinstance(triple.object, ox.BlankNode) else _holds(store, triple))
            )
        ]
        result.added += is_new and not has
        result.cited += sum(isinstance(triple.object, ox.BlankNode) for triple in kept) if has else 0
        for triple in kept:
            fresh.append(triple)
            if isinstance(triple.object, ox.BlankNode):
                fresh += by_subject[triple.object]
    return fresh


def _holds(store: ox.Store, triple: ox.Triple) -> bool:
    return next(store.quads_for_pattern(triple.subject, triple.predicate, triple.object), None) is not None


def _cited(store: ox.Store, said: dict[Subject, list[ox.Triple]], triple: ox.Triple) -> bool:
    """Whether the claim cites the same place already."""
    if not isinstance(triple.object, ox.BlankNode):
        return False
    wanted = {(t.predicate, t.object) for t in said[triple.object]}
    return any(
        isinstance(quad.object, ox.BlankNode)
        and wanted <= {(inner.predicate, inner.object) for inner in store.quads_for_pattern(quad.object, None, None)}
        for quad in store.quads_for_pattern(triple.subject, triple.predicate, None)
    )


def _check(content: Content, path: Path, fresh: list[ox.Triple], result: Accepted) -> None:
    """Notes the violations and warnings that the draft brings."""
    # As the draft is read it stands on top: what it adds to may lie anywhere below.
    turtle = write_turtle(fresh, PREFIXES).encode()
    found = [said for said in violations(_stacked(content, turtle)) if said.path.name.startswith("<")]
    result.refused = [Violation(path, 1, said.subject, said.problem) for said in found if not said.warning]
    if result.refused:
        # What was wrong with a claim before more was said of it is not the draft's.
        before = {(said.subject, said.problem) for said in violations(content)}
        result.refused = [said for said in result.refused if (said.subject, said.problem) not in before]
    result.warnings = [Violation(path, 1, said.subject, said.problem, warning=True) for said in found if said.warning]


def _stacked(content: Content, turtle: bytes) -> Content:
    """The content with a draft that stands on it as one more layer."""
    return Content(content.ontology, content.ontology, content.trusted, content).with_text(turtle)


def _sorted(triples: list[ox.Triple]) -> dict[str, list[ox.Triple]]:
    """The triples by the folder in which they are kept: claims, entities, and sources beside them."""
    kinds = {t.subject: t.object.value for t in triples if t.predicate.value == RDF_TYPE and isinstance(t.object, ox.NamedNode)}
    cites = f"{PG}cites"
    claims = {t.subject for t in triples if t.predicate.value == cites}
    owner = {t.object: t.subject for t in triples if isinstance(t.object, ox.BlankNode)}
    found: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        subject = owner.get(triple.subject, triple.subject) if isinstance(triple.subject, ox.BlankNode) else triple.subject
        folder = "claims" if subject in claims else "" if kinds.get(subject) == f"{PG}Source" else "entities"
        found[folder].append(triple)
    return dict(found)
