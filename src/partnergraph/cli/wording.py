"""The command that lists the words of the ontology."""

from __future__ import annotations

from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.replying import Shape, with_shape


@commands.command("vocabulary")
@with_lookups
@with_shape
def vocabulary(
    graph: Graph,
    text: Annotated[list[str] | None, typer.Argument(help="Only terms whose name or definition has this text.")] = None,
    *,
    shape: Shape,
) -> None:
    """The classes, properties and concepts that SPARQL can name, with definitions and how often they are used.

    Example: partnergraph vocabulary exclusivity
    """
    from partnergraph.reading.vocabulary import vocabulary_reply

    shape.print(vocabulary_reply(graph, " ".join(text or [])))
