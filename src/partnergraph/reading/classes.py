"""Classes: what a class of claims or entities takes, with an example and the questions that ask for it."""

from __future__ import annotations

import re
import textwrap
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import PG, compact
from partnergraph.reading.gist import quoted
from partnergraph.reading.replying import footer
from partnergraph.reading.vocabulary import find_terms
from partnergraph.show.records import Cell, Ref, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.rdf.terms import Bindings

# What a value of each datatype is called by people.
KINDS = {
    "decimal": "a number",
    "integer": "a number",
    "boolean": "yes or no",
    "string": "a text",
    "date": "a date",
    "gYear": "a date",
    "gYearMonth": "a date",
}


def class_reply(graph: GraphCore, iri: str) -> Reply:
    """The card of a class."""
    name = compact(iri)
    term = next((one for one in find_terms(graph) if one.name == name), None)
    rows = list(graph.project("class-card", **{"class": ox.NamedNode(iri)}).mappings())
    members = sorted(quad for quad in graph.engine.answer(MEMBERS, {"class": ox.NamedNode(iri)}).rows if quad[0] is not None)
    label = term.label if term else name
    roles = [row for row in rows if str(row["role"].value) in ("true", "1")]
    others = [row for row in rows if row not in roles]
    parts = [
        Listing(title, [partial(_item, row, graph) for row in chosen], partial(_table, title, chosen), "properties")
        for title, chosen in (("roles", roles), ("properties", others))
        if chosen
    ]
    asking = _asking(graph, name)
    if asking:
        table = Table("questions", ["question", "title"], [{"question": one, "title": title} for one, title in asking])
        parts.append(
            Listing("questions that use it", [partial(_question, one, title) for one, title in asking], lambda: table, "questions")
        )
    example = members[0][0] if members else None
    finding = [
        term.definition if term else "",
        f"{len(members):,} of them{f', between {term.goes}' if term and term.goes else ''}.",
    ]
    steps = []
    if isinstance(example, ox.NamedNode):
        said = graph.labels([example.value]).get(example.value, "")
        finding.append(f"For example {compact(example.value)}: {said}")
        steps.append(f"partnergraph {'claim' if '/claim/' in example.value else 'show'} {compact(example.value)}")
    steps += [f"partnergraph ask {one}" for one, _ in asking[:1]]
    steps.append(f"partnergraph vocabulary {quoted(label)}")
    return reply_of_lists(
        [f"{label} · class · {name}"],
        [one for one in finding if one],
        parts,
        following=steps,
        footer=footer(graph),
        asked={"class": name},
    )


MEMBERS = "SELECT ?member ?class WHERE { ?member a ?class } ORDER BY ?member"


def _asking(graph: GraphCore, name: str) -> list[tuple[str, str]]:
    return [(query.name, query.title) for query in graph.questions.values() if re.search(rf"{re.escape(name)}\b(?!-)", query.text)]


def _kind(row: Bindings) -> str:
    if "range" in row:
        return clean(str(row["range"].value))
    if "type" in row:
        return KINDS.get(str(row["type"].value), "a text")
    return "a word of the ontology's lists"


def _table(title: str, rows: list[Bindings]) -> Table:
    found: list[dict[str, Cell]] = [
        {
            "property": Ref(f"pg:{str(row['property'].value).removeprefix(PG)}", clean(str(row["heading"].value))),
            "definition": clean(str(row["definition"].value)),
            "value": _kind(row),
            "used by": int(str(row["members"].value)),
        }
        for row in rows
    ]
    return Table(title, ["property", "definition", "value", "used by"], found)


def _item(row: Bindings, _: GraphCore, width: int) -> str:
    name = f"pg:{str(row['property'].value).removeprefix(PG)}"
    text = f"{name}  {int(str(row['members'].value)):,}  {_kind(row)}: {clean(str(row['definition'].value))}"
    return "\n".join(textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False))


def _question(name: str, title: str, width: int) -> str:
    return "\n".join(textwrap.wrap(f"{name}  {clean(title)}", width, initial_indent="  ", subsequent_indent="      "))
