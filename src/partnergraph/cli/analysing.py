"""Commands that analyse the network: paths, loops, exposure, concentration, overlaps."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base import texts
from partnergraph.base.texts import clean
from partnergraph.cli.app import commands, one_of, with_graph
from partnergraph.cli.output import echo, width, write_bytes
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    from partnergraph.analysis.legs import Counting
    from partnergraph.analysis.tables import Findings

FORMATS = ("table", "markdown", "csv", "json")
FormatOption = Annotated[
    str, typer.Option("--format", "-f", metavar="|".join(FORMATS), callback=one_of(FORMATS), help="How the findings are written.")
]
ClaimsOption = Annotated[bool, typer.Option("--claims", help="Print only the names of the claims that the findings rest on.")]
StageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--stage",
        metavar="STAGE",
        help="Only deals that are intended, agreed, under way, completed, ended or cancelled; repeatable.",
    ),
]
IntendedOption = Annotated[bool, typer.Option("--intended", help="Count deals that are only intended, too.")]
CurrencyOption = Annotated[
    str, typer.Option("--currency", metavar="CODE", help="Amounts in this currency; others count as unknown.")
]
PreferredOption = Annotated[bool, typer.Option("--preferred", help="Of rival versions only the preferred one.")]
AsStatedOption = Annotated[
    bool, typer.Option("--as-stated", help="By the parties that the contracts name, not by the houses that they belong to.")
]


def print_findings(graph: Graph, findings: Findings, format: str, *, claims: bool) -> None:
    """The findings in the format asked for, on stdout; csv has the table that is the finding itself.

    ``claims`` prints the names of the claims instead, in the order of their numbers in the tables.
    """
    from partnergraph.analysis import tables
    from partnergraph.reading.citations import footnotes
    from partnergraph.reading.topics import beyond
    from partnergraph.show.sheet import markdown, table

    if format == "csv":
        write_bytes(tables.to_csv(findings.tables[findings.main]), "csv")
        return
    if format == "json":
        write_bytes(tables.to_json(findings), "json")
        return
    sheets = tables.sheets(graph, findings)
    cited = sheets[-1].claims if sheets else []
    if claims:
        echo("".join(f"{compact(claim)}\n" for claim in cited), end="")
        return
    for found, content in zip(findings.tables, sheets, strict=True):
        if format == "markdown":
            echo(f"**{texts.markdown(clean(found.title))}**\n\n{markdown(content)}")
        else:
            echo(f"{clean(found.title)}\n{table(content, width())}")
    written = texts.markdown if format == "markdown" else str
    for note in findings.notes:
        echo(written(textwrap.fill(clean(note), width(), break_on_hyphens=False)))
        # In Markdown a line break is none; an empty line ends a paragraph.
        echo() if format == "markdown" else None
    echo(f"{graph.view} · content {graph.version}")
    if late := beyond(graph, cited):
        echo(written(textwrap.fill(late, width(), break_on_hyphens=False)))
    if cited:
        echo("\n" + written(footnotes(graph, cited, width())), end="")


def counting(  # each is an option of its own
    graph: Graph,
    stage: list[str] | None,
    *,
    intended: bool,
    currency: str = "USD",
    preferred: bool = False,
    weight: str = "money",
    as_stated: bool = False,
) -> Counting:
    """What the options ask to count."""
    from partnergraph.analysis.legs import Counting, check_stages

    return Counting(check_stages(graph, stage) if stage else None, currency, preferred, weight, not as_stated, intended)


@commands.command("loops")
@with_graph
def loops(
    graph: Graph,
    entity: Annotated[str | None, typer.Argument(help="Only loops through this entity.")] = None,
    parties: Annotated[int, typer.Option(min=2, max=8, help="At most so many parties.")] = 5,
    stage: StageOption = None,
    intended: IntendedOption = False,
    least: Annotated[bool, typer.Option("--least", help="Only loops in which every leg has a least amount.")] = False,
    preferred: PreferredOption = False,
    currency: CurrencyOption = "USD",
    as_stated: AsStatedOption = False,
    samples: Annotated[int, typer.Option(min=0, max=100_000, help="Compare with so many networks rewired at random.")] = 0,
    seed: Annotated[int, typer.Option(help="The seed of the rewiring.")] = 1,
    format: FormatOption = "table",
    claims: ClaimsOption = False,
) -> None:
    """Find loops of money: equity or credit goes out, purchases come back.

    Example: partnergraph loops nvidia --intended
    """
    from partnergraph.analysis.loops import loops as find
    from partnergraph.analysis.loops import significance

    asked = counting(graph, stage, intended=intended, currency=currency, preferred=preferred, as_stated=as_stated)
    findings = find(graph, parties=parties, counting=asked, least=least, through=entity)
    if samples:
        findings.notes.append(str(significance(graph, parties=parties, counting=asked, samples=samples, seed=seed)))
    print_findings(graph, findings, format, claims=claims)


@commands.command("path")
@with_graph
def path(
    graph: Graph,
    start: Annotated[str, typer.Argument(help="One entity.")],
    finish: Annotated[str, typer.Argument(help="Another entity.")],
    family: Annotated[
        list[str] | None, typer.Option("--family", help="Only relations of this family, such as money; repeatable.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only claims of this kind, such as investment; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many chains.")] = 5,
    format: FormatOption = "table",
    claims: ClaimsOption = False,
) -> None:
    """Find the best attested chains of claims between two entities.

    Example: partnergraph path Microsoft Anthropic --family money --family compute
    """
    from partnergraph.analysis.paths import paths

    network = graph.network(family or (() if kind else graph.families.joining), kind or ())
    print_findings(graph, paths(graph, start, finish, network, limit=limit), format, claims=claims)


@commands.command("exposure")
@with_graph
def exposure(
    graph: Graph,
    entity: Annotated[
        str | None, typer.Argument(help="What might fall out; without it, the weak points of the whole network.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, max=20, help="How far dependence is followed.")] = 3,
    intended: IntendedOption = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many points of failure.")] = 15,
    format: FormatOption = "table",
    claims: ClaimsOption = False,
) -> None:
    """Find what depends on an entity, and single points of failure.

    Example: partnergraph exposure Azure --as-of 2026-06-01
    """
    from partnergraph.analysis.exposure import exposure as find

    print_findings(graph, find(graph, entity, steps=steps, intended=intended, limit=limit), format, claims=claims)


@commands.command("concentration")
@with_graph
def concentration(
    graph: Graph,
    market: Annotated[
        str, typer.Argument(metavar="SEGMENT", help="compute for purchases of computing, or a segment with stated shares.")
    ],
    weight: Annotated[
        str, typer.Option("--weight", metavar="money|capacity|deals|customers", help="What a purchase counts by.")
    ] = "money",
    customer: Annotated[str | None, typer.Option(help="Only what this entity buys.")] = None,
    day: Annotated[list[str] | None, typer.Option("--day", metavar="DAY", help="Compare days; repeatable.")] = None,
    stage: StageOption = None,
    intended: IntendedOption = False,
    preferred: PreferredOption = False,
    currency: CurrencyOption = "USD",
    as_stated: AsStatedOption = False,
    format: FormatOption = "table",
    claims: ClaimsOption = False,
) -> None:
    """Show how concentrated a market is: shares and HHI as ranges.

    Example: partnergraph concentration compute --customer OpenAI --day 2024-12-31 --day 2026-06-30
    """
    from partnergraph.analysis.concentration import concentration as find

    asked = counting(graph, stage, intended=intended, currency=currency, preferred=preferred, weight=weight, as_stated=as_stated)
    print_findings(graph, find(graph, market, customer=customer, counting=asked, days=day or ()), format, claims=claims)


OVERLAPS = ("partner-and-rival", "investor-and-supplier", "one-firm")


@commands.command("overlaps")
@with_graph
def overlaps(
    graph: Graph,
    kind: Annotated[str, typer.Argument(metavar="|".join(OVERLAPS), help="Which overlap to look for.")],
    strands: Annotated[int, typer.Option(min=1, max=3, help="With one-firm: at least so many of money, cloud and chips.")] = 3,
    format: FormatOption = "table",
    claims: ClaimsOption = False,
) -> None:
    """Find pairs that stand to each other in more than one way.

    Example: partnergraph overlaps partner-and-rival --as-of 2026-06-01
    """
    from partnergraph.analysis import overlaps as analysis
    from partnergraph.base.errors import UnknownName
    from partnergraph.rdf.names import nearest_names

    if kind not in OVERLAPS:
        raise UnknownName("overlap", kind, nearest_names(kind, OVERLAPS), f"take one of {', '.join(OVERLAPS)}")
    if kind == "partner-and-rival":
        findings = analysis.partner_and_rival(graph)
    elif kind == "investor-and-supplier":
        findings = analysis.investor_and_supplier(graph)
    else:
        findings = analysis.one_firm(graph, strands=strands)
    print_findings(graph, findings, format, claims=claims)
