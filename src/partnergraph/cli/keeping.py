"""Commands that keep content right: check and fmt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.base.files import revise
from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, TrustOption, commands
from partnergraph.cli.output import echo, tell
from partnergraph.content.folders import find_content, read_bytes, turtle_files


@commands.command("check")
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Only what is wrong in these files; quicker while you write.")] = None,
    content: ContentOption = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="Also list what is to be mended in time.")] = False,
    trust: TrustOption = False,
) -> None:
    """Say what is wrong in the content, with file, line and repair; silent where nothing is.

    Warnings, for what old content may still have and new content should not, are counted, and listed with --warnings.

    Example: partnergraph check --content my-folder
    """
    from partnergraph.checks.violations import violations
    from partnergraph.stores.sandbox.foreign import within_reason

    own = find_content(content, trust=trust)
    with within_reason(own):
        found = violations(own, files or [])
    for violation in found:
        # That a file is not read explains whatever else seems to be missing.
        if warnings or not violation.warning or violation.subject == "file":
            echo(str(violation))
    wrong = sum(not violation.warning for violation in found)
    if found:
        places = len({violation.path for violation in found})
        counts = [_count(number, word) for number, word in ((wrong, "violation"), (len(found) - wrong, "warning")) if number]
        tell(f"{' and '.join(counts)} in {_count(places, 'file')}")
    if wrong:
        raise typer.Exit(1)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


@commands.command("fmt")
def fmt(
    files: Annotated[list[Path] | None, typer.Argument(help="Turtle files or folders; without them, the content.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; say which files would change.")] = False,
    content: ContentOption = None,
) -> None:
    """Write Turtle files in canonical form.

    Example: partnergraph fmt graph_data/claims
    """
    from partnergraph.rdf.turtle import format_turtle, refuse_restated

    if files:
        paths = [path for given in files for path in (turtle_files(given) if given.is_dir() else [given])]
    else:
        found = find_content(content)
        paths = [*found.own_shapes(), *found.own_files()] if found.below else [*turtle_files(found.ontology), *found.data_files()]
    changed = 0
    for path in paths:
        data = read_bytes(path)
        refuse_restated(path, data)
        canonical = format_turtle(path, data).encode()
        if canonical == data:
            continue
        changed += 1
        if not check:
            revise(path, canonical, data)
        echo(f"{'would change' if check else 'changed'} {clean(str(path))}")
    if check and changed:
        tell(f"{changed} of {len(paths)} files are not in canonical form; run 'partnergraph fmt'")
        raise typer.Exit(1)
