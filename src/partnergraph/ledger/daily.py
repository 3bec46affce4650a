"""The ledger as of one day after another: worked out once for all days, and written anew only where something has changed."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from partnergraph.base.progress import doing
from partnergraph.content.folders import Content
from partnergraph.ledger.eras import clusters, day_eras, holds, house_turns
from partnergraph.ledger.inputs import Days, read_inputs, rows
from partnergraph.ledger.triples import entry_quads, house_quads


class DailyLedger:
    """The entries of what is in a store, each with the days between which it stands as it is.

    ``spans`` says of each claim between which days it begins and ends, ``structure`` is the store that says who belongs to
    whom; without it everybody is a house of its own.
    """

    def __init__(self, store: ox.Store, content: Content, spans: Mapping[str, Days], structure: ox.Store | None) -> None:
        with doing("the ledger: what each sum of money is made of"):
            inputs = read_inputs(store, content)
            self._turns = turns = house_turns(list(rows(structure, content, "ledger-houses")) if structure else [])
            self._eras = [era for part in clusters(inputs, turns) for era in day_eras(part, spans, turns)]
        self._deals = [(spans.get(claim, Days()), {*deal.payers, *deal.payees}) for claim, deal in inputs.deals.items()]
        self._quads: dict[int, list[ox.Quad]] = {}
        self._written: set[int] = set()
        self._members: set[ox.Quad] = set()

    def write(self, store: ox.Store, day: str) -> None:
        """Makes the ledger in a store, in which none or one of another day stands, that of the day."""
        now = {at for at, era in enumerate(self._eras) if era.since <= day and (not era.until or day < era.until)}
        parties = {party for span, both in self._deals if holds(span, day) is not False for party in both}
        houses = self._turns.on(day)
        members = set(house_quads(parties | set(houses.heads), houses))
        # An entry has triples in common with what it was before, so all that is gone goes first.
        for at in self._written - now:
            for quad in self._of(at):
                store.remove(quad)
        for quad in self._members - members:
            store.remove(quad)
        store.extend(quad for at in now - self._written for quad in self._of(at))
        store.extend(members - self._members)
        self._written, self._members = now, members

    def _of(self, at: int) -> list[ox.Quad]:
        if at not in self._quads:
            self._quads[at] = list(entry_quads(self._eras[at].entry))
        return self._quads[at]
