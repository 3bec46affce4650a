"""What a person means by a word: an entity, a claim, a source, a class, a concept, the values of a question's parameters."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from partnergraph.base.errors import AmbiguousName, ParameterError, UnknownName
from partnergraph.base.texts import is_text
from partnergraph.content.finding import find_questions
from partnergraph.content.queries import ANY, Parameter, Query, explain
from partnergraph.core.asking import Asking
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, XSD, Term, compact, expand

# What says that an entity was merged into another one.
REPLACED = (f"{PREFIXES['dcterms']}isReplacedBy", f"{PREFIXES['owl']}sameAs")


class Lookup(Asking):
    """Finds what is meant in the store; every miss is an UnknownName with the nearest names."""

    def question(self, name: str) -> Query:
        """The named question; raises UnknownName with the nearest ones."""
        if name not in self.questions:
            hint = "'partnergraph ask' lists them"
            nearest = dict.fromkeys(
                [*nearest_names(name, self.questions), *(q.name for q in find_questions(name, self.questions.values()))]
            )
            raise UnknownName("question", name, tuple(nearest)[:3], hint)
        return self.questions[name]

    def bind(self, query: Query, values: Mapping[str, str]) -> dict[str, Term]:
        """The terms that a question's parameters are bound to; a value ``*`` or ``any`` leaves one open."""
        known = {parameter.name for parameter in query.parameters}
        for name in values:
            if name not in known:
                usage = ", ".join(parameter.usage() for parameter in query.parameters) or "none"
                raise ParameterError(query.name, f"has no parameter {name!r}; it takes {usage}")
        bindings: dict[str, Term] = {}
        for parameter in query.parameters:
            value = values.get(parameter.name, parameter.default)
            if value is None:
                raise ParameterError(query.name, f"needs {parameter.usage()}; it takes\n{explain(query.parameters, values)}")
            if self.is_open(parameter, value):
                continue
            try:
                bindings[parameter.name] = self.term(query.name, parameter, value)
            except (UnknownName, AmbiguousName):
                if parameter.name in values:
                    raise
                # Nobody typed it: the shipped content has it, and this one or this view need not.
                raise ParameterError(
                    query.name,
                    f"needs {parameter.name}={parameter.kind.upper()} here: {value!r}, which holds if nothing is given, is not in this content",
                ) from None
        return bindings

    def bound(self, query: Query, values: Mapping[str, str]) -> list[str]:
        """The names of the parameters that are not left open by the values, or where none is given by their defaults."""
        held = query.defaults() | dict(values)
        return [parameter.name for parameter in query.parameters if not self.is_open(parameter, held[parameter.name])]

    def is_open(self, parameter: Parameter, value: str) -> bool:
        """Whether the value leaves the parameter open: ``*``, or ``any`` where no entity is called so."""
        return value == ANY or (value.casefold() == "any" and not (parameter.kind in {"entity", "house"} and value in self.names))

    def term(self, question: str, parameter: Parameter, value: str) -> Term:
        """The term that a person means by ``value``, by the kind of the parameter."""
        match parameter.kind:
            case "entity":
                return ox.NamedNode(self.find_entity(value))
            case "house":
                return self.house_of(self.find_entity(value))
            case "claim":
                return ox.NamedNode(self.find_claim(value))
            case "source":
                return ox.NamedNode(self.find_source(value))
            case "class":
                return ox.NamedNode(self.find_class(value))
            case "concept":
                return ox.NamedNode(self.find_concept(value, parameter.name))
            case "day":
                return _day(question, parameter, value)
            case "number":
                return _number(question, parameter, value)
        if not is_text(value):
            raise ParameterError(question, f"{parameter.name}={value!r} holds bytes that are no text in UTF-8")
        return ox.Literal(value)

    def find_entity(self, name: str) -> str:
        """The IRI of the entity called ``name``, or of that which took its place; raises UnknownName or AmbiguousName with what may be meant."""
        iri = self._entity_called(name)
        seen = {iri}
        # An old short name may stand in somebody's notes for ever.
        while (follower := self._follower(iri)) and follower not in seen:
            seen.add(follower)
            iri = follower
        return iri

    def _follower(self, iri: str) -> str:
        for link in REPLACED:
            for term in self.engine.objects([iri], link).get(iri, []):
                if isinstance(term, ox.NamedNode) and term.value != iri and self.is_a(term.value, "Entity"):
                    return term.value
        return ""

    def _entity_called(self, name: str) -> str:
        if not is_text(name):
            raise UnknownName("entity", name, hint="it holds bytes that are no text in UTF-8")
        # The names of all entities are read only for a name that is not spelled as a label or a short name is.
        exact = f"SELECT DISTINCT ?entity WHERE {{ ?entity rdfs:label {ox.Literal(name)} ; a pg:Entity }}"
        found = [] if "names" in self.__dict__ else self.engine.answer(exact, {}).rows
        if len(found) == 1 and found[0][0] is not None:
            return str(found[0][0].value)
        iri = expand(name)
        if iri is not None and self.is_a(iri, "Entity"):
            return iri
        return self.in_its_place(iri, "entity", name) or self.names.resolve(name)

    def in_its_place(self, iri: str | None, kind: str, name: str) -> str | None:
        """What a retired identifier leads to now; None if it is none. Raises UnknownName with the reason where it was withdrawn."""
        if iri is None or not self.is_a(iri, "Retired"):
            return None
        found = self.engine.objects([iri], REPLACED[0]).get(iri, [])
        if found:
            return str(found[0].value)
        reasons = "SELECT ?reason ?retired WHERE { ?record pg:changes ?retired ; pg:changeReason ?reason } ORDER BY ?reason"
        told = [str(row[0].value) for row in self.engine.answer(reasons, {"retired": ox.NamedNode(iri)}).rows if row[0] is not None]
        raise UnknownName(kind, name, hint=f"it was withdrawn: {' '.join(told) or 'no reason is recorded'}")

    def house_of(self, entity: str) -> ox.NamedNode:
        """The head of the house that an entity belongs to on the day of the view; itself where it belongs to none."""
        found = self.engine.objects([entity], f"{PG}house").get(entity, [])
        return next((house for house in found if isinstance(house, ox.NamedNode)), ox.NamedNode(entity))

    def is_a(self, iri: str, name: str) -> bool:
        """Whether the IRI is of the class of this ontology, such as ``Claim``."""
        return ox.NamedNode(f"{PG}{name}") in self.engine.objects([iri], RDF_TYPE).get(iri, ())

    def find_source(self, name: str) -> str:
        """The IRI of a source by its short name (``src:…`` or without the prefix) or by words of its title."""
        for prefix in ("src", *self.content.prefixes):
            iri = expand(name, default=prefix)
            if iri is not None and self.is_a(iri, "Source"):
                return iri
        iri = expand(name, default="src")
        if later := self.in_its_place(iri, "source", name):
            return later
        titles = {str(row["source"].value): str(row["title"].value) for row in self.project("sources").mappings()}
        hits = [iri for iri, title in titles.items() if fold(name) and fold(name) in fold(title)]
        if len(hits) == 1:
            return hits[0]
        nearest = [compact(hit) for hit in hits[:5]] or nearest_names(name, [compact(iri) for iri in titles])
        raise UnknownName("source", name, tuple(nearest), "give its short name, such as src:seed-004")

    def find_claim(self, name: str) -> str:
        """The IRI of a claim by its short name, with or without the prefix."""
        for prefix in ("claim", *self.content.prefixes):
            iri = expand(name, default=prefix)
            if iri is not None and self.is_a(iri, "Claim"):
                return iri
        iri = expand(name, default="claim")
        if later := self.in_its_place(iri, "claim", name):
            return later
        labels = {str(row["claim"].value): str(row["label"].value) for row in self.project("claims").mappings()}
        shorts = [compact(known).removeprefix("claim:") for known in labels]
        nearest = nearest_names(name.removeprefix("claim:"), shorts)
        raise UnknownName("claim", name, nearest, "'partnergraph show ENTITY' lists the claims of an entity")

    def find_class(self, name: str) -> str:
        """The IRI of a class of the ontology by its short name or label."""
        classes = {str(row["class"].value): str(row["label"].value) for row in self.project("classes").mappings()}
        for iri, label in classes.items():
            if fold(name) in {fold(label), fold(compact(iri)), fold(compact(iri).partition(":")[2])}:
                return iri
        raise UnknownName("class", name, nearest_names(name, classes.values()), "'partnergraph vocabulary' lists them")

    def find_concept(self, name: str, scheme: str = "") -> str:
        """The IRI of a concept of one of the ontology's schemes by its short name or label, such as ``backlog``.

        Where several bear the label, it is that of the scheme whose label begins with ``scheme``, such as ``measure``.
        """
        rows = [{key: str(term.value) for key, term in row.items()} for row in self.project("concepts").mappings()]
        iri = expand(name, default="pg")
        if iri in {row["concept"] for row in rows}:
            return str(iri)
        # Questions call a parameter after the scheme that it takes its concepts from.
        fitting = [row for row in rows if scheme and fold(row["schemeLabel"]).startswith(fold(scheme))]
        for known in (fitting, rows):
            hits = [row["concept"] for row in known if fold(row["label"]) == fold(name)]
            if len(hits) == 1:
                return hits[0]
        nearest = [compact(hit) for hit in hits] or nearest_names(name, [row["label"] for row in fitting or rows])
        raise UnknownName("concept", name, tuple(nearest), "'partnergraph vocabulary' lists them")


def _day(question: str, parameter: Parameter, value: str) -> ox.Literal:
    try:
        return ox.Literal(datetime.date.fromisoformat(value).isoformat(), datatype=ox.NamedNode(f"{XSD}date"))
    except ValueError:
        raise ParameterError(question, f"{parameter.name}={value!r} is no day; write 2024-06-01") from None


def _number(question: str, parameter: Parameter, value: str) -> ox.Literal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ParameterError(question, f"{parameter.name}={value!r} is no number") from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ParameterError(question, f"{parameter.name}={value!r} is out of range")
    return ox.Literal(f"{number:f}", datatype=ox.NamedNode(f"{XSD}decimal"))
