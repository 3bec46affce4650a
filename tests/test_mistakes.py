"""Every planted mistake is said, with its file, its line, its cause and its repair; docs/mistakes.md shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

import mistakes
from partnergraph.checks.violations import Violation, violations
from partnergraph.content.folders import find_content


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Violation]:
    return mistakes.planted(tmp_path_factory.mktemp("mistakes") / "all")


@pytest.mark.parametrize("number", range(1, len(mistakes.MISTAKES) + 1), ids=lambda n: mistakes.MISTAKES[n - 1].what)
def test_a_planted_mistake_is_said(number: int, found: list[Violation]) -> None:
    said = mistakes.heard(number, found)
    assert said is not None, [str(other) for other in found if other.path.name == mistakes.file_of(number)]
    assert "; " in said.problem, "it names no repair"
    assert said.line > len(mistakes.HEAD.splitlines()) or said.subject == "file"


def test_there_are_as_many_as_were_planted_and_nothing_is_said_of_what_is_right(found: list[Violation], tmp_path: Path) -> None:
    assert len(mistakes.MISTAKES) == 90
    data = tmp_path / "graph_data"
    data.mkdir()
    (data / "right.ttl").write_text(mistakes.HEAD + mistakes.RIGHT, encoding="utf-8")
    assert violations(find_content(tmp_path)) == []
    assert found


def test_the_page_of_mistakes_is_current(found: list[Violation]) -> None:
    page = Path(__file__).parents[1] / "docs" / "mistakes.md"
    assert page.read_text(encoding="utf-8") == mistakes.page(found), "python tests/mistakes.py writes it anew"


def test_one_changed_file_is_checked_alone(found: list[Violation], tmp_path: Path) -> None:
    everything = mistakes.planted(tmp_path / "all")
    for number in (1, 23, 37, 57, 62):
        path = tmp_path / "all" / "graph_data" / mistakes.file_of(number)
        alone = violations(find_content(tmp_path / "all"), [path])
        assert alone == [said for said in everything if said.path == path]
    assert len(everything) == len(found)
