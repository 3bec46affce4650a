"""The map beside others, in one run: file size, first draw, until all is there, frames per second, time of a filter change.

Usage: python benchmarks/page.py [--sizes 250 1000 5000] [--stock-limit 90] [--content] [--cytoscape FILE] [--quick]
All draw the same seeded graphs of our generator, with three claims an entity, in one headless Chromium without a
GPU, and reach no network. Beside it are stock pyvis and bare vis-network, which pyvis brings along, both with physics and
without, and with ``--cytoscape cytoscape.min.js`` (from npm) cytoscape. ``--content`` adds the shipped content, ``--quick``
measures once and shortly. Prints Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import generator
from playwright.sync_api import Error, Page, sync_playwright
from pyvis.network import Network

import partnergraph

if TYPE_CHECKING:
    from partnergraph import Graph

BROWSER_TESTS = Path(__file__).parents[1] / "tests" / "browser"
FRAMES = """() => new Promise((resolve) => {
  let frames = 0;
  const start = performance.now();
  const end = start + SPAN;
  const count = () => { frames += 1; if (performance.now() < end) requestAnimationFrame(count); else resolve((1000 * frames) / (performance.now() - start)); };
  requestAnimationFrame(count);
})"""
# From the click on a box of the legend to the frame after the drawing that it causes.
FILTER = """() => new Promise((resolve) => {
  const box = document.querySelector("#families input");
  const start = performance.now();
  box.click();
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
})"""
# Steps of the time slider that are drawn, a second, one for each frame that is given.
SLIDER = """() => new Promise((resolve) => {
  const slider = document.querySelector("#slider");
  const [start, first] = [performance.now(), Number(slider.min)];
  let steps = 0;
  const step = () => {
    if (performance.now() - start > SPAN) {
      resolve((1000 * steps) / (performance.now() - start));
      return;
    }
    steps += 1;
    slider.value = first + ((steps * 2) % (Number(slider.max) - first));
    slider.dispatchEvent(new Event("input"));
    requestAnimationFrame(() => requestAnimationFrame(step));
  };
  step();
})"""


@dataclass
class Figures:
    """What was measured of one page; None where it was not reached."""

    name: str
    drawn: str
    build: float
    size: int
    packed: int
    first: float | None = None
    complete: float | None = None
    pan: float | None = None
    zoom: float | None = None
    filter: float | None = None
    slider: float | None = None

    def row(self) -> str:
        first = "not drawn" if self.first is None else f"{self.first:.2f} s"
        complete = "–" if self.complete is None else f"{self.complete:.2f} s"
        rates = ["–" if rate is None else f"{rate:.0f}" for rate in (self.pan, self.zoom, self.slider)]
        change = "–" if self.filter is None else f"{self.filter:.0f} ms"
        cells = [self.name, self.drawn, f"{self.build:.1f} s", f"{self.size / 1e6:.2f} MB", f"{self.packed / 1e3:.0f} kB"]
        return "| " + " | ".join([*cells, first, complete, *rates, change]) + " |"


def content(folder: Path, entities: int) -> Graph:
    """A graph of so many entities with three claims each."""
    rng = random.Random(1)  # noqa: S311  # a seeded graph, not a secret
    companies = products = entities // 2
    data = folder / "graph_data"
    data.mkdir(parents=True)
    published = generator.days(entities, rng)
    parts = {
        "entities": generator.entities(companies, products),
        "sources": generator.sources(published, rng),
        "claims": generator.claims(entities * 3, companies, products, published, rng),
    }
    for name, lines in parts.items():
        (data / f"{name}.ttl").write_text(generator.PREFIXES + "".join(lines), encoding="utf-8")
    return partnergraph.load(folder)


def stock_page(graph: Graph, path: Path) -> None:
    """What pyvis draws of the network when nobody helps it; a mark tells when it has drawn."""
    network = Network(directed=True, cdn_resources="in_line")
    edges = graph.network()
    for node, said in edges.nodes(data=True):
        network.add_node(node, label=said.get("label", node), title=said.get("kind", ""))
    for start, finish, said in edges.edges(data=True):
        network.add_edge(start, finish, title=said["label"])
    html = network.generate_html()
    call = "network = new vis.Network(container, data, options);"
    if call not in html:
        raise SystemExit("this pyvis has another template; install pyvis 0.3.2")
    mark = call + ' network.once("afterDrawing", () => performance.mark("first-draw"));'
    path.write_text(html.replace(call, mark), encoding="utf-8")


BARE = """<!doctype html><html><head><meta charset="utf-8"><style>#map { width: 1400px; height: 860px; }</style></head>
<body><div id="map"></div><script>LIBRARY</script><script>const DATA = GRAPH;\nDRAW</script></body></html>"""
DRAW_VIS = """new vis.Network(document.getElementById("map"), DATA, { physics: false, layout: { improvedLayout: false } })
.once("afterDrawing", () => performance.mark("first-draw"));"""
DRAW_CYTOSCAPE = """const elements = [...DATA.nodes.map(({ id, label, x, y }) => ({ data: { id, label }, position: { x, y } })),
...DATA.edges.map(({ from, to }) => ({ data: { source: from, target: to } }))];
cytoscape({ container: document.getElementById("map"), elements, layout: { name: "preset" },
style: [{ selector: "node", style: { label: "data(label)" } }] }).one("render", () => performance.mark("first-draw"));"""


def bare_page(graph: Graph, path: Path, library: str, draw: str) -> None:
    """A page of another library with our places and nothing around it."""
    network = graph.pyvis(top=None)
    nodes = [{name: node[name] for name in ("id", "label", "x", "y")} for node in network.nodes]
    edges = [{"from": edge["from"], "to": edge["to"]} for edge in network.edges]
    # A label may hold a tag.
    told = json.dumps({"nodes": nodes, "edges": edges}).replace("<", "\\u003c")
    page = BARE.replace("DRAW", draw).replace("GRAPH", told).replace("LIBRARY", library)
    path.write_text(page, encoding="utf-8")


def vis_network() -> str:
    """vis-network as pyvis brings it along."""
    found = sorted(
        (Path(str(files("pyvis"))) / "templates" / "lib").glob("vis-*/vis-network.min.js"), key=lambda path: path.parent.name
    )
    return found[-1].read_text(encoding="utf-8")


def frames(page: Page, *, wheel: bool) -> float:
    """Frames a second while the map is dragged or zoomed by a mouse."""
    page.evaluate("() => { window.counted = null; }")
    page.evaluate(f"() => {{ ({within(FRAMES)})().then((rate) => {{ window.counted = rate; }}); }}")
    x, y = 420.0, 160.0
    page.mouse.move(x, y)
    if not wheel:
        page.mouse.down()
    number = 0
    while (rate := page.evaluate("() => window.counted")) is None:
        number += 1
        if wheel:
            page.mouse.wheel(0, 60 if number // 12 % 2 else -60)
        else:
            page.mouse.move(x + 80 * ((number % 20) / 20), y + 50 * ((number % 14) / 14))
    if not wheel:
        page.mouse.up()
    return float(rate)


def within(script: str) -> str:
    """The script with how long it is to measure, in milliseconds."""
    return script.replace("SPAN", str(SPAN[0]))


SPAN = [3000]


def measure(page: Page, address: str, limit: float, figures: Figures, *, ours: bool) -> Figures:
    """Opens the page and fills in the figures; whatever takes longer than the limit stays out."""
    page.set_default_timeout(limit * 1000)
    page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    try:
        page.goto(address, wait_until="commit", timeout=limit * 1000)
        end = time.monotonic() + limit
        while figures.first is None and time.monotonic() < end:
            page.wait_for_timeout(100)
            marks = page.evaluate("() => performance.getEntriesByName('first-draw').map((mark) => mark.startTime)")
            figures.first = marks[0] / 1000 if marks else None
        if figures.first is None:
            return figures
        page.wait_for_timeout(500)
        figures.pan = frames(page, wheel=False)
        figures.zoom = frames(page, wheel=True)
        if ours:
            # Off and on again, so that all is shown in the end.
            times = sorted(page.evaluate(FILTER) for _ in range(10))
            figures.filter = times[len(times) // 2]
            figures.slider = page.evaluate(within(SLIDER))
    except Error:
        pass
    return figures


def opening(page: Page, address: str) -> tuple[float, float]:
    """Seconds until our page has drawn, and until everything is there, opened anew."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#grid:not([aria-busy])", state="attached")
    page.wait_for_timeout(500)
    first, complete = (
        page.evaluate("(name) => performance.getEntriesByName(name)[0].startTime", name) for name in ("first-draw", "complete")
    )
    return first / 1000, complete / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[250, 1000, 5000])
    parser.add_argument("--stock-limit", type=float, default=90.0)
    parser.add_argument("--content", action="store_true")
    parser.add_argument("--cytoscape", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        SPAN[0] = 300
    # The tests know how to come by a Chromium.
    sys.path.append(str(BROWSER_TESTS))
    from chromium import find_chromium  # noqa: PLC0415

    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}\n")
    print("| page | drawn | build | file | gzip | first draw | all there | pan fps | zoom fps | slider fps | filter |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(
            executable_path=find_chromium(playwright.chromium.executable_path), args=["--no-sandbox", "--disable-gpu"]
        )
        graphs = [(f"{size:,}", content(folder / str(size), size)) for size in options.sizes]
        if options.content:
            graphs.insert(0, ("content", partnergraph.load()))
        # A browser's first page pays for its start.
        browser.new_page().goto("about:blank")
        for label, graph in graphs:
            ours, stock = folder / "ours.html", folder / "stock.html"
            pages = [(f"map, {label}: core", ours, True, ""), (f"map, {label}: all", ours, True, "scope=all")]
            start = time.monotonic()
            graph.map().write(ours)
            built = time.monotonic() - start
            start = time.monotonic()
            stock_page(graph, stock)
            stock_built = time.monotonic() - start
            others = [(f"stock pyvis, {label}", stock, False, "")]
            bare_page(graph, folder / "vis.html", vis_network(), DRAW_VIS)
            others.append((f"bare vis-network, {label}", folder / "vis.html", False, ""))
            if options.cytoscape:
                bare_page(graph, folder / "cytoscape.html", options.cytoscape.read_text(encoding="utf-8"), DRAW_CYTOSCAPE)
                others.append((f"bare cytoscape, {label}", folder / "cytoscape.html", False, ""))
            for title, path, is_ours, state in [*pages, *others]:
                data = path.read_bytes()
                figures = Figures(title, "all", built if is_ours else stock_built, len(data), len(gzip.compress(data)))
                address = path.as_uri() + (f"#{state}" if state else "")
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                measure(page, address, options.stock_limit, figures, ours=is_ours)
                if is_ours and figures.first is not None:
                    # Other work on the machine makes single openings differ by a factor of two.
                    openings = [opening(page, address) for _ in range(1 if options.quick else 5)]
                    figures.first, figures.complete = map(statistics.median, zip(*openings, strict=True))
                    # Opened anew: the slider has left the page on a day.
                    counts = page.evaluate("() => [partnergraph.view.nodes.size, partnergraph.view.edges.size]")
                    figures.drawn = " / ".join(f"{count:,}" for count in counts)
                print(figures.row(), flush=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
