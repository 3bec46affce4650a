"""A friendly first look at a query from outside: what it may not ask for, and how large it may be.

Oxigraph decides what a query means; this only spares people a puzzling answer. What holds when it is got
round: the query runs in a process that can open nothing, has limits and may die (``worker``), and is read
through ``query``, which cannot change the store.
"""

from __future__ import annotations

import re

from partnergraph.base.errors import QueryError, RefusedQuery

MAX_QUERY_CHARACTERS = 100_000
# Oxigraph's parser recurses on the native stack: 500 levels pass, 5,000 kill the process.
MAX_DEPTH = 200
# Chains of UNION or || nest to the left inside the parser.
MAX_CHAIN = 2_000

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\''
    r'|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)'
    r"|#[^\n\r]*"
    r"|[?$]\w+"
    r"|(?P<open>[({\[])|(?P<close>[)}\]])"
    r"|(?P<chain>\|\||&&)"
    # A local name neither begins nor ends with a dot, and may hold any sign behind a backslash.
    r"|(?P<name>(?:[^\W\d_](?:[\w.-]*?[\w-])?)?:(?:(?:[\w:]|%|\\.)(?:[\w:%-]|\\.|\.+(?=[\w:%\\-]))*)?)"
    r"|(?P<next>;)"
    r"|@[a-zA-Z-]+"
    r"|(?P<word>[A-Za-z]+)"
    r"|\s+|.",
    re.DOTALL,
)
_OUTSIDE = {
    "SERVICE": "SERVICE would ask another server; queries never reach the network",
    "FROM": "FROM would read another document; queries see the loaded graph only, which is the default graph",
}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_STARTS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


def check_query(query: str) -> None:
    """Refuses, with one sentence, a query that reaches outside, changes something, or is too large or too deep."""
    if len(query) > MAX_QUERY_CHARACTERS:
        raise RefusedQuery(f"the query has {len(query):,} characters; the limit is {MAX_QUERY_CHARACTERS:,}")
    depth = chain = 0
    started = False
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup
        word = match["word"].upper() if kind == "word" else ""
        depth += (kind == "open") - (kind == "close")
        chain += kind == "chain" or word == "UNION"
        if depth > MAX_DEPTH:
            raise _refuse(query, match, f"brackets are nested more than {MAX_DEPTH} deep")
        if chain > MAX_CHAIN:
            raise _refuse(query, match, f"more than {MAX_CHAIN:,} UNION, || or && in one query; use VALUES")
        if word in _OUTSIDE:
            raise _refuse(query, match, _OUTSIDE[word])
        if kind == "next" and depth == 0 and started:
            raise _refuse(query, match, "one query at a time, and no updates: the graph is read-only")
        if word in _UPDATES and not started:
            raise _refuse(query, match, f"{word} would change the graph; it is read-only, edit graph_data/ instead")
        started = started or word in _STARTS
    if not started:
        raise QueryError("this is no query: it has none of SELECT, ASK, CONSTRUCT, DESCRIBE")


def query_form(query: str) -> str:
    """The word that says what is asked: SELECT, ASK, CONSTRUCT or DESCRIBE; empty where there is none."""
    words = (match["word"].upper() for match in _TOKEN.finditer(query) if match["word"])
    return next((word for word in words if word in _STARTS), "")


def _refuse(query: str, match: re.Match[str], problem: str) -> RefusedQuery:
    before = query[: match.start()]
    return RefusedQuery(problem, query, before.count("\n") + 1, match.start() - before.rfind("\n"))


def syntax_problem(query: str, error: SyntaxError) -> QueryError:
    """Oxigraph's complaint about a query, with its place and without the grammar's inner names."""
    found = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if not found:
        return QueryError(str(error))
    line, column, problem = int(found[1]), int(found[2]), found[3]
    lines = query.splitlines()
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "Prefix not found" in problem:
        prefix = re.findall(r"([\w.-]*):[\w.-]*$", here[: column - 1]) or re.findall(r"([\w.-]*):", here[column - 1 :])
        name = prefix[0] if prefix else ""
        # Oxigraph points behind the name.
        column = max(here.rfind(f"{name}:", 0, column), 0) + 1
        problem = f"the prefix '{name}:' is not declared; add PREFIX {name}: <…> at the top"
    elif column > len(here) and line >= len(lines):
        problem = "the query ends too early; is a bracket, a quote or a term missing?"
    else:
        problem = "not valid SPARQL here"
    return QueryError(problem, query, line, column)
