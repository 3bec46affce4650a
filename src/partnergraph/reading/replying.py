"""Answers as replies: what a question says in the one shape that all commands have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from partnergraph.base.texts import clean
from partnergraph.content.queries import ANY
from partnergraph.rdf.terms import PREFIXES, compact
from partnergraph.reading.gist import gist, nothing, quoted
from partnergraph.reading.notes import notes_of
from partnergraph.reading.sheets import cited_claims, legend, sheet
from partnergraph.reading.tabled import groups, in_order_of_time, table_of
from partnergraph.reading.topics import beyond
from partnergraph.show.records import Table
from partnergraph.show.reply import Drawn, Part, Reply
from partnergraph.show.sheet import condensed, markdown, table

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.reading.answers import Answer

# A row of an answer that is cut names so many of the claims that it rests on.
MOST_CLAIMS = 3
MONEY = frozenset({"amountMin", "totalMin", "committedMin"})


def footer(graph: GraphCore, rows: int | None = None, late: str = "") -> str:
    """How many rows there are, and what they were read from: the view with its notes and the version of the content."""
    counted = [] if rows is None else [f"{rows:,} row{'' if rows == 1 else 's'}"]
    return " · ".join([*counted, graph.scope_with(late), f"content {graph.version}"])


def reply_to(answer: Answer, understood: str = "", *, citing: bool = True, noted: bool = True) -> Reply:
    """The answer to a named question, or to any SELECT, as a reply; ``understood`` says what a sentence was taken for.

    Without ``citing`` marks lead to names of claims alone, and not ``noted`` they are not explained below.
    """
    graph, query = answer.graph, answer.question
    hidden = graph.bound(query, answer.values) if query else []
    sizes = groups(answer, whole="claim" in hidden)

    @cache
    def data() -> Table:
        return table_of(graph, answer, sizes, hidden)

    newest = in_order_of_time(data())

    def draw(limits: Sequence[int], width: int, as_markdown: bool, most: int | None = MOST_CLAIMS) -> Drawn:  # noqa: FBT001  # one of two forms
        first = sum(sizes[: -limits[0]]) if newest and limits[0] < len(sizes) else 0
        last = sum(sizes) if newest else sum(sizes[: limits[0]])
        content = condensed(sheet(graph, answer.part(first, last), None, most), hidden)
        text = markdown(content) if as_markdown else table(content, width) if content.cells else ""
        return Drawn([text], content.claims if noted or query else [], legend(content))

    heading = []
    if query:
        shown = ", ".join(f"{name} = {'any' if value == ANY else clean(value)}" for name, value in answer.values.items())
        heading = [query.title, *filter(None, (understood, shown, query.description))]
    if not sizes:
        # What a sentence narrowed has been told of already.
        finding = [] if answer.narrowed else nothing(graph, query, answer.values) if query else ["Nothing found."]
    else:
        finding = gist(graph, query, answer, data()) if query else []
    claims = cited_claims(answer) if graph.view.dated else []
    late = beyond(graph, claims) if claims or query else ""
    asked = {"question": query.name, "title": query.title, "values": dict(answer.values)} if query else {}
    return Reply(
        heading,
        finding,
        [Part("", len(sizes), data, newest=newest)] if sizes else [],
        draw if sizes else lambda *_: Drawn([], []),
        notes_of(graph),
        following=_next(answer, data()) if query and sizes else [],
        footer=footer(graph, len(sizes), late),
        asked=asked,
        citing=citing,
        whole=partial(draw, most=None) if sizes else None,
    )


def _next(answer: Answer, found: Table) -> list[str]:
    """What one would do next: the first claim, the sum unfolded, the map, the unknown."""
    graph, query = answer.graph, answer.question
    steps = [
        f"partnergraph claim {compact(key).removeprefix('claim:')}" for key in found.keys[:1] if key.startswith(PREFIXES["claim"])
    ]
    named = [
        answer.values[parameter.name]
        for parameter in (query.parameters if query else ())
        if parameter.kind in ("entity", "house") and not graph.is_open(parameter, answer.values[parameter.name])
    ]
    if MONEY & set(answer.columns) and named:
        ends = {word.partition("=")[0]: word.partition("=")[2] for word in (query.header.get("sum", "") if query else "").split()}
        payer, payee = (answer.values.get(ends.get(end, ""), "") for end in ("payer", "payee"))
        if payer and payee and ANY not in (payer, payee):
            steps.append(f"partnergraph why {quoted(payer)} {quoted(payee)}")
        elif payee or payer:
            steps.append(f"partnergraph ledger {quoted(payer or 'any')} {quoted(payee or 'any')}")
        steps.append(f"partnergraph ask what-is-not-known {quoted(named[0])}")
    if len(named) > 1:
        steps.append(f"partnergraph timeline {quoted(named[0])} {quoted(named[1])}")
    if named:
        steps.append(f"partnergraph map --focus {quoted(named[0])}")
    return steps
