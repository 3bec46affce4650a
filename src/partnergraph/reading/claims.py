"""Claims: one on a line of a card, and one in full with its properties, sources and rivals."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.core.views import View
from partnergraph.rdf.terms import PG, RDF_TYPE, Bindings, Term, compact
from partnergraph.reading.citations import citation_lines, read_citations
from partnergraph.reading.disagreement import resolve
from partnergraph.reading.topics import topics_of_claim
from partnergraph.show.markup import Html, bold, paragraph, table
from partnergraph.show.values import RANGES, interval, is_true, plain, until_words

INDENT = "    "
# Days from which on something holds no longer.
UNTIL = {"end", "agreedEnd"}
# Amounts and quantities bear their unit; of the others one has to say what they are.
SELF_EXPLAINING = {"amount", "quantity"}
# What a view marks where dates are partial or unknown.
MARKS = {
    "possiblyInForce": "possibly in force",
    "stale": "stale: known for its day only, long before",
    "possiblyPublished": "possibly published by then",
}


def claim_lines(row: Bindings, source: str, width: int) -> list[str]:
    """One claim on a card: when, what it says, how much, how well attested, from where."""
    marks = [*claim_figures(row), *claim_marks(row)]
    when = interval(row)
    head = textwrap.wrap(clean(str(row["label"].value)), width - 24, break_on_hyphens=False) or [""]
    lines = [f"  {when:<20}  {head[0]}"] + [" " * 24 + more for more in head[1:]]
    return lines + wrapped(" · ".join(map(clean, [*marks, source, compact(str(row["claim"].value))])), width, " " * 24)


def claim_figures(row: Bindings) -> list[str]:
    """The amounts and quantities that a claim states, in words."""
    return [
        ranges.text(row, {}) if ranges.stem in SELF_EXPLAINING else f"{ranges.stem} {ranges.text(row, {})}"
        for ranges in RANGES
        if f"{ranges.stem}Min" in row or f"{ranges.stem}Max" in row
    ]


def claim_marks(row: Bindings) -> list[str]:
    """How well a claim is attested, how far it has come, and what speaks against it."""
    marks = [str(row[name].value) for name in ("attestation", "stage") if name in row]
    if is_true(row["contested"]):
        marks.append("CONTESTED")
    if is_true(row.get("rejected")):
        marks.append("held to be a mistake")
    elif is_true(row.get("overruled")):
        marks.append("another version is preferred")
    if is_true(row["weak"]):
        marks.append("weakly sourced")
    return marks + view_marks(row)


def view_marks(marked: Collection[str]) -> list[str]:
    """What a view marks of a claim, in words; what is stale may be so as well, which goes without saying."""
    return [words for name, words in MARKS.items() if name in marked and not (name == "possiblyInForce" and "stale" in marked)]


@dataclass(frozen=True)
class ClaimCard:
    """One claim in full: its words, its properties, and which claims contradict it and why one is preferred."""

    graph: GraphCore
    iri: str
    label: str
    fields: list[tuple[str, str]]
    disputes: list[tuple[str, str, str]]

    def text(self, width: int = 100) -> str:
        """The card as text for people, with the citations of the claim."""
        lines = [compact(self.iri), *wrapped(self.label, width, "  "), ""]
        longest = max(len(name) for name, _ in self.fields)
        for name, value in self.fields:
            first, *rest = textwrap.wrap(value, width - longest - 6, break_on_hyphens=False) or [""]
            lines += [f"  {name:<{longest}}  {first}", *(" " * (longest + 4) + more for more in rest)]
        lines += ["", "sources"]
        for number, line in enumerate(citation_lines(self.graph, self.iri), 1):
            lines += textwrap.wrap(f"  {number}. {line}", width, subsequent_indent="     ", break_on_hyphens=False)
        if self.disputes:
            lines += ["", "contested by"]
        for other, label, preferred in self.disputes:
            lines += wrapped(f"{compact(other)}: {label}", width, "  ")
            if preferred:
                lines += wrapped(preferred, width, INDENT)
        return "\n".join(lines) + "\n"

    def citation(self, width: int = 100) -> str:
        """How the claim is cited: its sentence and permanent address, the release and content, and the sources it rests on."""
        from partnergraph.history.citing import standing

        content = self.graph.content
        # Where the graph is another than that of the content, nobody knows of which release it is.
        release = standing(content, self.iri) if self.graph.version == content.version else ""
        version = f"content {self.graph.version}"
        lines = [
            *wrapped(f"“{clean(self.label)}”", width, ""),
            *wrapped(", ".join(filter(None, ["The partnergraph authors, partnergraph", release, version])) + ".", width, ""),
            self.iri,
            "resting on",
        ]
        for number, line in enumerate(citation_lines(self.graph, self.iri), 1):
            lines += textwrap.wrap(f"  {number}. {line}", width, subsequent_indent="     ", break_on_hyphens=False)
        if self.disputes:
            lines += wrapped("contested by " + ", ".join(compact(other) for other, _, _ in self.disputes), width, "")
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return f"<claim {compact(self.iri)}: {clean(self.label)}>"

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        cited = read_citations(self.graph, [self.iri], addresses=True)[self.iri]
        parts = [
            paragraph(bold(compact(self.iri))),
            paragraph(self.label),
            table((), self.fields),
            paragraph(bold("sources")),
            Html("<ol>" + "".join(f"<li>{citation.html()}</li>" for citation in cited) + "</ol>\n")
            if cited
            else paragraph("no citation"),
        ]
        if self.disputes:
            rows = [(compact(other), label, preferred) for other, label, preferred in self.disputes]
            parts += [paragraph(bold("contested by")), table((), rows)]
        return Html("".join(parts))


def read_claim(graph: GraphCore, claim: str) -> ClaimCard:
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
    labels = graph.labels([claim, *iris])
    title = labels.get(claim, "")
    labels |= {iri: compact(iri) for iri in iris if "/claim/" in iri}
    fields = [("kind", graph.kinds([claim]).get(claim, "claim"))]
    merged = {name for ranges in RANGES for name in ranges.columns()}
    fields += [
        (
            clean(headings[name]),
            ", ".join(until_words(plain(term, labels)) if name in UNTIL else plain(term, labels) for term in terms),
        )
        for name, terms in values.items()
        if name not in merged
    ]
    fields += _marks(graph, node)
    fields += [
        ("topic", f"{clean(topic.name)}, sources looked through until {topic.known_until}")
        for topic in topics_of_claim(graph, claim)
    ]
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
    return ClaimCard(graph, claim, title, fields, disputes)


def _marks(graph: GraphCore, claim: ox.NamedNode) -> list[tuple[str, str]]:
    """When the claim was first published, and what a view marks of it."""
    dates = sorted(
        str(row["issued"].value)
        for row in graph.project_each("citations", "claim", [str(claim.value)])[str(claim.value)]
        if "issued" in row
    )
    found = [("first published", dates[0] if dates else "not known: its sources carry no date")]
    # Only a view marks anything, and it lies in this process.
    marked = [name for name in MARKS if graph.view != View() and graph.engine.objects([str(claim.value)], PG + name)]
    return found + [("in this view", words) for words in view_marks(marked)]


def _resolved(graph: GraphCore, claim: str, stem: str, own: str) -> list[tuple[str, str]]:
    """A range of the claim, and where others differ the range over all versions with the preferred one."""
    found = resolve(graph, compact(claim), stem)
    if not found.contested:
        return [(stem, own)]
    who = f"preferred is {compact(found.preferred)}" if found.preferred else "no version is preferred over all others"
    return [(stem, own), (f"{stem}, all versions", f"{found.range}; {len(found.versions)} versions differ; {who}: {found.best}")]


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text, cleaned, in lines of a width."""
    return textwrap.wrap(clean(text), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
