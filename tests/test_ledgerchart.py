"""The chart of a ledger draws each amount as the range that it is; the sums that SPARQL would make of claims are warned of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("Agg")
from matplotlib.pyplot import close  # the backend comes first
from typer.testing import Result

from partnergraph import Graph
from partnergraph.cli.querying import summed_amounts

Run = Callable[..., Result]
B = 1e9


def test_a_chart_of_a_ledger_draws_every_kind_of_every_deal_and_names_its_claims(graph: Graph):
    # 0.1 paid in 2024, 30 agreed in 2026, up to 100 of a letter of intent.
    drawn = graph.ledger(as_of="2026-06-30").between("NVIDIA", "OpenAI", "financing").chart()
    axes = drawn.axes[0]
    labels = [" ".join(text.get_text().split()) for text in axes.get_yticklabels()]
    assert [label.rpartition(" ")[0] for label in labels] == [
        "NVIDIA → OpenAI, 2026-02-27 committed",
        "NVIDIA → OpenAI, 2024-10 paid",
        "NVIDIA → OpenAI, 2024-10 committed",
        "NVIDIA → OpenAI, 2025-09-22 intended",
    ]
    full = {round(bar.get_y() + bar.get_height() / 2): bar.get_width() for bar in axes.patches if bar.get_alpha() is None}
    assert full == pytest.approx({0: 30 * B, 1: 0.1 * B, 2: 0.1 * B, 3: 0})
    assert any("nvidia-openai-30b-feb-2026" in text.get_text() for text in axes.texts)
    close(drawn)


def test_many_deals_are_drawn_pair_by_pair_and_other_currencies_are_counted(graph: Graph):
    ledger = graph.ledger(as_of="2026-06-30")
    drawn = ledger.pay(payer="Microsoft").chart()
    labels = [" ".join(text.get_text().split()) for text in drawn.axes[0].get_yticklabels()]
    # Nscale has several contracts.
    assert len([label for label in labels if label.startswith("Microsoft → Nscale committed")]) == 1
    assert any("in other currencies" in text.get_text() for text in drawn.axes[0].texts)
    close(drawn)
    round_ = ledger.pay(payee="OpenAI", purpose="financing").chart()
    assert any(text.get_text().startswith("Amazon and ") for text in round_.axes[0].get_yticklabels())
    close(round_)
    empty = ledger.between("OpenAI", "Microsoft", "financing").chart()
    assert not empty.axes[0].get_yticklabels()
    close(empty)


def test_the_command_draws_a_chart(run: Run, tmp_path: Path):
    path = tmp_path / "ledger.svg"
    run("ledger", "NVIDIA", "OpenAI", "--as-of", "2026-06-30", "--chart", str(path))
    assert path.read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert "a chart is a file that ends in" in run("ledger", "NVIDIA", "--chart", str(tmp_path / "x.txt"), code=1).stderr
    assert "leave out --by" in run("ledger", "NVIDIA", "any", "--by", "year", "--chart", str(path), code=1).stderr


@pytest.mark.parametrize(
    ("text", "summed"),
    [
        ("SELECT (SUM(?m) AS ?t) { ?c pg:investee ent:openai ; pg:amountMin ?m }", "pg:amountMin"),
        ("SELECT (sum( DISTINCT ?m ) AS ?t) { ?c pg:amountMax $m }", "pg:amountMax"),
        (
            "SELECT (SUM(COALESCE(?m, ?n)) AS ?t) { OPTIONAL { ?c pg:amountMin ?m } OPTIONAL { ?c pg:amountMax ?n } }",
            "pg:amountMin",
        ),
        ("SELECT (SUM(?m) AS ?t) { ?c <https://w3id.org/partnergraph/ontology#amountMin> ?m }", "pg:amountMin"),
        ("SELECT (SUM(?m) AS ?t) { ?c (pg:amountMax|pg:amountMin) ?m }", "pg:amountMax"),
        ("SELECT (SUM(?m) AS ?t) { ?e pg:committedMin ?m . ?c pg:amountMin ?other }", ""),
        ("SELECT (COUNT(?m) AS ?t) (MAX(?m) AS ?x) { ?c pg:amountMin ?m }", ""),
        ("SELECT ?m { ?c pg:amountMin ?m ; rdfs:label 'SUM(?m)' }", ""),
        ("SELECT (SUM(", ""),
    ],
)
def test_a_sum_over_amounts_of_claims_is_found(text: str, summed: str):
    assert summed_amounts(text) == summed


def test_a_sum_over_claims_is_led_to_the_ledger(run: Run):
    said = run("query", "SELECT (SUM(?m) AS ?t) { ?c pg:investee ent:openai ; pg:amountMin ?m }")
    assert said.stderr.count("\n") == 1
    assert "pg:committedMin ?least, or partnergraph ledger" in said.stderr
    assert not run("query", "SELECT (SUM(?m) AS ?t) { ?e pg:payee ent:openai ; pg:committedMin ?m }").stderr
