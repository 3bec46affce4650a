"""What a candidate must stand, whoever drafted it: the quote is there, and every value can be derived from it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from partnergraph.core.views import ATTESTATIONS
from partnergraph.intake.articles import Article, Sentence
from partnergraph.intake.candidates import Candidate
from partnergraph.intake.mentions import Mentions, days, sums
from partnergraph.rdf.names import fold
from partnergraph.reading.classcards import ClassCard, RoleCard

# How well a source of a tier can attest anything: a blog that says "announced" has read it elsewhere.
CEILINGS = {"pg:tier-weak": 2, "pg:tier-aggregator": 2, "pg:tier-trade-press": 3, "pg:tier-quality-press": 3, "pg:tier-primary": 4}
LEVELS = {f"pg:{word}": rank for rank, word in enumerate(ATTESTATIONS, 1)}
# That something is confirmed is never for a draft to say.
DRAFTED = ATTESTATIONS[:-1]
# A label that is nearly a sentence of the article is that sentence.
LIKE = 0.85


def find_quote(article: Article, quote: str) -> Sentence | None:
    """The sentence in which a quote begins; None where it does not stand in the text, or in several places of it."""
    words = quote.split()
    if not words or len(quote) < 12:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    found = list(pattern.finditer(article.text))
    if len(found) != 1:
        return None
    start = found[0].start()
    return next(
        (sentence for sentence in article.sentences() if sentence.start <= start < max(sentence.end, sentence.start + 1)), None
    )


def lowered(attestation: str, tier: str) -> str:
    """The attestation, no higher than a source of the tier can bear; *confirmed* is never for a machine to say."""
    most = min(CEILINGS.get(tier, 2), LEVELS["pg:announced"])
    level = min(LEVELS.get(attestation, LEVELS["pg:reported"]), most)
    return next(name for name, value in LEVELS.items() if value == level)


def doubts(candidate: Candidate, card: ClassCard, mentions: Mentions, labels: dict[str, str]) -> list[str]:
    """What of a candidate cannot be derived from its place, or does not fit its class."""
    found: list[str] = []
    money = candidate.money()
    stated = [(one.amount.least, one.amount.greatest, one.amount.currency) for one in sums(candidate.quote)]
    if candidate.amount and not money.undisclosed and (money.least, money.greatest, money.currency) not in stated:
        found.append("the amount cannot be derived from the sentence")
    if candidate.day:
        dates = [day.text for _, day in days(f"{candidate.quote} | {candidate.around}")]
        if not any(date.startswith(candidate.day) or candidate.day == date for date in dates):
            found.append("the date cannot be derived from the sentence")
    found += unfit_parties(candidate, card, mentions, labels)
    found += unnamed(candidate, mentions)
    if like_a_sentence(candidate.label, candidate.quote):
        found.append("the label is the sentence of the article; say it in words of your own")
    return found


def unfit_parties(candidate: Candidate, card: ClassCard, mentions: Mentions, labels: dict[str, str]) -> list[str]:
    """The parties that cannot stand where they stand."""
    ends = ((card.start, candidate.starts), (card.finish, candidate.ends))
    return [said for role, iris in ends for said in _unfit(role, iris, mentions, labels)]


def _unfit(role: RoleCard, iris: Iterable[str], mentions: Mentions, labels: dict[str, str]) -> list[str]:
    return [
        f"{labels.get(iri, iri)} cannot be {role.label}"
        for iri in iris
        if role.classes and mentions.classes(iri) and not mentions.classes(iri) & set(role.classes)
    ]


def unnamed(candidate: Candidate, mentions: Mentions) -> list[str]:
    """The parties that are named neither in the sentence nor around it."""
    named = {mention.iri for mention in mentions.find(f"{candidate.quote} | {candidate.around}")}
    far = [iri for iri in [*candidate.starts, *candidate.ends] if iri not in named and iri not in candidate.new]
    return [f"{len(far)} of its parties are named elsewhere in the article only"] if far else []


def like_a_sentence(label: str, quote: str) -> bool:
    """Whether a label is, nearly, a sentence that somebody else has written."""
    one, other = fold(label), fold(quote)
    return len(one) > 20 and (one in other or difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() > LIKE)
