"""Commands about versions of the content: what changed between two of them, and writing one for others to build on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, commands
from partnergraph.cli.comparing import DataFormat, write_rows
from partnergraph.cli.output import page, tell, width
from partnergraph.content.folders import find_content


@commands.command("changes")
def changes(
    first: Annotated[
        str | None,
        typer.Argument(metavar="[V1]", help="The earlier release, or a folder that holds one; without it, the last one."),
    ] = None,
    second: Annotated[
        str | None,
        typer.Argument(metavar="[V2]", help="The later release, or a folder that holds one; without it, the content as it is."),
    ] = None,
    of: Annotated[str | None, typer.Option("--of", metavar="NAME", help="Only of this claim, entity, source or dispute.")] = None,
    cause: Annotated[
        str | None, typer.Option("--cause", metavar="CAUSE", help="Only what is a correction, new source, new fact or ontology.")
    ] = None,
    format: DataFormat = "table",
    content: ContentOption = None,
) -> None:
    """What was added, changed, withdrawn and redirected between two releases of the content, and why.

    Example: partnergraph changes 2026.11.0 2026.11.1 --of microsoft-openai-2019-investment
    """
    from partnergraph.history.changes import HEADINGS, as_rows, as_text, counted
    from partnergraph.history.comparing import compare, only

    found = compare(find_content(content), first, second)
    shown = only(found, of, cause)
    if format != "table":
        write_rows(HEADINGS, as_rows(shown), format)
        return
    page(f"{as_text(shown, width())}\nfrom {clean(found.first)} to {clean(found.second)}: {counted(shown)}\n".removeprefix("\n"))


@commands.command("release")
def release(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; new, empty, or a release written earlier.")],
    since: Annotated[
        str | None, typer.Option("--since", metavar="V", help="The release that it is compared with; without it, the one before.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="URL", help="Where the folder will stand on the web, for descriptors and the feed."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Also keep the state in graph_data/releases/, from where on changes are owed a reason.")
    ] = False,
    content: ContentOption = None,
) -> None:
    """Write the newest release that graph_data/releases.ttl declares: dumps, tables, map, descriptors, changes, checksums.

    The same content gives the same bytes.

    Example: partnergraph release release-folder
    """
    from partnergraph.release.releasing import keep_state, make_release, write_release

    own = find_content(content)
    made = make_release(own, since, at)
    for path in write_release(made, folder):
        tell(f"wrote {clean(str(path))}")
    if keep:
        tell(f"kept {clean(str(keep_state(own, made.version)))}")
