"""What nobody can learn from the graph, since it has no words for it: said in a sentence, with what can be asked instead."""

from __future__ import annotations

import re

_OUTSIDE = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), said)
    for words, said in (
        (
            r"(?:french|german|american|british|chinese|canadian|israeli|japanese|korean|european) (?:company|firm|lab|start-?up)|headquarter\w*|head office|nationality|(?:which|what) country (?:is|does) .+ (?:from|come from|in|based)|where (?:is|are) .+ (?:based|headquartered|located in the world)|^(?:is|are) .+ (?:french|german|american|british|chinese|canadian|israeli|japanese|korean)",
            "in which country a firm sits",
        ),
        (
            r"(?:current|latest|today['’]s) (?:share|stock) price|(?:share|stock) price (?:today|now)|dividends?",
            "what shares cost today",
        ),
        (
            r"salar(?:y|ies)|how much (?:do|does|did) .+ (?:earn|make) (?:a|per) (?:year|month) (?:at|as|working)|pay of (?:staff|employees|engineers)",
            "what people earn",
        ),
        (r"how old (?:is|are)|born|married", "the lives of people"),
        (
            r"(?:water|carbon|co2|emissions?|greenhouse)\b.*(?:use|uses|consum\w*|emit\w*|footprint)|(?:carbon|water) footprint|emissions?",
            "water and emissions",
        ),
        (r"should i (?:buy|sell|invest)|good investment|(?:best|better) stock|worth buying", "what one should buy"),
        (r"legal (?:fees|costs)|lawyers? (?:cost|fees?)", "what lawsuits cost"),
    )
)


def outside(text: str) -> str:
    """What a sentence asks that the graph has no words for; empty for all else.

    >>> outside("Is Mistral a French company?"), outside("Who funds Mistral?")
    ('in which country a firm sits', '')
    """
    return next((said for pattern, said in _OUTSIDE if pattern.search(text)), "")
