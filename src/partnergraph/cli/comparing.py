"""Commands that compare: what claims differ on, what changed between two days, what came after what."""

from __future__ import annotations

import csv
import datetime
import io
import json
import textwrap
from typing import Annotated, Literal

import typer

from partnergraph.cli.app import commands, page, width, with_graph, with_lookups
from partnergraph.errors import QueryError
from partnergraph.graph import Graph
from partnergraph.readable import clean
from partnergraph.vocabulary import compact

DataFormat = Annotated[str, typer.Option("--format", "-f", metavar="table|csv|json", help="How the answer is written.")]


def write_rows(headings: list[str], rows: list[list[str]], format: str) -> None:
    """Rows for programs: CSV or JSON on stdout."""
    if format == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([headings, *rows])
        typer.echo(text.getvalue(), nl=False)
    elif format == "json":
        typer.echo(json.dumps([dict(zip(headings, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    else:
        raise QueryError(f"no format named {format!r}; take one of table, csv, json")


@commands.command("conflicts")
@with_lookups
def conflicts(
    graph: Graph,
    text: Annotated[str | None, typer.Argument(help="Only conflicts whose words contain this text.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")] = 0,
    format: DataFormat = "table",
) -> None:
    """Every contested point with its versions side by side, the most material first.

    Example: partnergraph conflicts DeepMind
    """
    from partnergraph.disagreement import conflicts as find_conflicts

    found = find_conflicts(graph)
    if text:
        found = [
            c for c in found if any(text.casefold() in words.casefold() for words in (c.question, *(v.label for v in c.versions)))
        ]
    shown = found[: limit or None]
    if format != "table":
        rows = [
            [c.question, c.nature, compact(v.claim), v.money(), v.attestation, v.tier, "yes" if v.preferred else "no", v.label]
            for c in shown
            for v in c.versions
        ]
        write_rows(["question", "nature", "claim", "value", "attestation", "tier", "preferred", "label"], rows, format)
        return
    lines: list[str] = []
    for number, conflict in enumerate(shown, 1):
        nature = f" · {conflict.nature}" if conflict.nature else ""
        lines += _wrapped(f"{number}. {conflict.question}{nature}", "", "   ")
        for version in conflict.versions:
            mark = ">" if version.preferred else " "
            value = version.money() or "no figure"
            lines += _wrapped(f"{mark} {value} · {version.attestation} · {version.tier} · {compact(version.claim)}", "   ", "     ")
            lines += _wrapped(version.label, "     ", "     ")
        if conflict.verdict:
            lines += _wrapped(conflict.verdict, "   ", "   ")
        lines.append("")
    lines.append(
        f"{len(shown)} of {len(found)} contested points; > = no version is better attested, better sourced or newer · {graph.view}"
    )
    page("\n".join(lines) + "\n")


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(clean(text), width(), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


@commands.command("diff")
@with_graph
def diff(
    graph: Graph,
    first: Annotated[str, typer.Argument(metavar="DAY", help="The first day, such as 2025-01-20.")],
    second: Annotated[str, typer.Argument(metavar="DAY", help="The second day.")],
    axis: Annotated[
        Literal["as-of", "known-by"], typer.Option(help="What changed in what holds, or in what was published.")
    ] = "as-of",
    entity: Annotated[str | None, typer.Option(help="Only claims that this entity is party to.")] = None,
    format: DataFormat = "table",
) -> None:
    """What began, ended and changed between two days.

    Example: partnergraph diff 2025-01-20 2025-01-22
    """
    from partnergraph.changes import diff as find_changes
    from partnergraph.timeline import timeline

    changes = find_changes(graph, first, second, "as of" if axis == "as-of" else "known by")
    words = ("began", "ended", "changed") if axis == "as-of" else ("became known", "no longer known", "better known")
    groups = dict(zip(words, (changes.began, changes.ended, changes.changed), strict=True))
    if entity is not None:
        own = {entry.claim for entry in timeline(graph, [graph.find_entity(entity)])}
        groups = {word: claims & own for word, claims in groups.items()}
    labels = graph.labels(claim for claims in groups.values() for claim in claims)
    spans = graph.intervals(claim for claims in groups.values() for claim in claims)
    rows = [
        [word, spans[claim], labels.get(claim, ""), compact(claim)]
        for word, claims in groups.items()
        for claim in sorted(claims, key=lambda c: (spans[c], c))
    ]
    if format != "table":
        write_rows(["change", "when", "label", "claim"], rows, format)
        return
    lines: list[str] = []
    for word, claims in groups.items():
        if claims:
            lines.append(f"{word} ({len(claims)})")
        for _, when, label, claim in (row for row in rows if row[0] == word):
            lines += textwrap.wrap(f"{when:<24}{clean(label)}", width(), initial_indent="  ", subsequent_indent=" " * 26)
            lines.append(" " * 26 + claim)
        if claims:
            lines.append("")
    counts = ", ".join(f"{len(claims)} {word}" for word, claims in groups.items())
    lines.append(f"from {first} to {second}: {counts} · content {graph.version}")
    page("\n".join(lines) + "\n")


@commands.command("timeline")
@with_graph
def timeline(
    graph: Graph,
    entities: Annotated[list[str], typer.Argument(metavar="ENTITY [ENTITY]...", help="Claims that all of them are party to.")],
    kind: Annotated[str | None, typer.Option("--kind", help="Only claims of this kind.")] = None,
    format: DataFormat = "table",
) -> None:
    """Events and intervals in order, as points and bars over the years.

    Example: partnergraph timeline Microsoft OpenAI --kind exclusivity
    """
    from partnergraph.timeline import as_rows, chart
    from partnergraph.timeline import timeline as find_entries

    entries = find_entries(graph, [graph.find_entity(name) for name in entities])
    if kind is not None:
        entries = [entry for entry in entries if entry.kind == kind.casefold()]
    if format != "table":
        headings = ["claim", "kind", "when", "startsEarliest", "startsLatest", "endsEarliest", "endsLatest", "label"]
        write_rows(headings, as_rows(entries), format)
        return
    today = graph.view.as_of or datetime.datetime.now(tz=datetime.UTC).date()
    text = chart(entries, width(), today) if entries else ""
    page(f"{text}{len(entries)} claims · {graph.view} · content {graph.version}\n")
