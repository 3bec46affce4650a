"""Which claims of a graph say what a draft says: the same, something that contradicts it, or a part of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import compact

# Two reports of one deal are rarely further apart.
DAYS = 45
TOLERANCE = Decimal("0.01")


@dataclass
class Said:
    """What a claim says, as far as it tells whether two are alike."""

    name: str
    kind: str
    starts: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    least: Decimal | None = None
    greatest: Decimal | None = None
    currency: str = ""
    first: str = ""
    last: str = ""

    def states_money(self) -> bool:
        """Whether it states a sum."""
        return (self.least, self.greatest) != (None, None)


@dataclass(frozen=True)
class Alike:
    """A claim of the graph beside a draft: whether it says the same or another sum of money, and whether it states none at all."""

    claim: str
    same: bool
    silent: bool = False


class Likeness:
    """The claims of a graph by class and ends, and its sources by address."""

    def __init__(self, graph: GraphCore) -> None:
        self._graph = graph

    @cached_property
    def _claims(self) -> dict[str, list[Said]]:
        found: dict[str, Said] = {}
        for row in self._graph.project("claim-likeness").mappings():
            part = {name: str(term.value) for name, term in row.items()}
            said = found.setdefault(part["claim"], Said(part["claim"], compact(part["kind"])))
            said.starts |= {part["from"]} if "from" in part else set()
            said.ends |= {part["to"]} if "to" in part else set()
            said.least = Decimal(part["amountMin"]) if "amountMin" in part else said.least
            said.greatest = Decimal(part["amountMax"]) if "amountMax" in part else said.greatest
            said.currency = part.get("currency", said.currency)
            said.first, said.last = part.get("first", said.first), part.get("last", said.last)
        by_kind: dict[str, list[Said]] = {}
        for said in found.values():
            by_kind.setdefault(said.kind, []).append(said)
        return by_kind

    def said(self) -> dict[str, Said]:
        """What each claim says, by its IRI."""
        return {known.name: known for claims in self._claims.values() for known in claims}

    def alike(self, said: Said, without: Collection[str] = ()) -> Alike | None:
        """The claim that says the same, rather one that states the sum than one that states none; else the nearest with another sum.

        All of them are about the same ends and days.
        """
        silent: Alike | None = None
        other: tuple[Decimal, Alike] | None = None
        for known in self._claims.get(said.kind, ()):
            if (
                known.name in without
                or known.name == said.name
                or not (_meet(said.starts, known.starts) and _meet(said.ends, known.ends) and near(said, known))
            ):
                continue
            if same_money(said, known):
                if said.states_money() and not known.states_money():
                    silent = silent or Alike(known.name, same=True, silent=True)
                    continue
                return Alike(known.name, same=True)
            apart = abs((said.greatest or Decimal(0)) - (known.greatest or Decimal(0)))
            if other is None or apart < other[0]:
                other = (apart, Alike(known.name, same=False))
        return silent or (other[1] if other else None)

    @cached_property
    def _sources(self) -> dict[str, str]:
        rows = self._graph.project("source-addresses").mappings()
        return {plain_address(str(row["address"].value)): str(row["source"].value) for row in rows if "address" in row}

    @cached_property
    def _cited(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for row in self._graph.project("source-addresses").mappings():
            if "claim" in row:
                locator = str(row["locator"].value) if "locator" in row else ""
                found.setdefault((str(row["source"].value), locator), set()).add(str(row["claim"].value))
        return found

    def source(self, address: str) -> str | None:
        """The source of the graph that has the address, however it is written."""
        return self._sources.get(plain_address(address))

    def cited(self, source: str, locator: str) -> set[str]:
        """The claims that cite a place of a source."""
        return self._cited.get((source, locator), set())

    def cites(self, claim: str, source: str) -> bool:
        """Whether a claim cites a source, at whatever place."""
        return any(claim in claims for (known, _), claims in self._cited.items() if known == source)


def _meet(one: set[str], other: set[str]) -> bool:
    return bool(one & other) or (not one and not other)


def near(one: Said, other: Said) -> bool:
    """Whether both may have happened within the same weeks; one without a day may always."""
    if not one.first or not other.first:
        return not one.first and not other.first
    apart = max(_day(one.first) - _day(other.last), _day(other.first) - _day(one.last))
    return apart <= datetime.timedelta(days=DAYS)


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def same_money(one: Said, other: Said) -> bool:
    """Whether the sums are the same but for rounding, or one of the two states none."""
    if one.currency and other.currency and one.currency != other.currency:
        return False
    for mine, theirs in ((one.least, other.least), (one.greatest, other.greatest)):
        if mine is not None and theirs is not None and abs(mine - theirs) > TOLERANCE * max(mine, theirs):
            return False
    stated = one.states_money() and other.states_money()
    # "At least 2" and "exactly 5" are no contradiction, and not the same either.
    return not stated or (one.least is None) == (other.least is None) or (one.greatest is None) == (other.greatest is None)


_SENT_BY = re.compile(r"[?&](?:utm_[a-z]+|fbclid|gclid|mc_cid|mc_eid|igshid|ref|cmpid)=[^&#]*", re.IGNORECASE)


def untracked(address: str) -> str:
    """The address without what tells who sent the reader."""
    plain = _SENT_BY.sub("", address)
    return plain if "?" in plain or "&" not in plain else plain.replace("&", "?", 1)


def plain_address(address: str) -> str:
    """One way to write an address, for comparing."""
    plain = re.sub(r"#.*$", "", untracked(address.strip()))
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?|/?(?:index\.html?)?\??$|/amp/?$", "", plain, flags=re.IGNORECASE)
