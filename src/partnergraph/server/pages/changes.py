"""What was changed in the content from one release to the next, and why: a page, its JSON, and the entries of a feed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.history.changes import WORDS, counted
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PREFIXES, compact, expand
from partnergraph.server.pages.frame import Frame, Page
from partnergraph.server.pages.links import folder_of
from partnergraph.server.pages.published import published

if TYPE_CHECKING:
    from partnergraph.history.changes import Change
    from partnergraph.server.pages.published import Release

# So many of what was changed for one reason are named; the JSON has all.
NAMED = 50


@dataclass(frozen=True)
class Group:
    """What was changed in a release for one reason."""

    release: Release
    did: str
    kind: str
    reason: str
    changes: list[Change]

    @property
    def title(self) -> str:
        """What was done, to how many, and why."""
        what = "claim" if all(one.name.startswith("claim:") for one in self.changes) else "identifier"
        said = f"{len(self.changes):,} {what}{'s' if len(self.changes) > 1 else ''} {self.did}"
        return f"{said} · {self.kind}" if self.kind else said

    @property
    def iri(self) -> str:
        """What stays the same as long as release and reason do."""
        mark = hashlib.sha256(f"{self.did} {self.kind} {self.reason}".encode()).hexdigest()[:12]
        return f"{PREFIXES['release']}{self.release.version}#{mark}"


def changes_page(frame: Frame) -> Page:
    """What was changed between releases, the newest first."""
    found = find_groups(frame)
    releases = [
        (release, counted(release.changes), [group for group in found if group.release is release])
        for release in published(frame.graph).releases
    ]
    return frame.html(
        "changes.html.j2",
        title="Changes between releases",
        releases=releases,
        entity=frame.params.get("entity", "").strip(),
        kind=frame.params.get("kind", "").strip(),
        named=NAMED,
        address=lambda change: address_of(frame, change),
        path="/changes",
    )


def changes_json(frame: Frame) -> Page:
    """The changes of all releases as JSON, with what each claim said before and says now."""
    told = [
        {
            "version": release.version,
            "issued": release.day,
            "since": release.since,
            "changes": [change.record() for group in find_groups(frame) if group.release is release for change in group.changes],
        }
        for release in published(frame.graph).releases
    ]
    return frame.json({"releases": told})


def find_groups(frame: Frame) -> list[Group]:
    """What was changed for which reason, the newest release first: of all, or what is asked for with ``entity`` and ``kind``."""
    entity, kind = frame.params.get("entity", "").strip(), fold(frame.params.get("kind", ""))
    about = _about(frame, entity) if entity else None
    found: list[Group] = []
    for release in published(frame.graph).releases:
        groups: dict[tuple[str, str, str], list[Change]] = {}
        for change in release.changes:
            key = WORDS[change.op], change.kind, change.reason
            if (about is None or about(change)) and (not kind or kind in {fold(key[0]), fold(key[1])}):
                groups.setdefault(key, []).append(change)
        # Reasons come before what is merely new.
        ordered = sorted(groups.items(), key=lambda item: (not item[0][2], -len(item[1]), item[0]))
        found += [Group(release, *key, changes) for key, changes in ordered]
    return found


def _about(frame: Frame, entity: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  # what tells whether a change is about it
    iri = frame.graph.find_entity(entity)
    rows = frame.graph.project("card", entity=ox.NamedNode(iri)).mappings()
    claims = {compact(str(row["claim"].value)) for row in rows}
    name = compact(iri)
    # A claim that is no more, or is another's now, names it only in what it said.
    said = re.compile(rf"(?<![\w:.-]){re.escape(name)}(?![\w.-]*\w)")
    return lambda change: name == change.name or change.name in claims or any(map(said.search, (*change.before, *change.after)))


def address_of(frame: Frame, change: Change) -> str:
    """The page of what was changed, or of what took its place; nothing where it is no more."""
    iri = str(expand(change.to or change.name))
    folder = folder_of(iri)
    known = {"claim": frame.facts.claims, "source": frame.facts.sources, "entity": frame.graph.names.label}
    if folder is None or not frame.links.has(folder) or (folder in known and iri not in known[folder]):
        return ""
    return frame.links.thing(iri, folder) if change.op != "DEL" else ""


def words_of(group: Group) -> str:
    """The reason, and the first of what was changed for it."""
    names = [clean(change.label or change.name) for change in group.changes[:NAMED]]
    more = f" … and {len(group.changes) - NAMED:,} more." if len(group.changes) > NAMED else ""
    return " ".join(filter(None, [clean(group.reason), *names])) + more
