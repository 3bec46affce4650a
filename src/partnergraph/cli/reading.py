"""Commands that read out what is known: the card of an entity or a source, one claim."""

from __future__ import annotations

from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.errors import UnknownName
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import echo, width
from partnergraph.cli.replying import Shape, height, with_shape
from partnergraph.rdf.terms import compact
from partnergraph.show.reply import height_of


@commands.command("show")
@with_lookups
@with_shape
def show(
    graph: Graph,
    entity: Annotated[
        list[str], typer.Argument(metavar="NAME", help="An entity, a source, a claim or a class, by any of its names.")
    ],
    kind: Annotated[str | None, typer.Option("--kind", help="Only claims of this kind, such as investment.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="The whole card, with at most so many claims of each kind; 0 for all.")
    ] = None,
    *,
    shape: Shape,
) -> None:
    """The card of an entity: who owns, funds and powers it, what it makes, what is new and what is contested.

    Of a source its claims, of a class what it takes. --kind lists the claims of one kind, --long all of them.

    Example: partnergraph show "Azure OpenAI Service"
    """
    from partnergraph.reading.cards import read_entity
    from partnergraph.reading.profile import profile

    name = " ".join(entity)
    prefix = name.partition(":")[0]
    if prefix in OTHERS and show_other(graph, name, shape):
        return
    try:
        iri = graph.find_entity(name)
    except UnknownName:
        if show_other(graph, name, shape):
            return
        raise
    if shape.claims:
        rows = [row for group in read_entity(graph, iri, kind=kind, limit=0).kinds.values() for row in group]
        echo("".join(f"{compact(str(row['claim'].value))}\n" for row in rows), end="")
        return
    if shape.format == "table" and not shape.output:
        # What fits a screen as a whole needs no choice.
        card = read_entity(graph, iri, kind=kind, limit=limit if limit is not None else 0).text(width())
        if shape.long or limit is not None or height_of(card, width()) <= height():
            echo(card, end="")
            return
    shape.print(profile(graph, iri, kind, whole=shape.long or shape.format != "table"))


OTHERS = ("src", "claim", "pg")


def show_other(graph: Graph, name: str, shape: Shape) -> bool:
    """Shows what is no entity and bears the name: a source, a claim, a class; whether there was such a one."""
    from partnergraph.reading.classes import class_reply
    from partnergraph.reading.sources import source_reply

    for find, reply in ((graph.find_source, source_reply), (graph.find_class, class_reply), (graph.find_claim, None)):
        try:
            iri = find(name)
        except UnknownName:
            continue
        if reply is None:
            show_claim(graph, iri, shape)
        else:
            shape.print(reply(graph, iri))
        return True
    return False


@commands.command("claim")
@with_lookups
@with_shape
def claim(
    graph: Graph,
    name: Annotated[str, typer.Argument(metavar="ID", help="The claim's short name.")],
    cite: Annotated[bool, typer.Option("--cite", help="Only how it is cited: address, release, content and sources.")] = False,
    *,
    shape: Shape,
) -> None:
    """One claim: what it says, its parties, dates and amounts, its citations, who contradicts it.

    Example: partnergraph claim microsoft-openai-2019-investment
    """
    if cite:
        echo(graph.claim(name).citation(width()), end="")
        return
    show_claim(graph, graph.find_claim(name), shape)


def show_claim(graph: Graph, iri: str, shape: Shape) -> None:
    """Prints the card of a claim."""
    from partnergraph.reading.claims import read_claim
    from partnergraph.reading.fullclaim import claim_reply

    if shape.claims:
        echo(compact(iri))
        return
    card = read_claim(graph, iri)
    text = card.text(width())
    if shape.format == "table" and not shape.output and (shape.long or height_of(text, width()) <= height()):
        echo(text, end="")
        return
    shape.print(claim_reply(graph, card))
