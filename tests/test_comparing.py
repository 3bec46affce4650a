"""Answers that set several beside each other or add up: firms, years, power, contracts that end, people who moved, with values worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from typer.testing import Result

import partnergraph
import renew

Run = Callable[..., Result]


@pytest.fixture
def ask(graph: partnergraph.Graph, run: Run) -> Iterator[Callable[..., str]]:
    with renew.asked_of(graph):
        yield lambda *words: run("ask", *words).output


def column(graph: partnergraph.Graph, question: str, name: str, **values: str) -> list[str]:
    return [str(row[name].value) for row in graph.ask(question, **values).mappings() if name in row]


def test_power_is_summed_once_a_deal_and_by_what_is_bought(graph: partnergraph.Graph) -> None:
    rows = {str(row["contracted"].value): row for row in graph.ask("power-contracted", customer="OpenAI").mappings()}
    # Cerebras 750 (its three parts of 250 stand in it), Oracle 4,500, Tata 100, Amazon 2,000; AMD 6,000 and NVIDIA 5,000.
    assert Decimal(rows["clouds firm"]["capacityMin"].value) == 750 + 4500 + 100 + 2000
    assert Decimal(rows["chips firm"]["capacityMax"].value) == 6000 + 5000
    # NVIDIA's letter says at least 10 gigawatts: the sum with Broadcom's 10 has no limit.
    assert Decimal(rows["chips intended"]["capacityMin"].value) == 20000
    assert "capacityMax" not in rows["chips intended"]


def test_money_of_a_year_is_that_of_its_deals(graph: partnergraph.Graph, ask: Callable[..., str]) -> None:
    years = {str(row["year"].value): row for row in graph.ask("raised-by-year", raiser="Anthropic").mappings()}
    # 2025: rounds of 3.5 and 13 billion, Google 1 and 0.75, Microsoft up to 5, NVIDIA up to 10.
    assert Decimal(years["2025"]["committedMin"].value) == 18_250_000_000
    assert Decimal(years["2025"]["committedMax"].value) == 33_250_000_000
    assert "2025: committed 18.25 to 33.25 billion USD, of which paid in 16.5 billion USD." in ask(
        "how much did Anthropic raise in 2025"
    )


def test_those_who_are_compared_stand_beside_each_other(ask: Callable[..., str]) -> None:
    output = ask("compare Anthropic and OpenAI")
    assert "Valuation: Anthropic 965 billion USD (2026-05-28); OpenAI 852 billion USD (2026-03-31)." in output
    assert "stated of xAI by itself; it belongs to SpaceX" in ask("who is ahead in funding, xAI or Mistral")


def test_what_runs_through_a_year_does_not_run_past_it(graph: partnergraph.Graph) -> None:
    through, past = (
        column(graph, "contracts-that-end", "claim", **span)
        for span in ({"from": "2026-12-01", "until": "2030-12-31"}, {"from": "2031-01-01", "until": "9999-12-31"})
    )
    # Microsoft's rights to research run through 2030, the lease of SB Energy for 20 years from 2026.
    rights, lease = (
        f"https://w3id.org/partnergraph/claim/{name}"
        for name in ("microsoft-research-rights-to-2030", "openai-ports-pike-8gw-2026")
    )
    assert rights in through
    assert rights not in past
    assert lease in past
    assert lease not in through


def test_people_who_moved_are_found_through_units(graph: partnergraph.Graph, ask: Callable[..., str]) -> None:
    john = graph.find_entity("John Jumper")
    assert column(graph, "moved-between", "person", left="Google", joined="Anthropic") == [john]
    assert "No claim says that somebody left OpenAI for Meta" in ask("who left OpenAI for Meta")
    # Who came back from what he founded did not go there after.
    assert graph.find_entity("Barret Zoph") not in column(graph, "moved-between", "person", left="OpenAI")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("which companies have not invested in OpenAI", "who is not among these may still be, unsaid"),
        ("is Mistral French", "the graph does not say in which country a firm sits"),
        ("what is the smallest investment in OpenAI", "(the smallest first)"),
        ("which contracts run past 2030", "from=2031-01-01 until=9999-12-31"),
    ],
)
def test_what_is_asked_is_said(words: str, wanted: str, ask: Callable[..., str]) -> None:
    assert wanted in " ".join(ask(words).split())


def test_the_last_day_counts(graph: partnergraph.Graph) -> None:
    days = column(graph, "in-force-between", "day", entity="SoftBank", **{"from": "2025-12-01", "until": "2025-12-31"})
    assert "2025-12-31" in days
