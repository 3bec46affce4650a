"""What editors record of changes: releases with their days, corrections with their reasons, identifiers that are retired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from partnergraph.history.states import VERSION, version_order
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, compact

_RELEASE = PREFIXES["release"]
_RECORDS = frozenset(ox.NamedNode(f"{PG}{name}") for name in ("Release", "Correction", "Retired"))
_REPLACED = f"{PREFIXES['dcterms']}isReplacedBy"
_ISSUED = f"{PREFIXES['dcterms']}issued"


@dataclass(frozen=True)
class Reason:
    """Why something was changed since a release: the record, the kind of change, and the reason in a sentence."""

    name: str
    kind: str
    text: str
    since: str


@dataclass(frozen=True)
class Records:
    """All that a content records of its own changes."""

    # The day of each release, by version, oldest first.
    releases: dict[str, str] = field(default_factory=dict)
    # The reasons for changes of an identifier, by its short name.
    reasons: dict[str, list[Reason]] = field(default_factory=dict)
    # What took the place of an identifier that names nothing any more; nothing where it was withdrawn.
    retired: dict[str, str] = field(default_factory=dict)

    def between(self, name: str, first: str, second: str = "") -> list[Reason]:
        """The reasons for changes of an identifier from one release to another, or to now."""
        start, end = version_order(first), version_order(second) if second else (9999,)
        return [reason for reason in self.reasons.get(name, ()) if start <= version_order(reason.since) < end]


def read_records(triples: Iterable[ox.Triple]) -> Records:
    """The records that stand among the triples of a content."""
    known = list(triples)
    recorded = {subject for subject, predicate, value in known if value in _RECORDS and predicate.value == RDF_TYPE}
    subjects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in known:
        if subject in recorded and isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            subjects[subject.value][predicate.value].append(value.value)
    records = Records()
    days = {iri: said[_ISSUED][0] for iri, said in subjects.items() if f"{PG}Release" in said[RDF_TYPE] and said[_ISSUED]}
    versions = sorted((iri.removeprefix(_RELEASE) for iri in days if _is_version(iri)), key=version_order)
    records.releases.update((version, days[_RELEASE + version]) for version in versions)
    for iri, said in sorted(subjects.items()):
        if f"{PG}Correction" in said[RDF_TYPE]:
            parts = [said[f"{PG}{name}"] for name in ("cause", "changeReason", "changedSince")]
            if all(parts) and _is_version(parts[2][0]):
                kind = parts[0][0].removeprefix(f"{PG}cause-").replace("-", " ")
                reason = Reason(compact(iri), kind, parts[1][0], parts[2][0].removeprefix(_RELEASE))
                for changed in said[f"{PG}changes"]:
                    records.reasons.setdefault(compact(changed), []).append(reason)
        if f"{PG}Retired" in said[RDF_TYPE]:
            records.retired[compact(iri)] = compact(said[_REPLACED][0]) if said[_REPLACED] else ""
    return records


def _is_version(iri: str) -> bool:
    return iri.startswith(_RELEASE) and VERSION.fullmatch(iri.removeprefix(_RELEASE)) is not None
