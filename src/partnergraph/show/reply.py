"""Replies: what every command says, in one shape: what was asked, the finding, tables, notes, what to do next.

The same reply is a text that fits a screen, Markdown, JSON, or sheets of a workbook.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from partnergraph.base import texts
from partnergraph.base.spreadsheets import write_csv
from partnergraph.base.texts import clean
from partnergraph.show.records import Cell, Table, flat, plain, to_json
from partnergraph.show.workbook import write_workbook

# A table that stands beside the main one shows so many rows until it is asked for.
FEW = 3
# More lines than this of what was found are no finding.
MOST_FINDINGS = 6
# So many sentences on how to read an answer stand below it.
MOST_REMARKS = 3


@dataclass(frozen=True)
class Note:
    """What a mark leads to: a claim by its short name, its sources in few words and in full, and both as data."""

    claim: str
    brief: str
    full: str
    address: str
    data: Mapping[str, object]
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """The first rows of each table as text, the claims that their marks number, in order, and what else the marks mean."""

    blocks: list[str]
    claims: list[str]
    legend: str = ""


@dataclass(frozen=True)
class Part:
    """One table of a reply: its title, how many rows it has, and what it is as data."""

    title: str
    total: int
    table: Callable[[], Table]
    rows: str = "rows"
    # Whether the rows shown are the last ones, since they stand in the order of time.
    newest: bool = False


@dataclass(frozen=True)
class Reply:
    """What a command says; ``draw`` gives the first rows of each part in a width, as text or Markdown, ``notes`` what marks lead to."""

    heading: Sequence[str]
    finding: Sequence[str]
    parts: Sequence[Part]
    draw: Callable[[Sequence[int], int, bool], Drawn]
    notes: Callable[[Sequence[str]], list[Note]]
    remarks: Sequence[str] = ()
    following: Sequence[str] = ()
    footer: str = ""
    asked: Mapping[str, object] = field(default_factory=dict)
    # Which part is the finding itself, for formats that hold one table.
    main: int = 0
    data: Mapping[str, Cell] = field(default_factory=dict)
    citing: bool = True
    # What a format of one table holds, where the parts are parts of it.
    single: Callable[[], Table] | None = None
    # How it is drawn where nothing is to be left out, if otherwise.
    whole: Callable[[Sequence[int], int, bool], Drawn] | None = None

    def text(self, width: int = 100, height: int | None = None, *, markdown: bool = False) -> str:
        """The reply as text for people: all of it, or as much as finds room in so many lines, the first rows of each table."""
        totals = [part.total for part in self.parts]
        if height is None:
            return self._compose(totals, width, markdown=markdown, full=True)
        for others in (FEW, 1, 0):
            limits = [min(total, others if number != self.main else max(height, 1)) for number, total in enumerate(totals)]
            found = self._fitting(limits, width, height, markdown=markdown)
            if found is not None:
                return found
        return self._compose([min(total, 1) if n == self.main else 0 for n, total in enumerate(totals)], width, markdown=markdown)

    def _fitting(self, limits: list[int], width: int, height: int, *, markdown: bool) -> str | None:
        """The most rows of the main table that fit beside so many of the others, as text; None where not even a few do."""
        if not limits:
            return self._compose([], width, markdown=markdown)
        best: str | None = None
        low, high = min(limits[self.main], 1 if len(limits) == 1 else FEW), limits[self.main]
        while low <= high:
            middle = (low + high) // 2
            tried = [middle if number == self.main else limit for number, limit in enumerate(limits)]
            text = self._compose(tried, width, markdown=markdown)
            if height_of(text, width) <= height:
                best, low = text, middle + 1
            else:
                high = middle - 1
        return best

    def _compose(self, limits: Sequence[int], width: int, *, markdown: bool, full: bool = False) -> str:
        drawn = (self.whole or self.draw)(limits, width, markdown) if full else self.draw(limits, width, markdown)

        def lines(words: Sequence[str], indent: str = "") -> list[str]:
            return _paragraphs(words) if markdown else _wrapped(words, width, indent)

        title, *rest = self.heading or [""]
        # What was asked and understood is told in full, what is to know about it only in the whole.
        rest = (
            rest if full else [line if len(line) <= 2 * width else re.split(r"[.;] ", line)[0].rstrip(".") + "." for line in rest]
        )
        head = [f"**{texts.markdown(clean(title))}**", ""] if markdown and title else lines([title])
        blocks = [head + lines(rest, "  "), lines(self.finding if full else self.finding[:MOST_FINDINGS])]
        hidden: list[str] = []
        for part, shown, block in zip(self.parts, limits, drawn.blocks, strict=True):
            if part.total and not shown and not full:
                counted = f" ({part.total:,})"
                hidden.append(f"{(part.title or 'more').removesuffix(counted)}{counted}")
            elif part.total or full or len(self.parts) == 1:
                blocks.append(self._part(part, min(shown, part.total), block, markdown=markdown))
        blocks.append(lines([f"With --long also: {', '.join(hidden)}."] if hidden else []))
        blocks.append(self._notes(drawn.claims, width, markdown=markdown, full=full) if drawn.claims else [])
        remarks = self.remarks if full else short_remarks(self.remarks)
        tail = lines([*remarks, *([drawn.legend] if drawn.legend else [])])
        steps = (
            [f"Next: {texts.markdown(clean(' · '.join(self.following)))}", ""] if markdown else _following(self.following, width)
        )
        tail += steps if self.following else []
        blocks.append(tail + (lines([self.footer]) if self.footer else []))
        return "\n\n".join("\n".join(block).strip("\n") for block in blocks if any(block)) + "\n"

    def _part(self, part: Part, shown: int, block: str, *, markdown: bool) -> list[str]:
        bold = "**" if markdown and part.title else ""
        written = texts.markdown if markdown else str
        left = part.total - shown
        title = f"{bold}{written(clean(part.title))}{bold}" if part.title else ""
        gap = [""] if markdown else []
        body = block.rstrip("\n").split("\n")
        if left and part.newest:
            body = [f"… {left} earlier {part.rows} of {part.total}: --long", *gap, *body]
        elif left:
            body += [*gap, f"… and {left} more {part.rows} of {part.total}: --long"]
        return [*([title] if title else []), *(gap if title else []), *body]

    def _notes(self, claims: Sequence[str], width: int, *, markdown: bool, full: bool) -> list[str]:
        found: list[str] = []
        if not self.citing:
            # Every mark leads somewhere, if only to a name.
            told = [f"[{number}] {note.claim}" for number, note in enumerate(self.notes(claims), 1)]
            return [texts.markdown(clean(" · ".join(told)))] if markdown else _beside(told, width)
        told_at: dict[str, int] = {}
        for number, note in enumerate(self.notes(claims), 1):
            text = f"[{number}] {note.claim}: {note.full if full else note.brief}"
            if note.address:
                first = told_at.setdefault(note.address, number)
                text += f", page of [{first}]" if first != number else f" <{note.address}>"
            if markdown:
                found += [texts.markdown(clean(text)), ""]
            else:
                found += textwrap.wrap(text, width, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)
        return found

    def to_json(self) -> bytes:
        """All of it as data: what was asked, the finding, the tables, the claims that they rest on with their sources, what to do next."""
        drawn = (self.whole or self.draw)([part.total for part in self.parts], 100, False)  # not as Markdown
        document: dict[str, object] = {}
        if self.asked:
            document["asked"] = dict(self.asked)
        document["finding"] = [clean(line) for line in self.finding]
        document |= {name: plain(cell) for name, cell in self.data.items()}
        document["tables"] = [to_json(part.table()) for part in self.parts]
        document["notes"] = [{"mark": n, **note.data} for n, note in enumerate(self.notes(drawn.claims), 1)]
        document["remarks"] = list(self.remarks)
        document["next"] = list(self.following)
        document["footer"] = self.footer
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    def to_csv(self) -> bytes:
        """The main table with names beside ids and the sources of each row, as CSV for spreadsheets."""
        table = self.single or (self.parts[self.main].table if self.parts else None)
        headings, rows = flat(table(), self._columns()) if table else ([], [])
        return write_csv(headings, rows)

    def to_xlsx(self) -> bytes:
        """A workbook: the tables, each on a sheet, and what they rest on."""
        columns = self._columns()
        sheets: list[tuple[str, Sequence[str], list[list[object]]]] = []
        for number, part in enumerate(self.parts, 1):
            headings, rows = flat(part.table(), columns)
            sheets.append((part.title or f"Table {number}", headings, rows))
        about = [*self.heading, *self.finding, *self.remarks, self.footer]
        sheets.append(("About", ["About this answer"], [[line] for line in about if line]))
        return write_workbook(sheets)

    def _columns(self) -> dict[str, Mapping[str, str]]:
        if not self.citing:
            return {}
        keys = dict.fromkeys(key for part in self.parts for key in part.table().keys if key)
        notes = self.notes(list(keys))
        return {claim: note.columns for claim, note in zip(keys, notes, strict=True)} if notes else {}


@dataclass(frozen=True)
class Listing:
    """A part of a reply that is no table in text: items, each written in a width, and the same as data."""

    title: str
    items: Sequence[Callable[[int], str]]
    table: Callable[[], Table]
    rows: str = "rows"


def reply_of_lists(  # noqa: PLR0913  # each is a part of the reply
    heading: Sequence[str],
    finding: Sequence[str],
    lists: Sequence[Listing],
    *,
    remarks: Sequence[str] = (),
    following: Sequence[str] = (),
    footer: str = "",
    asked: Mapping[str, object] | None = None,
    notes: Callable[[Sequence[str]], list[Note]] | None = None,
) -> Reply:
    """A reply whose parts are lists."""

    def draw(limits: Sequence[int], width: int, as_markdown: bool) -> Drawn:  # noqa: FBT001  # one of two forms
        blocks = []
        for part, limit in zip(lists, limits, strict=True):
            items = [item(width) for item in part.items[:limit]]
            if as_markdown:
                items = [f"- {texts.markdown(clean(' '.join(item.split())))}" for item in items]
            blocks.append("\n".join(items))
        return Drawn(blocks, [])

    parts = [Part(part.title, len(part.items), part.table, part.rows) for part in lists]
    return Reply(
        heading,
        finding,
        parts,
        draw,
        notes or (lambda _: []),
        remarks,
        following,
        footer,
        asked or {},
    )


def several(count: int, words: str) -> str:
    """So many of them: ``1 row``, ``2 rows``."""
    one = words.removesuffix("ies") + "y" if words.endswith("ies") else words.removesuffix("s")
    return f"{count:,} {one if count == 1 else words}"


def short_remarks(remarks: Sequence[str]) -> list[str]:
    """The first sentences of what is to know for reading: the rest is in the whole."""
    sentences = [sentence for remark in remarks for sentence in re.split(r"(?<=[.])\s+", remark)]
    shown = sentences[:MOST_REMARKS]
    return [" ".join(shown) + (" (How to read this: --long.)" if len(sentences) > len(shown) else "")] if shown else []


def _paragraphs(words: Sequence[str]) -> list[str]:
    """Paragraphs of Markdown."""
    return [line for word in words for line in (texts.markdown(clean(word)), "")]


def _wrapped(words: Sequence[str], width: int, indent: str) -> list[str]:
    """Lines of a width, each of the texts beginning one; what follows is set in, so that no word of a text begins a line of its own."""
    return [
        line
        for word in words
        for line in textwrap.wrap(
            clean(word), width, initial_indent=indent, subsequent_indent=indent or "  ", break_on_hyphens=False
        )
    ]


def height_of(text: str, width: int) -> int:
    """How many lines a terminal of that width shows of the text; an address may be longer than one."""
    return sum(max(1, -(-len(line) // width)) for line in text.rstrip("\n").split("\n"))


def _following(steps: Sequence[str], width: int) -> list[str]:
    """The next steps on as few lines as they need; no command is broken."""
    return _beside(list(steps), width, "next: ")


def _beside(pieces: Sequence[str], width: int, lead: str = "") -> list[str]:
    """The pieces beside each other on as few lines as they need, none of them broken."""
    found: list[str] = []
    for piece in map(clean, pieces):
        if found and len(found[-1]) + len(piece) + 3 <= width:
            found[-1] += f" · {piece}"
        else:
            found.append((" " * len(lead) if found else lead) + piece)
    return found
