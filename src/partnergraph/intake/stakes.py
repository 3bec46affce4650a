"""Stakes as people write them: a percentage, or a range of percentages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from partnergraph.intake.amounts import Unreadable, plain
from partnergraph.intake.moneywords import ABOUT, AT_LEAST, UP_TO

_PER_CENT = r"(?:%|per ?cent|pct\.?|percent|prozent|pour cent|por ciento)"
_SHARE = r"\d{1,3}(?:[.,]\d+)?"
_STAKE = re.compile(
    rf"(?:(?:(?P<up>{UP_TO})|(?P<more>{AT_LEAST})|(?P<about>{ABOUT}))(?![^\W\d]))?\s*(?:(?P<least>{_SHARE})\s*{_PER_CENT}?\s*(?:-|–|—|to|bis|à)\s*)?"
    rf"(?P<share>{_SHARE})\s*(?P<unit>{_PER_CENT})?(?P<plus>\s*\+)?"
)


@dataclass(frozen=True)
class Stake:
    """A range of per cent: exact where both ends are equal, open where one is missing."""

    least: Decimal | None
    greatest: Decimal | None
    approximate: bool = False


def read_stake(text: str) -> Stake:
    """The stake that a text states; raises Unreadable where it states none."""
    match = _STAKE.fullmatch(plain(text))
    if not match or (match["least"] and (match["up"] or match["more"] or match["plus"])):
        raise Unreadable(f"{text!r} is no stake; write 27 or 27.5 %")
    share = Decimal(match["share"].replace(",", "."))
    least = Decimal(match["least"].replace(",", ".")) if match["least"] else share
    if share <= 1 and not match["unit"]:
        raise Unreadable(f"the stake {text!r} may be per cent or a fraction; write it with %")
    if share > 100:
        raise Unreadable(f"the stake {text!r} is more than all")
    if least > share:
        raise Unreadable(f"{text!r} runs from more to less")
    if match["up"]:
        return Stake(Decimal(0), share)
    return Stake(least, None if match["more"] or match["plus"] else share, bool(match["about"]))
