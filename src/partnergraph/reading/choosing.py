"""Which of the readings of a sentence has an answer that names all that it names, and that answer, narrowed to what was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from partnergraph.content.queries import ANY
from partnergraph.core.graph import GraphCore
from partnergraph.reading.acting import acted, beside, rows_of
from partnergraph.reading.answers import Answer
from partnergraph.reading.asked import Reading, grouped
from partnergraph.reading.forms import told_of
from partnergraph.reading.narrowing import naming, narrowed, speaking_of
from partnergraph.reading.placing import AS_IT_IS, releases
from partnergraph.reading.sorts import sort_of

# So near the best a reading must come to be taken instead, where the best names nobody and it names all.
NEARLY = 0.8
EQUAL = 0.99
# Where a name does not belong in the question at all, it need not come so near.
MISPLACED = 0.5
MOST_OTHERS = 2
# Some questions are asked with a denial; any other cannot answer one.
_DENIES = re.compile(r"\b(?:not|never|no|nobody)\b|n['’]t\b")
DENIED = "The graph has what sources say is so: who is not among these may still be, unsaid. Those of whom it is said:"
# The question of what happened between two.
EVENTS = "events-between-two"
# That one has nothing of a kind is an answer; that two have nothing in common is one of several questions.
FEW_NAMES = 2


def choose(graph: GraphCore, readings: Sequence[Reading]) -> Reading:
    """The first reading, with its names in whichever place they are met, or a near one whose rows name all that was named.

    What was so at another time is nearer than what answers another question, and this nearer than what others of its house have.
    """
    best = readings[0]
    if "otherwise" in graph.questions[best.target].header:
        # That nothing of it is so is an answer.
        return best
    first, elsewhere = [best], best.others(graph.questions[best.target])
    missed: list[tuple[int, Reading]] = []
    for ways in (
        first,
        # What is asked in the same words, and has its names in their places.
        [one for one in readings[1:] if one.target in graph.questions and one.score >= EQUAL * best.score and not one.naming],
        elsewhere,
        _without_view([*first, *elsewhere]),
        _a_release_before(graph, best),
        _near(graph, readings),
        _in_countries(graph, best),
        _of_houses(graph, best),
        _between(graph, best),
    ):
        for way, met in _met(graph, ways):
            wanted = len(grouped(way.naming, way.either)) + len(_sought(way))
            if met == wanted:
                return way
            missed += [(wanted - met, way)] if ways in (first, elsewhere) and (met or way is best) else []
    return min(missed, key=lambda pair: pair[0], default=(0, best))[1]


def settled(graph: GraphCore, near: Sequence[Reading]) -> list[Reading]:
    """Of readings that are as likely those whose answers name all that was named; all where none does."""
    telling = [one for one in near if one.target not in graph.questions or _tells(graph, one)]
    return telling or list(near)


def _tells(graph: GraphCore, reading: Reading) -> bool:
    answer = rows_of(graph, reading)
    return len(answer) > 0 and (
        not reading.naming
        or naming(answer, grouped(reading.naming, reading.either))[1] == len(grouped(reading.naming, reading.either))
    )


def _sought(reading: Reading) -> list[str]:
    """Words that rows must have: those that look like names, and those with which others are asked."""
    return [*reading.strange, *(word for word in reading.rest if word not in reading.unknown)]


def _near(graph: GraphCore, readings: Sequence[Reading]) -> list[Reading]:
    best, *rest = readings
    named = [value for value in best.values.values() if value in graph.names]
    strange = _misplaced(graph, best)
    if not (best.naming or _sought(best) or strange) and len(named) < FEW_NAMES:
        return []
    least = (MISPLACED if strange else NEARLY) * best.score
    near = [one for one in rest if one.target in graph.questions and one.score >= least]
    return [way for one in near for way in (one, *one.others(graph.questions[one.target]))]


def _between(graph: GraphCore, best: Reading) -> list[Reading]:
    """What happened between those who were named, where no row of the question has them."""
    names = list(dict.fromkeys([*(value for value in best.values.values() if value in graph.names), *best.naming]))
    if len(names) < FEW_NAMES or EVENTS not in graph.questions:
        return []
    if best.target == EVENTS:
        return []
    told = f"No row of {best.target} names {' and '.join(names)}; this is what happened between them"
    values = {"one": names[0], "other": names[1]}
    return [
        Reading(
            EVENTS, best.score, values, naming=tuple(names[2:]), span=best.span, title=graph.questions[EVENTS].title, beyond=told
        )
    ]


def _misplaced(graph: GraphCore, reading: Reading) -> bool:
    """Whether a name is of a sort that nothing has that stands in its place in any row: a person replaces no model."""
    places = [one.name for one in graph.questions[reading.target].parameters if reading.values.get(one.name, "") in graph.names]
    if not places:
        return False
    rows = list(rows_of(graph, replace(reading, values=dict.fromkeys(reading.values, ANY) | _fixed(graph, reading))).mappings())
    for place in places:
        held = {row[place].value for row in rows if isinstance(row.get(place), ox.NamedNode)}
        if held and sort_of(graph, graph.find_entity(reading.values[place])) not in {sort_of(graph, iri) for iri in sorted(held)}:
            return True
    return False


def _fixed(graph: GraphCore, reading: Reading) -> dict[str, str]:
    """The values of what is no entity: days, texts and numbers."""
    kinds = {one.name: one.kind for one in graph.questions[reading.target].parameters}
    return {name: value for name, value in reading.values.items() if kinds.get(name) in ("day", "text", "number")}


def _met(graph: GraphCore, ways: Sequence[Reading]) -> Iterator[tuple[Reading, int]]:
    """The ways whose answer is not empty, with how many of the names that are looked for stand together in a row of it."""
    for way in ways:
        answer = rows_of(graph, way)
        if len(answer):
            told = sum(bool(speaking_of(answer, word, whole=True)[1]) for word in _sought(way))
            yield way, told + (naming(answer, grouped(way.naming, way.either))[1] if way.naming else 0)


def _without_view(ways: Sequence[Reading]) -> list[Reading]:
    return [replace(way, view={}, beyond=_none_in(way.view)) for way in ways if way.view]


def _none_in(view: Mapping[str, str]) -> str:
    told = " and ".join(f"{name.replace('_', ' ')} {value}" for name, value in view.items())
    return f"None {told}; this is {'without that' if 'attested' in view else 'of any time'}"


def _a_release_before(graph: GraphCore, best: Reading) -> list[Reading]:
    """What changed in the newest release, where nothing has since."""
    *_, before, newest = ["", "", *releases(graph)] if AS_IT_IS in best.values.values() else ["", ""]
    if not before or newest not in best.values.values():
        return []
    turned = {newest: before, AS_IT_IS: newest}
    told = f"Since {newest}, the newest release, nothing was changed; this was in it, since {before}"
    return [replace(best, values={name: turned.get(value, value) for name, value in best.values.items()}, beyond=told)]


def _in_countries(graph: GraphCore, best: Reading) -> list[Reading]:
    """The best reading with the names of countries as words: what lies in one is said, and is no party."""
    named = {name: value for name, value in best.values.items() if value in graph.names}
    lands = {name: value for name, value in named.items() if sort_of(graph, graph.find_entity(value)) == "Country"}
    opened = best.values | dict.fromkeys(lands, ANY)
    return [replace(best, values=opened, speaking=(*best.speaking, *lands.values()))] if lands else []


def _of_houses(graph: GraphCore, best: Reading) -> list[Reading]:
    """The best reading with the house in the place of a name that is a unit or a product of one."""
    found: list[Reading] = []
    if best.measures or best.values.get("measure", ANY) != ANY:
        # What is measured of a product is not measured of its maker.
        return found
    for name in (*best.naming, *(value for value in best.values.values() if value in graph.names)):
        head = graph.house_of(graph.find_entity(name)).value
        label = graph.names.label.get(head, name)
        if head != graph.find_entity(name):
            told = f"Of {name} itself there is none; this is of its house, {label}"
            values = {place: label if value == name else value for place, value in best.values.items()}
            one = replace(best, values=values, naming=tuple(label if each == name else each for each in best.naming), beyond=told)
            found += [one, *one.others(graph.questions[best.target])]
    return found


@dataclass(frozen=True)
class Answered:
    """The reading that was chosen, its rows that are wanted, what to say of them, and where there is none what else may have been meant."""

    reading: Reading
    answer: Answer
    told: list[str]
    others: list[str]


def answered(graph: GraphCore, readings: Sequence[Reading]) -> Answered:
    """The answer to the likeliest reading."""
    if readings[0].deed:
        chosen, answer, told = acted(graph, readings[0], readings[0].deed)
        told += told_of(answer, chosen) if len(answer) and chosen.form.when else []
        return Answered(chosen, answer, told, [] if len(answer) else beside(graph, readings[0].deed)[:MOST_OTHERS])
    chosen = choose(graph, readings)
    answer, told = narrowed(rows_of(graph, chosen), chosen)
    others = [] if len(answer) else [one.command for one in readings if one.target != chosen.target][:MOST_OTHERS]
    # A word in small letters that no row has is no name.
    chosen = replace(chosen, speaking=tuple(word for word in chosen.speaking if any(word in line for line in told)))
    if chosen.beyond:
        told.insert(0, f"{chosen.beyond}.")
    if chosen.outside:
        told.insert(0, f"The graph does not say {chosen.outside}; this is what it has that comes nearest.")
    if chosen.denied and not _DENIES.search(graph.questions[chosen.target].header.get("phrases", "")):
        told.insert(0, DENIED)
    return Answered(chosen, answer, told, others)
