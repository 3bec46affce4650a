"""What of two contents has to be read to tell them apart: not the paragraphs of Turtle that both have, nor those whose texts differ."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

_DECLARED = re.compile(rb"^@prefix ([\w-]*): <([^<>\s]*)> \.$")
# Within these an empty line ends nothing, or a word does not mean what it means elsewhere.
_LONG = (b'"""', b"'''", b"\r")
_DECLARES = re.compile(rb"\n[ \t]*@?(?:[pP][rR][eE][fF][iI][xX]|[bB][aA][sS][eE])\b")
# Lines of one subject are indented.
_SEVERAL = re.compile(rb"\n[^ \t]")
_TEXT = re.compile(rb'"([^"]*)"')
# What may also be written without quotation marks.
_SHORT = re.compile(rb"[+-]?[\d.]*(?:[eE][+-]?\d+)?|true|false")


@dataclass(frozen=True)
class Unshared:
    """The texts without what need not be read, and the first words of the paragraphs left out: the names of their subjects."""

    earlier: bytes
    later: list[bytes]
    left_out: frozenset[str]


def unshared(earlier: bytes, later: Sequence[bytes], reasoned: Collection[str] = ()) -> Unshared | None:
    """What is left of a text and of several where paragraphs of both are left out; of the subjects ``reasoned`` those that surely differ.

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
    named = [_named(one for one, times in side.items() if times == 1) for side in sides]
    # What is said twice of a blank node without a name is said of two.
    gone = {
        word
        for word, one in named[0].items()
        if (other := named[1].get(word)) is not None and (_differ(one, other) if word in reasoned else one == other)
    }
    left_out = {side[word] for side in named for word in gone}
    rest = [_joined(head, [one for one in paragraphs if one not in left_out]) for head, paragraphs in (first, *files)]
    return Unshared(rest[0], rest[1:], frozenset(gone))


def _named(paragraphs: Iterable[bytes]) -> dict[str, bytes]:
    """The paragraphs that alone speak of one subject by its name, by that name as it is written."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for one in paragraphs:
        word = one.split(maxsplit=1)[0].decode("utf-8", "replace")
        # A blank node with a name may be spoken of in another paragraph; a name with a sign that is escaped is written in two ways.
        if b"_:" not in one and not set(word) & set("\\<[(") and not _SEVERAL.search(one):
            found[word].append(one)
    return {word: alone[0] for word, alone in found.items() if len(alone) == 1}


def _differ(one: bytes, other: bytes) -> bool:
    """Whether two paragraphs cannot say the same, by the texts in them."""
    texts = [_texts(paragraph) for paragraph in (one, other)]
    return None not in texts and texts[0] != texts[1]


def _texts(paragraph: bytes) -> set[bytes] | None:
    """The texts in a paragraph, which can be written in one way only; nothing where there may be others."""
    if b"\\" in paragraph or any(sign in _TEXT.sub(b"", paragraph) for sign in (b"'", b"#", b'"')):
        return None
    return {text for text in _TEXT.findall(paragraph) if not _SHORT.fullmatch(text)}


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
