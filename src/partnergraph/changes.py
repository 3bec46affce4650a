"""What changed between two days: in what holds, or in what was known."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from partnergraph.errors import QueryError
from partnergraph.selection import select
from partnergraph.views import View, parse_day

if TYPE_CHECKING:
    from partnergraph.graph import Graph

Axis = Literal["as of", "known by"]


@dataclass(frozen=True)
class State:
    """The claims of a view, those in it only possibly, and for each the citations that the view admits."""

    claims: frozenset[str]
    possibly: frozenset[str]
    citations: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Changes:
    """What has to be added to, taken from and changed in the first state to get the second."""

    began: frozenset[str]
    ended: frozenset[str]
    surer: frozenset[str]
    less_sure: frozenset[str]
    newly_cited: frozenset[tuple[str, str]]
    no_longer_cited: frozenset[tuple[str, str]]

    @property
    def changed(self) -> frozenset[str]:
        """Claims of both states that became surer or less sure, or got or lost a source."""
        cited = {claim for claim, _ in self.newly_cited | self.no_longer_cited}
        return (self.surer | self.less_sure | cited) - self.began - self.ended

    def apply(self, state: State) -> State:
        """The second state, from the first one."""
        claims = (state.claims - self.ended) | self.began
        return State(
            claims,
            ((state.possibly - self.surer) | self.less_sure) & claims,
            (state.citations - self.no_longer_cited) | self.newly_cited,
        )


def state(graph: Graph, view: View) -> State:
    """What the view of the graph consists of, without building it."""
    chosen = select(graph.index, view)
    return State(
        frozenset(str(claim.value) for claim in chosen.claims),
        frozenset(str(claim.value) for claim, _ in chosen.marks),
        frozenset((str(citation.claim.value), str(citation.source.value)) for citation in chosen.citations),
    )


def diff(graph: Graph, first: str | datetime.date, second: str | datetime.date, axis: Axis = "as of") -> Changes:
    """What changed from the first day to the second: what holds (``as of``) or what was published (``known by``)."""
    days = parse_day(first), parse_day(second)
    if axis not in ("as of", "known by"):
        raise QueryError(f"no axis named {axis!r}; take 'as of' or 'known by'")
    a, b = (state(graph, View(as_of=day) if axis == "as of" else View(known_by=day)) for day in days)
    return difference(a, b)


def difference(a: State, b: State) -> Changes:
    """The changes that lead from one state to another."""
    return Changes(
        b.claims - a.claims,
        a.claims - b.claims,
        (a.possibly - b.possibly) & b.claims,
        b.possibly - a.possibly,
        b.citations - a.citations,
        a.citations - b.citations,
    )
