"""The network as one document: GraphML, GEXF, Cytoscape JSON, node-link JSON."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.sax.saxutils import unescape

if TYPE_CHECKING:
    import networkx as nx


# Greater whole numbers find no room in the 64 bits that readers of XML have for one.
MOST_WHOLE = 2**63


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


def with_one_kind_of_number(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The network with numbers of one kind for each attribute of edges: whole only where all are, and no computer's word is too short."""
    mixed = {
        name
        for _, _, data in network.edges(data=True)
        for name, value in data.items()
        if isinstance(value, float) or (isinstance(value, int) and abs(value) >= MOST_WHOLE)
    }
    for _, _, data in network.edges(data=True):
        data.update({name: float(data[name]) for name in mixed & data.keys()})
    return network


def _undirected(document: bytes, attribute: str, value: str, edges: set[str]) -> bytes:
    """The XML whose edges of these ids have an attribute more, which networkx does not write."""

    def marked(match: re.Match[bytes]) -> bytes:
        return match[0] + f' {attribute}="{value}"'.encode() if unescape(match[1].decode(), {"&quot;": '"'}) in edges else match[0]

    return re.sub(rb'<edge [^>]*?\bid="([^"]*)"', marked, document)


def write_graphml(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """GraphML as networkx writes it."""
    import networkx as nx

    out = io.BytesIO()
    # The writer in pure Python: the other one is used only where lxml happens to be installed and writes other bytes.
    named = with_unique_ids(network)
    nx.write_graphml_xml(with_one_kind_of_number(named), out)
    two_way = {key for _, _, key, data in named.edges(keys=True, data=True) if data.get("mutual")}
    return {"": _undirected(out.getvalue(), "directed", "false", two_way).rstrip() + b"\n"}


def write_gexf(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """GEXF as networkx writes it, without the day on which it was written."""
    import networkx as nx

    named = nx.MultiDiGraph(**network.graph)
    source = with_one_kind_of_number(with_unique_ids(network))
    named.add_nodes_from(source.nodes(data=True))
    for start, finish, key, data in source.edges(keys=True, data=True):
        named.add_edge(start, finish, key, id=key, type="undirected" if data.get("mutual") else "directed", **data)
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
