"""The command that draws: map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.texts import clean
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import echo, tell
from partnergraph.rdf.terms import PG
from partnergraph.reading.claims import MARKS


@commands.command("map")
@with_lookups
def map_(
    graph: Graph,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the page.")] = Path("map.html"),
    focus: Annotated[str | None, typer.Option(metavar="ENTITY", help="What is around one entity.")] = None,
    path: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="The ways between two entities.")] = None,
    loops: Annotated[bool, typer.Option("--loops", help="Loops of money.")] = False,
    money: Annotated[bool, typer.Option("--money", help="Who pays whom: the money view; alone or with --focus.")] = False,
    family: Annotated[
        list[str] | None, typer.Option(metavar="FAMILY", help="Only one family of relations, such as money; may be repeated.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None, typer.Option(metavar="DAY DAY", help="What began and ended between two days.")
    ] = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(metavar="DAY|HOUSE", help="Several days side by side, or the money of several houses; give it once for each."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the page is called.")] = None,
    like: Annotated[Path | None, typer.Option(metavar="FILE", help="Leave entities where they stand on this earlier page.")] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a picture instead, without a browser: .svg, .png or .pdf.")
    ] = None,
    story: Annotated[
        list[Path] | None, typer.Option(metavar="FILE.md", help="Tell this story on the page; may be repeated. See docs/page.md.")
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Write the interactive map: one HTML file that works offline. Or a picture of it.

    Example: partnergraph map --focus OpenAI -o openai.html
    """
    page = graph.map(
        focus=focus,
        path=path,
        loops=loops,
        money=money,
        families=family or (),
        compare=compare,
        beside=beside or (),
        title=title,
        like=like,
        stories=story or (),
    )
    if picture is not None:
        output = page.write_picture(picture)
    else:
        page.write(output)
    claims = {str(row["claim"].value) for row in graph.project("claims").mappings()}
    possibly = {claim for mark in MARKS for claim in graph.engine.objects(sorted(claims), PG + mark)}
    if not claims:
        tell(f"no claim is in this view ({graph.view}), so the map is empty")
    elif claims == possibly:
        tell(f"no claim is surely in this view ({graph.view}); {len(claims)} are possibly, since their dates are not known")
    tell(f"{clean(str(output))}: {clean(page.purpose.title)}, {output.stat().st_size / 1000:,.0f} kB")
    echo(clean(str(output)))
    if open_it:
        typer.launch(output.resolve().as_uri())
