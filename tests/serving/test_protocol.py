"""The SPARQL 1.1 Protocol, its query part, as clients of all kinds speak it."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from typer.testing import Result

import partnergraph
from partnergraph.cli.asking import Form, print_answer

from .conftest import Running

SELECT = "SELECT ?s WHERE { ?s a pg:Investment } ORDER BY ?s"
GRAPH = "CONSTRUCT { ?s a pg:Investment } WHERE { ?s a pg:Investment }"
FORM = "application/x-www-form-urlencoded"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_is_asked_by_get_by_a_form_and_as_the_body(tiny: Running):
    ways = [
        tiny.ask(SELECT),
        tiny.get("/sparql", method="POST", body=urlencode({"query": SELECT}).encode(), Content_Type=FORM),
        tiny.get("/sparql", method="POST", body=SELECT.encode(), Content_Type="application/sparql-query"),
        tiny.get("/sparql", method="POST", body=SELECT.encode(), Content_Type="application/sparql-query; charset=UTF-8"),
    ]
    assert [got.status for got in ways] == [200] * 4
    assert {got.body for got in ways} == {ways[0].body}
    found = [row["s"]["value"].rpartition("/")[2] for row in ways[0].json["results"]["bindings"]]
    assert found == sorted(found)
    assert len(found) > 2


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (SELECT, "", "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        (GRAPH, "", "text/turtle; charset=utf-8"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/ld+json", "application/ld+json"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_the_format_is_what_accept_says(tiny: Running, query: str, accept: str, media: str):
    got = tiny.ask(query, **({"Accept": accept} if accept else {}))
    assert (got.status, got.headers["content-type"]) == (200, media)
    assert got.headers["vary"] == "Accept"


def test_every_format_says_the_same(tiny: Running):
    wanted = [row["s"]["value"] for row in tiny.ask(SELECT).json["results"]["bindings"]]
    assert [row["s"] for row in csv.DictReader(io.StringIO(tiny.get("/sparql", {"query": SELECT, "format": "csv"}).text))] == wanted
    assert tiny.get("/sparql", {"query": SELECT, "output": "tsv"}).text.split("\n")[1:-1] == [f"<{iri}>" for iri in wanted]
    tree = ET.fromstring(tiny.get("/sparql", {"query": SELECT, "format": "xml"}).body)  # noqa: S314  # made here
    assert [node.text for node in tree.iter("{http://www.w3.org/2005/sparql-results#}uri")] == wanted
    formats = {
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "rdfxml": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    for name, form in formats.items():
        got = tiny.get("/sparql", {"query": GRAPH, "format": name})
        assert sorted(quad.subject.value for quad in ox.parse(got.body, format=form)) == wanted, name


@pytest.mark.parametrize(
    ("values", "status", "says"),
    [
        ({"query": "SELECT * {"}, 400, "ends too early"),
        ({"query": "nonsense"}, 400, "no query"),
        ({"query": ""}, 400, "empty"),
        ({"query": "INSERT DATA { <a:a> <a:a> 1 }"}, 403, "read-only"),
        ({"update": "CLEAR ALL"}, 403, "read-only"),
        ({"query": "SELECT * { SERVICE <http://x> { ?s ?p ?o } }"}, 403, "SERVICE"),
        ({"query": "SELECT * FROM <http://x> { ?s ?p ?o }"}, 403, "FROM"),
        ({"query": "ASK {}", "default-graph-uri": "http://x"}, 400, "default-graph-uri"),
        ({"query": "ASK {}", "named-graph-uri": "http://x"}, 400, "named-graph-uri"),
        ({"query": "ASK {}", "format": "csv"}, 406, "yes or no"),
        ({"query": "ASK {}", "format": "nonsense"}, 406, "answers can be had as"),
        ({"query": "ASK {}", "timeout": "soon"}, 400, "seconds"),
        ({"query": "ASK {}", "timeout": "-1"}, 400, "seconds"),
        ({"query": "ASK {}", "timeout": "1e-9"}, 400, "seconds"),
        ({"query": "SELECT * { ?s unknown:p ?o }"}, 400, "unknown:"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_a_status(tiny: Running, values: dict[str, str], status: int, says: str):
    got = tiny.get("/sparql", values)
    assert (got.status, got.headers["content-type"]) == (status, "application/problem+json")
    assert got.json["status"] == status
    assert says in got.json["detail"]
    assert "--" not in got.json["detail"]
    assert got.headers["access-control-allow-origin"] == "*"


def test_a_mistake_in_a_query_has_its_place(tiny: Running):
    told = tiny.ask("SELECT *\nWHERE { ?s nope:p ?o }").json
    assert (told["line"], told["column"]) == (2, 12)


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("POST", {"Content-Type": "text/plain"}, b"ASK {}", 415),
        ("POST", {}, b"ASK {}", 415),
        ("POST", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        ("POST", {"Content-Type": "application/sparql-query; charset=utf-16"}, b"ASK {}", 415),
        ("POST", {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}, b"ASK {}", 415),
        ("POST", {"Content-Type": "application/sparql-update"}, b"CLEAR ALL", 403),
        ("POST", {"Content-Type": "application/sparql-query"}, b"ASK {} # \xff", 400),
        ("POST", {"Content-Type": "application/sparql-query"}, b"", 400),
        ("POST", {"Content-Type": FORM}, b"", 400),
        ("POST", {"Content-Type": FORM}, b"query=%ff", 400),
        ("POST", {"Content-Type": FORM}, b"query=ASK%7B%7D&query=ASK%7B%7D", 400),
        ("POST", {"Content-Type": FORM}, b"a=1&" * 150, 400),
        ("POST", {"Content-Type": "application/sparql-query"}, b"#" * 140_000, 413),
        ("PUT", {}, b"", 405),
        ("DELETE", {}, None, 405),
        ("PATCH", {}, b"", 405),
    ],
)
def test_requests_of_the_wrong_kind_get_the_status_of_the_contract(
    tiny: Running, method: str, headers: dict[str, str], body: bytes, status: int
):
    got = tiny.get("/sparql", method=method, body=body, **{name.replace("-", "_"): value for name, value in headers.items()})
    assert (got.status, got.headers["content-type"]) == (status, "application/problem+json"), got.text
    assert got.json["detail"]


def test_bytes_that_are_no_text_in_an_address_are_said_to_be_so(tiny: Running):
    assert tiny.get("/sparql?query=%ff%fe").status == 400
    assert tiny.get("/entity/%ff.html").status == 404
    assert tiny.get("/search?q=%ff").status == 400


def test_a_long_address_is_told_to_be_posted(tiny: Running):
    got = tiny.get("/sparql", {"query": "ASK {} #" + "a" * 9000})
    assert got.status == 414
    assert "POST" in got.json["detail"]


def test_unknown_parameters_are_tolerated(tiny: Running):
    assert tiny.get("/sparql", {"query": "ASK {}", "nonsense": "1", "infer": "true"}).json["boolean"] is True


def test_nothing_asked_is_the_description_for_programs_and_the_editor_for_people(tiny: Running):
    described = tiny.get("/sparql")
    assert described.headers["content-type"].startswith("text/turtle")
    triples = {(t.predicate.value.rpartition("#")[2], str(t.object)) for t in ox.parse(described.body, format=ox.RdfFormat.TURTLE)}
    assert ("endpoint", "<https://graph.example.org/ai/sparql>") in triples
    assert ("supportedLanguage", "<http://www.w3.org/ns/sparql-service-description#SPARQL11Query>") in triples
    assert tiny.get("/sparql", Accept="application/n-triples").headers["content-type"] == "application/n-triples"
    page = tiny.get("/sparql", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert page.headers["content-type"].startswith("text/html")
    assert "<textarea" in page.text


def test_head_and_options(tiny: Running):
    full, head = tiny.ask(SELECT), tiny.get("/sparql", {"query": SELECT}, method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(full.body)))
    options = tiny.get("/sparql", method="OPTIONS", Origin="https://other.example")
    assert options.status == 204
    assert "POST" in options.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sparql", "GET, HEAD, POST, OPTIONS"),
        ("/reconcile", "GET, HEAD, POST, OPTIONS"),
        ("/mcp", "POST, OPTIONS"),
        ("/ask.json", "GET, HEAD, OPTIONS"),
        ("/entity/lab.html", "GET, HEAD, OPTIONS"),
    ],
)
def test_an_address_says_what_it_takes_and_takes_no_more(tiny: Running, path: str, allowed: str):
    assert tiny.get(path, method="OPTIONS").headers["allow"] == allowed
    refused = tiny.get(path, method="PUT")
    assert refused.status == 405
    assert set(refused.headers["allow"].split(", ")) <= set(allowed.split(", "))


def test_a_question_without_a_value_is_told_so(tiny: Running):
    got = tiny.get("/ask/investments-in.json", {"entity": "", "as_of": ""})
    assert (got.status, got.json["detail"]) == (400, "entity: give a value, or leave the parameter out")
    # What a form leaves empty of a view is not asked for.
    assert tiny.get("/ask/investments-in.json", {"entity": "Lab", "as_of": ""}).status == 200


def test_what_has_not_changed_is_not_sent_again(tiny: Running):
    first = tiny.ask(SELECT)
    assert tiny.ask(SELECT, If_None_Match=first.headers["etag"]).status == 304
    assert tiny.get("/sparql", {"query": SELECT, "format": "csv"}, If_None_Match=first.headers["etag"]).status == 200
    assert "etag" not in tiny.ask("SELECT (NOW() AS ?now) {}").headers
    page = tiny.get("/entity/lab.html")
    assert tiny.get("/entity/lab.html", If_None_Match=page.headers["etag"]).status == 304


def test_a_timeout_is_never_an_empty_answer(tiny: Running):
    got = tiny.get("/sparql", {"query": CROSS, "timeout": "0.5"})
    assert got.status == 503
    assert "0.5 seconds" in got.json["detail"]
    assert int(got.headers["retry-after"]) > 0


def test_a_client_cannot_allow_itself_more_time(tiny: Running):
    got = tiny.get("/sparql", {"query": CROSS, "timeout": "5000"})
    assert "10 seconds" in got.json["detail"]


def test_an_answer_that_is_too_large_says_so(tiny: Running):
    got = tiny.ask("SELECT ?a { ?a ?b ?c . ?d ?e ?f }")
    assert got.status == 413
    assert "100,000 rows" in got.json["detail"]
    got = tiny.ask("CONSTRUCT { ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f }")
    assert got.status == 413


def test_an_answer_larger_than_memory_keeps_is_whole(tiny: Running):
    query = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d a pg:Investment }"
    got = tiny.ask(query)
    assert got.status == 200
    assert len(got.body) > 2**20
    assert len(got.body) == int(got.headers["content-length"])
    count = tiny.ask(f"SELECT (COUNT(*) AS ?n) {{ {{ {query} }} }}").json["results"]["bindings"][0]["n"]["value"]
    assert len(got.json["results"]["bindings"]) == int(count)


def test_named_questions_answer_in_the_bytes_of_the_command(
    shipped: Running, graph: partnergraph.Graph, capfdbinary: pytest.CaptureFixture[bytes]
):
    names = [name for name, query in graph.questions.items() if all(parameter.default for parameter in query.parameters)]
    assert len(names) > 100
    for name in names:
        answer = graph.ask(name)
        for form in ("json", "csv"):
            print_answer(graph, answer, Form(form))
            assert shipped.get(f"/ask/{name}.{form}").body == capfdbinary.readouterr().out, f"{name}.{form}"


def test_a_question_takes_values_and_views(shipped: Running, run: Callable[..., Result]):
    got = shipped.get("/ask/investments-in.csv", {"entity": "open ai", "as_of": "2020-01-01"})
    assert got.body == run("ask", "investments-in", "entity=open ai", "--as-of", "2020-01-01", "-f", "csv").stdout_bytes
    assert shipped.get("/ask/investments-in.xlsx").body.startswith(b"PK")
    assert shipped.get("/ask/investments-in.srj").json["head"]["vars"][0] == "claim"
    assert shipped.get("/ask/investments-in.json", {"entity": "Opn AI"}).status == 404
    assert shipped.get("/ask/investments-in.json", {"nonsense": "1"}).status == 400
    assert shipped.get("/ask/investments-in.json", {"as_of": "soon"}).status == 400
    assert shipped.get("/ask/nonsense.json").status == 404


def test_the_api_describes_every_question(shipped: Running, graph: partnergraph.Graph):
    told = shipped.get("/openapi.json").json
    assert told["openapi"] == "3.1.0"
    assert {f"/ask/{name}.{{suffix}}" for name in graph.questions} <= set(told["paths"])
    parameters = told["paths"]["/ask/investments-in.{suffix}"]["get"]["parameters"]
    assert [p["name"] for p in parameters if "name" in p] == ["suffix", "entity"]
    assert json.dumps(told)
