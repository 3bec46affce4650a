"""HTML that needs no style sheet, no script and no network: what things show themselves with in a notebook.

Code-hosting pages strip styles and scripts from stored notebooks, so what is made of these blocks reads well without
them. Every text is cleaned and escaped; only http and https addresses become links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeAlias

from partnergraph.base.texts import clean

MAX_ROWS = 60
WEB = re.compile(r"https?://[^\s<>\"']+\Z")
LEFT = ' style="text-align:left;vertical-align:top"'


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()

    def __add__(self, other: str) -> Html:
        return Html(str(self) + as_html(other))


Cell: TypeAlias = str | Html


def as_html(text: Cell) -> Html:
    """The text escaped, unless it is HTML already; an address of the web becomes a link."""
    if isinstance(text, Html):
        return text
    return link(text, text) if WEB.match(text) else Html(escape(clean(text)))


def link(text: str, address: str) -> Html:
    """A link, or the text alone where the address is not one of the web."""
    words = escape(clean(text))
    if not WEB.match(address):
        return Html(words)
    return Html(f'<a href="{escape(address)}" rel="noopener noreferrer nofollow" target="_blank">{words}</a>')


def bold(text: Cell) -> Html:
    """The text in bold."""
    return Html(f"<b>{as_html(text)}</b>")


def joined(parts: Iterable[Cell], between: str = " · ") -> Html:
    """The parts that are not empty with something between them."""
    return Html(escape(between).join(as_html(part) for part in parts if part))


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Html:
    """A table, without a head where there are no headings."""
    head = "".join(f"<th{LEFT}>{as_html(name)}</th>" for name in headings)
    body = "".join("<tr>" + "".join(f"<td{LEFT}>{as_html(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return Html(f"<table>\n{f'<thead><tr>{head}</tr></thead>' if headings else ''}<tbody>\n{body}</tbody></table>\n")


def paragraph(text: Cell) -> Html:
    """A paragraph, or nothing."""
    return Html(f"<p>{as_html(text)}</p>\n" if text else "")


def fold(summary: Cell, inside: Cell, *, opened: bool = False) -> Html:
    """Something that a click on its summary opens and closes."""
    return Html(f"<details{' open' if opened else ''}><summary>{as_html(summary)}</summary>\n{as_html(inside)}</details>\n")


def remaining(count: int, shown: int, what: str) -> Html:
    """What is not shown of so many, and how to have it; nothing where all is shown."""
    return paragraph(f"… {count - shown:,} more {what}; .to_pandas() has all {count:,}" if count > shown else "")
