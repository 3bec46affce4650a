"""What a sentence names: entities, also misspelled, days and spans of time, and the words that are left."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.content.finding import FILLERS, stem_of
from partnergraph.content.meanings import meanings
from partnergraph.content.phrases import words_of
from partnergraph.rdf.names import LEGAL_FORMS, fold
from partnergraph.reading.idioms import plainly
from partnergraph.reading.whens import WHEN, When, read_when

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
PLURAL = re.compile(r"[A-Z]+[0-9]*[A-Z0-9]s")
MODEL = re.compile(r"[A-Z]{1,4}[0-9]{2,4}|[a-z]{1,3}[0-9]{2,4}")
NAME = re.compile(r"[A-Z][a-z]{2,}")
NEVER = frozenset({"AI", "ai", "IO", "IT", "US"})
FIRMS = frozenset({"company", "research lab", "fund"})
BY_LAST_WORD = frozenset({"person", "data centre", "supercomputer", "cluster"})
# What follows one of these says where something is, and is no name of it.
WITHIN = frozenset({"in", "at", "of", "near", "for"})
PLACES = frozenset({"power plant", "data centre", "supercomputer", "cluster", "programme"})
OWNED = frozenset(["models", "model", "technology", "products", "deal", "stake"])
PAIR = 2
# A name in small letters may be the beginning of a longer one if it has more words than so many.
SURELY_BEGUN = 2
# So much alike is a slip of the finger.
ALIKE, ALIKE_SHORT, SHORT = 0.84, 0.86, 6
# What follows one of these is not wanted.
BUT = ("other than", "apart from", "aside from", "except for", "not counting", "besides", "except", "excluding", "leaving out")
_BUT = re.compile(rf"\b(?:{'|'.join(BUT)})\b", re.IGNORECASE)


@dataclass
class Mentions:
    """What was found: the words with ``E1`` … for names and ``DAY`` for dates, the entities, the dates, what was taken for what, words to look for in the rows, entities that are not wanted, and words that say nothing to anybody here."""

    words: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)
    whens: list[When] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    speaking: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


class Reader:
    """Reads sentences against the names of one graph."""

    def __init__(self, graph: GraphCore, vocabulary: Collection[str], words: Collection[str] = ()) -> None:
        """``vocabulary`` holds the stems of the ``words`` that questions are asked with."""
        self.graph = graph
        self.vocabulary = vocabulary
        self.words = words

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
        return frozenset(fold(word.strip("()")) for name in names for word in name.split())

    @cached_property
    def _by_first_word(self) -> dict[str, str]:
        """Organizations by the first word of their names, where only one is called so: Mistral is Mistral AI."""
        found: dict[str, set[str]] = {}
        for iri, label in self.graph.names.label.items():
            if self._kinds.get(iri) in FIRMS and " " in label and not any(word.islower() for word in label.split()):
                found.setdefault(fold(label.split()[0]), set()).add(iri)
        return {word: next(iter(iris)) for word, iris in found.items() if len(iris) == 1 and len(word) > 3}

    @cached_property
    def _by_last_word(self) -> dict[str, str]:
        """People and places by the last word of their names, people by the first, where only one is called so and it is no word of every day."""
        found: dict[str, set[str]] = {}
        within: set[str] = set()
        for iri, label in self.graph.names.label.items():
            if self._kinds.get(iri) in BY_LAST_WORD and " " in label:
                word = fold(label.split()[-1])
                found.setdefault(word, set()).add(iri)
                if label.split()[-2] in WITHIN:
                    # That another is there, too, makes it a place.
                    within.add(word)
            if self._kinds.get(iri) == "person":
                found.setdefault(fold(label.split()[0]), set()).add(iri)
        return {
            word: next(iter(iris))
            for word, iris in found.items()
            if len(iris) == 1 and word not in within and stem_of(word) not in self.vocabulary and len(word) > 3
        }

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        """Names of organizations in capitals, such as FTC, as people type them: they are names though questions are asked with them."""
        names = (name for iri, name in self.graph.names.names if self._kinds.get(iri) not in ("publisher", "group"))
        return frozenset(name.casefold() for name in names if ACRONYM.fullmatch(name) and name.casefold() not in FILLERS)

    @cached_property
    def _bare(self) -> dict[str, str]:
        """Names without what they say of themselves in brackets, where only one is called so."""
        found: dict[str, set[str]] = {}
        for iri, name in self.graph.names.names:
            if name.endswith(")") and (bare := fold(name.partition(" (")[0])) and self._kinds.get(iri) != "publisher":
                found.setdefault(bare, set()).add(iri)
        return {name: next(iter(iris)) for name, iris in found.items() if len(iris) == 1}

    @cached_property
    def _begun(self) -> dict[str, str]:
        """Places by the first words of a longer name, where only one begins so: Three Mile Island is its Unit 1."""
        found: dict[str, set[str]] = {}
        for iri, name in self.graph.names.names:
            words = name.split()
            if self._kinds.get(iri) in PLACES:
                # Words that are no part of a name begin none: the data centres of a firm are many.
                proper = next((at for at, word in enumerate(words) if word.islower()), len(words))
                for length in range(2, min(len(words), proper + 1)):
                    found.setdefault(fold(" ".join(words[:length])), set()).add(iri)
        return {name: next(iter(iris)) for name, iris in found.items() if len(iris) == 1}

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return self.graph.kinds(self.graph.names.label)

    def read(self, text: str) -> Mentions:
        """What the text names."""
        found = Mentions()
        rest = WHEN.sub(lambda match: self._dated(match, found), plainly(text))
        rest = _BUT.sub(" BUT ", rest)
        tokens = [part for token in re.findall(r"DAY|[^\s,;:!?()\"“”–—/]+", rest) for part in self._pair(token)]
        at = 0
        title = not any(token.islower() and token not in FILLERS for token in tokens)
        while at < len(tokens):
            if at and not title and (length := self._called_otherwise(tokens, at)):
                found.strange.append(" ".join(tokens[at : at + length]))
                at += length
                continue
            at += self._leave(tokens, at, found) if tokens[at] == "BUT" else self._take(tokens, at, found, cased=not title)
        if tokens and not found.entities and self._unknown(tokens[-1]) and tokens[-1] not in " ".join(found.strange):
            # Whoever types in small letters asks about what stands last.
            found.strange.append(tokens[-1])
        return found

    def _pair(self, token: str) -> list[str]:
        """Two names that a hyphen joins, each for itself; any other token as it is."""
        parts = token.split("-")
        both = len(parts) == PAIR and all(self._named([part]) for part in parts)
        return parts if both and not self.graph.names.called(token) else [token]

    def _dated(self, match: re.Match[str], found: Mentions) -> str:
        when = read_when(match)
        if when is None:
            return match[0]
        found.whens.append(when)
        return f" {match['lead'] or ''} DAY "

    def _called_otherwise(self, tokens: list[str], at: int) -> int:
        """Of how many words a name consists that begins here and that nothing has: words that begin with capitals, as in no sentence."""
        run = []
        for token in tokens[at : at + LONGEST_NAME]:
            if not NAME.fullmatch(token) or token in ("DAY", "BUT") or self._named([token]):
                break
            run.append(token)
        return len(run) if run[1:] and not any(self._named(tokens[at : at + size]) for size in range(2, LONGEST_NAME + 1)) else 0

    def _leave(self, tokens: list[str], at: int, found: Mentions) -> int:
        """Takes the name that is not wanted; returns how many words it took."""
        after = Mentions()
        taken = self._take(tokens, at + 1, after) if at + 1 < len(tokens) else 0
        found.without += after.entities
        found.words += [] if after.entities else after.words
        return 1 + taken

    def _take(self, tokens: list[str], at: int, found: Mentions, *, cased: bool = False) -> int:
        """Takes the longest name that begins here, or one word; returns how many words it took."""
        if tokens[at] == "DAY":
            found.words.append("DAY")
            return 1
        for length in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
            run = [*tokens[at : at + length - 1], re.sub(r"['’]s?$|[.]$", "", tokens[at + length - 1])]
            # Several TPUs are called as one is.
            iri = self._named(run) or (self._named([*run[:-1], run[-1][:-1]]) if PLURAL.fullmatch(run[-1]) else "")
            if iri and not self._owned(run, iri):
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
        within = len(plain) > 3 and fold(plain) in self._words
        # In a sentence a capital tells a name, also where questions are asked with the word.
        if ACRONYM.fullmatch(plain) or (
            within and (stem_of(plain) not in self.vocabulary or (at > 0 and cased and plain[0].isupper()))
        ):
            found.speaking.append(plain)
        elif self._strange(plain, first=at == 0):
            found.strange.append(plain)
        return 1

    def _owned(self, run: list[str], iri: str) -> bool:
        """Whether the last words are what the first ones own: the AI of Microsoft is not Microsoft AI."""
        owner = any(re.search(r"['’]s?$", word) for word in run[:-1])
        return owner and not re.search(r"['’]", self.graph.names.label.get(iri, ""))

    def _strange(self, word: str, *, first: bool) -> bool:
        """Whether a word looks like a name, though nothing is called so and no question is asked with it."""
        return bool(MODEL.fullmatch(word)) or (self._unknown(word) and word[0].isupper() and not first)

    def _unknown(self, word: str) -> bool:
        spoken = stem_of(word) in self.vocabulary or stem_of(word) in meanings() or word.casefold() in FILLERS
        return len(word) > 3 and word.isalpha() and word != "DAY" and not spoken and fold(word) not in self._words

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
        if name in NEVER or (small and len(fold(name)) == 1) or (len(run) > 1 and run[-1] in LEGAL_FORMS):
            return ""
        common = stem_of(name) in self.vocabulary and len(name) > 1 and name not in self._acronyms and not self._proper(name)
        if len(run) == 1 and small and (name in COMMON or common):
            return ""
        if len(run) > 1 and run[-1].casefold() in OWNED and self.graph.names.called(" ".join(run[:-1])):
            # The models of a maker are asked for by its name.
            return ""
        called = self.graph.names.called(name) or (self.graph.names.called(f"the {name}") if len(run) > 1 else [])
        if not called and ":" in name:
            from partnergraph.rdf.terms import expand

            iri = expand(name)
            called = [iri] if iri in self.graph.names.label else []
        if not called:
            near = self._by_last_word if len(run) == 1 else self._bare
            begun = not small or len(run) > SURELY_BEGUN
            called = [iri for iri in (near.get(fold(name)) or (begun and self._begun.get(fold(name))),) if iri]
        if not called:
            return ""
        rest = [iri for iri in called if self._kinds.get(iri) != "publisher"]
        if not rest and (len(run) == 1 or (small and len(run) < 3)) and not self._party(called[0], name):
            return ""
        return (rest or called)[0]

    def _proper(self, name: str) -> bool:
        """Whether a word names a country, or a firm whose name no question has, though it has words of that stem: apple, as apply is."""
        kinds = {self._kinds.get(iri, "") for iri in self.graph.names.called(name)}
        firm = name.casefold() not in self.words and not kinds.isdisjoint(("company", "research lab"))
        return name.casefold() not in COMMON and (firm or "country" in kinds)

    def _party(self, iri: str, name: str) -> bool:
        """Whether a publisher that is called by capitals, such as NYT, takes part in anything, and is no source alone."""
        return bool(ACRONYM.fullmatch(name)) and len(self.graph.project("card", entity=ox.NamedNode(iri)).rows) > 0

    def _misspelled(self, word: str) -> str:
        plain = fold(re.sub(r"['’]s?$", "", word))
        if plain in self._words:
            # A word that questions are asked with is no name.
            return "" if stem_of(plain) in self.vocabulary else self._by_first_word.get(plain, "")
        if len(plain) < 5 or plain in FILLERS or stem_of(plain) in self.vocabulary or plain.isdigit():
            return ""
        near = difflib.get_close_matches(plain, list(self._folded), n=1, cutoff=ALIKE if len(plain) >= SHORT else ALIKE_SHORT)
        if near and near[0][0] == plain[0]:
            return self._folded[near[0]]
        # Two letters that changed places are the commonest slip of all.
        turned = (plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :] for at in range(len(plain) - 1))
        return next((self._folded[name] for name in turned if name in self._folded), "")
