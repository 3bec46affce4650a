"""What is in a graph: how many claims of which kinds and years, entities, sources."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox

from partnergraph.core.graph import GraphCore
from partnergraph.show.markup import Html, bold, fold, paragraph, table


def overview_html(graph: GraphCore) -> Html:
    """A graph: what is in it by kind, and how to go on."""
    claims = [str(row["claim"].value) for row in graph.project("claims").mappings()]
    contested = {str(row["claim"].value) for row in graph.project("contradictions").mappings()}
    years = sorted(
        span.starts_earliest[:4]
        for claim in claims
        if (span := graph.index.spans.get(ox.NamedNode(claim))) and span.starts_earliest
    )
    counts = [
        ("claims", f"{len(claims):,}" + (f", {years[0]} to {years[-1]}" if years else "")),
        ("of these contested", f"{len(contested):,}"),
        ("entities", f"{len(graph.names.label):,}"),
        ("sources", f"{len(graph.project('sources').rows):,}"),
        ("triples", f"{graph.engine.size():,}"),
        ("view", str(graph.view)),
        ("content", graph.version),
    ]
    kinds = Counter(graph.kinds(claims).values()).most_common()
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds)
    return (
        paragraph(
            bold("partnergraph") + " · sourced claims about who funds, powers, licenses, supplies and competes with whom in AI"
        )
        + table((), counts)
        + fold(f"{len(kinds)} kinds of claims", paragraph(listed))
    )
