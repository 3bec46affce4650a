"""In which form a sentence wants its answer, beside the rows: how many, who most often, the newest, when."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What is counted by its claims or by the things that these name; how many chips or users there are is a figure.
_COUNT = re.compile(
    r"\b(?:how many|(?:total |the )?number of|count of)\b(?= (?:[\w.'’-]+ ){0,3}?(?:law ?suits?|suits|cases|deals|acquisitions|takeovers|purchases|investments|rounds|reviews|"
    r"investigations|probes|contracts|partnerships|launches|claims|agreements|loans|times|licen[cs]es|rulings|fines|disputes|compan(?:y|ies)|firms|start-?ups|models|chips|"
    r"people|executives|data ?cent(?:re|er)s|regulators|authorities|courts|publishers|newspapers|sites|apps|applications)\b)",
    re.IGNORECASE,
)
_ROLES = re.compile(
    r"\b(?:how many|number of)(?: (?:different|other|AI|big|known))* (?P<role>investor|customer|supplier|partner|competitor|lender|claimant|provider|licensee|grantor|holder)s\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:who|what|which [\w -]+?|whom)\b.*\b(?:the )?most(?: often| frequently| times| active| (?!recent|of|likely|about|in|expensive|valuable)\w+s)?\b(?! recent| of | likely| expensive| valuable| money)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(?:spen[dt]s?|pa(?:y|ys|id)|invest(?:s|ed)?|rais(?:e|es|ed)|earn\w*|cost|money|capital|fund(?:s|ed)?|lend|lent)\b",
    re.IGNORECASE,
)
_BIG = re.compile(r"\bhow (?:big|large)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|gets?|got)\b(?: \w+){0,2}? \w+(?:ed|ght)\b", re.IGNORECASE)
_NEWEST = re.compile(
    r"\b(?:newest|latest|most recent(?:ly)?|last(?= (?:law ?suit|deal|round|acquisition|investment|launch|model|takeover|purchase|loan|review)))\b(?! (?:releases? of the|version of the|content|corrections?))",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:since )?when\b.*\b(?:no longer|not any ?more|stop(?:ped)?|cease[ds]?)\b|^\W*when did\b.*\b(?:end|expire)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^\W*(?:(?:on )?(?:what|which) (?:day|date|year|month)|when) (?:did|was|were|has|had)\b(?!.*\b(?:end|ended|expire|stop|over|last|lose|lost)\b)",
    re.IGNORECASE,
)
# What people ask for in these words that no row says.
_UNSAID = re.compile(
    r"\b(?:average|mean|median|ratio|per (?:employee|capita|head|user|share)|correlat\w+|fastest|slowest|faster|slower|multiple of|times as (?:much|many)"
    r"|(?<=owned )\w+ (?:before|after) (?-i:[A-Z])\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Form:
    """What is wanted beside the rows."""

    count: bool = False
    # In which role those stand who are counted, such as investor.
    role: str = ""
    most: bool = False
    passive: bool = False
    newest: bool = False
    # Whether the most money is meant, and how big a thing is.
    richest: bool = False
    big: bool = False
    when: bool = False
    # Since when something is so no longer.
    ended: bool = False
    unsaid: str = ""


def form_in(text: str) -> Form:
    """The form that a sentence asks for.

    >>> form_in("how many firms did Google buy").count, form_in("who bought most startups").most, form_in("who invested most").most
    (True, True, False)
    """
    unsaid = _UNSAID.search(text)
    role = _ROLES.search(text)
    return Form(
        bool(_COUNT.search(text) or role),
        role["role"].casefold() if role else "",
        bool(_MOST.search(text)) and not _MONEY.search(text),
        bool(_PASSIVE.search(text)),
        bool(_NEWEST.search(text)),
        bool(_MOST.search(text)) and bool(_MONEY.search(text)),
        bool(_BIG.search(text)),
        bool(_WHEN.search(text)),
        bool(_ENDED.search(text)),
        unsaid[0] if unsaid else "",
    )
