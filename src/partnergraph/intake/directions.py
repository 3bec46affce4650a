"""Who gives and who gets by the verb of a sentence: *buys from*, *supplies to*, *is sued by*."""

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
_IN = re.compile(rf"\b(?:in|of)\s+{_EPITHET}$", re.IGNORECASE)
_SOLD = re.compile(r"s(?:old|ells?|elling)\b[^;]{0,40}\b(?:stake|shares)\b", re.IGNORECASE)
_CUSTOMER = re.compile(r"['’]s?\s(?:[\w-]+\s){0,2}(?:customer|client|tenant)s?\s", re.IGNORECASE)
_BY = re.compile(rf"\bby\s+{_EPITHET}$", re.IGNORECASE)


@dataclass(frozen=True)
class Verbs:
    """What is said of who gets (``takes``) and of who gives (``gives``); ``both`` tells by what stands behind it: *leases from*, *leases to*."""

    takes: re.Pattern[str]
    gives: re.Pattern[str]
    both: re.Pattern[str] | None = None


def _verbs(takes: str, gives: str, both: str = "") -> Verbs:
    return Verbs(
        *(re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in (takes, gives)),
        re.compile(rf"\b(?:{both})\b", re.IGNORECASE) if both else None,
    )


_SUPPLY = _verbs(
    r"buy|buys|buying|bought|purchas(?:e|es|ed|ing)|procures?|procured|order|orders|ordered|ordering|reserved|tenants?|(?:sign(?:s|ed|ing)?|struck|inked) (?:an? |its )?(?:[\w-]+ ){0,3}(?:lease|power purchase agreement|ppa)",
    r"suppl(?:y|ies|ied|ying)|sells?|sold|selling|provid(?:e|es|ed|ing)|deliver(?:s|ed|ing)?|suppliers? (?:of|to|for)|(?:won|wins?|received|secured|landed|booked) (?:[\w$€£.,-]+ ){0,6}(?:contract|order|deal)s?",
    r"leas(?:es?|ed|ing)|rent(?:s|ed|ing)?",
)
# By the short name of a class, of the role in which it starts or of both.
_OF: dict[str, Verbs] = {
    "pg:supplier": _SUPPLY,
    "pg:investor": _verbs(r"(?:raises?|raised|raising)(?! (?:its|their|the) (?:\w+ )?(?:stake|holding|forecast|guidance|offer|bid))|clos(?:es?|ed|ing) (?:an? |its )?(?:[\w$€.,-]+ ){0,5}round|secur(?:es?|ed|ing)|receives?|received|landed|bagged", r"(?!)"),
    "pg:shareBuyer": _verbs(r"s(?:old|ells?|elling) [^;]{0,40}(?:stake|shares)", r"(?!)"),
    "pg:lender": _verbs(r"borrow(?:s|ed|ing)?|(?:received|secured|obtained|raised|took(?: out)?|got) (?:[\w$€£.,-]+ ){0,6}(?:loan|debt|credit facility|financing)s?", r"lends?|lent|lending|(?:arranged|provid(?:e|es|ed|ing)|grant(?:s|ed)?) (?:[\w$€£.,-]+ ){0,6}(?:loan|debt|credit facility|financing)s?"),
    "pg:grantor": _verbs(r"pays?|paid|paying|agreed to licen[sc]e|will licen[sc]e|licen[sc](?:es?|ed|ing) (?:[\w-]+ ){0,6}from|access to", r"licen[sc](?:es?|ed|ing)|grant(?:s|ed|ing)?"),
}  # fmt: skip


def told(role: str, mentions: Sequence[Mention], text: str) -> tuple[Mention | None, Mention | None]:
    """Who gives and who gets by the first verb that tells it, each None where the sentence names nobody; ``role`` is that of who gives."""
    verbs = _OF.get(role)
    here = sorted((one for one in mentions if not one.near), key=lambda one: one.start)
    if verbs is None or not here:
        return None, None
    found = [(match.start(), match.end(), kind) for kind in ("takes", "gives", "both") for match in _matches(verbs, kind, text)]
    for start, end, kind in sorted(found):
        pair = _by_verb(start, end, kind, here, text)
        if pair != (None, None):
            return pair
    return None, None


def _matches(verbs: Verbs, kind: str, text: str) -> list[re.Match[str]]:
    pattern: re.Pattern[str] | None = getattr(verbs, kind)
    return list(pattern.finditer(text)) if pattern else []


def _by_verb(start: int, end: int, kind: str, here: list[Mention], text: str) -> tuple[Mention | None, Mention | None]:
    before = [one for one in here if one.start < start]
    behind = [one for one in here if end <= one.start <= end + WITHIN]
    subject = before[0] if before else None
    if _SOLD.match(text, start):
        # Of shares the one who sells is at neither end.
        return _first(_TO_ONLY, end, behind, text), _first(_IN, end, behind, text)
    if len(before) > 1 and _CUSTOMER.match(text, before[0].start + len(before[0].words)):
        return before[0], before[1]
    by = _first(_BY, end, behind, text) if re.match(r"\s+(?:[\w-]+\s+){0,4}by\b", text[end : end + 80]) else None
    to = _first(_TO_ONLY, end, behind, text)
    if kind == "both":
        source = _first(_FROM_ONLY, end, behind, text)
        kind = "gives" if to and not (source and source.start < to.start) else "takes"
    if kind == "takes":
        taker = by or subject
        giver = _first(_FROM, end, behind, text) or (subject if by else None) or _other(behind, taker) or _other(before, taker)
    else:
        giver = by or subject
        taker = to or _first(_TO, end, behind, text) or (subject if by else None) or _other(before, giver) or _other(behind, giver)
    return (giver, taker) if taker is None or giver is None or giver.iri != taker.iri else (None, None)


def _first(pattern: re.Pattern[str], end: int, behind: Sequence[Mention], text: str) -> Mention | None:
    """The first behind a verb before whom the words stand, with no other one between."""
    last = end
    for one in behind:
        if pattern.search(text, last, one.start):
            return one
        last = one.start + len(one.words)
    return None


def _other(mentions: Sequence[Mention], one: Mention | None) -> Mention | None:
    return next((other for other in mentions if one is None or other.iri != one.iri), None)
