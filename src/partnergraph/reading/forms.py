"""What is told of the rows in the form that was asked for: how many, who most often, the largest, the newest, the first."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import RDF_TYPE
from partnergraph.reading.constraints import kinds_of
from partnergraph.reading.fitting import claim_of
from partnergraph.reading.rows import none_of
from partnergraph.reading.tabled import groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partnergraph.rdf.terms import Bindings
    from partnergraph.reading.answers import Answer
    from partnergraph.reading.asked import Reading
    from partnergraph.reading.constraints import Constraint

# What can be greatest, the first that an answer has.
_SIZES = ("amount", "valuation", "committed", "capacity", "quantity", "stake")
MOST_NAMED = 8
# In which columns else those stand who are called so.
_ALSO = {"supplier": ("provider",), "provider": ("supplier",), "partner": ("with", "party")}


def told_of(answer: Answer, asked: Reading) -> list[str]:
    """The sentences that answer what was asked beside the rows."""
    form = asked.form
    told = []
    if form.unsaid:
        told.append(f"“{clean(form.unsaid)}” is not worked out here; what is stated is shown.")
    if form.count:
        told += _of_role(answer, form.role) if form.role else counted(answer, asked.kind, acting=bool(asked.acting))
    if form.richest and not ranks(answer, asked) and "amountMin" in answer.columns and "claim" in answer.columns:
        told.append("What each comes to in all is not worked out here.")
        told += most_often(answer, passive=form.passive)
    if form.most:
        told += most_often(answer, passive=form.passive)
    if form.ended:
        told += _ended(answer)
    elif form.newest:
        told += _at_an_end(answer, last=True)
    if not form.ended and (asked.first or (form.when and len(groups(answer)) > 1)):
        told += _at_an_end(answer, last=False)
    if ranks(answer, asked):
        told += _extreme(answer, smallest=asked.smallest, apart=bool(asked.naming))
    return told


def counted(answer: Answer, kind: Constraint | None, *, acting: bool) -> list[str]:
    """How many claims the rows are, or how many different things of the kind that was asked for they name; beside one ``acting`` those it is done to."""
    if "claim" not in answer.columns:
        return []
    if kind:
        names = _names_of_kind(answer, kind, acting=acting)
        if not names:
            return [f"None of these names {kind.said}."]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        what = f"{kind.words} are" if len(names) > 1 else f"{kind.said.split(' ', 1)[1]} is"
        return [f"{len(names)} {what} named: {', '.join(names[:MOST_NAMED])}{more}."]
    number = len({claim_of(row) for row in answer.mappings()} - {""})
    return [f"Counted: {number} {'claim' if number == 1 else 'claims'}, each once; one may speak of several."]


def _of_role(answer: Answer, role: str) -> list[str]:
    """How many different entities stand in a role, but for those of what was cancelled."""
    column = next((name for name in (role, *_ALSO.get(role, ())) if name in answer.columns), "")
    if not column:
        return []
    rows = [row for row in answer.mappings() if column in row and not _is_cancelled(row)]
    names = [clean(answer.graph.names.label.get(iri, "")) for iri in dict.fromkeys(str(row[column].value) for row in rows)]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [f"{len(names)} different {role}s stand in these claims, a group as one: {', '.join(names[:MOST_NAMED])}{more}."]


def _is_cancelled(row: Bindings) -> bool:
    return str(getattr(row.get("stage"), "value", "")).endswith("cancelled")


def _names_of_kind(answer: Answer, kind: Constraint, *, acting: bool) -> list[str]:
    """The names of all things of a kind in the rows but those that were asked about, each once, in order."""
    graph = answer.graph
    asked = {graph.find_entity(value) for value in answer.values.values() if value in graph.names}
    places = [one.name for one in (answer.question.parameters if answer.question else ()) if one.kind in ("entity", "house")]
    columns = places if acting else answer.columns
    rows = [row for row in answer.mappings() if not _is_cancelled(row)]
    named = dict.fromkeys(str(row[name].value) for row in rows for name in columns if isinstance(row.get(name), ox.NamedNode))
    types = graph.engine.objects(sorted(named), RDF_TYPE)
    wanted = kinds_of(kind)
    return [
        clean(graph.names.label.get(iri, ""))
        for iri in named
        if iri not in asked and not wanted.isdisjoint(str(term.value) for term in types.get(iri, ()))
    ]


def most_often(answer: Answer, *, passive: bool) -> list[str]:
    """Who stands in the most claims of the rows, in the place of those who do it or, ``passive``, of those to whom it is done."""
    graph = answer.graph
    bound = {graph.find_entity(value) for value in answer.values.values() if value in graph.names}
    columns = [
        name
        for name in answer.columns
        if name not in ("claim", "claims", "partOf", "endedBy", "attestation", "stage", "kind")
        and any(name in row and str(row[name].value) in graph.names.label for row in answer.mappings())
        and not all(str(row[name].value) in bound for row in answer.mappings() if name in row)
    ]
    if not columns or "claim" not in answer.columns:
        return []
    column = columns[min(1, len(columns) - 1)] if passive else columns[0]
    held: dict[str, set[str]] = {}
    for row in answer.mappings():
        if column in row and claim_of(row):
            held.setdefault(str(row[column].value), set()).add(claim_of(row))
    ranked = sorted(held.items(), key=lambda pair: (-len(pair[1]), graph.names.label.get(pair[0], "")))
    often = [(iri, len(claims)) for iri, claims in ranked if len(claims) > 1]
    if not often:
        return [f"Nobody stands in more than one of these claims as {column}."]
    said = [f"{clean(graph.names.label.get(iri, ''))} ({number})" for iri, number in often[:MOST_NAMED]]
    more = f" and {len(often) - MOST_NAMED} more" if len(often) > MOST_NAMED else ""
    return [f"Most often, by claims in which one is {column}: {', '.join(said)}{more}; all others once."]


def _at_an_end(answer: Answer, *, last: bool) -> list[str]:
    """The sentence of the claim with the newest day until today, or with the earliest one; of several in one month that which knows the day."""
    today = answer.graph.view.today
    found = [
        (min(days) if not last else max(days), claim_of(row))
        for row in answer.mappings()
        if claim_of(row) and (days := [str(row[name].value) for name in ("date", "begin") if name in row])
    ]
    if last:
        found = [(day, claim) for day, claim in found if day <= today]
    if not found:
        return []
    # What is known to the month may have been on its last day.
    day, claim = max(found) if last else min(found, key=lambda pair: (f"{pair[0]}-99-99"[:10], pair[1]))
    label = clean(answer.graph.labels([claim]).get(claim, ""))
    return [f"{'Newest' if last else 'First'}: {label.rstrip('.')} ({day})."] if label else []


def _ended(answer: Answer) -> list[str]:
    """The sentence of what ended last, until today."""
    today = answer.graph.view.today
    ends = [(str(row["end"].value), claim_of(row)) for row in answer.mappings() if "end" in row and claim_of(row)]
    ended = [(day, claim) for day, claim in ends if day <= today[: len(day)]]
    if not ended:
        return ["None of these is said to have ended."] if "end" in answer.columns else []
    day, claim = max(ended)
    return [f"Ended last: {clean(answer.graph.labels([claim]).get(claim, '')).rstrip('.')} ({day})."]


def _extreme(answer: Answer, *, smallest: bool, apart: bool) -> list[str]:
    """The sentence of the first claim of rows that stand in order of their size; ``apart`` also of the first in which nobody acts together."""
    stem = size_in(answer.columns)
    which = "Smallest" if smallest else "Largest"
    sized = [row for row in answer.mappings() if claim_of(row) and any(f"{stem}{end}" in row for end in ("Min", "Max"))]
    if not stem or not sized:
        return []
    held: dict[str, set[str]] = {}
    for row in answer.mappings():
        held.setdefault(claim_of(row), set()).update(f"{name} {row[name].value}" for name in answer.columns if name in row)
    parties = {
        claim: max(Counter(text.partition(" ")[0] for text in texts if _is_entity(answer, text)).values(), default=0)
        for claim, texts in held.items()
    }
    first = claim_of(sized[0])
    alone = next((claim_of(row) for row in sized if parties[claim_of(row)] <= 1), "")
    labels = {claim: clean(label).rstrip(".") for claim, label in answer.graph.labels(filter(None, {first, alone})).items()}
    if not apart or parties[first] <= 1:
        return [f"{which}: {labels[first]}."] if first in labels else []
    rest = [f"{which} of one alone: {labels[alone]}."] if alone in labels else []
    return [f"{which}, of several together: {labels[first]}.", *rest]


def _is_entity(answer: Answer, text: str) -> bool:
    return text.partition(" ")[2] in answer.graph.names.label


def ranks(answer: Answer, asked: Reading) -> bool:
    """Whether the rows are wanted in order of their size: figures are compared one by one, and what comes to a sum is not."""
    stem, form = size_in(answer.columns), asked.form
    figures = any(one.name == "measure" for one in (answer.question.parameters if answer.question else ()))
    return asked.largest or asked.smallest or (form.richest and figures and stem == "amount") or (form.big and stem == "capacity")


def size_in(columns: Sequence[str]) -> str:
    """By what rows with these columns have a size; empty where they have none."""
    return next((stem for stem in _SIZES if f"{stem}Max" in columns), "")


def by_size(answer: Answer, most: int, *, smallest: bool = False) -> tuple[Answer, list[str]]:
    """The rows by their sizes, of amounts in the commonest currency, the greatest first, so many of them; as they stand where they have none.

    Of the ``smallest`` first, those of which no size is known stand last.
    """
    stem = size_in(answer.columns)
    rows = list(zip(answer.rows, answer.mappings(), strict=True))
    if stem:
        often = Counter(row["currency"].value for _, row in rows if "currency" in row).most_common(1)
        currency = often[0][0] if often else ""
        rows.sort(
            key=lambda pair: (_size_of(pair[1], stem, currency) or math.inf) if smallest else -_size_of(pair[1], stem, currency)
        )
    made = none_of(answer)
    made.__dict__["rows"] = [row for row, _ in rows]
    sizes = groups(made)
    if not 0 < most < len(sizes):
        made.narrowed = answer.narrowed
        return made, []
    made.__dict__["rows"] = [row for row, _ in rows[: sum(sizes[:most])]]
    return made, [f"The first {most} of {len(sizes)}{f', by {stem}' if stem else ''}."]


def _size_of(row: Bindings, stem: str, currency: str) -> float:
    if ("currency" in row and row["currency"].value != currency) or _is_cancelled(row):
        # What came to nothing is not the largest of anything.
        return 0.0
    return max((float(row[name].value) for name in (f"{stem}Min", f"{stem}Max") if name in row), default=0.0)
