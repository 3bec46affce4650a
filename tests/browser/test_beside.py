"""Small multiples: one view on several days side by side, by a click and by the address, with the amounts that the ledger has on each."""

from __future__ import annotations

import csv
import io
import math
import re
from typing import Any

import pytest
from opened import Open, Opened
from playwright.sync_api import expect

from partnergraph import Graph
from partnergraph.ledger.amounts import NOTHING, add

DAYS = ["2022-12-31", "2023-12-31", "2024-12-31", "2025-12-31"]
STATE = f"days={'~'.join(DAYS)}"
# Of each picture: where its entities stand from its own title, how wide its flows are, and what they come to.
PICTURES = """
() => {
  const pictures = {};
  let corner = null;
  for (const mark of partnergraph.onScreen()) {
    if (mark.mark === "rect" && mark.hit && mark.hit.told && Object.keys(mark.hit).length === 2) {
      corner = [mark.x, mark.y];
      pictures[mark.hit.day] = { places: {}, flows: {}, title: mark.hit.told };
    }
    if (!mark.hit?.day) continue;
    const { places, flows } = pictures[mark.hit.day];
    if (mark.mark === "shape" && mark.hit.node != null)
      places[partnergraph.entityKey(mark.hit.node)] = [mark.x - corner[0], mark.y - corner[1]].map((one) => Math.round(one * 10) / 10);
    if (mark.mark === "line" && mark.hit.leg) {
      const { payer, payee, sums, purpose, weight } = mark.hit.leg;
      const key = [payer, payee].map(partnergraph.entityKey).join(" ");
      flows[`${key} ${purpose}`] = { sums, weight, width: Math.round(mark.width * 1000) / 1000 };
    }
  }
  return pictures;
}
"""


def pictures(opened: Opened) -> dict[str, Any]:
    found: dict[str, Any] = opened.ask(f"({PICTURES})()")
    return found


def test_one_click_shows_four_years_and_the_address_brings_them_back(open_map: Open):
    opened = open_map("view=money&asof=2025-12-31")
    opened.page.get_by_role("button", name="Side by side").click()
    opened.settle()
    assert list(pictures(opened)) == DAYS
    assert "days=2022-12-31~" in opened.ask("decodeURIComponent(location.hash)")
    assert opened.count().startswith("The 12 largest flows of money committed, 31 Dec 2022, 31 Dec 2023,")
    state = opened.ask("location.hash.slice(1)")
    before = pictures(opened)
    opened.page.locator("#undo").click()
    assert opened.ask("partnergraph.state.days") is None
    opened.go(state)
    assert pictures(opened) == before
    # Three days from the first to the last; then the handles and the days as they are typed.
    opened.page.get_by_label("Pictures").fill("3")
    opened.page.get_by_label("Pictures").press("Enter")
    assert opened.ask("partnergraph.state.days") == ["2022-12-31", "2024-06-30", "2025-12-31"]
    opened.page.locator("#day").fill("2024-12-31")
    opened.page.locator("#day").press("Enter")
    assert opened.ask("partnergraph.state.days") == ["2024-12-31", "2025-06-30", "2025-12-31"]


@pytest.mark.parametrize("view", ["", "view=money&", "scope=ego&entity=openai&", "scope=loops&", "view=money&drawn=sankey&"])
def test_each_stands_in_the_same_place_and_amounts_have_one_scale(view: str, graph: Graph, open_map: Open):
    opened = open_map(view + STATE)
    found = pictures(opened)
    assert list(found) == DAYS
    places: dict[str, list[float]] = {}
    again = 0
    for day in DAYS:
        for key, spot in found[day]["places"].items():
            again += key in places
            assert places.setdefault(key, spot) == spot, (key, day)
    assert again > 4 or "sankey" in view
    if view != "view=money&":
        return
    widths: dict[float, float] = {}
    for day in DAYS:
        ledger = graph.ledger(as_of=day)
        totals = [
            ledger.between(*pair).total("committed", "USD") for pair in {(entry.payer, entry.payee) for entry in ledger.entries}
        ]
        assert len(totals) > 5
        for key, flow in found[day]["flows"].items():
            payer, payee, purpose = key.split()
            # What the page says of that day alone, which another test holds against the ledger.
            assert widths.setdefault(flow["weight"], flow["width"]) == flow["width"]
            if "Joint-" in key:
                continue
            assert flow["sums"] == opened.ask(
                "([day, payer, payee, purpose]) => { const kept = partnergraph.state.asof; partnergraph.state.asof = day;"
                " const found = partnergraph.between(payer, payee, partnergraph.purpose(purpose), 'committed');"
                " partnergraph.state.asof = kept; return found; }",
                [day, payer, payee, int(purpose)],
            )
    assert len(widths) > 5
    # Worked out by hand: 10 billion in 2024 (Oracle), at least 310 a year later.
    assert found["2024-12-31"]["flows"]["openai oracle 1"]["weight"] == 10e9
    assert found["2025-12-31"]["flows"]["openai oracle 1"]["weight"] == 310e9
    assert widths[310e9] > widths[10e9] > min(widths.values())


def test_a_member_shows_the_money_of_its_house_and_the_count_what_is_drawn(open_map: Open):
    opened = open_map("view=money&scope=ego&entity=google&asof=2025-12-31")
    alone = opened.ask("partnergraph.onScreen().filter((mark) => mark.mark === 'line' && mark.hit?.leg).length")
    # Google and DeepMind are Alphabet's; so is what it has put into Anthropic.
    assert alone > 3
    # What it had paid for DeepMind is all that is known of these days.
    opened.go("view=money&scope=ego&entity=google&days=2015-12-31~2016-12-31")
    assert opened.count().startswith("The largest flow of money committed around Google, 31 Dec 2015, 31 Dec 2016 side by side")
    opened.go("view=money&scope=ego&entity=inflection-ai&days=2018-12-31~2019-12-31")
    assert opened.page.locator("#empty").inner_text() == "No money is committed on these days between those that are shown."
    # The same button again leaves the days as they are.
    opened.page.get_by_role("button", name="Side by side").click()
    assert opened.ask("partnergraph.state.days") == ["2018-12-31", "2019-12-31"]


def test_what_is_chosen_in_a_picture_is_told_of_its_day(open_map: Open):
    opened = open_map("view=money&" + STATE)
    spot = opened.ask(
        "() => { const mark = partnergraph.onScreen().find((one) => one.mark === 'shape' && one.hit.day === '2023-12-31' &&"
        " partnergraph.entityKey(one.hit.node) === 'microsoft'); return partnergraph.canvasToDOM(mark); }"
    )
    box = opened.page.locator("#map").bounding_box()
    opened.page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    opened.settle()
    assert opened.page.locator("#panel h2").inner_text() == "Microsoft"
    assert "as of 31 Dec 2023" in opened.page.locator("#panel").inner_text()
    assert opened.count().endswith("details are of 31 Dec 2023")
    assert "asof=2023-12-31" in opened.ask("location.hash")
    opened.page.locator("#panel").get_by_role("button", name="Close", exact=True).click()
    opened.settle()
    # The title shows its day alone; one step back shows all again.
    title = opened.ask("partnergraph.onScreen().find((one) => one.hit?.told?.startsWith('31 Dec 2024'))")
    spot = opened.ask("(at) => partnergraph.canvasToDOM(at)", {"x": title["x"] + 20, "y": title["y"] + 10})
    box = opened.page.locator("#map").bounding_box()
    opened.page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    opened.settle()
    assert opened.ask("[partnergraph.state.days, partnergraph.state.asof]") == [None, "2024-12-31"]
    opened.page.keyboard.press("Control+z")
    assert opened.ask("partnergraph.state.days") == DAYS


def test_by_keyboard_and_ear(open_map: Open):
    opened = open_map("view=money&" + STATE)
    page = opened.page
    page.locator("#map").focus()
    page.keyboard.press("ArrowDown")
    assert re.fullmatch(r"31 Dec 2022: \d+ of \d+ flows\. Enter shows this day alone", page.locator("#live").inner_text())

    def walk(key: str, start: str) -> None:
        heard = set()
        for _ in range(40):
            page.keyboard.press(key)
            heard.add(page.locator("#live").inner_text())
            if page.locator("#live").inner_text().startswith(start):
                return
        raise AssertionError(f"nothing begins with {start!r}: {heard}")

    walk("ArrowDown", "31 Dec 2022: Anthropic, research lab")
    # Of the round of 2022 nobody is named who paid it.
    walk("ArrowUp", "31 Dec 2022: Joint payers of Inflection AI")
    page.keyboard.press("Enter")
    opened.settle()
    assert page.locator("#panel h2").inner_text() == "Joint payers → Inflection AI"
    assert page.locator("#panel .row").inner_text() == "Inflection AI"
    assert "Nobody is named who paid this." in page.locator("#panel").inner_text()
    assert "as of 31 Dec 2022" in page.locator("#panel .kind").inner_text()
    # What is not seen is told, each day with its largest flows.
    expect(page.locator("#summary")).to_contain_text(
        re.compile(r"31 Dec 2024: \d+ of \d+ flows; OpenAI → Oracle: purchase, 10 billion USD")
    )


def test_a_table_has_a_row_for_each_day(open_map: Open):
    opened = open_map("view=money&" + STATE)
    rows = list(csv.DictReader(io.StringIO(opened.ask("partnergraph.csvText()"))))
    views = [row["view"] for row in rows]
    assert sorted(set(views)) == [f"as of 31 Dec {year}" for year in (2022, 2023, 2024, 2025)]
    # As many as the pictures say that there are.
    told = [re.search(r"of (\d+) flows", picture["title"]) for picture in pictures(opened).values()]
    counts = [int(found[1]) for found in told if found]
    assert [views.count(f"as of 31 Dec {year}") for year in (2022, 2023, 2024, 2025)] == counts == sorted(counts)
    assert counts[0] > 10


HOUSES = ["microsoft", "alphabet", "amazon"]
# Of each house what its title tells, and how wide its flows and how large its shapes are by what is sure of them.
OF_HOUSES = """
() => {
  const found = {};
  for (const mark of partnergraph.onScreen()) {
    const { hit } = mark;
    if (hit?.house == null) continue;
    const own = (found[partnergraph.entityKey(hit.house)] ??= { widths: [], parties: [] });
    if (hit.told) own.told = hit.told;
    if (mark.mark === "line" && hit.leg && mark.title) {
      own.widths.push([hit.leg.weight, Math.round(mark.width * 1000) / 1000]);
      own.parties.push([hit.leg.payer, hit.leg.payee].map(partnergraph.entityKey));
    }
  }
  return found;
}
"""


@pytest.mark.parametrize("day", ["2024-12-31", "2026-06-30"])
def test_houses_side_by_side_have_one_scale_and_the_sums_of_the_ledger(day: str, graph: Graph, open_map: Open):
    opened = open_map(f"view=money&asof={day}&houses={'~'.join(HOUSES)}")
    found = opened.ask(f"({OF_HOUSES})()")
    assert list(found) == HOUSES
    ledger = graph.ledger(as_of=day)
    widths: dict[float, float] = {}
    told = 0
    for house, own in found.items():
        assert all(house in parties for parties in own["parties"])
        for weight, width in own["widths"]:
            assert widths.setdefault(weight, width) == pytest.approx(width, abs=0.002)
        # What it pays and gets, a deal of a group once: as in the ledger, each kind of money apart.
        for verb, paying in (("Pays", ledger.pay(payer=house)), ("Gets", ledger.pay(payee=house))):
            line = next(part for part in own["told"].split("; ") if verb in part)
            for purpose, sign in (("financing", "F"), ("purchase", "P"), ("energy", "E"), ("models", "M")):
                entries = [entry for entry in paying.all if not entry.within and entry.purpose == purpose]
                for currency in {entry.currency for entry in entries} - {""}:
                    total = add(entry.committed for entry in entries if entry.currency in ("", currency))
                    if total.known and total != NOTHING:
                        most = None if math.isinf(total.greatest) else total.greatest
                        brief = opened.ask(
                            "([amount, unit]) => partnergraph.briefAmount(amount, unit)", [[total.least, most], currency]
                        )
                        assert brief in line.partition(f"{sign} ")[2], (house, line, purpose)
                        told += 1
    assert told > 4
    scale = sorted(widths.items())
    assert [width for weight, width in scale if weight] == sorted(width for weight, width in scale if weight)
    # By the same scale as a stream.
    opened.go(f"view=money&drawn=sankey&asof={day}&houses={'~'.join(HOUSES)}")
    bands = opened.ask(
        "partnergraph.onScreen().filter((mark) => mark.mark === 'band' && mark.hit.leg.weight > 3e9).map((mark) => [mark.hit.leg.weight, mark.high0])"
    )
    assert len(bands) > 1
    assert {round(high / weight * 1e12) for weight, high in bands} == {round(bands[0][1] / bands[0][0] * 1e12)}


def test_houses_are_added_taken_away_shown_alone_and_saved(open_map: Open):
    opened = open_map("view=money&asof=2026-06-30")
    page = opened.page
    for name in ("Microsoft", "Google Cloud", "Amazon"):
        page.get_by_label("Houses side by side").fill(name)
        page.get_by_label("Houses side by side").press("Enter")
        opened.settle()
    # Google Cloud is Alphabet's.
    assert page.locator("#houses button").all_inner_texts() == ["Microsoft ×", "Google Cloud ×", "Amazon ×"]
    assert "houses=microsoft~google-cloud~amazon" in opened.ask("decodeURIComponent(location.hash)")
    assert "Microsoft, Alphabet, Amazon side by side, as of 30 Jun 2026" in opened.count()
    expect(page.locator("#summary")).to_contain_text(re.compile(r"Alphabet: Pays F .*; Gets .*; Anthropic → Alphabet: purchase"))
    rows = list(csv.DictReader(io.StringIO(opened.ask("partnergraph.csvText()"))))
    assert {row["view"] for row in rows} == {
        f"around {name}, as of 30 Jun 2026".replace(",", ";") for name in ("Microsoft", "Google Cloud", "Amazon")
    }
    assert "Microsoft, Alphabet, Amazon side by side" in opened.ask("partnergraph.svgText()")
    page.get_by_label("Without Google Cloud").click()
    opened.settle()
    assert list(opened.ask(f"({OF_HOUSES})()")) == ["microsoft", "amazon"]
    page.locator("#undo").click()
    assert len(opened.ask(f"({OF_HOUSES})()")) == 3
    title = opened.ask("partnergraph.onScreen().find((one) => one.hit?.told?.startsWith('Microsoft:'))")
    spot = opened.ask("(at) => partnergraph.canvasToDOM(at)", {"x": title["x"] + 20, "y": title["y"] + 10})
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    opened.settle()
    assert opened.ask("[partnergraph.state.houses, partnergraph.state.scope]") == [None, "ego"]
    assert page.locator("#panel h2").inner_text() == "Microsoft"
    page.get_by_role("button", name="Core", exact=True).click()
    opened.settle()
    # Around somebody it stays money.
    page.get_by_role("button", name="Around", exact=True).click()
    opened.settle()
    assert opened.ask("[partnergraph.state.view, partnergraph.state.scope]") == ["money", "ego"]
    page.get_by_role("button", name="The three largest").click()
    opened.settle()
    assert len(opened.ask("partnergraph.state.houses")) == 3
    for state, houses in (
        ("houses=<b>~nobody", None),
        ("houses=" + "~".join(["openai"] * 30), 1),
        ("houses=openai&days=2024-01-01~2025-01-01", 1),
    ):
        opened.go(f"view=money&{state}")
        assert opened.ask("partnergraph.state.houses?.length ?? null") == houses, state
        assert opened.ask("partnergraph.state.days") is None


def test_addresses_that_name_no_days_or_too_many(open_map: Open):
    opened = open_map("days=2024-01-01")
    assert opened.ask("partnergraph.state.days") is None
    for state, days in (
        ("days=<b>~2024-02-31~x", None),
        ("days=2024-01-01~2024-01-01", None),
        ("days=2024-01-01~2023-01-01~nonsense&compare=2020-01-01..2021-01-01&known=2022-01-01", ["2023-01-01", "2024-01-01"]),
        ("days=" + "~".join(f"2024-01-{day:02}" for day in range(1, 31)), [f"2024-01-0{day}" for day in range(1, 10)]),
        ("view=money&days=1900-01-01~1901-01-01", ["1900-01-01", "1901-01-01"]),
    ):
        opened.go(state)
        assert opened.ask("partnergraph.state.days") == days, state
    assert opened.page.locator("#empty").is_visible()
    opened.go("")
    assert opened.count().startswith("60 of")
