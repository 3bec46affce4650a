"""The page and the feed of what was corrected between releases, on a content that keeps two."""

from __future__ import annotations

import gzip
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

import partnergraph
from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.links import Links
from partnergraph.server.pages.published import published
from partnergraph.server.pages.render import render

HEAD = """@prefix pg: <https://w3id.org/partnergraph/ontology#> .
@prefix ent: <https://w3id.org/partnergraph/entity/> .
@prefix claim: <https://w3id.org/partnergraph/claim/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
FIRST = """
ent:a a pg:Company ; rdfs:label "Alpha" .
ent:b a pg:Company ; rdfs:label "Beta" .
claim:kept a pg:Investment ; rdfs:label "Alpha put 5 into Beta." ; pg:investor ent:a ; pg:investee ent:b ; pg:amountMin 5 .
claim:gone a pg:Investment ; rdfs:label "Beta put 1 into Alpha." ; pg:investor ent:b ; pg:investee ent:a .
"""
SECOND = """
ent:a a pg:Company ; rdfs:label "Alpha" .
ent:b a pg:Company ; rdfs:label "Beta" .
ent:c a pg:Company ; rdfs:label "Gamma" .
claim:kept a pg:Investment ; rdfs:label "Alpha put 6 into Beta." ; pg:investor ent:a ; pg:investee ent:b ; pg:amountMin 6 .
claim:new a pg:Investment ; rdfs:label "Gamma put 2 into Beta." ; pg:investor ent:c ; pg:investee ent:b .
"""
RELEASES = """
@prefix release: <https://w3id.org/partnergraph/release/> .
@prefix correction: <https://w3id.org/partnergraph/correction/> .
"""
RECORDS = """
release:2026.01.0 a pg:Release ; rdfs:label "2026.01.0" ; dcterms:issued "2026-01-05"^^xsd:date .
release:2026.02.0 a pg:Release ; rdfs:label "2026.02.0" ; dcterms:issued "2026-02-05"^^xsd:date .
correction:amount a pg:Correction ; pg:changedSince release:2026.01.0 ; pg:cause pg:cause-correction ;
    pg:changeReason "The filing says <six>." ; pg:changes claim:kept .
"""


@pytest.fixture
def pages(folder: Callable[[str], Path]) -> Callable[..., bytes]:
    place = folder(RELEASES + SECOND + RECORDS)
    kept = place / "graph_data" / "releases"
    kept.mkdir()
    for version, text in (("2026.01.0", FIRST), ("2026.02.0", SECOND)):
        (kept / f"{version}.ttl.gz").write_bytes(gzip.compress((HEAD + text).encode()))
    graph = partnergraph.load(place, trust=True)
    facts = Facts(graph)

    def page(path: str, **params: str) -> bytes:
        return render(graph, facts, path, params, Links()).body

    return page


def test_the_page_says_what_was_changed_and_why(pages: Callable[..., bytes]):
    text = pages("/changes").decode()
    assert "2026-02-05 · since 2026.01.0: 1 added, 1 changed, 1 withdrawn" in text
    assert "1 claim changed · correction: The filing says &lt;six&gt;." in text
    assert '<a href="/claim/kept.html">Alpha put 6 into Beta.</a>' in text
    # What is gone has no page.
    assert "<li>Beta put 1 into Alpha." in text


def test_it_is_narrowed_by_entity_and_cause(pages: Callable[..., bytes]):
    def names(**params: str) -> list[str]:
        (release,) = json.loads(pages("/changes.json", **params))["releases"]
        return sorted(change["id"] for change in release["changes"])

    assert names() == ["claim:gone", "claim:kept", "claim:new"]
    assert names(entity="Gamma") == ["claim:new"]
    # A claim that was withdrawn names it only in what it said.
    assert names(entity="Alpha") == ["claim:gone", "claim:kept"]
    assert names(kind="correction") == ["claim:kept"]
    assert names(kind="withdrawn") == ["claim:gone"]
    assert names(entity="Gamma", kind="correction") == []


def test_the_feed_has_an_entry_for_each_reason(pages: Callable[..., bytes]):
    atom = "{http://www.w3.org/2005/Atom}"
    tree = ET.fromstring(pages("/feeds/changes.atom"))  # noqa: S314  # made here
    entries = list(tree.iterfind(f"{atom}entry"))
    assert len(entries) == 3
    assert entries[0].findtext(f"{atom}title") == "2026.02.0: 1 claim changed · correction"
    assert entries[0].findtext(f"{atom}summary") == "The filing says <six>. Alpha put 6 into Beta."
    assert {entry.findtext(f"{atom}updated") for entry in entries} == {"2026-02-05T00:00:00Z"}
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == 3
    assert [item["title"] for item in json.loads(pages("/feeds/changes.json", entity="Gamma"))["items"]] == [
        "2026.02.0: 1 claim added · new source"
    ]


def test_content_without_releases_says_so(folder: Callable[[str], Path]):
    graph = partnergraph.load(folder(SECOND), trust=True)
    assert "keeps no two releases" in render(graph, Facts(graph), "/changes", {}, Links()).body.decode()


def test_a_citation_on_a_page_names_the_release(pages: Callable[..., bytes]):
    text = pages("/claim/kept.html").decode()
    assert "“Alpha put 6 into Beta.” The partnergraph authors, partnergraph, release 2026.02.0 of 2026-02-05, content " in text
    assert " https://w3id.org/partnergraph/claim/kept. CC BY 4.0." in text


def test_a_citation_names_the_release_since_which_something_was_changed(folder: Callable[[str], Path]):
    place = folder(RELEASES + SECOND.replace("put 6", "put 7") + RECORDS)
    kept = place / "graph_data" / "releases"
    kept.mkdir()
    (kept / "2026.02.0.ttl.gz").write_bytes(gzip.compress((HEAD + SECOND.replace("claim:new", "claim:other")).encode()))
    graph = partnergraph.load(place, trust=True)
    told = published(graph).standing
    claim = "https://w3id.org/partnergraph/claim/"
    assert told() == "as changed after release 2026.02.0 of 2026-02-05"
    assert told(f"{claim}kept") == "as changed after release 2026.02.0 of 2026-02-05"
    assert told(f"{claim}new") == "added after release 2026.02.0 of 2026-02-05"
    assert told("https://w3id.org/partnergraph/entity/a") == "release 2026.02.0 of 2026-02-05"
    assert published(graph.at(as_of="2026-01-01")) is published(graph)
