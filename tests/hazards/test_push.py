"""push is all or nothing: whatever happens to whichever of its requests, the server has the old graph or the new one, and that is said."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hostile import Proxy

from partnergraph.base.errors import StoreError
from partnergraph.stores.endpoint import Endpoint
from partnergraph.stores.http import Server
from partnergraph.stores.push import find_addresses, push

GRAPH = "http://x/g"
OLD = "".join(f"<x:old{n}> <x:p> <x:o> .\n" for n in range(7))
# Blank nodes, and a text with what Unicode but not N-Triples takes for the end of a line.
NEW = "".join(f'<x:new{n}> <x:p> "a\u2028b\x85{n}" .\n_:b{n} <x:q> <x:new{n}> .\n_:b{n} <x:r> {n} .\n' for n in range(20))
# What a push of NEW in five pieces asks: a count, the pieces, two counts, the copy, a count, the clearing up.
REQUESTS = 11
COPY = 8


def store_of(turtle: str) -> ox.Store:
    store = ox.Store()
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture
def proxy(oxigraph: int) -> Iterator[Proxy]:
    """A way to the server that can be disturbed; behind it the old graph stands alone, by default and by name."""
    ask(oxigraph, "DROP ALL")
    for graph in (None, GRAPH):
        push(store_of(OLD), f"http://127.0.0.1:{oxigraph}/store", graph)
    made = Proxy(oxigraph)
    yield made
    made.close()


def ask(port: int, update: str) -> None:
    Server().request("POST", f"http://127.0.0.1:{port}/update", update.encode(), Content_Type="application/sparql-update")


def held(port: int, graph: str | None) -> str:
    """Which graph the server holds, by every triple of it."""
    there = {str(quad.triple) for quad in Endpoint(f"http://127.0.0.1:{port}/query", graph).store if "_:" not in str(quad)}
    size = Endpoint(f"http://127.0.0.1:{port}/query", graph).size()
    for name, turtle in (("old", OLD), ("new", NEW)):
        store = store_of(turtle)
        if size == len(store) and there == {str(quad.triple) for quad in store if "_:" not in str(quad)}:
            return name
    return f"neither: {size} triples"


def passing(port: int) -> list[str]:
    """The graphs of unfinished pushes on the server."""
    rows = Endpoint(f"http://127.0.0.1:{port}/query").answer("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", {})
    return [str(row[0].value) for row in rows if row[0] is not None and "partnergraph:loading" in str(row[0].value)]


def pushed(proxy: Proxy, graph: str | None, server: Server | None = None) -> str:
    """What a push through the proxy says: nothing where it has succeeded."""
    server = server or Server(timeout=0.7, retries=2, backoff=0.01)
    try:
        push(store_of(NEW), f"http://127.0.0.1:{proxy.port}/store", graph, server, piece=600)
    except StoreError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("graph", [None, GRAPH], ids=["default", "named"])
def test_undisturbed(graph: str | None, proxy: Proxy) -> None:
    assert pushed(proxy, graph) == ""
    assert proxy.seen == REQUESTS - bool(graph)
    assert held(proxy.behind, graph) == "new"
    # The other graph is none of its business.
    assert held(proxy.behind, None if graph else GRAPH) == "old"
    assert passing(proxy.behind) == []


@pytest.mark.parametrize("fault", ["refuse", "cut request", "lose answer", "cut answer", "late"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("number", range(REQUESTS))
def test_whatever_happens_to_a_request(number: int, *, lasting: bool, fault: str, proxy: Proxy) -> None:
    proxy.plan(number, fault, lasting=lasting)
    said = pushed(proxy, None, Server(timeout=0.7, total=1.0, retries=2, backoff=0.01))
    assert proxy.seen > number
    proxy.plan(10**6, fault)
    # What was on its way may still arrive.
    time.sleep(0.3 if fault == "late" else 0)
    now = held(proxy.behind, None)
    assert now in {"old", "new"}
    if not said or "is the new one" in said:
        assert now == "new"
    elif "is not known: it has the old one or the new one" in said:
        assert number >= COPY
    else:
        assert "the graph on the server is the old one" in said or "nothing was sent" in said
        assert now == "old"
    if "as <urn:partnergraph:loading:" in said and now == "old":
        # The way out that the message names is one.
        ask(proxy.behind, said.partition(": '")[2].partition("'")[0])
        assert held(proxy.behind, None) == "new"
    # Once the server is well again, the same push succeeds.
    assert pushed(proxy, None, Server()) == ""
    assert held(proxy.behind, None) == "new"


@pytest.mark.parametrize("number", range(REQUESTS))
def test_killed_at_any_request(number: int, proxy: Proxy) -> None:
    pid = os.fork()
    if pid == 0:
        # The copy has no thread that serves the proxy; that is the other process's.
        pushed(proxy, None)
        os._exit(0)
    proxy.plan(number, "call", call=lambda: os.kill(pid, signal.SIGKILL))
    os.waitpid(pid, 0)
    time.sleep(0.2)
    assert held(proxy.behind, None) == ("old" if number < COPY else "new")


def test_a_server_that_takes_less_than_was_sent(proxy: Proxy) -> None:
    # The third request brings the second piece: the server never sees it, and it is answered as if it had.
    proxy.plan(2, "pretend")
    said = pushed(proxy, None)
    assert "triples; the graph on the server is the old one" in said
    assert "the server took " in said
    assert held(proxy.behind, None) == "old"
    assert passing(proxy.behind) == []


def test_a_server_that_refuses_updates(proxy: Proxy) -> None:
    proxy.plan(COPY, "403", lasting=True)
    said = pushed(proxy, None)
    assert "the server answered 403 Forbidden" in said
    assert "whether the server has replaced" in said or "is the old one" in said
    assert held(proxy.behind, None) == "old"


def test_an_empty_graph_replaces_nothing(proxy: Proxy) -> None:
    with pytest.raises(StoreError, match=r"there are no triples to put there; nothing was sent$"):
        push(ox.Store(), f"http://127.0.0.1:{proxy.port}/store")
    assert proxy.seen == 0


@pytest.mark.parametrize(
    ("url", "queries", "updates"),
    [
        ("http://h:7878/store", "http://h:7878/query", "http://h:7878/update"),
        ("http://h/sparql-graph-crud?x=1", "http://h/sparql", "http://h/sparql"),
        ("http://h/repositories/n/rdf-graphs/service", "http://h/repositories/n", "http://h/repositories/n/statements"),
        ("http://h/sparql/gsp/", "http://h/sparql", "http://h/sparql"),
        ("http://h/ds/data", "http://h/ds/query", "http://h/ds/update"),
    ],
)
def test_where_usual_servers_take_queries_and_updates(url: str, queries: str, updates: str) -> None:
    found = find_addresses(url)
    assert (found.graphs, found.queries, found.updates) == (url, queries, updates)


def test_a_server_that_is_not_known_is_sent_nothing() -> None:
    with pytest.raises(StoreError, match=r"give both with --queries URL and --updates URL\. Nothing was sent$"):
        find_addresses("http://h/graphs")
    assert find_addresses("http://h/graphs", "http://h/q", "http://h/u").updates == "http://h/u"
