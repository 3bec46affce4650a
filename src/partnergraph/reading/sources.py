"""Sources: what a document is, where it is, and which claims rest on it, in the order of its text."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import compact
from partnergraph.reading.gist import counted
from partnergraph.reading.replying import footer
from partnergraph.show.records import Cell, Ref, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists
from partnergraph.show.values import plain

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore


def source_reply(graph: GraphCore, source: str) -> Reply:
    """The card of a source."""
    rows = list(graph.project("source-card", source=ox.NamedNode(source)).mappings())
    known = rows[0] if rows else {}
    cited = [row for row in rows if "claim" in row]
    told = [
        f"{name}: {plain(known.get(column), {})}"
        for name, column in (
            ("publisher", "publisher"),
            ("read at", "carrier"),
            ("published", "issued"),
            ("tier", "tier"),
            ("address", "address"),
        )
        if column in known
    ]
    title = plain(known.get("title"), {}) or compact(source)
    claims = list(dict.fromkeys(str(row["claim"].value) for row in cited))
    records: list[dict[str, Cell]] = [
        {"claim": Ref(compact(str(row["claim"].value)), clean(str(row["label"].value))), "place": plain(row.get("locator"), {})}
        for row in cited
    ]
    table = Table("claims", ["place", "claim"], records, [str(row["claim"].value) for row in cited])
    items = [
        partial(_item, plain(row.get("locator"), {}), clean(str(row["label"].value)), compact(str(row["claim"].value)))
        for row in cited
    ]
    finding = [*told, counted(graph, table, claims) if claims else "No claim rests on it."]
    steps = [f"partnergraph claim {compact(claims[0]).removeprefix('claim:')}"] if claims else []
    return reply_of_lists(
        [f"“{title}” · source · {compact(source)}"],
        finding,
        [Listing("what rests on it", items, lambda: table, "claims")],
        following=[*steps, f"partnergraph ask what-does-this-source-say {compact(source).removeprefix('src:')}"],
        footer=footer(graph),
        asked={"source": compact(source), "title": title},
    )


def _item(place: str, label: str, claim: str, width: int) -> str:
    return "\n".join(
        textwrap.wrap(
            f"{label} · {claim}" + (f" · at: {place}" if place else ""),
            width,
            initial_indent="  ",
            subsequent_indent="    ",
            break_on_hyphens=False,
        )
    )
