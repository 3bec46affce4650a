"""What changed between two days: in what holds, or in what was known."""

from __future__ import annotations

import datetime
import textwrap
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from partnergraph.base.errors import QueryError
from partnergraph.base.texts import clean
from partnergraph.core.selection import select
from partnergraph.core.views import View, parse_day
from partnergraph.rdf.terms import compact, expand
from partnergraph.reading.notes import notes_of
from partnergraph.show.records import Cell, Ref, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

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


def state(graph: GraphCore, view: View) -> State:
    """What the view of the graph consists of, without building it."""
    chosen = select(graph.index, view)
    return State(
        frozenset(str(claim.value) for claim in chosen.claims),
        frozenset(str(claim.value) for claim, _ in chosen.marks),
        frozenset((str(citation.claim.value), str(citation.source.value)) for citation in chosen.citations),
    )


def diff(graph: GraphCore, first: str | datetime.date, second: str | datetime.date, axis: Axis = "as of") -> Changes:
    """What changed from the first day to the second: what holds (``as of``) or what was published (``known by``).

    Raises QueryError where the second day lies before the first: what began would be said to have ended.
    """
    days = parse_day(first), parse_day(second)
    if days[0] is not None and days[1] is not None and days[1] < days[0]:
        raise QueryError(f"{days[1]} lies before {days[0]}: write the earlier day first")
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


WORDS: dict[Axis, tuple[str, str, str]] = {
    "as of": ("began", "ended", "changed"),
    "known by": ("became known", "no longer known", "better known"),
}


def as_rows(graph: GraphCore, changes: Changes, axis: Axis = "as of", among: Collection[str] | None = None) -> list[list[str]]:
    """One row a claim that began, ended or changed, each its sort, when, what it says and its name; of those ``among`` some where given."""
    groups = dict(zip(WORDS[axis], (changes.began, changes.ended, changes.changed), strict=True))
    claims = [claim for group in groups.values() for claim in group if among is None or claim in among]
    labels, whens = graph.labels(claims), graph.intervals(claims)
    return [
        [word, whens[claim], labels.get(claim, ""), compact(claim)]
        for word, group in groups.items()
        for claim in sorted(group & whens.keys(), key=lambda claim: (whens[claim], claim))
    ]


def changes_reply(graph: GraphCore, rows: list[list[str]], axis: Axis, days: tuple[str, str], about: str = "") -> Reply:
    """The changes from the first day to the second as a reply: what happened, when, and what each claim says."""
    counts = Counter(row[0] for row in rows)
    told = ", ".join(f"{counts[word]:,} {word}" for word in WORDS[axis])
    lists = []
    for word in WORDS[axis]:
        chosen = [row for row in rows if row[0] == word]
        if chosen:
            items = [partial(_item, when, label, claim) for _, when, label, claim in chosen]
            lists.append(Listing(f"{word} ({len(chosen):,})", items, partial(_table, word, chosen), "claims"))
    what = "holds" if axis == "as of" else "had been published"
    steps = (
        [f"partnergraph claim {rows[0][3].removeprefix('claim:')}", f"partnergraph map --compare {days[0]} {days[1]}"]
        if rows
        else []
    )
    reply = reply_of_lists(
        [f"What changed in what {what}{f' about {about}' if about else ''}, from {days[0]} to {days[1]}?"],
        [f"{told}."],
        lists,
        following=steps,
        footer=f"from {days[0]} to {days[1]}: {told} · content {graph.version}",
        asked={"from": days[0], "until": days[1], "axis": axis},
        notes=notes_of(graph),
    )
    return replace(reply, single=partial(_table, "changes", rows))


def _item(when: str, label: str, claim: str, width: int) -> str:
    text = f"{when:<24}{clean(label)} · {claim}"
    return "\n".join(textwrap.wrap(text, width, initial_indent="  ", subsequent_indent=" " * 26, break_on_hyphens=False))


def _table(title: str, rows: list[list[str]]) -> Table:
    found: list[dict[str, Cell]] = [
        {"change": change, "when": when, "says": clean(label), "claim": Ref(claim)} for change, when, label, claim in rows
    ]
    return Table(title, ["change", "when", "says", "claim"], found, [str(expand(row[3])) for row in rows])
