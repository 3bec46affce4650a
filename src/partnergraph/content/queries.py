"""Stored queries: ``.rq`` files whose ``#+`` header says what they are and what may be asked of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.texts import decoded
from partnergraph.content.folders import read_bytes

# The value that leaves a parameter open.
ANY = "*"
MAX_QUERY_BYTES = 200_000
KINDS = {
    "entity": "an entity by any of its names",
    "house": "an entity by any of its names, for which the house answers that it belongs to",
    "claim": "a claim by its short name",
    "source": "a source by its short name or words of its title",
    "class": "a class of the ontology",
    "concept": "a measure, stage, scope or other word of the ontology's lists",
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
        value = self.default if self.default is not None else self.kind.upper()
        return f"{self.name}='{value}'" if " " in value else f"{self.name}={value}"

    def explanation(self) -> str:
        """What the parameter means, what may be given for it, and what holds if nothing is."""
        rest = f"without it {self.default}" if self.default not in {None, ANY} else "without it all" if self.default else "needed"
        return f"{self.name}: {self.description}; {KINDS[self.kind]}; {rest}"


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
    def description(self) -> str:
        """What a reader of the answer should know beyond the title: how it was put together, what it leaves out."""
        return self.header.get("description", "")

    @property
    def group(self) -> str:
        """The heading under which a question is listed."""
        return self.header.get("group", "")

    def defaults(self) -> dict[str, str]:
        """The value that each parameter has if none is given; empty text for those that must be given."""
        return {parameter.name: parameter.default or "" for parameter in self.parameters}

    @property
    def keywords(self) -> tuple[str, ...]:
        """Other words under which people look for the question."""
        return tuple(word.strip() for word in self.header.get("keywords", "").split(",") if word.strip())

    @property
    def texts(self) -> Texts:
        """By what people find the question."""
        return (self.name, self.title, " ".join(self.keywords), self.description, self.group)


# By what something is found: its name, its title, its keywords, its description, the heading it is listed under.
Texts = tuple[str, str, str, str, str]

_HEADER = re.compile(r"#\+\s*([a-z-]+):\s*(.*)")
_PARAMETER = re.compile(r"(?P<name>\w+)\s*:\s*(?P<kind>\w+)(?:\s*=\s*(?P<default>.*?))?\s+--\s+(?P<description>.+)")


def read_query(path: Path, data: bytes | None = None) -> Query:
    """The stored query of one ``.rq`` file, whose bytes may be at hand already.

    The header is lines such as ``#+ title: …`` and ``#+ param investor: entity = microsoft -- who invests``.
    Raises ContentError with file and line where the header is wrong.
    """
    text = _read_text(path, data)
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("#+"):
            continue
        match = _HEADER.fullmatch(line.strip()) or re.fullmatch(r"#\+\s*(param)\s+(.*)", line.strip())
        if not match:
            raise ContentError(path, f"not a header line: {line!r}; write '#+ key: value'", number)
        # Without runs of blanks, which take the pattern of parameters the cube of their length.
        key, value = match[1], " ".join(match[2].split())
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
    selected = re.split("SELECT", text, maxsplit=1, flags=re.IGNORECASE)[-1]
    projected, *where = re.split("WHERE", selected, maxsplit=1, flags=re.IGNORECASE)
    for parameter in parameters:
        # Oxigraph binds a parameter only if the SELECT has it; the answer then also says what was asked.
        if where and not re.search(rf"[?$]{parameter.name}\b", projected):
            raise ContentError(path, f"the parameter {parameter.name!r} must stand in the SELECT")
    return Query(path.stem, path, text, header, tuple(parameters))


def _read_text(path: Path, data: bytes | None) -> str:
    data = read_bytes(path) if data is None else data
    if len(data) > MAX_QUERY_BYTES:
        raise ContentError(path, f"is larger than {MAX_QUERY_BYTES:,} bytes; no query needs that")
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise ContentError(path, "is not UTF-8", data.count(b"\n", 0, error.start) + 1) from None


class Queries(Mapping[str, Query]):
    """Stored queries by name, each read when it is first asked for: a command needs a few of the hundreds."""

    def __init__(self, paths: Iterable[Path], folder: Path | None = None, adapt: Callable[[Query], Query] | None = None) -> None:
        """``folder`` is where all that are asked for must be; without it one that is not there is a KeyError.

        ``adapt`` makes of each query what it is in one graph.
        """
        self._folder = folder
        self._adapt = adapt
        self._paths = {path.stem: path for path in paths}
        self._read: dict[str, Query] = {}

    def __getitem__(self, name: str) -> Query:
        if self._folder is not None and name not in self._paths:
            raise ContentError(
                self._folder, f"has no {name}.rq, which this command needs; take it from the ontology of this package"
            )
        if name not in self._read:
            query = read_query(self._paths[name])
            self._read[name] = self._adapt(query) if self._adapt else query
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, name: object) -> bool:
        return name in self._paths


def explain(parameters: Iterable[Parameter], given: Mapping[str, str] | None = None) -> str:
    """One line a parameter, with what holds for it in a call."""
    values = given or {}
    return "\n".join(
        f"  {parameter.explanation()}" + (f" (here {values[parameter.name]})" if parameter.name in values else "")
        for parameter in parameters
    )
