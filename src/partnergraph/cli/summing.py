"""Commands about sums: the entries of the ledger, and what a sum is made of."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from partnergraph.analysis.replying import first_row
from partnergraph.analysis.tables import Findings, Value
from partnergraph.api import Graph
from partnergraph.base.errors import QueryError
from partnergraph.base.texts import clean
from partnergraph.cli.analysing import AsStatedOption, called, print_findings
from partnergraph.cli.app import commands, one_of, with_lookups
from partnergraph.cli.output import echo, width, write_bytes
from partnergraph.cli.replying import Shape, height, with_shape
from partnergraph.cli.serial import check_chart, write_chart
from partnergraph.rdf.terms import expand
from partnergraph.reading.gist import quoted
from partnergraph.reading.ledger import KINDS
from partnergraph.show.reply import height_of, several

BY = ("year", "attestation")
NOTHING_STATED = ("", "0", "not stated", None)
# Where nothing can be summed up, so many claims are told in their words.
MOST_TOLD = 3


@commands.command("ledger")
@with_lookups
@with_shape
def ledger(
    graph: Graph,
    payer: Annotated[str | None, typer.Argument(help="Only what this entity pays; any leaves it open.")] = None,
    payee: Annotated[str | None, typer.Argument(help="Only what this entity is paid.")] = None,
    purpose: Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help="Only financing, purchase, models or other.")] = "",
    as_stated: AsStatedOption = False,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="|".join(BY),
            callback=lambda value: value and one_of(BY, "order of sums")(value),
            help="Instead of deal by deal: year by year and what is left, or from confirmed alone to rumours.",
        ),
    ] = "",
    chart: Annotated[Path | None, typer.Option("--chart", metavar="FILE", help="Draw it as PNG, SVG or PDF, too.")] = None,
    *,
    shape: Shape,
) -> None:
    """Every deal once: what of it is paid, committed, conditional and intended.

    Example: partnergraph ledger Microsoft OpenAI --as-of 2025-09-30
    """
    from partnergraph.analysis.entries import chosen_entries, entries

    if chart is not None:
        check_chart(chart)
        if by:
            raise QueryError("--chart draws deal by deal: leave out --by")
    if by:
        from partnergraph.cli.spreading import print_spread

        print_spread(graph, by, (payer, payee), shape, purpose=purpose, house=not as_stated)
        return
    findings = entries(graph, payer, payee, purpose=purpose, house=not as_stated)
    if chart is not None:
        write_chart(chosen_entries(graph, payer, payee, purpose=purpose, house=not as_stated).chart, chart)
    found = Findings([replace(findings.tables[0], rows=[row]) for row in findings.tables[0].rows], graph=graph)
    said = []
    for row in (first_row(replace(found, tables=[one], main=0)) for one in found.tables):
        stated = {kind: row[kind] for kind in KINDS if row.get(kind) not in NOTHING_STATED}
        amounts = "; ".join(f"{kind} {text} {row['currency']}".rstrip() for kind, text in stated.items())
        said.append(f"{row['purpose'].capitalize()}: {amounts or 'no amount stated'}, in {several(int(row['deals']), 'deals')}.")
    if not any(" stated, in " not in line for line in said):
        said += in_words(graph, findings)
    payer, payee = called(graph, payer), called(graph, payee)
    who = f"{payer or 'anybody'} → {payee or 'anybody'}"
    steps = [f"partnergraph why {quoted(payer)} {quoted(payee)}"] if payer and payee else []
    steps += [f"partnergraph ask what-is-not-known {quoted(payer or payee or '')}"] if payer or payee else []
    print_findings(graph, findings, shape, ["Who pays whom how much?", who], said, steps)


def in_words(graph: Graph, findings: Findings) -> list[str]:
    """What the claims behind entries without an amount say: a fee a year is no sum."""
    cited = (
        name
        for one in findings.tables
        if "claim" in one.columns
        for row in one.rows
        for name in _claims(row[one.columns.index("claim")])
    )
    claims = list(dict.fromkeys(str(expand(name)) for name in cited))
    labels = graph.labels(claims[:MOST_TOLD])
    return [clean(labels[claim]) for claim in claims[:MOST_TOLD] if claim in labels]


def _claims(cell: Value) -> tuple[str, ...]:
    return cell if isinstance(cell, tuple) else ()


@commands.command("why")
@with_lookups
@with_shape
def why(
    graph: Graph,
    what: Annotated[str, typer.Argument(help="A payer, any for all of them, or the name of a claim or of an entry of the ledger.")],
    other: Annotated[str, typer.Argument(help="The payee, or any for all of them.")] = "",
    as_stated: AsStatedOption = False,
    *,
    shape: Shape,
) -> None:
    """Unfold a sum: which claims count, which are left out and why, and where they stand.

    Example: partnergraph why Microsoft OpenAI --as-of 2025-09-30
    """
    found = graph.why(what, other, house=not as_stated)
    if shape.format == "json" and shape.output is None:
        write_bytes((json.dumps(found.to_json(), ensure_ascii=False, indent=1) + "\n").encode(), "json")
        return
    text = found.text(width())
    if shape.format == "table" and shape.output is None and (shape.long or height_of(text, width()) <= height()):
        echo(text, end="")
        return
    shape.print(found.reply())
