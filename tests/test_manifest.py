"""What partnergraph.toml says is held against the questions and the entities that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnergraph import Graph
from partnergraph.base.errors import QueryError
from partnergraph.checks.violations import violations
from partnergraph.content.folders import find_content
from partnergraph.intake.starting import begin


def test_defaults_that_no_question_takes_or_that_name_nobody_are_violations(tmp_path: Path) -> None:
    begin(tmp_path / "own", "Tidal power", alone=True, version="0.1.0")
    settings = tmp_path / "own" / "partnergraph.toml"
    lines = [
        'entity = "Nobody Inc"',
        'entty = "Example One"',
        '"investmnts-in.entity" = "Example One"',
        '"investments-in.entity" = "Example Two"',
    ]
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + "\n".join(lines) + "\n", encoding="utf-8")
    first = before.count("\n") + 1
    found = {one.subject: (one.line, one.problem) for one in violations(find_content(tmp_path / "own"))}
    assert found == {
        "entity": (first, "no entity is called 'Nobody Inc'; 'partnergraph find' searches the names"),
        "entty": (first + 1, "no question takes it; did you mean 'entity'?"),
        "investmnts-in.entity": (first + 2, "no question takes it; did you mean 'investments-in.entity'?"),
    }


def test_what_rdflib_reads_it_cannot_write(graph: Graph) -> None:
    import rdflib

    triple = (rdflib.URIRef("http://example.org/a"), rdflib.RDF.type, rdflib.URIRef("http://example.org/b"))
    before = len(graph.store)
    for write in (
        lambda: graph.rdflib.add(triple),
        lambda: graph.rdflib.remove((None, None, None)),
        lambda: graph.rdflib.update("DELETE WHERE { ?s ?p ?o }"),
        lambda: graph.rdflib.parse(data="<http://example.org/a> a <http://example.org/b> .", format="turtle"),
    ):
        with pytest.raises(QueryError, match="with_claims"):
            write()
    graph.rdflib.close()
    assert len(graph.store) == before
    assert next(iter(graph.rdflib.triples((None, rdflib.RDF.type, None)))) is not None
