"""The package as a whole: what it exports, what a command pays for, which module may import which, the wheel."""

from __future__ import annotations

import ast
import contextlib
import os
import pty
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import partnergraph

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "partnergraph"
HEAVY = set(
    "rdflib oxrdflib networkx pyvis pyshacl pandas polars pyarrow matplotlib IPython jinja2 numpy".split()  # noqa: SIM905  # a list to read
) | {"partnergraph.cli.analysing", "partnergraph.cli.mapping"}


def test_all_is_what_can_be_imported():
    assert partnergraph.__all__ == sorted(partnergraph.__all__)
    for name in partnergraph.__all__:
        assert getattr(partnergraph, name).__doc__
    with pytest.raises(AttributeError):
        _ = partnergraph.nothing


@pytest.mark.parametrize(
    "words",
    [
        ["ask", "investments-in", "entity=OpenAI"],
        ["show", "openai"],
        ["claim", "microsoft-openai-2019-investment"],
        ["find", "openai"],
        ["conflicts"],
        ["query", "ASK { ?s ?p ?o }"],
        ["ask", "investments-in", "entity=OpenAI", "--as-of", "2024-01-01", "--format", "csv"],
    ],
    ids=lambda words: words[0],
)
def test_a_command_imports_only_what_it_uses(words: list[str]):
    code = f"""
import sys
from partnergraph.cli import app
try:
    app({words!r})
except SystemExit as end:
    assert not end.code, end.code
print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr.strip() == "[]"


def runtime_imports(path: Path) -> set[str]:
    """The modules of this package that a module imports when it is loaded."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        found |= {name.removeprefix("partnergraph.") for name in names if name.startswith("partnergraph.")}
    return found


def test_imports_point_one_way():
    modules = {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path for path in SOURCE.rglob("*.py")
    }
    graph = {name: runtime_imports(path) & set(modules) for name, path in modules.items()}
    assert len(graph) > 20
    order: list[str] = []
    waiting = dict(graph)
    while waiting:
        free = sorted(name for name, needs in waiting.items() if needs - {name} <= set(order))
        assert free, f"these import each other in a circle: {waiting}"
        order += free
        waiting = {name: needs for name, needs in waiting.items() if name not in free}
    # From the ground up: whoever stands further left knows nothing of what stands further right.
    ground = ["errors", "vocabulary", "turtle", "answers", "readable", "queries", "store", "views", "graph", "cards", "cli"]
    for place, name in enumerate(ground):
        assert not graph[name] & set(ground[place + 1 :]), name
    for name, needs in graph.items():
        if not name.startswith(("cli", "__main__")):
            assert not any(need.startswith("cli") for need in needs), name


def test_one_version():
    from importlib.metadata import version

    assert f'version = "{version("partnergraph")}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f"## {version('partnergraph')}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_wheel_answers_in_an_empty_environment(tmp_path: Path):
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "empty"
    venv.create(home, with_pip=True)
    subprocess.run([home / "bin" / "python", "-m", "pip", "-q", "install", wheel], check=True)
    done = subprocess.run(
        [home / "bin" / "partnergraph", "ask", "investments-in", "OpenAI"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert "Microsoft" in done.stdout
    assert "content " + partnergraph.load().version in done.stdout
    done = subprocess.run([home / "bin" / "partnergraph", "check"], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout == ""


def test_long_work_tells_a_person_at_a_terminal_what_it_is_doing(tmp_path: Path):
    screen, terminal = pty.openpty()
    environment = {**os.environ, "PARTNERGRAPH_CACHE": "off", "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "partnergraph", "check"], stderr=terminal, stdout=subprocess.PIPE, env=environment, cwd=tmp_path
    ) as process:
        os.close(terminal)
        shown = b""
        # A terminal that nobody has open any more is an error on Linux, not an end.
        with contextlib.suppress(OSError):
            while part := os.read(screen, 1000):
                shown += part
        assert process.wait() == 0
        assert process.stdout is not None
        assert process.stdout.read() == b""
    os.close(screen)
    steps = shown.decode().split("\r\x1b[K")
    assert "holding each node against its shape …" in steps
    assert re.fullmatch(r"(partnergraph: \d+ warnings in \d+ files\r\n)?", steps[-1])
