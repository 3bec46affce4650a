"""The pages of reference that are made from what they document: commands, questions, ontology.

``python docs/pages.py`` (part of ``make docs`` and of ``make renew``) writes them into docs/reference/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

import partnergraph
from partnergraph.base.texts import clean, markdown
from partnergraph.cli import app
from partnergraph.cli.app import HOMES, SHARED
from partnergraph.content.queries import KINDS
from partnergraph.rdf.terms import PG, compact

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
MADE = "The page is made from {} (`make docs`)."


def commands_page() -> str:
    """Every command with its usage, its options and its example, as ``--help`` has them."""
    found: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
    usual = {parameter.name: parameter for parameter in found["ask"].params}
    parts = [
        "# Commands\n",
        MADE.format("the commands' own help")
        + " Data goes to standard output, everything else to standard error. A command ends with 0"
        " where all is well, 1 where the content or the request is wrong, 2 where it was not understood.\n",
        "## Options of every command that asks the graph\n",
        *_options([parameter for parameter in usual.values() if parameter.name in SHARED]),
    ]
    for name in HOMES:
        command = found[name]
        words, _, example = (command.help or "").partition("Example: ")
        shared = any(parameter.name == "as_of" for parameter in command.params)
        # What a command says in words of its own, as of --kind, is not what all say.
        own = [parameter for parameter in command.params if not (shared and _same(parameter, usual.get(parameter.name)))]
        usage = " ".join(
            parameter.make_metavar(_context(command, name)) for parameter in own if parameter.param_type_name == "argument"
        )
        parts += [f"## {name}\n", f"    partnergraph {name} {usage}".rstrip() + "\n"]
        parts += [f"{' '.join(paragraph.split())}\n" for paragraph in words.strip().split("\n\n")]
        parts += _options(own)
        parts.append(
            f"Example: `{' '.join(example.split())}`" + (" · takes the options of every command, too.\n" if shared else "\n")
        )
    return "\n".join(parts)


def _same(parameter: Any, other: Any) -> bool:
    return other is not None and other.name in SHARED and parameter.help == other.help


def _context(command: Any, name: str) -> Any:
    return command.context_class(command, info_name=name)


def _options(parameters: list[Any]) -> list[str]:
    rows = []
    for parameter in parameters:
        if parameter.name == "help":
            continue
        named = (
            ", ".join(f"`{option}`" for option in parameter.opts)
            if parameter.param_type_name == "option"
            else f"`{parameter.name}`"
        )
        metavar = getattr(parameter, "metavar", None)
        takes = f" `{metavar}`" if parameter.param_type_name == "option" and metavar else ""
        rows.append(f"| {named}{takes.replace('|', chr(92) + '|')} | {_cell(parameter.help or '')} |")
    return ["| takes | what it does |", "|---|---|", *rows, ""] if rows else []


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def questions_page(graph: partnergraph.Graph) -> str:
    """Every named question by subject, with its parameters."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for query in graph.questions.values():
        groups[query.group].append(query)
    parts = [
        "# Questions\n",
        MADE.format("the questions in `ontology/questions/`") + " Asked by `partnergraph ask NAME parameter=value`.\n",
    ]
    for group in sorted(groups, key=lambda name: int(name.partition(" ")[0])):
        parts.append(f"## {group.partition(' ')[2]}\n")
        for query in sorted(groups[group], key=lambda query: str(query.name)):
            parts.append(f"### {query.name}\n")
            parts.append(f"{query.title}" + (f" {query.description}" if query.description else "") + "\n")
            parts += [
                f"- `{parameter.usage()}`: {parameter.description}; {KINDS[parameter.kind]}" for parameter in query.parameters
            ]
            parts.append("")
    return "\n".join(parts).rstrip() + "\n"


CLASSES = """
    SELECT ?class ?label ?says ?from ?to (MIN(?name) AS ?example) WHERE {
      ?class a owl:Class ; rdfs:label ?label ; skos:definition ?says .
      FILTER (STRSTARTS(STR(?class), STR(pg:)))
      OPTIONAL { ?class pg:edgeFrom ?from ; pg:edgeTo ?to }
      OPTIONAL { ?claim pg:kind ?class ; a pg:Claim . FILTER NOT EXISTS { ?claim pg:rejectedIn ?mistake } BIND (STR(?claim) AS ?name) }
    } GROUP BY ?class ?label ?says ?from ?to ORDER BY ?class
"""
PROPERTIES = """
    SELECT ?property ?says (GROUP_CONCAT(DISTINCT STR(?range); SEPARATOR=" ") AS ?ranges) WHERE {
      VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty }
      ?property a ?kind ; skos:definition ?says .
      FILTER (STRSTARTS(STR(?property), STR(pg:)))
      OPTIONAL { ?property rdfs:range ?range }
    } GROUP BY ?property ?says ORDER BY ?property
"""


def ontology_page(graph: partnergraph.Graph) -> str:
    """Every class with its ends, an example and a question that uses it, then every property."""
    asked = _asked(graph)
    parts = [
        "# Ontology\n",
        MADE.format("`ontology/partnergraph.ttl`")
        + f" The namespace is `{PG}`, written `pg:`. `partnergraph vocabulary TEXT` finds terms by their words.\n",
        "## Classes\n",
    ]
    for row in graph.query(CLASSES):
        name = compact(_text(row["class"]))
        parts.append(f"### {name}\n\n{markdown(_text(row['says']))}\n")
        told = []
        if row["from"] is not None:
            told.append(f"from `{compact(_text(row['from']))}` to `{compact(_text(row['to']))}`")
        if row["example"] is not None:
            told.append(f"for example `{compact(_text(row['example']))}`")
        if name in asked:
            told.append(f"asked by [{asked[name]}](questions.md#{asked[name]})")
        parts.append(f"- {' · '.join(told)}\n" if told else "")
    parts += ["## Properties\n", "| property | what it says | takes | asked by |", "|---|---|---|---|"]
    for row in graph.query(PROPERTIES):
        name = compact(_text(row["property"]))
        question = f"[{asked[name]}](questions.md#{asked[name]})" if name in asked else ""
        ranges = ", ".join(f"`{compact(iri)}`" for iri in sorted(_text(row["ranges"]).split()))
        parts.append(f"| `{name}` | {_cell(markdown(_text(row['says'])))} | {ranges} | {question} |")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"


def _text(term: Any) -> str:
    return clean(str(term.value)) if term is not None else ""


def _asked(graph: partnergraph.Graph) -> dict[str, str]:
    """For each term the question with the fewest terms that uses it: that one shows it best."""
    asked: dict[str, str] = {}
    terms = {name: set(re.findall(r"pg:[\w-]+", query.text)) for name, query in graph.questions.items()}
    for name in sorted(terms, key=lambda name: (len(terms[name]), name)):
        for term in sorted(terms[name]):
            asked.setdefault(term, name)
    return asked


def pages(graph: partnergraph.Graph) -> Iterator[tuple[Path, str]]:
    """Each page and what stands in it when it is current."""
    yield FOLDER / "commands.md", commands_page()
    yield FOLDER / "questions.md", questions_page(graph)
    yield FOLDER / "ontology.md", ontology_page(graph)


if __name__ == "__main__":
    for path, text in pages(partnergraph.load()):
        path.write_text(text, encoding="utf-8")
