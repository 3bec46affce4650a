"""Tables of three standards: FollowTheMoney, the Beneficial Ownership Data Standard, and GLEIF's register of legal entities."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from partnergraph.base.errors import ContentError
from partnergraph.intake.columns import Columns
from partnergraph.intake.records import Numbered, read_objects
from partnergraph.intake.tables import (
    LINES,
    Row,
    Table,
    decoded,
    is_workbook,
    passed_over,
    prepare_workbooks,
    read_data,
    read_records,
    read_table,
)
from partnergraph.stores.sandbox.reading import read_apart

_SAME = {name: name for name in ("schema:url", "dcterms:title", "skos:editorialNote", "class")}
_OWNERSHIP = {"owner": "pg:owner", "owned": "pg:owned", "stake": "pg:stake", "begin": "pg:begin", "end": "pg:end", **_SAME}
_LEI = re.compile(r"[A-Z\d]{18}\d\d")
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
    objects, broken = read_objects(path, decoded(path, data)[0])
    entities = {_first(record.get("id")): record for _, record in objects}
    if not any("schema" in record for record in entities.values()):
        raise ContentError(path, "holds no entity of FollowTheMoney: each has id, schema and properties")

    def name(properties: dict[str, Any], role: str) -> str:
        found = []
        for key in _all(properties.get(role)):
            said = entities.get(key, {}).get("properties")
            found.append(_first(said.get("name")) if isinstance(said, dict) else "")
        return "; ".join(filter(None, found))

    def relations() -> Iterator[tuple[int, dict[str, str]]]:
        for number, record in objects:
            properties = record.get("properties")
            said = properties if isinstance(properties, dict) else {}
            common = {"schema:url": _first(said.get("sourceUrl")), "skos:editorialNote": _first(said.get("summary"))}
            begin, end = _first(said.get("startDate")), _first(said.get("endDate"))
            match record.get("schema"):
                case "Ownership":
                    owned = {"owner": name(said, "owner"), "owned": name(said, "asset"), "begin": begin, "end": end}
                    yield number, {"class": "ownership", "stake": _percent(_first(said.get("percentage"))), **owned, **common}
                case "Directorship":
                    position = _first(said.get("role"))
                    note = "; ".join(filter(None, [position, common["skos:editorialNote"]]))
                    roles = {
                        "person": name(said, "director"),
                        "organization": name(said, "organization"),
                        "begin": begin,
                        "end": end,
                    }
                    yield number, {"class": "role", **roles, **common, "skos:editorialNote": note}
                case "Payment":
                    dollars = "" if said.get("amount") else _first(said.get("amountUsd"))
                    money = {
                        "amount": dollars or _first(said.get("amount")),
                        "currency": "USD" if dollars else _first(said.get("currency")),
                    }
                    roles = {"payer": name(said, "payer"), "payee": name(said, "beneficiary"), "date": _first(said.get("date"))}
                    yield number, {"class": "payment", **roles, **money, **common}
                case schema:
                    # A party is named by others, a relation names parties.
                    if sum(key in entities for value in said.values() for key in _all(value)) > 1:
                        broken.append((number, json.dumps(record), _not_read(schema, "Ownership, Directorship and Payment")))

    columns = {
        **_OWNERSHIP,
        "person": "pg:roleHolder",
        "organization": "pg:roleAt",
        "payer": "pg:paymentBy",
        "payee": "pg:paymentTo",
    }
    columns |= {"amount": "pg:amount", "currency": "pg:currency", "date": "pg:date"}
    return _made(
        path,
        "followthemoney",
        relations(),
        Columns("pg:Ownership", columns, unit="one", stage="pg:stage-completed"),
        "FollowTheMoney",
        broken,
    )


def _not_read(kind: object, read: str) -> str:
    return (
        f"is a relation of the kind {kind!r}, which is not read; {read} are"
        if kind
        else f"does not say of which kind it is; {read} are read"
    )


def _bods(path: Path, data: bytes) -> tuple[Table, Columns]:
    statements, broken = read_objects(path, decoded(path, data)[0])
    names: dict[str, str] = {}
    for _, record in statements:
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

    def relations() -> Iterator[tuple[int, dict[str, str]]]:
        for number, record in statements:
            details = record.get("recordDetails")
            said = details if isinstance(details, dict) else record
            if "interests" not in said and "interestedParty" not in said:
                continue
            interests = said.get("interests")
            for interest in interests if isinstance(interests, list) and interests else [{}]:
                share = interest.get("share") if isinstance(interest, dict) else None
                share = share if isinstance(share, dict) else {}
                yield (
                    number,
                    {
                        "class": "ownership",
                        "owner": party(said.get("interestedParty")),
                        "owned": party(said.get("subject")),
                        "stake": _share(share),
                        "begin": _first(interest.get("startDate")) if isinstance(interest, dict) else "",
                        "end": _first(interest.get("endDate")) if isinstance(interest, dict) else "",
                        "skos:editorialNote": _first(interest.get("type")) if isinstance(interest, dict) else "",
                        "schema:url": _source_of(record),
                    },
                )

    return _made(path, "bods", relations(), Columns("pg:Ownership", dict(_OWNERSHIP)), "Beneficial Ownership Data Standard", broken)


def _share(share: dict[str, Any]) -> str:
    """The share of an interest in per cent: exact, or from the least to the most."""
    exact = _first(share.get("exact"))
    least = _first(share.get("minimum")) or _first(share.get("exclusiveMinimum"))
    most = _first(share.get("maximum")) or _first(share.get("exclusiveMaximum"))
    if exact or (least and least == most):
        return _percent(exact or least)
    if least and most:
        return f"{least}-{most} %"
    return f"at least {least} %" if least else f"up to {most} %" if most else ""


def _source_of(record: dict[str, Any]) -> str:
    source = record.get("source")
    return _first(source.get("url")) if isinstance(source, dict) else ""


def _gleif(path: Path, data: bytes) -> tuple[Table, Columns]:
    text, _ = decoded(path, data)
    broken: list[tuple[int, str, str]] = []
    if path.suffix.lower() in LINES:
        objects, broken = read_objects(path, text)
        flat = [(row.number, row.cells) for row in read_records(path, _relations(objects)).rows]
    else:
        csv.field_size_limit(len(data) + 1)
        read = csv.DictReader(io.StringIO(text))
        flat = [(read.line_num, {str(key): value or "" for key, value in row.items() if key}) for row in read]

    def relations() -> Iterator[tuple[int, dict[str, str]]]:
        names = {row.get("LEI", ""): row.get("Entity.LegalName", "") for _, row in flat if row.get("LEI")}
        for number, row in flat:
            kind = row.get("Relationship.RelationshipType", "")
            if not kind:
                continue
            owned, owner = row.get("Relationship.StartNode.NodeID", ""), row.get("Relationship.EndNode.NodeID", "")
            if kind not in _CONSOLIDATED:
                broken.append((number, ",".join(row.values()), _not_read(kind, " and ".join(sorted(_CONSOLIDATED)))))
                continue
            unknown = [node for node in (owned, owner) if node and node not in names and not _LEI.fullmatch(node)]
            if unknown:
                broken.append(
                    (number, ",".join(row.values()), f"{unknown[0]!r} is no identifier of legal entities; it has 20 signs")
                )
                continue
            begin, end = _period(row)
            if not end and row.get("Relationship.RelationshipStatus", "").upper() == "INACTIVE":
                broken.append((number, ",".join(row.values()), "is over, and does not say since when"))
                continue
            note = kind.replace("_", " ").casefold()
            parties = {"owner": names.get(owner) or owner, "owned": names.get(owned) or owned}
            yield number, {"class": "ownership", **parties, "begin": begin, "end": end, "skos:editorialNote": note}

    return _made(path, "gleif", relations(), Columns("pg:Ownership", dict(_OWNERSHIP), tier="pg:tier-primary"), "GLEIF", broken)


def _period(row: dict[str, str]) -> tuple[str, str]:
    """Since when and until when a relation of GLEIF holds: not the years of accounts and filings, which stand beside it."""
    said = {key.casefold(): value for key, value in row.items()}
    for key, kind in said.items():
        if key.endswith(".periodtype") and kind.upper() == "RELATIONSHIP_PERIOD":
            before = key.removesuffix("periodtype")
            return said.get(f"{before}startdate", "")[:10], said.get(f"{before}enddate", "")[:10]
    if any(key.endswith(".periodtype") for key in said):
        return "", ""
    return next((value[:10] for key, value in said.items() if key.endswith(".startdate") and value), ""), ""


def _relations(objects: Numbered) -> Numbered:
    found: Numbered = []
    for number, record in objects:
        inner = record.get("relations") or record.get("data")
        found += [(number, one) for one in inner if isinstance(one, dict)] if isinstance(inner, list) else [(number, record)]
    return found


def _made(  # noqa: PLR0913, PLR0917  # what a table is made of
    path: Path,
    standard: str,
    relations: Iterable[tuple[int, dict[str, str]]],
    columns: Columns,
    about: str,
    broken: list[tuple[int, str, str]],
) -> tuple[Table, Columns]:
    table = read_records(path, list(relations), about)
    table.passed += passed_over(broken)
    if not table.rows:
        raise ContentError(path, f"holds no relation of {about} that could be a claim")
    columns.standard = standard
    columns.columns = {heading: held for heading, held in columns.columns.items() if heading in table.headings}
    return table, columns
