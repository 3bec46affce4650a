"""How text leaves the command line: everything that a command prints goes through here, and nothing in it deceives a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from partnergraph.base.errors import OutputError
from partnergraph.base.texts import encodable, encoding_of, escaped, printable, without_user

# Wide enough for a sentence and its source where the output is no terminal.
PIPE_WIDTH = 120
# Narrower than this nothing can be read, and a terminal that says so is mistaken.
LEAST_WIDTH = 40
# The notation in which each format writes a sign that must not reach a terminal.
NOTATIONS = {
    **dict.fromkeys(("json", "jsonld", "cytoscape", "nodelink"), "json"),
    **dict.fromkeys(("tsv", "turtle", "trig", "ntriples", "nquads"), "turtle"),
    **dict.fromkeys(("xml", "graphml", "gexf"), "xml"),
}


# What is defused when it is written, and what no terminal gets.
BINARY = ("csv", "xlsx")


def echo(text: str = "", *, end: str = "\n") -> None:
    """Prints the text on stdout."""
    _write(_stdout(), printable(text) + end)


def tell(text: str) -> None:
    """Prints a line about what was done or went wrong on stderr, after the name of the program."""
    explain(f"partnergraph: {text}\n")


def explain(text: str) -> None:
    """Prints the text on stderr."""
    if sys.stderr is not None:
        # Where stderr takes nothing there is nobody to tell so.
        try:
            sys.stderr.write(encodable(without_user(printable(text)), encoding_of(sys.stderr)))
            sys.stderr.flush()
        except (OSError, ValueError):
            abandon(sys.stderr)


def write_bytes(data: bytes, format: str = "table") -> None:
    """Data in a format to stdout; what could deceive a terminal is written in a notation of the format that means the same.

    Formats for people are cleaned as all texts are; CSV is when it is written.
    """
    if format not in NOTATIONS and format not in BINARY:
        echo(data.decode("utf-8", "replace"), end="")
        return
    out = _stdout()
    with _written():
        out.flush()
        out.buffer.write(escaped(data, NOTATIONS[format]) if format in NOTATIONS else data)
        out.buffer.flush()


def page(text: str) -> None:
    """Prints the text; on a terminal that it overflows, through the user's pager."""
    if _stdout().isatty() and text.count("\n") >= shutil.get_terminal_size().lines:
        import pydoc

        pydoc.pager(printable(text))
    else:
        echo(text, end="")


def width() -> int:
    """How many characters fit on a line: of the terminal, or as COLUMNS says."""
    columns = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
    terminal = sys.stdout is not None and sys.stdout.isatty()
    return max(LEAST_WIDTH, columns if terminal or os.environ.get("COLUMNS", "").isdecimal() else PIPE_WIDTH)


def finish() -> None:
    """Makes sure that all that was printed has arrived; raises OutputError where it cannot."""
    if sys.stdout is not None:
        with _written():
            sys.stdout.flush()


def abandon(stream: TextIO | None) -> None:
    """Forgets what was printed on a stream and cannot be written: Python would try again at its end, and complain."""
    with suppress(OSError, ValueError):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def hold_streams() -> None:
    """Puts nothing in the place of standard streams that are closed, which a file or socket that is opened would else take."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _stdout() -> TextIO:
    if sys.stdout is None:
        raise OutputError("the answer cannot be written: standard output is closed")
    return sys.stdout


def _write(out: TextIO, text: str) -> None:
    with _written():
        out.write(encodable(text, encoding_of(out)))


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"the answer cannot be written: {error.strerror or error}") from None
