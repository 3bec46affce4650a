"""What a sentence names: entities, also misspelled, days and spans of time, and the words that are left."""

from __future__ import annotations

import calendar
import datetime
import difflib
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from partnergraph.content.finding import FILLERS, stem_of
from partnergraph.content.phrases import words_of
from partnergraph.rdf.names import LEGAL_FORMS, fold

if TYPE_CHECKING:
    from collections.abc import Collection

    from partnergraph.core.graph import GraphCore

# Of how many words a name may be.
LONGEST_NAME = 6
# Names that are words of every day: in small letters they name nobody.
COMMON = frozenset(
    [
        "word",
        "office",
        "excel",
        "edge",
        "index",
        "block",
        "data",
        "finance",
        "critics",
        "businesses",
        "goose",
        "io",
        "ai",
        "time",
        "fortune",
        "nature",
        "cursor",
        "work",
        "code",
    ]
)
# Not even in capitals: what everything here is about, and what few mean by it.
ACRONYM = re.compile(r"[A-Z]{3,6}")
NEVER = frozenset({"AI", "ai", "IO", "IT", "US"})
FIRMS = frozenset({"company", "research lab", "fund"})
BY_LAST_WORD = frozenset({"person", "data centre", "supercomputer", "cluster"})
OWNED = frozenset(["models", "model", "technology", "products", "deal", "stake"])
# So much alike is a slip of the finger.
ALIKE, ALIKE_SHORT, SHORT = 0.8, 0.86, 6
MONTHS = {name.casefold(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if name} | {
    "sept": 9
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = (
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<isomonth>\d{{4}}-\d{{2}})(?!\d)|(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month1>{_MONTH})\.?,? (?P<year1>\d{{4}})"
    rf"|(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})|(?P<month3>{_MONTH})\.?,? (?P<year3>\d{{4}})"
    r"|q(?P<quarter>[1-4]) (?P<year4>\d{4})|(?P<year>(?:19|20)\d{2})(?![\w%-])"
)
_LEAD = (
    r"(?P<lead>as of|as at|at the end of|by the end of|end of|until|till|up to|before|by|on|in|during|since|from|after|between|to|and|through)?\s*"
    r"(?P<part>the end of|end of|late|early|the beginning of|beginning of|mid)?[\s-]*"
)
_WHEN = re.compile(rf"\b(?:{_LEAD})(?:{_DATE})", re.IGNORECASE)


@dataclass(frozen=True)
class When:
    """A date that was typed: its first and its last day, and the word before it."""

    lead: str
    first: str
    last: str


@dataclass
class Mentions:
    """What was found: the words with ``E1`` … for names and ``DAY`` for dates, the entities, the dates, what was taken for what, and words to look for in the rows."""

    words: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)
    whens: list[When] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    speaking: list[str] = field(default_factory=list)


class Reader:
    """Reads sentences against the names of one graph."""

    def __init__(self, graph: GraphCore, vocabulary: Collection[str]) -> None:
        self.graph = graph
        self.vocabulary = vocabulary

    @cached_property
    def _folded(self) -> dict[str, str]:
        """Folded names of what is no publisher, to what they name: by these slips of the finger are known."""
        found: dict[str, str] = {}
        for iri, name in self.graph.names.names:
            if self._kinds.get(iri) != "publisher" and len(name) > 3:
                found.setdefault(fold(name), iri)
        return found

    @cached_property
    def _words(self) -> frozenset[str]:
        """Words of names of several words: alone they are no slip for any one of them."""
        names = (name for iri, name in self.graph.names.names if " " in name and self._kinds.get(iri) not in ("publisher", "group"))
        return frozenset(fold(word) for name in names for word in name.split())

    @cached_property
    def _by_first_word(self) -> dict[str, str]:
        """Organizations by the first word of their names, where only one is called so: Mistral is Mistral AI."""
        found: dict[str, set[str]] = {}
        for iri, label in self.graph.names.label.items():
            if self._kinds.get(iri) in FIRMS and " " in label:
                found.setdefault(fold(label.split()[0]), set()).add(iri)
        return {word: next(iter(iris)) for word, iris in found.items() if len(iris) == 1 and len(word) > 3}

    @cached_property
    def _by_last_word(self) -> dict[str, str]:
        """People and places by the last word of their names, where only one is called so and it is no word of every day."""
        found: dict[str, set[str]] = {}
        for iri, label in self.graph.names.label.items():
            if self._kinds.get(iri) in BY_LAST_WORD and " " in label:
                found.setdefault(fold(label.split()[-1]), set()).add(iri)
        return {
            word: next(iter(iris))
            for word, iris in found.items()
            if len(iris) == 1 and stem_of(word) not in self.vocabulary and len(word) > 3
        }

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return self.graph.kinds(self.graph.names.label)

    def read(self, text: str) -> Mentions:
        """What the text names."""
        found = Mentions()
        rest = _WHEN.sub(lambda match: self._dated(match, found), text)
        tokens = re.findall(r"DAY|[^\s,;:!?()\"“”]+", rest)
        at = 0
        while at < len(tokens):
            at += self._take(tokens, at, found)
        return found

    def _dated(self, match: re.Match[str], found: Mentions) -> str:
        span = span_of(match)
        if span is None:
            return match[0]
        lead = " ".join((match["lead"] or "").casefold().split())
        part = match["part"] or ""
        first, last = span
        if "end" in lead or "end" in part.casefold() or "late" in part.casefold():
            first = last
        found.whens.append(
            When(lead.replace("by the end of", "by").replace("at the end of", "on").replace("end of", "on"), first, last)
        )
        return f" {match['lead'] or ''} DAY "

    def _take(self, tokens: list[str], at: int, found: Mentions) -> int:
        """Takes the longest name that begins here, or one word; returns how many words it took."""
        if tokens[at] == "DAY":
            found.words.append("DAY")
            return 1
        for length in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
            run = [re.sub(r"['’]s?$|[.]$", "", token) for token in tokens[at : at + length]]
            iri = self._named(run)
            if iri:
                self._add(iri, found)
                return length
        word = tokens[at]
        near = self._misspelled(word)
        if near:
            self._add(near, found)
            found.taken.append(f"{word} as {self.graph.names.label[near]}")
            return 1
        found.words += words_of(word)
        plain = re.sub(r"['’]s?$|[.]$", "", word)
        if ACRONYM.fullmatch(plain) or (len(plain) > 3 and fold(plain) in self._words and stem_of(plain) not in self.vocabulary):
            found.speaking.append(plain)
        return 1

    def _add(self, iri: str, found: Mentions) -> None:
        if iri not in found.entities:
            found.entities.append(iri)
        found.words.append(f"E{found.entities.index(iri) + 1}")

    def _named(self, run: list[str]) -> str:
        name = " ".join(run)
        if "DAY" in run or not fold(name) or run[0].casefold() in FILLERS or run[-1].casefold() in FILLERS:
            return ""
        small = name == name.casefold()
        # In capitals it is a name all the same.
        if name in NEVER or (len(run) > 1 and run[-1] in LEGAL_FORMS):
            return ""
        if len(run) == 1 and small and (name in COMMON or (stem_of(name) in self.vocabulary and len(name) > 1)):
            return ""
        if len(run) > 1 and run[-1].casefold() in OWNED and self.graph.names.called(" ".join(run[:-1])):
            # The models of a maker are asked for by its name.
            return ""
        called = self.graph.names.called(name)
        if not called and ":" in name:
            from partnergraph.rdf.terms import expand

            iri = expand(name)
            called = [iri] if iri in self.graph.names.label else []
        if not called and len(run) == 1:
            called = [iri for iri in (self._by_last_word.get(fold(name)),) if iri]
        if not called:
            return ""
        rest = [iri for iri in called if self._kinds.get(iri) != "publisher"]
        if not rest and (small or len(run) == 1):
            return ""
        return (rest or called)[0]

    def _misspelled(self, word: str) -> str:
        plain = fold(re.sub(r"['’]s?$", "", word))
        if plain in self._words:
            return self._by_first_word.get(plain, "")
        if len(plain) < 5 or plain in FILLERS or stem_of(plain) in self.vocabulary or plain.isdigit():
            return ""
        near = difflib.get_close_matches(plain, list(self._folded), n=1, cutoff=ALIKE if len(plain) >= SHORT else ALIKE_SHORT)
        return self._folded[near[0]] if near and near[0][0] == plain[0] else ""


def span_of(match: re.Match[str]) -> tuple[str, str] | None:
    """The first and the last day of a date that was typed; None for what is no date."""
    part = match.groupdict()
    if part["iso"]:
        try:
            datetime.date.fromisoformat(part["iso"])
        except ValueError:
            return None
        return part["iso"], part["iso"]
    year = next((int(part[name]) for name in ("year1", "year2", "year3", "year4", "year") if part[name]), 0)
    month = next((MONTHS[part[name].casefold()] for name in ("month1", "month2", "month3") if part[name]), 0)
    day = next((int(part[name]) for name in ("day1", "day2") if part[name]), 0)
    if part["isomonth"]:
        year, month = (int(word) for word in part["isomonth"].split("-"))
    if part["quarter"]:
        first = 3 * int(part["quarter"]) - 2
        return _days(year, first)[0], _days(year, first + 2)[1]
    if month and not 1 <= month <= 12:
        return None
    if not month:
        return f"{year}-01-01", f"{year}-12-31"
    first_day, last_day = _days(year, month)
    if day:
        return (f"{year}-{month:02}-{day:02}",) * 2 if day <= int(last_day[-2:]) else None
    return first_day, last_day


def _days(year: int, month: int) -> tuple[str, str]:
    return f"{year}-{month:02}-01", f"{year}-{month:02}-{calendar.monthrange(year, month)[1]:02}"
