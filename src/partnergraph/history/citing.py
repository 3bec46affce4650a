"""In which release a claim stands as it does now: what a citation of it has to say."""

from __future__ import annotations

from partnergraph.content.folders import Content
from partnergraph.history.records import read_records
from partnergraph.history.states import data_triples, kept_versions, read_kept_triples, read_says


def standing(content: Content, iri: str) -> str:
    """Which release has the identifier as the content has it, in words; nothing where the content keeps no release."""
    kept = kept_versions(content)
    if not kept:
        return ""
    triples = data_triples(content)
    day = read_records(triples).releases.get(kept[-1], "")
    last = read_says(read_kept_triples(content, kept[-1]), iri)
    named = f"release {kept[-1]}{f' of {day}' if day else ''}"
    if last == read_says(triples, iri):
        return named
    return f"as changed after {named}" if last else f"added after {named}"
