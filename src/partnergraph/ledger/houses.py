"""Houses: the group that a unit, a brand, a product or a subsidiary belongs to on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Houses:
    """Who belongs to whom on a day: for each member the head of its house, and the claims that say so."""

    heads: Mapping[str, tuple[str, tuple[str, ...]]]

    def of(self, entity: str) -> str:
        """The head of the entity's house; itself where it belongs to none."""
        return self.heads.get(entity, (entity, ()))[0]

    def why(self, entity: str) -> tuple[str, ...]:
        """The claims that lead from the entity to the head of its house."""
        return self.heads.get(entity, (entity, ()))[1]


def make_houses(rows: Iterable[Mapping[str, str]], day: str | None = None) -> Houses:
    """The houses on a day, or as they are last known, from rows of the projection ``ledger-houses``.

    Whoever would belong to several at once, as a joint product, belongs to none of them. What has no date holds. A unit that is
    no firm of its own stays with its last house when it is dissolved.
    """
    above: dict[str, dict[str, str]] = {}
    left: list[Mapping[str, str]] = []
    for row in sorted(rows, key=lambda row: row["claim"]):
        if _holds(row, day):
            above.setdefault(row["member"], {}).setdefault(row["head"], row["claim"])
        elif row.get("company") == "false" and not (day and row["startsEarliest"] > day):
            left.append(row)
    for row in sorted(left, key=lambda row: row["endsLatest"], reverse=True):
        above.setdefault(row["member"], {row["head"]: row["claim"]})
    heads: dict[str, tuple[str, tuple[str, ...]]] = {}
    for member in above:
        head, claims, seen = member, [], {member}
        while len(above.get(head, ())) == 1:
            ((next_head, claim),) = above[head].items()
            if next_head in seen:
                break
            head = next_head
            claims.append(claim)
            seen.add(head)
        if claims:
            heads[member] = (head, tuple(claims))
    return Houses(heads)


def _holds(row: Mapping[str, str], day: str | None) -> bool:
    if day is None:
        return not row["endsLatest"]
    return not (row["startsEarliest"] and row["startsEarliest"] > day) and not (row["endsLatest"] and row["endsLatest"] <= day)
