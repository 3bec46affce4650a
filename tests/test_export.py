"""Exports: read back as they were, the same bytes each time, nothing left behind where something goes wrong."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import networkx as nx
import polars as pl
import pyoxigraph as ox
import pytest
from typer.testing import Result

import partnergraph
from arrows import with_arrows
from partnergraph.base.files import replace, replace_together
from partnergraph.core.rows import rows
from partnergraph.export import FORMATS, documents, export, to_files
from partnergraph.export.parquet import DAYS
from partnergraph.export.tables import EDGES, NODES
from partnergraph.rdf.terms import compact

Run = Callable[..., Result]
TINY = Path(__file__).parent / "tiny"
RDF = [name for name, one in FORMATS.items() if not one.network]
NETWORKS = [name for name, one in FORMATS.items() if one.network]


@pytest.fixture(scope="module")
def tiny() -> partnergraph.Graph:
    return partnergraph.load(TINY)


@pytest.fixture(scope="module", params=["tiny", "shipped"])
def either(request: pytest.FixtureRequest, tiny: partnergraph.Graph) -> partnergraph.Graph:
    return tiny if request.param == "tiny" else partnergraph.load()


def canonical(store: ox.Store | ox.Dataset) -> set[str]:
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


@pytest.mark.parametrize("name", RDF)
def test_rdf_read_back_by_oxigraph_is_isomorphic(either: partnergraph.Graph, name: str):
    formats = {
        "turtle": ox.RdfFormat.TURTLE,
        "trig": ox.RdfFormat.TRIG,
        "nquads": ox.RdfFormat.N_QUADS,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    again = ox.Store()
    again.load(to_files(either, name)[""], format=formats[name])
    assert len(again) == len(either.store)
    assert canonical(again) == canonical(either.store)


@pytest.mark.parametrize("name", RDF)
def test_rdf_read_back_by_rdflib_is_isomorphic(tiny: partnergraph.Graph, name: str):
    import rdflib
    from rdflib.compare import to_canonical_graph

    formats = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
    again = rdflib.Dataset(default_union=True).parse(data=to_files(tiny, name)[""], format=formats[name])
    original = rdflib.Graph().parse(data=to_files(tiny, "nquads")[""], format="nt")
    flat = rdflib.Graph()
    for triple in again.triples((None, None, None)):
        flat.add(triple[:3])
    assert len(flat) == len(tiny.store)
    assert set(to_canonical_graph(flat)) == set(to_canonical_graph(original))


def named(network: nx.MultiDiGraph) -> dict[tuple[str, str, str], dict[str, object]]:
    return {(start, finish, key): data for start, finish, key, data in network.edges(keys=True, data=True)}


def test_graphml_read_back_by_networkx(either: partnergraph.Graph, tmp_path: Path):
    path = tmp_path / "network.graphml"
    export(either, "graphml", path)
    again = nx.read_graphml(with_arrows(path), force_multigraph=True)
    expected = documents.with_unique_ids(either.network())
    assert dict(again.nodes(data=True)) == dict(expected.nodes(data=True))
    assert named(again) == named(expected)


def test_gexf_read_back_by_networkx(either: partnergraph.Graph, tmp_path: Path):
    path = tmp_path / "network.gexf"
    export(either, "gexf", path)
    again = nx.read_gexf(with_arrows(path))
    expected = documents.with_unique_ids(either.network())
    assert dict(again.nodes(data=True)) == dict(expected.nodes(data=True))
    # The reader gives the id of an edge among its attributes.
    found = {(start, finish, data.pop("id")): data for start, finish, data in again.edges(data=True)}
    assert found == named(expected)
    assert b"lastmodifieddate" not in path.read_bytes()


def test_nodelink_read_back_by_networkx(either: partnergraph.Graph):
    again = nx.node_link_graph(json.loads(to_files(either, "nodelink")[""]), edges="edges")
    expected = either.network()
    assert again.graph == expected.graph
    assert dict(again.nodes(data=True)) == dict(expected.nodes(data=True))
    assert named(again) == named(expected)


def test_cytoscape_read_back(either: partnergraph.Graph):
    document = json.loads(to_files(either, "cytoscape")[""])
    edges = [edge["data"] for edge in document["elements"]["edges"]]
    expected = documents.with_unique_ids(either.network())
    assert {(edge["source"], edge["target"], edge["id"]) for edge in edges} == set(expected.edges(keys=True))
    assert len({edge["id"] for edge in edges}) == len(edges)
    again = nx.cytoscape_graph(document, name="label")
    assert again.number_of_edges() == expected.number_of_edges()


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_tables_read_back(either: partnergraph.Graph, tmp_path: Path, name: str):
    written = export(either, name, tmp_path / f"network.{name}")
    assert [path.name for path in written] == [f"network-nodes.{name}", f"network-edges.{name}", f"network-ledger.{name}"]
    network = either.network()
    if name == "csv":
        nodes, edges = (list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True))) for path in written[:2])
    else:
        nodes, edges = (pl.read_parquet(path).to_dicts() for path in written[:2])
    assert [row["id"] for row in nodes] == list(network)
    assert [(row["source"], row["target"], row["claim"]) for row in edges] == list(network.edges(keys=True))
    for row, (*_, data) in zip(edges, network.edges(data=True), strict=True):
        # What is dropped would be missing here: every attribute has its column.
        assert data.keys() <= row.keys()
        for column, value in data.items():
            assert row[column] == (in_parquet if name == "parquet" else in_csv)(column, value), column


def in_parquet(column: str, value: object) -> object:
    if column in DAYS:
        return date.fromisoformat(str(value))
    return str(value).split() if column == "sources" else value


def in_csv(_: str, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text[:1] in "=+@" else text


def test_parquet_is_typed(tiny: partnergraph.Graph, tmp_path: Path):
    nodes, table, ledger = map(pl.read_parquet, export(tiny, "parquet", tmp_path / "network.parquet"))
    assert (table.schema["amountMax"], table.schema["mutual"], table.schema["attested"]) == (pl.Float64, pl.Boolean, pl.Int64)
    assert (table.schema["endsLatest"], table.schema["sources"], table.schema["ends"]) == (pl.Date, pl.List(pl.String), pl.String)
    assert nodes.schema["house"] == pl.String
    assert (ledger.schema["committedMax"], ledger.schema["claims"]) == (pl.Float64, pl.List(pl.String))
    assert table.filter(pl.col("claim") == "claim:giant-lab-deal")["amountMax"].to_list() == [1e10]


def test_tables_have_what_the_analyses_need(either: partnergraph.Graph, tmp_path: Path):
    nodes, _, ledger = (pl.read_parquet(path).to_dicts() for path in export(either, "parquet", tmp_path / "network.parquet"))
    entries = {entry.name: entry for entry in either.ledger().all if not entry.within}
    assert {row["entry"] for row in ledger} == entries.keys()
    for row in ledger:
        entry = entries[row["entry"]]
        assert (row["payer"] or "", row["payee"] or "", row["claims"]) == (entry.payer, entry.payee, list(entry.claims))
        assert (row["committedMin"], row["committedMax"]) == (
            entry.committed.least,
            entry.committed.greatest if math.isfinite(entry.committed.greatest) else None,
        )
    houses = either.ledger().houses
    assert {row["id"]: row["house"] for row in nodes} == {row["id"]: houses.get(row["id"], row["id"]) for row in nodes}
    markets = {row["segment"] for node in nodes for row in node["shares"]}
    assert markets == {compact(row["segment"]) for row in rows(either, "market-shares")}
    assert markets


def test_every_attribute_has_a_column(graph: partnergraph.Graph):
    network = graph.network()
    assert {name for _, data in network.nodes(data=True) for name in data} <= set(NODES)
    assert {name for *_, data in network.edges(data=True) for name in data} <= set(EDGES)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_graph_gives_the_same_bytes_in_another_process(tiny: partnergraph.Graph, name: str, tmp_path: Path):
    code = f"import partnergraph, partnergraph.export, pathlib; partnergraph.export.export(partnergraph.load({str(TINY)!r}), {name!r}, pathlib.Path('again'))"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, env={"PYTHONHASHSEED": "7", "PATH": ""})
    (tmp_path / "once").mkdir()
    written = export(tiny, name, tmp_path / "once" / "again")
    for path in written:
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_a_claim_with_several_edges_stays_several(tiny: partnergraph.Graph):
    ids = [key for *_, key in documents.with_unique_ids(tiny.network(["rivalry"])).edges(keys=True)]
    assert ids == ["claim:three-compete#1", "claim:three-compete#2", "claim:three-compete#3"]


def test_hostile_labels_come_through(folder: Callable[[str], Path], tmp_path: Path):
    label = '=HYPERLINK(1) <script>&amp; \\u0007 \\"quoted\\", \\n line ]]> \U0001f600'
    turtle = f"""
        ent:a a pg:Company ; rdfs:label "{label}" .
        ent:b a pg:Company ; rdfs:label "@b" .
        claim:c a pg:Partnership ; rdfs:label "{label}" ; pg:attestation pg:announced ; pg:stage pg:stage-agreed ; pg:agreeing ent:a, ent:b .
    """
    graph = partnergraph.load(folder(turtle))
    out = tmp_path / "out"
    out.mkdir()
    export(graph, "graphml", out / "n.graphml")
    again = nx.read_graphml(with_arrows(out / "n.graphml"), force_multigraph=True)
    assert again.nodes["ent:a"]["label"].startswith(
        '=HYPERLINK(1) <script>&amp; \N{REPLACEMENT CHARACTER} "quoted", \n line ]]> \U0001f600'
    )
    export(graph, "gexf", out / "n.gexf")
    assert nx.read_gexf(with_arrows(out / "n.gexf")).nodes["ent:b"]["label"] == "@b"
    export(graph, "csv", out / "n.csv")
    with (out / "n-nodes.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["label"] for row in csv.DictReader(file)]
    assert cells[0].startswith("'=HYPERLINK(1)")
    assert cells[1] == "'@b"
    again = nx.node_link_graph(json.loads(to_files(graph, "nodelink")[""]), edges="edges")
    assert again.nodes["ent:a"]["label"] == graph.network().nodes["ent:a"]["label"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\\t", "\\r", "\\t=", "\\r="])
def test_no_cell_of_a_table_begins_like_a_formula(start: str, folder: Callable[[str], Path], run: Run, tmp_path: Path):
    turtle = f'ent:a a pg:Company ; rdfs:label "{start}1+1" . ent:b a pg:Company ; rdfs:label "B" .'
    turtle += ' claim:c a pg:Ownership ; rdfs:label "x" ; pg:attestation pg:reported ; pg:owner ent:a ; pg:owned ent:b .'
    run("export", "csv", str(tmp_path / "n.csv"), "--content", str(folder(turtle)))
    with (tmp_path / "n-nodes.csv").open(encoding="utf-8", newline="") as file:
        (cell,) = (row["label"] for row in csv.DictReader(file) if row["id"] == "ent:a")
    assert cell[0] not in "=+-@\t\r"
    assert cell.endswith("1+1")


@pytest.mark.parametrize("name", FORMATS)
def test_command_writes_each_format(run: Run, tmp_path: Path, name: str):
    result = run("export", name, str(tmp_path / "out.x"), "--content", str(TINY))
    assert result.stdout == ""
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == (["out-edges.x", "out-ledger.x", "out-nodes.x"] if len(FORMATS[name].parts) == 3 else ["out.x"])
    assert result.stderr.count("partnergraph: wrote ") == len(files)


def test_command_takes_views_families_and_standard_output(run: Run):
    shown = run("export", "nodelink", "-", "--family", "money", "--attested", "confirmed", "--content", str(TINY)).stdout
    document = json.loads(shown)
    assert [edge["key"] for edge in document["edges"]] == ["claim:giant-lab-deal", "claim:giant-lab-tranche"]
    assert document["graph"]["view"] == "at least confirmed"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["gefx", "OUT"], "no format named 'gefx'; did you mean 'gexf'?"),
        (["docx", "OUT"], "no format named 'docx'; take one of turtle"),
        (["gexf", "MISSING/out.gexf"], "cannot be written: No such file or directory"),
        (["csv", "MISSING/out.csv"], "cannot be written: No such file or directory"),
        (["gexf", "."], "is a folder"),
        (["csv", "-"], "csv makes several files"),
        (["gexf", "OUT", "--known-by", "1900-01-01"], "there is nothing to export"),
        (["turtle", "OUT", "--known-by", "1900-01-01"], "there is nothing to export"),
        (["parquet", "OUT", "--family", "outlook"], "there is nothing to export"),
        (["turtle", "OUT", "--family", "money"], "turtle holds the whole graph"),
        (["gexf", "OUT", "--family", "mony"], "did you mean 'money'"),
        (["gexf", "OUT", "--kind", "investmnt"], "did you mean 'investment'"),
    ],
)
def test_bad_requests_are_one_sentence_and_leave_nothing(run: Run, tmp_path: Path, words: list[str], problem: str):
    name, file, *options = words
    result = run("export", name, file if file == "-" else str(tmp_path / file), *options, "--content", str(TINY), code=1)
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_polars_says_what_to_install(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    assert (
        "pip install 'partnergraph[parquet]'"
        in run("export", "parquet", str(tmp_path / "x"), "--content", str(TINY), code=1).stderr
    )
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_what_was_there(tmp_path: Path):
    kept, other = tmp_path / "kept", tmp_path / "other"
    kept.write_text("old")
    with pytest.raises(partnergraph.PartnerGraphError, match="cannot be written: No such file or directory"):
        replace_together({kept: b"new", other: b"new", tmp_path / "none" / "x": b"new"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"kept": "old"}
    replace(kept, b"new")
    assert kept.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
