"""What a content owes to those who rely on its last release: reasons for what changed, and no identifier that vanishes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from partnergraph.content.folders import Content
from partnergraph.history.changes import find_changes, needs_reason
from partnergraph.history.paragraphs import unshared
from partnergraph.history.records import Records, read_records
from partnergraph.history.states import (
    State,
    differing,
    joined_triples,
    kept_versions,
    make_state,
    read_kept_text,
    version_order,
)
from partnergraph.rdf.terms import compact, expand
from partnergraph.rdf.turtle import read_triples


def faults(content: Content, triples: Iterable[ox.Triple]) -> Iterator[tuple[str, str, bool]]:
    """The short name of each identifier that changed since the last release without a word on why, what is to be done, and whether it can wait.

    It can until the next release is declared. ``triples`` are those of the data. A content that keeps no release owes nothing.
    """
    kept = kept_versions(content)
    if not kept:
        return
    known = list(triples)
    records = read_records(known)
    waits = all(version_order(version) <= version_order(kept[-1]) for version in records.releases)
    # What reads as it did is looked at only where a record says why it changed.
    reasoned = {
        iri for name, reasons in records.reasons.items() if any(one.since == kept[-1] for one in reasons) and (iri := expand(name))
    }
    files = [(path, content.read(path)) for path in content.data_files()]
    before, after = changed(read_kept_text(content, kept[-1]), files, known, reasoned)
    for name, problem in find_faults(make_state(before, kept[-1]), make_state(after), records):
        yield name, problem, waits


def changed(
    kept: tuple[Path, bytes], files: Sequence[tuple[Path, bytes]], known: list[ox.Triple], reasoned: Collection[str] = ()
) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """What a release and the files of now, whose triples are ``known``, do not both say, and what is said of those ``reasoned``.

    Most paragraphs they have in common, or what they say differs and is reasoned; those are not read again.
    """
    path, text = kept
    found = unshared(text, [data for _, data in files], {compact(iri) for iri in reasoned})
    if found is not None:
        last = read_triples(path, found.earlier)[0]
        now = joined_triples((path, data) for (path, _), data in zip(files, found.later, strict=True))
        spoken = {compact(one.subject.value) for one in (*last, *now) if isinstance(one.subject, ox.NamedNode)}
        # What also stands in another paragraph cannot be told by the one that is the same.
        if not spoken & found.left_out:
            return differing(last, now, reasoned)
    return differing(read_triples(path, text)[0], known, reasoned)


def find_faults(last: State, now: State, records: Records) -> Iterator[tuple[str, str]]:
    """What is owed where ``last`` was released and ``now`` is the content."""
    where = f"the corrections, with pg:changedSince release:{last.version}"
    for change in find_changes(last, now, records):
        if change.op == "DEL" and change.name not in records.retired:
            problem = f"was in release {last.version} and is gone; put it back, or write it into retired.ttl as pg:Retired"
            yield change.name, f"{problem} and say why in {where}"
        elif needs_reason(change) and not change.reason:
            yield (
                change.name,
                f"reads otherwise than in release {last.version}, and nothing says why; name it with pg:changes in {where}",
            )
    for name, reasons in sorted(records.reasons.items()):
        idle = [reason for reason in reasons if reason.since == last.version and _same(name, last, now)]
        for reason in idle:
            yield reason.name, f"says why {name} changed since release {last.version}, but it reads as it did; take it out"


def _same(name: str, last: State, now: State) -> bool:
    return last.says.get(name) == now.says.get(name) and name in now.says
