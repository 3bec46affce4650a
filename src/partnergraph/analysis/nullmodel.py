"""Loops by chance: the same network rewired at random, with as many edges in and out of everyone as before."""

from __future__ import annotations

import random
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

__all__ = ["Significance", "more_than_chance"]

Edge: TypeAlias = tuple[str, str]
# Swaps tried for each edge; more do not change the counts any further.
SWAPS_PER_EDGE = 20


@dataclass(frozen=True)
class Significance:
    """How many loops there are, how many by chance, and how often chance makes at least as many."""

    loops: int
    expected: float
    p: float
    samples: int
    seed: int

    def __str__(self) -> str:
        return (
            f"{self.loops} loops where rewiring at random, with every party's number of financing and purchase ties kept, "
            f"gives {self.expected:.1f} on average: p = {self.p:.3g} ({self.samples} samples, seed {self.seed})."
        )


def more_than_chance(financing: list[Edge], purchases: list[Edge], parties: int, samples: int, seed: int) -> Significance:
    """Compares the number of loops with that in rewired networks; the p-value counts the real one among them, so it is never 0."""
    rng = random.Random(seed)  # noqa: S311  # a seeded sample, not a secret
    real = count_loops(financing, purchases, parties)
    counts = [count_loops(rewired(financing, rng), rewired(purchases, rng), parties) for _ in range(samples)]
    return Significance(real, fmean(counts), (1 + sum(count >= real for count in counts)) / (1 + samples), samples, seed)


def count_loops(financing: list[Edge], purchases: list[Edge], parties: int) -> int:
    """How many loops of up to so many parties have a leg that finances and another one that buys."""
    import networkx as nx

    lending, buying = set(financing), set(purchases)
    count = 0
    for cycle in nx.simple_cycles(nx.DiGraph([*financing, *purchases]), length_bound=parties):
        legs = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        out = {leg for leg in legs if leg in lending}
        back = {leg for leg in legs if leg in buying}
        count += bool(out and back) and len(out | back) > 1
    return count


def rewired(edges: list[Edge], rng: random.Random) -> list[Edge]:
    """Edges with the same number in and out of everyone: two at a time exchange their ends.

    By hand, because networkx's ``directed_edge_swap`` only turns chains of three edges, of which networks of
    investors have almost none.
    """
    made = sorted(set(edges))
    present = set(made)
    for _ in range(SWAPS_PER_EDGE * len(made)):
        if len(made) < 2:
            break
        one, other = rng.sample(range(len(made)), 2)
        (start, finish), (second, last) = made[one], made[other]
        first_new, second_new = (start, last), (second, finish)
        if start == last or second == finish or first_new in present or second_new in present:
            continue
        present -= {made[one], made[other]}
        present |= {first_new, second_new}
        made[one], made[other] = first_new, second_new
    return made
