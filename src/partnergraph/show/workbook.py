"""Workbooks for spreadsheet programs (XLSX): one sheet a table, texts as texts, numbers as numbers."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

from partnergraph.base.texts import printable

# What the format lets a cell, and the name of a sheet, hold.
LONGEST_CELL = 32_767
LONGEST_NAME = 31
# Programs keep numbers as 64-bit floats: what has more digits is a text, or it would be another number.
MOST_EXACT = 2**53
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="3" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
Sheet = tuple[str, Sequence[str], Iterable[Iterable[object]]]


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of sheets, each a name, headings and rows; the same cells give the same bytes, and no text is a formula."""
    names = _names([name for name, _, _ in sheets])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(path: str, text: str) -> None:
            # The day on which it was written says nothing.
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), _HEAD + text, zipfile.ZIP_DEFLATED)

        numbers = range(1, len(sheets) + 1)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
        parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}worksheet+xml"/>' for n in numbers)
        put(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}styles+xml"/>{parts}</Types>',
        )
        put("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, names, strict=True)
        )
        put("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>')
        put(
            "xl/_rels/workbook.xml.rels",
            _relations([*(("worksheet", f"worksheets/sheet{n}.xml") for n in numbers), ("styles", "styles.xml")]),
        )
        put("xl/styles.xml", _STYLES)
        for number, (_, headings, rows) in zip(numbers, sheets, strict=True):
            put(f"xl/worksheets/sheet{number}.xml", _sheet(headings, rows))
    return out.getvalue()


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{path}"/>' for n, (kind, path) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _names(wanted: Sequence[str]) -> list[str]:
    """Names that a sheet may bear: short, without some signs, each once whatever its case."""
    taken: set[str] = set()
    found = []
    for number, name in enumerate(wanted, 1):
        short = re.sub(r"[\[\]:*?/\\]", " ", printable(name)).strip("' ")[:LONGEST_NAME].strip() or f"Table {number}"
        if short.casefold() in taken:
            short = f"{short[: LONGEST_NAME - 4]} {number}"
        taken.add(short.casefold())
        found.append(short)
    return found


def _sheet(headings: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(row) for row in rows]
    widths = [min(60, max([len(str(name)), *(len(str(line[n])) for line in lines[:200])]) + 2) for n, name in enumerate(headings)]
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1))
    frozen = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    told = [_row(1, [_cell(name, 1) for name in headings])] + [_row(n, map(_cell, line)) for n, line in enumerate(lines, 2)]
    return f'<worksheet xmlns="{_MAIN}">{frozen}{f"<cols>{columns}</cols>" if columns else ""}<sheetData>{"".join(told)}</sheetData></worksheet>'


def _row(number: int, cells: Iterable[str]) -> str:
    placed = "".join(cell.replace("<c", f'<c r="{_column(n)}{number}"', 1) if cell else "" for n, cell in enumerate(cells))
    return f'<row r="{number}">{placed}</row>'


def _column(number: int) -> str:
    """The letters of a column, counted from nought: A, B, … Z, AA.

    >>> _column(0), _column(25), _column(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(value: object, style: int = 0) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) <= MOST_EXACT:
        return (
            f"<c{' s=' + chr(34) + '2' + chr(34) if isinstance(value, int) and abs(value) >= 10_000 else ''}><v>{value!r}</v></c>"
        )
    text = escape(printable(str(value))[:LONGEST_CELL], quote=False)
    return f'<c t="inlineStr"{f" s={chr(34)}{style}{chr(34)}" if style else ""}><is><t xml:space="preserve">{text}</t></is></c>'
