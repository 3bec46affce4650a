"""How well the sorts of names fit the places of a phrase: nobody funds a site, and no firm is released."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

# What stands in a place of this name; in any other stands an organization, or whatever there is.
PRODUCTS = frozenset({"product", "model", "retired", "evaluated", "whole"})
PLACES = frozenset({"site", "plant", "builder"})
ONLY = {"destination": "Country", "authority": "Authority", "part": "MarketSegment"}
ANYTHING = frozenset(
    {
        "entity",
        "x",
        "a",
        "b",
        "about",
        "one",
        "other",
        "segment",
        "rival",
        "member",
        "reviewed",
        "house",
        "source",
        "claim",
        "of",
    }
)
PEOPLE = frozenset({"investor", "acquirer", "defendant", "payer", "buyer", "owner", "pursuer", "launcher", "payee"})
UNFIT = 0.6


def placed(slots: Sequence[str], sorts: Sequence[str]) -> tuple[float, tuple[int, ...]]:
    """How well the sorts of the names fit the places of a phrase, as a factor, and which name stands in each of them.

    Names stand as they were typed, unless in another order they fit better: nothing is inside a firm, whichever is named first.
    """
    size = min(len(slots), len(sorts))
    orders = permutations(range(len(sorts)), size) if len(sorts) <= MOST_ORDERED else [tuple(range(size))]
    return max(((_fitting(slots, [sorts[number] for number in order]), order) for order in orders), key=lambda one: one[0])


MOST_ORDERED = 4


def _fitting(slots: Sequence[str], sorts: Sequence[str]) -> float:
    factor = 1.0
    for slot, sort in zip(slots, sorts, strict=False):
        factor *= fitting(slot, sort)
    return factor


def fitting(slot: str, sort: str) -> float:
    """How well what is of a sort stands in a place of that name: 1 if it may, less if hardly."""
    if slot in ONLY:
        return 1.0 if sort == ONLY[slot] else UNFIT
    sort = "Organization" if sort == "Authority" else sort
    if slot in PRODUCTS:
        return UNFIT if sort in ("Organization", "Person", "Country") else 1.0
    if slot in PLACES:
        return UNFIT if sort == "Person" or (slot != "builder" and sort == "Organization") else 1.0
    if slot in ANYTHING or sort in ("Organization", "") or (sort in ("Person", "Country") and slot in PEOPLE):
        return 1.0
    return UNFIT
