"""Sheets: headings and cells of text, as a table for a terminal or as Markdown."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from partnergraph.base import texts
from partnergraph.base.texts import clean
from partnergraph.rdf.terms import Row, compact


@dataclass
class Sheet:
    """An answer made readable: headings, cells, and the claims that the rows rest on, in order of mention.

    ``keys`` holds for each row the claim that it is about, or nothing.
    """

    headings: list[str]
    cells: list[list[str]]
    claims: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


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
    hide = {heading(name) for name in hidden}
    if {"attestation", "stage"} <= set(content.headings):
        attested, stage = content.headings.index("attestation"), content.headings.index("stage")
        for line in cells:
            line[attested], line[stage] = " · ".join(filter(None, (line[attested], line[stage]))), ""
    kept = [n for n, name in enumerate(content.headings) if name not in hide and any(line[n] for line in cells)]
    headings = [content.headings[number] for number in kept]
    return Sheet(headings, [[line[number] for number in kept] for line in cells], content.claims, keys)


def raw_sheet(columns: Sequence[str], rows: Iterable[Row]) -> Sheet:
    """The rows of an answer as they are: short names of IRIs, literals with their datatypes."""
    cells = [["" if t is None else compact(t.value) if isinstance(t, ox.NamedNode) else str(t) for t in row] for row in rows]
    return Sheet(list(columns), cells)


def heading(name: str) -> str:
    """The name of a column in words: ``amountMin`` is ``amount min``."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.strip()


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
        return "| " + " | ".join(texts.markdown(clean(cell)) for cell in cells) + " |\n"

    return line(content.headings) + "|" + " --- |" * len(content.headings) + "\n" + "".join(map(line, content.cells))
