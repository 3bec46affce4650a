"""Spreadsheets as they come: CSV and TSV of any encoding, Excel, OpenDocument and JSON lines become one plain table."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partnergraph.base.errors import ContentError
from partnergraph.base.extras import needed
from partnergraph.base.files import read_file
from partnergraph.base.texts import clean
from partnergraph.intake.moneywords import UNIT_OF_MONEY
from partnergraph.intake.records import cell_text, flattened, read_objects

MAX_BYTES = 64 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELL = 20_000
SHEETS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
LINES = {".jsonl", ".ndjson", ".json"}
_DELIMITERS = ",;\t|"
_SUM = re.compile(
    r"(?:grand |sub-? ?|sous-|running )?(?:totals?|totaux|sums?|(?:zwischen|end|teil|gesamt)?summen?|gesamt(?:betrag|wert)?|insgesamt|zwischenergebnis|somme|suma|totale|totaal|subtotaal|average|mean|median|count|durchschnitt|moyenne)(?: (?:general|général|geral|generale|h?[12]?|q[1-4]|\d{4}|\d{1,2}))*"
)
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, as the program that wrote it counts, and its cells by heading."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """The rows of a file below their headings, what was found out about the file, and the rows that say nothing, with the reason."""

    path: Path
    headings: list[str]
    rows: list[Row]
    about: str
    passed: list[tuple[int, list[str], str]] = field(default_factory=list)


def read_data(path: Path) -> bytes:
    """The bytes of a file that holds a table; raises ContentError where there is none, or where it cannot be read."""
    try:
        data = read_file(path, MAX_BYTES + 1)
    except FileNotFoundError:
        raise ContentError(path, "no such file") from None
    except (OSError, ValueError) as error:
        raise ContentError(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MAX_BYTES:
        raise ContentError(path, f"is larger than {MAX_BYTES // 2**20} MiB; import it in parts")
    return data


def is_workbook(path: Path, data: bytes) -> bool:
    """Whether a file is read as a workbook, not as text."""
    return path.suffix.lower() in SHEETS or data.startswith(b"PK\x03\x04")


def prepare_workbooks() -> None:
    """Loads the reader of workbooks; raises OutputError where it is not installed."""
    needed("python_calamine", "intake")


def read_table(path: Path, data: bytes, sheet: str = "") -> Table:
    """The table that the bytes of a file hold; raises ContentError where they hold none."""
    suffix = path.suffix.lower()
    if is_workbook(path, data):
        return _arranged(path, *_from_workbook(path, data, sheet))
    if suffix in LINES:
        objects, broken = read_objects(path, decoded(path, data)[0])
        table = read_records(path, objects)
        table.passed += passed_over(broken)
        return table
    return _arranged(path, *_from_text(path, data))


def read_records(path: Path, records: Iterable[tuple[int, dict[str, Any]]], about: str = "JSON lines") -> Table:
    """A table of objects with their numbers, in which what lies within others is named ``outer.inner``."""
    flat = [(number, flattened(record)) for number, record in records]
    headings = list(dict.fromkeys(name for _, record in flat for name in record))
    if len(headings) > MAX_COLUMNS:
        raise ContentError(path, f"has {len(headings):,} properties; more than {MAX_COLUMNS} are no table")
    table = Table(path, headings, [], f"{about}, {len(flat):,} objects")
    for number, record in flat:
        cells = [record.get(name, "") for name in headings]
        why = too_long(cells)
        if why:
            table.passed.append((number, cells, why))
        else:
            table.rows.append(Row(number, dict(zip(headings, cells, strict=True))))
    return table


def passed_over(broken: Iterable[tuple[int, str, str]]) -> list[tuple[int, list[str], str]]:
    """What is no object, as rows that say nothing: each with its text and the reason."""
    return [(number, [clean(line[:MAX_CELL])], why) for number, line, why in broken]


def decoded(path: Path, data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: what the file says, else UTF-8, else the one of Western Windows."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), f"{encoding.upper()} with BOM"
    if data[:2000].count(0) > len(data[:2000]) // 4:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return data.decode(encoding, "replace"), encoding.upper()
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise ContentError(path, "is no text and no spreadsheet that is known; save it as CSV or XLSX")
    return data.decode("cp1252", "replace"), "Windows-1252"


def _from_text(path: Path, data: bytes) -> tuple[list[list[str]], str]:
    text, encoding = decoded(path, data)
    delimiter = "\t" if path.suffix.lower() in {".tsv", ".tab"} else ""
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE)
    if said:
        # Excel's own way to say it.
        delimiter, text = said[1], "\n" + rest
    csv.field_size_limit(MAX_BYTES)
    delimiter = delimiter or _delimiter(text)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([cell.replace("\0", "") for cell in row])
            if len(rows) > MAX_ROWS:
                raise ContentError(path, f"has more than {MAX_ROWS:,} rows; import it in parts")
    except csv.Error as error:
        raise ContentError(path, f"is no CSV: {error}", len(rows) + 1) from None
    shown = {"\t": "tab"}.get(delimiter, f"'{delimiter}'")
    return rows, f"{encoding}, {shown}"


def _delimiter(text: str) -> str:
    """The sign that parts the cells: the one that gives most lines the same number of cells, of more than one."""

    def even(sign: str) -> tuple[float, int]:
        rows = [row for row in csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=sign) if any(row)][:200]
        widths = Counter(len(row) for row in rows)
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1])) if widths else (1, 0)
        return (count / max(len(rows), 1) if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=even)


def _from_workbook(path: Path, data: bytes, wanted: str) -> tuple[list[list[str]], str]:
    calamine = needed("python_calamine", "intake")
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        names = list(book.sheet_names)
        if wanted and wanted not in names:
            raise ContentError(path, f"has no sheet {wanted!r}; it has {', '.join(names)}")  # noqa: TRY301  # as for the file itself
        best: tuple[list[list[str]], str] = ([], "")
        for name in [wanted] if wanted else names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
                raise ContentError(  # noqa: TRY301  # as for the file itself
                    path,
                    f"the sheet {name!r} has {sheet.total_height:,} rows and {sheet.total_width:,} columns; import it in parts",
                )
            rows = [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
                _spread(rows, top, left, bottom, right)
            if sum(map(any, rows)) > sum(map(any, best[0])):
                best = (rows, name)
    except ContentError:
        raise
    except Exception as error:  # noqa: BLE001  # the reader has an error of its own for each format, and panics
        raise ContentError(path, f"cannot be read as a workbook: {error}") from None
    others = [name for name in names if name != best[1]]
    more = f"; not read: {', '.join(others)}, see --sheet" if others and not wanted else ""
    return best[0], f"sheet {best[1]!r}{more}"


def _spread(rows: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    """Gives each of merged cells in one column what the first of them says; across columns it is a heading for all."""
    if left != right or top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top + 1 : bottom + 1]:
        if left < len(row) and not row[left]:
            row[left] = rows[top][left]


def _arranged(path: Path, rows: list[list[str]], about: str) -> Table:
    """The table below the row of headings; titles above it, empty rows, repeated headings and sums are passed over."""
    # Lines within a cell may be a list; nothing else of what no reader sees is kept.
    rows = [
        ["\n".join(filter(None, (clean(" ".join(line.split())) for line in cell.splitlines()))) for cell in row] for row in rows
    ]
    start = _heading_row(rows)
    if start is None:
        raise ContentError(path, "has no row of headings with rows below it")
    if len(rows[start]) > MAX_COLUMNS:
        raise ContentError(path, f"has {len(rows[start]):,} columns; more than {MAX_COLUMNS} are no table", start + 1)
    below = start + 1
    first = rows[start]
    if _is_units(rows[below], first):
        first = [f"{cell} ({unit})" if unit else cell for cell, unit in itertools.zip_longest(first, rows[below], fillvalue="")]
        below += 1
    headings = _unique(first)
    table = Table(path, headings, [], about)
    for number, row in enumerate(rows[:start], 1):
        if any(row):
            table.passed.append((number, row, "stands above the headings"))
    for number, row in enumerate(rows[below:], below + 1):
        why = _nothing(row, rows[start]) or too_long(row)
        if why:
            table.passed.append((number, row, why))
        else:
            padded = [*row, *[""] * len(headings)]
            table.rows.append(Row(number, dict(zip(headings, padded, strict=False))))
            if any(row[len(headings) :]):
                table.rows.pop()
                table.passed.append((number, row, "has more cells than there are headings; is a separator missing from quotes?"))
    return table


def _is_units(row: list[str], headings: list[str]) -> bool:
    """Whether a row below the headings belongs to them: it is mostly empty, without a number, and has a unit of money."""
    filled = [cell for cell in row if cell]
    return (
        0 < 2 * len(filled) <= len(headings)
        and not any(re.search(r"\d", cell) for cell in filled)
        and any(UNIT_OF_MONEY.fullmatch(cell.casefold()) for cell in filled)
    )


def _heading_row(rows: list[list[str]]) -> int | None:
    """The first row that is as full as most and holds words, not values; the one above the longest run of full rows."""
    widths = Counter(sum(map(bool, row)) for row in rows if sum(map(bool, row)) > 1)
    if not widths:
        return None
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    for number, row in enumerate(rows[:200]):
        filled = [cell for cell in row if cell]
        words = [cell for cell in filled if not re.search(r"\d{3}|https?://", cell)]
        if len(filled) >= max(2, usual * 0.6) and len(words) == len(filled) and any(map(any, rows[number + 1 :])):
            return number
    return None


def _unique(cells: Iterable[str]) -> list[str]:
    found: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or f"column {number}"
        found.append(name if name not in found else f"{name} ({number})")
    while found and re.fullmatch(r"column \d+", found[-1]):
        found.pop()
    return found


def too_long(row: Iterable[str]) -> str:
    """Why a row is no claim that has a cell which nobody wrote as one; nothing where it has none."""
    longest = max(map(len, row), default=0)
    return f"has a cell of {longest:,} characters; a cell may have {MAX_CELL:,}" if longest > MAX_CELL else ""


def _nothing(row: list[str], headings: list[str]) -> str:
    if not any(row):
        return "is empty"
    if [cell.casefold() for cell in row if cell] == [cell.casefold() for cell in headings if cell]:
        return "repeats the headings"
    if any(_SUM.fullmatch(cell.casefold().strip(":")) for cell in row) and 2 * sum(map(bool, row)) <= len(headings):
        return "sums up other rows"
    if _SUM.fullmatch(next(cell for cell in row if cell).casefold().strip(":")):
        return "sums up other rows"
    if sum(map(bool, row)) == 1 and len(headings) > 2:
        return "has one cell only: a heading, or a note"
    return ""
