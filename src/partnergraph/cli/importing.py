"""Commands that bring what users have: import and accept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnergraph.base.errors import QueryError
from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, TrustOption, commands, open_graph
from partnergraph.cli.output import echo, tell
from partnergraph.content.folders import find_content
from partnergraph.core.views import View
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    from partnergraph.api import Graph
    from partnergraph.intake.importing import Ask, Imported
    from partnergraph.intake.matching import Match

MAX_SHOWN = 12
MAX_WHY = 300
_CHOICES = {
    "unit": ("one", "thousand", "million", "billion", "trillion"),
    "dates": ("dmy", "mdy"),
    "decimal": ("point", "comma"),
}


@commands.command("import")
def import_(
    table: Annotated[Path, typer.Argument(metavar="FILE", help="A table: csv, tsv, xlsx, ods, jsonl.")],
    kind: Annotated[
        str,
        typer.Option(
            "--as", metavar="CLASS", help="The class of the claims, or followthemoney, bods, gleif; needed the first time."
        ),
    ] = "",
    mapping: Annotated[Path | None, typer.Option("--map", metavar="FILE", help="Another mapping than FILE.map.toml.")] = None,
    unit: Annotated[str, typer.Option(help="The unit of bare numbers: one, thousand, million, billion.")] = "",
    currency: Annotated[str, typer.Option(metavar="CODE", help="The currency of amounts that name none, such as USD.")] = "",
    dates: Annotated[str, typer.Option(metavar="dmy|mdy", help="What 04/05/2024 means.")] = "",
    decimal: Annotated[str, typer.Option(metavar="point|comma", help="What stands before decimals where it cannot be told.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of a workbook.")] = "",
    content: ContentOption = None,
    trust: TrustOption = False,
) -> None:
    """Make a draft of claims from a table; nothing is added until it is accepted.

    What each column holds is written to FILE.map.toml, what names mean to names.csv, rows that are no claims to
    FILE.rejected.csv with the reason. Edit the first two and run it again: it always gives the same for the same files.

    Example: partnergraph import deals.csv --as investment --content my-folder
    """
    from partnergraph.intake.importing import import_table

    settle = {"unit": unit, "currency": currency.upper(), "dates": dates, "decimal": decimal}
    for name, choices in _CHOICES.items():
        if settle[name] and settle[name] not in choices:
            raise QueryError(f"--{name} is one of {', '.join(choices)}, not {settle[name]!r}")
    if currency and not (currency.isalpha() and len(currency) == 3):
        raise QueryError(f"--currency is a code such as USD, not {currency!r}")
    graph = open_graph(View(), content, trust=trust)
    ask = _asker(graph) if sys.stdin is not None and sys.stdin.isatty() else None
    _say(graph, import_table(graph, table, kind, mapping=mapping, sheet=sheet, settle=settle, ask=ask))


def _asker(graph: Graph) -> Ask:
    from partnergraph.intake.matching import NEW, NOTHING

    def ask(match: Match) -> str | None:
        kinds = graph.kinds(match.candidates)
        options = [f"[{n}] {graph.names.label[iri]}, {kinds.get(iri, 'entity')}" for n, iri in enumerate(match.candidates, 1)]
        tell(clean(f"{match.name}  {' '.join(options)} [n]ew [s]kip [l]ater"))
        while True:
            try:
                answer = input("> ").strip().casefold()
            except (EOFError, UnicodeDecodeError):
                return None
            if answer.isdecimal() and 1 <= int(answer) <= len(match.candidates):
                return match.candidates[int(answer) - 1]
            if answer in {"n", "s", "l"}:
                return {"n": NEW, "s": NOTHING, "l": None}[answer]

    return ask


def _say(graph: Graph, done: Imported) -> None:
    counts = done.counts()
    read = len(done.table.rows)
    echo(f"read       {read} row{'' if read == 1 else 's'} ({clean(done.table.about)}) as {done.columns.kind}")
    echo("columns    " + clean(" · ".join(f"{heading} = {held}" for heading, held in done.columns.columns.items())))
    left = [heading for heading in done.table.headings if heading not in done.columns.columns]
    if left:
        echo(clean(f"           left out: {', '.join(left)}"))
    for end in done.unmapped:
        echo(clean(f"           needed: no column is {end}; write it beside a heading in the mapping, and run this again"))
    _say_names(graph, done)
    if done.order:
        echo(f"dates      days in figures are read as {done.order}")
    if done.decimal:
        echo(f"numbers    {done.decimal!r} stands before decimals")
    amounts = {kind: count for kind, count in done.amounts.items() if count}
    if amounts:
        echo("amounts    " + " · ".join(f"{count} {kind}" for kind, count in sorted(amounts.items())))
    echo(
        f"rows       {counts['added']} to be added · {counts['cited']} cite a claim that is there · {counts['known']} known already · "
        f"{counts['rejected']} rejected · {counts['passed over']} passed over"
    )
    for number, claim in done.contradicting[:MAX_SHOWN]:
        echo(f"contradict row {number} states another sum than {claim}: proposed pg:contradicts")
    for number, claim in done.versions[:MAX_SHOWN]:
        echo(f"version    row {number} states a sum, which {claim} does not: proposed pg:versionOf")
    for number, _, why in done.rejected[:MAX_SHOWN]:
        # What stands in a cell may be as long as a book.
        echo(f"rejected   row {number}: {clean(why)[:MAX_WHY]}")
    if len(done.rejected) > MAX_SHOWN:
        echo(f"           … and {len(done.rejected) - MAX_SHOWN} more")
    written = ", ".join(done.files) or "nothing: all files are as they were"
    tell(
        f"{len(done.draft.claims)} claims, {len(done.draft.citations)} citations, {len(done.draft.entities)} entities, "
        f"{len(done.draft.sources)} sources in the draft; wrote {clean(written)}"
    )


def _say_names(graph: Graph, done: Imported) -> None:
    by_how: dict[str, list[Match]] = {}
    for match in done.matches:
        how = match.how if match.how in {"exact", "decided", "asked", "new", "skipped"} else "by rule"
        by_how.setdefault(how, []).append(match)
    echo(f"names      {len(done.matches)}" + "".join(f" · {len(found)} {how}" for how, found in by_how.items()))
    for match in by_how.get("by rule", [])[:MAX_SHOWN]:
        echo(clean(f"           {match.name!r} = {compact(match.iri)}, {match.how}"))
    new = [match.name for match in by_how.get("new", [])]
    if new:
        echo(clean(f"           new: {', '.join(new[:MAX_SHOWN])}{' …' if len(new) > MAX_SHOWN else ''}"))
    for match in by_how.get("asked", [])[:MAX_SHOWN]:
        echo(
            clean(
                f"           {match.name!r}? {', '.join(graph.names.label[iri] for iri in match.candidates)}, or new: say it in names.csv"
            )
        )


@commands.command("accept")
def accept(
    draft: Annotated[
        Path, typer.Argument(metavar="DRAFT", help="What import has written (draft.ttl), or review has decided (candidates.jsonl).")
    ],
    content: ContentOption = None,
    trust: TrustOption = False,
) -> None:
    """Put a draft into your folder: it is checked with all the rest first, and all of it is put there or nothing.

    Example: partnergraph accept deals.draft.ttl --content my-folder
    """
    from partnergraph.intake.accepting import accept_decided, accept_draft
    from partnergraph.stores.sandbox.foreign import within_reason

    found = find_content(content, trust=trust)
    with within_reason(found):
        if draft.suffix == ".jsonl":
            done = accept_decided(open_graph(View(), content, trust=trust), draft)
        else:
            done = accept_draft(found, draft)
    for violation in done.refused:
        echo(str(violation))
    if done.refused:
        tell(f"{len(done.refused)} violations; nothing was written")
        raise typer.Exit(1)
    for warning in done.warnings[:MAX_SHOWN]:
        echo(str(warning))
    if len(done.warnings) > MAX_SHOWN:
        echo(f"… and {len(done.warnings) - MAX_SHOWN} more warnings")
    said = f"{done.added} added, {done.cited} citations added, {done.known} there already"
    tell(f"{said}; wrote {', '.join(clean(str(path)) for path in done.files) or 'nothing'}")
