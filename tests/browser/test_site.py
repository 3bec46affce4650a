"""The pages of the server in Chromium: accessible, whole on every width, usable without script, and ten things that visitors come for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from serving.conftest import Running, start, stop

PATIENCE = 120_000
PAGES = (
    *("/", "/entity/openai.html", "/claim/musk-claim-134b.html", "/source/seed-004.html", "/ask", "/ask/valuations?entity=OpenAI"),
    *(
        "/conflicts",
        "/timeline?entity=OpenAI&other=Microsoft",
        "/diff",
        "/changes",
        "/docs/index.html",
        "/vocabulary",
        "/about",
        "/search?q=azure",
    ),
    "/sparql?query=SELECT%20*%20%7B%3Fclaim%20pg%3Ainvestor%20%3Fwho%7D%20LIMIT%205",
)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server of the shipped content."""
    server: Running = start("--rate", "0", "--workers", str(os.cpu_count() or 2))
    yield f"http://127.0.0.1:{server.port}"
    stop(server)


def expected(text: str) -> bool:
    """What Chromium says of a query that is refused on purpose, and of its own style for text that is typed into an editor."""
    return "status of 400" in text or text.startswith("Applying inline style violates")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may reach nothing but the server, and complains of nothing."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    said: list[str] = []
    made.on(
        "console",
        lambda message: said.append(message.text) if message.type in {"error", "warning"} and not expected(message.text) else None,
    )
    made.on("pageerror", lambda error: said.append(str(error)))
    made.on(
        "request",
        lambda request: None if request.url.startswith(("http://127.0.0.1:", "data:", "blob:")) else said.append(request.url),
    )
    yield made
    context.close()
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(page: Page, address: str, path: str, scheme: str):
    page.emulate_media(color_scheme=scheme)
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found] == []
    for width in (320, 390, 640, 860, 1200, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_without_script(browser: Browser, address: str, path: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address + path)
    assert len(page.inner_text("main")) > 200
    assert page.locator("textarea").count() == path.startswith("/sparql")
    context.close()


def test_ten_things_that_visitors_come_for(page: Page, address: str):
    # 1: who owns OpenAI, from the start page by typing.
    page.goto(address)
    page.fill(".big input", "openai")
    page.locator(".big .complete li").first.click()
    page.wait_for_url("**/entity/openai.html")
    assert "Owned by" in page.inner_text("main")
    # 2: all owners.
    page.locator(".card", has_text="Owned by").get_by_role("link", name="All").click()
    assert "Which stake does each owner hold" in page.inner_text("h1")
    # 3: the claim behind a row, and 4: the document behind the claim.
    page.locator("a.ref").first.click()
    assert "Where it stands" in page.inner_text("main")
    assert page.locator(".sources a[href^='http']").count() > 0
    # 5: the same of another firm.
    page.go_back()
    page.fill("input[name=owned]", "Anthropic")
    page.keyboard.press("Escape")
    page.click(".values button")
    page.wait_for_url("**/ask/stakes?owned=Anthropic")
    # 6: how it was on a day.
    page.goto(f"{address}/entity/openai.html")
    page.click("summary:has-text('another day')")
    page.fill("input[name=as_of]", "2020-01-01")
    page.click(".viewform button")
    assert "as of 2020-01-01" in page.inner_text(".viewing")
    # 7: the data of the page, 8: its query in the editor.
    page.goto(f"{address}/ask/whose-compute")
    assert page.request.get(page.locator(".downloads a", has_text="CSV").evaluate("a => a.href")).text().startswith("provider,")
    page.click("summary:has-text('SPARQL behind')")
    page.get_by_role("link", name="Open in the editor").click()
    page.wait_for_selector(".cm-content")
    assert page.locator("table.rows tbody tr").count() > 5
    # 9: what changed, and 10: where claims differ.
    page.get_by_role("link", name="Changes").click()
    assert "began" in page.inner_text("main")
    page.get_by_role("link", name="Conflicts").click()
    assert page.locator(".conflict").count() > 10


def test_the_editor_completes_points_at_mistakes_and_draws(page: Page, address: str):
    page.goto(f"{address}/sparql")
    editor = page.locator(".cm-content")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?who ?what { ?c pg:invest")
    page.locator(".cm-tooltip-autocomplete li", has_text="pg:investor").first.wait_for()
    page.keyboard.press("Escape")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?who ?what WHERE { ?c pg:investor ?who ; nope:investee ?what }")
    page.keyboard.press("Control+Enter")
    page.locator(".outcome .problem").wait_for()
    assert "nope:" in page.inner_text(".outcome")
    assert page.locator(".cm-lintRange-error, .cm-lintPoint-error, .cm-lint-marker-error").count() > 0
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(
        "SELECT ?who ?what ?amount WHERE { ?c pg:investor ?who ; pg:investee ?what ; pg:amountMax ?amount } LIMIT 30"
    )
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Map").click()
    assert page.locator(".outcome svg.around a").count() > 3
    page.get_by_role("button", name="Chart").click()
    assert page.locator(".outcome svg rect").count() > 3


def test_print_and_theme(page: Page, address: str):
    page.goto(f"{address}/entity/openai.html")
    page.click(".theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".top nav").is_visible()
