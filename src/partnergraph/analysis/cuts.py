"""Single points of failure: entities and relations whose loss would split a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Bridge", "Cut", "find_cuts"]


@dataclass(frozen=True)
class Cut:
    """An entity whose loss leaves ``pieces`` parts, and ``cut_off`` entities outside the largest; claims join it to those."""

    entity: str
    pieces: int
    cut_off: int
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Bridge:
    """Two entities that only their own claims keep together; without these ``cut_off`` entities are apart from the rest."""

    ends: tuple[str, str]
    cut_off: int
    claims: tuple[str, ...]


def find_cuts(network: nx.MultiDiGraph) -> tuple[list[Cut], list[Bridge]]:
    """The articulation points and the bridges of a network, those that cut off most first; in linear time."""
    import networkx as nx

    simple = nx.Graph(network.to_undirected(as_view=True))
    cuts: list[Cut] = []
    bridges: list[Bridge] = []
    joints = set(nx.articulation_points(simple))
    for component in nx.connected_components(simple):
        if len(component) < 2:
            continue
        tree, blocks = _block_tree(simple.subgraph(component), joints)
        below, parent = _weights(tree)
        size = len(component)
        for joint in joints & component:
            sides = {block: size - below[joint] if parent[joint] == block else below[block] for block in tree[joint]}
            greatest = max(sides, key=lambda block: (sides[block], block))
            lost = [node for block in sides if block != greatest for node in blocks[block] if node != joint]
            claims = sorted({claim for node in lost for claim in _claims(network, joint, node)})
            cuts.append(Cut(joint, len(sides), size - 1 - sides[greatest], tuple(claims)))
        for block, members in blocks.items():
            if len(members) == 2:
                one, other = sorted(members)
                # An end that hangs below the block with all that it holds; there is none where the block is a leaf.
                lower = sorted(node for node in members & joints if parent[node] == block)
                under = below[lower[0]] if lower else 1
                start, finish = (one, other) if network.has_edge(one, other) else (other, one)
                bridges.append(Bridge((start, finish), min(under, size - under), tuple(_claims(network, one, other))))
    cuts.sort(key=lambda cut: (-cut.cut_off, cut.entity))
    bridges.sort(key=lambda bridge: (-bridge.cut_off, bridge.ends))
    return cuts, bridges


def _block_tree(part: nx.Graph, joints: set[str]) -> tuple[nx.Graph, dict[int, set[str]]]:
    """The tree of blocks (numbers) and articulation points (names) of one connected part."""
    import networkx as nx

    tree = nx.Graph()
    blocks = dict(enumerate(sorted(nx.biconnected_components(part), key=sorted)))
    for number, members in blocks.items():
        tree.add_node(number, weight=len(members - joints))
        for joint in members & joints:
            tree.add_node(joint, weight=1)
            tree.add_edge(number, joint)
    return tree, blocks


def _weights(tree: nx.Graph) -> tuple[dict[int | str, int], dict[int | str, int | str]]:
    """How many entities hang below each node of the tree, itself included, and what each hangs from."""
    import networkx as nx

    root = 0
    parent = {child: above for above, child in nx.bfs_edges(tree, root)}
    below = {node: tree.nodes[node]["weight"] for node in tree}
    for node in reversed([root, *parent]):
        if node in parent:
            below[parent[node]] += below[node]
    return below, {root: root} | parent


def _claims(network: nx.MultiDiGraph, one: str, other: str) -> Iterator[str]:
    for start, finish in ((one, other), (other, one)):
        if network.has_edge(start, finish):
            yield from sorted(network[start][finish])
