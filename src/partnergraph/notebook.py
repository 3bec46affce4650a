"""How things show themselves in a notebook: as plain HTML that needs no style sheet, no script and no network.

Code-hosting pages strip styles and scripts from stored notebooks, so what is here reads well without them. Every text
from the graph is cleaned and escaped; only http and https addresses become links.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from partnergraph.readable import clean, interval, plain
from partnergraph.vocabulary import compact

if TYPE_CHECKING:
    from partnergraph.analysis.tables import Findings
    from partnergraph.answers import Answer
    from partnergraph.cards import ClaimCard, EntityCard, Row
    from partnergraph.disagreement import Conflict, Resolution, Version
    from partnergraph.graph import Graph

MAX_ROWS = 60
MAX_SOURCES = 40
# Kinds of claims that a card opens with; the others are a click away.
OPEN_KINDS = 3
WEB = re.compile(r"https?://[^\s<>\"']+\Z")
LEFT = ' style="text-align:left;vertical-align:top"'
PAGE = "https://schema.org/url"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()

    def __add__(self, other: str) -> Html:
        return Html(str(self) + as_html(other))


Cell: TypeAlias = str | Html


def as_html(text: Cell) -> Html:
    """The text escaped, unless it is HTML already; an address of the web becomes a link."""
    if isinstance(text, Html):
        return text
    return link(text, text) if WEB.match(text) else Html(escape(clean(text)))


def link(text: str, address: str) -> Html:
    """A link, or the text alone where the address is not one of the web."""
    words = escape(clean(text))
    if not WEB.match(address):
        return Html(words)
    return Html(f'<a href="{escape(address)}" rel="noopener noreferrer nofollow" target="_blank">{words}</a>')


def bold(text: Cell) -> Html:
    """The text in bold."""
    return Html(f"<b>{as_html(text)}</b>")


def joined(parts: Iterable[Cell], between: str = " · ") -> Html:
    """The parts that are not empty with something between them."""
    return Html(escape(between).join(as_html(part) for part in parts if part))


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Html:
    """A table, without a head where there are no headings."""
    head = "".join(f"<th{LEFT}>{as_html(name)}</th>" for name in headings)
    body = "".join("<tr>" + "".join(f"<td{LEFT}>{as_html(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return Html(f"<table>\n{f'<thead><tr>{head}</tr></thead>' if headings else ''}<tbody>\n{body}</tbody></table>\n")


def paragraph(text: Cell) -> Html:
    """A paragraph, or nothing."""
    return Html(f"<p>{as_html(text)}</p>\n" if text else "")


def fold(summary: Cell, inside: Cell, *, opened: bool = False) -> Html:
    """Something that a click on its summary opens and closes."""
    return Html(f"<details{' open' if opened else ''}><summary>{as_html(summary)}</summary>\n{as_html(inside)}</details>\n")


def citation(graph: Graph, row: Row) -> Html:
    """One citation with a link to the document: publisher, title, date, tier, place."""
    part = {name: clean(str(term.value)) for name, term in row.items()}
    pages = graph.engine.objects([part["source"]], PAGE).get(part["source"], [])
    address = next((str(page.value) for page in pages), "")
    title = link(f"“{part['title']}”" if "title" in part else compact(part["source"]), address)
    when = f"{part.get('issued', 'undated')} ({part.get('tier', 'tier unknown')})"
    place = f"at: {part['locator']}" if "locator" in part else ""
    return joined([part.get("publisher", ""), title, when, place], ", ")


def citations(graph: Graph, claim: str) -> list[Html]:
    """The citations of a claim, the best first."""
    return [citation(graph, row) for row in graph.project("citations", claim=ox.NamedNode(claim)).mappings()]


def sources(graph: Graph, claims: Sequence[str], *, opened: bool = False) -> Html:
    """The claims by number, each with its best citation and with those that contradict it."""
    if not claims:
        return Html("")
    lines = []
    for number, claim in enumerate(claims[:MAX_SOURCES], 1):
        cited = citations(graph, claim)
        text = Html(f"[{number}] ") + bold(compact(claim)) + ": " + (cited[0] if cited else "no citation")
        text += f", and {len(cited) - 1} more" if len(cited) > 1 else ""
        disputes = graph.project("disputes", claim=ox.NamedNode(claim)).mappings()
        others = {
            compact(str(row["other"].value)): " (preferred)" if row.get("preferred") == row["other"] else "" for row in disputes
        }
        text += ". Contested by " + ", ".join(other + mark for other, mark in others.items()) if others else ""
        lines.append(text)
    if len(claims) > MAX_SOURCES:
        lines.append(Html(f"… and {len(claims) - MAX_SOURCES} more claims"))
    count = f"{len(claims)} claim{'s' if len(claims) > 1 else ''} and {'their' if len(claims) > 1 else 'its'} sources"
    return fold(count, Html("<br>\n".join(lines)), opened=opened)


def answer_html(answer: Answer) -> str:
    """An answer: the question, its rows with ranges in words, the claims that they rest on with links to the sources."""
    if answer.form == "boolean":
        return bold("yes" if answer else "no")
    if answer.form == "triples":
        rows = [[compact_term(term) for term in (t.subject, t.predicate, t.object)] for t in answer.triples[:MAX_ROWS]]
        return table(("subject", "predicate", "object"), rows) + _size(len(answer), len(rows), "triples")
    head = copy.copy(answer)
    vars(head)["rows"] = answer.rows[:MAX_ROWS]
    return _asked(answer) + _rows(answer, head) + _foot(answer)


def _asked(answer: Answer) -> Html:
    if answer.question is None:
        return Html("")
    values = ", ".join(f"{name} = {'any' if value == '*' else value}" for name, value in answer.values.items())
    return paragraph(joined([bold(answer.question.title), values])) + paragraph(answer.question.description)


def _rows(answer: Answer, head: Answer) -> Html:
    from partnergraph.render import condensed, raw_sheet, sheet

    if answer.graph is None:
        content = raw_sheet(head)
    else:
        content = sheet(answer.graph, head)
        if answer.question is not None:
            content = condensed(content, answer.graph.bound(answer.question, answer.values))
    if not content.cells:
        return paragraph("no rows")
    hint = {number: compact(claim) for number, claim in enumerate(content.claims, 1)}

    def cell(text: str) -> Cell:
        # The number of a claim says on pointing which claim it is.
        if not re.fullmatch(r"(\[\d+\][*†?]*[ ,]*)+", text):
            return text
        return Html(re.sub(r"\[(\d+)\]", lambda m: f'<span title="{escape(hint[int(m[1])])}">{m[0]}</span>', escape(text)))

    shown = table([name.replace("_", " ") for name in content.headings], [[cell(text) for text in row] for row in content.cells])
    return shown + _size(len(answer), len(head), "rows") + (sources(answer.graph, content.claims) if answer.graph else "")


def _size(count: int, shown: int, what: str) -> Html:
    return paragraph(f"… {count - shown:,} more {what}; .to_pandas() has all {count:,}" if count > shown else "")


def _foot(answer: Answer) -> Html:
    graph = answer.graph
    if graph is None:
        return Html("")
    count = len(answer)
    parts = [f"{count:,} row{'' if count == 1 else 's'}", str(graph.view), f"content {graph.version}"]
    return Html(f"<small>{joined(parts)}</small>")


def compact_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A term of a triple in short: short name, or text."""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)


def graph_html(graph: Graph) -> str:
    """A graph: what is in it by kind, and how to go on."""
    claims = [str(row["claim"].value) for row in graph.project("claims").mappings()]
    contested = {str(row["claim"].value) for row in graph.project("contradictions").mappings()}
    years = sorted(
        span.starts_earliest[:4]
        for claim in claims
        if (span := graph.index.spans.get(ox.NamedNode(claim))) and span.starts_earliest
    )
    counts = [
        ("claims", f"{len(claims):,}" + (f", {years[0]} to {years[-1]}" if years else "")),
        ("of these contested", f"{len(contested):,}"),
        ("entities", f"{len(graph.names.label):,}"),
        ("sources", f"{len(graph.project('sources').rows):,}"),
        ("triples", f"{len(graph.store):,}"),
        ("view", str(graph.view)),
        ("content", graph.version),
    ]
    kinds = Counter(graph.kinds(claims).values()).most_common()
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds)
    return (
        paragraph(
            bold("partnergraph") + " · sourced claims about who funds, powers, licenses, supplies and competes with whom in AI"
        )
        + table((), counts)
        + fold(f"{len(kinds)} kinds of claims", paragraph(listed))
    )


def entity_html(card: EntityCard) -> str:
    """The card of an entity: its claims by kind, each with when, how much, how well attested and its best source."""
    from partnergraph.cards import claim_figures, claim_marks

    parts = [
        paragraph(joined([bold(card.names[0]), card.what, compact(card.iri)])),
        paragraph("also called " + ", ".join(card.names[1:]) if card.names[1:] else ""),
        paragraph(card.summary),
    ]
    for number, (label, claims) in enumerate(card.kinds.items()):
        shown = claims[: card.limit or None]
        rows = [
            (
                Html(f'<span style="white-space:nowrap">{escape(interval(row))}</span>'),
                Html(f'<span title="{escape(compact(str(row["claim"].value)))}">') + str(row["label"].value) + Html("</span>"),
                joined(claim_figures(row)),
                joined(claim_marks(row)),
                card.sources.get(str(row["claim"].value), "no citation"),
            )
            for row in shown
        ]
        inside = table(("when", "claim", "how much", "attested", "source"), rows)
        if len(shown) < len(claims):
            inside += paragraph(f"… {len(claims) - len(shown)} more: .card(kind={label!r}, limit=0)")
        parts.append(fold(f"{label} ({len(claims)})", inside, opened=number < OPEN_KINDS))
    return Html("".join(parts))


def claim_html(card: ClaimCard) -> str:
    """The card of a claim: what it says, its properties, its sources with links, who contradicts it."""
    graph = card.graph
    cited = citations(graph, card.iri)
    parts = [
        paragraph(bold(compact(card.iri))),
        paragraph(card.label),
        table((), card.fields),
        paragraph(bold("sources")),
        Html("<ol>" + "".join(f"<li>{line}</li>" for line in cited) + "</ol>\n") if cited else paragraph("no citation"),
    ]
    if card.disputes:
        rows = [(compact(other), label, preferred) for other, label, preferred in card.disputes]
        parts += [paragraph(bold("contested by")), table((), rows)]
    return Html("".join(parts))


def _versions(versions: Iterable[Version], value: str = "") -> Html:
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


def resolution_html(found: Resolution) -> str:
    """What is known of one value: the range over all versions, the versions side by side, why one is preferred."""
    if found.absence:
        return paragraph(joined([bold(f"{found.subject} · {found.name}"), found.absence]))
    parts = [paragraph(joined([bold(f"{found.subject} · {found.name}"), found.range if found.contested else found.best]))]
    if found.contested:
        who = f"preferred is {compact(found.preferred)}" if found.preferred else "no version is preferred over all others"
        parts.append(paragraph(f"{len(found.versions)} versions differ; {who}: {found.best}"))
    parts += [
        _versions(found.versions, found.name),
        *map(paragraph, found.reasons),
        fold("sources", Html("<br>\n".join(as_html(line) for line in found.citations))),
    ]
    return Html("".join(parts))


def conflict_html(conflict: Conflict) -> str:
    """One contested point: the question, its versions side by side, what the editors make of it."""
    return Html(
        paragraph(joined([bold(conflict.question), conflict.nature])) + _versions(conflict.versions) + paragraph(conflict.verdict)
    )


def findings_html(findings: Findings) -> str:
    """What an analysis found: its tables, notes, and the claims that they rest on."""
    from partnergraph.analysis.tables import sheets, to_json

    graph = findings.graph
    if graph is None:
        return Html(f"<pre>{escape(to_json(findings).decode())}</pre>")
    made = sheets(graph, findings)
    parts = []
    for found, content in zip(findings.tables, made, strict=True):
        shown = content.cells[:MAX_ROWS]
        parts += [paragraph(bold(found.title)), table(content.headings, shown) if shown else paragraph("none")]
        parts.append(_size(len(content.cells), len(shown), "rows"))
    parts += map(paragraph, findings.notes)
    parts.append(sources(graph, made[-1].claims if made else []))
    parts.append(Html(f"<small>{joined([str(graph.view), f'content {graph.version}'])}</small>"))
    return Html("".join(parts))
