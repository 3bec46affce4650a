"""Commands about versions of the content: what changed between two of them, and writing one for others to build on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnergraph.base.spreadsheets import write_csv
from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, commands, one_of
from partnergraph.cli.output import page, tell, width, write_bytes
from partnergraph.content.folders import find_content

if TYPE_CHECKING:
    from partnergraph.history.changes import Change
    from partnergraph.history.comparing import Comparison

FORMATS = ("table", "csv", "json")


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
    draft: Annotated[
        bool,
        typer.Option(
            "--draft", help="For editors: corrections for what changed since the last release, as Turtle without reasons."
        ),
    ] = False,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="|".join(FORMATS), callback=one_of(FORMATS), help="How the answer is written.")
    ] = "table",
    content: ContentOption = None,
) -> None:
    """What was added, changed, withdrawn and redirected between two releases of the content, and why.

    Example: partnergraph changes 2026.11.0 2026.11.1 --of microsoft-openai-2019-investment
    """
    from partnergraph.history.changes import HEADINGS, as_rows
    from partnergraph.history.comparing import compare, only

    if draft:
        from partnergraph.history.drafts import draft as draft_corrections

        write_bytes(draft_corrections(find_content(content)).encode(), "turtle")
        return
    found = compare(find_content(content), first, second)
    shown = only(found, of, cause)
    if format == "csv":
        write_bytes(write_csv(HEADINGS, as_rows(shown)), "csv")
    elif format == "json":
        told = [change.record() for change in shown]
        write_bytes((json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(), "json")
    else:
        print_changes(found, shown)


def print_changes(found: Comparison, shown: list[Change]) -> None:
    """The changes for people, with how many there are."""
    from partnergraph.history.changes import as_text, counted

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
