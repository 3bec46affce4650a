"""What a query from outside may not ask for, and how large it may be.

Whether a query reaches outside is decided by the engine's own parser, never by a pattern: a query that still is
SPARQL when every SERVICE in it is spelled otherwise has no SERVICE for a keyword, whatever stands before or after it.
That runs where the query runs, in a process that can open nothing and may die (``worker``); here a text is only
brought into a form that every engine reads alike, and measured, in time that grows as the text does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from partnergraph.base.errors import QueryError, RefusedQuery

MAX_QUERY_CHARACTERS = 100_000
# Oxigraph's parser recurses on the native stack: 500 levels pass, 5,000 kill the process.
MAX_DEPTH = 200
# Chains of UNION or || nest to the left inside the parser.
MAX_CHAIN = 2_000
MAX_NAME = 200
# So many places are tried to say where a keyword stands.
MAX_PLACES = 50

# No alternative can be tried at one place for longer than it has characters that the next one need not look at again:
# words are taken whole, and where a quote is never closed (``open``) nothing behind it is looked at.
_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"{1,2}(?!"))*"""|\'\'\'(?:[^\'\\]|\\.|\'{1,2}(?!\'))*\'\'\''
    r'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\')'
    r"|(?P<unclosed>[\"'])"
    r'|(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)'
    r"|(?P<comment>#[^\n\r]*)"
    r"|(?P<escape>\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.))"
    r"|(?P<opening>[({\[])|(?P<closing>[)}\]])"
    r"|(?P<chain>\|\||&&)"
    r"|(?P<next>;)"
    r"|(?P<word>[?$@:]?\w[\w.-]*+(?::[\w.:-]*+)?)"
    r"|\s+|.",
    re.DOTALL,
)
# A character written as its number, and within texts any other escape, so that ``\\u`` is not taken for one.
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", re.DOTALL)
CODE_POINT = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
_PLAIN = {'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NOT_IN_IRIS = frozenset('<>"{}|^`\\') | {chr(number) for number in range(33)}
_OUTSIDE = {
    "SERVICE": "SERVICE would ask another server; queries never reach the network",
    "FROM": "FROM would read another document; queries see the loaded graph only, which is the default graph",
}
# The letter of each keyword that is exchanged; no other keyword has it there.
_EXCHANGED = {"SERVICE": 4, "FROM": 2}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
_STARTS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def check_query(query: str) -> str:
    """The query as every engine reads it alike; refuses, with one sentence, what changes something or is too large or too deep.

    A character that is written as its number stands as itself in it, since some engines read these
    before they look for keywords and others do not.
    """
    if len(query) > MAX_QUERY_CHARACTERS:
        raise RefusedQuery(f"the query has {len(query):,} characters; the limit is {MAX_QUERY_CHARACTERS:,}")
    try:
        query.encode()
    except UnicodeEncodeError:
        raise QueryError("the query holds a byte that is no UTF-8; write it as UTF-8") from None
    text = _plain(query) if CODE_POINT.search(query) else query
    depth = chain = 0
    started = False
    for match in _tokens(text):
        kind = match.lastgroup
        word = match["word"].upper() if kind == "word" else ""
        depth += (kind == "opening") - (kind == "closing")
        chain += kind == "chain" or word == "UNION"
        if depth > MAX_DEPTH:
            raise _refused(text, match.start(), f"brackets are nested more than {MAX_DEPTH} deep")
        if chain > MAX_CHAIN:
            raise _refused(text, match.start(), f"more than {MAX_CHAIN:,} UNION, || or && in one query; use VALUES")
        if kind == "next" and depth == 0 and started:
            raise _refused(text, match.start(), "one query at a time, and no updates: the graph is read-only")
        if word in _UPDATES and not started:
            raise _refused(text, match.start(), f"{word} would change the graph; it is read-only, edit graph_data/ instead")
        started = started or (word.startswith(_STARTS) and ":" not in word)
    if not any(word in text.upper() for word in _STARTS):
        raise QueryError("this is no query: it has none of SELECT, ASK, CONSTRUCT, DESCRIBE")
    return text


def query_form(query: str) -> str:
    """The word that says what is asked by a query of our own: SELECT, ASK, CONSTRUCT or DESCRIBE; empty where there is none."""
    words = (match["word"].upper() for match in _tokens(query) if match.lastgroup == "word")
    return next((word for word in words if word in _STARTS), "")


def refuse_outside(query: str, parses: Callable[[str], bool]) -> None:
    """Refuses a query in which the engine reads SERVICE or FROM as a keyword; ``parses`` says what the engine can read.

    A query that the engine cannot read at all passes: it will say so itself.
    """
    for keyword, problem in _OUTSIDE.items():
        found = [match.start() for match in re.finditer(keyword, query, re.IGNORECASE | re.ASCII)]
        if not found:
            continue
        other = _other_letter(query, keyword)
        # Without a letter that makes a new word there is no telling, as in a query that was made to have none.
        if other and (parses(_respelled(query, found, keyword, other)) or not parses(query)):
            continue
        # Which of the places it is: names that are spelled otherwise at one place only may mislead, the refusal stands.
        alone = (place for place in found[:MAX_PLACES] if not parses(_respelled(query, [place], keyword, other or "J")))
        raise _refused(query, next(alone, found[0]), problem)


def _other_letter(query: str, keyword: str) -> str:
    place = _EXCHANGED[keyword]
    folded = query.upper()
    return next((x for x in "JQXZKVWYGH" if keyword[:place] + x + keyword[place + 1 :] not in folded), "")


def _respelled(query: str, found: list[int], keyword: str, other: str) -> str:
    parts, last = [], 0
    for start in found:
        place = start + _EXCHANGED[keyword]
        # Upper and lower case stay as they are, since names that differ in these are different names.
        parts += [query[last:place], other if query[place].isupper() else other.lower()]
        last = place + 1
    return "".join([*parts, query[last:]])


def _tokens(text: str) -> Iterator[re.Match[str]]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "unclosed":
            return
        yield match


def _plain(query: str) -> str:
    """The query with each character as itself that is written as its number."""
    parts, end = [], 0
    for match in _tokens(query):
        kind = match.lastgroup
        part = match[0]
        if kind == "comment":
            part = CODE_POINT.sub(" ", part)
        elif kind == "text":
            part = _ESCAPE.sub(lambda found: _PLAIN.get(_character(found), _character(found)), part)
        elif kind == "iri":
            part = _ESCAPE.sub(lambda found: found[0] if _character(found) in _NOT_IN_IRIS else _character(found), part)
        elif kind == "escape":
            # Outside of texts it can only be a part of a word.
            part = _ESCAPE.sub(lambda found: _character(found) if re.fullmatch(r"[\w-]", _character(found)) else found[0], part)
        parts.append(part)
        end = match.end()
    return "".join([*parts, query[end:]])


def _character(escape: re.Match[str]) -> str:
    """The character that an escape means by its number, or the escape where it has none or means none."""
    digits = escape[1] or escape[2]
    if not digits:
        return escape[0]
    number = int(digits, 16)
    return escape[0] if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else chr(number)


def _refused(query: str, place: int, problem: str) -> RefusedQuery:
    before = query[:place]
    return RefusedQuery(problem, query, before.count("\n") + 1, place - before.rfind("\n"))


# Deeper than this no SELECT is written by hand.
MOST_NESTED = 20
# What the engine finds in a query that is written right, and what a person makes of it.
ENGINE_SAYS = {
    "SELECT contains a variable that is unbound": "{} is selected beside an aggregate, but neither grouped nor aggregated; "
    "add it to GROUP BY, or select (SAMPLE(…) AS …) of it",
    "SELECT contains an expression with a variable that is unbound": "an expression in the SELECT has a variable that is neither "
    "grouped nor aggregated; add it to GROUP BY",
    "SELECT * is not authorized with GROUP BY": "SELECT * goes with no GROUP BY; name the grouped variables and the aggregates",
    "SELECT overrides an existing variable": "an expression in the SELECT is given to a variable that the WHERE has; take another name after AS",
    "Duplicated variable name in SELECT": "two expressions of the SELECT bear the same name; give each a name of its own after AS",
}


def _loose(query: str) -> list[str]:
    """The variables that the first SELECT names by themselves and no GROUP BY has."""
    found = re.search(r"\bSELECT\b(.*?)(?:\bWHERE\b|\{)", query, re.IGNORECASE | re.DOTALL)
    selected = found[1] if found else ""
    for _ in range(min(selected.count("("), MOST_NESTED)):
        selected = re.sub(r"\([^()]*\)", " ", selected)
    grouped = " ".join(re.findall(r"\bGROUP\s+BY\b([^{}]*)", query, re.IGNORECASE))
    names = dict.fromkeys(re.findall(r"[?$](\w+)", selected))
    return [f"?{name}" for name in names if name not in re.findall(r"[?$](\w+)", grouped)]


def syntax_problem(query: str, error: SyntaxError) -> QueryError:
    """Oxigraph's complaint about a query, with its place and without the grammar's inner names."""
    found = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if not found:
        return QueryError(str(error))
    line, column, problem = int(found[1]), int(found[2]), found[3]
    lines = query.split("\n")
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "Prefix not found" in problem:
        # A name is looked for near the place only: such patterns take the square of what they look through.
        near = slice(max(column - 1 - MAX_NAME, 0), column - 1), slice(column - 1, column - 1 + MAX_NAME)
        prefix = re.findall(r"([\w.-]*):[\w.-]*$", here[near[0]]) or re.findall(r"([\w.-]*):", here[near[1]])
        name = prefix[0] if prefix else ""
        # Oxigraph points behind the name.
        column = max(here.rfind(f"{name}:", 0, column), 0) + 1
        problem = f"the prefix '{name}:' is not declared; add PREFIX {name}: <…> at the top"
    elif "expected one of" in problem and (told := next((words for said, words in ENGINE_SAYS.items() if said in problem), "")):
        loose = ", ".join(_loose(query)) or "a variable"
        # The engine finds this at the end of the query, which says nothing of the place.
        return QueryError(told.format(loose))
    elif column > len(here) and line >= len(lines):
        problem = "the query ends too early; is a bracket, a quote or a term missing?"
    else:
        problem = "not valid SPARQL here"
    return QueryError(problem, query, line, column)
