"""SPARQL cells in a real kernel: what they give, how they fail, what they complete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel


@dataclass
class Ran:
    """What a cell gave: its data by kind of content, what it printed, the lines of an error."""

    data: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    error: str = ""


@dataclass
class Kernel:
    """A running kernel with the extension loaded."""

    client: Any

    def run(self, code: str) -> Ran:
        ran = Ran()

        def take(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] in {"execute_result", "display_data"}:
                ran.data |= content["data"]
            elif message["msg_type"] == "stream":
                ran.printed += content["text"]
            elif message["msg_type"] == "error":
                ran.error = "\n".join(content["traceback"])

        self.client.execute_interactive(code, output_hook=take, timeout=600)
        return ran

    def complete(self, code: str) -> list[str]:
        reply: dict[str, Any] = self.client.complete(code, len(code), reply=True, timeout=600)["content"]
        return [code[: reply["cursor_start"]] + match for match in reply["matches"]]


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    manager, client = start_new_kernel(startup_timeout=600)
    kernel = Kernel(client)
    assert not kernel.run("%load_ext partnergraph").error
    yield kernel
    client.stop_channels()
    manager.shutdown_kernel(now=True)


pytestmark = pytest.mark.slow


def test_a_cell_shows_its_answer(kernel: Kernel):
    ran = kernel.run("%%sparql\nSELECT ?who { ?who pg:investedIn ent:openai }")
    assert "<td" in ran.data["text/html"]
    assert "Microsoft" in ran.data["text/html"]
    assert ran.data["text/plain"].startswith("<Answer: ")


@pytest.mark.parametrize(("format", "kind"), [("df", "pandas"), ("pandas", "pandas"), ("polars", "polars")])
def test_a_cell_gives_a_frame(kernel: Kernel, format: str, kind: str):
    kernel.run(f"%%sparql --format {format} --names label -o found\nSELECT ?who {{ ?who pg:investedIn ent:openai }}")
    ran = kernel.run("print(type(found).__module__, 'Microsoft' in list(found['who']))")
    assert ran.printed.startswith(kind)
    assert ran.printed.strip().endswith("True")


def test_a_cell_asks_a_view_of_a_variable(kernel: Kernel):
    kernel.run("import partnergraph\nearly = partnergraph.load().at(known_by='2020-01-01')")
    query = "SELECT (COUNT(*) AS ?n) { ?c a pg:Claim }"
    kernel.run(f"%%sparql early -f df -o one\n{query}")
    kernel.run(f"%%sparql -f df -o two --known-by 2020-01-01\n{query}")
    kernel.run(f"%%sparql -f df -o three\n{query}")
    ran = kernel.run("print(one.n[0] == two.n[0] < three.n[0])")
    assert ran.printed == "True\n"


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        (
            "%%sparql\nSELECT ?who\n  WHERE { ?who pg:investedIn ent:openai \n",
            "QueryError: line 2, column 40: the query ends too early; is a bracket, a quote or a term missing?\n"
            "    WHERE { ?who pg:investedIn ent:openai\n" + " " * 41 + "^",
        ),
        ("%%sparql nothing\nASK {}", "UnknownName: no variable with a graph named 'nothing'"),
        ("%%sparql --as-of today\nASK {}", "QueryError: 'today' is no day; write it as 2024-06-01"),
        ("%%sparql\nSELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "RefusedQuery: "),
        ("import partnergraph\npartnergraph.load().entity('OpnAI')", "UnknownName: no entity named 'OpnAI'; did you mean 'OpenAI'"),
    ],
)
def test_an_error_is_a_sentence_at_its_place(kernel: Kernel, cell: str, error: str):
    ran = kernel.run(cell)
    assert ran.error.startswith(error)
    assert "Traceback" not in ran.error


@pytest.mark.parametrize("option", ["--format xml", "--nothing", "'", "-o 1x"])
def test_a_wrong_option_is_named(kernel: Kernel, option: str):
    ran = kernel.run(f"%%sparql {option}\nASK {{}}")
    assert ran.printed.startswith("UsageError: ")
    assert not ran.error


@pytest.mark.parametrize(
    ("code", "completed"),
    [
        ("%%sparql\nSELECT ?who { ?who pg:investedI", ["%%sparql\nSELECT ?who { ?who pg:investedIn"]),
        ("%%sparql\nSELECT ?who { ?w", ["%%sparql\nSELECT ?who { ?who"]),
        ("%%sparql\nSELECT ?who { ?who sk", ["%%sparql\nSELECT ?who { ?who skos:"]),
        ("%%sparql\nsele", ["%%sparql\nSELECT"]),
        (
            "%%sparql\nSELECT ?x {\n  ?x pg:investor ent:openai-dep",
            ["%%sparql\nSELECT ?x {\n  ?x pg:investor ent:openai-deployment-company"],
        ),
    ],
)
def test_completion(kernel: Kernel, code: str, completed: list[str]):
    assert kernel.complete(code) == completed


def test_cells_of_python_are_completed_as_ever(kernel: Kernel):
    # Jedi reads source files and gives nothing when it fails or is late; IPython's own completer looks at the object.
    kernel.run("%config IPCompleter.use_jedi = False\nimport partnergraph")
    found = kernel.complete("partnergraph.loa")
    kernel.run("%config IPCompleter.use_jedi = True")
    assert found == ["partnergraph.load", "partnergraph.load_ipython_extension"]


def test_help(kernel: Kernel):
    kernel.run("text = get_ipython().find_cell_magic('sparql').__doc__")
    assert "--known-by" in kernel.run("print(text)").printed


def test_unloading_takes_completion_away(kernel: Kernel):
    kernel.run("%unload_ext partnergraph")
    assert kernel.complete("%%sparql\nSELECT ?who { ?who pg:investedI") == []
    kernel.run("%load_ext partnergraph")
    assert kernel.complete("%%sparql\nSELECT ?who { ?who pg:investedI")
