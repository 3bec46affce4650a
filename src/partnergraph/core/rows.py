"""The rows of projections as text, for very many of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from partnergraph.core.graph import GraphCore

# A literal may say 1e300000000; the money of the world is far below this.
LARGEST = 1e30


def records(graph: GraphCore, projection: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """The same as ``rows``, each a list of some of the columns, for very many of them."""
    reader = csv.reader(_text(graph, projection))
    header = next(reader)
    places = [header.index(name) for name in columns]
    if places == list(range(len(header))):
        return reader
    return ([row[place] for place in places] for row in reader)


def rows(graph: GraphCore, projection: str) -> Iterator[dict[str, str]]:
    """The rows of a projection as text, empty where nothing is bound: for many rows five times faster than terms."""
    return csv.DictReader(_text(graph, projection))


def _text(graph: GraphCore, projection: str) -> io.StringIO:
    return io.StringIO(graph.project(projection).serialize("csv").decode("utf-8"), newline="")


def is_so(text: str) -> bool:
    """Whether the text of a yes or no in a row is yes; some servers write it as a number."""
    return text in {"true", "1"}


def finite(text: str) -> float | None:
    """The number, or None for what is none or is larger than anything that is counted here."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < LARGEST else None
