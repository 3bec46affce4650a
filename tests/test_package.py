"""The package as a whole: what a command pays for, its version, the wheel, what it says at work."""

from __future__ import annotations

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
HEAVY = set(
    "rdflib oxrdflib networkx pyvis pyshacl pandas polars pyarrow matplotlib IPython jinja2 numpy tomllib urllib.request".split()  # noqa: SIM905  # a list to read
) | {"partnergraph.cli.analysing", "partnergraph.cli.mapping"}


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


def test_one_version():
    from importlib.metadata import version

    assert f'version = "{version("partnergraph")}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f"## {version('partnergraph')}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# What this process was told of Python is no matter of another environment.
ELSEWHERE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY"))}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that has the wheel and what it depends on, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment", with_pip=True)
    python = folder / "environment" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "-q", "install", wheel], check=True, env=ELSEWHERE)
    return python


@pytest.mark.slow
def test_the_wheel_answers_in_an_empty_environment(installed: Path, tmp_path: Path):
    def run(*words: str) -> str:
        command = [installed.with_name("partnergraph"), *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True, env=ELSEWHERE).stdout

    answer = run("ask", "investments-in", "OpenAI")
    assert "Microsoft" in answer
    assert "content " + partnergraph.load().version in answer
    assert run("check") == ""


CALLER = """
from typing import assert_type

import partnergraph
from partnergraph.analysis.loops import find_loops, Loop
from partnergraph.disagreement import Conflict, conflicts
from partnergraph.errors import UnknownName

graph = partnergraph.load()
assert_type(graph, partnergraph.Graph)
assert_type(graph.at(as_of="2024-01-01"), partnergraph.Graph)
assert_type(graph.ask("stakes").to_polars, object)
assert_type(partnergraph.__version__, str)
assert_type(partnergraph.compact("x"), str)
assert_type(find_loops(graph), list[Loop])
assert_type(conflicts(graph), list[Conflict])
for row in graph.query("SELECT ?who { ?who a pg:Company }"):
    if row["who"] is not None:
        assert_type(row["who"].value, str)
graph.ask(5)
partnergraph.laod()
"""
# The lines of the caller that a type checker must not take, each with what it says of them.
WRONG = {
    "to_polars": "[assert-type]",
    "graph.ask(5)": "[arg-type]",
    "laod": "[attr-defined]",
}


@pytest.mark.slow
def test_a_caller_of_the_installed_package_sees_its_types(installed: Path, tmp_path: Path):
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER, encoding="utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--python-executable", installed, "--config-file="]
    done = subprocess.run([*mypy, caller], capture_output=True, text=True, cwd=tmp_path, check=False, env=ELSEWHERE)
    said = {int(line.split(":")[1]): line for line in done.stdout.splitlines() if ": error: " in line}
    wrong = {number: line for number, line in enumerate(CALLER.splitlines(), 1) if any(part in line for part in WRONG)}
    assert said.keys() == wrong.keys(), done.stdout + done.stderr
    for number, line in wrong.items():
        (code,) = (code for part, code in WRONG.items() if part in line)
        assert said[number].endswith(code)


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
