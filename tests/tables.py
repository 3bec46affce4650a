"""The truth tables of docs/views.md, which are tests."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs" / "views.md"


def table(start: str, words: int) -> list[tuple[list[str], dict[str, str]]]:
    """The rows of the table whose head begins so: the first cells, and the others by their headings."""
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(start))
    rows = []
    for line in lines[place:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")])
    head, _, *body = rows
    assert body
    return [(row[:words], dict(zip(head[words:], row[words:], strict=True))) for row in body]
