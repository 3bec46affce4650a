"""The command that says what the content covers."""

from __future__ import annotations

from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.comparing import print_claims
from partnergraph.cli.replying import Shape, with_shape


@commands.command("coverage")
@with_lookups
@with_shape
def coverage(
    graph: Graph,
    entity: Annotated[str | None, typer.Argument(help="Only claims that this entity is party to.")] = None,
    *,
    shape: Shape,
) -> None:
    """How many claims there are by topic and quarter, and until when sources on each topic were looked through.

    Example: partnergraph coverage Anthropic
    """
    from partnergraph.reading.coverage import coverage_reply

    found = graph.coverage(entity)
    if shape.claims:
        print_claims(found.named)
        return
    shape.print(coverage_reply(graph, found))
