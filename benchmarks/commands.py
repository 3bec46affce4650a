"""Every command on a generated graph of any size: what it takes in time and memory.

Usage: python -m benchmarks.commands [--triples 1000000] [--limit 600] [--store DIR] [--only WORD] [--skip WORD ...] [--keep] [--markdown docs/scale.md]
Each command runs in a process of its own, on a store that is built first (and kept with --store), ``check`` and ``fmt`` on
the Turtle files. Seconds of the clock and of the processor, and the most memory that the process held; then, how many times
as much of the processor as pyoxigraph took in the same run for reading the Turtle files. It ends with what has become slower
by that since figures were last kept with --keep. --markdown puts the table into a page, between two marks.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.figures import Figure, keep, told
from benchmarks.generator import write_content
from benchmarks.measure import machine

ON_STORE = (
    "ask investments-in entity=company-1",
    "ask largest-investors investee=company-1",
    "query SELECT(COUNT(*)AS?n){?s?p?o}",
    "show company-1",
    "claim claim-77",
    "find company-5",
    "vocabulary",
    "ask investments-in entity=company-1 --as-of 2024-01-01",
    "conflicts --limit 5",
    "diff 2024-01-01 2024-06-01",
    "timeline company-1 company-2",
    "path company-1 company-9",
    "loops company-1 --parties 3",
    "exposure company-1",
    "concentration compute",
    "overlaps partner-and-rival",
    "export nquads {folder}/graph.nq",
    "export turtle {folder}/graph.ttl",
    "export jsonld {folder}/graph.jsonld",
    "export graphml {folder}/network.graphml",
    "export parquet {folder}/network.parquet",
    "map --focus company-1 -o {folder}/one.html",
    "map -o {folder}/all.html",
)
ON_FILES = ("check", "fmt {content}/graph_data")


HEAD = "| command | seconds | of the processor | MB | times pyoxigraph reading the Turtle |\n|---|---|---|---|---|"
FLOOR = "pyoxigraph reading the Turtle"
MARKS = ("<!-- commands: made by benchmarks/commands.py -->", "<!-- /commands -->")
READING = """import sys, pyoxigraph
store = pyoxigraph.Store()
for path in sys.argv[1:]:
    store.load(path=path, format=pyoxigraph.RdfFormat.TURTLE)
"""


def reading(files: list[str], limit: float) -> float:
    """The seconds of the processor that pyoxigraph takes to read Turtle files into memory."""
    return run(["-c", READING, *files], limit)[1]


def run(words: list[str], limit: float, *, cache: bool = False) -> tuple[float, float, int, str]:
    """Seconds of the clock and of the processor, megabytes, and what went wrong, of one command."""
    environment = {**os.environ, **({} if cache else {"PARTNERGRAPH_CACHE": "off"})}
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    timer = threading.Timer(limit, process.kill)
    timer.start()
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    code = os.waitstatus_to_exitcode(status)
    problem = "" if code == 0 else f"over {limit:g} s" if code < 0 else said.decode().splitlines()[-1]
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, problem


def main() -> None:
    """Prints one row of a table for each command, as it ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--limit", type=float, default=600)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--skip", nargs="*", default=[], metavar="WORD")
    parser.add_argument("--keep", action="store_true", help="keep the figures, which later runs are compared with")
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    run_name, now = f"commands on {options.triples} triples", dict[str, Figure]()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        content = write_content(folder / "content", options.triples)
        store = options.store or folder / "store"
        floor = reading(sorted(map(str, content.rglob("*.ttl"))), options.limit)
        rows = [HEAD]
        print(HEAD, flush=True)
        commands = [(f"build {store}", f"--content {content}")] if not store.exists() else []
        commands += [(words, f"--store {store}") for words in ON_STORE] + [(words, f"--content {content}") for words in ON_FILES]
        for words, where in commands:
            if options.only not in words or any(word in words for word in options.skip):
                continue
            given = words.replace("{folder}", str(folder)).replace("{content}", str(content))
            also = "" if given.startswith("fmt") else where
            clock, processor, megabytes, problem = run(["-m", "partnergraph", *given.split(), *also.split()], options.limit)
            shown = words.replace("{folder}/", "").replace("{content}/", "").replace(str(store), "store").replace("|", "\\|")
            figures = (
                f"{clock:,.1f} | {processor:,.1f} | {megabytes:,} | {processor / floor:,.2f}" if not problem else f"{problem} | | |"
            )
            rows.append(f"| `{shown}` | {figures} |")
            print(rows[-1], flush=True)
            if not problem:
                now[shown] = Figure(processor, floor, FLOOR)
    facts = f"Measured on: {', '.join(f'{name} {value}' for name, value in machine().items())}, triples {options.triples:,}."
    print(f"\n{facts}\n{told(run_name, now)}")
    if options.keep:
        keep(run_name, now)
    if options.markdown:
        page = options.markdown.read_text(encoding="utf-8")
        before, _, rest = page.partition(MARKS[0])
        options.markdown.write_text(
            f"{before}{MARKS[0]}\n\n" + "\n".join(rows) + f"\n\n{facts}\n\n{MARKS[1]}" + rest.partition(MARKS[1])[2],
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
