"""The command that finds names, claims and sources."""

from __future__ import annotations

from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import echo, tell
from partnergraph.cli.replying import Shape, with_shape
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import compact


@commands.command("find")
@with_lookups
@with_shape
def find(
    graph: Graph,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="A part of a name, of a sentence, of a title or an address.")],
    limit: Annotated[int, typer.Option(min=0, help="At most so many of each; 0 for all.")] = 0,
    *,
    shape: Shape,
) -> None:
    """Find entities by any of their names, claims by their words, sources by title, publisher or address.

    Example: partnergraph find copilot
    """
    from partnergraph.reading.search import find_reply

    words = " ".join(text)
    reply = find_reply(graph, words, limit)
    if not reply.parts:
        near = nearest_names(words, (name for _, name in graph.names.names))
        hint = "; near are " + ", ".join(map(repr, near)) if near else "; say less, or ask in words: partnergraph ask WORDS"
        tell(f"no name, claim or source is like {words!r}{hint}")
        raise typer.Exit(1)
    if shape.claims:
        claims = [part.table() for part in reply.parts if part.title == "claims"]
        echo("".join(f"{compact(key)}\n" for table in claims for key in table.keys), end="")
        return
    shape.print(reply)
