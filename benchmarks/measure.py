"""Measuring side by side: in turn, several times, each turn within a time limit."""

from __future__ import annotations

import gc
import os
import platform
import signal
import statistics
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version

# What takes longer than this in one turn is not waited for.
LIMIT = 60


class TooLong(BaseException):
    """The turn took longer than anybody waits."""


def _ring(*_: object) -> None:
    raise TooLong


def turn(work: Callable[[], object], limit: int = LIMIT) -> float | None:
    """The seconds that one turn takes; None where it did not end, or fails."""
    gc.collect()
    signal.signal(signal.SIGALRM, _ring)
    signal.alarm(limit)
    started = time.perf_counter()
    try:
        work()
    except (TooLong, RecursionError):
        return None
    finally:
        signal.alarm(0)
    return time.perf_counter() - started


def side_by_side(works: Mapping[str, Callable[[], object]], runs: int, limit: int = LIMIT) -> dict[str, float | None]:
    """The median seconds of each, the turns taken in alternation so that all meet the same machine."""
    times: dict[str, list[float]] = {name: [] for name in works}
    gone: set[str] = set()
    for number in range(runs):
        for name, work in works.items():
            # A peer that needs long is asked twice, so that a run of the benchmark ends.
            if name in gone or (number >= 2 and times[name] and max(times[name]) > 3):
                continue
            seconds = turn(work, limit)
            if seconds is None:
                gone.add(name)
            else:
                times[name].append(seconds)
    return {name: statistics.median(found) if found and name not in gone else None for name, found in times.items()}


def machine() -> dict[str, str]:
    """What it was measured on."""
    packages = ("partnergraph", "pyoxigraph", "oxrdflib", "rdflib", "pyshacl", "networkx", "typer", "pyvis")
    return {
        "processors": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": " ".join(f"{value:.1f}" for value in os.getloadavg()),
        **{name: version(name) for name in packages},
    }
