"""What the map shows things as: groups of entities, families of relations and levels, all from the ontology."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnergraph.base.texts import clean
from partnergraph.core.rows import is_so, rows
from partnergraph.rdf.terms import PG, compact

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

SHAPES = ("dot", "square", "diamond", "hexagon", "triangle", "triangleDown", "star")
# For an ontology of the user's own that says nothing about looks: Okabe and Ito's colours, dark and light.
FALLBACK = (
    ("#0072B2", "#4DA8E0"),
    ("#C8500A", "#F0874A"),
    ("#00805F", "#3CC79D"),
    ("#B4568F", "#E39CC8"),
    ("#B07A00", "#F0B73A"),
    ("#7A5CC0", "#B7A1F0"),
    ("#4A4F57", "#C3CAD3"),
)


@dataclass(frozen=True)
class Look:
    """A group of entities or a family of relations, as legend and map show it."""

    iri: str
    label: str
    definition: str
    light: str
    dark: str
    shape: str = "dot"
    hollow: bool = False

    def record(self) -> dict[str, str | bool]:
        """What the page is told about it."""
        record: dict[str, str | bool] = {"id": short(self.iri), "label": self.label, "light": self.light, "dark": self.dark}
        if self.definition:
            record["about"] = self.definition
        record["shape"] = self.shape
        if self.hollow:
            record["hollow"] = True
        return record


def short(iri: str) -> str:
    """The name of a term of the ontology in links to the page: its local name without what all of its kind share."""
    name = compact(iri).removeprefix("pg:")
    return re.sub(r"^(map-group|family)-", "", name)


def groups(graph: GraphCore) -> list[Look]:
    """The groups of entities, in the order of their rank; a group for the rest comes last."""
    found = []
    for number, row in enumerate(rows(graph, "map-groups")):
        light, dark = colours(row["light"], row["dark"], number)
        shape = row["shape"] if row["shape"] in SHAPES else "dot"
        label, about = clean(row["label"]), clean(row["definition"])
        found.append(Look(row["group"], label, about, light, dark, shape, is_so(row["hollow"])))
    rest = Look(f"{PG}map-group-rest", "other entities", "", "#5F6670", "#B7C0CB", "dot", hollow=True)
    return [*found, rest]


def group_of_class(graph: GraphCore) -> dict[str, str]:
    """The IRI of the group of each class that has one."""
    chosen: dict[str, str] = {}
    for row in rows(graph, "map-group-of-class"):
        chosen.setdefault(row["class"], row["group"])
    return chosen


def families(graph: GraphCore) -> list[Look]:
    """The families of relations, in the order of their rank; one for claims without a family comes last."""
    found = []
    for number, row in enumerate(rows(graph, "map-families")):
        light, dark = colours(row["light"], row["dark"], number)
        found.append(Look(row["family"], clean(row["label"]), clean(row["definition"]), light, dark))
    return [*found, Look(f"{PG}family-rest", "other claims", "", "#5F6670", "#B7C0CB")]


def levels(graph: GraphCore) -> dict[str, list[dict[str, str | int]]]:
    """The attestations, stages and tiers, each by rank."""
    found: dict[str, list[dict[str, str | int]]] = {"attestation": [], "stage": [], "tier": []}
    for row in rows(graph, "map-levels"):
        name = compact(row["scheme"]).removeprefix("pg:").removesuffix("Scheme").lower()
        found[name].append({"rank": int(row["rank"]), "label": clean(row["label"]), "about": clean(row["definition"])})
    return found


def colours(light: str, dark: str, number: int) -> tuple[str, str]:
    """The two colours if they are such, else two of the fallback."""
    stated = (light, dark)
    # A colour reaches style attributes and the canvas: nothing but a colour may pass.
    if all(re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) for colour in stated):
        return stated
    return FALLBACK[number % len(FALLBACK)]
