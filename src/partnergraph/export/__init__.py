"""The graph and its network in the formats of other tools; one writer a format."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partnergraph.base.errors import OutputError, UnknownName
from partnergraph.base.files import Pieces, is_stream, replace_together
from partnergraph.base.spreadsheets import EXCEL_MARK
from partnergraph.rdf.names import nearest_names

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

__all__ = ["FORMATS", "Format", "export", "find_format", "to_files"]


@dataclass(frozen=True)
class Format:
    """One format: what it is for, its usual suffix, and the parts that it consists of, each a file."""

    name: str
    description: str
    suffix: str
    parts: tuple[str, ...] = ("",)
    network: bool = True


_LISTED = (
    Format("turtle", "the triples of the graph, for people and RDF tools", ".ttl", network=False),
    Format("trig", "the same as TriG", ".trig", network=False),
    Format("nquads", "the triples in canonical order, one a line, for comparing", ".nq", network=False),
    Format("jsonld", "the triples as JSON-LD, for the web", ".jsonld", network=False),
    Format("graphml", "the network for yEd, Cytoscape, igraph", ".graphml"),
    Format("gexf", "the network for Gephi and Gephi Lite", ".gexf"),
    Format("cytoscape", "the network as Cytoscape JSON", ".cyjs"),
    Format("nodelink", "the network as node-link JSON, for D3 and networkx", ".json"),
    Format("csv", "the network and the ledger as three tables for spreadsheets", ".csv", ("-nodes", "-edges", "-ledger")),
    Format(
        "parquet",
        "the network and the ledger as three tables for polars, DuckDB, pandas, Spark; needs partnergraph[parquet]",
        ".parquet",
        ("-nodes", "-edges", "-ledger"),
    ),
)
FORMATS = {one.name: one for one in _LISTED}


def find_format(name: str) -> Format:
    """The format of that name; raises UnknownName with the nearest ones."""
    if name not in FORMATS:
        raise UnknownName("format", name, nearest_names(name, FORMATS), f"take one of {', '.join(FORMATS)}")
    return FORMATS[name]


def to_files(graph: GraphCore, name: str, families: Collection[str] = (), kinds: Collection[str] = ()) -> dict[str, bytes]:
    """The bytes of each part of the graph, or of its network, in a format; the same graph gives the same bytes.

    Raises OutputError where the view holds nothing to export.
    """
    return {part: data if isinstance(data, bytes) else b"".join(data) for part, data in _made(graph, name, families, kinds).items()}


def _made(graph: GraphCore, name: str, families: Collection[str], kinds: Collection[str]) -> Mapping[str, bytes | Pieces]:
    chosen = find_format(name)
    if not chosen.network:
        if families or kinds:
            raise OutputError(
                f"{name} holds the whole graph; families and kinds choose edges of a network: {', '.join(_networks())}"
            )
        if not graph.engine.answer("ASK { ?claim a pg:Claim }", {}):
            raise OutputError(f"there is nothing to export: no claim is in this view ({graph.scope})")
        from partnergraph.export import triples

        return {"": triples.WRITERS[name](graph)}
    from partnergraph.network.projection import make_network

    network = make_network(graph, families, kinds)
    if not network.number_of_edges():
        raise OutputError(f"there is nothing to export: no claim in this view ({graph.scope}) joins two entities as asked")
    if name == "parquet":
        from partnergraph.export.parquet import write_parquet

        return write_parquet(graph, network)
    if name == "csv":
        from partnergraph.export.tables import write_csv

        return write_csv(graph, network)
    from partnergraph.export import documents

    return documents.WRITERS[name](network)


def export(  # noqa: PLR0913  # each says something else of the files
    graph: GraphCore, name: str, path: Path, families: Collection[str] = (), kinds: Collection[str] = (), *, excel: bool = False
) -> list[Path]:
    """Writes the graph or its network to a file, or to several, and returns which; all of them or none.

    ``excel`` puts the byte-order mark before tables of CSV by which Excel knows that they are UTF-8.
    """
    chosen = find_format(name)
    if len(chosen.parts) > 1 and is_stream(path):
        raise OutputError(f"{path}: {name} makes several files, which cannot stand beside a device or pipe; name a file")
    files = _made(graph, name, families, kinds)
    if excel:
        if name != "csv":
            raise OutputError(f"a byte-order mark is for csv; {name} needs none")
        files = {part: EXCEL_MARK + b"".join([data] if isinstance(data, bytes) else data) for part, data in files.items()}
    paths = {part: path.with_name(f"{path.stem}{part}{path.suffix or chosen.suffix}") if part else path for part in files}
    replace_together({paths[part]: data for part, data in files.items()})
    return list(paths.values())


def _networks() -> list[str]:
    return [one.name for one in _LISTED if one.network]
