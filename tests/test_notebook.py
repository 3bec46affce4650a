"""What things show of themselves in a notebook: complete, readable without style, and safe with hostile texts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

import partnergraph
from partnergraph import Graph, PartnerGraphError
from partnergraph.analysis import overlaps
from partnergraph.analysis.concentration import concentration
from partnergraph.analysis.loops import loops
from partnergraph.reading.conflicts import conflicts
from partnergraph.reading.disagreement import resolve

HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)>" onmouseover="alert(3)\u202eevil\u0007"""
CLAIM = "microsoft-openai-2019-investment"
# JSON's escapes are Turtle's, too.
QUOTED = json.dumps(HOSTILE)
EVIL = f"""
ent:acme a pg:Company ; rdfs:label "Acme" ; skos:altLabel {QUOTED} .
ent:openai a pg:Company ; rdfs:label "OpenAI" .
ent:paper a pg:Publisher ; rdfs:label {QUOTED} .
src:one a pg:Source ; dcterms:title {QUOTED} ; dcterms:publisher ent:paper ; pg:tier pg:tier-weak ;
  schema:url "javascript:alert(4)"^^xsd:anyURI .
claim:{CLAIM} a pg:Investment ; rdfs:label {QUOTED} ; pg:attestation pg:reported ; pg:investor ent:acme ; pg:investee ent:openai ;
  pg:stage pg:stage-agreed ; pg:amountMin 1 ; pg:amountMax 2 ; pg:currency "USD" ; pg:date "2024"^^xsd:gYear ;
  skos:editorialNote {QUOTED} ; pg:cites [ pg:source src:one ; pg:locator {QUOTED} ] .
claim:other a pg:Investment ; rdfs:label "Other" ; pg:attestation pg:announced ; pg:investor ent:acme ; pg:investee ent:openai ;
  pg:stage pg:stage-agreed ; pg:amountMin 3 ; pg:amountMax 3 ; pg:currency "USD" ; pg:date "2024"^^xsd:gYear ;
  pg:contradicts claim:{CLAIM} ; pg:cites [ pg:source src:one ; pg:locator "there" ] .
"""


class Page(HTMLParser):
    """Every tag with its attributes, the text, and whether the tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


ALLOWED = set(re.findall(r"\w+", "a b br details div li ol p small span summary table tbody td th thead tr"))


def check_safe(html: str) -> Page:
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= ALLOWED
    for tag, attributes in page.tags:
        assert set(attributes) <= {"href", "rel", "target", "style", "title", "open"}, attributes
        if tag == "a":
            assert str(attributes["href"]).startswith(("https://", "http://"))
    assert "\u202e" not in html
    assert "\x07" not in html
    return page


def html_of(thing: object) -> str:
    return thing._repr_html_()  # type: ignore[attr-defined,no-any-return]  # as a notebook asks


@pytest.fixture
def evil(folder: Callable[[str], Path]) -> Graph:
    return partnergraph.load(folder(EVIL))


THINGS: dict[str, Callable[[Graph], object]] = {
    "graph": lambda graph: graph,
    "question": lambda graph: graph.ask("investments-in", entity="OpenAI"),
    "rows": lambda graph: graph.query("SELECT * { ?s rdfs:label ?l OPTIONAL { ?s pg:cites/pg:source/schema:url ?u } }"),
    "triples": lambda graph: graph.query("CONSTRUCT { ?s rdfs:label ?l } { ?s rdfs:label ?l }"),
    "boolean": lambda graph: graph.query("ASK { ?s ?p ?o }"),
    "nothing": lambda graph: graph.query("SELECT ?x { ?x pg:nothing 1 }"),
    "entity": lambda graph: graph.entity("OpenAI"),
    "claim": lambda graph: graph.claim(CLAIM),
    "resolution": lambda graph: resolve(graph, CLAIM, "amount"),
    "absence": lambda graph: resolve(graph, CLAIM, "stake"),
    "conflict": lambda graph: conflicts(graph)[0],
    "loops": lambda graph: loops(graph, parties=3),
    "market": lambda graph: concentration(graph, "compute"),
}


@pytest.mark.parametrize("thing", THINGS)
def test_what_is_hostile_is_only_text(evil: Graph, thing: str):
    page = check_safe(html_of(THINGS[thing](evil)))
    if thing in {"rows", "triples", "entity", "claim"}:
        assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("thing", THINGS)
def test_every_thing_shows_itself(graph: Graph, thing: str):
    page = check_safe(html_of(THINGS[thing](graph)))
    assert page.text.strip()


def test_an_answer_says_what_it_rests_on(graph: Graph):
    page = check_safe(graph.ask("investments-in", entity="OpenAI")._repr_html_())
    assert "Who has funded an entity" in page.text
    assert "entity = OpenAI" in page.text
    assert "[1] claim:openai-2015-pledge-1b: " in page.text
    assert graph.version in page.text
    assert any(tag == "a" for tag, _ in page.tags)
    assert any(attributes.get("title", "") == "claim:openai-2015-pledge-1b" for _, attributes in page.tags)


def test_a_footnote_says_which_of_contesting_claims_is_preferred(evil: Graph):
    text = check_safe(html_of(evil.ask("investments-in", entity="OpenAI"))).text
    # Announced is better than reported.
    assert ". Contested by claim:other (preferred)" in text
    assert f". Contested by claim:{CLAIM}\n" in text


def test_an_answer_shows_the_first_rows_and_says_so(graph: Graph):
    answer = graph.query("SELECT ?c ?l { ?c a pg:Claim ; rdfs:label ?l }")
    page = check_safe(answer._repr_html_())
    assert sum(tag == "tr" for tag, _ in page.tags) == 61
    assert f"{len(answer) - 60:,} more rows" in page.text


def test_an_address_becomes_a_link(graph: Graph):
    page = check_safe(graph.query("SELECT ('https://example.org/a?b=1&c=2' AS ?x) ('ftp://example.org' AS ?y) {}")._repr_html_())
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == ["https://example.org/a?b=1&c=2"]


def test_an_entity_by_any_of_its_names(graph: Graph):
    entity = graph.entity("open ai")
    assert (entity.name, entity.short, entity.kind) == ("OpenAI", "ent:openai", "research lab")
    assert "OpenAI LP" in entity.names
    assert str(entity).startswith("OpenAI · research lab")
    assert "claim" in entity.claims().to_pandas().columns
    assert "Amazon" in entity.card(kind="investment")._repr_html_()
    with pytest.raises(PartnerGraphError, match="did you mean"):
        graph.entity("OpenAl")


def test_findings_become_frames(graph: Graph):
    found = concentration(graph, "compute", customer="ent:openai")
    frame = found.to_pandas(names="label")
    assert frame["holds_min"].dtype == "Float64"
    assert frame["holds_max"].isna().any()
    assert "Oracle" in set(frame["seller"])
    assert "ent:oracle" in set(found.to_pandas()["seller"])
    assert {"clouds", "chips"} < set(found.to_pandas("concentration")["market"])
    with pytest.raises(PartnerGraphError, match="did you mean 'shares'"):
        found.to_pandas("share")


def test_a_shell_without_html_shows_one_line(graph: Graph):
    contested = conflicts(graph)[0]
    assert repr(contested) == f"<contested, in {len(contested.versions)} versions: {contested.question}>"
    known = resolve(graph, "claim:openai-cerebras-20b", "amount")
    assert (
        repr(known)
        == "<amount of claim:openai-cerebras-20b: at least 20 billion USD, contested: at least 10 billion USD, 4 sources>"
    )
    absent = resolve(graph, "claim:microsoft-first-refusal-right-2025", "amount")
    assert repr(absent) == "<amount of claim:microsoft-first-refusal-right-2025: undisclosed, 5 sources>"
    assert repr(overlaps.one_firm(graph)).startswith("<Findings: ")
