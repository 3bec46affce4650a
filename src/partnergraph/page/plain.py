"""A plain pyvis network of a graph, for those who want to go on from there in pyvis itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnergraph.page import palette
from partnergraph.page.data import page_data
from partnergraph.page.layout import places, size_of

if TYPE_CHECKING:
    from pyvis.network import Network

    from partnergraph.core.graph import GraphCore


def make_pyvis(graph: GraphCore, height: str = "720px") -> Network:
    """The entities and links of the graph as an ordinary ``pyvis.network.Network``.

    Nodes bear the short names of entities, each link has its number of claims as ``value``. The faults of pyvis
    that bite here are worked around: it is directed, since an undirected network drops links in silence; every
    link has a name, since vis-network makes up a random one otherwise; positions are set and physics is off, since
    the layout of vis-network takes a minute. ``network.toggle_physics(True)`` switches that on.
    """
    from pyvis.network import Network

    data = page_data(graph)
    looks = palette.groups(graph)
    keys = [entity["key"] for entity in data.entities]
    network = Network(height=height, width="100%", directed=True, cdn_resources="in_line")
    for entity, (x, y) in zip(data.entities, places(data), strict=True):
        look = looks[entity["group"]]
        title = f"{entity['label']}, {entity['kind']}"
        network.add_node(
            entity["key"],
            label=entity["label"],
            title=title,
            shape=look.shape,
            color=look.light,
            size=size_of(entity["weight"]),
            x=x,
            y=y,
        )
    for start, finish, members in data.pairs:
        names = keys[start], keys[finish]
        # No name of an entity holds a blank.
        title = f"{len(members)} claim{'' if len(members) == 1 else 's'}"
        network.add_edge(*names, id=" ".join(names), value=len(members), title=title, arrows="")
    network.toggle_physics(status=False)
    return network
