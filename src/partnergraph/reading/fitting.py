"""Whether the rows of an answer are what a sentence says that they must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, Bindings
from partnergraph.reading.constraints import kinds_of

if TYPE_CHECKING:
    from partnergraph.reading.answers import Answer
    from partnergraph.reading.constraints import Constraint

Test = Callable[[Bindings], bool]
# An outcome that is none yet.
_GOES_ON = re.compile(r"goes on|pending|not final|in discovery|no trial|preliminary|goes to a jury|no opinion yet", re.IGNORECASE)


def tester(answer: Answer, constraint: Constraint) -> Test | None:
    """Whether a row is so; None where no row of the answer can tell."""
    if constraint.bounded:
        return _sized(answer, constraint)
    if constraint.told_in == "type":
        return _of_kind(answer, constraint)
    if constraint.told_in == "end":
        return _open(answer, over=constraint.negated)
    claims = sorted({iri for row in answer.mappings() if (iri := claim_of(row))})
    texts = _texts(answer, claims, constraint.told_in)
    wanted = re.compile(constraint.wanted, re.IGNORECASE)
    if not texts:
        return None
    return lambda row: any(wanted.search(text) for text in texts.get(claim_of(row), ())) != constraint.negated


def claim_of(row: Bindings) -> str:
    """The claim that a row is; empty for a row of a sum."""
    term = row.get("claim")
    return str(term.value) if term is not None and str(term.value).startswith(PREFIXES["claim"]) else ""


def _texts(answer: Answer, claims: list[str], properties: str) -> dict[str, list[str]]:
    """What the claims say in these properties, and as an outcome what was ruled in them."""
    graph = answer.graph
    found: dict[str, list[str]] = {}
    for name in properties.split():
        if name == "label":
            told = {claim: [label] for claim, label in graph.labels(claims).items()}
        else:
            told = {claim: [_last(term) for term in terms] for claim, terms in graph.engine.objects(claims, f"{PG}{name}").items()}
        for claim, texts in told.items():
            found.setdefault(claim, []).extend(texts)
    if "outcome" in properties.split():
        wanted = set(claims)
        for row in graph.project("outcomes").mappings():
            if str(row["claim"].value) in wanted:
                found.setdefault(str(row["claim"].value), []).append(str(row["outcome"].value))
    return found


def _last(term: object) -> str:
    value = str(getattr(term, "value", ""))
    return re.split(r"[#/]", value)[-1] if isinstance(term, ox.NamedNode) else value


def _sized(answer: Answer, constraint: Constraint) -> Test | None:
    stems = [stem for stem in constraint.told_in.split() if f"{stem}Min" in answer.columns]
    # What a firm is worth is no amount of a deal, unless nothing else is stated or it is asked for.
    stems = [stem for stem in stems if stem != "valuation"] or stems
    if not stems:
        return None

    def sized(row: Bindings) -> bool:
        if constraint.currency and "currency" in row and row["currency"].value != constraint.currency:
            return False
        for stem in stems:
            low, high = row.get(f"{stem}Min"), row.get(f"{stem}Max")
            if constraint.least is not None and low is not None and float(low.value) >= constraint.least:
                return True
            if constraint.most is not None and high is not None and float(high.value) <= constraint.most:
                return True
        return False

    return sized


def _of_kind(answer: Answer, constraint: Constraint) -> Test | None:
    named = sorted({str(term.value) for row in answer.mappings() for term in row.values() if isinstance(term, ox.NamedNode)})
    wanted = kinds_of(constraint)
    types = answer.graph.engine.objects(named, RDF_TYPE)
    fitting = {iri for iri, terms in types.items() if not wanted.isdisjoint(str(term.value) for term in terms)}
    values = {answer.graph.find_entity(value) for value in answer.values.values() if value in answer.graph.names}
    columns = [name for name in answer.columns if name not in ("claim", "claims")]
    fitting -= values

    def of_kind(row: Bindings) -> bool:
        return any(name in row and str(row[name].value) in fitting for name in columns)

    return of_kind if fitting else None


def _open(answer: Answer, *, over: bool) -> Test | None:
    if not {"end", "endedBy", "outcome"} & set(answer.columns):
        return None
    today = answer.graph.view.today

    def open_(row: Bindings) -> bool:
        end, outcome = row.get("end"), row.get("outcome")
        if end is not None:
            # In a view of a day the outcome that came later is told, too.
            return (str(end.value) <= today[: len(str(end.value))]) == over
        if "endedBy" in row:
            return over
        return not over and (outcome is None or bool(_GOES_ON.search(str(outcome.value))))

    return open_
