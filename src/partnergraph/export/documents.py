"""The network as one document: GraphML, GEXF, Cytoscape JSON, node-link JSON."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def with_unique_ids(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A copy whose edges have names of their own: a claim with several edges would be one edge to most tools.

    The key of an edge becomes its claim, with a number after ``#`` where the claim has several edges; control
    characters, which XML cannot hold, become U+FFFD.
    """
    import networkx as nx

    several = Counter(key for _, _, key in network.edges(keys=True))
    seen: Counter[str] = Counter()
    taken = set(several)
    named = nx.MultiDiGraph(**network.graph)
    named.add_nodes_from((node, _printable(data)) for node, data in network.nodes(data=True))
    for start, finish, key, data in network.edges(keys=True, data=True):
        name = key
        while several[key] > 1 and name in taken:
            # A claim may itself be called as another one with a number.
            seen[key] += 1
            name = f"{key}#{seen[key]}"
        taken.add(name)
        named.add_edge(start, finish, name, **_printable(data))
    return named


def _printable(data: dict[str, object]) -> dict[str, object]:
    def plain(value: object) -> object:
        if not isinstance(value, str):
            return value
        return "".join(
            "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\t\n" else letter
            for letter in value
        )

    return {name: plain(value) for name, value in data.items()}


def write_graphml(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """GraphML as networkx writes it."""
    import networkx as nx

    out = io.BytesIO()
    # The writer in pure Python: the other one is used only where lxml happens to be installed and writes other bytes.
    nx.write_graphml_xml(with_unique_ids(network), out)
    return {"": out.getvalue().rstrip() + b"\n"}


def write_gexf(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """GEXF as networkx writes it, without the day on which it was written."""
    import networkx as nx

    named = nx.MultiDiGraph(**network.graph)
    source = with_unique_ids(network)
    named.add_nodes_from(source.nodes(data=True))
    for start, finish, key, data in source.edges(keys=True, data=True):
        named.add_edge(start, finish, key, id=key, **data)
    out = io.BytesIO()
    nx.write_gexf(named, out)
    return {"": re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue(), count=1).rstrip() + b"\n"}


def write_cytoscape(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """Cytoscape JSON: elements with their data, edges with an id of their own."""
    import networkx as nx

    document = nx.cytoscape_data(with_unique_ids(network), name="label")
    for edge in document["elements"]["edges"]:
        edge["data"]["id"] = edge["data"]["key"]
    return {"": _json(document)}


def write_nodelink(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """Node-link JSON: ``nodes`` and ``edges``, as networkx reads it back."""
    import networkx as nx

    return {"": _json(nx.node_link_data(network, edges="edges"))}


def _json(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


WRITERS: dict[str, Callable[[nx.MultiDiGraph], dict[str, bytes]]] = {
    "graphml": write_graphml,
    "gexf": write_gexf,
    "cytoscape": write_cytoscape,
    "nodelink": write_nodelink,
}
