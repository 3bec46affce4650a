"""Answers of servers in SPARQL's JSON: looked at row by row, so that none takes many times its own bytes of memory."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyoxigraph as ox

JSON = ox.QueryResultsFormat.JSON
# The engine compares the name of each column with those of all others.
MAX_COLUMNS = 5_000
# Rows that come before the names of their columns are kept until these are known.
MAX_KEPT = 16 * 2**20
_VARS = re.compile(rb'"vars"\s*:\s*\[')
_BINDINGS = re.compile(rb'"bindings"\s*:')
# Terms as Virtuoso writes them, whichever of two members comes first; a quote within a text has a backslash before it.
_BLANK = re.compile(rb'("bnode"(?<!\\"bnode")\s*,\s*"value"\s*:\s*")([^"\\]*)"')
_BLANK_LAST = re.compile(rb'("value"(?<!\\"value")\s*:\s*")([^"\\]*)("\s*,\s*"type"\s*:\s*"bnode")')
_YES = re.compile(
    rb'("http://www\.w3\.org/2001/XMLSchema#boolean"(?<!\\"http://www\.w3\.org/2001/XMLSchema#boolean")\s*,\s*"value"\s*:\s*")([01])"'
)


def mended(data: bytes) -> bytes:
    r"""The answer with blank nodes and truth values as the standard has them.

    >>> mended(b'{"type": "bnode", "value": "nodeID://b-1"}')
    b'{"type": "bnode", "value": "b1"}'
    """
    data, count = _BLANK.subn(lambda match: match[1] + _plain(match[2]) + b'"', data)
    if count < data.count(b'"bnode"'):
        data = _BLANK_LAST.sub(lambda match: match[1] + _plain(match[2]) + match[3], data)
    return _YES.sub(lambda match: match[1] + (b"true" if match[2] == b"1" else b"false") + b'"', data)


def _plain(name: bytes) -> bytes:
    return re.sub(rb"[^A-Za-z0-9]", b"", name.removeprefix(b"nodeID://"))


def form_of(data: bytes) -> tuple[str, int]:
    """SELECT and how many rows the JSON holds, ASK where it holds yes or no, nothing where anything in it is neither."""
    if not _is_bounded(data):
        return "", 0
    # Nothing is raised from here: an error would keep the parser, which must not outlive its thread.
    try:
        said = ox.parse_query_results(data, format=JSON)
        if isinstance(said, ox.QueryBoolean):
            return "ASK", 0
        return "SELECT", sum(1 for _ in said)
    except (SyntaxError, ValueError):
        return "", 0


def _is_bounded(data: bytes) -> bool:
    """Whether the engine reads it in time and memory that grow as its length does."""
    for match in _VARS.finditer(data):
        end = data.find(b"]", match.end())
        if data.count(b",", match.end(), end if end >= 0 else len(data)) >= MAX_COLUMNS:
            return False
    rows = _BINDINGS.search(data)
    return len(data) <= MAX_KEPT or rows is None or _VARS.search(data, 0, rows.start()) is not None


def joined(pages: Sequence[bytes]) -> bytes:
    """The answer that has the rows of several, each looked at already, and the columns of the first."""
    if len(pages) == 1:
        return pages[0]
    begin = b""
    rows: list[bytes] = []
    for page in pages:
        # Written by our engine each sign of it is known.
        head, _, rest = (solutions(page).serialize(format=JSON) or b"").partition(b'"bindings":[')
        begin = begin or head
        rows.append(rest.removesuffix(b"]}}"))
    return begin + b'"bindings":[' + b",".join(filter(None, rows)) + b"]}}"


def solutions(data: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    """What the JSON holds, read as it is asked for."""
    return ox.parse_query_results(data, format=JSON)
