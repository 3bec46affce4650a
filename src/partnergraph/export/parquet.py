"""The network and the ledger as Parquet tables, for polars and DuckDB, and for clusters: what the analyses need is in them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from partnergraph.base.errors import OutputError
from partnergraph.core.attributes import NUMBERS
from partnergraph.core.rows import finite, rows
from partnergraph.export.tables import AMOUNTS, EDGES, LEDGER, LISTS, NODES, Row, edge_rows, ledger_rows, node_rows
from partnergraph.rdf.terms import compact
from partnergraph.reading.ledger import Ledger, read_ledger

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

    from partnergraph.core.graph import GraphCore

DAYS = ("startsEarliest", "startsLatest", "endsEarliest", "endsLatest")
# What the table of nodes holds beyond the network of the other formats.
MORE_OF_NODES = ("house", "shares")


def write_parquet(graph: GraphCore, network: nx.MultiDiGraph) -> dict[str, bytes]:
    """Three Parquet tables with typed columns: days are dates, lists are lists; raises OutputError where polars is not installed.

    Of a node ``house`` is the house that it belongs to, ``shares`` what claims state of its shares in markets, in per cent.
    The table of the ledger is that of the other formats.
    """
    ledger = read_ledger(graph)
    nodes = [{**row, **said} for row, said in zip(node_rows(network), _of_nodes(graph, network, ledger), strict=True)]
    return {
        "-nodes": _parquet((*NODES, *MORE_OF_NODES), nodes),
        "-edges": _parquet(EDGES, [{**row, "sources": str(row.get("sources", "")).split()} for row in edge_rows(network)]),
        "-ledger": _parquet(LEDGER, ledger_rows(ledger)),
    }


def _of_nodes(graph: GraphCore, network: nx.MultiDiGraph, ledger: Ledger) -> Iterable[Row]:
    shares: dict[str, list[Row]] = {}
    for row in rows(graph, "market-shares"):
        shares.setdefault(compact(row["entity"]), []).append(
            {
                "segment": compact(row["segment"]),
                "claim": compact(row["claim"]),
                "least": finite(row["quantityMin"]),
                "greatest": finite(row["quantityMax"]),
            }
        )
    for node in network:
        yield {"house": ledger.houses.get(node, node), "shares": shares.get(node, [])}


def _parquet(columns: tuple[str, ...], table: list[Row]) -> bytes:
    try:
        import polars as pl
    except ImportError:
        raise OutputError("parquet needs polars; install it with: pip install 'partnergraph[parquet]'") from None

    share = pl.Struct({"segment": pl.String, "claim": pl.String, "least": pl.Float64, "greatest": pl.Float64})
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(("mutual", "contested", "overruled", "spends", "receives"), pl.Boolean),
        **dict.fromkeys(("attested", "money", "reliance", "weakestRank", "bestRank"), pl.Int64),
        **dict.fromkeys((*NUMBERS, *AMOUNTS), pl.Float64),
        **dict.fromkeys(LISTS, pl.List(pl.String)),
        "shares": pl.List(share),
    }
    cells = {name: [row.get(name) for row in table] for name in columns}
    frame = pl.DataFrame(cells, schema={name: kinds.get(name, pl.String) for name in columns})
    # What is no day of the calendar is as unknown as what is not stated.
    days = [pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in DAYS if name in columns]
    out = io.BytesIO()
    frame.with_columns(days).write_parquet(out)
    return out.getvalue()
