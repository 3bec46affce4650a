"""Commands that answer others: serve, mcp, site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.texts import clean
from partnergraph.cli.app import (
    ContentOption,
    CopyOption,
    EndpointOption,
    OnServerOption,
    StoreOption,
    TrustOption,
    commands,
    open_graph,
    with_graph,
)
from partnergraph.core.views import View


@commands.command("serve")
def serve(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The address of this machine to listen at; 0.0.0.0 for all.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="NUMBER", help="The port to listen at.")] = 8000,
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="Where readers find the site, if a proxy stands before it.")
    ] = "",
    workers: Annotated[
        int, typer.Option(metavar="NUMBER", help="How many queries run at once; 0 for as many as there are cores.")
    ] = 0,
    rate: Annotated[float, typer.Option(metavar="NUMBER", help="Requests a second from one address; 0 for any number.")] = 20.0,
    log: Annotated[str, typer.Option(metavar="quiet|errors|requests", help="What is logged on standard error.")] = "errors",
    content: ContentOption = None,
    trust: TrustOption = False,
    store: StoreOption = None,
    endpoint: EndpointOption = None,
    on_server: OnServerOption = None,
    copy: CopyOption = False,
) -> None:
    """Serve the graph: pages, a SPARQL endpoint, linked data and feeds, until Ctrl-C.

    Example: partnergraph serve --port 8000
    """
    from partnergraph.server.launch import serve as run
    from partnergraph.server.settings import Settings

    settings = Settings(host, port, base_url.rstrip("/"), workers or os.cpu_count() or 1, rate, log)

    def opened() -> Graph:
        return open_graph(View(), content, store, endpoint, on_server, copy=copy, trust=trust, whole=True)

    graph = opened()
    path: Path | None = getattr(graph.engine, "path", None)
    raise typer.Exit(run(graph, settings, opened if path is not None else None))


@commands.command("mcp")
@with_graph
def mcp(graph: Graph) -> None:
    """Serve the graph to an assistant over the Model Context Protocol, on standard input and output.

    Example: partnergraph mcp --as-of 2026-06-01
    """
    from partnergraph.base.extras import needed

    needed("mcp", "mcp")
    from partnergraph.mcp.stdio import serve_stdio

    serve_stdio(graph)


@commands.command("site")
@with_graph
def site(
    graph: Graph,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; a new one, or one with an earlier site.")],
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="Where the files will be found, for the site map.")
    ] = "",
) -> None:
    """Write all pages as files that any web host serves.

    Example: partnergraph site public
    """
    from partnergraph.cli.output import echo, tell
    from partnergraph.server.static import write_site

    count = write_site(graph, folder, base_url.rstrip("/"))
    tell(f"{clean(str(folder))}: {count:,} pages")
    echo(clean(str(folder / "index.html")))
