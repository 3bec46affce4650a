"""The documents tell the truth: every command shown runs and prints what is shown, every command has help and an example."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import Result

import renew
from partnergraph import Graph
from partnergraph.cli import app
from partnergraph.rdf.terms import PREFIXES, compact

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_shown_is_what_is_printed(path: Path, graph: Graph):
    text = path.read_text(encoding="utf-8")
    assert renew.document(graph, text) == text, "make renew writes it anew"


def test_the_readme_counts_right(graph: Graph):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert renew.counted(graph, text) == text, "make renew writes it anew"


PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_python_in_documents_runs(path: Path):
    for code in PYTHON.findall(path.read_text(encoding="utf-8")):
        exec(compile(code, path.name, "exec"), {})  # noqa: S102


def test_documents_show_python():
    shown = [path.name for path in DOCUMENTS if PYTHON.search(path.read_text(encoding="utf-8"))]
    assert {"README.md", "python.md"} <= set(shown)


def test_the_readme_shows_something():
    assert len(renew.SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8"))) == 1


def commands() -> dict[str, str]:
    return {name: command.help or "" for name, command in get_command(app).commands.items()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", commands())
def test_every_command_has_a_sentence_and_an_example(name: str, run: Callable[..., Result]):
    help_text = commands()[name]
    assert re.match(r"[A-Z].*\.$", help_text.splitlines()[0]), name
    assert f"Example: partnergraph {name}" in help_text
    assert run(name, "--help").output


def test_the_reference_names_every_command():
    told = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in commands() if f"\n## {name}\n" not in told] == []


def test_nothing_of_this_machine_is_in_the_repository():
    import subprocess

    # In a container the files often belong to somebody else, which git takes for an attack.
    files = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(files) > 100
    hosts = re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + "js", "deb" + r"\.debian", "/ro" + "ot/", "/wo" + "rk/"])
    )
    for name in files:
        path = ROOT / name
        if path.suffix not in {".png", ".parquet"}:
            found = hosts.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{name}: {found}"


NAMED_PATH = re.compile(r"`(\w[\w./-]*/|\w[\w./-]*\.(?:py|ttl|rq|md|js|css|j2|txt|ipynb|toml))`")
# What is the reader's to name, and rooms that come with their first file.
# Files that lie in a user's folder and not here.
USERS = {f"{name}.{kind}" for name in ("NAME", "deals") for kind in ("map.toml", "draft.ttl")}
OWN = {
    "ontology/questions/WORDS-OF-THE-QUESTION.rq",
    "graph_data/claims/TOPIC.ttl",
    "partnergraph.toml",
    "server/",
    "mcp/",
    "dcat.ttl",
    "FILE.md",
} | USERS


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_documents_name_are_there(path: Path):
    named = set(NAMED_PATH.findall(path.read_text(encoding="utf-8"))) - OWN
    places = [ROOT, ROOT / "src" / "partnergraph", ROOT / "graph_data", ROOT / "ontology"]
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []


def _cell(graph: Graph, term: object) -> str:
    """A term as the document has it: entities by name, other things by short name, yes and no."""
    if term is None:
        return ""
    value = str(getattr(term, "value", term))
    if value in {"true", "false"}:
        return "yes" if value == "true" else "no"
    if value.startswith(PREFIXES["ent"]):
        return next(iter(graph.query(f"SELECT ?label {{ <{value}> rdfs:label ?label }}")))["label"].value
    return compact(value)


def _sparql_questions() -> dict[str, tuple[str, list[list[str]]]]:
    text = (ROOT / "docs" / "sparql.md").read_text("utf-8")
    found = re.findall(
        r"^## ([^\n]+)\n.*?```sparql\n(.*?)```\n\n\|[^\n]*\|\n\|[-|]+\|\n((?:\|[^\n]*\|\n)*)", text, re.MULTILINE | re.DOTALL
    )
    return {title: (query, [line.strip("| ").split(" | ") for line in table.splitlines()]) for title, query, table in found}


def test_there_are_twenty_questions_in_sparql():
    assert len(_sparql_questions()) == (ROOT / "docs" / "sparql.md").read_text("utf-8").count("```sparql") == 20


@pytest.mark.parametrize("title", _sparql_questions())
def test_a_question_in_sparql_gives_what_stands_below_it(title: str, graph: Graph):
    query, table = _sparql_questions()[title]
    assert sorted([_cell(graph, term) for term in row] for row in graph.query(query)) == table
