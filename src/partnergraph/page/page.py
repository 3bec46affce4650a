"""The page: entities, links and claims in a template of our own, with everything in one file.

What the page opens with stands in it as it is, all the rest packed: scripts, which the browser unpacks first, and data, which
it unpacks once it has drawn.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
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
    from partnergraph.page.records import Record
    from partnergraph.page.stress import Point

PACKED = 'id="rest">'
TABLES = ("nodes", "claims", "sources")
JSON: dict[str, Any] = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
ASSETS = Path(str(files("partnergraph.page"))) / "assets"


def render(data: PageData, places: Sequence[Point], meta: dict[str, Any], stories: Sequence[Record] = ()) -> str:
    """The whole page as text; ``meta`` is what it says of itself: title, view, how many it opens with and in which state."""
    from jinja2 import Environment, FileSystemLoader

    title = clean(str(meta["title"]))
    nodes = []
    for number, (entity, (x, y)) in enumerate(zip(data.entities, places, strict=True)):
        shape = data.lists["groups"][entity["group"]]["shape"]
        told = {name: value for name, value in entity.items() if name != "weight"}
        nodes.append({"id": number, "size": size_of(entity["weight"], shape), "x": x, "y": y, **told})
    environment = Environment(loader=FileSystemLoader(ASSETS), autoescape=True, keep_trailing_newline=True)
    environment.policies["json.dumps_kwargs"] = JSON
    script, loader, style = app_script(), loader_script(), app_style()
    rest = {
        "nodes": nodes,
        "pairs": [list(pair) for pair in data.pairs],
        "claims": data.claims,
        "sources": data.sources,
        "disputes": data.disputes,
        "ledger": data.ledger,
        "stories": list(stories),
    }
    return environment.get_template("page.html.j2").render(
        policy=policy([loader, script], [style]),
        style=style,
        loader=loader,
        script=_packed(script),
        opening={
            "nodes": nodes[: meta["core"]],
            "links": opening_links(data, meta["core"]),
            "lists": data.lists,
            "meta": {**meta, "title": title, "stories": len(stories)},
        },
        rest=pack(rest),
    )


def pack(value: Record) -> str:
    """The value as compressed JSON in letters that mean nothing to HTML; what is alike stands together, which packs better."""
    told = {name: _columns(rows) if name in TABLES else rows for name, rows in value.items()}
    return _packed(json.dumps(told, **JSON))


# The letters of base85, without those that mean something to HTML.
SAFE = str.maketrans("<>&", ".,:")
UNSAFE = str.maketrans(".,:", "<>&")


def _packed(text: str) -> str:
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode().translate(SAFE)


def unpack(text: str) -> Any:
    """What was packed, also by earlier versions, whose letters were those of base64."""
    try:
        packed = zlib.decompress(base64.b85decode(text.translate(UNSAFE)))
    except (ValueError, zlib.error):
        packed = zlib.decompress(base64.b64decode(text))
    told = json.loads(packed)
    return {name: _rows(columns) if name in TABLES else columns for name, columns in told.items()}


def _columns(rows: Sequence[Record]) -> dict[str, list[Any]]:
    """The records as one list a key; null is what a record does not have."""
    return {key: [row.get(key) for row in rows] for key in sorted({key for row in rows for key in row})}


def _rows(columns: dict[str, list[Any]]) -> list[Record]:
    count = max(map(len, columns.values()), default=0)
    return [{key: values[at] for key, values in columns.items() if values[at] is not None} for at in range(count)]


def read_places(path: Path) -> dict[str, Point]:
    """Where entities stand on a page that was written earlier."""
    try:
        text = path.read_text(encoding="utf-8")
        data = unpack(text.partition(PACKED)[2].partition("</script>")[0])
        return {str(node["key"]): (float(node["x"]), float(node["y"])) for node in data["nodes"]}
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
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
    parts = [_told(path) for path in sorted((ASSETS / "js").glob("*.js"))]
    return _checked('(() => {\n"use strict";\n' + "".join(parts) + "})();\n", "the map's scripts")


@lru_cache(maxsize=1)
def loader_script() -> str:
    """The script that unpacks the others, which stands in the page as it is."""
    return _checked(_told(ASSETS / "loader.js"), "the map's loader")


def _told(path: Path) -> str:
    """A script without lines that only explain and blanks before lines, which are for those who read the files."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n")]
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


@lru_cache(maxsize=1)
def app_style() -> str:
    """Our style, without what only explains it."""
    style = re.sub(r"/\*.*?\*/", "", (ASSETS / "page.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    return "\n".join(line.strip() for line in style.split("\n") if line.strip()) + "\n"


def _checked(script: str, name: str) -> str:
    # Either would end or change the element that the script stands in.
    if "</script" in script.lower() or "<!--" in script:
        raise OutputError(f"{name} cannot stand inside a page: it contains a closing tag or a comment of HTML")
    return script
