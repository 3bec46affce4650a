"""Workers that are killed, kept busy or asked too much: nothing hangs, nothing is lost, and the rest goes on."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from partnergraph.server.app import _streamed
from partnergraph.server.frames import END, HEADING, PIECE, packed
from partnergraph.server.pool import Line

from .conftest import Got, Running, finish, stop, until
from .test_protocol import CROSS

# Takes a second or so.
SLOW = "SELECT (COUNT(*) AS ?n) { ?a rdfs:label ?c . ?d rdfs:label ?f . FILTER(STR(?c) < STR(?f)) }"


def slow(server: Running) -> int:
    """How much of what takes long has been made."""
    found = re.search(r'partnergraph_jobs_total{pool="slow",outcome="answered"} (\d+)', server.get("/metrics").text)
    assert found
    return int(found[1])


def busiest(server: Running) -> int:
    """The worker that has computed most since a moment ago."""
    before = server.children()
    time.sleep(0.4)
    after = server.children()
    # The front is the one that has been there first.
    return max(after.keys() - {min(after)}, key=lambda pid: after[pid] - before.get(pid, 0.0))


def test_a_worker_that_is_killed_in_mid_answer_is_one_sentence_and_the_pool_goes_on(serving: Callable[..., Running]):
    server = serving("--workers", "1", "--rate", "0")
    # Until then the busiest may be the one that makes the map.
    assert until(lambda: slow(server) >= 3)
    for _ in range(3):
        with ThreadPoolExecutor(1) as executor:
            waiting = executor.submit(server.ask, CROSS)
            time.sleep(0.4)
            os.kill(busiest(server), signal.SIGKILL)
            got = waiting.result(8)
        assert got.status == 503
        assert "ended before it was done" in got.json["detail"]
        assert "\n" not in got.json["detail"]
        assert server.ask("ASK {}").json["boolean"] is True


def test_all_workers_killed_while_idle_are_replaced(serving: Callable[..., Running]):
    server = serving("--workers", "2", "--rate", "0")
    before = server.children()
    # The front is the one that has been there first.
    killed = set(sorted(before)[1:])
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: len(server.children()) == len(before) and not killed & server.children().keys())
    assert server.ask("ASK {}").status == 200
    assert server.get("/about").status == 200


def test_a_front_that_is_killed_is_replaced(serving: Callable[..., Running]):
    server = serving("--workers", "1", "--rate", "0")
    os.kill(min(server.children()), signal.SIGKILL)
    assert until(lambda: sum("ready at" in line for line in server.lines) == 2)
    assert server.ask("ASK {}").status == 200
    assert any("a new one takes its place" in line for line in server.lines)


def test_many_clients_with_cross_products_do_not_stop_the_rest(serving: Callable[..., Running]):
    server = serving("--workers", "2", "--rate", "0")
    processes = len(server.children())
    # Each asks something else, so that none can share the answer of another.
    asked = [CROSS.replace("?n", f"?n{number}") for number in range(120)]
    with ThreadPoolExecutor(120) as executor:
        waiting = [executor.submit(server.ask, query) for query in asked]
        time.sleep(1.0)
        took = []
        for _ in range(10):
            started = time.monotonic()
            assert server.get("/healthz").status == 200
            took.append(time.monotonic() - started)
            assert len(server.children()) <= processes + 1
        assert server.get("/about").status == 200
        statuses = {one.result(60).status for one in waiting}
    assert statuses == {503}
    assert sorted(took)[len(took) // 2] < 0.2
    assert server.ask("ASK {}").status == 200


def test_what_takes_long_is_made_before_anybody_asks_and_by_nobody_else(tiny: Running):
    # The map, the page of changes and its feed.
    assert until(lambda: slow(tiny) >= 3)
    done = slow(tiny)
    assert tiny.get("/map").status == 200
    assert slow(tiny) == done
    assert tiny.get("/download/partnergraph.nt").status == 200
    assert slow(tiny) == done + 1


def test_a_long_answer_outlives_its_worker_and_is_whole_for_all_who_asked():
    body = bytes(range(256)) * 8192

    async def sent() -> list[bytes]:
        line = Line()
        line.connection_made(asyncio.Transport())
        answer = asyncio.get_running_loop().create_future()
        line._answer = answer  # noqa: SLF001  # as if asked
        for kind, data in ((HEADING, b'{"media": "text/plain"}'), (PIECE, body[:1_000_000]), (PIECE, body[1_000_000:])):
            line.data_received(packed(kind, data))
        line.data_received(packed(END, b"tired"))
        delivery = await answer
        # A tired worker is let go at once.
        line.connection_lost(None)
        streams = [_streamed(delivery), _streamed(delivery)]
        got = [b"", b""]
        for _ in range(len(body) // 65536):
            for number, stream in enumerate(streams):
                got[number] += await anext(stream)
        return got

    assert finish(sent()) == [body, body]


def test_the_same_question_of_many_is_answered_once(serving: Callable[..., Running]):
    server = serving("--workers", "1", "--rate", "0")
    with ThreadPoolExecutor(20) as executor:
        bodies = {one.result(60).body for one in [executor.submit(server.ask, SLOW) for _ in range(20)]}
    assert len(bodies) == 1
    assert 'partnergraph_jobs_total{pool="queries",outcome="answered"} 1' in server.get("/metrics").text


def test_a_client_that_goes_frees_its_worker(serving: Callable[..., Running]):
    server = serving("--workers", "1", "--rate", "0")
    with socket.create_connection(("127.0.0.1", server.port)) as gone:
        query = CROSS.replace(" ", "+").replace("{", "%7B").replace("}", "%7D")
        gone.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
    started = time.monotonic()
    assert server.ask("ASK {}").status == 200
    assert time.monotonic() - started < 5


def test_told_to_stop_it_answers_what_was_begun_and_goes(serving: Callable[..., Running]):
    server = serving("--workers", "2", "--rate", "0")
    got: list[Got] = []
    asking = threading.Thread(target=lambda: got.append(server.ask(SLOW)))
    asking.start()
    time.sleep(0.3)
    children = server.children()
    assert stop(server) == 0
    asking.join(30)
    assert [one.status for one in got] == [200]
    assert until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children))  # noqa: PTH110


def test_a_server_whose_first_process_is_killed_leaves_nobody_behind(serving: Callable[..., Running]):
    server = serving("--workers", "1", "--rate", "0")
    children = server.children()
    server.process.kill()
    assert until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children))  # noqa: PTH110


def test_an_address_that_asks_too_often_is_told_to_wait(serving: Callable[..., Running]):
    server = serving("--workers", "1", "--rate", "1")
    statuses = [server.ask("ASK {}").status for _ in range(12)]
    assert statuses[:8] == [200] * 8
    assert statuses[-1] == 429
    assert int(server.ask("ASK {}").headers["retry-after"]) >= 1
    assert server.get("/healthz").status == 200


def raw(server: Running, data: bytes, patience: float = 20.0) -> bytes:
    """What a server says to these bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as line:
        line.sendall(data)
        parts = []
        try:
            while part := line.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            pass
        return b"".join(parts)


def test_half_sent_heads_and_bodies_are_cut(tiny: Running):
    started = time.monotonic()
    halves = [
        b"",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nAS",
    ]
    with ThreadPoolExecutor(4) as executor:
        said = list(executor.map(lambda half: raw(tiny, half), halves))
    assert 8 < time.monotonic() - started < 16
    assert said[1].startswith(b"HTTP/1.1 408")
    assert tiny.get("/healthz").status == 200


def test_what_is_no_http_gets_a_problem(tiny: Running):
    assert raw(tiny, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert raw(tiny, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000).startswith(b"HTTP/1.1 431")
    many = b"".join(b"X%d: y\r\n" % number for number in range(5000))
    assert raw(tiny, b"GET / HTTP/1.1\r\nHost: x\r\n" + many).startswith(b"HTTP/1.1 431")
    twice = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert raw(tiny, twice).startswith(b"HTTP/1.1 400")
    assert tiny.get("/healthz").status == 200


def test_two_requests_at_once_on_one_line_get_two_answers(tiny: Running):
    said = raw(tiny, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert said.count(b"HTTP/1.1 200") == 2
    assert b"ok\n" in said
    assert b"ready\n" in said
