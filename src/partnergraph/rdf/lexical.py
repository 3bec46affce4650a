"""The text of a Turtle file that was read: what stands in it and is in none of its triples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

# Texts and IRIs may hold '#' and '@', and names may hold them after a backslash, so each is passed over whole.
# Only what repeats one sign is possessive: Python 3.11.2, which Debian has, goes wrong where a group is.
_TOKEN = re.compile(
    r"""
      \"\"\"[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*\"\"\"  |  '''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*'''
    | "[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*"  |  '[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*'
    | <[^\x00-\x20<>"{}|^`\\]*+(?:\\[uU][0-9A-Fa-f]++[^\x00-\x20<>"{}|^`\\]*+)*>
    | (?P<comment>\#)[^\n\r]*+
    | @(?P<tag>[A-Za-z]++(?:-[A-Za-z0-9]++)*)
    | (?P<quoted><<|\{\||~)
    | \s++  |  (?:\\.|[^\s"'<\#\\@{~])[^\s"'<\#\\@{~]*+(?:\\.[^\s"'<\#\\@{~]*+)*  |  .
    """,
    re.DOTALL | re.VERBOSE,
)


def comment_line(text: str) -> int | None:
    """The line of the first comment, or None if the text has none."""
    return next((_line(text, match) for match in _tokens(text) if match["comment"]), None)


def quoted_line(text: str) -> int | None:
    """The line of the first triple that stands within another, or None if there is none."""
    return next((_line(text, match) for match in _tokens(text) if match["quoted"]), None)


def language_tags(text: str) -> Mapping[str, str]:
    """Language tags in lower case, as the engine gives them, to the way they are written; what is written in two is written as BCP 47 says."""
    ways: dict[str, set[str]] = {}
    for match in _tokens(text):
        if match["tag"]:
            ways.setdefault(match["tag"].lower(), set()).add(match["tag"])
    return {tag: written.pop() if len(written) == 1 else _conventional(tag) for tag, written in ways.items()}


def _conventional(tag: str) -> str:
    first, *rest = tag.split("-")
    return "-".join([first, *(part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in rest)])


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(text)


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1
