"""The map of a graph as an object: it shows itself in a notebook and writes itself to a file."""

from __future__ import annotations

import contextlib
import html
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnergraph.base.errors import OutputError
from partnergraph.base.progress import doing
from partnergraph.core.graph import GraphCore
from partnergraph.page.purposes import Purpose

if TYPE_CHECKING:
    from partnergraph.page.data import PageData
    from partnergraph.page.stress import Point

# The most entities that the map opens with; the rest is a click away.
CORE = 60
FRAME_HEIGHT = 720


@dataclass(frozen=True)
class Map:
    """One page about one graph for one purpose; made when it is first needed."""

    graph: GraphCore
    purpose: Purpose
    like: Path | None = None

    def __repr__(self) -> str:
        return f"<partnergraph map: {self.purpose.title}, {self.graph.view}>"

    @cached_property
    def data(self) -> PageData:
        """What the page knows."""
        from partnergraph.page.data import page_data

        with doing("gathering what the map shows"):
            return page_data(self.purpose.graph, self.purpose.claims, self.purpose.loops)

    @cached_property
    def places(self) -> list[Point]:
        """Where the entities stand, in the order of the data."""
        from partnergraph.page.layout import places
        from partnergraph.page.page import read_places

        like = read_places(self.like) if self.like is not None else None
        with doing(f"placing {len(self.data.entities):,} entities"):
            return places(self.data, like)

    @cached_property
    def html(self) -> str:
        """The whole page: one file that asks nothing of the network."""
        from partnergraph.page.page import render

        meta: dict[str, Any] = {
            "title": self.purpose.title,
            "view": str(self.purpose.graph.view).capitalize(),
            "start": self.purpose.start,
            "core": CORE,
            "colophon": f"Made by partnergraph from content {self.graph.version}. Every claim names its sources; nothing is loaded from elsewhere.",
        }
        return render(self.data, self.places, meta)

    def write(self, path: Path | str) -> Path:
        """Writes the page to a file, whole or not at all, and returns its path."""
        from partnergraph.base.files import replace

        target = Path(path)
        replace(target, self.html.encode("utf-8"))
        return target

    def _repr_html_(self) -> str:
        # A frame without an origin of its own: the page can neither reach the notebook nor be reached by it.
        inner = html.escape(self.html, quote=True)
        return (
            f'<iframe sandbox="allow-scripts allow-downloads allow-popups allow-modals" title="{html.escape(self.purpose.title)}" '
            f'width="100%" height="{FRAME_HEIGHT}" style="border:0" srcdoc="{inner}"></iframe>'
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """The page, and a static picture for where no script runs and for stored notebooks."""
        from partnergraph.page.picture import map_picture

        shown: dict[str, object] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        # Without a plotting library there is the page alone.
        with contextlib.suppress(OutputError):
            shown["image/png"] = map_picture(self.data, self.places, self.purpose.title)
        return shown
