"""Addresses of pages: in a site under any path, or among files that point to each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from partnergraph.rdf.terms import PREFIXES

# The folder of each sort of thing, which is also what its IRIs begin with.
FOLDERS = {"entity": "ent", "claim": "claim", "source": "src", "dispute": "dispute", "entry": "entry"}
SUFFIXES = (".html", ".json", ".csv", ".ttl", ".nt", ".jsonld", ".xml", ".tsv", ".txt", ".svg", ".md", ".rdf", ".css", ".png")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")


def local_name(iri: str, folder: str) -> str:
    """What stands for an IRI in its address: the local name, or for one of another namespace the whole IRI."""
    return iri.removeprefix(PREFIXES[FOLDERS[folder]])


def iri_of(name: str, folder: str) -> str:
    """The IRI that an address names."""
    return name if "://" in name else PREFIXES[FOLDERS[folder]] + name


def file_name(name: str) -> str:
    """A name that every file system and web server takes as it is."""
    if _SAFE.fullmatch(name) and ".." not in name:
        return name
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60]
    return f"{plain}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


@dataclass(frozen=True)
class Links:
    """How pages point to each other: ``prefix`` is the path of the site; ``static`` pages are files, ``here`` is the one that points."""

    prefix: str = ""
    static: bool = False
    here: str = "/"
    view: tuple[tuple[str, str], ...] = ()

    def to(self, path: str, values: Mapping[str, str] | None = None) -> str:
        """The address of a page or file of the site, in the view in which one is."""
        if self.static:
            up = "../" * (as_file(self.here).count("/") - 1)
            return up + quote(as_file(path).lstrip("/"))
        given = {**(values or {}), **dict(self.view)}
        return self.prefix + quote(path) + (f"?{urlencode(given)}" if given else "")

    def plain(self, path: str) -> str:
        """The address of a page or file without the view."""
        return Links(self.prefix, self.static, self.here).to(path)

    def has(self, folder: str | None) -> bool:
        """Whether things of this sort have pages here: among files only what readers look for has."""
        return folder is not None and (not self.static or folder not in {"dispute", "entry"})

    def thing(self, iri: str, folder: str, suffix: str = "html") -> str:
        """The page of an entity, claim or source, or one of its other forms."""
        return self.to(thing_path(iri, folder, suffix, static=self.static))


def thing_path(iri: str, folder: str, suffix: str = "html", *, static: bool = False) -> str:
    """The path of an entity, claim or source within the site."""
    name = local_name(iri, folder)
    return f"/{folder}/{file_name(name) if static else name}.{suffix}"


def as_file(path: str) -> str:
    """The file that a page is written to.

    >>> as_file("/"), as_file("/ask"), as_file("/entity/openai.html")
    ('/index.html', '/ask/index.html', '/entity/openai.html')
    """
    if path.endswith(SUFFIXES) or path.startswith("/static/"):
        return path
    if path in {"/", "/ask"}:
        return path.rstrip("/") + "/index.html"
    return f"{path}.html"


def folder_of(iri: str) -> str | None:
    """Which sort of thing an IRI of ours names, by its namespace."""
    return next((folder for folder, prefix in FOLDERS.items() if iri.startswith(PREFIXES[prefix])), None)
