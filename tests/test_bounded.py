"""Queries from outside: limits hold, workers are replaced and leave nothing running, the guard is neither blind nor jumpy."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

import partnergraph
from partnergraph.base.errors import AnswerTooLarge, QueryDied, QueryError, QueryTimeout, RefusedQuery
from partnergraph.stores.sandbox.guard import check_query
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
def canary() -> Iterator[tuple[str, list[str]]]:
    """The address of a listener on loopback and the list of those who called it."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                calls.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls
        done.set()
        thread.join()


def children() -> set[int]:
    """The processes that this one has started and that still run."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == os.getpid() and words[0] != "Z":
            found.add(int(entry.parent.name))
    return found


def test_answers_as_the_store_itself(workers: Workers) -> None:
    assert workers.ask("ASK { <x:s1> ?p ?o }", {}, Limits()).data == b'{"head":{},"boolean":true}'
    reply = workers.ask("SELECT ?s ?o { ?s <x:p1> ?o }", {"s": ox.NamedNode("x:s1")}, Limits())
    assert (reply.form, reply.data) == ("rows", b"?s\t?o\n<x:s1>\t<x:o1>\n")
    reply = workers.ask("CONSTRUCT WHERE { <x:s1> ?p ?o }", {}, Limits())
    assert (reply.form, reply.data) == ("triples", b"<x:s1> <x:p1> <x:o1> .\n")


def test_every_limit_has_its_sentence_and_the_next_query_is_answered(workers: Workers, request: pytest.FixtureRequest) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"^the query did not end within 0\.5 seconds and was stopped; ask for less, or "):
        workers.ask(PRODUCT + " #", {}, Limits(seconds=0.5))
    assert time.monotonic() - started < 1.5 + 10 * (
        request.node.callspec.params["workers"] != "forked"
    )  # starting takes its time, the query does not
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


def test_no_query_reaches_the_network(workers: Workers, canary: tuple[str, list[str]]) -> None:
    address, calls = canary
    for silent in ("", "SILENT "):
        query = f"SELECT * {{ <x:s1> ?p ?o SERVICE {silent}<{address}> {{ ?s ?q ?o }} }}"
        with contextlib.suppress(QueryError):
            # Straight to the worker: the guard, which would refuse it, is not what must hold.
            workers.ask(query, {}, Limits(seconds=10))
    # The listener has had the time to hear what was said.
    time.sleep(0.5)
    assert calls == []


def test_the_canary_would_have_heard_it(canary: tuple[str, list[str]]) -> None:
    address, calls = canary
    # How the call fails once it is refused differs by the moment the listener hangs up.
    with contextlib.suppress(OSError):
        list(ox.Store().query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?q ?o }} }}"))
    until = time.monotonic() + 5
    while not calls and time.monotonic() < until:
        time.sleep(0.05)
    assert calls


def test_many_threads_ask_at_once_and_nothing_is_left(workers: Workers) -> None:
    before = children()
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
    assert children() <= before


def test_a_worker_that_was_killed_is_replaced(workers: Workers) -> None:
    before = children()
    workers.ask("ASK {}", {}, Limits())
    (idle,) = children() - before
    os.kill(idle, signal.SIGKILL)
    # Until the last of its threads is gone, too; it is left for the one who started it to clear away.
    os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)
    assert workers.ask("ASK {}", {}, Limits()).form == "boolean"
    assert idle not in children()


def test_the_memory_of_a_large_query_is_given_back(workers: Workers) -> None:
    limits = Limits(memory=400 * 2**20)
    before = children()
    workers.ask("ASK { <x:s1> ?p ?o }", {}, limits)
    (kept,) = children() - before
    workers.ask("ASK { <x:s1> ?p ?o }", {}, limits)
    assert children() - before == {kept}
    # Texts of 1, 2, 4 … 64 MiB: together more than a quarter of the limit, less than all of it.
    doubled = " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(26))
    reply = workers.ask(f'SELECT ?n {{ BIND("x" AS ?a0) {doubled} BIND(STRLEN(?a26) AS ?n) }}', {}, limits)
    assert reply.data == b"?n\n67108864\n"
    assert kept not in children()
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
    command = subprocess.Popen([*COMMAND, "300"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    worker = wait_for_child(command.pid)
    started = time.monotonic()
    command.send_signal(way)
    out, error = command.communicate(timeout=5)
    assert time.monotonic() - started < 1
    assert (command.returncode, out, error) == (-way, b"", b"")
    until = time.monotonic() + 3
    while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{worker}").exists()


def wait_for_child(pid: int) -> int:
    """The first child of a process that has computed for a while, so that the query is under way."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            words = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            if int(words[11]) > 30:
                return int(child)
        time.sleep(0.05)
    raise AssertionError("the query never began")


def test_the_command_says_it_in_one_sentence() -> None:
    done = subprocess.run([*COMMAND, "1"], capture_output=True, text=True, check=False, timeout=30)
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


E_ = "\\u"
# What hides a keyword, and what only looks like one.
REFUSED = [
    "ASK { SERVICE <http://x/> {} }",
    "ASK { service<http://x/>{} }",
    "ASK{?s ?p ?x.SeRvIcE <http://x/> {}}",
    "PREFIX a: <http://x/> ASK{?s ?p a:.SERVICE <http://x/> {}}",
    "PREFIX a: <http://x/> ASK{?s ?p a:\\#b . SERVICE <http://x/> {}}",
    'ASK {?s ?p "\\\\" . SERVICE <http://x/> {} . ?s ?p "" }',
    "ASK {FILTER(?a<1) SERVICE <http://x/> {} FILTER(2>?b)}",
    'ASK {FILTER(?a<"x>") SERVICE <http://x/> {} FILTER("<">?b)}',
    'ASK {?s ?p """a"b\\"""""" . SERVICE <http://x/> {} }',
    "ASK { # a comment\n SERVICE <http://x/> {} }",
    "ASK { # a comment\r SERVICE <http://x/> {} }",
    'ASK { ?s ?p "x"@en.SERVICE <http://x/> {} }',
    "SELECT * FROM <http://x/> {}",
    "SELECT * FROM NAMED <file:/etc/passwd> {}",
    "LOAD <file:/etc/passwd>",
    "PREFIX a: <http://x/> INSERT DATA { a:b a:c a:d }",
    "DELETE WHERE { ?s ?p ?o }",
    "#SELECT\nCLEAR ALL",
    "ASK {} ; DROP ALL",
]
ALLOWED = [
    "PREFIX service: <http://x/> ASK {?s service:from 'SERVICE' ; service:service.from ?load }",
    "ASK { ?service ?from $load }",
    "BASE <http://x/> ASK { <SERVICE> <#FROM> <load> }",
    'ASK { ?s ?p "SERVICE"@from , """FROM " SERVICE""", \'\'\'LOAD\'\'\' . ?s ?q _:service }',
    "ASK { } # SERVICE FROM LOAD ;",
    "ASK { ?s ?p ?o ; ?q ?r }",
    "PREFIX a: <http://x/> ASK { ?s a:\\#SERVICE ?o ; a:x.FROM ?y }",
    "PREFIX load: <http://x/> ASK { ?s a load:add }",
    "ASK { FILTER(?a<?b || ?c>?d) }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_the_guard_finds_what_hides(query: str) -> None:
    with pytest.raises(RefusedQuery, match=r"^line \d+, column \d+: "):
        check_query(query)


@pytest.mark.parametrize("query", ALLOWED)
def test_the_guard_raises_no_false_alarm(query: str) -> None:
    check_query(query)
    ox.Store().query(query)


@pytest.mark.parametrize(
    "query",
    [
        f"{E_}0053ELECT * {{}}",
        f"ASK {{ {E_}0053ERVICE <http://127.0.0.1:1/> {{}} }}",
        f"ASK {{ SERVIC{E_}0045 <http://127.0.0.1:1/> {{}} }}",
        f"ASK {{ ?s ?p ?o }} {E_}003B DROP ALL",
    ],
)
def test_keywords_in_escapes_are_no_keywords(query: str) -> None:
    # The guard may let them pass, because Oxigraph reads no keyword in them; if it ever does, this fails.
    def ask() -> None:
        check_query(query)
        ox.Store().query(query)

    with pytest.raises((QueryError, SyntaxError)):
        ask()
