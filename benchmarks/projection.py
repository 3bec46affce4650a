"""The network against rdflib's own projection to networkx, side by side in one run, each in a process of its own.

Usage: python benchmarks/projection.py [--triples 100000 1000000] [--runs 3]

Ours: ``Graph.network()`` of a loaded graph, entities joined by claims with all their attributes. Peer:
``rdflib_to_networkx_multidigraph`` of the same stated triples in rdflib's own memory, every triple an edge.
Loading is not counted on either side; times are those of the processor, so that a busy machine changes little.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

OURS = """
import json, resource, sys, time
import networkx
from partnergraph import load
graph = load(sys.argv[1])
times = []
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    network = graph.network()
    times.append(time.process_time() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([times, network.number_of_nodes(), network.number_of_edges(), peak // 1024, len(graph.store)]))
"""
PEER = """
import json, pathlib, resource, sys, time
import networkx, rdflib
from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph
graph = rdflib.Graph()
for path in sorted(pathlib.Path(sys.argv[1], "graph_data").glob("*.ttl")):
    graph.parse(path, format="turtle")
times = []
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    network = rdflib_to_networkx_multidigraph(graph)
    times.append(time.process_time() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([times, network.number_of_nodes(), network.number_of_edges(), peak // 1024, len(graph)]))
"""


def measure(code: str, folder: Path, runs: int) -> tuple[float, int, int, int, int]:
    """Median processor seconds, nodes, edges, peak MB and triples of one side."""
    done = subprocess.run([sys.executable, "-c", code, folder, str(runs)], capture_output=True, text=True, check=True)
    times, *counts = json.loads(done.stdout)
    nodes, edges, peak, triples = counts
    return statistics.median(times), nodes, edges, peak, triples


def main() -> None:
    """Prints one line a side and size, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    here = Path(__file__).parent
    for size in options.triples:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, here / "generator.py", folder, "--triples", str(size)], check=True, capture_output=True)
            sides = {"partnergraph": measure(OURS, Path(folder), options.runs), "rdflib": measure(PEER, Path(folder), options.runs)}
        for name, (seconds, nodes, edges, peak, triples) in sides.items():
            print(
                f"{size:>9,}  {name:<12}  {seconds:8.2f} s  {nodes:>9,} nodes  {edges:>9,} edges  peak {peak:>6,} MB  {triples:>9,} triples held"
            )
        print(f"{size:>9,}  ratio         {sides['rdflib'][0] / sides['partnergraph'][0]:8.1f}")


if __name__ == "__main__":
    main()
