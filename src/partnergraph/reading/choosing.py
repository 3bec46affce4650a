"""Which of the readings of a sentence has an answer that names all that it names, and that answer, narrowed to what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from partnergraph.core.graph import GraphCore
from partnergraph.core.views import make_view
from partnergraph.reading.answers import Answer
from partnergraph.reading.narrowing import naming, narrowed

if TYPE_CHECKING:
    from partnergraph.reading.asked import Reading

# So near the best a reading must come to be taken instead, where the best names nobody and it names all.
NEARLY = 0.8
# Of one name nothing of a kind is an answer; that two have nothing in common is one of several questions.
FEW_NAMES = 2


def choose(graph: GraphCore, readings: Sequence[Reading]) -> Reading:
    """The first reading, with its names in whichever place they are met, or a near one whose rows name all that was named.

    Where no row names all, without the view: what was so at another time is nearer than what others have.
    """
    best = readings[0]
    ways = [best, *best.others(graph.questions[best.target])]
    named = [value for value in best.values.values() if value in graph.names]
    if len(best.naming) + len(named) >= FEW_NAMES:
        ways += [
            way
            for one in readings[1:]
            if one.target in graph.questions and one.score >= NEARLY * best.score
            for way in (one, *one.others(graph.questions[one.target]))
        ]
    met = []
    for way, names in _met(graph, ways):
        if names == len(way.naming):
            return way
        met.append((way, names))
    if best.view and (wider := next((way for way, names in _met(graph, _whole(ways)) if names == len(way.naming)), None)):
        return wider
    return max(met, key=lambda pair: pair[1])[0] if met else best


def _met(graph: GraphCore, ways: Sequence[Reading]) -> Iterator[tuple[Reading, int]]:
    """The ways whose answer is not empty, with how many of the names that are looked for stand together in a row of it."""
    for way in ways:
        answer = _asked(graph, way)
        if len(answer):
            yield way, naming(answer, way.naming)[1] if way.naming else 0


def _whole(ways: Sequence[Reading]) -> list[Reading]:
    return [replace(way, view={}, beyond=" ".join(f"{name.replace('_', ' ')} {value}" for name, value in way.view.items())) for way in ways]


def _asked(graph: GraphCore, reading: Reading) -> Answer:
    view = make_view(reading.view.get("as_of"), reading.view.get("known_by"), reading.view.get("attested"))
    seen = graph.within(view)
    query = seen.questions[reading.target]
    return Answer(seen.evaluate(query, query.text, seen.bind(query, reading.values)), seen, query, reading.values)


def answered(graph: GraphCore, readings: Sequence[Reading]) -> tuple[Reading, Answer, list[str]]:
    """The reading that was chosen, its rows that are wanted, and what to say of them."""
    chosen = choose(graph, readings)
    answer, told = narrowed(_asked(graph, chosen), chosen)
    if chosen.beyond:
        told.insert(0, f"{chosen.beyond[0].upper()}{chosen.beyond[1:]} there is none; this is without it.")
    return chosen, answer, told
