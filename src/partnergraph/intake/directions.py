"""Who gives and who gets by the words of a sentence: *buys from*, *supplies to*, *is sued by*, *signed a lease with*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from partnergraph.intake.mentions import Mention

# How far from its verb somebody stands; a search through the whole sentence takes the square of the time.
WITHIN = 160
# Some words about a name before it: ``from the Dutch chip maker ASML``.
_EPITHET = r"(?:(?!(?:and|in|to|with|at|on|for|of|from|by)\b)[\w'’-]+\s+){0,6}"
_FROM = re.compile(rf"\b(?:from|with|of|at|including|led by)\s+{_EPITHET}$", re.IGNORECASE)
_FROM_ONLY = re.compile(rf"\bfrom\s+{_EPITHET}$", re.IGNORECASE)
_TO = re.compile(rf"\b(?:to|for|with)\s+{_EPITHET}$", re.IGNORECASE)
_TO_ONLY = re.compile(rf"\bto\s+{_EPITHET}$", re.IGNORECASE)
_BY = re.compile(rf"\bby\s+{_EPITHET}$", re.IGNORECASE)
_IN = re.compile(rf"\b(?:in|of)\s+{_EPITHET}$", re.IGNORECASE)
_WITH = re.compile(rf"\b(?:with|to)\s+{_EPITHET}$", re.IGNORECASE)
_SOLD = re.compile(r"s(?:old|ells?|elling)\b[^;]{0,40}\b(?:stake|shares)\b", re.IGNORECASE)
_CUSTOMER = re.compile(r"['’]s?\s(?:[\w-]+\s){0,2}(?:customer|client|tenant)s?\s", re.IGNORECASE)
# What stands between the names of a list; a word of a name that the graph has shorter may, too.
_AND = re.compile(r"(?-i:\s[A-Z][a-z]+)?\s*(?:,|,?\s*(?:and|und|et|sowie|&))\s*(?:the\s+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """Who gives and who gets, None where nobody is named; ``sure`` where a word such as *from* says so, ``mutual`` where either may be either."""

    giver: Mention | None = None
    taker: Mention | None = None
    sure: bool = False
    mutual: bool = False


# What is said of who gets and of who gives, what tells by the word behind it (*leases from*, *leases to*), and what two agree on.
_Verbs = dict[str, re.Pattern[str]]


def _verbs(**words: str) -> _Verbs:
    return {kind: re.compile(rf"\b(?:{said})\b", re.IGNORECASE) for kind, said in words.items()}


_SIGNS = r"(?:sign(?:s|ed|ing)?|struck|inked|reach(?:es|ed)|enter(?:s|ed) into|finali[sz]ed|expand(?:s|ed)|extend(?:s|ed)|announc(?:es|ed))"
_OF: dict[str, _Verbs] = {
    "pg:supplier": _verbs(
        takes=r"buy|buys|buying|bought|purchas(?:e|es|ed|ing)|procures?|procured|order|orders|ordered|ordering|reserved|tenants?",
        gives=r"suppl(?:y|ies|ied|ying)|sells?|sold|selling|provid(?:e|es|ed|ing)|deliver(?:s|ed|ing)?|suppliers? (?:of|to|for)"
        r"|(?:won|wins?|received|secured|landed|booked) (?:[\w$€£.,-]+ ){0,6}(?:contract|order|deal)s?",
        both=r"leas(?:ed|ing)|(?:to|will|would|may|can) lease|leases(?! (?:with|for|on)\b)|rent(?:s|ed|ing)?",
        agree=rf"{_SIGNS} (?:an? |its |their |\d+ )?(?:[\w$€£.,-]+ ){{0,6}}(?:lease|contract|deal|order|power purchase agreement|agreement|ppa)s?",
    ),
    "pg:investor": _verbs(
        takes=r"(?:raises?|raised|raising)(?! (?:its|their|the) (?:\w+ )?(?:stake|holding|forecast|guidance|offer|bid))|clos(?:es?|ed|ing) (?:an? |its )?(?:[\w$€.,-]+ ){0,5}round"
        r"|secur(?:es?|ed|ing)|receives?|received|landed|bagged|announc(?:es|ed) (?:an? )?(?:[\w$€£.,-]+ ){0,4}(?:series [a-h]|seed round|financing|funding round)|(?:picked up|brought in)(?= [$€£])",
    ),
    "pg:shareBuyer": _verbs(takes=r"s(?:old|ells?|elling) [^;]{0,40}(?:stake|shares)"),
    "pg:lender": _verbs(
        takes=r"borrow(?:s|ed|ing)?|(?:received|secured|obtained|raised|took(?: out)?|got) (?:[\w$€£.,-]+ ){0,6}(?:loan|debt|credit facility|financing)s?",
        gives=r"lends?|lent|lending|(?:lead(?:s|ing)?|led|arrang(?:ed|ing)|provid(?:e|es|ed|ing)|grant(?:s|ed)?) (?:[\w$€£.,-]+ ){0,6}(?:loan|debt|credit facility|financing)s?",
    ),
    "pg:grantor": _verbs(
        takes=r"pays?|paid|paying|agreed to licen[sc]e|will licen[sc]e|licen[sc](?:es?|ed|ing) (?:[\w-]+ ){0,6}from|access to",
        gives=r"licen[sc](?:es?|ed|ing)|grant(?:s|ed|ing)?",
    ),
}  # fmt: skip


def told(role: str, mentions: Sequence[Mention], text: str) -> Told:
    """Who gives and who gets by the first words that tell it; ``role`` is that of who gives."""
    here = sorted((one for one in mentions if not one.near), key=lambda one: one.start)
    if role not in _OF or not here:
        return Told()
    found = [
        (kind == "agree", match.start(), match.end(), kind) for kind, words in _OF[role].items() for match in words.finditer(text)
    ]
    # A verb says more than a deal that is signed.
    for _, start, end, kind in sorted(found):
        pair = _by_verb(start, end, kind, here, text)
        if pair.giver or pair.taker:
            return pair
    return Told()


def _by_verb(start: int, end: int, kind: str, here: list[Mention], text: str) -> Told:
    before = [one for one in here if one.start < start]
    behind = [one for one in here if end <= one.start <= end + WITHIN]
    subject = before[0] if before else None
    if _SOLD.match(text, start):
        # Of shares the one who sells is at neither end.
        return Told(_first(_TO_ONLY, end, behind, text), _first(_IN, end, behind, text), sure=True)
    if subject and len(before) > 1 and _CUSTOMER.match(text, subject.start + len(subject.words)):
        return Told(subject, before[1], sure=True)
    if kind == "agree":
        return Told(_first(_WITH, end, behind, text), subject, sure=True, mutual=True) if subject else Told()
    together = {one.iri for one in ([subject, *listed(subject, here, text)] if subject else [])}
    others = [[one for one in among if one.iri not in together] for among in (behind, before)]
    other = next((one for among in (others if kind != "gives" else others[::-1]) for one in among), None)
    by = _first(_BY, end, behind, text) if re.match(r"\s+(?:[\w-]+\s+){0,4}by\b", text[end : end + 80]) else None
    to = _first(_TO_ONLY, end, behind, text)
    if kind == "both":
        source = _first(_FROM_ONLY, end, behind, text)
        kind = "gives" if to and not (source and source.start < to.start) else "takes"
    if kind == "takes":
        found = _first(_FROM, end, behind, text) or (subject if by else None)
        pair = Told(found or other, by or subject, sure=found is not None)
    else:
        found = to or _first(_TO, end, behind, text) or (subject if by else None)
        pair = Told(by or subject, found or other, sure=found is not None)
    return Told() if pair.giver and pair.taker and pair.giver.iri == pair.taker.iri else pair


def _first(pattern: re.Pattern[str], end: int, behind: Sequence[Mention], text: str) -> Mention | None:
    """The first behind a verb before whom the words stand, with no other one between."""
    last = end
    for one in behind:
        if pattern.search(text, last, one.start):
            return one
        last = one.start + len(one.words)
    return None


def listed(one: Mention, among: Sequence[Mention], text: str) -> list[Mention]:
    """Those who stand behind a mention in one list: ``A, B and C``."""
    if one.near:
        return []
    found = [one]
    for mention in sorted((m for m in among if not m.near and m.start > one.start), key=lambda m: m.start):
        if _AND.fullmatch(text, found[-1].start + len(found[-1].words), mention.start):
            found.append(mention)
    return found[1:]
