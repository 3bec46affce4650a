"""What a person says of a new claim on the command line, as statements in the words of the ontology."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from partnergraph.base.errors import QueryError, UnknownName
from partnergraph.core.graph import GraphCore
from partnergraph.intake.amounts import Amount, Unreadable, read_amount
from partnergraph.intake.dates import read_day
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PG, PREFIXES, RDFS, XSD, compact
from partnergraph.reading.classcards import ClassCard, Classes

_MONEY = ("amount", "valuation")
# What has a name of its own on the command line.
_SAID_OTHERWISE = {"cites", "attestation", "stage", "date", "begin", "end"}
_DATES = frozenset(f"{XSD}{name}" for name in ("date", "gYear", "gYearMonth"))
_NUMBERS = frozenset(f"{XSD}{name}" for name in ("decimal", "integer", "double"))
# What stands behind a capacity, in megawatts.
_POWER = {"mw": Decimal(1), "gw": Decimal(1000), "kw": Decimal("0.001")}
_YES = {"true": "true", "yes": "true", "false": "false", "no": "false"}


class Saying:
    """Reads NAME=VALUE of a claim of one class; a name is a role or a property of the ontology, with or without ``pg:``."""

    def __init__(self, graph: GraphCore, card: ClassCard, currency: str = "") -> None:
        self._graph = graph
        self._card = card
        self._currency = currency.strip().upper()
        self._roles = Classes(graph).roles
        self._properties = {name.removeprefix("pg:") for name, _, _ in card.properties} - _SAID_OTHERWISE
        self._ranged = {name[:-3] for name in self._properties if name.endswith("Min") and f"{name[:-3]}Max" in self._properties}

    def lines(self, given: Mapping[str, Sequence[str]]) -> list[str]:
        """The statements; raises QueryError where a name or a value means nothing."""
        said = [line for key, values in given.items() for line in self._said(key.removeprefix("pg:"), values)]
        if "stake" in given and "stakeBasis" not in given:
            said.append("pg:stakeBasis pg:basis-unspecified")
        codes = list(dict.fromkeys(line for line in said if line.startswith("pg:currency ")))
        if len(codes) > 1:
            raise QueryError("a claim has one currency; say the other sum in a claim of its own")
        return [line for line in said if not line.startswith("pg:currency ")] + codes

    def _said(self, key: str, values: Sequence[str]) -> list[str]:
        if f"pg:{key}" in self._roles:
            parties = ", ".join(dict.fromkeys(entity(self._graph, value) for value in values))
            return [f"pg:{key} {parties}"]
        if len(values) > 1 and key not in {"contradicts", "scope"}:
            raise QueryError(f"{key} is said {len(values)} times; say it once")
        if key in _MONEY:
            return self._money(key, values[0])
        if key in self._ranged:
            return self._range(key, values[0])
        if key not in self._properties:
            raise QueryError(self._unknown(key))
        return [f"pg:{key} {', '.join(dict.fromkeys(self._value(key, value) for value in values))}"]

    def _unknown(self, key: str) -> str:
        near = nearest_names(key, [*self._ranged, *self._properties, *(name.removeprefix("pg:") for name in self._roles)])
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        return f"nobody knows what {key!r} means of {self._card.label}; {meant}'partnergraph new claim --as {self._card.name}' lists what it takes"

    def _money(self, key: str, text: str) -> list[str]:
        if key == "amount" and not self._card.is_money and _is_right(self._graph, self._card):
            raise QueryError(
                f"nobody pays by {self._card.label}: say threshold, cap, backstop or option, or put the amount on the deal"
            )
        try:
            found = read_amount(text, unit="one", currency=self._currency)
        except Unreadable as error:
            raise QueryError(f"{key}: {str(error).partition('; say --')[0]}; write it like 1.5bn USD") from None
        if found.undisclosed:
            if key != "amount":
                raise QueryError(f"{key}: leave out what is not disclosed")
            return ["pg:amountUndisclosed true"]
        return [*_ends(key, found, Decimal(1)), f"pg:currency {json.dumps(found.currency)}"]

    def _range(self, key: str, text: str) -> list[str]:
        unit = re.search(r"(?<=[\d\s])(mw|gw|kw|%|per ?cent)\s*$", text.strip(), re.IGNORECASE)
        if (
            unit
            and not (key == "capacity" and unit[1].lower() in _POWER)
            and not (key == "stake" and unit[1].lower() not in _POWER)
        ):
            raise QueryError(f"{key}: say {unit[1]!r} as the unit, such as unit=percent")
        bare = text.strip()[: unit.start()] if unit else text.strip()
        try:
            found = read_amount(bare, unit="one", currency="USD", decimal=".")
        except Unreadable:
            found = Amount()
        if (found.least is None and found.greatest is None) or found.notes:
            sort = (
                "share; write it like 12.5% or about 11%"
                if key == "stake"
                else "number; write it like 60000, about 60000, up to 12.5 or 10-15"
            )
            raise QueryError(f"{key}: {text!r} is no {sort}")
        if key == "stake" and max(found.least or 0, found.greatest or 0) > 100:
            raise QueryError(f"stake: {text!r} is no share; write it like 12.5% or about 11%")
        return _ends(key, found, _POWER.get(unit[1].lower(), Decimal(1)) if unit else Decimal(1))

    def _value(self, key: str, text: str) -> str:
        iri = f"{PG}{key}"
        kind = next((str(term.value) for term in self._graph.engine.objects([iri], f"{RDFS}range").get(iri, ())), "")
        if kind == f"{PREFIXES['skos']}Concept":
            return compact(self._graph.find_concept(self._named_for(key, text), key))
        if kind == f"{PG}Claim":
            return compact(self._graph.find_claim(text))
        if kind == f"{XSD}boolean":
            if text.strip().lower() not in _YES:
                raise QueryError(f"{key} is yes or no, not {text!r}")
            return _YES[text.strip().lower()]
        if kind in _DATES or key in {"dueDate", "agreedEnd"}:
            return dated(key, text)
        if kind in _NUMBERS:
            if not re.fullmatch(r"\d+(\.\d+)?", text.strip()):
                raise QueryError(f"{key}: {text!r} is no plain number")
            return text.strip()
        return json.dumps(text, ensure_ascii=False)

    def _named_for(self, key: str, text: str) -> str:
        """The name of a concept as it stands, or with the word that all of its list begin with: ``gpus`` as ``measure-gpus``."""
        named = f"pg:{key}-{text.strip().lower().replace(' ', '-')}"
        try:
            return str(self._graph.find_concept(named)) if re.fullmatch(r"pg:[\w-]+", named) else text
        except UnknownName:
            return text


def _ends(key: str, found: Amount, factor: Decimal) -> list[str]:
    lines = [f"pg:{key}Approximate true"] * found.approximate
    lines += [f"pg:{key}Max {_plain(found.greatest * factor)}"] if found.greatest is not None else []
    return lines + ([f"pg:{key}Min {_plain(found.least * factor)}"] if found.least is not None else [])


def _plain(value: Decimal) -> str:
    return f"{value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize():f}"


def _is_right(graph: GraphCore, card: ClassCard) -> bool:
    """Whether claims of the class say what one may do, so that no money moves by them."""
    iri, seen = [f"{PG}{card.name.removeprefix('pg:')}"], set[str]()
    while iri and not seen.issuperset(iri):
        seen |= set(iri)
        wider = graph.engine.objects(iri, f"{RDFS}subClassOf")
        iri = [str(term.value) for terms in wider.values() for term in terms]
    return f"{PG}Right" in seen


def entity(graph: GraphCore, name: str) -> str:
    """The short name of an entity that a person names; raises QueryError that says how to add one that is not there."""
    try:
        return compact(graph.find_entity(name))
    except UnknownName as error:
        raise QueryError(
            f"{error}; is it new? partnergraph new entity {json.dumps(name, ensure_ascii=False)} --write FILE"
        ) from None


def dated(key: str, text: str) -> str:
    """A day, month or year with the datatype of its precision."""
    try:
        day = read_day(text)
    except Unreadable as error:
        # There is no --dates here, so that the one repair is to write the day plainly.
        raise QueryError(
            f"{key}: {str(error).partition('; say --dates')[0].partition('; write')[0]}; write 2024-06-01, 2024-06 or 2024"
        ) from None
    if day is None:
        raise QueryError(f"{key}: {text!r} is no date; write 2024-06-01, 2024-06 or 2024")
    return f'"{day.text}"^^{day.datatype}'
