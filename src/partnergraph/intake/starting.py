"""Beginning a folder of one's own: what lies in it at first, and the first block of something new."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import replace_together
from partnergraph.content.layers import LAYER_FILE
from partnergraph.core.graph import GraphCore
from partnergraph.intake.amounts import Unreadable
from partnergraph.intake.dates import read_day
from partnergraph.intake.drafts import slug
from partnergraph.rdf.terms import PREFIXES, compact
from partnergraph.rdf.turtle import format_turtle
from partnergraph.reading.classcards import ClassCard, Classes

SORTS = ("claim", "entity", "source", "class", "question")


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
    replace_together({path: text.encode() for path, text in written.items()})
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


@dataclass(frozen=True)
class Block:
    """A block of Turtle for something new: where it is to stand, and its text; what stands in capitals is to be replaced."""

    path: Path
    text: str
    card: ClassCard | None = None


def new_block(graph: GraphCore, sort: str, kind: str, name: str, values: dict[str, str]) -> Block:
    """The block of a new claim, entity, source or class, as far as it is known, and the card of its class."""
    if sort not in SORTS:
        raise ContentError(Path(sort), f"is nothing that can be new; take one of {', '.join(SORTS)}")
    prefix = next(iter(graph.content.layer.prefixes), "")
    data = graph.content.data
    if sort == "claim":
        return _claim(graph, kind, name, values, prefix)
    label = values.get("label") or name or "NAME"
    if sort == "entity":
        short = f"{prefix or 'ent'}:{slug(label)}"
        return Block(
            data / "entities" / "FILE.ttl",
            f"{short}\n    a pg:{_class(graph, kind or 'company')} ;\n    rdfs:label {json.dumps(label, ensure_ascii=False)} .\n",
        )
    if sort == "source":
        lines = [
            f"{prefix or 'src'}:{slug(label)}",
            "    a pg:Source ;",
            f"    dcterms:title {json.dumps(label, ensure_ascii=False)} ;",
            f"    pg:tier pg:tier-{values.get('tier', 'trade-press')} ;",
            f"    dcterms:issued {_dated(values.get('issued', '2026-05-04'))} ;",
            f'    schema:url "{values.get("url", "https://example.org/")}"^^xsd:anyURI .',
        ]
        return Block(data / "sources.ttl", "\n".join(lines) + "\n")
    if sort == "class":
        wider = Classes(graph).find(kind).name if kind else "pg:Agreement"
        short = f"{prefix or 'own'}:{''.join(word.capitalize() for word in slug(label).split('-'))}"
        lines = [
            short,
            "    a owl:Class ;",
            f"    rdfs:label {json.dumps(label, ensure_ascii=False)} ;",
            '    skos:definition "WHAT IT MEANS IN ONE SENTENCE." ;',
            f"    rdfs:subClassOf {wider} .",
        ]
        return Block(data.parent / "ontology" / "own.ttl", "\n".join(lines) + "\n")
    lines = [
        f"#+ title: {label if label.endswith('?') else label + '?'}",
        "#+ group: 90 Our own questions",
        "#+ param entity: entity = * -- who is meant",
        "SELECT ?entity ?claim ?label WHERE {",
        "  ?claim pg:party ?entity ; rdfs:label ?label .",
        "}",
        "ORDER BY ?claim",
    ]
    return Block(
        data.parent / "ontology" / "questions" / f"{slug(label)}.rq",
        "\n".join([*lines[:3], f"PREFIX pg: <{PREFIXES['pg']}>", f"PREFIX rdfs: <{PREFIXES['rdfs']}>", "", *lines[3:]]) + "\n",
    )


def _class(graph: GraphCore, kind: str) -> str:
    return compact(graph.find_class(kind)).removeprefix("pg:")


def _dated(text: str) -> str:
    """A day, month or year with the datatype of its precision."""
    try:
        day = read_day(text)
    except Unreadable as error:
        raise ContentError(Path("date"), str(error)) from None
    if day is None:
        raise ContentError(Path("date"), f"{text!r} is no date; write 2024-06-01, 2024-06 or 2024")
    return f'"{day.text}"^^{day.datatype}'


def _claim(graph: GraphCore, kind: str, name: str, values: dict[str, str], prefix: str) -> Block:
    if not kind:
        raise ContentError(Path("claim"), "of which class? Say --as investment; 'partnergraph vocabulary' lists them")
    card = Classes(graph).find(kind)
    said = "\n".join(card.example())
    said = said.replace("claim:NAME", f"{prefix or 'claim'}:{slug(name)}" if name else f"{prefix or 'claim'}:NAME")
    for word, key in (("ent:ONE", "from"), ("ent:OTHER", "to")):
        if values.get(key):
            said = said.replace(word, compact(graph.find_entity(values[key])), 1)
    if values.get("label"):
        said = said.replace('"ONE SENTENCE OF YOUR OWN."', json.dumps(values["label"], ensure_ascii=False))
    if values.get("date"):
        said = said.replace('"2026-05-04"^^xsd:date', _dated(values["date"]))
    return Block(graph.content.data / "claims" / "TOPIC.ttl", said + "\n", card)
