"""What leaves the command line: whatever content, names of files, servers and questions hold, no terminal, Markdown or sheet is deceived."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import Result

import partnergraph
from partnergraph.base.errors import ContentError, OutputError, StoreError
from partnergraph.base.spreadsheets import write_csv
from partnergraph.base.texts import clean, markdown, printable
from partnergraph.content.folders import find_content
from partnergraph.rdf.terms import PREFIXES

Run = Callable[..., Result]

# Escape sequences in both forms, bell, delete, overrides, isolates, zero width, byte order, tags, line and paragraph ends, private use.
DECEIVING = "\x1b\x9b\x07\x7f\x00\x08\x85\u202e\u202d\u2066\u2069\u200b\u200e\u2060\ufeff\u00ad\u2028\u2029\ue000\U000e0041"
HOSTILE = (
    "x\x1b]0;owned\x07\x1b[31m\x9b2J\x7f\u202e\u2066\u200b\u2060\ufeff\u00ad\u2028\u2029\x85\U000e0041\ue000\x08\r\nFORGED\tline "
    "<script>alert(1)</script> [click](javascript:alert(1)) ![p](http://evil.example/p.png) | `cell` | <img src=x onerror=alert(1)> #"
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\u200b=1",
    "\u202e=1",
)


def turtle(text: str) -> str:
    """The text as a literal of Turtle."""
    return str(ox.Literal(text.replace("\x00", ""))).replace("\r", "\\r")


def content() -> str:
    hostile = turtle(HOSTILE)
    formulas = ", ".join(map(turtle, FORMULAS))
    return f"""
ent:a a pg:Company ; rdfs:label {turtle("a " + HOSTILE)} ; skos:altLabel {formulas} .
ent:b a pg:Company ; rdfs:label {turtle("=b " + HOSTILE)} .
ent:p a pg:Publisher ; rdfs:label {turtle("p " + HOSTILE)} .
src:s a pg:Source ; dcterms:title {hostile} ; dcterms:publisher ent:p ; dcterms:issued "2024-01-01"^^xsd:date ; pg:tier pg:tier-primary .
claim:x a pg:Investment ; rdfs:label {turtle("x " + HOSTILE)} ; pg:attestation pg:confirmed ; pg:stage pg:stage-agreed ; pg:investor ent:a ;
    pg:investee ent:b ; pg:amountMin 5 ; pg:amountMax 7 ; pg:currency {hostile} ; pg:date "2024-01-01"^^xsd:date ;
    pg:begin {hostile} ; skos:editorialNote {hostile} ; pg:cites [ pg:source src:s ; pg:locator {hostile} ] .
claim:y a pg:Investment ; rdfs:label {turtle("y " + HOSTILE)} ; pg:attestation pg:reported ; pg:stage pg:stage-agreed ; pg:investor ent:a ;
    pg:investee ent:b ; pg:amountMin 50 ; pg:currency "USD" ; pg:date "2024-02-01"^^xsd:date ; pg:contradicts claim:x ;
    pg:cites [ pg:source src:s ; pg:locator {hostile} ] .
claim:z a pg:ComputeSupply ; rdfs:label {turtle("z " + HOSTILE)} ; pg:attestation pg:confirmed ; pg:stage pg:stage-agreed ; pg:supplier ent:a ;
    pg:customer ent:b ; pg:date "2024-03-01"^^xsd:date ; pg:cites [ pg:source src:s ; pg:locator {hostile} ] .
dispute:d a pg:Dispute ; rdfs:label {hostile} ; pg:version claim:x, claim:y ; skos:editorialNote {hostile} .
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything that may hold a text holds a hostile one, the names of files and the ontology included."""
    folder = tmp_path_factory.mktemp("hostile")
    data = folder / "graph_data"
    data.mkdir()
    head = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())
    # As bytes, since where the system writes no UTF-8 Python cannot name it otherwise.
    (data / os.fsdecode("a\x1b[31m\u202e.ttl".encode())).write_text(head + content(), encoding="utf-8")
    shutil.copytree(find_content().ontology, folder / "ontology")
    words = HOSTILE.replace("\r", "").replace("\n", "")
    (folder / "ontology" / "questions" / "hostile.rq").write_text(
        f"#+ title: {words}\n#+ description: {words}\n#+ group: {words}\n#+ param who: entity = ent:a -- {words}\n"
        "SELECT ?who ?label WHERE { ?who rdfs:label ?label }\n",
        encoding="utf-8",
    )
    return folder


COMMANDS = (
    "ask",
    "ask hostile",
    "ask hostile --show",
    "ask hostile who=ent:nobody",
    "ask owned",
    "ask --rdf hostile",
    "ask investments-in ent:b",
    "ask investments-in ent:b --raw",
    "ask events-between-two ent:a ent:b",
    "ask disputes-about ent:a",
    "ask reviews",
    "show ent:a",
    "show ent:a --as-of 2024-03-01",
    "claim x",
    "claim y",
    "find a",
    "find FORGED",
    "conflicts",
    "diff 2020-01-01 2025-01-01",
    "timeline ent:a",
    "timeline ent:a ent:b",
    "path ent:a ent:b",
    "loops",
    "exposure",
    "exposure ent:a",
    "concentration compute",
    "overlaps investor-and-supplier",
    "vocabulary",
    "check",
    "fmt --check",
    "map -o {out}.html",
    "export nquads {out}\x1b[31m.nq",
    "export csv {out}.csv",
    "build {out}-store\x1b[31m",
)
NAMES = (
    "show {name}",
    "claim {name}",
    "find {name}",
    "ask {name}",
    "ask hostile who={name}",
    "ask {name} {name}",
    "timeline {name}",
    "path ent:a {name}",
    "show ent:a --kind {name}",
    "query {name}",
    "query -f {name} ASK{{}}",
    "export {name} x",
    "loops --stage {name}",
    "overlaps {name}",
    "conflicts {name}",
    "diff {name} {name}",
    "find a --as-of {name}",
    "find a --attested {name}",
    "find a --tier {name}",
    "find a --store {name}",
    "find a --endpoint http://{name}/",
    "find a --content {name}",
    "fmt {name}",
    "vocabulary {name}",
    "{name}",
    "find --{name}",
    "find a {name}",
    "find a --limit {name}",
)
FORMATS = [
    *(f"ask investments-in ent:b -f {form}" for form in ("markdown", "csv", "tsv", "json", "xml")),
    *(f"conflicts -f {form}" for form in ("csv", "json")),
    *(f"diff 2020-01-01 2025-01-01 -f {form}" for form in ("csv", "json")),
    *(f"timeline ent:a -f {form}" for form in ("csv", "json")),
    *(f"path ent:a ent:b -f {form}" for form in ("markdown", "csv", "json")),
    *(f"exposure ent:a --long -f {form}" for form in ("markdown", "csv", "json")),
    *(f"export {form} -" for form in ("turtle", "nquads", "jsonld", "graphml", "cytoscape", "nodelink")),
]
EVERYTHING = (
    "SELECT ?s ?l {{ ?s rdfs:label|skos:altLabel|dcterms:title|skos:editorialNote ?l FILTER (!STRSTARTS(STR(?s), STR(pg:))) }}"
)


def assert_harmless(text: str) -> None:
    """No sign that deceives is in the text, and no line of it is forged."""
    # In XML and in Turtle a line may end within a text.
    assert text.startswith(("<?xml", "@prefix")) or not re.search(r"^FORGED", text, re.MULTILINE)
    assert not set(DECEIVING) & set(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2060-\u206f]", text)
    assert "Traceback" not in text


@pytest.mark.parametrize("command", COMMANDS)
def test_texts_of_content(command: str, hostile: Path, run_any: Run, tmp_path: Path) -> None:
    words = [word.format(out=tmp_path / "out") for word in command.split()]
    result = run_any(*words, "--content", str(hostile))
    assert result.stdout or result.stderr or command == "check"
    assert_harmless(result.stdout)
    assert_harmless(result.stderr)
    assert "this should not happen" not in result.stderr


@pytest.mark.parametrize("command", NAMES)
def test_texts_that_were_typed(command: str, hostile: Path, run_any: Run) -> None:
    words = [word.format(name=HOSTILE.replace("\x00", "")) for word in command.split()]
    result = run_any(*words, *([] if "--content" in words else ["--content", str(hostile)]))
    assert_harmless(result.stdout)
    assert_harmless(result.stderr)
    assert "this should not happen" not in result.stderr


@pytest.mark.parametrize("command", FORMATS)
def test_formats(command: str, hostile: Path, run_any: Run) -> None:
    result = run_any(*command.split(), "--content", str(hostile))
    assert result.exit_code == 0
    assert not result.stderr or result.stderr.startswith("partnergraph: csv holds one table, ")
    assert_harmless(result.stdout)
    if "csv" in command:
        cells = [cell for row in csv.reader(io.StringIO(result.stdout)) for cell in row]
        assert not [cell for cell in cells if re.match(r"\s*[=+@＝＋－＠]|\s*-(?![0-9.]+$)|[\t\r\n]", cell)]
    if "markdown" in command:
        assert_shown_as_it_is(result.stdout)


def assert_shown_as_it_is(text: str) -> None:
    """No link, picture, code or HTML comes out of the Markdown, and each table keeps its columns."""
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)!\[|<|(?<!\\)`|://", text)
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")]
    tables = re.split(r"\n(?!\|)", text)
    assert widths
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines() if line.startswith("|")}) <= 1


@pytest.mark.parametrize("format", ["json", "tsv", "xml"])
def test_formats_for_programs_lose_nothing(format: str, hostile: Path, run_any: Run) -> None:
    graph = partnergraph.load(hostile)
    query = EVERYTHING.format()
    result = run_any("query", "-f", format, query, "--content", str(hostile))
    assert_harmless(result.stdout)
    formats = {"json": ox.QueryResultsFormat.JSON, "tsv": ox.QueryResultsFormat.TSV, "xml": ox.QueryResultsFormat.XML}
    if format == "xml":
        # XML knows no control characters, however they are written.
        assert "&#x202E;" in result.stdout
        return
    read = ox.parse_query_results(result.stdout.encode(), format=formats[format])
    assert {row["l"].value for row in read} == {str(row["l"].value) for row in graph.query(query)}


def test_exports_for_programs_lose_nothing(hostile: Path, run_any: Run) -> None:
    graph = partnergraph.load(hostile)
    written = {form: run_any("export", form, "-", "--content", str(hostile)).stdout for form in ("nquads", "turtle", "jsonld")}
    formats = {"nquads": ox.RdfFormat.N_QUADS, "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
    texts = {quad.object.value for quad in graph.store if isinstance(quad.object, ox.Literal)}
    for form, text in written.items():
        assert {q.object.value for q in ox.parse(text, format=formats[form]) if isinstance(q.object, ox.Literal)} == texts


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    data = write_csv([text], [[text]]).decode()
    for (cell,) in csv.reader(io.StringIO(data, newline="")):
        assert cell.startswith("'")


@pytest.mark.parametrize("text", ["Microsoft", "-5", "-1.50", "a=b", "5", "", "–"])
def test_cells_that_are_none_stay(text: str) -> None:
    assert list(csv.reader(io.StringIO(write_csv(["h"], [[text, 1]]).decode())))[1][0] == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain Tür 日本語", "plain Tür 日本語"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\nb\tc\r\nd\u2028e", "a b c  d e"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),  # a joiner that Devanagari is written with
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),  # a picture of two
        ("pay\u200dpal\u200c", "paypal"),
        ("\udcff.ttl", "\\xff.ttl"),
        ("\ud800", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_printable_keeps_lines() -> None:
    assert printable("a\n\tb\x1b\r\nc\rd\x85e") == "a\n\tb\nc" + "de"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# head", "\\# head"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("1.5 billion", "1.5 billion"),
        ("a_b*c*", "a\\_b\\*c\\*"),
        ("a & <b>", "a &amp; &lt;b&gt;"),
        ("| a | b |", "\\| a \\| b \\|"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert markdown(text) == expected


def test_errors_of_the_library_are_one_harmless_line() -> None:
    for error in (ContentError(Path(HOSTILE), HOSTILE), StoreError(HOSTILE, HOSTILE), OutputError(HOSTILE)):
        assert_harmless(str(error))
        assert "\n" not in str(error)


def test_names_of_columns_and_keys_are_harmless_in_json(hostile: Path, run_any: Run) -> None:
    result = run_any("query", "-f", "json", "SELECT ('\\u202E' AS ?x) {}", "--content", str(hostile))
    assert json.loads(result.stdout)["results"]["bindings"][0]["x"]["value"] == "\u202e"
    assert "\u202e" not in result.stdout


def test_progress_is_harmless(hostile: Path) -> None:
    """A terminal is told which file is read: nothing but the sequences that clear the line reaches it."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    code = (
        "import sys\nfrom pathlib import Path\nimport partnergraph.cli\nfrom partnergraph.cli.app import app\nsys.modules['partnergraph.cli.app'].PATIENCE = -1\n"
        "sys.argv = ['partnergraph', 'find', 'zzz', '--content', sys.argv[1]]\napp()"
    )
    utf_8 = os.environ | {"PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen([sys.executable, "-c", code, str(hostile)], stderr=theirs, stdout=subprocess.PIPE, env=utf_8)
    process.wait(60)
    said = os.read(ours, 1 << 20).decode()
    os.close(ours)
    os.close(theirs)
    assert "reading a" in said
    assert_harmless(re.sub(r"\r\x1b\[K|\r\n", "", said))
