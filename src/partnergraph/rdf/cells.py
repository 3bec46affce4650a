"""The cells of SPARQL's TSV as text: unlike in its CSV, nothing within a term ends a cell, and a term may be of any length."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")


def split_tsv(data: bytes) -> tuple[list[str], list[str]]:
    """The names of the columns, and the lines of the rows, whose cells have tabs between them."""
    head, *lines = data.decode("utf-8").split("\n")
    # The last line ends the text.
    return [name.removeprefix("?") for name in head.split("\t")] if head else [], lines[:-1]


def text_of(cell: str) -> str:
    r"""The words of one cell of TSV: of an IRI, of a literal without its datatype, of a bare number.

    >>> text_of("<http://a/b,c>"), text_of('"a\\tb"@en'), text_of("5"), text_of("")
    ('http://a/b,c', 'a\tb', '5', '')
    """
    if cell.startswith('"'):
        text = cell[1 : cell.rindex('"')]
        return _ESCAPE.sub(_unescaped, text) if "\\" in text else text
    return cell[1:-1] if cell.startswith("<") and not cell.startswith("<<") else cell


def flat_cells(data: bytes) -> list[str]:
    """The cells of all rows, one after another; quicker than a list a row where there are many."""
    return data.partition(b"\n")[2].decode("utf-8").replace("\n", "\t").split("\t")[:-1]


def terms_of(cells: Iterable[str]) -> dict[str, Any]:
    """The term that each cell is, each read once; none for an empty one.

    >>> terms_of(["<http://a/b>", "5", ""])["<http://a/b>"]
    <NamedNode value=http://a/b>
    """
    distinct = list({cell for cell in cells if cell})
    read = ox.parse_query_results("\n".join(["?cell", *distinct, ""]).encode(), format=ox.QueryResultsFormat.TSV)
    return dict.fromkeys(("",)) | dict(zip(distinct, (row[0] for row in read), strict=True))  # type: ignore[union-attr]


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPES.get(match[3], match[3])
