"""What somebody would lose with somebody else, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnergraph.base.texts import clean
from partnergraph.reading.gist import quoted
from partnergraph.show.reply import several

if TYPE_CHECKING:
    from partnergraph.analysis.tables import Findings
    from partnergraph.api import Graph

# A finding tells so many claims in their words.
MOST_TOLD = 4


def depending(graph: Graph, findings: Findings, entity: str, who: str) -> tuple[list[str], list[str], list[str]]:
    """Heading, finding and next steps of what somebody would lose with an entity: what depends on it, and what the two have."""
    number = len(findings.tables[0].rows)
    said = [
        f"What depends on {entity} and is {who} or of its house: {several(number, 'entities')}."
        if number
        else f"Nothing here says that {who} depends on {entity}."
    ]
    between = graph.ask("how-related", one=who, other=entity)
    claims = sorted({claim for row in between.mappings() for claim in str(row["claims"].value).split()})
    labels = graph.labels(claims)
    said += [f"The two have: {clean(labels[claim])}" for claim in claims[:MOST_TOLD] if claim in labels]
    more = len(claims) - MOST_TOLD
    said += [f"And {several(more, 'more claims')} between them."] if more > 0 else []
    steps = [f"partnergraph ask how-related one={quoted(who)} other={quoted(entity)}", f"partnergraph exposure {quoted(entity)}"]
    return [f"What would {who} lose with {entity}?"], said, steps
