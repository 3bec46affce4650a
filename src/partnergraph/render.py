"""Answers as text for people: a table with the claims it rests on below, or Markdown."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

import pyoxigraph as ox

from partnergraph.answers import Answer
from partnergraph.graph import Graph
from partnergraph.readable import RANGES, clean, plain
from partnergraph.vocabulary import PREFIXES, compact

MAX_FOOTNOTES = 40


@dataclass
class Sheet:
    """An answer made readable: headings, cells, and the claims that the rows rest on, in order of mention."""

    headings: list[str]
    cells: list[list[str]]
    claims: list[str] = field(default_factory=list)


def sheet(graph: Graph, answer: Answer) -> Sheet:
    """The rows of an answer with labels for IRIs, ranges in words and claims as numbers of footnotes."""
    rows = list(answer.mappings())
    iris = {term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}
    labels = graph.labels(iri for iri in iris if not iri.startswith(PREFIXES["claim"]))
    ranges = {f"{r.stem}Min": r for r in RANGES if f"{r.stem}Min" in answer.columns and f"{r.stem}Max" in answer.columns}
    merged = {name for r in ranges.values() for name in r.columns()} - set(ranges)
    columns = [name for name in answer.columns if name not in merged]
    # What an answer rests on is a reference, not a finding: it stands last.
    columns = [name for name in columns if name != "claim"] + [name for name in columns if name == "claim"]
    claims: dict[str, int] = {}
    cells = []
    for row in rows:
        line = []
        for name in columns:
            term = row.get(name)
            if name in ranges:
                line.append(ranges[name].text(row, labels))
            elif isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["claim"]):
                line.append(f"[{claims.setdefault(term.value, len(claims) + 1)}]")
            else:
                line.append(plain(term, labels))
        cells.append(line)
    headings = [ranges[name].stem if name in ranges else _heading(name) for name in columns]
    return Sheet(headings, cells, list(claims))


def _heading(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.strip()


def raw_sheet(answer: Answer) -> Sheet:
    """The rows of an answer as they are: short names of IRIs, literals with their datatypes."""
    cells = [["" if t is None else compact(t.value) if isinstance(t, ox.NamedNode) else str(t) for t in row] for row in answer]
    return Sheet(list(answer.columns), cells)


def table(content: Sheet, width: int) -> str:
    """The sheet as a table no wider than ``width`` characters; long cells are wrapped, none is cut."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not content.cells:
        return "no rows\n"
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, heading in enumerate(content.headings):
        short = all(len(row[number]) <= 12 for row in content.cells)
        drawn.add_column(Text(heading), overflow="fold", no_wrap=short)
    for row in content.cells:
        drawn.add_row(*(Text(clean(cell)) for cell in row))
    console = Console(width=width, color_system=None, highlight=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n") + "\n"


def markdown(content: Sheet) -> str:
    """The sheet as a Markdown table."""

    def line(cells: list[str]) -> str:
        escaped = (clean(cell).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in cells)
        return "| " + " | ".join(escaped) + " |\n"

    return line(content.headings) + line(["---"] * len(content.headings)) + "".join(map(line, content.cells))


def footnotes(graph: Graph, claims: list[str], width: int) -> str:
    """One paragraph a claim: its number, its short name, its best citation, how many more there are, who contradicts it."""
    lines = []
    for number, iri in enumerate(claims[:MAX_FOOTNOTES], 1):
        text = f"{compact(iri)}: {best_citation(graph, iri)}"
        others = [compact(row["other"].value) for row in graph.project("disputes", claim=ox.NamedNode(iri)).mappings()]
        if others:
            text += f". Contested by {', '.join(dict.fromkeys(others))}"
        lead = f"[{number}] "
        lines += textwrap.wrap(lead + text, width, subsequent_indent=" " * len(lead), break_on_hyphens=False)
    if len(claims) > MAX_FOOTNOTES:
        lines.append(f"… and {len(claims) - MAX_FOOTNOTES} more claims; --format csv gives all of them by name")
    return "\n".join(lines) + "\n" if lines else ""


def best_citation(graph: Graph, claim: str) -> str:
    """The best source of a claim in one line, and how many more there are."""
    citations = citation_lines(graph, claim)
    if not citations:
        return "no citation"
    more = len(citations) - 1
    return citations[0] + (f", and {more} more" if more else "")


def citation_lines(graph: Graph, claim: str) -> list[str]:
    """The citations of a claim, each in one line: publisher, title, date, place."""
    lines = []
    for row in graph.project("citations", claim=ox.NamedNode(claim)).mappings():
        part = {name: clean(str(term.value)) for name, term in row.items()}
        publisher = f"{part['publisher']}, " if "publisher" in part else ""
        title = f"“{part['title']}”" if "title" in part else compact(part["source"])
        place = f", at: {part['locator']}" if "locator" in part else ""
        tier = part.get("tier", "tier unknown")
        lines.append(f"{publisher}{title}, {part.get('issued', 'undated')} ({tier}){place}")
    return lines
