"""Pages that list: home, search, questions and their answers, conflicts, timeline, changes, vocabulary, about."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from partnergraph.base.errors import PartnerGraphError, QueryError, UnknownName
from partnergraph.base.texts import clean
from partnergraph.content.finding import find_nearest
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import compact, expand
from partnergraph.reading.changes import WORDS, Axis, as_rows, diff
from partnergraph.reading.replying import reply_to
from partnergraph.reading.timeline import timeline
from partnergraph.reading.vocabulary import find_terms
from partnergraph.server.pages import docs
from partnergraph.server.pages.drawing import year_bars
from partnergraph.server.pages.entity import charts
from partnergraph.server.pages.frame import PER_PAGE, Frame, NotFound, Page
from partnergraph.server.pages.tables import make_table

if TYPE_CHECKING:
    from partnergraph.content.queries import Query

SHOWN_QUESTIONS = (
    "largest-investors",
    "whose-compute",
    "exclusive-on-a-day",
    "money-both-ways",
    "partner-and-rival",
    "contested-amounts",
)
MAX_ROWS = 500
NEWEST = 8


def home_page(frame: Frame) -> Page:
    """Where a visitor arrives."""
    graph, facts = frame.graph, frame.facts
    newest = [claim for _, claim in facts.published[:NEWEST]]
    days = {claim: day for day, claim in facts.published}
    labels = graph.labels(newest)
    most = sorted(facts.neighbours, key=lambda one: -sum(sum(c.values()) for c in facts.neighbours[one].values()))[:11]
    names = graph.labels(most)
    return frame.html(
        "home.html.j2",
        title="Who funds, powers, licenses, supplies and competes with whom in AI",
        overview=facts.overview,
        bars=year_bars(
            {year: count for year, count in facts.years.items() if year >= "2014"}, "Claims by the year in which they begin"
        ),
        questions=[graph.questions[name] for name in SHOWN_QUESTIONS if name in graph.questions],
        question_count=len(graph.questions),
        newest=[(days[claim], clean(labels.get(claim, "")), frame.links.thing(claim, "claim")) for claim in newest],
        most=[(clean(names.get(one, compact(one))), frame.links.thing(one, "entity")) for one in most],
        contested=facts.contested[:4],
        path="/",
    )


def search_page(frame: Frame) -> Page:
    """What a name or a few words may mean."""
    text = frame.params.get("q", "").strip()[:200]
    graph = frame.graph
    hits = graph.names.search(text) if text else []
    kinds = graph.kinds(iri for iri, _ in hits[:PER_PAGE])
    entities = [
        (clean(graph.names.label[iri]), clean(name), kinds.get(iri, "entity"), frame.links.thing(iri, "entity"))
        for iri, name in hits[:PER_PAGE]
    ]
    near = find_nearest(text, text, graph.questions.values(), graph.names) if text else []
    words = [folded for word in text.split() if (folded := fold(word))]
    found = {
        folder: [
            (clean(label), frame.links.thing(iri, folder))
            for iri, label in known.items()
            if words and all(word in fold(label) for word in words)
        ]
        for folder, known in (("claim", frame.facts.claims), ("source", frame.facts.sources))
    }
    return frame.html(
        "search.html.j2",
        title=f"Search: {clean(text)}" if text else "Search",
        text=text,
        entities=entities,
        total=len(hits),
        questions=[(name, title) for name, title in near if name in graph.questions],
        claims=found["claim"],
        sources=found["source"],
        documentation=docs.hits(frame, text),
        path="/search",
    )


def search_json(frame: Frame) -> Page:
    """The names that a text may mean, for programs and for completion."""
    hits = frame.graph.names.search(frame.params.get("q", "")[:200])[: frame.number("limit", 10, 100)]
    kinds = frame.graph.kinds(iri for iri, _ in hits)
    return frame.json(
        [
            {
                "iri": iri,
                "id": compact(iri),
                "label": clean(frame.graph.names.label[iri]),
                "name": clean(name),
                "kind": kinds.get(iri, "entity"),
                "page": frame.links.thing(iri, "entity"),
            }
            for iri, name in hits
        ]
    )


def grouped(frame: Frame) -> list[tuple[str, list[Query]]]:
    """The questions by group."""
    groups: dict[str, list[Query]] = defaultdict(list)
    for query in frame.graph.questions.values():
        groups[query.group].append(query)

    def rank(name: str) -> tuple[int, str]:
        digits = name.partition(" ")[0]
        return int(digits) if digits.isdigit() else 99, name

    return [(name.lstrip("0123456789 ") or "Questions", groups[name]) for name in sorted(groups, key=rank)]


def questions_page(frame: Frame) -> Page:
    """All questions."""
    return frame.html("questions.html.j2", title="Questions", groups=grouped(frame), path="/ask")


def questions_json(frame: Frame) -> Page:
    """All questions with their parameters, for programs."""
    return frame.json([question_record(query) for query in frame.graph.questions.values()])


def question_record(query: Query) -> dict[str, object]:
    """A question as data."""
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "group": query.group.lstrip("0123456789 "),
        "parameters": [
            {"name": p.name, "kind": p.kind, "default": p.default, "description": p.description} for p in query.parameters
        ],
        "sparql": query.text,
    }


def ask_page(frame: Frame, name: str) -> Page:
    """The answer to a question, with its form, its footnotes, its query and its downloads."""
    graph = frame.graph
    try:
        query = graph.question(name)
    except UnknownName:
        near = find_nearest(name, name.replace("-", " "), graph.questions.values(), graph.names)
        raise NotFound(
            f"no question named {clean(name)!r}", [(t, frame.links.to(f"/ask/{n}")) for n, t in near if n in graph.questions]
        ) from None
    known = {parameter.name for parameter in query.parameters}
    given = {key: value for key, value in frame.params.items() if key in known and value.strip()}
    values = query.defaults() | given
    table, problem, pictures, finding = None, "", [], []
    try:
        answer = graph.ask(name, **given)
        table = make_table(graph, answer, frame.links, graph.bound(query, values), MAX_ROWS)
        finding = [clean(said) for said in reply_to(answer).finding]
        if name in {"figures", "valuations"}:
            pictures = charts(frame, graph.find_entity(values["entity"]))
    except PartnerGraphError as error:
        # What is wrong is one of the values: the form stays, with the sentence beside it.
        problem = clean(str(error).splitlines()[0])
    return frame.html(
        "ask.html.j2",
        # What is asked by itself need not be in every content.
        status=404 if problem and given else 200,
        title=query.title,
        query=query,
        values=values,
        table=table,
        problem=problem,
        charts=pictures,
        finding=finding,
        downloads=[(suffix, frame.links.to(f"/ask/{name}.{suffix}", given)) for suffix in ("csv", "xlsx", "json", "srj")],
        path=f"/ask/{name}",
        given=given,
    )


def conflicts_page(frame: Frame) -> Page:
    """Where claims differ."""
    found = frame.facts.contested
    text = frame.params.get("q", "").strip()[:100]
    if text:
        found = [point for point in found if point.speaks_of(text)]
    page = frame.number("page", 1)
    shown = found if frame.links.static else found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return frame.html(
        "conflicts.html.j2",
        title="Where claims differ",
        points=shown,
        total=len(found),
        page=page,
        per=PER_PAGE,
        text=text,
        path="/conflicts",
    )


def timeline_page(frame: Frame) -> Page:
    """What happened to one entity, or between several, in order."""
    names = [name for key in ("entity", "other") if (name := frame.params.get(key, "").strip())]
    problem, entries = "", []
    if names:
        try:
            entries = timeline(frame.graph, [frame.graph.find_entity(name) for name in names])
        except PartnerGraphError as error:
            problem = clean(str(error))
    page = frame.number("page", 1)
    entries.reverse()
    return frame.html(
        "timeline.html.j2",
        title="Timeline" + (f": {clean(' and '.join(names))}" if names else ""),
        names=names,
        problem=problem,
        entries=[
            (e, frame.links.thing(e.claim, "claim"), clean(e.label)) for e in entries[(page - 1) * PER_PAGE : page * PER_PAGE]
        ],
        total=len(entries),
        page=page,
        per=PER_PAGE,
        path="/timeline",
    )


def diff_page(frame: Frame) -> Page:
    """What changed between two days."""
    today = datetime.datetime.now(datetime.UTC).date()
    first = frame.params.get("first", "") or (today - datetime.timedelta(days=365)).isoformat()
    second = frame.params.get("second", "") or today.isoformat()
    axis = frame.params.get("axis", "as of").replace("_", " ")
    entity = frame.params.get("entity", "").strip()
    rows, problem = [], ""
    try:
        if axis not in WORDS:
            raise QueryError(f"axis={axis!r}: take 'as of' or 'known by'")
        among = None
        if entity:
            node = ox.NamedNode(frame.graph.find_entity(entity))
            among = {str(row["claim"].value) for row in frame.graph.project("card", entity=node).mappings()}
        rows = as_rows(frame.graph, diff(frame.graph, first, second, axis), axis, among)
    except PartnerGraphError as error:
        problem = clean(str(error))
    counts = {word: sum(row[0] == word for row in rows) for word in WORDS.get(cast("Axis", axis), ())}
    page = frame.number("page", 1)
    shown = [
        (word, when, clean(says), frame.links.thing(str(expand(claim)), "claim"))
        for word, when, says, claim in rows[(page - 1) * 100 : page * 100]
    ]
    return frame.html(
        "diff.html.j2",
        title="What changed",
        first=first,
        second=second,
        axis=axis,
        entity=entity,
        rows=shown,
        total=len(rows),
        counts=counts,
        problem=problem,
        page=page,
        per=100,
        path="/diff",
    )


def vocabulary_page(frame: Frame) -> Page:
    """The words of the ontology."""
    text = frame.params.get("q", "").strip()[:100]
    try:
        terms = find_terms(frame.graph, text)
    except UnknownName:
        terms = []
    sections = defaultdict(list)
    for term in terms:
        sections[term.section].append(term)
    return frame.html(
        "vocabulary.html.j2",
        title="Vocabulary",
        text=text,
        sections=[(name.partition(" ")[2], sections[name]) for name in sorted(sections)],
        path="/vocabulary",
    )


def about_page(frame: Frame) -> Page:
    """What this is, how it is used and cited, and what it allows."""
    return frame.html("about.html.j2", title="About", overview=frame.facts.overview, path="/about")
