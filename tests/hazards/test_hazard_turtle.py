"""Turtle that is written: read back by two readers it is what it was, whatever it holds, and nothing of a file is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import Result

from partnergraph.base.errors import ContentError, OutputError
from partnergraph.rdf.lexical import comment_line
from partnergraph.rdf.turtle import format_turtle, read_triples, write_turtle

# rdflib warns of booleans that are none.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
Run = Callable[..., Result]
HERE = Path("mine.ttl")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"x": "http://x/", "": "http://x/v#", "xsd": XSD}
HEAD = "@prefix x: <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
# More graphs in a run of its own: PARTNERGRAPH_EXAMPLES=5000 pytest tests/hazards/test_hazard_turtle.py
many = settings(
    max_examples=int(os.environ.get("PARTNERGRAPH_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def meaning(triples: list[ox.Triple]) -> list[str]:
    dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def read(text: str | bytes) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


NODES = [ox.BlankNode(f"n{number}") for number in range(6)]
LOCAL = st.sampled_from(["a", "b.c", "b.", "v#", "v#a", "ä", "क्", "-a", "a-", "%41", "a/b", "a:b", "1", "it's", "·", "٣", ""])
IRIS = LOCAL.map(lambda local: ox.NamedNode(f"http://x/{local}"))
TEXTS = st.text(st.sampled_from("a\"'\\\n\r\t\x00\x7f\x85\u2028\u202e٣é😀# @.;,<>[](){}_:^"), max_size=8)
NUMBERS = st.tuples(
    st.sampled_from(["1", "-1", "+01", "١٢", " 1", "1\n", "", "1.0", ".5", "1.", "-.5", "true", "TRUE", "1e5", "1e300000000"]),
    st.sampled_from(["integer", "decimal", "boolean", "double"]),
).map(lambda pair: ox.Literal(pair[0], datatype=ox.NamedNode(XSD + pair[1])))
TAGGED = st.tuples(TEXTS, st.sampled_from(["en", "de-CH", "zh-Hant-TW"])).map(lambda pair: ox.Literal(pair[0], language=pair[1]))
DIRECTED = st.tuples(TEXTS, st.sampled_from([ox.BaseDirection.LTR, ox.BaseDirection.RTL])).map(
    lambda pair: ox.Literal(pair[0], language="ar", direction=pair[1])
)
PLAIN = st.one_of(TEXTS.map(ox.Literal), NUMBERS, TAGGED, st.builds(lambda t, d: ox.Literal(t, datatype=d), TEXTS, IRIS))
BLANKS = st.sampled_from(NODES)
SUBJECTS = st.one_of(BLANKS, BLANKS, IRIS)
PROPERTIES = st.sampled_from(
    [ox.NamedNode(f"{RDF}{name}") for name in ("first", "rest", "type")] + [ox.NamedNode("http://x/p")] * 3
)
OBJECTS = st.one_of(SUBJECTS, SUBJECTS, st.just(ox.NamedNode(f"{RDF}nil")), PLAIN)
QUOTED = st.builds(ox.Triple, SUBJECTS, PROPERTIES, st.one_of(OBJECTS, DIRECTED))
GRAPHS = st.lists(st.builds(ox.Triple, SUBJECTS, PROPERTIES, OBJECTS), max_size=14)
NEW_GRAPHS = st.lists(st.builds(ox.Triple, SUBJECTS, PROPERTIES, st.one_of(OBJECTS, DIRECTED, QUOTED)), max_size=14)


@pytest.fixture(autouse=True)
def literals_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@many
@given(NEW_GRAPHS, st.randoms(use_true_random=False))
def test_any_graph_reads_back_and_is_always_the_same_bytes(graph: list[ox.Triple], rng: object) -> None:
    text = write_turtle(graph, PREFIXES)
    back = read(text)
    assert meaning(back) == meaning(graph)
    assert write_turtle(back, PREFIXES) == text
    others: dict[ox.BlankNode, ox.BlankNode] = {}

    def renamed(term: object) -> object:
        if isinstance(term, ox.BlankNode):
            return others.setdefault(term, ox.BlankNode())
        return ox.Triple(*map(renamed, term)) if isinstance(term, ox.Triple) else term

    shuffled = [renamed(triple) for triple in graph]
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert write_turtle(shuffled, PREFIXES) == text  # type: ignore[arg-type]


@many
@given(GRAPHS)
def test_rdflib_reads_the_same(graph: list[ox.Triple]) -> None:
    found = rdflib.Graph().parse(data=write_turtle(graph, PREFIXES), format="turtle")

    def line(term: object) -> str:
        if not isinstance(term, rdflib.Literal):
            return term.n3()  # type: ignore[attr-defined]
        kind = ox.NamedNode(str(term.datatype)) if term.datatype else None
        return str(ox.Literal(str(term), language=term.language) if term.language else ox.Literal(str(term), datatype=kind))

    lines = "".join(f"{line(s)} {line(p)} {line(o)} .\n" for s, p, o in found)
    assert meaning([quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)]) == meaning(graph)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bool]:
    """A Turtle file as a person might write it, and whether there is a comment in it."""
    blank = st.sampled_from([" ", "\n", "\r\n", "\t", "  "])
    comment = draw(st.booleans())
    parts = [
        draw(st.sampled_from(["", "\ufeff"])) + HEAD.strip(),
        draw(st.sampled_from(["", "@base <http://x/b/o> .", "BASE <http://x/b/o>", "PREFIX : <http://y/>"])),
    ]
    based = "ase" in parts[1].lower()
    subjects = ["x:a", r"x:it\'s", r"x:a\#b", r"<http://x/caf\u00E9#menu>", "_:n", "_:b2", "x:a.b", "[]", "x:", "x:क्", "x:%23"]
    subjects += ["<#f>", "<>", "<x>", "<x#y>"] if based else []
    texts = [
        '"a # b"',
        "'#'",
        '"""a\n"#" b"""',
        "'''it's # \\''''",
        '"\\" #"',
        '"x"@de-CH',
        '"y"@de-ch',
        '"z"@ar--rtl',
        "1",
        "-.5",
        "1e5",
    ]
    texts += ["true", '"\\u0023"', "(1 [] _:n)", "()", '"1"^^xsd:int', "x:b"]
    for _ in range(draw(st.integers(0, 5))):
        parts += [
            draw(st.sampled_from(subjects)),
            draw(st.sampled_from(["a", "x:p", r"x:q\#"])),
            draw(st.sampled_from([*texts, *subjects])),
        ]
        while draw(st.booleans()):
            parts += [draw(st.sampled_from([",", "; x:r"])), draw(st.sampled_from(texts))]
        parts.append(".")
    if comment:
        parts.insert(draw(st.integers(1, len(parts))), '# it\'s "lost" <' + draw(st.sampled_from(["\n", "\r\n"])))
    return "".join(part + draw(blank) for part in parts), comment


@many
@given(files())
def test_files_keep_what_they_say_or_are_refused(given: tuple[str, bool]) -> None:
    text, comment = given
    data = text.encode()
    try:
        triples, _ = read_triples(HERE, data)
    except ContentError:
        # Two things that do not go together, such as a text where a subject should be.
        return
    if comment:
        line = next(number for number, words in enumerate(text.split("\n"), 1) if '# it\'s "lost"' in words)
        with pytest.raises(ContentError, match=rf"^mine\.ttl:{line}: a comment would be lost"):
            format_turtle(HERE, data)
        return
    written = format_turtle(HERE, data)
    assert meaning(read(written)) == meaning(triples)
    assert format_turtle(HERE, written.encode()) == written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x:a x:p _:n . x:b x:p _:n .", "x:a\n    x:p _:b1 .\n\nx:b\n    x:p _:b1 .\n"),
        ("_:a x:p _:c . _:b x:p _:c . _:c x:q 1 .", "_:b1\n    x:q 1 .\n\n[]\n    x:p _:b1 .\n\n[]\n    x:p _:b1 .\n"),
        ("_:a x:p _:b . _:b x:p _:a .", "_:b1\n    x:p _:b2 .\n\n_:b2\n    x:p _:b1 .\n"),
        ('x:s x:p "١٢"^^xsd:integer .', 'x:s\n    x:p "١٢"^^xsd:integer .\n'),
        ('x:s x:p "شركة"@ar--rtl .', 'x:s\n    x:p "شركة"@ar--rtl .\n'),
        ('x:s x:p "A"@de-CH, "B"@zh-Hant-TW .', 'x:s\n    x:p "A"@de-CH, "B"@zh-Hant-TW .\n'),
        ('x:s x:p "A"@de-CH, "B"@de-ch, "C"@DE-CH .', 'x:s\n    x:p "A"@de-CH, "B"@de-CH, "C"@de-CH .\n'),
        ('x:s x:p """He said "later".\nThen\r\n""\\"" .""" .', 'x:s\n    x:p """He said "later".\nThen\\r\n\\"\\"\\"" .""" .\n'),
        ('x:s x:p """a\n\\"""" .', 'x:s\n    x:p """a\n\\"""" .\n'),
        ('x:s x:p "blank \\n after", 1 .', 'x:s\n    x:p\n        """blank \n after""",\n        1 .\n'),
        ("x:a.b x:क्ष [] .", "x:a.b\n    x:क्ष [] .\n"),
        ("x:a\U000e01ef x:p 1 .", "x:a\U000e01ef\n    x:p 1 .\n"),
        ("x: x:p x: .", "x:\n    x:p x: .\n"),
        ("x:s x:p +1, 01, .5, 1.50, -0.0 .", '"+1"^^xsd:integer,'),
    ],
)
def test_what_is_kept_and_how(text: str, kept: str) -> None:
    written = format_turtle(HERE, (HEAD + text).encode())
    assert kept in written
    assert meaning(read(written)) == meaning(read(HEAD + text))
    assert format_turtle(HERE, written.encode()) == written


def test_the_empty_prefix_and_the_base_keep_names_short() -> None:
    text = b"@base <https://example.org/o> . @prefix : <#> . : a :Ontology . <b> :p <>, <c#d>, <https://example.org/x/y> ."
    assert format_turtle(HERE, text) == (
        "@base <https://example.org/o> .\n@prefix : <https://example.org/o#> .\n\n"
        "<b>\n    :p <>, <c#d>, <https://example.org/x/y> .\n\n:\n    a :Ontology .\n"
    )


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_ends_and_a_mark_before_the_text(ending: str) -> None:
    text = "\ufeff" + ending.join(["@prefix x: <http://x/> .", "", "x:a x:p 1 ."])
    assert format_turtle(HERE, text.encode()) == "@prefix x: <http://x/> .\n\nx:a\n    x:p 1 .\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x:s x:it\\'s 1 . # don't", 2),
        ("x:s x:p '''\n#''' . #", 3),
        ("#", 2),
        ("x:s x:p <http://x/\\u00e9#a> .\n\n# a", 4),
        ("x:s x:p 'a' .# a", 2),
        ('x:s x:p "x"@en#a\n.', 2),
        ("x:s x:p 1 .", None),
        ("x:s x:p\\#q x:a\\#b .", None),
        ('x:s x:p """a""b#""" .', None),
    ],
)
def test_comments_and_what_looks_like_them(text: str, line: int | None) -> None:
    assert comment_line(f"{HEAD}\n{text}") == line
    assert read(f"{HEAD}\n{text}") is not None


def test_triples_about_triples_are_refused_with_their_line() -> None:
    with pytest.raises(ContentError, match=r"^mine\.ttl:2: holds a triple about a triple"):
        format_turtle(HERE, (HEAD + "x:a x:p '<<' .\nx:a x:p <<( x:a x:p 1 )>> .").encode())


@pytest.mark.parametrize("name", ["a.nt", "a.nq", "a.trig", "a.rq", "a"])
def test_only_turtle_files_are_formatted(name: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / name
    path.write_text('<http://x/a> <http://x/p> "x" .\n')
    assert "is no Turtle file by its name" in run("fmt", str(path), code=1).stderr
    assert path.read_text() == '<http://x/a> <http://x/p> "x" .\n'


@pytest.mark.parametrize(
    "pattern",
    [
        "CONSTRUCT { <x:a> <x:p> ?n . <x:b> <x:q> ?n } { BIND(BNODE() AS ?n) }",
        "CONSTRUCT { ?s <x:p> <<( ?s ?p ?o )>> } { ?s ?p ?o } LIMIT 1",
        'CONSTRUCT { <x:a> <x:p> "١"^^xsd:integer, "a"@en--ltr, "a\\nb" } {}',
        "CONSTRUCT { _:a <x:p> _:b . _:b <x:p> _:a . _:c <x:p> _:c } {}",
    ],
)
def test_answers_as_turtle_can_be_read(pattern: str, run: Run) -> None:
    as_lines = run("query", pattern, "-f", "ntriples").stdout
    expected = [quad.triple for quad in ox.parse(as_lines, format=ox.RdfFormat.N_TRIPLES)]
    assert expected
    assert meaning(read(run("query", pattern, "-f", "turtle").stdout)) == meaning(expected)


@pytest.mark.parametrize("shape", ["circle", "pairs", "chain", "clique", "shared", "grid"])
def test_graphs_that_look_alike_everywhere_take_no_time(shape: str) -> None:
    size = 1500
    links = {
        "circle": [(i, (i + 1) % size) for i in range(size)],
        "pairs": [(i, i ^ 1) for i in range(size)],
        "chain": [(i, i + 1) for i in range(size)],
        "clique": [(i, j) for i in range(40) for j in range(40) if i != j],
        "shared": [(-1, i) for i in range(size)] + [(-2, i) for i in range(size)],
        "grid": [
            (i * 40 + j, other) for i in range(40) for j in range(40) for other in ((i + 1) % 40 * 40 + j, i * 40 + (j + 1) % 40)
        ],
    }[shape]

    def node(number: int) -> ox.BlankNode | ox.NamedNode:
        return ox.BlankNode(f"n{number}") if number >= 0 else ox.NamedNode(f"http://x/{number}")

    graph = [ox.Triple(node(start), ox.NamedNode("http://x/p"), node(finish)) for start, finish in links]
    text = write_turtle(graph, PREFIXES)
    assert write_turtle(read(text), PREFIXES) == text
    assert len(read(text)) == len(graph)


def test_what_cannot_be_read_back_is_not_written() -> None:
    # The engine takes the name from a file, where it is written short, and refuses it where it is written in full.
    text = f"{HEAD} x:a\U000e01ef x:p 1 .".encode()
    triples, _ = read_triples(HERE, text)
    with pytest.raises(OutputError, match="cannot be written as Turtle that can be read again"):
        write_turtle(triples, {})
