"""Who holds how much on a day, by the newest claim of each holder: the first thing that somebody who asks for owners wants to read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from partnergraph.show.records import Cell, Day, Measure, Ref, Table
from partnergraph.show.values import amount

# A sentence names so many holders, the largest first.
MOST_HOLDERS = 6
# Shares that come to the whole but for so much, since they are rounded, leave nothing beside them.
HUNDRED, NEARLY = Decimal(100), Decimal(1)
# What a sentence says of how well a share is attested.
WEAK = frozenset({"pg:reported", "pg:rumoured"})


def holdings(table: Table, day: str, *, now: bool = True) -> str:
    """One sentence of who holds which stake on a day; empty where no claim says that somebody does.

    Of each holder the newest claim counts. What has ended is left out, and what depends on a condition wherever something does not.

    >>> old = {"owner": Ref("ent:a", "A"), "stake": Measure(Decimal(40), Decimal(40), "%"), "date": Day("2023")}
    >>> new = {"owner": Ref("ent:a", "A"), "stake": Measure(Decimal(30), Decimal(30), "%"), "date": Day("2025-03")}
    >>> gone = {"owner": Ref("ent:b", "B"), "stake": Measure(Decimal(9), Decimal(9), "%"), "end": Day("2024")}
    >>> holdings(Table("", ["owner", "stake"], [new, gone, old]), "2026-01-01")
    'Now, by the newest claim of each holder: A 30% (2025-03).'
    """
    held = holders(table, day)
    told = [_told(row) for row in held]
    if not told:
        return ""
    rest = f"; and {len(told) - MOST_HOLDERS} more" if len(told) > MOST_HOLDERS else ""
    return f"{'Now' if now else f'On {day}'}, by the newest claim of each holder: {'; '.join(told[:MOST_HOLDERS])}{rest}.{within(held)}"


def holders(table: Table, day: str) -> list[dict[str, Cell]]:
    """The newest row of each holder on a day, the largest first."""
    held = [row for row in table.rows if _begun(row, day) and not _ended(row, day)]
    newest: dict[str, dict[str, Cell]] = {}
    for row in [row for row in held if not row.get("condition")] or held:
        for one in _each(row.get("owner")):
            if isinstance(one, Ref) and (one.id not in newest or _since(row) >= _since(newest[one.id])):
                newest[one.id] = row | {"owner": one}
    return sorted(newest.values(), key=lambda row: -_size(row))


def within(held: Sequence[dict[str, Cell]]) -> str:
    """A sentence on shares beside those that make up the whole on one day: nothing is left for them but a part of these."""
    for day in dict.fromkeys(map(_since, held)):
        others = [row for row in held if _since(row) != day]
        whole = sum((_size(row) for row in held if _since(row) == day), Decimal(0))
        if others and abs(whole - HUNDRED) <= NEARLY:
            names = " and ".join(_name(row) for row in others)
            return f" Those of {day} make up the whole: what {names} {'have' if others[1:] else 'has'} is a part of theirs, or came later."
    return ""


def _told(row: dict[str, Cell]) -> str:
    stake, basis = row.get("stake"), row.get("stake basis")
    share = amount(stake.least, stake.greatest, stake.unit, about=stake.about) if isinstance(stake, Measure) else ""
    known = isinstance(basis, Ref) and basis.id != "pg:basis-unspecified"
    attested = row.get("attestation")
    weak = attested.label if isinstance(attested, Ref) and attested.id in WEAK else ""
    more = ", ".join(filter(None, (basis.label if known and isinstance(basis, Ref) else "", _since(row), weak)))
    return f"{_name(row)} {share or 'with a share that is not stated'}{f' ({more})' if more else ''}"


def _name(row: dict[str, Cell]) -> str:
    who = row["owner"]
    return who.label or who.id if isinstance(who, Ref) else str(who)


def _size(row: dict[str, Cell]) -> Decimal:
    stake = row.get("stake")
    return (stake.least or stake.greatest or Decimal(0)) if isinstance(stake, Measure) else Decimal(0)


def _since(row: dict[str, Cell]) -> str:
    return max(_days(row, ("date", "begin")), default="")


def _begun(row: dict[str, Cell], day: str) -> bool:
    return all(text <= day for text in _days(row, ("date", "begin")))


def _ended(row: dict[str, Cell], day: str) -> bool:
    """Whether it is sure to be over: a year that is still running is not."""
    ends = _days(row, ("end",))
    return any(text <= day[: len(text)] and (len(text) == len(day) or text < day[: len(text)]) for text in ends) or (
        not ends and bool(row.get("ended by"))
    )


def _days(row: dict[str, Cell], names: Sequence[str]) -> list[str]:
    return [one.text for name in names for one in _each(row.get(name)) if isinstance(one, Day)]


def _each(cell: Cell) -> tuple[Cell, ...]:
    return cell if isinstance(cell, tuple) else (cell,)
