"""What an operator watches, in the text that Prometheus reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from partnergraph.server.app import Site
    from partnergraph.server.gate import Counts


def metrics_route(site: Site, counts: Counts) -> Callable[[Request], Awaitable[Response]]:
    """What answers ``/metrics``."""

    async def metrics(_request: Request) -> Response:
        lines = ["# TYPE partnergraph_requests_total counter"]
        lines += [f'partnergraph_requests_total{{status="{status}"}} {count}' for status, count in sorted(counts.statuses.items())]
        lines += ["# TYPE partnergraph_request_seconds_total counter", f"partnergraph_request_seconds_total {counts.seconds:.3f}"]
        lines += ["# TYPE partnergraph_cache_hits_total counter", f"partnergraph_cache_hits_total {site.desk.hits}"]
        lines.append("# TYPE partnergraph_jobs_total counter")
        for name, pool in site.pools.items():
            lines += [f'partnergraph_jobs_total{{pool="{name}",outcome="{what}"}} {count}' for what, count in pool.counts.items()]
        lines += ["# TYPE partnergraph_workers gauge", "# TYPE partnergraph_waiting gauge"]
        for name, pool in site.pools.items():
            lines.append(f'partnergraph_workers{{pool="{name}"}} {pool.alive}')
            lines.append(f'partnergraph_waiting{{pool="{name}"}} {pool.waiting}')
        return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "no-store"})

    return metrics
