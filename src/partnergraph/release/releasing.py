"""A release made from a content and written to a folder: the same content gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from pathlib import Path

import pyoxigraph as ox

from partnergraph.base.errors import ContentError, OutputError, QueryError
from partnergraph.base.files import replace, replace_together
from partnergraph.base.progress import doing
from partnergraph.content.folders import Content, read_bytes
from partnergraph.core.graph import GraphCore
from partnergraph.export import to_files
from partnergraph.history.changes import as_jsonl, find_changes
from partnergraph.history.comparing import INDEX, SOURCES, read_version
from partnergraph.history.faults import find_faults
from partnergraph.history.records import Records, read_records
from partnergraph.history.states import (
    FOLDER,
    SUFFIX,
    State,
    data_triples,
    kept_versions,
    make_state,
    pack,
    read_kept,
    version_order,
)
from partnergraph.page.maps import Map
from partnergraph.page.purposes import purpose
from partnergraph.rdf.turtle import read_triples
from partnergraph.release import descriptors, notes
from partnergraph.release.about import About, media_type
from partnergraph.release.tables import Table, make_tables
from partnergraph.stores.engine import Embedded
from partnergraph.stores.loading import load_store
from partnergraph.stores.manifest import package_version

SUMS = "SHA256SUMS"
MOST_SHOWN = 5


@dataclass(frozen=True)
class Release:
    """A release: its version, and the bytes of each of its files by path."""

    version: str
    files: dict[str, bytes]


def make_release(content: Content, since: str | None = None, at: str | None = None) -> Release:
    """The newest release that the content declares, compared with the one before, or with ``since``.

    Raises ContentError where the content declares none, has changed after the release was kept, or owes reasons for changes.
    """
    place = _address(at)
    triples = data_triples(content)
    records, now = read_records(triples), make_state(triples)
    version = _newest(content, records)
    _check_kept(content, version, now)
    old = _previous(content, version, since)
    _check_reasons(content, old, now, records)
    changes = find_changes(old, State(version, now.says), records) if old.version else []

    graph = GraphCore(Embedded(load_store(content)), content)
    tables = make_tables(graph)
    about = replace_fields(_about(graph, tables), version=version, issued=records.releases[version], previous=old.version, at=place)
    files = _data_files(graph, content, triples, tables)
    if old.version:
        files["delta.jsonl"] = as_jsonl(changes)
        files["changes.html"] = notes.change_page(about, changes)
        files["changes.atom"] = notes.feed(about, changes)
    files["datapackage.json"] = descriptors.data_package(about, tables, files)
    files["CITATION.cff"] = descriptors.citation(about)
    data = dict(files)
    files["dataset.jsonld"] = descriptors.schema_org(about, data)
    files["dcat.ttl"] = descriptors.catalogue(about, data)
    files["README.md"] = notes.notes(about, changes, [*files, INDEX, SUMS])
    files[INDEX] = _index(about, files)
    files[SUMS] = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)).encode()
    return Release(version, files)


def _address(at: str | None) -> str:
    if not at:
        return ""
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+", at):
        raise QueryError(f"--at {at!r} is no address of a folder on the web; write https://example.org/partnergraph/")
    return at if at.endswith("/") else f"{at}/"


def _newest(content: Content, records: Records) -> str:
    if not records.releases:
        problem = "declares no release; add 'release:2026.12.0 a pg:Release' with rdfs:label and dcterms:issued to releases.ttl"
        raise ContentError(content.data, problem)
    return list(records.releases)[-1]


def _check_kept(content: Content, version: str, now: State) -> None:
    if version in kept_versions(content) and read_kept(content, version).says != now.says:
        problem = f"is no longer what release {version} was; declare the next release in releases.ttl"
        raise ContentError(content.data, problem)


def _previous(content: Content, version: str, since: str | None) -> State:
    if since is not None:
        old = read_version(content, since)
        if version_order(old.version) >= version_order(version):
            raise QueryError(f"release {version} cannot be compared with {old.version}, which is not earlier; name one before it")
        return old
    earlier = [kept for kept in kept_versions(content) if version_order(kept) < version_order(version)]
    return read_kept(content, earlier[-1]) if earlier else State("", {})


def _check_reasons(content: Content, old: State, now: State, records: Records) -> None:
    kept = kept_versions(content)
    # Only what the next release changes is owed a reason now; what was owed between earlier ones was given then, or never.
    owed = [f"{name} {problem}" for name, problem in find_faults(old, now, records)] if old.version in kept[-1:] else []
    if owed:
        rest = f"; and {len(owed) - MOST_SHOWN} more, which 'partnergraph check' lists" if len(owed) > MOST_SHOWN else ""
        raise ContentError(content.data, "; ".join(owed[:MOST_SHOWN]) + rest)


def _about(graph: GraphCore, tables: list[Table]) -> About:
    """What the graph itself says of the release."""
    found = {name: str(term.value) for row in graph.project("overview").mappings() for name, term in row.items()}
    held = {table.name: table.rows for table in tables}
    counts = {
        "claims": len(held["claims"]),
        "contested": int(found["contested"]),
        "entities": len(held["entities"]),
        "sources": len({row["source"] for row in held["citations"]}),
    }
    of: dict[str, dict[str, int]] = {"attestation": {}, "tier": {}}
    for row in graph.project("release-counts").mappings():
        of[str(row["of"].value)][str(row["label"].value)] = int(row["count"].value)
    latest = max((str(row["issued"]) for row in held["citations"]), default="")
    return About(
        content=graph.content.identity,
        code=package_version(),
        counts={**counts, "triples": graph.engine.size()},
        first=found.get("first", ""),
        last=found.get("last", ""),
        attestation=of["attestation"],
        tiers=of["tier"],
        latest=latest,
    )


def _data_files(graph: GraphCore, content: Content, triples: list[ox.Triple], tables: list[Table]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, path in (("nquads", "partnergraph.nq"), ("jsonld", "partnergraph.jsonld")):
        with doing(f"writing {path}"):
            files[path] = to_files(graph, name)[""]
    with doing("writing stated.nq"):
        files["stated.nq"] = _stated(content, triples)
    for name, folder in (("csv", "csv"), ("parquet", "parquet")):
        for part, data in to_files(graph, name).items():
            files[f"{folder}/network{part}.{name}"] = data
        for table in tables:
            files[f"{folder}/{table.name}.{name}"] = table.csv() if name == "csv" else table.parquet()
    files["map.html"] = Map(graph, purpose(graph)).html.encode()
    files.update(_folder(content))
    return files


def _folder(content: Content) -> dict[str, bytes]:
    """The content as its editors have it: a folder for ``--content``."""
    told = {f"graph_data/{path.relative_to(content.data).as_posix()}": content.read(path) for path in content.data_files()}
    for path in [*content.vocabulary_files(), content.ontology / "shapes.ttl"]:
        if path.is_file():
            told[f"ontology/{path.relative_to(content.ontology).as_posix()}"] = read_bytes(path)
    for kind in ("rules", "checks", "questions", "projections"):
        told.update((f"ontology/{kind}/{path.name}", read_bytes(path)) for path in content.queries(kind))
    return {f"{SOURCES}/{name}": data for name, data in told.items()}


def _stated(content: Content, triples: list[ox.Triple]) -> bytes:
    terms = [triple for path in content.vocabulary_files() for triple in read_triples(path, content.read(path))[0]]
    dataset = ox.Dataset(ox.Quad(one.subject, one.predicate, one.object, ox.DefaultGraph()) for one in [*triples, *terms])
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return ox.serialize(sorted(dataset, key=str), format=ox.RdfFormat.N_QUADS) or b""


def _index(about: About, files: dict[str, bytes]) -> bytes:
    return descriptors.as_json(
        {
            "name": "partnergraph",
            "version": about.version,
            "id": about.iri,
            "issued": about.issued,
            "previous": about.previous or None,
            "content": about.content,
            "code": about.code,
            "counts": about.counts,
            "attestation": about.attestation,
            "tiers": about.tiers,
            "latestSource": about.latest,
            "files": {
                path: {"bytes": len(files[path]), "sha256": hashlib.sha256(files[path]).hexdigest(), "mediaType": media_type(path)}
                for path in sorted(files)
            },
        }
    )


def write_release(release: Release, folder: Path) -> list[Path]:
    """Writes the files of a release into a folder, all or none, and returns the paths of those at its top.

    Raises OutputError where the folder holds anything that is not of a release.
    """
    try:
        there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
        if there and not (folder / INDEX).is_file():
            raise OutputError(f"{folder}: holds {there[0]} and no release; name a new or empty folder")
        stale = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).as_posix() not in release.files]
        if stale:
            raise OutputError(
                f"{folder}: holds {stale[0].relative_to(folder)}, which is not of release {release.version}; name another folder"
            )
        for path in release.files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None
    replace_together({folder / path: data for path, data in release.files.items()})
    return [folder / path for path in release.files if "/" not in path]


def keep_state(content: Content, version: str) -> Path:
    """Keeps the state of the content as that of the release, from where on changes are owed a reason; returns the file."""
    path = content.data / FOLDER / f"{version}{SUFFIX}"
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be written: {error.strerror}") from None
    replace(path, pack(data_triples(content)))
    return path
