"""Who stands at which end of a claim that a sentence makes: by the order of names, by what stands around them, by what is known."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from partnergraph.intake.directions import listed, told
from partnergraph.intake.likeness import Likeness
from partnergraph.intake.mentions import Mention, Mentions
from partnergraph.reading.classcards import ClassCard, Classes, RoleCard

# How far before a name stands what turns the ends round; a search from the beginning takes the square of the time.
PASSIVE_WITHIN = 120
# What may stand between ``from`` and a name: "from the Dutch chip maker ASML".
_EPITHET = r"(?:(?!(?:and|in|to|with|at|on|for|of|und|an|mit|auf|et|à|en)\b)[\w'’-]+\s+){0,6}"
_PASSIVE = re.compile(
    rf"(?<!\bused )(?<!\boperated )(?<!\bfounded )(?<!\bdesigned )(?<!\badvised )(?<!\brun )\b(?:by|from|backed by|led by|owned by|vo[nm]|durch|par|auprès (?:de|du))\s+{_EPITHET}$|\bspen(?:d|t|ds|ding)\b[^;]*\bon\s+$",
    re.IGNORECASE,
)


# ``signed a contract with Oracle for cloud services``: who is named last supplies.
_DEAL_WITH = re.compile(
    r"\b(cloud |comput(?:e|ing) |chip |power |energy |supply )?(?:contract|deal|agreement|pact|order)s?\s+with\s+$", re.IGNORECASE
)
_FOR_GOODS = re.compile(
    r"\bfor\s+(?:[\w-]+\s+){0,3}(?:cloud|comput\w+|chips?|gpus?|tpus?|servers?|capacity|power|electricity|energy|accelerators?)\b"
    r"|\b(?:cloud|comput(?:e|ing)|chip|power|energy|supply)\s+(?:[\w-]+\s+)?(?:contract|deal|agreement|order)s?\b",
    re.IGNORECASE,
)
_CUSTOMER_OF = re.compile(rf"\b(?:customer|client|buyer)s? of\s+{_EPITHET}$", re.IGNORECASE)
# What stands before a paper that is only where it was read, and behind it.
_CITED = re.compile(r"\b(?:according to|reported by|told|per|via|citing|laut|selon|d['’]après)\s+(?:the\s+|a\s+)?$", re.IGNORECASE)
_CITES = re.compile(r"\s*,?\s*(?:which\s+)?(?:first\s+)?(?:reported|reports|said|says|wrote|writes)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\b(?:took part|participat\w+|joined|co-?led|led)\b", re.IGNORECASE)
_GIVES = re.compile(
    r"[^.;]{0,40}?\b(?:suppl(?:y|ies|ied)|sells?|sold|provid\w+|deliver\w*|rents? to|leases? to|hosts?)\b", re.IGNORECASE
)


# Of whom a sentence may speak that does not name him.
_PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|er|sie|ihn|il|elle)\b", re.IGNORECASE)
# Who lets sites seldom sells computing, and the other way round.
_OF_THEIR_OWN = frozenset({"pg:EnergySupply", "pg:Lease"})
_PERSONAL = frozenset({"pg:Person"})


class Parties:
    """Finds the parties of claims in sentences whose mentions are known."""

    def __init__(self, mentions: Mentions, likeness: Likeness, classes: Classes) -> None:
        self._mentions = mentions
        self._likeness = likeness
        self._classes = classes

    def assign(self, card: ClassCard, here: list[Mention], above: list[Mention], text: str) -> tuple[list[str], list[str]]:
        """Who stands at which end of a class: those of the sentence first, in its order, then those named around it.

        Names that nobody knows yet count where the known ones of the sentence do not do.
        """
        known = [mention for mention in here if not mention.new]
        if len(known) < len(here):
            starts, ends = self._assigned(card, known, [], text)
            first, last = self._fitting(here, card.start, card), self._fitting(here, card.finish, card)
            if told(card.start.name, [m for m in here if m in first or m in last], text).sure:
                return self._assigned(card, here, above, text)
            enough = len(starts) > 1 if card.start == card.finish else starts and ends
            return (starts, ends) if enough else self._assigned(card, here, above, text)
        return self._assigned(card, here, above, text)

    def _assigned(self, card: ClassCard, here: list[Mention], above: list[Mention], text: str) -> tuple[list[str], list[str]]:
        if not _PRONOUN.search(text) and _PERSONAL & {*card.start.classes, *card.finish.classes}:
            above = self._without(above, "pg:Person")
        named = [mention for mention in here if not self._is_cited(mention, text)]
        start, finish = self._fitting(named, card.start, card), self._fitting(named, card.finish, card)
        near_start, near_finish = self._fitting(above, card.start, card), self._fitting(above, card.finish, card)
        if card.is_deal and any(self._mentions.classes(mention.iri) & {"pg:Regulator", "pg:Court"} for mention in named):
            # Where an authority speaks, those who stand around make no deal.
            near_start = near_finish = []
        if card.start == card.finish:
            own = _names(start)
            return (own if len(own) > 1 else _names([*start, *near_start])[:2]), []
        if "pg:Person" in card.finish.classes and "pg:Organization" not in card.finish.classes:
            # Whom a firm hires or loses is no firm, and no person hires another one.
            start, near_start = (
                [m for m in self._without(found, "pg:Person") if m not in finish[:1]] for found in (start, near_start)
            )
        pair = self._told(card, start, finish, named, text)
        if pair is not None:
            return pair
        if card.is_money:
            # A service may pay in its owner's place, but where the owner is named it is he.
            start = self._without(start, "pg:Product") or self._without(near_start, "pg:Product") or start or near_start
        turned = (
            None
            if card.start.name == "pg:changer"
            else next((m for m in start if _turned(card, m, text, [one.start for one in named if one.start < m.start])), None)
        )
        if named:
            # Around a sentence that names somebody only those are looked for without whom the claim would be none.
            near_start, near_finish = (
                [] if role.name in card.optional else near for role, near in ((card.start, near_start), (card.finish, near_finish))
            )
        first = turned or next(iter([*start, *near_start]), None)
        if first and not turned and not first.near and not _GIVES.match(text, first.start + len(first.words)):
            first = self._who_gives(card, first, [*start, *near_start], finish)
        firsts = [first, *(listed(first, start, text) if self._act_together(first, named, finish, text) else [])] if first else []
        gone = {mention.iri for mention in firsts}
        rest = [mention for mention in finish if mention.iri not in gone]
        last = next((mention for mention in [*rest, *near_finish] if mention.iri not in gone), None)
        return _names(firsts), _names([last, *listed(last, rest, text)]) if last else []

    def _told(
        self, card: ClassCard, start: list[Mention], finish: list[Mention], named: list[Mention], text: str
    ) -> tuple[list[str], list[str]] | None:
        """Who stands at the ends as the words of the sentence have it; None where they do not tell."""
        pair = told(card.start.name, [m for m in named if m in start or m in finish], text)
        giver, taker = pair.giver, pair.taker
        if taker is None:
            return None
        if giver and pair.mutual and self._is_giver(card, taker, giver):
            giver, taker = taker, giver
        makers = {
            self._makers.get(mention.iri, taker.iri) for mention in named if "pg:Product" in self._mentions.classes(mention.iri)
        }
        if not giver and card.start.name == "pg:supplier" and len(makers - {taker.iri}) == 1:
            # Who makes what is bought supplies it.
            return sorted(makers - {taker.iri}), _names([taker])
        if taker not in finish or not (giver in start or (giver is None and card.start.name in card.optional)):
            return None
        givers = [giver, *(one for one in listed(giver, start, text) if one.iri != taker.iri)] if giver else []
        return _names(givers), _names([taker, *(one for one in listed(taker, finish, text) if one not in givers)])

    def _is_giver(self, card: ClassCard, one: Mention, other: Mention) -> bool:
        """Whether by the claims of the graph somebody gives and another one does not: sites and power by those of their class alone."""
        given = self._given.get(card.name if card.name in _OF_THEIR_OWN else card.start.name, Counter())
        return given[one.iri] > 0 >= given[other.iri] or given[one.iri] >= 0 > given[other.iri]

    def _fitting(self, mentions: list[Mention], role: RoleCard, card: ClassCard) -> list[Mention]:
        def fits(mention: Mention) -> bool:
            own = self._mentions.classes(mention.iri)
            if mention.new:
                return (
                    not role.classes
                    or "pg:Organization" in role.classes
                    or ("pg:Person" in role.classes and _is_person(mention.words))
                )
            return bool(own & set(role.classes)) if role.classes else not ({"pg:Publisher", "pg:MarketSegment"} & own)

        found = [mention for mention in mentions if fits(mention)]
        if not role.classes:
            # A judge who is named is not what he rules on.
            found = self._without(found, "pg:Person") or found
        # Who speaks for a firm is no party to its deals, and neither is an authority that rules on them.
        if not card.is_deal:
            return found
        found = self._without(self._without(found, "pg:Regulator"), "pg:Court")
        return self._without(found, "pg:Person") or found

    def _without(self, mentions: list[Mention], kind: str) -> list[Mention]:
        return [mention for mention in mentions if kind not in self._mentions.classes(mention.iri)]

    def _is_cited(self, mention: Mention, text: str) -> bool:
        """Whether a paper is named as what was read only."""
        if mention.near or "pg:Publisher" not in self._mentions.classes(mention.iri):
            return False
        begin = max(0, mention.start - PASSIVE_WITHIN)
        return bool(_CITED.search(text, begin, mention.start) or _CITES.match(text, mention.start + len(mention.words)))

    @staticmethod
    def _act_together(first: Mention, named: list[Mention], finish: list[Mention], text: str) -> bool:
        """Whether those who are listed with the first give together; of two the other one may be who gets it."""
        together = [first, *listed(first, named, text)]
        others = {mention.iri for mention in finish} - {mention.iri for mention in together}
        return bool(others) or len(together) > 2 or bool(_TOGETHER.search(text))

    def _who_gives(self, card: ClassCard, first: Mention, start: list[Mention], finish: list[Mention]) -> Mention:
        """Of two who may both give, whoever does by the claims of the graph: who rents computing out seldom rents it from a customer."""
        given = self._given.get(card.start.name, Counter())
        if first not in finish or given[first.iri] >= 0:
            return first
        return next((one for one in start if given[one.iri] > 0 and (one.near or one in finish)), first)

    @cached_property
    def _makers(self) -> dict[str, str]:
        """By product who makes it, where the graph knows one."""
        found: dict[str, set[str]] = {}
        for said in self._likeness.said().values():
            if said.kind == "pg:Development":
                for made in said.ends:
                    found.setdefault(made, set()).update(said.starts)
        return {made: next(iter(makers)) for made, makers in found.items() if len(makers) == 1}

    @cached_property
    def _given(self) -> dict[str, Counter[str]]:
        """By role and by class in how many more claims somebody gives than gets, of those by which one sells, rents or hosts."""
        found: dict[str, Counter[str]] = {}
        for said in self._likeness.said().values():
            card = self._classes.cards.get(said.kind)
            if card and card.start.name in {"pg:supplier", "pg:host", "pg:lessor"}:
                for key in (card.start.name, said.kind):
                    counts = found.setdefault(key, Counter())
                    counts.update(said.starts)
                    counts.subtract(said.ends)
        return found


def _is_person(words: str) -> bool:
    return re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_]+){1,3}", words) is not None


def _names(mentions: list[Mention]) -> list[str]:
    return list(dict.fromkeys(mention.iri for mention in mentions))


def _turned(card: ClassCard, mention: Mention, text: str, before: list[int]) -> bool:
    """Whether what stands around a name says that it is the one who gives, although others are named first."""
    # What belongs to a name further on does not stand before another one.
    begin = max([0, mention.start - PASSIVE_WITHIN, *before])
    if _PASSIVE.search(text, begin, mention.start):
        return True
    if card.start.name == "pg:supplier" and _CUSTOMER_OF.search(text, begin, mention.start):
        return True
    behind = mention.start + len(mention.words)
    return (
        card.start.name == "pg:supplier"
        and bool(deal := _DEAL_WITH.search(text, begin, mention.start))
        and bool((deal and deal[1]) or _FOR_GOODS.search(text, behind, behind + 2 * PASSIVE_WITHIN))
    )
