"""Commands that keep content right: check and fmt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.base.files import replace
from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, commands
from partnergraph.cli.output import echo, tell
from partnergraph.content.folders import find_content, read_bytes, turtle_files


@commands.command("check")
def check(content: ContentOption = None) -> None:
    """Say what is wrong in the content, with file, line and repair; silent where nothing is.

    Example: partnergraph check --content my-folder
    """
    from partnergraph.checks.violations import violations

    found = violations(find_content(content))
    for violation in found:
        echo(str(violation))
    if found:
        files = len({violation.path for violation in found})
        count = "1 violation" if len(found) == 1 else f"{len(found)} violations"
        tell(f"{count} in {files} file{'' if files == 1 else 's'}")
        raise typer.Exit(1)


@commands.command("fmt")
def fmt(
    files: Annotated[list[Path] | None, typer.Argument(help="Turtle files or folders; without them, the content.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; say which files would change.")] = False,
    content: ContentOption = None,
) -> None:
    """Write Turtle files in canonical form.

    Example: partnergraph fmt graph_data/claims
    """
    from partnergraph.rdf.turtle import format_turtle

    if files:
        paths = [path for given in files for path in (turtle_files(given) if given.is_dir() else [given])]
    else:
        found = find_content(content)
        paths = [*turtle_files(found.ontology), *found.data_files()]
    changed = 0
    for path in paths:
        data = read_bytes(path)
        canonical = format_turtle(path, data).encode()
        if canonical == data:
            continue
        changed += 1
        echo(f"{'would change' if check else 'changed'} {clean(str(path))}")
        if not check:
            replace(path, canonical)
    if check and changed:
        tell(f"{changed} of {len(paths)} files are not in canonical form; run 'partnergraph fmt'")
        raise typer.Exit(1)
