"""What goes wrong becomes one sentence with place and repair, on the command line and in Python; nothing else is ever seen."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import Result

import partnergraph
from partnergraph.base import faults
from partnergraph.base.errors import ContentError, OutputError, PartnerGraphError, QueryError, StoreError
from partnergraph.core.rows import rows
from partnergraph.stores.addresses import check_address

Run = Callable[..., Result]
Folder = Callable[[str], Path]

AMAZON = "<https://en.wikipedia.org/wiki/Amazon.com,_Inc.>"
TWO = """
ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
src:s a pg:Source ; dcterms:title "T" ; dcterms:issued "2024-01-01"^^xsd:date ; pg:tier pg:tier-primary .
claim:x a pg:Investment ; rdfs:label "x" ; pg:attestation pg:confirmed ; pg:stage pg:stage-agreed ; pg:investor ent:a ; pg:investee ent:b ;
"""
CITED = 'pg:cites [ pg:source src:s ; pg:locator "p" ]'
# Content that once ended in a traceback somewhere: every command answers on it.
CONTENT = {
    "a comma in an IRI": TWO.replace("ent:a", AMAZON) + f"{CITED} .",
    "a citation that is a text": TWO + 'pg:cites "page 5" .',
    "a source that is a text": TWO + 'pg:cites [ pg:source "page 5" ] .',
    "parties that are texts": TWO + f'pg:investor "A" ; pg:investee 5 ; {CITED} .',
    "the last day of the calendar": TWO + f'pg:date "9999-12-31"^^xsd:date ; {CITED} .',
    "the last year, from and until": TWO + f'pg:begin "9999"^^xsd:gYear ; pg:end "9999-12"^^xsd:gYearMonth ; {CITED} .',
    "years before the calendar": TWO + f'pg:date "0000"^^xsd:gYear ; pg:begin "-0044-03-15"^^xsd:date ; {CITED} .',
    "a year of five digits": TWO + f'pg:date "12024-01-01"^^xsd:date ; pg:end "99999"^^xsd:gYear ; {CITED} .',
    "days that only rules may state": TWO + f'pg:startsEarliest "soon" ; pg:endsLatest 7 ; pg:attested "x" ; {CITED} .',
    "a label of 200,000 characters": TWO.replace('"A"', f'"{"A" * 200_000}"') + f"{CITED} .",
    "a name with a line break": TWO.replace('"A"', '"A\\nB\\tC\\"D\\\\"') + f"{CITED} .",
    "amounts beyond all money": TWO + f"pg:amountMin 1e300000000 ; pg:amountMax -5 ; pg:stakeMin 1e999 ; {CITED} .",
    "claims called like others with a number": TWO
    + f'{CITED} . <https://w3id.org/partnergraph/claim/x#1> a pg:Investment ; rdfs:label "y" ; pg:investor ent:a, ent:b ; pg:investee ent:b, ent:a .',
    "names that look like short names": TWO.replace("ent:a", "<ent:openai>") + f"{CITED} .",
    "names of all signs that IRIs have": TWO.replace("ent:a", "<http://x/~a~b|c'd;e$f,g(h)*+!=&%2C→#i>".replace("|", ""))
    + f"{CITED} .",
    "blank nodes for everything": '[] a pg:Investment ; rdfs:label "b" ; pg:investor [ a pg:Company ] ; pg:investee [] ; pg:cites [ pg:source [] ] .',
    "nothing": "",
}
COMMANDS = (
    "show {who}",
    "claim x",
    "find a",
    "conflicts",
    "diff 2020-01-01 2025-01-01",
    "timeline {who}",
    "path {who} ent:b",
    "loops",
    "exposure {who}",
    "concentration compute",
    "overlaps one-firm",
    "ask investments-in ent:b",
    "ask events-between-two {who} ent:b",
    "find a --as-of 2025-01-01 --known-by 2025-01-01",
    "map -o {out}.html",
    *(f"export {name} {{out}}" for name in ("csv", "parquet", "graphml", "gexf", "cytoscape", "nodelink", "turtle", "jsonld")),
    "check",
)


@pytest.mark.parametrize("name", CONTENT)
def test_content(name: str, folder: Folder, run_any: Run, tmp_path: Path) -> None:
    place = folder(CONTENT[name])
    who = AMAZON if AMAZON in CONTENT[name] else "ent:b"
    for command in COMMANDS:
        result = run_any(*(word.format(who=who, out=tmp_path / "out") for word in command.split()), "--content", str(place))
        assert result.exit_code in {0, 1}, command
        assert "this should not happen" not in result.stderr, command
        # One line a file that was written, or one sentence.
        assert all(line.startswith("partnergraph: ") for line in result.stderr.splitlines()), command
        assert result.exit_code == 0 or result.stderr.startswith("partnergraph: "), command


def test_cells_are_told_apart_by_what_no_term_holds(folder: Folder) -> None:
    text = 'a,b\t"c"\nd\\e\u2028f'
    graph = partnergraph.load(folder(TWO.replace("ent:a", AMAZON).replace('"A"', str(ox.Literal(text))) + f"{CITED} ."))
    (found,) = [row for row in rows(graph, "entities") if row["label"] == text]
    assert found["entity"] == AMAZON[1:-1]
    assert graph.network().has_edge(AMAZON[1:-1], "ent:b", "claim:x")


def test_csv_quotes_iris(folder: Folder) -> None:
    graph = partnergraph.load(folder(TWO.replace("ent:a", AMAZON) + f"{CITED} ."))
    answer = graph.query("SELECT ?a ?l { ?c pg:investor ?a . ?a rdfs:label ?l }")
    assert answer.serialize("csv") == f'a,l\r\n"{AMAZON[1:-1]}",A\r\n'.encode()


def test_edges_of_all_claims_have_names_of_their_own(folder: Folder, run_any: Run, tmp_path: Path) -> None:
    import networkx as nx

    from arrows import with_arrows

    place = folder(CONTENT["claims called like others with a number"].replace("pg:investor ent:a ;", "pg:investor ent:a, ent:b ;"))
    run_any("export", "graphml", str(tmp_path / "n.graphml"), "--content", str(place))
    ids = [key for _, _, key in nx.read_graphml(with_arrows(tmp_path / "n.graphml"), force_multigraph=True).edges(keys=True)]
    assert len(ids) == len(set(ids)) > 3


def test_an_iri_that_looks_like_a_short_name_is_another_one(folder: Folder) -> None:
    other = TWO.replace("ent:a", "<ent:openai>") + f'{CITED} . ent:openai a pg:Company ; rdfs:label "O" .'
    graph = partnergraph.load(folder(other))
    assert graph.network().has_edge("<ent:openai>", "ent:b", "claim:x")
    assert graph.find_entity("<ent:openai>") == "ent:openai"
    assert graph.find_entity("ent:openai") == "https://w3id.org/partnergraph/entity/openai"


def test_what_is_typed_last_of_the_calendar(run_any: Run, folder: Folder) -> None:
    place = str(folder(CONTENT["the last day of the calendar"]))
    said = run_any("timeline", "ent:a", "--content", place).stdout
    assert "9999-12-31" in said
    assert "●" in said


def test_a_citation_that_is_a_text_is_a_violation(folder: Folder, run_any: Run) -> None:
    result = run_any("check", "--content", str(folder(CONTENT["a citation that is a text"])))
    assert result.exit_code == 1
    assert any(": claim:x: a citation needs exactly one pg:source" in line for line in result.stdout.splitlines())
    assert result.stderr.startswith("partnergraph: ")
    assert result.stderr.count("\n") == 1


TRIPLES = "CONSTRUCT { ?s <x:p> <<( ?s ?p ?o )>> } { ?s ?p ?o } LIMIT 1"
TERMS = "SELECT (<<( <x:s> <x:p> 'a' )>> AS ?t) ('b' AS ?u) {}"


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "tsv", "json", "xml"])
def test_triples_as_values(form: str, folder: Folder, run_any: Run) -> None:
    result = run_any("query", "-f", form, TERMS, "--content", str(folder(TWO + f"{CITED} .")))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "x:s" in result.stdout
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(result.stdout)))[1]) == 2


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld"])
def test_triples_about_triples(form: str, folder: Folder) -> None:
    answer = partnergraph.load(folder(TWO + f"{CITED} .")).query(TRIPLES)
    if form != "jsonld":
        assert b"<<( " in answer.serialize(form)
    else:
        with pytest.raises(OutputError) as caught:
            answer.serialize(form)
        assert str(caught.value) == f"the answer has triples about triples, which cannot be written as {form}; take ntriples"
    assert answer._repr_html_()


ADDRESSES = {
    "http://user:secret@host/query": "http://host/query: holds a name or password; leave it out and set PARTNERGRAPH_USER",
    "http://user:sec@ret@host": "http://host: holds a name or password",
    "http://user:secret/@host": "http://host: holds a name or password",
    "http://secret@[::1": "http://[::1: holds a name or password",
    "ftp://host/": "ftp://host/: is no address of a server; write http:// or https:// first",
    "host": "host: is no address of a server; write http:// or https:// first",
    "": ": is no address of a server; write http:// or https:// first",
    "http://": "http://: is no address of a server; write it as http://localhost:7878/query",
    "http://host:port/": "http://host:port/: is no address of a server; write it as http://localhost:7878/query",
    "http://host:99999/": "http://host:99999/: is no address",
    "http://host:0/": "http://host:0/: is no address",
    "http://[::1/": "http://[::1/: is no address",
    "http://a b/": "http://a b/: is no address",
    "http://a\r\nHost: b/": "http://a  Host: b/: is no address",
    "http://ü.example/": "http://ü.example/: is no address",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses(address: str, run_any: Run, folder: Folder) -> None:
    with pytest.raises(StoreError) as caught:
        check_address(address)
    assert str(caught.value).startswith(ADDRESSES[address])
    with pytest.raises(StoreError):
        partnergraph.connect(address)
    place = str(folder(TWO + f"{CITED} ."))
    for words in (["find", "x", "--endpoint", address], ["push", address, "--content", place]):
        result = run_any(*words)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"partnergraph: {ADDRESSES[address]}")
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("address", ["http://localhost:7878/query", "https://host/sparql?x=a@b", "http://[::1]:3030/ds"])
def test_addresses_that_are_right(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "words",
    [
        ["find", "x", "--endpoint", "http://me:s3cret@127.0.0.1:1/"],
        ["http://me:s3cret@host/"],
        ["find", "x", "--nothing=http://me:s3cret@host/"],
        ["find", "a", "http://me:s3cret@host/"],
        ["show", "http://me:s3cret@host/"],
        ["query", "http://me:s3cret@host/"],
        ["export", "http://me:s3cret@host/", "x"],
    ],
)
def test_passwords_are_never_echoed(words: list[str], run_any: Run) -> None:
    result = run_any(*words)
    assert result.exit_code != 0
    assert "s3cret" not in result.output


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "partnergraph"


def test_what_nobody_foresaw_is_a_sentence_and_a_report(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERGRAPH_TOKEN", "t0ken")
    try:
        partnergraph.Graph.ask(None, "x")  # type: ignore[arg-type]
    except AttributeError as error:
        error.args = (f"{error} t0ken http://me:s3cret@host/ \x1b[31m\n\u202e",)
        said = faults.sentence(error)
    (report,) = state.iterdir()
    assert said == (
        "AttributeError: 'NoneType' object has no attribute 'question' [PARTNERGRAPH_TOKEN] http://host/ [31m "
        f" (api.py, line {line_of('query = self.question(question)')}); this should not happen: "
        f"please send us {report}, which says what led to it"
    )
    text = report.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in text
    assert "query = self.question(question)" in text
    assert "s3cret" not in text
    assert "t0ken" not in text
    assert (report.stat().st_mode & 0o777, state.stat().st_mode & 0o777) == (0o600, 0o700)


def line_of(text: str) -> int:
    lines = Path(partnergraph.__path__[0], "api.py").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_where_no_report_can_be_written_the_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    assert faults.sentence(ValueError()) == (
        "ValueError (before anything ran); this should not happen: no report could be written; please send us this line"
    )


def test_errors_of_the_system_name_what_they_are_about(state: Path) -> None:
    said = faults.sentence(PermissionError(13, "Permission denied", "/a\x1b\udcff"))
    assert said.startswith("/a\\xff: Permission denied (")
    assert list(state.iterdir())


def test_no_memory_is_no_fault(state: Path) -> None:
    assert faults.sentence(MemoryError()).startswith("there is not enough memory for this; ask for less")
    assert not state.exists()


ONTOLOGIES: dict[str, tuple[str, bytes | None, str, str]] = {
    "a projection is missing": (
        "projections/names.rq",
        None,
        "find a",
        "ontology/projections: has no names.rq, which this command needs",
    ),
    "a projection lacks a column": (
        "projections/edges.rq",
        b"#+ title: x\nSELECT ?x WHERE { ?x a ?y }",
        "export csv out",
        "ontology/projections/edges.rq: gives no column ",
    ),
    "a question is no text": ("questions/q.rq", b"#+ title: \xff", "ask", "ontology/questions/q.rq:1: is not UTF-8"),
    "shapes are no Turtle": ("shapes.ttl", b"nonsense", "check", "ontology/shapes.ttl:1: not valid Turtle: "),
}


@pytest.mark.parametrize("name", ONTOLOGIES)
def test_ontologies(name: str, folder: Folder, run_any: Run) -> None:
    import shutil

    from partnergraph.content.folders import find_content

    file, data, command, problem = ONTOLOGIES[name]
    place = folder(TWO + f"{CITED} .")
    shutil.copytree(find_content().ontology, place / "ontology")
    if data is None:
        (place / "ontology" / file).unlink()
    else:
        (place / "ontology" / file).write_bytes(data)
    result = run_any(
        *command.split(), "--content", str(place), *(["--trust"] if "--trust" in run_any("find", "--help").stdout else [])
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"partnergraph: {place}/{problem}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "investments-in", "-f", "tabel"], "no format named 'tabel'; take one of table, markdown, json, csv, xlsx"),
        (["loops", "-f", "x"], "no format named 'x'; take one of table, markdown, json, csv, xlsx"),
        (["conflicts", "-f", "x"], "no format named 'x'; take one of table, markdown, json, csv, xlsx"),
        (["export", "gexff", "x"], "no format named 'gexff'; did you mean 'gexf'?"),
        (["query", ""], "this is no query"),
        (["query", "a" * 5000], "this is no query"),
        (["query", "/dev/null"], "this is no query"),
        (["query", "."], ".: is a folder; name a file that holds a query"),
        (["query", "ASK {}", "--timeout", "nan"], "--timeout takes a number of seconds"),
        (["find", ""], "no name, claim or source is like ''"),
        (["show", ""], "no entity named ''"),
    ],
)
def test_what_is_typed(words: list[str], said: str, run_any: Run) -> None:
    result = run_any(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"partnergraph: {said}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["ask", "investments-in", "-f", "tabel"], ["loops", "-f", "x"], ["export", "x", "y"], ["diff", "a", "b", "-f", "x"]]
)
def test_formats_are_looked_at_before_anything_is_loaded(words: list[str], run_any: Run) -> None:
    result = run_any(*words, "--content", "/no/such/folder")
    assert "no format named" in result.stderr


def test_a_long_line_of_a_query_is_shown_around_the_place(folder: Folder) -> None:
    with pytest.raises(QueryError) as caught:
        partnergraph.load(folder(TWO + f"{CITED} .")).query("SELECT * { " + "?s ?p ?o . " * 5000 + "?s ?p )")
    message, line, mark = str(caught.value).split("\n")
    assert len(line) <= 170
    assert line.endswith("?s ?p )")
    assert (mark.strip(), len(mark)) == ("^", len(line) + 1)
    assert message.startswith("line 1, column 550")


def test_the_same_causes_in_python(folder: Folder) -> None:
    graph = partnergraph.load(folder(CONTENT["the last day of the calendar"]))
    assert graph.at(as_of=datetime.date.max).view.as_of == datetime.date.max
    assert graph.network().number_of_edges() == 1
    for wrong in (
        lambda: partnergraph.load("/no/such/folder"),
        lambda: partnergraph.connect("http://a:b@c"),
        lambda: graph.query("SELECT"),
        lambda: graph.ask("nothing"),
        lambda: graph.entity("\udcff"),
        lambda: graph.query("SELECT * { ?s ?p '\udcff' }"),
        lambda: graph.ask("investments-in", entity="\udcff"),
        lambda: graph.claim("\udcff"),
        lambda: partnergraph.load("a\x00b"),
    ):
        with pytest.raises(PartnerGraphError):
            wrong()
    with pytest.raises(ContentError, match="no such folder"):
        partnergraph.load("\udcff")
