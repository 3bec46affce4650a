"""Answers narrowed to what a sentence names beside the parameters: rows that name somebody, rows of a time, rows that speak of a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PG, PREFIXES, Bindings

if TYPE_CHECKING:
    from partnergraph.reading.answers import Answer
    from partnergraph.reading.understanding import Reading

DATES = ("date", "begin", "end", "issued", "dueDate")


def narrowed(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    """The rows that name one of the entities, are of the time and speak of the words, and what to say of that; all where none is so."""
    told: list[str] = []
    if asked.naming:
        who = " or ".join(asked.naming)
        total = len(answer)
        answer, kept = naming(answer, asked.naming)
        told.append(f"{kept} of {total} rows name {who}: these are shown." if kept else f"No row names {who}; all are shown.")
    if asked.span:
        first, last = asked.span
        total = len(answer)
        answer, kept = _only(answer, lambda row: within(row, first, last))
        told.append(f"{kept} of {total} rows are of that time." if kept else "No row has a date of that time; all are shown.")
    for word in asked.speaking:
        total = len(answer)
        answer, kept = _speaking(answer, word)
        told += [f"{kept} of {total} rows speak of {word}."] if kept else []
    return answer, told


def naming(answer: Answer, names: tuple[str, ...]) -> tuple[Answer, int]:
    """The rows in which, or in whose claims, one of the entities is named, and how many they are."""
    wanted = {ox.NamedNode(answer.graph.find_entity(name)) for name in names}
    claims = {iri for row in answer.mappings() for iri in _claims(row)}
    parties = answer.graph.engine.objects(sorted(claims), f"{PG}party")

    def named(row: Bindings) -> bool:
        return not wanted.isdisjoint(row.values()) or any(not wanted.isdisjoint(parties.get(claim, ())) for claim in _claims(row))

    return _only(answer, named)


def _claims(row: Bindings) -> list[str]:
    return [str(row["claim"].value)] if "claim" in row and str(row["claim"].value).startswith(PREFIXES["claim"]) else []


def _speaking(answer: Answer, word: str) -> tuple[Answer, int]:
    iris = {str(term.value) for row in answer.mappings() for term in row.values() if isinstance(term, ox.NamedNode)}
    labels = answer.graph.labels(iris)
    wanted = fold(word)

    def speaks(row: Bindings) -> bool:
        texts = (labels.get(str(term.value), "") if isinstance(term, ox.NamedNode) else str(term.value) for term in row.values())
        return any(wanted in fold(text) for text in texts)

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
    days = [str(row[name].value) for name in DATES if name in row]
    return any(
        day + "-01-01"[len(day) - 4 :] <= last and day + "-12-31"[len(day) - 4 :] >= first
        if len(day) < 10
        else first <= day <= last
        for day in days
    )
