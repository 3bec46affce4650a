"""Servers that never end, lie or drip: one sentence within the limits, which hold for the whole of an answer with its pages and retries."""

from __future__ import annotations

import gzip
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from hostile import RawServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import partnergraph
from partnergraph.base.errors import AnswerTooLarge, PartnerGraphError, QueryError, QueryTimeout, RefusedQuery, StoreError
from partnergraph.stores.endpoint import Endpoint
from partnergraph.stores.http import Server
from partnergraph.stores.sandbox.limits import MIB, Limits

EXAMPLES = int(os.environ.get("PARTNERGRAPH_FUZZ", "300"))
SELECT = "SELECT ?n WHERE { ?s ?p ?n }"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
ROW = b'{"n":{"type":"literal","value":"1"}}'
Answer = Callable[[socket.socket, bytes], None]


def rows(count: int) -> bytes:
    """An answer of so many rows."""
    return b'{"head":{"vars":["n"]},"results":{"bindings":[' + b",".join([ROW] * count) + b"]}}"


def whole(body: bytes, more: bytes = b"") -> Answer:
    """Answers with a body in good order."""
    return lambda connection, _: connection.sendall(HEAD + more + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def dripping(start: bytes, drop: bytes) -> Answer:
    """Begins an answer, and goes on with it a drop at a time."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        for _ in range(200):
            connection.sendall(drop)
            time.sleep(0.05)

    return answer


def endless(start: bytes, piece: bytes) -> Answer:
    """Begins an answer, and goes on with it as fast as it is taken."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)

    return answer


def busy(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 99999999\r\nContent-Length: 0\r\n\r\n")


CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
START = rows(1)[:-3] + b"," + b" " * 100
# What the server does, and what is said of it within 8 MiB, and within a limit of one second where the words tell of it.
HOSTILE: dict[str, tuple[Answer, str]] = {
    "a body that drips": (dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b" "), "did not end within 1 seconds"),
    "a body that drips and has no length": (dripping(HEAD + b"\r\n", b" "), "did not end within 1 seconds"),
    "chunks that drip": (dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"), "did not end within 1 seconds"),
    "a head that drips": (dripping(b"HTTP/1.1 200 OK\r\nX: ", b"a"), "did not end within 1 seconds"),
    "a first line that drips": (dripping(b"HTT", b"P"), "did not end within 1 seconds"),
    "an error that drips": (dripping(b"HTTP/1.1 400 No\r\nContent-Length: 9999\r\n\r\n", b" "), "the server answered 400 No"),
    "silence": (lambda _c, _r: time.sleep(3), "did not end within 1 seconds"),
    "a body without end": (endless(HEAD + b"\r\n" + START, b" " * 65536), "more than 8,388,608 bytes"),
    "chunks without end": (endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK), "more than 8,388,608 bytes"),
    "a length that is a lie": (
        endless(HEAD + b"Content-Length: 999999999999999\r\n\r\n", b" " * 65536),
        "more than 8,388,608 bytes",
    ),
    "a length that is too short": (
        lambda c, _: c.sendall(HEAD + b"Content-Length: 10\r\n\r\n" + rows(1)),
        "did not answer with rows",
    ),
    "heads without end": (endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), "stopped in the middle of its answer (HTTPException)"),
    "one head without end": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 65536), "(LineTooLong)"),
    "hundreds of interim answers": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "did not end within 1 seconds"),
    "patience asked for": (busy, "the server answered 503 Busy; the 1 seconds that it may take are over"),
    "a compressed answer": (
        whole(gzip.compress(b" " * 10**7 + rows(1)), b"Content-Encoding: gzip\r\n"),
        "sent a compressed answer, which was not asked for",
    ),
    "brackets and nothing else": (whole(b"[" * 5_000_000), "did not answer with rows"),
    "rows of brackets": (whole(rows(1)[:-2] + b",[]" * 2_000_000 + b"]}}"), "did not answer with rows"),
    "names of columns and nothing else": (
        whole(b'{"head":{"vars":[' + b",".join(b'"v%d"' % n for n in range(100_000)) + b']},"results":{"bindings":[]}}'),
        "did not answer with rows",
    ),
    "rows that are numbers": (whole(b'{"head":{"vars":["n"]},"results":{"bindings":[1,2]}}'), "did not answer with rows"),
    "a term without a type": (whole(b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{}}]}}'), "did not answer with rows"),
    "a term of another type": (whole(rows(1).replace(b"literal", b"secret")), "did not answer with rows"),
    "a name that is none": (whole(rows(1).replace(b'"literal","value":"1"', b'"uri","value":"a b"')), "did not answer with rows"),
    "no rows but yes": (whole(b'{"head":{},"boolean":true}'), "did not answer with rows"),
    "nothing": (lambda _c, _r: None, "stopped in the middle of its answer (RemoteDisconnected)"),
    "what is no HTTP": (lambda c, _: c.sendall(b"220 ready\r\n"), "(BadStatusLine)"),
}


@pytest.fixture
def serving() -> Iterator[Callable[[Answer], RawServer]]:
    made: list[RawServer] = []

    def start(answer: Answer) -> RawServer:
        made.append(RawServer(answer))
        return made[-1]

    yield start
    for server in made:
        server.close()


def problem(act: Callable[[], object]) -> tuple[str, float]:
    """What an act says when it fails, and how long it took."""
    started = time.monotonic()
    with pytest.raises((StoreError, QueryError)) as caught:
        act()
    return str(caught.value), time.monotonic() - started


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("whose", ["the user's", "our own"])
def test_a_hostile_server(name: str, whose: str, serving: Callable[[Answer], RawServer], monkeypatch: pytest.MonkeyPatch) -> None:
    answer, said = HOSTILE[name]
    server = serving(answer)
    # What is no matter of time has plenty of it: a busy machine may take seconds for 8 MiB.
    limit = 1 if "1 seconds" in said or "drips" in name else 30
    endpoint = Endpoint(server.url, server=Server(timeout=limit, total=limit, retries=0 if "(" in said else 3, backoff=0.01))
    if whose == "our own":
        monkeypatch.setattr("partnergraph.stores.http.Budget.__init__.__defaults__", (8 * MIB,))
        words, seconds = problem(lambda: endpoint.answer(SELECT, {}))
    else:
        words, seconds = problem(lambda: endpoint.bounded(SELECT, {}, Limits(seconds=limit, bytes=8 * MIB)))
    if whose == "the user's" and said.startswith("did not end"):
        said = "the query did not end within 1 seconds and was stopped"
    assert said in words
    assert seconds < limit + 10


def test_pages_without_end(serving: Callable[[Answer], RawServer]) -> None:
    server = serving(whole(rows(1000)))
    endpoint = Endpoint(server.url, server=Server(total=2))
    words, seconds = problem(lambda: endpoint.answer(SELECT, {}))
    assert "did not end within 2 seconds" in words
    assert seconds < 12
    with pytest.raises(AnswerTooLarge, match="more than 2,500 rows"):
        endpoint.bounded(SELECT, {}, Limits(rows=2500))
    with pytest.raises(StoreError, match="more than 100,000 bytes"):
        endpoint.bounded(SELECT, {}, Limits(bytes=100_000))


def test_a_server_that_is_busy_twice_is_asked_a_third_time(serving: Callable[[Answer], RawServer]) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        busy_now = b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
        if len(server.heard) < 3:
            connection.sendall(busy_now)
        else:
            whole(rows(2))(connection, request)

    server = serving(answer)
    assert len(Endpoint(server.url, server=Server(backoff=0.01)).answer(SELECT, {})) == 2
    assert len(server.heard) == 3


def test_what_is_not_to_be_done_twice_is_sent_once(serving: Callable[[Answer], RawServer]) -> None:
    server = serving(busy)
    with pytest.raises(StoreError, match=r"the server answered 503 Busy$"):
        Server(backoff=0.01).request("POST", server.url, b"x", again=False)
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p trueSERVICE <http://127.0.0.1:1/> {} }",
        "ASK { \\u0053ERVICE <http://127.0.0.1:1/> {} }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:foo {} }",
        "SELECT * FROM <http://127.0.0.1:1/> {}",
        "DROP ALL",
    ],
)
def test_a_server_is_never_sent_what_is_refused(query: str, serving: Callable[[Answer], RawServer]) -> None:
    server = serving(whole(rows(1)))
    with pytest.raises(RefusedQuery):
        partnergraph.connect(server.url).query(query)
    assert server.heard == []


@pytest.mark.parametrize("query", ['DEFINE get:soft "replace" SELECT * {}', "SELECT * {", "ASK { } } { "])
def test_a_server_is_never_sent_what_our_parser_cannot_read(query: str, serving: Callable[[Answer], RawServer]) -> None:
    server = serving(whole(rows(1)))
    with pytest.raises(QueryError):
        partnergraph.connect(server.url).query(query)
    assert server.heard == []


def test_what_is_sent_is_what_was_read(serving: Callable[[Answer], RawServer]) -> None:
    server = serving(whole(rows(1)))
    graph = partnergraph.connect(server.url)
    graph.query('SELECT * WHERE { ?s ?p "\\u0022 SERVICE <http://x/> {} \\u0022" . # \\u000A SERVICE\n ?s ?p ?o }')
    (sent,) = parse_qs(server.heard[0].partition(b"\r\n\r\n")[2].decode())["query"]
    assert sent == 'SELECT * WHERE { ?s ?p "\\" SERVICE <http://x/> {} \\"" . #   SERVICE\n ?s ?p ?o }'
    with pytest.raises(RefusedQuery, match=r"servers read \\u0041 in two ways; write the character itself"):
        graph.query('SELECT * WHERE { ?s ?p "\\\\u0041" }')
    assert len(server.heard) == 1


def test_triples_that_are_nested_too_deep(serving: Callable[[Answer], RawServer]) -> None:
    server = serving(whole(b"<x:s> <x:p> " + b"[ <x:p> " * 50_000 + b"1" + b"]" * 50_000 + b" ."))
    with pytest.raises(StoreError, match="did not answer with triples: brackets are nested more than 200 deep"):
        Endpoint(server.url).bounded("CONSTRUCT WHERE { ?s ?p ?o }", {}, Limits())


def test_a_query_that_the_server_does_not_end(serving: Callable[[Answer], RawServer]) -> None:
    server = serving(lambda _c, _r: time.sleep(3))
    with pytest.raises(QueryTimeout, match=r"did not end within 0\.5 seconds"):
        Endpoint(server.url).bounded("ASK {}", {}, Limits(seconds=0.5))


LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200",
        b"HTTP/1.1 204 None",
        b"HTTP/1.1 503 Busy",
        b"HTTP/1.1 302 Moved",
        b"HTTP/9 -1 x",
        b"HTTP/1.1 99999 x",
        b"hello",
        b"",
    ]
)
FIELDS = st.sampled_from(
    [
        *(b"Content-Length: %s" % n for n in (b"0", b"10", b"-1", b"1e9", b"99999999999999999999", b"x")),
        *(
            b"Transfer-Encoding: chunked",
            b"Transfer-Encoding: gzip",
            b"Content-Encoding: br",
            b"Retry-After: -1",
            b"Retry-After: \xb2",
        ),
        *(
            b"Location: file:///etc/passwd",
            b"Location: http://127.0.0.1:1/",
            b"X",
            b": y",
            b"\xff: \x00",
            b" folded",
            b"Connection: keep-alive",
        ),
    ]
)
TERMS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["type", "value", "datatype", "xml:lang", "n", "bindings"]), inner, max_size=4),
    ),
    max_leaves=8,
)
TERM = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["uri", "literal", "bnode", "typed-literal", "triple", "x"]),
        "value": st.one_of(st.text(max_size=12), TERMS),
    },
    optional={
        "datatype": st.one_of(st.just("http://www.w3.org/2001/XMLSchema#integer"), st.text(max_size=8), TERMS),
        "xml:lang": st.text(max_size=5),
    },
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(st.dictionaries(st.sampled_from(["n", "m"]), TERM, max_size=2), TERMS), max_size=4).map(
        lambda found: json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": found}}).encode()
    ),
    TERMS.map(lambda found: json.dumps(found).encode()),
    st.integers(0, 3).map(rows),
    st.sampled_from(
        [b'{"head":{},"boolean":true}', b"<x:s> <x:p> <x:o> .", b"1\r\n{\r\n0\r\n\r\n", b"ffffffffffffffff\r\n", b"-1\r\n"]
    ),
)


def test_any_answer_of_a_server_is_an_answer_or_one_sentence(
    serving: Callable[[Answer], RawServer], record_property: Callable[[str, object], None]
) -> None:
    now: list[bytes] = [b""]
    server = serving(lambda connection, _: connection.sendall(now[0]))
    endpoint = Endpoint(server.url, server=Server(timeout=2, total=2, retries=1, backoff=0.001))
    counted = {"answered": 0, "refused": 0}
    said: list[str] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        line=st.one_of(st.just(b"HTTP/1.1 200 OK"), LINES),
        fields=st.one_of(st.just([]), st.lists(FIELDS, max_size=3)),
        body=st.one_of(BODIES, st.integers(0, 3).map(rows)),
        query=st.sampled_from([SELECT, SELECT, "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"]),
        own=st.booleans(),
    )
    def run(line: bytes, fields: list[bytes], body: bytes, query: str, *, own: bool) -> None:
        now[0] = b"\r\n".join([line, *fields, b"", body])
        started = time.monotonic()
        try:
            found = endpoint.answer(query, {}) if own else endpoint.bounded(query, {}, Limits(seconds=2))
            # Whatever is wrong in it was said before anybody looks at it.
            (bool(found), found.form, found.form == "rows" and list(found.mappings()))
            counted["answered"] += 1
        except PartnerGraphError as error:
            counted["refused"] += 1
            said.append(str(error))
        assert time.monotonic() - started < 12

    run()
    record_property("counted", counted)
    assert all(said)
    assert counted["answered"] > EXAMPLES // 50, counted
    assert counted["refused"] > EXAMPLES // 50, counted
