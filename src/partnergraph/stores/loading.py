"""The embedded store: content read into an in-memory Oxigraph, with what the rules derive from it."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from partnergraph.base.errors import ContentError
from partnergraph.base.progress import doing
from partnergraph.content.folders import Content
from partnergraph.content.queries import Query, read_query
from partnergraph.ledger.triples import add_ledger
from partnergraph.rdf.turtle import check_depth, read_triples

DEFAULT = ox.DefaultGraph()


def load_store(content: Content) -> ox.Store:
    """A store with ontology, data, everything the rules derive and the ledger, all in the default graph.

    Raises ContentError with file and line at the first file that is not valid Turtle.
    """
    store = ox.Store()
    load_files(store, content)
    derive(store, content)
    add_ledger(store, content)
    return store


def load_files(store: ox.Store, content: Content, *, bulk: bool = False) -> None:
    """Loads the Turtle files of the content; ``bulk`` is faster for many triples on disk and holds nothing of them back."""
    load = store.bulk_load if bulk else store.load
    for path in [*content.vocabulary_files(), *content.data_files()]:
        data = content.read(path).removeprefix(b"\xef\xbb\xbf")
        check_depth(path, data)
        if b"<<" in data:
            # Perhaps a triple about a triple, which Oxigraph would take and nothing here understands.
            read_triples(path, data)
        try:
            with doing(f"reading {path.name}"):
                load(data, format=ox.RdfFormat.TURTLE)
        except (SyntaxError, MemoryError):
            # Read again for the error with file and line; parsing to Python objects every time would cost three times as much.
            read_triples(path, data)
            raise


def read_rules(content: Content) -> list[Query]:
    """The rules of the ontology, in the order that their headers state."""
    return sorted(
        (read_query(path, content.read(path)) for path in content.queries("rules")), key=lambda rule: int(rule.header["order"])
    )


def derive(store: ox.Store, content: Content, since: int = 0) -> None:
    """Adds what the rules derive, in the order that their headers state; ``since`` skips the earlier ones."""
    for rule in read_rules(content):
        if int(rule.header["order"]) >= since:
            with doing(rule.title):
                derived = store.query(rule.text)
                if not isinstance(derived, ox.QueryTriples):
                    raise ContentError(rule.path, "a rule must be a CONSTRUCT")
                # As bytes, because an object of Python's for each triple would cost several times the rule itself.
                # Blank nodes would come back under other names: rules derive nothing about them.
                triples = derived.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
                store.load(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)


def add_triples(store: ox.Store, triples: Iterable[ox.Triple]) -> None:
    """Adds triples to the default graph."""
    store.extend(ox.Quad(t.subject, t.predicate, t.object, DEFAULT) for t in triples)
