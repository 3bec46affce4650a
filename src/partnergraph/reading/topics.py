"""Topics, and through which day sources on each were looked through: what happened later is in the graph only by chance."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.core.rows import rows

# So many topics are named on a line; the others are counted.
NAMED = 3


@dataclass(frozen=True)
class Topic:
    """A field of the content: what it is called, and the last day for which its sources were looked through, if that is stated."""

    iri: str
    name: str
    known_until: str


def read_topics(graph: GraphCore) -> dict[str, Topic]:
    """The topics of a graph by IRI, the one that was looked through least far first."""
    topics: dict[str, Topic] = {}
    for row in rows(graph, "topics"):
        # Of two days the earlier one is sure.
        topics.setdefault(row["topic"], Topic(row["topic"], row["name"], _day(row["knownUntil"])))
    return topics


def topics_of_entity(graph: GraphCore, entity: str) -> str:
    """Until when sources were looked through for the topics that an entity has claims on, in a line; nothing where it has none."""
    found = graph.project("entity-topics", entity=ox.NamedNode(entity)).mappings()
    counts = Counter({str(row["topic"].value): int(str(row["claims"].value)) for row in found})
    return _line(_known(graph, counts))


def topics_of_claim(graph: GraphCore, claim: str) -> list[Topic]:
    """The topics that a claim belongs to."""
    return _known(graph, _counts(graph, [claim]))


def beyond(graph: GraphCore, claims: Iterable[str]) -> str:
    """Where an answer is of a later day than sources on its topics were looked through: the words that say so, or nothing.

    An answer without claims may lack them on any topic.
    """
    day = graph.view.as_of or graph.view.known_by
    if day is None:
        return ""
    wanted = list(claims)
    topics = _known(graph, _counts(graph, wanted)) if wanted else list(read_topics(graph).values())
    short = [topic for topic in topics if topic.known_until and topic.known_until < day.isoformat()]
    return f"sources were looked through: {_line(short, ', ')}" if short else ""


def _counts(graph: GraphCore, claims: Iterable[str]) -> Counter[str]:
    found = graph.project_each("claim-topics", "claim", claims)
    return Counter(str(row["topic"].value) for belonging in found.values() for row in belonging)


def _known(graph: GraphCore, counts: Counter[str]) -> list[Topic]:
    """The topics that are counted, those with the most claims first."""
    if not counts:
        return []
    topics = read_topics(graph)
    return [topics[iri] for iri, _ in counts.most_common() if iri in topics and topics[iri].known_until]


def _day(text: str) -> str:
    """The day in ISO text; nothing for what is no day, which content may state."""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _line(topics: list[Topic], between: str = " · ") -> str:
    named = [f"{clean(topic.name)} until {topic.known_until}" for topic in topics[:NAMED]]
    others = sorted(topic.known_until for topic in topics[NAMED:])
    if others:
        days = others[0] if others[0] == others[-1] else f"{others[0]} to {others[-1]}"
        named.append(f"{len(others)} more topic{'' if len(others) == 1 else 's'} until {days}")
    return between.join(named)
