"""The nine tools by name: what is called with which arguments, on which view of the graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from partnergraph.base.errors import AnswerTooLarge, PartnerGraphError, QueryTimeout, RefusedQuery, UnknownName
from partnergraph.core.views import make_view
from partnergraph.mcp import asking, reading
from partnergraph.mcp.asking import as_view
from partnergraph.mcp.paper import Told, line
from partnergraph.rdf.names import nearest_names
from partnergraph.reading.vocabulary import find_terms

if TYPE_CHECKING:
    from partnergraph.api import Graph
    from partnergraph.core.views import View
    from partnergraph.reading.answers import Answer

Tool = Callable[..., Told]
TOOLS: dict[str, Tool] = {
    "search": reading.search,
    "entity": reading.entity,
    "claim": reading.claim,
    "ask": asking.ask,
    "conflicts": reading.conflicts,
    "changes": asking.changes,
    "connect": asking.connect,
    "analyse": asking.analyse,
}
VIEWED = ("as_of", "known_by", "attested")


def call(
    graph: Graph,
    name: str,
    arguments: Mapping[str, Any],
    within: Callable[[View], Graph] | None = None,
    query: Callable[[Graph, str], Answer] | None = None,
) -> Told:
    """What a tool answers; ``within`` makes views of the graph, ``query`` asks what an assistant wrote itself."""
    view = make_view(**as_view(arguments))
    seen = (within or graph.within)(view)
    rest = {key: value for key, value in arguments.items() if key not in VIEWED and value is not None}
    if name == "sparql":
        answer = query(seen, rest["query"]) if query is not None else seen.query(rest["query"])
        return asking.sparql(seen, answer, **rest)
    if name == "resource":
        return Told(resource(graph, rest["uri"]))
    if name not in TOOLS:
        raise UnknownName("tool", name, nearest_names(name, TOOLS))
    return TOOLS[name](seen, **rest)


def resource(graph: Graph, uri: str) -> str:
    """The text of a resource: about, vocabulary, questions, or an entity, claim or source by its name."""
    kind, _, name = uri.partition("://")[2].partition("/")
    match kind:
        case "about":
            return about(graph)
        case "vocabulary":
            return vocabulary(graph)
        case "questions":
            return "\n".join(
                f"{query.name}: {line(query.title)} [{', '.join(line(parameter.usage()) for parameter in query.parameters)}]"
                for query in graph.questions.values()
            )
        case "entity":
            return reading.entity(graph, name).text
        case "claim":
            return reading.claim(graph, [name]).text
        case "source":
            return asking.ask(graph, "what-does-this-source-say", {"source": name}, 100).text
    raise UnknownName("resource", uri)


def vocabulary(graph: Graph) -> str:
    """Classes and properties in use with what they go with and mean; of concepts, such as units, the names alone."""
    used = [term for term in find_terms(graph) if term.count]
    concepts = [term.name for term in used if "-" in term.name]
    told = [
        f"{term.name} {term.count} {term.goes}".rstrip() + f": {line(term.definition, 60)}" for term in used if "-" not in term.name
    ]
    return "\n".join([*told, "concepts: " + " ".join(concepts)])


def about(graph: Graph) -> str:
    """What the graph is, what is in it, and how its answers are to be read."""
    found = {name: str(term.value) for row in graph.project("overview").mappings() for name, term in row.items()}
    counts = ", ".join(f"{int(found[what]):,} {what}" for what in ("claims", "entities", "sources"))
    return (
        f"partnergraph: who funds, powers, licenses, supplies and competes with whom in AI, sourced claim by claim. {counts}; "
        f"{int(found['contested']):,} claims are contested. Content {graph.version}.\n\n"
        "A claim says one thing, rests on one or more sources, and has an attestation: rumoured < reported < announced < confirmed. "
        "Amounts are ranges; nothing is added up by you: ask total-invested, house-spending or the analyses for sums. "
        "Marks after [n]: * contested, † another version is preferred, ✗ held to be a mistake, ? only possibly in this view. "
        "Cite claims by their names (claim:…) with their sources. What no claim says is not known, not false.\n\n"
        "Views: as_of (what holds on a day), known_by (what had been published by a day), attested (at least so well).\n\n"
        "Data: CC BY 4.0."
    )


def plain(error: PartnerGraphError) -> str:
    """The sentence for an assistant, which has no command line: not found, timed out and refused are told apart."""
    match error:
        case QueryTimeout():
            return f"timed out: the query was stopped after {error.seconds:g} seconds and not answered; ask for less"
        case AnswerTooLarge():
            return f"too large: the answer has more than {error.limit:,} {error.unit}; add a LIMIT"
        case UnknownName():
            near = f"; did you mean {' or '.join(map(repr, error.nearest))}?" if error.nearest else "; the tool search finds names"
            return line(f"not found: no {error.kind} named {error.name!r}{near}", 500)
        case RefusedQuery():
            return f"refused: {error}"
    return str(error)
