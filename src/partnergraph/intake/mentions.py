"""What a sentence speaks of: entities of the graph, sums of money, days, and names that nobody knows yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from partnergraph.core.graph import GraphCore
from partnergraph.intake.amounts import Amount, Unreadable, read_amount
from partnergraph.intake.dates import MONTHS, Day, read_day
from partnergraph.rdf.names import fold, without_legal_form
from partnergraph.rdf.terms import RDF_TYPE, compact

_WORD = re.compile(r"[^\W_][\w.&+-]*[^\W_]|[^\W_]")
_MONEY = re.compile(
    r"(?P<q>(?:up to|as much as|at least|more than|over|about|around|roughly|approximately|nearly|some|an estimated|~|>|<)\s+)?"
    r"(?:US\s?\$|[A-Z]{0,2}\$|€|£|¥|USD\s?|EUR\s?|GBP\s?)\s?\d[\d.,]*(?:\s?(?:-|–|to)\s?[$€£]?\d[\d.,]*)?\s?-?(?:thousand|million|billion|trillion|[mbk]n?|tn|[MBKT])?\b\+?"
    r"|(?P<q2>(?:up to|at least|more than|over|about|around|nearly)\s+)?\d[\d.,]*\s(?:million|billion|trillion)\s(?:US\s)?(?:dollars|euros|pounds)"
    r"|(?P<q3>(?:bis zu|rund|etwa|mindestens|über|jusqu['’]à|environ|plus de)\s+)?\d[\d.,]*\s(?:Tsd|Mio|Mrd|Millionen|Milliarden|millions?|milliards?)\.?\s(?:d['’]|de\s)?(?:€|Euros?|euros?|US-Dollar|Dollar|dollars|USD|EUR)"
    r"|multi-(?:billion|million)[- ](?:dollar|euro)",
)
_MONTH = "|".join(sorted((name for name in MONTHS if len(name) > 3 or name == "may"), key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\s+\d{{4}}|(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?,\s+\d{{4}}|(?:{_MONTH})\s+\d{{4}}"
    r"|\d{4}-\d\d-\d\d|(?:Q[1-4]|H[12])\s+(?:20)\d\d|(?:early|mid|late)[ -]20\d\d|(?:19[89]|20[0-4])\d)\b(?!%|\d|,\d)",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"(?<![.!?:“\"] )(?<!^)\b[A-Z][\w&+-]*(?:\s+(?:[A-Z][\w&+-]*|of|&))*")
# What stands before a sum that is not paid.
_WORTH = re.compile(
    r"\b(?:market (?:cap\w*|value)|marktkapitalisierung|börsenwert|bewertung|valued|valuation|(?<!deal )(?<!deals )(?<!contract )(?<!contracts )(?<!agreement )(?<!order )(?<!lease )(?<!round )(?<!stake )worth|capitalisation boursière|valorisation|revenues?|umsatz|chiffre d['’]affaires"
    r"|backlog|assets under management)\b[^.;,()\d]{0,24}$",
    re.IGNORECASE,
)
# What all of it comes to is no sum of this deal.
_SO_FAR = re.compile(
    r"\b(?:bring(?:s|ing)?|brought|taking|takes)\b[^.;$€£]{0,100}\bto\s+(?:about\s+|around\s+|more than\s+|over\s+)?$",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\s*(?:a|an|per|each|every|pro|im|par)\s(?:year|month|quarter|annum|Jahr|Monat|an|mois)\b|\s*(?:annually|yearly|monthly|jährlich)\b",
    re.IGNORECASE,
)
# The same once more in another currency.
_AGAIN = re.compile(r"\s*\(?\s*(?:ca\.?|about|around|roughly|or|rund|etwa|environ|~)?\s*", re.IGNORECASE)
# German writes all nouns with a capital: a name has more than that.
_GERMAN = re.compile(r"\b(?:der|die|das|und|von|mit|hat|eine?[nrms]?|dem|den|für|sich|wird|ist)\b")
_SURE = re.compile(r"[a-z][A-Z]|^[A-Z&]{2,}|\d|\s(?:AG|SE|GmbH|KG|Inc|Ltd|Labs?|AI|Ventures|Capital)$")
# A ticker in brackets names an exchange, and nobody who acts.
LISTED = re.compile(
    r"\((?:NASDAQ|Nasdaq|NYSE|LSE|TSE|TYO|HKEX|SEHK|KRX|TSX|ASX|AMS|EPA|ETR|FRA|SWX|OTC|TWSE|SZSE|SSE)\s?:\s?[A-Z0-9.]{1,8}\)"
)
WEEKDAYS = frozenset(
    fold(day)
    for day in (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
    )
)
_OTHER_ONE = re.compile(r"(?:['’]s)?\s(?:Ventures|Foundation|Research Institute|Labs)\b")
# Kinds whose names are common words, or that stand in articles as what was read and not as who acted.
_QUIET = ("pg:Publisher", "pg:MarketSegment", "pg:Group", "pg:Technology", "pg:Work")


@dataclass(frozen=True)
class Mention:
    """An entity that is named, by which words, and where they begin."""

    iri: str
    words: str
    start: int
    near: bool = False
    # Whether the graph does not know it yet.
    new: bool = False


class Mentions:
    """Finds the entities of a graph in text."""

    def __init__(self, graph: GraphCore) -> None:
        self._graph = graph

    @cached_property
    def _names(self) -> dict[tuple[str, ...], str]:
        """Names as rows of folded words; a name that several bear means nobody."""
        found: dict[tuple[str, ...], set[str]] = {}
        names = self._graph.names
        for iri, name in names.names:
            for form in dict.fromkeys((name, without_legal_form(name))):
                words = tuple(fold(match[0]) for match in _WORD.finditer(form))
                if words and len("".join(words)) > 2 and len(words) < 8:
                    found.setdefault(words, set()).add(iri)
        plain = {}
        for words, iris in found.items():
            labelled = [iri for iri in iris if tuple(fold(m[0]) for m in _WORD.finditer(names.label[iri])) == words]
            if len(iris) == 1 or len(labelled) == 1:
                plain[words] = (labelled or sorted(iris))[0]
        return plain

    @cached_property
    def _classes(self) -> dict[str, set[str]]:
        found = self._graph.engine.objects(self._graph.names.label, RDF_TYPE)
        return {iri: {compact(str(kind.value)) for kind in kinds} for iri, kinds in found.items()}

    def classes(self, iri: str) -> set[str]:
        """The classes of an entity, wider ones too."""
        return self._classes.get(iri, set())

    def is_quiet(self, iri: str) -> bool:
        """Whether it is of a kind that articles name without anything being claimed of it."""
        return any(kind in self.classes(iri) for kind in _QUIET)

    def find(self, text: str) -> list[Mention]:
        """The entities that a text names, in order; of names within names the longest."""
        text = LISTED.sub(lambda match: " " * len(match[0]), text)
        words = [
            (fold(match[0].removesuffix("'s").removesuffix("’s")), match.start(), match.end()) for match in _WORD.finditer(text)
        ]
        found: list[Mention] = []
        place = 0
        while place < len(words):
            for length in range(min(7, len(words) - place), 0, -1):
                iri = self._names.get(tuple(word for word, _, _ in words[place : place + length]))
                said = text[words[place][1] : words[place + length - 1][2]]
                if iri and _OTHER_ONE.match(text, words[place + length - 1][2]):
                    # The fund or foundation of a firm is not the firm.
                    continue
                if iri and _is_name(said, self._graph.names.label.get(iri, "")) and self._is_written(said, iri):
                    found.append(Mention(iri, said, words[place][1]))
                    place += length
                    break
            else:
                place += 1
        return found

    @cached_property
    def _written(self) -> set[tuple[str, str]]:
        return set(self._graph.names.names)

    def _is_written(self, said: str, iri: str) -> bool:
        """Whether it is written as the name is, where that may matter: many papers are called by a common word."""
        return "pg:Publisher" not in self.classes(iri) or (iri, said) in self._written

    def unknown(self, text: str, found: Iterable[Mention]) -> list[str]:
        """Names in a text that no entity of the graph bears: words in capitals within the sentence."""
        german = len(_GERMAN.findall(text)) > 1
        taken = [(mention.start, mention.start + len(mention.words)) for mention in found]
        names: list[str] = []
        for match in _UNKNOWN.finditer(text):
            if (
                not any(start < match.end() and match.start() < end for start, end in taken)
                and len(match[0]) > 3
                and (not german or _SURE.search(match[0]))
                and fold(match[0]) not in MONTHS
                and fold(match[0]) not in WEEKDAYS
            ):
                names += [match[0]]
        return list(dict.fromkeys(names))[:6]


def _is_name(said: str, label: str) -> bool:
    """Whether the words are written as a name: a capital or a digit, unless the name itself has none."""
    return any(letter.isupper() or letter.isdigit() for letter in said) or not any(letter.isupper() for letter in label)


@dataclass(frozen=True)
class Sum:
    """A sum of money in a text: what it comes to, and where it begins and ends."""

    amount: Amount
    start: int
    end: int


def sums(text: str) -> list[Sum]:
    """The sums of money in a text, in order."""
    found = []
    for match in _MONEY.finditer(text):
        try:
            found.append(Sum(read_amount(match[0], unit=""), *match.span()))
        except Unreadable:
            continue
    return [one for one in found if one.amount.currency]


def paid_sums(text: str) -> list[Sum]:
    """The sums in a text that may be paid in a deal: not those that somebody is worth or earns."""
    worth, end = [], -1
    for match in _MONEY.finditer(text):
        if _EACH.match(text, match.end()):
            # What is paid again and again has no sum.
            worth.append(match.span())
            continue
        if _SO_FAR.search(text, max(0, match.start() - 120), match.start()):
            worth.append(match.span())
            continue
        again = end >= 0 and _AGAIN.fullmatch(text, end, match.start())
        if again or _WORTH.search(text, max(0, match.start() - 48), match.start()):
            worth.append(match.span())
            end = match.end()
        else:
            end = -1
    for start, finish in worth:
        text = f"{text[:start]}{' ' * (finish - start)}{text[finish:]}"
    return sums(text)


def days(text: str) -> list[tuple[str, Day]]:
    """The days, months and years in a text, each with its words."""
    found = []
    for match in _DATE.finditer(text):
        try:
            day = read_day(match[0])
        except Unreadable:
            continue
        if day is not None:
            found.append((match[0], day))
    return found
