"""Where claims differ: every version of a value side by side, which one is preferred and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from partnergraph.base.errors import UnknownName
from partnergraph.base.texts import clean
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import PG, compact
from partnergraph.reading.citations import citation_lines
from partnergraph.show.markup import Html, as_html, bold, joined, paragraph, table
from partnergraph.show.markup import fold as folded
from partnergraph.show.values import RANGES, Range, amount, decimal, is_true, plain

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.rdf.terms import Term

Absence = Literal["undisclosed", "not found", "not yet"]
STEMS = {ranges.stem: ranges for ranges in RANGES}


@dataclass(frozen=True)
class Version:
    """What one claim says about a contested point."""

    claim: str
    label: str
    row: dict[str, Term]

    @property
    def attestation(self) -> str:
        """How well the claim is attested."""
        return plain(self.row.get("attestation"), {})

    @property
    def tier(self) -> str:
        """The best tier among the claim's sources."""
        return plain(self.row.get("tier"), {}) or "no tier"

    @property
    def preferred(self) -> bool:
        """Whether no contradicting claim is preferred over this one."""
        return is_true(self.row["nobodyAbove"])

    def bounds(self, stem: str) -> tuple[Decimal | None, Decimal | None]:
        """Least and greatest value of one of the ranges, such as ``amount``."""
        return decimal(self.row.get(f"{stem}Min")), decimal(self.row.get(f"{stem}Max"))

    def value(self, name: str) -> str:
        """The value of a property in words, or nothing where the claim does not state it."""
        if name in STEMS:
            stated = any(bound is not None for bound in self.bounds(name))
            return STEMS[name].text(self.row, {}) if stated else ""
        return plain(self.row.get(name), {})

    def money(self) -> str:
        """The first of the claim's ranges in words: its amount, valuation, quantity, stake or capacity."""
        return next((text for stem in STEMS if (text := self.value(stem))), "")


@dataclass(frozen=True, repr=False)
class Resolution:
    """What is known of one value: the best, the range over all versions, and who says so; or a typed absence."""

    subject: str
    name: str
    best: str
    versions: list[Version]
    absence: Absence | None
    reasons: list[str]
    citations: list[str]
    least: Decimal | None = None
    greatest: Decimal | None = None
    unit: str = ""

    @property
    def contested(self) -> bool:
        """Whether claims differ about it."""
        return len({version.value(self.name) for version in self.versions}) > 1

    @cached_property
    def range(self) -> str:
        """The range over all versions in words."""
        return amount(self.least, self.greatest, self.unit) if self.least is not None or self.greatest is not None else self.best

    @property
    def preferred(self) -> str | None:
        """The claim whose value is the best one, or None where no single one is preferred."""
        chosen = [version.claim for version in self.versions if version.preferred]
        return chosen[0] if len(chosen) == 1 else None

    def __repr__(self) -> str:
        known = f"{self.best}, contested: {self.range}" if self.contested else self.best or self.absence
        return f"<{self.name} of {self.subject}: {clean(known or '')}, {len(self.citations)} sources>"

    def _repr_html_(self) -> str:
        if self.absence:
            return paragraph(joined([bold(f"{self.subject} · {self.name}"), self.absence]))
        parts = [paragraph(joined([bold(f"{self.subject} · {self.name}"), self.range if self.contested else self.best]))]
        if self.contested:
            who = f"preferred is {compact(self.preferred)}" if self.preferred else "no version is preferred over all others"
            parts.append(paragraph(f"{len(self.versions)} versions differ; {who}: {self.best}"))
        parts += [
            versions_table(self.versions, self.name),
            *map(paragraph, self.reasons),
            folded("sources", Html("<br>\n".join(as_html(line) for line in self.citations))),
        ]
        return Html("".join(parts))


def resolve(graph: GraphCore, subject: str, name: str) -> Resolution:
    """The value of a claim's property, or of an entity's figure, never as a bare number.

    ``subject`` is a claim by its short name or an entity by any of its names; ``name`` a range such as
    ``amount``, ``stake`` or ``valuation``, a property such as ``stage``, or for an entity a measure such as ``revenue``.
    """
    try:
        claims = [graph.find_claim(subject)]
    except UnknownName:
        entity = graph.whole.find_entity(subject) if not subject.startswith("claim:") else _later(graph, subject)
        claims = newest_figure(graph, entity, name)
        if not claims:
            later = graph.whole is not graph and newest_figure(graph.whole, entity, name)
            return Resolution(compact(entity), name, "", [], "not yet" if later else "not found", [], [])
        name = _stem_of(graph, claims[0], name)
    compared = [claims[0], *sorted(_comparable(graph, claims[0]) - {claims[0]})]
    rows = graph.project_each("versions", "claim", compared)
    versions = [Version(claim, str(rows[claim][0]["label"].value), rows[claim][0]) for claim in compared if rows[claim]]
    stating = [candidate for candidate in versions if candidate.value(name)]
    if not stating:
        return Resolution(compact(claims[0]), name, "", versions, "undisclosed", [], citation_lines(graph, claims[0]))
    best = [candidate for candidate in stating if candidate.preferred] or stating
    lows, highs = zip(*(candidate.bounds(name) for candidate in stating), strict=True) if name in STEMS else ((None,), (None,))
    least = None if None in lows else min(low for low in lows if low is not None)
    greatest = None if None in highs else max(high for high in highs if high is not None)
    units = {_unit(candidate, name) for candidate in stating}
    if len(units) > 1:
        # Dollars and pounds have no common range.
        least = greatest = None
    return Resolution(
        compact(claims[0]),
        name,
        " or ".join(dict.fromkeys(candidate.value(name) for candidate in best)),
        stating,
        None,
        reasons(graph, [candidate.claim for candidate in best]),
        citation_lines(graph, best[0].claim),
        least,
        greatest,
        units.pop() if len(units) == 1 else "",
    )


def _later(graph: GraphCore, claim: str) -> str:
    """The IRI of a claim that only the whole graph has; raises UnknownName if it has not either."""
    return graph.whole.find_claim(claim)


def _unit(candidate: Version, name: str) -> str:
    ranges = STEMS.get(name, Range(name))
    return plain(candidate.row.get(ranges.unit), {}) if ranges.unit else ranges.fixed


def _stem_of(graph: GraphCore, claim: str, name: str) -> str:
    """The range in which a figure keeps its number: money in ``amount``, the rest in ``quantity``."""
    found = version(graph, claim)
    return next((stem for stem in ("amount", "quantity", "stake", "capacity", "valuation") if found.value(stem)), name)


def newest_figure(graph: GraphCore, entity: str, measure: str) -> list[str]:
    """The newest claims with a figure of the entity for the measure; an empty list where there is none."""
    rows = list(graph.project("figures", entity=ox.NamedNode(entity)).mappings())
    fitting = [row for row in rows if fold(measure) in {fold(str(row["measureLabel"].value)), fold(compact(row["measure"].value))}]
    if not fitting:
        labels = graph.whole.project("measures").mappings()
        known = [str(row["label"].value) for row in labels]
        if fold(measure) not in map(fold, known) and measure not in STEMS:
            raise UnknownName(
                "measure", measure, nearest_names(measure, known), "take a range such as amount or a measure such as revenue"
            )
    return [
        str(row["claim"].value) for row in sorted(fitting, key=lambda r: str(r["day"].value) if "day" in r else "", reverse=True)
    ]


def version(graph: GraphCore, claim: str) -> Version:
    """The claim as a version to be compared."""
    row = graph.project_each("versions", "claim", [claim])[claim][0]
    return Version(claim, str(row["label"].value), row)


def pairs(graph: GraphCore) -> dict[str, set[str]]:
    """For each contested claim, the claims that contradict it."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in graph.project("contradictions").mappings():
        found[str(row["claim"].value)].add(str(row["other"].value))
    return found


def _comparable(graph: GraphCore, claim: str) -> set[str]:
    """The claim and all that contradict it about the same value, directly or through each other.

    What one firm holds is no version of what another one holds, nor a share of profit one of a share of equity.
    """
    bases: dict[str, set[Term]] = {}

    def basis(one: str) -> set[Term]:
        return bases.get(one, set())

    def read(claims: Iterable[str]) -> None:
        graph.project_each("ends", "claim", claims)
        bases.update((one, set(stated)) for one, stated in graph.engine.objects(claims, f"{PG}stakeBasis").items())

    def ends(one: str) -> dict[tuple[Term, Term], set[Term]]:
        found: dict[tuple[Term, Term], set[Term]] = defaultdict(set)
        for row in graph.project_each("ends", "claim", [one])[one]:
            found[row["kind"], row["side"]].add(row["entity"])
        return found

    read([claim])
    own_basis, own_ends = basis(claim), ends(claim)

    def same_value(other: str) -> bool:
        if own_basis and (stated := basis(other)) and own_basis != stated:
            return False
        return all(own_ends[side] & entities for side, entities in ends(other).items() if side in own_ends)

    def rivals(claims: Iterable[str]) -> set[str]:
        stated = graph.engine.objects(claims, f"{PG}contradicts")
        found = {str(other.value) for others in stated.values() for other in others}
        read(sorted(found))
        return {other for other in found if same_value(other)}

    return reached(claim, rivals)


def reached(claim: str, rivals: Callable[[Iterable[str]], set[str]]) -> set[str]:
    """The claim, its rivals, and theirs; ``rivals`` says which claims contradict some."""
    seen = waiting = {claim}
    while waiting:
        waiting = rivals(waiting) - seen
        seen = seen | waiting
    return seen


def reasons(graph: GraphCore, preferred: Iterable[str]) -> list[str]:
    """Why claims are preferred over others, one sentence a pair."""
    return [
        f"{compact(claim)} is {row['why'].value} {compact(str(row['other'].value))}"
        for claim, rows in graph.project_each("disputes", "claim", preferred).items()
        for row in rows
        if "preferred" in row and row["preferred"].value == claim
    ]


def versions_table(versions: Iterable[Version], value: str = "") -> Html:
    """Versions side by side, by one of their values or by the first range that each states."""
    rows = [
        (
            version.value(value) if value else version.money() or "no figure",
            version.attestation,
            version.tier,
            plain(version.row.get("published"), {}) or "undated",
            compact(version.claim),
            version.label,
            "preferred" if version.preferred else "",
        )
        for version in versions
    ]
    return table(("value", "attested", "best source", "published from", "claim", "what it says", ""), rows)
