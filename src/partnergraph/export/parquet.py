"""The network as a pair of Parquet tables, for polars and DuckDB, and for clusters: what the analyses need is in them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from partnergraph.base.errors import OutputError
from partnergraph.core.attributes import NUMBERS
from partnergraph.core.rows import finite, is_so, rows
from partnergraph.export.tables import EDGES, NODES, Row, edge_rows, node_rows
from partnergraph.ledger.houses import makers_of
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

    from partnergraph.core.graph import GraphCore

DAYS = ("startsEarliest", "startsLatest", "endsEarliest", "endsLatest")
# What the two tables hold beyond the network of the other formats.
MORE_OF_NODES = ("maker", "madeBy", "shares")
MORE_OF_EDGES = ("purpose", "joint", "overruled", "partOf", "contradicts")


def write_parquet(graph: GraphCore, network: nx.MultiDiGraph) -> dict[str, bytes]:
    """Two Parquet tables with typed columns: days are dates, lists are lists; raises OutputError where polars is not installed.

    Of a node ``maker`` is who stands behind it in the end, ``madeBy`` the claims that say so, ``shares`` what claims
    state of its shares in markets, in per cent. Of an edge ``purpose`` says what its money is for and ``joint`` whether
    it is that of all payers together; ``overruled`` says whether another version is preferred over the claim,
    ``partOf`` names every claim that it is a part of, at any remove, and ``contradicts`` the claims that
    contradict it, each with those that contradict that one.
    """
    nodes = [{**row, **said} for row, said in zip(node_rows(network), _of_nodes(graph, network), strict=True)]
    edges = [{**row, **said} for row, said in zip(edge_rows(network), _of_edges(graph, network), strict=True)]
    return {"-nodes": _parquet((*NODES, *MORE_OF_NODES), nodes), "-edges": _parquet((*EDGES, *MORE_OF_EDGES), edges)}


def _of_nodes(graph: GraphCore, network: nx.MultiDiGraph) -> Iterable[Row]:
    makers = makers_of(graph)
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
        maker, claims = makers.get(node, (None, ()))
        yield {"maker": maker, "madeBy": claims, "shares": shares.get(node, [])}


def _of_edges(graph: GraphCore, network: nx.MultiDiGraph) -> Iterable[Row]:
    import networkx as nx

    flows = {(row["claim"], row["payer"], row["payee"]): row for row in _compacted(graph, "flows", "claim", "payer", "payee")}
    parts = nx.DiGraph((row["claim"], row["whole"]) for row in _compacted(graph, "parts", "claim", "whole"))
    rivals: dict[str, set[str]] = {}
    overruled = set()
    for row in _compacted(graph, "rivals", "claim", "other"):
        rivals.setdefault(row["claim"], set()).add(row["other"])
        if is_so(row["preferred"]):
            overruled.add(row["other"])
    for start, finish, claim, data in network.edges(keys=True, data=True):
        flow = flows.get((claim, start, finish) if data.get("money", 1) > 0 else (claim, finish, start), {})
        yield {
            "sources": str(data.get("sources", "")).split(),
            "purpose": flow.get("purpose"),
            "joint": is_so(flow["joint"]) if flow else None,
            "overruled": claim in overruled,
            "partOf": sorted(nx.descendants(parts, claim)) if claim in parts else [],
            "contradicts": [
                {"claim": rival, "contradicts": sorted(rivals.get(rival, ()))} for rival in sorted(rivals.get(claim, ()))
            ],
        }


def _compacted(graph: GraphCore, projection: str, *names: str) -> Iterable[dict[str, str]]:
    return ({**row, **{name: compact(row[name]) for name in names}} for row in rows(graph, projection))


def _parquet(columns: tuple[str, ...], table: list[Row]) -> bytes:
    try:
        import polars as pl
    except ImportError:
        raise OutputError("parquet needs polars; install it with: pip install 'partnergraph[parquet]'") from None

    texts = pl.List(pl.String)
    share = pl.Struct({"segment": pl.String, "claim": pl.String, "least": pl.Float64, "greatest": pl.Float64})
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(("directed", "contested", "joint", "overruled"), pl.Boolean),
        **dict.fromkeys(("attested", "money", "reliance"), pl.Int64),
        **dict.fromkeys(NUMBERS, pl.Float64),
        **dict.fromkeys(("sources", "madeBy", "partOf"), texts),
        "shares": pl.List(share),
        "contradicts": pl.List(pl.Struct({"claim": pl.String, "contradicts": texts})),
    }
    cells = {name: [row.get(name) for row in table] for name in columns}
    frame = pl.DataFrame(cells, schema={name: kinds.get(name, pl.String) for name in columns})
    # What is no day of the calendar is as unknown as what is not stated.
    days = [pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in DAYS if name in columns]
    out = io.BytesIO()
    frame.with_columns(days).write_parquet(out)
    return out.getvalue()
