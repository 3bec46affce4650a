"""Drafts: claims, entities, sources and citations that nobody has accepted yet, and how they are written as Turtle."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

import pyoxigraph as ox

from partnergraph.core.graph import GraphCore
from partnergraph.intake.amounts import Amount
from partnergraph.intake.dates import Day
from partnergraph.intake.likeness import Said, untracked
from partnergraph.intake.stakes import Stake
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PREFIXES, RDF_TYPE, XSD, compact, expand
from partnergraph.rdf.turtle import write_turtle
from partnergraph.reading.classcards import ClassCard

MAX_NAME = 70
# How far a deal that is written down can have come: the ends of the names of the concepts.
STAGES = ("intended", "agreed", "underway", "completed", "ended", "cancelled")


def term(name: str) -> ox.NamedNode:
    """The node of a short name."""
    iri = expand(name)
    if iri is None:
        raise ValueError(f"{name!r} is no short name")
    return ox.NamedNode(iri)


def slug(text: str) -> str:
    """A name that can stand in an IRI: small letters, digits and hyphens; of other scripts a number that stays the same."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().casefold()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_NAME].strip("-")
    return made or hashlib.sha256(text.encode()).hexdigest()[:10]


@dataclass
class DraftClaim:
    """A proposed claim: its class, parties by role, values, label, and the places it cites."""

    card: ClassCard
    roles: list[tuple[str, str]]
    label: str
    citations: list[tuple[str, str]]
    amount: Amount = field(default_factory=Amount)
    valuation: Amount = field(default_factory=Amount)
    days: dict[str, Day] = field(default_factory=dict)
    stage: str = ""
    attestation: str = "pg:reported"
    stake: Stake | None = None
    more: list[tuple[str, str | bool | Decimal]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    contradicts: str = ""
    version_of: str = ""
    name: str = ""

    def ends(self) -> tuple[set[str], set[str]]:
        """The entities at both ends."""
        starts, finishes = ({iri for role, iri in self.roles if role == end.name} for end in (self.card.start, self.card.finish))
        return starts, finishes

    def key(self) -> tuple[object, ...]:
        """What two drafts have in common that say the same."""
        amount = (self.amount.least, self.amount.greatest, self.amount.currency, self.stake)
        return (self.card.name, frozenset(self.roles), amount, tuple(sorted((name, day.text) for name, day in self.days.items())))

    def said(self) -> Said:
        """What it says, as far as that is compared."""
        starts, ends = self.ends()
        # As the rules have it: a deal begins when it is made, anything else when it begins.
        order = ("pg:date", "pg:begin") if self.card.is_deal else ("pg:begin", "pg:date")
        day = next((self.days[name].text for name in order if name in self.days), "")
        first, last = span(day) if day else ("", "")
        return Said(
            self.name, self.card.name, starts, ends, self.amount.least, self.amount.greatest, self.amount.currency, first, last
        )


def span(day: str) -> tuple[str, str]:
    """The first and last day that a date may stand for."""
    if len(day) == 4:
        return f"{day}-01-01", f"{day}-12-31"
    if len(day) == 7:
        import calendar

        return f"{day}-01", f"{day}-{calendar.monthrange(int(day[:4]), int(day[5:]))[1]:02}"
    return day, day


class Draft:
    """All that is proposed together; names are new in the graph, and the same whenever the same is proposed."""

    def __init__(self, graph: GraphCore) -> None:
        self.graph = graph
        self.claims: list[DraftClaim] = []
        self.citations: list[tuple[str, str, str]] = []
        self.entities: dict[str, tuple[str, str]] = {}
        self.sources: dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]] = {}
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        prefixes = graph.content.layer.prefixes
        self._prefix = next(iter(prefixes), "")

    def named(self, prefix: str, text: str) -> str:
        """A new IRI in the namespace of the layer, or in that of its sort."""
        base = PREFIXES[self._prefix or prefix] + slug(text)
        iri, number = base, 1
        while iri in self._taken or self.graph.engine.objects([iri], RDF_TYPE):
            number += 1
            iri = f"{base}-{number}"
        self._taken.add(iri)
        return iri

    def entity(self, name: str, kind: str) -> str:
        """The new entity of that name, proposed once."""
        key = fold(name)
        if key not in self._names:
            iri = self.named("ent", name)
            self._names[key] = iri
            self.entities[iri] = (" ".join(name.split()), kind)
        return self._names[key]

    def source(self, key: str, title: str, said: list[tuple[str, ox.NamedNode | ox.Literal]]) -> str:
        """The new source of that address, proposed once."""
        if key not in self._names:
            # A file without an address is the same source whenever it is read again.
            there = PREFIXES[self._prefix or "src"] + slug(title)
            titled = [value.value for name, value in said if name == "dcterms:title"]
            if self.graph.is_a(there, "Source") and self.graph.labels([there]).get(there) in titled and key.startswith("file:"):
                self._names[key] = there
                return there
            iri = self.named("src", title)
            self._names[key] = iri
            self.sources[iri] = said
        return self._names[key]

    def known_source(self, key: str) -> str | None:
        """The source that was proposed for the address already."""
        return self._names.get(key)

    def add(self, claim: DraftClaim) -> None:
        """Proposes a claim under a name made of its parties, class and year."""
        labels = self.labels([iri for _, iri in claim.roles])
        starts, ends = claim.ends()
        day = next((day.text[:7] for day in claim.days.values()), "")
        who = [
            labels[iri] for iri in [*sorted(starts, key=labels.__getitem__)[:2], *sorted(ends - starts, key=labels.__getitem__)[:2]]
        ]
        claim.name = self.named("claim", "-".join([*(slug(name)[:24].strip("-") for name in who), slug(claim.card.label), day]))
        self.claims.append(claim)

    def labels(self, iris: list[str]) -> dict[str, str]:
        """What the entities are called, those of the draft too."""
        names = self.graph.names.label
        return {iri: self.entities[iri][0] if iri in self.entities else names.get(iri, compact(iri)) for iri in iris}

    def turtle(self) -> str:
        """The draft as Turtle in canonical form; empty where nothing is proposed."""
        triples: list[ox.Triple] = []

        def say(subject: str, name: str, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> None:
            triples.append(ox.Triple(ox.NamedNode(subject), term(name), value))

        for iri, (name, kind) in self.entities.items():
            say(iri, "rdf:type", term(kind))
            say(iri, "rdfs:label", ox.Literal(name))
        for iri, said in self.sources.items():
            say(iri, "rdf:type", term("pg:Source"))
            for name, value in said:
                say(iri, name, value)
        for claim in self.claims:
            for name, value in statements(claim):
                say(claim.name, name, value)
            for source, locator in claim.citations:
                triples.extend(citation(claim.name, source, locator))
        for known, source, locator in self.citations:
            triples.extend(citation(known, source, locator))
        return write_turtle(triples, PREFIXES) if triples else ""


def citation(claim: str, source: str, locator: str) -> list[ox.Triple]:
    """A citation of a claim."""
    node = ox.BlankNode()
    return [
        ox.Triple(ox.NamedNode(claim), term("pg:cites"), node),
        ox.Triple(node, term("pg:source"), ox.NamedNode(source)),
        ox.Triple(node, term("pg:locator"), ox.Literal(locator)),
    ]


def number(value: Decimal) -> ox.Literal:
    """A number as it is written in content."""
    whole = value == value.to_integral_value()
    return ox.Literal(
        f"{value:.0f}" if whole else f"{value.normalize():f}", datatype=ox.NamedNode(f"{XSD}{'integer' if whole else 'decimal'}")
    )


def day_literal(day: Day) -> ox.Literal:
    """A date with the datatype of its precision."""
    return ox.Literal(day.text, datatype=term(day.datatype))


def statements(claim: DraftClaim) -> list[tuple[str, ox.NamedNode | ox.Literal]]:
    """What is said of a draft claim, its citations apart."""
    true = ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean"))
    said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        ("rdf:type", term(claim.card.name)),
        ("rdfs:label", ox.Literal(claim.label)),
        ("pg:attestation", term(claim.attestation)),
    ]
    said += [(role, ox.NamedNode(iri)) for role, iri in claim.roles]
    said += [("pg:stage", term(claim.stage))] if claim.stage else []
    for amount, name in ((claim.amount, "pg:amount"), (claim.valuation, "pg:valuation")):
        said += [(f"{name}Min", number(amount.least))] if amount.least is not None else []
        said += [(f"{name}Max", number(amount.greatest))] if amount.greatest is not None else []
        said += [(f"{name}Approximate", true)] if amount.approximate else []
    said += [("pg:amountUndisclosed", true)] if claim.amount.undisclosed else []
    currency = claim.amount.currency or claim.valuation.currency
    if currency and any(
        value is not None for amount in (claim.amount, claim.valuation) for value in (amount.least, amount.greatest)
    ):
        said.append(("pg:currency", ox.Literal(currency)))
    if claim.stake is not None:
        said += [("pg:stakeMin", number(claim.stake.least))] if claim.stake.least is not None else []
        said += [("pg:stakeMax", number(claim.stake.greatest))] if claim.stake.greatest is not None else []
        said += [("pg:stakeApproximate", true)] if claim.stake.approximate else []
        said.append(("pg:stakeBasis", term("pg:basis-unspecified")))
    said += [(name, day_literal(day)) for name, day in claim.days.items()]
    for name, value in claim.more:
        said.append((name, number(value) if isinstance(value, Decimal) else true if isinstance(value, bool) else ox.Literal(value)))
    if claim.contradicts:
        said.append(("pg:contradicts", ox.NamedNode(claim.contradicts)))
    if claim.version_of:
        said.append(("pg:versionOf", ox.NamedNode(claim.version_of)))
    if claim.notes:
        said.append(("skos:editorialNote", ox.Literal("; ".join(dict.fromkeys(claim.notes)))))
    return said


def sentence(card: ClassCard, labels: dict[str, str], starts: list[str], ends: list[str]) -> str:
    """A label in our own words: who, what, whom."""

    def listed(iris: list[str]) -> str:
        names = [labels[iri] for iri in iris]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "somebody"

    if card.start == card.finish:
        return (
            f"{labels[starts[0]]} {card.caption} {listed(starts[1:])}."
            if len(starts) > 1
            else f"{listed(starts)} {card.caption} others."
        )
    caption = card.caption or card.label
    return f"{listed(starts)} {caption} {listed(ends)}." if ends else f"{listed(starts)}: {card.label}."


def address_title(address: str) -> str:
    """What a page may be called of which only the address is known."""
    parts = urlsplit(address)
    words = re.sub(r"\.(?:html?|php|aspx?|pdf)$", "", parts.path.rstrip("/").rpartition("/")[2])
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}: {re.sub(r'[-_+]+', ' ', words)}" if words else host


def source_statements(  # noqa: PLR0913, PLR0917  # each is a line of a source
    address: str, title: str, tier: str, issued: Day | None, publisher: str, undated: str
) -> list[tuple[str, ox.NamedNode | ox.Literal]]:
    """What is said of a new source."""
    said: list[tuple[str, ox.NamedNode | ox.Literal]] = [("dcterms:title", ox.Literal(title)), ("pg:tier", term(tier))]
    if address:
        said.append(("schema:url", ox.Literal(untracked(address), datatype=ox.NamedNode(f"{XSD}anyURI"))))
    if publisher:
        said.append(("dcterms:publisher", ox.NamedNode(publisher)))
    said.append(("dcterms:issued", day_literal(issued)) if issued else ("pg:undatedBecause", ox.Literal(undated)))
    return said
