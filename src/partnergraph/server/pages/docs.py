"""Pages of the documentation, made from its Markdown: the site's own look, no script, and links within the site."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from partnergraph.base.extras import needed
from partnergraph.server.documents import MEDIA, OUTSIDE, anchor_of, document_files, documents, find_sections, navigation, title_of
from partnergraph.server.pages.frame import Frame, NotFound, Page

if TYPE_CHECKING:
    from markdown_it.token import Token

START = "index.md"


def docs_page(frame: Frame, path: str) -> Page:
    """A page of the documentation or a file that one shows."""
    name = path.strip("/") or "index.html"
    if name in document_files():
        return Page(document_files()[name], MEDIA[posixpath.splitext(name)[1]])
    page = f"{name.removesuffix('.html')}.md"
    if page not in documents():
        near = [(hit.title, _address(frame, hit.page, hit.anchor)) for hit in find_sections(re.sub(r"[\W_]+", " ", name), 3)]
        raise NotFound(
            "there is no such page of the documentation", near or [("the start of the documentation", _address(frame, START))]
        )
    tokens = _parsed(frame, page)
    return frame.html(
        "docs.html.j2",
        title=title_of(documents()[page]),
        chapters=[(name, [(words, _address(frame, one), one == page) for words, one in pages]) for name, pages in navigation()],
        contents=[
            (_words(tokens[number + 1]), token.attrs["id"])
            for number, token in enumerate(tokens)
            if token.tag == "h2" and token.attrs
        ],
        body=_written(tokens),
        path="/docs",
    )


def docs_addresses() -> list[str]:
    """The addresses of all pages and files of the documentation."""
    return [f"/docs/{page.removesuffix('.md')}.html" for page in documents()] + [f"/docs/{name}" for name in document_files()]


def hits(frame: Frame, text: str) -> list[tuple[str, str]]:
    """What of the documentation has the words, with its address."""
    return [
        (one.title if one.level == 1 else f"{one.title} › {one.heading}", _address(frame, one.page, one.anchor))
        for one in find_sections(text)
    ]


def _address(frame: Frame, page: str, anchor: str = "") -> str:
    return frame.links.plain(f"/docs/{page.removesuffix('.md')}.html") + (f"#{anchor}" if anchor else "")


def _parsed(frame: Frame, page: str) -> list[Token]:
    """The page in parts: headings have anchors, links lead where they do on this site, and nothing has a style of its own."""
    tokens: list[Token] = _reader().parse(documents()[page])
    taken: dict[str, object] = {}
    for number, token in enumerate(tokens):
        token.attrs.pop("style", None)
        if token.type == "heading_open":
            anchor = anchor_of(_words(tokens[number + 1]), taken)
            taken[anchor] = None
            token.attrs["id"] = anchor
        for child in token.children or ():
            for name in {"href", "src"} & child.attrs.keys():
                child.attrs[name] = _target(frame, page, str(child.attrs[name]))
    return tokens


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in {"text", "code_inline"}).strip()


def _target(frame: Frame, page: str, link: str) -> str:
    """Where a link of a page leads."""
    if OUTSIDE.match(link):
        return link
    file, _, anchor = link.partition("#")
    found = posixpath.normpath(posixpath.join(posixpath.dirname(page), file))
    return _address(frame, found, anchor) if found.endswith(".md") else frame.links.plain(f"/docs/{found}")


def _reader() -> Any:
    return needed("markdown_it", "serve").MarkdownIt("commonmark", {"html": False}).enable("table")


def _written(tokens: list[Token]) -> str:
    """The page as HTML; what is wide can be reached and scrolled with keys alone."""
    reader = _reader()
    text: str = reader.renderer.render(tokens, reader.options, {})
    text = text.replace("<table>", '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table class="rows">')
    return text.replace("</table>", "</table></div>").replace("<pre><code", '<pre tabindex="0"><code')
