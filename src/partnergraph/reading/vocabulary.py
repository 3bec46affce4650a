"""The words of the ontology: classes, properties and concepts with their definitions and how often they are used."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from partnergraph.base.errors import UnknownName
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact
from partnergraph.reading.replying import footer
from partnergraph.show.records import Cell, Ref, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore


@dataclass(frozen=True)
class OntologyTerm:
    """A class, property or concept: its short name, label and definition, how often it is used, what it goes with."""

    name: str
    label: str
    definition: str
    section: str
    count: int
    goes: str = ""


def find_terms(graph: GraphCore, text: str = "") -> list[OntologyTerm]:
    """The terms that speak of the text, by section; all of them without a text.

    Raises UnknownName where none does.
    """
    counts = {str(row["term"].value): int(str(row["count"].value)) for row in graph.project("term-counts").mappings()}
    found: dict[str, OntologyTerm] = {}
    for row in graph.project("terms").mappings():
        part = {name: str(term.value) for name, term in row.items()}
        name = compact(part["term"])
        found.setdefault(
            name,
            OntologyTerm(
                name, part["label"], part["definition"], part["section"], counts.get(part["term"], 0), part.get("goes", "")
            ),
        )
    if not text:
        return list(found.values())
    wanted = text.casefold()
    hits = [
        term
        for term in found.values()
        if wanted in f"{term.label} {term.definition}".casefold() or fold(text) in fold(term.name.partition(":")[2])
    ]
    if not hits:
        raise UnknownName("term", text, nearest_names(text, found), "'partnergraph vocabulary' lists all")
    # Whoever types a name wants that term first.
    return sorted(hits, key=lambda term: fold(text) not in {fold(term.label), fold(term.name), fold(term.name.partition(":")[2])})


def sections(terms: list[OntologyTerm]) -> dict[str, list[OntologyTerm]]:
    """The terms by section, the sections in their order."""
    found: dict[str, list[OntologyTerm]] = {}
    for term in terms:
        found.setdefault(term.section, []).append(term)
    return dict(sorted(found.items()))


def term_lines(term: OntologyTerm, width: int) -> str:
    """A term as text: its name, how often it is used, what it goes with, and its definition."""
    goes = f"  {term.goes}" if term.goes else ""
    text = f"{term.name}  {term.count:,}{goes}: {term.definition}"
    return "\n".join(textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False))


def vocabulary_reply(graph: GraphCore, text: str = "") -> Reply:
    """The terms that speak of the text as a reply; without a text all of them, of which a screen shows the sections."""
    terms = find_terms(graph, text)
    lists = []
    for section, members in sections(terms).items():
        title = section.partition(" ")[2]
        lists.append(Listing(title, [partial(term_lines, term) for term in members], partial(_table, title, members), "terms"))
    exact = next((term for term in terms if text and fold(text) in {fold(term.label), fold(term.name.partition(":")[2])}), None)
    main = next((n for n, (_, members) in enumerate(sections(terms).items()) if exact in members), 0)
    steps = [f"partnergraph show {exact.name}"] if exact and exact.name.partition(":")[2][:1].isupper() else []
    finding = [f"{exact.name}: {exact.definition}"] if exact else []
    finding.append(f"{len(terms)} terms{f' speak of {text!r}' if text else ''}.")
    steps += [] if text else ["partnergraph vocabulary WORD", "partnergraph show pg:Investment"]
    reply = reply_of_lists(
        [f"Words of the ontology{f' about {text!r}' if text else ''}"], finding, lists, following=steps, footer=footer(graph)
    )
    return replace(reply, main=main)


def _table(title: str, terms: list[OntologyTerm]) -> Table:
    rows: list[dict[str, Cell]] = [
        {"term": Ref(term.name, term.label), "definition": term.definition, "used": term.count, "goes with": term.goes or None}
        for term in terms
    ]
    return Table(title, ["term", "definition", "used", "goes with"], rows)
