"""Commands that put the graph elsewhere: a store on disk, a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, TrustOption, commands, with_graph
from partnergraph.cli.output import tell


@commands.command("build")
def build(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the store; made if it is not there.")],
    content: ContentOption = None,
    trust: TrustOption = False,
) -> None:
    """Build a store on disk, for graphs that take long to load; open it with --store DIR.

    Example: partnergraph build store --content my-folder
    """
    from partnergraph.content.folders import SHOWN_DIGITS, find_content
    from partnergraph.stores.disk import build as build_store
    from partnergraph.stores.sandbox.foreign import within_reason

    found = find_content(content, trust=trust)
    with within_reason(found):
        manifest = build_store(found, folder)
    tell(f"{clean(str(folder))} holds {manifest.triples:,} triples, content {manifest.content[:SHOWN_DIGITS]}")


@commands.command("push")
@with_graph
def push(
    graph: Graph,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of the server's Graph Store Protocol.")],
    into: Annotated[
        str | None, typer.Option("--into", metavar="IRI", help="The graph to replace; without it the default one.")
    ] = None,
    queries: Annotated[
        str | None, typer.Option("--queries", metavar="URL", help="Where the server takes queries; known of usual servers.")
    ] = None,
    updates: Annotated[
        str | None, typer.Option("--updates", metavar="URL", help="Where the server takes updates; known of usual servers.")
    ] = None,
) -> None:
    """Replace a graph on a SPARQL server with this one, all or nothing; ask it with --endpoint.

    Credentials are taken from the environment: PARTNERGRAPH_TOKEN, or PARTNERGRAPH_USER and PARTNERGRAPH_PASSWORD.

    Example: partnergraph push http://localhost:7878/store
    """
    from partnergraph.stores.addresses import check_address
    from partnergraph.stores.push import push as push_store

    check_address(url)
    count = push_store(graph.store, url, into, queries=queries, updates=updates)
    tell(f"{url} holds {len(graph.store):,} triples, sent in {count} piece{'' if count == 1 else 's'}")
