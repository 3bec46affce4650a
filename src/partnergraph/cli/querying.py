"""The command that asks any SPARQL, and what is said where it asks for nothing."""

from __future__ import annotations

import math
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from partnergraph.api import Graph
from partnergraph.base.errors import QueryError, QueryTimeout
from partnergraph.base.spreadsheets import write_csv
from partnergraph.base.texts import decoded
from partnergraph.cli.app import commands, one_of, with_lookups
from partnergraph.cli.output import tell, width, write_bytes
from partnergraph.cli.replying import LongOption, height
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PG
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
    if added := summed_amounts(text):
        tell(
            f"SUM over {added} adds every version, part and whole of a deal; the ledger has each deal once: "
            "?deal pg:payer ?a ; pg:payee ?b ; pg:committedMin ?least, or partnergraph ledger"
        )
    for word in unheard(graph, text):
        tell(word)
    # Until everything is ready to be written; how fast it is then taken is the reader's affair.
    with at_most(timeout, QueryTimeout(text, timeout)):
        answer = graph.query(text)
        form = "turtle" if answer.form == "triples" and format == "table" else format
        written = write_answer(graph, answer, form, raw=raw, sources=sources, long=long)
    write_bytes(written, form)


TERM = re.compile(r"(?<![\w:<])pg:([A-Za-z][\w-]*)")


def unheard(graph: Graph, text: str) -> list[str]:
    """What a query asks for that cannot have an answer: terms that the ontology does not have, graphs by name."""
    plain = re.sub(r'"[^"\n]*"|\'[^\'\n]*\'|#[^\n]*', " ", text)
    told = []
    names = dict.fromkeys(TERM.findall(plain))
    known = graph.labels(PG + name for name in names)
    missing = [name for name in names if PG + name not in known]
    if missing:
        from partnergraph.reading.vocabulary import find_terms

        every = [term.name for term in find_terms(graph)]
        for name in missing:
            near = nearest_names(name, every)
            told.append(
                f"the ontology has no pg:{name}"
                + (f"; did you mean {' or '.join(near)}?" if near else "; partnergraph vocabulary lists its terms")
            )
    if re.search(r"\bGRAPH\s*[?$<\w]", plain, re.IGNORECASE):
        told.append("all claims are in the default graph; GRAPH finds nothing, leave it out")
    return told


PARTIAL = re.compile(r"(?:pg:(?:date|begin|end|agreedEnd|dueDate)|dcterms:issued)\s+[?$](\w+)")


def compared_dates(text: str) -> str:
    """The first variable for dates as they are stated that the query compares with something, or nothing."""
    for name in dict.fromkeys(PARTIAL.findall(text)):
        if re.search(rf"[?$]{name}\s*[<>](?!/)|(?<!\w)[<>]=?\s*[?$]{name}\b", text):
            return f"?{name}"
    return ""


_AMOUNT = r"(?:pg:|<https://w3id\.org/partnergraph/ontology#)(amount(?:Min|Max)?)\b>?"
AMOUNT = re.compile(_AMOUNT + r"[^;.{}\[\]?$]*[?$](\w+)")


def summed_amounts(text: str) -> str:
    """The property of claims' amounts that the query sums up, claim by claim, or nothing."""
    plain = re.sub(r'"[^"\n]*"|\'[^\'\n]*\'', " ", text)
    sums = [plain[match.end() : _closing(plain, match.end())] for match in re.finditer(r"\bSUM\s*\(", plain, re.IGNORECASE)]
    summed = set(re.findall(r"[?$](\w+)", " ".join(sums)))
    for match in AMOUNT.finditer(plain):
        if match[2] in summed:
            return f"pg:{match[1]}"
    return ""


def _closing(text: str, start: int) -> int:
    """Where the parenthesis is closed that was opened before ``start``."""
    depth = 1
    for place in range(start, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place
    return len(text)


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
    from partnergraph.reading.sheets import sheet
    from partnergraph.show.sheet import Sheet, markdown, raw_sheet, table

    if not raw and format != "markdown":
        from partnergraph.reading.replying import reply_to

        found = reply_to(answer, citing=sources, noted=sources)
        return found.text(width(), None if long else height()).encode()
    content = raw_sheet(answer.columns, answer) if raw else sheet(graph, answer)
    if format == "markdown":
        return markdown(content).encode()
    rows = len(content.cells)
    shown = content if long else Sheet(content.headings, content.cells[: height()])
    more = f"… and {rows - height()} more rows of {rows}: --long\n" if not long and rows > height() else ""
    return f"{table(shown, width())}{more}\n{footer(graph, rows)}\n".encode()
