"""The first block of something new: what is known of it, and in capitals what is still to be said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from partnergraph.base.errors import ContentError, QueryError
from partnergraph.core.graph import GraphCore
from partnergraph.core.views import ATTESTATIONS, TIERS
from partnergraph.intake.amounts import Unreadable, read_amount
from partnergraph.intake.dates import read_day
from partnergraph.intake.drafts import STAGES, slug
from partnergraph.rdf.terms import PREFIXES, RDF_TYPE, compact, expand
from partnergraph.reading.classcards import ClassCard, Classes

# What may be known of each sort of thing.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "claim": ("from", "to", "label", "date", "begin", "end", "amount", "stake", "stage", "attestation", "source", "locator"),
    "entity": ("label",),
    "source": ("label", "title", "url", "issued", "tier", "publisher"),
    "class": ("label", "definition"),
    "question": ("label",),
}


@dataclass(frozen=True)
class Block:
    """A block for something new: where it is to stand, and its text; what stands in capitals is to be replaced."""

    path: Path
    text: str
    card: ClassCard | None = None


def new_block(graph: GraphCore, sort: str, kind: str, name: str, values: dict[str, str]) -> Block:
    """The block of a new claim, entity, source, class or question, as far as it is known, and the card of its class.

    Nothing is made up: what is not known stands in it in capitals, which ``check`` does not let pass. Raises QueryError for
    what a thing of this sort has not got.
    """
    if sort not in KNOWN:
        raise ContentError(Path(sort), f"is nothing that can be new; take one of {', '.join(KNOWN)}")
    for key in values:
        if key not in KNOWN[sort]:
            raise QueryError(f"a new {sort} takes {', '.join(KNOWN[sort])}; nobody knows what {key!r} means")
    prefix = next(iter(graph.content.layer.prefixes), "")
    data = graph.content.data
    label = values.get("label") or values.get("title") or name or "NAME"
    # Whoever gives a label besides means the name itself.
    own = slug(name or label)
    if sort == "claim":
        return _claim(graph, kind, name, values, prefix)
    if sort == "entity":
        _free(graph, f"{prefix or 'ent'}:{own}")
        lines = [
            f"{prefix or 'ent'}:{own}",
            f"a {compact(graph.find_class(kind or 'company'))}",
            f"rdfs:label {_quoted(label)}",
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
        f"dcterms:issued {_dated('issued', values.get('issued', ''))}",
        f"schema:url {_quoted(values.get('url', 'ADDRESS'))}^^xsd:anyURI",
    ]
    if values.get("publisher"):
        lines.insert(3, f"dcterms:publisher {compact(graph.find_entity(values['publisher']))}")
    return lines


def _one_of(key: str, given: str, among: tuple[str, ...]) -> str:
    if given and given not in among:
        raise QueryError(f"{key} is one of {', '.join(among)}, not {given!r}")
    return given


def _dated(key: str, text: str) -> str:
    """A day, month or year with the datatype of its precision."""
    if not text:
        return '"DATE"^^xsd:date'
    try:
        day = read_day(text)
    except Unreadable as error:
        # There is no --dates here, so that the one repair is to write the day plainly.
        raise QueryError(f"{key}: {str(error).partition('; say --dates')[0]}; write 2024-06-01, 2024-06 or 2024") from None
    if day is None:
        raise QueryError(f"{key}: {text!r} is no date; write 2024-06-01, 2024-06 or 2024")
    return f'"{day.text}"^^{day.datatype}'


def _claim(graph: GraphCore, kind: str, name: str, values: dict[str, str], prefix: str) -> Block:
    if not kind:
        raise ContentError(Path("claim"), "of which class? Say --as investment; 'partnergraph vocabulary' lists them")
    card = Classes(graph).find(kind)
    if name:
        _free(graph, f"{prefix or 'claim'}:{slug(name)}")
    ends = [
        compact(graph.find_entity(values[key])) if values.get(key) else f"ent:{word}"
        for key, word in (("from", "ONE"), ("to", "OTHER"))
    ]
    lines = [
        f"{prefix or 'claim'}:{slug(name) if name else 'NAME'}",
        f"a {card.name}",
        f"rdfs:label {_quoted(values.get('label') or 'ONE SENTENCE OF YOUR OWN.')}",
        f"pg:attestation pg:{_one_of('attestation', values.get('attestation', ''), ATTESTATIONS) or 'reported'}",
    ]
    if card.start == card.finish:
        lines.append(f"{card.start.name} {', '.join(ends)}")
    else:
        lines += [f"{card.finish.name} {ends[1]}", f"{card.start.name} {ends[0]}"]
    stage = _one_of("stage", values.get("stage", ""), STAGES)
    if stage and not card.is_deal:
        raise QueryError(f"{card.label} is no deal and has no stage")
    lines += [f"pg:stage pg:stage-{stage or 'agreed'}"] * card.is_deal + _money(card, values.get("amount", ""))
    lines += _stake(card, values.get("stake", ""))
    dated = [key for key in ("begin", "date", "end") if values.get(key)] or ["date"]
    lines += [f"pg:{key} {_dated(key, values.get(key, ''))}" for key in dated]
    source = compact(graph.find_source(values["source"])) if values.get("source") else "src:SOURCE"
    lines.append(f"pg:cites [ pg:source {source} ; pg:locator {_quoted(values.get('locator') or 'PLACE IN THE SOURCE')} ]")
    return Block(graph.content.data / "claims" / "TOPIC.ttl", _written(lines), card)


def _stake(card: ClassCard, text: str) -> list[str]:
    """What is said of a share in per cent; nothing where nothing is known."""
    if not text:
        return []
    if card.name != "pg:Ownership":
        raise QueryError(f"{card.label} has no stake; say --as ownership")
    found = re.fullmatch(
        r"(?P<about>about |around |roughly |~ ?)?(?P<number>\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent)", text.strip()
    )
    if not found or float(found["number"]) > 100:
        raise QueryError(f"stake: {text!r} is no share; write it like 12.5% or about 11%")
    lines = ["pg:stakeApproximate true"] * bool(found["about"])
    return [*lines, "pg:stakeBasis pg:basis-unspecified", *(f"pg:stake{end} {found['number']}" for end in ("Max", "Min"))]


def _money(card: ClassCard, text: str) -> list[str]:
    """What is said of the amount; nothing where nothing is known."""
    if not text:
        return []
    if not card.is_money:
        raise QueryError(f"{card.label} has no amount")
    try:
        amount = read_amount(text, unit="one")
    except Unreadable as error:
        raise QueryError(f"amount: {str(error).partition('; say --')[0]}; write it like 1.5bn USD") from None
    if amount.undisclosed:
        return ["pg:amountUndisclosed true"]
    lines = ["pg:amountApproximate true"] * amount.approximate
    lines += [f"pg:amountMax {amount.greatest:f}"] if amount.greatest is not None else []
    lines += [f"pg:amountMin {amount.least:f}"] if amount.least is not None else []
    return [*lines, f"pg:currency {_quoted(amount.currency)}"]
