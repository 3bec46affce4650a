"""The command that lists the words of the ontology."""

from __future__ import annotations

from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import page, width


@commands.command("vocabulary")
@with_lookups
def vocabulary(
    graph: Graph,
    text: Annotated[str, typer.Argument(help="Only terms whose name or definition has this text.")] = "",
) -> None:
    """The classes, properties and concepts that SPARQL can name, with definitions and how often they are used.

    Of a class of claims it also says what it takes: its two ends, its properties, and how such a claim is written.

    Example: partnergraph vocabulary exclusivity
    """
    from partnergraph.reading.classes import Classes
    from partnergraph.reading.vocabulary import find_terms, term_list

    card = Classes(graph).named(text) if text else None
    page(
        f"{card.text(width())}\n{term_list(find_terms(graph, card.label), width())}"
        if card
        else term_list(find_terms(graph, text), width())
    )
