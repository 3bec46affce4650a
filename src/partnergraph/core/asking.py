"""Asking a store what the package itself needs: projections, labels, kinds, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice

import pyoxigraph as ox

from partnergraph.content.folders import Content
from partnergraph.content.queries import ANY, Parameter, Queries, Query
from partnergraph.rdf.names import Names
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, RDFS, Bindings, Term, compact, expand
from partnergraph.stores.engine import BATCH, Engine, nodes
from partnergraph.stores.results import Results
from partnergraph.stores.sandbox.foreign import answer_foreign

LABEL = f"{RDFS}label"
TITLE = f"{PREFIXES['dcterms']}title"
ALIAS = f"{PREFIXES['skos']}altLabel"


class Asking:
    """One store, asked by the queries of the ontology that belongs to it."""

    def __init__(self, engine: Engine, content: Content) -> None:
        self.engine = engine
        self.content = content
        self._kept: dict[str, dict[str, list[Bindings]]] = {}

    def evaluate(self, query: Query, text: str, bindings: Mapping[str, Term]) -> Results:
        """The answer to a query of the ontology, of which ``text`` is what is asked; within limits if it is not trusted."""
        if self.content.trusts(query.path):
            return self.engine.answer(text, bindings)
        return answer_foreign(self.engine, query, text, bindings)

    def project(self, name: str, **bindings: Term) -> Results:
        """The rows of one of the ontology's projections: the SELECTs that this package itself needs."""
        query = self.projections[name]
        return self.evaluate(query, query.text, bindings)

    def project_each(self, name: str, variable: str, iris: Iterable[str]) -> dict[str, list[Bindings]]:
        """The rows of a projection for each of many values of one of its variables, in few queries.

        They are kept: what has been asked for many need not be asked again for one.
        """
        wanted = list(iris)
        kept = self._kept.setdefault(name, {})
        missing = [iri for iri in wanted if iri not in kept]
        kept.update((iri, []) for iri in missing)
        remaining = map(str, nodes(missing))
        while batch := " ".join(islice(remaining, BATCH)):
            # The values stand first, so that the plan begins with them; a bound variable would be evaluated once a value.
            opening = f"WHERE {{ VALUES ?{variable} {{ {batch} }}"
            text = self.projections[name].text.replace("WHERE {", opening, 1)
            for row in self.evaluate(self.projections[name], text, {}).mappings():
                kept[str(row[variable].value)].append(row)
        return {iri: kept[iri] for iri in wanted}

    @cached_property
    def questions(self) -> Queries:
        """The named questions of the ontology, by name."""
        return Queries(self.content.queries("questions"), adapt=self._with_own_defaults)

    def _with_own_defaults(self, query: Query) -> Query:
        """The question with the defaults of this content; what it has not got is asked about nobody in particular."""
        if self.content.is_shipped:
            return query
        return replace(query, parameters=tuple(self._with_own_default(query.name, parameter) for parameter in query.parameters))

    def _with_own_default(self, question: str, parameter: Parameter) -> Parameter:
        own = self.content.default(question, parameter.name)
        if own is not None:
            return replace(parameter, default=own)
        if parameter.default in {None, ANY} or parameter.kind not in {"entity", "house", "claim", "source"}:
            return parameter
        if parameter.kind in {"entity", "house"}:
            known = parameter.default in self.names
        else:
            iri = expand(str(parameter.default), default="claim" if parameter.kind == "claim" else "src")
            known = iri is not None and bool(self.engine.objects([iri], RDF_TYPE))
        return parameter if known else replace(parameter, default=ANY)

    @cached_property
    def projections(self) -> Queries:
        """The projections of the ontology, by name."""
        return Queries(self.content.queries("projections"), self.content.ontology / "projections")

    @cached_property
    def names(self) -> Names:
        """The names of all entities, for resolving what people type."""
        return Names(
            ((str(row["entity"].value), str(row["name"].value)) for row in self.project("names").mappings()), self._identifiers
        )

    def _identifiers(self) -> list[tuple[str, str]]:
        # An ontology of a user's own may be older than this projection.
        rows = self.project("entity-identifiers").mappings() if "entity-identifiers" in self.projections else []
        return [(str(row["entity"].value), str(row["identifier"].value)) for row in rows]

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Label, or title, of each of the IRIs that has one."""
        wanted = list(iris)
        found: dict[str, str] = {}
        for name in (LABEL, TITLE):
            missing = [iri for iri in wanted if iri not in found]
            for iri, terms in self.engine.objects(missing, name).items():
                texts = [term.value for term in terms if isinstance(term, ox.Literal)]
                found.update((iri, text) for text in texts[:1])
        return found

    def names_of(self, entity: str) -> tuple[str, ...]:
        """All names of one entity, what it is usually called first, or its short name; looked up without reading those of others."""
        names: list[str] = []
        for property_ in (LABEL, ALIAS):
            found = self.engine.objects([entity], property_).get(entity, [])
            names += sorted(term.value for term in found if isinstance(term, ox.Literal))
        return tuple(names) or (compact(entity),)

    def kinds(self, iris: Iterable[str]) -> dict[str, str]:
        """The label of the kind of each of the entities or claims."""
        kinds = self.engine.objects(iris, f"{PG}kind")
        stated = {iri: terms[-1].value for iri, terms in kinds.items() if isinstance(terms[-1], ox.NamedNode)}
        labels = self.labels(set(stated.values()))
        return {iri: labels.get(kind_iri, compact(kind_iri)) for iri, kind_iri in stated.items()}
