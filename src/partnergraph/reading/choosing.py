"""Which of the readings of a sentence has an answer that names all that it names, and that answer, narrowed to what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from partnergraph.core.graph import GraphCore
from partnergraph.core.views import make_view
from partnergraph.reading.answers import Answer
from partnergraph.reading.narrowing import naming, narrowed
from partnergraph.reading.placing import AS_IT_IS, releases

if TYPE_CHECKING:
    from partnergraph.reading.asked import Reading

# So near the best a reading must come to be taken instead, where the best names nobody and it names all.
NEARLY = 0.8
# That one has nothing of a kind is an answer; that two have nothing in common is one of several questions.
FEW_NAMES = 2


def choose(graph: GraphCore, readings: Sequence[Reading]) -> Reading:
    """The first reading, with its names in whichever place they are met, or a near one whose rows name all that was named.

    What was so at another time is nearer than what answers another question, and this nearer than what others of its house have.
    """
    best = readings[0]
    own = [best, *best.others(graph.questions[best.target])]
    missed: list[tuple[int, Reading]] = []
    for ways in (own, _without_view(own), _a_release_before(graph, best), _near(graph, readings), _of_houses(graph, best)):
        for way, met in _met(graph, ways):
            if met == len(way.naming):
                return way
            missed += [(len(way.naming) - met, way)] if ways is own else []
    return min(missed, key=lambda pair: pair[0])[1] if missed and best in [way for _, way in missed] else best


def _near(graph: GraphCore, readings: Sequence[Reading]) -> list[Reading]:
    best, *rest = readings
    named = [value for value in best.values.values() if value in graph.names]
    if not best.naming and len(named) < FEW_NAMES:
        return []
    near = [one for one in rest if one.target in graph.questions and one.score >= NEARLY * best.score]
    return [way for one in near for way in (one, *one.others(graph.questions[one.target]))]


def _met(graph: GraphCore, ways: Sequence[Reading]) -> Iterator[tuple[Reading, int]]:
    """The ways whose answer is not empty, with how many of the names that are looked for stand together in a row of it."""
    for way in ways:
        answer = _asked(graph, way)
        if len(answer):
            yield way, naming(answer, way.naming)[1] if way.naming else 0


def _without_view(ways: Sequence[Reading]) -> list[Reading]:
    return [
        replace(way, view={}, beyond=f"{_words_of(way.view)} there is none; this is without it") for way in ways if way.view
    ]


def _a_release_before(graph: GraphCore, best: Reading) -> list[Reading]:
    """What changed in the newest release, where nothing has since."""
    *_, before, newest = ["", "", *releases(graph)] if AS_IT_IS in best.values.values() else ["", ""]
    if not before or newest not in best.values.values():
        return []
    turned = {newest: before, AS_IT_IS: newest}
    told = f"Since {newest}, the newest release, nothing was changed; this was in it, since {before}"
    return [replace(best, values={name: turned.get(value, value) for name, value in best.values.items()}, beyond=told)]


def _words_of(view: Mapping[str, str]) -> str:
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in view.items())
    return told[:1].upper() + told[1:]


def _of_houses(graph: GraphCore, best: Reading) -> list[Reading]:
    """The best reading with the house in the place of a name that is a unit or a product of one."""
    found = []
    for name in (*best.naming, *(value for value in best.values.values() if value in graph.names)):
        head = graph.house_of(graph.find_entity(name)).value
        label = graph.names.label.get(head, name)
        if head != graph.find_entity(name):
            told = f"Of {name} itself there is none; this is of its house, {label}"
            values = {place: label if value == name else value for place, value in best.values.items()}
            one = replace(best, values=values, naming=tuple(label if each == name else each for each in best.naming), beyond=told)
            found += [one, *one.others(graph.questions[best.target])]
    return found


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
        told.insert(0, f"{chosen.beyond}.")
    return chosen, answer, told
