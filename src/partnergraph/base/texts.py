"""Text from outside made harmless for the place it goes to: a terminal, Markdown, or data that is printed."""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from collections.abc import Callable

# Control characters, signs without a picture (direction, zero width, tags), halves of signs, signs of private use, other line ends.
FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
BREAKS = frozenset("\n\r\t\v\f\x85\u2028\u2029")
# Joiners shape words of many scripts and pictures of several signs; after a letter or digit of Latin they only hide.
JOINERS = frozenset("\u200c\u200d")
JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})
# What begins a piece of Markdown within a line, and what does so at its start.
_MARKS = re.compile(r"[\\`*_\[\]|~$]")
_STARTS = re.compile(r"^(\s*\d*)([#+=:.)-])(?=[\s#=-]|$)", re.MULTILINE)
# Up to the last @, since a password may hold every sign that ends it elsewhere.
_USER = re.compile(r"(\b[a-z][a-z0-9+.-]*://)\S*@", re.IGNORECASE)


def clean(text: str) -> str:
    r"""The text on one line, without anything that could deceive a terminal or a reader.

    >>> clean("Acme\x1b[31m\u202e\nInc.")
    'Acme[31m Inc.'
    """
    return text if text.isprintable() else _cleaned(text, lambda letter: " " if letter in BREAKS else "")


def printable(text: str) -> str:
    r"""The text, which may have several lines, without anything that could deceive a terminal.

    >>> printable("one\n\x1b[2Jtwo\u2028\r")
    'one\n[2Jtwo '
    """
    if all(map(str.isprintable, text.split("\n"))):
        return text
    return _cleaned(
        text.replace("\r\n", "\n"), lambda letter: letter if letter in "\n\t" else " " if letter in "\u2028\u2029" else ""
    )


def _cleaned(text: str, instead: Callable[[str], str]) -> str:
    kept: list[str] = []
    for letter in text:
        category = unicodedata.category(letter)
        if category not in FORBIDDEN:
            kept.append(letter)
        elif "\udc80" <= letter <= "\udcff":
            # A byte in the name of a file that is no text; without it the name would be another one.
            kept.append(f"\\x{ord(letter) - 0xDC00:02x}")
        elif letter not in JOINERS:
            kept.append(instead(letter))
        elif kept and kept[-1] and unicodedata.category(kept[-1]) in JOINED:
            kept.append(letter)
    return "".join(kept)


def decoded(data: bytes) -> str:
    r"""The text of a file as people save it: UTF-8, or what a byte-order mark says, which is left out.

    >>> decoded(b"\xef\xbb\xbfASK {}"), decoded("ASK {}".encode("utf-16"))
    ('ASK {}', 'ASK {}')
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if wide else "utf-8-sig")


# What stands for signs that an encoding does not have.
_STAND_INS = {
    **dict.fromkeys("─╌–—", "-"),
    **dict.fromkeys("━", "="),
    **dict.fromkeys("│", "|"),
    **dict.fromkeys("├└", "+"),
    **dict.fromkeys("●○", "o"),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("‘’", "'"),
    "▶": ">",
    "→": "->",
    "…": "...",
    "·": "-",
    "✗": "x",
    "†": "!",
}


def encodable(text: str, encoding: str) -> str:
    """The text with signs that the encoding has: lines and arrows as people draw them with others, a ``?`` for any other.

    >>> encodable("1 → 2, ☃", "ascii")
    '1 -> 2, ?'
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        known = {ord(sign): other for sign, other in _STAND_INS.items() if sign.encode(encoding, "replace") == b"?"}
        return text.translate(known).encode(encoding, "replace").decode(encoding)
    return text


def markdown(text: str) -> str:
    r"""The text so that Markdown shows it as it is: no link, picture, table, heading or HTML comes out of it.

    >>> markdown("[free](http://x) <b>")
    '\\[free\\](http&#58;//x) &lt;b&gt;'
    """
    text = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Some programs make links of bare addresses.
    text = text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")
    return _STARTS.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text)) if text else text


def without_user(text: str) -> str:
    """The text with nobody's name and password in the addresses that it holds.

    >>> without_user("http://me:secret@host/sparql: cannot be reached")
    'http://host/sparql: cannot be reached'
    """
    return _USER.sub(r"\1", text)


def escaped(data: bytes, notation: str) -> bytes:
    r"""Data in UTF-8 whose signs that could deceive a terminal are written in a ``notation`` that means the same.

    That is ``json`` or ``turtle``, which SPARQL's TSV has too, or ``xml``; anything else is kept as it is.

    >>> escaped('{"a": "\u202e"}'.encode(), "json")
    b'{"a": "\\u202e"}'
    """
    text = data.decode("utf-8")
    forms = {"json": _in_json, "turtle": _in_turtle, "xml": _in_xml}
    if notation not in forms or all(map(str.isprintable, re.split(r"[\n\t]", text))):
        return data
    form = forms[notation]
    return "".join(
        form(letter) if letter not in "\n\r\t" and unicodedata.category(letter) in FORBIDDEN else letter for letter in text
    ).encode()


def _in_json(letter: str) -> str:
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _in_turtle(letter: str) -> str:
    return f"\\u{ord(letter):04X}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08X}"


def _in_xml(letter: str) -> str:
    return f"&#x{ord(letter):X};"


def is_text(word: str) -> bool:
    """Whether a word of the command line is text, not bytes that the system could not read as such."""
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def encoding_of(stream: object) -> str:
    """The encoding of a stream of text."""
    return getattr(stream, "encoding", None) or sys.getdefaultencoding()
