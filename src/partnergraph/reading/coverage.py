"""Coverage: how many claims there are by topic and quarter, so that thin places are seen, and how far sources were looked through."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.core.spans import Span
from partnergraph.core.views import View
from partnergraph.rdf.terms import compact
from partnergraph.reading.gist import quoted
from partnergraph.reading.replying import footer
from partnergraph.reading.topics import Topic, read_topics
from partnergraph.show.markup import Html, joined, paragraph, table
from partnergraph.show.records import Cell, Day, Ref, Table
from partnergraph.show.reply import Drawn, Part, Reply, several
from partnergraph.show.sheet import Sheet, markdown

# Each bar stands for up to twice as many claims as the one before.
BARS = "▁▂▃▄▅▆▇█"
NOTHING, UNSEEN = "·", "?"
LEGEND = (
    f"{BARS[0]} 1 claim that begins in the quarter, {BARS[1]} 2, {BARS[2]} up to 4, and so on, each up to twice as many · "
    f"{NOTHING} none · {UNSEEN} none, and sources were not looked through that far · "
    "other: no quarter is known, or it is not shown"
)
COLUMNS = ("topic", "known until", "period", "claims")
NO_TOPIC = Topic("", "no topic", "")
# So many a page shows: what begins earlier is counted in the data.
MOST_QUARTERS = 80
# With fewer quarters than this beside the names, these get a line of their own.
LEAST_QUARTERS = 16
FIXED = 2 + len("claims  known until  other  ")


@dataclass(frozen=True)
class Row:
    """The claims of one topic by the period in which they begin: 2024-Q2, the year 2024 where no more is known, nothing where no day is."""

    topic: Topic
    periods: Counter[str]

    @property
    def claims(self) -> int:
        """How many claims the topic has."""
        return self.periods.total()

    def other(self, quarters: Sequence[str]) -> int:
        """How many of them begin in none of these quarters, as far as is known."""
        return self.claims - sum(self.periods[quarter] for quarter in quarters)


@dataclass(frozen=True)
class Coverage:
    """How many claims of a graph begin in which quarter, topic by topic; the topic that was looked through least far first.

    ``named`` are the claims by IRI, ``entity`` is what they are all about, if that was asked.
    """

    rows: tuple[Row, ...]
    named: tuple[str, ...]
    view: View
    entity: str = ""

    @property
    def claims(self) -> int:
        """How many claims are counted."""
        return len(self.named)

    @property
    def quarters(self) -> list[str]:
        """The quarters from the first claim to the last day for which sources were looked through."""
        begun = sorted(period for row in self.rows for period in row.periods if "Q" in period)
        if not begun:
            return []
        known = max(row.topic.known_until for row in self.rows)
        last = _quarter(known) if known else begun[-1]
        first, end = _count(begun[0]), _count(max(last, begun[0]))
        return [f"{number // 4:04}-Q{number % 4 + 1}" for number in range(first, end + 1)]

    def chart(self, width: int = 100, most: int | None = None) -> str:
        """A line a topic, a sign a quarter; the first so many topics."""
        longest = max((len(clean(row.topic.name)) for row in self.rows), default=0)
        apart = width - longest - FIXED < LEAST_QUARTERS
        lead = 0 if apart else longest
        quarters = self.quarters[-max(1, width - lead - FIXED) :]
        lines = [" " * (lead + FIXED) + _axis(quarters), f"{'':<{lead}}  claims  known until  other"]
        for row in self.rows[:most]:
            name = clean(row.topic.name)
            if apart:
                lines += textwrap.wrap(name, width)
            counts = f"{row.claims:>6}  {row.topic.known_until:<11}  {row.other(quarters):>5}"
            lines.append(f"{'' if apart else name:<{lead}}  {counts}  {_bars(row, quarters)}")
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def text(self, width: int = 100) -> str:
        """The chart with what its signs mean."""
        foot = f"{several(self.claims, 'claims')} · {self.view}"
        return "\n".join([self.chart(width), *textwrap.wrap(LEGEND, width), *textwrap.wrap(foot, width)]) + "\n"

    def table(self) -> Table:
        """One row a topic and period that has claims; a topic without claims has one row with none."""
        rows: list[dict[str, Cell]] = [
            {
                "topic": Ref(compact(row.topic.iri), row.topic.name),
                "known until": Day(row.topic.known_until) if row.topic.known_until else None,
                "period": period or None,
                "claims": number,
            }
            for row in self.rows
            for period, number in (sorted(row.periods.items()) or [("", 0)])
        ]
        return Table("claims by topic and period", COLUMNS, rows)

    def __repr__(self) -> str:
        return f"<coverage of {self.claims} claims on {len(self.rows)} topics, {self.view}>"

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        quarters = self.quarters[-MOST_QUARTERS:]
        cells = [
            (
                row.topic.name,
                f"{row.claims:,}",
                row.topic.known_until,
                Html(f'<span style="font-family:monospace">{escape(_bars(row, quarters))}</span>'),
            )
            for row in self.rows
        ]
        span = _span(quarters)
        foot = Html(f"<small>{joined([LEGEND, several(self.claims, 'claims'), str(self.view)])}</small>")
        return Html(table(("topic", "claims", "known until", span), cells) + paragraph(foot))


def coverage(graph: GraphCore, entity: str | None = None) -> Coverage:
    """The coverage of a graph, or of the claims that an entity is party to, by any of its names."""
    chosen = set(graph.index.spans)
    if entity is not None:
        node = ox.NamedNode(graph.find_entity(entity))
        chosen &= {row["claim"] for row in graph.project("party-claims", entity=node).mappings()}
    topics = read_topics(graph)
    counts: dict[str, Counter[str]] = {iri: Counter() for iri in topics}
    placed = set()
    for row in graph.project("claim-topics").mappings():
        iri = str(row["topic"].value)
        if row["claim"] in chosen and iri in counts:
            counts[iri][_period(graph.index.spans[row["claim"]])] += 1
            placed.add(row["claim"])
    found = [Row(topic, counts[iri]) for iri, topic in topics.items() if entity is None or counts[iri]]
    if chosen - placed:
        found.append(Row(NO_TOPIC, Counter(_period(graph.index.spans[claim]) for claim in chosen - placed)))
    return Coverage(tuple(found), tuple(sorted(str(claim.value) for claim in chosen)), graph.view, entity or "")


def coverage_reply(graph: GraphCore, found: Coverage) -> Reply:
    """The coverage as a reply: the chart, what is least known, and what one would do next."""

    def draw(limits: Sequence[int], width: int, as_markdown: bool) -> Drawn:  # noqa: FBT001  # one of two forms
        if not as_markdown:
            return Drawn([found.chart(width, limits[0])], [], LEGEND)
        quarters = found.quarters[-MOST_QUARTERS:]
        cells = [
            [row.topic.name, str(row.claims), row.topic.known_until, str(row.other(quarters)), _bars(row, quarters)]
            for row in found.rows[: limits[0]]
        ]
        return Drawn([markdown(Sheet(["topic", "claims", "known until", "other", _span(quarters)], cells))], [], LEGEND)

    about = f" that {clean(found.entity)} is party to" if found.entity else ""
    dated = [row.topic for row in found.rows if row.topic.known_until]
    finding = [f"{several(found.claims, 'claims')}{about} on {several(len(found.rows), 'topics')}."]
    if dated:
        first, last = dated[0], max(dated, key=lambda topic: topic.known_until)
        finding.append(
            f"Sources were looked through until {first.known_until} ({clean(first.name)})"
            + (f" to {last.known_until} ({clean(last.name)})." if last.known_until != first.known_until else ".")
        )
    steps = [f"partnergraph ask topics-of {quoted(found.entity)}", f"partnergraph show {quoted(found.entity)}"]
    return Reply(
        [f"How many claims{about} are there by topic and quarter, and until when were sources looked through?"],
        finding,
        [Part("", len(found.rows), found.table, "topics")] if found.rows else [],
        draw if found.rows else lambda *_: Drawn([], []),
        lambda _: [],
        following=steps if found.entity else ["partnergraph ask coverage"],
        footer=footer(graph),
        asked={"entity": found.entity} if found.entity else {},
    )


def _period(span: Span) -> str:
    """The quarter in which the span begins, or the year where it may be more than one; nothing where neither is known."""
    if span.starts_earliest is None or span.starts_latest is None:
        return ""
    first, last = _quarter(span.starts_earliest), _quarter(span.starts_latest)
    return first if first == last else first[:4] if first[:4] == last[:4] else ""


def _quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) - 1) // 3 + 1}"


def _count(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[-1]) - 1


def _bar(row: Row, quarter: str) -> str:
    number = row.periods[quarter]
    if number:
        return BARS[min((number - 1).bit_length(), len(BARS) - 1)]
    return UNSEEN if row.topic.known_until and quarter > _quarter(row.topic.known_until) else NOTHING


def _bars(row: Row, quarters: Sequence[str]) -> str:
    return "".join(_bar(row, quarter) for quarter in quarters)


def _span(quarters: Sequence[str]) -> str:
    return f"{quarters[0]} to {quarters[-1]}" if quarters else "no quarter"


def _axis(quarters: list[str]) -> str:
    """The years above their first quarters, as far as there is room between them."""
    line = ""
    for place, quarter in enumerate(quarters):
        if quarter.endswith("Q1") and place >= len(line):
            line = f"{line:<{place}}{quarter[:4]} "
    return line
