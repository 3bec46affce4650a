"""A view as of a day that moves from day to day: what begins is added, what ends is taken away, nothing else is touched."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Generic, TypeVar

import pyoxigraph as ox

from partnergraph.core.graph import GraphCore
from partnergraph.core.restriction import TRUE, name_of
from partnergraph.core.selection import RULES_OF_A_DAY, Index, Selection, make_index, select
from partnergraph.core.views import View
from partnergraph.ledger.daily import DailyLedger
from partnergraph.ledger.inputs import Days
from partnergraph.ledger.triples import any_property, speaks_of_ledger
from partnergraph.rdf.terms import Term
from partnergraph.stores.arranged import Arranged
from partnergraph.stores.engine import Embedded, Layer, Layered
from partnergraph.stores.loading import derive

DEFAULT = ox.DefaultGraph()
Seen = TypeVar("Seen", bound=GraphCore)


class Moving(Generic[Seen]):
    """A graph, which is in no view by day, as of one day after another."""

    def __init__(self, graph: Seen) -> None:
        self.graph = graph
        engine = graph.local.engine
        self._arranged: Arranged = (engine if isinstance(engine, Embedded) else Embedded(engine.store)).arranged(graph.content)
        self._index: Index = graph.local.arranged_index if graph.view == View() else make_index(self._arranged.columns)
        self._citations: dict[Term, list[str]] = {}
        for citation in self._index.citations:
            self._citations.setdefault(citation.claim, []).append(name_of(citation.node))
        self._store = ox.Store()
        self._store.load(b"".join(self._arranged.parts((), (), {}, same_rivals=False)), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        self._marks: dict[Term, set[ox.NamedNode]] = {}
        self._claims: set[Term] = set()
        self._day: str | None = None
        # Whether a claim is in a view of a day, and how surely, changes on its own days alone.
        turns = sorted((day, number) for number, span in enumerate(self._index.spans.values()) for day in span.days)
        claims = list(self._index.spans)
        self._turns = [day for day, _ in turns]
        self._turning = [claims[number] for _, number in turns]
        self._quads: dict[Term, list[ox.Quad]] = {}
        self._between: dict[Term, list[tuple[Term | None, ox.Quad]]] = {}
        self._read_links()
        self._shortcuts = [row["property"] for row in graph.project("shortcut-properties").mappings()]
        names = "|".join(re.escape(str(name.value).rpartition("#")[2]) for name in self._shortcuts)
        self._names = re.compile(rf"[:#](?:{names})\b")
        self._related = False
        self._ledger: DailyLedger | None = None

    def to(self, day: datetime.date) -> Seen:
        """The graph as of the day; what was got for another day is of no use any more."""
        if self._related:
            self._unrelate()
        turned = self._turned(day.isoformat())
        index = Index({claim: self._index.spans[claim] for claim in turned}, self._index.attested, [])
        chosen = select(index, View(as_of=day))
        gone, come = self._claims.intersection(turned) - chosen.claims, chosen.claims - self._claims
        self._claims -= gone
        self._claims |= come
        for claim in gone:
            for quad in self._of(claim):
                self._store.remove(quad)
        self._store.extend(quad for claim in come for quad in self._of(claim))
        self._relink(gone, come)
        self._mark(turned, chosen)
        view = self.graph.view & View(as_of=day)
        ledger = Layer(lambda: self._add_ledger(day), speaks_of_ledger)
        engine = Layered(self._store, Layer(self._relate, self._speaks), ledger)
        made = type(self.graph)(engine, self.graph.content, view, self.graph.whole, self.graph.version)
        made.limits = self.graph.limits
        # What does not depend on the day is read once.
        made.questions, made.projections, made.names = self.graph.questions, self.graph.projections, self.graph.names
        return made

    def _turned(self, day: str) -> set[Term]:
        """The claims that may be in another state on the day than on the one before."""
        if self._day is None:
            turned = set(self._index.spans)
        else:
            first, last = sorted((self._day, day))
            turned = set(self._turning[bisect_right(self._turns, first) : bisect_right(self._turns, last)])
        self._day = day
        return turned

    def _mark(self, turned: set[Term], chosen: Selection) -> None:
        """Says of the claims that may have turned which are in the view only possibly, or stale."""
        for claim in turned:
            for mark in self._marks.pop(claim, ()):
                self._store.remove(_marked(claim, mark))
        for claim, mark in chosen.marks:
            self._marks.setdefault(claim, set()).add(mark)
            self._store.add(_marked(claim, mark))

    def _speaks(self, query: str) -> bool:
        """Whether a query may ask for shortcuts: by their names, or for any property."""
        return self._names.search(query) is not None or any_property(query)

    def _relate(self) -> None:
        derive(self._store, self.graph.content, RULES_OF_A_DAY)
        self._related = True

    def _unrelate(self) -> None:
        for name in self._shortcuts:
            for quad in list(self._store.quads_for_pattern(None, _node(name), None)):
                self._store.remove(quad)
        self._related = False

    def _add_ledger(self, day: datetime.date) -> None:
        if self._ledger is None:
            graph = self.graph
            structure = None if graph.view.as_stated else graph.whole.local.store
            spans = {
                name_of(claim): Days(
                    *(day or "" for day in (span.starts_earliest, span.starts_latest, span.ends_earliest, span.ends_latest))
                )
                for claim, span in self._index.spans.items()
            }
            self._ledger = DailyLedger(graph.local.store, graph.content, spans, structure)
        # What of an earlier day still stands there is seen by no query that does not ask for the ledger.
        self._ledger.write(self._store, day.isoformat())

    def _of(self, claim: Term) -> list[ox.Quad]:
        """What stands of a claim and its citations."""
        if claim not in self._quads:
            arranged = self._arranged
            pieces = [arranged.of_claim(name_of(claim))]
            pieces += [arranged.data[slice(*arranged.citations[name])] for name in self._citations.get(claim, ())]
            self._quads[claim] = list(_parsed(b"".join(pieces)))
        return self._quads[claim]

    def _read_links(self) -> None:
        """The triples that are in a view only with their object, and mostly their subject."""
        by_name = {name_of(claim): claim for claim in self._index.spans}
        for (subject, value), quad in self._linked(self._arranged.links):
            self._link(by_name[value], by_name.get(subject), quad)
        for (subject, value), quad in self._linked(self._arranged.again):
            # What is overruled stays so when what overrules it is over.
            self._link(by_name[value] if value else by_name[subject], None, quad)

    def _linked(self, links: list[tuple[str, str, int, int]]) -> Iterator[tuple[tuple[str, str], ox.Quad]]:
        """Each of the links with its triple, read in one go."""
        quads = _parsed(b"".join(self._arranged.data[start:end] for _, _, start, end in links))
        return (((subject, value), quad) for (subject, value, _, _), quad in zip(links, quads, strict=True))

    def _link(self, needed: Term, other: Term | None, quad: ox.Quad) -> None:
        self._between.setdefault(needed, []).append((other, quad))
        if other is not None and other != needed:
            self._between.setdefault(other, []).append((needed, quad))

    def _relink(self, gone: set[Term], come: set[Term]) -> None:
        for claim in gone:
            for _, quad in self._between.get(claim, ()):
                self._store.remove(quad)
        self._store.extend(
            quad for claim in come for other, quad in self._between.get(claim, ()) if other is None or other in self._claims
        )


def _parsed(data: bytes) -> list[ox.Quad]:
    return list(ox.parse(data, format=ox.RdfFormat.N_TRIPLES, lenient=True))


def _node(name: Term) -> ox.NamedNode:
    return ox.NamedNode(str(name.value))


def _marked(claim: Term, mark: ox.NamedNode) -> ox.Quad:
    if isinstance(claim, ox.Literal):
        raise TypeError(claim)
    return ox.Quad(claim, mark, TRUE, DEFAULT)
