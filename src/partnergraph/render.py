"""Answers as text for people: a table with the claims it rests on below, or Markdown."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from partnergraph.answers import Answer, Term
from partnergraph.graph import Graph
from partnergraph.readable import RANGES, Range, clean, interval, is_true, plain
from partnergraph.vocabulary import PG, PREFIXES, compact

MAX_FOOTNOTES = 40


@dataclass
class Sheet:
    """An answer made readable: headings, cells, and the claims that the rows rest on, in order of mention.

    ``keys`` holds for each row the claim that it is about, or nothing.
    """

    headings: list[str]
    cells: list[list[str]]
    claims: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def sheet(graph: Graph, answer: Answer) -> Sheet:
    """The rows of an answer with labels for IRIs, ranges in words and claims as numbers of footnotes.

    A column ``claims`` may hold several claims, separated by blanks.
    """
    rows = list(answer.mappings())
    iris = {term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}
    labels = graph.labels([iri for iri in iris if not iri.startswith(PREFIXES["claim"])])
    ranges = {f"{r.stem}Min": r for r in RANGES if f"{r.stem}Min" in answer.columns and f"{r.stem}Max" in answer.columns}
    merged = {name for r in ranges.values() for name in r.columns()} - set(ranges)
    if "begin" in answer.columns:
        merged |= {"date", "end"}
    columns = [name for name in answer.columns if name not in merged]
    # What an answer rests on is a reference, not a finding: it stands last.
    last = ("claim", "claims")
    columns = [name for name in columns if name not in last] + [name for name in columns if name in last]
    # The rows' own claims are numbered in the order of the rows, and only then others that they name.
    keys = [str(row["claim"].value) if "claim" in row else "" for row in rows]
    cited = dict.fromkeys(cited_claims(answer))
    claims = list(dict.fromkeys([*(key for key in keys if key in cited), *cited]))
    numbers = {claim: number for number, claim in enumerate(claims, 1)}
    marked = _marks(graph, claims)

    def note(claim: str) -> str:
        # A column of the user's own may hold anything.
        return f"[{numbers[claim]}]{marked[claim]}" if claim in numbers else claim

    def cell(row: dict[str, Term], name: str) -> str:
        term = row.get(name)
        if name in ranges:
            return _range(ranges[name], row, labels)
        if name == "begin":
            return "" if row.keys().isdisjoint(("date", "begin", "end")) else interval(row)
        if name == "claims" and isinstance(term, ox.Literal):
            return " ".join(map(note, _several(term)))
        if isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["claim"]):
            return note(term.value)
        return plain(term, labels)

    cells = [[cell(row, name) for name in columns] for row in rows]
    headings = [ranges[name].stem if name in ranges else "when" if name == "begin" else _heading(name) for name in columns]
    return Sheet(headings, cells, claims, keys)


def condensed(content: Sheet, hidden: Collection[str] = ()) -> Sheet:
    """The sheet for reading: one row a claim, without empty columns and without those ``hidden`` by their headings.

    Rows that follow each other and are about the same claim become one, their different values side by side,
    unless that claim is what was asked for; how well it is attested and how far it has come share a column.
    """
    lines: list[list[dict[str, None]]] = []
    keys: list[str] = []
    for key, row in zip(content.keys, content.cells, strict=True):
        if not key or not keys or keys[-1] != key or "claim" in hidden:
            keys.append(key)
            lines.append([{} for _ in row])
        for values, value in zip(lines[-1], row, strict=True):
            if value:
                values[value] = None
    cells = [[", ".join(values) for values in line] for line in lines]
    hide = {_heading(name) for name in hidden}
    if {"attestation", "stage"} <= set(content.headings):
        attested, stage = content.headings.index("attestation"), content.headings.index("stage")
        for line in cells:
            line[attested], line[stage] = " · ".join(filter(None, (line[attested], line[stage]))), ""
    kept = [n for n, heading in enumerate(content.headings) if heading not in hide and any(line[n] for line in cells)]
    headings = [content.headings[number] for number in kept]
    return Sheet(headings, [[line[number] for number in kept] for line in cells], content.claims, keys)


def cited_claims(answer: Answer) -> list[str]:
    """The IRIs of the claims that the rows of an answer name, in the order of first mention."""
    found: dict[str, None] = {}
    for row in answer.mappings():
        for name, term in row.items():
            values = _several(term) if name == "claims" else [str(term.value)]
            found.update((value, None) for value in values if value.startswith(PREFIXES["claim"]))
    return list(found)


def _several(term: Term) -> list[str]:
    """The IRIs that a column ``claims`` holds; engines give them in any order."""
    return sorted(set(str(term.value).split()))


CONTESTED, OVERRULED, POSSIBLY = "*", "†", "?"


def _marks(graph: Graph, claims: list[str]) -> dict[str, str]:
    """``*`` for each claim that others contradict, ``†`` where one of these is preferred; ``?`` for one only possibly in the view."""
    contested = graph.engine.objects(claims, f"{PG}contradicts")
    overruled = {claim for claim, rows in graph.project_each("overruled", "claim", claims).items() if rows}
    possibly: set[str] = set()
    if graph.view.as_of or graph.view.known_by:
        for name in ("possiblyInForce", "possiblyPublished"):
            possibly |= graph.engine.objects(claims, f"{PG}{name}").keys()
    dispute = dict.fromkeys(contested, CONTESTED) | dict.fromkeys(overruled, OVERRULED)
    return {claim: dispute.get(claim, "") + POSSIBLY * (claim in possibly) for claim in claims}


def legend(content: Sheet) -> str:
    """What the marks in the sheet mean, or nothing where there are none."""
    text = " ".join(cell for line in content.cells for cell in line)
    meanings = (
        ("]*", "* contested, see its note"),
        ("]†", "† contested, and another version is preferred"),
        ("]?", "? only possibly in this view"),
        ("]*?", "? only possibly in this view"),
        ("]†?", "? only possibly in this view"),
    )
    return "; ".join(dict.fromkeys(meaning for mark, meaning in meanings if mark in text))


def _range(ranges: Range, row: Mapping[str, Term], labels: Mapping[str, str]) -> str:
    """A range in words, or nothing where the claim says nothing about it."""
    known = any(f"{ranges.stem}{part}" in row for part in ("Min", "Max"))
    # A plain number needs no unit; the measure beside it says of what.
    row = {name: term for name, term in row.items() if not str(term.value).endswith("#unit-count")}
    return ranges.text(row, labels) if known or is_true(row.get(f"{ranges.stem}Undisclosed")) else ""


def _heading(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.strip()


def raw_sheet(answer: Answer) -> Sheet:
    """The rows of an answer as they are: short names of IRIs, literals with their datatypes."""
    cells = [["" if t is None else compact(t.value) if isinstance(t, ox.NamedNode) else str(t) for t in row] for row in answer]
    return Sheet(list(answer.columns), cells)


def table(content: Sheet, width: int) -> str:
    """The sheet as a table no wider than ``width`` characters; long cells are wrapped, none is cut.

    What finds no room beside the others, long texts and columns that are mostly empty first, stands below its row.
    """
    if not content.cells:
        return "no rows\n"
    columns = [[clean(row[n]) for row in content.cells] for n in range(len(content.headings))]
    below = _columns_below(content.headings, columns, width)
    beside = [n for n in range(len(columns)) if n not in below]
    widths = _widths([[content.headings[n], *columns[n]] for n in beside], width)
    lines = _line([content.headings[n] for n in beside], widths)
    lines.append("─" * (sum(widths) + GAP * (len(widths) - 1)))
    for number in range(len(content.cells)):
        lines += _line([columns[n][number] for n in beside], widths)
        notes = [f"{content.headings[n]}: {columns[n][number]}" for n in below if columns[n][number]]
        lines += textwrap.wrap(" · ".join(notes), width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines) + "\n"


GAP = 2
# A column of names or amounts reads well at this width; texts, which are longer than that on average, need more.
WIDEST_NAME, WIDEST_TEXT, TEXT = 20, 44, 36


def _columns_below(headings: list[str], columns: list[list[str]], width: int) -> list[int]:
    """The columns that find no room: first long texts, then further claims, then the emptiest ones; never the first column."""
    below: list[int] = []

    def is_text(n: int) -> bool:
        lengths = [_length(cell) for cell in columns[n] if cell]
        return sum(lengths) > TEXT * len(lengths)

    def needed(n: int) -> int:
        cells = [headings[n], *columns[n]]
        return max(min(max(map(_length, cells)), WIDEST_TEXT if is_text(n) else WIDEST_NAME), _longest_word(cells))

    def dispensable(n: int) -> tuple[bool, bool, float, int]:
        filled = [cell for cell in columns[n] if cell]
        return is_text(n), all(cell.startswith("[") for cell in filled), -len(filled) / len(columns[n]), n

    candidates = [n for n in range(1, len(columns)) if headings[n] not in {"claim", "claims"}]
    while candidates and sum(needed(n) + GAP for n in range(len(columns)) if n not in below) - GAP > width:
        worst = max(candidates, key=dispensable)
        candidates.remove(worst)
        below.append(worst)
    return sorted(below)


def _widths(columns: list[list[str]], width: int) -> list[int]:
    """The width of each column: room for its longest word, and then as near to its longest cell as there is room."""
    widest = [max(map(_length, cells)) for cells in columns]
    room = width - GAP * (len(columns) - 1)
    words = [_longest_word(cells) for cells in columns]
    # Too narrow even for the words alone: they are broken.
    widths = words if sum(words) <= room else [min(word, max(room // len(columns), 6)) for word in words]
    while sum(widths) < room and widths != widest:
        # The column that would need most lines gets the next character.
        growing = max((n for n in range(len(widths)) if widths[n] < widest[n]), key=lambda n: (widest[n] / widths[n], -n))
        widths[growing] += 1
    return widths


def _longest_word(cells: list[str]) -> int:
    return max((_length(word) for cell in cells for word in cell.split()), default=1)


def _line(cells: list[str], widths: list[int]) -> list[str]:
    """One row of the table, in as many lines as its longest cell needs."""
    wrapped = [textwrap.wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, wrapped))
    lines = []
    for number in range(height):
        parts = [cell[number] if number < len(cell) else "" for cell in wrapped]
        padded = [part + " " * (width - _length(part)) for part, width in zip(parts, widths, strict=True)]
        lines.append((" " * GAP).join(padded).rstrip())
    return lines


def _length(text: str) -> int:
    """How many places of a terminal the text takes: two for wide letters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def markdown(content: Sheet) -> str:
    """The sheet as a Markdown table."""

    def line(cells: list[str]) -> str:
        escaped = (clean(cell).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in cells)
        return "| " + " | ".join(escaped) + " |\n"

    return line(content.headings) + line(["---"] * len(content.headings)) + "".join(map(line, content.cells))


def footnotes(graph: Graph, claims: list[str], width: int) -> str:
    """One paragraph a claim: its number, its short name, its best citation, how many more there are, who contradicts it."""
    lines = []
    for projection in ("citations", "disputes"):
        graph.project_each(projection, "claim", claims[:MAX_FOOTNOTES])
    for number, iri in enumerate(claims[:MAX_FOOTNOTES], 1):
        text = f"{compact(iri)}: {best_citation(graph, iri)}"
        others: dict[str, str] = {}
        for row in graph.project_each("disputes", "claim", [iri]).get(iri, []):
            others[compact(str(row["other"].value))] = " (preferred)" if row.get("preferred") == row["other"] else ""
        if others:
            text += ". Contested by " + ", ".join(other + preferred for other, preferred in others.items())
        lead = f"[{number}] "
        lines += textwrap.wrap(lead + text, width, subsequent_indent=" " * len(lead), break_on_hyphens=False)
    if len(claims) > MAX_FOOTNOTES:
        lines.append(f"… and {len(claims) - MAX_FOOTNOTES} more claims; --claims lists all")
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
    for row in graph.project_each("citations", "claim", [claim]).get(claim, []):
        part = {name: clean(str(term.value)) for name, term in row.items()}
        publisher = f"{part['publisher']}, " if "publisher" in part else ""
        title = f"“{part['title']}”" if "title" in part else compact(part["source"])
        place = f", at: {part['locator']}" if "locator" in part else ""
        tier = part.get("tier", "tier unknown")
        lines.append(f"{publisher}{title}, {part.get('issued', 'undated')} ({tier}){place}")
    return lines
