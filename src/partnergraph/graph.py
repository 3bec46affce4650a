"""The graph: content loaded into a store, asked by SPARQL or by named questions."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.answers import Answer, Term
from partnergraph.content import Content, find_content
from partnergraph.engine import BATCH, Embedded, Engine, nodes
from partnergraph.errors import ParameterError, UnknownName
from partnergraph.guard import check_query
from partnergraph.limits import Limits
from partnergraph.queries import ANY, Parameter, Queries, Query, explain, find_questions
from partnergraph.readable import interval
from partnergraph.views import View, make_view
from partnergraph.vocabulary import PG, PREFIXES, RDF_TYPE, XSD, Names, compact, expand, fold, nearest_names

if TYPE_CHECKING:
    import networkx as nx
    import rdflib
    from pyvis.network import Network as PyvisNetwork

    from partnergraph.cards import ClaimCard
    from partnergraph.entities import Entity
    from partnergraph.explorer.maps import Map
    from partnergraph.http import Server
    from partnergraph.selection import Index


def load(folder: Path | str | None = None) -> Graph:
    """The graph of the shipped content, or of the content in ``folder``.

    >>> graph = load()
    >>> bool(graph.query("ASK { ent:openai a pg:ResearchLab }"))
    True
    """
    from partnergraph.store import load_store

    content = find_content(Path(folder) if folder is not None else None)
    return Graph(Embedded(load_store(content)), content)


def _restricted(graph: Graph, view: View, combined: View, since: int) -> Graph:
    from partnergraph.selection import restrict
    from partnergraph.store import derive

    store, index = restrict(graph.local, view)
    derive(store, graph.content, since)
    made = Graph(Embedded(store), graph.content, combined, graph.whole, graph.version)
    made.index = index
    return made


def open_built(folder: Path | str, content: Path | str | None = None, *, whole: bool = False) -> Graph:
    """The graph of a store on disk that ``partnergraph build`` has built; any number of processes may have it open.

    With ``content``, a folder of content, the store must have been built from that as it is now. ``whole`` says that
    most of it will be read, for which it is copied into memory where it fits.
    Raises StoreError where there is no store, or one of another version or content.
    """
    from partnergraph.built import check_content, open_store, read_manifest, read_quads, worth_memory

    found = find_content(Path(content) if content is not None else None)
    manifest = read_manifest(Path(folder))
    if content is not None:
        check_content(Path(folder), manifest, found)
    if whole and worth_memory(Path(folder), manifest):
        return Graph(Embedded(read_quads(Path(folder), manifest)), found, version=manifest.content)
    store, path = open_store(Path(folder), manifest)
    return Graph(Embedded(store, path), found, version=manifest.content)


def connect(url: str, graph: str | None = None, server: Server | None = None) -> Graph:
    """The graph on a SPARQL 1.1 server, asked as one of our own; ``graph`` names the one of its graphs that is meant.

    ``server`` says how it is spoken to. Credentials come from the environment: PARTNERGRAPH_TOKEN, or
    PARTNERGRAPH_USER and PARTNERGRAPH_PASSWORD.
    Questions and projections are those of this package; a view is made from a copy of the triples.
    """
    from partnergraph.endpoint import Endpoint

    return Graph(Endpoint(url, graph, server), find_content(), version=f"at {url}")


class Graph:
    """Sourced claims about entities in one store; everything is in the default graph.

    ``limits`` are those of the queries that users write.
    """

    def __init__(
        self, engine: Engine, content: Content, view: View | None = None, whole: Graph | None = None, version: str | None = None
    ) -> None:
        self.engine = engine
        self.content = content
        self.view = view or View()
        self.whole = whole or self
        self._version = version
        self._kept: dict[str, dict[str, list[dict[str, Term]]]] = {}
        self.limits: Limits = whole.limits if whole else Limits()

    def __repr__(self) -> str:
        return f"<partnergraph.Graph of {len(self.store):,} triples, content {self.version}, {self.view}>"

    def _repr_html_(self) -> str:
        from partnergraph.notebook import graph_html

        return graph_html(self)

    @property
    def store(self) -> ox.Store:
        """The Oxigraph store itself, for those who know it; ``query`` need not see what is changed in it."""
        return self.engine.store

    @cached_property
    def version(self) -> str:
        """The version of the content: changes with any byte of ontology or data."""
        return self._version or self.content.version

    def at(
        self,
        as_of: str | datetime.date | None = None,
        known_by: str | datetime.date | None = None,
        attested: str | None = None,
        sources: str | None = None,
        *,
        undated: bool = False,
    ) -> Graph:
        """The graph restricted to a view: a Graph of its own, asked in the same way.

        ``as_of``: claims in force on a day; ``known_by``: published by a day; ``attested``: attested at least
        so well; ``sources``: resting on sources of at least a tier. docs/views.md has the exact meaning.

        >>> load().at(as_of="2018-01-01").view.as_of
        datetime.date(2018, 1, 1)
        """
        view = make_view(as_of, known_by, attested, sources, undated=undated)
        if view == View():
            return self
        from partnergraph.selection import RULES_OF_A_DAY, RULES_OF_A_VIEW

        combined = self.view & view
        # Which version is preferred does not depend on the day, so the day comes last.
        lasting = replace(combined, as_of=None)
        base = self if self.view == lasting else self.whole
        if base.view != lasting:
            base = _restricted(base, lasting, lasting, RULES_OF_A_VIEW)
        return _restricted(base, View(as_of=combined.as_of), combined, RULES_OF_A_DAY) if combined.as_of else base

    @cached_property
    def local(self) -> Graph:
        """The graph in this process: itself, or for one on a server a copy, which is made once."""
        if isinstance(self.engine, Embedded):
            return self
        return Graph(Embedded(self.store), self.content, self.view, version=self._version)

    def query(self, sparql: str, **bindings: Term) -> Answer:
        """The answer to any SPARQL 1.1 query; the prefixes of this project need not be declared.

        ``bindings`` bind variables of the query to terms. The query runs within ``limits`` in a process that
        is ended at the limit: QueryTimeout, AnswerTooLarge or QueryDied say so. Raises RefusedQuery for what would reach
        the network or files or change the graph, and QueryError with line and column for what is not SPARQL.
        """
        check_query(sparql)
        return self.engine.bounded(sparql, bindings, self.limits).of(self)

    def ask(self, question: str, **values: str) -> Answer:
        """The answer to a named question, with its parameters as people write them.

        >>> load().ask("investments-in", entity="OpenAI").columns[:2]
        ('claim', 'investor')
        """
        query = self.question(question)
        return self.engine.answer(query.text, self.bind(query, values)).of(self, query, values)

    def entity(self, name: str) -> Entity:
        """The entity that bears the name: its claims, and its card.

        >>> load().entity("open ai")
        <research lab OpenAI · ent:openai>
        """
        from partnergraph.entities import Entity

        return Entity(self, self.find_entity(name))

    def claim(self, name: str) -> ClaimCard:
        """The card of the claim with the short name: what it says, its sources, who contradicts it."""
        from partnergraph.cards import read_claim

        return read_claim(self, self.find_claim(name))

    def question(self, name: str) -> Query:
        """The named question; raises UnknownName with the nearest ones."""
        if name not in self.questions:
            hint = "'partnergraph ask' lists them"
            nearest = dict.fromkeys(
                [*nearest_names(name, self.questions), *(q.name for q in find_questions(name, self.questions.values()))]
            )
            raise UnknownName("question", name, tuple(nearest)[:3], hint)
        return self.questions[name]

    def project(self, name: str, **bindings: Term) -> Answer:
        """The rows of one of the ontology's projections: the SELECTs that this package itself needs."""
        return self.engine.answer(self.projections[name].text, bindings)

    def project_each(self, name: str, variable: str, iris: Iterable[str]) -> dict[str, list[dict[str, Term]]]:
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
            for row in self.engine.answer(text, {}).mappings():
                kept[str(row[variable].value)].append(row)
        return {iri: kept[iri] for iri in wanted}

    @cached_property
    def questions(self) -> Queries:
        """The named questions of the ontology, by name."""
        return Queries(self.content.queries("questions"))

    @cached_property
    def projections(self) -> Queries:
        """The projections of the ontology, by name."""
        return Queries(self.content.queries("projections"))

    @cached_property
    def names(self) -> Names:
        """The names of all entities, for resolving what people type."""
        return Names((str(row["entity"].value), str(row["name"].value)) for row in self.project("names").mappings())

    @cached_property
    def index(self) -> Index:
        """What decides which claims are in a view of this graph."""
        from partnergraph.selection import read_index

        return read_index(self)

    @cached_property
    def rdflib(self) -> rdflib.Dataset:
        """The same triples as an ``rdflib.Dataset``, read from the same store without copying."""
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        dataset = Dataset(store=OxigraphStore(store=self.store), default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, replace=True)
        return dataset

    def network(self, families: Collection[str] = (), kinds: Collection[str] = ()) -> nx.MultiDiGraph:
        """The entities joined by claims, as a networkx graph; of all families and kinds, or of some by their labels.

        >>> load().network(families=["money"]).has_edge("ent:microsoft", "ent:openai", "claim:microsoft-openai-2019-investment")
        True
        """
        from partnergraph.network import make_network

        return make_network(self, families, kinds)

    def map(  # noqa: PLR0913  # each is one way to open a page
        self,
        *,
        focus: str | None = None,
        path: tuple[str, str] | None = None,
        loops: bool = False,
        families: Collection[str] = (),
        compare: tuple[str | datetime.date, str | datetime.date] | None = None,
        title: str | None = None,
        like: Path | str | None = None,
    ) -> Map:
        """The interactive map: shows itself in a notebook, ``write(path)`` makes one offline HTML file of it.

        ``focus`` shows what is around an entity, ``path`` the ways between two, ``loops`` loops of money,
        ``families`` some relations only, ``compare`` what began and ended between two days. With ``like``
        entities stand where they stand on a page that was written earlier.
        """
        from partnergraph.explorer.maps import Map
        from partnergraph.explorer.purposes import purpose

        wanted = purpose(self, focus=focus, path=path, loops=loops, families=families, compare=compare, title=title)
        return Map(self, wanted, None if like is None else Path(like))

    def pyvis(self) -> PyvisNetwork:
        """The entities and their links as an ordinary ``pyvis.network.Network``, to go on from there."""
        from partnergraph.explorer.plain import make_pyvis

        return make_pyvis(self)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Label, or title, of each of the IRIs that has one."""
        wanted = list(iris)
        found: dict[str, str] = {}
        for name in ("http://www.w3.org/2000/01/rdf-schema#label", "http://purl.org/dc/terms/title"):
            missing = [iri for iri in wanted if iri not in found]
            for iri, terms in self.engine.objects(missing, name).items():
                texts = [term.value for term in terms if isinstance(term, ox.Literal)]
                found.update((iri, text) for text in texts[:1])
        return found

    def names_of(self, entity: str) -> tuple[str, ...]:
        """All names of one entity, what it is usually called first, or its short name; looked up without reading those of others."""
        names: list[str] = []
        for property_ in ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#altLabel"):
            found = self.engine.objects([entity], property_).get(entity, [])
            names += sorted(term.value for term in found if isinstance(term, ox.Literal))
        return tuple(names) or (compact(entity),)

    def intervals(self, claims: Iterable[str]) -> dict[str, str]:
        """When each of the claims holds, in words as precise as known."""
        whens = {row["claim"].value: row for row in self.project("whens").mappings()}
        return {claim: interval(whens.get(claim, {})) for claim in claims}

    def kinds(self, iris: Iterable[str]) -> dict[str, str]:
        """The label of the kind of each of the entities or claims."""
        kinds = self.engine.objects(iris, f"{PREFIXES['pg']}kind")
        stated = {iri: terms[-1].value for iri, terms in kinds.items() if isinstance(terms[-1], ox.NamedNode)}
        labels = self.labels(set(stated.values()))
        return {iri: labels.get(kind_iri, compact(kind_iri)) for iri, kind_iri in stated.items()}

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
            if not self.is_open(parameter, value):
                bindings[parameter.name] = self.term(query.name, parameter, value)
        return bindings

    def bound(self, query: Query, values: Mapping[str, str]) -> list[str]:
        """The names of the parameters that are not left open by the values, or where none is given by their defaults."""
        held = query.defaults() | dict(values)
        return [parameter.name for parameter in query.parameters if not self.is_open(parameter, held[parameter.name])]

    def is_open(self, parameter: Parameter, value: str) -> bool:
        """Whether the value leaves the parameter open: ``*``, or ``any`` where no entity is called so."""
        return value == ANY or (value.casefold() == "any" and not (parameter.kind == "entity" and value in self.names))

    def term(self, question: str, parameter: Parameter, value: str) -> Term:
        """The term that a person means by ``value``, by the kind of the parameter."""
        match parameter.kind:
            case "entity":
                return ox.NamedNode(self.find_entity(value))
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
        return ox.Literal(value)

    def find_entity(self, name: str) -> str:
        """The IRI of the entity called ``name``; raises UnknownName or AmbiguousName with what may be meant."""
        # The names of all entities are read only for a name that is not spelled as a label or a short name is.
        exact = f"SELECT DISTINCT ?entity WHERE {{ ?entity rdfs:label {ox.Literal(name)} ; a pg:Entity }}"
        found = [] if "names" in self.__dict__ else self.engine.answer(exact, {}).rows
        if len(found) == 1 and found[0][0] is not None:
            return str(found[0][0].value)
        iri = expand(name)
        if iri is not None and self.is_a(iri, "Entity"):
            return iri
        return self.names.resolve(name)

    def is_a(self, iri: str, name: str) -> bool:
        """Whether the IRI is of the class of this ontology, such as ``Claim``."""
        return ox.NamedNode(f"{PG}{name}") in self.engine.objects([iri], RDF_TYPE).get(iri, ())

    def find_source(self, name: str) -> str:
        """The IRI of a source by its short name (``src:…`` or without the prefix) or by words of its title."""
        iri = expand(name, default="src")
        if iri is not None and self.is_a(iri, "Source"):
            return iri
        titles = {str(row["source"].value): str(row["title"].value) for row in self.project("sources").mappings()}
        hits = [iri for iri, title in titles.items() if fold(name) and fold(name) in fold(title)]
        if len(hits) == 1:
            return hits[0]
        nearest = [compact(hit) for hit in hits[:5]] or nearest_names(name, [compact(iri) for iri in titles])
        raise UnknownName("source", name, tuple(nearest), "give its short name, such as src:seed-004")

    def find_claim(self, name: str) -> str:
        """The IRI of a claim by its short name, with or without the prefix."""
        iri = expand(name, default="claim")
        if iri is not None and self.is_a(iri, "Claim"):
            return iri
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
