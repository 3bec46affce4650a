"""A folder with an ontology of its own: whatever queries it holds reach nothing and end, and one sentence says which file it was."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import Listener
from typer.testing import CliRunner

import partnergraph
from partnergraph.base.errors import ContentError
from partnergraph.cli import app
from partnergraph.content.folders import Content, find_content
from partnergraph.stores.disk import _derive_on_disk  # what a folder larger than the memory takes
from partnergraph.stores.sandbox import foreign as sandbox
from partnergraph.stores.sandbox.limits import MIB, Limits

Run = Callable[..., subprocess.CompletedProcess[str]]
Foreign = Callable[[str, str], Path]
SILENT = "SERVICE SILENT <{url}> {{ ?s ?p ?o }}"
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
# How long a check of a folder without harm took, once it was tried.
USUAL: list[float] = []
# Where a query of the folder stands, how it is written there, and a command that comes upon it.
PLACES = {
    "rule": ("ontology/rules/zz.rq", "#+ title: x\n#+ order: 1\nCONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", ["find", "s"]),
    "check": (
        "ontology/checks/zz.rq",
        "#+ title: x\n#+ problem: x\n#+ solution: y\nSELECT ?subject ?detail WHERE {{ {pattern} }}",
        ["check"],
    ),
    "question": ("ontology/questions/zz.rq", "#+ title: x\n#+ group: y\nSELECT ?s WHERE {{ {pattern} }}", ["ask", "zz"]),
    "projection": ("ontology/projections/names.rq", "#+ title: x\nSELECT ?entity ?name WHERE {{ {pattern} }}", ["find", "s"]),
}


# The command line with less time for what came with a folder; the first argument is the time.
IMPATIENT = """
import sys
from partnergraph.checks import violations
from partnergraph.cli import app
from partnergraph.stores.sandbox import foreign
from partnergraph.stores.sandbox.limits import MIB, Limits
short = Limits(seconds=float(sys.argv.pop(1)), memory=512 * MIB)
foreign.FOREIGN = violations.FOREIGN = short
foreign.Allowance.__init__.__defaults__ = (short,)
app()
"""


@pytest.fixture
def run() -> Run:
    """Runs the command line in a process of its own: copies of the one that tests run in, large as it is, would take long."""

    def call(*words: str, code: int = 0, seconds: float = 60.0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([sys.executable, "-c", IMPATIENT, str(seconds), *words], capture_output=True, text=True, check=False)
        assert "this should not happen" not in done.stderr, done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return call


@pytest.fixture
def impatient(foreign: Foreign, run: Run) -> int:
    """A few seconds for what a folder's own queries may take, so that the test need not wait for minutes.

    They are several times what a folder without harm takes on this machine, as busy as it is.
    """
    if not USUAL:
        started = time.monotonic()
        run("check", "--content", str(foreign("", "")))
        USUAL.append(time.monotonic() - started)
    return math.ceil(max(4.0, 2.5 * USUAL[0]))


@pytest.mark.parametrize("place", PLACES)
def test_no_query_of_a_folder_reaches_the_network(place: str, foreign: Foreign, run: Run, listener: Listener) -> None:
    name, text, command = PLACES[place]
    folder = foreign(name, text.format(pattern=SILENT.format(url=listener.url)))
    before = listener.calls
    said = run(*command, "--content", str(folder), code=1).stderr
    assert said.startswith(f"partnergraph: {folder / name}: line ")
    assert "SERVICE would ask another server" in said
    assert "--trust" in said
    assert listener.calls == before


@pytest.mark.parametrize("place", PLACES)
def test_every_query_of_a_folder_ends(place: str, foreign: Foreign, run: Run, impatient: int) -> None:
    name, text, command = PLACES[place]
    # Of a few thousand triples of the ontology this has no end.
    folder = foreign(name, text.format(pattern=f"{PRODUCT} FILTER(CONCAT(STR(?c), STR(?f), STR(?i), STR(?l)) = '-')"))
    started = time.monotonic()
    said = run(*command, "--content", str(folder), code=1, seconds=impatient).stderr
    assert said.startswith(f"partnergraph: {folder / name}: did not end within {impatient} seconds; it came with the folder")
    assert time.monotonic() - started < 5 * impatient


def test_all_rules_together_have_one_limit(foreign: Foreign, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = "#+ title: x\n#+ order: {n}\nCONSTRUCT {{ ?s <x:{n}> ?o }} WHERE {{ ?s ?p ?o }}"
    folder = foreign("", "")
    for path in (folder / "ontology" / "rules").iterdir():
        path.unlink()
    for number in range(6):
        (folder / "ontology" / "rules" / f"r{number}.rq").write_text(rule.format(n=number))
    # Each derives about a megabyte or less; none is too large, all are.
    monkeypatch.setattr(sandbox.Allowance.__init__, "__defaults__", (Limits(bytes=MIB),))
    with pytest.raises(ContentError, match=r"r\d\.rq: the answer has more than [\d,]+ bytes; .*--trust"):
        partnergraph.load(folder)


SHAPES = {
    "a query to another server": (
        'sh:sparql [ sh:message "m" ; sh:select "SELECT $this WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}" ]',
        "shapes.ttl: ",
    ),
    "a query of a file": (
        'sh:sparql [ sh:message "m" ; sh:select "SELECT $this FROM <file:/etc/passwd> WHERE {{ ?s ?p ?o }}" ]',
        # What a query names beside the graph is not read: it is the graph that is asked.
        "1 violation in 1 file",
    ),
    "a pattern without end, for an engine that sees it through": (
        'sh:property [ sh:path rdfs:comment ; sh:pattern "^(a+)+$" ]',
        "1 violation in 1 file",
    ),
    "a pattern without end beside what only pySHACL understands": (
        'sh:sparql [ sh:message "m" ; sh:select "SELECT $this WHERE {{ $this a ?x FILTER (false) }}" ] ; sh:property [ sh:path rdfs:comment ; sh:pattern "^(a+)+$" ]',
        "shapes.ttl: the query did not end within {seconds} seconds",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_of_a_folder_reach_nothing_and_end(
    name: str, foreign: Foreign, run: Run, listener: Listener, impatient: int
) -> None:
    shape, said = SHAPES[name]
    folder = foreign(
        "ontology/shapes.ttl",
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix pg: <https://w3id.org/partnergraph/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f"pg:S a sh:NodeShape ; sh:targetClass pg:Company ; {shape.format(url=listener.url)} .",
    )
    with (folder / "graph_data" / "a.ttl").open("a") as file:
        file.write(f'ent:a rdfs:comment "{"a" * 60}!" .\n')
    before = listener.calls
    started = time.monotonic()
    assert said.format(seconds=impatient) in run("check", "--content", str(folder), code=1, seconds=impatient).stderr
    assert listener.calls == before
    assert time.monotonic() - started < 6 * impatient


def test_the_shipped_ontology_in_a_folder_says_the_same_with_and_without_trust(foreign: Foreign, run: Run) -> None:
    folder = foreign("", "")
    with (folder / "graph_data" / "a.ttl").open("a") as file:
        file.write(
            'ent:b a pg:Company . <https://w3id.org/partnergraph/claim/x> a pg:Investment ; rdfs:label "X" ; pg:investor ent:a ;\n'
            '    pg:investee ent:b ; pg:amountMin "abc" ; pg:cites [ pg:locator "p" ] .\n'
        )
    checked = [run("check", "--content", str(folder), *trust, code=1).stdout for trust in ([], ["--trust"])]
    assert checked[0] == checked[1]
    # What is wrong with the citation, which has no name, is said of its claim.
    assert "claim:x" in checked[0]
    for command in (
        ["show", "ent:a"],
        ["ask", "investments-in", "ent:b"],
        ["find", "s"],
        ["show", "ent:a", "--as-of", "2024-01-01"],
    ):
        apart, trusted = (run(*command, "--content", str(folder), *trust).stdout for trust in ([], ["--trust"]))
        assert apart == trusted


def test_what_is_trusted(foreign: Foreign, tmp_path: Path) -> None:
    folder = foreign("", "")
    shipped = find_content()
    assert shipped.trusted
    assert not find_content(folder).trusted
    assert find_content(folder, trust=True).trusted
    assert not Content(folder / "ontology", folder / "graph_data").trusted
    # Data alone comes with no queries: it is asked by those of the package.
    other = tmp_path / "other"
    (other / "graph_data").mkdir(parents=True)
    (other / "graph_data" / "a.ttl").write_text("<x:s> <x:p> 1 .")
    assert find_content(other).trusted


def test_trust_lets_a_folder_have_its_way(foreign: Foreign, run: Run, listener: Listener) -> None:
    name, text, command = PLACES["rule"]
    folder = foreign(name, text.format(pattern=SILENT.format(url=listener.url)))
    before = listener.calls
    run(*command, "--content", str(folder), "--trust")
    assert listener.calls > before


def test_rules_of_a_folder_on_disk_are_held_to_the_same(foreign: Foreign, tmp_path: Path, listener: Listener) -> None:
    import pyoxigraph as ox

    name, text, _ = PLACES["rule"]
    content = find_content(foreign("", ""))
    store = ox.Store(str(tmp_path / "oxigraph"))
    store.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.Literal("x")))
    _derive_on_disk(store, content, tmp_path / "derived.nt")
    (content.ontology.parent / name).write_text(text.format(pattern=SILENT.format(url=listener.url)))
    before = listener.calls
    with pytest.raises(ContentError, match="SERVICE would ask another server"):
        # What a folder holds is read once: another reading sees what was written since.
        _derive_on_disk(store, find_content(content.ontology.parent), tmp_path / "derived.nt")
    assert listener.calls == before


def test_files_that_are_no_queries(foreign: Foreign, run: Run) -> None:
    folder = foreign("", "")
    rule = folder / "ontology" / "rules" / "zz.rq"
    # A pipe that nobody writes to would be read for ever.
    os.mkfifo(rule)
    assert run("find", "s", "--content", str(folder)).stdout.count("\n  ent:a  ") == 1
    rule.unlink()
    rule.write_bytes(b"#+ title: x\n#+ order: 1\n# \xff\nCONSTRUCT WHERE { ?s ?p ?o }")
    assert "zz.rq:3: is not UTF-8" in run("find", "s", "--content", str(folder), code=1).stderr
    rule.write_bytes(b"#" * 300_000)
    assert "zz.rq: is larger than 200,000 bytes" in run("find", "s", "--content", str(folder), code=1).stderr


@pytest.mark.parametrize(
    "line",
    ["#+ param x: entity =" + " " * 190_000, "#+ param " + "x" * 190_000, "#+ title: " + "SELECT " * 25_000],
    ids=["blanks", "name", "words"],
)
def test_a_header_is_read_in_time_that_grows_as_it_does(line: str, foreign: Foreign) -> None:
    folder = foreign("ontology/rules/zz.rq", f"#+ title: x\n#+ order: 1\n{line}\nCONSTRUCT WHERE {{ ?s ?p ?o }}")
    started = time.process_time()
    CliRunner().invoke(app, ["find", "s", "--content", str(folder)])
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ontology/rules/zz.rq", "#+ title: x\nCONSTRUCT WHERE { ?s ?p ?o }", "zz.rq:1: has no line '#+ order: NUMBER'"),
        ("ontology/rules/zz.rq", "#+ title: x\n#+ order: one\nCONSTRUCT WHERE { ?s ?p ?o }", "zz.rq:1: has no line '#+ order"),
        ("ontology/rules/zz.rq", "#+ title: x\n#+ order: 1\nSELECT * { ?s ?p ?o }", "zz.rq: a rule must be a CONSTRUCT"),
        ("ontology/rules/zz.rq", "#+ title: x\n#+ order: 1\nDROP ALL", "zz.rq: line 3, column 1: DROP would change the graph"),
        ("ontology/rules/zz.rq", "#+ title: x\n#+ order: 1\nCONSTRUCT", "zz.rq: line 3, column 10: "),
        ("ontology/checks/zz.rq", "#+ title: x\nSELECT ?subject ?detail {}", "zz.rq:1: a check has the lines '#+ problem"),
        ("ontology/checks/zz.rq", "#+ title: x\n#+ problem: p\n#+ solution: s\nSELECT ?x {}", "zz.rq: a check must be a SELECT"),
    ],
)
def test_a_query_that_is_not_what_it_must_be(name: str, text: str, said: str, foreign: Foreign, run: Run) -> None:
    assert said in run("check", "--content", str(foreign(name, text)), code=1).stderr
