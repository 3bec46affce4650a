"""Answers narrowed to what a sentence names beside the parameters: rows that name somebody, rows of a time, rows that speak of a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.content.queries import ANY
from partnergraph.rdf.terms import PG, PREFIXES, Bindings
from partnergraph.reading.asked import grouped, said
from partnergraph.reading.fitting import tester
from partnergraph.reading.forms import by_size, ranks, told_of
from partnergraph.reading.measures import measure_words
from partnergraph.reading.rows import none_of, only, size, within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from partnergraph.rdf.terms import Term
    from partnergraph.reading.answers import Answer
    from partnergraph.reading.asked import Reading


PARTICIPLE = re.compile(r"(?:ed|en|ing)$")
# What is called so is a chip or model, and others of its maker are not it.
MODEL = re.compile(r"[A-Z]{1,4}[0-9]{2,4}")
# One of several that are counted, such as Series B.
_NUMBERED = re.compile(r" (?:[A-Z]|\d+)$")
# How a word may end.
FORMS = r"(?:e?s|e?d|ing|ers?|ors?|ments?|ions?)?"


def narrowed(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    """The rows that are wanted, and what to say of that; all where none is so, unless the question is about nobody named."""
    told: list[str] = []
    if not len(answer):
        return answer, told
    for step in (_of_names, _but_not, _of_measures, _of_kinds, _of_time, _of_constraints):
        answer, said = step(answer, asked)
        told += said
    for word in asked.rest if len(answer) else ():
        answer, said = _of_rest(answer, word, asked)
        told += said
    for title in asked.titles if len(answer) else ():
        total = size(answer)
        answer, kept = speaking_of(answer, title, whole=True)
        told += [] if kept or not _NUMBERED.search(title) else [f"No row speaks of {clean(title)}; this is without it."]
        told += [f"{kept} of {total} rows speak of {clean(title)}: these are shown."] if 0 < kept < total else []
    titled = {word for title in asked.titles for word in title.split()}
    for word in (one for one in (*asked.speaking, *asked.strange) if one not in titled):
        answer, said = _of_word(answer, word, asked)
        told += said
    if answer.question and "beside" in answer.question.header:
        told += _missing(answer, asked.either)
    if ranks(answer, asked):
        answer, said = by_size(answer, asked.most, smallest=asked.smallest)
        told += said
    formed = told_of(answer, asked) if len(answer) else []
    answer.spoken = answer.spoken or bool(formed)
    return answer, [*told, *formed]


def _missing(answer: Answer, names: Sequence[str]) -> list[str]:
    """Of whom of those who are compared there is nothing, and which house may have it."""
    told = []
    for name in names:
        iri = answer.graph.find_entity(name)
        if any(ox.NamedNode(iri) in row.values() for row in answer.mappings()):
            continue
        house = answer.graph.house_of(iri)
        label = clean(answer.graph.names.label.get(house.value, ""))
        rest = f" by itself; it belongs to {label}, which sums name" if house.value != iri else ""
        told.append(f"None of these is stated of {clean(name)}{rest}.")
    return told


def _of_word(answer: Answer, word: str, asked: Reading) -> tuple[Answer, list[str]]:
    total = size(answer)
    strange = word in asked.strange
    answer, kept = speaking_of(answer, word, whole=strange)
    if kept:
        return answer, [f"{kept} of {total} rows speak of {word}."]
    if not strange:
        return answer, [] if word.islower() or not total else [f"No row speaks of {clean(word)}; this is without it."]
    said = f"Nothing here is called {clean(word)}, and no row speaks of it"
    if not MODEL.fullmatch(word) and (asked.naming or asked.kinds or asked.constraints or not _all_open(answer)):
        return answer, [f"{said}; this is without it."]
    return none_of(answer), [f"{said}{_all_rows(answer)}."]


def _of_rest(answer: Answer, word: str, asked: Reading) -> tuple[Answer, list[str]]:
    total = size(answer)
    narrow, kept = speaking_of(answer, re.sub(r"(?:s|ed|ing)$", "", word), forms=True)
    if kept and PARTICIPLE.search(word):
        # What is done is said in many words: that a row has another is no sign.
        return answer, [f"{kept} of {total} rows speak of {word}."] if kept < total else []
    if kept:
        return narrow, [f"{kept} of {total} rows speak of {word}."] if kept < total else []
    return answer, [f"No row speaks of {clean(word)}; this is without it."] if word in asked.unknown else []


def _of_names(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    if not asked.naming:
        return answer, []
    total = size(answer)
    groups = grouped(asked.naming, asked.either)
    narrow, met, kept = naming(answer, groups)
    if met == len(groups):
        narrow = _acting(narrow, asked)
        kept = size(narrow)
        return narrow, [f"{kept} of {total} rows name {said(groups)}: these are shown."]
    if refutes(answer, met):
        return answer, [f"No: nothing of it names {' or '.join(asked.naming)}; what was so is shown."]
    loose = grouped(asked.naming, asked.joined)
    narrow, most, kept = naming(answer, loose)
    if most == len(loose) and asked.joined:
        told = f"No row names {said(groups)} together; the {kept} of {total} rows that name {said(loose)} are shown."
        return narrow, [told]
    if met:
        return rarest(answer, asked.naming)
    if _all_open(answer):
        # Rows about others are no answer.
        return none_of(answer), [f"No row of this question names {' or '.join(asked.naming)}{_all_rows(answer)}."]
    return answer, [f"No row names {' or '.join(asked.naming)}; this is without it."]


def _acting(answer: Answer, asked: Reading) -> Answer:
    """The rows in which those who act stand elsewhere than in the place that the question asks for; all where none is so."""
    places = {one.name for one in (answer.question.parameters if answer.question else ()) if one.kind in ("entity", "house")}
    if not asked.acting or asked.beyond or not places:
        return answer
    columns = [name for name in answer.columns if name not in (*places, "claim", "claims", "partOf", "endedBy")]
    iris = {str(row[name].value) for row in answer.mappings() for name in columns if isinstance(row.get(name), ox.NamedNode)}
    houses = answer.graph.engine.objects(sorted(iris), f"{PG}house")
    for name in asked.acting:
        wanted = answer.graph.find_entity(name)
        fitting = {iri for iri in iris if iri == wanted or any(str(term.value) == wanted for term in houses.get(iri, ()))}
        claims = {claim for row in answer.mappings() for claim in _claim(row) if _stands(row, columns, fitting)}
        # Who else takes part in a claim stays beside him.
        answer, _ = only(answer, partial(_is_of, claims))
    return answer


def _stands(row: Bindings, columns: Sequence[str], iris: set[str]) -> bool:
    return any(str(row[name].value) in iris for name in columns if name in row)


def _is_of(claims: set[str], row: Bindings) -> bool:
    return not claims.isdisjoint(_claim(row))


def _all_open(answer: Answer) -> bool:
    """Whether the question is about nobody who was named."""
    places = [one for one in (answer.question.parameters if answer.question else ()) if one.kind in ("entity", "house")]
    return bool(places) and all(answer.graph.is_open(one, answer.values.get(one.name, ANY)) for one in places)


def _all_rows(answer: Answer) -> str:
    return f"; its {size(answer)} rows: partnergraph ask {answer.question.name}" if answer.question and len(answer) else ""


def _but_not(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    if not asked.without:
        return answer, []
    who = " or ".join(asked.without)
    total = size(answer)
    answer, kept = only(answer, lambda row: not _named_in(answer, asked.without)(row))
    return answer, [f"{kept} of {total} rows do not name {who}: these are shown." if kept else f"All rows name {who}."]


def _of_measures(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    if not asked.measures:
        return answer, []
    wanted = {ox.NamedNode(name.replace("pg:", PG)) for name in asked.measures}
    total = size(answer)
    answer, kept = only(answer, lambda row: row.get("measure") in wanted)
    what = " or ".join(measure_words(asked.measures))
    narrow, speaking = (answer, 0) if kept else speaking_of(answer, tuple(measure_words(asked.measures)), columns=("measure",))
    if speaking:
        # What is a share of it is no measure of it, and speaks of it.
        return narrow, [f"{speaking} of {total} rows speak of {what}."] if speaking < total else []
    return answer, [f"{kept} of {total} rows are of {what}." if kept else f"No row is of {what}; this is without it."]


def _of_kinds(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    told = []
    for column, words in asked.kinds:
        total = size(answer)
        answer, kept = speaking_of(answer, words, columns=(column,))
        said = " or ".join(words)
        told.append(f"{kept} of {total} rows say {said}: these are shown." if kept else f"No row says {said}; this is without it.")
    return answer, told


def _of_constraints(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    told = []
    if asked.kind:
        fitting = tester(answer, asked.kind)
        answer, kept = only(answer, fitting) if fitting else (answer, 0)
        told += [] if kept or asked.form.count or not asked.kind.exact else [f"No row names {asked.kind.said}; this is without it."]
    for constraint in asked.constraints:
        total = size(answer)
        chosen = tester(answer, constraint)
        if not chosen:
            told.append(f"No row says whether it is {constraint.said}; this is without it.")
            continue
        answer, kept = only(answer, chosen)
        told.append(
            f"{kept} of {total} rows {'is' if kept == 1 else 'are'} {constraint.said}: {'it is' if kept == 1 else 'these are'} shown."
            if kept
            else f"None of the {total} rows is {constraint.said}; this is without it."
        )
    return answer, told


def _of_time(answer: Answer, asked: Reading) -> tuple[Answer, list[str]]:
    if not asked.span:
        return answer, []
    first, last = asked.span
    total = size(answer)
    answer, kept = only(answer, lambda row: within(row, first, last))
    return answer, [f"{kept} of {total} rows are of that time." if kept else "No row has a date of that time; this is without it."]


def refutes(answer: Answer, met: int) -> bool:
    """Whether an answer that names nobody of those asked for says no: the question asks whether something is so."""
    return not met and len(answer) > 0 and answer.question is not None and "otherwise" in answer.question.header


def naming(answer: Answer, groups: Sequence[tuple[str, ...]]) -> tuple[Answer, int, int]:
    """The rows in which, or in whose claims, most of the groups are named by one of theirs; how many groups, and how many rows they are."""
    tests = [[_named_in(answer, (name,)) for name in group] for group in groups]
    counts = [sum(any(test(row) for test in each) for each in tests) for row in answer.mappings()]
    met = max(counts, default=0)
    if not met:
        return answer, 0, 0
    chosen = iter([count == met for count in counts])
    answer, kept = only(answer, lambda _: next(chosen))
    return answer, met, kept


def rarest(answer: Answer, names: tuple[str, ...]) -> tuple[Answer, list[str]]:
    """The rows of that name which fewest rows have, where none has all: of the others there is no news in them."""
    total = size(answer)
    found = []
    for name in names:
        narrow, met, kept = naming(answer, [(name,)])
        if met:
            found.append((kept, name, narrow))
    kept, name, narrow = min(found, key=lambda one: one[0])
    return narrow, [f"No row names {' and '.join(names)} together; the {kept} of {total} rows that name {name} are shown."]


def _named_in(answer: Answer, names: Sequence[str]) -> Callable[[Bindings], bool]:
    """Whether a row or its claim names one of the entities; where none does, any of its claims, and then a unit or product of their houses."""
    wanted = {ox.NamedNode(answer.graph.find_entity(name)) for name in names}
    rows = list(answer.mappings())
    for claims_of in (_claim, _claims):
        parties = answer.graph.engine.objects(sorted({iri for row in rows for iri in claims_of(row)}), f"{PG}party")

        def named(
            row: Bindings, claims_of: Callable[[Bindings], list[str]] = claims_of, parties: Mapping[str, Sequence[Term]] = parties
        ) -> bool:
            return not wanted.isdisjoint(row.values()) or any(not wanted.isdisjoint(parties.get(one, ())) for one in claims_of(row))

        if any(map(named, rows)):
            return named
    held = [*(term for row in rows for term in row.values()), *(term for terms in parties.values() for term in terms)]
    iris = sorted({term.value for term in held if isinstance(term, ox.NamedNode)})
    houses = answer.graph.engine.objects(iris, f"{PG}house")
    wanted |= {ox.NamedNode(iri) for iri in iris if not wanted.isdisjoint(houses.get(iri, ()))}
    return named


def _claim(row: Bindings) -> list[str]:
    return [str(row["claim"].value)] if "claim" in row and str(row["claim"].value).startswith(PREFIXES["claim"]) else []


def _claims(row: Bindings) -> list[str]:
    """All claims that a row rests on or is held against."""
    told = (str(row[name].value) for name in ("claim", "claims", "other") if name in row)
    return [iri for text in told for iri in text.split() if iri.startswith(PREFIXES["claim"])]


def speaking_of(
    answer: Answer, words: str | tuple[str, ...], *, whole: bool = False, forms: bool = False, columns: tuple[str, ...] = ()
) -> tuple[Answer, int]:
    """The rows in which a word begins so, in these columns or in any; ``whole`` does not take H200 for H20, as HBM is in HBM3e."""
    iris = {str(term.value) for row in answer.mappings() for term in row.values() if isinstance(term, ox.NamedNode)}
    labels = answer.graph.labels(iris)
    each = "|".join(re.escape(word.casefold()) for word in ([words] if isinstance(words, str) else words))
    wanted = re.compile(rf"\b(?:{each})" + FORMS * forms + r"\b" * (whole or forms))

    def speaks(row: Bindings) -> bool:
        terms = [row[name] for name in columns if name in row] if columns else row.values()
        texts = (labels.get(str(term.value), "") if isinstance(term, ox.NamedNode) else str(term.value) for term in terms)
        return any(wanted.search(text.casefold()) for text in texts)

    return only(answer, speaks)
