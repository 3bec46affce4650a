"""The delta between two states of the content: what was added, modified, withdrawn or redirected, of which kind and why."""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from partnergraph.base.texts import clean
from partnergraph.history.records import Records
from partnergraph.history.states import State

Operation = Literal["ADD", "MOD", "DEL", "REDIRECT"]
WORDS: dict[Operation, str] = {"ADD": "added", "MOD": "changed", "DEL": "withdrawn", "REDIRECT": "redirected"}
KINDS = ("correction", "new source", "new fact", "ontology")
HEADINGS = ("op", "id", "label", "kind", "reason", "before", "after")
_CITES = "pg:cites "
_SOURCE = re.compile(r"\bpg:source (src:[^\s;\]]+)")
_ISSUED = re.compile(r'dcterms:issued "([\d-]+)"')


@dataclass(frozen=True)
class Change:
    """What became of one identifier: the statements that are no more, those that are new, the kind of change and why.

    An identifier that leads elsewhere now has that one's short name in ``to``.
    """

    op: Operation
    name: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    kind: str = ""
    # Each a kind of change and a sentence.
    reasons: tuple[tuple[str, str], ...] = ()
    to: str = ""

    @property
    def reason(self) -> str:
        """Why, in as many sentences as there are reasons."""
        return " ".join(text for _, text in self.reasons)

    @property
    def sources_only(self) -> bool:
        """Whether nothing but citations was added."""
        return self.op == "MOD" and not self.before and all(line.startswith(_CITES) for line in self.after)

    def record(self) -> dict[str, object]:
        """The change as a record of JSON."""
        told: dict[str, object] = {
            "op": self.op,
            "id": self.name,
            "label": self.label,
            "before": list(self.before),
            "after": list(self.after),
            "kind": self.kind or None,
            "reason": self.reason or None,
        }
        return {**told, "to": self.to} if self.op == "REDIRECT" else told


def find_changes(old: State, new: State, records: Records) -> list[Change]:
    """All that changed from one state to another, by identifier, with what the records say of why."""
    return list(_changes(old, new, records))


def _changes(old: State, new: State, records: Records) -> Iterator[Change]:
    for name in sorted(old.says.keys() | new.says.keys(), key=_place):
        before, after = old.says.get(name), new.says.get(name)
        if before == after:
            continue
        gone = tuple(line for line in before or () if line not in (after or ()))
        come = tuple(line for line in after or () if line not in (before or ()))
        label = new.label(name) or old.label(name)
        to = records.retired.get(name, "") if after is None else ""
        op: Operation = "ADD" if before is None else "MOD" if after is not None else "REDIRECT" if to else "DEL"
        plain = Change(op, name, label, gone, come, to=to)
        reasons = records.between(name, old.version, new.version) if old.version else []
        kinds = [kind for kind in KINDS if any(reason.kind == kind for reason in reasons)]
        kind = kinds[0] if kinds else _kind(plain, new, records.releases.get(old.version, ""))
        yield Change(op, name, label, gone, come, kind, tuple(dict.fromkeys((reason.kind, reason.text) for reason in reasons)), to)


def _place(name: str) -> tuple[int, str]:
    """Where an identifier stands in a list of changes: claims first, then what editors make of them, then the rest."""
    prefixes = ("claim:", "dispute:", "ent:", "src:")
    return next((place for place, prefix in enumerate(prefixes) if name.startswith(prefix)), len(prefixes)), name


def _kind(change: Change, new: State, day: str) -> str:
    """What kind of change shows by itself: a claim that nobody could have told before, one that was read later, or more sources."""
    if change.sources_only:
        return "new source"
    if change.op != "ADD" or not day or not change.name.startswith("claim:"):
        return ""
    told = [match[1] for line in change.after if line.startswith(_CITES) for match in _SOURCE.finditer(line)]
    issued = [match[1] for source in told for line in new.says.get(source, ()) if (match := _ISSUED.match(line))]
    # A month or year sorts before its days: what may have been told before the release is no news.
    return "new fact" if issued and min(issued) > day else "new source"


def needs_reason(change: Change) -> bool:
    """Whether a change is of a published claim or dispute, or takes an identifier away, and so is owed a reason."""
    if change.op in {"DEL", "REDIRECT"}:
        return True
    return change.op == "MOD" and change.name.startswith(("claim:", "dispute:"))


def as_jsonl(changes: Iterable[Change]) -> bytes:
    """The changes as JSON Lines: one a line, as programs read them."""
    return "".join(json.dumps(change.record(), ensure_ascii=False) + "\n" for change in changes).encode()


def as_rows(changes: Iterable[Change]) -> list[list[str]]:
    """One row a change in the columns of HEADINGS."""
    return [
        [
            one.op,
            one.name,
            one.label,
            one.kind,
            one.reason,
            "\n".join(one.before),
            "\n".join(one.after or ([one.to] if one.to else [])),
        ]
        for one in changes
    ]


def counted(changes: Collection[Change]) -> str:
    """How many of each there are, in a line."""
    counts = Counter(change.op for change in changes)
    return ", ".join(f"{counts[op]:,} {word}" for op, word in WORDS.items() if counts[op]) or "nothing changed"


def as_text(changes: Collection[Change], width: int) -> str:
    """The changes for people: by reason, then what was added; what each said and says."""
    lines: list[str] = []
    for op, word in WORDS.items():
        groups: dict[tuple[str, str], list[Change]] = {}
        for change in changes:
            if change.op == op:
                groups.setdefault((change.kind, change.reason), []).append(change)
        for (kind, reason), group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
            why = reason or ("" if op == "ADD" or kind else "no reason recorded")
            said = f"{word} ({len(group)})" + (f" · {kind}" if kind else "") + (f": {why}" if why else "")
            lines += ["", *textwrap.wrap(clean(said), width)]
            for change in group:
                lines += _lines(change, width)
    return "\n".join(lines).strip("\n") + "\n"


def _lines(change: Change, width: int) -> Iterator[str]:
    arrow = f" → {change.to}" if change.to else ""
    label = f"  {change.label}" if change.label else ""
    yield from textwrap.wrap(clean(f"{change.name}{arrow}{label}"), width, initial_indent="  ", subsequent_indent="      ")
    if change.op == "MOD":
        for sign, statements in (("-", change.before), ("+", change.after)):
            for statement in statements:
                told = f"{sign} {' '.join(statement.split())}"
                yield from textwrap.wrap(clean(told), width, initial_indent="      ", subsequent_indent="        ")
