"""Turtle, the form that content is kept in: reading is pyoxigraph's, writing is canonical and is read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from partnergraph.base.errors import ContentError, OutputError
from partnergraph.rdf.terms import PREFIXES, RDF_TYPE, compact

# Deeper than this a file is not read at all.
MAX_DEPTH = 200
# pyoxigraph's own bound for a single name or text.
MAX_TERM_MIB = 16
NOT_THE_SAME = "written as Turtle it would not be what it is; N-Quads can hold it"
_TYPE = ox.NamedNode(RDF_TYPE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_triples(path: Path, data: bytes) -> tuple[list[ox.Triple], dict[str, str]]:
    """Triples and prefixes of one Turtle file; a syntax error names file, line and what was wrong."""
    triples, prefixes, _ = _read(path, data)
    return triples, prefixes


def _read(path: Path, data: bytes) -> tuple[list[ox.Triple], dict[str, str], str | None]:
    check_depth(path, data)
    # Editors on Windows put a byte-order mark first, which pyoxigraph refuses.
    parser = ox.parse(data.removeprefix(_BYTE_ORDER_MARK), format=ox.RdfFormat.TURTLE)
    try:
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        raise ContentError(path, f"not valid Turtle: {_problem(error, data)}", error.lineno) from None
    except MemoryError:
        raise ContentError(path, f"holds a name or text larger than {MAX_TERM_MIB} MiB; nothing we claim needs that") from None
    if speaks_of_triples(data) and any(isinstance(term, ox.Triple) for one in triples for term in (one.subject, one.object)):
        from partnergraph.rdf.lexical import quoted_line

        line = quoted_line(data.decode("utf-8"))
        raise ContentError(path, "holds a triple about a triple; write a claim with properties instead", line)
    return triples, parser.prefixes, parser.base_iri


# What the parser says, and what mends it.
_REPAIRS = (
    (r"Unexpected end of file", "close the quotes, the bracket or the address that begins in that line"),
    (r"Unexpected end", "end the last statement with a point"),
    (r"A dot is expected", "put a point or a semicolon at the end of the line before"),
    (r"prefix (\S*?:?) has not been declared", "declare it above with @prefix, or mend its name"),
    (r"should end with a '\]'", "close the bracket of the citation"),
    (r"^'?[“”„‘’]", "write straight quotes"),
    (r"UTF-8", "save the file in UTF-8"),
    (r"Line jumps are not allowed", "close the quotes in the same line"),
    (r"(?i)^(?:true|false|yes|no) is not a valid", "write true or false, in small letters"),
    (r"Invalid IRI code point|No scheme found", "an address in <…> begins with https:// and holds no blank"),
    (
        r"^-?\d.* is not a valid|Unexpected character '\d'",
        "write a date in quotes with its datatype, and a number without signs between its digits",
    ),
)


def _problem(error: SyntaxError, data: bytes) -> str:
    """What is wrong with a file that is no Turtle, and what mends it where that can be told."""
    _, _, problem = error.msg.removeprefix("Parser error ").partition(": ")
    if re.search(rb"^(?:<{7}|>{7}) ", data, re.MULTILINE):
        return f"{problem}; take out the marks that a merge has left"
    repair = next((repair for pattern, repair in _REPAIRS if re.search(pattern, problem)), "")
    return f"{problem}; {repair}" if repair else problem


def restated(triples: Iterable[ox.Triple]) -> set[str]:
    """The subjects that are said twice to be something, in two blocks, in the order in which a file has its triples.

    A claim that was copied and not renamed is one with two of everything once the file is read.
    """
    found: set[str] = set()
    last: dict[str, int] = {}
    blocks = 0
    previous: ox.Triple | None = None
    for triple in triples:
        subject = triple.subject
        if not isinstance(subject, ox.NamedNode):
            continue
        begins = previous is None or previous.subject != subject or previous.predicate != _TYPE
        if triple.predicate == _TYPE and begins:
            blocks += 1
            if last.setdefault(subject.value, blocks) != blocks:
                found.add(subject.value)
        previous = triple
    return found


def refuse_restated(path: Path, data: bytes) -> None:
    """Raises ContentError where a subject stands in two blocks of a file: in canonical form they would become one."""
    triples, _ = read_triples(path, data)
    for name in sorted(restated(triples)):
        raise ContentError(path, f"{compact(name)} stands twice in this file; give one of the two a name of its own")


def with_prefixes(turtle: str | bytes) -> bytes:
    """The text with all known prefixes before it, in its first line, so that each line keeps its number."""
    text = turtle.encode() if isinstance(turtle, str) else turtle.removeprefix(_BYTE_ORDER_MARK)
    return " ".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items()).encode() + b" " + text


# A triple as a term, what is said of one in braces behind it, and a name for it.
_ABOUT = (b"<<", b"{|", b"~")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]()"))
# As in the lexer, no group is possessive.
_WORDS = re.compile(
    rb'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*"""|\'\'\'[^\'\\]*+(?:(?:\\.|\'(?!\'\'))[^\'\\]*+)*\'\'\''
    rb'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"|\'[^\'\\\n]*+(?:\\.[^\'\\\n]*+)*\'|<[^<>\s]*+>|#[^\n]*+|\\.',
    re.DOTALL,
)


def speaks_of_triples(data: bytes) -> bool:
    """Whether Turtle has a sign, outside of texts and names, without which it holds no triple about a triple."""
    return _has_about(data) and _has_about(_WORDS.sub(b"", data))


def _has_about(data: bytes) -> bool:
    return any(sign in data for sign in _ABOUT)


def check_depth(path: Path, data: bytes) -> None:
    """Refuses a file whose brackets are nested so deep that reading it would take for ever."""
    # Counting all brackets is quick; only if that looks deep is it worth leaving out those in texts.
    if _depth(data) > MAX_DEPTH and _depth(_WORDS.sub(b"", data)) > MAX_DEPTH:
        raise ContentError(path, f"brackets are nested more than {MAX_DEPTH} deep; give the inner ones names")


def _depth(data: bytes) -> int:
    level = deepest = 0
    for bracket in data.translate(None, _NO_BRACKETS):
        level += 1 if bracket in b"[(" else -1
        deepest = max(deepest, level)
    return deepest


def write_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """The triples as canonical Turtle: subjects by name, then properties in reading order, citations last.

    It has been read back; raises OutputError where it would not be what was written.
    """
    return _written(list(triples), prefixes)


def format_turtle(path: Path, data: bytes) -> str:
    """The canonical form of a file's text; refuses a file with comments, which it would lose."""
    from partnergraph.rdf.lexical import comment_line, language_tags

    if path.suffix.lower() not in {".ttl", ".turtle"}:
        raise ContentError(path, "is no Turtle file by its name; only .ttl files are formatted")
    triples, prefixes, base = _read(path, data)
    text = data.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    line = comment_line(text)
    if line is not None:
        raise ContentError(path, "a comment would be lost; move it into skos:editorialNote", line)
    try:
        return _written(triples, prefixes, base, language_tags(text) if "@" in text else {})
    except OutputError as error:
        raise ContentError(path, f"is left as it is: {error}") from None


def _written(
    triples: list[ox.Triple], prefixes: Mapping[str, str], base: str | None = None, tags: Mapping[str, str] | None = None
) -> str:
    # What only loads or asks does without these.
    from partnergraph.rdf.meaning import meaning
    from partnergraph.rdf.writer import Writer

    writer = Writer(triples, prefixes, base, tags)
    text = writer.document()
    back = read_back(text)
    names = {node: name.removeprefix("_:") for node, name in writer.blanks.names.items()}
    read = {ox.BlankNode(name): name for name in names.values()}
    said = meaning(triples, names)
    if len(read) != len(names) or said is None or said != meaning(back, read):
        raise OutputError(NOT_THE_SAME)
    return text


def read_back(text: str) -> list[ox.Triple]:
    """The triples of Turtle that we have written; raises OutputError where nobody could read it."""
    try:
        return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, MemoryError) as error:
        raise OutputError(f"it cannot be written as Turtle that can be read again: {error}") from None
