"""What a sentence asks: a question or a command with its parameters, the view, and which rows; or what it may ask, where two are near."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from partnergraph.content.finding import ANALYSES, FILLERS, stem_of
from partnergraph.content.phrases import Phrase, Phrasebook, words_of
from partnergraph.content.places import placed
from partnergraph.content.queries import ANY
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import compact
from partnergraph.reading.acting import values_for
from partnergraph.reading.asked import COMMANDS, UNSURE, Reading
from partnergraph.reading.constraints import can_tell, constraints_in, kind_in, without
from partnergraph.reading.deeds import deed_in
from partnergraph.reading.gist import quoted
from partnergraph.reading.idioms import second
from partnergraph.reading.kinds import denied_in, first_in, kinds_in, largest_in, smallest_in, titles_in
from partnergraph.reading.markets import buyers, market_in
from partnergraph.reading.measures import measures_in
from partnergraph.reading.mentions import Mentions, Reader
from partnergraph.reading.outside import outside
from partnergraph.reading.placing import BEFORE, KNOWN, between, days_of, time_of, values_of, words_for
from partnergraph.reading.sorts import sort_of
from partnergraph.reading.wanted import form_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partnergraph.reading.constraints import Constraint

# Below the first nothing is understood; a second reading so near the best one is near.
LEAST_SCORE, NEAR = 0.3, 0.985
# So well understood there is no need to ask back; so badly there is.
SURE, ASK_BACK = 0.75, 0.4
MOST_READINGS, MOST_INSTEAD = 6, 3
_FIRM = re.compile(
    r"\b(only confirmed|confirmed only|confirmed (?:money|amounts?|deals?|claims?)|without rumou?rs?)\b", re.IGNORECASE
)
_AMOUNT = re.compile(
    r"(?<!over )(?<!above )(?<!than )\b(?P<what>\d+(?:[.,]\d+)? ?(?:billion|million|trillion|bn|percent|per cent))", re.IGNORECASE
)
_BESIDE = r"E\d+(?: {word} (?:the |from |of |with |by )*E\d+)+"
# Letters are no words, but for some that are names of countries.
SHORTEST, SHORT = 3, frozenset({"uk", "eu", "us"})
# Which release, round or news is meant is no word of the rows.
WHICH = frozenset({"newest", "latest", "last", "recent", "previous", "first", "release", "version"})
# What is nothing without a name.
ABOUT_NAMES = frozenset({"show", "path", "timeline", "why", "find"})
# How many names a command takes at most.
TAKES = {
    "path": 2,
    "loops": 4,
    "exposure": 1,
    "ledger": 2,
    "why": 2,
    "timeline": 2,
    "show": 1,
    "conflicts": 2,
    "concentration": 0,
    "overlaps": 0,
    "diff": 0,
}


# What is read once for a graph: its phrases, and its names.
_READERS: WeakKeyDictionary[GraphCore, tuple[Phrasebook, Reader]] = WeakKeyDictionary()


def understand(graph: GraphCore, text: str) -> list[Reading]:
    """The readings of a sentence, the best first; several where the next are near, none where nothing is understood."""
    return nearest(readings(graph, text))


def nearest(found: Sequence[Reading]) -> list[Reading]:
    """The best reading alone where it is sure, otherwise with those that are as likely."""
    if not found:
        return []
    best, *rest = found
    if best.score < ASK_BACK:
        return [best, *rest[: MOST_INSTEAD - 1]]
    return [best, *(one for one in rest if best.score < SURE and one.score >= NEAR * best.score)]


def readings(graph: GraphCore, text: str) -> list[Reading]:
    """All readings of a sentence that are worth a thought, the likeliest first."""
    if graph not in _READERS:
        book = Phrasebook(graph.questions.values())
        _READERS[graph] = book, Reader(graph, book.vocabulary, book.words)
    book, _ = _READERS[graph]
    constraints = constraints_in(text)
    made = _readings(graph, text)
    unspoken = [one for one in constraints if not (made and _spoken(graph, book, made[0].target, one))]
    if unspoken and not (made and made[0].deed):
        made = _of_the_rest(graph, without(text, unspoken), made, unspoken)
    form, kind = form_in(text), kind_in(text)
    made = [
        replace(one, form=form if one.deed else one.form)
        if one.deed or one.target in COMMANDS or one.target not in graph.questions
        else _with_constraints(graph, replace(one, form=form, kind=kind), constraints)
        for one in made
    ]
    if made and made[0].score < UNSURE:
        made[0] = replace(made[0], instead=tuple(one.command for one in made[1:MOST_INSTEAD]))
    return made


def _spoken(graph: GraphCore, book: Phrasebook, target: str, one: Constraint) -> bool:
    """Whether a question is asked with the words of a constraint and knows of it."""
    if target not in graph.questions or one.settles:
        return target == one.home
    # A number stands in no phrase, whatever is said around it.
    return not one.bounded and book.asks_with(target, words_of(one.words)) and can_tell(graph.questions[target], one)


def _of_the_rest(graph: GraphCore, text: str, made: list[Reading], constraints: Sequence[Constraint]) -> list[Reading]:
    """The readings of a sentence without what it says of the rows; where none can tell of that the question where it belongs."""
    rest = [one for one in _readings(graph, text) if one.target in graph.questions and not one.deed]
    rest = [one for one in rest if all(can_tell(graph.questions[one.target], each) for each in constraints)]
    home = next((one.home for one in constraints if one.home in graph.questions), "")
    settled = any(one.settles for one in constraints)
    if rest and (rest[0].target == home or (rest[0].score >= (UNSURE if home else ASK_BACK) and not settled)):
        return rest
    if not home:
        return made or rest
    book, reader = _READERS[graph]
    found = reader.read(text)
    sorts = [sort_of(graph, iri) for iri in found.entities]
    near = [(score, phrase) for score, phrase in book.nearest(found.words, sorts) if phrase.target == home]
    score, phrase = near[0] if near else (0.0, Phrase(home, ()))
    best = _reading(graph, text, _ordered(found, phrase, sorts), max(score, SURE), phrase)
    return [best, *(one for one in rest if one.target != home)]


def _with_constraints(graph: GraphCore, reading: Reading, constraints: Sequence[Constraint]) -> Reading:
    """The reading with the constraints of which its rows can tell: amounts where they have some, and what is so still where no day is asked for."""
    query = graph.questions[reading.target]
    dated = any(parameter.kind == "day" for parameter in query.parameters)
    book, _ = _READERS[graph]
    applied = [
        one
        for one in constraints
        if (can_tell(query, one) or not one.currency)
        and not (dated and one.told_in == "end")
        # Where rumours are what is asked for, no row need be one still.
        and not (one.told_in == "attestation" and book.asks_with(reading.target, words_of(one.words)))
    ]
    said = {word for one in applied for word in words_of(one.words)}
    rest, unknown = (tuple(word for word in words if word not in said) for words in (reading.rest, reading.unknown))
    return replace(reading, constraints=tuple(applied), rest=rest, unknown=unknown)


def _readings(graph: GraphCore, text: str) -> list[Reading]:
    """All readings of what a sentence names and asks, whatever it says of the rows."""
    book, reader = _READERS[graph]
    found = reader.read(second(text) or text)
    sorts = [sort_of(graph, iri) for iri in found.entities]
    words = found.words if book.tells(found.words) or not sorts else _pair(sorts)
    ranked = [(score, phrase) for score, phrase in book.nearest(words, sorts) if score >= LEAST_SCORE]
    ranked = [(score, phrase) for score, phrase in ranked if phrase.target in graph.questions or phrase.target in COMMANDS]
    ranked = [(score, phrase) for score, phrase in ranked if book.speaks_of(phrase.target, words)]
    made = [_reading(graph, text, _ordered(found, phrase, sorts), score, phrase) for score, phrase in ranked[: 2 * MOST_READINGS]]
    either, joined = (_beside(graph, found, word) for word in ("or", "and"))
    made = [replace(_with_rest(graph, book, one, found), either=one.either or either, joined=joined) for one in made]
    acting = _acting(graph, found)
    made = [replace(one, acting=tuple(name for name in one.naming if name in acting)) for one in made]
    made = [one for one in made if one.arguments or one.target not in ABOUT_NAMES][:MOST_READINGS]
    sought = _AMOUNT.search(text)
    told = found.strange or ([sought["what"]] if sought else _titles(graph, text))
    if told and not found.entities and (not made or made[0].score < SURE):
        # What is called by no name is looked for as it stands.
        made.insert(0, Reading("find", SURE, arguments=tuple(map(quoted, told))))
    deed = deed_in(graph, reader, text)
    if deed:
        title = graph.questions[deed.kind.target].title
        made.insert(0, Reading(deed.kind.target, 1.0, values_for(graph, deed), title=title, deed=deed))
    return [replace(one, outside=outside(text)) for one in made]


def _titles(graph: GraphCore, text: str) -> tuple[str, ...]:
    return titles_in(text, lambda name: bool(graph.names.called(re.sub(r"['’]s?$", "", name))))


def _beside(graph: GraphCore, found: Mentions, word: str) -> tuple[str, ...]:
    """The names that stand beside each other with the word between them."""
    match = re.search(_BESIDE.replace("{word}", word), " ".join(found.words))
    return tuple(_name(graph, found.entities[int(number) - 1]) for number in re.findall(r"E(\d+)", match[0])) if match else ()


def _acting(graph: GraphCore, found: Mentions) -> set[str]:
    """The names of who acts, by the words before them: has E1 invested in, investments by E1."""
    numbers = re.findall(
        r"\b(?:by|has|have|had|did|does|do) E(\d+)\b(?! (?:and|or|(?:(?:ever|never|not|also) )?been)\b)", " ".join(found.words)
    )
    return {_name(graph, found.entities[int(number) - 1]) for number in numbers}


def _with_rest(graph: GraphCore, book: Phrasebook, reading: Reading, found: Mentions) -> Reading:
    """The reading with the words that say nothing to it: rows may have them."""
    spoken = {word.casefold() for name in (*found.speaking, *found.strange) for word in name.split()}
    unasked = book.unasked(reading.target, found.words)
    query = graph.questions.get(reading.target)
    if query and re.search(r"[?](?:statement|note)\b", query.text):
        # Where rows are sentences, every word tells which are meant.
        unasked = [word for word in found.words if not book.asks_with(reading.target, [word]) and word not in FILLERS]
    rest = [word for word in unasked if word not in spoken | WHICH and word.isalpha()]
    wanted = {word for _, words in reading.kinds for word in words}
    rest = [word for word in rest if (len(word) >= SHORTEST or word in SHORT) and not any(word in one for one in wanted)]
    return replace(reading, rest=tuple(rest), unknown=tuple(word for word in rest if stem_of(word) not in book.vocabulary))


def _pair(sorts: list[str]) -> list[str]:
    """What names alone ask: of one what it is, of several how the first two stand to each other, an authority first."""
    first = sorts.index("Authority") if "Authority" in sorts else 0
    return [f"E{number + 1}" for number in dict.fromkeys((first, *range(len(sorts))))][:2] if sorts else []


def _ordered(found: Mentions, phrase: Phrase, sorts: list[str]) -> Mentions:
    """What was found with the entities in the order of the places of the phrase that they fit."""
    _, fit = placed(phrase.slots, sorts)
    order = [*fit, *(number for number in range(len(found.entities)) if number not in fit)]
    return replace(found, entities=[found.entities[number] for number in order])


def _reading(graph: GraphCore, text: str, found: Mentions, score: float, phrase: Phrase) -> Reading:
    names = [_name(graph, iri) for iri in found.entities]
    taken = tuple(found.taken)
    if phrase.target == "timeline" and names and any(when.lead not in BEFORE for when in found.whens):
        # A timeline has no ends: what happened in a time is a question.
        target, slots = ("events-between-two", ("one", "other")) if names[1:] else ("in-force-between", ("entity",))
        phrase = replace(phrase, target=target, slots=slots)
    if phrase.target in COMMANDS or phrase.target not in graph.questions:
        return _command(graph, text, found, score, phrase)
    query = graph.questions[phrase.target]
    values, used = values_of(query, phrase, names, [sort_of(graph, iri) for iri in found.entities])
    values |= words_for(graph, query, text)
    days = [parameter for parameter in query.parameters if parameter.kind == "day"]
    view: dict[str, str] = {}
    span = None
    if days:
        values |= days_of(days, found.whens, known=bool(KNOWN.search(text)))
    elif found.whens:
        view, span = time_of(found.whens, text)
    if _FIRM.search(text) and phrase.target != "investments-by-attestation":
        view["attested"] = "confirmed"
    naming = tuple(name for number, name in enumerate(names) if number not in used)
    without = tuple(_name(graph, iri) for iri in found.without)
    measures = measures_in(text) if any(parameter.name == "measure" for parameter in query.parameters) else ()
    if measures[:1] == (YEARLY,) and values.get("measure") in measures:
        # What comes in within a year is said of a year that has gone and at the present pace.
        values["measure"] = ANY
    measures = measures if values.get("measure", ANY) == ANY else ()
    named = any(parameter.kind in ("entity", "house") for parameter in query.parameters)
    strange = tuple(word for word in found.strange if named or not word.islower())
    largest, most = largest_in(text)
    beside: tuple[str, ...] = ()
    if "beside" in query.header and names[1:]:
        # Each row is of one of those who are compared.
        values |= {query.header["beside"]: ANY}
        naming = beside = tuple(names)
    return Reading(
        phrase.target,
        score,
        values,
        view=view,
        naming=naming,
        span=span,
        taken=taken,
        # What is said of a kind is no name.
        speaking=tuple(word for word in found.speaking if not kinds_in(query, word)),
        title=query.title,
        without=without,
        measures=measures,
        strange=strange,
        kinds=kinds_in(query, text),
        largest=largest,
        most=most,
        smallest=smallest_in(text),
        first=first_in(text),
        denied=denied_in(text),
        titles=_titles(graph, text),
        either=beside,
    )


def _name(graph: GraphCore, iri: str) -> str:
    """The name of an entity as one would type it: its label, or its identifier where others are called so too."""
    label = graph.names.label.get(iri, compact(iri))
    return label if len(graph.names.called(label)) == 1 else compact(iri)


def _command(graph: GraphCore, text: str, found: Mentions, score: float, phrase: Phrase) -> Reading:
    target = phrase.target
    taken = tuple(found.taken)
    names = [_name(graph, iri) for iri in found.entities]
    # What a phrase calls ``a`` comes first, wherever it stands.
    named = sorted(zip([*phrase.slots, *("z" * len(names))], names, strict=False), key=lambda pair: pair[0])
    names = [name for _, name in named]
    arguments = tuple(quoted(name) for name in names[: TAKES.get(target, 1)])
    view: dict[str, str] = {}
    title = ANALYSES[target][0] if target in ANALYSES else ""
    if target == "exposure" and names[1:]:
        arguments = (*arguments, f"--who {quoted(names[1])}")
    elif target == "diff":
        arguments = (*between(found.whens), *(f"--entity {quoted(name)}" for name in names[:1]))
    elif target == "map":
        arguments = tuple(f"--focus {quoted(name)}" for name in names[:1])
    elif target == "concentration":
        customers = buyers(graph, text, names, found.entities)
        arguments = (quoted(market_in(graph, text)), *(f"--customer {quoted(name)}" for name in customers[:1]))
    elif target == "overlaps":
        arguments = ("one-firm",)
    in_time = [when for when in found.whens if when.lead not in BEFORE]
    if target == "ledger":
        arguments = _sums(phrase, arguments, yearly=bool(in_time))
    if target != "diff" and found.whens:
        when = found.whens[0]
        view = {"as_of": when.last} if when.lead in BEFORE else {}
    left = "of all times" if in_time and target not in ("diff", "ledger") else ""
    return Reading(target, score, {}, arguments, view, (), None, taken, (), title, beyond=left)


def _sums(phrase: Phrase, arguments: tuple[str, ...], *, yearly: bool) -> tuple[str, ...]:
    """The arguments of the ledger: who is paid stands second, and some ask year by year or from confirmed to rumour."""
    if phrase.slots == ("b",) and arguments:
        arguments = ("any", *arguments[:1])
    if yearly or SPREAD & set(phrase.words):
        return (*arguments, "--by year")
    return (*arguments, "--by attestation") if "rumours" in phrase.words or "rumour" in phrase.words else arguments


YEARLY = "pg:measure-revenue-run-rate"
SPREAD = frozenset({"year", "yearly", "annual", "left", "remains"})
