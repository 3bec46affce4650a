"""Stories that a page tells: Markdown files of states of the page and texts, with links to claims and sources.

A first heading is the title, each second one a step. The first line of a step is a link to a state of the page, such as
``[map](#view=money&asof=2025-12-31)``; links in its text lead to claims (``claim:name``) or to the web.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from partnergraph.base.errors import QueryError
from partnergraph.base.files import read_file
from partnergraph.base.texts import clean
from partnergraph.page.records import Record, safe_url

if TYPE_CHECKING:
    from partnergraph.page.data import PageData

SHIPPED = Path(__file__).parent / "assets" / "stories"
LINK = re.compile(r"\[([^\]\[]*)\]\(([^()\s]+)\)")
MOST_BYTES = 200_000
ENTITY_FIELDS = ("entity", "from", "to")


def read_story(path: Path, data: PageData) -> Record:
    """The story in a file; raises QueryError with the line where it is none, or names what the page does not hold."""
    title, steps = _read(path, data)
    if not title or not steps:
        raise QueryError(f"{path}: a story has a title (# …) and at least one step (## …)")
    for step in steps:
        if not step["state"]:
            raise QueryError(f"{step['at']}: a step begins with a link to a state of the page, such as [map](#entity=openai)")
    name = re.sub(r"[^\w-]+", "-", path.stem)
    kept = [
        {"title": step["title"], "state": step["state"], "text": [list(_cut(text.replace("*", ""))) for text in step["text"]]}
        for step in steps
    ]
    return {"id": name, "title": title, "steps": kept}


def _read(path: Path, data: PageData) -> tuple[str, list[Record]]:
    try:
        text = read_file(path, MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise QueryError(f"{path}: cannot be read: {error.strerror}") from None
    title, steps = "", list[Record]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        where = f"{path}, line {number}"
        if line.startswith("## "):
            steps.append({"title": clean(line[3:].strip()), "state": "", "text": [], "at": where})
        elif line.startswith("# "):
            title = clean(line[2:].strip())
        elif steps and line.strip():
            _add_line(steps[-1], line.strip(), where, data)
        elif steps:
            steps[-1]["open"] = False
        elif line.strip():
            raise QueryError(f"{where}: a story begins with a title (# …) and steps (## …); this line is neither")
    return title, steps


def shipped_stories(data: PageData) -> list[Record]:
    """Our own stories, those of which the page holds every claim and entity."""
    found = []
    for path in sorted(SHIPPED.glob("*.md")):
        try:
            found.append(read_story(path, data))
        except QueryError:
            continue
    return found


def _add_line(step: Record, line: str, where: str, data: PageData) -> None:
    first = LINK.fullmatch(line)
    if not step["state"] and first and first[2].startswith("#"):
        state = step["state"] = first[2][1:]
        _check_state(state, where, data)
        return
    _check_claims(line, where, {claim["i"] for claim in data.claims})
    if step.get("open"):
        step["text"][-1] += f" {line}"
    else:
        step["text"].append(line)
    step["open"] = True


def _check_state(state: str, where: str, data: PageData) -> None:
    known = {entity["key"] for entity in data.entities}
    fields = dict(parse_qsl(state))
    named = [fields[name] for name in ENTITY_FIELDS if name in fields] + fields.get("relation", "").split("~")
    for key in named:
        if key and key not in known:
            raise QueryError(f"{where}: the page holds no entity {key!r}")


def _check_claims(line: str, where: str, known: Collection[str]) -> None:
    for match in LINK.finditer(line):
        if match[2].startswith("claim:") and match[2].removeprefix("claim:") not in known:
            raise QueryError(f"{where}: the page holds no claim {match[2].removeprefix('claim:')!r}")


def _cut(text: str) -> Iterator[str | dict[str, str]]:
    """A paragraph as texts, links to claims and links to the web."""
    place = 0
    for match in LINK.finditer(text):
        yield from _plain(text[place : match.start()])
        claim = match[2].startswith("claim:")
        words = clean(match[1])
        yield {"text": words, "claim": match[2].removeprefix("claim:")} if claim else {"text": words, "url": safe_url(match[2])}
        place = match.end()
    yield from _plain(text[place:])


def _plain(text: str) -> Iterable[str]:
    return [clean(text)] if text else []
