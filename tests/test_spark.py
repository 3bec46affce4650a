"""Past one machine: Spark reads the Parquet export as it is, and docs/spark.py finds in it what the package finds in the graph."""

from __future__ import annotations

import importlib.util
import math
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pyspark.sql import DataFrame, SparkSession

import partnergraph
from partnergraph.analysis.concentration import concentration
from partnergraph.analysis.exposure import find_dependents, reliance
from partnergraph.analysis.loops import find_loops
from partnergraph.core.attributes import NUMBERS
from partnergraph.export import export
from partnergraph.export.tables import AMOUNTS, LISTS
from partnergraph.ledger.amounts import Interval

# PySpark warns of pandas 3 wherever it finds it, used or not.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:PySpark does not yet")]
DOCS = Path(__file__).parents[1] / "docs"
TINY = Path(__file__).parent / "tiny"
SHOWN = re.compile(
    r"\$ python docs/spark\.py network-nodes\.parquet network-edges\.parquet network-ledger\.parquet (.*)\n((?:.*\n)*?)```"
)


@pytest.fixture(scope="module")
def program() -> ModuleType:
    """The program as if it was run: no module that workers could import, so that they get its functions by value."""
    spec = importlib.util.spec_from_file_location("program", DOCS / "spark.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Spark in this process, on this machine alone; for so little data compiling takes longer than computing."""
    assert shutil.which("java"), "'make test-tools' says what to install"
    folder = tmp_path_factory.mktemp("spark")
    options = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 -Djava.io.tmpdir={folder}",
        "spark.local.dir": str(folder),
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="module")
def paths(graph: partnergraph.Graph, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return [str(path) for path in export(graph, "parquet", tmp_path_factory.mktemp("export") / "network.parquet")]


@pytest.fixture(scope="module")
def nodes(spark: SparkSession, paths: list[str]) -> DataFrame:
    return spark.read.parquet(paths[0]).cache()


@pytest.fixture(scope="module")
def edges(spark: SparkSession, paths: list[str]) -> DataFrame:
    return spark.read.parquet(paths[1]).cache()


@pytest.fixture(scope="module")
def ledger(spark: SparkSession, paths: list[str]) -> DataFrame:
    return spark.read.parquet(paths[2]).cache()


def test_every_column_is_read_as_what_it_is(graph: partnergraph.Graph, nodes: DataFrame, edges: DataFrame, ledger: DataFrame):
    network = graph.network()
    assert (nodes.count(), edges.count()) == (network.number_of_nodes(), network.number_of_edges())
    kinds: dict[str, set[str]] = {}
    for name, kind in nodes.dtypes + edges.dtypes + ledger.dtypes:
        kinds.setdefault(kind, set()).add(name)
    assert kinds.pop("date") == {"startsEarliest", "startsLatest", "endsEarliest", "endsLatest"}
    assert kinds.pop("double") == {*NUMBERS, *AMOUNTS}
    assert kinds.pop("bigint") == {"attested", "money", "reliance", "weakestRank", "bestRank"}
    assert kinds.pop("boolean") == {"mutual", "contested", "overruled", "spends", "receives"}
    assert kinds.pop("array<string>") == set(LISTS)
    assert kinds.pop("array<struct<segment:string,claim:string,least:double,greatest:double>>") == {"shares"}
    assert kinds.keys() == {"string"}


def test_the_same_loops(graph: partnergraph.Graph, program: ModuleType, ledger: DataFrame):
    expected = {
        (loop.parties, loop.amount, loop.since, loop.until, frozenset(claim for leg in loop.legs for claim in leg.claims))
        for loop in find_loops(graph)
    }
    found = [
        (
            tuple(row["parties"]),
            Interval(row["least"], row["greatest"]),
            str(row["since"] or ""),
            str(row["until"] or ""),
            frozenset(row["claims"]),
        )
        for row in program.find_loops(ledger).collect()
    ]
    assert len(found) == len(expected) > 10
    assert set(found) == expected
    assert max(len(parties) for parties, *_ in found) >= 4


@pytest.mark.parametrize("entity", ["ent:openai", "ent:nvidia", "ent:microsoft"])
def test_the_same_dependents(graph: partnergraph.Graph, program: ModuleType, nodes: DataFrame, edges: DataFrame, entity: str):
    houses = graph.ledger().houses
    expected = {
        (one.entity, one.steps, one.on, one.how, one.others, one.lost, one.claims)
        for one in find_dependents(reliance(graph), entity, 3, houses)
    }
    found = [
        (row["entity"], row["steps"], row["on"], row["how"], tuple(row["others"]), row["lost"], tuple(row["claims"]))
        for row in program.find_dependents(nodes, edges, entity).collect()
    ]
    assert len(found) == len(expected) > 20
    assert set(found) == expected
    assert {lost for *_, lost, _ in found} == {True, False}


@pytest.mark.parametrize("market", ["clouds", "chips", "ent:enterprise-language-models", "ent:uk-cloud-services"])
def test_the_same_concentration(graph: partnergraph.Graph, program: ModuleType, nodes: DataFrame, ledger: DataFrame, market: str):
    figures, shares = concentration(graph, market.removeprefix("ent:")).tables
    sellers = program.find_sellers(nodes, ledger, market).cache()
    measured = program.measure(sellers, market)
    scaled = {
        basis: Interval(math.floor(index.least * 10_000), math.ceil(index.greatest * 10_000))
        for basis, (index, _) in measured.items()
    }
    shown = {basis: index for _, _, _, basis, index, *_ in figures.rows}
    # Where more than half of the deals state nothing the command prints no figure.
    assert shown == {basis: "not known" if shown[basis] == "not known" else index for basis, index in scaled.items()}
    _, stated = measured["as stated"]
    _, possible = measured["as may be"]
    claims = {row["seller"]: set(row["claims"]) for row in sellers.collect()}
    assert claims == {row[2]: set(row[7]) for row in shares.rows}
    for _, _, seller, _, low, high, *_ in shares.rows:
        # Spark adds in any order: the last digit may differ.
        for own, other in ((stated[seller], low), (possible[seller], high)):
            assert (own.least, own.greatest) == pytest.approx((other.least, other.greatest))
    assert len(claims) >= 2


def test_what_is_shown_is_what_the_program_prints(
    program: ModuleType,
    spark: SparkSession,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
):
    assert spark.sparkContext.master == "local[2]"
    # On a content that stays as it is: nobody needs Spark to change a claim.
    paths = [str(path) for path in export(partnergraph.load(TINY), "parquet", tmp_path / "network.parquet")]
    document = DOCS / "scale.md"
    text = document.read_text(encoding="utf-8")
    shown = SHOWN.search(text)
    assert shown is not None
    words, output = shown.groups()
    program.main([*paths, *words.split()])
    printed = capsys.readouterr().out
    if request.config.getoption("--update-answers"):
        document.write_text(text.replace(f"{words}\n{output}```", f"{words}\n{printed}```"), encoding="utf-8")
    else:
        assert printed == output
