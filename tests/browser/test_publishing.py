"""What leaves the page and what it is told in: pictures by one list of marks, tables, stories; the way back; every width."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from opened import Open, Opened

from partnergraph import Graph

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = {
    "map": "look=relations&asof=2024-06-30&hiderelation=outlook",
    "chosen": "entity=nvidia",
    "money": "view=money&asof=2025-12-31",
    "sankey": "view=money&drawn=sankey",
    "matrix": "view=matrix&theme=dark",
    "timeline": "view=timeline&entity=mistral-ai",
    "days": "days=2023-12-31~2024-12-31~2025-12-31&look=relations",
    "money of days": "view=money&days=2024-12-31~2025-12-31&theme=dark",
}
# The same sheet by canvas and by SVG: the share of pixels that differ by more than an edge may.
DIFFERENCE = """
async () => {
  const drawn = partnergraph.sheetCanvas(1);
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([partnergraph.svgText()], { type: "image/svg+xml" }));
  await image.decode();
  const other = document.createElement("canvas");
  Object.assign(other, { width: drawn.width, height: drawn.height });
  other.getContext("2d").drawImage(image, 0, 0);
  const [a, b] = [drawn, other].map((one) => one.getContext("2d").getImageData(0, 0, one.width, one.height).data);
  let [differ, inked] = [0, 0];
  for (let at = 0; at < a.length; at += 4) {
    const far = Math.max(...[0, 1, 2].map((part) => Math.abs(a[at + part] - b[at + part])));
    if (far > 96) differ += 1;
    if (Math.max(...[0, 1, 2].map((part) => Math.abs(a[at + part] - a[part]))) > 32) inked += 1;
  }
  return [differ / inked, inked / (a.length / 4)];
}
"""


def saved(opened: Opened, button: str, path: Path) -> bytes:
    opened.page.locator("#export").click()
    with opened.page.expect_download() as download:
        opened.page.get_by_role("button", name=button, exact=True).click()
    download.value.save_as(path)
    return path.read_bytes()


def test_canvas_and_svg_draw_the_same_marks(open_map: Open):
    opened = open_map()
    for name, state in VIEWS.items():
        opened.go(state)
        differ, inked = opened.ask(DIFFERENCE)
        assert inked > 0.01, name
        # Letters are hinted a little differently; a line, shape or word that is missing is more than this.
        assert differ < 0.02, name


def test_a_picture_says_what_it_shows(graph: Graph, open_map: Open, tmp_path: Path):
    opened = open_map(VIEWS["map"])
    assert saved(opened, "PNG", tmp_path / "map.png").startswith(b"\x89PNG")
    text = saved(opened, "SVG", tmp_path / "map.svg").decode()
    root = ElementTree.fromstring(text)  # noqa: S314  # our own page wrote it
    told = " ".join("".join(part.itertext()) for part in root.iter(f"{SVG}text"))
    for words in ("as of 30 Jun 2024", "without outlook", "AI developers", "reported", graph.version, "CC BY 4.0", "OpenAI"):
        assert words in told, words
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "rect", "text", "tspan", "g", "path", "polygon", "circle"}
    # Every program understands where letters stand if it is said in numbers.
    assert "dominant-baseline" not in text
    pdf = saved(opened, "PDF", tmp_path / "map.pdf")
    assert pdf.startswith(b"%PDF-1.4")
    assert b"(OpenAI)" in pdf
    rows = list(csv.DictReader(io.StringIO(saved(opened, "CSV", tmp_path / "map.csv").decode("utf-8-sig"))))
    assert len(rows) == opened.ask("partnergraph.view.edges.size")
    assert {(row["view"], row["licence"]) for row in rows} == {
        ("as of 30 Jun 2024; without outlook", "Data: partnergraph authors, CC BY 4.0.")
    }
    opened.go("view=money&asof=2025-12-31")
    flows = list(csv.DictReader(io.StringIO(saved(opened, "CSV", tmp_path / "money.csv").decode("utf-8-sig"))))
    invested = next(row for row in flows if (row["Payer"], row["Payee"], row["For"]) == ("Microsoft", "OpenAI", "financing"))
    total = graph.ledger(as_of="2025-12-31").between("Microsoft", "OpenAI", "financing").total("committed")
    assert (float(invested["Least"]), float(invested["Greatest"])) == (total.least, total.greatest)


def test_letters_beyond_latin_are_in_a_pdf_as_a_picture(open_map: Open):
    opened = open_map("entity=nvidia")
    script = "(async () => { {0}; const blob = await partnergraph.pdfBlob(); return [blob.size, (await blob.text()).includes('DCTDecode')]; })()"
    assert opened.ask(script.replace("{0}", ""))[1] is False
    assert opened.ask(script.replace("{0}", "partnergraph.entity('nvidia').label = '輝達'; partnergraph.update()"))[1] is True


def test_stories_lead_through_their_states(open_map: Open):
    opened = open_map()
    page = opened.page
    page.locator("#stories").click()
    titles = page.locator("#story-menu button").all_inner_texts()
    assert titles == ["Who runs on whose compute", "How the exclusivity ended", "Money that goes round"]
    for title in titles:
        if page.locator("#story-menu").is_hidden():
            page.locator("#stories").click()
        page.get_by_role("button", name=title, exact=True).click()
        steps = int(page.locator("#story > p").first.inner_text().rpartition(" ")[2])
        for step in range(steps):
            assert f"{step + 1} of {steps}" in page.locator("#story > p").first.inner_text()
            assert page.locator("#story button.link").count() >= (0 if title.startswith("Money") else 1)
            assert opened.ask("partnergraph.view.nodes.size") > 1
            if step + 1 < steps:
                page.get_by_role("button", name="Next →").click()
        assert page.get_by_role("button", name="Next →").is_disabled()
    link = opened.ask("location.hash").lstrip("#")
    embedded = open_map(f"{link}&embed=1").page
    assert embedded.locator("#bar").is_hidden()
    assert embedded.locator("#story h3").inner_text() == page.locator("#story h3").inner_text()


def test_a_story_of_ones_own(graph: Graph, open_map: Open, tmp_path: Path):
    told = tmp_path / "mine.md"
    told.write_text(
        "# <b>Mine</b>\n\n## One\n[map](#entity=openai)\n\nAs [said](claim:microsoft-openai-2019-investment)\nand [there](https://example.org/a?b=1), "
        "not [here](javascript:alert(1)).\n",
        encoding="utf-8",
    )
    opened = open_map("story=mine.0&entity=openai", file=graph.map(stories=[told]).write(tmp_path / "told.html"))
    story = opened.page.locator("#story")
    assert story.locator("p").first.inner_text() == "<b>Mine</b>, 1 of 1"
    assert story.locator("a").first.get_attribute("href") == "https://example.org/a?b=1"
    assert story.locator("a[href^='javascript']").count() == 0
    story.get_by_role("button", name="said").click()
    assert opened.page.locator("#panel h2").inner_text().startswith("Microsoft announced in July 2019")


def test_back_forward_and_undo(open_map: Open):
    opened = open_map()
    page = opened.page
    assert page.locator("#undo").is_disabled()
    page.locator("#panel .links button", has_text="NVIDIA").click()
    page.locator("#panel .links button").first.click()
    pair = page.locator("#panel h2").inner_text()
    page.locator("#panel").evaluate("(panel) => { panel.scrollTop = 400; }")
    # From where they are: a click by the mouse would first bring the button into sight.
    page.locator("#panel .claims button.text").nth(3).evaluate("(button) => button.click()")
    page.go_back()
    opened.settle()
    assert page.locator("#panel h2").inner_text() == pair
    # Whoever goes back reads on where they were.
    assert opened.ask("document.getElementById('panel').scrollTop") == 400
    page.locator("#undo").click()
    assert page.locator("#panel h2").inner_text() == "NVIDIA"
    page.keyboard.press("Control+z")
    assert page.locator("#panel h2").inner_text() == "Partnership graph"
    page.locator("#redo").click()
    page.keyboard.press("Control+y")
    assert page.locator("#panel h2").inner_text() == pair


def test_every_width_has_its_slider_and_nothing_beside_it(open_map: Open):
    opened = open_map("asof=2024-06-30")
    for width in range(320, 1921, 50):
        opened.page.set_viewport_size({"width": width, "height": 860})
        opened.settle()
        assert opened.page.locator("#slider").bounding_box()["width"] >= 180, width
        assert opened.ask("document.documentElement.scrollWidth") <= width, width
        assert opened.page.locator("#export").is_visible(), width


def test_an_address_of_any_length_opens_at_once(open_map: Open):
    opened = open_map()
    taking = "(text) => { const start = performance.now(); partnergraph.restore(text); return performance.now() - start; }"
    usual = max(opened.ask(taking, "") for _ in range(3))
    # Taking it apart took 28 seconds.
    assert opened.ask(taking, "open=" + "openai~" * 200_000) < 3 * usual + 500
    assert opened.count().startswith("60 of")


def test_ten_stops_lead_everywhere(open_map: Open):
    opened = open_map()
    page = opened.page
    found = []
    for _ in range(10):
        page.keyboard.press("Tab")
        found.append(
            opened.ask(
                "document.activeElement.closest('.search, #views, #tools, #map, .zoom, .time, .rail, .panel')?.id || document.activeElement.id"
            )
        )
    assert found[0] == "skip"
    assert "map" in found[:6]
    assert {"views", "tools", "map", "time"} <= set(found)
    page.locator("#map").focus()
    parts = set()
    for _ in range(5):
        page.keyboard.press("F6")
        parts.add(
            opened.ask(
                "(document.activeElement.closest('.search, .time, .rail, .panel') || document.activeElement).className || document.activeElement.id"
            )
        )
    assert {"time", "rail", "panel", "search"} <= parts


def test_details_come_up_where_the_screen_is_small(open_map: Open):
    opened = open_map(viewport={"width": 390, "height": 844}, has_touch=True)
    spot = opened.ask("(() => { const [x, y] = partnergraph.places().openai; return partnergraph.canvasToDOM({ x, y }); })()")
    box = opened.page.locator("#map").bounding_box()
    opened.page.touchscreen.tap(box["x"] + spot["x"], box["y"] + spot["y"])
    opened.settle()
    panel = opened.page.locator("#panel")
    assert panel.locator("h2").inner_text() == "OpenAI"
    assert panel.bounding_box()["y"] < 844 - 100
    panel.get_by_role("button", name="Close").click()
    assert opened.ask("partnergraph.state.entity") is None


@pytest.mark.parametrize("words", ["AGI clause", "first refusal"])
def test_claims_and_sources_are_found(words: str, open_map: Open):
    opened = open_map()
    page = opened.page
    page.locator("#find").fill("first refusal Stargate")
    hit = page.locator("#hits li", has_text="On 21 January 2025").first
    hit.click()
    assert "right of first refusal" in page.locator("#panel h2").inner_text()
    page.locator("#find").fill(words)
    assert page.locator("#hits li .n", has_text="claim,").count() > 0
    page.locator("#find").fill("Form 10-Q")
    page.locator("#hits li", has_text="source,").first.click()
    assert page.locator("#panel .claims > li").count() >= 1


def test_only_and_all_again(open_map: Open):
    opened = open_map("scope=all")
    before = opened.count()
    money = opened.page.locator("#families li", has_text="Money")
    money.hover()
    money.get_by_role("button").click()
    assert opened.ask("new Set(partnergraph.view.claims.map(partnergraph.familyOf)).size") == 1
    opened.page.locator("#families li", has_text="Money").get_by_role("button").click()
    assert opened.count() == before


def test_the_address_of_a_step_is_that_of_what_it_shows(open_map: Open):
    opened = open_map("story=money-round.0")
    assert opened.ask("[partnergraph.state.view, partnergraph.state.asof]") == ["money", "2025-12-31"]
    opened.page.locator("#view-map").click()
    opened.page.locator("#any-day").click()
    opened.settle()
    # Beside another picture the story stays after coming back, too.
    opened.go("entity=openai")
    opened.page.locator("#undo").click()
    assert opened.ask("[partnergraph.state.view, partnergraph.state.asof, partnergraph.state.story]") == [
        "map",
        None,
        "money-round.0",
    ]


def test_the_page_says_through_which_day_its_topics_were_looked_through(open_map: Open):
    opened = open_map("asof=2026-06-16")
    told = opened.page.locator("#panel .doubt").inner_text()
    # Of 34 topics 15 were looked through until 15 June, the others until that day or a later one.
    assert told.startswith("Sources were looked through: ")
    assert told.endswith("12 more topics until 15 Jun 2026.")
    opened.go("asof=2026-06-15")
    assert opened.page.locator("#panel .doubt").count() == 0
    opened.go("")
    assert "31 more topics until 15 Jun 2026 to" in opened.page.locator("#panel").inner_text()
