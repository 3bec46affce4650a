"""The canonical form: same triples, same bytes, nothing lost."""

from __future__ import annotations

import string
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.base.errors import ContentError
from partnergraph.content.folders import find_content
from partnergraph.rdf.lexical import comment_line
from partnergraph.rdf.terms import PREFIXES
from partnergraph.rdf.turtle import format_turtle, read_triples, write_turtle

HERE = Path("mine.ttl")
CONTENT = find_content()
FILES = [*CONTENT.vocabulary_files(), CONTENT.ontology / "shapes.ttl", *CONTENT.data_files()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shipped_files_keep_their_triples(path: Path):
    data = path.read_bytes()
    written = format_turtle(path, data).encode()
    assert canonical(data) == canonical(written)
    assert format_turtle(path, written).encode() == written


def canonical(data: bytes) -> list[str]:
    dataset = ox.Dataset(ox.parse(data, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def test_reading_order():
    text = """@prefix pg: <https://w3id.org/partnergraph/ontology#> . @prefix claim: <https://w3id.org/partnergraph/claim/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ent: <https://w3id.org/partnergraph/entity/> .
        claim:b pg:cites [ pg:locator "2" ; pg:source pg:x ], [ pg:source pg:a ; pg:locator "1" ] ; pg:amountMin 1.50 ;
          pg:investor ent:z, ent:a ; rdfs:label "a \\"b\\"\\nc" ; a pg:Investment . claim:a a pg:Deal ; pg:yes true ."""
    assert format_turtle(HERE, text.encode()) == (
        "@prefix claim: <https://w3id.org/partnergraph/claim/> .\n"
        "@prefix ent: <https://w3id.org/partnergraph/entity/> .\n"
        "@prefix pg: <https://w3id.org/partnergraph/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "\n"
        "claim:a\n    a pg:Deal ;\n    pg:yes true .\n"
        "\n"
        "claim:b\n"
        "    a pg:Investment ;\n"
        '    rdfs:label """a "b"\nc""" ;\n'
        "    pg:investor ent:a, ent:z ;\n"
        "    pg:amountMin 1.50 ;\n"
        '    pg:cites [ pg:source pg:a ; pg:locator "1" ], [ pg:source pg:x ; pg:locator "2" ] .\n'
    )


IRIS = st.text(string.ascii_letters + string.digits + "-._~%/", min_size=1, max_size=12).map(
    lambda s: ox.NamedNode("https://w3id.org/partnergraph/entity/" + s.replace("%", "%41"))
)
LITERALS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20).map(ox.Literal),
    st.integers().map(ox.Literal),
    st.booleans().map(ox.Literal),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(
        lambda d: ox.Literal(f"{d:f}", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
    ),
    st.text(string.ascii_letters, min_size=1, max_size=5).map(lambda s: ox.Literal(s, language="en")),
)


@given(st.lists(st.tuples(IRIS, IRIS, st.one_of(IRIS, LITERALS)), max_size=12))
def test_whatever_is_written_reads_back(rows: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]):
    triples = [ox.Triple(*row) for row in rows]
    text = write_turtle(triples, PREFIXES)
    back, _ = read_triples(HERE, text.encode())
    assert set(back) == set(triples)
    assert write_turtle(reversed(triples), PREFIXES) == text


def test_a_comment_is_refused_rather_than_lost():
    with pytest.raises(ContentError, match=r"mine.ttl:2: a comment would be lost"):
        format_turtle(HERE, b'<a:a> <a:b> "# no comment" , <a:c#d> .\n# a comment\n<a:a> <a:b> 1 .')


@pytest.mark.parametrize(
    "text", ['<a:#b> <c:d> "x" .', "<a:b> <c:d> '''# \n#''' .", '<a:b> <c:d> """a "#" b""" .', "# yes", "<a:b> <c:d> 1 . # yes"]
)
def test_comments_are_told_from_text(text: str):
    assert (comment_line(text) is not None) == ("yes" in text)


def test_syntax_errors_name_file_and_line():
    with pytest.raises(ContentError, match=r"^mine.ttl:3: not valid Turtle: "):
        format_turtle(HERE, b"@prefix a: <b:c> .\n\na:b a:c .")


def test_a_byte_order_mark_is_no_error():
    assert format_turtle(HERE, b"\xef\xbb\xbf<a:b> <a:c> 1 .") == "\n<a:b>\n    <a:c> 1 .\n"


@pytest.mark.parametrize(
    ("data", "repair"),
    [
        (b"@prefix a: <http://a/> .\na:b a a:c", "end the last statement with a point"),
        (b"@prefix a: <http://a/> .\na:b a a:c\n a:d a:e .", "put a point or a semicolon at the end of the line before"),
        (b'@prefix a: <http://a/> .\na:b a:c "d .', "close the quotes, the bracket or the address"),
        (b'@prefix a: <http://a/> .\na:b a:c "d\ne" .', "close the quotes in the same line"),
        (b"@prefix a: <http://a/> .\na:b a:c [ a:d a:e .", "close the bracket of the citation"),
        (b"a:b a a:c .", "declare it above with @prefix, or mend its name"),
        ("@prefix a: <http://a/> .\na:b a:c “d” .".encode(), "write straight quotes"),
        (b'@prefix a: <http://a/> .\na:b a:c "caf\xe9" .', "save the file in UTF-8"),
        (b"@prefix a: <http://a/> .\na:b a:c True .", "write true or false, in small letters"),
        (b"@prefix a: <http://a/> .\na:b a:c 2024-05-04 .", "write a date in quotes with its datatype"),
        (b"@prefix a: <http://a/> .\n<<<<<<< HEAD\na:b a a:c .\n=======\n>>>>>>> x", "take out the marks that a merge has left"),
    ],
)
def test_turtle_that_cannot_be_read_says_what_mends_it(data: bytes, repair: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_triples(Path("a.ttl"), data)
    assert repair in str(caught.value)
