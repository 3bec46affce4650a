"""A series says on every day what the view of that day says; layers are made when they are asked for, and change no answer."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from partnergraph import Graph
from partnergraph.base.errors import QueryError, UnknownName
from partnergraph.content.queries import ANY
from partnergraph.core.moving import Moving
from partnergraph.ledger.triples import speaks_of_ledger

Run = Callable[..., Result]
ASKED = {
    "stakes": {"owned": "OpenAI"},
    "exclusivity-history": {},
    "total-invested": {},
    "relies-on": {},
    "who-works-where": {"organization": "OpenAI"},
}


def lines(data: bytes) -> list[list[bytes]]:
    """The words of each row in one order: engines join claims, and whatever else is several, in any order."""
    return sorted(sorted(re.split(rb'[\s",;]+', line)) for line in data.splitlines())


@pytest.mark.parametrize("question", ASKED)
def test_a_series_says_on_every_day_what_the_view_of_the_day_says(question: str, graph: Graph):
    values = ASKED[question]
    found = graph.series(question, every="year", first="2018-06-30", last="2026-06-30", **values)
    assert [one.day.year for one in found.moments] == list(range(2018, 2027))
    for one in found.moments[::3]:
        assert lines(one.data) == lines(graph.at(as_of=one.day).ask(question, **values).serialize("tsv"))


def test_a_graph_that_moves_to_and_fro_is_the_view_of_each_day(graph: Graph):
    moving = Moving(graph)
    for day in ("2023-06-30", "2019-12-31", "2026-05-31", "2019-12-31"):
        seen = moving.to(datetime.date.fromisoformat(day))
        view = graph.at(as_of=day)
        moved, made = ({str(quad) for quad in one.store if "_:" not in str(quad)} for one in (seen, view))
        assert moved == made
        assert len(seen.store) == len(view.store)


def test_the_ledger_moves_with_the_day(graph: Graph):
    # By parties as stated, too, and on a day on which nothing asked for the ledger it waits for the next.
    stated = graph.at(as_stated=True)
    moving = Moving(stated)
    text = "SELECT ?e ?p ?v { ?e a pg:Entry ; pg:payer ?payer ; ?p ?v }"
    for day, asked in (("2020-06-30", True), ("2026-03-31", False), ("2024-12-31", True)):
        seen = moving.to(datetime.date.fromisoformat(day))
        if asked:
            own, made = ({str(row) for row in one.query(text).mappings()} for one in (seen, stated.at(as_of=day)))
            assert own == made
            assert len(own) > 100


def test_a_series_of_what_was_known(graph: Graph):
    known = graph.at(known_by="2023-06-30")
    found = known.series("stakes", every="quarter", first="2022-12-31", last="2023-06-30", owned="OpenAI")
    assert [str(one.day) for one in found.moments] == ["2022-12-31", "2023-03-31", "2023-06-30"]
    for one in found.moments:
        assert lines(one.data) == lines(known.at(as_of=one.day).ask("stakes", owned="OpenAI").serialize("tsv"))


def test_what_does_not_speak_of_the_ledger_is_answered_the_same_without_it(graph: Graph):
    day = "2025-06-30"
    bare, full = graph.at(as_of=day), graph.at(as_of=day)
    assert full.store
    quiet = [query for query in graph.questions.values() if not speaks_of_ledger(query.text)]
    assert 60 < len(quiet) < len(graph.questions)
    without = Moving(graph).to(datetime.date.fromisoformat(day))
    for query in quiet:
        given = {parameter.name: parameter.default or ANY for parameter in query.parameters}
        terms = full.bind(query, given)
        one, other = (seen.evaluate(query, query.text, terms).serialize("tsv") for seen in (without, full))
        assert lines(one) == lines(other), query.name
    assert bare.view == full.view


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("SELECT ?e { ?e pg:payer ent:openai }", True),
        ("SELECT ?e { ?e a ?class }", True),
        ("SELECT ?s ?p ?o { ?s ?p ?o }", True),
        ("SELECT ?p { ent:openai a pg:Lab ; ?p ?o }", True),
        ("SELECT ?h { ent:openai pg:house ?h }", True),
        ("SELECT ?claim ?a ?b { VALUES ?claim { claim:x } ?claim pg:investor ?a ; pg:investee ?b } ORDER BY ?a ?b", False),
        ("SELECT ?a (COUNT(?c) AS ?n) { ?c pg:investor ?a . { SELECT ?c ?d { ?c pg:date ?d } } } GROUP BY ?a ?n", False),
    ],
)
def test_which_queries_speak_of_the_ledger(text: str, speaks: bool):  # noqa: FBT001  # a row of the table
    assert speaks_of_ledger(text) is speaks


def test_the_last_views_are_kept_and_are_graphs_of_their_own(graph: Graph):
    one, same, other = graph.at(as_of="2021-01-31"), graph.at(as_of="2021-01-31"), graph.at(as_of="2021-02-28")
    assert one is not same
    assert one.engine is same.engine is not other.engine
    assert graph.at(tier="weak").at(as_of="2021-01-31").view != one.view


def test_a_series_on_the_command_line(run: Run, tmp_path: Path):
    chart = tmp_path / "stakes.svg"
    words = ("ask", "stakes", "owned=OpenAI", "--every", "year", "--first", "2022-12-31", "--last", "2025-12-31")
    text = run(*words, "--chart", str(chart)).stdout
    assert "2022-12-31 to 2025-12-31: 3 of 4 days differ from the day before" in text
    assert chart.read_text(encoding="utf-8").lstrip().startswith("<?xml")
    rows = list(csv.DictReader(io.StringIO(run(*words, "-f", "csv").stdout)))
    # Stakes were first told of in January 2023, and Microsoft's of 27 per cent in October 2025.
    assert {row["day"] for row in rows} == {"2023-12-31", "2024-12-31", "2025-12-31"}
    assert [row["day"] for row in rows if row["owner"] == "ent:microsoft"] == ["2025-12-31"]
    assert len(json.loads(run(*words, "-f", "json").stdout)) == len(rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every", "day"), "no step named 'day'; take one of month, quarter, year"),
        (("--last", "2020-01-01"), "belong to a series"),
        (("--every", "year", "--as-of", "2020-01-01"), "leave out the day of the view"),
        (("--every", "year", "--first", "2025-01-01", "--last", "2024-01-01"), "write the earlier day first"),
        (("--every", "month", "--first", "0001-01-01"), "at most 1,200 days"),
        (("--every", "year", "--first", "soon"), "'soon' is no day"),
        (("--every", "year", "-f", "xml"), "not as xml"),
        (("--every", "year", "--chart", "chart.txt"), "a chart is a file that ends in"),
        (("--every", "year", "--first", "2026-01-01", "--chart", "/nowhere/chart.png"), "the chart cannot be written"),
    ],
)
def test_what_is_no_series(words: tuple[str, ...], said: str, run: Run):
    assert said in run("ask", "stakes", *words, code=1).stderr


def test_what_is_no_question_is_no_series(graph: Graph):
    with pytest.raises(UnknownName):
        graph.series("no-such-question")
    with pytest.raises(QueryError, match="no step named 'day'"):
        graph.series("stakes", every="day")


def test_frames_and_charts_of_series(graph: Graph):
    pytest.importorskip("matplotlib").use("agg")
    found = graph.series("stakes", every="year", first="2023-12-31", last="2025-12-31", owned="OpenAI")
    frame = found.to_pandas()
    assert list(frame.columns[:3]) == ["day", "claim", "owner"]
    assert str(frame["day"].dtype).startswith("datetime64")
    assert sorted(frame["day"].dt.year.unique()) == [2023, 2024, 2025]
    axes = found.chart().axes[0]
    assert "Microsoft" in [text.get_text() for text in axes.get_legend().get_texts()]
    counted = graph.series("who-works-where", every="year", first="2023-12-31", last="2025-12-31").chart().axes[0]
    assert counted.get_legend() is None
