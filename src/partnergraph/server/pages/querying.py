"""The page of the endpoint: an editor, examples, and the answer to the query in the address, also without script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.errors import PartnerGraphError
from partnergraph.base.texts import clean
from partnergraph.rdf.terms import PREFIXES, compact
from partnergraph.reading.answers import Answer
from partnergraph.reading.vocabulary import find_terms
from partnergraph.server.pages.frame import Frame, Page
from partnergraph.server.pages.links import folder_of
from partnergraph.server.problems import problem_of
from partnergraph.server.settings import PUBLIC
from partnergraph.show.markup import Html
from partnergraph.stores.engine import Embedded
from partnergraph.stores.sandbox.guard import check_query, refuse_outside
from partnergraph.stores.sandbox.worker import parses

if TYPE_CHECKING:
    from partnergraph.api import Graph

SHOWN = 200
EXAMPLE = """SELECT ?investor ?amount ?currency ?date WHERE {
  ?claim a pg:Investment ;
    pg:investee ent:openai ;
    pg:investor ?investor ;
    pg:amountMax ?amount ;
    pg:currency ?currency ;
    pg:date ?date .
}
ORDER BY ?date
"""


def sparql_page(frame: Frame) -> Page:
    """The editor; with a query in the address its answer, too."""
    query = frame.params.get("query", "")
    columns: tuple[str, ...] = ()
    rows: list[list[Html]] = []
    problem, said, total = "", "", 0
    if query.strip():
        try:
            answer = ask(frame.graph, query)
            if answer.form == "boolean":
                said = "yes" if answer else "no"
            elif answer.form == "triples":
                columns, total = ("subject", "predicate", "object"), len(answer.triples)
                rows = [[_cell(frame, term, {}) for term in (t.subject, t.predicate, t.object)] for t in answer.triples[:SHOWN]]
            else:
                columns, total = answer.columns, len(answer.rows)
                found = answer.rows[:SHOWN]
                labels = frame.graph.labels({term.value for row in found for term in row if isinstance(term, ox.NamedNode)})
                rows = [[_cell(frame, term, labels) for term in row] for row in found]
        except PartnerGraphError as error:
            problem = problem_of(error, PUBLIC).detail
    return frame.html(
        "sparql.html.j2",
        title="SPARQL",
        query=query or EXAMPLE,
        asked=bool(query.strip()),
        columns=columns,
        rows=rows,
        problem=problem,
        said=said,
        total=total,
        shown=SHOWN,
        examples=[(one.name, one.title) for one in frame.graph.questions.values()],
        prefixes=PREFIXES,
        path="/sparql",
    )


def ask(graph: Graph, query: str) -> Answer:
    """The answer to a query of a visitor, in this process, which is ended at the limit."""
    if not isinstance(graph.engine, Embedded):
        return graph.query(query)
    text = check_query(query)
    refuse_outside(text, parses)
    return Answer(graph.engine.answer(text, {}), graph)


def _cell(frame: Frame, term: object, labels: dict[str, str]) -> Html:
    if term is None:
        return Html("")
    if isinstance(term, ox.NamedNode):
        folder = folder_of(term.value)
        said = escape(clean(labels.get(term.value) or compact(term.value)))
        if folder is not None:
            return Html(
                f'<a href="{escape(frame.links.thing(term.value, folder))}" title="{escape(compact(term.value))}">{said}</a>'
            )
        return Html(f'<span title="{escape(clean(term.value))}">{said}</span>')
    if isinstance(term, ox.Literal):
        return Html(escape(clean(term.value)))
    return Html(escape(clean(str(term))))


def words_json(frame: Frame) -> Page:
    """What the editor completes: prefixes, classes and properties with their definitions."""
    terms = [
        {"name": term.name, "label": term.label, "definition": term.definition, "count": term.count}
        for term in find_terms(frame.graph)
    ]
    return frame.json({"prefixes": PREFIXES, "terms": terms})


def example_json(frame: Frame, name: str) -> Page:
    """The text of a question's query, for the editor."""
    query = frame.graph.question(name)
    body = "\n".join(line for line in query.text.split("\n") if not line.startswith("#+")).strip()
    return Page((body + "\n").encode(), "text/plain; charset=utf-8")
