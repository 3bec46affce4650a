"""The command that says what the content covers."""

from __future__ import annotations

from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.cli.app import commands, with_graph
from partnergraph.cli.comparing import DataFormat, write_rows
from partnergraph.cli.output import page, width


@commands.command("coverage")
@with_graph
def coverage(
    graph: Graph,
    entity: Annotated[str | None, typer.Argument(help="Only claims that this entity is party to.")] = None,
    format: DataFormat = "table",
) -> None:
    """How many claims there are by topic and quarter, and until when sources on each topic were looked through.

    Example: partnergraph coverage Anthropic
    """
    from partnergraph.reading.coverage import HEADINGS

    found = graph.coverage(entity)
    if format != "table":
        write_rows(HEADINGS, found.as_rows(), format)
        return
    page(found.text(width()))
