"""Candidates of an article by rules alone: structure, names of the graph, money, dates, cue words, and the graph's own labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cached_property

from partnergraph.core.graph import GraphCore
from partnergraph.intake.amounts import Amount
from partnergraph.intake.articles import Article, Sentence
from partnergraph.intake.candidates import Candidate, kept_amount
from partnergraph.intake.drafts import sentence as worded
from partnergraph.intake.drafts import span
from partnergraph.intake.likeness import Likeness, Said
from partnergraph.intake.mentions import Mention, Mentions, days, paid_sums, sums
from partnergraph.intake.parties import Parties
from partnergraph.intake.ranking import Ranking, cues
from partnergraph.intake.strangers import strangers
from partnergraph.rdf.terms import compact
from partnergraph.reading.classcards import ClassCard, Classes

CLASSES = 5
# A class with its weight, and who stands at its ends.
_Fit = tuple[str, float, list[str], list[str]]
# A second relation is proposed for a sentence where it is nearly as likely as the first.
SECOND = 0.75
LEAST = 0.55
_PAID = "pg:Investment"
# What can be read into almost any sentence: whom it tells of must stand in it, or words that speak of it.
_VAGUE = frozenset(
    (
        "pg:Advantage", "pg:CompetitiveResponse", "pg:Composition", "pg:Concern", "pg:Development", "pg:Goal", "pg:Launch", "pg:Metric",
        "pg:Ownership", "pg:Prediction", "pg:Recommendation", "pg:Specification", "pg:Statement", "pg:Total", "pg:Valuation",
    )
)  # fmt: skip
_NEXT_PART = re.compile(r"[,;]|\b(?:and|und|et|while|as well as)\b")
_COUNTED = frozenset({"pg:Metric", "pg:Specification"})
# Whoever acted in the sentence before.
_SAME_ONE = re.compile(
    r"\b(?:the|das|die|der|la|le|l['’])\s?(?:[\w-]+\s){0,3}?(?:company|firm|start-?up|group|chip ?maker|(?:tech |software |search )?giant|utility|lab|developer|operator|unternehmen|firma|konzern|société|entreprise|groupe)\b"
    r"|^(?:it|its|they|their|es|elle)\b",
    re.IGNORECASE,
)
_RUMOUR = re.compile(
    r"\brumou?r\w*|\breportedly\b|\bsources? (?:said|say|familiar)\b|\bin talks\b|(?-i:\bmay\b)|\bcould\b|\bis said to\b|\bspeculat\w+|\bangeblich\b|\bgerücht\w*",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"\baccording to\b|\breport(?:s|ed)?\b|\bestimat\w+|\bzufolge\b|\blaut\b|\bselon\b|\bd['’]après\b", re.IGNORECASE
)
_ANNOUNCED = re.compile(
    r"\bannounc\w+|\bsaid (?:it|in a)\b|\bunveil\w*|\bpress release\b|\bsigned\b|\blaunch\w*|\breleas\w+|\bangekündigt\b|\bkündigte\w*\b.*\ban\b|\bmit(?:ge)?teil\w+|\bbekannt ?(?:ge)?geb\w+|\bgab\w*\b.*\bbekannt\b",
    re.IGNORECASE,
)
_STAGES = (
    (
        "pg:stage-cancelled",
        r"\bcancel\w+|\babandon\w+|\bcalled off\b|\bterminated\b|\bfail(?:s|ed)\b|\bcollaps(?:es|ed)\b|\bfell through\b|\bwalk(?:s|ed) away\b|\bscrapped\b|\bwithdr(?:ew|awn)\b|\bgeplatzt\b",
    ),
    (
        "pg:stage-intended",
        r"\bplans? to\b|\bintend\w*|\bin talks\b|\bletter of intent\b|\bset to\b|\baims? to\b|\bwill\b|(?-i:\bmay\b)|\bconsider\w*",
    ),
    ("pg:stage-completed", r"\bcompleted\b|\bclosed\b|\bacquired\b|\binvested\b|\bpaid\b|\bbought\b|\braised\b"),
    ("pg:stage-underway", r"\bis building\b|\bunder construction\b|\bunder way\b|\bongoing\b|\bserves as\b"),
)
# Until when something goes on is not when it was made.
_UNTIL = re.compile(r"\b(?:through|until|till|by|by the end of|bis(?: Ende)?|jusqu['’]en)\s+(?:\w+\s+){0,2}\d{4}\b", re.IGNORECASE)


class Proposer:
    """Proposes candidates for articles from one graph; claims that cite a source in ``without`` are not learnt from."""

    def __init__(self, graph: GraphCore, without: Collection[str] = ()) -> None:
        self.graph = graph
        self.classes = Classes(graph)
        self.mentions = Mentions(graph)
        self.ranking = Ranking(graph, without)
        self.likeness = Likeness(graph)
        self.parties = Parties(self.mentions, self.likeness, self.classes)
        # What those are called whom the article brings in, as it names them first.
        self._called: dict[str, str] = {}

    @cached_property
    def cards(self) -> dict[str, ClassCard]:
        """The classes of claims by short name."""
        return self.classes.cards

    def propose(self, article: Article) -> list[Candidate]:
        """The candidates of an article in reading order."""
        sentences = list(article.sentences())
        found = {sentence.start: self.mentions.find(sentence.text) for sentence in sentences}
        main = self._main([*(mention for mentions in found.values() for mention in mentions), *self.mentions.find(article.title)])
        made: list[Candidate] = []
        self._called = {}
        before: list[Mention] = []
        for sentence in sentences:
            here = self._with_same_one(found[sentence.start], sentence.text, [*before, *main])
            lead = f"{sentence.block.lead} {sentence.block.heading}".strip()
            led = [mention for mention in self.mentions.find(lead) if not self.mentions.is_quiet(mention.iri)]
            above = self._distinct([*led, *before, *main], near=True)
            # Who asks claims nothing, and what was said once need not be read again.
            if not sentence.text.endswith("?"):
                proposed = self._candidates(sentence, here, above, lead)
                made += [one for one in proposed if one.amount or one.day or not any(map(one.says_as_much_as, made))]
            if sentence.block.kind == "paragraph":
                before = [
                    mention for mention in [*here, *self._new_ones(here, made, sentence)] if not self.mentions.is_quiet(mention.iri)
                ][:3] or before
        for number, one in enumerate(made, 1):
            one.number = number
        return made

    def _main(self, mentions: Iterable[Mention]) -> list[Mention]:
        """Whom the article is about: the two that it names most often."""
        counts = Counter(mention.iri for mention in mentions if not self.mentions.is_quiet(mention.iri))
        return [Mention(iri, self.graph.names.label[iri], 0, near=True) for iri, count in counts.most_common(3) if count > 1]

    def _with_same_one(self, here: list[Mention], text: str, before: list[Mention]) -> list[Mention]:
        """The mentions of a sentence, with whoever is only called *the company* in it before anybody else is named."""
        match = _SAME_ONE.search(text)
        who = next((one for one in before if one.new or "pg:Organization" in self.mentions.classes(one.iri)), None)
        if match is None or who is None or any(one.start < match.start() for one in here):
            return here
        return [Mention(who.iri, match[0], match.start(), new=who.new), *here]

    @staticmethod
    def _new_ones(here: list[Mention], made: list[Candidate], sentence: Sentence) -> list[Mention]:
        """Those whom a candidate of the sentence has brought in, of whom the next one may speak."""
        found = {iri: words for one in made if one.start == sentence.start for iri, words in one.new.items()}
        return [Mention(iri, words, 0, new=True) for iri, words in found.items() if iri not in {mention.iri for mention in here}]

    @staticmethod
    def _distinct(mentions: Iterable[Mention], *, near: bool) -> list[Mention]:
        found: dict[str, Mention] = {}
        for mention in mentions:
            found.setdefault(mention.iri, Mention(mention.iri, mention.words, 0, near=near, new=mention.new))
        return list(found.values())

    def _candidates(self, sentence: Sentence, here: list[Mention], above: list[Mention], lead: str) -> list[Candidate]:
        known = here
        new = strangers(self.graph.names, sentence.text, here)
        self._called |= {one.iri: self._called.get(one.iri, one.words) for one in new}
        here = sorted([*here, *new], key=lambda one: one.start)
        ranked = [(name, score) for name, score in self.ranking.rank(sentence.text, lead) if name in self.cards]
        if sentence.block.kind == "row" and sums(sentence.text) and len({mention.iri for mention in known}) > 1:
            # A row of a table has no verb: who stands in it beside a sum gave or got it, which a reviewer sees.
            best = max([LEAST, *(score for _, score in ranked)])
            ranked = [(_PAID, best), *((name, score) for name, score in ranked if name != _PAID)]
        fitting = [(name, score, *self.parties.assign(self.cards[name], here, above, sentence.text)) for name, score in ranked[:12]]
        fitting = [
            one
            for one in fitting
            if (one[2] or one[3]) and self._is_meant(one[0], one[2], here, f"{sentence.block.lead} {sentence.text}")
        ]
        if not fitting or fitting[0][1] < LEAST or not (here or above):
            return []
        # Without a party of its own a sentence must speak clearly of something, in words of its own.
        if not here:
            fitting = [one for one in fitting if cues(one[0], f"{sentence.block.lead} {sentence.text}")]
            if not fitting or fitting[0][1] < 0.7:
                return []
        fitting = [one for one in fitting if self._is_whole(self.cards[one[0]], one[2], one[3])] or fitting
        # What leads over to a list says little of its own.
        chosen = (
            fitting[:1]
            if sentence.text.endswith(":")
            else [one for one in self._apart(fitting, sentence.text)[:3] if one[1] >= SECOND * fitting[0][1] and one[1] >= LEAST][
                :2
            ]
            or fitting[:1]
        )
        names = [one[0] for one in fitting[:CLASSES]]
        made = []
        for name, _, starts, ends in chosen:
            others = [other for other in names if other != name]
            made.append(self._candidate(sentence, self.cards[name], [name, *others][:CLASSES], starts, ends, here, lead))
        return made

    @staticmethod
    def _apart(fitting: list[_Fit], text: str) -> list[_Fit]:
        """Those that the sentence says besides the first one: of the same parties by other words, or of others."""
        first = fitting[0]
        said = cues(first[0], text)

        def is_same(one: _Fit) -> bool:
            own = cues(one[0], text)
            return one[2:] == first[2:] and bool(own) and all(any(a < d and c < b for c, d in said) for a, b in own)

        return [first, *(one for one in fitting[1:] if not is_same(one))]

    @staticmethod
    def _is_meant(name: str, starts: list[str], here: list[Mention], text: str) -> bool:
        if name in _COUNTED and not re.search(r"\d", text):
            return False
        return name not in _VAGUE or any(mention.iri in starts for mention in here) or bool(cues(name, text))

    @staticmethod
    def _is_whole(card: ClassCard, starts: list[str], ends: list[str]) -> bool:
        if card.start == card.finish:
            return len(set(starts) | set(ends)) > 1
        return all(found or end.name in card.optional for end, found in ((card.start, starts), (card.finish, ends)))

    def _candidate(  # noqa: PLR0913, PLR0917  # what a candidate is made of
        self,
        sentence: Sentence,
        card: ClassCard,
        names: list[str],
        starts: list[str],
        ends: list[str],
        here: list[Mention],
        lead: str,
    ) -> Candidate:
        money, dates = _sum_of(card, sentence.text), days(_UNTIL.sub("", sentence.text)) or days(sentence.block.heading)
        made = Candidate(
            0,
            sentence.text,
            sentence.start,
            sentence.end,
            sentence.place(),
            names,
            card.name,
            starts,
            ends,
            [m.iri for m in here if m.iri not in {*starts, *ends} and not m.new],
            kept_amount(money) if money else {},
            dates[0][1].text if dates else "",
            stage_of(sentence.text) if card.is_deal else "",
            attestation_of(sentence.text),
            around=lead,
            unknown=self.mentions.unknown(sentence.text, here),
            new={iri: self._called[iri] for iri in [*starts, *ends] if iri in self._called},
        )
        made.label = self.label(made)
        self.compare(made)
        return made

    def label(self, candidate: Candidate) -> str:
        """A sentence of our own for a candidate."""
        card = self.cards[candidate.kind]
        names = {iri: self.graph.names.label.get(iri, compact(iri)) for iri in [*candidate.starts, *candidate.ends]}
        names |= candidate.new
        return worded(card, names, candidate.starts, candidate.ends)

    def compare(self, candidate: Candidate) -> None:
        """Notes the claims of the graph that say something like a candidate."""
        first, last = span(candidate.day) if candidate.day else ("", "")
        money = candidate.money()
        starts, ends = set(candidate.starts), set(candidate.ends)
        if self.cards[candidate.kind].start == self.cards[candidate.kind].finish:
            ends = starts = starts | ends
        said = Said("", candidate.kind, starts, ends, money.least, money.greatest, money.currency, first, last)
        found = self.likeness.alike(said)
        near = [claim for claim, value in self.ranking.nearest(candidate.quote, 3) if value > 1.5]
        candidate.similar = list(dict.fromkeys([*([found.claim] if found else []), *near]))
        if found and not found.same:
            candidate.doubts = [f"{compact(found.claim)} states another sum or qualifier"]


def _sum_of(card: ClassCard, text: str) -> Amount | None:
    """The sum that a sentence states for a class of money: of several the one nearest to the words that tell of it."""
    if not card.is_money:
        return None
    spans = cues(card.name, text)

    def away(start: int, end: int) -> int:
        between = [text[end:first] if first >= end else text[last:start] for first, last in spans]
        # What another part of the sentence says is further away than anything within one.
        return min((len(words) + 100 * bool(_NEXT_PART.search(words)) for words in between), default=0)

    paid = paid_sums(text)
    if not paid and card.start.name == "pg:supplier":
        # What is valued at a sum is here what is supplied.
        paid = sums(text)[:1]
    nearest = min(paid, key=lambda one: away(one.start, one.end), default=None)
    return nearest.amount if nearest else None


def attestation_of(text: str) -> str:
    """How well a sentence attests what it says, by its cue words; never *confirmed*, which takes more than an article."""
    if _RUMOUR.search(text):
        return "pg:rumoured"
    if _REPORT.search(text):
        return "pg:reported"
    return "pg:announced" if _ANNOUNCED.search(text) else "pg:reported"


def stage_of(text: str) -> str:
    """How far a deal has come, by the cue words of the sentence."""
    return next((stage for stage, pattern in _STAGES if re.search(pattern, text, re.IGNORECASE)), "pg:stage-agreed")
