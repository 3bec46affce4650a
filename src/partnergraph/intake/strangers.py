"""Names that nobody knows yet, where somebody stands who acts or is acted on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from partnergraph.intake.dates import MONTHS
from partnergraph.intake.drafts import slug
from partnergraph.intake.mentions import LISTED, WEEKDAYS, Mention
from partnergraph.rdf.names import Names, fold, without_legal_form
from partnergraph.rdf.terms import PREFIXES

_NAME = r"(?P<name>(?:[A-Z]|\d+[A-Z])[\w&.:-]*\w(?:\s(?:of|de|du|&)(?=\s[A-Z])|\s[A-Z][\w&.-]*\w)*)"
_DOES = r"(?:has|have|had|is|are|was|were|will|would|agreed|signed|said|plans|[a-z]+(?:ed|es|s|iert)|sold|bought|brought|lent|led|sued|left|won|paid|became)\b"
# Whoever stands first in a sentence acts, where a verb follows.
_ACTS = re.compile(
    rf"^(?:(?:In|On|At|By|Since|After|Before|Earlier|Later|Last|This|A|Meanwhile|Separately)\b[\w ’'-]{{0,40}}(?:\d,\s\d{{4}})?,\s|In\s[\w ,]{{3,20}}?\s|(?:The|Die|Der|Das)\s(?=[A-Z]\w+\s[A-Z]))?{_NAME}(?:['’]s)?\.?(?:\sand\s[A-Z]\w+)?(?:,\s[^,;.]{{3,140}},)?\s(?:today\s|also\s|now\s|reportedly\s|recently\s)?(?={_DOES})"
)
_AND_NAME = re.compile(rf"(?:,|,?\s(?:and|und|et))\s(?:the\s)?(?=\S+\s[A-Z]){_NAME}")
# What only a firm or a person does.
_FIRMLY = re.compile(
    r"\.?(?:,\s(?:the|an?|which|who|founded|backed|based)\s[^,;.]{3,140},)?\s(?:today\s|also\s|now\s|reportedly\s|recently\s)?(?:has\s|have\s|also\s)?(?:said|revealed|brought|raised|signed|closed|acquired|bought|sued|hired|agreed|announced|secured|invested|leased|launched|borrowed|ordered|purchased|won|raises|buys|signs|acquires|received|picked)\b"
)
_ACTED_ON = re.compile(
    r"\b(?:from|with|by|to|against|(?:takeover|purchase|acquisition|tenant|customer|supplier|subsidiary|client) of|(?:bid|loan|offer) for|(?:stake|shares|invest\w*) in"
    r"|acquir(?:es?|ed|ing)|buy(?:s|ing)?|bought|su(?:es?|ed|ing)|hir(?:es?|ed|ing)|appoint(?:s|ed)?|joins?|joined|lends?|lent|backs|backed|led by|named|said(?=\s[A-Z]\w+\s[A-Z]\w+(?:,|\swill|\shas|\swould)))\s"
    rf"(?:the\s|its\s|rival\s|start-?up\s|(?:[a-z-]+\s){{0,3}}(?:maker|firm|company|group|operator|provider|developer|utility|start-?up)\s)?{_NAME}"
)
# Words with a capital at such places that name nobody who acts.
_NO_NAMES = frozenset(
    map(
        fold,
        re.findall(
            r"\w+",
            "The This That These Those It He She They We In On At For By With And But As If When While After Before Last "
            "Next Series Chapter Article Section Table Africa America Asia Europe Britain Texas California London Paris "
            "Berlin North South East West CEO CFO CTO AI GPU GPUs American British Canadian Chinese Dutch Emirati European "
            "French German Indian Israeli Italian Japanese Korean Norwegian Saudi Spanish Swedish Swiss Taiwanese",
        ),
    )
)


def strangers(names: Names, text: str, found: Iterable[Mention]) -> list[Mention]:
    """Names that no entity of the graph bears: first of all in a sentence, behind a word such as *from*, or in a list with one of these."""
    text = LISTED.sub(lambda match: " " * len(match[0]), text)
    taken = [(mention.start, mention.start + len(mention.words)) for mention in found]
    made = []
    for pattern in (_ACTS, _ACTED_ON):
        for match in pattern.finditer(text):
            start, end = match.span("name")
            if pattern is _ACTS and not re.search(r"\s|\w[A-Z\d]|[^s]$", match["name"]):
                # Any word has a capital there, and many do something in the plural.
                continue
            if pattern is _ACTS and not re.search(r"\s|\w[A-Z\d]", match["name"]) and not _FIRMLY.match(text, end):
                continue
            if not any(first < end and start < last for first, last in taken) and _is_stranger(names, match["name"]):
                taken.append((start, end))
                made.append(Mention(f"{PREFIXES['ent']}{slug(without_legal_form(match['name']))}", match["name"], start, new=True))
    for one in made:
        # Who stands in a list with somebody is somebody, too; what is made here is gone through as well.
        listed = _AND_NAME.match(text, one.start + len(one.words))
        if (
            listed
            and not any(first < listed.end() and listed.start("name") < last for first, last in taken)
            and _is_stranger(names, listed["name"])
        ):
            made.append(
                Mention(
                    f"{PREFIXES['ent']}{slug(without_legal_form(listed['name']))}", listed["name"], listed.start("name"), new=True
                )
            )
    return sorted(made, key=lambda one: one.start)


def _is_stranger(names: Names, said: str) -> bool:
    """Whether it may be the name of somebody new: long enough, without days, months and words that only stand with a capital, and not borne."""
    words = [fold(word) for word in said.split()]
    return len(said) > 2 and words[0] not in _NO_NAMES and not {*words} & (WEEKDAYS | MONTHS.keys()) and said not in names
