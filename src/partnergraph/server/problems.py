"""What went wrong, as the web says it: a status, a sentence without options of a command line, and where in the query it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from partnergraph.base.errors import (
    AmbiguousName,
    AnswerTooLarge,
    ContentError,
    OutputError,
    ParameterError,
    PartnerGraphError,
    QueryDied,
    QueryError,
    QueryTimeout,
    RefusedQuery,
    StoreError,
    UnknownName,
)
from partnergraph.base.texts import clean
from partnergraph.stores.sandbox.limits import Limits

MEDIA = "application/problem+json"
LONGEST = 600


@dataclass
class Problem(Exception):
    """A request that is not answered: a status, one sentence, and what else a program wants to know of it."""

    status: int
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.detail

    @property
    def title(self) -> str:
        """What the status means."""
        return HTTPStatus(self.status).phrase

    def body(self) -> bytes:
        """The problem in JSON, as RFC 9457 has it."""
        told = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail} | self.more
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"

    def record(self) -> dict[str, Any]:
        """What another process makes the same problem of."""
        return {"status": self.status, "detail": self.detail, "headers": self.headers, "more": self.more}


def timed_out(limits: Limits) -> Problem:
    """The query took too long: never an empty answer."""
    told = f"the query did not end within {limits.seconds:g} seconds and was stopped; ask for less, for example with a LIMIT"
    return Problem(503, told, {"Retry-After": "30"}, {"limit": limits.seconds, "unit": "seconds"})


def died(limits: Limits) -> Problem:
    """The worker ended in the middle of an answer."""
    told = (
        f"the process that answered ended before it was done: either it needs more than the {limits.memory // 2**20:,} MiB that a "
        "request may have, or somebody ended it; ask for less, or ask once more"
    )
    return Problem(503, told, {"Retry-After": "5"}, {"limit": limits.memory, "unit": "bytes of memory"})


def busy() -> Problem:
    """Nobody is free and enough are waiting."""
    return Problem(503, "the server is busy with other requests; ask again in a moment", {"Retry-After": "3"})


def problem_of(error: BaseException, limits: Limits) -> Problem:  # noqa: C901  # one case an error
    """The problem that an error of this package is to whoever asked on the web."""
    match error:
        case Problem():
            return error
        case QueryTimeout():
            return timed_out(limits)
        case QueryDied() | MemoryError():
            return died(limits)
        case AnswerTooLarge():
            told = f"the answer has more than {error.limit:,} {error.unit}; add a LIMIT, or ask for less"
            return Problem(413, told, {}, {"limit": error.limit, "unit": error.unit})
        case RefusedQuery():
            return Problem(403, *_placed(error))
        case QueryError():
            return Problem(400, *_placed(error))
        case UnknownName():
            near = f"; did you mean {' or '.join(repr(name) for name in error.nearest)}?" if error.nearest else ""
            told = _short(f"no {error.kind} named {error.name!r}{near}")
            return Problem(404, told, {}, {"nearest": [clean(name) for name in error.nearest]})
        case AmbiguousName():
            return Problem(400, _short(str(error)), {}, {"candidates": list(error.candidates)})
        case ParameterError() | OutputError():
            return Problem(400, _short(str(error).splitlines()[0].removesuffix("; it takes")))
        case StoreError():
            return Problem(503, "the store behind this server cannot be asked at the moment", {"Retry-After": "30"})
        case ContentError():
            return Problem(500, _short(f"a query of this site's own content cannot be answered: {error.problem}"))
        case PartnerGraphError():
            return Problem(400, _short(str(error)))
    return Problem(500, "something went wrong here that nobody foresaw; the operator's log says what")


def _placed(error: QueryError) -> tuple[str, dict[str, str], dict[str, Any]]:
    where = {"line": error.line, "column": error.column} if error.line else {}
    place = f"line {error.line}, column {error.column}: " if error.line and error.column else ""
    return _short(place + error.problem), {}, where


def _short(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
