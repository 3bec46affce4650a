"""Graphs from one command to the next: one that is open already, and a view that is kept once it was made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from partnergraph.cli.output import finish
from partnergraph.core.views import View

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


def keep_for_later(graph: Graph) -> None:
    """Keeps the view of content that a command has made, once its answer is out: the next command in it starts as if there were none."""
    from partnergraph.stores.cache import keep_view
    from partnergraph.stores.engine import Embedded

    engine = graph.engine
    if graph.view != View() and isinstance(engine, Embedded) and engine.path is None:
        finish()
        keep_view(graph.content, repr(graph.view), engine)
