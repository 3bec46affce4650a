"""Money as intervals: nothing counted twice, ceilings from zero, and every choice among rival versions inside."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

__all__ = ["Interval", "Links", "add", "hull", "total"]

# More ways than this to choose among rival versions are bounded from outside instead of tried one by one.
MAX_CHOICES = 5_000


@dataclass(frozen=True, order=True)
class Interval:
    """Between ``least`` and ``greatest``; the default says nothing at all."""

    least: float = 0.0
    greatest: float = math.inf

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return self.least > 0 or math.isfinite(self.greatest)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.least <= value <= self.greatest


NOTHING = Interval(0.0, 0.0)


def add(intervals: Iterable[Interval]) -> Interval:
    """The sum; exactly rounded, so that its ends do not depend on the order."""
    listed = list(intervals)
    return Interval(math.fsum(one.least for one in listed), math.fsum(one.greatest for one in listed))


def hull(intervals: Iterable[Interval]) -> Interval:
    """The least interval that contains all of them; nothing for none."""
    listed = list(intervals)
    if not listed:
        return NOTHING
    return Interval(min(one.least for one in listed), max(one.greatest for one in listed))


@dataclass(frozen=True)
class Links:
    """How claims relate to each other: the wholes that each is a part of, and the rivals that each contradicts."""

    wholes: Mapping[str, AbstractSet[str]]
    rivals: Mapping[str, AbstractSet[str]]


def total(stated: Mapping[str, Interval], joint: Collection[str], links: Links) -> Interval:
    """What the claims in ``stated`` come to together, over every choice among rival versions.

    A choice holds as many claims to be true as can be without contradiction; a claim whose rival stands
    elsewhere may hold or not. A part is never added to its whole, nor to a rival version of that: it raises the
    least amount of it. A ``joint`` amount is that of several payers together: of this one it is a ceiling, until
    a part says how much.
    """
    import networkx as nx

    ties: nx.Graph = nx.Graph()
    ties.add_nodes_from(stated)
    rivalry: nx.Graph = nx.Graph()
    for claim in stated:
        for rival in links.rivals.get(claim, ()):
            rivalry.add_edge(claim, rival)
            ties.add_edge(claim, rival)
        for whole in _ancestors(claim, links):
            ties.add_edges_from((claim, one) for one in (whole, *links.rivals.get(whole, ())) if one in stated)
    outside = [claim for claim in rivalry if claim not in stated]
    between = [(one, other) for one in outside for other in links.rivals.get(one, ()) if other in rivalry]
    rivalry.add_edges_from(between)
    # Two that stand elsewhere and contradict each other tie what they contradict here.
    ties.add_edges_from(between)
    sums = []
    for component in nx.connected_components(ties):
        disputed = nx.complement(rivalry.subgraph(component))
        undisputed = {claim for claim in component if claim not in rivalry}
        choices = list(islice(nx.find_cliques(disputed), MAX_CHOICES + 1)) if disputed else [[]]
        if len(choices) > MAX_CHOICES:
            sums.append(Interval(0.0, math.fsum(stated[claim].greatest for claim in component if claim in stated)))
            continue
        sums.append(hull(_together((undisputed | set(choice)) & stated.keys(), stated, joint, links) for choice in choices))
    return add(sums)


def _together(choice: set[str], stated: Mapping[str, Interval], joint: Collection[str], links: Links) -> Interval:
    """What claims that do not contradict each other come to."""
    parents: dict[str, str] = {}
    for claim in sorted(choice):
        whole = _whole(claim, choice, links)
        # By mistake claims may be parts of each other; then the first of them is a part of none.
        if whole is not None and not _reaches(whole, claim, parents):
            parents[claim] = whole
    parts: dict[str, list[str]] = {}
    for claim, whole in parents.items():
        parts.setdefault(whole, []).append(claim)

    def worth(claim: str) -> Interval:
        own = stated[claim]
        if claim not in parts:
            return Interval(0.0, own.greatest) if claim in joint else own
        within = add(worth(part) for part in parts[claim])
        if claim in joint or not own.known:
            return within
        return Interval(max(own.least, within.least), max(own.greatest, within.least))

    return add(worth(claim) for claim in sorted(choice) if claim not in parents)


def _whole(claim: str, choice: set[str], links: Links) -> str | None:
    """The claim of the choice that this one is a part of: its nearest whole, or the version that is chosen instead of that."""
    wholes = _ancestors(claim, links)
    above = wholes & choice
    if not above:
        above = {rival for whole in wholes for rival in links.rivals.get(whole, ())} & choice - {claim}
    # The nearest whole is the one that all the others contain; of unrelated ones the first counts.
    return min(above, key=lambda whole: (-len(_ancestors(whole, links) & above), whole), default=None)


def _reaches(start: str, finish: str, parents: Mapping[str, str]) -> bool:
    while start != finish and start in parents:
        start = parents[start]
    return start == finish


def _ancestors(claim: str, links: Links) -> set[str]:
    found: set[str] = set()
    open_ends = [claim]
    while open_ends:
        for whole in links.wholes.get(open_ends.pop(), ()):
            # A claim that is, by mistake, a part of itself is still one claim.
            if whole not in found and whole != claim:
                found.add(whole)
                open_ends.append(whole)
    return found
