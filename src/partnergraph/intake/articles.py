"""Articles as text with places: headings, paragraphs, list items, table rows, and in them sentences with their offsets."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.extras import needed
from partnergraph.base.files import read_file
from partnergraph.intake.tables import decoded
from partnergraph.stores.sandbox.reading import read_apart

MAX_BYTES = 20 * 2**20
MAX_TEXT = 2_000_000
# A book of 100,000 words has 5,000 sentences; nobody writes a longer one than LONGEST, and what is compared word by word stays short.
MAX_SENTENCES = 10_000
LONGEST = 1_000
_ABBREVIATIONS = (
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bInc)(?<!\bCorp)(?<!\bLtd)(?<!\bCo)(?<!\bvs)(?<!\bSt)(?<!\bU\.S)(?<!\bU\.K)(?<!\bNo)(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)"
    + "".join(
        rf"(?<!\b{word})"
        for word in [
            "ca",
            "rd",
            "bzw",
            "inkl",
            "max",
            "min",
            "Mio",
            "Mrd",
            "Bio",
            "Tsd",
            "Nr",
            "z\\.B",
            "u\\.a",
            "d\\.h",
            "approx",
            "est",
            "env",
            "resp",
            "Jan",
            "Feb",
            "Apr",
            "Aug",
            "Sept",
            "Oct",
            "Nov",
            "Dec",
        ]
    )
)
# After a number and a point a month goes on in German and does not begin a sentence.
_GERMAN_DAY = r"(?!(?<=\d\.\s)(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b)"
_END = re.compile(rf"{_ABBREVIATIONS}[.!?][\"”’)\]]*\s+{_GERMAN_DAY}(?=[\"“‘(\[]?(?:[A-Z0-9]|[a-z]{{1,2}}[A-Z]))|(?<=[。！？])")
_ITEM = re.compile(r"^\s*(?:[-*•–·▪◦]|\d{1,2}[.)])\s+")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
# Who wrote it and when: no heading, and no part of what is claimed.
_BYLINE = re.compile(
    r"(?:by|von|par|por)\s+(?:[A-ZÀ-Þ][\w.'’-]+[ ,]*(?:and |und |et )?){1,6}(?:[,|·—-].*|published.*|updated.*)?|(?:published|updated|posted|last updated|veröffentlicht|publié)\b.{0,80}",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")

# A line of its own that is no sentence, or asks, stands above something.
MAX_HEADING = 90

# A line is of a kind: heading, paragraph, item or row.
Line = tuple[str, str]


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or table row: its kind, the heading it stands under, its number there, its text, and where that begins."""

    kind: str
    heading: str
    number: int
    text: str
    start: int
    lead: str = ""

    def place(self) -> str:
        """Where a reader finds it."""
        words = {"item": "list item", "row": "table row"}.get(self.kind, "paragraph")
        where = f"heading '{self.heading}', " if self.heading else ""
        return f"{where}{words} {self.number}"


@dataclass(frozen=True)
class Sentence:
    """A sentence, where it begins and ends in the text of the article, its number in its block, and the block."""

    text: str
    start: int
    end: int
    number: int
    block: Block

    def place(self) -> str:
        """Where a reader finds it."""
        return self.block.place() + (f", sentence {self.number}" if self.number > 1 else "")


@dataclass
class Article:
    """An article: its file, text, the SHA-256 of that, its title where it has one, and its blocks."""

    path: Path
    text: str
    title: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """By which it is known that places still lead to the same text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def sentences(self) -> Iterator[Sentence]:
        """The sentences in order; a list item or a row of a table is one, and what is longer than any sentence is several."""
        for block in self.blocks:
            ends = [] if block.kind in {"item", "row"} else [match.end() for match in _END.finditer(block.text)]
            begin, number = 0, 0
            for end in _shortened(block.text, [*_outside_brackets(block.text, ends), len(block.text)]):
                text = block.text[begin:end].rstrip()
                if text:
                    number += 1
                    yield Sentence(text, block.start + begin, block.start + begin + len(text), number, block)
                begin = end


def _outside_brackets(text: str, ends: Iterable[int]) -> Iterator[int]:
    """The ends that do not stand within a pair of brackets: what is in them belongs to the sentence around it."""
    begin = 0
    for end in ends:
        # What is as long as that has lost its other bracket.
        said = text[begin:end] if end - begin < LONGEST else ""
        if said.count("(") > said.count(")") and text.find(")", end, end + LONGEST) >= 0:
            continue
        yield end
        begin = end


def _shortened(text: str, ends: Iterable[int]) -> Iterator[int]:
    """The ends of sentences, and more between them, at blanks if there are any, where one would be too long."""
    begin = 0
    for end in ends:
        while end - begin > LONGEST:
            begin = text.rfind(" ", begin + 1, begin + LONGEST) + 1 or begin + LONGEST
            yield begin
        yield end
        begin = end


def read_article(path: Path) -> Article:
    """The article of a file of text, Markdown, HTML or PDF; raises ContentError where there is none in it."""
    try:
        data = read_file(path, MAX_BYTES + 1)
    except FileNotFoundError:
        raise ContentError(path, "no such file") from None
    except (OSError, ValueError) as error:
        raise ContentError(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MAX_BYTES:
        raise ContentError(path, f"is larger than {MAX_BYTES // 2**20} MiB; that is no article")
    if data.startswith(b"%PDF"):
        needed("pypdf", "intake")
    lines, title = read_apart(path, lambda: _lines(path, data))
    article = _arranged(path, lines, title)
    if not article.blocks:
        raise ContentError(path, "holds no text")
    if next(islice(article.sentences(), MAX_SENTENCES, None), None):
        raise ContentError(path, f"has more than {MAX_SENTENCES:,} sentences; draft it in parts")
    return article


def _lines(path: Path, data: bytes) -> tuple[list[Line], str]:
    if data.startswith(b"%PDF"):
        return _pdf_lines(path, data), ""
    text, _ = decoded(path, data)
    if path.suffix.lower() in {".html", ".htm", ".xhtml"} or re.match(r"\s*<(?:!doctype html|html)\b", text, re.IGNORECASE):
        return _html_lines(text)
    return _text_lines(text)


def _text_lines(text: str) -> tuple[list[Line], str]:
    lines: list[Line] = []
    for line in text.splitlines():
        said = " ".join(line.split())
        heading = _MARKDOWN_HEADING.match(line)
        if not said or _RULE.match(line) or (len(said) < 90 and said[-1] not in ".!?" and _BYLINE.fullmatch(said)):
            continue
        if heading:
            lines.append(("heading", heading[1]))
        elif _TABLE_ROW.match(line):
            lines.append(("row", " | ".join(cell.strip() for cell in said.strip("|").split("|"))))
        elif _ITEM.match(line):
            lines.append(("item", _ITEM.sub("", said)))
        elif len(said) < MAX_HEADING and len(said.split()) < 15 and not re.search(r"[.!:;,]$", said):
            lines.append(("heading", said))
        else:
            lines.append(("paragraph", said))
    title = next((said for kind, said in lines[:1] if kind == "heading"), "")
    return lines, title


class _Page(HTMLParser):
    """The text of a page by lines, without what is not part of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.title = ""
        self._kind = "paragraph"
        self._parts: list[str] = []
        self._hidden = 0
        self._in_title = False
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a line."""
        del attrs
        if tag in {"script", "style", "noscript", "template", "svg", "nav", "footer", "form"}:
            self._hidden += 1
        elif tag == "title":
            self._in_title = True
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._flush("heading")
        elif tag == "li":
            self._flush("item")
        elif tag == "tr":
            self._flush("row")
            self._cells = []
        elif tag in {"p", "div", "section", "article", "ul", "ol", "table", "blockquote", "br", "main", "header"}:
            self._flush("paragraph")

    def handle_endtag(self, tag: str) -> None:
        """Ends a line."""
        if tag in {"script", "style", "noscript", "template", "svg", "nav", "footer", "form"}:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "title":
            self._in_title = False
        elif tag in {"td", "th"} and self._cells is not None:
            self._cells.append(" ".join("".join(self._parts).split()))
            self._parts = []
        elif tag == "tr" and self._cells is not None:
            self._parts, self._cells = [" | ".join(self._cells)], None
            self._flush("paragraph")
        elif tag in {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "blockquote", "section", "article"}:
            self._flush("paragraph")

    def handle_data(self, data: str) -> None:
        """Takes a piece of text."""
        if self._in_title:
            self.title += data
        elif not self._hidden:
            self._parts.append(data)

    def _flush(self, following: str) -> None:
        said = " ".join("".join(self._parts).split())
        if said:
            self.lines.append((self._kind, said))
        self._parts, self._kind = [], following

    def close(self) -> None:
        """Ends the last line."""
        super().close()
        self._flush("paragraph")


def _html_lines(text: str) -> tuple[list[Line], str]:
    page = _Page()
    page.feed(text)
    page.close()
    return page.lines, " ".join(page.title.split())


def _pdf_lines(path: Path, data: bytes) -> list[Line]:
    pypdf = needed("pypdf", "intake")
    lines: list[Line] = []
    try:
        for number, page in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages, 1):
            lines.append(("heading", f"page {number}"))
            said = re.sub(r"-\n(?=[a-z])", "", page.extract_text())
            lines += [("paragraph", " ".join(part.split())) for part in re.split(r"\n\s*\n", said) if part.strip()]
    except Exception as error:  # noqa: BLE001  # the reader has errors of all kinds for files that are none
        raise ContentError(path, f"cannot be read as a PDF: {error}") from None
    return lines


def _arranged(path: Path, lines: list[Line], title: str) -> Article:
    """The article whose text is the lines, one below the other."""
    text = "\n".join(said for _, said in lines)[:MAX_TEXT]
    blocks: list[Block] = []
    heading, lead, position = "", "", 0
    counts: dict[str, int] = {}
    for kind, said in lines:
        if position + len(said) > MAX_TEXT:
            break
        if kind == "heading":
            heading, lead, counts = said[:LONGEST], "", {}
        else:
            counts[kind] = counts.get(kind, 0) + 1
            if kind == "paragraph":
                counts.pop("item", None)
                counts.pop("row", None)
            blocks.append(
                Block(kind, heading, counts[kind], said, position, lead if kind in {"item", "row"} and lead.endswith(":") else "")
            )
            lead = said[-LONGEST:] if kind == "paragraph" else lead
        position += len(said) + 1
    return Article(path, text, title[:LONGEST], blocks)
