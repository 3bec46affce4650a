"""Views that the command line keeps: asked in twice, they cost as little as no view, and say the same as when they are made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

import partnergraph
from partnergraph.content.folders import find_content
from partnergraph.core.graph import GraphCore
from partnergraph.core.views import make_view
from partnergraph.stores import cache
from partnergraph.stores.cache import OURS, keep_view, load_view
from partnergraph.stores.manifest import MANIFEST

Run = Callable[..., Result]
DAY = ["--as-of", "2024-12-31"]
TOLD = """
ent:a a pg:Company ; rdfs:label "A" .
ent:b a pg:Company ; rdfs:label "B" .
claim:x a pg:Investment ; rdfs:label "A has invested in B" ; pg:attestation pg:confirmed ; pg:stage pg:stage-agreed ;
    pg:investor ent:a ; pg:investee ent:b ; pg:date "2024-01-01"^^xsd:date .
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, which keeps also what is small: the folder of its views."""
    monkeypatch.setenv("PARTNERGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "LEAST_BYTES", 0)
    return tmp_path / "cache" / OURS / "views"


def kept(views: Path) -> list[Path]:
    return [path.parent for path in views.glob(f"*/{MANIFEST}")]


def test_a_view_that_is_asked_in_again_is_made_no_more(
    own: Path, run: Run, folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["ask", "investments-in", "B", *DAY, "--content", str(folder(TOLD))]
    said = [run(*words).output]
    assert kept(own) == []
    said.append(run(*words).output)
    assert len(kept(own)) == 1
    monkeypatch.setattr(GraphCore, "_made", lambda *_: pytest.fail("made anew"))
    said.append(run(*words).output)
    assert "A" in said[0]
    assert said == [said[0]] * 3


def test_a_view_is_one_of_its_content(own: Path, run: Run, folder: Callable[[str], Path]) -> None:
    mine = folder(TOLD)
    words = ["ask", "investments-in", "B", *DAY, "--content", str(mine), "-f", "csv"]
    before = [run(*words).stdout for _ in range(3)]
    assert len(kept(own)) == 1
    folder(TOLD.replace('"2024-01-01"', '"2025-01-01"'))
    after = [run(*words).stdout for _ in range(3)]
    # The header alone: on that day nothing was agreed yet.
    assert [len(text.splitlines()) for text in before + after] == [2, 2, 2, 1, 1, 1]


@pytest.mark.parametrize("harm", ["manifest", "engine", "column", "asked"])
def test_a_kept_view_that_is_broken_is_made_anew(harm: str, own: Path, run: Run, folder: Callable[[str], Path]) -> None:
    words = ["ask", "investments-in", "B", *DAY, "--content", str(folder(TOLD))]
    said = {run(*words).output for _ in range(2)}
    (place,) = kept(own)
    broken = {
        "manifest": place / MANIFEST,
        "engine": next(place.glob("store-*/oxigraph/*.sst")),
        "column": next(place.glob("store-*/columns/entries")),
        "asked": own / "asked",
    }[harm]
    broken.write_bytes(b"\xff" * (broken.stat().st_size or 1))
    said |= {run(*words).output for _ in range(2)}
    assert len(said) == 1


def test_few_views_are_kept_and_those_that_are_used(
    own: Path, run: Run, folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "VIEWS_KEPT", 2)
    place = ["--content", str(folder(TOLD))]
    for year in (2010, 2010, 2011, 2011, 2010, 2012, 2012):
        run("ask", "investments-in", "B", "--as-of", f"{year}-01-01", *place)
    content = find_content(Path(place[1]))
    assert len(kept(own)) == 2
    assert load_view(content, repr(make_view("2010-01-01"))) is not None
    assert load_view(content, repr(make_view("2011-01-01"))) is None


def test_nothing_is_kept_where_no_cache_is_wanted(
    own: Path, run: Run, folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERGRAPH_CACHE", "off")
    for _ in range(3):
        run("ask", "investments-in", "B", *DAY, "--content", str(folder(TOLD)))
    assert not own.exists()


def told(graph: partnergraph.Graph, question: str) -> list[list[str]]:
    """The rows of a question; which of the claims in a cell comes first no engine promises."""
    return [[" ".join(sorted(str(cell).replace('"', " ").split())) for cell in row] for row in graph.ask(question).rows]


@pytest.mark.parametrize(
    "view",
    [
        {"as_of": "2024-12-31"},
        {"known_by": "2023-01-15"},
        {"as_of": "2025-06-30", "known_by": "2025-03-31", "attested": "reported"},
    ],
    ids=str,
)
def test_a_kept_view_has_what_the_made_one_has(
    view: dict[str, Any], graph: partnergraph.Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERGRAPH_CACHE", str(tmp_path))
    made = graph.at(**view)
    content = find_content()
    for _ in range(2):
        keep_view(content, repr(made.view), made.engine)
    engine = load_view(content, repr(made.view))
    assert engine is not None
    found = partnergraph.Graph(engine, content, made.view, graph)
    assert found.engine.size() == len(made.store)
    assert found.index.spans == made.index.spans
    assert {claim: found.index.attested[claim] for claim in made.index.spans} == {
        claim: made.index.attested[claim] for claim in made.index.spans
    }
    claims = [str(claim.value) for claim in made.index.spans]
    assert found.spans(claims) == made.spans(claims)
    assert found.intervals(claims) == made.intervals(claims)
    for question in ("investments-in", "total-invested", "who-works-where", "evidence"):
        assert told(found, question) == told(made, question)
