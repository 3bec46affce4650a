"""The embedded store: content read into an in-memory Oxigraph, with what the rules derive from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from partnergraph.base.errors import ContentError
from partnergraph.base.progress import doing
from partnergraph.content.folders import Content
from partnergraph.content.queries import Query, read_query
from partnergraph.ledger.triples import add_ledger
from partnergraph.rdf.terms import RDF_TYPE, compact
from partnergraph.rdf.turtle import check_depth, read_triples, restated, speaks_of_triples
from partnergraph.stores.sandbox.foreign import Allowance
from partnergraph.stores.topics import add_topics

DEFAULT = ox.DefaultGraph()
# More than this in one folder is a mistake or an attack: the largest graphs that were tried have a tenth of it.
MAX_FILES = 50_000
MAX_BYTES = 16 * 2**30


def load_store(content: Content) -> ox.Store:
    """A store with ontology, data, everything the rules derive, topics and the ledger, all in the default graph.

    Raises ContentError with file and line at the first file that is not valid Turtle.
    """
    store = ox.Store()
    load_files(store, content)
    derive(store, content)
    add_topics(store, content)
    add_ledger(store, content)
    return store


def load_files(store: ox.Store, content: Content, *, bulk: bool = False) -> None:
    """Loads the Turtle files of the content; ``bulk`` is faster for many triples on disk and holds nothing of them back."""
    load = store.bulk_load if bulk else store.load
    for path, data in read_files(content):
        check_depth(path, data)
        if speaks_of_triples(data):
            # Oxigraph would take a triple about a triple, which nothing here understands.
            read_triples(path, data)
        try:
            with doing(f"reading {path.name}"):
                load(data, format=ox.RdfFormat.TURTLE)
        except (SyntaxError, MemoryError):
            # Read again for the error with file and line; parsing to Python objects every time would cost three times as much.
            read_triples(path, data)
            raise


def check_new(store: ox.Store, path: Path, data: bytes) -> None:
    """Raises ContentError where the Turtle says twice, or of what the store has already, what it is: two things would become one."""
    triples, _ = read_triples(path, data)
    kind = ox.NamedNode(RDF_TYPE)
    for name in sorted(restated(triples)):
        raise ContentError(path, f"{compact(name)} stands in it twice; give one of the two a name of its own")
    for triple in triples:
        if triple.predicate == kind and next(store.quads_for_pattern(triple.subject, kind, None), None) is not None:
            name = compact(triple.subject.value) if isinstance(triple.subject, ox.NamedNode) else "a blank node"
            raise ContentError(path, f"{name} is in the graph already; leave out 'a …' to add to it, or name it otherwise")


def read_files(content: Content) -> Iterator[tuple[Path, bytes]]:
    """Each Turtle file of the content and its bytes, without a byte-order mark; raises ContentError where it is all too much."""
    paths = [*content.vocabulary_files(), *content.data_files()]
    if len(paths) > MAX_FILES:
        raise ContentError(content.data, f"holds {len(paths):,} files; the limit is {MAX_FILES:,}, so put several into one")
    size = 0
    for path in paths:
        data = content.read(path).removeprefix(b"\xef\xbb\xbf")
        # Counted as they are read: what a system says of the size of a file need not be true.
        size += len(data)
        if size > MAX_BYTES:
            raise ContentError(content.data, f"holds more than {MAX_BYTES // 2**30} GiB of Turtle; divide it into several graphs")
        yield path, data


def read_rules(content: Content) -> list[Query]:
    """The rules of the ontology, in the order that their headers state."""
    return sorted((read_query(path, content.read(path)) for path in content.queries("rules")), key=order)


def order(rule: Query) -> int:
    """At which place the rule's header says that it comes."""
    try:
        return int(rule.header["order"])
    except (KeyError, ValueError):
        raise ContentError(rule.path, "has no line '#+ order: NUMBER', which says when the rule comes", 1) from None


def derive(store: ox.Store, content: Content, since: int = 0) -> None:
    """Adds what the rules derive, in the order that their headers state; ``since`` skips the earlier ones.

    The rules of content that is not trusted run in processes of their own, all together within limits.
    """
    allowance = Allowance()
    for rule in read_rules(content):
        if order(rule) >= since:
            with doing(rule.title):
                # As bytes, because an object of Python's for each triple would cost several times the rule itself.
                # Blank nodes would come back under other names: rules derive nothing about them.
                triples = construct(store, rule) if content.trusts(rule.path) else construct_foreign(allowance, store, rule)
                store.load(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)


def construct(store: ox.Store, rule: Query) -> bytes:
    """What one rule derives, as N-Triples."""
    derived = store.query(rule.text)
    if not isinstance(derived, ox.QueryTriples):
        raise ContentError(rule.path, "a rule must be a CONSTRUCT")
    return derived.serialize(format=ox.RdfFormat.N_TRIPLES) or b""


def construct_foreign(allowance: Allowance, store: ox.Store, rule: Query, path: Path | None = None) -> bytes:
    """What one rule of a folder derives, as N-Triples, evaluated elsewhere; ``path`` is where the store lies on disk."""
    reply = allowance.evaluate(rule, store, path)
    if reply.form != "triples":
        raise ContentError(rule.path, "a rule must be a CONSTRUCT")
    return reply.data


def add_triples(store: ox.Store, triples: Iterable[ox.Triple]) -> None:
    """Adds triples to the default graph."""
    store.extend(ox.Quad(t.subject, t.predicate, t.object, DEFAULT) for t in triples)
