"""Commands that ask: named questions, any SPARQL, names."""

from __future__ import annotations

import math
import os
import re
import shlex
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.errors import ParameterError, QueryError, QueryTimeout, UnknownName
from partnergraph.base.spreadsheets import write_csv
from partnergraph.base.texts import clean, decoded
from partnergraph.cli.app import commands, one_of, with_lookups
from partnergraph.cli.output import echo, tell, width, write_bytes
from partnergraph.cli.replying import FORMATS as REPLY_FORMATS
from partnergraph.cli.replying import ExcelOption, LongOption, Shape, ToOption, height, print_reply, with_shape
from partnergraph.content.finding import ANALYSES, find_nearest
from partnergraph.content.queries import Query
from partnergraph.core.views import make_view
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import compact
from partnergraph.reading.answers import Answer
from partnergraph.stores.results import ROW_FORMATS, TRIPLE_FORMATS
from partnergraph.stores.sandbox.guard import MAX_QUERY_CHARACTERS
from partnergraph.stores.sandbox.limits import READABLE, at_most

if TYPE_CHECKING:
    from partnergraph.reading.understanding import Reading

# Formats for people; the others are for programs.
READ = ("table", "markdown")
FORMATS = [*READ, *ROW_FORMATS, *TRIPLE_FORMATS]
FormatOption = Annotated[
    str, typer.Option("--format", "-f", metavar="|".join(FORMATS), callback=one_of(FORMATS), help="How the answer is written.")
]
STEPS = ("month", "quarter", "year")
# Those of SPARQL by the names that tell them from ours: what a program that speaks SPARQL wants.
ASKED = {"tsv": "tsv", "xml": "xml", "srj": "json"}
ASK_FORMATS = [*REPLY_FORMATS, *ASKED]
AskFormat = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(ASK_FORMATS),
        callback=one_of(ASK_FORMATS),
        help="How the answer is written; tsv, xml and srj are SPARQL's own.",
    ),
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
    format: AskFormat = "table",
    long: LongOption = False,
    output: ToOption = None,
    excel: ExcelOption = False,
    raw: RawOption = False,
    sources: Annotated[bool, typer.Option(help="List the sources of the claims that the answer rests on.")] = True,
    claims: Annotated[bool, typer.Option("--claims", help="Print only the names of the claims that the answer rests on.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the question's SPARQL and parameters instead of asking it.")] = False,
    every: Annotated[
        str,
        typer.Option(
            "--every",
            metavar="|".join(STEPS),
            callback=lambda value: value and one_of(STEPS)(value),
            help="Ask as of one day after another.",
        ),
    ] = "",
    first: Annotated[str | None, typer.Option("--first", metavar="DAY", help="With --every: the first day.")] = None,
    last: Annotated[str | None, typer.Option("--last", metavar="DAY", help="With --every: the last day.")] = None,
    chart: Annotated[Path | None, typer.Option("--chart", metavar="FILE", help="With --every: draw it as PNG, SVG or PDF.")] = None,
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
        list_questions(graph, long=long)
        return
    words = values or []
    form = Form(format, long, output, excel, raw=raw, sources=sources, claims=claims)
    bare = sum("=" not in word for word in words)
    if question in graph.questions and bare <= len(graph.questions[question].parameters):
        query = graph.questions[question]
        if show:
            echo(query.text, end="")
            return
        given = parse_values(question, words, [parameter.name for parameter in query.parameters])
        if every:
            from partnergraph.cli.serial import print_series

            print_series(graph.series(question, every=every, first=first, last=last, **given), format, chart)
            return
        if first or last or chart:
            raise QueryError("--first, --last and --chart belong to a series: add --every month, quarter or year")
        print_answer(graph, graph.ask(question, **given), form)
        return
    if every or first or last or chart:
        raise QueryError("a series is of a named question: 'partnergraph ask' lists them")
    ask_in_words(graph, question, words, form, show=show)


@dataclass(frozen=True)
class Form:
    """How an answer is to be written."""

    format: str = "table"
    long: bool = False
    output: Path | None = None
    excel: bool = False
    raw: bool = False
    sources: bool = True
    claims: bool = False


def print_answer(graph: Graph, answer: Answer, form: Form, understood: str = "", told: Sequence[str] = ()) -> None:
    """The answer to a question in the form asked for."""
    if form.claims:
        from partnergraph.reading.sheets import cited_claims

        echo("".join(f"{compact(claim)}\n" for claim in cited_claims(answer)), end="")
    elif form.raw:
        write_bytes(write_answer(graph, answer, form.format, raw=True, sources=form.sources, long=form.long), form.format)
    elif form.format in ASKED or answer.form != "rows":
        own = ASKED.get(form.format, "turtle" if answer.form == "triples" else "json")
        write_bytes(answer.serialize(own), own)
    else:
        from partnergraph.reading.replying import reply_to

        reply = reply_to(answer, understood, citing=form.sources)
        reply = replace(reply, finding=[*told, *reply.finding]) if told else reply
        print_reply(reply, form.format, long=form.long, to=form.output, excel=form.excel)


def ask_in_words(graph: Graph, question: str, words: list[str], form: Form, *, show: bool) -> None:
    """Asks what a sentence means; says what it was taken for, and asks back where two readings are near."""
    from partnergraph.reading.narrowing import narrowed
    from partnergraph.reading.understanding import COMMANDS, understand

    if any("=" in word for word in words) or (question in ANALYSES and not words):
        choose_question(graph, question, words)
    sentence = " ".join([question, *words])
    readings = understand(graph, sentence)
    if not readings:
        choose_question(graph, question, words)
    if len(readings) > 1:
        options = [f"  {one.command}  {one.title}".rstrip() for one in readings]
        raise QueryError(clean(f"{sentence!r} may mean several things; ask one of these") + "\n" + "\n".join(map(clean, options)))
    best = readings[0]
    if show:
        echo(clean(best.command))
        return
    if best.target in COMMANDS:
        tell(best.words)
        run_command(graph, best, form)
        return
    best = likeliest(graph, best)
    view = make_view(best.view.get("as_of"), best.view.get("known_by"), best.view.get("attested"))
    answer, told = narrowed(graph.within(view).ask(best.target, **best.values), best.naming, best.span)
    total = len(graph.within(view).ask(best.target, **best.values))
    print_answer(graph, answer, form, best.words, [line.replace("{}", str(total)) for line in told])


def likeliest(graph: Graph, best: Reading) -> Reading:
    """The reading itself, or where its answer is empty one in which a name stands in another place."""
    view = make_view(best.view.get("as_of"), best.view.get("known_by"), best.view.get("attested"))
    within = graph.within(view)
    for one in (best, *best.others(graph.questions[best.target])):
        if len(within.ask(one.target, **one.values)):
            return one
    return best


def run_command(graph: Graph, best: Reading, form: Form) -> None:
    """Runs another command on the same graph."""
    from partnergraph.cli.app import Shelf, opened_already

    words = [word for argument in best.arguments for word in shlex.split(argument)]
    options = [
        *(["--long"] if form.long else []),
        *(["--format", form.format] if form.format in REPLY_FORMATS and form.format != "table" else []),
    ]
    options += ["--output", str(form.output)] if form.output else []
    options += [f"--{name.replace('_', '-')}={value}" for name, value in best.view.items()]
    if best.target == "map":
        options = []
    with opened_already(graph):
        Shelf()[best.target].main([*words, *options], standalone_mode=False)


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


def list_questions(graph: Graph, *, long: bool) -> None:
    """The questions by group: so many of each group and how to see them, or ``long`` each with what it takes."""
    groups: dict[str, list[Query]] = {}
    for query in graph.questions.values():
        groups.setdefault(query.group, []).append(query)
    if not long:
        echo("Ask in your own words, or by the name of a question:\n")
        for line in EXAMPLES:
            echo(f"  partnergraph ask {line}")
        echo(f"\n{len(graph.questions)} named questions; partnergraph ask --long has all of them with what they take\n")
        for group, members in sorted(groups.items(), key=lambda item: _numbered(item[0])):
            names = ", ".join(query.name for query in members)
            echo(textwrap.shorten(clean(f"{group} ({len(members)}): {names}"), max(width(), 60), placeholder=" …"))
        echo("\nAnalyses, each a command of its own")
        echo(textwrap.fill(", ".join(ANALYSES), width(), initial_indent="  ", subsequent_indent="  "))
        return
    longest = max((len(name) for name in graph.questions), default=0)
    for group, members in sorted(groups.items(), key=lambda item: _numbered(item[0])):
        echo(clean(group))
        for query in members:
            usage = " ".join(parameter.usage() for parameter in query.parameters)
            echo(clean(f"  {query.name:<{longest}}  {query.title}" + (f"  [{usage}]" if usage else "")))
        echo()
    echo("Analyses, each a command of its own")
    echo("\n".join(f"  {name:<{longest}}  {title}" for name, (title, _) in ANALYSES.items()) + "\n")
    echo("Ask one: partnergraph ask investments-in entity=OpenAI · find one: partnergraph ask WORDS · read one: --show")


EXAMPLES = (
    "who funds anthropic",
    "is azure exclusive for openai on 2024-06-01",
    "what did microsoft pay openai by 2025",
    "investments-in OpenAI",
    "stakes owned=OpenAI --as-of 2025-10-28",
)


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
    long: LongOption = False,
) -> None:
    """Ask any SPARQL 1.1 query; pg:, ent:, claim:, src: and the usual prefixes are known.

    The query runs in a process of its own, with limits on time, rows and memory; it reaches neither network nor files.

    Dates may be partial: compare pg:startsEarliest, pg:startsLatest, pg:endsEarliest or pg:endsLatest, which are full days,
    not pg:date, pg:begin or pg:end, of which a comparison leaves out months and years.

    Example: partnergraph query 'SELECT ?who WHERE { ?who pg:investedIn ent:openai }'
    """
    if math.isnan(timeout):
        raise QueryError("--timeout takes a number of seconds")
    graph.limits = replace(graph.limits, seconds=timeout, rows=max_rows)
    if format in READ:
        graph.limits = replace(graph.limits, rows=min(max_rows, READABLE.rows), bytes=READABLE.bytes)
    text = read_sparql(sparql)
    if partial := compared_dates(text):
        tell(f"{partial} may be a month or a year, which a comparison with a day leaves out; compare pg:startsEarliest and its kin")
    # Until everything is ready to be written; how fast it is then taken is the reader's affair.
    with at_most(timeout, QueryTimeout(text, timeout)):
        answer = graph.query(text)
        form = "turtle" if answer.form == "triples" and format == "table" else format
        written = write_answer(graph, answer, form, raw=raw, sources=sources, long=long)
    write_bytes(written, form)


PARTIAL = re.compile(r"(?:pg:(?:date|begin|end|agreedEnd|dueDate)|dcterms:issued)\s+[?$](\w+)")


def compared_dates(text: str) -> str:
    """The first variable for dates as they are stated that the query compares with something, or nothing."""
    for name in dict.fromkeys(PARTIAL.findall(text)):
        if re.search(rf"[?$]{name}\s*[<>](?!/)|(?<!\w)[<>]=?\s*[?$]{name}\b", text):
            return f"?{name}"
    return ""


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
            with path.open("rb") as file:
                return decoded(file.read(4 * MAX_QUERY_CHARACTERS + 1))[: MAX_QUERY_CHARACTERS + 1]
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
        return sys.stdin.read(MAX_QUERY_CHARACTERS + 1).removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"-: cannot be read as a query: {error}") from None


def write_answer(graph: Graph, answer: Answer, format: str, *, raw: bool, sources: bool, long: bool = True) -> bytes:
    """The answer to a query in the format asked for."""
    if format not in READ or answer.form == "triples":
        # The lossless formats are as the standard has them; CSV is for spreadsheets.
        tabled = format == "csv" and answer.form == "rows"
        return write_csv(answer.columns, answer.texts()) if tabled else answer.serialize(format)
    if answer.form == "boolean":
        return b"yes\n" if answer else b"no\n"

    from partnergraph.reading.replying import footer
    from partnergraph.show.sheet import Sheet, markdown, raw_sheet, table

    if not raw:
        from partnergraph.reading.replying import reply_to

        found = reply_to(answer, citing=sources, noted=sources)
        return found.text(width(), None if long else height(), markdown=format == "markdown").encode()
    content = raw_sheet(answer.columns, answer)
    if format == "markdown":
        return markdown(content).encode()
    rows = len(content.cells)
    shown = content if long else Sheet(content.headings, content.cells[: height()])
    more = f"… and {rows - height()} more rows of {rows}: --long\n" if not long and rows > height() else ""
    return f"{table(shown, width())}{more}\n{footer(graph, rows)}\n".encode()


@commands.command("find")
@with_lookups
@with_shape
def find(
    graph: Graph,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="A part of a name, of a sentence, of a title or an address.")],
    limit: Annotated[int, typer.Option(min=0, help="At most so many of each; 0 for all.")] = 0,
    *,
    shape: Shape,
) -> None:
    """Find entities by any of their names, claims by their words, sources by title, publisher or address.

    Example: partnergraph find copilot
    """
    from partnergraph.reading.search import find_reply

    words = " ".join(text)
    reply = find_reply(graph, words, limit)
    if not reply.parts:
        near = nearest_names(words, (name for _, name in graph.names.names))
        hint = "; near are " + ", ".join(map(repr, near)) if near else "; say less, or ask in words: partnergraph ask WORDS"
        tell(f"no name, claim or source is like {words!r}{hint}")
        raise typer.Exit(1)
    if shape.claims:
        claims = [part.table() for part in reply.parts if part.title == "claims"]
        echo("".join(f"{compact(key)}\n" for table in claims for key in table.keys), end="")
        return
    shape.print(reply)
