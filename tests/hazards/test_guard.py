"""What a query may not ask for: found wherever it hides, not seen where it only seems to be, and in time that grows as the text does."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from hostile import Listener
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnergraph.base.errors import QueryError, RefusedQuery
from partnergraph.rdf.terms import PREFIXES
from partnergraph.stores.sandbox.guard import MAX_QUERY_CHARACTERS, check_query
from partnergraph.stores.sandbox.limits import Limits
from partnergraph.stores.sandbox.workers import Workers

U = "\\u"
NUMBERED = re.compile(r"\\u([0-9A-F]{4})|\\U([0-9A-F]{8})")
EXAMPLES = int(os.environ.get("PARTNERGRAPH_FUZZ", "400"))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Workers of a store of one triple."""
    store = ox.Store()
    store.load(b"<x:s> <x:p> <x:o> .", format=ox.RdfFormat.N_TRIPLES)
    made = Workers(store)
    yield made
    made.close()


def outcome(workers: Workers, query: str) -> str:
    """What is said of a query, ``answered`` where it is answered."""
    try:
        workers.ask(check_query(query), {}, Limits(seconds=20))
    except QueryError as error:
        return f"{type(error).__name__}: {error}"
    return "answered"


SERVICE = [
    "ASK { SERVICE <http://127.0.0.1:1/> {} }",
    "ASK { service<http://127.0.0.1:1/>{} }",
    "ASK{?s ?p ?x.SeRvIcE <http://127.0.0.1:1/> {}}",
    "ASK { ?s ?p trueSERVICE <http://127.0.0.1:1/> {} }",
    "ASK { ?s ?p falseservice<http://127.0.0.1:1/> {} }",
    "ASK { ?s ?p 1SERVICE <http://127.0.0.1:1/> {} }",
    "ASK { ?s ?p 1.5SERVICE <http://127.0.0.1:1/> {} }",
    "ASK { ?s ?p 1e5SERVICE <http://127.0.0.1:1/> {} }",
    'ASK { ?s ?p "a"SERVICE <http://127.0.0.1:1/> {} }',
    "ASK { ?s ?p <x:o>SERVICE <http://127.0.0.1:1/> {} }",
    "ASK { SERVICESILENT<http://127.0.0.1:1/> {} }",
    "ASK { SERVICE?s {} }",
    "PREFIX : <http://127.0.0.1:1/> ASK { SERVICE:foo {} }",
    "PREFIX service: <http://127.0.0.1:1/> ASK { ?s ?p 'service' . SERVICE service:service {} }",
    "PREFIX a: <http://x/> ASK{?s ?p a:.SERVICE <http://127.0.0.1:1/> {}}",
    "PREFIX a: <http://x/> ASK{?s ?p a:\\#b . SERVICE <http://127.0.0.1:1/> {}}",
    'ASK {?s ?p "\\\\" . SERVICE <http://127.0.0.1:1/> {} . ?s ?p "" }',
    "ASK {FILTER(?a<1) SERVICE <http://127.0.0.1:1/> {} FILTER(2>?b)}",
    'ASK {FILTER(?a<"x>") SERVICE <http://127.0.0.1:1/> {} FILTER("<">?b)}',
    'ASK {?s ?p """a"b""" . SERVICE <http://127.0.0.1:1/> {} }',
    "ASK { # a comment\n SERVICE <http://127.0.0.1:1/> {} }",
    "ASK { # a comment\r SERVICE <http://127.0.0.1:1/> {} }",
    'ASK { ?s ?p "x"@en.SERVICE <http://127.0.0.1:1/> {} }',
    f"ASK {{ {U}0053ERVICE <http://127.0.0.1:1/> {{}} }}",
    "ASK { SERVIC\\U00000045 <http://127.0.0.1:1/> {} }",
    "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:1/> {} } } }",
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> {} } }",
    "ASK { LATERAL { SERVICE ?s {} } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "DESCRIBE ?s WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
]
FROM = [
    "SELECT * FROM <http://x/> {}",
    "SELECT*FROM<http://x/>{}",
    "SELECT * FROM NAMED <file:/etc/passwd> {}",
    "SELECT*FROMNAMED<http://x/>{}",
    "ASKFROM<http://x/>{}",
    "PREFIX : <http://x/> ASK FROM:a {}",
    f"SELECT * FR{U}004FM <http://x/> {{}}",
]
UPDATES = {
    "LOAD <file:/etc/passwd>": "LOAD would change the graph",
    f"L{U}004FAD <http://127.0.0.1:1/>": "LOAD would change the graph",
    "PREFIX a: <http://x/> INSERT DATA { a:b a:c a:d }": "INSERT would change the graph",
    "DELETE WHERE { ?s ?p ?o }": "DELETE would change the graph",
    "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": "WITH would change the graph",
    "#SELECT\nCLEAR ALL": "CLEAR would change the graph",
    "ASK {} ; DROP ALL": "one query at a time",
}
ANSWERED = [
    "PREFIX service: <http://x/> ASK {?s service:from 'SERVICE' ; service:service.from ?load }",
    "PREFIX SERVICE: <http://x/> PREFIX SERVJCE: <http://y/> ASK { SERVICE:a SERVJCE:b ?c }",
    "ASK { ?service ?from $load . ?servjce ?SERVICE ?frjm }",
    "BASE <http://x/> ASK { <SERVICE> <#FROM> <load> }",
    'ASK { ?s ?p "SERVICE"@from , """FROM " SERVICE""", \'\'\'LOAD\'\'\' . ?s ?q _:service }',
    "ASK { } # SERVICE FROM LOAD ;",
    "ASK { ?s ?p ?o ; ?q ?r }",
    "PREFIX a: <http://x/> ASK { ?s a:\\#SERVICE ?o ; a:x.FROM ?y }",
    "PREFIX load: <http://x/> ASK { ?s a load:add }",
    "ASK { FILTER(?a<?b || ?c>?d) }",
    f'ASK {{ ?s ?p "{U}0022 SERVICE <http://127.0.0.1:1/> {U}0022" }}',
    f"ASK {{ # {U}000A SERVICE <http://127.0.0.1:1/> {{}}\n }}",
    f"ASK {{ ?s <http://x/{U}0041> ?o }}",
]


@pytest.mark.parametrize("query", SERVICE)
def test_service_is_found_wherever_it_hides(query: str, workers: Workers) -> None:
    assert outcome(workers, query).split("\n")[0].endswith(": SERVICE would ask another server; queries never reach the network")


@pytest.mark.parametrize("query", FROM)
def test_from_is_found_wherever_it_hides(query: str, workers: Workers) -> None:
    assert "FROM would read another document" in outcome(workers, query)


@pytest.mark.parametrize("query", UPDATES)
def test_updates_are_refused(query: str, workers: Workers) -> None:
    assert UPDATES[query] in outcome(workers, query)


@pytest.mark.parametrize("query", ANSWERED)
def test_words_that_are_no_keywords_raise_no_alarm(query: str, workers: Workers) -> None:
    assert outcome(workers, query) == "answered"


def test_a_number_for_a_character_means_the_character() -> None:
    assert check_query(f'ASK {{ ?s ?p "{U}0022{U}005C{U}000A{U}00e9\\\\u0041" }}') == 'ASK { ?s ?p "\\"\\\\\\né\\\\u0041" }'
    assert check_query(f"ASK {{ ?s <http://x/{U}003E{U}0041> ?o }}") == f"ASK {{ ?s <http://x/{U}003EA> ?o }}"


# Each is made of one thing again and again; a pattern that looks ahead too far takes the square of it.
LONG = [
    "a.",
    "a-.",
    "a:",
    "<a",
    "'",
    "\\'",
    '"""a',
    "'''",
    '"\n',
    "#",
    "#\n",
    "(",
    "[",
    "\\",
    "SELECT ",
    "SERVICE ",
    "FROM",
    " ",
    "?a",
    "@a-",
    f"{U}0041",
]


@pytest.mark.parametrize("piece", LONG)
def test_the_time_grows_as_the_text_does(piece: str) -> None:
    def seconds(size: int) -> float:
        query = "SELECT * { " + piece * ((size - 20) // len(piece)) + " }"
        started = time.process_time()
        with contextlib.suppress(QueryError):
            check_query(query)
        return time.process_time() - started

    whole = seconds(MAX_QUERY_CHARACTERS)
    # The square would take sixteen times as long for four times the text.
    assert whole < 0.2 or whole < 8 * max(seconds(MAX_QUERY_CHARACTERS // 4), 0.005)


def test_a_name_of_98_thousand_characters_is_answered_at_once(workers: Workers) -> None:
    started = time.monotonic()
    assert outcome(workers, "SELECT * { " + "a." * 49_000 + " }").startswith("QueryError: line 1, column ")
    assert time.monotonic() - started < 5


def test_brackets_and_chains_are_bounded(workers: Workers) -> None:
    assert "nested more than 200 deep" in outcome(workers, "ASK { ?s ?p " + "[" * 300 + "]" * 300 + " }")
    assert "more than 2,000 UNION" in outcome(workers, "ASK { {} " + "UNION {} " * 2001 + "}")
    assert "the limit is 100,000" in outcome(workers, "ASK {}" + " " * 100_000)
    assert "no UTF-8" in outcome(workers, 'ASK { ?s ?p "\udcff" }')
    assert "this is no query" in outcome(workers, "hello")


KEYWORDS = st.sampled_from(["SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICESILENT", f"{U}0053ERVICE"])
# What may stand in a group, with and without something that a keyword can follow at once.
ELEMENTS = st.sampled_from(
    [
        *(
            "?s ?p ?o.",
            "?s ?p 1",
            "?s ?p 1.",
            "?s ?p true",
            '?s ?p "a"',
            "?s ?p <x:o>",
            "?s a :",
            "?s :service ?o .",
            "FILTER(?s<?o)",
        ),
        *("{ ?s ?p ?o }", "OPTIONAL { ?s ?p ?o }", "{} UNION {}", "MINUS { ?s :x ?o }", "BIND(1 AS ?z)", "VALUES ?v { 1 }", "{}"),
        *('?s ?p """x"y""" .', "?s ?p 'b'", "<http://x/SERVICE> ?p ?o .", "# SERVICE\n", "#\r", "GRAPH ?g { ?s ?p ?o }"),
    ]
)
GAPS = st.sampled_from(["", "", " ", "\n", "\t", "#x\n"])
MISHAPS = st.sampled_from(
    [*".;,#{}()|^\\<>'\":?$@*a1", "\n", "_:", "@en", "^^", "true", "SERVICE", f"{U}0022", f"{U}000A", f"{U}003E", "FROM"]
)
HEADS = ["ASK", "SELECT *", "SELECT*", "CONSTRUCT { ?s ?p ?o } WHERE", "DESCRIBE ?s", "SELECT (1 AS ?service)"]


@st.composite
def queries(draw: st.DrawFn, address: str) -> str:
    """Queries that often call the address somewhere, glued to what stands before; in half of them something is put where it may not be."""
    parts = [draw(ELEMENTS), draw(GAPS), draw(ELEMENTS), draw(GAPS)][: 2 * draw(st.integers(0, 2))]
    if draw(st.booleans()):
        parts += [
            draw(KEYWORDS),
            draw(GAPS),
            draw(st.sampled_from([f"<{address}>", ":x", "?s"])),
            draw(GAPS),
            "{ ?s ?p ?o }",
            draw(GAPS),
        ]
    if draw(st.booleans()):
        parts.append(draw(ELEMENTS))
    query = f"PREFIX : <{address}> {draw(st.sampled_from(HEADS))} {{ {''.join(parts)} }}"
    for _ in range(max(draw(st.integers(-2, 2)), 0)):
        place = draw(st.integers(0, len(query)))
        query = query[:place] + draw(MISHAPS) + query[place:]
    return query


def test_what_passes_calls_nobody(workers: Workers, listener: Listener, record_property: Callable[[str, object], None]) -> None:
    """The engine without any wall is asked whatever the guard lets pass; nobody may hear of it."""
    store = ox.Store()
    store.load(f"<x:s> <x:p> <x:o> . <{listener.url}> <x:p> 1 .".encode(), format=ox.RdfFormat.TURTLE)
    counted = {"passed": 0, "refused": 0, "no query": 0, "refused, and would have called": 0}

    def evaluated(query: str) -> None:
        try:
            results = store.query(query, prefixes=PREFIXES)
            if not isinstance(results, ox.QueryBoolean):
                list(results)  # type: ignore[call-overload]
        except (SyntaxError, OSError, ValueError, RuntimeError):
            pass

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(query=queries(listener.url))
    def run(query: str) -> None:
        before = listener.calls
        try:
            text = check_query(query)
            workers.ask(text, {}, Limits(seconds=20))
        except RefusedQuery:
            counted["refused"] += 1
            # As it stands, and with its escapes read first, as some servers do.
            evaluated(NUMBERED.sub(lambda found: chr(int(found[1] or found[2], 16)), query))
            counted["refused, and would have called"] += listener.calls > before
            return
        except QueryError:
            # What is no query for the worker is none for the engine either.
            counted["no query"] += 1
            evaluated(query)
            assert listener.calls == before, query
            return
        counted["passed"] += 1
        evaluated(text)
        evaluated(query)
        assert listener.calls == before, query

    run()
    record_property("counted", counted)
    assert counted["passed"] > EXAMPLES // 20, counted
    assert counted["refused, and would have called"] > EXAMPLES // 40, counted
