"""What pages say of releases: what was changed in each, and which one has an identifier as it is now; read once for each content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from partnergraph.base.errors import PartnerGraphError
from partnergraph.history.changes import Change, find_changes
from partnergraph.history.citing import in_words
from partnergraph.history.records import Records, read_records
from partnergraph.history.states import State, data_triples, kept_versions, make_state, read_kept
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    from partnergraph.api import Graph


@dataclass(frozen=True)
class Release:
    """What was changed in a release of the content since the one before it."""

    version: str
    day: str
    since: str
    changes: list[Change]


class Published:
    """What was published of a content, and how it stands now."""

    def __init__(self, graph: Graph) -> None:
        self._content = graph.content
        try:
            # Where the graph is another than that of the content, nobody knows of which release it is.
            self._kept = kept_versions(graph.content) if graph.version == graph.content.version else []
        except PartnerGraphError:
            self._kept = []
        self._states: dict[str, State] = {}

    @cached_property
    def _now(self) -> tuple[Mapping[str, tuple[str, ...]], Records]:
        triples = data_triples(self._content)
        return make_state(triples).says, read_records(triples)

    def _state(self, version: str) -> State:
        if version not in self._states:
            self._states[version] = read_kept(self._content, version)
        return self._states[version]

    def standing(self, iri: str = "") -> str:
        """Which release has the identifier, or all of the content, as it is now, in words; nothing where no release is kept."""
        if not self._kept:
            return ""
        says, records = self._now
        last = self._kept[-1]
        then = self._state(last).says
        if not iri:
            return in_words(last, records, same=then == says, had=True)
        name = compact(iri)
        return in_words(last, records, same=then.get(name) == says.get(name), had=name in then)

    @cached_property
    def releases(self) -> list[Release]:
        """What was changed in each release, of claims and of identifiers that are no more; the newest first."""
        if len(self._kept) < 2:
            return []
        records = self._now[1]
        found = [
            Release(second, records.releases.get(second, ""), first, self._between(first, second))
            for first, second in pairwise(self._kept)
        ]
        return found[::-1]

    def _between(self, first: str, second: str) -> list[Change]:
        changes = find_changes(self._state(first), self._state(second), self._now[1])
        return [one for one in changes if one.name.startswith(("claim:", "dispute:")) or one.op in {"DEL", "REDIRECT"}]


_PUBLISHED: WeakKeyDictionary[object, Published] = WeakKeyDictionary()


def published(graph: Graph) -> Published:
    """What was published of the content of a graph; views of it share that."""
    if graph.whole not in _PUBLISHED:
        _PUBLISHED[graph.whole] = Published(graph.whole)
    return _PUBLISHED[graph.whole]
