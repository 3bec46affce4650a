"""What an answer says of the view in which it was found: what that leaves out, and where it goes beyond the content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnergraph.core.spans import day_of

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore


def scope_words(graph: GraphCore, late: str = "") -> str:
    """The view in words, and its notes."""
    return " · ".join([str(graph.view), *notes(graph, late)])


def notes(graph: GraphCore, late: str = "") -> list[str]:
    """What is to be said of every answer in the view of the graph; ``late`` says more closely how far sources were looked through."""
    found = []
    if graph.left_out:
        some = f"{graph.left_out:,} claim{'' if graph.left_out == 1 else 's'} left out whose sources carry no date"
        found.append(f"{some} (--undated keeps them)")
    if late:
        return [*found, late]
    # What was known by a day says what was so on it; else it is the day of the view that must not be later.
    day = graph.view.as_of or graph.view.known_by
    until = looked_through(graph)
    if day is not None and until and day.isoformat() > until[0]:
        last = until[0] if until[0] == until[-1] else f"{until[0]} to {until[-1]} by topic (ask coverage)"
        found.append(f"sources were looked through until {last}")
    return found


def looked_through(graph: GraphCore) -> list[str]:
    """The days through which sources were looked through, the first one first; none where the content says nothing of it."""
    days = (day_of(str(row["knownUntil"].value)) for row in graph.whole.project("known-until").mappings())
    return sorted(day for day in days if day is not None)
