"""Rows for spreadsheets: CSV in which no text is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence


def write_csv(headings: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    r"""The rows as CSV in UTF-8 below their headings: nothing for None, true and false in small letters, no formulas.

    >>> write_csv(["name", "sure"], [["=1+1", True], ["Microsoft", None]])
    b"name,sure\n'=1+1,true\nMicrosoft,\n"
    """
    out = _Lines()
    # Only what may end a line is quoted in a cell, and for spreadsheets a carriage return does.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([defused(value) for value in row] for row in rows)
    return "".join(line.removesuffix("\r\n") + "\n" for line in out).encode()


class _Lines(list[str]):
    """The lines that a writer of CSV writes, one by one."""

    def write(self, line: str) -> None:
        self.append(line)


def defused(value: object) -> object:
    """The value so that no spreadsheet takes a text for a formula: a quote goes before ``=``, ``+``, ``-`` and ``@``.

    >>> defused("=1+1")
    "'=1+1"
    """
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value
