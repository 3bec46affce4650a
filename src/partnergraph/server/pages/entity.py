"""The page of an entity: first what a person wants to know, then the claims by kind, with charts and its neighbourhood."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.errors import PartnerGraphError, UnknownName
from partnergraph.base.texts import clean
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact
from partnergraph.reading.cards import EntityCard
from partnergraph.reading.claims import claim_figures, claim_marks
from partnergraph.server.pages.drawing import Neighbour, Point, around, time_chart
from partnergraph.server.pages.frame import PER_PAGE, Frame, Moved, NotFound, Page
from partnergraph.server.pages.links import folder_of, iri_of, thing_path
from partnergraph.server.pages.tables import Table, current, make_table
from partnergraph.show.values import RANGES, decimal, interval, is_true, plain

if TYPE_CHECKING:
    from partnergraph.rdf.terms import Bindings

# What a person wants first: heading, question, parameter, other parameters to hold, and of what it can be asked.
FIRST: tuple[tuple[str, str, str, dict[str, str], str], ...] = (
    ("Owned by", "stakes", "owned", {}, "Organization"),
    ("Funded most by", "largest-investors", "investee", {}, "Organization"),
    ("Runs on the computing of", "whose-compute", "entity", {}, "Entity"),
    ("Rights others have in it, not known to have ended", "rights-between", "grantor", {"holder": "*"}, "Organization"),
    ("Rights it has, not known to have ended", "rights-between", "holder", {"grantor": "*"}, "Organization"),
    ("Governed by", "who-controls", "organization", {}, "Organization"),
    ("Models inside", "model-behind-a-product", "product", {}, "Product"),
    ("Built, owned, run and rented", "sites", "site", {}, "Infrastructure"),
    ("Makes", "makers", "developer", {}, "Organization"),
    ("Competes with", "competitors-of", "entity", {}, "Entity"),
)
MOST_CARDS = 6
ROWS_OF_CARD = 4
MOST_CHARTS = 3
LEAST_POINTS = 3


@dataclass
class First:
    """One of the boxes at the top: what it answers, its first rows, how many there are, where all are."""

    heading: str
    table: Table
    address: str
    question: str


def find(frame: Frame, name: str) -> str:
    """The entity that an address names; raises NotFound with near ones, or Moved for another name of it."""
    iri = iri_of(name, "entity")
    graph = frame.graph
    try:
        if graph.is_a(iri, "Entity"):
            return iri
    except ValueError:
        pass
    frame.follow(iri, "entity")
    try:
        found = graph.find_entity(name.replace("-", " ") if name not in graph.names else name)
    except UnknownName as error:
        near = [(one, graph.names.resolve(one)) for one in error.nearest if one in graph.names]
        raise NotFound(f"no entity named {clean(name)!r}", [(one, frame.links.thing(iri, "entity")) for one, iri in near]) from None
    except PartnerGraphError as error:
        raise NotFound(clean(str(error))) from None
    raise Moved(thing_path(found, "entity", frame.extras.get("suffix", "html")))


def entity_page(frame: Frame, iri: str) -> Page:
    """The page of an entity."""
    links = frame.links
    kind = frame.params.get("kind", "")
    try:
        card = frame.facts.card(iri, kind)
    except UnknownName as error:
        raise NotFound(clean(str(error))) from None
    name = clean(card.names[0])
    first = [] if kind or not card.kinds else _first(frame, card.names[0], iri)
    neighbours = _neighbours(frame, iri)
    claims = {row["claim"] for rows in card.kinds.values() for row in rows}
    contested = sorted({number for claim in claims for number in frame.facts.contested_claims.get(str(claim.value), ())})
    return frame.html(
        "entity.html.j2",
        title=name,
        iri=iri,
        short=compact(iri),
        card=card,
        name=name,
        aliases=[clean(one) for one in card.names[1:]],
        kind=kind,
        first=first,
        marks=sorted({mark for one in first for mark in one.table.legend.split("; ") if mark}),
        charts=charts(frame, iri) if not kind and _measured(card) else [],
        around=around(name, neighbours, dict(enumerate(label for label, _, _ in frame.facts.families.values())))
        if neighbours
        else "",
        neighbours=sorted(neighbours, key=lambda one: -one.claims),
        legend=_legend(frame, neighbours),
        contested=[frame.facts.contested[number] for number in contested[:3]],
        contested_count=len(contested),
        sections=_sections(frame, card, kind),
        page=frame.number("page", 1),
        sparql=_sparql(iri),
        path=thing_path(iri, "entity", static=links.static),
        family_numbers=frame.facts.family_numbers,
    )


def _measured(card: EntityCard) -> bool:
    """Whether a claim states a figure that may change over time."""
    named = {"quantityMin", "quantityMax", "valuationMin", "valuationMax", "amountMin", "amountMax", "capacityMin", "capacityMax"}
    return sum(not named.isdisjoint(row) for rows in card.kinds.values() for row in rows) >= LEAST_POINTS


def _first(frame: Frame, name: str, iri: str) -> list[First]:
    found: list[First] = []
    view = frame.graph.view
    day = (view.as_of or view.known_by or datetime.datetime.now(datetime.UTC).date()).isoformat()
    for heading, question, parameter, held, kind in FIRST:
        if len(found) == MOST_CARDS:
            break
        if question not in frame.graph.questions or not frame.graph.is_a(iri, kind):
            continue
        values = {parameter: compact(iri), **held}
        try:
            query = frame.graph.question(question)
            answer = frame.graph.ask(question, **values)
            if answer.form != "rows" or not len(answer):
                continue
            current(answer, day)
            if not answer.rows:
                continue
            table = make_table(frame.graph, answer, frame.links, frame.graph.bound(query, values), 14)
        except PartnerGraphError:
            continue
        table.rows = table.rows[:ROWS_OF_CARD]
        shown = {**values, parameter: name if name in frame.graph.names else compact(iri)}
        found.append(First(heading, table, frame.links.to(f"/ask/{question}", shown), query.title))
    return found


def _neighbours(frame: Frame, iri: str) -> list[Neighbour]:
    counts = frame.facts.neighbours.get(iri, {})
    best: list[tuple[str, Counter[str]]] = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))[:24]
    labels = frame.graph.labels(other for other, _ in best)
    places = {family: number for number, family in enumerate(frame.facts.families)}
    return [
        Neighbour(
            clean(labels.get(other, compact(other))),
            frame.links.thing(other, "entity"),
            places.get(max(families, key=lambda family: (families[family], family)), len(places)),
            sum(families.values()),
        )
        for other, families in best
        if other != iri
    ]


def _legend(frame: Frame, neighbours: list[Neighbour]) -> list[tuple[int, str]]:
    used = {one.family for one in neighbours[:16]}
    return [(number, label) for number, (label, _, _) in enumerate(frame.facts.families.values()) if number in used]


@dataclass
class Line:
    """One claim on a card: when, what it says, how much, how well attested, its source, its page, its family."""

    when: str
    says: str
    figures: str
    marks: list[str]
    source: str
    address: str


def _sections(frame: Frame, card: EntityCard, kind: str) -> list[tuple[str, int, int, list[Line], str]]:
    """Each kind: its label, the place of its family, how many there are, those shown, the address of all."""
    made = []
    page = frame.number("page", 1)
    for label, rows in card.kinds.items():
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE] if kind else rows if frame.links.static else rows[:8]
        family = str(rows[0]["family"].value) if "family" in rows[0] else ""
        lines = [claim_line(frame, row, card.sources.get(str(row["claim"].value), "no citation")) for row in shown]
        all_ = frame.links.to(thing_path(card.iri, "entity"), {"kind": label})
        made.append((label, frame.facts.family_numbers.get(family, len(frame.facts.families)), len(rows), lines, all_))
    return made


def claim_line(frame: Frame, row: Bindings, source: str) -> Line:
    """One claim as a line."""
    marks = [mark for mark in claim_marks(row) if mark != "CONTESTED"] + (["contested"] if is_true(row["contested"]) else [])
    iri = str(row["claim"].value)
    figures = " · ".join(claim_figures(row))
    return Line(interval(row), clean(str(row["label"].value)), figures, marks, source, frame.links.thing(iri, "claim"))


def charts(frame: Frame, iri: str) -> list[tuple[str, str]]:
    """A chart for each of the measures with most figures over time, valuations first: its title and picture."""
    grouped: dict[tuple[str, str], dict[str, Point]] = defaultdict(dict)
    for question in ("valuations", "figures"):
        if question not in frame.graph.questions:
            continue
        try:
            rows = list(frame.graph.ask(question, entity=compact(iri)).mappings())
        except PartnerGraphError:
            continue
        labels = frame.graph.labels({str(term.value) for row in rows for term in row.values() if isinstance(term, ox.NamedNode)})
        for row in rows:
            for point, title, unit in _points(frame, row, labels, question):
                grouped[title, unit].setdefault(str(row["claim"].value), point)
    full = [
        (key, list(points.values()))
        for key, points in grouped.items()
        if len({point.first for point in points.values()}) >= LEAST_POINTS
    ]
    full.sort(key=lambda item: (item[0][0] != "Valuation", -len(item[1]), item[0]))
    return [
        (f"{title}, {unit}" if unit else title, time_chart(points, f"{title} over time"))
        for (title, unit), points in full[:MOST_CHARTS]
    ]


def _points(frame: Frame, row: Bindings, labels: dict[str, str], question: str) -> list[tuple[Point, str, str]]:
    span = frame.graph.index.spans.get(row["claim"])
    if span is None or span.starts_earliest is None or "claim" not in row:
        return []
    found = []
    for ranges in RANGES:
        least, greatest = decimal(row.get(f"{ranges.stem}Min")), decimal(row.get(f"{ranges.stem}Max"))
        if least is None and greatest is None:
            continue
        unit = plain(row.get(ranges.unit), labels) if ranges.unit else ranges.fixed
        title = "Valuation" if question == "valuations" else plain(row.get("measure"), labels).capitalize()
        if question == "valuations" and ranges.stem != "valuation":
            continue
        says = f"{interval(row)}: {ranges.text(row, labels)} · {plain(row.get('attestation'), labels)}"
        claim = str(row["claim"].value)
        point = Point(
            span.starts_earliest,
            span.starts_latest or span.starts_earliest,
            float(least or 0),
            float(greatest) if greatest is not None else None,
            says,
            frame.links.thing(claim, "claim"),
            claim in frame.facts.contested_claims,
        )
        if title:
            found.append((point, title, unit))
    return found


def _sparql(iri: str) -> str:
    return (
        "SELECT ?claim ?label ?kind ?date ?attestation WHERE {\n"
        f"  ?claim pg:party {_node(iri)} ; rdfs:label ?label ; pg:kind/rdfs:label ?kind .\n"
        "  OPTIONAL { ?claim pg:startsEarliest ?date }\n"
        "  OPTIONAL { ?claim pg:attestation/rdfs:label ?attestation }\n"
        "}\nORDER BY DESC(?date)"
    )


def _node(iri: str) -> str:
    return str(ox.NamedNode(iri))


def near_names(frame: Frame, name: str) -> list[tuple[str, str]]:
    """Names that are like the one that nobody bears, with their pages."""
    return [
        (label, frame.links.thing(iri, "entity"))
        for label in nearest_names(name, frame.graph.names.label.values())
        for iri, known in frame.graph.names.label.items()
        if fold(known) == fold(label) and folder_of(iri) == "entity"
    ][:5]
