"""Commands that ask: named questions, any SPARQL, names."""

from __future__ import annotations

import math
import os
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.errors import ParameterError, QueryError, QueryTimeout, UnknownName
from partnergraph.base.spreadsheets import write_csv
from partnergraph.base.texts import clean
from partnergraph.cli.app import commands, one_of, with_lookups
from partnergraph.cli.output import echo, tell, width, write_bytes
from partnergraph.content.finding import ANALYSES, find_nearest
from partnergraph.content.queries import ANY, Query
from partnergraph.rdf.terms import compact
from partnergraph.reading.answers import Answer
from partnergraph.stores.results import ROW_FORMATS, TRIPLE_FORMATS
from partnergraph.stores.sandbox.guard import MAX_QUERY_CHARACTERS
from partnergraph.stores.sandbox.limits import READABLE, at_most

# Formats for people; the others are for programs.
READ = ("table", "markdown")
FORMATS = [*READ, *ROW_FORMATS, *TRIPLE_FORMATS]
FormatOption = Annotated[
    str, typer.Option("--format", "-f", metavar="|".join(FORMATS), callback=one_of(FORMATS), help="How the answer is written.")
]
RawOption = Annotated[bool, typer.Option("--raw", help="Short names and datatypes instead of labels and words.")]


@commands.command("ask")
@with_lookups
def ask(
    graph: Graph,
    question: Annotated[str | None, typer.Argument(help="The name of a question; without it, the list of them.")] = None,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Values of the question's parameters.")
    ] = None,
    format: FormatOption = "table",
    raw: RawOption = False,
    sources: Annotated[bool, typer.Option(help="List the claims and sources that the answer rests on.")] = True,
    claims: Annotated[bool, typer.Option("--claims", help="Print only the names of the claims that the answer rests on.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the question's SPARQL and parameters instead of asking it.")] = False,
    rdf: Annotated[
        bool, typer.Option("--rdf", help="Print the questions themselves as RDF in Turtle, for SPARQL editors.")
    ] = False,
) -> None:
    """Ask a named question.

    Example: partnergraph ask investments-in entity=OpenAI
    """
    if rdf:
        from partnergraph.content.catalogue import describe

        chosen = [graph.question(question)] if question else list(graph.questions.values())
        echo(describe(chosen), end="")
        return
    if question is None:
        list_questions(graph)
        return
    query = choose_question(graph, question, values or [])
    if show:
        echo(query.text, end="")
        return
    given = parse_values(question, values or [], [parameter.name for parameter in query.parameters])
    answer = graph.ask(question, **given)
    if claims:
        from partnergraph.reading.sheets import cited_claims

        echo("".join(f"{compact(claim)}\n" for claim in cited_claims(answer)), end="")
        return
    if format == "table":
        print_question(query, given)
    form = "turtle" if answer.form == "triples" and format == "table" else format
    write_bytes(write_answer(graph, answer, form, raw=raw, sources=sources, hidden=graph.bound(query, given)), form)


def choose_question(graph: Graph, name: str, values: list[str]) -> Query:
    """The question of that name; otherwise raises UnknownName with the questions and commands that speak of the words."""
    if name in graph.questions:
        return graph.questions[name]
    if name in ANALYSES:
        raise UnknownName("question", name, hint=f"it is a command: partnergraph {name} --help")
    rest = " ".join(value for value in values if "=" not in value)
    # Either a name is misspelled, with a value after it, or these are the words of a question.
    asked = name if not rest or rest in graph.names else f"{name} {rest}"
    near = find_nearest(asked, f"{name} {rest}", graph.questions.values(), graph.names)
    lines = [f"  partnergraph show {asked!r}  What is claimed about it?"] if asked in graph.names else []
    lines += [clean(f"  {'partnergraph ' * (known in ANALYSES)}{known}  {title}") for known, title in near]
    raise UnknownName("question", asked, hint="\n".join(["the nearest are", *lines]) if lines else "'partnergraph ask' lists them")


def print_question(query: Query, given: dict[str, str]) -> None:
    """The head of an answer: what was asked, with which values, and what to know about it."""
    echo(clean(query.title))
    shown = query.defaults() | given
    if shown:
        echo("  " + ", ".join(f"{name} = {'any' if value == ANY else clean(value)}" for name, value in shown.items()))
    if query.description:
        echo(textwrap.fill(clean(query.description), width(), initial_indent="  ", subsequent_indent="  "))
    echo("")


def list_questions(graph: Graph) -> None:
    """The questions by group, one line each, with what they take."""
    groups: dict[str, list[str]] = {}
    longest = max((len(name) for name in graph.questions), default=0)
    for name, query in graph.questions.items():
        usage = " ".join(parameter.usage() for parameter in query.parameters)
        line = clean(f"  {name:<{longest}}  {query.title}" + (f"  [{usage}]" if usage else ""))
        groups.setdefault(query.group, []).append(line)
    for group, lines in sorted(groups.items(), key=lambda item: _numbered(item[0])):
        echo(clean(group))
        echo("\n".join(lines) + "\n")
    echo("Analyses, each a command of its own")
    echo("\n".join(f"  {name:<{longest}}  {title}" for name, (title, _) in ANALYSES.items()) + "\n")
    echo("Ask one: partnergraph ask investments-in entity=OpenAI · find one: partnergraph ask WORDS · read one: --show")


def _numbered(group: str) -> tuple[int, str]:
    number = group.partition(" ")[0]
    return (int(number) if number.isdecimal() else 99, group)


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


@commands.command("query")
@with_lookups
def query(
    graph: Graph,
    sparql: Annotated[
        str, typer.Argument(metavar="SPARQL|FILE|-", help="The query, a file that holds it, or - for standard input.")
    ],
    format: FormatOption = "table",
    raw: RawOption = False,
    sources: Annotated[bool, typer.Option(help="List the claims and sources that the answer rests on.")] = False,
    timeout: Annotated[float, typer.Option(min=0.01, max=86_400, metavar="SECONDS", help="Stop the query after so long.")] = 30,
    max_rows: Annotated[int, typer.Option("--max-rows", min=1, help="Refuse an answer with more rows.")] = 1_000_000,
) -> None:
    """Ask any SPARQL 1.1 query; pg:, ent:, claim:, src: and the usual prefixes are known.

    The query runs in a process of its own, with limits on time, rows and memory; it reaches neither network nor files.

    Example: partnergraph query 'SELECT ?who WHERE { ?who pg:investedIn ent:openai }'
    """
    if math.isnan(timeout):
        raise QueryError("--timeout takes a number of seconds")
    graph.limits = replace(graph.limits, seconds=timeout, rows=max_rows)
    if format in READ:
        graph.limits = replace(graph.limits, rows=min(max_rows, READABLE.rows), bytes=READABLE.bytes)
    text = read_sparql(sparql)
    # Until everything is ready to be written; how fast it is then taken is the reader's affair.
    with at_most(timeout, QueryTimeout(text, timeout)):
        answer = graph.query(text)
        form = "turtle" if answer.form == "triples" and format == "table" else format
        written = write_answer(graph, answer, form, raw=raw, sources=sources)
    write_bytes(written, form)


def read_sparql(text: str) -> str:
    """The query text that the argument stands for."""
    if text == "-":
        return read_input()
    if "{" in text or "\n" in text:
        return text
    path = Path(text)
    try:
        if text and os.path.isdir(text):  # noqa: PTH112
            raise QueryError(f"{text}: is a folder; name a file that holds a query")
        # Other than is_file() it takes what a shell gives for <(…); what is too long for a name is none.
        if text and os.path.exists(text):  # noqa: PTH110
            with path.open(encoding="utf-8") as file:
                return file.read(MAX_QUERY_CHARACTERS + 1)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise QueryError(f"{text}: cannot be read as a query: {error}") from None
    if text.endswith((".rq", ".sparql")):
        raise QueryError(f"{text}: no such file")
    return text


def read_input() -> str:
    """The query on standard input; raises QueryError where there is none."""
    if sys.stdin is None:
        raise QueryError("-: standard input is closed; give the query as text or as a file")
    try:
        return sys.stdin.read(MAX_QUERY_CHARACTERS + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"-: cannot be read as a query: {error}") from None


def write_answer(graph: Graph, answer: Answer, format: str, *, raw: bool, sources: bool, hidden: list[str] | None = None) -> bytes:
    """The answer in the format asked for; of a question, with ``hidden`` for the columns that say what was asked."""
    if format not in READ or answer.form == "triples":
        # The lossless formats are as the standard has them; CSV is for spreadsheets.
        tabled = format == "csv" and answer.form == "rows"
        return write_csv(answer.columns, answer.texts()) if tabled else answer.serialize(format)
    if answer.form == "boolean":
        return b"yes\n" if answer else b"no\n"

    from partnergraph.reading.citations import footnotes
    from partnergraph.reading.sheets import legend, sheet
    from partnergraph.reading.topics import beyond
    from partnergraph.show.sheet import condensed, markdown, raw_sheet, table

    content = raw_sheet(answer.columns, answer) if raw else sheet(graph, answer)
    if hidden is not None and not raw:
        content = condensed(content, hidden)
    if format == "markdown":
        return markdown(content).encode()
    rows = len(content.cells)
    parts = [f"{rows} row{'' if rows == 1 else 's'}", str(graph.view), f"content {graph.version}", legend(content)]
    text = table(content, width()) + "\n" + " · ".join(filter(None, parts)) + "\n"
    # A query that names no claims may not be about any.
    late = beyond(graph, content.claims) if content.claims or hidden is not None else ""
    text += textwrap.fill(late, width(), break_on_hyphens=False) + "\n" * bool(late)
    if sources and content.claims:
        text += "\n" + footnotes(graph, content.claims, width())
    return text.encode()


@commands.command("find")
@with_lookups
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
        tell(f"no name is like {text!r}")
        raise typer.Exit(1)
    kinds = graph.kinds(iri for iri, _ in hits[:limit])
    longest = max(len(compact(iri)) for iri, _ in hits[:limit])
    for iri, name in hits[:limit]:
        label = graph.names.label[iri]
        alias = f" (also {name})" if name != label else ""
        echo(clean(f"{compact(iri):<{longest}}  {label}{alias}, {kinds.get(iri, 'entity')}"))
    if len(hits) > limit:
        echo(f"… and {len(hits) - limit} more; --limit {len(hits)} shows all")
