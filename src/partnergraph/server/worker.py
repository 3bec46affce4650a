"""The process that answers: a fork with the graph at hand, which takes one job after the other and may be ended at any time."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from partnergraph.base.faults import sentence
from partnergraph.core.views import View, make_view
from partnergraph.server.frames import END, HEADING, PIECE, PROBLEM, READY, as_json
from partnergraph.server.problems import problem_of
from partnergraph.server.writing import Reply, answer_question, answer_sparql
from partnergraph.stores.engine import Embedded
from partnergraph.stores.sandbox.limits import Limits, bound_processor_time, confine, watch_memory
from partnergraph.stores.sandbox.sockets import die_with_parent, forbid_sockets
from partnergraph.stores.sandbox.worker import FULL, receive, send

if TYPE_CHECKING:
    from partnergraph.api import Graph

# Views that a worker keeps: each is a copy of a part of the graph.
KEPT_VIEWS = 3
Handler = Callable[["Worker", dict[str, Any]], Reply]


class Worker:
    """What a worker knows: the graph, views of it, who does which kind of job, and after how much memory it is replaced."""

    def __init__(self, graph: Graph, limits: Limits, handlers: Mapping[str, Handler], most: int = 0) -> None:
        self.graph = graph
        self.limits = limits
        self.most = most or limits.memory // 3
        self.handlers: dict[str, Handler] = {"sparql": _sparql, "ask": _ask, **handlers}
        self.within = lru_cache(KEPT_VIEWS)(graph.within)

    def viewed(self, job: Mapping[str, Any]) -> Graph:
        """The graph in the view that the job asks for."""
        return self.viewed_as(make_view(**job.get("view", {})))

    def viewed_as(self, view: View) -> Graph:
        """The graph in a view; the last ones are kept."""
        return self.graph if view == View() else self.within(view)

    def serve(self, descriptor: int) -> None:
        """Does jobs until nobody asks any more."""
        peak = watch_memory()
        base = peak()
        send(descriptor, READY, str(os.getpid()).encode())
        while True:
            kind, data = receive(descriptor)
            if not kind:
                return
            job = json.loads(data)
            bound_processor_time(job["seconds"])
            try:
                reply = self.handlers[job["do"]](self, job)
                send(descriptor, HEADING, as_json(reply.head))
                for start in range(0, len(reply.body), FULL):
                    send(descriptor, PIECE, reply.body[start : start + FULL])
            except Exception as error:  # noqa: BLE001  # whatever goes wrong is an answer; the next job is another one
                problem = problem_of(error, replace(self.limits, seconds=job["seconds"]))
                record = problem.record()
                if problem.status == 500:
                    record["log"] = sentence(error)
                send(descriptor, PROBLEM, as_json(record))
            else:
                # Memory that a job has had is seldom given back; a tired worker is replaced before the next one.
                send(descriptor, END, b"tired" if peak() - base > self.most else b"")


def _sparql(worker: Worker, job: dict[str, Any]) -> Reply:
    return answer_sparql(worker.graph, job["query"], job["format"], _lowered(worker.limits, job))


def _ask(worker: Worker, job: dict[str, Any]) -> Reply:
    return answer_question(worker.viewed(job), job["question"], job["values"], job["format"], _lowered(worker.limits, job))


def _lowered(limits: Limits, job: Mapping[str, Any]) -> Limits:
    return replace(limits, seconds=min(limits.seconds, job["seconds"]))


def be_worker(make: Callable[[], Worker], descriptor: int, *, strict: bool, free: bool) -> None:
    """Turns this fork into a worker on the socket; never returns.

    ``strict`` lets it open nothing more; without it, it may open files of ours but no socket. ``free`` leaves it as it is,
    for a graph on another server.
    """
    status = 1
    try:
        die_with_parent()
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(descriptor, 1)
        os.dup2(nothing, 0)
        os.dup2(nothing, 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        worker = make()
        if not free:
            _confine(worker, strict=strict)
        worker.serve(1)
        status = 0
    finally:
        # Neither the parent's clean-up nor its buffers are this process's business.
        os._exit(status)


def _confine(worker: Worker, *, strict: bool) -> None:
    engine = worker.graph.engine
    on_disk = isinstance(engine, Embedded) and engine.path is not None
    confine(worker.limits.memory, files=not strict or on_disk)
    # Whoever wrote the queries of the content: what is asked here can reach nothing, and is ended at the limit.
    if (strict and not on_disk) or forbid_sockets():
        worker.graph.content = replace(worker.graph.content, trusted=True)
