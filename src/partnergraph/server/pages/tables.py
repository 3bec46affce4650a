"""Answers as tables of a page: entities and claims are links, ranges and days are words, footnotes are numbered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import Row, compact
from partnergraph.reading.citations import Citation, read_citations
from partnergraph.reading.sheets import legend, sheet
from partnergraph.server.pages.links import Links, folder_of
from partnergraph.show.markup import Html
from partnergraph.show.sheet import Sheet, condensed, heading

if TYPE_CHECKING:
    from collections.abc import Collection

    from partnergraph.api import Graph
    from partnergraph.reading.answers import Answer

# Signs of private use never come out of content, from which they are cleaned: they may stand for a link until cells are joined.
_OPEN, _CLOSE = "\ue000", "\ue001"
# Columns whose values say little without their heading.
NAMED = {"paid", "committed", "conditional", "intended", "preferred", "through", "exclusive"}
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_NOTE = re.compile(r"\[(\d+)\]")


@dataclass
class Note:
    """A claim that a table cites: its number, its page, what it is called and its best source."""

    number: int
    address: str
    name: str
    source: Citation | None
    more: int


@dataclass
class Table:
    """Headings, cells that are HTML, and the claims that the rows cite."""

    headings: list[str]
    rows: list[list[Html]]
    notes: list[Note] = field(default_factory=list)
    legend: str = ""
    total: int = 0

    @property
    def short(self) -> list[tuple[Html, Html, Html]]:
        """Each row in three: what it is about, which is the first cell that is a link, then the others, then its footnotes."""
        last = [place for place, name in enumerate(self.headings) if name in {"claim", "claims"}]
        made = []
        for cells in self.rows:
            lead = next((place for place, cell in enumerate(cells) if "<a " in cell and place not in last), 0)
            rest = [
                Html(f"{escape(name)} {cell}") if name in NAMED else cell
                for place, (name, cell) in enumerate(zip(self.headings, cells, strict=True))
                if cell not in {"", "not stated"} and place != lead and place not in last and name not in {"deals", "attestation"}
            ]
            refs = Html(" ".join(cells[place] for place in last))
            made.append((cells[lead] if cells else Html(""), Html(" · ".join(rest[:4])), refs))
        return made


def current(answer: Answer, day: str) -> None:
    """Leaves of an answer the rows that had not ended by the day, the latest first, where its columns tell."""
    places = {name: place for place, name in enumerate(answer.columns)}

    def text(row: Row, name: str) -> str:
        term = row[places[name]] if name in places else None
        return str(term.value) if term is not None else ""

    def over(row: Row) -> bool:
        end = text(row, "end")
        return bool(text(row, "endedBy")) or (bool(end) and (end <= day if len(end) == len(day) else end < day[: len(end)]))

    kept = [row for row in answer.rows if not over(row)]
    if {"date", "begin"} & places.keys():
        kept.sort(key=lambda row: max(text(row, "begin"), text(row, "date")), reverse=True)
    answer.rows = kept


def make_table(graph: Graph, answer: Answer, links: Links, hidden: Collection[str] = (), limit: int | None = None) -> Table:
    """The answer as a table, or its first ``limit`` rows."""
    rows = answer.rows if limit is None else answer.rows[:limit]
    content = sheet(graph, answer, limit)
    legend_ = legend(content)
    marks: dict[str, int] = {}
    places = {heading(name): place for place, name in enumerate(answer.columns)}
    for cells, terms in zip(content.cells, rows, strict=True):
        for number, name in enumerate(content.headings):
            term = terms[places[name]] if name in places else None
            if isinstance(term, ox.NamedNode) and cells[number] and name not in {"claim", "claims"}:
                folder = folder_of(term.value)
                if folder is not None and folder != "claim" and links.has(folder):
                    shown = f'<a href="{escape(links.thing(term.value, folder))}">{escape(cells[number])}</a>'
                    cells[number] = f"{_OPEN}{marks.setdefault(shown, len(marks))}{_CLOSE}"
    content = condensed(content, hidden)
    shown_as = list(marks)
    addresses = {number: links.thing(claim, "claim") for number, claim in enumerate(content.claims, 1)}

    def html(cell: str, name: str) -> Html:
        made = escape(cell)
        if name in {"claim", "claims"} or _NOTE.fullmatch(cell.rstrip("*†✗?")):
            made = _NOTE.sub(lambda match: _note(int(match[1]), addresses) or match[0], made)
        return Html(_MARK.sub(lambda match: shown_as[int(match[1])], made))

    made = [[html(cell, name) for cell, name in zip(cells, content.headings, strict=True)] for cells in content.cells]
    return Table(content.headings, made, notes(graph, content, links), legend_, len(answer))


def _note(number: int, addresses: dict[int, str]) -> str:
    address = addresses.get(number)
    return f'<a class="ref" href="{escape(address)}">[{number}]</a>' if address else ""


def notes(graph: Graph, content: Sheet, links: Links) -> list[Note]:
    """The claims of a table by number, each with its best source."""
    cited = read_citations(graph, content.claims, addresses=True)
    found = []
    for number, claim in enumerate(content.claims, 1):
        best = cited[claim]
        name = clean(compact(claim).removeprefix("claim:"))
        found.append(Note(number, links.thing(claim, "claim"), name, best[0] if best else None, max(len(best) - 1, 0)))
    return found
