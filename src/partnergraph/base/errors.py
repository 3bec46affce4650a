"""What can go wrong, each with a message that says what to do."""

from __future__ import annotations

from pathlib import Path

from partnergraph.base.texts import clean, printable, without_user

# A query may be one line of a hundred thousand characters.
MOST_OF_A_LINE = 160


class PartnerGraphError(Exception):
    """The one base of everything this package raises on purpose.

    ``str(error)`` is a sentence for people; the command line prints it and exits with 1, a notebook shows it alone.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this; the inside of the package helps nobody who mistyped a name or a query.
        return [printable(f"{type(self).__name__}: {self}")]


class ContentError(PartnerGraphError):
    """A content folder or file cannot be used."""

    def __init__(self, path: Path, problem: str, line: int | None = None) -> None:
        self.path = path
        self.problem = problem
        self.line = line

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return clean(f"{place}: {self.problem}")


class StoreError(PartnerGraphError):
    """A store on disk, or a server, cannot be used."""

    def __init__(self, place: Path | str, problem: str) -> None:
        self.place = place
        self.problem = problem

    def __str__(self) -> str:
        # An address may hold a password; what a server or library says may repeat the address.
        return without_user(clean(f"{self.place}: {self.problem}"))


class UnknownName(PartnerGraphError):
    """A name that a person typed fits nothing; carries the nearest names there are."""

    def __init__(self, kind: str, name: str, nearest: tuple[str, ...] = (), hint: str = "") -> None:
        self.kind = kind
        self.name = name
        self.nearest = nearest
        self.hint = hint

    def __str__(self) -> str:
        message = f"no {self.kind} named {self.name!r}"
        if self.nearest:
            message += "; did you mean " + " or ".join(repr(name) for name in self.nearest) + "?"
        elif self.hint:
            message += f"; {self.hint}"
        return message


class AmbiguousName(PartnerGraphError):
    """A name that a person typed fits several entities."""

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        self.name = name
        self.candidates = candidates

    def __str__(self) -> str:
        return f"{self.name!r} may be any of {', '.join(self.candidates)}; use one of these"


class QueryError(PartnerGraphError):
    """A query cannot be read or asked; names the place in it where that is known."""

    def __init__(self, problem: str, query: str = "", line: int | None = None, column: int | None = None) -> None:
        self.problem = problem
        self.query = query
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if self.line is None:
            return self.problem
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        lines = self.query.split("\n")
        message = f"{where}: {clean(self.problem)}"
        if 0 < self.line <= len(lines):
            # Of a long line what is around the place.
            start = max(0, (self.column or 1) - MOST_OF_A_LINE // 2)
            message += f"\n  {lines[self.line - 1][start : start + MOST_OF_A_LINE]}"
            if self.column:
                message += f"\n  {' ' * (self.column - 1 - start)}^"
        return message


class RefusedQuery(QueryError):
    """A query asks for something that is off by default: the network, files or changes."""


class QueryTimeout(QueryError):
    """A query took longer than it may."""

    def __init__(self, query: str, seconds: float) -> None:
        super().__init__("too slow", query)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"the query did not end within {self.seconds:g} seconds and was stopped; ask for less, or allow more with --timeout"


class AnswerTooLarge(QueryError):
    """An answer has more rows or bytes than it may have."""

    def __init__(self, query: str, unit: str, limit: int) -> None:
        super().__init__("too large", query)
        self.unit = unit
        self.limit = limit

    def __str__(self) -> str:
        return f"the answer has more than {self.limit:,} {self.unit}; add LIMIT, or ask for less"


class QueryDied(QueryError):
    """A query brought down the process it ran in; the graph and this process are as they were."""

    def __init__(self, query: str, memory: int) -> None:
        super().__init__("died", query)
        self.memory = memory

    def __str__(self) -> str:
        return f"the query needs more than the {self.memory // 2**20:,} MiB of memory it may have, or is nested too deep; it was stopped"


class ParameterError(PartnerGraphError):
    """A value given to a question's parameter does not fit it."""

    def __init__(self, question: str, problem: str) -> None:
        self.question = question
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.question}: {self.problem}"


class OutputError(PartnerGraphError):
    """A result cannot be written as asked."""

    def __init__(self, problem: str) -> None:
        self.problem = problem

    def __str__(self) -> str:
        return without_user(clean(self.problem))
