"""Two versions of the content compared: releases that it keeps, folders that hold one, or the content as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from partnergraph.base.errors import ContentError, QueryError, UnknownName
from partnergraph.base.files import read_file
from partnergraph.content.folders import Content, find_content
from partnergraph.history.changes import KINDS, Change, find_changes
from partnergraph.history.records import Records, read_records
from partnergraph.history.states import VERSION, State, data_triples, kept_versions, make_state, read_kept, version_order
from partnergraph.rdf.names import fold, nearest_names
from partnergraph.rdf.terms import compact, expand

# Where a release says what it is, and where in it the content lies as its editors have it.
INDEX = "index.json"
SOURCES = "turtle"
MAX_INDEX = 2**20
NOW = "now"


@dataclass(frozen=True)
class Comparison:
    """What changed from one version to another."""

    first: str
    second: str
    changes: list[Change]


def compare(content: Content, first: str | None = None, second: str | None = None) -> Comparison:
    """What changed from the first version to the second; from the last release that is kept, to what the content says now.

    A version is a release that the content keeps, or the path of a folder that ``partnergraph release`` has written.
    Raises UnknownName or ContentError where there is no such, and QueryError where the first is not the earlier one.
    """
    kept = kept_versions(content)
    if first is None and not kept:
        raise ContentError(content.data, "keeps no release, so there is nothing to compare with; name a folder that holds one")
    triples = data_triples(content)
    old = read_version(content, first or kept[-1])
    new = make_state(triples) if second in {None, NOW} else read_version(content, str(second))
    if new.version and version_order(old.version) > version_order(new.version):
        raise QueryError(f"{old.version} is later than {new.version}; name the earlier one first")
    records = _together(read_records(triples), second)
    return Comparison(old.version, new.version or NOW, find_changes(old, new, records))


def _together(records: Records, second: str | None) -> Records:
    """The records of the content, or those of a folder where it knows more: it may be newer than the content."""
    folder = None if second is None or VERSION.fullmatch(second) else Path(second)
    if folder is None or not folder.is_dir():
        return records
    return read_records(data_triples(find_content(folder / SOURCES)))


def read_version(content: Content, name: str) -> State:
    """The state of a release that the content keeps, or of a folder that holds one."""
    if VERSION.fullmatch(name):
        return read_kept(content, name)
    folder = Path(name)
    if not folder.is_dir():
        kept = kept_versions(content)
        raise UnknownName("release", name, nearest_names(name, kept), f"there are {', '.join(kept) or 'none'}; or name a folder")
    version = read_index(folder)
    return make_state(data_triples(find_content(folder / SOURCES)), version)


def read_index(folder: Path) -> str:
    """The version of the release in a folder."""
    path = folder / INDEX
    try:
        version = json.loads(read_file(path, MAX_INDEX))["version"]
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        version = None
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        raise ContentError(path, "is no index of a release; 'partnergraph release DIR' writes one")
    return version


def only(comparison: Comparison, of: str | None = None, cause: str | None = None) -> list[Change]:
    """The changes of one identifier, or of one kind; raises UnknownName for a kind that there is not."""
    chosen = comparison.changes
    if cause is not None:
        kinds = [kind for kind in KINDS if fold(kind) == fold(cause)]
        if not kinds:
            raise UnknownName("cause", cause, nearest_names(cause, KINDS), f"there are {', '.join(KINDS)}")
        chosen = [change for change in chosen if change.kind == kinds[0]]
    if of is not None:
        names = {of, *(compact(iri) for prefix in ("claim", "ent", "src", "dispute") if (iri := expand(of, default=prefix)))}
        chosen = [change for change in chosen if change.name in names]
    return chosen
