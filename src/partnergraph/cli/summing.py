"""Commands about sums: the entries of the ledger, and what a sum is made of."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.cli.analysing import AsStatedOption, ClaimsOption, FormatOption, print_findings
from partnergraph.cli.app import commands, one_of, with_graph, with_lookups
from partnergraph.cli.output import page, width, write_bytes

WHY_FORMATS = ("table", "json")


@commands.command("ledger")
@with_graph
def ledger(
    graph: Graph,
    payer: Annotated[str | None, typer.Argument(help="Only what this entity pays; any leaves it open.")] = None,
    payee: Annotated[str | None, typer.Argument(help="Only what this entity is paid.")] = None,
    purpose: Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help="Only financing, purchase, models or other.")] = "",
    as_stated: AsStatedOption = False,
    format: FormatOption = "table",
    claims: ClaimsOption = False,
) -> None:
    """Every deal once: what of it is paid, committed, conditional and intended.

    Example: partnergraph ledger Microsoft OpenAI --as-of 2025-09-30
    """
    from partnergraph.analysis.entries import entries

    print_findings(graph, entries(graph, payer, payee, purpose=purpose, house=not as_stated), format, claims=claims)


@commands.command("why")
@with_lookups
def why(
    graph: Graph,
    what: Annotated[str, typer.Argument(help="A payer, or the name of a claim or of an entry of the ledger.")],
    other: Annotated[str, typer.Argument(help="The payee.")] = "",
    as_stated: AsStatedOption = False,
    format: Annotated[
        str,
        typer.Option("--format", "-f", metavar="|".join(WHY_FORMATS), callback=one_of(WHY_FORMATS), help="How it is written."),
    ] = "table",
) -> None:
    """Unfold a sum: which claims count, which are left out and why, and where they stand.

    Example: partnergraph why Microsoft OpenAI --as-of 2025-09-30
    """
    found = graph.why(what, other, house=not as_stated)
    if format == "json":
        write_bytes((json.dumps(found.to_json(), ensure_ascii=False, indent=1) + "\n").encode(), "json")
        return
    page(found.text(width()))
