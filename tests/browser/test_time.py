"""The page agrees with SPARQL: the same claims on every day of both axes, as sure, preferred for the same reasons."""

from __future__ import annotations

import datetime
import random

import pytest
from opened import Open

from partnergraph import Graph
from partnergraph.page.records import claim_key
from partnergraph.reading.changes import diff

RANDOM = random.Random(6)  # noqa: S311  # days, not secrets
FIRST = datetime.date(2014, 1, 1)
# Days at the edges of months and years, where dates of mixed precision go wrong, and others by chance.
DAYS = [
    "2015-12-11",
    "2019-07-22",
    "2020-02-29",
    "2022-12-31",
    "2023-01-01",
    "2023-01-31",
    "2024-06-30",
    "2025-10-28",
    *sorted((FIRST + datetime.timedelta(days=RANDOM.randrange(4700))).isoformat() for _ in range(12)),
]


def claims(graph: Graph, where: str = "") -> set[str]:
    return {claim_key(row[0].value) for row in graph.query(f"SELECT ?claim {{ ?claim a pg:Claim {where} }}")}


def test_there_are_twenty_days():
    assert len(set(DAYS)) == 20


@pytest.mark.parametrize("axis", ["as_of", "known_by"])
def test_the_claims_of_twenty_days(axis: str, graph: Graph, open_map: Open):
    opened = open_map()
    name = {"as_of": "asof", "known_by": "known"}[axis]
    for day in DAYS:
        view = graph.at(**{axis: day})
        opened.go(f"{name}={day}&scope=all")
        expected = claims(view)
        assert set(opened.ask("partnergraph.claims()")) == expected, day
        assert set(opened.ask("partnergraph.shownClaims()")) == expected, day
        possibly = claims(view, "; pg:possiblyInForce|pg:possiblyPublished true")
        assert set(opened.ask("partnergraph.possibly()")) == possibly, day
        assert f"{len(expected):,} of {len(expected):,} claim" in opened.count()
    assert len(claims(graph.at(**{axis: DAYS[-1]}))) > 100


def test_both_axes_at_once_and_undated_sources(graph: Graph, open_map: Open):
    opened = open_map("asof=2023-06-30&known=2024-03-31&scope=all")
    assert set(opened.ask("partnergraph.claims()")) == claims(graph.at(as_of="2023-06-30", known_by="2024-03-31"))
    opened.go("known=2024-03-31&undated=1&scope=all")
    assert set(opened.ask("partnergraph.claims()")) == claims(graph.at(known_by="2024-03-31", undated=True))


def test_undated_sources_are_a_box_of_the_legend(graph: Graph, open_map: Open):
    opened = open_map("known=2024-03-31&scope=all")
    opened.page.get_by_label("With undated sources").check()
    assert set(opened.ask("partnergraph.claims()")) == claims(graph.at(known_by="2024-03-31", undated=True))
    assert "or undated" in opened.count()


@pytest.mark.parametrize("day", [None, "2024-12-31", "2026-03-31"])
def test_preference_is_that_of_the_rule(day: str | None, graph: Graph, open_map: Open):
    view = graph.at(known_by=day)
    opened = open_map(f"known={day}" if day else "")
    rows = view.query(
        "SELECT ?a ?b ?why { ?a pg:contradicts ?b OPTIONAL { ?a ?why ?b . ?why rdfs:subPropertyOf pg:preferredOver } }"
    )
    pairs = [(claim_key(a.value), claim_key(b.value), None if why is None else why.value.rpartition("#")[2]) for a, b, why in rows]
    assert len(pairs) > 20
    found = opened.ask("(pairs) => pairs.map(([a, b]) => partnergraph.preference(a, b))", [pair[:2] for pair in pairs])
    assert [(*pair[:2], why) for pair, why in zip(pairs, found, strict=True)] == pairs


def test_comparison_is_the_difference_of_two_views(graph: Graph, open_map: Open):
    opened = open_map("compare=2023-01-01..2025-01-01&scope=all")
    changes = diff(graph, "2023-01-01", "2025-01-01")
    script = "(change) => partnergraph.claims().filter((id) => partnergraph.changeOf(id) === change)"
    assert set(opened.ask(script, "began")) == set(map(claim_key, changes.began))
    assert set(opened.ask(script, "ended")) == set(map(claim_key, changes.ended))
    assert str(len(changes.began)) in opened.page.locator("#changes").inner_text()


def test_slider_date_field_and_switch(open_map: Open):
    opened = open_map()
    page = opened.page
    assert "any day" in opened.count()
    page.locator("#slider").focus()
    for _ in range(24):
        page.keyboard.press("ArrowLeft")
    opened.settle()
    day = opened.ask("partnergraph.state.asof")
    assert day is not None
    assert (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).day == 1
    page.locator("#axis-known").click()
    page.locator("#day").fill("2024-05-17")
    page.locator("#day").dispatch_event("change")
    assert opened.ask("[partnergraph.state.asof, partnergraph.state.known]") == [day, "2024-05-17"]
    assert "known by 17 May 2024" in opened.count()
    page.get_by_role("button", name="Any day").click()
    assert opened.ask("[partnergraph.state.asof, partnergraph.state.known]") == [None, None]
    assert opened.ask("document.querySelectorAll('#histogram rect').length") > 60


# As many beats of a clock as fast as that of Play, which goes no faster than the page itself can follow.
BEATS = """
(count) => new Promise((resolve) => {
  let beats = 0;
  const clock = setInterval(() => {
    beats += 1;
    if (beats < count) return;
    clearInterval(clock);
    resolve();
  }, 200);
})
"""


def test_play_moves_on_and_stops(open_map: Open):
    opened = open_map("asof=2019-01-31")
    opened.page.get_by_role("button", name="Play").click()
    # The first step comes with the click, the others by themselves.
    opened.ask(BEATS, 4)
    opened.page.get_by_role("button", name="Stop").click()
    reached = opened.ask("partnergraph.state.asof")
    assert reached > "2019-04-30"
    opened.ask(BEATS, 4)
    assert opened.ask("partnergraph.state.asof") == reached


def test_with_reduced_motion_play_goes_by_years(open_map: Open):
    opened = open_map("asof=2019-01-31", reduced_motion="reduce")
    # The next step comes by itself, so that the first is looked at before anything else can happen.
    assert opened.ask("(document.getElementById('play').click(), partnergraph.state.asof)") == "2020-01-31"
