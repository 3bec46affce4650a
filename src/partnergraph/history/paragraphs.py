"""What of two contents has to be read to tell them apart: not the paragraphs of Turtle that both have, letter for letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_DECLARED = re.compile(rb"^@prefix ([\w-]*): <([^<>\s]*)> \.$")
# Within these an empty line ends nothing, or a word does not mean what it means elsewhere.
_LONG = (b'"""', b"'''", b"\r")
_DECLARES = re.compile(rb"\n[ \t]*@?(?:[pP][rR][eE][fF][iI][xX]|[bB][aA][sS][eE])\b")
# Lines of one subject are indented.
_SEVERAL = re.compile(rb"\n[^ \t]")


@dataclass(frozen=True)
class Unshared:
    """The texts without what both sides have, and the first words of the paragraphs left out: the names of their subjects."""

    earlier: bytes
    later: list[bytes]
    left_out: frozenset[str]


def unshared(earlier: bytes, later: Sequence[bytes], kept: Collection[str] = ()) -> Unshared | None:
    """What is left of a text and of several where paragraphs of both are left out, but not those of the subjects ``kept``.

    Nothing where a text is not written in paragraphs after its prefixes, as canonical Turtle is, or two call different
    namespaces alike: all of it has to be read then.
    """
    first, *others = [_split(text) for text in (earlier, *later)]
    if first is None:
        return None
    files = [found for found in others if found is not None]
    declared = first[0]
    if len(files) < len(others) or any(declared.get(name, space) != space for head, _ in files for name, space in head.items()):
        return None
    sides = Counter(first[1]), Counter(one for _, paragraphs in files for one in paragraphs)
    # What is said twice of a blank node without a name is said of two.
    shared = {one for one, times in sides[0].items() if times == sides[1][one] == 1 and not _SEVERAL.search(one)}
    # A blank node with a name may be spoken of in another paragraph; a name with a sign that is escaped is written in two ways.
    words = {one: one.split(maxsplit=1)[0].decode("utf-8", "replace") for one in shared if b"_:" not in one}
    shared = {one for one, word in words.items() if word not in kept and not set(word) & set("\\<[(")}
    rest = [_joined(head, [one for one in paragraphs if one not in shared]) for head, paragraphs in (first, *files)]
    return Unshared(rest[0], rest[1:], frozenset(words[one] for one in shared))


def _split(text: bytes) -> tuple[dict[bytes, bytes], list[bytes]] | None:
    """The prefixes of a text, and its paragraphs."""
    head, *paragraphs = text.strip(b"\n").split(b"\n\n")
    found = [_DECLARED.match(line) for line in head.split(b"\n")]
    declared = {match[1]: match[2] for match in found if match}
    if len(declared) < len(found) or any(sign in text for sign in _LONG) or _DECLARES.search(text, len(head)):
        return None
    return declared, paragraphs


def _joined(declared: dict[bytes, bytes], paragraphs: Sequence[bytes]) -> bytes:
    head = [b"@prefix %s: <%s> ." % pair for pair in declared.items()]
    return b"\n\n".join([b"\n".join(head), *paragraphs, b""])
