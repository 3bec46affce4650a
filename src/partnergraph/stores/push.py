"""The graph put on a server, over the SPARQL 1.1 Graph Store Protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import pyoxigraph as ox

from partnergraph.base.progress import doing
from partnergraph.stores.http import Server

# Servers refuse or choke on very large requests; blank nodes keep their identity only within one.
PIECE = 8 * 2**20
_BLANK = re.compile(r"_:([A-Za-z0-9]+)")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def push(store: ox.Store, url: str, graph: str | None = None, server: Server | None = None, piece: int = PIECE) -> int:
    """Replaces a graph of a server, the default one or the one named, with the triples of the store; returns how many pieces it took.

    The first piece replaces what is there, the others add to it. Raises StoreError where the server does not take one.
    """
    server = server or Server()
    target = url + ("&" if "?" in url else "?") + (urlencode({"graph": graph}) if graph else "default")
    data = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
    count = 0
    for count, part in enumerate(pieces(data.decode().splitlines(keepends=True), piece), 1):
        with doing(f"sending piece {count}"):
            server.request("PUT" if count == 1 else "POST", target, part.encode(), Content_Type="application/n-triples")
    return count


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
