"""The table of servers in the docs, worked out by hand from made-up measurements."""

from __future__ import annotations

from benchmarks.pressure import Pressure
from benchmarks.serving import CACHED, CLIENTS, OURS, SLOW, Line, markdown


def test_the_table_says_how_many_times_what_the_other_takes() -> None:
    costs = {(OURS, ""): 3.0, (OURS, CACHED): 0.5, ("oxigraph serve", ""): 2.0, (SLOW, ""): 1500.0}
    lines = [Line(f"look-up{way}", server, clients, cost, 1, 7, 0) for clients in CLIENTS for (server, way), cost in costs.items()]
    rest = {OURS: 300.4, "oxigraph serve": 11.0, SLOW: 197.0}
    text = markdown(lines, rest, Pressure(200, 91, 13.6, 565.4, 6, 7, {200: 1, 503: 1887}), {"processors": "2"})
    assert "| look-up | 8 | 3.0 · 7 | 0.5 · 7 | 2.0 · 7 | 1,500.0 · 7 | 1.50 · 0.25 |\n" in text
    assert "`/healthz` answered in 14 ms (median of 91), at most 565 ms;\n6 processes before, at most 7 meanwhile" in text
    assert "1 × 200, 1,887 × 503." in text
    assert "partnergraph serve 300 MiB" in text
