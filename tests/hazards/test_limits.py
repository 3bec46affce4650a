"""Limits are totals: from the question to the last byte that is ready, and over all files of a folder."""

from __future__ import annotations

import itertools
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
from partnergraph.base.errors import ContentError, QueryError, QueryTimeout
from partnergraph.stores import loading
from partnergraph.stores.sandbox.limits import at_most

Run = Callable[..., Result]
SECONDS = 2
SLOW = "SELECT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f } LIMIT "
PROGRAM = [sys.executable, "-m", "partnergraph", "query"]


def ran(*words: str, timeout: int = SECONDS) -> tuple[subprocess.CompletedProcess[str], float]:
    """What a command gives, and the time of the processor that it took, which does not depend on who else is at work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*PROGRAM, *words, "--timeout", str(timeout)], capture_output=True, text=True, check=False, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("format", ["table", "markdown", "turtle", "csv", "json"])
def test_rendering_is_within_the_limit(format: str) -> None:
    construct = "CONSTRUCT { ?a ?e ?f } WHERE { ?a a pg:Company . ?d ?e ?f }" if format == "turtle" else f"{SLOW}99000"
    done, seconds = ran(construct, "-f", format)
    # Two processes, and the start of the program. Without the limit a table takes twenty seconds.
    assert seconds < 2 * SECONDS + 2
    if done.returncode:
        assert done.stdout == ""
        assert done.stderr == (
            f"partnergraph: the query did not end within {SECONDS} seconds and was stopped; ask for less, or allow more with --timeout\n"
        )
    else:
        assert len(done.stdout) > 100_000


@pytest.mark.parametrize("format", ["table", "markdown"])
def test_a_table_has_as_many_rows_as_anybody_reads(format: str) -> None:
    done, _ = ran(f"{SLOW}600000", "-f", format, timeout=100)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "partnergraph: the answer has more than 100,000 rows; add LIMIT, or ask for less\n"


def test_at_most() -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout), at_most(0.2, QueryTimeout("", 0.2)):
        sum(number for number in itertools.count())
    assert time.monotonic() - started < 2
    with at_most(0.2, QueryTimeout("", 0.2)):
        pass
    # Nothing comes after the block.
    time.sleep(0.4)


def test_at_most_within_another() -> None:
    def work() -> None:
        with at_most(30, QueryTimeout("", 30)):
            pass
        time.sleep(5)

    with pytest.raises(QueryTimeout, match=r"within 0\.6 seconds"), at_most(0.6, QueryTimeout("", 0.6)):
        work()


@pytest.mark.parametrize("within", [False, True])
def test_at_most_in_any_thread(*, within: bool) -> None:
    said: list[str] = []

    def work() -> None:
        started = time.monotonic()
        try:
            with at_most(30 if within else 0.2, QueryError("outer")), at_most(0.2 if within else 30, QueryError("inner")):
                while time.monotonic() - started < 20:
                    pass
        except QueryError as error:
            said.append(str(error))
        # Nothing arrives late.
        with at_most(30, QueryError("late")):
            said.append(str(sum(range(1_000_000))))

    thread = threading.Thread(target=work)
    started = time.monotonic()
    thread.start()
    thread.join(10)
    assert said == ["inner" if within else "outer", "499999500000"]
    assert time.monotonic() - started < 5


def test_a_block_that_has_ended_is_not_ended_again_in_any_thread() -> None:
    said: list[str] = []

    def work() -> None:
        for number in range(200):
            try:
                # About as long as it may take.
                with at_most(0.001, QueryError("over")):
                    time.sleep(0.001)
            except QueryError as error:
                said.append(str(error))
            else:
                said.append(f"{number}")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert len(said) == 200


def folder_of(tmp_path: Path, count: int) -> Path:
    """A folder of so many files of one triple."""
    data = tmp_path / "graph_data"
    data.mkdir()
    for number in range(count):
        (data / f"{number}.ttl").write_text(f"<x:s{number}> <x:p> 1 .\n")
    return tmp_path


def test_a_folder_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, 20)
    monkeypatch.setattr(loading, "MAX_FILES", 15)
    with pytest.raises(ContentError, match=r"graph_data: holds 24 files; the limit is 15, so put several into one$"):
        partnergraph.load(folder)


def test_a_folder_of_too_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    folder = folder_of(tmp_path, 3)
    with (folder / "graph_data" / "z.ttl").open("w") as file:
        # Takes no room on the disk, whatever the system says of its size.
        file.truncate(2**20)
    monkeypatch.setattr(loading, "MAX_BYTES", 2**20)
    said = "graph_data: holds more than 0 GiB of Turtle; divide it into several graphs\n"
    assert run("check", "--content", str(folder), code=1).stderr.endswith(said)
    with pytest.raises(ContentError, match="more than 0 GiB"):
        partnergraph.load(folder)


def test_what_fits_is_loaded(tmp_path: Path) -> None:
    graph = partnergraph.load(folder_of(tmp_path, 20))
    assert len(graph.query("SELECT ?s { ?s <x:p> 1 }")) == 20
