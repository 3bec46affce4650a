"""In which file and line each subject of the content stands, and which stands in two places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pyoxigraph as ox

from partnergraph.rdf.terms import PG, RDF_TYPE, compact
from partnergraph.rdf.turtle import restated

_NAME = r"(?:<([^<>\s]*)>|((?:[^\W\d_][\w.-]*)?):((?:[\w.:%-]|\\.)*))(?=\s|\Z)"
# The end of the line before is found more quickly than the beginning of one.
_SUBJECT, _INDENTED = (re.compile(rf"\n{blanks}{_NAME}") for blanks in ("", r"[ \t]*"))
_BASE = re.compile(r"\n\s*@?base\s+<([^<>\s]*)>", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([A-Za-z][\w-]*):\s*<([^<>\s]*)>", re.MULTILINE)
_TYPE = ox.NamedNode(RDF_TYPE)


class Places:
    """Where subjects stand. Files that others stand on are added with ``below``: what is added to them there stands elsewhere."""

    def __init__(self) -> None:
        self.of: dict[str, tuple[Path, int]] = {}
        self.twice: list[tuple[Path, int, str, str]] = []
        self.claimed: list[ox.Triple] = []
        self._below: set[str] = set()

    def add(self, path: Path, data: bytes, triples: list[ox.Triple], prefixes: dict[str, str], *, below: bool = False) -> None:
        """Notes the subjects of one file."""
        text = data.decode("utf-8")
        lines = subject_lines(text, prefixes)
        again = restated(triples)
        for subject, typed in _subjects(triples).items():
            if subject not in lines:
                lines = subject_lines(text, prefixes, indented=True) | lines
            at = lines.get(subject, [1])
            if subject in again:
                problem = f"stands twice in this file, in lines {at[0]} and {at[-1]}; give one of the two a name of its own"
                self.twice.append((path, at[-1], compact(subject), problem))
            line = at[0]
            if subject not in self.of or (subject in self._below and not below):
                if subject in self._below and not typed:
                    # What is said here may be at fault; what was said below was checked there.
                    self._below.discard(subject)
                elif subject in self._below:
                    first, number = self.of[subject]
                    self._repeated(
                        path,
                        line,
                        subject,
                        f"is stated in {first}:{number} already; leave out 'a …' to add to it, or name it otherwise",
                    )
                    self._below.discard(subject)
                self.of[subject] = (path, line)
                if below:
                    self._below.add(subject)
            elif not subject.startswith(PG):
                # The ontology may say in one file what a term means and in another how it is drawn.
                first, number = self.of[subject]
                self._repeated(path, line, subject, f"also stands in {first}:{number}; keep it in one place")

    def is_below(self, subject: str) -> bool:
        """Whether it stands in content that others stand on, and these add nothing to it."""
        return subject in self._below

    def own(self) -> set[str]:
        """The subjects that do not stand in content that others stand on, or to which these add something."""
        return self.of.keys() - self._below

    def within(self, paths: set[Path]) -> set[str]:
        """The subjects that stand in one of the files."""
        return {subject for subject, (path, _) in self.of.items() if path.resolve() in paths}

    def _repeated(self, path: Path, line: int, subject: str, problem: str) -> None:
        self.twice.append((path, line, compact(subject), problem))


def _subjects(triples: list[ox.Triple]) -> dict[str, bool]:
    """The named subjects in order, and whether it is said what they are."""
    found: dict[Any, bool] = {triple.subject: False for triple in triples}
    found.update({triple.subject: True for triple in triples if triple.predicate == _TYPE})
    return {subject.value: typed for subject, typed in found.items() if isinstance(subject, ox.NamedNode)}


def subject_lines(text: str, prefixes: dict[str, str] | None = None, *, indented: bool = False) -> dict[str, list[int]]:
    """In which lines each name begins a line, as subjects do in the form in which content is kept, or begins one but for blanks."""
    if prefixes is None:
        prefixes = dict(_PREFIX.findall(text))
    text, number, counted = f"\n{text}", 0, 0
    base = _BASE.search(text)
    lines: dict[str, list[int]] = {}
    for match in (_INDENTED if indented else _SUBJECT).finditer(text):
        number += text.count("\n", counted, match.start() + 1)
        counted = match.start() + 1
        local = re.sub(r"\\(.)", r"\1", match[3]) if match[3] and "\\" in match[3] else match[3] or ""
        named = urljoin(base[1], match[1]) if match[1] is not None and base else match[1]
        iri = named if named is not None else prefixes.get(match[2], match[2] + ":") + local
        lines.setdefault(iri, []).append(number)
    return lines
