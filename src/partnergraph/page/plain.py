"""A plain pyvis network of a graph, for those who want to go on from there in pyvis itself."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from partnergraph.base.errors import QueryError
from partnergraph.page.data import page_data
from partnergraph.page.layout import places, size_of

if TYPE_CHECKING:
    from pyvis.network import Network

    from partnergraph.core.graph import GraphCore
    from partnergraph.page.data import PageData
    from partnergraph.page.records import Record

# So many entities are drawn unless more are asked for, and so many claims of a link are read out.
TOP = 60
MOST_CLAIMS = 6
# Tooltips of vis-network are plain text, which its style keeps on one line. The map has no heading of its own.
STYLE = "<style>div.vis-tooltip { white-space: pre-line; max-width: 34em; } h1:empty { display: none; }</style>"


def make_pyvis(graph: GraphCore, height: str = "720px", *, top: int | None = TOP, focus: str | None = None) -> Network:
    """The heaviest entities of the graph and the links between them, as a ``pyvis.network.Network`` that asks nothing of the network.

    ``top`` says how many entities, None for all; ``focus`` keeps one and those linked with it. Nodes bear the short names of
    entities. A link goes one way, in the colour of its main family, as wide as its number of claims, which with
    their sources are its tooltip; it has no arrow where the relation goes no way. Places are those of the map and stay:
    ``network.toggle_physics(True)`` lets vis-network lay it out anew, which takes it a minute for all of them.
    """
    if top is not None and top < 1:
        raise QueryError(f"a network of {top} entities shows nothing; take one or more")
    data = page_data(graph)
    centre = None if focus is None else _number(graph, data, focus)
    links = _links(data)
    shown = _shown(data, links, top, centre)
    network = _offline()(height=height, width="100%", directed=True, cdn_resources="in_line")
    at = places(data)
    for number in shown:
        entity = data.entities[number]
        look = data.lists["groups"][entity["group"]]
        linked = sum(number in ends[:2] for ends in links)
        network.add_node(
            entity["key"],
            label=entity["label"],
            title=_text(f"{entity['label']}\n{entity['kind']}, {linked} link{'' if linked == 1 else 's'}"),
            shape=look["shape"],
            color={"background": "#FFFFFF" if look.get("hollow") else look["light"], "border": look["light"]},
            borderWidth=2,
            size=size_of(entity["weight"], look["shape"]),
            x=at[number][0],
            y=at[number][1],
        )
    inside = set(shown)
    for (start, finish, mutual), claims in links.items():
        if start in inside and finish in inside:
            names = data.entities[start]["key"], data.entities[finish]["key"]
            network.add_edge(
                *names,
                # No name of an entity holds a blank; vis-network would make up a random name.
                id=" ".join((*names, "both ways") if mutual else names),
                color=data.lists["families"][_family(data, claims)]["light"],
                value=len(claims),
                title=_told(
                    data, f"{data.entities[start]['label']} {'–' if mutual else '→'} {data.entities[finish]['label']}", claims
                ),
                arrows="" if mutual else "to",
                smooth={"type": "curvedCW", "roundness": 0.12},
            )
    network.options.edges.scaling = {"min": 1, "max": 7}
    network.toggle_physics(status=False)
    return network


def _offline() -> type[Network]:
    """The network of pyvis, with a page that works without a connection."""
    from pyvis.network import Network

    class OfflineNetwork(Network):  # type: ignore[misc]  # pyvis has no types
        """A network of pyvis whose page loads nothing: pyvis links a style sheet and a script of others whatever it is told."""

        def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:  # noqa: FBT001, FBT002  # as in pyvis
            page: str = super().generate_html(name, local, notebook)
            page = re.sub(r"<link\b[^>]*\bhref=\"https?://[^>]*>", "", page)
            page = re.sub(r"<script\b[^>]*\bsrc=\"https?://[^>]*>\s*</script>", "", page)
            self.html = page.replace("</head>", f"{STYLE}</head>", 1)
            return self.html

    return OfflineNetwork


def _number(graph: GraphCore, data: PageData, focus: str) -> int:
    from partnergraph.page.data import entity_key

    key = entity_key(graph.find_entity(focus))
    for number, entity in enumerate(data.entities):
        if entity["key"] == key:
            return number
    raise QueryError(f"no claim of this view names {focus}")


def _links(data: PageData) -> dict[tuple[int, int, bool], list[Record]]:
    """The claims from one entity to another, and those that go no way, by their two ends."""
    found: dict[tuple[int, int, bool], list[Record]] = {}
    for start, finish, members in data.pairs:
        for claim in (data.claims[member] for member in members):
            if "mutual" in data.lists["kinds"][claim["k"]]:
                found.setdefault((start, finish, True), []).append(claim)
                continue
            for edge in ((start, finish), (finish, start)):
                if list(edge) in [list(way) for way in claim["e"]]:
                    found.setdefault((*edge, False), []).append(claim)
    return found


def _shown(data: PageData, links: dict[tuple[int, int, bool], list[Record]], top: int | None, centre: int | None) -> list[int]:
    """The entities that are drawn: the heaviest, or the centre and those that most claims link with it."""
    if centre is None:
        return list(range(len(data.entities) if top is None else min(top, len(data.entities))))
    near: Counter[int] = Counter()
    for (start, finish, _), claims in links.items():
        if centre in (start, finish):
            near[finish if start == centre else start] += len(claims)
    strongest = sorted(near, key=lambda number: (-near[number], number))
    return [centre, *(strongest if top is None else strongest[: top - 1])]


def _family(data: PageData, claims: list[Record]) -> int:
    counts = Counter(int(data.lists["kinds"][claim["k"]]["family"]) for claim in claims)
    return min(counts, key=lambda family: (-counts[family], family))


def _told(data: PageData, ends: str, claims: list[Record]) -> str:
    """What the tooltip of a link reads out: its newest claims, each with its sources."""
    lines = [f"{ends}: {len(claims)} claim{'' if len(claims) == 1 else 's'}"]
    newest = sorted(claims, key=lambda claim: (-claim.get("t", [0])[0], claim["i"]))
    attested = {level["rank"]: level["label"] for level in data.lists["attestation"]}
    for claim in newest[:MOST_CLAIMS]:
        words = [claim.get("w", "undated"), attested.get(claim.get("a", 0), "")]
        lines.append(f"• {claim['l']} ({', '.join(word for word in words if word)})")
        sources = dict.fromkeys(citation[0] for citation in claim.get("c", []))
        lines.extend(f"   {_source(data.sources[number])}" for number in list(sources)[:2])
    if len(claims) > MOST_CLAIMS:
        lines.append(f"and {len(claims) - MOST_CLAIMS} more")
    return _text("\n".join(lines))


def _source(source: Record) -> str:
    return ", ".join(part for part in (source.get("p", ""), source["t"], source.get("d", "undated")) if part)


def _text(words: str) -> str:
    # pyvis takes a tooltip with "href" in it for HTML, wherever that comes from.
    return words.replace("href", "h\u200bref")
