"""The process in which queries from outside run. It holds nothing worth keeping, can reach nothing, and may die.

Requests come in on standard input, answers go out on standard output, as frames: a letter, a length, bytes.
An answer is a head (h), its data piece by piece (d) and an end (e), or an error (x).
"""

from __future__ import annotations

import json
import os
import queue
import signal
import struct
import sys
import threading
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from partnergraph.base.errors import RefusedQuery
from partnergraph.rdf.terms import PREFIXES
from partnergraph.stores.sandbox.guard import refuse_outside
from partnergraph.stores.sandbox.limits import bound_processor_time, confine, watch_memory
from partnergraph.stores.sandbox.sockets import die_with_parent

HEAD = struct.Struct(">cI")
MAX_FRAME = 2**30
FULL = 1 << 18


def send(descriptor: int, kind: bytes, data: bytes = b"") -> None:
    """Writes one frame."""
    frame = memoryview(HEAD.pack(kind, len(data)) + data)
    while frame:
        frame = frame[os.write(descriptor, frame) :]


def receive(descriptor: int) -> tuple[bytes, bytes]:
    """Reads one frame; an empty kind where the other side has gone."""
    head = _read(descriptor, HEAD.size)
    if len(head) < HEAD.size:
        return b"", b""
    kind, length = HEAD.unpack(head)
    data = _read(descriptor, min(length, MAX_FRAME))
    return (kind, data) if len(data) == length else (b"", b"")


def _read(descriptor: int, length: int) -> bytes:
    parts = []
    while length:
        part = os.read(descriptor, min(length, 1 << 20))
        if not part:
            break
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


class TooLarge(Exception):
    """The answer has more rows or bytes than it may have; ``args`` say which."""


class Sink:
    """Where Oxigraph writes an answer: sends it on at once and stops where it grows too large."""

    def __init__(self, descriptor: int, rows: int, size: int) -> None:
        self.descriptor = descriptor
        self.rows_left = rows
        self.bytes_left = size
        self.held: list[bytes] = []
        self.held_bytes = 0

    def write(self, data: bytes) -> int:
        """Takes a piece of the answer; every row is a line."""
        self.bytes_left -= len(data)
        self.rows_left -= data.count(b"\n")
        if self.bytes_left < 0:
            raise TooLarge("bytes")
        if self.rows_left < 0:
            raise TooLarge("rows")
        self.held.append(bytes(data))
        self.held_bytes += len(data)
        if self.held_bytes >= FULL:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Sends what is held back: large pieces cost fewer turns of the two processes than small ones."""
        if self.held:
            send(self.descriptor, b"d", b"".join(self.held))
            self.held, self.held_bytes = [], 0


def evaluate(store: ox.Store, request: Mapping[str, Any], descriptor: int) -> None:
    """Evaluates one query and sends its answer: rows as TSV, triples as N-Triples, yes or no as JSON.

    Raises RefusedQuery for one that reaches outside; this process could not follow it there anyway.
    """
    # A folder's own are known to the process that read it.
    PREFIXES.update(request["prefixes"])
    refuse_outside(request["sparql"], parses)
    substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
    substitutions = {ox.Variable(name): parse_term(text) for name, text in request["bindings"].items()}
    results = store.query(request["sparql"], prefixes=PREFIXES, substitutions=substitutions)
    if isinstance(results, ox.QueryBoolean):
        send(descriptor, b"h", b"boolean")
        send(descriptor, b"d", results.serialize(format=ox.QueryResultsFormat.JSON) or b"")
    elif isinstance(results, ox.QueryTriples):
        send(descriptor, b"h", b"triples")
        sink = Sink(descriptor, request["rows"], request["bytes"])
        ox.serialize(results, sink, format=ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
        sink.flush()
    else:
        send(descriptor, b"h", b"rows")
        # The first line names the columns.
        sink = Sink(descriptor, request["rows"] + 1, request["bytes"])
        results.serialize(sink, format=ox.QueryResultsFormat.TSV)  # type: ignore[arg-type]
        sink.flush()


def parses(sparql: str) -> bool:
    """Whether Oxigraph reads the text as a query."""
    try:
        ox.Store().query(sparql, prefixes=PREFIXES)
    except SyntaxError:
        return False
    except Exception:  # noqa: BLE001  # it was read, and could not be evaluated on nothing
        return True
    return True


def parse_term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The term that its N-Triples form stands for."""
    (quad,) = ox.parse(f"<x:x> <x:x> {text} .", format=ox.RdfFormat.N_TRIPLES)
    term: ox.NamedNode | ox.BlankNode | ox.Literal = quad.object
    return term


def serve(store: ox.Store, memory: int, *, files: bool) -> None:
    """Answers requests until nobody asks any more; never returns."""
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        # Runs beside an evaluation, which releases the interpreter: whoever asked has gone, so nobody wants the answer.
        while True:
            kind, data = receive(0)
            if not kind:
                os._exit(0)
            requests.put(data)

    threading.Thread(target=listen, daemon=True).start()
    peak = watch_memory()
    confine(memory, files=files)
    base = peak()
    send(1, b"r")
    while True:
        request = json.loads(requests.get())
        bound_processor_time(request["seconds"])
        problem = attempt(store, request, 1)
        if problem is not None:
            send(1, b"x", json.dumps(problem).encode())
        else:
            # Memory that a query has had is seldom given back; a tired worker is replaced before the next one.
            send(1, b"e", b"tired" if peak() - base > memory // 4 else b"")


def attempt(store: ox.Store, request: Mapping[str, Any], descriptor: int) -> tuple[str, str] | None:
    """Evaluates one query and sends its answer; returns what went wrong, as a kind and words, or None."""
    try:
        evaluate(store, request, descriptor)
    except RefusedQuery as error:
        return "refused", json.dumps([error.problem, error.line, error.column])
    except SyntaxError as error:
        return "syntax", str(error)
    except TooLarge as error:
        return "large", str(error)
    except MemoryError:
        return "memory", ""
    except Exception as error:  # noqa: BLE001  # whatever Oxigraph says is an answer, not a crash
        return "other", str(error)
    return None


def serve_forked(store: ox.Store, inlet: int, outlet: int, memory: int, *, die: bool) -> None:
    """Turns the forked copy of a process into a worker on its store; never returns.

    With ``die`` the kernel ends it with the thread that forked it, which must then be the parent's main one.
    """
    status = 1
    try:
        if die:
            die_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(inlet, 0)
        os.dup2(outlet, 1)
        os.dup2(nothing, 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        serve(store, memory, files=False)
        status = 0
    finally:
        # Neither the parent's clean-up nor its buffers are this process's business.
        os._exit(status)


def main() -> None:
    """A worker that was started, not forked: the first frames say what it holds, a store on disk or N-Quads."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    memory = int(receive(0)[1])
    kind, data = receive(0)
    if kind == b"p":
        store = ox.Store.read_only(data.decode())
    else:
        store = ox.Store()
        while kind == b"q":
            store.bulk_load(data, format=ox.RdfFormat.N_QUADS)
            kind, data = receive(0)
    serve(store, memory, files=kind == b"p")


if __name__ == "__main__":
    # Nothing but frames may reach the standard output.
    sys.stdout = sys.stderr
    main()
