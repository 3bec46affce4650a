"""Measures the server beside ``oxigraph serve`` and rdflib-endpoint on the same triples: processor time a request, and p99.

Usage: python -m benchmarks.serving [--requests 300] [--json serving.json] [--markdown docs/server.md]

Processor time is that of the server and all its processes, from /proc, so that clients on the same machine do not count.
Queries are made different by a comment, so that no cache answers; the line *with cache* asks one query again and again.
"""

from __future__ import annotations

import argparse
import contextlib
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
from benchmarks.pressure import Pressure, members, memory, press
from partnergraph.rdf.terms import PREFIXES

HEAD = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
LOOKUP = HEAD + "SELECT ?p ?o WHERE { ent:azure ?p ?o }"
CLIENTS = (1, 8, 32)
# A server that is this much slower is asked less often, or the run would take hours.
SLOW = "rdflib-endpoint"
OURS, CACHED = "partnergraph serve", ", with cache"
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
    """The seconds that a process and all its children have computed, with those that have ended."""
    seconds = 0.0
    for one in members(pid):
        with contextlib.suppress(OSError):
            parts = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            seconds += sum(map(int, parts[11:15])) / os.sysconf("SC_CLK_TCK")
    return seconds


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
    parser.add_argument("--markdown", type=Path)
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
            OURS: (
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
            rest = {label: memory(pid) for label, pid, _, _ in servers}
            print(f"MiB at rest: {rest}")
            for name, query in (("look-up", LOOKUP), ("named question", question)):
                for clients in CLIENTS:
                    for server in servers:
                        count = max(options.requests // 30, 3) if server[0] == SLOW else options.requests
                        lines.append(told(measure(name, server, query, clients, count)))
                    lines.append(told(measure(name + CACHED, servers[0], query, clients, options.requests, same=True)))
            pressure = press(servers[0][1], servers[0][2])
            print(pressure)
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(60)
    facts = machine() | {"triples": f"{len(graph.store):,}", "requests a line": str(options.requests)}
    if options.json:
        found = {"machine": facts, "lines": [vars(line) for line in lines], "rest": rest, "pressure": vars(pressure)}
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if options.markdown:
        before, _, after = options.markdown.read_text(encoding="utf-8").partition("## Measured\n")
        options.markdown.write_text(
            before + markdown(lines, rest, pressure, facts) + after[_next_heading(after) :], encoding="utf-8"
        )


def _next_heading(text: str) -> int:
    place = text.find("\n## ")
    return len(text) if place < 0 else place


def markdown(lines: list[Line], rest: dict[str, float], pressure: Pressure, facts: dict[str, str]) -> str:
    """The part of the docs that says what was measured."""
    servers = list(rest)
    found = {
        (line.query.removesuffix(CACHED), line.clients, line.server + CACHED * line.query.endswith(CACHED)): line for line in lines
    }
    ways = [OURS, OURS + CACHED, *servers[1:]]
    rows = []
    for query in dict.fromkeys(name for name, _, _ in found):
        for clients in CLIENTS:
            here = [found[query, clients, way] for way in ways]
            ratios = [f"{here[place].cpu_ms / here[2].cpu_ms:.2f}" for place in (0, 1)]
            cells = [f"{line.cpu_ms:,.1f} · {line.p99_ms:,.0f}" for line in here]
            rows.append(f"| {query} | {clients} | {' | '.join(cells)} | {' · '.join(ratios)} |\n")
    statuses = ", ".join(f"{count:,} × {status}" for status, count in pressure.statuses.items())
    return (
        "## Measured\n\nWritten by `python -m benchmarks.serving --markdown docs/server.md`: all servers side by side on loopback with the same triples. "
        "Milliseconds of\nprocessor time a request, of the server with all its processes, which do not depend on what else the machine does; then, after the dot, "
        "how long\nthe slowest one in a hundred waited, which does. *Look-up* is all that is stated of one entity, *named question* is `investments-in`. No query "
        "is the\nsame as another, except with the cache. The last column says how many times the processor time of `oxigraph serve` ours takes, without and "
        "with the cache.\n\n"
        f"| query | clients | {' | '.join(ways)} | ratio |\n|{'---|' * (len(ways) + 3)}\n{''.join(rows)}\n"
        f"{pressure.clients} clients that asked for nothing but cross products: `/healthz` answered in {pressure.healthz_p50_ms:.0f} ms (median of "
        f"{pressure.asked}), at most {pressure.healthz_most_ms:.0f} ms;\n{pressure.processes_before} processes before, at most {pressure.processes_most} "
        f"meanwhile; their answers: {statuses}.\nMemory at rest, what processes share counted once: "
        f"{', '.join(f'{name} {size:,.0f} MiB' for name, size in rest.items())}.\n\n"
        f"Measured on: {', '.join(f'{name} {value}' for name, value in facts.items())}.\n"
    )


if __name__ == "__main__":
    main()
