"""Phrases in which people ask, and how near what somebody typed comes to them: by words, their meaning and what stands beside names."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import permutations

from partnergraph.content.finding import ANALYSES, FILLERS, stem_of
from partnergraph.content.phrasings import PHRASES
from partnergraph.content.queries import Query

# A keyword says so much less than a phrase that somebody would use.
KEYWORD = 0.3
# Words that say when or how surely, and hardly ever which question is meant.
LIGHT = frozenset(
    "after before during since while still now today currently ever actually really just also already yet please exactly "
    "roughly ago later nowadays recently finally even".split()
)
# In a phrase a day stands under one of these names.
DAYS = frozenset({"day", "from", "until", "year"})
# Words that mean the same to whoever asks; the first names the group.
_MEANINGS = (
    "fund invest finance bankroll back place placed wire wired outlay taken collect collected gather gathered rake receive received bet bets money raise capital investor backer funder financier funding stake-in cash backing",
    "pay paid spend spent give gave given transfer hand pour sink sunk shell fork cost put",
    "largest greatest chief main principal biggest leading most top main big huge greatest",
    "total cumulative altogether overall sum combined all-in",
    "make made build built develop created creator creators maker invent invented produce",
    "stop stopped stops stopping lose lost longer ended losing leaves withdraw withdraws withdrew quits cease ceased",
    "public ipo listing listed float flotation listings",
    "terms conditions clauses clause",
    "say says said claim claims state states quote",
    "trust reliable reliability trustworthy believe credible",
    "broken broke fell cancelled canceled collapse collapsed abandoned scrapped apart axed dropped failed",
    "before previously formerly former",
    "now currently today still",
    "change changed changes amend amended amendment renegotiate renegotiated revised",
    "use uses used using built-on based",
    "may can allowed permitted allow entitled forbidden banned",
    "terms-public redacted confidential disclosed",
    "own slice piece portion hold shareholder equity stake ownership owner share possess percent percentage",
    "rival compete competitor competition competing opponent adversary challenger",
    "partner partnership ally alliance collaborate cooperate collaboration team teamed work",
    "cloud clouds servers compute computing server hosting host infrastructure datacenter run runs capacity",
    "chip hardware gpu gpus tpu tpus processor accelerator silicon semiconductor",
    "sue sued sues suing suit suits lawsuit litigation court trial case legal",
    "review investigate probe antitrust regulator scrutiny inquiry investigation examine",
    "valuation worth value valued valuable price",
    "exclusive exclusively exclusivity sole only monopoly locked",
    "launch release released unveil introduce debut ship out",
    "buy bought acquires swallow swallowed takeovers acquire acquisition bought takeover merger purchase merge swallow acquired",
    "control governs board govern charge power governance",
    "revenue sales turnover earn income earnings arr",
    "loss lose losing losses burn burning unprofitable",
    "end ends ending expires expired lapses expire lapse terminate over stop ended expiry",
    "licence license licensed licenses licences licensing ip intellectual rights",
    "debt loan borrow lend credit bond lender lent owe",
    "leave left quit fired depart resign departure ousted sacked",
    "ceo cfo cto coo chairman chair president director boss head chief leader executive",
    "electricity energy power nuclear",
    "contradict disagree contested dispute conflict disputed conflicting disagreement contradictory contradiction differ",
    "number numbers figure figures amount amounts",
    "rumour leak leaks leaked rumor rumoured rumored gossip unconfirmed",
    "source evidence reliable trust proof sourced",
    "circular loop circle roundtrip round trip",
    "timeline chronology history happen happened events",
    "connect connection connected link linked path chain tie ties related relationship relation",
    "fail fails failed failing failure bankruptcy bankrupt bust default defaulted collapse gone disappear break breaks crash insolvent down",
    "model models llm weights network",
    "user users customers-of audience",
    "train trained training",
    "criticism concern critics worry worries worried criticise fear",
    "predict predicted prognosis outlook expected expects forecasts prediction forecast expect",
    "retire retired deprecated discontinued shutdown shut sunset",
    "unknown secret hidden undisclosed missing gap gaps uncertain unclear",
    "late missed overdue behind delayed deadline deadlines delay",
    "newspaper newspapers publisher publishers media press news articles journalism",
    "customer customers client clients buyer buyers",
    "supplier suppliers vendor vendors provider providers supply supplies supplied deliver delivers",
    "country countries abroad china export exports",
    "succeed ancestor ancestors descendant descendants forerunner successor replace replaced replaces predecessor followed",
    "person people who staff employees",
    "site sites data-centre campus facility facilities",
    "commit committed promise promised commitment obligation pledge pledged",
)


@cache
def meanings() -> dict[str, str]:
    """The stem of each word of a group to the first word of its group."""
    found: dict[str, str] = {}
    for line in _MEANINGS:
        first, *_ = words = line.split()
        for word in words:
            found.setdefault(stem_of(word), first)
    return found


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
    def rarity(self) -> dict[str, float]:
        """How much each feature tells, by the number of targets that have it."""
        targets = {phrase.target for phrase in self.phrases}
        found: dict[str, float] = {}
        # What no phrase has is as telling as the keywords that have it are few.
        for phrases in (self.keywords, self.phrases):
            having: dict[str, set[str]] = {}
            for phrase in phrases:
                for name in features(phrase.words):
                    having.setdefault(name, set()).add(phrase.target)
            found |= {name: math.log(1 + len(targets) / len(of)) for name, of in having.items()}
        return found

    @cached_property
    def _having(self) -> dict[str, dict[str, float]]:
        """Of each feature the targets that have it, and how surely it belongs to them: one phrase may have it by chance."""
        counts: dict[str, Counter[str]] = {}
        for phrases, weight in ((self.phrases, 1.0), (self.keywords, KEYWORD)):
            for phrase in phrases:
                for name in features(phrase.words):
                    of = counts.setdefault(name, Counter())
                    of[phrase.target] += weight  # type: ignore[assignment]  # parts of one
        return {name: {target: 1 - math.exp(-2 * n) for target, n in counted.items()} for name, counted in counts.items()}

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

    def speaks_of(self, target: str, words: Sequence[str]) -> bool:
        """Whether any word that says something stands in a phrase of the target, or in those of none: names alone choose nothing."""
        told = [name for name in features(words) if name[0] in "wm" and name in self._having]
        return not told or any(target in self._having.get(name, {}) for name in told)

    @cached_property
    def _places(self) -> frozenset[tuple[str, ...]]:
        """The places of names that phrases have."""
        return frozenset(phrase.slots for phrase in self.phrases)

    @cached_property
    def _weighed(self) -> tuple[list[float], dict[str, list[tuple[int, float]]]]:
        """How much each phrase weighs, and of each feature the phrases that have it, with its weight there."""
        sizes: list[float] = []
        having: dict[str, list[tuple[int, float]]] = {}
        for number, phrase in enumerate(self.phrases):
            weights = self.weigh(phrase.words)
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
        return {
            name: weight * self.rarity.get(name, 1.0 if name.startswith("w:") else 0.3) for name, weight in features(words).items()
        }

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
        best: dict[str, tuple[float, Phrase]] = {}
        for phrase, size, common in zip(self.phrases, self._weighed[0], self._common(asked), strict=True):
            score = 2 * common / (total + size) if total + size else 0.0
            fewer, fitting = factors[phrase.slots]
            # Nobody asks in just one of our phrases: what all of a target have counts as much as the nearest.
            score = (score * fewer + covered.get(phrase.target, 0.0)) / 2 * fitting
            known = best.get(phrase.target)
            if score > (known[0] if known else 0.0):
                best[phrase.target] = (score, phrase)
        return sorted(best.values(), key=lambda found: (-found[0], found[1].target))


# What stands in a place of this name; in any other stands an organization, or whatever there is.
PRODUCTS = frozenset({"product", "model", "retired", "evaluated", "whole"})
PLACES = frozenset({"site", "plant", "builder"})
ONLY = {"destination": "Country", "authority": "Authority", "part": "MarketSegment"}
ANYTHING = frozenset(
    {
        "entity",
        "x",
        "a",
        "b",
        "about",
        "one",
        "other",
        "segment",
        "rival",
        "member",
        "reviewed",
        "house",
        "source",
        "claim",
        "of",
    }
)
PEOPLE = frozenset({"investor", "acquirer", "defendant", "payer", "buyer", "owner", "pursuer", "launcher", "payee"})
UNFIT = 0.6


def placed(slots: Sequence[str], sorts: Sequence[str]) -> tuple[float, tuple[int, ...]]:
    """How well the sorts of the names fit the places of a phrase, as a factor, and which name stands in each of them.

    Names stand as they were typed, unless in another order they fit better: nothing is inside a firm, whichever is named first.
    """
    size = min(len(slots), len(sorts))
    orders = permutations(range(len(sorts)), size) if len(sorts) <= MOST_ORDERED else [tuple(range(size))]
    return max(((_fitting(slots, [sorts[number] for number in order]), order) for order in orders), key=lambda one: one[0])


MOST_ORDERED = 4


def _fitting(slots: Sequence[str], sorts: Sequence[str]) -> float:
    factor = 1.0
    for slot, sort in zip(slots, sorts, strict=False):
        factor *= fitting(slot, sort)
    return factor


def fitting(slot: str, sort: str) -> float:
    """How well what is of a sort stands in a place of that name: 1 if it may, less if hardly."""
    if slot in ONLY:
        return 1.0 if sort == ONLY[slot] else UNFIT
    sort = "Organization" if sort == "Authority" else sort
    if slot in PRODUCTS:
        return UNFIT if sort in ("Organization", "Person", "Country") else 1.0
    if slot in PLACES:
        return UNFIT if sort == "Person" or (slot != "builder" and sort == "Organization") else 1.0
    if slot in ANYTHING or sort in ("Organization", "") or (sort in ("Person", "Country") and slot in PEOPLE):
        return 1.0
    return UNFIT


def features(words: Sequence[str]) -> Mapping[str, float]:
    """What words tell: themselves, what they mean, what stands beside a name, and which two follow each other."""
    found: dict[str, float] = {}
    stems = [word if is_name(word) or word == "DAY" else meant(word) for word in words]
    for number, word in enumerate(words):
        before = stems[number - 1] if number else "^"
        if word == "DAY":
            found["d:"] = 0.4
            continue
        if is_name(word):
            after = stems[number + 1] if number + 1 < len(words) else "$"
            found[f"b:{before} {word}"] = 0.35
            found[f"a:{word} {after}"] = 0.35
            continue
        if word in LIGHT:
            found[f"f:{word}"] = 0.3
            continue
        stem = stem_of(word)
        found[f"f:{word}" if word in FILLERS else f"w:{stem}"] = 0.3 if word in FILLERS else 0.7
        if stem in meanings():
            found[f"m:{stems[number]}"] = 1.1
        if before != "DAY":
            found[f"2:{before} {stems[number]}"] = 0.2
    return found


def is_name(word: str) -> bool:
    """Whether a word stands for a name, such as ``E1``."""
    return word[0] == "E" and word[1:].isdigit()


def meant(word: str) -> str:
    """The name of the group that a word belongs to, or its own stem."""
    stem = stem_of(word)
    return meanings().get(stem, stem)
