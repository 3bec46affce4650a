"""The page agrees with SPARQL: the same claims on every day of both axes, as sure, preferred for the same reasons."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from opened import Open

from partnergraph import Graph, load
from partnergraph.page.records import claim_key
from partnergraph.reading.changes import diff
from partnergraph.reading.conflicts import conflicts

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
        possibly = claims(view, "; pg:possiblyInForce|pg:possiblyPublished true")
        # Only claims about entities of which there was nothing yet are in the view and not on the map; they are never sure.
        shown = set(opened.ask("partnergraph.shownClaims()"))
        assert shown <= expected, day
        assert expected - shown <= (possibly if axis == "as_of" else set()), day
        assert set(opened.ask("partnergraph.possibly()")) == possibly, day
        assert f"{len(shown):,} of {len(expected):,} claim" in opened.count()
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


def preferred_in(view: Graph) -> set[str]:
    """The claims that are preferred over one in the view while none, in the view or not, is over them."""
    return {
        claim_key(row[0].value)
        for row in view.query(
            "SELECT DISTINCT ?a { ?a pg:contradicts ?b ; pg:preferredOver ?b . ?b a pg:Claim FILTER NOT EXISTS { ?c pg:preferredOver ?a } }"
        )
    }


@pytest.mark.parametrize("axis", ["as_of", "known_by"])
def test_what_the_page_calls_preferred_is_so_on_every_day(axis: str, graph: Graph, open_map: Open):
    opened = open_map()
    name = {"as_of": "asof", "known_by": "known"}[axis]
    for day in DAYS[1::2]:
        opened.go(f"{name}={day}")
        assert set(opened.ask("partnergraph.preferred()")) == preferred_in(graph.at(**{axis: day})), day
    opened.go("known=2025-06-30&undated=1")
    assert set(opened.ask("partnergraph.preferred()")) == preferred_in(graph.at(known_by="2025-06-30", undated=True))
    opened.go("asof=2024-12-31&known=2025-06-30")
    assert set(opened.ask("partnergraph.preferred()")) == preferred_in(graph.at(as_of="2024-12-31", known_by="2025-06-30"))
    opened.go("")
    assert set(opened.ask("partnergraph.preferred()")) == preferred_in(graph)
    assert len(preferred_in(graph)) > 20


# Best is better attested than Middle, and Middle than Worst; Best ends with 2019. Its source came out last of the three.
THREE_VERSIONS = """
    ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
    src:early a pg:Source ; dcterms:title "E" ; pg:tier pg:tier-weak ; dcterms:issued "2016-01-01"^^xsd:date .
    src:late a pg:Source ; dcterms:title "L" ; pg:tier pg:tier-weak ; dcterms:issued "2021-01-01"^^xsd:date .
    claim:best a pg:Hosting ; rdfs:label "Best" ; pg:hostingProvider ent:a ; pg:hosted ent:b ; pg:attestation pg:confirmed ;
      pg:begin "2016-01-01"^^xsd:date ; pg:end "2020-01-01"^^xsd:date ; pg:cites [ pg:source src:late ] .
    claim:middle a pg:Hosting ; rdfs:label "Middle" ; pg:hostingProvider ent:a ; pg:hosted ent:b ; pg:attestation pg:reported ;
      pg:begin "2016-01-01"^^xsd:date ; pg:contradicts claim:best, claim:worst ; pg:cites [ pg:source src:early ] .
    claim:worst a pg:Hosting ; rdfs:label "Worst" ; pg:hostingProvider ent:a ; pg:hosted ent:b ; pg:attestation pg:rumoured ;
      pg:begin "2016-01-01"^^xsd:date ; pg:cites [ pg:source src:early ] .
"""


def test_a_version_stays_overruled_after_its_overruler_has_ended(
    open_map: Open, folder: Callable[[str], Path], tmp_path: Path
) -> None:
    graph = load(folder(THREE_VERSIONS))
    opened = open_map("claim=middle", file=graph.map().write(tmp_path / "three.html"))
    for state, shown, preferred in (
        ("", {"Best", "Middle", "Worst"}, ["Best"]),
        # Best is over, yet it is what was true: Middle is better than Worst and preferred no more than before.
        ("asof=2024-01-01", {"Middle", "Worst"}, []),
        # Nobody had said Best by then.
        ("known=2018-01-01", {"Middle", "Worst"}, ["Middle"]),
        ("known=2018-01-01&asof=2024-01-01", {"Middle", "Worst"}, ["Middle"]),
        ("known=2022-01-01", {"Best", "Middle", "Worst"}, ["Best"]),
    ):
        opened.go(f"claim=middle&{state}")
        versions = opened.page.locator(".version")
        assert set(versions.locator("p").all_inner_texts()) == shown, state
        assert versions.filter(has=opened.page.locator(".pill")).locator("p").all_inner_texts() == preferred, state
    view = graph.at(as_of="2024-01-01")
    assert [version.preferred for version in conflicts(view)[0].versions] == [False, False]


def test_who_is_preferred_over_a_claim_counts_on_a_page_without_it(
    open_map: Open, folder: Callable[[str], Path], tmp_path: Path
) -> None:
    apart = (
        THREE_VERSIONS.replace('rdfs:label "Best" ; pg:hostingProvider ent:a', 'rdfs:label "Best" ; pg:hostingProvider ent:c')
        + 'ent:c a pg:Company ; rdfs:label "C" . ent:d a pg:Company ; rdfs:label "D" .\n'
    )
    apart = apart.replace("pg:hostingProvider ent:c ; pg:hosted ent:b", "pg:hostingProvider ent:c ; pg:hosted ent:d")
    graph = load(folder(apart))
    opened = open_map("claim=middle", file=graph.map(focus="A").write(tmp_path / "around.html"))
    assert set(opened.page.locator(".version p").all_inner_texts()) == {"Middle", "Worst"}
    assert opened.page.locator(".version .pill").count() == 0


def test_comparison_is_the_difference_of_two_views(graph: Graph, open_map: Open):
    opened = open_map("compare=2023-01-01..2025-01-01&scope=all")
    changes = diff(graph, "2023-01-01", "2025-01-01")
    script = "(change) => partnergraph.claims().filter((id) => partnergraph.changeOf(id) === change)"
    assert set(opened.ask(script, "began")) == set(map(claim_key, changes.began))
    assert set(opened.ask(script, "ended")) == set(map(claim_key, changes.ended))
    assert set(opened.ask(script, "changed")) == set(map(claim_key, changes.changed))
    views = [graph.at(as_of=day) for day in ("2023-01-01", "2025-01-01")]
    vague = [claims(view, "; pg:possiblyInForce true") for view in views]
    assert set(opened.ask(script, "unknown")) == vague[0] & vague[1] != set()
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
