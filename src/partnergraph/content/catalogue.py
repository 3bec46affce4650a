"""The questions described in RDF, so that SPARQL editors and assistants can list them by query.

The words are those of the SPARQL examples of the SIB: ``sh:SPARQLExecutable``, ``sh:select``, ``rdfs:comment``,
``schema:keywords``; parameters are ``sh:Parameter``, whose path ends in the name of the variable to bind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from partnergraph.content.queries import KINDS, Query
from partnergraph.rdf.terms import PREFIXES
from partnergraph.rdf.turtle import write_turtle

QUESTION = "https://w3id.org/partnergraph/question/"
PARAMETER = "https://w3id.org/partnergraph/parameter/"


def describe(questions: Iterable[Query]) -> str:
    """The questions as Turtle."""
    return write_turtle(catalogue(questions), {**PREFIXES, "question": QUESTION, "parameter": PARAMETER})


def catalogue(questions: Iterable[Query]) -> list[ox.Triple]:
    """The triples that describe the questions: what each asks, its SPARQL, its parameters."""
    return [triple for query in questions for triple in _describe(query)]


def _describe(query: Query) -> Iterator[ox.Triple]:
    question = ox.NamedNode(QUESTION + query.name)
    for name in ("SPARQLExecutable", "SPARQLSelectExecutable"):
        yield ox.Triple(question, _term("rdf:type"), _term(f"sh:{name}"))
    yield ox.Triple(question, _term("rdfs:label"), ox.Literal(query.name))
    yield ox.Triple(question, _term("rdfs:comment"), ox.Literal(query.title))
    yield ox.Triple(question, _term("sh:select"), ox.Literal(query.text))
    if query.description:
        yield ox.Triple(question, _term("dcterms:description"), ox.Literal(query.description))
    group = query.group.lstrip("0123456789 ")
    for word in dict.fromkeys(filter(None, [group, *query.keywords])):
        yield ox.Triple(question, _term("schema:keywords"), ox.Literal(word))
    for parameter in query.parameters:
        node = ox.NamedNode(f"{QUESTION}{query.name}/{parameter.name}")
        yield ox.Triple(question, _term("sh:parameter"), node)
        yield ox.Triple(node, _term("rdf:type"), _term("sh:Parameter"))
        yield ox.Triple(node, _term("sh:path"), ox.NamedNode(PARAMETER + parameter.name))
        yield ox.Triple(node, _term("sh:name"), ox.Literal(parameter.name))
        yield ox.Triple(node, _term("sh:description"), ox.Literal(f"{parameter.description}; {KINDS[parameter.kind]}"))
        if parameter.default is not None:
            yield ox.Triple(node, _term("sh:defaultValue"), ox.Literal(parameter.default))


def _term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)
