"""Commands that analyse the network: paths, loops, exposure, concentration, overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from partnergraph.analysis.replying import first_row, rows_in_words
from partnergraph.api import Graph
from partnergraph.base.errors import QueryError
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import echo, tell
from partnergraph.cli.replying import Shape, print_reply, with_shape
from partnergraph.ledger.amounts import Interval
from partnergraph.rdf.terms import compact
from partnergraph.reading.gist import quoted

if TYPE_CHECKING:
    from partnergraph.analysis.legs import Counting
    from partnergraph.analysis.tables import Findings

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


def print_findings(  # each is a part of the reply or a way to write it
    graph: Graph,
    findings: Findings,
    shape: Shape,
    heading: Sequence[str],
    finding: Sequence[str],
    following: Sequence[str] = (),
    *,
    main: int | None = None,
) -> None:
    """The findings in the form asked for; ``claims`` prints the names of the claims instead, in the order of their numbers."""
    from partnergraph.analysis.replying import reply_of
    from partnergraph.analysis.tables import sheets

    if shape.claims:
        sheets_ = sheets(graph, findings)
        echo("".join(f"{compact(claim)}\n" for claim in (sheets_[-1].claims if sheets_ else ())), end="")
        return
    asked = {"command": heading[0], "values": list(heading[1:])}
    if shape.format == "csv" and len(findings.tables) > 1:
        held = findings.tables[(findings.main if main is None else main) % len(findings.tables)]
        others = ", ".join(one.title for one in findings.tables if one is not held)
        tell(f"csv holds one table, {held.title}; xlsx, json and markdown hold the others, too: {others}")
    reply = reply_of(graph, findings, heading, finding, following, asked=asked, main=main)
    print_reply(reply, shape.format, long=shape.long, to=shape.output, excel=shape.excel)


def called(graph: Graph, name: str | None) -> str:
    """What the entity that a person named is called; nothing for none."""
    if name is None or name in OPEN:
        return name or ""
    iri = graph.find_entity(name)
    return graph.labels([iri]).get(iri, name)


OPEN = frozenset({"any", "*"})


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
@with_lookups
@with_shape
def loops(
    graph: Graph,
    entities: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTITY]...", help="Only loops through this entity, or through all of several.")
    ] = None,
    parties: Annotated[int, typer.Option(min=2, max=8, help="At most so many parties.")] = 5,
    stage: StageOption = None,
    intended: IntendedOption = False,
    least: Annotated[bool, typer.Option("--least", help="Only loops in which every leg has a least amount.")] = False,
    preferred: PreferredOption = False,
    currency: CurrencyOption = "USD",
    as_stated: AsStatedOption = False,
    samples: Annotated[int, typer.Option(min=0, max=100_000, help="Compare with so many networks rewired at random.")] = 0,
    seed: Annotated[int, typer.Option(help="The seed of the rewiring.")] = 1,
    *,
    shape: Shape,
) -> None:
    """Find loops of money: equity or credit goes out, purchases come back.

    Example: partnergraph loops nvidia --intended
    """
    from partnergraph.analysis.loops import loops as find
    from partnergraph.analysis.loops import significance

    asked = counting(graph, stage, intended=intended, currency=currency, preferred=preferred, as_stated=as_stated)
    findings = find(graph, parties=parties, counting=asked, least=least, through=entities)
    if samples:
        findings.notes.append(str(significance(graph, parties=parties, counting=asked, samples=samples, seed=seed)))
    entity = " and ".join(called(graph, name) for name in entities or ())
    found = len(findings.tables[0].rows)
    said = [
        f"{found} {'loop' if found == 1 else 'loops'} of money of at most {parties} parties{f' through {entity}' if entity else ''}."
    ]
    said += _loops_said(findings)
    steps = ["partnergraph loops --least", "partnergraph map --loops", "partnergraph ask broken-legs"]
    print_findings(graph, findings, shape, ["Does money go round?", entity or "the whole network"], said, steps, main=0)


def _loops_said(findings: Findings) -> list[str]:
    """The loop round which most goes, if that is known of any, and how many loops are gone for stricter readers."""
    from partnergraph.analysis.loops import UNCONFIRMED, UNSTATED

    held = findings.tables[0]
    top = first_row(findings, "loops")
    if not top:
        return []
    amount = held.rows[0][held.columns.index("goes_round")]
    needs = [str(row[held.columns.index("rests_on")]) for row in held.rows]
    said = []
    if isinstance(amount, Interval) and amount.least > 0:
        said.append(f"Most goes round in {top['route']}: {top['goes_round']}, {top['weakest_attestation']} at the weakest leg.")
    else:
        said.append("Of none it is known that money went all the way round: each has a leg without a least amount.")
    unstated, unconfirmed = (sum(word in need for need in needs) for word in (UNSTATED, UNCONFIRMED))
    return [*said, f"Gone if every leg must have a least amount: {unstated:,}; if every leg must be confirmed: {unconfirmed:,}."]


@commands.command("path")
@with_lookups
@with_shape
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
    *,
    shape: Shape,
) -> None:
    """Find the best attested chains of claims between two entities.

    Example: partnergraph path Microsoft Anthropic --family money --family compute
    """
    from partnergraph.analysis.paths import paths

    network = graph.network(family or (() if kind else graph.families.joining), kind or ())
    findings = paths(graph, start, finish, network, limit=limit)
    start, finish = called(graph, start), called(graph, finish)
    said = []
    if top := first_row(findings, "chains"):
        said = [f"The best attested chain: {top['route']}, {top['weakest_attestation']} at its weakest leg."]
    steps = [f"partnergraph timeline {quoted(start)} {quoted(finish)}", f"partnergraph map --path {quoted(start)} {quoted(finish)}"]
    heading = [f"How are {start} and {finish} connected, by the best evidence?"]
    print_findings(graph, findings, shape, heading, said or ["No chain of claims joins the two."], steps)


@commands.command("exposure")
@with_lookups
@with_shape
def exposure(
    graph: Graph,
    entity: Annotated[
        str | None, typer.Argument(help="What might fall out; without it, the weak points of the whole network.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, max=20, help="How far dependence is followed.")] = 3,
    intended: IntendedOption = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many points of failure.")] = 15,
    who: Annotated[str | None, typer.Option("--who", metavar="NAME", help="Only what of it is, or belongs to, NAME.")] = None,
    *,
    shape: Shape,
) -> None:
    """Find what depends on an entity, and single points of failure.

    Example: partnergraph exposure Azure --as-of 2026-06-01
    """
    from partnergraph.analysis.exposure import exposure as find
    from partnergraph.analysis.exposure import only_of

    findings = find(graph, entity, steps=steps, intended=intended, limit=limit)
    if who is not None:
        if entity is None:
            raise QueryError("--who is about what depends on an entity: name that first, as in exposure OpenAI --who Oracle")
        from partnergraph.cli.losing import depending

        findings = only_of(graph, findings, who)
        print_findings(graph, findings, shape, *depending(graph, findings, called(graph, entity), called(graph, who)))
        return
    print_findings(graph, findings, shape, *exposed(findings, called(graph, entity), steps))


def exposed(findings: Findings, entity: str, steps: int) -> tuple[list[str], list[str], list[str]]:
    """Heading, finding and next steps of an exposure."""
    if not entity:
        points = next((one for one in findings.tables if one.title == "single points of failure"), findings.tables[-1])
        top = first_row(findings, points.title)
        said = [f"{len(points.rows)} entities are single points of failure; {top.get('entity', 'none')} first."] if top else []
        return ["What are the weak points of the whole network?"], said, ["partnergraph exposure Azure"]
    depending = next((one for one in findings.tables if one.title == "what depends on it"), findings.tables[0])
    without = sum(bool(row[depending.columns.index("left_without")]) for row in depending.rows)
    said = [
        f"{len(depending.rows)} entities depend on {entity} within {steps} steps; for {without} of them the graph names no other."
    ]
    for title in ("purchases of computing that would be lost, by money", "purchases of computing that would be lost, by power"):
        for top in [first_row(findings, title)]:
            if top:
                said.append(f"{top['customer']} would lose {top['lost']} of {top['of']} that it buys as stated.")
    steps_ = [f"partnergraph ask relies-on {quoted(entity)}", f"partnergraph map --focus {quoted(entity)}"]
    return [f"What breaks within {steps} steps if {entity} is gone?"], said, steps_


@commands.command("concentration")
@with_lookups
@with_shape
def concentration(
    graph: Graph,
    market: Annotated[
        str,
        typer.Argument(
            metavar="SEGMENT",
            help="clouds, chips or sites for what is bought of these, compute for each of the three, or a segment with stated shares.",
        ),
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
    *,
    shape: Shape,
) -> None:
    """Show how concentrated a market is: shares and HHI as ranges.

    Example: partnergraph concentration compute --customer OpenAI --day 2024-12-31 --day 2026-06-30
    """
    from partnergraph.analysis.concentration import concentration as find

    asked = counting(graph, stage, intended=intended, currency=currency, preferred=preferred, weight=weight, as_stated=as_stated)
    findings = find(graph, market, customer=customer, counting=asked, days=day or ())
    lines, sold = rows_in_words(findings, "concentration"), rows_in_words(findings, "shares")
    said = [_how_concentrated(line, lines, sold) for line in lines if line["basis"] != "as may be"]
    heading = ["How concentrated is a market?", market + (f", what {called(graph, customer)} buys" if customer else "")]
    print_findings(graph, findings, shape, heading, said, ["partnergraph ask market-shares", "partnergraph exposure"])


def _how_concentrated(line: dict[str, str], lines: list[dict[str, str]], sold: list[dict[str, str]]) -> str:
    """What an index says of one market on one day: with what is silent, and nothing of shares where that is most of it."""
    same = [(line["day"], line["market"])]
    sellers = f"{line['sellers']} seller{'' if line['sellers'] == '1' else 's'} of {line['market']}"
    if line["sellers"] == "0":
        return f"{sellers.capitalize()}: nothing is bought that is counted."
    day = f" on {line['day']}" if line["day"] else ""
    may = next((one["hhi"] for one in lines if one["basis"] == "as may be" and (one["day"], one["market"]) in same), "")
    silent = line.get("unknown", "")
    beside = f" as stated; {silent} of the deals state nothing, so it may be {may}" if silent not in {"", "0%"} else ""
    largest = next(one for one in sold if (one["day"], one["market"]) in same)
    share = largest["share_as_stated"]
    most = f" Largest: {largest['seller']} with {share}." if line["hhi"] != "not known" and share != "0%" else ""
    return f"HHI {line['hhi']} over {sellers}{day}{beside}.{most}"


OVERLAPS = ("partner-and-rival", "investor-and-supplier", "one-firm")


@commands.command("overlaps")
@with_lookups
@with_shape
def overlaps(
    graph: Graph,
    kind: Annotated[str, typer.Argument(metavar="|".join(OVERLAPS), help="Which overlap to look for.")],
    strands: Annotated[int, typer.Option(min=1, max=3, help="With one-firm: at least so many of money, cloud and chips.")] = 3,
    *,
    shape: Shape,
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
    number = len(findings.tables[findings.main].rows)
    top = first_row(findings)
    first = [text for text in list(top.values())[:2] if text]
    said = [f"{number} found" + (f", {' and '.join(first)} first." if first else ".")]
    print_findings(
        graph, findings, shape, ["Who stands to whom in more than one way?", kind], said, ["partnergraph ask funds-the-rival"]
    )
