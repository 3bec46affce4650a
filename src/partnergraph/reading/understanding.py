"""What a sentence asks: a question or a command with its parameters, the view, and which rows; or what it may ask, where two are near."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from partnergraph.content.finding import ANALYSES
from partnergraph.content.phrases import Phrase, Phrasebook, placed
from partnergraph.content.phrasings import PHRASES
from partnergraph.content.queries import ANY
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import PG, RDF_TYPE, compact
from partnergraph.reading.gist import quoted
from partnergraph.reading.idioms import second
from partnergraph.reading.measures import measure_words, measures_in
from partnergraph.reading.mentions import Mentions, Reader
from partnergraph.reading.whens import When

if TYPE_CHECKING:
    from partnergraph.content.queries import Parameter, Query

# Below the first nothing is understood; a second reading so near the best one is near.
LEAST_SCORE, NEAR = 0.3, 0.985
# So well understood there is no need to ask back; so badly there are other readings to tell of.
SURE, UNSURE = 0.75, 0.5
MOST_READINGS, MOST_INSTEAD = 4, 3
BEFORE = frozenset({"by", "until", "till", "up to", "before", "as of", "as at", "on", "through"})
_KNOWN = re.compile(r"\b(known|published|publicly|reported by|knew|people know|one know|anybody know)\b", re.IGNORECASE)
_RELEASE = re.compile(r"\b20[0-9]{2}\.[0-9]{1,2}\.[0-9]{1,2}\b")
_FIRM = re.compile(
    r"\b(only confirmed|confirmed only|confirmed (?:money|amounts?|deals?|claims?)|without rumou?rs?)\b", re.IGNORECASE
)
COMMANDS = frozenset(PHRASES) | frozenset(ANALYSES)
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


@dataclass(frozen=True)
class Reading:
    """One way to understand a sentence."""

    target: str
    score: float
    values: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    view: dict[str, str] = field(default_factory=dict)
    naming: tuple[str, ...] = ()
    span: tuple[str, str] | None = None
    taken: tuple[str, ...] = ()
    speaking: tuple[str, ...] = ()
    title: str = ""
    without: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What one would type for it."""
        options = [f"--{name.replace('_', '-')} {value}" for name, value in self.view.items()]
        if self.target in COMMANDS:
            return " ".join(["partnergraph", self.target, *self.arguments, *options])
        given = [f"{name}={'any' if value == ANY else quoted(value)}" for name, value in self.values.items()]
        return " ".join(["partnergraph ask", self.target, *given, *options])

    def others(self, query: Query) -> list[Reading]:
        """The same with the names in other places: exchanged, in the other place, or open and looked for in the rows."""
        if any(parameter.kind == "day" for parameter in query.parameters):
            # That nothing was so on a day is an answer.
            return []
        places = [parameter.name for parameter in query.parameters if parameter.kind in ("entity", "house")]
        held = [name for name in places if self.values.get(name, ANY) != ANY]
        found = []
        if len(places) == 2:
            first, second = places
            turned = {first: self.values.get(second, ANY), second: self.values.get(first, ANY)}
            found.append(replace(self, values=self.values | turned))
        concepts = {
            parameter.name: ANY for parameter in query.parameters if parameter.kind == "concept" and parameter.name in self.values
        }
        if concepts:
            found.append(replace(self, values=self.values | concepts))
        opened = (replace(self, values=self.values | {name: ANY}, naming=(*self.naming, self.values[name])) for name in held)
        return [*found, *opened]

    @property
    def words(self) -> str:
        """What was understood, in one line."""
        more = [f"rows that name {' and '.join(self.naming)}"] if self.naming else []
        more += [f"rows of {' or '.join(measure_words(self.measures))}"] if self.measures else []
        more += [f"rows that do not name {' or '.join(self.without)}"] if self.without else []
        more += [f"rows from {self.span[0]} to {self.span[1]}"] if self.span else []
        more += [f"rows that speak of {' and '.join(self.speaking)}"] if self.speaking else []
        more += [f"read {one}" for one in self.taken]
        short = self.command.removeprefix("partnergraph ").removeprefix("ask ")
        told = f" ({'; '.join(more)})" if more else ""
        others = f": it may be {' · '.join(self.instead)}" if self.instead else ""
        unsure = f"; not surely{others}" if self.score < UNSURE else ""
        return f"understood: {short}{told}{unsure}"


# What is read once for a graph: its phrases, and its names.
_READERS: WeakKeyDictionary[GraphCore, tuple[Phrasebook, Reader]] = WeakKeyDictionary()
SORTS = ("Organization", "Product", "Infrastructure", "Person", "MarketSegment")


def sort_of(graph: GraphCore, iri: str) -> str:
    """What sort of thing an entity is, roughly; empty for what is none of the usual ones."""
    types = {
        term.value.removeprefix(PG) for term in graph.engine.objects([iri], RDF_TYPE).get(iri, ()) if isinstance(term, ox.NamedNode)
    }
    return next((sort for sort in SORTS if sort in types), "")


def understand(graph: GraphCore, text: str) -> list[Reading]:
    """The readings of a sentence, the best first; several where the next are near, none where nothing is understood."""
    if graph not in _READERS:
        book = Phrasebook(graph.questions.values())
        _READERS[graph] = book, Reader(graph, book.vocabulary)
    book, reader = _READERS[graph]
    found = reader.read(second(text) or text)
    sorts = [sort_of(graph, iri) for iri in found.entities]
    ranked = [(score, phrase) for score, phrase in book.nearest(found.words, sorts) if score >= LEAST_SCORE]
    ranked = [(score, phrase) for score, phrase in ranked if phrase.target in graph.questions or phrase.target in COMMANDS]
    readings = [_reading(graph, text, _ordered(found, phrase, sorts), score, phrase) for score, phrase in ranked[:MOST_READINGS]]
    if not readings:
        return []
    best = readings[0]
    near = [one for one in readings[1:] if one.score >= NEAR * best.score] if best.score < SURE else []
    if best.score < UNSURE:
        best = replace(best, instead=tuple(one.command for one in readings[1:MOST_INSTEAD]))
    return [best, *near]


def _ordered(found: Mentions, phrase: Phrase, sorts: list[str]) -> Mentions:
    """What was found with the entities in the order of the places of the phrase that they fit."""
    _, order = placed(phrase.slots, sorts)
    rest = (number for number in range(len(found.entities)) if number not in order)
    return replace(found, entities=[found.entities[number] for number in (*order, *rest)])


def _reading(graph: GraphCore, text: str, found: Mentions, score: float, phrase: Phrase) -> Reading:
    names = [_name(graph, iri) for iri in found.entities]
    taken = tuple(found.taken)
    if phrase.target in COMMANDS:
        return _command(found, score, phrase, names, taken)
    query = graph.questions[phrase.target]
    values, used = _values(query, phrase, names)
    values |= _words_for(graph, query, text)
    days = [parameter for parameter in query.parameters if parameter.kind == "day"]
    view: dict[str, str] = {}
    span = None
    if days:
        values |= _days(days, found.whens, known=bool(_KNOWN.search(text)))
    elif found.whens:
        view, span = _time(found.whens, text)
    if _FIRM.search(text) and phrase.target != "investments-by-attestation":
        view["attested"] = "confirmed"
    naming = tuple(name for number, name in enumerate(names) if number not in used)
    without = tuple(_name(graph, iri) for iri in found.without)
    free = any(parameter.name == "measure" for parameter in query.parameters) and values.get("measure", ANY) == ANY
    measures = measures_in(text) if free else ()
    named = any(parameter.kind in ("entity", "house") for parameter in query.parameters)
    strange = tuple(word for word in found.strange if named or not word.islower())
    told = (tuple(found.speaking), query.title, without, measures, strange)
    return Reading(phrase.target, score, values, (), view, naming, span, taken, *told)


def _name(graph: GraphCore, iri: str) -> str:
    """The name of an entity as one would type it: its label, or its identifier where others are called so too."""
    label = graph.names.label.get(iri, compact(iri))
    return label if len(graph.names.called(label)) == 1 else compact(iri)


def _values(query: Query, phrase: Phrase, names: list[str]) -> tuple[dict[str, str], set[int]]:
    """Values of the parameters by the names that stand in their places, and which of these were used."""
    entities = [parameter for parameter in query.parameters if parameter.kind in ("entity", "house")]
    known = {parameter.name for parameter in entities}
    values: dict[str, str] = {}
    used: set[int] = set()
    for number, slot in enumerate(phrase.slots[: len(names)]):
        if slot in known and slot not in values:
            values[slot] = names[number]
            used.add(number)
    left = [number for number in range(len(names)) if number not in used and number >= len(phrase.slots)]
    for parameter in entities:
        if parameter.name not in values and left and not _said_otherwise(phrase):
            values[parameter.name] = names[left[0]]
            used.add(left.pop(0))
    # What nobody named is open, whatever the question takes if asked by its name.
    for parameter in query.parameters:
        if parameter.name not in values and parameter.kind != "day" and parameter.default not in (None, "*"):
            values[parameter.name] = "*"
    return values, used


def _said_otherwise(phrase: Phrase) -> bool:
    """Whether the places of the phrase are taken by what is no parameter."""
    return bool(phrase.slots)


def _words_for(graph: GraphCore, query: Query, text: str) -> dict[str, str]:
    """Values for parameters that take a word of the ontology, a source or a claim, where the text has one."""
    found: dict[str, str] = {}
    for parameter in query.parameters:
        if parameter.kind == "concept":
            concept = _concept(graph, parameter, text)
            if concept:
                found[parameter.name] = concept
        elif parameter.kind in ("claim", "source"):
            named = re.search(r"\b(?:claim:|src:)?[a-z0-9]+(?:-[a-z0-9]+)+\b", text)
            if named:
                found[parameter.name] = named[0]
    texts = [parameter.name for parameter in query.parameters if parameter.kind == "text"]
    return found | dict(zip(texts, _RELEASE.findall(text), strict=False))


def _concept(graph: GraphCore, parameter: Parameter, text: str) -> str:
    plain = f" {text.casefold()} "
    rows = [{key: str(term.value) for key, term in row.items()} for row in graph.project("concepts").mappings()]
    fitting = [row for row in rows if row["schemeLabel"].casefold().startswith(parameter.name.casefold())]
    hits = [row for row in fitting if re.search(rf"\b{re.escape(row['label'].casefold())}\b", plain)]
    return compact(max(hits, key=lambda row: len(row["label"]))["concept"]) if hits else ""


def _days(parameters: list[Parameter], whens: list[When], *, known: bool) -> dict[str, str]:
    names = [parameter.name for parameter in parameters]
    if not whens:
        # Who names no day means now.
        return {"day": datetime.datetime.now(tz=datetime.UTC).date().isoformat()} if names == ["day"] else {}
    if names == ["day"]:
        when = whens[0]
        return {"day": when.last if when.lead in ("by", "until", "before") else when.first}
    if len(whens) > 1:
        return {"from": whens[0].first, "until": whens[1].last if whens[1].first != whens[1].last else whens[1].first}
    when = whens[0]
    if when.lead in ("since", "from", "after"):
        return {"from": when.first, "until": "9999-12-31"}
    if when.lead in BEFORE - {"on", "as of", "as at"} or (known and when.first == when.last):
        return {"from": "1900-01-01", "until": when.last}
    return {"from": when.first, "until": when.last}


def _time(whens: list[When], text: str) -> tuple[dict[str, str], tuple[str, str] | None]:
    """The view, or the span of days from which rows are wanted."""
    if len(whens) > 1 and whens[0].lead in ("between", "from"):
        return {}, (whens[0].first, whens[1].last)
    when = whens[0]
    if _KNOWN.search(text):
        return {"known_by": when.last}, None
    if when.lead in BEFORE:
        return {"as_of": when.last}, None
    if when.lead in ("since", "from", "after"):
        return {}, (when.first, "9999-12-31")
    return ({"as_of": when.last}, None) if when.first == when.last and when.lead != "in" else ({}, (when.first, when.last))


def _command(found: Mentions, score: float, phrase: Phrase, names: list[str], taken: tuple[str, ...]) -> Reading:
    target = phrase.target
    # What a phrase calls ``a`` comes first, wherever it stands.
    named = sorted(zip([*phrase.slots, *("z" * len(names))], names, strict=False), key=lambda pair: pair[0])
    names = [name for _, name in named]
    arguments = tuple(quoted(name) for name in names[: TAKES.get(target, 1)])
    view: dict[str, str] = {}
    title = ANALYSES[target][0] if target in ANALYSES else ""
    if target == "diff":
        days = [when.first for when in found.whens[:1]] + [when.last for when in found.whens[1:2]]
        arguments = tuple(days) + tuple(f"--entity {quoted(name)}" for name in names[:1])
    elif target == "map":
        arguments = tuple(f"--focus {quoted(name)}" for name in names[:1])
    elif target == "concentration":
        arguments = ("compute", *(f"--customer {quoted(name)}" for name in names[:1]))
    elif target == "overlaps":
        arguments = ("one-firm",)
    elif target == "ledger":
        arguments = _sums(phrase, arguments)
    if target != "diff" and found.whens:
        when = found.whens[0]
        view = {"as_of": when.last} if when.lead in BEFORE else {}
    return Reading(target, score, {}, arguments, view, (), None, taken, (), title)


def _sums(phrase: Phrase, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The arguments of the ledger: who is paid stands second, and some phrases ask year by year or from confirmed to rumour."""
    if phrase.slots == ("b",) and arguments:
        arguments = ("any", *arguments[:1])
    if SPREAD & set(phrase.words):
        return (*arguments, "--by year")
    return (*arguments, "--by attestation") if "rumours" in phrase.words or "rumour" in phrase.words else arguments


SPREAD = frozenset({"year", "yearly", "annual", "left", "remains"})
