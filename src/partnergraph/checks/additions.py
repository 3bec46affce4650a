"""What is added to a graph for a moment: what would be lost in silence is refused before it is there."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from partnergraph.base.errors import ContentError
from partnergraph.checks.shapes import Shapes, Untranslatable
from partnergraph.content.folders import Content, read_bytes
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PG, compact
from partnergraph.rdf.turtle import read_triples

LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def refuse_lost(store: ox.Store, content: Content) -> None:
    """Raises ContentError where the last text of the content has a word that the ontology has not, or a value that no question would find.

    ``store`` holds the text already. What is merely missing, such as a source, is the affair of ``check``.
    """
    path, data = content.texts[-1]
    triples, _ = read_triples(path, data)
    for term in _words(triples):
        if next(store.quads_for_pattern(term, LABEL, None), None) is None:
            labelled = (quad.subject for quad in store.quads_for_pattern(None, LABEL, None))
            known = {compact(one.value) for one in labelled if isinstance(one, ox.NamedNode) and one.value.startswith(PG)}
            near = nearest_names(compact(term.value), known)
            repair = f"did you mean {' or '.join(near)}?" if near else "'partnergraph vocabulary' lists them"
            raise ContentError(path, f"the ontology has no such term: {compact(term.value)}; {repair}")
    subjects = {triple.subject.value for triple in triples if isinstance(triple.subject, ox.NamedNode)}
    for shapes in content.shapes_files():
        try:
            found = Shapes(shapes, read_bytes(shapes)).faults(store, subjects)
            wrong = next(((node, value, message) for node, value, message in found if isinstance(value, ox.Literal)), None)
        except Untranslatable:
            continue
        if wrong:
            node, value, message = wrong
            raise ContentError(path, f"{compact(str(node.value))}: {message} (it has {value.value[:80]!r})")


def _words(triples: Iterable[ox.Triple]) -> list[ox.NamedNode]:
    """The words of our ontology that the triples use, each once, in order."""
    terms = (term for triple in triples for term in (triple.predicate, triple.object))
    return list(dict.fromkeys(term for term in terms if isinstance(term, ox.NamedNode) and term.value.startswith(PG)))
