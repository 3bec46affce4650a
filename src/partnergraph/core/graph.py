"""The graph as the code sees it: one store under one view, from which narrower views are made."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from partnergraph.content.folders import Content
from partnergraph.core.lookup import Lookup
from partnergraph.core.views import View, make_view
from partnergraph.show.values import interval
from partnergraph.stores.engine import Embedded, Engine
from partnergraph.stores.sandbox.limits import Limits

if TYPE_CHECKING:
    from partnergraph.core.concepts import Families, Stages
    from partnergraph.core.selection import Index


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

    def at(
        self,
        as_of: str | datetime.date | None = None,
        known_by: str | datetime.date | None = None,
        attested: str | None = None,
        tier: str | None = None,
        *,
        undated: bool = False,
    ) -> Self:
        """The graph restricted to a view: a graph of its own, asked in the same way.

        ``as_of``: claims in force on a day; ``known_by``: published by a day; ``attested``: attested at least
        so well; ``tier``: resting on sources of at least a tier. docs/views.md has the exact meaning.

        >>> from partnergraph import load
        >>> load().at(as_of="2018-01-01").view.as_of
        datetime.date(2018, 1, 1)
        """
        return self.within(make_view(as_of, known_by, attested, tier, undated=undated))

    def within(self, view: View) -> Self:
        """The graph restricted to one more view."""
        if view == View():
            return self
        from partnergraph.core.selection import RULES_OF_A_DAY, RULES_OF_A_VIEW

        combined = self.view & view
        # Which version is preferred does not depend on the day, so the day comes last.
        lasting = replace(combined, as_of=None)
        base = self if self.view == lasting else self.whole
        if base.view != lasting:
            base = base._restricted(lasting, lasting, RULES_OF_A_VIEW)  # noqa: SLF001  # a graph of this class
        return base._restricted(View(as_of=combined.as_of), combined, RULES_OF_A_DAY) if combined.as_of else base  # noqa: SLF001

    def _restricted(self, view: View, combined: View, since: int) -> Self:
        from partnergraph.core.selection import restrict
        from partnergraph.ledger.triples import add_ledger
        from partnergraph.stores.loading import derive

        again, shortcuts = (
            {row["property"] for row in self.project(name).mappings()} for name in ("view-properties", "shortcut-properties")
        )
        store, index = restrict(self.local.store, self.local.index, view, again, shortcuts)
        derive(store, self.content, since)
        day = combined.as_of or combined.known_by
        # Who belongs to whom holds on a day, but is no news: no view by publication or attestation loses it.
        add_ledger(store, self.content, self.whole.local.store, day.isoformat() if day else None)
        made = type(self)(Embedded(store), self.content, combined, self.whole, self.version)
        made.index = index
        return made

    @cached_property
    def local(self) -> Self:
        """The graph in this process: itself, or for one on a server a copy, which is made once."""
        if isinstance(self.engine, Embedded):
            return self
        return type(self)(Embedded(self.store), self.content, self.view, version=self._version)

    @cached_property
    def index(self) -> Index:
        """What decides which claims are in a view of this graph."""
        from partnergraph.core.selection import make_index

        return make_index(self.project("spans").mappings(), self.project("citation-dates").mappings())

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
        whens = {row["claim"].value: row for row in self.project("whens").mappings()}
        return {claim: interval(whens.get(claim, {})) for claim in claims}
