"""What every page is made of: the graph in its view, what was asked, the templates, and what comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from partnergraph.base.errors import UnknownName
from partnergraph.base.texts import clean
from partnergraph.core.views import ATTESTATIONS, View
from partnergraph.page.data import entity_key
from partnergraph.page.page import ASSETS as MAP_ASSETS
from partnergraph.rdf.terms import compact
from partnergraph.server.pages.facts import Facts
from partnergraph.server.pages.links import Links, folder_of, thing_path
from partnergraph.server.pages.published import published
from partnergraph.server.problems import Problem
from partnergraph.show.markup import WEB

if TYPE_CHECKING:
    from partnergraph.api import Graph

ASSETS = Path(__file__).parents[1] / "assets"
HTML = "text/html; charset=utf-8"
JSON = "application/json"
FORMATS = (("json", "JSON"), ("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"))
# Each claim has its own triples, and one file has all: those of every entity would have each claim several times.
STATIC_FORMATS = {"entity": ("json",), "claim": ("json", "ttl"), "source": ("json",), "dispute": (), "entry": ()}
PER_PAGE = 50
FEED_SIZE = 60


@dataclass
class Page:
    """What is sent: bytes, their type, a status and headers; ``framed`` where others may show it within theirs."""

    body: bytes
    media: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    framed: bool = False
    inline: bool = False
    detail: str = ""

    def head(self) -> dict[str, Any]:
        """The page without its bytes."""
        return {
            "media": self.media,
            "status": self.status,
            "headers": self.headers,
            "framed": self.framed,
            "inline": self.inline,
            "detail": self.detail,
        }


class NotFound(Exception):  # not a fault
    """There is no such page; ``near`` are (name, address) of what may be meant."""

    status, title = 404, "Not found"

    def __init__(self, what: str, near: list[tuple[str, str]] | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.near = near or []


class Withdrawn(NotFound):
    """There was such a thing, and it was withdrawn for a reason."""

    status, title = 410, "Withdrawn"


class Moved(Exception):  # not a fault
    """What is meant has another address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass
class Frame:
    """One request for a page: the graph in its view, facts about it, how pages are linked, what was asked for."""

    graph: Graph
    facts: Facts
    links: Links
    params: Mapping[str, str]
    base_url: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[str, ...]:
        """The words of attestation, the least first."""
        return ATTESTATIONS

    @property
    def viewed(self) -> bool:
        """Whether the graph is restricted to a view."""
        return self.graph.view != View()

    def formats(self, folder: str) -> tuple[tuple[str, str], ...]:
        """The other forms of a thing, by suffix and name: among files those that are written."""
        return tuple(pair for pair in FORMATS if not self.links.static or pair[0] in STATIC_FORMATS[folder])

    def address(self, path: str) -> str:
        """The whole address of a page, for feeds and citations."""
        return (self.base_url or "") + path

    def release(self, iri: str = "") -> str:
        """Which release has something, or all of the content, as it is now; nothing where that is not known."""
        return published(self.graph).standing(iri)

    def follow(self, iri: str, folder: str) -> None:
        """Raises Moved where an identifier was merged into another, and Withdrawn with the reason where it was taken back."""
        graph = self.graph.whole
        try:
            later = graph.in_its_place(iri, folder, compact(iri))
        except ValueError:
            return
        except UnknownName as error:
            raise Withdrawn(clean(str(error))) from None
        if later is not None:
            raise Moved(thing_path(later, folder_of(later) or folder, self.extras.get("suffix", "html"), static=self.links.static))

    def number(self, name: str, default: int, most: int = 10_000) -> int:
        """A parameter that is a number, within reason."""
        text = self.params.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= most):
            raise Problem(400, f"{name}={clean(text)[:40]!r}: give a number from 1 to {most:,}")
        return int(text)

    def html(self, template: str, *, status: int = 200, framed: bool = False, **values: Any) -> Page:
        """The page that a template makes."""
        made = (
            environment()
            .get_template(template)
            .render(
                frame=self,
                links=self.links,
                graph=self.graph,
                families=list(self.facts.families.values()),
                view=str(self.graph.view),
                version=self.graph.version,
                **values,
            )
        )
        return Page(made.encode("utf-8", "replace"), status=status, framed=framed, detail=str(values.get("detail", "")))

    def json(self, value: Any) -> Page:
        """The value as JSON."""
        return Page((json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"), JSON)


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates, read once; whatever they are given is escaped."""
    folder = ASSETS / "templates"
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.j2"))}
    made = jinja2.Environment(loader=jinja2.DictLoader(sources), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {
        "clean": clean,
        "short": compact,
        "entity_key": entity_key,
        "web": lambda text: bool(WEB.match(text)),
        "folder": folder_of,
        "thousands": "{:,}".format,
    }
    made.globals["stamp"] = stamp()
    for name in sources:
        made.get_template(name)
    return made


@lru_cache(maxsize=1)
def assets() -> dict[str, bytes]:
    """Style sheet and scripts by name."""
    found = {path.name: path.read_bytes() for path in sorted((ASSETS / "static").iterdir()) if path.is_file()}
    # Names are folded by the script that folds them on the map.
    found["site.js"] = (MAP_ASSETS / "js" / "04-fold.js").read_bytes() + found["site.js"]
    return found


@lru_cache(maxsize=1)
def stamp() -> str:
    """What changes when a style sheet or script does, so that browsers may keep them for ever."""
    import hashlib

    return hashlib.sha256(b"".join(assets().values())).hexdigest()[:10]
