"""Cards: what the graph says about one entity, or in one claim, as text for people."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from dataclasses import dataclass

import pyoxigraph as ox

from partnergraph.answers import Term
from partnergraph.disagreement import resolve
from partnergraph.errors import UnknownName
from partnergraph.graph import Graph
from partnergraph.readable import RANGES, clean, interval, plain
from partnergraph.render import citation_lines
from partnergraph.views import ATTESTATIONS
from partnergraph.vocabulary import PG, RDF_TYPE, compact, fold, nearest_names

Row = dict[str, Term]
INDENT = "    "
# Amounts and quantities bear their unit; of the others one has to say what they are.
SELF_EXPLAINING = {"amount", "quantity"}
# What a view marks where dates are partial or unknown.
POSSIBLY = {"possiblyInForce": "possibly in force", "possiblyPublished": "possibly published by then"}
# From here on a list of the kinds tells what there is.
MANY_KINDS = 6


@dataclass(frozen=True)
class EntityCard:
    """What the graph says about an entity: its names, what it is, and its claims by kind, the newest first.

    ``limit`` is the most claims shown of each kind, 0 for all; ``sources`` has the best source of each claim in a few words.
    """

    names: tuple[str, ...]
    what: str
    iri: str
    kinds: dict[str, list[Row]]
    limit: int
    sources: dict[str, str]

    @property
    def summary(self) -> str:
        """How many claims there are, of which years, how well attested, how many contested."""
        return _summary(self.kinds)

    def text(self, width: int = 100) -> str:
        """The card as text for people."""
        lines = [f"{clean(self.names[0])} · {self.what} · {compact(self.iri)}"]
        if self.names[1:]:
            lines += _wrap("also called " + ", ".join(map(clean, self.names[1:])), width)
        lines += _wrap(self.summary, width)
        if len(self.kinds) > MANY_KINDS:
            lines += _wrap("kinds: " + ", ".join(f"{label} {len(claims)}" for label, claims in self.kinds.items()), width)
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
        from partnergraph.notebook import entity_html

        return entity_html(self)


def read_entity(graph: Graph, entity: str, *, kind: str | None = None, limit: int | None = None) -> EntityCard:
    """The card of an entity.

    ``kind`` keeps the claims of one kind, by its label; ``limit`` is the most shown of each kind, 0 for all, and
    None for as many as keep the card readable.
    """
    by_kind: dict[str, dict[Term, Row]] = defaultdict(dict)
    for row in graph.project("card", entity=ox.NamedNode(entity)).mappings():
        # A claim with two units or two lead roles comes as two rows; it is still one claim.
        by_kind[str(row["kindLabel"].value)].setdefault(row["claim"], row)
    if kind is not None:
        chosen = {label: claims for label, claims in by_kind.items() if fold(label) == fold(kind)}
        if not chosen:
            raise UnknownName("kind of claim", kind, nearest_names(kind, by_kind), f"there are {', '.join(by_kind) or 'none'}")
        by_kind = defaultdict(dict, chosen)
    if limit is None:
        limit = 0 if kind is not None else _readable_limit(sum(len(claims) for claims in by_kind.values()))
    kinds = {label: list(claims.values()) for label, claims in sorted(by_kind.items(), key=_family_first)}
    return EntityCard(
        graph.names_of(entity), graph.kinds([entity]).get(entity, "entity"), entity, kinds, limit, _short_sources(graph, entity)
    )


def entity_card(graph: Graph, entity: str, *, kind: str | None, limit: int | None, width: int) -> str:
    """The card of an entity as text, as ``read_entity`` has it."""
    return read_entity(graph, entity, kind=kind, limit=limit).text(width)


def _family_first(item: tuple[str, dict[Term, Row]]) -> tuple[int, int, str]:
    """Kinds in the order of their relation families, money first; within a family the most frequent first."""
    row = next(iter(item[1].values()))
    return int(str(row["familyRank"].value)) if "familyRank" in row else 99, -len(item[1]), item[0]


def _readable_limit(claims: int) -> int:
    """How many claims of each kind a card shows by itself, the fewer the more there are."""
    return 8 if claims <= 60 else 4 if claims <= 200 else 2


def _short_sources(graph: Graph, entity: str) -> dict[str, str]:
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


def _summary(kinds: dict[str, list[Row]]) -> str:
    claims = {row["claim"]: row for group in kinds.values() for row in group}
    if not claims:
        return "no claims"
    days = sorted(str(row["day"].value) for row in claims.values() if "day" in row)
    contested = sum(row["contested"].value == "true" for row in claims.values())
    levels = Counter(str(row["attestation"].value) for row in claims.values() if "attestation" in row)
    parts = [f"{len(claims)} claims"]
    if days:
        parts.append(f"{days[0][:4]} to {days[-1][:4]}")
    parts += [f"{levels[level]} {level}" for level in reversed(ATTESTATIONS) if levels[level]]
    if contested:
        parts.append(f"{contested} contested")
    return " · ".join(parts)


def claim_lines(row: Row, source: str, width: int) -> list[str]:
    """One claim on a card: when, what it says, how much, how well attested, from where."""
    marks = [*claim_figures(row), *claim_marks(row)]
    when = interval(row)
    head = textwrap.wrap(clean(str(row["label"].value)), width - 24, break_on_hyphens=False) or [""]
    lines = [f"  {when:<20}  {head[0]}"] + [" " * 24 + more for more in head[1:]]
    return lines + _wrap(" · ".join(map(clean, [*marks, source, compact(str(row["claim"].value))])), width, " " * 24)


def claim_figures(row: Row) -> list[str]:
    """The amounts and quantities that a claim states, in words."""
    return [
        ranges.text(row, {}) if ranges.stem in SELF_EXPLAINING else f"{ranges.stem} {ranges.text(row, {})}"
        for ranges in RANGES
        if f"{ranges.stem}Min" in row or f"{ranges.stem}Max" in row
    ]


def claim_marks(row: Row) -> list[str]:
    """How well a claim is attested, how far it has come, and what speaks against it."""
    marks = [str(row[name].value) for name in ("attestation", "stage") if name in row]
    if row["contested"].value == "true":
        marks.append("CONTESTED")
    if row["weak"].value == "true":
        marks.append("weakly sourced")
    return marks + [words for name, words in POSSIBLY.items() if name in row]


@dataclass(frozen=True)
class ClaimCard:
    """One claim in full: its words, its properties, and which claims contradict it and why one is preferred."""

    graph: Graph
    iri: str
    label: str
    fields: list[tuple[str, str]]
    disputes: list[tuple[str, str, str]]

    def text(self, width: int = 100) -> str:
        """The card as text for people, with the citations of the claim."""
        lines = [compact(self.iri), *_wrap(self.label, width, "  "), ""]
        longest = max(len(name) for name, _ in self.fields)
        for name, value in self.fields:
            wrapped = textwrap.wrap(value, width - longest - 6, break_on_hyphens=False) or [""]
            lines += [f"  {name:<{longest}}  {wrapped[0]}"] + [" " * (longest + 4) + more for more in wrapped[1:]]
        lines += ["", "sources"]
        for number, line in enumerate(citation_lines(self.graph, self.iri), 1):
            lines += textwrap.wrap(f"  {number}. {line}", width, subsequent_indent="     ", break_on_hyphens=False)
        if self.disputes:
            lines += ["", "contested by"]
        for other, label, preferred in self.disputes:
            lines += _wrap(f"{compact(other)}: {label}", width, "  ")
            if preferred:
                lines += _wrap(preferred, width, INDENT)
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return f"<claim {compact(self.iri)}: {clean(self.label)}>"

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from partnergraph.notebook import claim_html

        return claim_html(self)


def read_claim(graph: Graph, claim: str) -> ClaimCard:
    """The card of a claim."""
    node = ox.NamedNode(claim)
    rows = list(graph.project("claim", claim=node).mappings())
    values: dict[str, list[Term]] = defaultdict(list)
    headings: dict[str, str] = {}
    for row in rows:
        name = str(row["property"].value).removeprefix(PG)
        headings[name] = str(row["heading"].value)
        values[name].append(row["value"])
    iris = [term.value for terms in values.values() for term in terms if isinstance(term, ox.NamedNode)]
    labels = {**graph.labels(iris), **{iri: compact(iri) for iri in iris if "/claim/" in iri}}
    fields = [("kind", graph.kinds([claim]).get(claim, "claim"))]
    merged = {name for ranges in RANGES for name in ranges.columns()}
    fields += [
        (clean(headings[name]), ", ".join(plain(term, labels) for term in terms))
        for name, terms in values.items()
        if name not in merged
    ]
    fields += _marks(graph, node)
    single = {name: terms[0] for name, terms in values.items()}
    for ranges in RANGES:
        if f"{ranges.stem}Min" in single or f"{ranges.stem}Max" in single:
            fields += _resolved(graph, claim, ranges.stem, ranges.text(single, labels))
    is_deal = ox.NamedNode(f"{PG}Deal") in graph.engine.objects([claim], RDF_TYPE).get(claim, [])
    if is_deal and not {"amountMin", "amountMax"} & set(single):
        fields += _resolved(graph, claim, "amount", "undisclosed")
    disputes = []
    for row in graph.project_each("disputes", "claim", [claim])[claim]:
        which = "this claim" if row.get("preferred") == node else "the other"
        why = f"preferred: {which}, {clean(str(row['why'].value)).removesuffix(' than')}" if "preferred" in row else ""
        disputes.append((str(row["other"].value), str(row["label"].value), why))
    return ClaimCard(graph, claim, graph.labels([claim]).get(claim, ""), fields, disputes)


def claim_card(graph: Graph, claim: str, *, width: int) -> str:
    """The card of a claim as text."""
    return read_claim(graph, claim).text(width)


def _marks(graph: Graph, claim: ox.NamedNode) -> list[tuple[str, str]]:
    """When the claim was first published, and what a view marks of it."""
    dates = sorted(
        str(row["issued"].value)
        for row in graph.project_each("citations", "claim", [str(claim.value)])[str(claim.value)]
        if "issued" in row
    )
    found = [("first published", dates[0] if dates else "not known: its sources carry no date")]
    for name, words in POSSIBLY.items():
        if next(graph.store.quads_for_pattern(claim, ox.NamedNode(PG + name), None), None) is not None:
            found.append(("in this view", words))
    return found


def _resolved(graph: Graph, claim: str, stem: str, own: str) -> list[tuple[str, str]]:
    """A range of the claim, and where others differ the range over all versions with the preferred one."""
    found = resolve(graph, compact(claim), stem)
    if not found.contested:
        return [(stem, own)]
    who = f"preferred is {compact(found.preferred)}" if found.preferred else "no version is preferred over all others"
    return [(stem, own), (f"{stem}, all versions", f"{found.range}; {len(found.versions)} versions differ; {who}: {found.best}")]


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(clean(text), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
