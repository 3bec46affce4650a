"""The network as a pair of tables: entities and edges, as CSV or Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from partnergraph.analysis.tables import defused
from partnergraph.errors import OutputError
from partnergraph.network import NUMBERS

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

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
BOOLEANS = ("directed", "contested")
INTEGERS = ("attested", "money", "reliance")
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
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([defused(row.get(name)) for name in columns] for row in rows)
    return out.getvalue().encode()


def write_parquet(network: nx.MultiDiGraph) -> dict[str, bytes]:
    """Two Parquet tables with typed columns; raises OutputError where polars is not installed."""
    return {"-nodes": _parquet(NODES, node_rows(network)), "-edges": _parquet(EDGES, edge_rows(network))}


def _parquet(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    try:
        import polars as pl
    except ImportError:
        raise OutputError("parquet needs polars; install it with: pip install 'partnergraph[parquet]'") from None

    def kind(name: str) -> type[pl.DataType]:
        return pl.Boolean if name in BOOLEANS else pl.Int64 if name in INTEGERS else pl.Float64 if name in NUMBERS else pl.String

    out = io.BytesIO()
    pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in columns}, schema={name: kind(name) for name in columns}
    ).write_parquet(out)
    return out.getvalue()


WRITERS: dict[str, Callable[[nx.MultiDiGraph], dict[str, bytes]]] = {"csv": write_csv, "parquet": write_parquet}
