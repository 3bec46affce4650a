"""Objects of JSON as rows: what lies within others is named ``outer.inner``, numbers stay as they are written, and what is no object has its reason."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from partnergraph.base.errors import ContentError

MAX_OBJECTS = 100_000
_MAX_DEPTH = 6
# Under which interfaces of the web put the list that was asked for.
_WRAPPERS = frozenset(["data", "items", "records", "results", "rows"])

# An object with its number: that of its line, or its place in a list.
Numbered = list[tuple[int, dict[str, Any]]]


def read_objects(path: Path, text: str) -> tuple[Numbered, list[tuple[int, str, str]]]:
    """The objects of a text of JSON or JSON lines with their numbers, and what is no object, with the reason.

    Raises ContentError where there is none, or where there are too many.
    """
    found: list[tuple[int, Any]] = []
    broken: list[tuple[int, str, str]] = []
    try:
        whole = _unwrapped(_parsed(text))
        found = list(enumerate(whole if isinstance(whole, list) else [whole], 1))
    except (ValueError, RecursionError):
        # No other signs part lines: a text within JSON may hold them.
        for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
            if line.strip():
                try:
                    found.append((number, _parsed(line)))
                except (ValueError, RecursionError) as error:
                    broken.append((number, line, f"is no object of JSON: {_why(error)}"))
    if len(found) > MAX_OBJECTS:
        raise ContentError(path, f"has {len(found):,} objects; import at most {MAX_OBJECTS:,} at a time")
    objects = [(number, record) for number, record in found if isinstance(record, dict)]
    others = [(number, json.dumps(record), "is no object of JSON: {…}") for number, record in found if not isinstance(record, dict)]
    if not objects:
        raise ContentError(path, "is no JSON: no line of it is an object" if broken else "each line is an object of JSON: {…}", 1)
    return objects, sorted([*broken, *others])


def _why(error: Exception) -> str:
    return f"{error.msg} at sign {error.colno}" if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"


def _parsed(text: str) -> Any:  # what JSON holds
    return json.loads(text, object_pairs_hook=_object, parse_float=_number, parse_int=str, parse_constant=str)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a property that is said twice has both values: none is lost."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            found[key] = [*(found[key] if isinstance(found[key], list) else [found[key]]), value]
        else:
            found[key] = value
    return found


def _number(text: str) -> str:
    """A number as it is written: a whole one without decimals or exponent, where it is of a size that people count."""
    value = Decimal(text)
    if value == value.to_integral_value() and abs(value) < 10**18:
        return str(int(value))
    return f"{value:f}" if abs(value.adjusted()) < 20 else text


def _unwrapped(whole: object) -> object:
    """The list that an object holds as its only property, or beside words on how much there is of it."""
    if not isinstance(whole, dict):
        return whole
    lists = [
        key for key, value in whole.items() if isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
    ]
    wrapped = [key for key in lists if len(whole) == 1 or key.casefold() in _WRAPPERS]
    return whole[wrapped[0]] if len(wrapped) == 1 else whole


def flattened(record: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, str]:
    """The cells of an object: of objects within it, and of each of several, under ``outer.inner``."""
    found: dict[str, str] = {}
    for key, value in record.items():
        name = f"{before}{key}"
        inner = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if isinstance(value, dict) and (day := _day(value)):
            found[name] = day
        elif isinstance(value, dict) and depth < _MAX_DEPTH:
            found |= flattened(value, f"{name}.", depth + 1)
        elif inner and depth < _MAX_DEPTH:
            parts = [flattened(one, f"{name}.", depth + 1) for one in inner]
            for part in dict.fromkeys(heading for cells in parts for heading in cells):
                found[part] = "; ".join(cells[part] for cells in parts if cells.get(part))
            if plain := [cell_text(one) for one in value if not isinstance(one, dict)]:
                found[name] = "; ".join(plain)
        elif isinstance(value, list):
            found[name] = "; ".join(cell_text(item) for item in value)
        else:
            found[name] = cell_text(value)
    return found


def _day(record: dict[str, Any]) -> str:
    """The day of an object of year, month and day, as ISO writes it; empty for any other."""
    said = {key.casefold(): str(value) for key, value in record.items() if value is not None}
    if "year" not in said or not set(said) <= {"year", "month", "day"} or not all(value.isdecimal() for value in said.values()):
        return ""
    return "-".join(said[part].zfill(2) for part in ("year", "month", "day") if part in said)


def cell_text(value: object) -> str:
    """The text of a cell: whole numbers without decimals, days as days."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
