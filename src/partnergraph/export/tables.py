"""The network as a pair of tables: entities and edges, as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from partnergraph.base import spreadsheets
from partnergraph.core.attributes import NUMBERS

if TYPE_CHECKING:
    import networkx as nx

NODES = ("id", "label", "kind")
EDGES = (
    "source",
    "target",
    "claim",
    "kind",
    "family",
    "caption",
    "label",
    "directed",
    "date",
    "begins",
    "ends",
    "startsEarliest",
    "startsLatest",
    "endsEarliest",
    "endsLatest",
    "attestation",
    "attested",
    "stage",
    "contested",
    *NUMBERS[:2],
    "currency",
    *NUMBERS[2:],
    "money",
    "reliance",
    "relies",
    "sources",
)
Row = dict[str, object]


def node_rows(network: nx.MultiDiGraph) -> list[Row]:
    """The entities, each a dict of NODES."""
    return [{"id": node, **data} for node, data in network.nodes(data=True)]


def edge_rows(network: nx.MultiDiGraph) -> list[Row]:
    """The edges, each a dict of EDGES."""
    return [{"source": start, "target": finish, **data} for start, finish, data in network.edges(data=True)]


def write_csv(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """Two CSV tables; a quote goes before a cell that a spreadsheet would take for a formula."""
    return {"-nodes": _csv(NODES, node_rows(network)), "-edges": _csv(EDGES, edge_rows(network))}


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    return spreadsheets.write_csv(columns, ([row.get(name) for name in columns] for row in rows))


WRITERS: dict[str, Callable[[nx.MultiDiGraph], dict[str, bytes]]] = {"csv": write_csv}
