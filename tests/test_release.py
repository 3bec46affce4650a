"""Two releases, of what the content was and of what it is: their bytes, their descriptors as others read them, their delta."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
from typer.testing import CliRunner

import partnergraph
from partnergraph.base.errors import ContentError, OutputError, PartnerGraphError, QueryError
from partnergraph.cli import app
from partnergraph.content.folders import Content, find_content
from partnergraph.history.comparing import compare
from partnergraph.history.drafts import draft
from partnergraph.history.states import kept_versions, read_kept_triples
from partnergraph.rdf.terms import PREFIXES
from partnergraph.rdf.turtle import write_turtle
from partnergraph.release.releasing import Release, keep_state, make_release, write_release
from partnergraph.stores.loading import load_store

FIRST = "2026.11.0"
SECOND = "2026.11.1"
RELEASES = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("dcterms", "pg", "rdfs", "release", "xsd"))
DECLARED = 'release:{0} a pg:Release ; rdfs:label "{0}" ; dcterms:issued "{1}"^^xsd:date .\n'


def as_it_was(version: str, folder: Path, *declared: str) -> Path:
    """A folder with the content of a release that is kept, and the releases that it declares itself."""
    data = folder / "graph_data"
    data.mkdir(parents=True)
    (data / "all.ttl").write_text(write_turtle(read_kept_triples(find_content(), version), PREFIXES), encoding="utf-8")
    (data / "releases.ttl").write_text(RELEASES + "".join(declared), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of what the content was in its first week."""
    place = tmp_path_factory.mktemp("earlier")
    own = as_it_was(FIRST, place / "own", DECLARED.format(FIRST, "2026-11-22"))
    result = CliRunner().invoke(app, ["release", str(place / "release"), "--content", str(own), "--keep"])
    assert result.exit_code == 0, result.output
    assert f"partnergraph: wrote {place}/release/SHA256SUMS\n" in result.stderr
    assert kept_versions(find_content(own)) == [FIRST]
    return place / "release"


NEXT = "2099.01.0"
SAID = "claim:microsoft-openai-2019-investment"
MORE = """
@prefix claim: <https://w3id.org/partnergraph/claim/> .
@prefix ent: <https://w3id.org/partnergraph/entity/> .
@prefix pg: <https://w3id.org/partnergraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/partnergraph/source/> .
claim:made-up-development a pg:Development ; rdfs:label "OpenAI makes something more." ; pg:attestation pg:announced ;
    pg:developed ent:chatgpt ; pg:developer ent:openai ; pg:cites [ pg:source src:2-data-microsoft-security-copilot-2026 ; pg:locator "title" ] .
"""


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """The shipped content with one claim more and one said otherwise, its next release declared, and a reason for each change."""
    place = tmp_path_factory.mktemp("today")
    shutil.copytree(find_content().data, place / "graph_data")
    with (place / "graph_data" / "claims" / "more.ttl").open("w", encoding="utf-8") as file:
        file.write(MORE)
    money = place / "graph_data" / "claims" / "microsoft-openai-money.ttl"
    first = f"{SAID}\n    a pg:Investment ;\n    rdfs:label "
    assert first in money.read_text(encoding="utf-8")
    money.write_text(money.read_text(encoding="utf-8").replace(f'{first}"', f'{first}"In short: '), encoding="utf-8")
    owed = draft(find_content(place)).replace('pg:changeReason ""', 'pg:changeReason "The source was read again."')
    (place / "graph_data" / "corrections" / "owed.ttl").write_text(owed, encoding="utf-8")
    with (place / "graph_data" / "releases.ttl").open("a", encoding="utf-8") as file:
        file.write(DECLARED.format(NEXT, "2099-01-01"))
    return find_content(place)


@pytest.fixture(scope="module")
def release(today: Content) -> Release:
    """The next release of the content as it is today."""
    return make_release(today, at="https://example.org/data")


@pytest.fixture(scope="module")
def folder(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, written."""
    place = tmp_path_factory.mktemp("release")
    write_release(release, place)
    return place


def test_checksums_are_those_of_the_files(folder: Path, today: Content) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(sums) == written - {"SHA256SUMS"}
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sums} == sums
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    assert {name: file["sha256"] for name, file in index["files"].items()} == {n: s for n, s in sums.items() if n != "index.json"}
    assert index["content"] == today.identity
    assert index["code"] == partnergraph.__version__


@pytest.mark.slow
def test_another_process_makes_the_same_bytes(release: Release, today: Content, tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from partnergraph.content.folders import find_content
from partnergraph.stores.loading import load_store
from partnergraph.release.releasing import make_release
made = make_release(find_content(Path({str(today.data.parent)!r})), at="https://example.org/data/")
Path({str(tmp_path / "sums")!r}).write_bytes(made.files["SHA256SUMS"])
"""
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)
    assert (tmp_path / "sums").read_bytes() == release.files["SHA256SUMS"]


def test_the_first_release_has_no_delta(earlier: Path) -> None:
    index = json.loads((earlier / "index.json").read_text(encoding="utf-8"))
    assert (index["version"], index["previous"], index["counts"]["claims"]) == (FIRST, None, 1765)
    assert not (earlier / "delta.jsonl").exists()
    assert "This is the first release." in (earlier / "README.md").read_text(encoding="utf-8")


def test_two_folders_differ_as_the_states_that_the_content_keeps(earlier: Path, folder: Path, today: Content) -> None:
    read = compare(find_content(), str(earlier), str(folder))
    assert (read.first, read.second) == (FIRST, NEXT)
    # The content as it is differs from what it was as the two folders do.
    assert [change.name for change in read.changes] == [change.name for change in compare(today, FIRST).changes]
    assert {change.op for change in read.changes} == {"ADD", "MOD", "DEL", "REDIRECT"}
    (found,) = (change for change in read.changes if change.name == "claim:openai-cerebras-20b")
    assert found.reason
    assert found.before != found.after


def test_the_delta_has_a_line_a_change(release: Release, today: Content) -> None:
    index = json.loads(release.files["index.json"])
    told = [json.loads(line) for line in release.files["delta.jsonl"].decode().splitlines()]
    changes = compare(today, index["previous"]).changes
    assert [(line["op"], line["id"], line["reason"]) for line in told] == [(c.op, c.name, c.reason or None) for c in changes]
    assert told
    assert {"op", "id", "label", "before", "after", "kind", "reason"} <= set(told[0])
    owed = [line["id"] for line in told if line["op"] == "MOD" and line["id"].startswith("claim:") and not line["reason"]]
    assert owed == []


def test_the_dumps_hold_the_graph(release: Release, today: Content) -> None:
    every = {quad.triple for quad in ox.parse(release.files["partnergraph.nq"], format=ox.RdfFormat.N_QUADS)}
    stated = {quad.triple for quad in ox.parse(release.files["stated.nq"], format=ox.RdfFormat.N_QUADS)}
    assert len(every) == len(load_store(today))
    derived = ox.NamedNode(f"{PREFIXES['pg']}investedIn")
    assert any(triple.predicate == derived for triple in every)
    assert not any(triple.predicate == derived for triple in stated)
    assert 30_000 < len(stated) < len(every)


def test_the_folder_of_turtle_is_a_content(folder: Path, today: Content) -> None:
    inside = partnergraph.load(folder / "turtle", trust=True)
    assert inside.version == today.version
    assert len(inside.ask("donations")) == len(partnergraph.load().ask("donations")) > 0


def test_tables_have_a_row_for_each_claim_and_each_place(release: Release) -> None:
    def read(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(release.files[f"csv/{name}.csv"].decode())))

    claims, citations, entities = (read(name) for name in ("claims", "citations", "entities"))
    assert len({row["claim"] for row in claims}) == len(claims) > 1800
    assert {row["claim"] for row in citations} == {row["claim"] for row in claims}
    parties = {party.partition("=")[2] for row in claims for party in row["parties"].split()}
    assert parties == {row["entity"] for row in entities}
    (found,) = (row for row in claims if row["claim"] == "claim:microsoft-openai-2019-investment")
    assert found["date"] == "2019-07-22"
    assert (found["amountMin"], found["amountMax"], found["currency"]) == ("1000000000", "1000000000", "USD")
    assert {"investor=ent:microsoft", "investee=ent:openai"} <= set(found["parties"].split())


def test_frictionless_finds_the_tables_as_they_are_described(folder: Path) -> None:
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "note"])[:5]
    assert [task.name for task in report.tasks] == ["claims", "citations", "entities"]


# What DCAT-AP demands of datasets, distributions and agents.
DEMANDED = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dcterms:title ; sh:minCount 1 ], [ sh:path dcterms:description ; sh:minCount 1 ],
    [ sh:path dcterms:publisher ; sh:class foaf:Agent ; sh:minCount 1 ; sh:maxCount 1 ],
    [ sh:path dcat:distribution ; sh:class dcat:Distribution ; sh:minCount 10 ],
    [ sh:path dcterms:issued ; sh:datatype xsd:date ; sh:minCount 1 ], [ sh:path dcat:inSeries ; sh:class dcat:DatasetSeries ; sh:minCount 1 ],
    [ sh:path dcat:prev ; sh:minCount 1 ], [ sh:path dcterms:license ; sh:nodeKind sh:IRI ; sh:minCount 1 ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [ sh:path dcat:accessURL ; sh:nodeKind sh:IRI ; sh:minCount 1 ], [ sh:path dcat:downloadURL ; sh:minCount 1 ],
    [ sh:path dcat:byteSize ; sh:datatype xsd:nonNegativeInteger ; sh:maxCount 1 ; sh:minCount 1 ],
    [ sh:path dcat:mediaType ; sh:nodeKind sh:IRI ; sh:minCount 1 ],
    [ sh:path ( spdx:checksum spdx:checksumValue ) ; sh:datatype xsd:hexBinary ; sh:minCount 1 ] .
[] a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property [ sh:path foaf:name ; sh:minCount 1 ] .
"""


def test_the_catalogue_has_what_dcat_demands(release: Release) -> None:
    from pyshacl import validate

    data = rdflib.Graph().parse(data=release.files["dcat.ttl"], format="turtle")
    conforms, _, report = validate(data, shacl_graph=rdflib.Graph().parse(data=DEMANDED, format="turtle"), inference="none")
    assert conforms, report
    # The shapes are no empty words: without its publisher it would not do.
    data.remove((None, rdflib.DCTERMS.publisher, None))
    assert not validate(data, shacl_graph=rdflib.Graph().parse(data=DEMANDED, format="turtle"), inference="none")[0]


def test_search_engines_read_the_dataset(release: Release) -> None:
    described = json.loads(release.files["dataset.jsonld"])
    assert described["@context"] == "https://schema.org/"
    # Nothing is loaded from elsewhere in a test: the vocabulary stands for the context.
    local = json.dumps({**described, "@context": {"@vocab": "https://schema.org/"}})
    data = rdflib.Graph().parse(data=local, format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    this = rdflib.URIRef(f"https://w3id.org/partnergraph/release/{release.version}")
    assert (this, rdflib.RDF.type, schema.Dataset) in data
    assert str(data.value(this, schema.version)) == release.version
    assert 50 < len(str(data.value(this, schema.description))) < 5000
    addresses = {str(address) for address in data.objects(None, schema.contentUrl)}
    assert "https://example.org/data/csv/claims.csv" in addresses


def test_the_citation_file_says_what_is_cited(release: Release) -> None:
    import yaml

    told = yaml.safe_load(release.files["CITATION.cff"])
    assert {"cff-version", "message", "title", "authors"} <= set(told)
    assert (told["cff-version"], told["type"], told["version"], told["license"]) == (
        "1.2.0",
        "dataset",
        release.version,
        "CC-BY-4.0",
    )
    assert isinstance(told["date-released"], str)


def test_the_feed_and_the_page_tell_what_was_corrected(release: Release) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(release.files["changes.atom"])  # noqa: S314  # our own bytes
    entries = feed.findall(f"{atom}entry")
    assert entries
    assert all(entry.find(f"{atom}{name}") is not None for entry in entries for name in ("id", "title", "updated", "link"))
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries)
    page = release.files["changes.html"].decode()
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert "src=" not in page.replace("src=ent", "")


def test_a_release_that_is_kept_cannot_be_made_of_something_else(tmp_path: Path) -> None:
    own = as_it_was(FIRST, tmp_path, DECLARED.format(FIRST, "2026-11-22"))
    keep_state(find_content(own), FIRST)
    path = own / "graph_data" / "all.ttl"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Microsoft agreed in July 2019", "Microsoft agreed in 2019"), encoding="utf-8"
    )
    with pytest.raises(ContentError, match=f"is no longer what release {FIRST} was"):
        make_release(find_content(own))
    with (own / "graph_data" / "releases.ttl").open("a", encoding="utf-8") as file:
        file.write(DECLARED.format(SECOND, "2026-11-29"))
    with pytest.raises(ContentError, match="claim:microsoft-openai-2019-investment reads otherwise than in release"):
        make_release(find_content(own))


def test_a_content_without_releases_says_how_to_declare_one(tmp_path: Path) -> None:
    own = as_it_was(FIRST, tmp_path)
    with pytest.raises(ContentError, match="declares no release"):
        make_release(find_content(own))


@pytest.mark.parametrize("address", ["ftp://example.org/", "https://example.org/?a=b", 'https://example.org/"x', "example.org"])
def test_an_address_that_is_none_is_refused_before_any_work(address: str) -> None:
    with pytest.raises(QueryError, match="is no address of a folder on the web"):
        make_release(find_content(), at=address)


def test_it_is_compared_only_with_earlier_ones(today: Content) -> None:
    with pytest.raises(PartnerGraphError, match=r"is not earlier; name one before it|no release named"):
        make_release(today, since=NEXT)


def test_no_folder_of_something_else_is_written_into(release: Release, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds diary\.txt and no release"):
        write_release(release, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]
    (folder / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds note\.txt, which is not of release"):
        write_release(release, folder)
    (folder / "note.txt").unlink()
    write_release(release, folder)
