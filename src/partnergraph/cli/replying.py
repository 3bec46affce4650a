"""How replies leave the command line: short by default, whole with --long, or as data in a format."""

from __future__ import annotations

import functools
import inspect
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from partnergraph.base.errors import OutputError
from partnergraph.base.files import replace
from partnergraph.base.spreadsheets import EXCEL_MARK
from partnergraph.cli.app import one_of
from partnergraph.cli.output import echo, page, tell, width, write_bytes
from partnergraph.show.reply import Reply

FORMATS = ("table", "markdown", "json", "csv", "xlsx")
# A screen, where nothing says how high it is; nothing is longer than the most unless asked for.
HEIGHT, LEAST_HEIGHT, MOST_HEIGHT = 50, 20, 60

ReplyFormat = Annotated[
    str,
    typer.Option("--format", "-f", metavar="|".join(FORMATS), callback=one_of(FORMATS), help="How the answer is written."),
]
LongOption = Annotated[bool, typer.Option("--long", "--all", help="All rows and notes, instead of what fits a screen.")]
ToOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the answer to a file, by whose ending its format is known."),
]
ExcelOption = Annotated[
    bool, typer.Option("--excel", help="With csv: begin with a byte-order mark, by which Excel knows accents and Chinese.")
]
SUFFIXES = {".csv": "csv", ".xlsx": "xlsx", ".json": "json", ".md": "markdown"}


@dataclass(frozen=True)
class Shape:
    """In which form a command is to say what it found."""

    format: str = "table"
    long: bool = False
    output: Path | None = None
    excel: bool = False
    claims: bool = False

    def print(self, reply: Reply) -> None:
        """Prints the reply in this form."""
        print_reply(reply, self.format, long=self.long, to=self.output, excel=self.excel)


ClaimsOption = Annotated[bool, typer.Option("--claims", help="Print only the names of the claims that the answer rests on.")]
SHAPE = {
    "format": (ReplyFormat, "table"),
    "long": (LongOption, False),
    "output": (ToOption, None),
    "excel": (ExcelOption, False),
    "claims": (ClaimsOption, False),
}


def with_shape(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that say in which form it answers, as its argument ``shape``."""

    @functools.wraps(command)
    def shaped(*arguments: Any, **options: Any) -> None:
        command(*arguments, shape=Shape(**{name: options.pop(name) for name in SHAPE}), **options)

    signature = inspect.signature(command, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != "shape"]
    own += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in SHAPE.items()
    ]
    shaped.__signature__ = signature.replace(parameters=own)  # type: ignore[attr-defined]
    return shaped


def height() -> int:
    """How many lines an answer may have: those of the terminal, or as LINES says."""
    lines = shutil.get_terminal_size((0, HEIGHT)).lines
    terminal = sys.stdout is not None and sys.stdout.isatty()
    known = lines if terminal or os.environ.get("LINES", "").isdecimal() else HEIGHT
    # The prompt takes one line.
    return max(LEAST_HEIGHT, min(MOST_HEIGHT, known - 1))


def print_reply(
    reply: Reply, format: str = "table", *, long: bool = False, to: Path | None = None, excel: bool = False, tall: bool = False
) -> None:
    """The reply in a format, on stdout or in a file; ``tall`` takes as many lines as any may have."""
    if to is not None and format == "table":
        format = SUFFIXES.get(to.suffix.lower(), "table")
    if excel and format != "csv":
        raise OutputError(f"a byte-order mark is for csv; {format} needs none")
    if format in ("table", "markdown"):
        whole = long or to is not None
        text = reply.text(width(), None if whole else MOST_HEIGHT if tall else height(), markdown=format == "markdown")
        if to is None:
            page(text) if long else echo(text, end="")
            return
        data = text.encode()
    else:
        data = {"json": reply.to_json, "csv": reply.to_csv, "xlsx": reply.to_xlsx}[format]()
        data = EXCEL_MARK + data if excel else data
    if to is not None:
        replace(to, data)
        tell(f"wrote {to}")
        return
    if format == "xlsx" and sys.stdout is not None and sys.stdout.isatty():
        raise OutputError("a workbook is no text for a terminal; name a file with --output answer.xlsx")
    write_bytes(data, format)
