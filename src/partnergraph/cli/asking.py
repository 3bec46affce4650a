"""Commands that ask: named questions, any SPARQL, names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from partnergraph.answers import ROW_FORMATS, TRIPLE_FORMATS, Answer
from partnergraph.cli.app import app, width, with_graph, write_bytes
from partnergraph.errors import ParameterError, QueryError
from partnergraph.graph import Graph
from partnergraph.guard import MAX_QUERY_CHARACTERS
from partnergraph.vocabulary import compact

FORMATS = ["table", "markdown", *ROW_FORMATS, *TRIPLE_FORMATS]
FormatOption = Annotated[str, typer.Option("--format", "-f", metavar="|".join(FORMATS), help="How the answer is written.")]
RawOption = Annotated[bool, typer.Option("--raw", help="Short names and datatypes instead of labels and words.")]


@app.command()
@with_graph
def ask(
    graph: Graph,
    question: Annotated[str | None, typer.Argument(help="The name of a question; without it, the list of them.")] = None,
    values: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Values of the question's parameters.")] = None,
    format: FormatOption = "table",
    raw: RawOption = False,
    sources: Annotated[bool, typer.Option(help="List the claims and sources that the answer rests on.")] = True,
    show: Annotated[bool, typer.Option("--show", help="Print the question's SPARQL instead of asking it.")] = False,
) -> None:
    """Ask a named question.

    Example: partnergraph ask investments-in entity=OpenAI
    """
    if question is None:
        list_questions(graph)
        return
    query = graph.question(question)
    if show:
        typer.echo(query.text, nl=False)
        return
    given = parse_values(question, values or [], [parameter.name for parameter in query.parameters])
    answer = graph.ask(question, **given)
    if format == "table":
        typer.echo(query.title)
        if query.parameters:
            shown = {parameter.name: given.get(parameter.name, parameter.default) for parameter in query.parameters}
            typer.echo("  " + ", ".join(f"{name} = {value}" for name, value in shown.items()))
        typer.echo("")
    print_answer(graph, answer, format, raw=raw, sources=sources)


def list_questions(graph: Graph) -> None:
    """The questions by group, one line each, with what they take."""
    groups: dict[str, list[str]] = {}
    longest = max((len(name) for name in graph.questions), default=0)
    for name, query in graph.questions.items():
        usage = " ".join(parameter.usage() for parameter in query.parameters)
        line = f"  {name:<{longest}}  {query.title}" + (f"  [{usage}]" if usage else "")
        groups.setdefault(query.group, []).append(line)
    for group, lines in sorted(groups.items()):
        typer.echo(group)
        typer.echo("\n".join(lines) + "\n")
    typer.echo("Ask one: partnergraph ask investments-in entity=OpenAI")


def parse_values(question: str, values: list[str], names: list[str]) -> dict[str, str]:
    """``name=value`` words as a dict; a bare word is the value of the first parameter that is not given."""
    given: dict[str, str] = {}
    for word in values:
        name, equals, value = word.partition("=")
        if not equals:
            free = [known for known in names if known not in given]
            if not free:
                raise ParameterError(question, f"does not know what {word!r} is for; it takes {', '.join(names) or 'nothing'}")
            name, value = free[0], word
        given[name] = value
    return given


@app.command()
@with_graph
def query(
    graph: Graph,
    sparql: Annotated[str, typer.Argument(metavar="SPARQL|FILE|-", help="The query, a file that holds it, or - for standard input.")],
    format: FormatOption = "table",
    raw: RawOption = False,
    sources: Annotated[bool, typer.Option(help="List the claims and sources that the answer rests on.")] = False,
) -> None:
    """Ask any SPARQL 1.1 query; pg:, ent:, claim:, src: and the usual prefixes are known.

    Example: partnergraph query 'SELECT ?who WHERE { ?who pg:investedIn ent:openai }'
    """
    answer = graph.query(read_sparql(sparql))
    if answer.form == "triples" and format == "table":
        format = "turtle"
    print_answer(graph, answer, format, raw=raw, sources=sources)


def read_sparql(text: str) -> str:
    """The query text that the argument stands for."""
    if text == "-":
        return sys.stdin.read(MAX_QUERY_CHARACTERS + 1)
    if "{" in text or "\n" in text:
        return text
    path = Path(text)
    try:
        if path.is_file():
            with path.open(encoding="utf-8") as file:
                return file.read(MAX_QUERY_CHARACTERS + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{text}: cannot be read as a query: {error}") from None
    if text.endswith((".rq", ".sparql")):
        raise QueryError(f"{text}: no such file")
    return text


def print_answer(graph: Graph, answer: Answer, format: str, *, raw: bool, sources: bool) -> None:
    """The answer in the format asked for, on stdout."""
    if format not in FORMATS:
        raise QueryError(f"no format named {format!r}; take one of {', '.join(FORMATS)}")
    if format not in {"table", "markdown"}:
        write_bytes(answer.serialize(format))
        return
    if answer.form == "boolean":
        typer.echo("yes" if answer else "no")
        return
    from partnergraph import render

    content = render.raw_sheet(answer) if raw or answer.form == "triples" else render.sheet(graph, answer)
    if format == "markdown":
        typer.echo(render.markdown(content), nl=False)
        return
    typer.echo(render.table(content, width()), nl=False)
    rows = len(content.cells)
    typer.echo(f"\n{rows} row{'' if rows == 1 else 's'} · {graph.view} · content {graph.version}")
    if sources and content.claims:
        typer.echo("\n" + render.footnotes(graph, content.claims, width()), nl=False)


@app.command()
@with_graph
def find(
    graph: Graph,
    text: Annotated[str, typer.Argument(help="A part of a name.")],
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 30,
) -> None:
    """Find entities by any of their names.

    Example: partnergraph find copilot
    """
    hits = graph.names.search(text)
    if not hits:
        typer.echo(f"partnergraph: no name is like {text!r}", err=True)
        raise typer.Exit(1)
    kinds = graph.kinds(iri for iri, _ in hits[:limit])
    longest = max(len(compact(iri)) for iri, _ in hits[:limit])
    for iri, name in hits[:limit]:
        label = graph.names.label[iri]
        alias = f" (also {name})" if name != label else ""
        typer.echo(f"{compact(iri):<{longest}}  {label}{alias}, {kinds.get(iri, 'entity')}")
    if len(hits) > limit:
        typer.echo(f"… and {len(hits) - limit} more; --limit {len(hits)} shows all")
