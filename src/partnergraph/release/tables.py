"""The claims and their citations as tables, with what each column holds."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass

from partnergraph.base.errors import OutputError
from partnergraph.base.spreadsheets import write_csv
from partnergraph.core.graph import GraphCore
from partnergraph.core.rows import finite, rows
from partnergraph.rdf.terms import compact

Row = dict[str, object]


@dataclass(frozen=True)
class Field:
    """A column: its name, its type in the words of Table Schema, and what it holds."""

    name: str
    kind: str
    says: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a release: its name, what a row is, its columns, the key, which columns name rows of other tables, and the rows."""

    name: str
    says: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    foreign: tuple[tuple[str, str], ...]
    rows: list[Row]

    def csv(self) -> bytes:
        """The table for spreadsheets."""
        names = [field.name for field in self.fields]
        return write_csv(names, ([row[name] for name in names] for row in self.rows))

    def parquet(self) -> bytes:
        """The table with typed columns; raises OutputError where polars is not installed."""
        try:
            import polars as pl
        except ImportError:
            raise OutputError("a release has Parquet tables, which need polars: pip install 'partnergraph[parquet]'") from None
        kinds = {"number": pl.Float64, "string": pl.String}
        schema = {field.name: kinds[field.kind] for field in self.fields}
        cells = {field.name: [row[field.name] for row in self.rows] for field in self.fields}
        out = io.BytesIO()
        pl.DataFrame(cells, schema=schema).write_parquet(out)
        return out.getvalue()


CLAIM = Field(
    "claim",
    "string",
    "the short name of the claim; its address is https://w3id.org/partnergraph/claim/ and the rest",
    required=True,
)
DATE = "as precise as known: a year, a month or a day"
CLAIMS = (
    CLAIM,
    Field("statement", "string", "what is claimed, in one sentence", required=True),
    Field("kind", "string", "what kind of claim it is", required=True),
    Field("parties", "string", "the roles and who plays them: role=entity, divided by blanks"),
    Field("date", "string", f"when it happened or what day it is about, {DATE}"),
    Field("begin", "string", f"from when on it holds, {DATE}"),
    Field("end", "string", f"from when on it holds no longer, {DATE}"),
    Field("attestation", "string", "how well it is attested: rumoured, reported, announced or confirmed"),
    Field("stage", "string", "how far a deal has come"),
    Field("amountMin", "number", "the least that the sources leave open, in units of the currency"),
    Field("amountMax", "number", "the most that the sources leave open"),
    Field("currency", "string", "the currency by ISO 4217"),
    Field("bestTier", "string", "the tier of its best source"),
    Field("contradicts", "string", "the claims that say otherwise, divided by blanks"),
)
CITATIONS = (
    CLAIM,
    Field("source", "string", "the short name of the source", required=True),
    Field("locator", "string", "where in the source it stands"),
    Field("verified", "string", "the day on which it was last read there"),
    Field("title", "string", "the title of the source"),
    Field("outlet", "string", "whose report it is"),
    Field("carrier", "string", "the site where it was read, where that is another"),
    Field("tier", "string", "weak, aggregator, trade press, quality press or primary"),
    Field("issued", "string", f"when it was published, {DATE}"),
    Field("url", "string", "its address"),
)
ENTITIES = (
    Field("entity", "string", "the short name of the entity", required=True),
    Field("label", "string", "what it is called", required=True),
    Field("kind", "string", "what it is"),
)


def make_tables(graph: GraphCore) -> list[Table]:
    """The tables of a graph: its claims, their citations, and the entities that take part."""
    parties: dict[str, list[str]] = defaultdict(list)
    named: dict[str, None] = {}
    for row in rows(graph, "map-parties"):
        entity = compact(row["entity"])
        named[row["entity"]] = None
        parties[row["claim"]].append(f"{compact(row['role']).partition(':')[2]}={entity}")
    labels, kinds = graph.labels(named), graph.kinds(named)
    claims = [_claim(row, parties[row["claim"]]) for row in rows(graph, "release-claims")]
    known = {row["claim"] for row in claims}
    citations: list[Row] = [
        {**row, "claim": compact(row["claim"]), "source": compact(row["source"])}
        for row in rows(graph, "release-citations")
        if compact(row["claim"]) in known
    ]
    entities: list[Row] = [
        {"entity": compact(iri), "label": labels.get(iri, compact(iri)), "kind": kinds.get(iri, "")} for iri in sorted(named)
    ]
    return [
        Table("claims", "One row a claim.", CLAIMS, ("claim",), (), claims),
        Table("citations", "One row a place in a source that carries a claim.", CITATIONS, (), (("claim", "claims"),), citations),
        Table("entities", "One row an entity that is party to a claim.", ENTITIES, ("entity",), (), entities),
    ]


def _claim(row: dict[str, str], parties: list[str]) -> Row:
    rivals = " ".join(sorted(compact(iri) for iri in row["contradicts"].split()))
    amounts = {name: finite(row[name]) for name in ("amountMin", "amountMax")}
    return {**row, **amounts, "claim": compact(row["claim"]), "parties": " ".join(parties), "contradicts": rivals}
