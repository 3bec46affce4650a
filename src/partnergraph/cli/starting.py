"""Commands with which a folder of one's own begins and goes on: init, new, upgrade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnergraph.base.errors import QueryError
from partnergraph.base.texts import clean
from partnergraph.cli.app import ContentOption, TrustOption, commands, open_graph
from partnergraph.cli.output import echo, tell, width
from partnergraph.core.views import View


@commands.command("init")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    field: Annotated[str, typer.Option("--field", metavar="TEXT", help="What its claims are about, such as 'Quantum computing'.")],
    alone: Annotated[bool, typer.Option("--alone", help="Stand on the shipped ontology only, not on its claims.")] = False,
) -> None:
    """Begin a folder of your own that stands on the shipped content: where it says so, with an example of everything.

    Example: partnergraph init quantum --field "Quantum computing"
    """
    from partnergraph.content.folders import shipped_content
    from partnergraph.intake.starting import begin
    from partnergraph.stores.manifest import package_version

    version = f"{package_version()} {shipped_content().version}"
    for path in begin(folder, " ".join(field.split()) or "My field", alone=alone, version=version):
        echo(clean(str(path)))
    tell(clean(f"next: partnergraph check --content {folder}"))


@commands.command("new")
def new(
    sort: Annotated[str, typer.Argument(metavar="claim|entity|source|class|question", help="What is new.")],
    name: Annotated[str, typer.Argument(help="What it is called.")] = "",
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=VALUE]...",
            help="What is known already: from, to, label, date, amount, source, locator, stage and all that its class has (valuation, quantity, unit, measure, capacity, stake, leadInvestor …) of a claim, several parties by saying their role again; title, url, issued or undated, tier, publisher, primary of a source; alias of an entity.",
        ),
    ] = None,
    kind: Annotated[str, typer.Option("--as", metavar="CLASS", help="Of which class.")] = "",
    write: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="Add the block to this file, in canonical form; a question makes a file of its own."
        ),
    ] = None,
    content: ContentOption = None,
    trust: TrustOption = False,
) -> None:
    """Print the block of something new, with what its class takes; what stands in capitals is yours to replace.

    Example: partnergraph new claim amazon-openai --as investment from=Amazon to=OpenAI amount="up to 2bn USD" date=2026-05
    """
    from partnergraph.intake.blocks import new_block

    given: dict[str, list[str]] = {}
    for word in [*([name] if "=" in name else []), *(values or [])]:
        key, equals, value = word.partition("=")
        if not equals:
            raise QueryError(f"{word!r} is no NAME=VALUE, such as from=Amazon")
        given.setdefault(key, []).append(value)
    name = "" if "=" in name else name
    block = new_block(open_graph(View(), content, trust=trust), sort, kind, name, given)
    if write is not None:
        from partnergraph.intake.appending import append_block

        append_block(write, block.text)
        named = block.text.partition("\n")[0] if sort != "question" else name
        tell(clean(f"added {named} to {write}"))
        return
    if block.card is not None:
        tell(block.card.text(width()))
    echo(block.text, end="")
    tell(clean(f"put it into {block.path}, or say --write FILE"))


@commands.command("upgrade")
def upgrade(
    write: Annotated[
        bool, typer.Option("--write", help="Write the renamings into your files; without it nothing changes.")
    ] = False,
    content: ContentOption = None,
    trust: TrustOption = False,
) -> None:
    """Say what of your folder a newer version of what it stands on touches: names renamed or gone, claims that it now has, too.

    Example: partnergraph upgrade --content my-folder
    """
    from partnergraph.intake.upgrading import rewrite, touched

    found = touched(open_graph(View(), content, trust=trust))
    for one in found:
        echo(clean(str(one)))
    if write:
        tell(f"wrote {', '.join(clean(str(path)) for path in rewrite(found)) or 'nothing'}")
    elif found:
        tell(f"{len(found)} places; {sum(one.renamed is not None for one in found)} can be written with --write")
