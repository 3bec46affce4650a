"""The documentation as a site: no link leads nowhere, nothing is asked of elsewhere, it can be searched, and axe finds no barrier."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import web
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

HERE = "http://docs.test/"
# What a browser loads for an element by itself, and where it says so.
LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}


class Links(HTMLParser):
    """The links of a page, its anchors, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.anchors |= {said[name] for name in ("id", "name") if name in said}
        if tag == "a" and "href" in said:
            self.links.add(said["href"])
        if tag == "link" and "canonical" not in said.get("rel", ""):
            self.loaded.add(said.get("href", ""))
        if tag in LOADED and said.get(LOADED[tag]):
            self.loaded.add(said[LOADED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "built"
    web.build(target)
    return target


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Links]:
    return {path.relative_to(site).as_posix(): Links(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def test_every_document_is_a_page(pages: dict[str, Links]) -> None:
    wanted = {page.with_suffix(".html").as_posix() for page in web.sources()}
    assert len(wanted) > 12
    assert wanted <= set(pages)


def test_no_link_leads_nowhere(site: Path, pages: dict[str, Links]) -> None:
    dead = []
    for page, found in pages.items():
        # That page stands wherever something is missing, and its links begin at the root.
        for link in found.links if page != "404.html" else ():
            address = urlsplit(urljoin(HERE + page, link))
            if address.netloc != "docs.test":
                continue
            target = unquote(address.path).lstrip("/") or "index.html"
            if not (site / target).is_file() or (address.fragment and unquote(address.fragment) not in pages[target].anchors):
                dead.append(f"{page}: {link}")
    assert dead == []


def test_links_within_the_repository_lead_to_files() -> None:
    dead = []
    for path in web.sources().values():
        for part in web.FENCE.split(path.read_text(encoding="utf-8"))[::2]:
            for _, _, target in web.LINK.findall(part):
                if not web.OUTSIDE.match(target) and not (path.parent / target.partition("#")[0]).exists():
                    dead.append(f"{path.name}: {target}")
    assert dead == []


def test_no_page_loads_anything_from_elsewhere(pages: dict[str, Links]) -> None:
    loaded = {urlsplit(urljoin(HERE + page, address)).netloc for page, found in pages.items() for address in found.loaded}
    assert loaded == {"docs.test"}


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def asked(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page of the browser, and what it asks of elsewhere, which it does not get."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = context.new_page()
    elsewhere: list[str] = []

    def only_here(route: object, request: object) -> None:
        if request.url.startswith((address, "data:", "blob:")):  # type: ignore[attr-defined]
            route.continue_()  # type: ignore[attr-defined]
        else:
            elsewhere.append(request.url)  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]

    context.route("**/*", only_here)
    yield page, elsewhere
    context.close()


SHOWN = [
    "views.html",
    "safety.html",
    "index.html",
    "tutorials/analysts.html",
    "how-to/cite.html",
    "reference/commands.html",
    "reference/ontology.html",
    "architecture.html",
]


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_is_without_barriers_and_asks_nothing_of_elsewhere(name: str, asked: tuple[Page, list[str]], address: str) -> None:
    page, elsewhere = asked
    page.goto(f"{address}/{name}")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    told = [f"{one['id']}: {node['html'][:200]}" for one in found.response["violations"] for node in one["nodes"]]
    assert told == []
    assert elsewhere == []


def test_the_search_finds_a_question(asked: tuple[Page, list[str]], address: str) -> None:
    page, elsewhere = asked
    page.goto(f"{address}/index.html")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.locator("input:visible").first.wait_for(timeout=60_000)
    page.keyboard.type("exclusivity")
    # What was found leads to the question of that name.
    page.locator('a[href*="#exclusivity-history"]').first.wait_for(timeout=60_000)
    assert elsewhere == []
