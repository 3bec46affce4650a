"""Until when sources were looked through, topic by topic: on cards, in answers of later days, and as a chart by quarter."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
from partnergraph.content.folders import find_content
from partnergraph.rdf.terms import PG
from partnergraph.reading.coverage import LEGEND
from partnergraph.stores import disk
from partnergraph.stores.loading import load_store
from partnergraph.stores.manifest import read_manifest
from prefixes import PREFIXES

Run = Callable[..., Result]
ROOT = Path(__file__).parent.parent

COMMON = """
ent:acme a pg:Company ; rdfs:label "Acme" .
ent:lab a pg:ResearchLab ; rdfs:label "Open Lab" .
ent:plant a pg:Company ; rdfs:label "Power Plant" .
src:wire a pg:Source ; dcterms:title "The Wire" ; pg:tier pg:tier-quality-press ; dcterms:issued "2023-01-23"^^xsd:date .
topic:money a pg:Topic ; rdfs:label "Money" ; pg:claimsFile "money" ; pg:knownUntil "2024-02-01"^^xsd:date .
topic:power a pg:Topic ; rdfs:label "Power" ; pg:claimsFile "power" ; pg:knownUntil "2023-05-01"^^xsd:date .
claim:loose a pg:Donation ; rdfs:label "Acme gave Open Lab something." ; pg:donor ent:acme ; pg:recipient ent:lab ;
  pg:stage pg:stage-completed ; pg:attestation pg:reported ; pg:date "2023-02-02"^^xsd:date ; pg:cites [ pg:source src:wire ] .
"""


def donation(name: str, date: str) -> str:
    return (
        f'claim:{name} a pg:Donation ; rdfs:label "Acme gave to {name}." ; pg:donor ent:acme ; pg:recipient ent:lab ;\n'
        f"  pg:stage pg:stage-completed ; pg:attestation pg:reported{f' ; pg:date {date}' if date else ''} ;\n"
        "  pg:cites [ pg:source src:wire ] .\n"
    )


MONEY = (
    donation("one", '"2023-01-23"^^xsd:date')
    + donation("two", '"2023-03"^^xsd:gYearMonth')
    + donation("three", '"2023-12-31"^^xsd:date')
    + donation("year", '"2022"^^xsd:gYear')
    + donation("undated", "")
    + donation("later", '"2024-05-05"^^xsd:date')
)
POWER = """
ent:notclaimed a pg:Company ; rdfs:label "Stated beside a claim" .
claim:energy a pg:EnergySupply ; rdfs:label "Power Plant feeds Open Lab." ; pg:supplier ent:plant ; pg:customer ent:lab ;
  pg:attestation pg:announced ; pg:stage pg:stage-agreed ; pg:date "2023-01-01"^^xsd:date ; pg:cites [ pg:source src:wire ] .
"""


@pytest.fixture
def topical(tmp_path: Path) -> str:
    claims = tmp_path / "graph_data" / "claims"
    claims.mkdir(parents=True)
    (claims.parent / "common.ttl").write_text(PREFIXES + COMMON, encoding="utf-8")
    (claims / "money.ttl").write_text(PREFIXES + MONEY, encoding="utf-8")
    # A byte-order mark and another order of triples change nothing.
    (claims / "power.ttl").write_text("\ufeff" + PREFIXES + POWER, encoding="utf-8")
    return str(tmp_path)


def test_each_claim_is_on_the_topic_of_its_file_and_nothing_else_is(topical: str):
    found = partnergraph.load(topical).query("SELECT ?what ?topic { ?what pg:onTopic ?topic } ORDER BY ?topic ?what")
    assert [(row[0].value.rpartition("/")[2], row[1].value.rpartition("/")[2]) for row in found] == [
        *((name, "money") for name in ("later", "one", "three", "two", "undated", "year")),
        ("energy", "power"),
    ]


def test_a_store_on_disk_knows_the_topics_too(
    topical: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    content = find_content(Path(topical))
    memory = {quad for quad in load_store(content) if quad.predicate.value == f"{PG}onTopic"}
    monkeypatch.setattr(disk, "_fits_memory", lambda _content: False)
    folder = tmp_path_factory.mktemp("stores") / "store"
    disk.build(content, folder)
    store, _ = disk.open_store(folder, read_manifest(folder))
    assert {quad for quad in store if quad.predicate.value == f"{PG}onTopic"} == memory
    assert len(memory) == 7


def test_the_chart(run: Run, topical: str):
    # One and two begin in the first quarter of 2023, three in the last; the year, the undated and the later one have no quarter that is shown.
    lines = run("coverage", "--content", topical).output.splitlines()
    assert lines[:11] == [
        "How many claims are there by topic and quarter, and until when were sources looked through?",
        "",
        "8 claims on 3 topics.",
        "Sources were looked through until 2023-05-01 (Power) to 2024-02-01 (Money).",
        "",
        "                                      2023",
        "          claims  known until  other",
        "Power          1  2023-05-01       0  ▁·???",
        "Money          6  2024-02-01       3  ▂··▁·",
        "no topic       1                   0  ▁····",
        "",
    ]
    assert lines[11].startswith(LEGEND[:60])
    assert lines[-1].startswith("all claims · content ")
    assert "| Money | 6 | 2024-02-01 | 3 | ▂··▁· |" in run("coverage", "--content", topical, "-f", "markdown").output


def test_the_chart_of_an_entity_has_its_topics_only(run: Run, topical: str):
    output = run("coverage", "power plant", "--content", topical).output
    assert "\n\n1 claim that power plant is party to on 1 topic.\n" in output
    assert "\nPower       1  2023-05-01       0  ▁·\n\n" in output
    assert run("coverage", "power plant", "--content", topical, "--claims").output == "claim:energy\n"


def test_a_low_terminal_has_the_topics_that_were_looked_through_least(
    run: Run, folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
):
    topics = "".join(
        f'topic:t{number} a pg:Topic ; rdfs:label "T{number}" ; pg:claimsFile "f{number}" ; pg:knownUntil "2025-01-01"^^xsd:date .\n'
        for number in range(30)
    )
    path = str(folder(COMMON + topics))
    monkeypatch.setenv("LINES", "20")
    lines = run("coverage", "--content", path).output.splitlines()
    assert len(lines) <= 20
    assert any(line.endswith(" more topics of 33: --long") for line in lines)
    assert len(run("coverage", "--content", path, "--long").output.splitlines()) > 33


def test_a_narrow_chart_has_the_newest_quarters_and_counts_the_others(run: Run, topical: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "40")
    output = run("coverage", "--content", topical).output
    assert all(len(line) <= 40 for line in output.splitlines())
    assert "Money\n       6  2024-02-01       3  ▂··▁·\n" in output


def test_bars_double(folder: Callable[[str], Path]):
    path = folder(COMMON + "".join(donation(f"n{number}", '"2023-05-05"^^xsd:date') for number in range(5)))
    # Five more of a quarter stand for up to eight.
    assert "\nno topic       6                   0  ▁▄···\n" in partnergraph.load(path).coverage().text()


def test_csv_and_json(run: Run, topical: str):
    csv = run("coverage", "--content", topical, "-f", "csv").output
    assert csv == (
        "topic,topic id,known until,period,claims\n"
        "Power,topic:power,2023-05-01,2023-Q1,1\n"
        "Money,topic:money,2024-02-01,,1\n"
        "Money,topic:money,2024-02-01,2022,1\n"
        "Money,topic:money,2024-02-01,2023-Q1,2\n"
        "Money,topic:money,2024-02-01,2023-Q4,1\n"
        "Money,topic:money,2024-02-01,2024-Q2,1\n"
        "no topic,,,2023-Q1,1\n"
    )
    document = json.loads(run("coverage", "--content", topical, "-f", "json").output)
    rows = document["tables"][0]["rows"]
    assert rows[0] == {
        "topic": {"id": "topic:power", "label": "Power"},
        "known until": {"date": "2023-05-01", "precision": "day"},
        "period": "2023-Q1",
        "claims": 1,
    }
    assert len(rows) == 7


def test_a_view_is_counted_as_it_is(topical: str):
    found = partnergraph.load(topical).at(as_of="2023-06-01").coverage()
    # Three and the later one have not happened yet; the undated one possibly has.
    assert found.claims == 6
    assert {row.topic.name: row.periods for row in found.rows} == {
        "Power": Counter({"2023-Q1": 1}),
        "Money": Counter({"2023-Q1": 2, "2022": 1, "": 1}),
        "no topic": Counter({"2023-Q1": 1}),
    }


def test_cards_say_until_when_their_topics_are_known(run: Run, topical: str):
    assert (
        "\nsources looked through: Money until 2024-02-01 · Power until 2023-05-01\n"
        in run("show", "Open Lab", "--content", topical).output
    )
    assert (
        "  topic            Power, sources looked through until 2023-05-01\n" in run("claim", "energy", "--content", topical).output
    )
    graph = partnergraph.load(topical)
    assert "<p>sources looked through: Money until 2024-02-01" in graph.entity("Acme").card()._repr_html_()
    # What has no topic says nothing.
    assert "looked through" not in run("claim", "loose", "--content", topical).output


def told(result: Result) -> str:
    return " ".join(result.output.split())


def test_answers_of_later_days_say_what_was_not_looked_through(run: Run, topical: str):
    question = ("ask", "donations", "recipient=any", "--content", topical)
    assert "looked through" not in told(run(*question))
    late = "as of 2024-06-01 · sources were looked through: Money until 2024-02-01 · content"
    assert late in told(run(*question, "--as-of", "2024-06-01"))
    # Until then nothing is missing of money; that there is a topic of which less is known is said still.
    assert "Money until" not in told(run(*question, "--as-of", "2024-02-01"))
    # Data is data.
    assert "looked through" not in told(run(*question, "--as-of", "2024-06-01", "-f", "csv"))


def test_an_answer_without_claims_may_lack_them_on_any_topic(run: Run, topical: str):
    output = told(run("ask", "lawsuits", "--as-of", "2024-06-01", "--content", topical))
    assert "sources were looked through: Power until 2023-05-01, Money until 2024-02-01 · content" in output


def test_analyses_queries_and_notebooks_say_so_too(run: Run, topical: str):
    late = "as of 2024-06-01 · sources were looked through: Money until 2024-02-01"
    assert late in told(run("ledger", "--as-of", "2024-06-01", "--content", topical))
    graph = partnergraph.load(topical).at(as_of="2024-06-01")
    assert late in graph.ask("donations", recipient="any")._repr_html_()
    query = "SELECT ?claim { ?claim a pg:EnergySupply }"
    assert "looked through: Power until 2023-05-01" in told(run("query", query, "--as-of", "2024-06-01", "--content", topical))
    assert "looked through: Power until 2023-05-01" in graph.query(query)._repr_html_()


def test_many_topics_are_counted(folder: Callable[[str], Path]):
    topics = "".join(
        f'topic:t{number} a pg:Topic ; rdfs:label "T{number}" ; pg:claimsFile "mine" ; pg:knownUntil "2024-0{number}-01"^^xsd:date .\n'
        for number in range(1, 6)
    )
    card = partnergraph.load(folder(COMMON + topics)).entity("Acme").card()
    assert (
        card.known
        == "T1 until 2024-01-01 · T2 until 2024-02-01 · T3 until 2024-03-01 · 2 more topics until 2024-04-01 to 2024-05-01"
    )


@pytest.mark.parametrize(
    "known",
    [
        '"soon"^^xsd:date',
        '"2024"^^xsd:gYear',
        "ent:acme",
        '"2024-13-45"^^xsd:date',
        '"9999-12-31"^^xsd:date',
        '"0001-01-01"^^xsd:date',
    ],
)
def test_whatever_a_topic_states_is_no_traceback(run: Run, folder: Callable[[str], Path], known: str):
    path = str(
        folder(
            COMMON.replace(
                'pg:claimsFile "money" ; pg:knownUntil "2024-02-01"^^xsd:date', f'pg:claimsFile "mine" ; pg:knownUntil {known}'
            )
            + donation("ancient", '"0001-01-01"^^xsd:date')
            + donation("far", '"9999-12-31"^^xsd:date')
        )
    )
    assert run("coverage", "--content", path).output.count("\n3 claims on 2 topics.\n") == 1
    run("show", "Acme", "--content", path)
    run("ask", "donations", "recipient=any", "--as-of", "2030-01-01", "--content", path)
    assert len(partnergraph.load(path).coverage()._repr_html_()) < 5000


def test_a_name_that_deceives_is_written_as_it_is_safe(run: Run, folder: Callable[[str], Path]):
    path = folder(COMMON.replace('"Money"', '"=cmd\\u001b[2J<b>"').replace('pg:claimsFile "money"', 'pg:claimsFile "mine"'))
    assert "\x1b" not in run("coverage", "--content", str(path)).output
    assert "\n'=cmd" in run("coverage", "--content", str(path), "-f", "csv").output
    assert "<b>" not in partnergraph.load(path).coverage()._repr_html_().replace("<b>topic", "")


def test_content_without_topics_is_counted(run: Run, folder: Callable[[str], Path]):
    path = folder('ent:acme a pg:Company ; rdfs:label "Acme" .')
    assert run("coverage", "--content", str(path)).output.count("\n0 claims on 0 topics.\n") == 1


def test_each_file_of_claims_belongs_to_one_topic(graph: partnergraph.Graph):
    found = [row["file"].value for row in graph.query("SELECT ?file { ?topic a pg:Topic ; pg:claimsFile ?file }").mappings()]
    assert sorted(found) == sorted(path.stem for path in graph.content.data_files() if path.parent.name == "claims")
    assert not graph.query("SELECT ?claim { ?claim a pg:Claim FILTER NOT EXISTS { ?claim pg:onTopic ?topic } }").rows


def test_the_page_on_the_list_of_deals_names_claims_and_counts_its_rows(graph: partnergraph.Graph):
    text = (ROOT / "docs" / "deal-list.md").read_text("utf-8")
    rows = {"Here": 0, "In part": 0, "Not here": 0}
    for heading, part in zip(rows, text.split("\n## ")[1:], strict=True):
        assert part.startswith(heading)
        for line in part.splitlines()[4:]:
            told, names = line.split("|")[1:3]
            rows[heading] += int((re.search(r"\((\d+) rows", told) or ["", "1"])[1])
            for name in re.findall(r"`([a-z0-9-]+)`", names):
                assert graph.query(f"SELECT ?type {{ claim:{name} a ?type }}").rows, name
    assert list(rows.values()) == [int(number) for number in re.findall(r"^- \*\*(\d+) rows\*\*", text, re.MULTILINE)]
    assert sum(rows.values()) == 91
