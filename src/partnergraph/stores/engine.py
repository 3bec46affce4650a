"""What answers queries: the small interface that a graph needs, and the embedded store behind it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from partnergraph.base.errors import QueryError, StoreError
from partnergraph.rdf.terms import PREFIXES, Term
from partnergraph.stores.results import Evaluated, Results
from partnergraph.stores.sandbox.guard import syntax_problem
from partnergraph.stores.sandbox.limits import Limits

if TYPE_CHECKING:
    from partnergraph.content.folders import Content
    from partnergraph.content.queries import Query
    from partnergraph.stores.arranged import Arranged
    from partnergraph.stores.columns import Columns
    from partnergraph.stores.sandbox.workers import Reply, Workers

# So many values stand in one query; servers take no text of any length.
BATCH = 200


class Engine(Protocol):
    """Where the triples of a graph are asked."""

    @property
    def store(self) -> ox.Store:
        """The triples themselves; what lies elsewhere is copied here when somebody needs this."""

    def answer(self, sparql: str, bindings: Mapping[str, Term]) -> Results:
        """The answer to a query of this project or its ontology."""

    def kept(self, query: Query) -> Columns | None:
        """The rows of a query that are at hand already; None where it has to be asked."""

    def bounded(self, sparql: str, bindings: Mapping[str, Term], limits: Limits) -> Results:
        """The answer to a query from outside, within limits."""

    def size(self) -> int:
        """How many triples there are."""

    def lines(self) -> Iterator[bytes]:
        """All triples as lines of N-Quads, in any order."""

    def objects(self, subjects: Iterable[str], predicate: str) -> dict[str, list[Term]]:
        """What stands at the end of a property of each of the subjects that have it."""


class Embedded:
    """The Oxigraph store in this process, in memory or read from disk at ``path``."""

    def __init__(
        self,
        store: ox.Store,
        path: Path | None = None,
        arranged: Callable[[], Arranged | None] | None = None,
        columns: Callable[[Query], Columns | None] | None = None,
        lines: Callable[[], Iterator[bytes]] | None = None,
    ) -> None:
        """``arranged``, ``columns`` and ``lines`` read what is kept beside a store."""
        self._store = store
        self._read_columns = columns
        self._read_lines = lines
        self.path = path
        self._read_arranged = arranged
        self._arranged: Arranged | None = None

    def arranged(self, content: Content) -> Arranged:
        """The same triples arranged by claims, for views; read where they were kept, else made once."""
        if self._arranged is None:
            from partnergraph.stores.arranged import arrange

            kept = self._read_arranged() if self._read_arranged is not None else None
            self._arranged = arrange(self._store, content) if kept is None else kept
        return self._arranged

    def kept(self, query: Query) -> Columns | None:
        """The rows that are kept beside the store."""
        return None if self._read_columns is None else self._read_columns(query)

    @property
    def store(self) -> ox.Store:
        """The store with everything that is in it."""
        return self._store

    def _asked_for(self, words: str) -> ox.Store:
        """The store with everything that a query of those words needs."""
        del words
        return self._store

    @cached_property
    def workers(self) -> Workers:
        """The processes in which queries from outside run; none until the first such query."""
        from partnergraph.stores.sandbox.workers import Workers

        return Workers(self.store, self.path)

    def answer(self, sparql: str, bindings: Mapping[str, Term]) -> Results:
        """The answer, evaluated in this process."""
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
        substitutions = {ox.Variable(name): term for name, term in bindings.items()}

        def run() -> Evaluated:
            try:
                with self.asked():
                    return self._asked_for(sparql).query(sparql, prefixes=PREFIXES, substitutions=substitutions)
            except SyntaxError as error:
                raise syntax_problem(sparql, error) from None

        return Results(run, asked=self.asked)

    @contextlib.contextmanager
    def asked(self) -> Iterator[None]:
        """Says in one sentence what goes wrong while the store is asked: a disk may fail at any time."""
        try:
            yield
        except RecursionError:
            raise
        except (OSError, RuntimeError) as error:
            reason = str(error).partition(" The file ")[0]
            if self.path is None:
                raise QueryError(f"the query could not be answered: {reason}") from None
            raise StoreError(
                self.path.parents[1], f"the store cannot be read any more ({reason}); delete it and build it again"
            ) from None

    def bounded(self, sparql: str, bindings: Mapping[str, Term], limits: Limits) -> Results:
        """The answer, evaluated in a worker process."""
        return replied(self.workers.ask(sparql, bindings, limits))

    def lines(self) -> Iterator[bytes]:
        """Those that are kept beside the store, or written by it."""
        if self._read_lines is not None:
            return self._read_lines()
        with self.asked():
            return iter((self.store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))

    def size(self) -> int:
        """Counted by the store."""
        with self.asked():
            return len(self.store)

    def objects(self, subjects: Iterable[str], predicate: str) -> dict[str, list[Term]]:
        """Looked up one by one, which the store answers from its index."""
        found: dict[str, list[Term]] = {}
        property_ = ox.NamedNode(predicate)
        store = self._asked_for(predicate)
        with self.asked():
            for node in nodes(subjects):
                for quad in store.quads_for_pattern(node, property_, None):
                    if not isinstance(quad.object, ox.Triple):
                        found.setdefault(node.value, []).append(quad.object)
        return found


@dataclass(frozen=True)
class Layer:
    """Something that is added to a store when somebody asks for what ``speaks`` of it."""

    add: Callable[[], object]
    speaks: Callable[[str], bool]


class Layered(Embedded):
    """A store in memory of which some layers are made only when they are asked for."""

    def __init__(self, store: ox.Store, *layers: Layer) -> None:
        super().__init__(store)
        self._layers = list(layers)
        self._making = threading.Lock()

    @property
    def store(self) -> ox.Store:
        """The store with all layers."""
        return self._with(lambda _: True)

    def _asked_for(self, words: str) -> ox.Store:
        return self._with(lambda layer: layer.speaks(words))

    def _with(self, wanted: Callable[[Layer], bool]) -> ox.Store:
        if self._layers:
            with self._making:
                for layer in [one for one in self._layers if wanted(one)]:
                    layer.add()
                    self._layers.remove(layer)
        return self._store


def nodes(iris: Iterable[str]) -> Iterator[ox.NamedNode]:
    """Those of the texts that are IRIs; people type names that are none, and nothing is said about those."""
    for iri in iris:
        with contextlib.suppress(ValueError):
            yield ox.NamedNode(iri)


def replied(reply: Reply) -> Results:
    """The answer that a worker sent."""

    def run() -> Evaluated:
        if reply.form == "triples":
            return (quad.triple for quad in ox.parse(reply.data, format=ox.RdfFormat.N_TRIPLES))
        form = ox.QueryResultsFormat.JSON if reply.form == "boolean" else ox.QueryResultsFormat.TSV
        return ox.parse_query_results(reply.data, format=form)

    return Results(run, reply.data if reply.form == "rows" else None)
