"""Answers narrowed to what a sentence names beside the parameters: rows that name somebody, rows of a time, rows that speak of a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PG, PREFIXES, Bindings
from partnergraph.reading.measures import measure_words

if TYPE_CHECKING:
    from partnergraph.reading.answers import Answer
    from partnergraph.reading.understanding import Reading


# A day, month or year in any column; what a query puts together is text, and no longer a date.
DAY = re.compile(r"(?:19|20|99)[0-9]{2}(?:-[0-9]{2}){0,2}")


def narrowed(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    """The rows that name one of the entities, are of the time and speak of the words, and what to say of that; all where none is so."""
    told: list[str] = []
    if asked.naming:
        total = len(answer)
        answer, met, kept = naming(answer, asked.naming)
        told.append(_refuted(asked.naming) if refutes(answer, met) else _said_of(asked.naming, met, kept, total))
    if asked.without:
        who = " or ".join(asked.without)
        total = len(answer)
        answer, kept = _only(answer, lambda row: not _named_in(answer, asked.without)(row))
        told.append(f"{kept} of {total} rows do not name {who}: these are shown." if kept else f"All rows name {who}.")
    if asked.measures:
        wanted = {ox.NamedNode(name.replace("pg:", PG)) for name in asked.measures}
        total = len(answer)
        answer, kept = _only(answer, lambda row: row.get("measure") in wanted)
        what = " or ".join(measure_words(asked.measures))
        told.append(f"{kept} of {total} rows are of {what}." if kept else f"No row is of {what}; all are shown.")
    if asked.span:
        first, last = asked.span
        total = len(answer)
        answer, kept = _only(answer, lambda row: within(row, first, last))
        told.append(f"{kept} of {total} rows are of that time." if kept else "No row has a date of that time; all are shown.")
    for word in (*asked.speaking, *asked.strange):
        total = len(answer)
        answer, kept = _speaking(answer, word, whole=word in asked.strange)
        if kept:
            told.append(f"{kept} of {total} rows speak of {word}.")
        elif word in asked.strange:
            told.append(f"Nothing here is called {clean(word)}, and no row speaks of it; this is without it.")
    return answer, told


def refutes(answer: Answer, met: int) -> bool:
    """Whether an answer that names nobody of those asked for says no: the question asks whether something is so."""
    return not met and len(answer) > 0 and answer.question is not None and "otherwise" in answer.question.header


def _refuted(names: tuple[str, ...]) -> str:
    return f"No: nothing of it names {' or '.join(names)}; what was so is shown."


def naming(answer: Answer, names: tuple[str, ...]) -> tuple[Answer, int, int]:
    """The rows in which, or in whose claims, most of the entities are named together; how many of them, and how many rows they are."""
    tests = [_named_in(answer, (name,)) for name in names]
    counts = [sum(test(row) for test in tests) for row in answer.mappings()]
    met = max(counts, default=0)
    if not met:
        return answer, 0, 0
    chosen = iter([count == met for count in counts])
    answer, kept = _only(answer, lambda _: next(chosen))
    return answer, met, kept


def _said_of(names: tuple[str, ...], met: int, kept: int, total: int) -> str:
    if met == len(names):
        return f"{kept} of {total} rows name {' and '.join(names)}: these are shown."
    if met:
        return f"No row names {' and '.join(names)} together; the {kept} of {total} rows that name {met} of them are shown."
    return f"No row names {' or '.join(names)}; all are shown."


def _named_in(answer: Answer, names: tuple[str, ...]) -> Callable[[Bindings], bool]:
    """Whether a row, or the claim of a row, names one of the entities."""
    wanted = {ox.NamedNode(answer.graph.find_entity(name)) for name in names}
    claims = {iri for row in answer.mappings() for iri in _claims(row)}
    parties = answer.graph.engine.objects(sorted(claims), f"{PG}party")

    def named(row: Bindings) -> bool:
        return not wanted.isdisjoint(row.values()) or any(not wanted.isdisjoint(parties.get(claim, ())) for claim in _claims(row))

    return named


def _claims(row: Bindings) -> list[str]:
    return [str(row["claim"].value)] if "claim" in row and str(row["claim"].value).startswith(PREFIXES["claim"]) else []


def _speaking(answer: Answer, word: str, *, whole: bool) -> tuple[Answer, int]:
    """The rows that speak of a word; ``whole`` does not take H200 for H20, as HBM is in HBM3e."""
    iris = {str(term.value) for row in answer.mappings() for term in row.values() if isinstance(term, ox.NamedNode)}
    labels = answer.graph.labels(iris)
    wanted = re.compile(rf"\b{re.escape(fold(word))}\b" if whole else re.escape(fold(word)))

    def speaks(row: Bindings) -> bool:
        texts = (labels.get(str(term.value), "") if isinstance(term, ox.NamedNode) else str(term.value) for term in row.values())
        return any(wanted.search(fold(text)) for text in texts)

    return _only(answer, speaks)


def _only(answer: Answer, chosen: Callable[[Bindings], bool]) -> tuple[Answer, int]:
    kept = [row for row, said in zip(answer.rows, answer.mappings(), strict=True) if chosen(said)]
    if not kept or len(kept) == len(answer.rows):
        return answer, len(kept)
    made = answer.part(0, 0)
    made.__dict__["rows"] = kept
    return made, len(kept)


def within(row: Bindings, first: str, last: str) -> bool:
    """Whether a date of the row may be of that time; a partial one stands for its whole span."""
    days = [term.value for term in row.values() if isinstance(term, ox.Literal) and DAY.fullmatch(term.value)]
    return any(
        day + "-01-01"[len(day) - 4 :] <= last and day + "-12-31"[len(day) - 4 :] >= first
        if len(day) < 10
        else first <= day <= last
        for day in days
    )
