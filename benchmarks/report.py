"""What was measured, for people: ratios first, then times, then the machine."""

from __future__ import annotations

from dataclasses import dataclass

OURS = "partnergraph"


@dataclass(frozen=True)
class Line:
    """One thing that was measured: its group, its name, and the median seconds of each way; None where one did not end."""

    group: str
    name: str
    seconds: dict[str, float | None]

    def ratios(self) -> list[str]:
        """Each other way, as a multiple of ours."""
        ours = self.seconds.get(OURS)
        shown = []
        for name, seconds in self.seconds.items():
            if name != OURS:
                times = f"{seconds / ours:.3g} ×" if ours and seconds is not None else "–"
                shown.append(f"{name} {times}")
        return shown

    def times(self) -> str:
        """The seconds of each way, ours first."""
        return ", ".join("–" if seconds is None else f"{seconds * 1000:,.1f}" for seconds in self.seconds.values())


def plain(lines: list[Line], facts: dict[str, str]) -> str:
    """The table for a terminal."""
    text = [f"{line.group}: {line.name}: {'; '.join(line.ratios())} (ms: {line.times()})" for line in lines]
    return "\n".join([*text, "", ", ".join(f"{name} {value}" for name, value in facts.items())])


def markdown(lines: list[Line], facts: dict[str, str]) -> str:
    """The page for the docs."""
    head = (
        "# Benchmarks\n\n"
        "Written by `python -m benchmarks --markdown docs/benchmarks.md`. A ratio says how many times as long as partnergraph the other way\n"
        "takes: above 1 it is slower than we are, below 1 faster; – where it did not end in time. All ways of a line were measured in turn in the same run; medians.\n\n"
        "| what | | the others, as multiples of partnergraph | milliseconds, ours first |\n|---|---|---|---|\n"
    )
    rows = "".join(f"| {line.group} | {line.name} | {'; '.join(line.ratios()) or '–'} | {line.times()} |\n" for line in lines)
    return f"{head}{rows}\nMeasured on: {', '.join(f'{name} {value}' for name, value in facts.items())}.\n"
