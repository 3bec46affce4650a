"""The page draws what it opens with before the rest is unpacked: the same picture as later, and no number that is not right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from opened import FAILED, Open, Opened

from partnergraph import Graph

WIDTHS = (1440, 1024, 390)
PICTURE = "document.querySelector('#map canvas').toDataURL()"


def marks(opened: Opened) -> dict[str, float]:
    return dict(opened.ask("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])"))


@pytest.fixture(scope="module")
def halted(map_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map with its rest cut off, so that it stays as it opens."""
    page = map_file.read_text(encoding="utf-8")
    cut = tmp_path_factory.mktemp("halted") / "map.html"
    cut.write_text(re.sub(r'(id="rest">)[^<]{2000}', r"\1", page), encoding="utf-8")
    return cut


@pytest.mark.parametrize("state", ["", "look=relations", "theme=dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_when_the_rest_comes(width: int, state: str, halted: Path, open_map: Open):
    size = {"width": width, "height": 860}
    first = open_map(state, halted, until=FAILED, viewport=size)
    assert list(marks(first)) == ["first-draw"]
    assert first.ask(PICTURE) == open_map(state, viewport=size).ask(PICTURE)


def test_no_number_is_shown_before_it_is_known(halted: Path, open_map: Open):
    opened = open_map("", halted, until=FAILED)
    assert opened.count() == ""
    assert opened.page.locator("#panel").inner_text() == "Partnership graph"
    assert opened.page.locator(".keys .n").count() == 0
    assert opened.ask("[document.getElementById('bar').inert, document.getElementById('grid').inert]") == [True, True]


def test_a_link_to_another_state_waits_for_the_rest(halted: Path, open_map: Open):
    assert marks(open_map("entity=openai", halted, until=FAILED)) == {}
    opened = open_map("entity=openai")
    assert list(marks(opened)) == ["complete", "first-draw"]
    assert opened.page.locator("#panel h2").inner_text() == "OpenAI"


def test_then_everything_can_be_used(open_map: Open):
    opened = open_map()
    assert list(marks(opened)) == ["first-draw", "complete"]
    assert opened.ask("document.querySelectorAll('[inert], [aria-busy]').length") == 0


def test_the_rest_comes_where_nothing_is_painted(open_map: Open):
    # As in a frame of a notebook that is out of sight.
    opened = open_map(script="window.requestAnimationFrame = () => 0")
    assert "claims" in opened.count()


def test_a_damaged_file_says_so(halted: Path, open_map: Open):
    opened = open_map("", halted, until=FAILED)
    words = "This file is damaged: its data cannot be unpacked."
    assert opened.page.locator("#empty").inner_text() == words
    assert opened.page.locator("#live").inner_text() == words


def test_an_old_browser_says_so(open_map: Open):
    opened = open_map("scope=all", until=FAILED, script="delete window.DecompressionStream")
    assert "too old" in opened.page.locator("#live").inner_text()


def test_several_maps_in_one_notebook(graph: Graph, tmp_path: Path, open_map: Open):
    shown = [graph.map(focus=name)._repr_html_() for name in ("Mistral AI", "Cohere")]
    notebook = tmp_path / "notebook.html"
    notebook.write_text("<!doctype html><title>notebook</title><body>" + "".join(shown), encoding="utf-8")
    opened = open_map(file=notebook, until="iframe")
    for number, name in enumerate(("Mistral AI", "Cohere")):
        assert opened.page.frame_locator("iframe").nth(number).locator("#panel h2").inner_text() == name
