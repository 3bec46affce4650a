"""Beginning a folder of one's own: what lies in it at first."""

from __future__ import annotations

import json
import re
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import replace_together
from partnergraph.content.layers import LAYER_FILE
from partnergraph.intake.drafts import slug
from partnergraph.rdf.terms import PREFIXES
from partnergraph.rdf.turtle import format_turtle


def begin(folder: Path, topic: str, *, alone: bool, version: str) -> list[Path]:
    """Makes a folder with the file that says on what it stands, and an example of each sort; raises ContentError where there is one already.

    ``alone`` is for a field in which the shipped claims say nothing: the folder then stands on the ontology only.
    """
    layer = folder / LAYER_FILE
    if folder.exists() and not folder.is_dir():
        raise ContentError(folder, "is a file; name a folder")
    files = {folder / name: text for name, text in _files(topic, alone=alone, version=version).items()}
    there = [path for path in files if path.exists()]
    if layer.exists() or there:
        raise ContentError(min(there, default=layer), "is there already; nothing was written. Name another folder")
    for path in files:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ContentError(path.parent, f"cannot be made: {error.strerror}") from None
    written = {path: format_turtle(path, text.encode()) if path.suffix == ".ttl" else text for path, text in files.items()}
    replace_together({path: text.encode() for path, text in written.items()}, dict.fromkeys(written))
    return list(files)


def _prefix(topic: str) -> str:
    """A prefix for the names of a field: its first word, unless that means something else."""
    written = any(letter.isascii() and letter.isalpha() for letter in topic)
    word = re.sub(r"[^a-z0-9]", "", slug(topic).partition("-")[0])[:12] if written else "own"
    word = word if word[0].isalpha() else f"f{word}"
    return word if PREFIXES.get(word) in {None, _namespace(topic)} else f"my{word}"


def _namespace(topic: str) -> str:
    return f"https://example.org/{slug(topic)}/"


def _files(topic: str, *, alone: bool, version: str) -> dict[str, str]:
    prefix = _prefix(topic)
    uses = "shipped ontology" if alone else "shipped content"
    head = "".join(f"@prefix {key}: <{PREFIXES[key]}> .\n" for key in ("dcterms", "pg"))
    own = f"@prefix {prefix}: <{_namespace(topic)}> .\n"
    rdfs, schema, xsd = (f"@prefix {key}: <{PREFIXES[key]}> .\n" for key in ("rdfs", "schema", "xsd"))
    example = (
        f"{head}{own}{rdfs}{schema}{xsd}\n"
        f'{prefix}:example-source\n    a pg:Source ;\n    dcterms:title "The title of the document" ;\n    pg:tier pg:tier-trade-press ;\n'
        '    dcterms:issued "2026-05-04"^^xsd:date ;\n    schema:url "https://example.org/a-page"^^xsd:anyURI .\n'
    )
    entities = (
        f"@prefix pg: <{PREFIXES['pg']}> .\n{own}{rdfs}\n"
        f'{prefix}:example-one\n    a pg:Company ;\n    rdfs:label "Example One" .\n\n'
        f'{prefix}:example-two\n    a pg:Company ;\n    rdfs:label "Example Two" .\n'
    )
    claims = (
        f"@prefix pg: <{PREFIXES['pg']}> .\n{own}{rdfs}{xsd}\n"
        f'{prefix}:example-claim\n    a pg:Partnership ;\n    rdfs:label "Example One and Example Two become partners." ;\n'
        f"    pg:agreeing {prefix}:example-one, {prefix}:example-two ;\n    pg:attestation pg:reported ;\n    pg:stage pg:stage-agreed ;\n"
        f'    pg:date "2026-05-04"^^xsd:date ;\n    pg:cites [ pg:source {prefix}:example-source ; pg:locator "paragraph 2" ] .\n'
    )
    settings = (
        f"# On what this folder stands: {uses}.\nuses = [{json.dumps(uses)}]\nfield = {json.dumps(topic, ensure_ascii=False)}\n"
        f"written_for = {json.dumps(version)}\n\n# The names of your own; put a namespace here that you control.\n"
        f"prefix = {json.dumps(prefix)}\nnamespace = {json.dumps(_namespace(topic))}\n\n"
        '# What questions are asked with where nothing is said.\n[defaults]\n# entity = "Example One"\n'
    )
    readme = (
        f"# {topic}\n\nClaims about {topic}, for partnergraph.\n\n"
        "    partnergraph check --content .                           what is wrong, with file, line and repair\n"
        '    partnergraph show "Example One" --content .              what is claimed about it\n'
        "    partnergraph new claim --as investment --content .       what a claim of a class takes\n"
        "    partnergraph import deals.csv --as investment --content .\n"
        "    partnergraph draft article.html --content .\n\n"
        "The example files may go as soon as there are others.\n"
    )
    return {
        LAYER_FILE: settings,
        "README.md": readme,
        "graph_data/entities/example.ttl": entities,
        "graph_data/claims/example.ttl": claims,
        "graph_data/sources.ttl": example,
    }
