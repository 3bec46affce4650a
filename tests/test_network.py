"""The network: every edge is a claim, every claim with two ends is an edge, in every family and view."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

import partnergraph
from partnergraph.base.errors import UnknownName
from partnergraph.network.projection import edge_kinds
from partnergraph.rdf.terms import compact

TINY = Path(__file__).parent / "tiny"
VIEWS = [{}, {"as_of": "2024-06-01"}, {"known_by": "2025-01-01"}, {"attested": "confirmed"}]


@pytest.fixture(scope="module")
def tiny() -> partnergraph.Graph:
    return partnergraph.load(TINY)


def edges_by_sparql(graph: partnergraph.Graph, family: str | None = None) -> set[tuple[str, str, str]]:
    """The edges asked for one kind of claim at a time, which is another way than the projection takes."""
    found = set()
    kinds = graph.query(
        "SELECT ?kind ?from ?to ?family WHERE { ?kind pg:edgeFrom ?from ; pg:edgeTo ?to ; pg:family/rdfs:label ?family } ORDER BY ?kind"
    )
    assert len(kinds) > 20
    for row in kinds.mappings():
        if family is not None and row["family"].value != family:
            continue
        pairs = graph.query(
            f"SELECT ?claim ?from ?to WHERE {{ ?claim pg:kind <{row['kind'].value}> ; <{row['from'].value}> ?from ; <{row['to'].value}> ?to "
            "FILTER NOT EXISTS { ?claim pg:rejectedIn ?dispute } }"
        )
        for pair in pairs.mappings():
            claim, start, finish = (compact(str(pair[name].value)) for name in ("claim", "from", "to"))
            if row["from"] == row["to"]:
                if start == finish:
                    continue
                start, finish = min(start, finish), max(start, finish)
            found.add((start, finish, claim))
    return found


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: ", ".join(view) or "all")
def test_edges_are_the_claims_that_sparql_returns(graph: partnergraph.Graph, view: dict[str, str]):
    seen = graph.at(**view)
    network = seen.network()
    assert network.number_of_edges() > 100
    assert set(network.edges(keys=True)) == edges_by_sparql(seen)


def test_families_share_the_edges_between_them(graph: partnergraph.Graph):
    families = {str(kind["family"]) for kind in edge_kinds(graph).values()}
    assert {"money", "compute", "rights", "products", "rivalry", "law and oversight"} <= families
    every = graph.network().number_of_edges()
    counted = 0
    for family in sorted(families):
        network = graph.network(families=[family])
        assert set(network.edges(keys=True)) == edges_by_sparql(graph, family), family
        counted += network.number_of_edges()
    assert counted == every


def test_attributes_of_an_edge_and_its_nodes(tiny: partnergraph.Graph):
    network = tiny.network()
    assert network.nodes["ent:lab"] == {"label": "Lab", "kind": "research lab"}
    assert network.edges["ent:giant", "ent:lab", "claim:giant-lab-deal"] == {
        "claim": "claim:giant-lab-deal",
        "kind": "investment",
        "family": "money",
        "caption": "invested in",
        "mutual": False,
        "money": 1,
        "label": "Giant invests 10 billion dollars in Lab.",
        "attestation": "confirmed",
        "attested": 4,
        "stage": "completed",
        "date": "2023-01",
        "startsEarliest": "2023-01-01",
        "startsLatest": "2023-01-31",
        "amountMin": 1e10,
        "amountMax": 1e10,
        "currency": "USD",
        "contested": True,
        "overruled": False,
        "sources": "src:filing",
    }
    bought = network.edges["ent:host", "ent:lab", "claim:lab-buys-host"]
    assert (bought["money"], bought["reliance"], bought["relies"]) == (-1, -1, "supplied by")
    assert network.edges["ent:cloud", "ent:lab", "claim:lab-buys-cloud"]["ends"] == "2030"


def test_a_relation_without_direction_has_one_edge_a_pair(tiny: partnergraph.Graph):
    rivalry = tiny.network(families=["rivalry"])
    assert sorted(rivalry.edges(keys=True)) == [
        ("ent:giant", "ent:lab", "claim:three-compete"),
        ("ent:giant", "ent:rival", "claim:three-compete"),
        ("ent:lab", "ent:rival", "claim:three-compete"),
    ]
    assert all(data["mutual"] for *_, data in rivalry.edges(data=True))


def test_edges_of_one_claim_do_not_share_attributes(tiny: partnergraph.Graph):
    network = tiny.network(families=["rivalry"])
    network.edges["ent:giant", "ent:lab", "claim:three-compete"]["colour"] = "red"
    assert "colour" not in network.edges["ent:giant", "ent:rival", "claim:three-compete"]


def test_values_are_plain(graph: partnergraph.Graph):
    for *_, data in graph.network().edges(data=True):
        assert all(isinstance(value, str | int | float | bool) for value in data.values())


def test_the_same_content_gives_the_same_order(tiny: partnergraph.Graph):
    again = partnergraph.load(TINY).network()
    assert list(tiny.network().edges(keys=True, data=True)) == list(again.edges(keys=True, data=True))
    assert list(tiny.network().nodes(data=True)) == list(again.nodes(data=True))


def test_unknown_family_and_kind(tiny: partnergraph.Graph):
    with pytest.raises(UnknownName, match="did you mean 'money'"):
        tiny.network(families=["mony"])
    with pytest.raises(UnknownName, match="did you mean 'investment'"):
        tiny.network(kinds=["investments"])
    assert set(tiny.network(kinds=["Investment"]).edges()) == {("ent:giant", "ent:lab"), ("ent:chipmaker", "ent:lab")}


@pytest.mark.slow
def test_the_generator_is_seeded_and_its_graph_is_right(tmp_path: Path):
    script = Path(__file__).parents[1] / "benchmarks" / "generator.py"
    for name in ("one", "two"):
        subprocess.run(
            [sys.executable, script, tmp_path / name, "--triples", "2000", "--seed", "7"], check=True, capture_output=True
        )
    for path in (tmp_path / "one").rglob("*.ttl"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
    network = partnergraph.load(tmp_path / "one").network()
    assert network.number_of_edges() == 2000 // 13
    from partnergraph.checks.violations import violations
    from partnergraph.content.folders import find_content

    found = violations(find_content(tmp_path / "one"))
    assert not [one for one in found if one.path.is_relative_to(tmp_path) and not one.warning]


def test_rows_of_a_projection_survive_quotes_and_line_breaks(tiny: partnergraph.Graph):
    from partnergraph.core.rows import rows

    answer = tiny.project("edge-claims")
    again = list(csv.DictReader(io.StringIO(answer.serialize("csv").decode(), newline="")))
    assert list(rows(tiny, "edge-claims")) == again
    assert len(again) == len(answer)
