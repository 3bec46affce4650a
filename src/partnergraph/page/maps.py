"""The map of a graph as an object: it shows itself in a notebook and writes itself to a file."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnergraph.base.errors import OutputError, QueryError
from partnergraph.base.progress import doing
from partnergraph.content.folders import find_content
from partnergraph.core.graph import GraphCore
from partnergraph.page.purposes import Purpose

if TYPE_CHECKING:
    from partnergraph.page.data import PageData
    from partnergraph.page.marks import Telling
    from partnergraph.page.stress import Point

# The most entities that the map opens with; the rest is a click away.
CORE = 60
FRAME_HEIGHT = 720


def licence(graph: GraphCore) -> str:
    """What the content may be used for, where that is known: ours is free to share."""
    shipped = find_content()
    return "Data: partnergraph authors, CC BY 4.0." if graph.content.data == shipped.data else ""


@dataclass(frozen=True)
class Map:
    """One page about one graph for one purpose; made when it is first needed."""

    graph: GraphCore
    purpose: Purpose
    like: Path | None = None
    stories: tuple[Path, ...] = ()

    def __repr__(self) -> str:
        return f"<partnergraph map: {self.purpose.title}, {self.graph.view}>"

    @cached_property
    def data(self) -> PageData:
        """What the page knows."""
        from partnergraph.page.data import page_data

        with doing("gathering what the map shows"):
            return page_data(self.purpose.graph, self.purpose.claims)

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
        from partnergraph.page.stories import read_story, shipped_stories

        told = [read_story(path, self.data) for path in self.stories]
        meta: dict[str, Any] = {
            "title": self.purpose.title,
            "view": str(self.purpose.graph.view).capitalize(),
            "start": self.purpose.start,
            "core": CORE,
            "content": f"partnergraph, content {self.graph.version}",
            "licence": licence(self.graph),
            "colophon": f"Made by partnergraph from content {self.graph.version}. Every claim names its sources; nothing is loaded from elsewhere.",
        }
        return render(self.data, self.places, meta, [*told, *shipped_stories(self.data)])

    def write(self, path: Path | str) -> Path:
        """Writes the page to a file, whole or not at all, and returns its path."""
        from partnergraph.base.files import replace

        target = Path(path)
        replace(target, self.html.encode("utf-8"))
        return target

    def picture(self, ending: str = "svg") -> bytes:
        """What the page opens with as a picture with caption, legend and source: ``svg``, ``png`` or ``pdf``; needs no browser.

        It is of the day and the other restrictions of the graph's view, and shows the sixty heaviest entities, or what is around one.
        Of money it shows the largest flows, as streams; of several days or houses one picture each, side by side.
        """
        from partnergraph.page.data import page_data
        from partnergraph.page.layout import places
        from partnergraph.page.marks import Telling
        from partnergraph.page.picture import map_picture

        if self.purpose.days:
            raise QueryError("a picture without a browser shows one day; open the page to compare two and export what it shows")
        telling = Telling(self.purpose.title, str(self.graph.view), self._source())
        if self.purpose.beside:
            with doing("drawing the pictures"):
                return self._beside(telling, ending)
        if self.purpose.houses:
            with doing("drawing the pictures"):
                return self._houses(telling, ending)
        if self.purpose.money:
            with doing("drawing the picture"):
                return self._streams(telling, ending)
        with doing("drawing the picture"):
            data = page_data(self.graph, self.purpose.claims)
            if not data.entities:
                raise QueryError("no claim of this view names an entity; there is nothing to draw")
            around = None if self.purpose.focus is None else self._around(data, self.purpose.focus)
            # Entities stand where the page has them, whatever the day.
            before = {entity["key"]: place for entity, place in zip(self.data.entities, self.places, strict=True)}
            return map_picture(data, places(data, before), telling, ending, around)

    def _streams(self, telling: Telling, ending: str) -> bytes:
        from partnergraph.page.drawing import draw
        from partnergraph.page.streams import flows, money_marks
        from partnergraph.reading.ledger import read_ledger

        ledger = read_ledger(self.graph)
        found = flows(ledger, self._house())
        if not found:
            raise QueryError("no amount of money is stated in this view; there is nothing to draw")
        return draw(money_marks(ledger, found, telling), ending)

    def _beside(self, telling: Telling, ending: str) -> bytes:
        from partnergraph.page.beside import map_days, money_days
        from partnergraph.page.data import page_data
        from partnergraph.page.drawing import draw
        from partnergraph.page.streams import flows, kinds
        from partnergraph.reading.ledger import read_ledger

        views = {day: self.graph.at(as_of=day) for day in self.purpose.beside}
        if self.purpose.money:
            ledgers = {day: read_ledger(view) for day, view in views.items()}
            found = {day: flows(ledger, self._house()) for day, ledger in ledgers.items()}
            if not any(found.values()):
                raise QueryError("no amount of money is stated on these days; there is nothing to draw")
            return draw(money_days(found, kinds(read_ledger(self.graph)), telling), ending)
        data = {day: page_data(view, self.purpose.claims) for day, view in views.items()}
        around = None if self.purpose.focus is None else self._around(self.data, self.purpose.focus)
        return draw(map_days(self.data, self.places, data, telling, around), ending)

    def _houses(self, telling: Telling, ending: str) -> bytes:
        from partnergraph.page.beside import money_houses
        from partnergraph.page.drawing import draw
        from partnergraph.page.streams import flows, house_lines, kinds
        from partnergraph.rdf.terms import expand
        from partnergraph.reading.ledger import read_ledger

        ledger = read_ledger(self.graph)
        # Whoever belongs to a house has its money.
        houses = list(dict.fromkeys(ledger.house(house) for house in self.purpose.houses))
        named = {self.graph.names_of(str(expand(house)))[0]: house for house in houses}
        found = {name: flows(ledger, house) for name, house in named.items()}
        if not any(found.values()):
            raise QueryError("no amount of money of these houses is stated in this view; there is nothing to draw")
        lines = {name: house_lines(ledger, house) for name, house in named.items()}
        return draw(money_houses(found, lines, kinds(ledger), telling), ending)

    def _house(self) -> str:
        focus = self.purpose.focus or ""
        return f"ent:{focus}" if focus and ":" not in focus else focus

    def _around(self, data: PageData, focus: str) -> list[int]:
        """The number of an entity, and of those that the most claims link with it."""
        centre = next((number for number, entity in enumerate(data.entities) if entity["key"] == focus), None)
        if centre is None:
            raise QueryError(f"no claim of this view names {focus}")
        near = {b if a == centre else a: len(claims) for a, b, claims in data.pairs if centre in (a, b)}
        return [centre, *sorted(near, key=lambda number: (-near[number], number))[: CORE - 1]]

    def write_picture(self, path: Path | str) -> Path:
        """Writes the picture to a file in the format that its name ends with, whole or not at all, and returns its path."""
        from partnergraph.base.files import replace

        target = Path(path)
        replace(target, self.picture(target.suffix.removeprefix(".").lower()))
        return target

    def _source(self) -> str:
        return (
            f"Made by partnergraph from content {self.graph.version}. Every claim names its sources. {licence(self.graph)}".strip()
        )

    def _repr_html_(self) -> str:
        # A frame without an origin of its own: the page can neither reach the notebook nor be reached by it.
        # Letters beyond ASCII as references: a host page in another encoding would change our scripts, and their sums with them.
        inner = html.escape(self.html, quote=True).encode("ascii", "xmlcharrefreplace").decode()
        return (
            f'<iframe sandbox="allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox allow-modals" title="{html.escape(self.purpose.title)}" '
            f'width="100%" height="{FRAME_HEIGHT}" style="border:0" srcdoc="{inner}"></iframe>'
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """The page, and a static picture for where no script runs and for stored notebooks."""
        from partnergraph.page.marks import Telling
        from partnergraph.page.picture import map_picture

        shown: dict[str, object] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        telling = Telling(self.purpose.title, str(self.purpose.graph.view), self._source())
        try:
            shown["image/png"] = map_picture(self.data, self.places, telling)
        except OutputError:
            # Without a plotting library, or a font for its names, it is drawn by ourselves.
            shown["image/svg+xml"] = map_picture(self.data, self.places, telling, "svg").decode()
        return shown
