"""Rows that are kept beside a store: they are what asking gives, and are used only where they are of this query and whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import partnergraph
from partnergraph.base.errors import StoreError
from partnergraph.content.folders import find_content
from partnergraph.content.queries import Query
from partnergraph.core.rows import records, rows
from partnergraph.network.projection import make_network
from partnergraph.reading.ledger import read_ledger
from partnergraph.stores.columns import KEPT, dump, read_columns
from partnergraph.stores.disk import build
from partnergraph.stores.manifest import COLUMNS

TINY = Path(__file__).parent / "tiny"
ASKED = Query("asked", Path("asked.rq"), "SELECT ?a ?b {}", {})
# Blank nodes have other names in each store.
NAMED_ANEW = {"citation"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("columns") / "store"
    build(find_content(TINY), folder)
    return folder


@pytest.fixture(scope="module")
def loaded() -> partnergraph.Graph:
    return partnergraph.load(TINY)


@pytest.fixture(scope="module")
def built(store: Path) -> partnergraph.Graph:
    return partnergraph.open_store(store, TINY)


def test_rows_come_back_as_texts_each_distinct_one_once() -> None:
    lines = ['<http://a/b>\t"say \\"yes\\"\\nor\\tno"@en', "<http://a/b>\t", '_:n\t"5"^^<http://a/n>', "_:n\t12"]
    columns = read_columns(dump(ASKED, ["a", "b"], lines), ASKED)
    assert columns is not None
    assert list(columns.rows(["a", "b"])) == [("http://a/b", 'say "yes"\nor\tno'), ("http://a/b", ""), ("_:n", "5"), ("_:n", "12")]
    assert list(columns.rows(["b"])) == [('say "yes"\nor\tno',), ("",), ("5",), ("12",)]
    assert next(columns.mappings()) == {"a": "http://a/b", "b": 'say "yes"\nor\tno'}


@pytest.mark.parametrize("count", [0, 1, 256, 257, 65_537])
def test_any_number_of_distinct_texts(count: int) -> None:
    columns = read_columns(dump(ASKED, ["a"], [f'"{number}"' for number in range(count)]), ASKED)
    assert columns is not None
    assert columns.column("a") == [str(number) for number in range(count)]


def test_rows_of_another_query_are_of_no_use() -> None:
    other = Query("asked", Path("asked.rq"), "SELECT ?a ?b { ?a ?b ?c }", {})
    assert read_columns(dump(ASKED, ["a", "b"], []), other) is None


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_what_asking_gives(name: str, loaded: partnergraph.Graph, built: partnergraph.Graph) -> None:
    assert built.engine.kept(built.projections[name]) is not None
    assert loaded.engine.kept(loaded.projections[name]) is None
    asked, kept = (
        Counter(tuple(cell for column, cell in row.items() if column not in NAMED_ANEW) for row in rows(graph, name))
        for graph in (loaded, built)
    )
    assert kept == asked


def test_a_view_of_a_store_has_rows_of_its_own(loaded: partnergraph.Graph, built: partnergraph.Graph) -> None:
    view = built.at("2023-06-01")
    assert view.engine.kept(view.projections["edges"]) is None
    columns = ("from", "to", "claim")
    seen = sorted(map(tuple, records(view, "edges", columns)))
    assert seen == sorted(map(tuple, records(loaded.at("2023-06-01"), "edges", columns)))
    assert len(seen) < len(list(records(built, "edges", columns)))


def test_network_ledger_and_days_of_a_store_are_those_of_its_content(
    loaded: partnergraph.Graph, built: partnergraph.Graph, store: Path
) -> None:
    assert dict(make_network(built).nodes) == dict(make_network(loaded).nodes)
    assert dict(make_network(built).edges) == dict(make_network(loaded).edges)
    for house in (True, False):
        assert read_ledger(built, house=house).all == read_ledger(loaded, house=house).all
    assert built.index.spans == loaded.index.spans
    claims = [claim for (claim,) in records(loaded, "whens", ("claim",))]
    assert built.intervals(claims) == loaded.intervals(claims)
    assert partnergraph.open_store(store).spans(claims) == loaded.spans(claims)


def test_rows_that_are_not_those_that_were_kept(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    build(find_content(TINY), folder)
    (place,) = folder.glob(f"*/{COLUMNS}/edges")
    place.write_bytes(place.read_bytes().replace(b"ent", b"enn", 1))
    with pytest.raises(StoreError, match="the store cannot be read; build it with 'partnergraph build "):
        make_network(partnergraph.open_store(folder))


def test_a_ledger_of_some_parties_holds_all_that_is_between_them(graph: partnergraph.Graph) -> None:
    whole = read_ledger(graph)
    for of, chosen in (
        (["OpenAI"], whole.pay("", "OpenAI")),
        (["Microsoft"], whole.pay("Microsoft")),
        (["Microsoft", "OpenAI"], whole.between("Microsoft", "OpenAI")),
    ):
        part = read_ledger(graph, of=of)
        assert len(part.all) < len(whole.all)
        again = part.between(*of) if len(of) > 1 else part.pay("", "OpenAI") if of == ["OpenAI"] else part.pay("Microsoft")
        assert again.all == chosen.all
        assert again.all
        assert part.label("ent:openai") == whole.label("ent:openai")
