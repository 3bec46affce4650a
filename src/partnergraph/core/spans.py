"""When claims hold: the days between which they begin and end, and what of that is told only later."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

from partnergraph.rdf.terms import Term

# No day of any view is so late: what is known from then on is not known in any.
NEVER = "9999-99-99"


@dataclass(frozen=True)
class Span:
    """The days between which something begins and ends; None where it is not known, or has no end.

    What is known for one day only is stale from ``stale_from`` on: it may hold, but nothing is known of it any more.
    """

    starts_earliest: str | None = None
    starts_latest: str | None = None
    ends_earliest: str | None = None
    ends_latest: str | None = None
    stale_from: str | None = None

    @property
    def days(self) -> list[str]:
        """The days on which it may change whether, and how surely, it holds."""
        ends = (self.starts_earliest, self.starts_latest, self.ends_earliest, self.ends_latest, self.stale_from)
        return [day for day in ends if day is not None]

    def in_force(self, day: str) -> bool | None:
        """Whether it holds on the day: True surely, None possibly, False surely not."""
        if self.starts_earliest is not None and day < self.starts_earliest:
            return False
        if self.ends_latest is not None and day >= self.ends_latest:
            return False
        surely_begun = self.starts_latest is not None and day >= self.starts_latest
        surely_not_over = self.ends_earliest is None or day < self.ends_earliest
        return True if surely_begun and surely_not_over else None

    def stale(self, day: str) -> bool:
        """Whether what is known of it is too old to say anything of the day."""
        return self.stale_from is not None and day >= self.stale_from


@dataclass(frozen=True)
class Citation:
    """One citation: of which claim, of which source, the source's tier (a rank, 0 if none) and when it was published.

    ``earliest`` is not before what the claim tells can have happened, unless all of ``latest`` is.
    """

    claim: Term
    node: Term
    source: Term
    rank: int
    earliest: str | None
    latest: str | None


@dataclass(frozen=True)
class Later:
    """What is told of a claim later than the claim itself: from which days on its end and its outcome are known.

    ``agreed`` is the end that had been agreed, with the first and last day that it may mean; ``lasting`` says that the
    claim was known for one day, and only a successor tells of an end.
    """

    end_known: str | None = None
    outcome_known: str | None = None
    agreed: str | None = None
    agreed_earliest: str | None = None
    agreed_latest: str | None = None
    lasting: bool = False

    def hides_end(self, day: str) -> bool:
        """Whether the end is not yet known by the day."""
        return self.end_known is not None and day < self.end_known

    def hides_outcome(self, day: str) -> bool:
        """Whether the outcome is not yet known by the day."""
        return self.outcome_known is not None and day < self.outcome_known

    def then(self, span: Span) -> Span:
        """The span as it was known before the end was."""
        if self.lasting:
            return replace(span, ends_latest=None)
        return replace(span, ends_earliest=self.agreed_earliest, ends_latest=self.agreed_latest)


def span_of(row: Mapping[str, str]) -> Span:
    """The span of a row of the projection ``spans``."""
    names = ("startsEarliest", "startsLatest", "endsEarliest", "endsLatest", "staleFrom")
    return Span(*(day_of(row[name]) for name in names))


@cache
def day_of(text: str) -> str | None:
    """The day in ISO text; None for what is no day, which content may state although rules derive it."""
    with contextlib.suppress(ValueError):
        return datetime.date.fromisoformat(text).isoformat() if text else None
    return None


def node_of(text: str) -> Term:
    """The node that a row names; a literal where content has none in the place of one."""
    with contextlib.suppress(ValueError):
        return ox.BlankNode(text.removeprefix("_:")) if text.startswith("_:") else ox.NamedNode(text)
    return ox.Literal(text)
