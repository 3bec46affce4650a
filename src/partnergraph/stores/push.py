"""The graph put on a server, all or nothing: loaded into a graph of its own, counted, and only then put in the place of the old one."""

from __future__ import annotations

import contextlib
import io
import json
import re
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import pyoxigraph as ox

from partnergraph.base.errors import StoreError
from partnergraph.base.progress import doing
from partnergraph.stores.http import MAX_WAIT, Server

# Servers refuse or choke on very large requests; blank nodes keep their identity only within one.
PIECE = 8 * 2**20
_BLANK = re.compile(r"_:([A-Za-z0-9]+)")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
LOADING = "urn:partnergraph:loading:"
# Where servers have their queries and updates, by how the address of their graphs ends.
KNOWN = (
    ("/sparql-graph-crud-auth", "/sparql-auth", "/sparql-auth"),  # Virtuoso
    ("/sparql-graph-crud", "/sparql", "/sparql"),
    ("/sparql/gsp", "/sparql", "/sparql"),  # Neptune
    ("/rdf-graphs/service", "", "/statements"),  # GraphDB, RDF4J
    ("/store", "/query", "/update"),  # Oxigraph
    ("/data", "/query", "/update"),  # Fuseki
)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Addresses:
    """Where one server takes graphs, queries and updates."""

    graphs: str
    queries: str
    updates: str


def find_addresses(url: str, queries: str | None = None, updates: str | None = None) -> Addresses:
    """The addresses that belong to that of the graphs; those that are given hold.

    Raises StoreError where they are neither given nor known: without updates no server replaces a graph in one step.
    """
    base = url.partition("?")[0].rstrip("/")
    for end, query, update in KNOWN:
        if base.endswith(end):
            stem = base.removesuffix(end)
            return Addresses(url, queries or stem + query, updates or stem + update)
    if queries and updates:
        return Addresses(url, queries, updates)
    problem = "where this server takes queries and updates is not known, and only by an update is a graph replaced in one step"
    raise StoreError(url, f"{problem}; give both with --queries URL and --updates URL. Nothing was sent")


def push(  # noqa: PLR0913  # where three things are, and what goes there
    store: ox.Store,
    url: str,
    graph: str | None = None,
    server: Server | None = None,
    piece: int = PIECE,
    *,
    queries: str | None = None,
    updates: str | None = None,
) -> int:
    """Replaces a graph of a server, the default one or the one named, with the triples of the store; returns how many pieces it took.

    Raises StoreError, which says what the server holds now: as long as it has not confirmed the new graph, that is the old one.
    """
    return _Push(store, find_addresses(url, queries, updates), graph, server or Server(), piece).run()


class _Push:
    def __init__(self, store: ox.Store, at: Addresses, graph: str | None, server: Server, piece: int) -> None:
        self.store = store
        self.at = at
        self.server = server
        self.piece = piece
        self.target = f"GRAPH <{ox.NamedNode(graph).value}>" if graph else "DEFAULT"
        self.pattern = f"{self.target} {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        self.passing = f"{LOADING}{uuid.uuid4().hex}"
        self.triples = len(store)

    def run(self) -> int:
        if not self.triples:
            raise StoreError(self.at.graphs, "there are no triples to put there; nothing was sent")
        try:
            before = self.count(self.pattern)
        except StoreError as error:
            raise self.failed(error, "nothing was sent") from None
        try:
            count = self.load()
            self.check_loaded(before)
        except StoreError as error:
            raise self.failed(error, f"the graph on the server is the old one{self.clear()}") from None
        except BaseException:
            self.clear()
            raise
        self.put_in_place(before)
        left = self.clear()
        if left:
            raise StoreError(self.at.graphs, f"the graph on the server is the new one, whole and counted{left}")
        return count

    def failed(self, error: StoreError, state: str) -> StoreError:
        return StoreError(self.at.graphs, f"{error.problem}; {state}")

    def load(self) -> int:
        """Sends all triples to a graph that nobody asks; whatever goes wrong there is nobody's loss."""
        target = self.at.graphs + ("&" if "?" in self.at.graphs else "?") + urlencode({"graph": self.passing})
        data = self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
        count = 0
        # Lines end where N-Triples has them end, not at whatever else Unicode takes for the end of a line.
        lines = (line.decode() for line in io.BytesIO(data))
        for count, part in enumerate(pieces(lines, self.piece), 1):
            with doing(f"sending piece {count}"):
                # A piece that was added twice would have its blank nodes twice, so none is sent again.
                self.server.request(
                    "PUT" if count == 1 else "POST", target, part.encode(), again=False, Content_Type="application/n-triples"
                )
        return count

    def check_loaded(self, before: int) -> None:
        loaded = self.count(f"GRAPH <{self.passing}> {{ ?s ?p ?o }}")
        if loaded != self.triples:
            raise StoreError(self.at.graphs, f"the server took {loaded:,} of {self.triples:,} triples")
        if self.target == "DEFAULT" and before != (after := self.count(self.pattern)) and after >= self.triples:
            problem = "the default graph of this server is all its graphs together, which none can replace"
            raise StoreError(self.at.graphs, f"{problem}; name a graph with --into IRI")

    def put_in_place(self, before: int) -> None:
        """Copies the loaded graph over the old one, and makes sure that it is there."""
        update = f"COPY GRAPH <{self.passing}> TO {self.target}"
        problem = ""
        try:
            with doing("putting the new graph in the place of the old one"):
                # Sent once: a copy that arrived late, after its source was dropped, would leave nothing.
                self.update(update, again=False, patience=self.server.total)
        except StoreError as error:
            problem = error.problem
        now = self.after(before, wait=bool(problem))
        if now == self.triples and (not problem or now != before):
            return
        if now is None or now == self.triples:
            state = "whether the server has replaced the graph is not known: it has the old one or the new one"
        elif now == before:
            state = "the graph on the server is the old one"
        else:
            state = f"the graph on the server has {now:,} triples, neither the {before:,} of the old one nor the {self.triples:,} of the new one"
        rest = f"the new one, whole and counted, is there as <{self.passing}>: '{update}' puts it in place, pushing again does, too"
        raise StoreError(self.at.graphs, f"{problem or 'the copy is not what was copied'}; {state}; {rest}")

    def after(self, before: int, *, wait: bool) -> int | None:
        """How many triples the graph has after the copy; with ``wait`` looked at several times, since it may still be under way."""
        now = None
        for attempt in range(self.server.retries + 1 if wait else 1):
            with contextlib.suppress(StoreError):
                now = self.count(self.pattern)
                if now != before:
                    break
            if wait:
                time.sleep(min(self.server.backoff * 2**attempt, MAX_WAIT))
        return now

    def clear(self) -> str:
        """Removes the graph that was only passing; what to say where that could not be done."""
        try:
            self.update(f"DROP SILENT GRAPH <{self.passing}>")
        except StoreError:
            return f"; beside it the server may still hold <{self.passing}>, which can be dropped"
        return ""

    def update(self, text: str, *, again: bool = True, patience: float | None = None) -> None:
        # A server says nothing while it copies a large graph.
        server = replace(self.server, timeout=patience or self.server.timeout)
        server.request("POST", self.at.updates, urlencode({"update": text}).encode(), again=again, Content_Type=FORM)

    def count(self, pattern: str) -> int:
        """How many triples the server has in a graph."""
        body = urlencode({"query": f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"}).encode()
        data, _ = self.server.request("POST", self.at.queries, body, Content_Type=FORM, Accept="application/sparql-results+json")
        try:
            return int(json.loads(data)["results"]["bindings"][0]["n"]["value"])
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            raise StoreError(self.at.queries, "did not say how many triples it has") from None


def pieces(lines: Iterable[str], size: int) -> Iterator[str]:
    """N-Triples in pieces of about so many characters, everything about blank nodes that hang together in one."""
    plain: list[str] = []
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    tied: list[tuple[str, str]] = []
    for line in lines:
        names = _BLANK.findall(_TEXT.sub("", line)) if "_:" in line else []
        for other in names[1:]:
            parent[root(other)] = root(names[0])
        if names:
            tied.append((names[0], line))
        else:
            plain.append(line)
    groups: dict[str, list[str]] = {}
    for name, line in tied:
        groups.setdefault(root(name), []).append(line)
    part: list[str] = []
    length = 0
    for block in (*([line] for line in plain), *groups.values()):
        part += block
        length += sum(map(len, block))
        if length >= size:
            yield "".join(part)
            part, length = [], 0
    if part:
        yield "".join(part)
