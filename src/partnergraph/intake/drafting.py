"""Drafting an article: its candidates in a file beside it, and what a person has accepted as a draft in Turtle."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import revise
from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.intake.amounts import Amount
from partnergraph.intake.articles import Article, read_article
from partnergraph.intake.candidates import ACCEPTED, CITED, OPEN, Candidate, Drafted, read_drafted
from partnergraph.intake.dates import Day
from partnergraph.intake.drafts import Draft, DraftClaim, source_statements
from partnergraph.intake.guards import doubts, lowered
from partnergraph.intake.likeness import Likeness, plain_address
from partnergraph.intake.models import Asked, Model, ask_model
from partnergraph.intake.proposing import Proposer
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import PG, compact
from partnergraph.reading.classcards import Classes


@dataclass(frozen=True)
class About:
    """What is known of an article as a source."""

    url: str = ""
    title: str = ""
    publisher: str = ""
    issued: str = ""
    tier: str = "pg:tier-weak"

    def kept(self, article: Article) -> dict[str, str]:
        """As it is kept with the candidates."""
        return {
            "url": self.url,
            "title": self.title or article.title or clean(article.path.stem),
            "publisher": self.publisher,
            "issued": self.issued,
            "tier": self.tier,
        }


def candidates_path(article: Path) -> Path:
    """Where the candidates of an article are kept."""
    return article.with_name(f"{article.name.rpartition('.')[0] or article.name}.candidates.jsonl")


def draft_article(
    graph: GraphCore, path: Path, about: About, *, model: Model | None = None, without: Collection[str] = ()
) -> tuple[Drafted, Asked | None]:
    """Writes the candidates of an article beside it; raises ContentError where decisions of a person would be lost.

    With ``model`` the text leaves this machine, and only then. Claims that cite a source in ``without`` are not learnt from.
    """
    article = read_article(path)
    proposer = Proposer(graph, without)
    asked = ask_model(model, article, proposer, about.tier) if model else None
    found = proposer.propose(article)
    for candidate in found:
        candidate.attestation = lowered(candidate.attestation, about.tier)
        candidate.doubts += doubts(candidate, proposer.cards[candidate.kind], proposer.mentions, graph.names.label)
    if asked is not None:
        # Where the model has seen a sentence, what the rules make of it is left out.
        seen = {candidate.start for candidate in asked.candidates}
        found = sorted([*asked.candidates, *(one for one in found if one.start not in seen)], key=lambda one: one.start)
    for number, candidate in enumerate(found, 1):
        candidate.number = number
    drafted = Drafted(clean(article.path.name), article.sha256, about.kept(article), found)
    target = candidates_path(path)
    old = target.read_bytes() if target.exists() else None
    if old is not None and old != drafted.written() and any(one.state != OPEN for one in read_drafted(target).candidates):
        raise ContentError(target, "holds decisions of yours; accept them, or move the file away, and run this again")
    if old != drafted.written():
        revise(target, drafted.written(), old)
    return drafted, asked


def decided(graph: GraphCore, path: Path, drafted: Drafted) -> Draft:
    """What was accepted as a draft; raises ContentError where a decision cannot be carried out."""
    classes = Classes(graph)
    draft = Draft(graph)
    wanted = [one for one in drafted.candidates if one.state in {ACCEPTED, CITED}]
    if not wanted:
        raise ContentError(path, "nothing in it is accepted yet; 'partnergraph review' goes through it")
    source = _source(graph, path, drafted, draft)
    likeness = Likeness(graph)
    for candidate in wanted:
        locator = candidate.locator
        if candidate.state == CITED:
            if not graph.is_a(candidate.cites, "Claim"):
                raise ContentError(path, f"candidate {candidate.number} cites {candidate.cites!r}, which is no claim of the graph")
            if not likeness.cites(candidate.cites, source):
                draft.citations.append((candidate.cites, source, locator))
            continue
        claim = _claim(classes, draft, candidate, path)
        if _is_there(graph, likeness, claim, source, locator):
            continue
        claim.citations = [(source, locator)]
        draft.add(claim)
    return draft


def _source(graph: GraphCore, path: Path, drafted: Drafted, draft: Draft) -> str:
    said = drafted.source
    address = said.get("url", "")
    if address and not re.fullmatch(r"https?://[^\s<>\"]+", address):
        raise ContentError(path, f"{address!r} is no address; it begins with http:// or https://", 1)
    known = Likeness(graph).source(address) if address else None
    if known:
        return known
    publisher = ""
    name = said.get("publisher", "")
    if name:
        publisher = graph.find_entity(name) if name in graph.names else draft.entity(name, "pg:Publisher")
    issued = Day(said["issued"]) if said.get("issued") else None
    tier = said.get("tier") or "pg:tier-weak"
    statements = source_statements(
        address, said.get("title") or drafted.article, tier, issued, publisher, "drafted from a file without its day"
    )
    return draft.source(plain_address(address) or f"file:{drafted.article}", said.get("title") or drafted.article, statements)


def _claim(classes: Classes, draft: Draft, candidate: Candidate, path: Path) -> DraftClaim:
    card = classes.find(candidate.kind)
    names = draft.graph.names
    ids = {
        iri: names.resolve(name) if name in names else draft.entity(name, _class_of(classes, candidate, iri))
        for iri, name in candidate.new.items()
    }
    starts, ends = ([ids.get(iri, iri) for iri in iris] for iris in (candidate.starts, candidate.ends))
    roles = [(card.start.name, iri) for iri in starts] + [(card.finish.name, iri) for iri in ends]
    for end, found in ((card.start, starts), (card.finish, ends)):
        if not found and end.name not in card.optional and card.start != card.finish:
            raise ContentError(path, f"candidate {candidate.number} has nobody as {end.label}; review it again")
    day = candidate.date()
    label = " ".join(candidate.label.split())
    if fold(label) == fold(candidate.quote):
        raise ContentError(
            path, f"the label of candidate {candidate.number} is the sentence of the article; say it in words of your own"
        )
    claim = DraftClaim(
        card,
        roles,
        label,
        [],
        candidate.money(),
        days={"pg:date": day} if day else {},
        stage=candidate.stage if card.is_deal else "",
    )
    claim.attestation = candidate.attestation
    claim.amount = claim.amount if card.is_money else Amount()
    claim.more = list(candidate.texts.items())
    return claim


def _is_there(graph: GraphCore, likeness: Likeness, claim: DraftClaim, source: str, locator: str) -> bool:
    """Whether the graph has the claim from the same place already: what is accepted twice is added once."""
    kinds = graph.engine.objects(likeness.cited(source, locator), f"{PG}kind")
    return any(compact(str(kind.value)) == claim.card.name for found in kinds.values() for kind in found)


def _class_of(classes: Classes, candidate: Candidate, iri: str) -> str:
    """The class of a new entity: the narrow one that is usual at its end."""
    card = classes.find(candidate.kind)
    role = card.start if iri in candidate.starts else card.finish
    for usual, narrow in (
        ("pg:Organization", "pg:Company"),
        ("pg:Person", "pg:Person"),
        ("pg:Product", "pg:Product"),
        ("pg:Infrastructure", "pg:DataCentre"),
    ):
        if usual in role.classes or not role.classes:
            return narrow
    return role.classes[0]
