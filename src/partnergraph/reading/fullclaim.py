"""One claim as a reply: its properties, its citations and its rivals as tables."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import PG, compact
from partnergraph.reading.citations import Citation, read_citations
from partnergraph.reading.replying import footer
from partnergraph.reading.tabled import cell_of
from partnergraph.show.records import Cell, Ref, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.reading.claims import ClaimCard


def claim_reply(graph: GraphCore, card: ClaimCard) -> Reply:
    """The card of a claim as a reply: short, or with all its citations."""
    cited = read_citations(graph, [card.iri], addresses=True)[card.iri]
    longest = max(len(name) for name, _ in card.fields)
    properties = Listing(
        "", [partial(_field, name, value, longest) for name, value in card.fields], lambda: _properties(graph, card.iri)
    )
    sources = Table("sources", list(Citation.FIELDS), [dict(one.plain()) for one in cited])
    lists = [
        properties,
        Listing("sources", [partial(_source, n, one) for n, one in enumerate(cited, 1)], lambda: sources, "sources"),
    ]
    if card.disputes:
        rows: list[dict[str, Cell]] = [
            {"claim": Ref(compact(other)), "says": label, "which is preferred": preferred}
            for other, label, preferred in card.disputes
        ]
        items = [partial(_rival, compact(other), label, preferred) for other, label, preferred in card.disputes]
        lists.append(
            Listing("contested by", items, lambda: Table("contested by", ["claim", "says", "which is preferred"], rows), "claims")
        )
    parties = [
        value for name, value in card.fields if name in ("investor", "investee", "holder", "grantor", "supplier", "customer")
    ]
    steps = [f"partnergraph why {compact(card.iri)}"] if len(parties) > 1 else []
    return reply_of_lists(
        [compact(card.iri)],
        [clean(card.label)],
        lists,
        following=steps,
        footer=footer(graph),
        asked={"claim": compact(card.iri)},
    )


def _properties(graph: GraphCore, claim: str) -> Table:
    rows = list(graph.project("claim", claim=ox.NamedNode(claim)).mappings())
    labels = graph.labels({term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)})
    found: list[dict[str, Cell]] = [
        {
            "property": Ref(f"pg:{str(row['property'].value).removeprefix(PG)}", clean(str(row["heading"].value))),
            "value": cell_of(row["value"], labels),
        }
        for row in rows
    ]
    return Table("properties", ["property", "value"], found)


def _field(name: str, value: str, longest: int, width: int) -> str:
    lines = textwrap.wrap(value, width - longest - 4, break_on_hyphens=False) or [""]
    return f"  {name:<{longest}}  " + f"\n{' ' * (longest + 4)}".join(lines)


def _source(number: int, citation: Citation, width: int) -> str:
    address = f" <{citation.address}>" if citation.address else ""
    return "\n".join(
        textwrap.wrap(
            f"  {number}. {citation.proof()}{address}",
            width,
            subsequent_indent="     ",
            break_on_hyphens=False,
            break_long_words=False,
        )
    )


def _rival(claim: str, label: str, preferred: str, width: int) -> str:
    text = f"{claim}: {label}" + (f" ({preferred})" if preferred else "")
    return "\n".join(textwrap.wrap(clean(text), width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False))
