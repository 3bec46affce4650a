"""The card of an entity: what it is, and its claims by kind with their sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from html import escape

import pyoxigraph as ox

from partnergraph.base.errors import UnknownName
from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.core.views import ATTESTATIONS, View
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import Bindings, Term, compact
from partnergraph.reading.claims import INDENT, claim_figures, claim_lines, claim_marks, wrapped
from partnergraph.reading.topics import topics_of_entity
from partnergraph.show.markup import Html, bold, joined, paragraph, table
from partnergraph.show.markup import fold as folded
from partnergraph.show.values import interval, is_true

# From here on a list of the kinds tells what there is.
MANY_KINDS = 6
# Kinds of claims that a card opens with in a notebook; the others are a click away.
OPEN_KINDS = 3


@dataclass(frozen=True)
class EntityCard:
    """What the graph says about an entity: its names, what it is, and its claims by kind, the newest first.

    ``limit`` is the most claims shown of each kind, 0 for all; ``sources`` has the best source of each claim in a few words,
    ``scope`` says of which view it is, ``known`` until when sources were looked through for the topics of its claims.
    """

    names: tuple[str, ...]
    what: str
    iri: str
    kinds: dict[str, list[Bindings]]
    limit: int
    sources: dict[str, str]
    scope: str = ""
    known: str = ""

    @property
    def summary(self) -> str:
        """How many claims there are, of which years, how well attested, how many contested."""
        return _summary(self.kinds)

    def text(self, width: int = 100) -> str:
        """The card as text for people."""
        lines = [f"{clean(self.names[0])} · {self.what} · {compact(self.iri)}"]
        if self.names[1:]:
            lines += wrapped("also called " + ", ".join(map(clean, self.names[1:])), width)
        lines += wrapped(self.summary, width)
        lines += wrapped(self.scope, width)
        lines += wrapped(f"sources looked through: {self.known}" if self.known else "", width)
        if len(self.kinds) > MANY_KINDS:
            lines += wrapped("kinds: " + ", ".join(f"{label} {len(claims)}" for label, claims in self.kinds.items()), width)
        for label, claims in self.kinds.items():
            lines += ["", f"{label} ({len(claims)})"]
            shown = claims[: self.limit or None]
            for row in shown:
                lines += claim_lines(row, self.sources.get(str(row["claim"].value), "no citation"), width)
            if len(shown) < len(claims):
                lines.append(f"{INDENT}… {len(claims) - len(shown)} more: --kind '{label}' --limit 0")
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return f"<card of {clean(self.names[0])}: {self.summary}>"

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:

        parts = [
            paragraph(joined([bold(self.names[0]), self.what, compact(self.iri)])),
            paragraph("also called " + ", ".join(self.names[1:]) if self.names[1:] else ""),
            paragraph(self.summary),
            paragraph(self.scope),
            paragraph(f"sources looked through: {self.known}" if self.known else ""),
        ]
        for number, (label, claims) in enumerate(self.kinds.items()):
            shown = claims[: self.limit or None]
            rows = [
                (
                    Html(f'<span style="white-space:nowrap">{escape(interval(row))}</span>'),
                    Html(f'<span title="{escape(compact(str(row["claim"].value)))}">') + str(row["label"].value) + Html("</span>"),
                    joined(claim_figures(row)),
                    joined(claim_marks(row)),
                    self.sources.get(str(row["claim"].value), "no citation"),
                )
                for row in shown
            ]
            inside = table(("when", "claim", "how much", "attested", "source"), rows)
            if len(shown) < len(claims):
                inside += paragraph(f"… {len(claims) - len(shown)} more: .card(kind={label!r}, limit=0)")
            parts.append(folded(f"{label} ({len(claims)})", inside, opened=number < OPEN_KINDS))
        return Html("".join(parts))


def read_entity(graph: GraphCore, entity: str, *, kind: str | None = None, limit: int | None = None) -> EntityCard:
    """The card of an entity.

    ``kind`` keeps the claims of one kind, by its label; ``limit`` is the most shown of each kind, 0 for all, and
    None for as many as keep the card readable.
    """
    by_kind: dict[str, dict[Term, Bindings]] = defaultdict(dict)
    for row in graph.project("card", entity=ox.NamedNode(entity)).mappings():
        # A claim with two units or two lead roles comes as two rows; it is still one claim.
        by_kind[str(row["kindLabel"].value)].setdefault(row["claim"], row)
    if kind is not None:
        chosen = {label: claims for label, claims in by_kind.items() if fold(label) == fold(kind.removeprefix("pg:"))}
        if not chosen:
            raise UnknownName("kind of claim", kind, nearest_names(kind, by_kind), f"there are {', '.join(by_kind) or 'none'}")
        by_kind = defaultdict(dict, chosen)
    if limit is None:
        limit = 0 if kind is not None else _readable_limit(sum(len(claims) for claims in by_kind.values()))
    kinds = {label: list(claims.values()) for label, claims in sorted(by_kind.items(), key=_family_first)}
    what = graph.kinds([entity]).get(entity, "entity")
    scope = graph.scope if graph.view != View() else ""
    sources = _short_sources(graph, entity)
    return EntityCard(graph.names_of(entity), what, entity, kinds, limit, sources, scope, topics_of_entity(graph, entity))


def _family_first(item: tuple[str, dict[Term, Bindings]]) -> tuple[int, int, str]:
    """Kinds in the order of their relation families, money first; within a family the most frequent first."""
    row = next(iter(item[1].values()))
    return int(str(row["familyRank"].value)) if "familyRank" in row else 99, -len(item[1]), item[0]


def _readable_limit(claims: int) -> int:
    """How many claims of each kind a card shows by itself, the fewer the more there are."""
    return 8 if claims <= 60 else 4 if claims <= 200 else 2


def _short_sources(graph: GraphCore, entity: str) -> dict[str, str]:
    """For each claim of the entity its best source in a few words, and how many more there are."""
    best: dict[str, str] = {}
    more: Counter[str] = Counter()
    for row in graph.project("card-citations", entity=ox.NamedNode(entity)).mappings():
        claim = str(row["claim"].value)
        if claim in best:
            more[claim] += 1
            continue
        name = row.get("publisher") or row.get("title") or row["source"]
        issued = str(row["issued"].value) if "issued" in row else "undated"
        best[claim] = f"{clean(str(name.value))} {issued}"
    return {claim: source + (f" +{more[claim]}" if more[claim] else "") for claim, source in best.items()}


def _summary(kinds: dict[str, list[Bindings]]) -> str:
    claims = {row["claim"]: row for group in kinds.values() for row in group}
    if not claims:
        return "no claims"
    days = sorted(str(row["day"].value) for row in claims.values() if "day" in row)
    contested = sum(is_true(row["contested"]) for row in claims.values())
    levels = Counter(str(row["attestation"].value) for row in claims.values() if "attestation" in row)
    parts = [f"{len(claims)} claims"]
    if days:
        parts.append(f"{days[0][:4]} to {days[-1][:4]}")
    parts += [f"{levels[level]} {level}" for level in reversed(ATTESTATIONS) if levels[level]]
    if contested:
        parts.append(f"{contested} contested")
    return " · ".join(parts)
