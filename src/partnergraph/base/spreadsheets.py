"""Rows for spreadsheets: CSV in which no text is taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

from partnergraph.base.texts import clean

# What begins a formula, in full width too, since spreadsheets of East Asia take both.
FORMULAS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
NEGATIVE = re.compile(r"-\d+(\.\d+)?(E-?\d+)?", re.ASCII)


# Excel takes a file of CSV for one in the code page of the machine, unless this stands first.
EXCEL_MARK = b"\xef\xbb\xbf"


def write_csv(headings: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    r"""The rows as CSV in UTF-8 below their headings: nothing for None, true and false in small letters, no formulas.

    >>> write_csv(["name", "sure"], [["=1+1", True], ["Microsoft", None]])
    b"name,sure\n'=1+1,true\nMicrosoft,\n"
    """
    out = _Lines()
    # Only what may end a line is quoted in a cell, and for spreadsheets a carriage return does.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([defused(name) for name in headings])
    writer.writerows([defused(value) for value in row] for row in rows)
    return "".join(line.removesuffix("\r\n") + "\n" for line in out).encode()


class _Lines(list[str]):
    """The lines that a writer of CSV writes, one by one."""

    def write(self, line: str) -> None:
        self.append(line)


def defused(value: object) -> object:
    r"""The value so that no spreadsheet takes a text for a formula: a quote goes before ``=``, ``+``, ``-`` and ``@``.

    So it does where blanks stand before these, which some programs leave out as they read. A cell is one line.

    >>> defused("=1+1"), defused(" \t=1+1"), defused("＝1+1")
    ("'=1+1", "'  =1+1", "'＝1+1")
    """
    if isinstance(value, str):
        text = clean(value)
        return f"'{text}" if text.lstrip().startswith(FORMULAS) and not NEGATIVE.fullmatch(text) else text
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value
