"""How the page looks in each state: nothing on anything else, nothing cut off, and no barrier that axe can find."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from opened import Open, Opened

import partnergraph
from partnergraph.page.page import unpack

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = {"wide": 1440, "middle": 1024, "narrow": 390}
STATES = {
    "core": "",
    "relations": "look=relations",
    "around": "scope=ego&entity=openai",
    "selected": "entity=anthropic",
    "link": "relation=openai~microsoft",
    "claim": "claim=microsoft-openai-2019-investment",
    "way": "scope=path&from=microsoft&to=anthropic",
    "day": "asof=2022-12-31",
    "changes": "compare=2023-01-01..2024-01-01",
    "all": "scope=all",
    "days": "days=2023-12-31~2024-12-31~2025-12-31",
}


def overlaps(boxes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (a["text"], b["text"])
        for a, b in itertools.combinations(boxes, 2)
        if a["box"]["left"] < b["box"]["right"] - 1
        and a["box"]["right"] > b["box"]["left"] + 1
        and a["box"]["top"] < b["box"]["bottom"] - 1
        and a["box"]["bottom"] > b["box"]["top"] + 1
    ]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", STATES)
def test_no_label_lies_on_another_or_is_cut_off(state: str, width: str, open_map: Open):
    opened = open_map(STATES[state], viewport={"width": WIDTHS[width], "height": 860})
    labels = opened.ask("partnergraph.labels()")
    assert len(labels) >= 2
    assert overlaps(labels) == []
    room = opened.ask("(({ clientWidth, clientHeight }) => [clientWidth, clientHeight])(document.getElementById('map'))")
    for label in labels:
        box = label["box"]
        assert box["left"] >= 2000 - 1, label
        assert box["right"] <= 2000 + room[0] + 1, label
    assert opened.ask("document.documentElement.scrollWidth") <= WIDTHS[width]


@pytest.mark.parametrize("width", WIDTHS)
def test_nearly_all_of_the_core_is_labelled(width: str, open_map: Open):
    opened = open_map(viewport={"width": WIDTHS[width], "height": 860})
    shown = opened.ask("Object.keys(partnergraph.places()).length")
    assert len(opened.ask("partnergraph.labels()")) >= {"wide": 0.98, "middle": 0.84, "narrow": 0.85}[width] * shown


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_selected_is_labelled(width: str, open_map: Open):
    opened = open_map(viewport={"width": WIDTHS[width], "height": 860})
    for key in ("anthropic", "microsoft", "softbank", "nvidia"):
        opened.go(f"entity={key}")
        assert opened.ask("partnergraph.labels().some(({ id }) => id === partnergraph.state.entity)"), key


def test_long_labels_stand_on_two_lines(open_map: Open, folder: Callable[[str], Path], tmp_path: Path):
    lines = {
        "Seventeen letters": ["Seventeen letters"],
        # Broken at the blank, stroke or hyphen that is nearest to the middle.
        "Eighteen letter in": ["Eighteen", "letter in"],
        "One Two Three Four Five": ["One Two Three", "Four Five"],
        "Advanced-Micro Devices": ["Advanced-", "Micro Devices"],
        "Infrastructure/Partnership": ["Infrastructure", "/Partnership"],
        "Donaudampfschifffahrtsgesellschaft": ["Donaudampfschifffahrtsgesells…"],
        "Abcdefghijklmnopqrstuvwxyzabcdefg Hi": ["Abcdefghijklmnopqrstuvwxyzabc…", "Hi"],
    }
    turtle = 'src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak .\n' + "".join(
        f"""ent:e{number} a pg:Company ; rdfs:label "{label}" . claim:c{number} a pg:SupplyContract ; rdfs:label "c" ;
        pg:supplier ent:e{number} ; pg:customer ent:e{(number + 1) % len(lines)} ; pg:attestation pg:reported ;
        pg:cites [ pg:source src:s ] .\n"""
        for number, label in enumerate(lines)
    )
    opened = open_map(file=partnergraph.load(folder(turtle)).map().write(tmp_path / "long.html"))
    root = ElementTree.fromstring(opened.ask("partnergraph.svgText()"))  # noqa: S314  # our own page wrote it
    texts = [[part.text for part in text.iter(f"{SVG}tspan")] for text in root.iter(f"{SVG}text") if text.get("paint-order")]
    assert sorted(text for text in texts if text) == sorted(lines.values())


def first_contested(opened: Opened) -> str:
    claims = unpack(opened.page.locator("#rest").text_content() or "")["claims"]
    return next(str(claim["i"]) for claim in claims if "x" in claim)


ACCESSIBLE: dict[str, tuple[str, dict[str, Any], Callable[[Opened], None] | None]] = {
    "light": ("", {}, None),
    "dark": ("", {"color_scheme": "dark"}, None),
    "entity": ("entity=openai", {}, None),
    "entity dark": ("entity=openai", {"color_scheme": "dark"}, None),
    "search open": ("", {}, lambda opened: opened.page.locator("#find").press_sequentially("micro")),
    "link": ("relation=openai~microsoft", {}, lambda opened: opened.page.locator("#panel summary").first.click()),
    "contested": ("", {}, lambda opened: opened.go(f"claim={first_contested(opened)}")),
    "contested dark": ("", {"color_scheme": "dark"}, lambda opened: opened.go(f"claim={first_contested(opened)}")),
    "table": ("view=table&tab=claims", {}, None),
    "table of relations dark": ("view=table", {"color_scheme": "dark"}, None),
    "changes": ("compare=2023-01-01..2024-01-01", {}, None),
    "day": ("asof=2022-12-31", {}, None),
    "money": ("view=money&asof=2025-12-31", {}, None),
    "sankey dark": ("view=money&drawn=sankey", {"color_scheme": "dark"}, None),
    "timeline": ("view=timeline&entity=mistral-ai", {}, None),
    "matrix": ("view=matrix", {}, lambda opened: opened.page.locator("#export").click()),
    "ways dark": ("scope=path&from=microsoft&to=anthropic", {"color_scheme": "dark"}, None),
    "loops forced": ("scope=loops", {"forced_colors": "active"}, None),
    "timeline forced": ("view=timeline&entity=mistral-ai", {"forced_colors": "active"}, None),
    "matrix dark": ("view=matrix", {"color_scheme": "dark"}, None),
    "money forced": ("view=money", {"forced_colors": "active"}, None),
    "money narrow": ("view=money", {"viewport": {"width": 390, "height": 844}}, None),
    "houses dark": ("view=money&houses=microsoft~alphabet~amazon", {"color_scheme": "dark"}, None),
    "story": ("story=compute.0&scope=path&from=openai&to=nvidia", {"forced_colors": "active"}, None),
    "narrow": ("", {"viewport": {"width": 390, "height": 844}}, lambda opened: opened.page.locator("#rail summary").first.click()),
    "narrow entity": ("entity=openai", {"viewport": {"width": 390, "height": 844}}, None),
}


@pytest.mark.parametrize("name", ACCESSIBLE)
def test_axe_finds_no_violation(name: str, open_map: Open):
    state, options, act = ACCESSIBLE[name]
    # axe is put into the page by the test; the page itself would refuse it.
    opened = open_map(state, bypass_csp=True, **options)
    if act:
        act(opened)
        opened.settle()
    results = Axe().run(opened.page)
    assert results.response["violations"] == [], results.generate_report()


HOSTILE = r"""
ent:evil a pg:Company ; rdfs:label "</script><script>window.owned=1</script>" ; skos:altLabel "<img src=x onerror=window.owned=2>" .
ent:bidi a pg:Company ; rdfs:label "safe\u202Egnp.exe\u2028 <!--<script>" .
ent:plain a pg:ResearchLab ; rdfs:label "Plain \"quoted\" & <b>bold</b>" .
src:one a pg:Source ; dcterms:title "<svg onload=window.owned=3>" ; dcterms:publisher ent:evil ; pg:tier pg:tier-primary ;
  dcterms:issued "2024-01-01"^^xsd:date ; schema:url "javascript:window.owned=4"^^xsd:anyURI .
src:two a pg:Source ; dcterms:title "data" ; pg:tier pg:tier-weak ; dcterms:issued "2024-01-02"^^xsd:date ;
  schema:url "data:text/html,<script>window.owned=5</script>"^^xsd:anyURI .
src:three a pg:Source ; dcterms:title "good" ; pg:tier pg:tier-weak ; dcterms:issued "2024-01-03"^^xsd:date ;
  schema:url "https://example.org/?a=<b>&c=\"d\""^^xsd:anyURI .
src:four a pg:Source ; dcterms:title "JaVaScRiPt" ; pg:tier pg:tier-weak ; schema:url " JaVaScRiPt:window.owned=6"^^xsd:anyURI .
claim:one a pg:Investment ; rdfs:label "</script><script>window.owned=7</script>" ; pg:investor ent:evil ; pg:investee ent:plain ;
  pg:attestation pg:confirmed ; pg:amountMin 5 ; pg:amountMax 7 ; pg:currency "<i>USD</i>" ; pg:date "2024-01-01"^^xsd:date ;
  skos:note "<iframe src=javascript:window.owned=8>" ; pg:contradicts claim:two ;
  pg:cites [ pg:source src:one ; pg:locator "<a href=javascript:window.owned=9>x</a>" ], [ pg:source src:two ; pg:locator "b" ],
    [ pg:source src:three ; pg:locator "c" ], [ pg:source src:four ; pg:locator "d" ] .
claim:two a pg:Investment ; rdfs:label "\u202Eother" ; pg:investor ent:bidi ; pg:investee ent:plain ;
  pg:attestation pg:reported ; pg:date "2024"^^xsd:gYear ; pg:cites [ pg:source src:three ; pg:locator "e" ] .
"""


@pytest.fixture
def hostile(folder: Callable[[str], Path], tmp_path: Path) -> Path:
    graph = partnergraph.load(folder(HOSTILE))
    return graph.map(title="</title><script>window.owned=0</script>").write(tmp_path / "hostile.html")


@pytest.mark.parametrize(
    "state",
    [
        "",
        "entity=evil",
        "relation=evil~plain",
        "claim=one",
        "claim=two",
        "view=table&tab=claims",
        "scope=ego&entity=plain",
        "view=money",
        "view=timeline",
        "view=matrix",
    ],
)
def test_hostile_content_is_inert(state: str, hostile: Path, open_map: Open):
    opened = open_map(state, file=hostile)
    page = opened.page
    page.locator("#find").press_sequentially("img")
    opened.settle()
    assert opened.ask("window.owned") is None
    assert page.locator("script").count() == 4
    assert page.locator("img, iframe, #panel b b, svg[onload]").count() == 0
    opened.ask("document.querySelectorAll('#panel details').forEach((one) => { one.open = true; })")
    addresses = opened.ask("[...document.querySelectorAll('a[href]')].map((a) => a.href)")
    assert all(address.startswith(("https://example.org/", "file:")) for address in addresses)
    assert "\u202e" not in opened.ask("document.documentElement.outerHTML")
    text = opened.ask("partnergraph.svgText()")
    assert (
        opened.ask(
            "(text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('script, img, parsererror').length",
            text,
        )
        == 0
    )


def test_the_policy_refuses_what_is_put_in(open_map: Open):
    opened = open_map()
    script = """() => {
      const script = document.createElement("script");
      script.textContent = "window.owned = true";
      document.body.append(script);
      const style = document.createElement("style");
      style.textContent = "body { opacity: 0.5 }";
      document.head.append(style);
      return fetch("https://example.org/").then(() => "fetched", () => "refused");
    }"""
    assert opened.ask(script) == "refused"
    assert opened.ask("[window.owned, getComputedStyle(document.body).opacity]") == [None, "1"]
    assert opened.complaints
    opened.complaints.clear()


def test_a_page_without_display_and_with_one_claim(folder: Callable[[str], Path], tmp_path: Path, open_map: Open):
    turtle = """
    ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
    src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak .
    claim:c a pg:Ownership ; rdfs:label "A owns B." ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported ; pg:cites [ pg:source src:s ] .
    """
    opened = open_map(file=partnergraph.load(folder(turtle)).map().write(tmp_path / "small.html"))
    assert opened.count().startswith("2 of 2 entities, 1 link, 1 of 1 claim,")
    opened.go("view=table")
    assert opened.page.locator("#table tbody tr").count() == 1


def test_in_a_notebook(graph: partnergraph.Graph, tmp_path: Path, open_map: Open):
    shown = graph.map(focus="Mistral AI")._repr_html_()
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><title>notebook</title><body>{shown}", encoding="utf-8")
    frame = open_map(file=notebook, until="iframe").page.frame_locator("iframe")
    assert frame.locator("#panel h2").inner_text() == "Mistral AI"
    frame.get_by_role("button", name="Table", exact=True).click()
    assert frame.locator("#table tbody tr").count() > 1
