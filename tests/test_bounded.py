"""Queries from outside: limits hold, workers are replaced and leave nothing running."""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest

import partnergraph
from partnergraph.base.errors import AnswerTooLarge, QueryDied, QueryError, QueryTimeout
from partnergraph.stores.sandbox.limits import Limits
from partnergraph.stores.sandbox.workers import Workers

PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
COMMAND = [sys.executable, "-m", "partnergraph", "query", PRODUCT, "--timeout"]


@pytest.fixture(params=["forked", "started", "disk"])
def workers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workers]:
    """The workers of a store of a thousand triples, in each of the three ways there are."""
    triples = "".join(f"<x:s{n}> <x:p{n % 7}> <x:o{n % 50}> .\n" for n in range(1000)).encode()
    store = ox.Store(str(tmp_path / "store")) if request.param == "disk" else ox.Store()
    store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES)
    if request.param == "disk":
        store.flush()
        store = ox.Store.read_only(str(tmp_path / "store"))
    made = Workers(store, tmp_path / "store" if request.param == "disk" else None, fork=request.param == "forked")
    yield made
    made.close()


@pytest.fixture
def canary() -> Iterator[tuple[str, Callable[[], list[str]]]]:
    """The address of a listener on loopback, and what lists those who have called it so far."""
    calls: queue.Queue[str] = queue.Queue()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                calls.put(str(address))
                connection.close()

        def heard() -> list[str]:
            # Calls are heard in the order they were made: whoever came before this one has been heard when it is.
            with socket.create_connection(server.getsockname()) as call:
                return list(iter(lambda: calls.get(timeout=300), str(call.getsockname())))

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", heard
        done.set()
        thread.join()


@dataclass(frozen=True)
class Process:
    """Whether a process runs, by whom it was started and how many seconds it has computed."""

    runs: bool = False
    parent: int = 0
    computed: float = 0.0


def look_at(pid: int) -> Process:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return Process()
    # One that has ended may stand there until somebody asks how.
    return Process(words[0] != "Z", int(words[1]), (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK"))


def children(of: int) -> set[int]:
    """The processes that one has started and that still run."""
    found = {int(entry.name): look_at(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    return {pid for pid, process in found.items() if process.runs and process.parent == of}


def processor_time_of_ended() -> float:
    """How many seconds all the processes have computed that this one had started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_answers_as_the_store_itself(workers: Workers) -> None:
    assert workers.ask("ASK { <x:s1> ?p ?o }", {}, Limits()).data == b'{"head":{},"boolean":true}'
    reply = workers.ask("SELECT ?s ?o { ?s <x:p1> ?o }", {"s": ox.NamedNode("x:s1")}, Limits())
    assert (reply.form, reply.data) == ("rows", b"?s\t?o\n<x:s1>\t<x:o1>\n")
    reply = workers.ask("CONSTRUCT WHERE { <x:s1> ?p ?o }", {}, Limits())
    assert (reply.form, reply.data) == ("triples", b"<x:s1> <x:p1> <x:o1> .\n")


def test_every_limit_has_its_sentence_and_the_next_query_is_answered(workers: Workers) -> None:
    # Whatever of earlier tests is still there ends now, not within what is measured.
    gc.collect()
    before = children(os.getpid())
    workers.ask("ASK {}", {}, Limits())
    (worker,) = children(os.getpid()) - before
    unasked, ended = look_at(worker).computed, processor_time_of_ended()
    with pytest.raises(QueryTimeout, match=r"^the query did not end within 0\.5 seconds and was stopped; ask for less, or "):
        workers.ask(PRODUCT + " #", {}, Limits(seconds=0.5))
    # What it has computed, since a busy machine may end it late; were it not ended, it would compute for two seconds more.
    assert processor_time_of_ended() - ended - unasked < 1.5
    with pytest.raises(AnswerTooLarge, match=r"^the answer has more than 10 rows; add LIMIT, or ask for less$"):
        workers.ask("SELECT * { ?s ?p ?o }", {}, Limits(rows=10))
    with pytest.raises(AnswerTooLarge, match=r"^the answer has more than 20,000 bytes; "):
        workers.ask("CONSTRUCT WHERE { ?s ?p ?o }", {}, Limits(bytes=20_000))
    doubled = " ".join(f"(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(36))
    with pytest.raises(QueryDied, match=r"^the query needs more than the 256 MiB of memory it may have, or is nested too deep"):
        workers.ask(f'SELECT ("x" AS ?a0) {doubled} {{}}', {}, Limits(memory=256 * 2**20))
    with pytest.raises(QueryError, match=r"^line 1, column 6: the query ends too early"):
        workers.ask("SELEC", {}, Limits())
    assert workers.ask("ASK {}", {}, Limits()).form == "boolean"


def test_no_query_reaches_the_network(workers: Workers, canary: tuple[str, Callable[[], list[str]]]) -> None:
    address, heard = canary
    for silent in ("", "SILENT "):
        query = f"SELECT * {{ <x:s1> ?p ?o SERVICE {silent}<{address}> {{ ?s ?q ?o }} }}"
        with contextlib.suppress(QueryError):
            # Straight to the worker: the guard, which would refuse it, is not what must hold.
            workers.ask(query, {}, Limits(seconds=300))
    assert heard() == []


def test_the_canary_would_have_heard_it(canary: tuple[str, Callable[[], list[str]]]) -> None:
    address, heard = canary
    # How the call fails once it is refused differs by the moment the listener hangs up.
    with contextlib.suppress(OSError):
        list(ox.Store().query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?q ?o }} }}"))
    assert heard()


def test_many_threads_ask_at_once_and_nothing_is_left(workers: Workers) -> None:
    before = children(os.getpid())
    answers: list[bytes] = []
    asked = [
        threading.Thread(target=lambda: answers.append(workers.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {}, Limits()).data))
        for _ in range(12)
    ]
    for thread in asked:
        thread.start()
    for thread in asked:
        thread.join()
    assert answers == [b"?n\n1000\n"] * 12
    workers.close()
    # Workers of earlier tests may have been collected meanwhile.
    assert children(os.getpid()) <= before


def test_a_worker_that_was_killed_is_replaced(workers: Workers) -> None:
    before = children(os.getpid())
    workers.ask("ASK {}", {}, Limits())
    (idle,) = children(os.getpid()) - before
    os.kill(idle, signal.SIGKILL)
    # Until the last of its threads is gone, too; it is left for the one who started it to clear away.
    os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)
    assert workers.ask("ASK {}", {}, Limits()).form == "boolean"
    assert idle not in children(os.getpid())


def test_the_memory_of_a_large_query_is_given_back(workers: Workers) -> None:
    limits = Limits(memory=400 * 2**20)
    before = children(os.getpid())
    workers.ask("ASK { <x:s1> ?p ?o }", {}, limits)
    (kept,) = children(os.getpid()) - before
    workers.ask("ASK { <x:s1> ?p ?o }", {}, limits)
    assert children(os.getpid()) - before == {kept}
    # Texts of 1, 2, 4 … 64 MiB: together more than a quarter of the limit, less than all of it.
    doubled = " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(26))
    reply = workers.ask(f'SELECT ?n {{ BIND("x" AS ?a0) {doubled} BIND(STRLEN(?a26) AS ?n) }}', {}, limits)
    assert reply.data == b"?n\n67108864\n"
    assert kept not in children(os.getpid())
    assert workers.ask("ASK { <x:s1> ?p ?o }", {}, limits).form == "boolean"


def test_a_copy_of_the_process_has_workers_of_its_own() -> None:
    store = ox.Store()
    store.load(b"<x:s1> <x:p1> <x:o1> .", format=ox.RdfFormat.N_TRIPLES)
    workers = Workers(store)
    workers.ask("ASK {}", {}, Limits())
    pid = os.fork()
    if pid == 0:
        os._exit(0 if workers.ask("ASK { <x:s1> ?p ?o }", {}, Limits()).data.endswith(b"true}") else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert workers.ask("ASK { <x:s1> ?p ?o }", {}, Limits()).data.endswith(b"true}")


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL])
def test_ending_a_command_ends_its_query_at_once(way: signal.Signals) -> None:
    command = subprocess.Popen([*COMMAND, "3600"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    worker = wait_for_child(command)
    until = look_at(worker).computed + 3
    command.send_signal(way)
    out, error = command.communicate(timeout=300)
    assert (command.returncode, out, error) == (-way, b"", b"")
    # On a busy machine the worker may take long to end, but not to compute.
    while (process := look_at(worker)).runs and process.computed < until:
        time.sleep(0.01)
    if process.runs:
        os.kill(worker, signal.SIGKILL)
    assert not process.runs


def wait_for_child(command: subprocess.Popen[bytes]) -> int:
    """The first child of a command that has computed for a while, so that the query is under way."""
    while command.poll() is None:
        for child in children(command.pid):
            if look_at(child).computed > 0.3:
                return child
        time.sleep(0.05)
    raise AssertionError("the query never began")


def test_the_command_says_it_in_one_sentence() -> None:
    done = subprocess.run([*COMMAND, "1"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "partnergraph: the query did not end within 1 seconds and was stopped; ask for less, or allow more with --timeout\n"
    )


def test_limits_of_a_graph(graph: partnergraph.Graph) -> None:
    own = graph.at(attested="confirmed")
    own.limits = replace(own.limits, rows=3)
    with pytest.raises(AnswerTooLarge):
        own.query("SELECT * { ?s ?p ?o }")
    assert len(own.query("SELECT * { ?s ?p ?o } LIMIT 3")) == 3
