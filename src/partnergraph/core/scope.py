"""What an answer says of the view in which it was found: what that leaves out, and where it goes beyond the content."""

from __future__ import annotations

from collections.abc import Sequence

from partnergraph.core.views import View


def scope_words(view: View, left_out: int, looked_through: Sequence[str]) -> str:
    """The view in words, with what is to be said of every answer in it.

    ``left_out`` is how many claims it leaves out because their sources carry no date, ``looked_through`` the days through which
    the sources of the topics were looked through, the first one first.
    """
    parts = [str(view)]
    if left_out:
        some = f"{left_out:,} claim{'' if left_out == 1 else 's'} left out whose sources carry no date"
        parts.append(f"{some} (--undated keeps them)")
    # What was known by a day says what was so on it; else it is the day of the view that must not be later.
    day = view.as_of or view.known_by
    if day is not None and looked_through and day.isoformat() > looked_through[0]:
        first, last = looked_through[0], looked_through[-1]
        until = first if first == last else f"{first} to {last} by topic (ask coverage)"
        parts.append(f"sources were looked through until {until}")
    return " · ".join(parts)
