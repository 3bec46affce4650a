"""The graph as the code sees it: one store under one view, from which narrower views are made."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from partnergraph.base.errors import UnknownName
from partnergraph.content.folders import Content
from partnergraph.core.lookup import Lookup
from partnergraph.core.spans import Span, day_of, span_of
from partnergraph.core.views import View, make_view
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.show.values import interval, interval_words
from partnergraph.stores.engine import Embedded, Engine, Layer, Layered
from partnergraph.stores.sandbox.limits import Limits

if TYPE_CHECKING:
    from partnergraph.core.concepts import Families, Stages
    from partnergraph.core.selection import Index
    from partnergraph.rdf.terms import Term
    from partnergraph.stores.results import Results


VIEWS_KEPT = 2


class GraphCore(Lookup):
    """Sourced claims about entities in one store, as the code asks it; everything is in the default graph.

    ``view`` is what it is restricted to, ``whole`` the graph without any view, ``limits`` those of the queries that users write.
    """

    def __init__(
        self, engine: Engine, content: Content, view: View | None = None, whole: Self | None = None, version: str | None = None
    ) -> None:
        super().__init__(engine, content)
        self.view = view or View()
        self.whole: Self = whole or self
        self._version = version
        self.limits: Limits = whole.limits if whole else Limits()
        # The last views, so that a second question in one costs no more than without: each is as large as what it holds.
        self._views: dict[View, Self] = {}

    def __repr__(self) -> str:
        return f"<partnergraph.{type(self).__name__} of {self.engine.size():,} triples, content {self.version}, {self.view}>"

    @property
    def is_loaded(self) -> bool:
        """Whether its content was loaded, and not a store on disk or a server opened."""
        return self._version is None

    @property
    def store(self) -> ox.Store:
        """The Oxigraph store itself, for those who know it; ``query`` need not see what is changed in it."""
        return self.engine.store

    @cached_property
    def version(self) -> str:
        """The version of the content: changes with any byte of ontology or data."""
        return self._version or self.content.version

    def at(  # noqa: PLR0913  # each is one restriction
        self,
        as_of: str | datetime.date | None = None,
        known_by: str | datetime.date | None = None,
        attested: str | None = None,
        tier: str | None = None,
        *,
        undated: bool = False,
        hindsight: bool = False,
        stage: str | None = None,
        kind: str | None = None,
        as_stated: bool = False,
    ) -> Self:
        """The graph restricted to a view: a graph of its own, asked in the same way.

        ``as_of``: claims in force on a day; ``known_by``: published by a day; ``attested``: attested at least
        so well; ``tier``: resting on sources of at least a tier. With ``known_by``, ``undated`` keeps sources without a
        date, and ``hindsight`` what was learnt later. ``stage``: of deals only those at a stage; ``kind``: claims of a kind;
        ``as_stated``: sums by the parties of the contracts instead of their houses. docs/views.md has the exact meaning.

        >>> from partnergraph import load
        >>> load().at(as_of="2018-01-01").view.as_of
        datetime.date(2018, 1, 1)
        """
        return self.within(
            make_view(
                as_of, known_by, attested, tier, undated=undated, hindsight=hindsight, stage=stage, kind=kind, as_stated=as_stated
            )
        )

    def within(self, view: View) -> Self:
        """The graph restricted to one more view."""
        if view == View():
            return self
        kept = self.whole._views  # noqa: SLF001  # a graph of this class
        made = kept.get(self.view & view) or self._made(view)
        kept[made.view] = made
        while len(kept) > VIEWS_KEPT:
            del kept[next(iter(kept))]
        return self._seen(made._local, made.index, made.view)  # noqa: SLF001

    def _made(self, view: View) -> Self:
        from partnergraph.core.selection import RULES_OF_A_DAY, RULES_OF_A_VIEW

        combined = self.view & view
        # Which version is preferred does not depend on the day, so the day comes last.
        lasting = replace(combined, as_of=None)
        base = self if self.view == lasting else self.whole
        if base.view != lasting:
            base = base._restricted(lasting, lasting, RULES_OF_A_VIEW)  # noqa: SLF001  # a graph of this class
        return base._restricted(View(as_of=combined.as_of), combined, RULES_OF_A_DAY) if combined.as_of else base  # noqa: SLF001

    def _restricted(self, view: View, combined: View, since: int) -> Self:
        from partnergraph.core.restriction import restrict
        from partnergraph.core.selection import make_index
        from partnergraph.ledger.triples import add_ledger, speaks_of_ledger
        from partnergraph.stores.loading import derive

        arranged = self._local.arranged(self.content)
        # In the store of a view blank nodes bear other names than in the graph that it is a view of.
        own = self.arranged_index if self.view == View() else make_index(arranged.columns)
        store, index = restrict(arranged, own, view, self._chosen(view))
        derive(store, self.content, since)
        day = combined.as_of or combined.known_by
        # Who belongs to whom holds on a day, but is no news: no view by publication or attestation loses it.
        structure = self.whole.local.store
        ledger = partial(add_ledger, store, self.content, structure, day.isoformat() if day else None, stated=combined.as_stated)
        return self._seen(Layered(store, Layer(ledger, speaks_of_ledger)), index, combined)

    def _chosen(self, view: View) -> set[Term] | None:
        """The claims at the stage and of the kind of the view; None where it has neither."""
        if view.stage is None and view.kind is None:
            return None
        stages = {fold(stage.label): stage.label for stage in self.stages.known}
        if view.stage is not None and fold(view.stage) not in stages:
            raise UnknownName(
                "stage", view.stage, nearest_names(view.stage, stages.values()), f"there are {', '.join(stages.values())}"
            )
        kept = {
            row["claim"]
            for row in self.project("stage-claims").mappings()
            if view.stage is None or "stage" not in row or fold(str(row["stage"].value)) == fold(view.stage)
        }
        if view.kind is None:
            return kept
        kind = self.find_class(view.kind)
        found = {row["claim"] for row in self.project("kind-claims", kind=ox.NamedNode(kind)).mappings()}
        if not found:
            raise UnknownName(
                "kind of claim", view.kind, hint="no claim is of it; 'partnergraph ask kinds-of-claims' lists those that are"
            )
        return kept & found

    def _seen(self, engine: Embedded, index: Index, view: View) -> Self:
        made = type(self)(engine, self.content, view, self.whole, self.version)
        made.index = index
        return made

    @cached_property
    def local(self) -> Self:
        """The graph in this process: itself, or for one on a server a copy, which is made once."""
        if isinstance(self.engine, Embedded):
            return self
        return type(self)(Embedded(self.store), self.content, self.view, version=self._version)

    @property
    def _local(self) -> Embedded:
        """The engine of the graph in this process."""
        engine = self.local.engine
        return engine if isinstance(engine, Embedded) else Embedded(engine.store)

    @cached_property
    def index(self) -> Index:
        """What decides which claims are in a view of this graph."""
        from partnergraph.core.selection import make_index, narrowed, select
        from partnergraph.stores.arranged import COLUMNS

        if self.whole is not self:
            # One that was made has its index; one that was kept is read less often than its index would cost.
            lasting, day = replace(self.view, as_of=None), View(as_of=self.view.as_of)
            whole = self.whole.local.index
            index = whole if lasting == View() else narrowed(whole, select(whole, lasting, self.whole._chosen(lasting)))  # noqa: SLF001  # a graph of this class
            return index if day == View() else narrowed(index, select(index, day))
        kept = {name: self.engine.kept(self.projections[name]) for name in COLUMNS if name in self.projections}
        at_hand = {name: columns.mappings() for name, columns in kept.items() if columns is not None}
        if len(at_hand) == len(COLUMNS):
            return make_index(at_hand)
        if isinstance(self.engine, Embedded):
            return make_index(self.engine.arranged(self.content).columns)
        return make_index({name: _texts(self.project(name)) for name in COLUMNS})

    @cached_property
    def arranged_index(self) -> Index:
        """The same by the names that blank nodes have in the triples arranged for views, which need not be those of kept rows."""
        from partnergraph.core.selection import make_index

        return make_index(self._local.arranged(self.content).columns)

    def spans(self, claims: Iterable[str]) -> dict[str, Span]:
        """Between which days each of the claims begins and ends, also where nobody has read the whole index."""
        kept = None if "index" in self.__dict__ else self.engine.kept(self.projections["spans"])
        if kept is None:
            return {claim: self.index.spans[ox.NamedNode(claim)] for claim in claims}
        wanted = set(claims)
        return {row["claim"]: span_of(row) for row in kept.mappings() if row["claim"] in wanted}

    @cached_property
    def left_out(self) -> int:
        """How many claims a view by publication leaves out for no other reason than that none of their sources carries a date."""
        from partnergraph.core.selection import count_undated

        # Reading the index of the whole takes a moment, which only a view by publication needs.
        chosen = self.whole._chosen(self.view)  # noqa: SLF001  # a graph of this class
        return count_undated(self.whole.local.index, self.view, chosen) if self.view.known_by else 0

    @property
    def scope(self) -> str:
        """The view in words, with what an answer has to say of it: what it leaves out, and that it goes beyond the content."""
        return self.scope_with("")

    def scope_with(self, late: str) -> str:
        """The same, where ``late`` says for the topics of the answer how the view goes beyond the content."""
        from partnergraph.core.scope import scope_words

        return scope_words(self.view, self.left_out, self.looked_through, late)

    @cached_property
    def looked_through(self) -> list[str]:
        """The days through which sources were looked through, the first one first; none where the content says nothing of it."""
        days = (day_of(str(row["knownUntil"].value)) for row in self.whole.project("known-until").mappings())
        return sorted(day for day in days if day is not None)

    @cached_property
    def stages(self) -> Stages:
        """The stages of deals; a view has those of the whole graph."""
        from partnergraph.core.concepts import read_stages

        return self.whole.stages if self.whole is not self else read_stages(self.project("stages").mappings())

    @cached_property
    def families(self) -> Families:
        """The families of relations, by what they make of two entities."""
        from partnergraph.core.concepts import read_families

        return self.whole.families if self.whole is not self else read_families(self.project("families").mappings())

    def intervals(self, claims: Iterable[str]) -> dict[str, str]:
        """When each of the claims holds, in words as precise as known."""
        kept = self.engine.kept(self.projections["whens"])
        if kept is not None:
            known = {row["claim"]: row for row in kept.mappings()}
            return {claim: interval_words(known.get(claim, {})) for claim in claims}
        whens = self.project_each("whens", "claim", claims)
        return {claim: interval(rows[0] if rows else {}) for claim, rows in whens.items()}


def _texts(answer: Results) -> list[dict[str, str]]:
    """The rows of a projection as text, empty where nothing is bound."""

    def text(term: Term | None) -> str:
        return "" if term is None else f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(term.value)

    return [{name: text(row.get(name)) for name in answer.columns} for row in answer.mappings()]
