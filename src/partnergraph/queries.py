"""Stored queries: ``.rq`` files whose ``#+`` header says what they are and what may be asked of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from partnergraph.content import read_bytes
from partnergraph.errors import ContentError

KINDS = {
    "entity": "an entity by any of its names",
    "claim": "a claim by its short name",
    "source": "a source by its short name or words of its title",
    "class": "a class of the ontology",
    "day": "a day: 2024-06-01",
    "number": "a number",
    "text": "some text",
}


@dataclass(frozen=True)
class Parameter:
    """One thing that a question leaves open: its name, its kind (a key of KINDS), what it means, and a default or None."""

    name: str
    kind: str
    description: str
    default: str | None = None

    def usage(self) -> str:
        """How the parameter is written in a call: ``investor=microsoft``."""
        return f"{self.name}={self.default if self.default is not None else self.kind.upper()}"


@dataclass(frozen=True)
class Query:
    """One stored query: its name (that of its file), its text, and what its header says."""

    name: str
    path: Path
    text: str
    header: dict[str, str]
    parameters: tuple[Parameter, ...] = field(default=())

    @property
    def title(self) -> str:
        """What the query asks or does, in one line."""
        return self.header["title"]

    @property
    def group(self) -> str:
        """The heading under which a question is listed."""
        return self.header.get("group", "")


_HEADER = re.compile(r"#\+\s*([a-z-]+):\s*(.*)")
_PARAMETER = re.compile(r"(?P<name>\w+)\s*:\s*(?P<kind>\w+)(?:\s*=\s*(?P<default>.*?))?\s+--\s+(?P<description>.+)")


def read_query(path: Path) -> Query:
    """The stored query of one ``.rq`` file.

    The header is lines such as ``#+ title: …`` and ``#+ param investor: entity = microsoft -- who invests``.
    Raises ContentError with file and line where the header is wrong.
    """
    text = read_bytes(path).decode("utf-8")
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        match = _HEADER.fullmatch(line.strip()) or re.fullmatch(r"#\+\s*(param)\s+(.*)", line.strip())
        if not match:
            raise ContentError(path, f"not a header line: {line!r}; write '#+ key: value'", number)
        key, value = match[1], match[2]
        if key != "param":
            header[key] = value
            continue
        found = _PARAMETER.fullmatch(value)
        if not found or found["kind"] not in KINDS:
            kinds = ", ".join(KINDS)
            raise ContentError(path, f"write '#+ param name: kind = default -- meaning', kind one of {kinds}", number)
        parameters.append(Parameter(found["name"], found["kind"], found["description"], found["default"] or None))
    if "title" not in header:
        raise ContentError(path, "has no '#+ title:' line", 1)
    projected = re.search(r"SELECT(.*?)WHERE", text, re.DOTALL | re.IGNORECASE)
    for parameter in parameters:
        # Oxigraph binds a parameter only if the SELECT has it; the answer then also says what was asked.
        if projected and not re.search(rf"[?$]{parameter.name}\b", projected[1]):
            raise ContentError(path, f"the parameter {parameter.name!r} must stand in the SELECT")
    return Query(path.stem, path, text, header, tuple(parameters))


def read_queries(paths: list[Path]) -> dict[str, Query]:
    """Stored queries by name."""
    return {path.stem: read_query(path) for path in paths}
