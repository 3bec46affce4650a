"""The documentation that comes with the package: its pages, how they point to each other, and what can be searched in them."""

from __future__ import annotations

import posixpath
import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from partnergraph.content.folders import CHECKOUT, PACKAGE
from partnergraph.rdf.names import fold

HOME = "docs"
# Pages that lie beside the folder in a checkout, and in it in a package.
BESIDE = ("CHANGELOG.md", "CONTRIBUTING.md")
# Files that pages show or offer.
MEDIA = {".png": "image/png", ".svg": "image/svg+xml", ".csv": "text/csv; charset=utf-8"}
NAVIGATION = "zensical.toml"
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
FENCE = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
OUTSIDE = re.compile(r"[a-z]+:|#")
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_HEADING = re.compile(r"^(#{1,3}) +(.+?) *#*$", re.MULTILINE)
_MARKS = re.compile(r"[`*]|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True)
class Section:
    """A heading of a page with what stands under it, folded for a search."""

    page: str
    anchor: str
    title: str
    heading: str
    text: str
    level: int


@lru_cache(maxsize=1)
def documents() -> dict[str, str]:
    """The text of each page of the documentation, by its path; links are as they are within the documentation."""
    folder = _folder()
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))}
    for name in BESIDE:
        path = folder.parent / name
        if name not in texts and path.is_file():
            texts[name] = path.read_text(encoding="utf-8")
    return {page: relinked(text, page, texts, document_files()) for page, text in texts.items()}


@lru_cache(maxsize=1)
def document_files() -> dict[str, bytes]:
    """The pictures and tables that pages show or offer, by their paths."""
    folder = _folder()
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in MEDIA}


@lru_cache(maxsize=1)
def navigation() -> list[tuple[str, list[tuple[str, str]]]]:
    """The pages by chapter, each with its name; pages that no chapter names come at the end."""
    settings = tomllib.loads((_folder() / NAVIGATION).read_text(encoding="utf-8"))
    chapters: list[tuple[str, list[tuple[str, str]]]] = []
    for entry in settings["project"]["nav"]:
        for name, value in entry.items():
            listed = [("", value)] if isinstance(value, str) else [pair for one in value for pair in one.items()]
            chapters.append((name, [(words or name, page) for words, page in listed if page in documents()]))
    named = {page for _, pages in chapters for _, page in pages}
    rest = [(title_of(text), page) for page, text in documents().items() if page not in named]
    return [*chapters, *([("More", rest)] if rest else [])]


def relinked(text: str, page: str, pages: Collection[str], files: Collection[str]) -> str:
    """The text of a page with its links as they are within the documentation: what leads to no page or file of it becomes plain words."""
    home = posixpath.dirname(_in_repository(page))

    def link(match: re.Match[str]) -> str:
        mark, words, target = match.groups()
        if OUTSIDE.match(target):
            return match[0]
        file, hash_, anchor = target.partition("#")
        meant = posixpath.normpath(posixpath.join(home, file))
        found = meant.removeprefix(f"{HOME}/") if meant.startswith(f"{HOME}/") or meant in BESIDE else ""
        if found in (files if mark else {*pages, *files}):
            relative = posixpath.relpath(found, posixpath.dirname(page) or ".")
            return f"{mark}[{words}]({relative}{hash_}{anchor})"
        return words

    parts = FENCE.split(text)
    return "".join(part if number % 2 else LINK.sub(link, _COMMENT.sub("", part)) for number, part in enumerate(parts))


def title_of(text: str) -> str:
    """The heading of a page."""
    return plain(text.lstrip().partition("\n")[0].removeprefix("# "))


def plain(words: str) -> str:
    """A heading without its marks and links."""
    return _MARKS.sub("", LINK.sub(r"\2", words)).strip()


def anchor_of(heading: str, taken: Mapping[str, object]) -> str:
    """The anchor of a heading: its words joined by hyphens, with a number where it is taken."""
    ascii_ = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    plainly = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_).strip().lower())
    anchor, number = plainly, 0
    while anchor in taken or not anchor:
        number += 1
        anchor = f"{plainly}_{number}"
    return anchor


@lru_cache(maxsize=1)
def sections() -> list[Section]:
    """The sections of all pages, in the order of the navigation."""
    return [section for _, pages in navigation() for _, page in pages for section in _sections(page, documents()[page])]


def _sections(page: str, text: str) -> list[Section]:
    found: list[Section] = []
    taken: dict[str, object] = {}
    hidden = FENCE.sub(lambda match: re.sub(r"^#", " ", match[0], flags=re.MULTILINE), text)
    headings = list(_HEADING.finditer(hidden))
    for number, match in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
        heading = plain(match[2])
        anchor = anchor_of(heading, taken)
        taken[anchor] = None
        folded = " ".join(map(fold, text[match.start() : end].split()))
        found.append(Section(page, anchor, title_of(text), heading, folded, len(match[1])))
    return found


def find_sections(words: str, most: int = 12) -> list[Section]:
    """The sections that have all the words, those with the words in their headings first."""
    wanted = [folded for word in words.split() if (folded := fold(word))]
    hits = [section for section in sections() if wanted and all(word in section.text for word in wanted)]
    return sorted(hits, key=lambda one: -sum(word in fold(one.heading) for word in wanted))[:most]


def _folder() -> Path:
    inside = PACKAGE / HOME
    return inside if inside.is_dir() else CHECKOUT / HOME


def _in_repository(page: str) -> str:
    return page if page in BESIDE else f"{HOME}/{page}"
