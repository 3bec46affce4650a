"""Fonts of this machine that have the letters of a picture, for what matplotlib draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from partnergraph.base.errors import OutputError
from partnergraph.base.extras import needed

# The font that comes with matplotlib, which is on every machine.
USUAL = "DejaVu Sans"
# Has a box for every letter, and no letter.
BOXES = "Last Resort"


def fonts_for(texts: Iterable[str]) -> list[str]:
    """The families that together have every letter of the texts; raises OutputError where no font of this machine has one."""
    letters = {ord(letter) for text in texts for letter in text if letter.isprintable() and not letter.isspace()}
    chosen = [USUAL]
    missing = letters - _letters(USUAL)
    for family in _families() if missing else ():
        if missing & _letters(family):
            chosen.append(family)
            missing -= _letters(family)
        if not missing:
            break
    if missing:
        shown = ", ".join(chr(letter) for letter in sorted(missing)[:5])
        raise OutputError(
            f"no font of this machine has {shown}; write SVG, which is shown with the fonts of whoever looks at it, or install a font that has it, such as Noto Sans CJK"
        )
    return chosen


def _families() -> Sequence[str]:
    # The same choice on every run, whatever order the machine lists its fonts in; fonts for text before those of signs.
    return sorted(_files(), key=lambda name: (not name.startswith("Noto Sans"), name))


@cache
def _files() -> dict[str, str]:
    listed = needed("matplotlib.font_manager").fontManager.ttflist
    usual = (entry for entry in listed if entry.style == "normal" and entry.weight in (400, "normal", "regular"))
    return {entry.name: entry.fname for entry in usual if not entry.name.startswith(BOXES)}


@cache
def _letters(family: str) -> frozenset[int]:
    return frozenset(needed("matplotlib.font_manager").get_font(_files()[family]).get_charmap())
