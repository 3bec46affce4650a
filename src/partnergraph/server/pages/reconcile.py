"""The Reconciliation Service API 0.2, by which OpenRefine matches names to entities."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PG, PREFIXES, compact, expand
from partnergraph.server.pages.frame import Frame, Page
from partnergraph.server.pages.links import thing_path
from partnergraph.server.problems import Problem

if TYPE_CHECKING:
    from partnergraph.api import Graph

# What firms are called by law says nothing about which firm it is.
_LEGAL = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|lp|plc|pbc|gmbh|ag|se|sa|sas|sarl|bv|nv|oy|ab|as|spa|srl|kk|pte|pty|holdings?|group)\b\.?",
    re.IGNORECASE,
)
MOST_QUERIES = 50
MOST_CANDIDATES = 10
LEAST_SCORE = 60.0
PROPERTIES = {"kind": "what it is", "alias": "other names", "house": "house that it belongs to", "claims": "number of claims"}


def service(frame: Frame) -> Page:
    """The manifest, or the answer to queries or to an extension, as the parameters ask."""
    if "queries" in frame.params:
        return _spoken(frame, _batch(frame, _parsed(frame.params["queries"])))
    if "extend" in frame.params:
        return _spoken(frame, _extended(frame, _parsed(frame.params["extend"])))
    return _spoken(frame, manifest(frame))


def _spoken(frame: Frame, value: Any) -> Page:
    """The value as JSON, or as JSONP where a callback of a plain name is asked for."""
    callback = frame.params.get("callback", "")
    text = json.dumps(value, ensure_ascii=False)
    if callback:
        if not re.fullmatch(r"[A-Za-z_$][\w$.]{0,80}", callback):
            raise Problem(400, "callback is no name of a function")
        return Page(f"/**/{callback}({text});".encode(), "text/javascript; charset=utf-8")
    return Page(text.encode("utf-8", "replace"), "application/json")


def manifest(frame: Frame) -> dict[str, Any]:
    """What the service is."""
    base = frame.base_url or frame.links.prefix
    return {
        "versions": ["0.1", "0.2"],
        "name": "partnergraph",
        "identifierSpace": PREFIXES["ent"],
        "schemaSpace": PG,
        "defaultTypes": [{"id": "pg:Entity", "name": "entity"}],
        "view": {"url": f"{base}/entity/{{{{id}}}}.html"},
        "preview": {"url": f"{base}/reconcile/preview?id={{{{id}}}}", "width": 430, "height": 260},
        "suggest": {
            kind: {"service_url": base, "service_path": f"/reconcile/suggest/{kind}"} for kind in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/reconcile/properties"},
            "property_settings": [],
        },
    }


def _parsed(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(400, "the parameter is no JSON") from None
    if not isinstance(value, dict):
        raise Problem(400, "the parameter must be an object in JSON")
    return value


def _batch(frame: Frame, queries: dict[str, Any]) -> dict[str, Any]:
    if len(queries) > MOST_QUERIES:
        raise Problem(413, f"send at most {MOST_QUERIES} queries at once")
    return {
        key: {"result": _candidates(frame, query if isinstance(query, dict) else {"query": query})}
        for key, query in queries.items()
    }


def _candidates(frame: Frame, query: dict[str, Any]) -> list[dict[str, Any]]:
    text = str(query.get("query", ""))[:300]
    limit = query.get("limit")
    limit = limit if isinstance(limit, int) and 0 < limit <= MOST_CANDIDATES else MOST_CANDIDATES
    types = query.get("type")
    wanted = [str(one) for one in (types if isinstance(types, list) else [types]) if one]
    graph = frame.graph
    found = candidates(graph, text)
    if wanted and wanted != ["pg:Entity"]:
        members = {iri for name in wanted if (iri := expand(name, "pg"))}
        found = [(iri, score, exact) for iri, score, exact in found if _types(graph, iri) & members]
    exact = [iri for iri, _, same in found if same]
    shown = found[:limit]
    kinds = graph.kinds(iri for iri, _, _ in shown)
    return [
        {
            "id": _id(iri),
            "name": clean(graph.names.label[iri]),
            "type": [{"id": compact(kind), "name": kinds.get(iri, "entity")} for kind in [frame.facts.kind_of(iri)] if kind],
            "score": round(score, 1),
            "match": same and len(exact) == 1,
        }
        for iri, score, same in shown
    ]


def candidates(graph: Graph, text: str) -> list[tuple[str, float, bool]]:
    """(IRI, score of 100, whether the name is the same) of the entities whose names are like the text."""
    wanted = _plain(text)
    if not wanted:
        return []
    best: dict[str, tuple[float, bool]] = {}
    letters = {fold(text), fold(_LEGAL.sub(" ", text))}
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for iri, name in graph.names.names:
        plain = _plain(name)
        exact = fold(name) in letters or fold(_LEGAL.sub(" ", name)) in letters or plain == wanted
        if exact:
            score = 100.0
        else:
            matcher.set_seq1(plain)
            if matcher.real_quick_ratio() < 0.6 or matcher.quick_ratio() < 0.6:
                continue
            score = 99.0 * matcher.ratio()
            # The first letters of a name are seldom wrong, and a word more makes it another product or firm.
            score -= 8.0 * (plain[:1] != wanted[:1]) + 7.0 * abs(len(plain.split()) - len(wanted.split()))
        if score >= LEAST_SCORE and (iri not in best or score > best[iri][0]):
            best[iri] = score, exact
    ordered = sorted(best.items(), key=lambda item: (-item[1][0], graph.names.label[item[0]]))
    return [(iri, score, exact) for iri, (score, exact) in ordered]


def _plain(name: str) -> str:
    """The words of a name, sorted, without what only says which kind of firm it is."""
    words = re.findall(r"[^\W_]+", _LEGAL.sub(" ", name)) or re.findall(r"[^\W_]+", name)
    return " ".join(sorted(fold(word) for word in words))


def _types(graph: Graph, iri: str) -> set[str]:
    rdf_type = f"{PREFIXES['rdf']}type"
    return {str(term.value) for term in graph.engine.objects([iri], rdf_type).get(iri, ())}


def _id(iri: str) -> str:
    return iri.removeprefix(PREFIXES["ent"])


def _iri(name: str) -> str:
    return expand(str(name)) or ""


def _extended(frame: Frame, asked: dict[str, Any]) -> dict[str, Any]:
    ids = [str(one) for one in asked.get("ids", [])][: MOST_QUERIES * 4]
    properties = [
        str(one.get("id")) for one in asked.get("properties", []) if isinstance(one, dict) and one.get("id") in PROPERTIES
    ]
    kinds = frame.graph.kinds(filter(None, map(_iri, ids)))
    rows = {}
    for name in ids:
        iri = _iri(name)
        cells: dict[str, list[dict[str, Any]]] = {}
        for wanted in properties:
            cells[wanted] = _values(frame, iri, wanted, kinds) if iri in frame.graph.names.label else []
        rows[name] = cells
    return {"meta": [{"id": name, "name": PROPERTIES[name]} for name in properties], "rows": rows}


def _values(frame: Frame, iri: str, wanted: str, kinds: dict[str, str]) -> list[dict[str, Any]]:
    match wanted:
        case "kind":
            return [{"str": kinds[iri]}] if iri in kinds else []
        case "alias":
            return [{"str": clean(name)} for name in frame.graph.names_of(iri)[1:]]
        case "house":
            house = frame.graph.house_of(iri).value
            return [{"id": _id(house), "name": clean(frame.graph.names.label.get(house, house))}]
    return [{"int": sum(1 for _ in frame.graph.project("card", entity=ox.NamedNode(iri)).mappings())}]


def suggest(frame: Frame, kind: str) -> Page:
    """What somebody may mean who has typed the beginning of a name."""
    prefix = (frame.params.get("prefix") or frame.params.get("query") or "")[:200]
    if kind == "entity":
        hits = frame.graph.names.search(prefix)[:MOST_CANDIDATES]
        kinds = frame.graph.kinds(iri for iri, _ in hits)
        found = [
            {"id": _id(iri), "name": clean(frame.graph.names.label[iri]), "description": kinds.get(iri, "entity")}
            for iri, _ in hits
        ]
    elif kind == "type":
        classes = [(str(row["class"].value), str(row["label"].value)) for row in frame.graph.project("classes").mappings()]
        found = [{"id": compact(iri), "name": label} for iri, label in classes if fold(prefix) in fold(label)][:MOST_CANDIDATES]
    else:
        found = [{"id": name, "name": label} for name, label in PROPERTIES.items() if fold(prefix) in fold(label)]
    return _spoken(frame, {"result": found})


def proposed(frame: Frame) -> Page:
    """The properties with which a column can be extended."""
    listed = [{"id": name, "name": label} for name, label in PROPERTIES.items()]
    return _spoken(frame, {"type": frame.params.get("type", "pg:Entity"), "properties": listed})


def preview(frame: Frame) -> Page:
    """A few lines about an entity, shown within OpenRefine."""
    iri = _iri(frame.params.get("id", ""))
    if iri not in frame.graph.names.label:
        raise Problem(404, "no such entity")
    names = frame.graph.names_of(iri)
    kind = frame.graph.kinds([iri]).get(iri, "entity")
    lines = [(str(row["label"].value)) for row in frame.graph.project("card", entity=ox.NamedNode(iri)).mappings()]
    return frame.html(
        "preview.html.j2",
        framed=True,
        title=clean(names[0]),
        kind=kind,
        aliases=[clean(one) for one in names[1:4]],
        claims=[clean(one) for one in lines[:2]],
        count=len(lines),
        address=frame.base_url + thing_path(iri, "entity") if frame.base_url else frame.links.thing(iri, "entity"),
    )
