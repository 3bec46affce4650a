"""Commands that ask: named questions, and questions in plain words."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.errors import ParameterError, QueryError, UnknownName
from partnergraph.base.texts import clean
from partnergraph.cli.app import commands, one_of, with_lookups
from partnergraph.cli.output import echo, tell, width, write_bytes
from partnergraph.cli.querying import RawOption, write_answer
from partnergraph.cli.replying import FORMATS as REPLY_FORMATS
from partnergraph.cli.replying import ExcelOption, LongOption, ToOption, print_reply
from partnergraph.content.finding import ANALYSES, find_nearest
from partnergraph.content.queries import Query
from partnergraph.rdf.terms import compact
from partnergraph.reading.answers import Answer

if TYPE_CHECKING:
    from partnergraph.reading.asked import Reading

# So many citations stand on a screen.
MOST_CITED = 4
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
            callback=lambda value: value and one_of(STEPS, "step")(value),
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
    # Whoever asks for so many rows gets them, if they fit at all.
    tall: bool = False


def print_answer(
    graph: Graph, answer: Answer, form: Form, understood: str = "", told: Sequence[str] = (), others: Sequence[str] = ()
) -> None:
    """The answer to a question in the form asked for; ``others`` are to be asked next where it is empty."""
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
        said = reply.finding[1:] if any(line.startswith("No: ") for line in told) else reply.finding
        reply = replace(reply, finding=[*told, *said]) if told else reply
        reply = replace(reply, following=[*reply.following, *others]) if others else reply
        print_reply(reply, form.format, long=form.long, to=form.output, excel=form.excel, tall=form.tall)


def ask_in_words(graph: Graph, question: str, words: list[str], form: Form, *, show: bool) -> None:
    """Asks what a sentence means; says what it was taken for, and asks back where two readings are near."""
    from partnergraph.reading.asked import COMMANDS
    from partnergraph.reading.choosing import answered, settled
    from partnergraph.reading.idioms import apart
    from partnergraph.reading.understanding import nearest, readings
    from partnergraph.reading.wishes import CITE, SHEET, wish_in

    if any("=" in word for word in words) or (question in ANALYSES and not words):
        choose_question(graph, question, words)
    typed = " ".join([question, *words])
    sentence, wish = wish_in(typed)
    sentence, besides = apart(sentence)
    found = readings(graph, sentence)
    if not found:
        choose_question(graph, question, words)
    near = nearest(found)
    if len(near) > 1:
        near = settled(graph, near)
        found = [near[0], *(one for one in found if one is not near[0])]
    if len(near) > 1:
        options = [f"  {one.command}  {one.title}".rstrip() for one in near]
        raise QueryError(clean(f"{sentence!r} may mean several things; ask one of these") + "\n" + "\n".join(map(clean, options)))
    best = found[0]
    if show:
        echo(clean(best.command))
        return
    if best.target in COMMANDS:
        tell(best.words)
        if besides:
            tell(f"asked besides: partnergraph ask {shlex.quote(clean(besides))}")
        run_command(graph, best, form)
        return
    one = answered(graph, found)
    form = replace(form, tall=bool(one.reading.most))
    if wish == CITE and form.format == "table" and not (form.claims or form.output) and len(one.answer):
        print_citations(graph, one.answer, [one.reading.words, *one.told], typed)
        return
    others = (
        [*one.others, f"partnergraph ask {shlex.quote(typed)} -o answer.xlsx"] if wish == SHEET and not form.output else one.others
    )
    told = (
        [*one.told, f"Asked besides, and another question: partnergraph ask {shlex.quote(clean(besides))}"] if besides else one.told
    )
    print_answer(graph, one.answer, form, one.reading.words, told, others)


def print_citations(graph: Graph, answer: Answer, told: Sequence[str], typed: str) -> None:
    """How the claims of an answer are cited: the first few of many."""
    from partnergraph.reading.sheets import cited_claims

    claims = cited_claims(answer)
    for line in told:
        echo(textwrap.fill(clean(line), max(width(), 60)))
    for claim in claims[:MOST_CITED]:
        echo("\n" + graph.claim(compact(claim)).citation(width()), end="")
    if claims[MOST_CITED:]:
        echo(
            f"\n… and {len(claims) - MOST_CITED} more claims: partnergraph ask {shlex.quote(clean(typed))} --claims, and each by partnergraph claim ID --cite"
        )


def run_command(graph: Graph, best: Reading, form: Form) -> None:
    """Runs another command on the same graph."""
    from partnergraph.cli.app import Shelf
    from partnergraph.cli.opened import opened_already

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
