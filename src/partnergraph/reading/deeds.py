"""Whether somebody did something: who, what, and towards whom, in a sentence such as ``did Italy ban ChatGPT``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnergraph.reading.bodies import bodies_of, country_in
from partnergraph.reading.idioms import plainly
from partnergraph.reading.sorts import sort_of

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.reading.mentions import Mentions, Reader
    from partnergraph.reading.whens import When

ACTS = "acts-of-authorities"
# Sentences that ask for more than yes or no.
_ASKS = re.compile(
    r"^\W*(?:(?:since |until )?when |why |how |so |and )?(?:(?:did|has|have|had|does|do|is|are|was|were|will|would|can|could)\b)?\s*(?:it |there )?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"^\W*(?:who|whom|whose|what|which|where|how (?:much|many)|list|show|give|find|all|any|every|is there|are there)\b",
    re.IGNORECASE,
)
# A fine is a thing, and no deed of whoever stands behind it.
_NOUN = re.compile(
    r"\bfines? (?:by|of|against|from|for|on|in)\b|\b(?:an?|the|any|biggest|largest|highest|all|every|record) fines?\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|got|get)\b", re.IGNORECASE)
_ANY = re.compile(
    r"^\s*(?:any|some|an?|the|other)?\s*(?:regulators?|authorit(?:y|ies)|courts?|governments?|countr(?:y|ies)|agenc(?:y|ies)|watchdogs?|states?|body|bodies|anybody|anyone|somebody)\s*$",
    re.IGNORECASE,
)
# What somebody is kept from.
_FROM = re.compile(r"\b(?:from \w+ing|to (?:buy|acquire|sell|merge with|invest in|use|export)) (?:(?! by ).)+", re.IGNORECASE)
_BY = re.compile(r"^(?:\s+\w+){0,2}?\s+(?:by|in)\s+(?P<who>.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of deed: the words for it, how it is said, which question has it, in which columns who and whom stand, and what its rows speak of."""

    said: str
    verbs: str
    target: str
    actor: str
    whom: str
    told: str = ""
    # What firms do, too, and not authorities alone.
    anybody: str = ""
    # Kinds of claims that come near it.
    near: tuple[str, ...] = ()


STOPPED = "banned or stopped"
KINDS = (
    Kind(
        STOPPED,
        r"ban(?:s|ned|ning)?|block(?:s|ed|ing)?|prohibit(?:s|ed|ing)?|forbid(?:s|den|ding)?|forbade|outlaw(?:s|ed)?|suspend(?:s|ed)?|halt(?:s|ed)?|stop(?:s|ped)?|prevent(?:s|ed)?|keep|keeps|kept|restrict(?:s|ed)?|limit(?:s|ed)?|blacklist(?:s|ed)?",
        ACTS,
        "authority",
        "about",
        r"bann?(?:ed|s)?\b|block|prohibit|forb[ai]d|outlaw|suspen|halt|stopp?|restrict|limit|blacklist|barr?(?:ed|s)\b|undo|unw[io]und|revers|call(?:ed)? off|prevent|may not|must not|label",
        r"bann?(?:ed|s)?|block(?:ed|s)?|prohibit(?:ed|s)?|forbid(?:s|den)?|forbade|outlaw(?:ed|s)?|blacklist(?:ed|s)?",
    ),
    Kind(
        "fined",
        r"fine[ds]?|penali[sz]e[ds]?|sanction(?:s|ed)?",
        ACTS,
        "authority",
        "about",
        r"fine[ds]?\b|penal|sanction",
        anybody=r".+",
    ),
    Kind(
        "cleared",
        r"clear(?:s|ed)?|approve[ds]?|waved? through|allow(?:s|ed)?|permit(?:s|ted)?",
        ACTS,
        "authority",
        "about",
        r"clear|approv|allow|permit|not (?:reviewable|notifiable|opposed?)|no (?:objection|lasting|in-depth)|close[ds]?\b|unconditional",
    ),
    Kind(
        "examined",
        r"investigate[ds]?|probe[ds]?|examine[ds]?|review(?:s|ed)?|look(?:s|ed)? into|raid(?:s|ed)?|inspect(?:s|ed)?|subpoena(?:s|ed)?",
        ACTS,
        "authority",
        "about",
    ),
    Kind(
        "won or lost against",
        r"(?:won|win|wins|prevail(?:s|ed)?|beat|beats|beaten|defeat(?:s|ed)?|lost|lose|loses)(?: (?:its|his|her|their|the|a) (?:case|suit|lawsuit|trial|claim|fight)s?)?(?: in court)? (?:against|to)",
        "lawsuits",
        "claimant",
        "defendant",
        r"won\b|wins?\b|settle|dismiss|ruled|held|lost|upheld|award|verdict|reject|judg|jury|found|drop",
        anybody=r".+",
    ),
    Kind(
        "settled with",
        r"(?:settle[ds]?|reach(?:ed)? an? settlement)(?: (?:its|their|the) (?:case|suit|lawsuit|dispute))? with",
        "lawsuits",
        "claimant",
        "defendant",
        r"settle",
        anybody=r".+",
    ),
    Kind("sued", r"sue[ds]?|suing", "lawsuits", "claimant", "defendant", anybody=r"sue[ds]?|suing"),
    Kind(
        "bought or tried to buy",
        r"(?:(?:close|complete|finish|agree (?:to|on)|announce|sign|abandon|cancel|drop|offer to|try to|want to)[ds]? )?(?:(?:the|its|his|their|a) )?(?:buy|buys|bought|acquire[ds]?|purchase[ds]?(?: of)?|acquisition of|take ?over of|bid for|swallow(?:s|ed)?)",
        "acquisitions",
        "acquirer",
        "acquiree",
        anybody=r"buy|buys|bought|acquire[ds]?|purchase[ds]?|swallow(?:s|ed)?",
        near=("acquisition", "ownership", "investment", "share sale", "warrant"),
    ),
)


@dataclass(frozen=True)
class Doer:
    """Who is said to have done it: firms and bodies, the country whose bodies they are, and whether anybody is named at all."""

    actors: tuple[str, ...]
    country: str
    named: bool
    # Whether it is said to be an authority, whichever.
    official: bool = False
    # Whether it is said that nobody ever did.
    never: bool = False


@dataclass(frozen=True)
class Deed:
    """What is asked: the kind, who is said to have done it (a country by its authorities), towards whom, and how one would say it."""

    kind: Kind
    who: str
    actors: tuple[str, ...]
    objects: tuple[str, ...]
    strange: tuple[str, ...]
    said: str
    whens: tuple[When, ...] = ()


def deed_in(graph: GraphCore, reader: Reader, text: str) -> Deed | None:
    """The deed that a sentence asks about; None where it asks for something else."""
    text = plainly(text).strip(" ?!.")
    if _OTHER.search(text) or _NOUN.search(text):
        return None
    found = [(match.start(), kind, match) for kind in KINDS if (match := re.search(rf"\b(?:{kind.verbs})\b", text, re.IGNORECASE))]
    if not found:
        return None
    _, kind, verb = min(found, key=lambda one: one[0])
    before, after = text[: verb.start()], text[verb.end() :]
    who, whom = _ASKS.sub("", before, count=1), after
    # "Is X banned in Y" turns the two round.
    by = _BY.match(after)
    if _PASSIVE.search(before):
        from_ = _FROM.search(after)
        who, whom = (
            (by["who"] if by else ""),
            re.sub(r"\b(?:been|being|ever|never|still)\b", "", who) + (f" {from_[0]}" if from_ else ""),
        )
    never = bool(re.search(r"\bnever\b", before, re.IGNORECASE))
    # Whoever says by whom asks for no other than such a body.
    official = bool(_ANY.match(who))
    who = _ANY.sub("", who)
    whens = reader.read(text).whens
    actor = reader.read(who)
    objects = reader.read(whom)
    if not (objects.entities or objects.strange):
        # A name of three letters is no slip for any other.
        objects.strange += re.findall(r"\b[A-Z]\w+", whom) or (
            re.findall(r"^\s*(\w+)\s*$", whom) if kind.target == "acquisitions" else []
        )
    country = country_in(re.sub(r"\s+(?:ever|also|really|actually|already)\s*$", "", who)) if who.strip() else ""
    actors = bodies_of(graph, country) if country else actor.entities
    if not _meant(graph, kind, verb[0], Doer(tuple(actors), country, bool(who.strip()), official, never), objects):
        return None
    names = [_said(graph, iri) for iri in objects.entities] + list(objects.strange)
    named = _with_article(country) or " or ".join(_said(graph, iri) for iri in actors) or "anybody"
    return Deed(
        kind,
        named,
        tuple(actors),
        tuple(objects.entities),
        tuple(objects.strange),
        f"{named} {kind.said} {' and '.join(names)}",
        tuple(whens),
    )


def _said(graph: GraphCore, iri: str) -> str:
    """The name of somebody within a sentence."""
    name = graph.names.label.get(iri, iri)
    return f"the {name}" if sort_of(graph, iri) == "Authority" and " " in name else name


def _with_article(country: str) -> str:
    return (
        f"the {country}"
        if country in ("US", "USA", "UK", "EU", "UAE", "Netherlands", "United States", "United Kingdom")
        else country
    )


def _meant(graph: GraphCore, kind: Kind, verb: str, doer: Doer, objects: Mentions) -> bool:
    """Whether the words make a deed: somebody who can have done it, and somebody or something it was done to."""
    if not (objects.entities or objects.strange) or (doer.named and not doer.actors and not doer.country):
        return False
    if kind.target == ACTS:
        if not doer.named:
            # That a firm may not buy another is no doing of the firm.
            return bool(objects.entities[1:] and kind.said == STOPPED) or bool(
                kind.anybody and re.fullmatch(kind.anybody, verb, re.IGNORECASE)
            )
        official = doer.country or all(sort_of(graph, iri) in ("Authority", "Country") for iri in doer.actors)
        return bool(official or (kind.anybody and re.fullmatch(kind.anybody, verb, re.IGNORECASE)))
    if kind.target != "acquisitions":
        return doer.named or doer.never
    # Who buys the chips of a firm does not buy the firm.
    things = {word for word in objects.words if not re.fullmatch(r"E\d+|DAY|the|\w{1,2}", word)}
    firms = all(sort_of(graph, iri) == "Organization" for iri in objects.entities)
    return doer.named and firms and not things - {one.casefold() for one in objects.strange}
