"""Tables of three standards: FollowTheMoney, the Beneficial Ownership Data Standard, and GLEIF's register of legal entities."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from partnergraph.base.errors import ContentError
from partnergraph.intake.columns import Columns
from partnergraph.intake.tables import (
    LINES,
    Row,
    Table,
    decoded,
    is_workbook,
    prepare_workbooks,
    read_data,
    read_objects,
    read_records,
    read_table,
)
from partnergraph.stores.sandbox.reading import read_apart

_SAME = {name: name for name in ("schema:url", "dcterms:title", "skos:editorialNote", "class")}
_OWNERSHIP = {"owner": "pg:owner", "owned": "pg:owned", "stake": "pg:stake", "begin": "pg:begin", "end": "pg:end", **_SAME}
# Of which GLEIF says that the first is consolidated in the second.
_CONSOLIDATED = {"IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY"}


def standard_table(path: Path, kind: str, sheet: str) -> tuple[Table, Columns | None]:
    """The table of a file, and how it is read where it is of a standard; of any other the mapping is proposed later."""
    wanted = kind.casefold().replace("-", "").replace(" ", "")
    data = read_data(path)

    def read() -> dict[str, Any]:
        table, columns = _read(path, data, wanted, sheet)
        said = {"headings": table.headings, "about": table.about, "passed": table.passed, "columns": columns and asdict(columns)}
        return {**said, "rows": [(row.number, list(row.cells.values())) for row in table.rows]}

    if is_workbook(path, data):
        prepare_workbooks()
    said = read_apart(path, read)
    headings = said["headings"]
    rows = [Row(number, dict(zip(headings, cells, strict=True))) for number, cells in said["rows"]]
    table = Table(path, headings, rows, said["about"], [(number, cells, why) for number, cells, why in said["passed"]])
    return table, Columns(**said["columns"]) if said["columns"] else None


def _read(path: Path, data: bytes, wanted: str, sheet: str) -> tuple[Table, Columns | None]:
    if wanted in {"followthemoney", "ftm"}:
        return _ftm(path, data)
    if wanted == "bods":
        return _bods(path, data)
    if wanted == "gleif":
        return _gleif(path, data)
    return read_table(path, data, sheet), None


def _first(value: object) -> str:
    """The first of several values, as text."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None or isinstance(value, dict) else str(value)


def _all(value: object) -> list[str]:
    return [
        str(one) for one in (value if isinstance(value, list) else [value]) if one not in {None, ""} and not isinstance(one, dict)
    ]


def _percent(text: str) -> str:
    return f"{text.strip().removesuffix('%').strip()} %" if text.strip() else ""


def _ftm(path: Path, data: bytes) -> tuple[Table, Columns]:
    entities = {_first(record.get("id")): record for record in read_objects(path, data)}
    if not any("schema" in record for record in entities.values()):
        raise ContentError(path, "holds no entity of FollowTheMoney: each has id, schema and properties")

    def name(properties: dict[str, Any], role: str) -> str:
        found = []
        for key in _all(properties.get(role)):
            said = entities.get(key, {}).get("properties")
            found.append(_first(said.get("name")) if isinstance(said, dict) else "")
        return "; ".join(filter(None, found))

    def records() -> Iterator[dict[str, str]]:
        for record in entities.values():
            properties = record.get("properties")
            said = properties if isinstance(properties, dict) else {}
            common = {"schema:url": _first(said.get("sourceUrl")), "skos:editorialNote": _first(said.get("summary"))}
            begin, end = _first(said.get("startDate")), _first(said.get("endDate"))
            match record.get("schema"):
                case "Ownership":
                    yield {
                        "class": "ownership",
                        "owner": name(said, "owner"),
                        "owned": name(said, "asset"),
                        "stake": _percent(_first(said.get("percentage"))),
                        "begin": begin,
                        "end": end,
                        **common,
                    }
                case "Directorship":
                    position = _first(said.get("role"))
                    note = "; ".join(filter(None, [position, common["skos:editorialNote"]]))
                    roles = {
                        "person": name(said, "director"),
                        "organization": name(said, "organization"),
                        "begin": begin,
                        "end": end,
                    }
                    yield {"class": "role", **roles, **common, "skos:editorialNote": note}
                case "Payment":
                    money = {"amount": _first(said.get("amount")), "currency": _first(said.get("currency"))}
                    roles = {"payer": name(said, "payer"), "payee": name(said, "beneficiary"), "date": _first(said.get("date"))}
                    yield {"class": "payment", **roles, **money, **common}

    columns = {
        **_OWNERSHIP,
        "person": "pg:roleHolder",
        "organization": "pg:roleAt",
        "payer": "pg:paymentBy",
        "payee": "pg:paymentTo",
    }
    columns |= {"amount": "pg:amount", "currency": "pg:currency", "date": "pg:date"}
    return _made(path, records(), Columns("pg:Ownership", columns, unit="one", stage="pg:stage-completed"), "FollowTheMoney")


def _bods(path: Path, data: bytes) -> tuple[Table, Columns]:
    statements = read_objects(path, data)
    names: dict[str, str] = {}
    for record in statements:
        details = record.get("recordDetails")
        said = details if isinstance(details, dict) else record
        people = said.get("names")
        name = _first(said.get("name"))
        if not name and isinstance(people, list) and people and isinstance(people[0], dict):
            name = _first(people[0].get("fullName"))
        for key in ("statementID", "statementId", "recordId"):
            if name and record.get(key):
                names[str(record[key])] = name

    def party(said: object) -> str:
        """A party as versions 0.2 to 0.4 refer to it."""
        keys = [said] if isinstance(said, str) else list(said.values()) if isinstance(said, dict) else []
        return next((names[key] for key in keys if isinstance(key, str) and key in names), "")

    def records() -> Iterator[dict[str, str]]:
        for record in statements:
            details = record.get("recordDetails")
            said = details if isinstance(details, dict) else record
            if "interests" not in said and "interestedParty" not in said:
                continue
            interests = said.get("interests")
            for interest in interests if isinstance(interests, list) and interests else [{}]:
                share = interest.get("share") if isinstance(interest, dict) else None
                share = share if isinstance(share, dict) else {}
                exact = _first(share.get("exact"))
                least, most = _first(share.get("minimum")), _first(share.get("maximum"))
                kind = _first(interest.get("type")) if isinstance(interest, dict) else ""
                about = kind + (f", from {least} to {most} per cent" if least and not exact else "")
                yield {
                    "class": "ownership",
                    "owner": party(said.get("interestedParty")),
                    "owned": party(said.get("subject")),
                    "stake": _percent(exact),
                    "begin": _first(interest.get("startDate")) if isinstance(interest, dict) else "",
                    "end": _first(interest.get("endDate")) if isinstance(interest, dict) else "",
                    "skos:editorialNote": about,
                    "schema:url": _source_of(record),
                }

    return _made(path, records(), Columns("pg:Ownership", dict(_OWNERSHIP)), "Beneficial Ownership Data Standard")


def _source_of(record: dict[str, Any]) -> str:
    source = record.get("source")
    return _first(source.get("url")) if isinstance(source, dict) else ""


def _gleif(path: Path, data: bytes) -> tuple[Table, Columns]:
    if path.suffix.lower() in LINES:
        flat = [row.cells for row in read_records(path, _relations(read_objects(path, data))).rows]
    else:
        text, _ = decoded(path, data)
        csv.field_size_limit(len(data) + 1)
        flat = [{str(key): value or "" for key, value in row.items() if key} for row in csv.DictReader(io.StringIO(text))]

    def records() -> Iterator[dict[str, str]]:
        names = {row.get("LEI", ""): row.get("Entity.LegalName", "") for row in flat if row.get("LEI")}
        for row in flat:
            kind = row.get("Relationship.RelationshipType", "")
            if not kind:
                continue
            owned, owner = row.get("Relationship.StartNode.NodeID", ""), row.get("Relationship.EndNode.NodeID", "")
            begin = next((row[key][:10] for key in row if key.endswith(".StartDate") and row[key]), "")
            yield {
                "class": "ownership" if kind in _CONSOLIDATED else kind,
                "owner": names.get(owner) or owner,
                "owned": names.get(owned) or owned,
                "begin": begin,
                "skos:editorialNote": kind.replace("_", " ").casefold(),
            }

    return _made(path, records(), Columns("pg:Ownership", dict(_OWNERSHIP), tier="pg:tier-primary"), "GLEIF")


def _relations(objects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for record in objects:
        inner = record.get("relations") or record.get("data")
        found += [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else [record]
    return found


def _made(path: Path, records: Iterable[dict[str, str]], columns: Columns, about: str) -> tuple[Table, Columns]:
    table = read_records(path, list(records), about)
    if not table.rows:
        raise ContentError(path, f"holds no relation of {about} that could be a claim")
    columns.columns = {heading: held for heading, held in columns.columns.items() if heading in table.headings}
    return table, columns
