"""The network: entities joined by claims, as networkx has it, made from the ontology's own edge declarations."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from partnergraph.base.errors import UnknownName
from partnergraph.core.attributes import Attributes, Shortened, claim_attributes
from partnergraph.core.rows import is_so, records, rows
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact

if TYPE_CHECKING:
    import networkx as nx

    from partnergraph.core.graph import GraphCore

# What a claim carries from an entity to the one that relies on it: a product fails with the model that it has built in; a model
# goes on without the machine that it was trained on, but whoever asks for the chips behind a product finds them through it;
# what an organization buys is not what each of its products needs.
FAILURE, RELIANCE, NOTHING = "failure", "reliance", "nothing"


def make_network(graph: GraphCore, families: Collection[str] = (), kinds: Collection[str] = ()) -> nx.MultiDiGraph:
    """Entities as nodes, claims as edges, all of them or those of some families or kinds, by their labels.

    A node is the short name of an entity with ``label`` and ``kind``. The key of an edge is the short name of
    its claim, its attribute ``claim`` too; a claim with several parties at one end has an edge for each. What is not known is not there.
    ``mutual`` is true where the relation has no direction; each pair then has one edge. ``money`` and
    ``reliance`` say whether they run along the edge (1) or against it (-1), ``carries`` what goes over from the one to the
    one that relies on it: its failure, only the reliance on what is behind it, or nothing; ``attested`` is 1 for rumoured to
    4 for confirmed; ``sources`` are short names with blanks between.
    """
    import networkx as nx

    declared = edge_kinds(graph)
    wanted = {iri for iri, kind in declared.items() if _chosen(kind, declared, families, kinds)}
    # One row can be a million: tuples and short names made once, where a dict a row would take most of the time.
    short = Shortened()
    edges = [
        (short[start], short[finish], compact(claim), claim, kind)
        for start, finish, claim, kind in records(graph, "edges", ("from", "to", "claim", "kind"))
        if kind in wanted
    ]
    edges.sort()
    claims = claim_attributes(graph, {claim for _, _, _, claim, _ in edges})
    network = nx.MultiDiGraph(content=graph.version, view=str(graph.view))
    entities = {compact(row["entity"]): {"label": row["label"], "kind": row["kind"]} for row in rows(graph, "entities")}
    ends = sorted({end for edge in edges for end in edge[:2]})
    network.add_nodes_from((end, entities.get(end, {})) for end in ends)
    going_on = {
        (short[entity], relies): is_so(depends)
        for entity, relies, depends in records(graph, "goes-on-without", ("entity", "relies", "depends"))
    }
    # Edges of one claim have a dict each: whoever changes one must not change the others.
    for start, finish, key, claim, kind in edges:
        data = {"claim": key, **declared[kind], **claims.get(claim, {})}
        needy = start if data.get("reliance") == 1 else finish
        depends = going_on.get((needy, str(data.get("relies"))))
        if depends:
            data["carries"] = NOTHING
        elif depends is not None:
            for name in ("reliance", "relies", "carries"):
                del data[name]
        network.add_edge(start, finish, key, **data)
    return network


def edge_kinds(graph: GraphCore) -> dict[str, Attributes]:
    """What each class of claims declares of its edges: kind, family, caption, mutual, money, reliance, and what reliance carries."""
    kinds: dict[str, Attributes] = {}
    for row in rows(graph, "edge-kinds"):
        kinds[row["kind"]] = {
            "kind": row["label"],
            "family": row["family"],
            "caption": row["caption"],
            "mutual": not is_so(row["directed"]),
            **{name: int(row[name]) for name in ("money", "reliance") if row[name]},
            **({"relies": row["relies"], "carries": RELIANCE if is_so(row["lasting"]) else FAILURE} if row["relies"] else {}),
        }
    return kinds


def _chosen(kind: Attributes, declared: dict[str, Attributes], families: Collection[str], kinds: Collection[str]) -> bool:
    for what, name, chosen in (("family of relations", "family", families), ("kind of edge", "kind", kinds)):
        known = {str(values[name]) for values in declared.values()}
        for word in chosen:
            if fold(word) not in {fold(label) for label in known}:
                raise UnknownName(what, word, nearest_names(word, known), f"there are {', '.join(sorted(known))}")
        if chosen and fold(str(kind[name])) not in {fold(word) for word in chosen}:
            return False
    return True
