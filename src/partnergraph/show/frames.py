"""Frames: the bytes of an answer as columns of Arrow, in bulk, with the types that the answer itself states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from partnergraph.base.errors import OutputError
from partnergraph.base.extras import needed
from partnergraph.rdf.terms import PREFIXES, XSD, compact

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import pyoxigraph as ox

Names: TypeAlias = Literal["short", "label", "iri"]
Shortener: TypeAlias = Callable[[list[str]], Mapping[str, str]]
INTEGERS = frozenset(
    f"{XSD}{name}"
    for name in (
        "integer",
        "int",
        "long",
        "short",
        "byte",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    )
)
NUMBERS = INTEGERS | {f"{XSD}{name}" for name in ("decimal", "double", "float")}
BOOLEAN, DATE, DATETIME = f"{XSD}boolean", f"{XSD}date", f"{XSD}dateTime"
TEXT = "text"
# One cell of SPARQL's TSV: an IRI, a quoted literal with its datatype or language, or a bare number or boolean.
CELL = r'(?s)^(?:<(?P<iri>[^<>]*)>|"(?P<quoted>.*)"(?:@[A-Za-z0-9-]+|\^\^<(?P<datatype>[^<>]*)>)?)$'
ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def to_pandas(table: pa.Table, rows: int) -> pd.DataFrame:
    """The table as a pandas DataFrame of so many ``rows``, whose columns keep their types where values are missing."""
    pandas = needed("pandas")
    kinds = {"int64": pandas.Int64Dtype(), "double": pandas.Float64Dtype(), "bool": pandas.BooleanDtype()}
    if not table.num_columns:
        return pandas.DataFrame(index=range(rows))
    return table.to_pandas(types_mapper=lambda kind: kinds.get(str(kind)), date_as_object=False)


def to_polars(table: pa.Table) -> pl.DataFrame:
    """The table as a polars DataFrame."""
    frame: pl.DataFrame = needed("polars").from_arrow(table)
    return frame


def to_arrow(columns: Sequence[str], tsv: Callable[[], bytes], shorten: Shortener) -> pa.Table:
    """SPARQL's TSV below its head as a table of Apache Arrow, from which frames are made without copying cell by cell."""
    arrow = needed("pyarrow")
    needed("pyarrow.compute")
    csv = needed("pyarrow.csv")
    if not columns:
        return arrow.table({})
    cells = csv.read_csv(
        arrow.py_buffer(tsv()),
        read_options=csv.ReadOptions(column_names=columns, skip_rows=1),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(columns, arrow.string()), strings_can_be_null=True, null_values=[""]
        ),
    )
    return arrow.table({name: _column_of(cells[name].combine_chunks(), shorten) for name in columns})


def _column_of(cells: Any, shorten: Shortener) -> Any:
    # Values come again and again: each is read once.
    coded = cells.dictionary_encode()
    return _typed(coded.dictionary, shorten).take(coded.indices)


def triples_tsv(triples: Iterable[ox.Triple]) -> bytes:
    """Triples as SPARQL's TSV, in three columns."""
    lines = ["?subject\t?predicate\t?object"]
    for triple in triples:
        # A tab may stand unescaped in a term of N-Triples.
        terms = (str(term).replace("\t", "\\t") for term in (triple.subject, triple.predicate, triple.object))
        lines.append("\t".join(terms))
    return ("\n".join(lines) + "\n").encode()


def _typed(cells: Any, shorten: Shortener) -> Any:
    """The column with the one type that all its cells have; text where they differ."""
    from pyarrow import compute as pc

    parts = pc.extract_regex(cells, CELL)
    iris, quoted, datatypes = (pc.struct_field(parts, name) for name in ("iri", "quoted", "datatype"))
    # What does not match is bare; groups that took no part in a match are empty.
    bare = pc.if_else(pc.is_valid(parts), None, cells)
    is_iri = pc.starts_with(cells, "<")
    lexical = pc.coalesce(pc.if_else(is_iri, iris, quoted), bare)
    kind = _kind(
        set(pc.unique(pc.if_else(is_iri, "", datatypes)).to_pylist()) - {None},
        bare,
        has_text=pc.any(pc.fill_null(pc.and_(pc.is_valid(parts), pc.equal(datatypes, "")), False)).as_py() or False,
    )
    typed = _cast(lexical, kind)
    if typed is not None:
        return typed
    return _named(_unescaped(lexical), is_iri, shorten)


def _kind(datatypes: set[str], bare: Any, *, has_text: bool) -> str:
    """What the cells are by their datatypes: a datatype, or TEXT for IRIs, texts and everything mixed."""
    from pyarrow import compute as pc

    stated = datatypes - {""}
    words = pc.drop_null(bare)
    if len(words):
        booleans = pc.is_in(words, value_set=_values(["true", "false"]))
        if pc.any(booleans).as_py():
            stated |= {BOOLEAN}
        if pc.any(pc.starts_with(words, "_:")).as_py():
            return TEXT
        if not pc.all(booleans).as_py():
            fractions = pc.match_substring_regex(words, r"[.eE]")
            numbers = pc.invert(booleans)
            stated |= {f"{XSD}decimal"} if pc.any(pc.and_(fractions, numbers)).as_py() else set()
            stated |= {f"{XSD}integer"} if pc.any(pc.and_(pc.invert(fractions), numbers)).as_py() else set()
    if has_text or not stated:
        return TEXT
    if stated <= INTEGERS:
        return f"{XSD}integer"
    if stated <= NUMBERS:
        return f"{XSD}decimal"
    return stated.pop() if len(stated) == 1 else TEXT


def _values(values: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.string())


def _cast(lexical: Any, kind: str) -> Any:
    """The values as what they are, or None where that is text or cannot hold all of them."""
    import pyarrow as pa
    from pyarrow import compute as pc

    zoned = kind == DATETIME and pc.any(pc.match_substring_regex(lexical, r"(Z|[+-]\d\d:\d\d)$")).as_py()
    targets = {
        f"{XSD}integer": (pa.int64(), pa.float64()),
        f"{XSD}decimal": (pa.float64(),),
        BOOLEAN: (pa.bool_(),),
        DATE: (pa.date32(),),
        DATETIME: tuple(pa.timestamp(unit, "UTC" if zoned else None) for unit in ("us", "ns")),
    }
    for target in targets.get(kind, ()):
        try:
            return pc.cast(lexical, target)
        except pa.ArrowInvalid:
            continue
    return None


def _unescaped(lexical: Any) -> Any:
    from pyarrow import compute as pc

    escaped = pc.fill_null(pc.match_substring(lexical, "\\"), False)
    if not pc.any(escaped).as_py():
        return lexical
    # Texts with a line break or a quote are few: only these are touched one by one.
    mended = [_unescape(text) for text in pc.filter(lexical, escaped).to_pylist()]
    return pc.replace_with_mask(lexical, escaped, _values(mended))


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[1]), text)


def _named(texts: Any, is_iri: Any, shorten: Shortener) -> Any:
    from pyarrow import compute as pc

    iris = pc.if_else(is_iri, texts, None)
    known = pc.drop_null(pc.unique(iris))
    if not len(known):
        return texts
    names = shorten(known.to_pylist())
    replaced = pc.take(_values([names[iri] for iri in known.to_pylist()]), pc.index_in(iris, value_set=known))
    return pc.if_else(pc.fill_null(is_iri, False), replaced, texts)


def shortener(names: Names, labels: Callable[[list[str]], Mapping[str, str]] | None) -> Shortener:
    """How IRIs are written, where ``labels`` finds their labels; claims and sources keep their short names, by which they are cited."""
    if names not in get_args(Names):
        raise OutputError(f"no way named {names!r} to write names; take one of {', '.join(get_args(Names))}")
    if names == "iri":
        return lambda iris: {iri: iri for iri in iris}
    if names == "short" or labels is None:
        return lambda iris: {iri: compact(iri) for iri in iris}
    cited = (PREFIXES["claim"], PREFIXES["src"])

    def labelled(iris: list[str]) -> Mapping[str, str]:
        found = labels([iri for iri in iris if not iri.startswith(cited)])
        return {iri: found.get(iri) or compact(iri) for iri in iris}

    return labelled


def spans(dates: Any) -> Any:
    """The first and the last day that each date of a column may mean: a frame with columns ``earliest`` and ``latest``.

    ``dates`` is a column of a pandas or polars frame made from an answer, of dates or, where some are partial, of texts:
    ``2019`` is from 2019-01-01 to 2019-12-31, ``2019-07`` from 2019-07-01 to 2019-07-31.
    """
    arrow = needed("pyarrow")
    pc = needed("pyarrow.compute")
    polars = type(dates).__module__.startswith("polars")
    cells = dates.to_arrow() if polars else arrow.Array.from_pandas(dates)
    if isinstance(cells, arrow.ChunkedArray):
        cells = cells.combine_chunks()
    text = pc.utf8_slice_codeunits(pc.cast(cells, arrow.string()), 0, 10)
    # What is no date, such as one before the year 1, has no day here.
    text = pc.if_else(pc.match_substring_regex(text, r"^\d{4}(-\d\d){0,2}$"), text, None)
    length = pc.utf8_length(text)
    of_year, of_month = pc.equal(length, 4), pc.equal(length, 7)
    tail = pc.if_else(of_year, "-01-01", pc.if_else(of_month, "-01", ""))
    earliest = pc.cast(pc.binary_join_element_wise(text, tail, ""), arrow.date32())

    def last(unit: str) -> Any:
        after = pc.ceil_temporal(earliest, unit=unit, ceil_is_strictly_greater=True)
        return pc.cast(pc.subtract(pc.cast(after, arrow.int32()), arrow.scalar(1, arrow.int32())), arrow.date32())

    latest = pc.if_else(of_year, last("year"), pc.if_else(of_month, last("month"), earliest))
    table = arrow.table({"earliest": earliest, "latest": latest})
    return needed("polars").from_arrow(table) if polars else table.to_pandas(date_as_object=False).set_index(dates.index)
