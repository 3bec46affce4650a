"""Commitments year by year, and sums from what is confirmed alone to rumours."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
from partnergraph import Graph
from partnergraph.analysis.schedules import by_attestation, by_year
from partnergraph.ledger.amounts import Interval
from partnergraph.reading.understanding import understand

TINY = Path(__file__).parent / "tiny"
Run = Callable[..., Result]
MILLION = 1_000_000

CONTRACT = """
claim:{name}
    a pg:SupplyContract ;
    rdfs:label "Rival orders computing from {supplier} ({name})." ;
    pg:attestation pg:announced ;
    pg:customer ent:rival ;
    pg:stage pg:stage-agreed ;
    pg:supplier ent:{supplier} ;
    {more} ;
    pg:cites [ pg:source src:news ; pg:locator "first paragraph" ] .
"""
CONTRACTS = {
    # Four years of 365 days and one of 366: 1,461 days at 1 million each.
    "four-years": (
        "host",
        'pg:amountMin 1461000000 ; pg:amountMax 1461000000 ; pg:currency "USD" ; pg:termYears 4 ; pg:date "2025-01-01"^^xsd:date',
    ),
    # Up to 731 million over 2026 and 2027 and the first day of 2028: 731 days.
    "up-to": (
        "chipmaker",
        'pg:amountMin 0 ; pg:amountMax 731000000 ; pg:currency "USD" ; pg:begin "2026-01-01"^^xsd:date ; pg:end "2028-01-02"^^xsd:date',
    ),
    "no-term": ("giant", 'pg:amountMin 7000000 ; pg:amountMax 7000000 ; pg:currency "USD" ; pg:date "2025-06-01"^^xsd:date'),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("own")
    shutil.copytree(TINY, made, dirs_exist_ok=True)
    head = "".join(f"{line}\n" for line in (TINY / "graph_data/claims.ttl").read_text().splitlines() if line.startswith("@prefix"))
    blocks = [CONTRACT.format(name=name, supplier=supplier, more=more) for name, (supplier, more) in CONTRACTS.items()]
    (made / "graph_data" / "contracts.ttl").write_text(head + "".join(blocks))
    return made


@pytest.fixture(scope="module")
def own(folder: Path) -> Graph:
    return partnergraph.load(folder)


def test_commitments_are_spread_by_days_over_their_terms(own: Graph) -> None:
    whole, years, deals = by_year(own.at(as_of="2026-12-31"), "Rival").tables
    million = {str(row[0]): (row[1], row[2], row[3]) for row in years.rows}
    assert million == {
        "to 2025": (Interval(365 * MILLION, 365 * MILLION), Interval(1096 * MILLION, (1096 + 731) * MILLION), 1),
        "2026": (Interval(365 * MILLION, 730 * MILLION), Interval(731 * MILLION, (731 + 366) * MILLION), 2),
        "2027": (Interval(365 * MILLION, 730 * MILLION), Interval(366 * MILLION, 367 * MILLION), 2),
        "2028": (Interval(366 * MILLION, 367 * MILLION), Interval(0, 0), 2),
    }
    # 7 million without a term are committed and in no year; left after the last day of 2026 is what that year's row says.
    assert whole.rows == [
        (
            3,
            Interval(1468 * MILLION, 2199 * MILLION),
            2,
            Interval(1461 * MILLION, 2192 * MILLION),
            "2026-12-31",
            Interval(731 * MILLION, 1097 * MILLION),
        )
    ]
    assert [row[-1] for row in deals.rows] == [("claim:four-years",), ("claim:up-to",), ("claim:no-term",)]


def test_sums_change_from_what_is_confirmed_to_rumours(own: Graph) -> None:
    (table,) = by_attestation(own, "Giant", "Lab", purpose="financing").tables
    # 10 billion is confirmed; a round of 6 is announced, of which another one's billion leaves at most 5; a rumour speaks of up to 12, a tranche of 4 bounds it from below.
    assert [(row[0], row[3], row[4]) for row in table.rows] == [
        ("confirmed", 1, Interval(10_000 * MILLION, 10_000 * MILLION)),
        ("announced", 2, Interval(10_000 * MILLION, 15_000 * MILLION)),
        ("reported", 2, Interval(10_000 * MILLION, 15_000 * MILLION)),
        ("rumoured", 2, Interval(4_000 * MILLION, 17_000 * MILLION)),
    ]
    assert [row[-1] for row in table.rows][1:] == [("claim:lab-round",), (), ("claim:giant-lab-deal-rumour",)]
    narrowed = by_attestation(own.at(attested="announced"), "Giant", "Lab").tables[0]
    assert {row[0] for row in narrowed.rows} == {"confirmed", "announced"}


def test_the_ledger_by_year_and_by_attestation(folder: Path, run: Run) -> None:
    output = run("ledger", "Rival", "--by", "year", "--as-of", "2026-12-31", "--content", str(folder)).stdout
    assert (
        "Committed: 1.468 to 2.199 billion USD in 3 deals; 2 of them state amount and term: 1.461 to 2.192 billion USD." in output
    )
    assert "Of these, spread evenly, 731 million to 1.097 billion USD is left after 2026-12-31." in output
    output = run("ledger", "Giant", "Lab", "--by", "attestation", "--content", str(folder)).stdout
    assert "Confirmed alone (financing): paid 10 billion USD; committed 10 billion USD, in 1 deal." in output
    assert "No deal." in run("ledger", "Hermit", "Lab", "--by", "year", "--content", str(folder)).stdout
    assert "no order of sums named 'week'" in run("ledger", "--by", "week", "--content", str(folder), code=1).stderr


def test_loops_say_how_many_are_gone_for_stricter_readers(run: Run) -> None:
    output = run("loops", "--content", str(TINY)).stdout
    assert "Most goes round in Giant → Lab → Giant: at least 4 billion USD, rumoured at the weakest leg." in output
    assert "Gone if every leg must have a least amount: 1; if every leg must be confirmed: 2." in output
    # Round the other loop nobody knows that anything goes: no headline says that most does.
    output = run("loops", "Host", "--content", str(TINY)).stdout
    assert "Of none it is known that money went all the way round" in output


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("how much will openai spend per year", "partnergraph ledger OpenAI --by year"),
        ("how much of the azure commitment is left in 2028", "partnergraph ledger any Azure --by year"),
        (
            "how much of the money for anthropic is confirmed and how much is rumour",
            "partnergraph ledger any Anthropic --by attestation",
        ),
        ("who pays openai", "partnergraph ledger any OpenAI"),
    ],
)
def test_these_are_asked_in_plain_words(text: str, command: str, graph: Graph) -> None:
    assert understand(graph, text)[0].command == command
