"""Which entity a name in a table means: one of the graph, exactly or by a rule, one that was decided earlier, or a new one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.spreadsheets import write_csv
from partnergraph.content.folders import read_bytes
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.names import fold, fold_words
from partnergraph.rdf.terms import compact, expand

# The columns of SSSOM that say which text means which thing, and why.
COLUMNS = ("subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "comment")
SAME = "skos:exactMatch"
NOTHING = "sssom:NoTermFound"
NEW = "new"
_SEPARATORS = (r"\s*[;\n|]\s*", r"\s*,\s*(?:and\s+)?", r"\s+(?:and|und|et|&|\+|/)\s+")
_MARKS = re.compile(r"\s*(?:\[\w{1,2}\]|[*†‡§¹²³])+$")
# Words for somebody who is not named: no entity is called so.
_NOBODY = re.compile(
    r"(?:(?:undisclosed|unnamed|unknown|various|several|multiple|other|others|existing|new|private|angel|unbekannt\w*|diverse|andere|weitere|mehrere"
    r"|divers|autres?|varios|otros|altri|vari)\s*)+(?:investors?|backers?|parties|party|lenders?|banks?|angels?|buyers?|acquirers?|firms?|funds?|investoren|geldgeber"
    r"|investisseurs|inversores|investitori)?|(?:angel |private )investors|angels|n\.?/?a\.?|tb[ad]|none|[-–—?]+",
    re.IGNORECASE,
)
_WITH = re.compile(r"\s*(?:\((?:lead|co-lead|lead investor)\)|,?\s*(?:et al\.?|and others|among others|u\.a\.))$", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """What a name means: the IRI, empty for a new entity, and how that is known: exact, a rule, decided, new, skipped or asked."""

    name: str
    iri: str
    how: str
    candidates: tuple[str, ...] = ()


@dataclass
class Matcher:
    """Finds what names mean, and remembers what people decided."""

    graph: GraphCore
    decided: dict[str, tuple[str, str]] = field(default_factory=dict)
    met: dict[str, Match] = field(default_factory=dict)

    def match(self, name: str) -> Match:
        """What the name means."""
        key = fold(name)
        if key not in self.met:
            self.met[key] = self._match(name)
        return self.met[key]

    def _match(self, name: str) -> Match:
        if fold(name) in self.decided:
            iri, _ = self.decided[fold(name)]
            if iri == NOTHING:
                return Match(name, "", "skipped")
            if iri == NEW:
                return Match(name, "", "new")
            return Match(name, iri, "decided")
        names = self.graph.names
        ruled = names.by_rule(name)
        found = names.called(name) if not ruled else []
        if len(found) == 1:
            return Match(name, found[0], "exact")
        if found:
            return Match(name, "", "asked", tuple(found))
        if len(ruled) == 1:
            iri, rule = next(iter(ruled.items()))
            return Match(name, iri, rule)
        near = list(ruled) or self._near(name)
        return Match(name, "", "asked" if near else "new", tuple(near))

    def _near(self, name: str) -> list[str]:
        """What the name may mean: entities whose name it begins, or that are written nearly alike."""
        words = fold_words(name)
        begun = [iri for iri, known in self._worded if known[: len(words)] == words and len(fold(name)) > 2]
        wanted = fold(name)
        # Of those that begin or end as it does: a slip at both ends is another name.
        close = [
            iri
            for iri, known in self._folded
            if abs(len(known) - len(wanted)) < 3 and _touch(wanted, known) and _alike(wanted, known)
        ]
        found = dict.fromkeys([*begun, *close])
        return list(found)[:5]

    @cached_property
    def _folded(self) -> list[tuple[str, str]]:
        return [(iri, fold(known)) for iri, known in self.graph.names.names]

    @cached_property
    def _worded(self) -> list[tuple[str, list[str]]]:
        return [(iri, fold_words(known)) for iri, known in self.graph.names.names]

    def split(self, text: str) -> list[str]:
        """The names in a cell: the whole where it is one name, else its parts, where most of them are known or a list is plain."""
        whole = _MARKS.sub("", _WITH.sub("", text.strip()))
        if not whole or self._known(whole):
            return [whole] if whole else []
        if _NOBODY.fullmatch(whole):
            return []
        for pattern in _SEPARATORS:
            parts = [part for piece in re.split(pattern, whole) if (part := _WITH.sub("", piece.strip(" .")))]
            if len(parts) < 2:
                continue
            plain = pattern == _SEPARATORS[0]
            # "Baker, Smith and Sons" may be one firm; what knows one of its parts is a list.
            if plain or any(self._known(part) for part in parts) or (pattern == _SEPARATORS[1] and len(parts) > 2):
                return list(dict.fromkeys(inner for part in parts for inner in self.split(part)))
        return [whole]

    def _known(self, name: str) -> bool:
        return fold(name) in self.decided or name in self.graph.names


def _touch(one: str, other: str) -> bool:
    return one[:2] == other[:2] or one[-2:] == other[-2:]


def _alike(one: str, other: str) -> bool:
    """Whether two folded names differ by a slip of the finger at most: one letter in five."""
    if abs(len(one) - len(other)) > 2 or min(len(one), len(other)) < 5:
        return False
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, known in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != known))
    slips = row[-1]
    turned = [
        at
        for at in range(len(one) - 1)
        if len(one) == len(other) and one[at : at + 2] == other[at + 1] + other[at] != other[at : at + 2]
    ]
    # Two letters that stand the wrong way round are one slip.
    return slips - len(turned) <= max(1, len(one) // 8)


def read_decided(path: Path) -> dict[str, tuple[str, str]]:
    """What was decided earlier, by folded name: the IRI, ``new`` or nothing, and the name as it was written."""
    if not path.exists():
        return {}
    text = read_bytes(path).decode("utf-8-sig", "replace")
    found: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        name, given = (row.get("subject_label") or "").removeprefix("'"), (row.get("object_id") or "").strip()
        if not name or not given:
            continue
        iri = given if given in {NOTHING, NEW} else expand(given)
        if iri is None:
            raise ContentError(
                path, f"{given!r} is no short name of an entity; write ent:NAME, {NEW}, or {NOTHING} to skip", number
            )
        found[fold(name)] = (iri, name)
    return found


def decisions(path: Path, matches: Iterable[Match], graph: GraphCore) -> bytes:
    """The file of what names mean with those that it has not got yet: a rule's find to be looked through, a question to be answered in ``object_id``."""
    old = path.read_bytes() if path.exists() else b""
    listed = {
        fold((row.get("subject_label") or "").removeprefix("'"))
        for row in csv.DictReader(io.StringIO(old.decode("utf-8-sig", "replace")))
    }
    rows = []
    for match in sorted(matches, key=lambda match: fold(match.name)):
        if match.how == "exact" or fold(match.name) in listed:
            continue
        among = ", ".join(f"{compact(iri)} ({graph.names.label[iri]})" for iri in match.candidates)
        comment = match.how if match.iri else f"asked: {among}, {NEW}, or {NOTHING}" if among else "new entity"
        label = graph.names.label.get(match.iri, "")
        why = "semapv:LexicalMatching" if match.iri else ""
        rows.append((match.name, SAME, compact(match.iri) if match.iri else "", label, why, comment))
    if not old:
        return write_csv(COLUMNS, rows)
    added = write_csv(COLUMNS, rows).partition(b"\n")[2]
    return old if not added else old + (b"" if old.endswith(b"\n") else b"\n") + added


def append_decision(path: Path, name: str, iri: str, label: str) -> bytes:
    """The file of what names mean with what a person has decided of one name; an open question is answered in its place."""
    old = path.read_bytes().decode("utf-8-sig", "replace") if path.exists() else ""
    rows = [tuple(row.get(column) or "" for column in COLUMNS) for row in csv.DictReader(io.StringIO(old))]
    object_id = iri if iri in {NEW, NOTHING} else compact(iri)
    rows = [row for row in rows if fold(row[0].removeprefix("'")) != fold(name)]
    rows.append((name, SAME, object_id, label, "semapv:ManualMappingCuration", "decided"))
    return write_csv(COLUMNS, rows)
