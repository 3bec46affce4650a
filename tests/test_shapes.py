"""Shapes compiled to SPARQL find what pySHACL finds, on the shipped content and on content that breaks every line of them."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from partnergraph.checks.oracle import hold
from partnergraph.checks.shapes import Shapes, Untranslatable
from partnergraph.content.folders import find_content
from partnergraph.rdf.terms import PG, PREFIXES
from partnergraph.stores.loading import derive, load_files

HEAD = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())
SHIPPED = find_content().ontology / "shapes.ttl"
# Each line breaks the shipped shapes in other ways, or just not.
NODES = r"""
ent:a a pg:Company ; rdfs:label "A" ; pg:wikidata "2283", "Q1" ; pg:lei "X" ; pg:ticker "msft" ; schema:url "ftp://x" .
ent:b a pg:Company, pg:Model ; pg:kind pg:Company, pg:Model ; rdfs:label "B"@en, "B", "" ; pg:identifiedIn src:none, "text" .
ent:p a pg:Person ; rdfs:label "P" .
src:s a pg:Source ; dcterms:title "S", "T" ; pg:tier pg:tier-none ; dcterms:issued "2025"^^xsd:date ; pg:sha256 "AB" ; pg:copyOf "x" .
src:t a pg:Source ; dcterms:issued "2025-13"^^xsd:gYearMonth, "2025"^^xsd:gYear ; pg:accessed "2026-01-01" ; pg:undatedBecause "short" .
src:u a pg:Source ; dcterms:title "U" ; pg:tier pg:tier-weak ; pg:carriedBy ent:a, ent:nobody ; pg:primary "true" ; schema:url _:blank .
claim:a a pg:Ownership ; rdfs:label "a" ; pg:attestation pg:reported ; pg:cites [ pg:source src:u ; pg:locator "" ] .
claim:b a pg:Investment ; pg:amountMin "5" ; pg:amountMax 3e10 ; pg:currency "usd", "USD" ; pg:cites [ ], "a text", src:u .
claim:c a pg:Investment ; rdfs:label "c" ; pg:attestation pg:sure ; pg:amountMin -5 ; pg:amountMax 1.5 ; pg:contradicts claim:none, claim:a .
claim:d a pg:Ownership ; pg:stakeMin 100 ; pg:stakeMax 100.5 ; pg:quantityMin "NaN"^^xsd:double ; pg:exclusive 1 ; pg:termYears "ten" .
claim:e a pg:Loan ; pg:stage pg:stage-done ; pg:date "2024-02-30"^^xsd:date ; pg:begin "2024-06"^^xsd:date ; pg:end "2024-09-01"^^xsd:dateTime .
claim:f a pg:Metric ; pg:measure pg:measure-gpus, pg:measure-users ; pg:cites [ pg:source src:u, src:s ; pg:carries pg:part-none ; pg:verified "x" ] .
claim:g a pg:Role ; pg:roleHolder ent:a, "Ada" . claim:h a pg:Rename . claim:i a pg:Prediction ; pg:attestationNote "" .
_:c a pg:Claim ; rdfs:label "blank" . pg:Own a owl:Class ; rdfs:label "one", "two" . pg:concept a skos:Concept .
"""


def thin(store: ox.Store) -> None:
    """Leaves every eighth claim, with what it cites: enough for pySHACL, which would need most of a minute for all."""
    claims = sorted({quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(f"{PG}attestation"), None)}, key=str)
    gone = set(claims) - set(claims[::8])
    cited = {quad.object for node in gone for quad in store.quads_for_pattern(node, ox.NamedNode(f"{PG}cites"), None)}
    _take_out(store, gone | cited)
    sources = {quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(f"{PG}tier"), None)}
    _take_out(store, {node for node in sources if not any(True for _ in store.quads_for_pattern(None, None, node))})


def _take_out(store: ox.Store, nodes: set[ox.NamedNode | ox.BlankNode]) -> None:
    for quad in list(store):
        if quad.subject in nodes or quad.object in nodes:
            store.remove(quad)


def found_by_both(turtle: str, shapes: bytes, *, shipped: bool = False) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What the compiled shapes and pySHACL find: nodes without a name as one, each with the message."""
    content = find_content()
    store = ox.Store()
    if shipped:
        load_files(store, content)
        thin(store)
    else:
        for path in content.vocabulary_files():
            store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE)
    store.load((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE)
    derive(store, content)
    ours = {
        ("_" if isinstance(node, ox.BlankNode) else node.value, said) for node, _, said in Shapes(Path("x"), shapes).faults(store)
    }
    theirs = {("_" if blank else name, said) for blank, name, _, said in hold(store, shapes)}
    return ours, theirs


def test_the_shipped_shapes_find_what_pyshacl_finds() -> None:
    ours, theirs = found_by_both(NODES, SHIPPED.read_bytes())
    assert ours == theirs
    # Nearly every line of the shapes is broken somewhere above.
    messages = set(re.findall(r'sh:message "((?:[^"\\]|\\.)*)"', SHIPPED.read_text(encoding="utf-8")))
    assert len({said for _, said in theirs}) > 0.6 * len(messages)


@pytest.mark.slow
def test_of_the_shipped_content_both_find_the_same() -> None:
    ours, theirs = found_by_both("", SHIPPED.read_bytes(), shipped=True)
    # What refers to a claim that was left out is found by both.
    assert ours == theirs


OWN = {
    "a least number of values": "sh:property [ sh:path pg:party ; sh:minCount 2 ; sh:message 'two' ]",
    "bounds": "sh:property [ sh:path pg:amountMin ; sh:minInclusive 0 ; sh:maxExclusive 10 ; sh:message 'bounds' ]",
    "a datatype and a length": "sh:property [ sh:path rdfs:label ; sh:datatype xsd:string ; sh:minLength 2 ; sh:message 'text' ]",
    "kinds of nodes": "sh:property [ sh:path pg:cites ; sh:nodeKind sh:BlankNode ; sh:message 'blank' ]",
    "a pattern with flags": "sh:property [ sh:path rdfs:label ; sh:pattern '^A' ; sh:flags 'i' ; sh:message 'begins' ]",
    "a list of texts": "sh:property [ sh:path pg:currency ; sh:in ( 'USD' 'EUR' ) ; sh:message 'money' ]",
}


@pytest.mark.parametrize("name", OWN)
def test_shapes_of_a_users_own_find_what_pyshacl_finds(name: str) -> None:
    shapes = f"{HEAD} pg:own a sh:NodeShape ; sh:targetClass pg:Claim ; sh:targetNode ent:a ; {OWN[name]} .".encode()
    ours, theirs = found_by_both(NODES, shapes)
    assert theirs
    assert ours == theirs


@pytest.mark.parametrize(
    "said",
    ["sh:sparql [ sh:select 'x' ]", "sh:property [ sh:path ( pg:a pg:b ) ]", "sh:not [ sh:class pg:Claim ]", "sh:closed true"],
)
def test_what_is_not_compiled_is_left_to_pyshacl(said: str) -> None:
    with pytest.raises(Untranslatable):
        Shapes(Path("x"), f"{HEAD} pg:own a sh:NodeShape ; sh:targetClass pg:Claim ; {said} .".encode())
