"""The first block of something new: what is known of it, and in capitals what is still to be said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from partnergraph.base.errors import ContentError, QueryError
from partnergraph.core.graph import GraphCore
from partnergraph.core.views import ATTESTATIONS, TIERS
from partnergraph.intake.drafts import STAGES, slug
from partnergraph.intake.saying import Saying, dated, entity
from partnergraph.rdf.terms import PREFIXES, RDF_TYPE, compact, expand
from partnergraph.reading.classcards import ClassCard, Classes

# What may be known of each sort of thing.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "claim": ("from", "to", "label", "date", "begin", "end", "stage", "attestation", "source", "locator"),
    "entity": ("label", "alias"),
    "source": ("label", "title", "url", "issued", "undated", "tier", "publisher", "primary"),
    "class": ("label", "definition"),
    "question": ("label",),
}


@dataclass(frozen=True)
class Block:
    """A block for something new: where it is to stand, and its text; what stands in capitals is to be replaced."""

    path: Path
    text: str
    card: ClassCard | None = None


def new_block(graph: GraphCore, sort: str, kind: str, name: str, given: Mapping[str, str | Sequence[str]]) -> Block:
    """The block of a new claim, entity, source, class or question, as far as it is known, and the card of its class.

    What is known may be several things of one name, such as the parties of a deal. Nothing is made up: what is not known stands in it in capitals, which ``check`` does not let pass. Raises QueryError for
    what a thing of this sort has not got.
    """
    if sort not in KNOWN:
        raise ContentError(Path(sort), f"is nothing that can be new; take one of {', '.join(KNOWN)}")
    all_of = {key: [value] if isinstance(value, str) else list(value) for key, value in given.items()}
    for key, said in all_of.items():
        # A claim takes whatever its class has; that is looked up where its class is known.
        if key not in KNOWN[sort] and sort != "claim":
            raise QueryError(f"a new {sort} takes {', '.join(KNOWN[sort])}; nobody knows what {key!r} means")
        if len(said) > 1 and key in KNOWN[sort] and key not in {"from", "to", "alias"}:
            raise QueryError(f"{key} is said {len(said)} times; say it once")
    values = {key: said[0] for key, said in all_of.items()}
    prefix = next(iter(graph.content.layer.prefixes), "")
    data = graph.content.data
    label = values.get("label") or values.get("title") or name or "NAME"
    # Whoever gives a label besides means the name itself.
    own = slug(name or label)
    if sort == "claim":
        return _claim(graph, kind, name, all_of, prefix)
    if sort == "entity":
        _free(graph, f"{prefix or 'ent'}:{own}")
        for called in (label, *all_of.get("alias", ())):
            _unlike(graph, called)
        lines = [
            f"{prefix or 'ent'}:{own}",
            f"a {compact(graph.find_class(kind or 'company'))}",
            f"rdfs:label {_quoted(label)}",
            *(f"skos:altLabel {_quoted(alias)}" for alias in all_of.get("alias", ())),
        ]
        return Block(data / "entities" / "FILE.ttl", _written(lines))
    if sort == "source":
        _free(graph, f"{prefix or 'src'}:{own}")
        return Block(data / "sources.ttl", _written(_source(graph, f"{prefix or 'src'}:{own}", label, values)))
    if sort == "class":
        wider = _wider(graph, kind)
        lines = [
            f"{prefix or 'own'}:{''.join(word.capitalize() for word in slug(label).split('-'))}",
            "a owl:Class",
            f"rdfs:label {_quoted(label)}",
            f"skos:definition {_quoted(values.get('definition', 'WHAT IT MEANS IN ONE SENTENCE.'))}",
            f"rdfs:subClassOf {wider}",
        ]
        return Block(data.parent / "ontology" / "own.ttl", _written(lines))
    lines = [
        f"#+ title: {label.rstrip('?')}?",
        "#+ group: 90 Our own questions",
        "#+ param entity: entity = * -- who is meant",
        f"PREFIX pg: <{PREFIXES['pg']}>",
        f"PREFIX rdfs: <{PREFIXES['rdfs']}>",
        "",
        "SELECT ?entity ?claim ?label WHERE {",
        "  ?claim pg:party ?entity ; rdfs:label ?label .",
        "}",
        "ORDER BY ?claim",
    ]
    return Block(data.parent / "ontology" / "questions" / f"{slug(label)}.rq", "\n".join(lines) + "\n")


def _free(graph: GraphCore, short: str) -> None:
    """Raises QueryError where something else in the graph is named so: in a namespace of one's own all sorts share it."""
    iri = expand(short)
    if iri is not None and graph.engine.objects([iri], RDF_TYPE).get(iri):
        raise QueryError(f"{short} is the name of something that is there already; take another name")


def _unlike(graph: GraphCore, name: str) -> None:
    """Raises QueryError where an entity of the graph is called so already."""
    found = graph.names.called(name) or list(graph.names.by_rule(name))
    if found:
        raise QueryError(
            f"{name!r} is what {' and '.join(map(compact, found[:3]))} is called already; take that, or a name that tells the two apart"
        )


def _written(lines: list[str]) -> str:
    subject, *said = lines
    return "\n".join([subject, *(f"    {line} ;" for line in said[:-1]), f"    {said[-1]} ."]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _wider(graph: GraphCore, kind: str) -> str:
    """The class that a new one is narrower than: one of claims or of entities."""
    if not kind:
        return "pg:Agreement"
    card = Classes(graph).named(kind)
    return card.name if card else compact(graph.find_class(kind))


def _source(graph: GraphCore, short: str, label: str, values: dict[str, str]) -> list[str]:
    tier = _one_of("tier", values.get("tier", ""), TIERS)
    lines = [
        short,
        "a pg:Source",
        f"dcterms:title {_quoted(label)}",
        f"pg:tier pg:tier-{tier or 'weak'}",
        f"pg:undatedBecause {_quoted(values['undated'])}"
        if values.get("undated")
        else f"dcterms:issued {_dated('issued', values.get('issued', ''))}",
        f"schema:url {_quoted(values.get('url', 'ADDRESS'))}^^xsd:anyURI",
    ]
    if values.get("issued") and values.get("undated"):
        raise QueryError("a source has its day (issued) or a reason why it has none (undated), not both")
    if values.get("primary"):
        if values["primary"].lower() not in {"true", "yes"}:
            raise QueryError("primary is yes, for a party that speaks for itself, or left out")
        lines.append("pg:primary true")
    if values.get("publisher"):
        lines.insert(3, f"dcterms:publisher {entity(graph, values['publisher'])}")
    return lines


def _one_of(key: str, given: str, among: tuple[str, ...]) -> str:
    if given and given not in among:
        raise QueryError(f"{key} is one of {', '.join(among)}, not {given!r}")
    return given


def _dated(key: str, text: str) -> str:
    return dated(key, text) if text else '"DATE"^^xsd:date'


def _claim(graph: GraphCore, kind: str, name: str, given: Mapping[str, Sequence[str]], prefix: str) -> Block:
    if not kind:
        raise ContentError(Path("claim"), "of which class? Say --as investment; 'partnergraph vocabulary' lists them")
    card = Classes(graph).find(kind)
    values = {key: said[0] for key, said in given.items() if said and said[0]}
    if name:
        _free(graph, f"{prefix or 'claim'}:{slug(name)}")
    named = {key: list(dict.fromkeys(entity(graph, one) for one in given.get(key, ()) if one)) for key in ("from", "to")}
    lines = [
        f"{prefix or 'claim'}:{slug(name) if name else 'NAME'}",
        f"a {card.name}",
        f"rdfs:label {_quoted(values.get('label') or 'ONE SENTENCE OF YOUR OWN.')}",
        f"pg:attestation pg:{_one_of('attestation', values.get('attestation', ''), ATTESTATIONS) or 'reported'}",
    ]
    known = set(KNOWN["claim"])
    more = {key: [one for one in said if one] for key, said in given.items() if key not in known and any(said)}
    if card.start == card.finish:
        lines.append(f"{card.start.name} {', '.join([*(named['from'] or ['ent:ONE']), *(named['to'] or ['ent:OTHER'])])}")
    else:
        for role, parties, word in ((card.finish, named["to"], "OTHER"), (card.start, named["from"], "ONE")):
            # Who plays an end may also be said by the name of the role.
            if parties or not (role.name in card.optional or role.name in {f"pg:{key.removeprefix('pg:')}" for key in more}):
                lines.append(f"{role.name} {', '.join(parties) or f'ent:{word}'}")
    stage = _one_of("stage", values.get("stage", ""), STAGES)
    if stage and not card.is_deal:
        raise QueryError(f"{card.label} is no deal and has no stage")
    lines += [f"pg:stage pg:stage-{stage or 'agreed'}"] * card.is_deal
    lines += Saying(graph, card, values.get("currency", "")).lines(more)
    dates = [key for key in ("begin", "date", "end") if values.get(key)] or ["date"]
    lines += [f"pg:{key} {_dated(key, values.get(key, ''))}" for key in dates]
    source = compact(graph.find_source(values["source"])) if values.get("source") else "src:SOURCE"
    lines.append(f"pg:cites [ pg:source {source} ; pg:locator {_quoted(values.get('locator') or 'PLACE IN THE SOURCE')} ]")
    return Block(graph.content.data / "claims" / "TOPIC.ttl", _written(lines), card)
