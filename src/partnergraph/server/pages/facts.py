"""What many pages need of a graph, read once for each graph and view."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from partnergraph.core.rows import rows
from partnergraph.page.palette import colours
from partnergraph.rdf.terms import PG
from partnergraph.reading.cards import EntityCard, read_entity
from partnergraph.reading.claims import ClaimCard, read_claim
from partnergraph.reading.conflicts import Conflict, conflicts

if TYPE_CHECKING:
    from partnergraph.api import Graph


class Facts:
    """Tables of a graph, each made when it is first needed."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._card: tuple[tuple[str, str], EntityCard] | None = None
        self._claim: tuple[str, ClaimCard] | None = None

    @cached_property
    def overview(self) -> dict[str, str]:
        """How much there is."""
        return {name: str(term.value) for row in self.graph.project("overview").mappings() for name, term in row.items()}

    @cached_property
    def family_of_kind(self) -> dict[str, str]:
        """The IRI of the family of each kind of claims."""
        return {row["kind"]: row["family"] for row in rows(self.graph, "map-kinds") if row["family"]}

    @cached_property
    def families(self) -> dict[str, tuple[str, str, str]]:
        """Label and two colours of each family, in the order of their rank."""
        found: dict[str, tuple[str, str, str]] = {}
        for number, row in enumerate(rows(self.graph, "map-families")):
            found.setdefault(row["family"], (row["label"], *colours(row["light"], row["dark"], number)))
        return found

    @cached_property
    def family_numbers(self) -> dict[str, int]:
        """The place of each family, by its label: what style sheets know it by."""
        return {label: number for number, (label, _, _) in enumerate(self.families.values())}

    @cached_property
    def neighbours(self) -> dict[str, dict[str, Counter[str]]]:
        """For each entity those it shares claims with, and how many claims of which family."""
        found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for row in rows(self.graph, "edges"):
            family = self.family_of_kind.get(row["kind"], "")
            found[row["from"]][row["to"]][family] += 1
            found[row["to"]][row["from"]][family] += 1
        return found

    @cached_property
    def contested(self) -> list[Conflict]:
        """The contested points, the most material first."""
        return conflicts(self.graph)

    @cached_property
    def contested_claims(self) -> dict[str, list[int]]:
        """For each claim the contested points that it is a version in."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, point in enumerate(self.contested):
            for version in point.versions:
                found[version.claim].append(number)
        return found

    @cached_property
    def claims_of_source(self) -> dict[str, list[str]]:
        """The claims that cite each source."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in rows(self.graph, "map-citations"):
            found[row["source"]].append(row["claim"])
        return found

    @cached_property
    def claims(self) -> dict[str, str]:
        """The labels of all claims."""
        return {row["claim"]: row["label"] for row in rows(self.graph, "claims")}

    @cached_property
    def sources(self) -> dict[str, str]:
        """The titles of all sources."""
        return {row["source"]: row["title"] for row in rows(self.graph, "sources")}

    @cached_property
    def years(self) -> dict[str, int]:
        """How many claims begin in each year."""
        days = (span.starts_earliest for span in self.graph.index.spans.values())
        return dict(sorted(Counter(day[:4] for day in days if day).items()))

    @cached_property
    def published(self) -> list[tuple[str, str]]:
        """The day on which each claim was first published, and the claim; the latest first.

        A source that says no more than its year or month counts from its first day: at its last it would stand before all that is newer.
        """
        first: dict[str, tuple[str, str]] = {}
        for row in rows(self.graph, "citation-dates"):
            last = row.get("latest") or ""
            if last and (row["claim"] not in first or last < first[row["claim"]][0]):
                first[row["claim"]] = last, row.get("earliest") or last
        return sorted(((day, claim) for claim, (_, day) in first.items()), reverse=True)

    def card(self, iri: str, kind: str = "") -> EntityCard:
        """The card of an entity with all claims, or those of one kind; the last one is kept, since its forms are often asked for together."""
        if self._card is None or self._card[0] != (iri, kind):
            self._card = (iri, kind), read_entity(self.graph, iri, kind=kind or None, limit=0)
        return self._card[1]

    def claim(self, iri: str) -> ClaimCard:
        """A claim in full; the last one is kept."""
        if self._claim is None or self._claim[0] != iri:
            self._claim = iri, read_claim(self.graph, iri)
        return self._claim[1]

    def kind_of(self, entity: str) -> str:
        """The IRI of what an entity is."""
        terms = self.graph.engine.objects([entity], f"{PG}kind").get(entity, [])
        return str(terms[-1].value) if terms else ""
