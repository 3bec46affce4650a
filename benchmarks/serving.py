"""Measures the server beside ``oxigraph serve`` and rdflib-endpoint on the same triples: processor time a request, and p99.

Usage: python -m benchmarks.serving [--requests 300] [--json serving.json]

Processor time is that of the server and all its processes, from /proc, so that clients on the same machine do not count.
Queries are made different by a comment, so that no cache answers; the line *with cache* asks one query again and again.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox

import partnergraph
from benchmarks.measure import machine
from partnergraph.rdf.terms import PREFIXES

HEAD = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
LOOKUP = HEAD + "SELECT ?p ?o WHERE { ent:azure ?p ?o }"
CLIENTS = (1, 8, 32)
# A server that is this much slower is asked less often, or the run would take hours.
SLOW = "rdflib-endpoint"
ENDPOINT = """
import sys, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph), port=int(sys.argv[2]), log_level="critical")
"""


@dataclass
class Line:
    """One measurement: what was asked of which server by how many clients."""

    query: str
    server: str
    clients: int
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    failed: int


def tree(pid: int) -> float:
    """The seconds that a process and all its children have computed."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parts = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(parts[1])
            seconds[int(folder.name)] = sum(map(int, parts[11:15])) / os.sysconf("SC_CLK_TCK")
    members = {pid}
    while more := {one for one, parent in parents.items() if parent in members} - members:
        members |= more
    return sum(seconds.get(one, 0.0) for one in members)


def ask(port: int, path: str, query: str) -> tuple[float, bool]:
    """One request on a connection of its own kept no longer: how long it took, and whether it was answered."""
    started = time.perf_counter()
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        body = urlencode({"query": query})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read()
        line.close()
    except OSError:
        return time.perf_counter() - started, False
    return time.perf_counter() - started, answer.status == 200


def measure(  # noqa: PLR0913  # what is measured
    name: str, server: tuple[str, int, int, str], query: str, clients: int, count: int, *, same: bool = False
) -> Line:
    """Asks a query so often by so many clients."""
    label, pid, port, path = server
    texts = [query if same else f"{query}\n# {time.time_ns()} {number}" for number in range(count)]
    for text in texts[:3]:
        ask(port, path, text if same else text + " warm")
    before = tree(pid)
    with ThreadPoolExecutor(clients) as executor:
        took = list(executor.map(lambda text: ask(port, path, text), texts))
    spent = tree(pid) - before
    times = sorted(seconds * 1000 for seconds, _ in took)
    failed = sum(not good for _, good in took)
    return Line(name, label, clients, 1000 * spent / count, statistics.median(times), times[int(0.99 * (len(times) - 1))], failed)


def told(line: Line) -> Line:
    """The line, printed at once: a run takes long."""
    numbers = f"{line.cpu_ms:10.2f}{line.p50_ms:10.1f}{line.p99_ms:10.1f}{line.failed:8}"
    print(f"{line.query:28}{line.server:22}{line.clients:8}{numbers}", flush=True)
    return line


def wait(port: int, path: str) -> None:
    """Waits until a server answers."""
    for _ in range(600):
        if ask(port, path, "ASK {}")[1]:
            return
        time.sleep(0.2)
    raise TimeoutError(f"nothing answers at {port}")


def main() -> None:
    """Starts the servers, measures them in turn, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--port", type=int, default=17870)
    options = parser.parse_args()
    graph = partnergraph.load()
    question = graph.questions["investments-in"].text.replace("WHERE {", "WHERE { VALUES ?entity { ent:openai }", 1)
    question = HEAD + question.replace("PREFIX pg: <https://w3id.org/partnergraph/ontology#>", "", 1)
    oxigraph = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    started: list[subprocess.Popen[bytes]] = []
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "all.nq"
        graph.store.dump(str(data), format=ox.RdfFormat.N_QUADS)
        store = Path(folder) / "store"
        subprocess.run([oxigraph, "load", "-l", str(store), "-f", str(data), "--lenient"], check=True, capture_output=True)
        (Path(folder) / "endpoint.py").write_text(ENDPOINT)
        port = options.port
        commands = {
            "partnergraph serve": (
                [sys.executable, "-m", "partnergraph", "serve", "--rate", "0", "--port", str(port), "--log", "quiet"],
                "/sparql",
            ),
            "oxigraph serve": ([oxigraph, "serve-read-only", "-l", str(store), "-b", f"127.0.0.1:{port + 1}"], "/query"),
            SLOW: ([sys.executable, str(Path(folder) / "endpoint.py"), str(data), str(port + 2)], "/"),
        }
        servers = []
        print(json.dumps(machine()))
        print(f"{'query':28}{'server':22}{'clients':>8}{'CPU ms':>10}{'p50 ms':>10}{'p99 ms':>10}{'failed':>8}")
        try:
            for place, (label, (command, path)) in enumerate(commands.items()):
                process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                started.append(process)
                wait(port + place, path)
                servers.append((label, process.pid, port + place, path))
            for name, query in (("look-up", LOOKUP), ("named question", question)):
                for clients in CLIENTS:
                    for server in servers:
                        count = max(options.requests // 30, 3) if server[0] == SLOW else options.requests
                        lines.append(told(measure(name, server, query, clients, count)))
                    lines.append(told(measure(f"{name}, with cache", servers[0], query, clients, options.requests, same=True)))
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(60)
    if options.json:
        options.json.write_text(json.dumps([vars(line) for line in lines], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
