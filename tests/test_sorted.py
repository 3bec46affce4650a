"""Turtle that is written in parts is what is written at once, or is left to that."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from partnergraph.rdf.jsonld import jsonld_parts, write_jsonld
from partnergraph.rdf.sorted import parts_of, triples_of, turtle_parts
from partnergraph.rdf.turtle import write_turtle

PREFIXES = {"e": "http://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
HEAD = "@prefix e: <http://example.org/> .\n"
INLINE = (
    HEAD + 'e:a e:p [ e:q [ e:r "x" ] ; e:s 1 ], "_:b", "e> _:c" . e:b e:p e:a, "two\\nlines" . e:c a e:K ; e:p "x"@en-GB, true .'
)


def lines_of(turtle: str) -> list[bytes]:
    dataset = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))


def test_what_stands_in_a_subject_is_written_with_it() -> None:
    pieces = turtle_parts(lines_of(HEAD + 'e:b e:p e:a . e:a e:p [ e:q [ e:r "x" ] ] .'), PREFIXES, 1)
    assert pieces is not None
    assert b"".join(pieces).decode() == HEAD + '\ne:a\n    e:p [ e:q [ e:r "x" ] ] .\n\ne:b\n    e:p e:a .\n'


@pytest.mark.parametrize("most", [1, 2, 100])
def test_in_parts_of_any_size_it_is_the_same(most: int) -> None:
    lines = lines_of(INLINE)
    pieces = turtle_parts(lines, PREFIXES, most)
    assert pieces is not None
    assert b"".join(pieces).decode() == write_turtle(triples_of(lines), PREFIXES)
    parts = jsonld_parts(map(triples_of, parts_of(lines, most)), PREFIXES)
    assert b"".join(parts) == write_jsonld(triples_of(lines), PREFIXES)


@pytest.mark.parametrize(
    "turtle",
    [
        "e:a e:p _:x . e:b e:p _:x .",
        "e:a e:p _:x . _:x e:p _:y . _:y e:p _:x .",
        "_:x e:p _:y . _:y e:p _:x .",
        "[] e:p e:a .",
        "e:a e:p _:x ; e:q _:x .",
        "e:a e:p " + "[ e:p " * 8 + "e:b" + " ]" * 8 + " .",
        "e:a e:p <<( e:b e:c _:x )>> .",
    ],
)
def test_a_blank_node_that_needs_a_name_is_left_to_what_has_all_in_hand(turtle: str) -> None:
    assert turtle_parts(lines_of(HEAD + turtle), PREFIXES, 1) is None


def test_nothing_is_an_empty_document() -> None:
    assert turtle_parts([], PREFIXES) in ([b""], [])
    assert b"".join(jsonld_parts([], PREFIXES)) == write_jsonld([], PREFIXES)
