"""Commands that compare: what claims differ on, what changed between two days, what came after what."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Annotated, Literal

import typer

from partnergraph.api import Graph
from partnergraph.base.errors import UnknownName
from partnergraph.cli.app import commands, with_lookups
from partnergraph.cli.output import echo, tell
from partnergraph.cli.replying import Shape, with_shape
from partnergraph.rdf.terms import compact

KindOption = Annotated[str | None, typer.Option("--kind", help="Only claims of this kind, such as investment.")]


def print_claims(claims: Iterable[str]) -> None:
    """The short names of claims, a line each."""
    echo("".join(f"{compact(claim)}\n" for claim in dict.fromkeys(claims)), end="")


@commands.command("conflicts")
@with_lookups
@with_shape
def conflicts(
    graph: Graph,
    about: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME|TEXT]...", help="Only conflicts about all of these: entities, or words.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")] = 0,
    *,
    shape: Shape,
) -> None:
    """Every contested point with its versions side by side, the most material first.

    Example: partnergraph conflicts Microsoft OpenAI
    """
    from partnergraph.reading.conflicts import conflicts as find
    from partnergraph.reading.conflicts import conflicts_reply
    from partnergraph.reading.speaking import about as speaking

    words = [part for word in about or [] for part in split_pair(graph, word)]
    every = find(graph)
    found = speaking(graph, every, words)[: limit or None]
    if words and not found:
        tell(
            f"none of {len(every)} contested points speaks of {' and '.join(map(repr, words))}; partnergraph find {words[0]!r} searches names and claims"
        )
    if shape.claims:
        print_claims(version.claim for point in found for version in point.versions)
        return
    shape.print(conflicts_reply(graph, found, " and ".join(words)))


def split_pair(graph: Graph, word: str) -> list[str]:
    """The names of a pair that was typed as one word, such as ``NVIDIA-OpenAI``; otherwise the word itself."""
    if word in graph.names:
        return [word]
    for sign in (" and ", " vs ", " - ", "–", "-", "/", "&", ","):
        parts = [part.strip() for part in re.split(re.escape(sign), word)]
        if len(parts) > 1 and all(part in graph.names for part in parts):
            return parts
    return [word]


@commands.command("diff")
@with_lookups
@with_shape
def diff(
    graph: Graph,
    first: Annotated[str, typer.Argument(metavar="DAY", help="The first day, such as 2025-01-20.")],
    second: Annotated[str, typer.Argument(metavar="DAY", help="The second day.")],
    axis: Annotated[
        Literal["as-of", "known-by"], typer.Option(help="What changed in what holds, or in what was published.")
    ] = "as-of",
    entity: Annotated[str | None, typer.Option(help="Only claims that this entity is party to.")] = None,
    kind: KindOption = None,
    *,
    shape: Shape,
) -> None:
    """What began, ended and changed between two days.

    Example: partnergraph diff 2025-01-20 2025-01-22
    """
    from partnergraph.core.views import parse_day
    from partnergraph.rdf.terms import expand
    from partnergraph.reading import changes
    from partnergraph.reading.timeline import timeline

    if str(parse_day(first)) > str(parse_day(second)):
        tell(f"the days stand in the other order: from {second} to {first}")
        first, second = second, first
    time: changes.Axis = "as of" if axis == "as-of" else "known by"
    found = changes.diff(graph, first, second, time)
    own = None if entity is None else {entry.claim for entry in timeline(graph, [graph.find_entity(entity)])}
    rows = changes.as_rows(graph, found, time, own)
    if kind is not None:
        wanted = find_kind(graph, kind)
        kinds = graph.kinds([str(expand(row[3])) for row in rows])
        rows = [row for row in rows if kinds.get(str(expand(row[3]))) == wanted]
    if shape.claims:
        print_claims(str(expand(row[3])) for row in rows)
        return
    shape.print(
        changes.changes_reply(
            graph,
            rows,
            time,
            (first, second),
            graph.labels([graph.find_entity(entity)]).get(graph.find_entity(entity), entity) if entity else "",
        )
    )


def find_kind(graph: Graph, name: str) -> str:
    """The label of a class of claims by what a person calls it."""
    iri = graph.find_class(name)
    return graph.labels([iri]).get(iri, name)


@commands.command("timeline")
@with_lookups
@with_shape
def timeline(
    graph: Graph,
    entities: Annotated[list[str], typer.Argument(metavar="ENTITY [ENTITY]...", help="Claims that all of them are party to.")],
    kind: KindOption = None,
    *,
    shape: Shape,
) -> None:
    """Events and intervals in order, as points and bars over the years.

    Example: partnergraph timeline Microsoft OpenAI --kind exclusivity
    """
    from partnergraph.rdf.names import fold, nearest_names
    from partnergraph.reading.timeline import timeline as find_entries
    from partnergraph.reading.timeline import timeline_reply

    iris = [graph.find_entity(name) for name in entities]
    entries = find_entries(graph, iris)
    if kind is not None:
        kinds = dict.fromkeys(entry.kind for entry in entries)
        entries = [entry for entry in entries if fold(entry.kind) == fold(kind.removeprefix("pg:"))]
        if not entries:
            raise UnknownName("kind of claim", kind, nearest_names(kind, kinds), f"there are {', '.join(kinds) or 'none'}")
    if shape.claims:
        print_claims(entry.claim for entry in entries)
        return
    today = graph.view.as_of or datetime.datetime.now(tz=datetime.UTC).date()
    labels = graph.labels(iris)
    shape.print(timeline_reply(graph, entries, [labels.get(iri, iri) for iri in iris], today))
