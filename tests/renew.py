"""What is made from the content and stands in the repository: ``python tests/renew.py`` (``make renew``) writes it anew.

These are the expected answers of the questions in tests/answers, what README and docs show and count, and bounds that more
claims than expected have passed. It needs the package alone; its difference in git is what a change of the content does.
With names of questions behind it no others are asked: quick, while one is being written.
"""

from __future__ import annotations

import math
import re
import shlex
import sys
from collections.abc import Collection, Iterator
from contextlib import chdir, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))
import pages

import partnergraph
from partnergraph.base.errors import PartnerGraphError
from partnergraph.base.files import replace
from partnergraph.cli import app
from partnergraph.core.views import View

ROOT = Path(__file__).parents[1]
ANSWERS = Path("tests/answers")
BOUNDS = Path("graph_data/bounds.ttl")
README = Path("README.md")
# A command and what it prints; what follows in the real output is left out at a line that says so.
SHOWN = re.compile(r"```console\n\$ partnergraph (?P<words>.*?)\n(?P<output>.*?)```", re.DOTALL)
CUT = "…\n"
COUNTED = re.compile(r"([\d,]+) claims about ([\d,]+) entities from ([\d,]+) sources(, .* and )(\d+) named questions")
COUNT = """
    SELECT (COUNT(DISTINCT ?claim) AS ?claims) (COUNT(DISTINCT ?entity) AS ?entities) (COUNT(DISTINCT ?source) AS ?sources)
    { ?claim pg:party ?entity ; pg:cites/pg:source ?source }
"""
BOUND = re.compile(r"^(pg:\w+)\n( +pg:leastClaims \d+ ;\n +pg:mostClaims )(\d+)", re.MULTILINE)


@contextmanager
def asked_of(graph: partnergraph.Graph) -> Iterator[None]:
    """Within the block every command of the command line asks this graph, which is loaded already."""
    home: Any = import_module("partnergraph.cli.app")
    opens = home.open_graph

    def opened(view: View, **_: object) -> partnergraph.Graph:
        return graph.within(view)

    home.open_graph = opened
    try:
        yield
    finally:
        home.open_graph = opens


def printed(graph: partnergraph.Graph, *words: str) -> str:
    """What the command line prints; raises what it fails with."""
    # What a command writes beside is nobody's.
    with asked_of(graph), TemporaryDirectory() as folder, chdir(folder):
        # An output that is kept is as wide as that of a pipe.
        result = CliRunner(env={"COLUMNS": None}).invoke(app, list(words), catch_exceptions=False)
    if result.exit_code:
        raise RuntimeError(f"partnergraph {shlex.join(words)}: {result.output}")
    return result.stdout


def answer(graph: partnergraph.Graph, question: str) -> str:
    """What ``ask`` prints for a question, without the version of the content."""
    return without_version(printed(graph, "ask", question, "--long"))


def without_version(text: str) -> str:
    """What was printed without the version of the content, which every change of it changes."""
    return re.sub(r"content [0-9a-f]{12}", "content VERSION", text)


def document(graph: partnergraph.Graph, text: str) -> str:
    """The document with what its commands print now; where the output is cut, as much of it as there was."""

    def shown(match: re.Match[str]) -> str:
        output = without_version(printed(graph, *shlex.split(match["words"])))
        if match["output"].endswith(CUT):
            output = "".join(output.splitlines(keepends=True)[: match["output"].count("\n") - 1]) + CUT
        return f"```console\n$ partnergraph {match['words']}\n{output}```"

    return SHOWN.sub(shown, text)


def counted(graph: partnergraph.Graph, text: str) -> str:
    """The text with the number of claims, entities, sources and questions that there are now."""
    (row,) = graph.query(COUNT)
    claims, entities, sources = (f"{int(term.value):,}" for term in row if term is not None)

    def sentence(match: re.Match[str]) -> str:
        return f"{claims} claims about {entities} entities from {sources} sources{match[4]}{len(graph.questions)} named questions"

    done, places = COUNTED.subn(sentence, text)
    if places != 1:
        raise ValueError(f"{README} says in {places} places how much there is, not in one")
    return done


def bounds(graph: partnergraph.Graph, text: str) -> str:
    """The bounds with room for the claims there are now; fewer claims than expected stay a violation."""
    rows = graph.query("SELECT ?kind (COUNT(?claim) AS ?count) { ?claim pg:kind ?kind } GROUP BY ?kind")
    counts = {partnergraph.compact(row["kind"].value): int(row["count"].value) for row in rows if row["kind"] and row["count"]}

    def raised(match: re.Match[str]) -> str:
        count = counts.get(match[1], 0)
        most = int(match[3])
        return f"{match[1]}\n{match[2]}{most if count <= most else max(math.ceil(1.3 * count), count + 5)}"

    return BOUND.sub(raised, text)


def current(graph: partnergraph.Graph, root: Path = ROOT, questions: Collection[str] = ()) -> Iterator[tuple[Path, str]]:
    """Each file that is made from the content, with the answers of some questions or of all, and what stands in it when it is current."""
    yield README, document(graph, counted(graph, (root / README).read_text(encoding="utf-8")))
    for path in sorted((root / "docs").rglob("*.md")):
        yield path.relative_to(root), document(graph, path.read_text(encoding="utf-8"))
    for path, text in pages.pages(graph):
        yield path.relative_to(pages.ROOT), text
    for question in [graph.question(name).name for name in questions] or graph.questions:
        yield ANSWERS / f"{question}.txt", answer(graph, question)


def renew(root: Path = ROOT, questions: Collection[str] = ()) -> list[Path]:
    """Writes what is not current, removes answers of questions that are no more, and returns the files that changed.

    Of the answers those of some questions, or of all.
    """
    changed = []

    def write(path: Path, text: str) -> bool:
        place = root / path
        if place.exists() and place.read_text(encoding="utf-8") == text:
            return False
        replace(place, text.encode())
        changed.append(path)
        return True

    graph = partnergraph.load(root)
    if write(BOUNDS, bounds(graph, (root / BOUNDS).read_text(encoding="utf-8"))):
        # Bounds are content, and a question asks for them.
        graph = partnergraph.load(root)
    for path, text in current(graph, root, questions):
        write(path, text)
    for place in sorted((root / ANSWERS).iterdir()):
        if place.stem not in graph.questions:
            place.unlink()
            changed.append(place.relative_to(root))
    return changed


if __name__ == "__main__":
    try:
        for name in renew(questions=sys.argv[1:]):
            typer.echo(f"renewed {name}")
    except PartnerGraphError as error:
        raise SystemExit(f"partnergraph: {error}") from None
