"""A graph arranged by its claims: the triples of each as bytes, with columns of what decides whether it is in a view.

A view is then made of the bytes of what it holds, loaded in bulk, and nobody looks at the triples that it leaves out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from partnergraph.content.folders import Content
from partnergraph.ledger.inputs import rows
from partnergraph.ledger.triples import HOUSE
from partnergraph.rdf.terms import PREFIXES

# The projections whose rows decide what is in a view.
COLUMNS = ("spans", "citation-dates", "later")
# N-Quads take comments; the columns stand in some before the triples, in pieces that every reader takes.
COMMENT = b"# "
PIECE = 60_000
Piece = tuple[int, int]


@dataclass
class Arranged:
    """The triples as bytes, and where in them stands what.

    ``base`` is what no claim decides on, ``claims`` and ``citations`` what stands of each of them by its name. ``links`` are
    the triples from one claim to another, ``again`` those that rules derive anew in a view: each with its subject, if that is
    a claim, its object, if that is one, and its bytes.
    """

    data: bytes
    columns: dict[str, list[dict[str, str]]]
    base: Piece = (0, 0)
    claims: dict[str, Piece] = field(default_factory=dict)
    citations: dict[str, Piece] = field(default_factory=dict)
    links: list[tuple[str, str, int, int]] = field(default_factory=list)
    again: list[tuple[str, str, int, int]] = field(default_factory=list)

    def of_claim(self, claim: str, unknown: Collection[str] = ()) -> bytes:
        """What stands of a claim, without the properties that are not known."""
        start, end = self.claims[claim]
        if not unknown:
            return self.data[start:end]
        left = {f"<{name}>".encode() for name in unknown}
        lines = self.data[start:end].splitlines(keepends=True)
        return b"".join(line for line in lines if line.split(b" ", 2)[1] not in left)

    def parts(
        self, claims: Collection[str], citations: Iterable[str], unknown: dict[str, Collection[str]], *, same_rivals: bool
    ) -> Iterator[bytes]:
        """What a view of some claims and citations consists of; with ``same_rivals`` also what is preferred over what."""
        yield self.data[slice(*self.base)]
        for claim in claims:
            yield self.of_claim(claim, unknown.get(claim, ()))
        for citation in citations:
            yield self.data[slice(*self.citations[citation])]
        for subject, value, start, end in self.links:
            if value in claims and (not subject or subject in claims):
                line = self.data[start:end]
                if subject not in unknown or line.split(b" ", 2)[1][1:-1].decode() not in unknown[subject]:
                    yield line
        if same_rivals:
            for subject, value, start, end in self.again:
                # Also over those that do not hold on the day: what is overruled stays so.
                if value in claims if value else subject in claims:
                    yield self.data[start:end]

    def dump(self) -> bytes:
        """The whole as N-Quads, from which ``read_arranged`` makes it again."""
        where = [self.base, self.claims, self.citations, self.links, self.again]
        text = json.dumps([where, self.columns], separators=(",", ":")).encode()
        head = b"".join(COMMENT + text[at : at + PIECE] + b"\n" for at in range(0, len(text), PIECE))
        return head + self.data


def read_arranged(data: bytes) -> Arranged:
    """The graph in bytes that ``dump`` made; raises ValueError, TypeError or LookupError for others."""
    pieces = []
    at = 0
    while data.startswith(COMMENT, at):
        end = data.index(b"\n", at)
        pieces.append(data[at + len(COMMENT) : end])
        at = end + 1
    where, columns = json.loads(b"".join(pieces))
    base, claims, citations, links, again = where
    moved: list[Any] = [
        (base[0] + at, base[1] + at),
        *({name: (start + at, end + at) for name, (start, end) in named.items()} for named in (claims, citations)),
        *([(subject, value, start + at, end + at) for subject, value, start, end in listed] for listed in (links, again)),
    ]
    return Arranged(data, columns, *moved)


def arrange(store: ox.Store, content: Content) -> Arranged:
    """The graph in a store, arranged."""
    columns = {name: list(rows(store, content, name)) for name in COLUMNS}
    again, shortcuts = (
        {f"<{row['property']}>".encode() for row in rows(store, content, name)}
        for name in ("view-properties", "shortcut-properties")
    )
    claims = {_written(row["claim"]): row["claim"] for row in columns["spans"]}
    citations = {_written(row["citation"]): row["citation"] for row in columns["citation-dates"]}
    base: list[bytes] = []
    of_claim: dict[str, list[bytes]] = {name: [] for name in claims.values()}
    of_citation: dict[str, list[bytes]] = {name: [] for name in citations.values()}
    links: list[tuple[str, str, bytes]] = []
    derived: list[tuple[str, str, bytes]] = []
    rest: list[bytes] = []
    house, entry = f"<{HOUSE.value}>".encode(), f"<{PREFIXES['entry']}".encode()
    dumped = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
    for line in dumped.splitlines(keepends=True):
        subject, predicate, value = line.split(b" ", 2)
        value = value[:-3]
        if predicate in shortcuts or predicate == house or subject.startswith(entry):
            rest.append(line)
        elif value in citations:
            of_citation[citations[value]].append(line)
        elif subject in citations:
            of_citation[citations[subject]].append(line)
        elif predicate in again and subject in claims:
            derived.append((claims[subject], claims.get(value, ""), line))
        elif value in claims:
            links.append((claims.get(subject, ""), claims[value], line))
        elif subject in claims:
            of_claim[claims[subject]].append(line)
        else:
            base.append(line)
    return _joined(columns, base, of_claim, of_citation, links, derived, rest)


def _joined(  # noqa: PLR0913, PLR0917  # each is one part
    columns: dict[str, list[dict[str, str]]],
    base: list[bytes],
    of_claim: dict[str, list[bytes]],
    of_citation: dict[str, list[bytes]],
    links: list[tuple[str, str, bytes]],
    derived: list[tuple[str, str, bytes]],
    rest: list[bytes],
) -> Arranged:
    made: list[bytes] = []
    at = 0

    def put(lines: Iterable[bytes]) -> Piece:
        nonlocal at
        start = at
        for line in lines:
            made.append(line)
            at += len(line)
        return start, at

    pieces: list[Any] = [put(base)]
    pieces += [{name: put(lines) for name, lines in named.items()} for named in (of_claim, of_citation)]
    pieces += [[(subject, value, *put([line])) for subject, value, line in listed] for listed in (links, derived)]
    put(rest)
    return Arranged(b"".join(made), columns, *pieces)


def _written(name: str) -> bytes:
    """A name of the columns as N-Quads have it."""
    return name.encode() if name.startswith("_:") else f"<{name}>".encode()
