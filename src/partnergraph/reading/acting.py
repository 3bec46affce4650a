"""Whether somebody did something, by the rows that have both in their places; where none has, that is said, with what there is between them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from partnergraph.content.queries import ANY
from partnergraph.core.views import make_view
from partnergraph.rdf.terms import PG, Bindings
from partnergraph.reading.answers import Answer
from partnergraph.reading.asked import Reading
from partnergraph.reading.deeds import ACTS
from partnergraph.reading.gist import quoted
from partnergraph.reading.narrowing import speaking_of
from partnergraph.reading.placing import time_of
from partnergraph.reading.rows import none_of, only, size, within

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.reading.deeds import Deed

EVENTS = "events-between-two"


def rows_of(graph: GraphCore, reading: Reading) -> Answer:
    """The whole answer to a reading, in its view."""
    view = make_view(reading.view.get("as_of"), reading.view.get("known_by"), reading.view.get("attested"))
    seen = graph.within(view)
    query = seen.questions[reading.target]
    return Answer(seen.evaluate(query, query.text, seen.bind(query, reading.values)), seen, query, reading.values)


def values_for(graph: GraphCore, deed: Deed) -> dict[str, str]:
    """The values of the question that has such deeds: who and whom, where only one of each can be meant."""
    label = graph.names.label
    places = {one.name for one in graph.questions[deed.kind.target].parameters}
    values = dict.fromkeys(sorted(places), ANY)
    for place, named in ((deed.kind.actor, deed.actors), (deed.kind.whom, deed.objects)):
        if place in places and len(named) == 1:
            values[place] = label.get(named[0], named[0])
    return values


def acted(graph: GraphCore, reading: Reading, deed: Deed) -> tuple[Reading, Answer, list[str]]:
    """The reading that has an answer, the rows of what was done, and what to say of them."""
    answer = _done(graph, rows_of(graph, reading), deed, near=False)
    if len(answer):
        return reading, *_spoken(answer, deed)
    opened = replace(reading, values=dict.fromkeys(reading.values, ANY))
    whole = rows_of(graph, opened)
    answer = _done(graph, whole, deed, near=False)
    if len(answer):
        return opened, *_spoken(answer, deed)
    answer = _done(graph, whole, deed, near=True) if deed.kind.target == ACTS else answer
    if len(answer):
        return opened, answer, [f"No claim here says that {deed.said}; this is what is said of its house or its products."]
    return _instead(graph, reading, deed, whole)


def beside(graph: GraphCore, deed: Deed) -> list[str]:
    """What to ask where nobody did it: what else there is of those who are named."""
    label = graph.names.label
    place = deed.kind.whom if deed.kind.target == ACTS else deed.kind.actor
    named = deed.objects if place == deed.kind.whom else deed.actors
    places = {one.name for one in graph.questions[deed.kind.target].parameters}
    if place not in places:
        place, named = deed.kind.whom, deed.objects
    return [f"partnergraph ask {deed.kind.target} {place}={quoted(label.get(iri, iri))}" for iri in named]


def _done(graph: GraphCore, whole: Answer, deed: Deed, *, near: bool) -> Answer:
    """The rows of claims in which one of those acted towards all who are named."""
    rows = list(whole.mappings())
    held: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        for column in (deed.kind.actor, deed.kind.whom):
            if column in row:
                held.setdefault(str(row["claim"].value), {}).setdefault(column, set()).add(str(row[column].value))
    parties = graph.engine.objects(sorted(held), f"{PG}party") if deed.kind.target == ACTS else {}
    for claim, terms in parties.items():
        held[claim].setdefault(deed.kind.whom, set()).update(str(term.value) for term in terms)
    houses = {iri: graph.house_of(iri).value for columns in held.values() for named in columns.values() for iri in named}

    def meets(named: set[str], wanted: str) -> bool:
        own = graph.house_of(wanted).value
        return any(iri == wanted or houses.get(iri) == wanted or (near and own == houses.get(iri)) for iri in named)

    def chosen(row: Bindings) -> bool:
        columns = held[str(row["claim"].value)]
        acts = not deed.actors or any(meets(columns.get(deed.kind.actor, set()), one) for one in deed.actors)
        text = " ".join(str(term.value) for term in row.values()).casefold()
        named = all(meets(columns.get(deed.kind.whom, set()), one) for one in deed.objects)
        return acts and named and all(re.search(rf"\b{re.escape(word.casefold())}\b", text) for word in deed.strange)

    asked_nobody = bool(deed.who != "anybody" and not deed.actors)
    answer, kept = (none_of(whole), 0) if asked_nobody else only(whole, chosen)
    return answer if kept else none_of(whole)


def _spoken(answer: Answer, deed: Deed) -> tuple[Answer, list[str]]:
    """The rows of the time that is asked for, and those that speak of the deed, where any does; and what is said of that."""
    told = []
    if deed.whens:
        view, span = time_of(list(deed.whens), "")
        first, last = span or ("1900-01-01", next(iter(view.values()), "9999-12-31"))
        total = size(answer)
        answer, kept = only(answer, lambda row: within(row, first, last))
        told.append(f"{kept} of {total} rows are of that time." if kept else "No row has a date of that time; this is of any time.")
    if not deed.kind.told:
        return answer, told
    speaks = re.compile(rf"\b(?:{deed.kind.told})", re.IGNORECASE)
    total = size(answer)
    narrow, kept = only(
        answer, lambda row: any(speaks.search(str(row[name].value)) for name in ("statement", "outcome") if name in row)
    )
    if not kept:
        return answer, [*told, f"No claim here says that {deed.said}; what was done about it is shown."]
    return narrow, [*told, *([f"{kept} of {total} acts speak of that: these are shown."] if kept < total else [])]


def _instead(graph: GraphCore, reading: Reading, deed: Deed, whole: Answer) -> tuple[Reading, Answer, list[str]]:
    """That no claim says so, with what happened between the two, where anything did."""
    label = graph.names.label
    no = f"No claim here says that {deed.said}"
    for actor in deed.actors:
        for other in deed.objects:
            values = {"one": label.get(actor, actor), "other": label.get(other, other)}
            between = replace(reading, target=EVENTS, values=values, title=graph.questions[EVENTS].title)
            answer = rows_of(graph, between)
            near, kept = speaking_of(answer, deed.kind.near, columns=("kind",)) if deed.kind.near else (answer, 0)
            answer = near if kept else answer
            if len(answer):
                return between, answer, [f"{no}; this is what happened between {values['one']} and {values['other']}."]
    country = f", and no authority of {deed.who} acts in any" if deed.who != "anybody" and not deed.actors else ""
    return reading, none_of(whole), [f"{no}{country}."]
