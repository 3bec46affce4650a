"""Pages in a real headless Chromium that may reach nothing; whatever they ask for or complain of fails the test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

import partnergraph

sys.path.insert(0, str(Path(__file__).parent))
from chromium import launch
from opened import SETTLED, USABLE, Open, Opened

# How long a page may take for anything, in milliseconds: what never comes fails, and a busy machine does not.
PATIENCE = 300_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def map_file(graph: partnergraph.Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the shipped content."""
    return graph.map().write(tmp_path_factory.mktemp("map") / "map.html")


@pytest.fixture
def open_map(browser: Browser, map_file: Path) -> Iterator[Open]:
    """Opens a map in a state; at the end nothing may have been requested and nothing complained of.

    ``script`` runs before those of the page; ``until`` is what is there once the page has opened.
    """
    opened: list[Opened] = []

    def open_one(state: str = "", file: Path | None = None, *, until: str = USABLE, script: str = "", **options: Any) -> Opened:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(**options)
        context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        context.set_default_timeout(PATIENCE)
        context.add_init_script(SETTLED + script)
        one = Opened(context.new_page())
        opened.append(one)
        one.page.on("request", lambda request: one.requests.append(request.url))
        one.page.on("console", lambda message: one.complaints.append(message.text))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.goto((file or map_file).as_uri() + (f"#{state}" if state else ""))
        one.page.wait_for_selector(until, state="attached")
        one.settle()
        return one

    yield open_one
    for one in opened:
        fetched = [url for url in one.requests if not url.startswith(("file:", "blob:", "data:"))]
        one.page.context.close()
        assert not fetched
        assert not one.complaints
