"""Commands that put the graph elsewhere: a store on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.cli.app import ContentOption, app


@app.command()
def build(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the store; made if it is not there.")],
    content: ContentOption = None,
) -> None:
    """Build a store on disk, for graphs that take long to load; open it with --store DIR.

    Example: partnergraph build store --content my-folder
    """
    from partnergraph.built import build as build_store
    from partnergraph.content import find_content

    manifest = build_store(find_content(content), folder)
    typer.echo(f"partnergraph: {folder} holds {manifest.triples:,} triples, content {manifest.content}", err=True)
