"""Rows for spreadsheets: CSV in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def write_csv(headings: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    r"""The rows as CSV in UTF-8 below their headings: nothing for None, true and false in small letters, no formulas.

    >>> write_csv(["name", "sure"], [["=1+1", True], ["Microsoft", None]])
    b"name,sure\n'=1+1,true\nMicrosoft,\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([defused(value) for value in row] for row in rows)
    return out.getvalue().encode()


def defused(value: object) -> object:
    """The value so that no spreadsheet takes a text for a formula: a quote goes before ``=``, ``+``, ``-`` and ``@``.

    >>> defused("=1+1")
    "'=1+1"
    """
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value
