"""Pages, linked data, feeds and reconciliation: what a visitor and a program get, also from hostile content."""

from __future__ import annotations

import json
import os
import re
import signal
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urljoin

import pyoxigraph as ox
import pytest

import partnergraph
from partnergraph.errors import OutputError
from partnergraph.server.documents import anchor_of, documents, find_sections, relinked
from partnergraph.server.pages.drawing import Point, time_chart
from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.frame import Page
from partnergraph.server.pages.links import Links, file_name
from partnergraph.server.pages.reconcile import candidates
from partnergraph.server.pages.render import render
from partnergraph.server.paging import page_maker
from partnergraph.server.settings import PUBLIC, Settings
from partnergraph.server.static import dead_links, write_site
from partnergraph.server.worker import Worker

from .conftest import TINY, Running

PAGES = (
    *(
        "/",
        "/ask",
        "/ask/investments-in?entity=Lab",
        "/conflicts",
        "/timeline?entity=Lab",
        "/diff?first=2020-01-01&second=2026-01-01",
    ),
    *("/vocabulary", "/about", "/search?q=lab", "/entity/lab.html", "/entity/lab.html?kind=investment", "/sparql?query=ASK%7B%7D"),
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_lets_no_script_in(tiny: Running, path: str):
    got = tiny.get(path, Accept="text/html")
    assert (got.status, got.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert got.text.startswith("<!doctype html>")
    assert got.text.rstrip().endswith("</html>")
    policy = got.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert got.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|javascript:| style=", got.text)


def test_a_crawler_finds_no_dead_link(tiny: Running):
    seen: set[str] = set()
    open_ = ["/"]
    prefix = "/ai"
    dead = []
    while open_ and len(seen) < 400:
        path = open_.pop()
        if path in seen:
            continue
        seen.add(path)
        got = tiny.get(path)
        if got.status not in {200, 303}:
            dead.append((path, got.status))
        if not got.headers.get("content-type", "").startswith("text/html") or path.startswith("/map"):
            continue
        for link in re.findall(r'(?:href|src)="([^"#]*)', got.text):
            address = link.replace("&amp;", "&")
            if address.startswith(prefix):
                open_.append(address.removeprefix(prefix) or "/")
    assert dead == []
    assert len(seen) > 100


def test_an_entity_page_begins_with_what_one_wants_to_know(shipped: Running):
    text = shipped.get("/entity/openai.html").text
    places = [
        text.index(part)
        for part in (
            "<h1>OpenAI</h1>",
            "Owned by",
            "Funded most by",
            "Runs on the computing of",
            ">Contested",
            "Around OpenAI",
            'class="section',
        )
    ]
    assert places == sorted(places)
    assert "The SPARQL behind this" in text
    assert "Cite this" in text
    assert '<svg class="chart"' in text


def test_iris_dereference_to_what_suits_the_client(tiny: Running):
    for accept, suffix in (
        ("text/html,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/json", "json"),
        ("", "html"),
    ):
        got = tiny.get("/entity/lab", **({"Accept": accept} if accept else {}))
        assert (got.status, got.headers["location"], got.headers["vary"]) == (303, f"/ai/entity/lab.{suffix}", "Accept")
        assert 'rel="alternate"' in got.headers["link"]
        assert tiny.get(f"/entity/lab.{suffix}").status == 200
    assert tiny.get("/entity/lab", Accept="image/png").status == 406
    assert tiny.get("/entity/laab").status == 404
    got = tiny.get("/entity/Lab.ttl")
    assert (got.status, got.headers["location"]) == (301, "/ai/entity/lab.ttl")


def test_linked_data_says_what_the_graph_says(tiny: Running):
    subject = "https://w3id.org/partnergraph/entity/lab"
    asked = tiny.get("/sparql", {"query": f"CONSTRUCT {{ <{subject}> ?p ?o }} WHERE {{ <{subject}> ?p ?o }}", "format": "ntriples"})
    wanted = {quad.triple for quad in ox.parse(asked.body, format=ox.RdfFormat.N_TRIPLES)}
    forms = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
    for suffix, form in forms.items():
        found = {quad.triple for quad in ox.parse(tiny.get(f"/entity/lab.{suffix}").body, format=form)}
        assert wanted <= found, suffix
        assert any(triple.predicate.value.endswith("#cites") for triple in found)


def test_the_data_set_describes_itself(tiny: Running):
    for path in ("/void.ttl", "/.well-known/void"):
        found = {
            (t.predicate.value.rpartition("#")[2].rpartition("/")[2], str(t.object))
            for t in ox.parse(tiny.get(path).body, format=ox.RdfFormat.TURTLE)
        }
        assert ("license", "<https://creativecommons.org/licenses/by/4.0/>") in found
        assert ("sparqlEndpoint", "<https://graph.example.org/ai/sparql>") in found
    assert b"https://graph.example.org/ai/entity/lab.html" in tiny.get("/sitemap.xml").body
    assert "Disallow: /sparql" in tiny.get("/robots.txt").text


def test_a_view_stays_while_one_goes_on(tiny: Running):
    text = tiny.get("/entity/lab.html", {"as_of": "2021-01-01"}).text
    assert "as of 2021-01-01" in text
    assert "?as_of=2021-01-01" in text
    assert tiny.get("/entity/lab.html", {"as_of": "soon"}).status == 400


def test_feeds_are_what_readers_of_feeds_read(tiny: Running):
    atom = "{http://www.w3.org/2005/Atom}"
    tree = ET.fromstring(tiny.get("/feeds/known.atom").body)  # noqa: S314  # made here
    days = [node.text or "" for node in tree.iterfind(f"{atom}entry/{atom}updated")]
    assert days == sorted(days, reverse=True)
    assert days
    told = tiny.get("/feeds/known.json", {"entity": "Rival"}).json
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert 0 < len(told["items"]) < len(days)
    assert tiny.get("/feeds/known.json", {"entity": "Nobody"}).status == 404


def test_the_documentation_is_there_and_its_links_lead_to_headings(tiny: Running):
    listed = documents()
    assert {"index.md", "tutorials/analysts.md", "reference/questions.md", "CHANGELOG.md"} <= set(listed)
    pages = {f"/docs/{page.removesuffix('.md')}.html": tiny.get(f"/docs/{page.removesuffix('.md')}.html") for page in listed}
    assert {got.status for got in pages.values()} == {200}
    anchors = {path: set(re.findall(r' id="([^"]+)"', got.text)) for path, got in pages.items()}
    links = {
        (path, urljoin(path, link.removeprefix("/ai")))
        for path, got in pages.items()
        for link in re.findall(r'(?:href|src)="([^"]+)"', got.text)
    }
    lost = [
        (path, link)
        for path, link in links
        if link.startswith("/docs/") and "#" in link and link.partition("#")[2] not in anchors[link.partition("#")[0]]
    ]
    assert lost == []
    files = {link for _, link in links if link.startswith("/docs/") and "#" not in link} - pages.keys()
    assert "/docs/examples/deals.csv" in files
    assert {tiny.get(path).status for path in files} == {200}
    text = pages["/docs/index.html"].text
    assert not re.search(r"<script(?![^>]*src=)| style=|\.md[\"#]", text)
    assert '<h2 id="install">Install</h2>' in text
    # What the permanent address of a question leads to.
    assert "stakes" in anchors["/docs/reference/questions.html"]
    assert tiny.get("/docs").text.count("<h1") == 1
    assert tiny.get("/docs/tutorial", Accept="text/html").status == 404


def test_the_documentation_is_found_by_its_words(tiny: Running):
    text = tiny.get("/search", {"q": "openrefine"}).text
    assert "/ai/docs/how-to/other-tools.html#openrefine" in text
    assert next(one.heading for one in find_sections("Install")) == "Install"


def test_anchors_are_told_apart():
    taken = {"for-programs": None}
    assert anchor_of("For programs", taken) == "for-programs_1"
    assert anchor_of("`ask NAME`: what is_so?", {}) == "ask-name-what-is_so"
    assert anchor_of("Ü … 1", {}) == "u-1"


@pytest.mark.parametrize(
    ("text", "page", "is_"),
    [
        ("[a](views.md#x)", "index.md", "[a](views.md#x)"),
        ("[a](../CONTRIBUTING.md)", "index.md", "[a](CONTRIBUTING.md)"),
        ("[a](docs/how-to/cite.md)", "CONTRIBUTING.md", "[a](how-to/cite.md)"),
        ("[a](../deploy) `b`", "index.md", "a `b`"),
        ("[a](../../etc/passwd)", "index.md", "a"),
        ("![a](map.png) ![b](none.png)", "index.md", "![a](map.png) b"),
        ("[a](https://example.org/x) [b](#c)", "how-to/cite.md", "[a](https://example.org/x) [b](#c)"),
        ("```\n[a](gone.md)\n```", "index.md", "```\n[a](gone.md)\n```"),
    ],
)
def test_links_are_as_they_are_within_the_documentation(text: str, page: str, is_: str):
    assert relinked(text, page, {"index.md", "views.md", "how-to/cite.md", "CONTRIBUTING.md"}, {"map.png"}) == is_


def test_a_map_is_one_page_that_opens_where_it_is_told(tiny: Running):
    got = tiny.get("/map", {"focus": "Lab", "as_of": "2021-01-01", "embed": "1"})
    assert (got.status, got.headers["location"]) == (303, "/ai/map?embed=1#asof=2021-01-01&scope=ego&entity=lab")
    assert tiny.get("/map", {"focus": "Nobody"}, Accept="text/html").status == 404
    assert tiny.get("/map").status == 200


def test_the_entry_of_a_deal_that_others_share_leads_to_its_claim(graph: partnergraph.Graph):
    # The round of March 2025 has an entry for each investor, which is said to be a share of it.
    name = "openai-round-mar-2025-up-to-40b"
    assert graph.query(f"ASK {{ ?share pg:shareOf entry:{name} FILTER NOT EXISTS {{ entry:{name} ?p ?o }} }}")
    page = render(graph, Facts(graph), f"/entry/{name}.html", {}, Links())
    assert (page.status, page.headers["Location"]) == (303, f"/claim/{name}.html")
    assert render(graph, Facts(graph), "/entry/none-such.html", {}, Links()).status == 404


RETIRED = """
ent:a a pg:Company ; rdfs:label "Alpha" . ent:b a pg:Company ; rdfs:label "Beta" .
claim:deal a pg:Investment ; rdfs:label "Alpha put 1 into Beta." ; pg:investor ent:a ; pg:investee ent:b .
ent:old-a a pg:Retired ; dcterms:isReplacedBy ent:a .
claim:wrong a pg:Retired .
<https://w3id.org/partnergraph/correction/x> a pg:Correction ; pg:changeReason "The <source> took it back." ; pg:changes claim:wrong .
"""


def test_names_never_vanish(folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory):
    graph = partnergraph.load(folder(RETIRED), trust=True)
    facts = Facts(graph)

    def got(path: str, view: partnergraph.Graph = graph) -> Page:
        return render(view, Facts(view) if view is not graph else facts, path, {}, Links())

    merged = got("/entity/old-a.html")
    assert (merged.status, merged.headers["Location"]) == (301, "/entity/a.html")
    assert got("/entity/old-a.ttl").headers["Location"] == "/entity/a.ttl"
    withdrawn = got("/claim/wrong.html")
    assert withdrawn.status == 410
    assert "it was withdrawn: The &lt;source&gt; took it back." in withdrawn.body.decode()
    assert json.loads(got("/claim/wrong.json").body)["status"] == 410
    assert got("/claim/wrong.html", graph.at(as_of="2020-01-01")).status == 410
    assert got("/claim/never-was.html").status == 404
    place = tmp_path_factory.mktemp("retired") / "site"
    write_site(graph, place)
    assert 'content="0; url=../entity/a.html"' in (place / "entity" / "old-a.html").read_text()
    assert "took it back" in (place / "claim" / "wrong.html").read_text()
    assert dead_links(place) == []


def test_openrefine_gets_the_protocol_that_it_speaks(tiny: Running):
    manifest = tiny.get("/reconcile").json
    assert manifest["versions"] == ["0.1", "0.2"]
    assert manifest["view"]["url"] == "https://graph.example.org/ai/entity/{{id}}.html"
    queries = json.dumps({"q0": {"query": "LAB, Inc."}, "q1": {"query": "Zorblax"}, "q2": {"query": "Lab", "type": "pg:Chip"}})
    by_get = tiny.get("/reconcile", {"queries": queries}).json
    body = f"queries={quote(queries)}".encode()
    by_post = tiny.get("/reconcile", method="POST", body=body, Content_Type="application/x-www-form-urlencoded").json
    assert by_get == by_post
    assert [(one["id"], one["match"]) for one in by_get["q0"]["result"]][:1] == [("lab", True)]
    assert by_get["q1"]["result"] == []
    assert by_get["q2"]["result"] == []
    extended = tiny.get("/reconcile", {"extend": json.dumps({"ids": ["lab", "nobody"], "properties": [{"id": "kind"}]})}).json
    assert extended["meta"] == [{"id": "kind", "name": "what it is"}]
    assert extended["rows"]["nobody"] == {"kind": []}
    assert extended["rows"]["lab"]["kind"][0]["str"]
    assert [one["id"] for one in tiny.get("/reconcile/suggest/entity", {"prefix": "giant cl"}).json["result"]] == ["cloud"]
    assert "frame-ancestors *" in tiny.get("/reconcile/preview", {"id": "lab"}).headers["content-security-policy"]
    for wrong in ("[]", "{", '"x"', "[" * 9000):
        assert (
            tiny.get(
                "/reconcile",
                method="POST",
                body=f"queries={quote(wrong)}".encode(),
                Content_Type="application/x-www-form-urlencoded",
            ).status
            == 400
        )
    assert tiny.get("/reconcile", {"queries": "{}", "callback": "alert(1)//"}).status == 400


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:8123"), ("0.0.0.0", "http://127.0.0.1:8123"), ("::1", "http://[::1]:8123")],  # noqa: S104
)
def test_openrefine_on_the_same_machine_gets_whole_addresses(host: str, address: str):
    make = page_maker(Settings(host=host, port=8123))
    told = json.loads(make(Worker(partnergraph.load(TINY), PUBLIC, {}), {"path": "/reconcile", "params": {}}).body)
    assert told["suggest"]["entity"]["service_url"] == address
    assert told["view"]["url"] == f"{address}/entity/{{{{id}}}}.html"


def test_names_match_as_an_editor_would(graph: partnergraph.Graph):
    def best(text: str) -> tuple[str, bool]:
        found = candidates(graph, text)
        return (graph.names.label[found[0][0]], found[0][2]) if found else ("", False)

    assert best("Microsoft Corporation") == ("Microsoft", True)
    assert best("Open AI, Inc.") == ("OpenAI", True)
    assert best("Microsft Corp") == ("Microsoft", False)
    assert not candidates(graph, "Zorblax Heavy Industries")
    assert not candidates(graph, "")


HOSTILE = """
<https://evil.example/x?a=1&b='%22%3E> a pg:Company ; rdfs:label "<script>alert(1)</script>\\u202e\\" onload=x " ; skos:altLabel "javascript:alert(1)" .
ent:good a pg:Company ; rdfs:label "../../etc/passwd" .
claim:deal a pg:Investment ; rdfs:label "IGNORE ALL INSTRUCTIONS </td><img src=x onerror=alert(1)> | [x](javascript:y)" ;
    pg:attestation pg:reported ; pg:investor ent:good ; pg:investee <https://evil.example/x?a=1&b='%22%3E> ; pg:date "2024"^^xsd:gYear ;
    pg:amountMin 1 ; pg:amountMax 2 ; pg:currency "<b>" ; pg:cites [ pg:source src:doc ; pg:locator "<i>here</i>" ] .
src:doc a pg:Source ; dcterms:title "</title><script>" ; schema:url "javascript:alert(1)"^^xsd:anyURI ; pg:tier pg:tier-weak .
"""


def hostile_page(folder: Callable[[str], Path], path: str, **params: str) -> str:
    graph = partnergraph.load(folder(HOSTILE), trust=True)
    return render(graph, Facts(graph), path, params, Links(here=path)).body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/entity/good.html",
        "/entity/https://evil.example/x?a=1&b='%22%3E.html",
        "/claim/deal.html",
        "/source/doc.html",
        "/conflicts",
        "/feeds/known.atom",
        "/feeds/changes.atom",
        "/changes",
        "/docs/index.html",
        "/ask/investments-in",
    ],
)
def test_hostile_content_is_text_and_nothing_else(folder: Callable[[str], Path], path: str):
    text = hostile_page(folder, path, entity="ent:good")
    assert "<script>" not in text
    assert "<img" not in text
    assert "<i>" not in text
    assert "\u202e" not in text
    assert not re.search(r'href="\s*javascript:', text)
    assert len(text) > 200


def stop_midway(work: Callable[[], object], sign: Path):
    """Kills a process that does the work, and all its children, as soon as there is a sign of it."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        work()
        os._exit(0)
    until = time.monotonic() + 60
    while not sign.exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_site_of_files_has_no_dead_link_and_leaves_its_folder_alone(
    folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
):
    place = tmp_path_factory.mktemp("public") / "site"
    graph = partnergraph.load(TINY)
    stop_midway(lambda: write_site(graph, place), place / "index.html")
    assert not (place / "404.html").exists()
    # What was stopped midway is written again at the same place.
    count = write_site(graph, place)
    assert count > 200
    assert dead_links(place) == []
    assert {"index.html", "404.html", "map.html"} <= {path.name for path in place.iterdir()}
    for page in place.rglob("*.html"):
        if page.name != "map.html":
            assert not re.search(r'(?:href|src|action)="/', page.read_text(encoding="utf-8")), page
    again = write_site(graph, place)
    assert again == count
    hostile = tmp_path_factory.mktemp("hostile") / "site"
    write_site(partnergraph.load(folder(HOSTILE), trust=True), hostile)
    assert dead_links(hostile) == []
    assert {path.parent.relative_to(hostile).parts[:1] for path in hostile.rglob("*")} <= {
        (),
        ("entity",),
        ("claim",),
        ("source",),
        ("ask",),
        ("static",),
        ("download",),
        ("docs",),
    }


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(OutputError, match="is not empty"):
        write_site(partnergraph.load(TINY), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["..", "a/b", "a\\b", "", "x" * 500, "ü", "con?", "%2e%2e", ".hidden", "\udcff"])
def test_file_names_are_safe_everywhere(name: str):
    made = file_name(name)
    assert re.fullmatch(r"[A-Za-z0-9-][A-Za-z0-9._-]*", made)
    assert ".." not in made
    assert len(made) < 160


def test_a_chart_shows_what_is_stated():
    points = [
        Point("2020-01-01", "2020-01-01", 1e9, 1e9, "one", "/a"),
        Point("2021-01-01", "2021-12-31", 0, 4e9, "up to four", "/b"),
        Point("2022-01-01", "2022-01-01", 2e9, None, "at least two", "/c"),
    ]
    picture = time_chart(points, "Valuation")
    assert picture.count("<circle") == 3
    assert picture.count('class="range open"') == 1
    assert picture.count('class="span"') == 1
    assert "4 bn" in picture
    # 4 billion is the top of the scale: the mark of "up to four" stands there.
    assert re.search(r'up to four</title>.*?cy="12\.0"', picture)
