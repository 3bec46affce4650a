"""In which release a claim stands as it does now: what a citation of it has to say."""

from __future__ import annotations

from partnergraph.content.folders import Content
from partnergraph.history.records import Records, read_records
from partnergraph.history.states import data_triples, kept_versions, read_kept_triples, read_says


def standing(content: Content, iri: str) -> str:
    """Which release has the identifier as the content has it, in words; nothing where the content keeps no release."""
    kept = kept_versions(content)
    if not kept:
        return ""
    triples = data_triples(content)
    last = read_says(read_kept_triples(content, kept[-1]), iri)
    return in_words(kept[-1], read_records(triples), same=last == read_says(triples, iri), had=bool(last))


def in_words(version: str, records: Records, *, same: bool, had: bool) -> str:
    """How something stands to a release: it is the ``same`` there, the release ``had`` it otherwise, or not at all."""
    day = records.releases.get(version, "")
    named = f"release {version}{f' of {day}' if day else ''}"
    return named if same else f"as changed after {named}" if had else f"added after {named}"
