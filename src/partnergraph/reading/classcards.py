"""What each class of claims takes: its two ends and who can play them, its properties, and how such a claim is written."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from partnergraph.base.errors import UnknownName
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

# What a claim of any class may have and what nobody looks for on the card of one class.
COMMON = {
    "pg:about",
    "pg:attestationNote",
    "pg:cites",
    "pg:contradicts",
    "pg:partOf",
    "pg:versionOf",
    "pg:replaces",
    "pg:attestation",
}


@dataclass(frozen=True)
class RoleCard:
    """A role: its short name, label, definition, and the classes that can play it; empty where any can."""

    name: str
    label: str
    definition: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassCard:
    """A class of claims: its short name, label and definition, its two ends, and what else claims of it may have."""

    name: str
    label: str
    definition: str
    start: RoleCard
    finish: RoleCard
    caption: str
    is_deal: bool
    is_money: bool
    optional: frozenset[str] = frozenset()
    properties: tuple[tuple[str, str, bool], ...] = field(default=(), repr=False)

    def text(self, width: int) -> str:
        """The card for people, with an example in Turtle."""
        lines = [
            f"{self.name} · {self.label}",
            *textwrap.wrap(self.definition, width, initial_indent="  ", subsequent_indent="  "),
            "",
        ]
        for word, role in (("from", self.start), ("to", self.finish)):
            can = f" ({', '.join(self._short(role))})" if role.classes else ""
            optional = ", may be missing" if role.name in self.optional else ""
            said = f"{role.name}: {role.definition}{can}{optional}"
            lines += textwrap.wrap(said, width, initial_indent=f"  {word:<5}", subsequent_indent="       ")
        for name, said in ((name, said) for name, said, narrow in self.properties if narrow):
            lines += textwrap.wrap(f"{name}: {said}", width, initial_indent="  has  ", subsequent_indent="       ")
        common = [name for name, _, narrow in self.properties if not narrow and name not in COMMON]
        lines += textwrap.wrap(f"and like any claim {', '.join(common)}", width, initial_indent="  ", subsequent_indent="       ")
        return "\n".join([*lines, "", *(f"    {line}" for line in self.example()), ""])

    @staticmethod
    def _short(role: RoleCard) -> list[str]:
        return [name.removeprefix("pg:") for name in role.classes]

    def example(self) -> list[str]:
        """A claim of the class as it is written; what stands in capitals is to be replaced."""
        said = [f"a {self.name}", 'rdfs:label "ONE SENTENCE OF YOUR OWN."', "pg:attestation pg:reported"]
        said += [
            f"{role.name} ent:{word}" for role, word in dict(zip((self.finish, self.start), ("OTHER", "ONE"), strict=True)).items()
        ]
        if self.start == self.finish:
            said[3:] = [f"{self.start.name} ent:ONE, ent:OTHER"]
        said += ["pg:stage pg:stage-agreed"] * self.is_deal
        said += ['pg:amountMin 1000000 ; pg:amountMax 1000000 ; pg:currency "USD"'] * self.is_money
        said += ['pg:date "2026-05-04"^^xsd:date', 'pg:cites [ pg:source src:SOURCE ; pg:locator "paragraph 2" ]']
        return ["claim:NAME", *(f"    {line} ;" for line in said[:-1]), f"    {said[-1]} ."]


class Classes:
    """The classes of claims of a graph, by what people call them."""

    def __init__(self, graph: GraphCore) -> None:
        self._graph = graph

    @cached_property
    def roles(self) -> dict[str, RoleCard]:
        """The roles by short name."""
        found: dict[str, RoleCard] = {}
        for row in self._graph.project("role-ranges").mappings():
            name = compact(str(row["role"].value))
            classes = found[name].classes if name in found else ()
            more = (compact(str(row["class"].value)),) if "class" in row else ()
            found[name] = RoleCard(name, str(row["label"].value), str(row["definition"].value), (*classes, *more))
        return found

    @cached_property
    def cards(self) -> dict[str, ClassCard]:
        """The classes by short name."""
        properties: dict[str, list[tuple[str, str, bool]]] = {}
        for row in self._graph.project("class-properties").mappings():
            own = str(row["own"].value) == "true"
            said = (compact(str(row["property"].value)), str(row["definition"].value), own)
            properties.setdefault(str(row["class"].value), []).append(said)
        found = {}
        for row in self._graph.project("class-cards").mappings():
            part = {name: str(term.value) for name, term in row.items()}
            start, finish = compact(part["start"]), compact(part["finish"])
            if start not in self.roles or finish not in self.roles:
                continue
            optional = {end for end, word in ((start, "startOptional"), (finish, "finishOptional")) if part[word] == "true"}
            found[compact(part["class"])] = ClassCard(
                compact(part["class"]),
                part["label"],
                part["definition"],
                self.roles[start],
                self.roles[finish],
                part.get("caption", ""),
                part["isDeal"] == "true",
                part["isMoney"] == "true",
                frozenset(optional),
                tuple(properties.get(part["class"], ())),
            )
        return found

    def find(self, name: str) -> ClassCard:
        """The class of that short name or label; raises UnknownName with the nearest."""
        hit = self.named(name)
        if hit is not None:
            return hit
        labels = [card.label for card in self.cards.values()]
        raise UnknownName("class of claims", name, nearest_names(name, labels), "'partnergraph vocabulary' lists them")

    def named(self, name: str) -> ClassCard | None:
        """The class that is called exactly so."""
        wanted = fold(name)
        for card in self.cards.values():
            if wanted in {fold(card.label), fold(card.name), fold(card.name.partition(":")[2])}:
                return card
        return None
