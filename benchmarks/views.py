"""What views and series cost on the shipped content: a table for docs/scale.md, in seconds of the processor.

Usage: python -m benchmarks.views [--runs 5] [--keep] [--markdown docs/scale.md]
Commands run in processes of their own, the rest in one. It ends with what has become slower since figures were kept with
--keep, by the ratio to what pyoxigraph took in the same run for reading the Turtle.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import partnergraph
from benchmarks.commands import FLOOR, reading, run
from benchmarks.figures import Figure, keep, told
from benchmarks.measure import machine
from partnergraph.content.folders import find_content

MARKS = ("<!-- views: made by benchmarks/views.py -->", "<!-- /views -->")
HEAD = "| of the shipped content | processor seconds | times pyoxigraph reading the Turtle |\n|---|---|---|"
RUN = "views of the shipped content"
DAY, FIRST, LAST = "2025-09-30", "2016-01-31", "2025-12-31"
PAIR = {"investor": "Microsoft", "investee": "OpenAI"}
LIMIT = 600


def processor(work: Callable[[], object]) -> float:
    """The seconds of the processor that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def command(words: str) -> float:
    """The seconds of the processor that a command takes in a process of its own; the cache is filled already."""
    _, seconds, _, problem = run(["-m", "partnergraph", *words.split()], LIMIT, cache=True)
    if problem:
        raise RuntimeError(f"{words}: {problem}")
    return seconds


def measured() -> dict[str, float]:
    """One run of everything: what it is, and what it took."""
    graph = partnergraph.load()
    graph.ask("total-invested", **PAIR)
    # A view is made by the first question in it; what the whole graph is read for stands by then.
    graph.at(as_of="2024-12-31").ask("stakes", owned="OpenAI")
    asked = "ask total-invested investor=Microsoft investee=OpenAI"

    def in_view() -> None:
        graph.at(as_of=DAY).ask("total-invested", **PAIR)

    def ten(question: str, values: dict[str, str]) -> None:
        for year in range(2016, 2026):
            graph.at(as_of=f"{year}-12-31").ask(question, **values)

    stakes = {"owned": "OpenAI"}
    return {
        f"`{asked}`, a process of its own": command(asked),
        f"`{asked} --as-of {DAY}`": command(f"{asked} --as-of {DAY}"),
        "`total-invested` without a view, the graph open": processor(lambda: graph.ask("total-invested", **PAIR)),
        "the same as of a day: a view, its ledger, and the first question in it": processor(in_view),
        "the second question in the view": processor(in_view),
        "`stakes` as of ten days, a view each": processor(lambda: ten("stakes", stakes)),
        "`stakes` as of 120 months": processor(lambda: graph.series("stakes", every="month", first=FIRST, last=LAST, **stakes)),
        "`total-invested` as of ten days, a view each": processor(lambda: ten("total-invested", PAIR)),
        "`total-invested` as of 120 months, with the ledger of each": processor(
            lambda: graph.series("total-invested", every="month", first=FIRST, last=LAST, **PAIR)
        ),
    }


def main() -> None:
    """Prints the table, and what became slower."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="keep the figures, which later runs are compared with")
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    content = find_content()
    files = [str(path) for path in [*content.vocabulary_files(), *content.data_files()]]
    command("ask stakes owned=OpenAI")
    runs = [(reading(files, LIMIT), measured()) for _ in range(options.runs)]
    floor = statistics.median(one for one, _ in runs)
    found = {name: statistics.median(one[name] for _, one in runs) for name in runs[0][1]}
    rows = [HEAD, *(f"| {name} | {seconds:,.3g} | {seconds / floor:,.2f} |" for name, seconds in found.items())]
    facts = f"Medians of {options.runs} runs on: {', '.join(f'{name} {value}' for name, value in machine().items())}."
    print("\n".join([*rows, "", facts]))
    now = {name: Figure(seconds, floor, FLOOR) for name, seconds in found.items()}
    print(told(RUN, now))
    if options.keep:
        keep(RUN, now)
    if options.markdown:
        page = options.markdown.read_text(encoding="utf-8")
        before, _, rest = page.partition(MARKS[0])
        made = "\n\n".join([MARKS[0], "\n".join(rows), facts, MARKS[1]])
        options.markdown.write_text(before + made + rest.partition(MARKS[1])[2], encoding="utf-8")


if __name__ == "__main__":
    main()
