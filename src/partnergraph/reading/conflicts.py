"""Contested points: the question, its versions side by side, and what the editors make of it."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import Bindings, compact
from partnergraph.reading.disagreement import Version, pairs, reached, version, versions_table
from partnergraph.reading.notes import notes_of
from partnergraph.reading.replying import footer
from partnergraph.show.markup import Html, bold, joined, paragraph
from partnergraph.show.records import Cell, Ref, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists, several
from partnergraph.show.values import is_true, plain


@dataclass(frozen=True, repr=False)
class Conflict:
    """One contested point: the question, its versions, and what the editors make of it."""

    question: str
    versions: list[Version]
    nature: str = ""
    note: str = ""
    favoured: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """What the editors make of it in words, and whether the rule by attestation, tier and date prefers other versions."""
        if not self.note:
            return ""
        chosen = [version for version in self.versions if version.claim in self.favoured]
        against = " (which the rule ranks lower)" if chosen and not any(version.preferred for version in chosen) else ""
        return f"Editors: {', '.join(map(compact, self.favoured)) or 'left open'}{against}. {self.note}"

    @cached_property
    def at_stake(self) -> Decimal:
        """How far the versions are apart in money of one currency; 0 where that is not what they differ in."""
        widest = Decimal(0)
        for stem in ("amount", "valuation"):
            currencies: dict[str, list[Decimal]] = defaultdict(list)
            for candidate in self.versions:
                least, greatest = candidate.bounds(stem)
                value = greatest if greatest is not None else least
                if value is not None:
                    currencies[plain(candidate.row.get("currency"), {})].append(value)
            widest = max([widest, *(max(values) - min(values) for values in currencies.values())])
        return widest

    def text(self, number: int, width: int) -> str:
        """The point as text for people, under a number: ``>`` stands before versions over which none is preferred."""
        nature = f" · {self.nature}" if self.nature else ""
        lines = _wrapped(f"{number}. {self.question}{nature}", width, "", "   ")
        for one in self.versions:
            head = f"{'>' if one.preferred else ' '} {one.money() or 'no figure'} · {one.attestation} · {one.tier} · {compact(one.claim)}"
            lines += _wrapped(head, width, "   ", "     ") + _wrapped(one.label, width, "     ", "     ")
        if self.verdict:
            lines += _wrapped(self.verdict, width, "   ", "   ")
        return "\n".join(lines) + "\n"

    def speaks_of(self, text: str) -> bool:
        """Whether the question or one of the versions has the text in its words."""
        wanted = text.casefold()
        return any(wanted in words.casefold() for words in (self.question, *(version.label for version in self.versions)))

    def __repr__(self) -> str:
        return f"<contested, in {len(self.versions)} versions: {clean(self.question)}>"

    def _repr_html_(self) -> str:
        return Html(paragraph(joined([bold(self.question), self.nature])) + versions_table(self.versions) + paragraph(self.verdict))


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(clean(text), width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def conflicts(graph: GraphCore) -> list[Conflict]:
    """Every contested point of the graph, the most material first.

    What is open comes before what is an error and that before what fits together once read with care; among
    these, the most money apart first, then the most versions.
    """
    stated = pairs(graph)
    known = {claim: rows[0] for claim, rows in graph.project_each("versions", "claim", stated).items() if rows}
    # A claim may contradict one that the content does not have.
    contradicting = {claim: stated[claim] & known.keys() for claim in known}

    def rivals(claims: Iterable[str]) -> set[str]:
        return {other for claim in claims for other in contradicting.get(claim, ())}

    def version_of(claim: str) -> Version:
        return Version(claim, str(known[claim]["label"].value), known[claim]) if claim in known else version(graph, claim)

    found: list[Conflict] = []
    told: set[str] = set()
    by_dispute: dict[str, list[Bindings]] = defaultdict(list)
    for row in graph.project("dispute-versions").mappings():
        by_dispute[str(row["dispute"].value)].append(row)
    for rows in by_dispute.values():
        claims = [str(row["version"].value) for row in rows]
        # A claim that contradicts a version belongs to the dispute, even where the editors did not list it.
        claims += sorted(rivals(claims) - set(claims))
        if len(claims) > 1:
            told |= set(claims)
            found.append(
                Conflict(
                    str(rows[0]["question"].value),
                    [version_of(claim) for claim in claims],
                    plain(rows[0].get("nature"), {}),
                    plain(rows[0].get("note"), {}),
                    tuple(str(row["version"].value) for row in rows if is_true(row["favoured"])),
                )
            )
    for claim in sorted(set(contradicting) - told):
        if claim not in told:
            group = sorted(reached(claim, rivals))
            told |= set(group)
            found.append(Conflict(version_of(group[0]).label, [version_of(member) for member in group]))
    order = {"open": 0, "": 1, "error": 2, "compatible": 3}
    return sorted(found, key=lambda c: (order.get(c.nature, 1), -c.at_stake, -len(c.versions), c.question))


def conflicts_reply(graph: GraphCore, found: Sequence[Conflict], about: str = "") -> Reply:
    """The contested points as a reply, each an item with its versions."""
    items = [partial(_item, number, point) for number, point in enumerate(found, 1)]
    rows: list[dict[str, Cell]] = [
        {
            "point": number,
            "question": point.question,
            "nature": point.nature or None,
            "claim": Ref(compact(version.claim), clean(version.label)),
            "value": version.money() or None,
            "attestation": version.attestation,
            "tier": version.tier,
            "preferred": version.preferred,
            "editors": point.verdict or None,
        }
        for number, point in enumerate(found, 1)
        for version in point.versions
    ]
    keys = [version.claim for point in found for version in point.versions]
    columns = ["point", "question", "nature", "claim", "value", "attestation", "tier", "preferred", "editors"]
    table = Table("contested points", columns, rows, keys)
    versions = sum(len(point.versions) for point in found)
    natures = Counter(point.nature or "not judged" for point in found)
    told = ", ".join(f"{count} {nature}" for nature, count in natures.most_common())
    finding = [f"{len(found)} contested point{'' if len(found) == 1 else 's'} in {versions} versions{f': {told}' if told else ''}."]
    if found and found[0].at_stake:
        finding.append(f"Most money apart: {found[0].question}")
    first = found[0].versions[0].claim if found else ""
    steps = [
        f"partnergraph claim {compact(first).removeprefix('claim:')}",
        f"partnergraph ask versions-of {compact(first).removeprefix('claim:')}",
    ]
    return reply_of_lists(
        [f"Where do claims differ{f' about {about}' if about else ''}, version by version?"],
        finding,
        [Listing("", items, lambda: table, "points")] if found else [],
        remarks=["> = no version is better attested, better sourced or newer"] if found else [],
        following=steps if found else [],
        footer=f"{several(len(found), 'contested points')} · {footer(graph)}",
        asked={"about": about} if about else {},
        notes=notes_of(graph),
    )


def _item(number: int, point: Conflict, width: int) -> str:
    return point.text(number, width)
