"""The command that writes the graph or its network for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.errors import OutputError
from partnergraph.base.texts import clean
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import tell, write_bytes
from partnergraph.export import FORMATS, find_format


def known(format: str) -> str:
    """The format, if there is such a one; else no work is done for it."""
    return find_format(format).name


@commands.command("export")
@with_lookups
def export(
    graph: Graph,
    format: Annotated[
        str,
        typer.Argument(
            metavar="|".join(FORMATS), callback=known, help="The format; turtle to jsonld hold the graph, the others its network."
        ),
    ],
    file: Annotated[
        Path,
        typer.Argument(
            help="The file to write; csv and parquet make three beside it, -nodes, -edges and -ledger; - for standard output."
        ),
    ],
    excel: Annotated[
        bool, typer.Option("--excel", help="With csv: begin with a byte-order mark, by which Excel knows accents and Chinese.")
    ] = False,
    family: Annotated[
        list[str] | None, typer.Option("--family", help="Only edges of this family, such as money; repeatable.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only edges of this kind, such as investment; repeatable.")
    ] = None,
) -> None:
    """Write the graph, or its network, for other tools.

    Example: partnergraph export gexf network.gexf --family money --as-of 2026-06-01
    """
    from partnergraph.export import export as write
    from partnergraph.export import to_files

    if str(file) == "-":
        if len(find_format(format).parts) > 1:
            raise OutputError(f"{format} makes several files; name one, such as network.{format}")
        write_bytes(to_files(graph, format, family or (), kind or ())[""], format)
        return
    for path in write(graph, format, file, family or (), kind or (), excel=excel):
        tell(f"wrote {clean(str(path))}")
