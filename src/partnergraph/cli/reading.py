"""Commands that read out what is known: the card of an entity, one claim."""

from __future__ import annotations

from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import page, width


@commands.command("show")
@with_lookups
def show(
    graph: Graph,
    entity: Annotated[str, typer.Argument(help="The entity, by any of its names.")],
    kind: Annotated[str | None, typer.Option("--kind", help="Only claims of this kind, such as investment.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="At most so many claims of each kind; 0 for all; the fewer the more there are.")
    ] = None,
) -> None:
    """The card of an entity: what it is, then its claims by kind, the newest first.

    Example: partnergraph show "Azure OpenAI Service"
    """
    page(graph.entity(entity).card(kind, limit).text(width()))


@commands.command("claim")
@with_lookups
def claim(
    graph: Graph,
    name: Annotated[str, typer.Argument(metavar="ID", help="The claim's short name.")],
    cite: Annotated[bool, typer.Option("--cite", help="Only how it is cited: address, release, content and sources.")] = False,
) -> None:
    """One claim: what it says, its parties, dates and amounts, its citations, who contradicts it.

    Example: partnergraph claim microsoft-openai-2019-investment
    """
    found = graph.claim(name)
    page(found.citation(width()) if cite else found.text(width()))
