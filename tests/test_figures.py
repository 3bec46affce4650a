"""Figures of the benchmarks are compared by their ratio to a floor of the same run, whatever the machine was doing."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figures import Figure, figures_of, keep, read_kept, slower, told
from benchmarks.report import Line


def test_a_busy_machine_makes_nothing_slower_and_a_slower_program_is_named() -> None:
    before = {"a": Figure(1.0, 0.5, "pyoxigraph"), "b": Figure(1.0, 0.5, "pyoxigraph"), "c": Figure(1.0, 0.5, "pyoxigraph")}
    # Everything took three times as long, and b twice as long besides; c is compared with something else now.
    now = {"a": Figure(3.0, 1.5, "pyoxigraph"), "b": Figure(6.0, 1.5, "pyoxigraph"), "c": Figure(9.0, 1.5, "rdflib")}
    assert slower(before, now) == ["slower: b took 2 times pyoxigraph, now 4 times"]
    assert slower(now, before) == []


def test_a_line_without_a_floor_of_its_own_has_that_of_the_run() -> None:
    lines = [
        Line("loading Turtle", "as stated", {"partnergraph": 0.3, "pyoxigraph": 0.2}),
        Line("whole graph", "view", {"partnergraph": 0.6}),
        Line("queries", "card", {"partnergraph": 0.1, "rdflib": 1.0, "pyoxigraph": 0.05}),
        Line("queries", "did not end", {"partnergraph": None, "pyoxigraph": 0.05}),
    ]
    assert figures_of(lines) == {
        "loading Turtle: as stated": Figure(0.3, 0.2, "pyoxigraph"),
        "whole graph: view": Figure(0.6, 0.2, "pyoxigraph loading Turtle"),
        "queries: card": Figure(0.1, 0.05, "pyoxigraph"),
    }


def test_figures_are_kept_by_run_and_those_not_measured_again_stay(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    assert told("small", {}, path) == "no figures were kept to compare with"
    keep("small", {"a": Figure(1.0, 1.0, "x"), "b": Figure(2.0, 1.0, "x")}, path)
    keep("large", {"a": Figure(9.0, 1.0, "x")}, path)
    keep("small", {"a": Figure(3.0, 1.0, "x")}, path)
    assert read_kept("small", path) == {"a": Figure(3.0, 1.0, "x"), "b": Figure(2.0, 1.0, "x")}
    assert told("small", {"a": Figure(3.1, 1.0, "x")}, path) == "nothing became slower, by its ratio to a floor of the same run"
    assert told("large", {"a": Figure(18.0, 1.0, "x")}, path) == "slower: a took 9 times x, now 18 times"
