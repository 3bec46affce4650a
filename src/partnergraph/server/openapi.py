"""OpenAPI 3.1 of what programs ask: made from the headers of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from partnergraph.content.queries import ANY, KINDS, Parameter, Query
from partnergraph.core.views import View
from partnergraph.server.settings import LEAST_SECONDS

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
ANSWERS = (
    *("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
GRAPHS = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
STATUSES = {
    "400": "what was asked is wrong",
    "404": "a name is not known",
    "413": "the answer is too large",
    "429": "asked too often",
    "503": "too slow, or too busy",
}


def openapi(questions: Mapping[str, Query], base_url: str, version: str) -> dict[str, Any]:
    """The description of the API."""
    paths: dict[str, Any] = {f"/ask/{name}.{{suffix}}": _question(query) for name, query in questions.items()}
    paths["/ask.json"] = _simple("All named questions", [], "application/json")
    paths["/search.json"] = _simple(
        "Entities by a part of a name",
        [
            _parameter("q", "a part of a name", required=True),
            {**_parameter("limit", "at most so many"), "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
        ],
        "application/json",
    )
    for thing in ("entity", "claim", "source"):
        name = {
            "name": "name",
            "in": "path",
            "required": True,
            "description": "its short name",
            "schema": {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9_.-]+$"},
        }
        view = [{"$ref": f"#/components/parameters/{field.name}"} for field in fields(View)]
        paths[f"/{thing}/{{name}}.json"] = _simple(
            f"One {thing} with what is known of it", [name, *view], "application/json", missing=True
        )
    narrowed = [
        _parameter("entity", "about whom"),
        _parameter("kind", "of which cause: correction, new source, new fact, ontology"),
    ]
    paths["/changes.json"] = _simple("What was changed from release to release, and why", narrowed, "application/json")
    paths["/feeds/changes.json"] = _simple("The same as a feed, one entry a reason", narrowed, "application/feed+json")
    narrowed = [_parameter("entity", "about whom"), _parameter("kind", "which kind of claims")]
    paths["/feeds/known.json"] = _simple("What became known, as a feed", narrowed, "application/feed+json")
    asked = _responses(
        "application/sparql-results+json",
        {
            **STATUSES,
            "403": "it would change something or reach outside",
            "406": "no such format",
            "414": "too long: send it by POST",
            "415": "a body that is neither a query nor a form",
        },
        *ANSWERS[1:-1],
        *GRAPHS,
    )
    paths["/sparql"] = {
        "post": {
            "summary": "SPARQL 1.1 query, sent as the body",
            "operationId": "sparql-post",
            "requestBody": {
                "required": True,
                "content": {"application/sparql-query": {"schema": {"type": "string", "minLength": 1}}},
            },
            "responses": asked,
        },
        "get": {
            "summary": "SPARQL 1.1 query",
            "operationId": "sparql",
            "parameters": [
                {
                    **_parameter("query", "SELECT, ASK, CONSTRUCT or DESCRIBE", required=True),
                    "schema": {"type": "string", "minLength": 1},
                },
                {
                    **_parameter("format", "the format of the answer"),
                    "schema": {"type": "string", "enum": ["json", "xml", "csv", "tsv", "turtle", "ntriples", "jsonld", "rdfxml"]},
                },
                {
                    **_parameter("timeout", "seconds that the client waits; it can only be less than the server allows"),
                    "schema": {"type": "number", "minimum": LEAST_SECONDS, "maximum": 1000},
                },
            ],
            "responses": asked,
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "partnergraph",
            "version": version,
            "summary": "Sourced claims about who funds, powers, licenses, supplies and competes with whom in AI",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        **({"servers": [{"url": base_url}]} if base_url else {}),
        "paths": paths,
        "components": {
            "schemas": {"Problem": _problem()},
            "parameters": {field.name: _view_parameter(field) for field in fields(View)},
        },
    }


def _question(query: Query) -> dict[str, Any]:
    suffix = {
        "name": "suffix",
        "in": "path",
        "required": True,
        "description": "the format",
        "schema": {"type": "string", "enum": ["json", "csv", "xlsx", "srj", "tsv", "xml"]},
    }
    parameters = [
        {
            **_parameter(parameter.name, f"{parameter.description}; {KINDS[parameter.kind]}", required=parameter.default is None),
            "schema": _schema(parameter),
        }
        for parameter in query.parameters
    ]
    view = [{"$ref": f"#/components/parameters/{field.name}"} for field in fields(View)]
    return {
        "get": {
            "summary": query.title,
            "description": query.description,
            "operationId": query.name,
            "tags": [query.group.lstrip("0123456789 ") or "questions"],
            "parameters": [suffix, *parameters, *view],
            "responses": _responses("application/json", STATUSES, *ANSWERS),
        }
    }


def _schema(parameter: Parameter) -> dict[str, Any]:
    default = parameter.default
    made: dict[str, Any] = {"type": "string", "minLength": 1}
    if parameter.kind == "day":
        made = {"anyOf": [{"type": "string", "format": "date"}, {"enum": [ANY, "any"]}]}
    if default is not None:
        made["default"] = default
    if default == ANY:
        made["description"] = "* leaves it open"
    return made


def _parameter(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": {"type": "string"}}


def _view_parameter(field: Any) -> dict[str, Any]:
    made = _parameter(field.name, field.metadata["help"])
    words = field.metadata.get("words")
    if isinstance(field.default, bool):
        made["schema"] = {"type": "boolean"}
    elif words:
        made["schema"] = {"type": "string", "enum": list(words)}
    elif field.metadata.get("metavar") == "DAY":
        made["schema"] = {"type": "string", "format": "date"}
    if not isinstance(field.default, bool):
        # What a form leaves empty is not asked for.
        made["schema"] = {"anyOf": [made["schema"], {"const": ""}]}
    return made


def _simple(summary: str, parameters: list[dict[str, Any]], media: str, *, missing: bool = False) -> dict[str, Any]:
    statuses = STATUSES | ({"301": "it has another name", "410": "it was withdrawn, and why"} if missing else {})
    return {"get": {"summary": summary, "parameters": parameters, "responses": _responses(media, statuses)}}


def _responses(media: str, statuses: Mapping[str, str], *also: str) -> dict[str, Any]:
    told: dict[str, Any] = {"200": {"description": "the answer", "content": {one: {} for one in (media, *also)}}}
    return told | {status: {"description": words, **({} if status == "301" else PROBLEM)} for status, words in statuses.items()}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "limit": {"type": "number"},
        },
    }
