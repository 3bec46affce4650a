"""Measures partnergraph beside what one would take instead; results as JSON and as a table in docs/benchmarks.md.

Usage: python -m benchmarks [--triples 100000] [--runs 5] [--json benchmarks.json] [--markdown docs/benchmarks.md] [--keep]
It ends with what has become slower since figures were last kept, and with code 1 where anything has; --keep keeps those of this run.
"""

# ruff: noqa: PLC0415  # what is measured is imported where it is measured

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

import partnergraph
from benchmarks.figures import figures_of, keep, read_kept, slower, told
from benchmarks.generator import write_content
from benchmarks.measure import machine, side_by_side
from benchmarks.report import Line, markdown, plain
from benchmarks.shapes import HEAD, SHAPES
from partnergraph.content.folders import Content, find_content
from partnergraph.rdf.terms import PG
from partnergraph.stores.loading import derive

OURS = "partnergraph"


def main() -> None:
    """Runs everything and writes what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, default=Path("benchmarks.json"))
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--keep", action="store_true", help="keep the figures, which later runs are compared with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = [*cold_starts(options.runs, Path(folder)), *on_generated(options.triples, options.runs, Path(folder))]
    facts = machine() | {"triples": f"{options.triples:,}", "runs": str(options.runs)}
    options.json.write_text(
        json.dumps({"machine": facts, "lines": [vars(line) for line in lines]}, indent=2) + "\n", encoding="utf-8"
    )
    print(plain(lines, facts))
    if options.markdown:
        # What people have written below the table stays.
        before = options.markdown.read_text(encoding="utf-8") if options.markdown.exists() else ""
        _, heading, written = before.partition("\n## ")
        options.markdown.write_text(markdown(lines, facts) + heading + written, encoding="utf-8")
    run, now = f"{options.triples} triples", figures_of(lines)
    grown = slower(read_kept(run), now)
    print(told(run, now))
    if options.keep:
        keep(run, now)
    elif grown:
        sys.exit(1)


def cold_starts(runs: int, folder: Path) -> list[Line]:
    """Whole processes that answer a first question of the shipped content."""

    def process(*words: str, cache: str = "off") -> Callable[[], object]:
        environment = {**os.environ, "PARTNERGRAPH_CACHE": cache}
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True, env=environment)

    files = [str(path) for path in [*find_content().vocabulary_files(), *find_content().data_files()]]
    asked = f"SELECT * {{ ?c <{PG}investee> <https://w3id.org/partnergraph/entity/openai> }}"
    rdflib = f"import rdflib; g = rdflib.Graph()\nfor f in {files}: g.parse(f)\nlist(g.query({asked!r}))"
    oxrdflib = (
        f"import rdflib; g = rdflib.Graph('Oxigraph')\nfor f in {files}: g.parse(f, format='ox-turtle')\nlist(g.query({asked!r}))"
    )
    direct = f"import pyoxigraph as o; s = o.Store()\nfor f in {files}: s.load(path=f, format=o.RdfFormat.TURTLE)\nlist(s.query({asked!r}))"
    ask = ("-m", "partnergraph", "ask", "investments-in", "entity=OpenAI")
    cached = process(*ask, cache=str(folder / "cache"))
    cached()
    works = {
        OURS: cached,
        "partnergraph without its cache": process(*ask),
        "importing typer and pyoxigraph": process("-c", "import typer, pyoxigraph"),
        "pyoxigraph (no rules, no names)": process("-c", direct),
        "oxrdflib (no rules, no names)": process("-c", oxrdflib),
        "rdflib (no rules, no names)": process("-c", rdflib),
    }
    return [Line("cold start to first answer", "ask", side_by_side(works, runs))]


def on_generated(triples: int, runs: int, folder: Path) -> list[Line]:
    """Loading, queries, view, projection and checks on a generated graph."""
    import rdflib

    content = find_content(write_content(folder / "content", triples))
    graph = partnergraph.load(content.data.parent)
    lines = [Line("loading Turtle", name, times) for name, times in loading(content, runs).items()]
    turtle = graph.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    memory = rdflib.Graph()
    memory.parse(data=turtle, format="nt")
    for name, text in SHAPES.items():
        query = HEAD + text
        works: dict[str, Callable[[], object]] = {
            OURS: lambda query=query: list(graph.engine.answer(query, {})._results()),  # noqa: SLF001
            "partnergraph, a user's query": lambda query=query: len(graph.query(query)),
            "pyoxigraph": lambda query=query: list(graph.store.query(query)),
            "oxrdflib": lambda query=query: list(graph.rdflib.query(query)),
            "rdflib": lambda query=query: list(memory.query(query)),
        }
        lines.append(Line("queries", name, side_by_side(works, runs)))
    import pandas as _pandas  # noqa: F401  # importing is no part of the answer
    import polars as _polars  # noqa: F401

    rows = HEAD + SHAPES["all rows"]
    frames = {
        OURS: lambda: graph.query(rows).to_polars(),
        "partnergraph to pandas": lambda: graph.query(rows).to_pandas(),
        "pyoxigraph, a list of tuples": lambda: [tuple(solution) for solution in graph.store.query(rows)],
        "pyoxigraph, bytes of CSV": lambda: graph.store.query(rows).serialize(format=ox.QueryResultsFormat.CSV),
        "rdflib, a list of tuples": lambda: [tuple(row) for row in memory.query(rows)],
    }
    lines.append(Line("rows into a data frame", "100,000 rows", side_by_side(frames, runs)))
    return [*lines, *whole_graph(graph, content, memory, runs)]


def loading(content: Content, runs: int) -> dict[str, dict[str, float | None]]:
    """Files into a store: without rules, where all can do it, and with them."""
    import rdflib

    files = [*content.vocabulary_files(), *content.data_files()]

    def ours(*, rules: bool) -> None:
        from partnergraph.stores.loading import load_files

        store = ox.Store()
        load_files(store, content)
        if rules:
            derive(store, content)

    def direct() -> None:
        store = ox.Store()
        for path in files:
            store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE)

    def parsed(store: str, form: str) -> None:
        found = rdflib.Graph(store)
        for path in files:
            found.parse(path, format=form)

    without = {
        OURS: lambda: ours(rules=False),
        "pyoxigraph": direct,
        "oxrdflib": lambda: parsed("Oxigraph", "ox-turtle"),
        "rdflib": lambda: parsed("default", "turtle"),
    }
    return {
        "as stated": side_by_side(without, runs),
        "and what the rules derive": side_by_side({OURS: lambda: ours(rules=True), "pyoxigraph, as stated": direct}, runs),
    }


def whole_graph(graph: partnergraph.Graph, content: Content, memory: object, runs: int) -> list[Line]:
    """What reads the whole graph: a view, the network, the checks."""
    import rdflib
    from pyshacl import validate
    from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph

    from partnergraph.checks.violations import violations

    shapes = rdflib.Graph().parse(content.ontology / "shapes.ttl", format="turtle")
    graph.index  # noqa: B018  # read once for a graph, used by all its views
    view = {OURS: lambda: graph.at("2020-06-01")}
    network = {OURS: graph.network, "rdflib's converter (every triple an edge)": lambda: rdflib_to_networkx_multidigraph(memory)}
    checks = {
        OURS: lambda: violations(content),
        "pySHACL (shapes only)": lambda: validate(memory, shacl_graph=shapes, inference="none", advanced=False),
    }
    return [
        Line("whole graph", "view", side_by_side(view, runs)),
        Line("whole graph", "network", side_by_side(network, runs)),
        Line("whole graph", "checks", side_by_side(checks, 2, 600)),
        *pictures(graph, runs),
    ]


def pictures(graph: partnergraph.Graph, runs: int) -> list[Line]:
    """The graph as a pyvis network and as a page; how fast the pages then are in a browser is measured by page.py."""
    import networkx as nx
    from pyvis.network import Network

    network = graph.network()
    plain = nx.MultiDiGraph()
    plain.add_nodes_from((node, {"label": label}) for node, label in network.nodes(data="label"))
    plain.add_edges_from((start, finish, {"title": caption}) for start, finish, caption in network.edges(data="caption"))

    def stock() -> Network:
        converted = Network(directed=True, cdn_resources="in_line")
        converted.from_nx(plain.copy())
        return converted

    converters = {OURS: graph.pyvis, "pyvis's converter, without positions": stock}
    pages = {OURS: lambda: graph.map().html, "pyvis, without positions": lambda: stock().generate_html(notebook=False)}
    return [
        Line("whole graph", "as a pyvis network", side_by_side(converters, runs)),
        Line("whole graph", "map, written", side_by_side(pages, runs)),
    ]


if __name__ == "__main__":
    main()
