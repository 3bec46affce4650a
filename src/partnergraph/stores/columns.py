"""Rows of projections kept beside a store, as columns: who needs all of them reads these instead of asking anew."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from partnergraph.content.folders import Content
from partnergraph.content.queries import Query
from partnergraph.ledger.inputs import own_projection
from partnergraph.rdf.cells import split_tsv, text_of

# What the network, the ledger, the days of views and the map are made of: their rows grow with the graph.
KEPT = (
    "edges",
    "edge-claims",
    "edge-sources",
    "entities",
    "goes-on-without",
    "rivals",
    "overruled",
    "market-shares",
    "strands",
    "entries",
    "entry-claims",
    "entry-parties",
    "houses",
    "spans",
    "citation-dates",
    "later",
    "whens",
    "names",
    "find-claims",
    "find-sources",
    "contradictions",
    "map-claims",
    "map-details",
    "map-parties",
    "map-entities",
    "map-sources",
    "map-citations",
)
# Numbers of distinct texts, by how many there are, in the narrowest form that holds them.
WIDTHS = ((2**8, "B"), (2**16, "H"), (2**32, "I"))


@dataclass(frozen=True)
class Columns:
    """The rows of one projection as texts, empty where nothing is bound: in each column each distinct text stands once."""

    data: bytes
    places: dict[str, tuple[int, int, int, str]]

    @property
    def names(self) -> list[str]:
        """The columns in their order."""
        return list(self.places)

    def column(self, name: str) -> list[str]:
        """The texts of one column, a text a row."""
        start, middle, end, width = self.places[name]
        texts = json.loads(self.data[start:middle])
        numbers = array(width, self.data[middle:end])
        if sys.byteorder != "little":
            numbers.byteswap()
        return [texts[number] for number in numbers]

    def rows(self, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The rows with some of the columns."""
        return zip(*(self.column(name) for name in names), strict=True)

    def mappings(self) -> Iterator[dict[str, str]]:
        """The rows, each a dict of all columns."""
        return (dict(zip(self.places, row, strict=True)) for row in self.rows(self.names))


def write_columns(store: ox.Store, content: Content, folder: Path) -> None:
    """Keeps in a new folder the rows of those projections that read most of a graph."""
    folder.mkdir(mode=0o755)
    for name in KEPT:
        query = own_projection(content, name)
        found = store.query(query.text)
        if isinstance(found, ox.QuerySolutions):
            header, lines = split_tsv(found.serialize(format=ox.QueryResultsFormat.TSV) or b"")
            (folder / name).write_bytes(dump(query, header, lines))


def dump(query: Query, header: Sequence[str], lines: Sequence[str]) -> bytes:
    """The rows that a projection gave as SPARQL's TSV, as ``read_columns`` reads them."""
    parts: list[bytes] = []
    places: dict[str, tuple[int, int, int, str]] = {}
    at = 0
    columns: Iterable[Sequence[str]] = zip(*(line.split("\t") for line in lines), strict=True) if lines else [()] * len(header)
    for name, cells in zip(header, columns, strict=True):
        numbers = {cell: number for number, cell in enumerate(dict.fromkeys(cells))}
        width = next(code for most, code in WIDTHS if len(numbers) <= most)
        packed = array(width, map(numbers.__getitem__, cells))
        if sys.byteorder != "little":
            packed.byteswap()
        texts = json.dumps([text_of(cell) for cell in numbers], ensure_ascii=False, separators=(",", ":")).encode()
        parts += [texts, packed.tobytes()]
        places[name] = (at, at + len(texts), at + len(texts) + len(parts[-1]), width)
        at = places[name][2]
    return b"".join([json.dumps([digest(query), places]).encode(), b"\n", *parts])


def read_columns(data: bytes, query: Query) -> Columns | None:
    """The columns in bytes that ``dump`` made; None where they are of another query, ValueError and the like for other bytes."""
    end = data.index(b"\n")
    made_of, places = json.loads(data[:end])
    if made_of != digest(query):
        return None
    return Columns(data[end + 1 :], {name: (start, middle, stop, width) for name, (start, middle, stop, width) in places.items()})


def digest(query: Query) -> str:
    """What a query is known by: kept rows of another one are of no use."""
    return sha256(query.text.encode()).hexdigest()
