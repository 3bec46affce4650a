"""The one door: graphs are loaded, opened and connected to here, and asked."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from partnergraph.base.errors import QueryError, StoreError
from partnergraph.base.texts import is_text
from partnergraph.content.folders import find_content
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import Term
from partnergraph.rdf.turtle import with_prefixes
from partnergraph.reading.answers import Answer
from partnergraph.stores.engine import Embedded
from partnergraph.stores.sandbox.guard import check_query

if TYPE_CHECKING:
    import networkx as nx
    import rdflib
    from pyvis.network import Network as PyvisNetwork

    from partnergraph.page.maps import Map
    from partnergraph.reading.claims import ClaimCard
    from partnergraph.reading.coverage import Coverage
    from partnergraph.reading.entities import Entity
    from partnergraph.reading.ledger import Ledger
    from partnergraph.reading.series import Series
    from partnergraph.reading.why import Why
    from partnergraph.stores.http import Server


def load(folder: Path | str | Sequence[Path | str] | None = None, *, trust: bool = False) -> Graph:
    """The graph of the shipped content, or of the content in ``folder``.

    Of several folders each stands on those before it; the word *shipped* is the shipped content. What a folder stands on
    it may say itself, in ``partnergraph.toml``.

    Rules, questions and other queries of an ontology in that folder run within limits and without network, unless with ``trust``.

    >>> graph = load()
    >>> bool(graph.query("ASK { ent:openai a pg:ResearchLab }"))
    True
    """
    from partnergraph.stores.loading import load_store

    content = find_content(_folders(folder), trust=trust)
    return Graph(Embedded(load_store(content)), content)


def _folders(folder: Path | str | Sequence[Path | str] | None) -> list[Path] | None:
    if folder is None:
        return None
    return [Path(one) for one in ([folder] if isinstance(folder, str | Path) else folder)]


def open_store(
    folder: Path | str, content: Path | str | Sequence[Path | str] | None = None, *, whole: bool = False, trust: bool = False
) -> Graph:
    """The graph of a store on disk that ``partnergraph build`` has built; any number of processes may have it open.

    With ``content``, a folder of content, the store must have been built from that as it is now. ``whole`` says that
    most of it will be read, for which it is copied into memory where it fits. ``trust`` is as in ``load``.
    Raises StoreError where there is no store, or one of another version or content.
    """
    from partnergraph.content.folders import SHOWN_DIGITS
    from partnergraph.stores import disk
    from partnergraph.stores.manifest import QUADS, read_manifest

    found = find_content(_folders(content), trust=trust)
    manifest = read_manifest(Path(folder))
    if content is not None:
        disk.check_content(Path(folder), manifest, found)
    kept = partial(disk.read_arranged, Path(folder), manifest) if QUADS in manifest.files else None
    columns = partial(disk.read_kept, Path(folder), manifest)
    lines = partial(disk.read_lines, Path(folder), manifest) if QUADS in manifest.files else None
    if whole and disk.worth_memory(manifest):
        return Graph(
            Embedded(disk.read_quads(Path(folder), manifest), arranged=kept, columns=columns, lines=lines),
            found,
            version=manifest.content[:SHOWN_DIGITS],
        )
    store, path = disk.open_store(Path(folder), manifest)
    return Graph(Embedded(store, path, kept, columns, lines), found, version=manifest.content[:SHOWN_DIGITS])


def connect(url: str, graph: str | None = None, server: Server | None = None) -> Graph:
    """The graph on a SPARQL 1.1 server, asked as one of our own; ``graph`` names the one of its graphs that is meant.

    ``server`` says how it is spoken to. Credentials come from the environment: PARTNERGRAPH_TOKEN, or
    PARTNERGRAPH_USER and PARTNERGRAPH_PASSWORD.
    Questions and projections are those of this package; a view is made from a copy of the triples.
    """
    from partnergraph.stores.addresses import check_address
    from partnergraph.stores.endpoint import Endpoint

    check_address(url)
    return Graph(Endpoint(url, graph, server), find_content(), version=f"at {url}")


class Graph(GraphCore):
    """Sourced claims about entities: asked by SPARQL or by named questions, restricted to views, drawn.

    Everything is in the default graph. ``limits`` are those of the queries that users write.
    """

    def _repr_html_(self) -> str:
        from partnergraph.reading.overview import overview_html

        return overview_html(self)

    def query(self, sparql: str, **bindings: Term) -> Answer:
        """The answer to any SPARQL 1.1 query; the prefixes of this project need not be declared.

        ``bindings`` bind variables of the query to terms. The query runs within ``limits`` in a process that
        is ended at the limit: QueryTimeout, AnswerTooLarge or QueryDied say so. Raises RefusedQuery for what would reach
        the network or files or change the graph, and QueryError with line and column for what is not SPARQL.
        """
        if not is_text(sparql):
            raise QueryError("the query holds bytes that are no text in UTF-8")
        return Answer(self.engine.bounded(check_query(sparql), bindings, self.limits), self)

    def ask(self, question: str, **values: str) -> Answer:
        """The answer to a named question, with its parameters as people write them.

        >>> load().ask("investments-in", entity="OpenAI").columns[:2]
        ('claim', 'investor')
        """
        query = self.question(question)
        return Answer(self.evaluate(query, query.text, self.bind(query, values)), self, query, values)

    def series(
        self,
        question: str,
        *,
        every: str = "month",
        first: str | datetime.date | None = None,
        last: str | datetime.date | None = None,
        **values: str,
    ) -> Series:
        """The answers to a named question as of the first day, a month, quarter or year later, and so on until the last day.

        Without ``last`` it is the last day through which sources were looked through, without ``first`` ten years before.
        ``to_pandas()`` gives a row each day and row, ``chart()`` a picture of it.

        >>> load().series("stakes", every="year", first="2024-12-31", last="2025-12-31", owned="OpenAI")
        <series of stakes: 2 days, 2024-12-31 to 2025-12-31>
        """
        from partnergraph.reading.series import series

        return series(self, question, values, every=every, first=first, last=last)

    def entity(self, name: str) -> Entity:
        """The entity that bears the name: its claims, and its card.

        >>> load().entity("open ai")
        <research lab OpenAI · ent:openai>
        """
        from partnergraph.reading.entities import Entity

        return Entity(self, self.find_entity(name))

    def claim(self, name: str) -> ClaimCard:
        """The card of the claim with the short name: what it says, its sources, who contradicts it."""
        from partnergraph.reading.claims import read_claim

        return read_claim(self, self.find_claim(name))

    def ledger(
        self, as_of: str | datetime.date | None = None, known_by: str | datetime.date | None = None, *, house: bool = True
    ) -> Ledger:
        """The ledger: one entry a deal, with what is paid, committed, conditional and intended; every sum is made of these.

        ``as_of`` and ``known_by`` restrict it as ``at`` does. ``house`` rolls units, products and subsidiaries up to
        their house on that day; without it the parties are those that the contracts name.

        >>> load().ledger(as_of="2020-06-30").between("Microsoft", "OpenAI", "financing").total("paid")
        Interval(least=1000000000.0, greatest=1000000000.0)
        """
        from partnergraph.reading.ledger import read_ledger

        return read_ledger(self.at(as_of, known_by), house=house)

    def why(self, what: str, other: str = "", *, house: bool = True) -> Why:
        """What a sum is made of: ``why("Microsoft", "OpenAI")``, or ``why`` of the name of a claim or an entry.

        >>> print(load().why("microsoft-openai-2019-investment").title)
        Microsoft → OpenAI · financing
        """
        from partnergraph.reading.why import why

        return why(self, what, other, house=house)

    def with_claims(self, turtle: str | bytes) -> Graph:
        """A graph with some claims, entities or sources more, seen by everything that sees this one; this one stays as it is.

        Whatever is derived is derived again. Raises ContentError with the line where it is not valid Turtle, where it says again
        what something is that the graph has already, has a word that the ontology has not, or a value that no question would
        find, and StoreError for a graph that was not loaded from content.

        >>> load().with_claims('ent:x a pg:Company ; rdfs:label "Xylo" .').find_entity("Xylo")
        'https://w3id.org/partnergraph/entity/x'
        """
        from partnergraph.checks.additions import refuse_lost
        from partnergraph.stores.loading import check_new, load_store

        if not self.whole.is_loaded:
            raise StoreError("with_claims", "only a graph that was loaded from content takes more claims; use load()")
        content = self.content.with_text(with_prefixes(turtle))
        check_new(self.whole.store, *content.texts[-1])
        store = load_store(content)
        refuse_lost(store, content)
        graph = Graph(Embedded(store), content)
        graph.limits = self.limits
        return graph.within(self.view)

    def coverage(self, entity: str | None = None) -> Coverage:
        """How many claims begin in which quarter, topic by topic, and until when sources on each topic were looked through.

        ``entity`` keeps the claims that it is party to.

        >>> load().coverage("Helion").claims > 0
        True
        """
        from partnergraph.reading.coverage import coverage

        return coverage(self, entity)

    @cached_property
    def rdflib(self) -> rdflib.Dataset:
        """The same triples as an ``rdflib.Dataset``, read from the same store without copying; it cannot be written to."""
        from partnergraph.stores.datasets import as_dataset

        return as_dataset(self.store)

    def network(self, families: Collection[str] = (), kinds: Collection[str] = ()) -> nx.MultiDiGraph:
        """The entities joined by claims, as a networkx graph; of all families and kinds, or of some by their labels.

        >>> load().network(families=["money"]).has_edge("ent:microsoft", "ent:openai", "claim:microsoft-openai-2019-investment")
        True
        """
        from partnergraph.network.projection import make_network

        return make_network(self, families, kinds)

    def map(  # noqa: PLR0913  # each is one way to open a page
        self,
        *,
        focus: str | None = None,
        path: tuple[str, str] | None = None,
        loops: bool = False,
        money: bool = False,
        families: Collection[str] = (),
        compare: tuple[str | datetime.date, str | datetime.date] | None = None,
        beside: Collection[str | datetime.date] = (),
        title: str | None = None,
        like: Path | str | None = None,
        stories: Collection[Path | str] = (),
    ) -> Map:
        """The interactive map: shows itself in a notebook, ``write(path)`` makes one offline HTML file of it.

        ``focus`` shows what is around an entity, ``path`` the ways between two, ``loops`` loops of money,
        ``money`` who pays whom, ``families`` some relations only, ``compare`` what began and ended between two days,
        ``beside`` several days side by side, or the money of several houses. With ``like``
        entities stand where they stand on a page that was written earlier. ``stories`` are Markdown files that the page
        tells, as docs/page.md has them; ``picture(ending)`` of the map is a picture of it for print.
        """
        from partnergraph.page.maps import Map
        from partnergraph.page.purposes import purpose

        wanted = purpose(
            self,
            focus=focus,
            path=path,
            loops=loops,
            money=money,
            families=families,
            compare=compare,
            beside=beside,
            title=title,
        )
        return Map(self, wanted, None if like is None else Path(like), tuple(map(Path, stories)))

    def pyvis(self, height: str = "720px", *, top: int | None = 60, focus: str | None = None) -> PyvisNetwork:
        """The ``top`` entities and their links as an ordinary ``pyvis.network.Network``, to go on from there; None is all.

        It works offline, links have direction, the colours of their families, and claims with sources as tooltips.
        With ``focus`` it is one entity and those linked with it.
        """
        from partnergraph.page.plain import make_pyvis

        return make_pyvis(self, height, top=top, focus=focus)
