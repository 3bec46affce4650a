"""The page: pyvis writes entities, links and options into a template of our own, with everything in one file.

What the page opens with stands in it as it is, all the rest packed: the browser unpacks that once it has drawn.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnergraph.base.errors import OutputError
from partnergraph.base.texts import clean
from partnergraph.page.data import opening_links
from partnergraph.page.layout import size_of

if TYPE_CHECKING:
    from partnergraph.page.data import PageData
    from partnergraph.page.stress import Point

PACKED = 'id="rest">'
JSON: dict[str, Any] = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
ASSETS = Path(str(files("partnergraph.page"))) / "assets"
# Everything is drawn by one canvas without physics: positions come from Python, labels and emphasis from our scripts.
OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "multiselect": False,
        "dragNodes": True,
        "keyboard": False,
        "navigationButtons": False,
        "tooltipDelay": 1_000_000,
        "zoomSpeed": 0.6,
    },
    "nodes": {"chosen": False, "shadow": False, "font": {"size": 0}, "scaling": {"label": {"enabled": False}}},
    "edges": {
        "chosen": False,
        "shadow": False,
        "smooth": False,
        "color": {"inherit": False},
        "arrowStrikethrough": False,
        "hoverWidth": 0,
        "selectionWidth": 0,
        "endPointOffset": {"from": 0, "to": 0},
    },
}


def render(data: PageData, places: Sequence[Point], meta: dict[str, Any]) -> str:
    """The whole page as text; ``meta`` is what it says of itself: title, view, how many it opens with and in which state."""
    from pyvis.network import Network

    title = clean(str(meta["title"]))
    # Undirected networks of pyvis drop parallel edges in silence; each pair comes once here, with its claims.
    network = Network(directed=True, cdn_resources="in_line", heading=title)
    for number, (entity, (x, y)) in enumerate(zip(data.entities, places, strict=True)):
        shape = data.lists["groups"][entity["group"]]["shape"]
        network.add_node(number, shape=shape, size=size_of(entity["weight"], shape), x=x, y=y, **entity)
    for start, finish, members in data.pairs:
        network.add_edge(start, finish, c=members)
    for edge in network.edges:
        del edge["arrows"]  # direction is that of the claims shown
    # set_options() would remove every blank of every text; a dict is passed on as it is.
    network.options = OPTIONS
    network.set_template_dir(str(ASSETS), "page.html.j2")
    environment = network.templateEnv
    environment.keep_trailing_newline = True
    environment.policies["json.dumps_kwargs"] = JSON
    environment.filters["packed"] = pack
    scripts: dict[str, Any] = {"vis": vis_script(), "app": app_script()}
    style = (ASSETS / "page.css").read_text(encoding="utf-8")
    environment.globals["page"] = {
        **scripts,
        "style": style,
        "policy": policy(list(scripts.values()), [style]),
        "links": opening_links(data, meta["core"]),
        "lists": data.lists,
        "rest": {"claims": data.claims, "sources": data.sources, "disputes": data.disputes, "loops": data.loops},
        "meta": {**meta, "title": title},
    }
    html: str = network.generate_html()
    return html


def pack(value: object) -> str:
    """The value as compressed JSON in letters that mean nothing to HTML."""
    return base64.b64encode(zlib.compress(json.dumps(value, **JSON).encode(), 9)).decode()


def unpack(text: str) -> Any:
    """What was packed."""
    return json.loads(zlib.decompress(base64.b64decode(text)))


def read_places(path: Path) -> dict[str, Point]:
    """Where entities stand on a page that was written earlier."""
    try:
        text = path.read_text(encoding="utf-8")
        data = unpack(text.partition(PACKED)[2].partition("</script>")[0])
        return {str(node["key"]): (float(node["x"]), float(node["y"])) for node in data["nodes"]}
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, zlib.error):
        raise OutputError(f"{path}: is no map that this command wrote") from None


def policy(scripts: list[str], styles: list[str]) -> str:
    """The Content-Security-Policy that lets exactly these scripts and styles run and nothing be fetched."""
    allowed = " ".join(map(_hash, scripts))
    styled = " ".join(map(_hash, styles))
    return f"default-src 'none'; script-src {allowed}; style-src {styled}; img-src data: blob:; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache(maxsize=1)
def app_script() -> str:
    """Our scripts in the order of their names, as one strict function."""
    parts = [path.read_text(encoding="utf-8").strip() for path in sorted((ASSETS / "js").glob("*.js"))]
    return _checked('(() => {\n"use strict";\n' + "\n\n".join(parts) + "\n})();\n", "the map's scripts")


@lru_cache(maxsize=1)
def vis_script() -> str:
    """vis-network as it comes with pyvis, without the link to its source map."""
    bundled = Path(str(files("pyvis"))) / "templates" / "lib"
    found = sorted(bundled.glob("vis-*/vis-network.min.js"), key=lambda path: path.parent.name)
    if not found:
        raise OutputError("this pyvis comes without vis-network; install pyvis 0.3.2")
    # Not splitlines(): the script contains other characters that Python takes for ends of lines.
    lines = found[-1].read_text(encoding="utf-8").split("\n")
    return _checked("\n".join(line for line in lines if not line.startswith("//# sourceMappingURL")) + "\n", str(found[-1]))


def _checked(script: str, name: str) -> str:
    # Either would end or change the element that the script stands in.
    if "</script" in script.lower() or "<!--" in script:
        raise OutputError(f"{name} cannot stand inside a page: it contains a closing tag or a comment of HTML")
    return script
