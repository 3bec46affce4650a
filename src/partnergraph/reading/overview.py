"""What is in a graph: how many claims of which kinds and years, entities, sources."""

from __future__ import annotations

from partnergraph.core.graph import GraphCore
from partnergraph.show.markup import Html, bold, fold, paragraph, table


def overview_html(graph: GraphCore) -> Html:
    """A graph: what is in it by kind, and how to go on."""
    # Counted where the triples are: a graph on a server is not to be copied for a few numbers.
    found = {name: str(term.value) for row in graph.project("overview").mappings() for name, term in row.items()}
    years = f", {found['first'][:4]} to {found['last'][:4]}" if "first" in found else ""
    counts = [
        ("claims", f"{int(found['claims']):,}{years}"),
        ("of these contested", f"{int(found['contested']):,}"),
        ("entities", f"{int(found['entities']):,}"),
        ("sources", f"{int(found['sources']):,}"),
        ("triples", f"{graph.engine.size():,}"),
        ("view", graph.scope),
        ("content", graph.version),
    ]
    kinds = list(graph.project("kind-counts").mappings())
    listed = ", ".join(f"{row['label'].value} {row['count'].value}" for row in kinds)
    return (
        paragraph(
            bold("partnergraph") + " · sourced claims about who funds, powers, licenses, supplies and competes with whom in AI"
        )
        + table((), counts)
        + fold(f"{len(kinds)} kinds of claims", paragraph(listed))
    )
