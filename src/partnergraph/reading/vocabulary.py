"""The words of the ontology: classes, properties and concepts with their definitions and how often they are used."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnergraph.base.errors import UnknownName
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact

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


def term_list(terms: list[OntologyTerm], width: int) -> str:
    """The terms as text for people: by section, a line with name, count and what it goes with, then the definition."""
    sections: dict[str, list[OntologyTerm]] = {}
    for term in terms:
        sections.setdefault(term.section, []).append(term)
    lines: list[str] = []
    for section, members in sorted(sections.items()):
        lines += ["", section.partition(" ")[2]]
        for term in members:
            goes = f"  {term.goes}" if term.goes else ""
            text = f"{term.name}  {term.count:,}{goes}: {term.definition}"
            lines += textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
    return "\n".join(lines[1:]) + "\n"
