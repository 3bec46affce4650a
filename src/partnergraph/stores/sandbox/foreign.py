"""Queries that came with a folder of somebody else's: rules, checks, questions and projections, each held to limits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from partnergraph.base.errors import ContentError, QueryError, QueryTimeout
from partnergraph.content.folders import Content
from partnergraph.content.queries import Query
from partnergraph.stores.sandbox.guard import check_query
from partnergraph.stores.sandbox.limits import FOREIGN, FOREIGN_COMMAND, Limits, at_most

if TYPE_CHECKING:
    import pyoxigraph as ox

    from partnergraph.rdf.terms import Term
    from partnergraph.stores.engine import Engine
    from partnergraph.stores.results import Results
    from partnergraph.stores.sandbox.workers import Reply

TRUST = "it came with the folder, whose own queries run within limits and without network unless you say --trust"


def within_reason(content: Content) -> AbstractContextManager[None]:
    """Ends a command that asks a folder of somebody else's when it has taken far too long; nothing where the content is trusted."""
    if content.trusted_whole:
        return nullcontext()
    problem = f"its queries, and what is made of them, did not end within {FOREIGN_COMMAND:g} seconds"
    return at_most(FOREIGN_COMMAND, ContentError(content.ontology, f"{problem}; {TRUST}"))


class Allowance:
    """What all the rules of a folder, or all its checks, may take together."""

    def __init__(self, limits: Limits = FOREIGN) -> None:
        self.limits = limits
        self._until = time.monotonic() + limits.seconds
        self._bytes = limits.bytes

    def left(self) -> Limits:
        """What is left of it."""
        return replace(self.limits, seconds=max(self._until - time.monotonic(), 0.01), bytes=self._bytes)

    def evaluate(self, query: Query, store: ox.Store, path: Path | None = None) -> Reply:
        """What a query of the folder answers on the store as it is now; raises ContentError with its file where it may not."""
        from partnergraph.stores.sandbox.workers import Workers

        workers = Workers(store, path)
        try:
            reply = workers.ask(check_query(query.text), {}, self.left())
        except QueryError as error:
            raise blamed(query, error, self.limits) from None
        finally:
            workers.close()
        self._bytes -= len(reply.data)
        return reply


def answer_foreign(engine: Engine, query: Query, text: str, bindings: Mapping[str, Term]) -> Results:
    """The answer to a query of a folder, of which ``text`` is what is asked; raises ContentError with its file where it may not."""
    try:
        return engine.bounded(check_query(text), bindings, FOREIGN)
    except QueryError as error:
        raise blamed(query, error, FOREIGN) from None


def blamed(query: Query, error: QueryError, limits: Limits) -> ContentError:
    """The error with the file whose query it is, and what the user can do."""
    problem = f"did not end within {limits.seconds:g} seconds" if isinstance(error, QueryTimeout) else str(error).splitlines()[0]
    return ContentError(query.path, f"{problem}; {TRUST}")
