"""The network and the ledger as tables: entities, edges, and entries that can be summed, as CSV."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from partnergraph.base.spreadsheets import write_csv as as_csv
from partnergraph.core.attributes import NUMBERS
from partnergraph.core.graph import GraphCore
from partnergraph.ledger.amounts import Interval
from partnergraph.reading.ledger import KINDS, Entry, Ledger, read_ledger

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
    "mutual",
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
    "overruled",
    *NUMBERS[:2],
    "currency",
    *NUMBERS[2:],
    "money",
    "reliance",
    "relies",
    "carries",
    "sources",
)
AMOUNTS = tuple(f"{kind}{end}" for kind in (*KINDS, "preferred", "capacity") for end in ("Min", "Max"))
LISTS = ("sources", "joint payers", "joint payees", "stated payers", "stated payees", "claims", "left out")
LEDGER = (
    "entry",
    "purpose",
    "market",
    "payer",
    "payer label",
    "payee",
    "payee label",
    "stage",
    *AMOUNTS,
    "currency",
    "weakest attestation",
    "weakestRank",
    "best attestation",
    "bestRank",
    "weakest tier",
    "startsEarliest",
    "endsLatest",
    "spends",
    "receives",
    *LISTS[1:],
)
Row = dict[str, object]


def node_rows(network: nx.MultiDiGraph) -> list[Row]:
    """The entities, each a dict of NODES."""
    return [{"id": node, **data} for node, data in network.nodes(data=True)]


def edge_rows(network: nx.MultiDiGraph) -> list[Row]:
    """The edges, each a dict of EDGES."""
    return [{"source": start, "target": finish, **data} for start, finish, data in network.edges(data=True)]


def ledger_rows(ledger: Ledger) -> list[Row]:
    """The entries of the ledger that count in sums, each a dict of LEDGER; parties are short names, lists are lists."""
    return [_ledger_row(ledger, entry) for entry in ledger.all if not entry.within]


def _ledger_row(ledger: Ledger, entry: Entry) -> Row:
    amounts: Row = {}
    for kind in (*KINDS, "preferred", "capacity"):
        value: Interval = getattr(entry, kind)
        # Nothing stated of a capacity is no capacity from zero up.
        known = kind != "capacity" or value.known
        amounts[f"{kind}Min"] = value.least if known else None
        amounts[f"{kind}Max"] = value.greatest if known and math.isfinite(value.greatest) else None
    return {
        "entry": entry.name,
        "purpose": entry.purpose,
        "market": entry.market or None,
        "payer": entry.payer or None,
        "payer label": ledger.label(entry.payer),
        "payee": entry.payee or None,
        "payee label": ledger.label(entry.payee),
        "stage": entry.stage or None,
        **amounts,
        "currency": entry.currency or None,
        "weakest attestation": entry.weakest,
        "weakestRank": entry.weakest_rank,
        "best attestation": entry.best,
        "bestRank": entry.best_rank,
        "weakest tier": entry.tier,
        "startsEarliest": entry.begins or None,
        "endsLatest": entry.ends or None,
        "spends": entry.spends,
        "receives": entry.receives,
        "joint payers": list(entry.joint[0]),
        "joint payees": list(entry.joint[1]),
        "stated payers": list(entry.stated[0]),
        "stated payees": list(entry.stated[1]),
        "claims": list(entry.claims),
        "left out": [f"{claim} ({reason})" for claim, reason in entry.omits],
    }


def write_csv(graph: GraphCore, network: nx.MultiDiGraph) -> dict[str, bytes]:
    """Three CSV tables; a quote goes before a cell that a spreadsheet would take for a formula, lists have semicolons between."""
    ledger = [
        {name: "; ".join(map(str, value)) if isinstance(value, list) else value for name, value in row.items()}
        for row in ledger_rows(read_ledger(graph))
    ]
    return {"-nodes": _csv(NODES, node_rows(network)), "-edges": _csv(EDGES, edge_rows(network)), "-ledger": _csv(LEDGER, ledger)}


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    return as_csv(columns, ([row.get(name) for name in columns] for row in rows))
