"""What a release says of itself to programs: Data Package, DCAT with VoID and PROV, schema.org, CITATION.cff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from partnergraph.rdf.terms import PREFIXES
from partnergraph.rdf.turtle import write_turtle
from partnergraph.release import about
from partnergraph.release.about import About, media_type
from partnergraph.release.tables import Table

NAMESPACES = {
    **{name: PREFIXES[name] for name in ("dcterms", "prov", "rdf", "rdfs", "schema", "xsd", "release")},
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}


def as_json(value: object) -> bytes:
    """JSON for people and programs."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def data_package(release: About, tables: Iterable[Table], files: Mapping[str, bytes]) -> bytes:
    """``datapackage.json``: the tables with the type and meaning of each column."""
    resources = []
    for table in tables:
        path = f"csv/{table.name}.csv"
        schema: dict[str, object] = {
            "fields": [
                {
                    "name": field.name,
                    "type": field.kind,
                    "description": field.says,
                    **({"constraints": {"required": True}} if field.required else {}),
                }
                for field in table.fields
            ]
        }
        if table.key:
            schema["primaryKey"] = list(table.key)
        if table.foreign:
            schema["foreignKeys"] = [
                {"fields": [column], "reference": {"resource": other, "fields": [column]}} for column, other in table.foreign
            ]
        resources.append(
            {
                "name": table.name,
                "path": path,
                "profile": "tabular-data-resource",
                "description": table.says,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(files[path]),
                "hash": f"sha256:{hashlib.sha256(files[path]).hexdigest()}",
                "schema": schema,
            }
        )
    return as_json(
        {
            "profile": "tabular-data-package",
            "name": about.NAME,
            "id": release.iri,
            "title": about.TITLE,
            "description": about.SAYS,
            "version": release.version,
            "created": f"{release.issued}T00:00:00Z",
            "homepage": about.HOME,
            "keywords": list(about.KEYWORDS),
            "licenses": [{"name": about.LICENSE, "title": about.LICENSE_TITLE, "path": about.LICENSE_URL}],
            "contributors": [{"title": about.AUTHORS, "role": "author"}],
            "resources": resources,
        }
    )


def citation(release: About) -> bytes:
    """``CITATION.cff``: how the release is cited."""
    lines = [
        "cff-version: 1.2.0",
        "message: Cite the release that you used, and for a claim its short name and its sources as well.",
        "type: dataset",
        f"title: {json.dumps(about.TITLE)}",
        f"abstract: {json.dumps(about.SAYS)}",
        "authors:",
        f"  - name: {about.AUTHORS}",
        f"version: {json.dumps(release.version)}",
        f"date-released: {json.dumps(release.issued)}",
        f"license: {about.LICENSE}",
        f"url: {about.HOME}",
        "identifiers:",
        "  - type: other",
        f"    value: {release.iri}",
        "    description: The identifier of this release.",
        "  - type: other",
        f"    value: {json.dumps(f'sha256:{release.content}')}",
        "    description: The content that it was made from.",
        "keywords:",
        *(f"  - {word}" for word in about.KEYWORDS),
    ]
    return ("\n".join(lines) + "\n").encode()


def schema_org(release: About, files: Mapping[str, bytes]) -> bytes:
    """``dataset.jsonld``: the release as search engines for data read it."""
    distribution = [
        {
            "@type": "DataDownload",
            "name": path,
            "contentUrl": release.at + path,
            "encodingFormat": media_type(path),
            "contentSize": f"{len(data)} B",
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for path, data in main_files(files)
    ]
    return as_json(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": release.iri,
            "identifier": release.iri,
            "name": about.TITLE,
            "description": about.SAYS,
            "url": about.HOME,
            "version": release.version,
            "datePublished": release.issued,
            "temporalCoverage": f"{release.first}/{release.last}",
            "license": about.LICENSE_URL,
            "isAccessibleForFree": True,
            "creator": {"@type": "Organization", "name": about.AUTHORS},
            "keywords": list(about.KEYWORDS),
            "size": f"{release.counts['claims']} claims",
            "distribution": distribution,
        }
    )


def main_files(files: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    """The files that hold the data, apart from the folder that holds it once more as its editors have it."""
    return [(path, data) for path, data in sorted(files.items()) if not path.startswith("turtle/")]


def catalogue(release: About, files: Mapping[str, bytes]) -> bytes:
    """``dcat.ttl``: the release as a DCAT 3 dataset in a series, with VoID statistics and how it was made in PROV."""
    return write_turtle(_catalogue(release, files), NAMESPACES).encode()


def _catalogue(release: About, files: Mapping[str, bytes]) -> Iterator[ox.Triple]:
    this = ox.NamedNode(release.iri)
    series = ox.NamedNode(about.HOME)
    authors = ox.NamedNode(f"{about.HOME}/authors")
    making = ox.NamedNode(f"{release.iri}#making")
    software = ox.NamedNode(f"{about.HOME}/software/{release.code}")
    license_ = ox.NamedNode(about.LICENSE_URL)
    title, says = ox.Literal(about.TITLE, language="en"), ox.Literal(about.SAYS, language="en")

    yield from _said(series, ("rdf:type", _term("dcat:DatasetSeries")), ("dcterms:title", title), ("dcterms:description", says))
    yield from _said(series, ("dcterms:publisher", authors), ("dcterms:license", license_))
    yield from _said(authors, ("rdf:type", _term("foaf:Agent")), ("foaf:name", ox.Literal(about.AUTHORS)))
    yield from _said(software, ("rdf:type", _term("prov:SoftwareAgent")), ("foaf:name", ox.Literal(f"partnergraph {release.code}")))
    yield from _said(
        this,
        ("rdf:type", _term("dcat:Dataset")),
        ("rdf:type", _term("void:Dataset")),
        ("rdf:type", _term("prov:Entity")),
        ("dcterms:title", title),
        ("dcterms:description", says),
        ("dcterms:identifier", ox.Literal(release.iri)),
        ("dcterms:issued", _day(release.issued)),
        ("dcterms:license", license_),
        ("dcterms:publisher", authors),
        ("dcterms:creator", authors),
        ("dcat:version", ox.Literal(release.version)),
        ("dcat:inSeries", series),
        ("dcat:landingPage", series),
        *(("dcat:keyword", ox.Literal(word, language="en")) for word in about.KEYWORDS),
        ("void:triples", ox.Literal(release.counts["triples"])),
        ("void:entities", ox.Literal(release.counts["entities"])),
        ("void:uriSpace", ox.Literal(f"{about.HOME}/")),
        ("void:vocabulary", ox.NamedNode(PREFIXES["pg"])),
        ("prov:wasGeneratedBy", making),
        ("dcterms:temporal", ox.BlankNode("span")),
    )
    yield from _said(
        ox.BlankNode("span"),
        ("rdf:type", _term("dcterms:PeriodOfTime")),
        ("dcat:startDate", _day(release.first)),
        ("dcat:endDate", _day(release.last)),
    )
    if release.previous:
        before = ox.NamedNode(f"{about.HOME}/release/{release.previous}")
        yield from _said(this, ("dcat:prev", before), ("prov:wasRevisionOf", before))
    yield from _said(making, ("rdf:type", _term("prov:Activity")), ("prov:wasAssociatedWith", software))
    yield from _said(making, ("rdfs:comment", ox.Literal(f"partnergraph release, of content sha256:{release.content}")))
    for number, (path, data) in enumerate(main_files(files)):
        file, summed = ox.NamedNode(f"{release.iri}#{path}"), ox.BlankNode(f"sum{number}")
        digest = ox.Literal(hashlib.sha256(data).hexdigest(), datatype=ox.NamedNode(f"{PREFIXES['xsd']}hexBinary"))
        media = ox.NamedNode(f"http://www.iana.org/assignments/media-types/{media_type(path)}")
        yield from _said(
            file,
            ("rdf:type", _term("dcat:Distribution")),
            ("dcterms:title", ox.Literal(path)),
            ("dcterms:license", license_),
            ("dcat:mediaType", media),
            ("dcat:byteSize", ox.Literal(str(len(data)), datatype=ox.NamedNode(f"{PREFIXES['xsd']}nonNegativeInteger"))),
            ("spdx:checksum", summed),
            ("dcat:accessURL", ox.NamedNode(release.at or about.HOME)),
        )
        if release.at:
            yield from _said(file, ("dcat:downloadURL", ox.NamedNode(release.at + path)))
        algorithm = _term("spdx:checksumAlgorithm_sha256")
        yield from _said(
            summed, ("rdf:type", _term("spdx:Checksum")), ("spdx:algorithm", algorithm), ("spdx:checksumValue", digest)
        )
        yield ox.Triple(this, _term("dcat:distribution"), file)


def _said(subject: ox.NamedNode | ox.BlankNode, *said: tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal]) -> Iterator[ox.Triple]:
    for name, value in said:
        yield ox.Triple(subject, _term(name), value)


def _term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(NAMESPACES[prefix] + local)


def _day(text: str) -> ox.Literal:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    return ox.Literal(text, datatype=ox.NamedNode(f"{PREFIXES['xsd']}{kinds.get(len(text), 'string')}"))
