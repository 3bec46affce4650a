"""Phrases in which people ask, and how near what somebody typed comes to them: by words, their meaning and what stands beside names."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from partnergraph.content.finding import ANALYSES, FILLERS, stem_of
from partnergraph.content.meanings import features, is_name, meanings
from partnergraph.content.phrasings import PHRASES
from partnergraph.content.places import placed
from partnergraph.content.queries import Query

# A keyword says so much less than a phrase that somebody would use.
KEYWORD = 0.3
# Who uses the very name of a question means it rather.
NAMED = 1.1
# A word that more targets have than so many is one to ask with.
FEW_TARGETS = 3
# In a phrase a day stands under one of these names.
DAYS = frozenset({"day", "from", "until", "year"})


@dataclass(frozen=True)
class Phrase:
    """One way to ask for something: what it is for, its words with ``E1``, ``E2`` and ``DAY`` for names and days, and what these are called."""

    target: str
    words: tuple[str, ...]
    slots: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, with signs within them."""
    return re.findall(r"[^\W_]+(?:[.+#'’-][^\W_]+)*", text.casefold())


def read_phrase(target: str, text: str) -> Phrase:
    """The phrase of a header, such as ``who funds {entity}``."""
    words: list[str] = []
    slots: list[str] = []
    days: list[str] = []
    for piece in re.split(r"(\{\w+\})", text):
        name = piece.strip("{}")
        if not piece.startswith("{"):
            words += words_of(piece)
        elif name in DAYS:
            days.append(name)
            words.append("DAY")
        elif name != "text":
            slots.append(name)
            words.append(f"E{len(slots)}")
    return Phrase(target, tuple(words), tuple(slots), tuple(days))


def columns_of(text: str) -> str:
    """What stands in the columns of a query, in words.

    >>> columns_of("SELECT DISTINCT ?claim ?legalTest WHERE {")
    'claim legal Test'
    """
    names = re.findall(r"[?](\w+)", text.partition("SELECT")[2].partition("WHERE")[0])
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in names)


@dataclass
class Phrasebook:
    """All phrases of the questions and commands, weighed: what few of them have tells more than what many have."""

    questions: Iterable[Query]
    phrases: list[Phrase] = field(default_factory=list)
    # Words under which people look for a target, and what stands in its columns: they are no phrases, and speak of it all the same.
    keywords: list[Phrase] = field(default_factory=list)

    def __post_init__(self) -> None:
        for query in self.questions:
            told = [text.strip() for text in query.header.get("phrases", "").split("|") if text.strip()]
            self.phrases += [read_phrase(query.name, text) for text in [query.title, *told, query.name.replace("-", " ")]]
            self.keywords += [Phrase(query.name, (word,)) for word in words_of(" ".join((*query.keywords, columns_of(query.text))))]
        for name, told_ in PHRASES.items():
            self.phrases += [read_phrase(name, text) for text in told_]
        for name, (title, keywords) in ANALYSES.items():
            self.phrases.append(read_phrase(name, title))
            self.keywords += [Phrase(name, (word,)) for word in words_of(keywords)]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of all words that phrases have."""
        return frozenset(map(stem_of, self.words)) | meanings().keys()

    @cached_property
    def words(self) -> frozenset[str]:
        """All words that phrases have."""
        return frozenset(word for phrase in self.phrases for word in phrase.words)

    @cached_property
    def _features(self) -> list[Mapping[str, float]]:
        """The features of each phrase."""
        return [features(phrase.words) for phrase in self.phrases]

    @cached_property
    def _counts(self) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
        """Of each feature how many phrases of each target have it, and how many keywords."""
        counts: tuple[dict[str, Counter[str]], dict[str, Counter[str]]] = ({}, {})
        for phrase, told in zip(self.phrases, self._features, strict=True):
            for name in told:
                counts[0].setdefault(name, Counter())[phrase.target] += 1
        for phrase in dict.fromkeys(self.keywords):
            for name in features(phrase.words):
                counts[1].setdefault(name, Counter())[phrase.target] += 1
        return counts

    @cached_property
    def rarity(self) -> dict[str, float]:
        """How much each feature tells, by the number of targets that have it."""
        number = len({phrase.target for phrase in self.phrases})
        phrases, keywords = self._counts
        # What no phrase has is as telling as the keywords that have it are few.
        return {name: math.log(1 + number / len(of)) for name, of in (keywords | phrases).items()}

    @cached_property
    def _having(self) -> dict[str, dict[str, float]]:
        """Of each feature the targets that have it, and how surely it belongs to them: one phrase may have it by chance."""
        phrases, keywords = self._counts
        found: dict[str, dict[str, float]] = {}
        for name in phrases.keys() | keywords.keys():
            often, also = phrases.get(name, Counter()), keywords.get(name, Counter())
            found[name] = {
                target: 1 - math.exp(-2 * (often[target] + KEYWORD * also[target])) for target in often.keys() | also.keys()
            }
        return found

    def _covered(self, asked: Mapping[str, float]) -> dict[str, float]:
        """Which part of what was asked the phrases of each target have together, from 0 to 1."""
        found: dict[str, float] = {}
        total = sum(asked.values()) or 1.0
        for name, weight in asked.items():
            for target, sure in self._having.get(name, {}).items():
                found[target] = found.get(target, 0.0) + weight * sure / total
        return found

    def tells(self, words: Sequence[str]) -> bool:
        """Whether any of the words stands in a phrase or is a keyword: names, days and what nobody here says choose nothing."""
        return any(name in self._having for name in features(words) if name[0] in "wmd")

    def unasked(self, target: str, words: Sequence[str]) -> list[str]:
        """Words that no phrase of the target has, and hardly any of another: they can only be about the rows."""
        found = []
        for word in words:
            told = [name for name in features([word]) if name[0] in "wm"]
            having = [self._having.get(name, {}) for name in told]
            if told and not any(target in of for of in having) and all(len(of) <= FEW_TARGETS for of in having):
                found.append(word)
        return list(dict.fromkeys(found))

    def asks_with(self, target: str, words: Sequence[str]) -> bool:
        """Whether a phrase of the target has one of the words that tell."""
        told = [stem_of(word) for word in words]
        return any(stem in self._asked_with.get(target, ()) for stem in told if stem not in FILLERS)

    @cached_property
    def _asked_with(self) -> dict[str, set[str]]:
        """The stems of the words in the phrases of each target."""
        found: dict[str, set[str]] = {}
        for phrase in self.phrases:
            found.setdefault(phrase.target, set()).update(map(stem_of, phrase.words))
        return found

    def speaks_of(self, target: str, words: Sequence[str]) -> bool:
        """Whether any word that says something stands in a phrase of the target, or in those of none: names alone choose nothing."""
        told = [name for name in features(words) if name[0] in "wm" and name in self._having]
        return not told or any(target in self._having.get(name, {}) for name in told)

    def _named(self, words: Sequence[str]) -> dict[str, float]:
        """The targets whose own name, of one word, is among the words, with how much more likely they are."""
        stems = {stem_of(word) for word in words}
        return {target: NAMED for target, stem in self._stems.items() if stem in stems}

    @cached_property
    def _stems(self) -> dict[str, str]:
        """The stems of the names that are one word."""
        return {phrase.target: stem_of(phrase.target) for phrase in self.phrases if "-" not in phrase.target}

    @cached_property
    def _places(self) -> frozenset[tuple[str, ...]]:
        """The places of names that phrases have."""
        return frozenset(phrase.slots for phrase in self.phrases)

    @cached_property
    def _weighed(self) -> tuple[list[float], dict[str, list[tuple[int, float]]]]:
        """How much each phrase weighs, and of each feature the phrases that have it, with its weight there."""
        sizes: list[float] = []
        having: dict[str, list[tuple[int, float]]] = {}
        for number, told in enumerate(self._features):
            weights = self._weigh(told)
            sizes.append(sum(weights.values()))
            for name, weight in weights.items():
                having.setdefault(name, []).append((number, weight))
        return sizes, having

    def _common(self, asked: Mapping[str, float]) -> list[float]:
        """How much each phrase has in common with what was asked."""
        sizes, having = self._weighed
        found = [0.0] * len(sizes)
        for name, wanted in asked.items():
            for number, weight in having.get(name, ()):
                found[number] += min(wanted, weight)
        return found

    def weigh(self, words: Sequence[str]) -> dict[str, float]:
        """The features of the words with their weights; what no phrase has says little."""
        return self._weigh(features(words))

    def _weigh(self, told: Mapping[str, float]) -> dict[str, float]:
        rarity = self.rarity
        return {name: weight * rarity.get(name, 1.0 if name[0] == "w" else 0.3) for name, weight in told.items()}

    def nearest(self, words: Sequence[str], sorts: Sequence[str] = ()) -> list[tuple[float, Phrase]]:
        """The best phrase of each target with how near it comes, from 0 to 1, the nearest first.

        ``sorts`` says of which sort each name is: nobody funds a site, and no firm is released.
        """
        asked = self.weigh(words)
        total = sum(asked.values())
        names = sum(map(is_name, words))
        covered = self._covered(asked)
        # A name too many may narrow an answer; one too few leaves it open.
        factors = {
            slots: (0.93 ** max(0, names - len(slots)) * 0.88 ** max(0, len(slots) - names), placed(slots, sorts)[0])
            for slots in self._places
        }
        named = self._named(words)
        best: dict[str, tuple[float, Phrase]] = {}
        for phrase, size, common in zip(self.phrases, self._weighed[0], self._common(asked), strict=True):
            score = 2 * common / (total + size) if total + size else 0.0
            fewer, fitting = factors[phrase.slots]
            # Nobody asks in just one of our phrases: what all of a target have counts as much as the nearest.
            score = (score * fewer + covered.get(phrase.target, 0.0)) / 2 * fitting * named.get(phrase.target, 1.0)
            known = best.get(phrase.target)
            if score > (known[0] if known else 0.0):
                best[phrase.target] = (score, phrase)
        return sorted(best.values(), key=lambda found: (-found[0], found[1].target))
