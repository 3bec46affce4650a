"""Drafts of corrections: what changed since the last release without a reason, grouped so that one reason fits a group."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from partnergraph.base.errors import ContentError
from partnergraph.content.folders import Content
from partnergraph.history.changes import find_changes, needs_reason
from partnergraph.history.records import read_records
from partnergraph.history.states import data_triples, kept_versions, make_state, read_kept
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, expand
from partnergraph.rdf.turtle import write_turtle


def draft(content: Content) -> str:
    """The corrections that the content owes since its last release, as Turtle whose reasons are left to write; empty if it owes none.

    What gained nothing but citations is a new source; for the rest ``pg:cause`` is a guess. What is gone is retired.
    """
    kept = kept_versions(content)
    if not kept:
        raise ContentError(content.data, "keeps no release, so that no change is owed a reason")
    triples = data_triples(content)
    records = read_records(triples)
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    made: list[ox.Triple] = []
    for change in find_changes(read_kept(content, kept[-1]), make_state(triples), records):
        if not needs_reason(change) or change.reason:
            continue
        what = {line.partition(" ")[0].partition(":")[2] or "kind" for line in change.before + change.after}
        gone = change.op != "MOD"
        name = "gone" if gone else "new-source" if change.sources_only else "-".join(sorted(what))
        groups["cause-new-source" if change.sources_only else "cause-correction", name].append(change.name)
        if gone and change.name not in records.retired:
            made.append(_triple(expand(change.name) or "", RDF_TYPE, f"{PG}Retired"))
    for (cause, name), changed in groups.items():
        record = f"{PREFIXES['correction']}since-{kept[-1]}-{name}"
        made += [
            _triple(record, RDF_TYPE, f"{PG}Correction"),
            _triple(record, f"{PG}cause", f"{PG}{cause}"),
            _triple(record, f"{PG}changedSince", PREFIXES["release"] + kept[-1]),
            ox.Triple(ox.NamedNode(record), ox.NamedNode(f"{PG}changeReason"), ox.Literal("")),
            *(_triple(record, f"{PG}changes", expand(one) or "") for one in changed),
        ]
    return write_turtle(made, PREFIXES) if made else ""


def _triple(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))
