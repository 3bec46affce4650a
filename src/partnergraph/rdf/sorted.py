"""Large graphs as Turtle, a part at a time: from sorted lines of N-Quads, in the same bytes as if written at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from partnergraph.base.errors import OutputError
from partnergraph.rdf.meaning import meaning
from partnergraph.rdf.turtle import NOT_THE_SAME, read_back
from partnergraph.rdf.writer import Writer

# So many lines, and what stands inside their subjects, are in hand at once.
PART = 50_000
BLANK = b"_:"


def parts_of(lines: Sequence[bytes], most: int = PART) -> Iterator[Sequence[bytes]]:
    """The lines in parts of about so many; those of one subject stay together."""
    start = 0
    while start < len(lines):
        end = min(start + most, len(lines))
        while end < len(lines) and _subject(lines[end]) == _subject(lines[end - 1]):
            end += 1
        yield lines[start:end]
        start = end


def triples_of(lines: Iterable[bytes]) -> Iterator[ox.Triple]:
    """The triples of some lines of N-Quads."""
    return (quad.triple for quad in ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))


def turtle_parts(lines: Sequence[bytes], prefixes: Mapping[str, str], most: int = PART) -> list[bytes] | None:
    """Sorted lines as canonical Turtle, in pieces; None where a blank node needs a name, for which all must be in hand."""
    first = next((number for number, line in enumerate(lines) if line.startswith(BLANK)), len(lines))
    inner: dict[bytes, list[bytes]] = {}
    for line in lines[first:]:
        inner.setdefault(_subject(line), []).append(line)
    if any(b"<<(" in line for line in lines):
        return None
    used: dict[str, str] = {}
    pieces: list[bytes] = []
    inside: set[bytes] = set()
    for part in parts_of(lines[:first], most):
        whole = list(part)
        for line in whole:
            # What is added is looked through as well.
            node = _blank_object(line)
            if node is None:
                continue
            if node in inside:
                return None
            inside.add(node)
            whole += inner.get(node, ())
        said = _written(whole, prefixes)
        if said is None:
            return None
        used.update(said[1])
        pieces.append(said[0].encode())
    if not inside >= inner.keys():
        return None
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(used.items()))
    return [head.encode(), *(b"\n" + piece for piece in pieces)]


def _written(lines: Sequence[bytes], prefixes: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """The blocks of some triples, read back, and the prefixes that they use; None where a blank node needs a name."""
    writer = Writer(triples_of(lines), prefixes)
    if writer.blanks.names:
        return None
    text = writer.document()
    again = (ox.serialize(read_back(text), format=ox.RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    if not _alike(lines, again):
        raise OutputError(NOT_THE_SAME)
    # Blocks have empty lines between, and the prefixes stand before the first of them.
    return text.partition("\n\n")[2] if writer.used else text.removeprefix("\n"), writer.used


def _alike(lines: Sequence[bytes], others: Sequence[bytes]) -> bool:
    """Whether two graphs say the same; only what speaks of blank nodes, whose names differ, has to be thought about."""
    if {line for line in lines if BLANK not in line} != {line for line in others if BLANK not in line}:
        return False
    one, other = (meaning(triples_of(line for line in some if BLANK in line), {}) for some in (lines, others))
    return one is not None and one == other


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _blank_object(line: bytes) -> bytes | None:
    """The blank node at the end of a line; a text may hold what looks like one, but ends in a quote or in what follows it."""
    before, _, value = line.rstrip(b"\n")[:-2].rpartition(b" ")
    return value if value.startswith(BLANK) and before.endswith(b">") and b'"' not in value else None
