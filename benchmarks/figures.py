"""Figures that were kept, and what has become slower since: by the ratio to a floor that was measured in the same run.

Seconds say as much of the machine, and of who else works on it, as of the code; the ratio of both to what pyoxigraph needs
in the same run says more of the code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.report import OURS, Line

KEPT = Path(__file__).with_name("figures.json")
# Less than this is noise.
SLOWER = 1.25
# What of a line is the floor, the first of them that it has; a line without any has that of the whole run.
FLOORS = ("pyoxigraph", "pyoxigraph, as stated", "importing typer and pyoxigraph", "pyoxigraph, bytes of CSV")
RUN = ("loading Turtle", "as stated")


@dataclass(frozen=True)
class Figure:
    """What something of ours took, and what the floor took in the same run: seconds, and which floor."""

    ours: float
    floor: float
    of: str

    @property
    def ratio(self) -> float:
        """How many times as long as the floor."""
        return self.ours / self.floor


def figures_of(lines: Iterable[Line]) -> dict[str, Figure]:
    """The figures of the lines of a run, by what they measure."""
    listed = list(lines)
    whole = next((line.seconds.get("pyoxigraph") for line in listed if (line.group, line.name) == RUN), None)
    found: dict[str, Figure] = {}
    for line in listed:
        ours = line.seconds.get(OURS)
        own = next((name for name in FLOORS if line.seconds.get(name)), None)
        floor = line.seconds[own] if own else whole
        if ours is not None and floor:
            found[f"{line.group}: {line.name}"] = Figure(ours, floor, own or "pyoxigraph loading Turtle")
    return found


def slower(before: Mapping[str, Figure], now: Mapping[str, Figure]) -> list[str]:
    """A sentence for each figure whose ratio to the same floor has grown by more than noise, the worst first."""
    grown = [
        (now[name].ratio / figure.ratio, name)
        for name, figure in before.items()
        if name in now and now[name].of == figure.of and now[name].ratio > SLOWER * figure.ratio
    ]
    return [
        f"slower: {name} took {before[name].ratio:.3g} times {before[name].of}, now {now[name].ratio:.3g} times"
        for _, name in sorted(grown, reverse=True)
    ]


def read_kept(run: str, path: Path = KEPT) -> dict[str, Figure]:
    """The figures that were kept of a run; none where there are none."""
    if not path.exists():
        return {}
    return {name: Figure(**figure) for name, figure in json.loads(path.read_text(encoding="utf-8")).get(run, {}).items()}


def keep(run: str, figures: Mapping[str, Figure], path: Path = KEPT) -> None:
    """Keeps the figures of a run; what it has not measured stays as it was."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept[run] = {**kept.get(run, {}), **{name: asdict(figure) for name, figure in figures.items()}}
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def told(run: str, figures: Mapping[str, Figure], path: Path = KEPT) -> str:
    """What has become slower since figures of the run were kept, for people."""
    before = read_kept(run, path)
    return "\n".join(slower(before, figures)) or (
        "nothing became slower, by its ratio to a floor of the same run" if before else "no figures were kept to compare with"
    )
