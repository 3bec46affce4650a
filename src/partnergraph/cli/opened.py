"""A graph that is open already, for commands that run another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnergraph.api import Graph

OPENED: list[Graph] = []


@contextmanager
def opened_already(graph: Graph) -> Iterator[None]:
    """Within the block commands are asked of this graph instead of opening one."""
    OPENED.append(graph)
    try:
        yield
    finally:
        OPENED.pop()
