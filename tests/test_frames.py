"""Answers as data frames: what type each column has, that nothing of a value is lost, and how names are written."""

from __future__ import annotations

import datetime
import sys

import pandas as pd
import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph import Graph, PartnerGraphError
from partnergraph.show.frames import spans
from partnergraph.stores.results import Results

MIXED = r"""SELECT ?text ?number ?none ?day ?part ?flag ?count ?mixed {
  VALUES (?text ?number ?none ?day ?part ?flag ?count ?mixed) {
    ("a\tb\r\nc\\d\"e\\n" UNDEF UNDEF "2019-07-22"^^xsd:date "2019"^^xsd:gYear UNDEF 1 "2019"^^xsd:gYear)
    ("un"@fr 1 UNDEF UNDEF "2019-02-28"^^xsd:date true 2 7)
    (UNDEF 1.5 UNDEF "2020-02-29"^^xsd:date "2020-02"^^xsd:gYearMonth UNDEF 3 ent:openai)
    (pg:date 1e6 UNDEF UNDEF UNDEF false -4 "x")
  } }"""


def test_pandas_has_the_types_of_the_answer(graph: Graph):
    frame = graph.query(MIXED).to_pandas()
    assert [str(kind) for kind in frame.dtypes[["number", "flag", "count"]]] == ["Float64", "boolean", "Int64"]
    assert pd.api.types.is_datetime64_dtype(frame["day"])
    assert list(frame["text"][:2]) == ['a\tb\r\nc\\d"e\\n', "un"]
    assert frame["text"][3] == "pg:date"
    assert list(frame["number"].dropna()) == [1, 1.5, 1e6]
    assert list(frame["count"]) == [1, 2, 3, -4]
    assert list(frame["part"][:3]) == ["2019", "2019-02-28", "2020-02"]
    assert list(frame["mixed"]) == ["2019", "7", "ent:openai", "x"]
    assert frame["none"].isna().all()


def test_polars_has_the_types_of_the_answer(graph: Graph):
    frame = graph.query(MIXED).to_polars()
    assert frame.schema == {
        "text": pl.String,
        "number": pl.Float64,
        "none": pl.String,
        "day": pl.Date,
        "part": pl.String,
        "flag": pl.Boolean,
        "count": pl.Int64,
        "mixed": pl.String,
    }
    assert frame["day"].to_list() == [datetime.date(2019, 7, 22), None, datetime.date(2020, 2, 29), None]
    assert frame["flag"].to_list() == [None, True, None, False]
    assert frame["text"][0] == 'a\tb\r\nc\\d"e\\n'


@pytest.mark.parametrize("column", ["day", "part"])
def test_spans_of_dates(graph: Graph, column: str):
    answer = graph.query(MIXED)
    first, last = {"day": ("2019-07-22", "2019-07-22"), "part": ("2019-01-01", "2019-12-31")}[column]
    of_pandas = spans(answer.to_pandas().set_index("count")[column])
    assert list(of_pandas.index) == [1, 2, 3, -4]
    assert of_pandas.loc[1].astype(str).to_list() == [first, last]
    assert of_pandas.loc[3, "latest"] == pd.Timestamp("2020-02-29")
    assert of_pandas.loc[-4].isna().all()
    of_polars = spans(answer.to_polars()[column])
    assert of_polars.schema == {"earliest": pl.Date, "latest": pl.Date}
    assert of_polars.row(0) == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


def test_names_do_not_change_the_types(graph: Graph):
    answer = graph.ask("investments-in", entity="OpenAI")
    frames = [answer.to_pandas(names) for names in ("short", "label", "iri")]
    assert all((frame.dtypes == frames[0].dtypes).all() for frame in frames)
    short, label, iri = ({*frame["investor"].dropna()} for frame in frames)
    assert "ent:microsoft" in short
    assert "Microsoft" in label
    assert "https://w3id.org/partnergraph/entity/microsoft" in iri
    assert frames[1]["claim"].str.startswith("claim:").all()
    with pytest.raises(PartnerGraphError, match="take one of short, label, iri"):
        answer.to_polars("labels")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sparql", "shape"),
    [
        ("SELECT ?x { VALUES ?x { UNDEF 1 UNDEF } }", (3, 1)),
        ("SELECT ?x { ?x pg:nothing 1 }", (0, 1)),
        ("SELECT * { }", (1, 0)),
        ("CONSTRUCT { ent:openai rdfs:label ?x } { VALUES ?x { 'a\tb\"' 5 } }", (2, 3)),
        ("CONSTRUCT { ?x rdfs:label ?x } { ?x pg:nothing 1 }", (0, 3)),
    ],
)
def test_shapes(graph: Graph, sparql: str, shape: tuple[int, int]):
    answer = graph.query(sparql)
    assert answer.to_pandas().shape == shape
    if shape[1]:
        assert answer.to_polars().shape == shape


@pytest.mark.parametrize(
    ("literal", "kind"),
    [
        ("'99999999999999999999'^^xsd:integer", pl.Float64),
        ("'INF'^^xsd:double", pl.Float64),
        ("'2024-02-30'^^xsd:date", pl.String),
        ("'2024-02-03Z'^^xsd:date", pl.String),
        ("'P1D'^^xsd:duration", pl.String),
        ("'2024-02-03T00:00:00Z'^^xsd:dateTime", pl.Datetime("us", "UTC")),
        ("'2024-02-03T00:00:00'^^xsd:dateTime", pl.Datetime("us")),
        ("'true'", pl.String),
        ("'5'", pl.String),
        ("''", pl.String),
    ],
)
def test_odd_values(graph: Graph, literal: str, kind: pl.DataType):
    frame = graph.query(f"SELECT ({literal} AS ?x) {{ }}").to_polars()
    assert frame.schema == {"x": kind}
    assert frame["x"].null_count() == 0


TEXT = st.text(st.sampled_from("a \t\n\r\\\"'<>?_:.5é\u2028\x0b\x00🙂"), max_size=6)
TERMS = st.one_of(
    st.none(),
    st.sampled_from([ox.NamedNode("http://a/b,c"), ox.Literal("5", datatype=ox.NamedNode("http://a/type"))]),
    st.sampled_from([ox.Literal(value) for value in (5, 1.5, True, "", "true", "_:b", "<http://a/b>")]),
    TEXT.map(ox.Literal),
    TEXT.map(lambda text: ox.Literal(text, language="fr")),
    # A triple as a term, as it is written in a query.
    TEXT.map(lambda text: f"<<( <http://a/b> <http://a/p> {ox.Literal(text)} )>>"),
)


@given(rows=st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[TERMS] * width), max_size=5)))
def test_rows_that_were_written_elsewhere_are_what_the_engine_reads_in_them(rows: list[tuple[object, ...]]):
    width = len(rows[0]) if rows else 1
    head = [f"?v{number}" for number in range(width)]
    values = [f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows]
    text = f"SELECT {' '.join(head)} {{ VALUES ({' '.join(head)}) {{ {' '.join(values)} }} }}"
    data = ox.Store().query(text).serialize(format=ox.QueryResultsFormat.TSV) or b""

    def run() -> ox.QuerySolutions:
        return ox.parse_query_results(data, format=ox.QueryResultsFormat.TSV)  # type: ignore[return-value]

    assert [tuple(row) for row in Results(run, data)] == [tuple(row) for row in run()]


def test_yes_or_no_is_no_frame(graph: Graph):
    with pytest.raises(PartnerGraphError, match="bool"):
        graph.query("ASK { }").to_pandas()


def test_what_is_missing_is_named(graph: Graph, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(PartnerGraphError, match=r"needs pandas: pip install 'partnergraph\[notebook\]'"):
        graph.query("SELECT * { ?x pg:date ?y } LIMIT 1").to_pandas()
