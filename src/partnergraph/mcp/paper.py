"""What a tool hands over: text within a budget, page by page, with what is left said."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from partnergraph.base.errors import QueryError
from partnergraph.base.texts import clean

# An answer longer than this crowds out what the assistant was asked.
BUDGET = 12_000
# Room for the words at the end, which say how to go on.
FOOT = 500
MAX_CELL = 300


@dataclass
class Told:
    """What a tool answers: the text, and for tables the same as data."""

    text: str
    data: dict[str, Any] | None = None


def line(text: str, longest: int = MAX_CELL) -> str:
    """A value from outside on one line, cut where it is long; signs of tables and addresses are harmless in it."""
    told = clean(text).replace("|", "¦")
    return told if len(told) <= longest else f"{told[:longest]}…"


def row(cells: Iterable[str]) -> str:
    """One row of a table."""
    return "| " + " | ".join(line(cell) for cell in cells) + " |"


def table(headings: Sequence[str]) -> str:
    """The head of a table."""
    return row(headings) + "\n|" + " --- |" * len(headings)


class Pages:
    """Items of an answer, of which each call hands over as many as fit; the cursor says where the next one begins."""

    def __init__(self, asked: object, version: str, cursor: str = "") -> None:
        self._mark = hashlib.sha256(json.dumps([asked, version], sort_keys=True, default=str).encode()).hexdigest()[:12]
        self.start = self._read(cursor) if cursor else 0

    def fill(self, head: str, items: Sequence[str], foot: str = "", budget: int = BUDGET) -> tuple[str, int]:
        """The text of this page, and behind which item it ends."""
        room = budget - len(head) - len(foot) - FOOT
        end, used = self.start, 0
        while end < len(items) and (used + len(items[end]) + 1 <= room or end == self.start):
            used += len(items[end]) + 1
            end += 1
        parts = [head, *(item[:room] for item in items[self.start : end])]
        if end < len(items):
            left = len(items) - end
            parts.append(f"\n({self.start + 1} to {end} of {len(items)}; {left} more: call again with cursor={self._write(end)!r})")
        return "\n".join(filter(None, [*parts, foot])), end

    def cursor(self, end: int, total: int) -> str | None:
        """The cursor of the next page, or None at the end."""
        return self._write(end) if end < total else None

    def _write(self, start: int) -> str:
        return base64.urlsafe_b64encode(f"{self._mark}:{start}".encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> int:
        try:
            mark, _, start = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(":")
            place = int(start)
        except (ValueError, binascii.Error):
            mark, place = "", -1
        if mark != self._mark or not 0 <= place < 10**9:
            raise QueryError("this cursor is of another call or of older content; call without a cursor")
        return place
