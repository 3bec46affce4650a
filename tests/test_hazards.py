"""What hostile content does: every file and every value has one stated outcome, in every command and every export."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import Result

import partnergraph
from partnergraph.base.errors import ContentError
from partnergraph.rdf.turtle import format_turtle

Run = Callable[..., Result]
Folder = Callable[[str], Path]
HEAD = "@prefix x: <http://x/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"

# What is not read, and why not.
REFUSED_FILES = {
    "RDF/XML with an entity bomb": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "&b;&b;">]><x>&a;</x>',
        ":1: not valid Turtle: ",
    ),
    "JSON-LD with a remote context": (b'{"@context": "http://127.0.0.1:1/", "@id": "x:s"}', ":1: not valid Turtle: "),
    "named graphs": (b"GRAPH <x:g> { <x:s> <x:p> 1 }", ":1: not valid Turtle: GRAPH is not a valid subject or graph name"),
    "5,000 blank nodes in each other": (
        b"<x:s> <x:p> " + b"[ <x:p> " * 5000 + b"1" + b"]" * 5000 + b" .",
        ": brackets are nested more",
    ),
    "5,000 lists in each other": (
        b"<x:s> <x:p> " + b"( " * 5000 + b"1" + b")" * 5000 + b" .",
        ": brackets are nested more than 200 deep",
    ),
    "a text of 17 MB": (b'<x:s> <x:p> "' + b"a" * 17_000_000 + b'" .', ": holds a name or text larger than 16 MiB"),
    "a name of 17 MB": (b"<x:s> <x:p> <x:" + b"a" * 17_000_000 + b"> .", ": holds a name or text larger than 16 MiB"),
    "a triple about a triple": (b"<x:s> <x:p> <<( <x:a> <x:b> <x:c> )>> .", ":1: holds a triple about a triple"),
    "something said of a triple": (
        b'<x:s> <x:p> "~" .\n<x:s> <x:p> <x:o> {| <x:a> <x:b> |} .',
        ":2: holds a triple about a triple",
    ),
    "a triple with a name": (b"<x:s> <x:p> <x:~> .\n<x:s> <x:p> <x:o>~<x:r> .", ":2: holds a triple about a triple"),
    "a quote in a name": (b'\n<x:s> <x:p> <http://a/"b> .', ":2: not valid Turtle: Invalid IRI code point '\"'"),
    "markup in a name": (b"<x:s> <x:p> <http://a/<script>> .", ":1: not valid Turtle: Invalid IRI code point '<'"),
    "a blank in a name": (b"<x:s> <x:p> <http://a b> .", ":1: not valid Turtle: Invalid IRI code point ' '"),
    "a byte that is no UTF-8": (b'\n\n<x:s> <x:p> "\xff" .', ":3: not valid Turtle: Invalid UTF-8"),
    "an overlong form": (b'<x:s> <x:p> "\xc0\x80" .', ":1: not valid Turtle: Invalid UTF-8"),
    "a surrogate": (b'<x:s> <x:p> "\xed\xa0\x80" .', ":1: not valid Turtle: Invalid UTF-8"),
    "UTF-16": ("<x:s> <x:p> 1 .".encode("utf-16"), ":1: not valid Turtle: Invalid UTF-8"),
}
# What is read and written, in the canonical form.
WRITTEN = {
    "a byte-order mark": (b"\xef\xbb\xbf" + HEAD.encode() + b"x:s x:p 1 .", "x:s\n    x:p 1 .\n"),
    "a blank node in itself": (HEAD.encode() + b"_:a x:p _:a .", "_:b1\n    x:p _:b1 .\n"),
    "blank nodes in each other": (HEAD.encode() + b"_:a x:p _:b . _:b x:p _:a .", "_:b1\n    x:p _:b2 .\n\n_:b2\n    x:p _:b1 .\n"),
    "a list with two ends": (
        HEAD.encode() + b"x:s x:p _:a . _:a rdf:first 1 ; rdf:rest (1), (2) .",
        "x:s\n    x:p [ rdf:first 1 ; rdf:rest ( 1 ), ( 2 ) ] .\n",
    ),
    "a bracket in a text": (HEAD.encode() + b'x:s x:p "' + b"[" * 300 + b'" .', f'x:s\n    x:p "{"[" * 300}" .\n'),
}


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_files_that_are_refused(name: str, folder: Folder, run: Run) -> None:
    data, problem = REFUSED_FILES[name]
    place = folder("") / "graph_data" / "hostile.ttl"
    place.write_bytes(data)
    for command in (["query", "ASK {}"], ["fmt"]):
        result = run(*command, "--content", str(place.parents[1]), code=1)
        assert result.stdout == ""
        assert result.stderr.startswith(f"partnergraph: {place}{problem}")
        assert result.stderr.count("\n") == 1
    checked = run("check", "--content", str(place.parents[1]), code=1)
    assert checked.stdout.startswith(str(place))
    assert checked.stdout.count("\n") == 1


@pytest.mark.parametrize("name", WRITTEN)
def test_files_that_look_hostile_and_are_not(name: str) -> None:
    data, expected = WRITTEN[name]
    written = format_turtle(Path("f.ttl"), data)
    assert written.endswith("\n\n" + expected)
    assert len(list(ox.parse(written, format=ox.RdfFormat.TURTLE))) == len(
        list(ox.parse(data.removeprefix(b"\xef\xbb\xbf"), format=ox.RdfFormat.TURTLE))
    )


def test_a_chain_of_blank_nodes_in_an_answer(graph: partnergraph.Graph) -> None:
    pattern = " . ".join(f"_:b{n} <x:p> _:b{n + 1}" for n in range(3000))
    answer = graph.query(f"CONSTRUCT {{ {pattern} }} {{}}")
    assert len(list(ox.parse(answer.serialize("turtle"), format=ox.RdfFormat.TURTLE))) == 3000


def test_files_that_are_far_too_large(folder: Folder) -> None:
    place = folder("") / "graph_data" / "large.ttl"
    with place.open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(ContentError, match=r"large\.ttl: is larger than 64 MiB; split it by topic$"):
        partnergraph.load(place.parents[1])


HOSTILE = r"""
ent:a a pg:Company ; rdfs:label "=HYPERLINK(\"http://x\",\"click\")" ;
    skos:altLabel "+cmd", "@SUM(1)", "-1+1", "<script>alert(1)</script>", "\u001b[31mred\u202Eevil" .
ent:b a pg:Company ; rdfs:label "B" .
ent:c a pg:Company .
src:s a pg:Source ; dcterms:title "T<img src=x onerror=alert(1)>" ; dcterms:issued "99999-13-45"^^xsd:date ;
    pg:tier pg:tier-primary ; schema:url "javascript:alert(1)"^^xsd:anyURI .
claim:x a pg:Investment ; rdfs:label "X" ; pg:attestation pg:confirmed ; pg:stage pg:stage-agreed ; pg:investor ent:a ;
    pg:investee ent:b ; pg:amountMin 1e300000000 ; pg:amountMax "1e300000000"^^xsd:decimal ; pg:currency "USD" ;
    pg:date "2024-02-31"^^xsd:date ; pg:cites [ pg:source src:s ; pg:locator "p" ] .
claim:y a pg:Investment ; rdfs:label "Y" ; pg:attestation pg:nonsense ; pg:investor ent:a, "text" ; pg:investee ent:b ;
    pg:amountMin "abc" ; pg:amountMax "NaN"^^xsd:double, 5 ; pg:currency 7 ; pg:date "20240101" ; pg:begin "99999-13-45"^^xsd:date ;
    pg:end "x"^^xsd:gYear ; pg:contradicts claim:x, claim:y ; pg:cites [ pg:source src:missing ] .
claim:z a pg:Investment ; rdfs:label "Z", "Z2"@en ; pg:attestation pg:confirmed, pg:reported ; pg:investor ent:a ;
    pg:investee ent:b, ent:c ; pg:amountMin 1%s ; pg:date "0000"^^xsd:gYear, "-0001-01-01"^^xsd:date ; pg:capacityMin "INF"^^xsd:double .
[] a pg:Investment ; rdfs:label "blank" ; pg:investor ent:a ; pg:investee [ a pg:Company ; rdfs:label "anon" ] .
""" % ("0" * 6000)
COMMANDS = [
    "ask",
    "ask investments-in ent:b",
    "ask investments-in ent:b --as-of 2024-03-01 --known-by 2024-03-01 --undated",
    "show ent:a",
    "show ent:a --tier primary",
    "claim x",
    "claim y",
    "claim z",
    "find cmd",
    "conflicts",
    "diff 2020-01-01 2025-01-01",
    "timeline ent:a",
    "timeline ent:a ent:b",
    "path ent:a ent:b",
    "loops",
    "exposure ent:a",
    "vocabulary",
]


@pytest.fixture
def hostile(folder: Folder) -> list[str]:
    """The option that opens a folder of hostile content."""
    return ["--content", str(folder(HOSTILE))]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_on_hostile_content(command: str, hostile: list[str], run: Run) -> None:
    result = run(*command.split(), *hostile)
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert len(result.output) < 100_000


def test_check_names_every_hostile_value(hostile: list[str], run: Run) -> None:
    result = run("check", *hostile, code=1)
    for claim, value in {
        "claim:x: a date that no calendar has": "2024-02-31",
        "claim:x: pg:amountMax is one plain number": "1e300000000",
        "claim:y: pg:begin is no date": "99999-13-45",
        "claim:y: pg:end is no date": "(it has x)",
        "claim:y: pg:amountMin is one plain number": "abc",
        "claim:z: pg:amountMin is one plain number": "1000",
        "src:s: schema:url must begin with http": "javascript:alert(1)",
        "src:s: dcterms:issued is no date": "99999-13-45",
    }.items():
        assert any(claim in line and value in line for line in result.stdout.splitlines()), (claim, result.stdout)
    assert max(map(len, result.stdout.splitlines())) < 1000


def test_tables_are_made_for_spreadsheets_and_the_library_writes_what_the_standard_says(
    hostile: list[str], run: Run, tmp_path: Path
) -> None:
    query = "SELECT ?l { ent:a rdfs:label|skos:altLabel ?l } ORDER BY ?l"
    formula = '=HYPERLINK("http://x","click")'
    rows = run("query", "-f", "csv", query, *hostile).stdout
    assert f"'{formula}" in [row[0] for row in csv.reader(io.StringIO(rows))]
    standard = partnergraph.load(hostile[1]).query(query).serialize("csv").decode()
    assert formula in [row[0] for row in csv.reader(io.StringIO(standard))]
    run("export", "csv", str(tmp_path / "out.csv"), *hostile)
    for part in ("nodes", "edges"):
        cells = [cell for row in csv.reader((tmp_path / f"out-{part}.csv").open()) for cell in row]
        assert cells
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


@pytest.mark.parametrize("format", ["turtle", "trig", "nquads", "jsonld", "graphml", "gexf", "cytoscape", "nodelink", "parquet"])
def test_exports_of_hostile_content(format: str, hostile: list[str], run: Run, tmp_path: Path) -> None:
    out = tmp_path / f"out.{format}"
    run("export", format, str(out), *hostile)
    written = sorted(tmp_path.glob("out*"))
    assert written
    if format in {"graphml", "gexf"}:
        assert b"<script" not in out.read_bytes()
    if format in {"jsonld", "cytoscape", "nodelink"}:
        # Strict: numbers that JSON does not know would make it unreadable elsewhere.
        json.loads(out.read_text(encoding="utf-8"), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_the_map_of_hostile_content(hostile: list[str], run: Run, tmp_path: Path) -> None:
    run("map", "-o", str(tmp_path / "map.html"), *hostile)
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page
