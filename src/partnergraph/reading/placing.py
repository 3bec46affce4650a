"""What stands in the places of a question: names by their sort, words of the ontology, releases, days, and the time that narrows."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from partnergraph.content.phrases import Phrase
from partnergraph.content.places import fitting
from partnergraph.rdf.terms import compact
from partnergraph.reading.whens import When

if TYPE_CHECKING:
    from partnergraph.content.queries import Parameter, Query
    from partnergraph.core.graph import GraphCore

BEFORE = frozenset({"by", "until", "till", "up to", "before", "as of", "as at", "on", "through"})
SINCE = frozenset({"since", "from", "after"})
KNOWN = re.compile(r"\b(known|published|publicly|reported by|knew|people know|one know|anybody know)\b", re.IGNORECASE)
_RELEASE = re.compile(r"\b20[0-9]{2}\.[0-9]{1,2}\.[0-9]{1,2}\b")
_NEWEST = re.compile(r"\b(?:last|latest|newest|current|previous|most recent) (?:releases?|versions?|editions?)\b", re.IGNORECASE)
_TWO = re.compile(r"\b(?:two|both|between) (?:the )?(?:last |latest )?(?:two )?(?:releases|versions|editions)\b", re.IGNORECASE)
# What stands for the content as it is, where a release is asked for.
AS_IT_IS = "now"


def values_of(query: Query, phrase: Phrase, names: Sequence[str], sorts: Sequence[str]) -> tuple[dict[str, str], set[int]]:
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
        fits = next((number for number in left if fitting(parameter.name, sorts[number]) == 1.0), None)
        # Where the places of the phrase are taken by what is no parameter, the names are meant for these.
        if parameter.name not in values and fits is not None and not phrase.slots:
            values[parameter.name] = names[fits]
            used.add(fits)
            left.remove(fits)
    # What nobody named is open, whatever the question takes if asked by its name.
    for parameter in query.parameters:
        if parameter.name not in values and parameter.kind != "day" and parameter.default not in (None, "*"):
            values[parameter.name] = "*"
    return values, used


def words_for(graph: GraphCore, query: Query, text: str) -> dict[str, str]:
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
    return found | _releases(graph, texts, text)


def _releases(graph: GraphCore, places: list[str], text: str) -> dict[str, str]:
    """From which release until which: as named, since the newest one, between the last two, or from the first until now."""
    named = _RELEASE.findall(text)
    if len(places) < 2 or named[1:]:
        return dict(zip(places, named, strict=False))
    known = releases(graph)
    if named:
        return dict(zip(places, [*named, AS_IT_IS], strict=False))
    if _NEWEST.search(text):
        return dict(zip(places, [*known[-1:], AS_IT_IS], strict=False))
    return dict(zip(places, known[-2:] if _TWO.search(text) else [*known[:1], AS_IT_IS], strict=False))


def releases(graph: GraphCore) -> list[str]:
    """The releases of the content, the oldest first."""
    return [str(row["release"].value) for row in graph.project("releases").mappings()]


def _concept(graph: GraphCore, parameter: Parameter, text: str) -> str:
    plain = f" {text.casefold()} "
    rows = [{key: str(term.value) for key, term in row.items()} for row in graph.project("concepts").mappings()]
    fitting = [row for row in rows if row["schemeLabel"].casefold().startswith(parameter.name.casefold())]
    hits = [row for row in fitting if re.search(rf"\b{re.escape(row['label'].casefold())}\b", plain)]
    return compact(max(hits, key=lambda row: len(row["label"]))["concept"]) if hits else ""


def days_of(parameters: list[Parameter], whens: list[When], *, known: bool) -> dict[str, str]:
    """Values of the parameters that take a day; ``known`` says that it is asked until when something was known."""
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
    if when.lead in SINCE:
        return {"from": when.first, "until": "9999-12-31"}
    if when.lead in BEFORE - {"on", "as of", "as at"} or (known and when.first == when.last):
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        # What ends by a day to come holds today.
        return {"from": today if when.last > today and not known else "1900-01-01", "until": when.last}
    return {"from": when.first, "until": when.last}


def time_of(whens: list[When], text: str) -> tuple[dict[str, str], tuple[str, str] | None]:
    """The view, or the span of days from which rows are wanted."""
    if len(whens) > 1 and (whens[0].lead in ("between", "from") or whens[1].lead in ("", "and", "to")):
        return {}, (whens[0].first, whens[1].last)
    when = whens[0]
    if KNOWN.search(text):
        return {"known_by": when.last}, None
    if when.lead in BEFORE and when.last > datetime.datetime.now(tz=datetime.UTC).date().isoformat():
        # Nothing is in force on a day to come: what is due by then is meant.
        return {}, ("1900-01-01", when.last)
    if when.lead in BEFORE:
        return {"as_of": when.last}, None
    if when.lead in SINCE:
        return {}, (when.first, "9999-12-31")
    return ({"as_of": when.last}, None) if when.first == when.last and when.lead != "in" else ({}, (when.first, when.last))


def between(whens: Sequence[When]) -> tuple[str, ...]:
    """The two days between which changes are asked for: of one span its ends, since one day until today; none where no day is named.

    >>> between([When("in", "2025-10-01", "2025-10-31")])
    ('2025-10-01', '2025-10-31')
    """
    if not whens:
        return ()
    if len(whens) > 1:
        return whens[0].first, whens[1].last
    first, last = whens[0].first, whens[0].last
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return (first, last) if first != last and whens[0].lead not in SINCE else (first, today)
