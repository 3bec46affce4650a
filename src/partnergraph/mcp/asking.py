"""Tools that ask: named questions, any SPARQL, what changed, how two are connected, analyses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from partnergraph.analysis import overlaps
from partnergraph.analysis.concentration import concentration
from partnergraph.analysis.exposure import exposure
from partnergraph.analysis.loops import loops
from partnergraph.analysis.paths import paths
from partnergraph.analysis.tables import Findings, sheets
from partnergraph.base.errors import OutputError, QueryError, UnknownName
from partnergraph.mcp.paper import Pages, Told, line, row, table
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import compact
from partnergraph.reading.changes import WORDS, Axis, as_rows, diff
from partnergraph.reading.citations import read_citations
from partnergraph.reading.replying import reply_to
from partnergraph.reading.sheets import legend, sheet
from partnergraph.reading.topics import beyond
from partnergraph.show.sheet import condensed, raw_sheet

if TYPE_CHECKING:
    from partnergraph.api import Graph
    from partnergraph.reading.answers import Answer

MAX_ROWS = 200
MAX_NOTES = 25
# Of each table of an analysis so many rows come first, so that every table is seen, with its claims.
FIRST_ROWS = 10
AXES: dict[str, Axis] = {"as_of": "as of", "known_by": "known by"}
ANALYSES: dict[str, Callable[[Graph, str], Findings]] = {
    "loops": lambda graph, subject: loops(graph, through=subject or None),
    "exposure": lambda graph, subject: exposure(graph, subject or None),
    "concentration": lambda graph, subject: concentration(graph, "compute", customer=subject or None),
    "partner-and-rival": lambda graph, _: overlaps.partner_and_rival(graph),
    "investor-and-supplier": lambda graph, _: overlaps.investor_and_supplier(graph),
    "one-firm": lambda graph, _: overlaps.one_firm(graph),
}


def ask(graph: Graph, question: str, values: Mapping[str, str], limit: int = 50, cursor: str = "") -> Told:
    """The answer to a named question as a table whose rows cite claims by number, with their best sources below."""
    answer = graph.ask(question, **{name: str(value) for name, value in values.items()})
    query = graph.question(question)
    if answer.form != "rows":
        raise OutputError("this question is no table; use the tool sparql")
    content = condensed(sheet(graph, answer), graph.bound(query, answer.values))
    pages = Pages(["ask", question, dict(values), limit, str(graph.view)], graph.version, cursor)
    held = ", ".join(f"{name} = {'any' if value == '*' else line(value)}" for name, value in answer.values.items())
    head = [f"# {line(query.title)}", f"Asked with {held}." if held else "", line(query.description, 500)]
    head += [line(said, 500) for said in reply_to(answer, noted=False).finding[:4]]
    head.append(
        f"{len(content.cells)} rows. View: {graph.scope_with(beyond(graph, content.claims))}. Content {graph.version}. {legend(content)}".rstrip()
    )
    rows = [row(cells) for cells in content.cells]
    shown, end = _some(pages, rows, limit)
    notes = _notes(graph, content.claims, "\n".join(shown))
    text, end = pages.fill("\n".join(filter(None, head)) + "\n\n" + table(content.headings), rows[:end], notes)
    if end < len(rows):
        text += f"\n{len(rows) - end} more rows: call again with cursor={pages.cursor(end, len(rows))!r}"
    data = {
        "columns": content.headings,
        "rows": content.cells[pages.start : end],
        "claims": {str(number): compact(claim) for number, claim in enumerate(content.claims, 1) if f"[{number}]" in text},
        "total": len(rows),
        "cursor": pages.cursor(end, len(rows)),
    }
    return Told(text, data)


def _some(pages: Pages, rows: list[str], limit: int) -> tuple[list[str], int]:
    """The rows of this page before their notes are known, and where they end: half of the room is for sources."""
    end, used = pages.start, 0
    while end < len(rows) and end - pages.start < min(max(limit, 1), MAX_ROWS) and (used < 6_000 or end == pages.start):
        used += len(rows[end])
        end += 1
    return rows[pages.start : end], end


def _notes(graph: Graph, claims: list[str], text: str) -> str:
    """The claims that the text cites by number, each with its best source in a few words."""
    numbered = [(number, claim) for number, claim in enumerate(claims, 1) if f"[{number}]" in text]
    shown = numbered[:MAX_NOTES]
    cited = read_citations(graph, [claim for _, claim in shown])
    lines = [
        f"[{number}] {line(compact(claim), 120)}: {line(cited[claim][0].brief() if cited[claim] else 'no citation', 140)}"
        for number, claim in shown
    ]
    if len(numbered) > len(shown):
        lines.append("Claims beyond these: the tool claim has their sources.")
    return "\n" + "\n".join(lines) if lines else ""


def sparql(graph: Graph, answer: Answer, query: str, limit: int = 50, cursor: str = "") -> Told:
    """The rows of a query of the assistant's own."""
    if answer.form == "boolean":
        return Told("yes" if answer else "no", {"boolean": bool(answer)})
    if answer.form == "triples":
        columns, cells = ["subject", "predicate", "object"], [[_short(term) for term in triple] for triple in answer.triples]
    else:
        raw = raw_sheet(answer.columns, answer)
        columns, cells = raw.headings, raw.cells
    pages = Pages(["sparql", query, limit], graph.version, cursor)
    rows = [row(line_) for line_ in cells]
    stop = min(len(rows), pages.start + min(max(limit, 1), MAX_ROWS))
    text, end = pages.fill(f"{len(rows)} rows.\n\n" + table(columns), rows[:stop])
    if not rows:
        text = "The query was answered and no row fits it."
    if stop == end < len(rows):
        text += f"\n{len(rows) - end} more rows: call again with cursor={pages.cursor(end, len(rows))!r}"
    data = {"columns": columns, "rows": cells[pages.start : end], "total": len(rows), "cursor": pages.cursor(end, len(rows))}
    return Told(text, data)


def _short(term: Any) -> str:
    return compact(term.value) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))


def changes(  # noqa: PLR0913, PLR0917  # the parameters of the tool
    graph: Graph, first: str, second: str, axis: str = "as_of", entity: str = "", cursor: str = ""
) -> Told:
    """What began, ended or changed between two days: in what holds, or in what was known."""
    if axis not in AXES:
        raise QueryError(f"axis={axis!r}: take as_of (what holds) or known_by (what was published)")
    among = None
    if entity:
        node = ox.NamedNode(graph.find_entity(entity))
        among = {str(found["claim"].value) for found in graph.project("card", entity=node).mappings()}
    found = as_rows(graph, diff(graph, first, second, AXES[axis]), AXES[axis], among)
    words = WORDS[AXES[axis]]
    counts = ", ".join(f"{sum(one[0] == word for one in found)} {word}" for word in words)
    pages = Pages(["changes", first, second, axis, entity], graph.version, cursor)
    head = f"From {first} to {second}, {AXES[axis]}" + (f", about {line(entity)}" if entity else "") + f": {counts}.\n\n"
    items = [row((word, when, said, name)) for word, when, said, name in found]
    return Told(pages.fill(head + table(("change", "when", "says", "claim")), items)[0])


def connect(graph: Graph, a: str, b: str) -> Told:
    """The best attested chains between two entities."""
    network = graph.network(graph.families.joining)
    return _findings(graph, paths(graph, a, b, network, limit=3), ["connect", a, b], "", 3_000)


def analyse(graph: Graph, kind: str, subject: str = "", cursor: str = "") -> Told:
    """The findings of an analysis as intervals, with what is not known."""
    if kind not in ANALYSES:
        raise UnknownName("analysis", kind, nearest_names(kind, ANALYSES), f"take one of {', '.join(ANALYSES)}")
    return _findings(graph, ANALYSES[kind](graph, subject), ["analyse", kind, subject], cursor)


def _findings(graph: Graph, findings: Findings, asked: list[str], cursor: str, budget: int = 9_000) -> Told:
    first: list[str] = []
    rest: list[str] = []
    made = sheets(graph, findings)
    for found, content in zip(findings.tables, made, strict=True):
        lines = [row(cells) for cells in content.cells]
        title, head = line(found.title), table(content.headings) if lines else "none"
        first += [f"\n## {title} ({len(lines)})\n{head}", *lines[:FIRST_ROWS]]
        if lines[FIRST_ROWS:]:
            rest += [f"\n## {title}, from row {FIRST_ROWS + 1}\n{head}", *lines[FIRST_ROWS:]]
    items = first + rest
    pages = Pages([*asked, str(graph.view)], graph.version, cursor)
    notes = "\n".join(f"Note: {line(note, 500)}" for note in findings.notes)
    text, _ = pages.fill(f"View: {graph.scope}. Content {graph.version}.", items, notes, budget)
    return Told(text + _notes(graph, made[-1].claims if made else [], text))


def as_view(given: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a tool's arguments that names a view."""
    return {name: given[name] for name in ("as_of", "known_by", "attested") if given.get(name)}
