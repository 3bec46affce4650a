"""What can go wrong, each with a message that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class PartnerGraphError(Exception):
    """The one base of everything this package raises on purpose.

    ``str(error)`` is a sentence for people; the command line prints it and exits with 1, a notebook shows it alone.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this; the inside of the package helps nobody who mistyped a name or a query.
        return [f"{type(self).__name__}: {self}"]


@dataclass(eq=False)
class ContentError(PartnerGraphError):
    """A content folder or file cannot be used."""

    path: Path
    problem: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.problem}"


@dataclass(eq=False)
class StoreError(PartnerGraphError):
    """A store on disk, or a server, cannot be used."""

    place: Path | str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass(eq=False)
class UnknownName(PartnerGraphError):
    """A name that a person typed fits nothing; carries the nearest names there are."""

    kind: str
    name: str
    nearest: tuple[str, ...] = ()
    hint: str = ""

    def __str__(self) -> str:
        message = f"no {self.kind} named {self.name!r}"
        if self.nearest:
            message += "; did you mean " + " or ".join(repr(name) for name in self.nearest) + "?"
        elif self.hint:
            message += f"; {self.hint}"
        return message


@dataclass(eq=False)
class AmbiguousName(PartnerGraphError):
    """A name that a person typed fits several entities."""

    name: str
    candidates: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name!r} may be any of {', '.join(self.candidates)}; use one of these"


@dataclass(eq=False)
class QueryError(PartnerGraphError):
    """A query cannot be read or asked; names the place in it where that is known."""

    problem: str
    query: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        if self.line is None:
            return self.problem
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        lines = self.query.splitlines()
        message = f"{where}: {self.problem}"
        if 0 < self.line <= len(lines):
            message += f"\n  {lines[self.line - 1]}"
            if self.column:
                message += f"\n  {' ' * (self.column - 1)}^"
        return message


class RefusedQuery(QueryError):
    """A query asks for something that is off by default: the network, files or changes."""


@dataclass(eq=False)
class QueryTimeout(QueryError):
    """A query took longer than it may."""

    seconds: float = 0.0

    def __str__(self) -> str:
        return f"the query did not end within {self.seconds:g} seconds and was stopped; ask for less, or allow more with --timeout"


@dataclass(eq=False)
class AnswerTooLarge(QueryError):
    """An answer has more rows or bytes than it may have."""

    unit: str = "rows"
    limit: int = 0

    def __str__(self) -> str:
        return f"the answer has more than {self.limit:,} {self.unit}; add LIMIT, or ask for less"


@dataclass(eq=False)
class QueryDied(QueryError):
    """A query brought down the process it ran in; the graph and this process are as they were."""

    memory: int = 0

    def __str__(self) -> str:
        return f"the query needs more than the {self.memory // 2**20:,} MiB of memory it may have, or is nested too deep; it was stopped"


@dataclass(eq=False)
class ParameterError(PartnerGraphError):
    """A value given to a question's parameter does not fit it."""

    question: str
    problem: str

    def __str__(self) -> str:
        return f"{self.question}: {self.problem}"


@dataclass(eq=False)
class OutputError(PartnerGraphError):
    """A result cannot be written as asked."""

    problem: str

    def __str__(self) -> str:
        return self.problem
