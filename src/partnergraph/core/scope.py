"""What an answer says of the view in which it was found: what that leaves out, and where it goes beyond the content."""

from __future__ import annotations

from collections.abc import Sequence

from partnergraph.core.views import View


def scope_words(view: View, left_out: int, until: Sequence[str], late: str = "") -> str:
    """The view in words, how many claims it leaves out for want of dates, and whether it is later than what was looked through.

    ``until`` are the days through which sources were looked through, the first one first; ``late`` says so more closely.
    """
    words = [str(view)]
    if left_out:
        words.append(
            f"{left_out:,} claim{'' if left_out == 1 else 's'} left out whose sources carry no date (--undated keeps them)"
        )
    # What was known by a day says what was so on it; else it is the day of the view that must not be later.
    day = view.as_of or view.known_by
    if late:
        words.append(late)
    elif day is not None and until and day.isoformat() > until[0]:
        last = until[0] if until[0] == until[-1] else f"{until[0]} to {until[-1]} by topic (ask coverage)"
        words.append(f"sources were looked through until {last}")
    return " · ".join(words)
