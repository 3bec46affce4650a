"""The code stands in rooms, each on those before it; the documents that show them are made from the code as it is."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import rooms

MAX_LINES = 350
# Elsewhere an import by name would be one that nobody sees: these hand on what is asked for, or import optional packages.
BY_NAME = {"__init__", "base.extras", "cli.app"}


def wrong_ways(modules: dict[str, Path]) -> list[str]:
    """What of the imports breaks the order of the rooms, or goes round in a circle."""
    found = []
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        if rooms.room_of(module) not in rooms.ROOMS:
            found.append(f"{module} stands in no room of docs/rooms.py")
            continue
        needs = rooms.imports(module, path, modules)
        graph[module] = set(needs)
        place = rooms.ROOMS.index(rooms.room_of(module))
        found += [
            f"{module}, line {line}: imports {other}, which stands above it"
            for other, line in needs.items()
            if rooms.room_of(other) in rooms.ROOMS[place + 1 :]
        ]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found.append("these import each other in a circle: " + ", ".join(error.args[1]))
    return found


def test_every_room_stands_only_on_those_before_it():
    modules = rooms.find_modules()
    assert {rooms.room_of(module) for module in modules} == set(rooms.ROOMS)
    assert wrong_ways(modules) == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("from partnergraph.page.palette import GROUPS", "imports page.palette, which stands above it"),
        ("from partnergraph.page import palette", "imports page.palette, which stands above it"),
        ("from ..page import palette", "imports page.palette, which stands above it"),
        ("import partnergraph.page.palette as colours", "imports page.palette, which stands above it"),
        ("def later():\n    from partnergraph.page import palette", "imports page.palette, which stands above it"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from partnergraph.page.palette import GROUPS",
            "imports page.palette, which stands above it",
        ),
        ("from partnergraph import load", "imports __init__, which stands above it"),
        ("from partnergraph.page import anything", "imports page.__init__, which stands above it"),
        ("def later():\n    from partnergraph.core import views", "these import each other in a circle: core."),
    ],
)
def test_an_import_that_runs_back_up_is_found_wherever_it_stands(code: str, wrong: str, tmp_path: Path):
    files = {
        "__init__": "",
        "core/__init__": "",
        "core/graph": "",
        "core/views": "import partnergraph.core.graph",
        "page/__init__": "from partnergraph.core.graph import GraphCore",
        "page/palette": "from partnergraph.core import graph",
    }
    for name, text in files.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert wrong_ways(rooms.find_modules(tmp_path)) == []
    (tmp_path / "core" / "graph.py").write_text(code, encoding="utf-8")
    assert any(wrong in sentence for sentence in wrong_ways(rooms.find_modules(tmp_path)))


def test_nothing_is_imported_by_name_unseen():
    calls = {
        module
        for module, path in rooms.find_modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in {"import_module", "__import__"}
    }
    assert calls == BY_NAME


def test_no_module_is_long():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in rooms.find_modules().items()}
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_module_says_what_it_is():
    assert [name for name, path in rooms.find_modules().items() if not rooms.says(path)] == []


@pytest.mark.parametrize("path", rooms.documents(), ids=lambda path: path.name)
def test_what_documents_show_of_the_rooms_is_current(path: Path):
    assert path.read_text(encoding="utf-8") == rooms.documents()[path], "make docs writes it anew"
