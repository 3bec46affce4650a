"""What a client can read: Accept headers weighed against what there is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# A header that names more is not read to its end.
MAX_RANGES = 60
_QUALITY = re.compile(r"q=([01](?:\.\d{0,3})?)", re.IGNORECASE)


def accepted(header: str) -> list[tuple[str, float]]:
    """The media ranges of an Accept header with their weights; what cannot be read is left out."""
    found = []
    for part in header.split(",")[:MAX_RANGES]:
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if "/" not in media:
            continue
        weight = 1.0
        for parameter in parameters:
            match = _QUALITY.fullmatch(parameter)
            weight = min(float(match[1]), 1.0) if match else weight
        found.append((media, weight))
    return found


def best(header: str, offered: Mapping[str, Sequence[str]]) -> str | None:
    """The key of what is offered under media types that suits the header best, in the order offered; None where nothing does.

    >>> best("text/csv;q=0.5, application/json", {"csv": ["text/csv"], "json": ["application/json"]})
    'json'
    """
    if not header.strip():
        return next(iter(offered))
    ranges = accepted(header)
    grades: dict[str, float] = {}
    for key, types in offered.items():
        grades[key] = max((_weight(media.partition(";")[0], ranges) for media in types), default=0.0)
    chosen = max(grades, key=lambda key: grades[key], default=None)
    return chosen if chosen is not None and grades[chosen] > 0 else None


def _weight(media: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of a type: the most exact range that fits it says so."""
    family = media.partition("/")[0]
    for wanted in (media, f"{family}/*", "*/*"):
        found = [weight for named, weight in ranges if named == wanted]
        if found:
            return max(found)
    return 0.0


def wants_page(header: str) -> bool:
    """Whether a browser asks, to whom a page says more than data."""
    weights = dict(accepted(header))
    return weights.get("text/html", 0.0) > 0
