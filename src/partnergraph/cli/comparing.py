"""Commands that compare: what claims differ on, what changed between two days, what came after what."""

from __future__ import annotations

import datetime
import json
import textwrap
from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from partnergraph.api import Graph
from partnergraph.base.spreadsheets import write_csv
from partnergraph.cli.app import commands, one_of, with_graph, with_lookups
from partnergraph.cli.output import page, width, write_bytes

FORMATS = ("table", "csv", "json")
DataFormat = Annotated[
    str, typer.Option("--format", "-f", metavar="|".join(FORMATS), callback=one_of(FORMATS), help="How the answer is written.")
]


def write_rows(headings: Sequence[str], rows: Sequence[Sequence[object]], format: str) -> None:
    """Rows for programs: CSV or JSON on stdout."""
    if format == "csv":
        write_bytes(write_csv(headings, rows), "csv")
    else:
        listed = [dict(zip(headings, row, strict=True)) for row in rows]
        write_bytes((json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode(), "json")


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
    from partnergraph.reading import conflicts as points

    found = [point for point in points.conflicts(graph) if text is None or point.speaks_of(text)]
    shown = found[: limit or None]
    if format != "table":
        write_rows(points.HEADINGS, points.as_rows(shown), format)
        return
    texts = [point.text(number, width()) for number, point in enumerate(shown, 1)]
    legend = "> = no version is better attested, better sourced or newer"
    foot = textwrap.fill(f"{len(shown)} of {len(found)} contested points; {legend} · {graph.view}", width())
    page("\n".join([*texts, f"{foot}\n"]))


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
    from partnergraph.reading import changes
    from partnergraph.reading.timeline import timeline

    time: changes.Axis = "as of" if axis == "as-of" else "known by"
    found = changes.diff(graph, first, second, time)
    own = None if entity is None else {entry.claim for entry in timeline(graph, [graph.find_entity(entity)])}
    rows = changes.as_rows(graph, found, time, own)
    if format != "table":
        write_rows(changes.HEADINGS, rows, format)
        return
    body, _, counts = changes.as_text(rows, time, width()).rpartition("\n")
    page(f"{body}\nfrom {first} to {second}: {counts} · content {graph.version}\n".removeprefix("\n"))


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
    from partnergraph.base.errors import UnknownName
    from partnergraph.rdf.names import fold, nearest_names
    from partnergraph.reading.timeline import HEADINGS, as_rows, chart
    from partnergraph.reading.timeline import timeline as find_entries

    entries = find_entries(graph, [graph.find_entity(name) for name in entities])
    if kind is not None:
        kinds = dict.fromkeys(entry.kind for entry in entries)
        entries = [entry for entry in entries if fold(entry.kind) == fold(kind.removeprefix("pg:"))]
        if not entries:
            raise UnknownName("kind of claim", kind, nearest_names(kind, kinds), f"there are {', '.join(kinds) or 'none'}")
    if format != "table":
        write_rows(HEADINGS, as_rows(entries), format)
        return
    today = graph.view.as_of or datetime.datetime.now(tz=datetime.UTC).date()
    text = chart(entries, width(), today) if entries else ""
    page(f"{text}{len(entries)} claim{'' if len(entries) == 1 else 's'} · {graph.view} · content {graph.version}\n")
