"""The work of a page within a server: the frame is made from the job, facts are kept with the graph that they are of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.links import Links
from partnergraph.server.pages.render import render
from partnergraph.server.writing import Reply

if TYPE_CHECKING:
    from partnergraph.api import Graph
    from partnergraph.server.settings import Settings
    from partnergraph.server.worker import Worker

# Made before the fork they are shared by all workers.
_FACTS: WeakKeyDictionary[object, Facts] = WeakKeyDictionary()


def facts_of(graph: Graph) -> Facts:
    """What pages need of a graph, kept as long as the graph is."""
    if graph not in _FACTS:
        _FACTS[graph] = Facts(graph)
    return _FACTS[graph]


def page_maker(settings: Settings) -> Callable[[Worker, Mapping[str, Any]], Reply]:
    """What makes pages for a site that is set up so."""

    def make(worker: Worker, job: Mapping[str, Any]) -> Reply:
        graph = worker.viewed(job)
        view = tuple((name, "1" if value is True else str(value)) for name, value in sorted(job.get("view", {}).items()))
        links = Links(settings.prefix, view=view, here=job["path"])
        # OpenRefine takes a path for one of its own pages.
        base_url = settings.base_url or (settings.local if job["path"] == "/reconcile" else "")
        page = render(graph, facts_of(graph), job["path"], job["params"], links, base_url)
        return Reply(page.body, page.head())

    return make
