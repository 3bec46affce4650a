"""Events and intervals of entities in order, as data and as a chart of points and bars for the terminal."""

from __future__ import annotations

import datetime
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base import texts
from partnergraph.base.texts import clean
from partnergraph.core.spans import Span
from partnergraph.rdf.terms import compact
from partnergraph.reading.claims import claim_figures
from partnergraph.reading.gist import quoted
from partnergraph.reading.notes import notes_of
from partnergraph.reading.replying import footer
from partnergraph.show.records import Cell, Day, Ref, Table
from partnergraph.show.reply import Drawn, Part, Reply, several
from partnergraph.show.values import interval, is_true

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from partnergraph.core.graph import GraphCore
    from partnergraph.rdf.terms import Term

SURE, UNSURE, POINT, UNSURE_POINT, OPEN = "━", "╌", "●", "○", "▶"
MIN_CHART, MAX_CHART = 20, 48
LEGEND = f"{SURE} surely · {UNSURE} possibly · {POINT} on that day · {UNSURE_POINT} within that time · {OPEN} goes on"
# Less room than this beside the bars is none for a sentence.
LEAST_ROOM = 30
UNDATED = "undated"


@dataclass(frozen=True)
class Entry:
    """One claim on a timeline: when in words, between which days it begins and ends, what it says."""

    claim: str
    label: str
    kind: str
    when: str
    span: Span
    is_interval: bool
    contested: bool
    figures: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether it has a place in time; the bounds of what bears no date, or one that is no day of the calendar, are no place."""
        return self.when != UNDATED and bool(self.span.starts_earliest or self.span.ends_earliest)


def timeline(graph: GraphCore, entities: Iterable[str]) -> list[Entry]:
    """The claims that all the entities are party to, the earliest first; undated ones come last."""
    shared: dict[Term, Entry] | None = None
    for entity in entities:
        found: dict[Term, Entry] = {}
        about = list(graph.project("card", entity=ox.NamedNode(entity)).mappings())
        spans = graph.spans(str(row["claim"].value) for row in about)
        for row in about:
            claim = row["claim"]
            found[claim] = Entry(
                str(claim.value),
                str(row["label"].value),
                str(row["kindLabel"].value),
                interval(row),
                spans[str(claim.value)],
                "begin" in row or "end" in row,
                is_true(row["contested"]),
                tuple(claim_figures(row)),
            )
        shared = found if shared is None else {claim: entry for claim, entry in shared.items() if claim in found}
    far = "9999"
    return sorted(
        (shared or {}).values(), key=lambda e: (not e.dated, e.span.starts_earliest or far, e.span.ends_earliest or far, e.claim)
    )


def chart(entries: list[Entry], width: int, today: datetime.date) -> str:
    """The entries as lines of a chart: points for events, bars for intervals, dotted where the dates are partial or unknown.

    A bar that ends in ▶ holds to this day or beyond it.
    """
    dated = [entry for entry in entries if entry.dated]
    lines: list[str] = []
    if dated:
        first = min((entry.span.starts_earliest or entry.span.ends_earliest or "")[:4] for entry in dated)
        last = max([str(today.year), *((entry.span.starts_latest or "")[:4] for entry in dated)])
        columns = max(MIN_CHART, min(MAX_CHART, width // 3))
        scale = _Scale(int(first), int(last) + 1, columns)
        lines.append(f"{'':<24}{scale.axis()}")
        for entry in dated:
            lines += _beside(f"{entry.when:<24}{scale.bar(entry, today)}  ", _words(entry), width)
    undated = [entry for entry in entries if not entry.dated]
    if undated:
        lines += ["", "undated"]
        lines += [line for entry in undated for line in _beside("  ", _words(entry), width)]
    if dated:
        lines += ["", *textwrap.wrap(LEGEND, width)]
    return "\n".join(lines) + "\n"


def _words(entry: Entry) -> str:
    """What the claim says, how much, whether others contradict it, and its name."""
    said = clean(entry.label) + (" (contested)" if entry.contested else "")
    return " · ".join([said, *map(clean, entry.figures), compact(entry.claim)])


def _beside(lead: str, text: str, width: int) -> list[str]:
    """The text in lines beside the first of them, or below it where there is too little room."""
    if width - len(lead) < LEAST_ROOM:
        below = textwrap.wrap(text, width - 4, break_on_hyphens=False, break_long_words=False)
        return [lead.rstrip(), *(f"    {line}" for line in below)]
    first, *more = textwrap.wrap(text, width - len(lead), break_on_hyphens=False, break_long_words=False)
    return [lead + first, *(" " * len(lead) + line for line in more)]


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    columns: int

    def column(self, day: str) -> int:
        date = datetime.date.fromisoformat(day)
        start = datetime.date(self.first, 1, 1)
        # The calendar ends with the year 9999.
        end = datetime.date(self.last, 1, 1) if self.last <= datetime.MAXYEAR else datetime.date.max
        total = (end - start).days
        return max(0, min(self.columns - 1, (date - start).days * self.columns // total))

    def axis(self) -> str:
        line = [" "] * self.columns
        years = self.last - self.first
        # A year takes four columns and needs one and a half between it and the next.
        step = max(1, -(-years * 11 // (2 * self.columns)))
        for year in range(self.first, self.last, step):
            at = self.column(f"{year}-01-01")
            if at + 4 <= self.columns:
                line[at : at + 4] = str(year)
        return "".join(line)

    def bar(self, entry: Entry, today: datetime.date) -> str:
        line = [" "] * self.columns
        span = entry.span
        if not entry.is_interval:
            low = self.column(span.starts_earliest) if span.starts_earliest else 0
            high = self.column(span.starts_latest) if span.starts_latest else self.columns - 1
            for at in range(low, high + 1):
                line[at] = UNSURE
            line[(low + high) // 2] = POINT if low == high else UNSURE_POINT
            return "".join(line)
        low = self.column(span.starts_earliest) if span.starts_earliest else 0
        sure = self.column(span.starts_latest) if span.starts_latest else self.columns
        end_sure = self.column(span.ends_earliest) if span.ends_earliest else self.columns
        high = self.column(span.ends_latest) if span.ends_latest else self.columns - 1
        for at in range(low, high + 1):
            line[at] = SURE if sure <= at <= end_sure else UNSURE
        if span.ends_latest is None or span.ends_latest > today.isoformat():
            line[high] = OPEN
        return "".join(line)


def timeline_reply(graph: GraphCore, entries: list[Entry], names: Sequence[str], today: datetime.date) -> Reply:
    """The entries as a reply: the chart, of which a screen shows the newest, and the same as a table."""
    # The newest stand last, and what has no date before all that has one.
    ordered = sorted(entries, key=lambda e: (e.dated, e.span.starts_earliest or e.span.ends_earliest or ""))

    def draw(limits: Sequence[int], width: int, as_markdown: bool) -> Drawn:  # noqa: FBT001  # one of two forms
        shown = ordered[len(entries) - limits[0] :]
        if as_markdown:
            return Drawn(["\n".join(f"- {texts.markdown(entry.when)}: {texts.markdown(_words(entry))}" for entry in shown)], [])
        return Drawn([chart(shown, width, today)], [])

    who = " and ".join(names)
    said = [f"{several(len(entries), 'claims')} to which {who} {'is' if len(names) == 1 else 'are'} party."]
    past = [entry for entry in entries if entry.dated and (entry.span.starts_earliest or "9") <= today.isoformat()]
    said += [f"Newest: {clean(past[-1].label)}"] if past else []
    name = [quoted(name) for name in names]
    steps = [f"partnergraph claim {compact(entries[-1].claim).removeprefix('claim:')}"] if entries else []
    steps += [f"partnergraph ask how-related {' '.join(name[:2])}"] if len(names) > 1 else [f"partnergraph show {name[0]}"]
    return Reply(
        [f"What happened {'between' if len(names) > 1 else 'to'} {who}, in order?"],
        said,
        [Part("", len(entries), lambda: _table(entries), "claims", newest=True)] if entries else [],
        draw if entries else lambda *_: Drawn([], []),
        notes_of(graph),
        following=steps,
        footer=f"{several(len(entries), 'claims')} · {footer(graph)}",
        asked={"entities": list(names)},
    )


def _table(entries: list[Entry]) -> Table:
    days = ("starts_earliest", "starts_latest", "ends_earliest", "ends_latest")
    rows: list[dict[str, Cell]] = [
        {
            "claim": Ref(compact(entry.claim), clean(entry.label)),
            "kind": entry.kind,
            "when": entry.when,
            **{name.replace("_", " "): Day(day) for name in days if (day := getattr(entry.span, name))},
            "figures": "; ".join(entry.figures) or None,
            "contested": entry.contested,
        }
        for entry in entries
    ]
    columns = ["claim", "kind", "when", *(name.replace("_", " ") for name in days), "figures", "contested"]
    return Table("timeline", columns, rows, [entry.claim for entry in entries])
