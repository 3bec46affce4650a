"""What people do with the page: search, legend, entities, links, claims, table, links to states, keyboard, exports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from opened import Open, Opened

from partnergraph import Graph
from partnergraph.page.data import entity_key


def entities(opened: Opened) -> set[str]:
    return set(opened.ask("Object.keys(partnergraph.places())"))


def numbers(text: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def test_opens_on_the_core(graph: Graph, open_map: Open):
    opened = open_map()
    shown, entities_in_view, _, claims_shown, claims = numbers(opened.count())
    assert 40 <= shown <= 60
    assert claims == len(graph.query("SELECT ?c { ?c a pg:Claim }"))
    assert entities_in_view == len(graph.query("SELECT DISTINCT ?e { ?c pg:party ?e }"))
    assert 0 < claims_shown < claims
    assert "openai" in entities(opened)
    assert opened.page.locator("h1").inner_text() == "Partnership graph"


def test_search_finds_names_and_other_names(graph: Graph, open_map: Open):
    opened = open_map()
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("nvid")
    assert page.locator("#hits li").first.inner_text().startswith("NVIDIA")
    assert page.locator("#find").get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "NVIDIA"
    alias, iri = next((name, iri) for iri, name in graph.names.names if iri.endswith("/openai") and name != "OpenAI")
    page.locator("#find").fill(alias.lower())
    assert page.locator("#hits li").first.inner_text().startswith(graph.names.label[iri])
    page.keyboard.press("Escape")
    assert page.locator("#hits").is_hidden()
    page.locator("#find").fill("no such entity anywhere")
    assert page.locator("#hits").inner_text() == "No entity, claim or source has these words."


def test_search_finds_what_the_command_finds(graph: Graph, open_map: Open):
    opened = open_map()
    parties = {row[0].value for row in graph.query("SELECT DISTINCT ?e { ?c pg:party ?e }")}
    for typed in ("Open AI", "open-ai", "GPT4", "gpt 5.5", "azure openai", "AT&T", "mistral ai", "MAI-1", "x.ai", "gb 200", "meta"):
        found = [entity_key(iri) for iri, _ in graph.names.search(typed) if iri in parties]
        on_page = opened.ask("(text) => partnergraph.hits(text)", typed)
        # The page shows the first ten.
        assert set(on_page) <= set(found), typed
        assert len(on_page) == min(10, len(found)), typed
    assert opened.ask("partnergraph.hits('GPT4')")[0] == "gpt-4"


def test_numbers_of_the_legend_add_up(open_map: Open):
    for state in ("", "asof=2022-12-31", "known=2024-01-31", "scope=all", "compare=2022-01-01..2024-01-01"):
        opened = open_map(state)
        total = numbers(opened.count())[4]
        for name in ("families", "attestations", "stages"):
            rows = opened.page.locator(f"#{name} li:not(.aside) .n").all_inner_texts()
            assert sum(int(row.replace(",", "")) for row in rows) == total, (state, name)
        groups = opened.page.locator("#groups .n").all_inner_texts()
        assert sum(int(row.replace(",", "")) for row in groups) == numbers(opened.count())[1], state


def test_legend_filters(open_map: Open):
    opened = open_map("scope=all")
    before = numbers(opened.count())
    money = opened.page.locator("#families label", has_text="Money")
    share = numbers(money.inner_text())[0]
    money.locator("input").uncheck()
    after = numbers(opened.count())
    assert after[3] == before[3] - share
    assert opened.ask("partnergraph.state.hiderelation.has('money')")
    people = opened.page.locator("#groups label", has_text="People")
    count = numbers(people.inner_text())[0]
    on_map = numbers(opened.count())[0]
    people.locator("input").uncheck()
    assert on_map - count <= numbers(opened.count())[0] < on_map


def test_entity_panel_and_around(graph: Graph, open_map: Open):
    opened = open_map("entity=openai")
    page = opened.page
    links, claims = numbers(page.locator("#panel .kind").inner_text())
    assert claims == len(graph.query("SELECT DISTINCT ?c { ?c pg:party ent:openai }"))
    page.get_by_role("button", name="Show around it").click()
    assert opened.ask("partnergraph.state.scope") == "ego"
    assert numbers(page.locator("#panel .kind").inner_text()) == [links, claims]
    assert len(entities(opened)) == min(links, 60) + 1
    page.locator("#top").fill("200")
    assert len(entities(opened)) == min(links, 200) + 1
    page.get_by_role("button", name="Back to the core").click()
    assert opened.ask("partnergraph.state.scope") == "core"


def test_adding_and_folding_neighbours(open_map: Open):
    opened = open_map()
    before = entities(opened)
    spot = opened.ask("(() => { const [x, y] = partnergraph.places().nvidia; return partnergraph.canvasToDOM({ x, y }); })()")
    box = opened.page.locator("#map").bounding_box()
    assert box is not None
    grown = before
    # On a busy machine the two clicks may come too late after each other to be a double click.
    while grown == before:
        opened.page.mouse.dblclick(box["x"] + spot["x"], box["y"] + spot["y"])
        grown = entities(opened)
    assert grown > before
    kept = opened.ask("partnergraph.places()")
    opened.page.get_by_role("button", name="Fold neighbours").click()
    assert entities(opened) == before
    # An entity stays where it is, whatever is around it.
    assert all(kept[key] == place for key, place in opened.ask("partnergraph.places()").items())


def test_places_do_not_change_with_the_scope(open_map: Open):
    core, everything = open_map().ask("partnergraph.places()"), open_map("scope=all").ask("partnergraph.places()")
    assert all(everything[key] == place for key, place in core.items())


def test_link_and_claim_panels(open_map: Open):
    opened = open_map("relation=openai~microsoft")
    page = opened.page
    assert page.locator("#panel h2").inner_text() == "OpenAI – Microsoft"
    claims = len(page.locator("#panel .claims > li").all())
    assert claims == 25
    more = page.locator("#panel button", has_text="more claims")
    more.click()
    assert len(page.locator("#panel .claims > li").all()) == 50
    page.locator("#panel .claims > li button.text").first.click()
    assert opened.ask("partnergraph.state.claim") is not None
    fields = page.locator("#panel dl.fields").inner_text()
    assert "attestation" in fields
    assert page.locator("#panel .sources li").count() >= 1
    page.get_by_role("button", name="Back to the list").click()
    assert page.locator("#panel h2").inner_text() == "OpenAI – Microsoft"


def test_amounts_are_in_the_words_of_the_project(open_map: Open):
    opened = open_map("claim=microsoft-openai-2019-investment")
    assert "1 billion USD" in opened.page.locator("#panel dl.fields").inner_text()


def test_contested_versions_side_by_side(graph: Graph, open_map: Open):
    preferred, other, reason = next(
        (a.value.rpartition("/")[2], b.value.rpartition("/")[2], why.value)
        for a, b, why in graph.query(
            "SELECT ?a ?b ?label { ?a ?why ?b . ?why rdfs:subPropertyOf pg:preferredOver ; rdfs:label ?label } ORDER BY ?a ?b"
        )
    )
    opened = open_map(f"claim={other}")
    versions = opened.page.locator(".version")
    assert versions.count() >= 2
    assert "preferred" in opened.page.locator(".versions").inner_text()
    opened.go(f"claim={preferred}")
    assert reason in opened.page.locator(".versions").inner_text()


def test_the_table_says_what_the_map_shows(open_map: Open):
    opened = open_map()
    shown, _, links, claims, _ = numbers(opened.count())
    page = opened.page
    page.get_by_role("button", name="Table", exact=True).click()
    for tab, expected in (("Relations", links), ("Claims", claims), ("Entities", shown)):
        page.locator("#table .tabs button", has_text=tab).click()
        assert numbers(page.locator("#table caption").inner_text())[0] == expected
        while page.locator("#table > button").count():
            page.locator("#table > button").click()
        assert page.locator("#table tbody tr").count() == expected
    page.locator("#table .tabs button", has_text="Relations").click()
    heading = page.locator("th", has_text="Claims")
    assert heading.get_attribute("aria-sort") == "descending"
    counts = [int(text.replace(",", "")) for text in page.locator("#table tbody td:nth-child(4)").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    heading.locator("button").click()
    assert page.locator("th", has_text="Claims").get_attribute("aria-sort") == "ascending"
    page.locator("#table tbody tr td:first-child button").first.click()
    assert page.locator("#panel h2").is_visible()


@pytest.mark.parametrize(
    "state",
    [
        "entity=anthropic",
        "scope=ego&entity=nvidia&look=relations",
        "scope=all&theme=dark&hiderelation=metrics.outlook",
        "view=table&tab=claims&asof=2023-01-31",
        "known=2024-02-29&axis=known&hideattestation=1",
        "scope=path&from=microsoft&to=softbank",
        "compare=2022-01-01..2023-01-01&hidechange=both",
        "open=nvidia~openai&top=30",
        "relation=openai~microsoft&aside=1",
        "view=money&drawn=sankey&measure=paid&flows=12&asof=2025-06-30",
        "view=matrix&rolled=1&unrolled=microsoft",
        "view=table&sort=relations.amount.down&hidetier=1.2",
        "view=timeline&entity=mistral-ai&hidekind=Metric",
        "zoom=10_-20.5_1.4&moved=nvidia_100_-200.5&hideentity=apple",
        "claim=microsoft-openai-2019-investment&entity=openai",
    ],
)
def test_a_link_leads_to_the_same_state(state: str, open_map: Open):
    first = open_map(state)
    link = first.ask("location.hash").lstrip("#")
    assert sorted(link.replace("%7E", "~").split("&")) == sorted(state.split("&"))
    second = open_map(link)
    assert second.count() == first.count()
    assert second.page.locator("#panel").inner_text() == first.page.locator("#panel").inner_text()
    assert second.ask("location.hash") == first.ask("location.hash")


def test_nonsense_in_a_link_is_ignored(open_map: Open):
    opened = open_map("entity=nobody&asof=soon&scope=ego&top=many&relation=a~b&claim=x&compare=1..2&hidegroup=q&view=chair")
    assert opened.count() == open_map().count()


def test_keyboard_all_the_way(open_map: Open):
    opened = open_map()
    page = opened.page
    page.keyboard.press("Tab")
    assert page.locator("#skip").evaluate("(e) => e === document.activeElement")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator("#live").inner_text()
    assert re.match(r".+, .+, \d+ links?$", first)
    page.keyboard.press("ArrowUp")
    assert page.locator("#live").inner_text() != first
    page.keyboard.press("Enter")
    assert page.locator("#panel").evaluate("(e) => e === document.activeElement")
    page.locator("#map").focus()
    page.keyboard.press("x")
    assert "added" in page.locator("#live").inner_text()
    page.keyboard.press("e")
    assert opened.ask("partnergraph.state.scope") == "ego"
    scale = opened.ask("partnergraph.getScale()")
    page.keyboard.press("+")
    opened.settle()
    assert opened.ask("partnergraph.getScale()") > scale
    page.keyboard.press("0")
    page.keyboard.press("Escape")
    page.locator("#skip").press("Enter")
    assert page.locator("#table").evaluate("(e) => e === document.activeElement")


def test_print_has_map_legend_and_table(open_map: Open):
    opened = open_map("theme=dark")
    opened.page.emulate_media(media="print")
    opened.ask("dispatchEvent(new Event('beforeprint'))")
    page = opened.page
    assert page.locator("#print-map svg").is_visible()
    assert "CC BY 4.0" in page.locator("#print-map svg").text_content()
    assert page.locator("#table tbody tr").count() == numbers(opened.count())[2]
    assert page.locator("#families").is_visible()
    assert page.locator("#panel").is_hidden()
    assert opened.ask("document.documentElement.dataset.theme") == "light"
    opened.ask("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert opened.ask("document.documentElement.dataset.theme") == "dark"
    assert page.locator("#table").is_hidden()


def test_purposes(graph: Graph, open_map: Open, tmp_path: Path):
    around = open_map(file=graph.map(focus="NVIDIA").write(tmp_path / "focus.html"))
    assert around.page.locator("#panel h2").inner_text() == "NVIDIA"
    assert around.ask("location.hash") == ""
    ways = open_map(file=graph.map(path=("Microsoft", "Anthropic")).write(tmp_path / "path.html"))
    assert ways.page.locator(".trails li").first.inner_text() == "Microsoft → Anthropic"
    ways.page.locator(".trails button").nth(1).click()
    assert ways.page.locator(".trails button[aria-pressed=true]").count() == 1
    money = open_map(file=graph.map(families=["money"]).write(tmp_path / "money.html"))
    assert money.page.locator("#families li:not(.aside)").count() == 1
    changes = open_map(file=graph.map(compare=("2023-01-01", "2024-01-01")).write(tmp_path / "compare.html"))
    assert "changes from 1 Jan 2023 to 1 Jan 2024" in changes.count()


def test_loops_are_those_of_the_analysis(graph: Graph, open_map: Open, tmp_path: Path):
    from partnergraph.analysis.loops import find_loops

    opened = open_map(file=graph.map(loops=True).write(tmp_path / "loops.html"))
    found = find_loops(graph)
    rows = opened.page.locator(".trails li").all_inner_texts()
    assert len(rows) == min(len(found), 60) > 0
    parties = {party for loop in found for party in loop.parties}
    assert {f"ent:{key}" for key in entities(opened)} == parties


def test_view_options_open_the_page_on_that_day(graph: Graph, open_map: Open, tmp_path: Path):
    view = graph.at(as_of="2021-06-30", attested="announced")
    opened = open_map(file=view.map().write(tmp_path / "view.html"))
    expected = {row[0].value.rpartition("/")[2] for row in view.query("SELECT ?c { ?c a pg:Claim }")}
    assert set(opened.ask("partnergraph.claims()")) == expected
    opened.page.get_by_role("button", name="Any day").click()
    assert len(opened.ask("partnergraph.claims()")) == len(graph.at(attested="announced").query("SELECT ?c { ?c a pg:Claim }"))
